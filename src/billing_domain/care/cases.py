"""Opening a case for a caller who has proved who he is."""

from collections.abc import Sequence
from datetime import datetime

from billing_domain.care.identity import Action, VerifiedCaller
from billing_domain.disputes import Calendar, Cases, Claim, Dispute, DisputeKind, DisputeRegime, submit


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
        AccessError: The caller is of another account, of too low a level, out of scope, or expired.
        ExceedsLimitError: More is claimed than what is left of a line less other open claims.
    """
    caller.require(Action.OPEN_DISPUTE, account_id=snapshot.account.id, at=at)
    actor = "customer" if caller.acting_for is None else caller.acting_for.holder
    return submit(snapshot, claims, id=id, regime=regime, at=at, actor=actor, kind=kind, text=text, calendar=calendar)
