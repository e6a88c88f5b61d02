"""When a change takes effect: at once, at the end of the period or of the contract's term, or on a day; nothing is inferred."""

from datetime import date
from enum import Enum

from billing_domain.catalog import RecurringCharge
from billing_domain.doors import door
from billing_domain.errors import RefusedError, UnknownReferenceError
from billing_domain.periods import BillingCycle, checked_day
from billing_domain.subscriptions.model import Subscription
from billing_domain.subscriptions.timeline import Terms, frequency_of, terms_on


class Effective(Enum):
    """When a change takes effect."""

    AT_ONCE = "at-once"
    """On the day on which it is asked for."""
    AT_PERIOD_END = "at-period-end"
    """On the first day of the next period."""
    AT_TERM_END = "at-term-end"
    """On the day after the term of the contract."""


@door
def effective_day(subscription: Subscription, when: Effective | date, *, asked: date, cycle: BillingCycle | None = None) -> date:
    """Return the day from which a change counts.

    Args:
        subscription: What changes.
        when: When it takes effect, or the day itself.
        asked: The day on which it is asked for.
        cycle: The account's own cycle, for a subscription that has none.

    Returns:
        The first day of the new state; give it as `on=` to the change. At the end of a period, a day that begins a period counts as in it.

    Raises:
        RefusedError: The day given lies before `asked`; a correction is entered with `recorded=`.
        UnknownReferenceError: Nothing is in force on the day, so that it has no period.

    Example:
        >>> from billing_domain.catalog import Plan
        >>> subscription = Subscription.start(Plan("s", 1, "S", "EUR", []), id="S-1", on=date(2026, 1, 31))
        >>> effective_day(subscription, Effective.AT_PERIOD_END, asked=date(2026, 2, 10)).isoformat()
        '2026-02-28'
    """
    checked_day(asked, "the day on which a change is asked for")
    if not isinstance(when, Effective):
        if checked_day(when, "the day of a change") < asked:
            raise RefusedError(when, f"a change asked for on {asked} takes effect then or later", "enter a correction with recorded=")
        return when
    if when is Effective.AT_ONCE:
        return asked
    if when is Effective.AT_PERIOD_END:
        return period_end(terms_on(subscription.terms, asked), asked, cycle)
    if subscription.contract is None:
        raise UnknownReferenceError(subscription.id, "the subscription has a contract", "use AT_PERIOD_END")
    return subscription.contract.renews_after(asked)


def period_end(terms: Terms, day: date, cycle: BillingCycle | None = None) -> date:
    """Return the end of the period of the plan's longest recurring charge that holds a day."""
    recurring = [frequency_of(charge, terms.plan) for charge in terms.plan.charges if isinstance(charge, RecurringCharge)]
    schedules = [
        (terms.cycle or cycle or BillingCycle()).schedule(frequency, start=terms.grid) for frequency in recurring or [terms.plan.frequency]
    ]
    return max(schedule.period_at(day).end for schedule in schedules)
