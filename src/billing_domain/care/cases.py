"""Opening, taking back and reopening a case for a caller who has proved who he is."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from billing_domain.care.identity import Action, VerifiedCaller
from billing_domain.disputes import Calendar, Cases, Claim, Dispute, DisputeKind, DisputeRegime, Evidence, reopen, submit, withdraw
from billing_domain.doors import door
from billing_domain.money import money
from billing_domain.money.amounts import add_up


@door
def open_dispute(
    snapshot: Cases,
    claims: Sequence[Claim],
    *,
    id: str,  # noqa: A002  the public name
    regime: DisputeRegime,
    caller: VerifiedCaller,
    at: datetime,
    kind: DisputeKind | None = None,
    text: str = "",
    calendar: Calendar | None = None,
) -> Dispute:
    """Return a new case of a verified caller; once the snapshot knows it, the unpaid part of what is claimed is held.

    Args:
        snapshot: The account's documents and earlier cases.
        claims: What is claimed; empty for an inquiry or a complaint.
        id: The host's id.
        regime: The rules that hold.
        caller: Who asks; the account, the level and the expiry are checked.
        at: Now.
        kind: What sort of case it is.
        text: What the customer said.
        calendar: Business days and cycles, for the time in which a claim is possible.

    Raises:
        AccessError: The caller is of another account, of too low a level, out of scope, expired, or a representative
            who may not claim so much.
        ExceedsLimitError: More is claimed than what is left of a line less other open claims.
    """
    caller.require(Action.OPEN_DISPUTE, account_id=snapshot.account.id, at=at)
    case = submit(snapshot, claims, id=id, regime=regime, at=at, actor=caller.name, kind=kind, text=text, calendar=calendar)
    worth = add_up(line.gross_amount for line in case.lines)
    caller.require(Action.OPEN_DISPUTE, account_id=snapshot.account.id, at=at, worth=money(worth, snapshot.account.currency))
    return case


@door
def withdraw_dispute(dispute: Dispute, *, caller: VerifiedCaller, at: datetime, note: str = "") -> Dispute:
    """Return the case as the customer takes it back; nothing of it is held from then on.

    Args:
        dispute: An undecided case.
        caller: Who asks; the account, the level and the expiry are checked.
        at: Now.
        note: Why.

    Raises:
        AccessError: The caller is of another account, of too low a level, out of scope, or expired.
        RefusedError: The case is decided.
    """
    caller.require(Action.OPEN_DISPUTE, account_id=dispute.account_id, at=at)
    return withdraw(dispute, at=at, actor=caller.name, note=note)


@door
def reopen_dispute(dispute: Dispute, *, caller: VerifiedCaller, at: datetime, note: str, evidence: Iterable[Evidence] = ()) -> Dispute:
    """Return a decided case as the customer reopens it: with new evidence, or within thirty days.

    Args:
        dispute: A decided case.
        caller: Who asks; the account, the level and the expiry are checked.
        at: Now.
        note: Why.
        evidence: What is new.

    Raises:
        AccessError: The caller is of another account, of too low a level, out of scope, or expired.
        RefusedError: The case is not decided, nothing of it is left, or it is too late without new evidence.
    """
    caller.require(Action.OPEN_DISPUTE, account_id=dispute.account_id, at=at)
    return reopen(dispute, at=at, actor=caller.name, note=note, evidence=evidence)
