"""What came of an exposure, read off all that is known of the account."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from billing_domain.billing import AccountSnapshot
from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, OutOfOrderError, RefusedError
from billing_domain.invoicing import CreditEntry, Share
from billing_domain.money.amounts import add_up
from billing_domain.periods import checked_day, local_day
from billing_domain.retention.model import NO_TIME, Exposure, Flow, Leaving, Outcome
from billing_domain.retention.offers import OfferRecord
from billing_domain.subscriptions import PlanChanged


@door
def observe(
    record: OfferRecord | Exposure,
    snapshot: AccountSnapshot,
    *,
    through: date,
    leaving: Leaving = Leaving.VOLUNTARY,
    counts: Mapping[str, int] | None = None,
) -> Outcome:
    """Return what came of an exposure, up to the end of a day.

    A unit has left once all its subscriptions have ended, on the day of the last end. Revenue is what was invoiced after
    discounts and without tax, less credits; the cost is what grants of the record's policy took off, as the prices are stated.
    Documents count on the day of issue.

    Args:
        record: What was done, with its time zero.
        snapshot: All that is known of the account by then.
        through: The last day of follow-up.
        leaving: How the unit left, if it did; the host knows whether it was cut off or moved.
        counts: How often things happened that a snapshot does not hold, such as complaints or disputes.

    Raises:
        InvalidValueError: The snapshot is of another account.
        RefusedError: The account has no subscription, so nobody can stay or leave.
        OutOfOrderError: Follow-up ends before time zero, or the unit had left by then.
    """
    done = record.exposure if isinstance(record, OfferRecord) else record
    if snapshot.account.id != done.unit:
        raise InvalidValueError(snapshot.account.id, f"the record is of unit {done.unit}", "give the snapshot of the same account")
    zero = local_day(done.at, snapshot.account.zone)
    end = checked_day(through, "the last day of follow-up") + timedelta(days=1)
    gone = _left_on(snapshot)
    if end <= zero or (gone is not None and gone <= zero):
        raise OutOfOrderError(gone or through, f"the unit is followed from {zero} on", "leave out units that had left before time zero")
    left = gone is not None and gone < end
    stop = gone if gone is not None and left else end
    return Outcome(
        exposure=done,
        followed=stop - zero,
        left=leaving if left else None,
        currency=snapshot.account.currency,
        flows=_flows(snapshot, zero, end, _policy(done)),
        counts={"plan-changes": _plan_changes(snapshot, zero, end), **(counts or {})},
        discount_for=_discount_for(snapshot, zero, _policy(done)),
    )


def _left_on(snapshot: AccountSnapshot) -> date | None:
    """Return the day on which the last subscription ended; none where one goes on."""
    if not snapshot.subscriptions:
        raise RefusedError(snapshot.account.id, "an account without subscriptions can neither stay nor leave", "add its subscriptions")
    ends = [subscription.ends_on for subscription in snapshot.subscriptions]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _policy(done: Exposure) -> str:
    """Return the policy as grants name it; empty where the exposure was no offer."""
    return f"{done.policy}@{done.version}" if done.policy else ""


def _grants(snapshot: AccountSnapshot, policy: str) -> frozenset[str]:
    return frozenset(grant.id for grant in snapshot.grants if grant.policy == policy)


def _discount_for(snapshot: AccountSnapshot, zero: date, policy: str) -> timedelta:
    """Return how long after time zero grants of the policy run; a grant without end is a price and waits for nothing."""
    ends = [grant.end for grant in snapshot.grants if grant.policy == policy and grant.end is not None]
    return max((end - zero for end in ends if end > zero), default=NO_TIME)


def _plan_changes(snapshot: AccountSnapshot, zero: date, end: date) -> int:
    changes = (change for subscription in snapshot.subscriptions for change in subscription.changes)
    return sum(isinstance(change, PlanChanged) and zero <= change.on < end for change in changes)


def _flows(snapshot: AccountSnapshot, zero: date, end: date, policy: str) -> Iterator[Flow]:
    """Yield one flow per document issued in the time of follow-up; voided invoices are none."""
    grants, voided = _grants(snapshot, policy), {void.invoice for void in snapshot.voids}
    for invoice in snapshot.invoices:
        if zero <= invoice.on < end and invoice.number not in voided:
            back, returned = _credited(invoice.entries, grants)
            net = add_up(line.net_amount for line in invoice.lines)
            given = add_up(_of(line.shares, grants) for line in invoice.lines)
            yield Flow(invoice.on - zero, net - back, given - returned)
    for note in snapshot.credit_notes:
        if zero <= note.on < end:
            back, returned = _credited(note.entries, grants)
            yield Flow(note.on - zero, -back, -returned)


def _credited(entries: Iterable[CreditEntry], grants: frozenset[str]) -> tuple[Decimal, Decimal]:
    """Return what entries lower, and the discount that comes back with them."""
    listed = tuple(entries)
    return add_up(entry.net_amount for entry in listed), add_up(_of(entry.shares, grants) for entry in listed)


def _of(shares: Iterable[Share], grants: frozenset[str]) -> Decimal:
    return add_up(share.amount for share in shares if share.grant_id in grants)
