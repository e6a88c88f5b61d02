"""Whole lives against a naive reading that shares no code with the engine: months and days by hand, one day after the other.

Plans from a week to two years, trials and ramps, quantities, pauses, anchors, late changes, runs on any days, three currencies.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Plan, Subscription, bill
from billing_domain.billing import NothingDue
from billing_domain.catalog import Flat, PerUnit, Phase, RecurringCharge, Timing
from billing_domain.periods import BillingCycle, Frequency, FrequencyUnit
from feature_host import account, net_by_key, rulebook, run

PLACES = {"EUR": 2, "JPY": 0, "BHD": 3}
MONTHS = {FrequencyUnit.MONTH: 1, FrequencyUnit.QUARTER: 3, FrequencyUnit.YEAR: 12}
FREQUENCIES = [
    Frequency.weekly(), Frequency(FrequencyUnit.WEEK, 2), Frequency(FrequencyUnit.DAY, 30), Frequency.monthly(), Frequency.monthly(),
    Frequency(FrequencyUnit.MONTH, 2), Frequency.quarterly(), Frequency(FrequencyUnit.MONTH, 6), Frequency.yearly(),
    Frequency(FrequencyUnit.YEAR, 2),
]  # fmt: skip
ONE = timedelta(days=1)


def later(year, month, months, anchor):
    """Return the anchor day so many months on, or the last day of a shorter month."""
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return date(year, month + 1, min(anchor, monthrange(year, month + 1)[1]))


def period_of(day, frequency, cycle, grid):
    """Return start and end of the aligned period that holds a day: boundaries are counted from the month or week of the grid's day."""
    if frequency.unit not in MONTHS:
        length = frequency.count * (7 if frequency.unit is FrequencyUnit.WEEK else 1)
        weekly = cycle == "calendar" and frequency.unit is FrequencyUnit.WEEK
        first = grid - timedelta(days=grid.weekday()) if weekly else grid
        number = (day - first).days // length
        return first + timedelta(days=number * length), first + timedelta(days=(number + 1) * length)
    months = frequency.count * MONTHS[frequency.unit]
    month, anchor = grid.month, grid.day if cycle == "anniversary" else cycle
    if cycle == "calendar":
        anchor = 1
        month = (grid.month - 1) // months * months + 1 if 12 % months == 0 else 1
    number = ((day.year - grid.year) * 12 + day.month - month) // months - 1
    while later(grid.year, month, (number + 1) * months, anchor) <= day:
        number += 1
    return later(grid.year, month, number * months, anchor), later(grid.year, month, (number + 1) * months, anchor)


class Offer(NamedTuple):
    """A plan as both readings know it: what it costs, and what it costs at first."""

    plan: Plan
    frequency: Frequency
    price: Decimal
    per_unit: bool
    trial: int
    ramps: tuple

    def price_on(self, day, since, quantity):
        """Return the price of a whole period on a day; None in a trial."""
        start, anchor = since, since.day
        if self.trial:
            start += timedelta(days=self.trial)
            anchor = start.day
            if day < start:
                return None
        for months, price in self.ramps:
            end = later(start.year, start.month, months, anchor)
            if day < end:
                return Fraction(price)
            start = end
        return Fraction(self.price) * (Fraction(quantity) if self.per_unit else 1)


prices = st.sampled_from([Decimal(text) for text in ("10", "29.99", "0.05", "365", "7.777", "0", "100")])
cycles = st.sampled_from(["anniversary", "calendar", 1, 5, 15, 28, 29, 30, 31])


@st.composite
def offers(draw, currency, timing, number):
    """Return a plan."""
    frequency, price, per_unit = draw(st.sampled_from(FREQUENCIES)), draw(prices), draw(st.booleans())
    trial = draw(st.sampled_from([0, 0, 7, 30]))
    ramps = tuple(draw(st.lists(st.tuples(st.integers(1, 4), prices), max_size=2)))
    phases = [Phase.trial(days=trial)] if trial else []
    phases += [
        Phase.ramp(f"ramp-{place}", Frequency(FrequencyUnit.MONTH, months), {"base": own}) for place, (months, own) in enumerate(ramps)
    ]
    charge = RecurringCharge("base", "Fee", PerUnit(price) if per_unit else Flat(price), timing)
    return Offer(Plan(f"p{number}", 1, "P", currency, [charge], frequency, phases=phases), frequency, price, per_unit, trial, ramps)


changes = st.one_of(
    st.tuples(st.just("quantity"), st.integers(0, 3)),
    st.tuples(st.just("plan"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("plan"), st.integers(0, 2), st.booleans()),
    st.tuples(st.sampled_from(["pause", "resume"])),
    st.tuples(st.sampled_from(["pause", "resume"])),
    st.tuples(st.just("cycle"), cycles),
)
happenings = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 10, 31, 100, 200]), st.sampled_from([None, 0, 0, -10, 3]), st.sampled_from([0, 0, -20, 15, 40]), changes
    ),
    max_size=7,
)


