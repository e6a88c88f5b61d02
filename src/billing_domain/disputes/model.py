"""Cases about lines of issued invoices: what happened, what was decided, and what came of it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs

from billing_domain.disputes.claims import DisputedLine, Evidence, pieces_of_evidence
from billing_domain.disputes.regimes import DisputeRegime
from billing_domain.disputes.rulings import RuledLine
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money.amounts import add_up
from billing_domain.periods import checked_instant, local_day


class DisputeKind(Enum):
    """What sort of case it is."""

    INQUIRY = "inquiry"
    """The customer asks for an explanation."""
    COMPLAINT = "complaint"
    """The customer is not content; no amount has to be in question."""
    DISPUTE = "dispute"
    """The customer says that an amount is not owed."""


class DisputeState(Enum):
    """Where a case stands; the words of TM Forum's trouble ticket (TMF621) are beside."""

    SUBMITTED = "submitted"
    """Received (acknowledged in TMF621 once confirmed)."""
    ACKNOWLEDGED = "acknowledged"
    """The customer knows that it was received (acknowledged)."""
    INVESTIGATING = "investigating"
    """Somebody works on it (inProgress)."""
    AWAITING_CUSTOMER = "awaiting-customer"
    """The customer was asked for something (pending)."""
    AWAITING_THIRD_PARTY = "awaiting-third-party"
    """Somebody else was asked for something (held)."""
    RESOLVED = "resolved"
    """Decided (resolved)."""
    CLOSED = "closed"
    """Decided and accepted, or the time to object is over (closed)."""
    WITHDRAWN = "withdrawn"
    """Taken back by the customer (cancelled)."""
    INELIGIBLE = "ineligible"
    """Out of time, a duplicate, or not of a party (rejected)."""


class Escalation(Enum):
    """Who looks at a case."""

    NONE = "none"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"
    OMBUDSMAN = "ombudsman"
    COURT = "court"


class DisputeOutcome(Enum):
    """What came of a case; derived from amounts, never typed in."""

    OPEN = "open"
    UPHELD = "upheld"
    """All that was claimed was approved."""
    PARTIALLY_UPHELD = "partially-upheld"
    """Some of it was approved."""
    REJECTED = "rejected"
    """Nothing was approved."""
    GOODWILL = "goodwill"
    """Nothing was approved, but something was given."""
    EXPLAINED = "explained"
    """Nothing was claimed; the question was answered."""
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"


def _ruled(values: Iterable[RuledLine]) -> tuple[RuledLine, ...]:
    return tuple(values)


@attrs.frozen
class Step:
    """One thing that happened to a case.

    Args:
        at: When.
        actor: Who did it.
        state: Where the case stands from then.
        note: Why.
        escalation: Who looks at it from then.
        rulings: What was decided by it.
        evidence: What came in with it.
    """

    at: datetime
    actor: str
    state: DisputeState
    note: str = ""
    escalation: Escalation = Escalation.NONE
    rulings: tuple[RuledLine, ...] = attrs.field(converter=_ruled, default=())
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())

    def __attrs_post_init__(self) -> None:
        checked_instant(self.at, "the instant of a step")


def _lines(values: Iterable[DisputedLine]) -> tuple[DisputedLine, ...]:
    return tuple(values)


