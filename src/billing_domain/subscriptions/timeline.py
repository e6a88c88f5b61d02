"""The terms in force on each day, read off the history of a subscription."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.catalog import Charge, OneOffCharge, Plan, PriceModel
from billing_domain.errors import UnknownReferenceError
from billing_domain.periods import BillingCycle, Frequency
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


class ChargeRuns(NamedTuple):
    """Charges that hold on the same days with the same frequency, so that their periods are the same.

    Args:
        terms: The terms in which they hold, in order of days.
        frequencies: How long their periods are, one for each of the terms.
        charges: For each code the charge in each of the terms.
    """

    terms: tuple[Terms, ...]
    frequencies: tuple[Frequency, ...]
    charges: tuple[tuple[Charge, ...], ...]


def charge_runs(terms: Sequence[Terms]) -> tuple[ChargeRuns, ...]:
    """Return the charges of a timeline, those with the same periods together, in order of first appearance."""
    found: dict[str, list[tuple[int, Charge]]] = {}
    for index, term in enumerate(terms):
        for charge in term.charges:
            found.setdefault(charge.code, []).append((index, charge))
    groups: dict[tuple[tuple[int, Frequency], ...], list[tuple[Charge, ...]]] = {}
    for runs in found.values():
        name = tuple([(index, frequency_of(charge, terms[index].plan)) for index, charge in runs])
        groups.setdefault(name, []).append(tuple([charge for _, charge in runs]))
    return tuple(
        ChargeRuns(tuple(terms[index] for index, _ in name), tuple(frequency for _, frequency in name), tuple(charges))
        for name, charges in groups.items()
    )


def frequency_of(charge: Charge, plan: Plan) -> Frequency:
    """Return how long the periods of a charge are: its own frequency, or the plan's."""
    if isinstance(charge, OneOffCharge) or charge.frequency is None:
        return plan.frequency
    return charge.frequency


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
