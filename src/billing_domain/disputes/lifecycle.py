"""Opening a case and moving it on; each step gives a new value with a longer history."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import attrs

from billing_domain.disputes.claims import Claim, DisputedLine, Evidence
from billing_domain.disputes.model import Dispute, DisputeKind, DisputeState, Escalation, Step
from billing_domain.disputes.protocols import Cases
from billing_domain.disputes.regimes import Calendar, DisputeRegime, claim_until
from billing_domain.doors import door
from billing_domain.errors import DuplicateIdError, ExceedsLimitError, InvalidTypeError, InvalidValueError, OutOfOrderError, RefusedError
from billing_domain.instants import elapsed, utc
from billing_domain.invoicing import BilledLine, EntryKind, History, LineRef
from billing_domain.invoicing.credits import entry_of
from billing_domain.invoicing.lowering import Lowering, largest_credit
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, exact
from billing_domain.periods import checked_instant, local_day
from billing_domain.reasons import Reason

_MOVES: dict[DisputeState, frozenset[DisputeState]] = {
    DisputeState.SUBMITTED: frozenset(
        {DisputeState.ACKNOWLEDGED, DisputeState.INVESTIGATING, DisputeState.WITHDRAWN, DisputeState.INELIGIBLE}
    ),
    DisputeState.ACKNOWLEDGED: frozenset({DisputeState.INVESTIGATING, DisputeState.WITHDRAWN, DisputeState.INELIGIBLE}),
    DisputeState.INVESTIGATING: frozenset({DisputeState.AWAITING_CUSTOMER, DisputeState.AWAITING_THIRD_PARTY, DisputeState.WITHDRAWN}),
    DisputeState.AWAITING_CUSTOMER: frozenset({DisputeState.INVESTIGATING, DisputeState.WITHDRAWN}),
    DisputeState.AWAITING_THIRD_PARTY: frozenset({DisputeState.INVESTIGATING, DisputeState.WITHDRAWN}),
    DisputeState.RESOLVED: frozenset({DisputeState.CLOSED}),
    DisputeState.CLOSED: frozenset(),
    DisputeState.WITHDRAWN: frozenset(),
    DisputeState.INELIGIBLE: frozenset(),
}
_ASSESSING = Reason("claim")
REOPEN_WITHIN = timedelta(days=30)
"""How long a decided case may be reopened without new evidence."""


def submit(
    cases: Cases,
    claims: Sequence[Claim],
    *,
    id: str,  # noqa: A002  the public name
    regime: DisputeRegime,
    at: datetime,
    actor: str,
    kind: DisputeKind | None = None,
    text: str = "",
    calendar: Calendar | None = None,
) -> Dispute:
    """Return a new case; from the moment the snapshot knows it, the unpaid part of what is claimed is held.

    Args:
        cases: The account's documents and earlier cases.
        claims: What is claimed; a claim without an amount is about all that is left of its line.
        id: The host's id.
        regime: The rules that hold.
        at: When the company had it.
        actor: Who opened it.
        kind: What sort of case it is; a dispute where something is claimed, else an inquiry.
        text: What the customer said.
        calendar: Business days and cycles, for the time in which a claim is possible; without it that time is not checked.

    Raises:
        DuplicateIdError: Another case has the id, or a line stands twice in this one.
        ExceedsLimitError: More is claimed than what is left of a line less other open claims.
        RefusedError: The regime does not hold on that day, the time to claim is over, or the line was decided before.
        UnknownReferenceError: A line is not on an invoice of this account.
    """
    zone = cases.account.zone
    day = local_day(checked_instant(at, "the instant of a dispute"), zone)
    if any(known.id == id for known in cases.disputes):
        raise DuplicateIdError(id, "one id names one dispute", "give another id")
    if not isinstance(regime, DisputeRegime):
        raise InvalidTypeError(regime, "the regime of a dispute is a DisputeRegime", 'take one by presets.regime("lt-consumer")')
    if not regime.holds(day):
        raise RefusedError(regime.code, f"the regime is not in force on {day}", "choose the one that is")
    with exact():
        history = History(cases)
        lines = [_fixed(claim, cases, history) for claim in checked_claims(claims)]
    _once([line.ref for line in lines])
    for line in lines:
        _in_time(line, history, regime, day, calendar)
    sort = kind or (DisputeKind.DISPUTE if lines else DisputeKind.INQUIRY)
    return Dispute(id, cases.account.id, sort, regime, zone, lines, (Step(at, actor, DisputeState.SUBMITTED, text),), text=text)


def checked_claims(claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims, in a list.

    Raises:
        InvalidTypeError: A single claim, or something else.
    """
    if isinstance(claims, Claim):
        raise InvalidTypeError(claims, "claims of a dispute are a list", "write [claim]")
    found = list(claims)
    for claim in found:
        if not isinstance(claim, Claim):
            raise InvalidTypeError(claim, "a dispute is about Claims", "give Claim(invoice.part(line), reason=...)")
    return found


