"""The terms in force on each day, read off the history of a subscription."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, assert_never

import attrs

from billing_domain.catalog import Charge, CommitmentCharge, OneOffCharge, Phase, PhaseKind, Plan, PriceModel, RecurringCharge
from billing_domain.catalog.charges import priced
from billing_domain.catalog.phases import phase_days
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
        phase: The code of the plan's phase; empty where the plan's own prices hold.
    """

    start: date
    end: date
    plan: Plan
    quantity: Decimal
    charges: tuple[Charge, ...]
    cycle: BillingCycle | None
    grid: date
    phase: str = ""


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


def is_paused(changes: Iterable[Change], day: date) -> bool:
    """Say whether a day is paused, by the last pause or resuming up to it; of two on one day the one entered later holds."""
    last: Paused | Resumed | None = None
    for change in changes:
        if isinstance(change, Paused | Resumed) and change.on <= day and (last is None or change.on >= last.on):
            last = change
    return isinstance(last, Paused)


def timeline(
    plan: Plan,
    start: date,
    quantity: Decimal,
    changes: Sequence[Change],
    cycle: BillingCycle | None = None,
    *,
    end: date = FOREVER,
    currency: str = "",
) -> tuple[Terms, ...]:
    """Return the terms in force, in order of days; paused days and days after the end are absent.

    Args:
        plan: The plan at the start.
        start: The first day.
        quantity: The number of units at the start.
        changes: What happened, in the order in which it was entered; of two that change the same thing on one day the later entry holds.
        cycle: The subscription's own cycle at the start.
        end: A day on which it ends in any case, such as the end of a contract.
        currency: The currency in which plans are priced; their own where empty.

    Raises:
        UnknownReferenceError: A price is overridden for a charge that no plan has had.
        MissingRateError: A plan has no prices in the currency.
    """
    plan = plan if not currency else plan.in_currency(currency)
    if not changes and not plan.phases and end == FOREVER:
        return (Terms(start, FOREVER, plan, quantity, plan.charges, cycle, start),)
    end = min(end, end_of(changes))
    state = _State(plan, quantity, {}, cycle, start, start, paused=False, currency=currency)
    dated = sorted(((change.on, change) for change in changes if change.on is not None and not isinstance(change, Cancelled)), key=_day)
    found: list[Terms] = []
    since = start
    for day, change in dated:
        found += state.stretches(since, min(day, end))
        since = max(since, day)
        state = state.after(day, change)
    found += state.stretches(since, end)
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
    phases_since: date
    paused: bool
    currency: str

    def after(self, day: date, change: Change) -> "_State":
        match change:
            case PlanChanged(plan=plan):
                since = day if change.restarts_phases else self.phases_since
                return attrs.evolve(self, plan=plan.in_currency(self.currency) if self.currency else plan, phases_since=since)
            case QuantityChanged(quantity=quantity):
                return attrs.evolve(self, quantity=quantity)
            case CycleChanged(cycle=cycle):
                return attrs.evolve(self, cycle=cycle, grid=day)
            case PriceOverridden(charge=code, price=price):
                self.plan.charge(code)
                others = {key: value for key, value in self.prices.items() if key != code}
                return attrs.evolve(self, prices=others if price is None else {**others, code: price})
            case Paused() | Resumed() | Cancelled():  # a cancellation is an end, not a state: the timeline does not ask for one
                return attrs.evolve(self, paused=isinstance(change, Paused))
            case _:
                assert_never(change)

    def stretches(self, start: date, end: date) -> Iterator[Terms]:
        """Yield the terms of the days on which nothing but the phase changes."""
        if self.paused or start >= end:
            return
        if not self.plan.phases:
            yield Terms(start, end, self.plan, self.quantity, self._charges(self.plan.charges), self.cycle, self.grid)
            return
        for phase_start, phase_end, phase in phase_days(self.plan.phases, self.phases_since):
            first, last = max(start, phase_start), min(end, phase_end)
            if first < last:
                charges = self._charges(in_phase(self.plan.charges, phase))
                yield Terms(first, last, self.plan, self.quantity, charges, self.cycle, self.grid, "" if phase is None else phase.code)

    def _charges(self, charges: tuple[Charge, ...]) -> tuple[Charge, ...]:
        if not self.prices:
            return charges
        return tuple(priced(charge, self.prices[charge.code]) if charge.code in self.prices else charge for charge in charges)


def in_phase(charges: tuple[Charge, ...], phase: Phase | None) -> tuple[Charge, ...]:
    """Return the charges of a plan in a phase: without recurring ones and commitments in a trial, else with the phase's prices."""
    if phase is None:
        return charges
    if phase.kind is PhaseKind.TRIAL:
        return tuple(charge for charge in charges if not isinstance(charge, RecurringCharge | CommitmentCharge))
    prices = dict(phase.prices)
    return tuple(priced(charge, prices[charge.code]) if charge.code in prices else charge for charge in charges)


def terms_on(terms: Iterable[Terms], day: date) -> Terms:
    """Return the terms in force on a day.

    Raises:
        UnknownReferenceError: Nothing is in force: before the start, in a pause, or after the end.
    """
    for found in terms:
        if found.start <= day < found.end:
            return found
    raise UnknownReferenceError(day.isoformat(), "terms are in force on the day", "ask for a day between start and end that is not paused")