def _steps(values: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(values)


OPEN_STATES = frozenset(
    {
        DisputeState.SUBMITTED,
        DisputeState.ACKNOWLEDGED,
        DisputeState.INVESTIGATING,
        DisputeState.AWAITING_CUSTOMER,
        DisputeState.AWAITING_THIRD_PARTY,
    }
)
"""States in which what is claimed is held."""


class Round(NamedTuple):
    """One stretch in which a case is undecided: from opening or reopening it until it is decided, taken back or refused.

    Args:
        lines: What is claimed in it: what was claimed at first, less what earlier rounds approved and gave.
        steps: What happened in it, the step that ended it included.
    """

    lines: tuple[DisputedLine, ...]
    steps: tuple[Step, ...]

    @property
    def opened_at(self) -> datetime:
        """When it began."""
        return self.steps[0].at

    @property
    def ended_at(self) -> datetime | None:
        """When it ended; None while it has not."""
        last = self.steps[-1]
        return None if last.state in OPEN_STATES else last.at

    @property
    def rulings(self) -> tuple[RuledLine, ...]:
        """What was decided at its end."""
        return self.steps[-1].rulings


class Stretch(NamedTuple):
    """Days on which amounts of a case are not chased.

    Args:
        lines: What is not chased.
        since: The first day.
        until: The first day on which it is over; None while that is not known.
        grace: Whether it is decided that the amounts are owed.
    """

    lines: tuple[DisputedLine, ...]
    since: date
    until: date | None
    grace: bool = False


@attrs.frozen
class Dispute:
    """One case with its append-only history: no step changes or drops what an earlier one says.

    Args:
        id: The host's id.
        account_id: Whose case it is.
        kind: What sort of case it is.
        regime: The rules that hold for it.
        zone: The account's zone, in which its days are counted.
        lines: What was claimed when it was opened; empty for an inquiry or complaint without an amount.
        steps: What happened, oldest first; the first one opened it.
        text: What the customer said.
    """

    id: str
    account_id: str
    kind: DisputeKind
    regime: DisputeRegime
    zone: ZoneInfo
    lines: tuple[DisputedLine, ...] = attrs.field(converter=_lines)
    steps: tuple[Step, ...] = attrs.field(converter=_steps)
    text: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a dispute")
        checked_id(self.account_id, "an account")
        if not isinstance(self.regime, DisputeRegime):
            raise InvalidTypeError(self.regime, "the regime of a dispute is a DisputeRegime", 'take one by presets.regime("lt-consumer")')
        if not isinstance(self.kind, DisputeKind):
            raise InvalidTypeError(self.kind, "the kind of a dispute is a DisputeKind", "give DisputeKind.COMPLAINT or another member")
        if not self.steps:
            raise InvalidValueError(self.id, "a dispute has at least the step that opened it", "open it with submit(...)")
        if self.kind is DisputeKind.DISPUTE and not self.lines:
            raise InvalidValueError(self.id, "a dispute claims at least one line", "open an inquiry or a complaint instead")

    @property
    def state(self) -> DisputeState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def escalation(self) -> Escalation:
        """Who looks at it."""
        return self.steps[-1].escalation

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.steps[0].at

    @property
    def opened_on(self) -> date:
        """The day on which it was opened, in the account's zone."""
        return local_day(self.opened_at, self.zone)

    @property
    def is_open(self) -> bool:
        """Whether it is undecided."""
        return self.state in OPEN_STATES

    @property
    def rulings(self) -> tuple[RuledLine, ...]:
        """What was decided, all rounds together, the oldest first."""
        return tuple(ruled for step in self.steps for ruled in step.rulings)

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The stretches in which it was undecided; one, and one more for each time it was reopened."""
        found: list[Round] = []
        for step in self.steps:
            if not found or (step.state in OPEN_STATES and found[-1].ended_at is not None):
                found.append(Round(self._claimed_after(found), (step,)))
            elif found[-1].ended_at is None:  # a step after the end, such as closing, belongs to no round
                found[-1] = found[-1]._replace(steps=(*found[-1].steps, step))
        return tuple(found)

    def _claimed_after(self, rounds: Sequence[Round]) -> tuple[DisputedLine, ...]:
        given = [ruled for earlier in rounds for ruled in earlier.rulings]
        rest = (line.less(add_up(ruled.given_amount for ruled in given if ruled.ref == line.ref)) for line in self.lines)
        return tuple(line for line in rest if line is not None)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The days on which what is claimed was held, and those of grace after each decision."""
        found: list[Stretch] = []
        rounds = self.rounds
        for place, stretch in enumerate(rounds, 1):
            since, until = self._day(stretch.opened_at), None if stretch.ended_at is None else self._day(stretch.ended_at)
            found.append(Stretch(stretch.lines, since, until))
            if until is not None and stretch.steps[-1].state is DisputeState.RESOLVED:
                over = until + timedelta(days=self.regime.grace_days + 1)
                end = over if place == len(rounds) else min(over, self._day(rounds[place].opened_at))
                found.append(Stretch(self._claimed_after(rounds[:place]), until, end, grace=True))
        return tuple(found)

    def _day(self, at: datetime) -> date:
        return local_day(at, self.zone)

    @property
    def claimed(self) -> tuple[DisputedLine, ...]:
        """What is claimed now; nothing once it is decided, taken back or refused."""
        return self.rounds[-1].lines if self.is_open else ()

    @property
    def ended_at(self) -> datetime | None:
        """When it was decided, taken back or refused, closing it later apart; None while it is open."""
        return self.rounds[-1].ended_at

    @property
    def ended_on(self) -> date | None:
        """The day on which it was decided, taken back or refused; None while it is open."""
        return None if self.ended_at is None else local_day(self.ended_at, self.zone)

    @property
    def pay_by(self) -> date | None:
        """The last day on which the customer may pay what a decision left owed; None while there is no such decision.

        It is the day of the decision and the regime's days of grace. Until then nothing of it is chased, and no late fee accrues on it.
        """
        decided = self.state in {DisputeState.RESOLVED, DisputeState.CLOSED} and self._claimed_after(self.rounds)
        return self.ended_on + timedelta(days=self.regime.grace_days) if decided and self.ended_on is not None else None

    @property
    def outcome(self) -> DisputeOutcome:
        """What came of it, derived from the amounts."""
        if self.is_open:
            return DisputeOutcome.OPEN
        if self.state is DisputeState.WITHDRAWN and not self.rulings:
            return DisputeOutcome.WITHDRAWN
        if self.state is DisputeState.INELIGIBLE and not self.rulings:
            return DisputeOutcome.INELIGIBLE
        return _decided(self)


def _decided(dispute: Dispute) -> DisputeOutcome:
    if not dispute.lines:
        return DisputeOutcome.EXPLAINED
    claimed = add_up(line.net_amount for line in dispute.lines)
    approved = add_up(ruled.approved_amount for ruled in dispute.rulings)
    if approved == claimed:
        return DisputeOutcome.UPHELD
    if approved:
        return DisputeOutcome.PARTIALLY_UPHELD
    given = any(ruled.goodwill_amount for ruled in dispute.rulings)
    return DisputeOutcome.GOODWILL if given else DisputeOutcome.REJECTED