def _once(refs: Sequence[LineRef]) -> None:
    doubled = {ref for ref in refs if refs.count(ref) > 1}
    if doubled:
        ref = min(doubled)
        raise DuplicateIdError(f"line {ref.line} of {ref.invoice}", "a line stands once in a dispute", "add the amounts up")


def _in_time(line: DisputedLine, history: History, regime: DisputeRegime, day: date, calendar: Calendar | None) -> None:
    if calendar is None:
        return
    until = claim_until(regime, history.by_number[line.ref.invoice].on, calendar)
    if until is not None and day > until:
        raise RefusedError(
            f"line {line.ref.line} of {line.ref.invoice}", f"it could be disputed until {until}", "handle it as goodwill, or explain it"
        )


def _fixed(claim: Claim, cases: Cases, history: History) -> DisputedLine:
    billed = history.line(claim.part.ref)
    _not_decided(claim, cases)
    other = _claimed_elsewhere(claim.part.ref, cases)
    most = _credit_net(billed, Lowering(history.left(billed)), history)
    free = CONTEXT.subtract(most[0], other)
    wanted = _wanted(claim, billed, history, free)
    if wanted > free or wanted <= 0:
        raise ExceedsLimitError(
            wanted,
            f"line {billed.line.number} of {billed.invoice.number} has {free} net that is neither credited nor claimed",
            "claim no more than that",
        )
    net, tax = _credit_net(billed, largest_credit(billed, wanted, history, gross=False), history)
    return DisputedLine(billed.ref, claim.reason, net, tax, billed.line.currency, claim.details, claim.evidence)


def _wanted(claim: Claim, billed: BilledLine, history: History, free: Decimal) -> Decimal:
    part = claim.part
    if part.net_amount is not None:
        return part.net_amount
    if part.gross_amount is not None:
        return _credit_net(billed, largest_credit(billed, part.gross_amount, history, gross=True), history)[0]
    return free


def _credit_net(billed: BilledLine, lowering: Lowering, history: History) -> tuple[Decimal, Decimal]:
    """Return net and tax of a credit, without making it."""
    if lowering.amount <= 0:
        return ZERO, ZERO
    entry = entry_of(billed, lowering, EntryKind.CORRECTION, _ASSESSING, history)
    return entry.net_amount, entry.tax_amount


def _claimed_elsewhere(ref: LineRef, cases: Cases) -> Decimal:
    return add_up(line.net_amount for dispute in cases.disputes for line in dispute.claimed if line.ref == ref)


def _not_decided(claim: Claim, cases: Cases) -> None:
    """Refuse what was decided before, unless new evidence comes with it."""
    for dispute in cases.disputes:
        decided = dispute.state in {DisputeState.RESOLVED, DisputeState.CLOSED}
        same = decided and any(line.ref == claim.part.ref and line.reason is claim.reason for line in dispute.lines)
        if same and _evidence_of(dispute).issuperset(claim.evidence):
            raise RefusedError(
                f"line {claim.part.line.number} of {claim.part.invoice.number}",
                f"dispute {dispute.id} decided this",
                "bring new evidence, or reopen that dispute",
            )


