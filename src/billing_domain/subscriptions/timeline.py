"""The terms in force on each day, read off the history of a subscription."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.catalog import Charge, Plan, PriceModel
from billing_domain.errors import UnknownReferenceError
from billing_domain.periods import BillingCycle
from billing_domain.periods.period import FOREVER
from billing_domain.subscriptions.events import (
    Cancelled,
    Change,
    CycleChanged,
    Paused,
    PlanChanged,
    PriceOverridden,
    QuantityChanged,
    Resumed,
)


class Terms(NamedTuple):
    """What holds from `start` to before `end`.

    Args:
        start: The first day.
        end: The day after the last; `date.max` where there is no end.
        plan: The plan version.
        quantity: The number of units.
        charges: The plan's charges with overridden prices in place.
        cycle: The subscription's own cycle; None for the account's.
        grid: The day on which its periods started to count.
    """

    start: date
    end: date
    plan: Plan
    quantity: Decimal
    charges: tuple[Charge, ...]
    cycle: BillingCycle | None
    grid: date


def end_of(changes: Iterable[Change]) -> date:
    """Return the first day that is no longer served, by the cancellation entered last; `date.max` where there is none."""
    end = FOREVER
    for change in changes:
        if isinstance(change, Cancelled):
            end = change.on or FOREVER
    return end


def timeline(plan: Plan, start: date, quantity: Decimal, changes: Sequence[Change], cycle: BillingCycle | None = None) -> tuple[Terms, ...]:
    """Return the terms in force, in order of days; paused days and days after the end are absent.

    Args:
        plan: The plan at the start.
        start: The first day.
        quantity: The number of units at the start.
        changes: What happened, in the order in which it was entered; of two that change the same thing on one day the later entry holds.
        cycle: The subscription's own cycle at the start.

    Raises:
        UnknownReferenceError: A price is overridden for a charge that no plan has had.
    """
    if not changes:
        return (Terms(start, FOREVER, plan, quantity, plan.charges, cycle, start),)
    end = end_of(changes)
    state = _State(plan, quantity, {}, cycle, start, paused=False)
    dated = sorted(((change.on, change) for change in changes if change.on is not None and not isinstance(change, Cancelled)), key=_day)
    found: list[Terms] = []
    since = start
    for day, change in dated:
        if since < min(day, end) and not state.paused:
            found.append(state.terms(since, min(day, end)))
        since = max(since, day)
        state = state.after(day, change)
    if since < end and not state.paused:
        found.append(state.terms(since, end))
    return tuple(found)


def _day(dated: tuple[date, Change]) -> date:
    return dated[0]


@attrs.frozen
class _State:
    plan: Plan
    quantity: Decimal
    prices: dict[str, PriceModel]
    cycle: BillingCycle | None
    grid: date
    paused: bool

    def after(self, day: date, change: Change) -> "_State":
        match change:
            case PlanChanged(plan=plan):
                return attrs.evolve(self, plan=plan)
            case QuantityChanged(quantity=quantity):
                return attrs.evolve(self, quantity=quantity)
            case CycleChanged(cycle=cycle):
                return attrs.evolve(self, cycle=cycle, grid=day)
            case PriceOverridden(charge=code, price=price):
                self.plan.charge(code)
                others = {key: value for key, value in self.prices.items() if key != code}
                return attrs.evolve(self, prices=others if price is None else {**others, code: price})
            case Paused() | Resumed():
                return attrs.evolve(self, paused=isinstance(change, Paused))
            case Cancelled():
                return self

    def terms(self, start: date, end: date) -> Terms:
        return Terms(start, end, self.plan, self.quantity, self._charges(), self.cycle, self.grid)

    def _charges(self) -> tuple[Charge, ...]:
        if not self.prices:
            return self.plan.charges
        return tuple(attrs.evolve(charge, price=self.prices[charge.code]) if charge.code in self.prices else charge for charge in self.plan.charges)


def terms_on(terms: Iterable[Terms], day: date) -> Terms:
    """Return the terms in force on a day.

    Raises:
        UnknownReferenceError: Nothing is in force: before the start, in a pause, or after the end.
    """
    for found in terms:
        if found.start <= day < found.end:
            return found
    raise UnknownReferenceError(day.isoformat(), "terms are in force on the day", "ask for a day between start and end that is not paused")
