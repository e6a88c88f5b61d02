"""Who moves to a new version of a plan, and when."""

from datetime import date

from billing_domain.catalog import Catalog, Moves, Plan, Release
from billing_domain.doors import door
from billing_domain.periods import BillingCycle
from billing_domain.subscriptions.contract import Contract
from billing_domain.subscriptions.model import Subscription
from billing_domain.subscriptions.timeline import Terms


@door
def move(subscription: Subscription, catalog: Catalog, *, on: date, cycle: BillingCycle | None = None) -> Subscription:
    """Return a subscription with the plan version that the catalog moves it to, if one is due by a day.

    A price guarantee of the contract puts the move off until it is over.

    Args:
        subscription: What may move.
        catalog: Says which versions move whom, and when.
        on: The day up to which moves are entered; run it with each billing day.
        cycle: The account's own cycle, for a subscription that has none.

    Returns:
        The subscription with the change entered, or itself where nothing moves. Where a later change is known already,
        the move is entered as one that became known on `on`.

    Example:
        >>> plans = [Plan("s", 1, "S", "EUR", []), Plan("s", 2, "S", "EUR", [])]
        >>> releases = [Release("s@1", date(2026, 1, 1)), Release("s@2", date(2026, 4, 1), Moves.ON_THE_DAY)]
        >>> subscription = Subscription.start(plans[0], id="S-1", on=date(2026, 3, 1))
        >>> [terms.plan.key for terms in move(subscription, Catalog(plans, releases), on=date(2026, 4, 1)).terms]
        ['s@1', 's@2']
    """
    for release in sorted(catalog.releases, key=_sold_from):
        plan = catalog.plan(release.plan)
        if release.moves is Moves.NOBODY:
            continue
        day = _moving_day(subscription, plan, release, cycle)
        if day is not None and day <= on:
            later = any(change.on is not None and change.on > day for change in subscription.changes)
            subscription = subscription.change_plan(plan, on=day, recorded=on if later else None)
    return subscription


def _sold_from(release: Release) -> date:
    return release.sold_from


def _moving_day(subscription: Subscription, plan: Plan, release: Release, cycle: BillingCycle | None) -> date | None:
    """Return the day on which a subscription moves to a version; None where it has that or a newer one by then, or has ended."""
    day = max(release.moves_on, subscription.start_on)
    contract = subscription.contract
    if contract is not None and contract.price_until is not None:
        day = max(day, contract.price_until)
    terms = _older(subscription, plan, day)
    if terms is None or release.moves is Moves.ON_THE_DAY:
        return None if terms is None else day
    day = _next_start(terms, contract if release.moves is Moves.NEXT_TERM else None, day, cycle)
    return None if _older(subscription, plan, day) is None else day


def _older(subscription: Subscription, plan: Plan, day: date) -> Terms | None:
    """Return the terms of a day on which an older version of the plan is in force."""
    for terms in subscription.terms:
        if terms.start <= day < terms.end and terms.plan.code == plan.code and terms.plan.version < plan.version:
            return terms
    return None


def _next_start(terms: Terms, contract: Contract | None, day: date, cycle: BillingCycle | None) -> date:
    """Return the day itself where a term or period begins on it, else the end of the one that holds it."""
    if contract is not None:
        term = contract.term_at(day)
        return day if term is None or term.start == day else term.end
    period = (terms.cycle or cycle or BillingCycle()).schedule(terms.plan.frequency, start=terms.grid).period_at(day)
    return day if period.start == day else period.end