def cycle_of(name):
    """Return the cycle of a name."""
    if name == "calendar":
        return BillingCycle.calendar()
    return BillingCycle.anniversary() if name == "anniversary" else BillingCycle.on_day(name)


def changed(subscription, change, plans, on, recorded):
    """Return the subscription after a change."""
    match change:
        case ("quantity", value):
            return subscription.change_quantity(value, on=on, recorded=recorded)
        case ("plan", number, restarts):
            return subscription.change_plan(plans[number].plan, on=on, recorded=recorded, restarts_phases=restarts)
        case ("cycle", name):
            return subscription.change_cycle(cycle_of(name), on=on, recorded=recorded)
        case (name,):
            return getattr(subscription, name)(on=on, recorded=recorded)


def naive(plans, start, cycle, entered, end, last):
    """Return for each period, by its name, what its days add up to, the first day served and the day after the last."""
    state = {"plan": plans[0], "quantity": 1, "paused": False, "cycle": cycle, "grid": start, "since": start}
    found, grid, joined, day = {}, None, date.min, start
    waiting = sorted(entered, key=lambda each: each[0])
    while day <= last and (end is None or day < end):
        while waiting and waiting[0][0] <= day:
            on, change = waiting.pop(0)
            _enter(state, change, plans, on)
        price = state["plan"].price_on(day, state["since"], state["quantity"])
        if price is not None and not state["paused"]:
            now = (state["plan"].frequency, state["cycle"], state["grid"])
            period = period_of(day, *now)
            if grid is not None and period_of(day, *grid) != period:
                joined = day
            grid = now
            value, first, _ = found.get(max(period[0], joined), (Fraction(0), day, day))
            found[max(period[0], joined)] = (value + price / (period[1] - period[0]).days, first, day + ONE)
        day += ONE
    return found


def _enter(state, change, plans, on):
    match change:
        case ("quantity", value):
            state["quantity"] = value
        case ("plan", number, restarts):
            state["plan"] = plans[number]
            state["since"] = on if restarts else state["since"]
        case ("cycle", name):
            state["cycle"], state["grid"] = name, on
        case (name,):
            state["paused"] = name == "pause"


def _paused(entered, on):
    told = sorted((each for each in entered if each[0] <= on and each[1][0] in {"pause", "resume"}), key=lambda each: each[0])
    return bool(told) and told[-1][1][0] == "pause"


def half_up(value, places):
    """Round by hand."""
    return Decimal(int(value * 10**places + Fraction(1, 2))).scaleb(-places)


@given(
    st.data(),
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(Timing),
    st.dates(date(2024, 1, 1), date(2026, 3, 31)),
    cycles,
    happenings,
    st.none() | st.integers(0, 60),
)
def test_documents_are_what_the_days_add_up_to(data, currency, timing, start, cycle, happened, leaving):
    """Whatever happens, and whenever the account is billed, each period is billed at the sum of its days, rounded once."""
    plans = [data.draw(offers(currency, timing, number)) for number in range(3)]
    subscription = Subscription.start(plans[0].plan, id="S", on=start, cycle=cycle_of(cycle))
    known, today, entered = AccountSnapshot(account(currency=currency), [subscription]), start, []
    for wait, billed_on, offset, change in happened:
        today += timedelta(days=wait)
        if billed_on is not None:
            known = run(known, today + timedelta(days=billed_on))
        on = max(start, today + timedelta(days=offset))
        latest = max((day for day, _ in entered), default=start)
        if change[0] in {"pause", "resume"} and _paused(entered, on) is (change[0] == "pause"):
            continue
        subscription = changed(subscription, change, plans, on, max(today, on) if on < latest else None)
        entered.append((on, change))
        known = known.add(subscription)
    latest = max((day for day, _ in entered), default=start)
    end = None if leaving is None else max(latest, today) + timedelta(days=leaving)
    known = known if end is None else known.add(subscription.cancel(on=end))
    through = max(today, known.billed_through or today) + timedelta(days=31)
    known = run(known, through)
    assert isinstance(bill(known, through=through, rules=rulebook()), NothingDue)
    billed, places = net_by_key(known), PLACES[currency]
    for name, (value, first, after) in naive(plans, start, cycle, entered, end, through + timedelta(days=800)).items():
        found, whole = billed.pop(("S", "base", name), 0), half_up(value, places)
        if (first if timing is Timing.IN_ADVANCE else after) <= through:
            assert found == whole, name
        else:  # it was due as things stood, and is due later as they stand now
            assert found <= whole, name
    assert billed == {}
