"""When an account is billed next, as things stand."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing_domain.accounts import Account
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.catalog import Charge, OneOffCharge, Timing
from billing_domain.subscriptions.add_ons import bound_terms
from billing_domain.subscriptions.timeline import Terms


def next_billing_date(snapshot: AccountSnapshot, *, after: date) -> date | None:
    """Return the first day after the given one on which a charge falls due, as things stand.

    Args:
        snapshot: What is known.
        after: The day up to which everything is billed.

    Returns:
        The day, or None where nothing will fall due any more.
    """
    members = (snapshot, *snapshot.children)
    days = [
        day
        for member in members
        for subscription in member.subscriptions
        for terms in (
            subscription.terms if subscription.base is None else bound_terms(subscription, member.subscription(subscription.base))
        )
        for day in _due_days(terms, member.account, after)
    ]
    days += [order.on for member in members for order in member.orders if order.on > after]
    return min(days, default=None)


def _due_days(terms: Terms, account: Account, after: date) -> Iterator[date]:
    if terms.end <= after:
        return
    for charge in terms.charges:
        day = _first_due(charge, terms, account, after)
        if day is not None:
            yield day


def _first_due(charge: Charge, terms: Terms, account: Account, after: date) -> date | None:
    if isinstance(charge, OneOffCharge):
        return terms.start if terms.start > after else None
    schedule = (terms.cycle or account.cycle).schedule(charge.frequency or terms.plan.frequency, start=terms.grid)
    if charge.timing is Timing.IN_ADVANCE:
        if terms.start > after:
            return terms.start
        start = schedule.period_at(after + timedelta(days=1)).start
        start = start if start > after else schedule.period_at(after).end
        return start if start < terms.end else None
    first = max(terms.start, after)
    end = schedule.period_at(first).end
    return min(end, terms.end)