@door
def move(dispute: Dispute, state: DisputeState, *, at: datetime, actor: str, note: str = "", evidence: Iterable[Evidence] = ()) -> Dispute:
    """Return the case in another state; deciding it is `settle`'s, and a reopened one goes through `reopen`.

    Args:
        dispute: The case.
        state: Where it stands from then.
        at: When.
        actor: Who moved it.
        note: Why.
        evidence: What came in with it, such as what the customer was asked for.

    Raises:
        RefusedError: The state can not follow the one it is in.
        OutOfOrderError: The instant lies before the last step.
    """
    if state not in _MOVES[dispute.state]:
        known = ", ".join(sorted(possible.value for possible in _MOVES[dispute.state])) or "nothing"
        raise RefusedError(state.value, f"after {dispute.state.value} comes {known}", "settle it with rulings, or reopen it")
    return with_step(dispute, Step(at, actor, state, note, dispute.escalation, evidence=evidence))


def with_step(dispute: Dispute, step: Step) -> Dispute:
    """Return the case with one more step in its history.

    Raises:
        OutOfOrderError: The instant lies before the last step.
    """
    if utc(step.at) < utc(dispute.steps[-1].at):
        raise OutOfOrderError(
            step.at.isoformat(), f"the last step of {dispute.id} was at {dispute.steps[-1].at.isoformat()}", "history is only appended to"
        )
    return attrs.evolve(dispute, steps=(*dispute.steps, step))


@door
def withdraw(dispute: Dispute, *, at: datetime, actor: str, note: str = "") -> Dispute:
    """Return the case taken back by the customer: every balance is as if it had not been opened."""
    return move(dispute, DisputeState.WITHDRAWN, at=at, actor=actor, note=note)


@door
def escalate(dispute: Dispute, to: Escalation, *, at: datetime, actor: str, note: str) -> Dispute:
    """Return the case with somebody else looking at it; its state does not change.

    Raises:
        InvalidValueError: No reason is given.
    """
    if not note.strip():
        raise InvalidValueError(dispute.id, "an escalation says why", "give the reason")
    return with_step(dispute, Step(at, actor, dispute.state, note, to))


@door
def reopen(
    dispute: Dispute, *, at: datetime, actor: str, note: str, evidence: Iterable[Evidence] = (), within: timedelta = REOPEN_WITHIN
) -> Dispute:
    """Return a decided case under investigation again: with new evidence, or within thirty days.

    What a credit note gave back stays given, and the earlier decision stays in the history; the rest of what was claimed is claimed again.

    Args:
        dispute: A case that was decided.
        at: When.
        actor: Who reopens it.
        note: Why.
        evidence: What is new; a piece that the case has already is not.
        within: For how long after the decision none is needed.

    Raises:
        RefusedError: The case is not decided, nothing of it is left, or it is too late without new evidence.
    """
    new = [piece for piece in evidence if piece not in _evidence_of(dispute)]
    if dispute.state not in {DisputeState.RESOLVED, DisputeState.CLOSED}:
        raise RefusedError(dispute.id, f"a case that is {dispute.state.value} is not reopened", "move it on instead")
    if not new and dispute.ended_at is not None and elapsed(dispute.ended_at, at) > within:
        raise RefusedError(
            dispute.id, f"without new evidence a case is reopened within {within.days} days of its decision", "bring new evidence"
        )
    if dispute.lines and dispute.pay_by is None:
        raise RefusedError(dispute.id, "everything that was claimed was approved or given", "open another dispute")
    return with_step(dispute, Step(at, actor, DisputeState.INVESTIGATING, note, dispute.escalation, evidence=new))


def _evidence_of(dispute: Dispute) -> set[Evidence]:
    """Return what was brought, and what decisions rest on."""
    brought = {piece for line in dispute.lines for piece in line.evidence} | {piece for step in dispute.steps for piece in step.evidence}
    return brought | {piece for ruled in dispute.rulings for piece in ruled.evidence}
