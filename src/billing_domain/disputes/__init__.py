"""Cases about lines: claims, regimes with their clocks, and settlements."""

from billing_domain.disputes.claims import Claim, DisputedLine, DisputeReason, Evidence, EvidenceKind
from billing_domain.disputes.clocks import breaches, deadlines_of, paused_days
from billing_domain.disputes.lifecycle import escalate, move, reopen, submit, withdraw
from billing_domain.disputes.model import (
    Dispute,
    DisputeKind,
    DisputeOutcome,
    DisputeState,
    Escalation,
    Round,
    Step,
)
from billing_domain.disputes.protocols import Cases
from billing_domain.disputes.regimes import (
    Calendar,
    Clock,
    ClockKind,
    ClockStart,
    ClockUnit,
    Deadline,
    DisputeRegime,
    Roll,
    claim_until,
    deadlines,
)
from billing_domain.disputes.rulings import RuledLine, Ruling
from billing_domain.disputes.settlement import Settlement, settle

__all__ = [
    "Calendar",
    "Cases",
    "Claim",
    "Clock",
    "ClockKind",
    "ClockStart",
    "ClockUnit",
    "Deadline",
    "Dispute",
    "DisputeKind",
    "DisputeOutcome",
    "DisputeReason",
    "DisputeRegime",
    "DisputeState",
    "DisputedLine",
    "Escalation",
    "Evidence",
    "EvidenceKind",
    "Roll",
    "Round",
    "RuledLine",
    "Ruling",
    "Settlement",
    "Step",
    "breaches",
    "claim_until",
    "deadlines",
    "deadlines_of",
    "escalate",
    "move",
    "paused_days",
    "reopen",
    "settle",
    "submit",
    "withdraw",
]
