"""Properties with every feature: a second run is empty, many runs equal one late run, and nothing is ever stuck."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Subscription, UsageRecord, bill
from billing_domain.billing import Billed, NothingDue, forecast
from billing_domain.catalog import (
    Aggregation,
    Bounded,
    CommitmentCharge,
    Graduated,
    Matrix,
    Meter,
    OneOffCharge,
    Package,
    Percentage,
    Phase,
    Plan,
    RecurringCharge,
    Tier,
    Timing,
    UsageCharge,
    Volume,
)
from billing_domain.errors import OutOfOrderError
from billing_domain.periods import (
    ActualDays,
    BillingCycle,
    FixedDays,
    Frequency,
    FrequencyUnit,
    MonthsFirst,
    NoProration,
    Thirty360,
    WholePeriods,
    WorkingDays,
)
from billing_domain.subscriptions import Contract, Renewal
from feature_host import VILNIUS, account, net_by_key, rulebook, run

START = date(2026, 1, 1)
DATA, SEATS, CALLS = Meter("data"), Meter("seats", "", Aggregation.TIME_WEIGHTED), Meter("calls", "", Aggregation.COUNT)
PRORATIONS = [ActualDays(), FixedDays(30), Thirty360(), MonthsFirst(), WorkingDays(), NoProration(), WholePeriods()]
TIERS = [Tier(3, "1.10"), Tier(8, "0.7", flat="0.33", maximum=3), Tier(None, "0.49", package=2)]
FREQUENCIES = [Frequency.weekly(), Frequency.monthly(), Frequency.quarterly(), Frequency.yearly()]
USAGE_PRICES = [
    Graduated(TIERS),
    Volume(TIERS),
    Package("1.99", size=3, included=1),
    Percentage("7.5", "0.10", free_events=1, minimum="0.2"),
    Bounded("0.37", minimum="3.10", maximum="9.99"),
    Matrix("zone", {"eu": "0.29"}, otherwise="0.61"),
]
HORIZON = 400


@st.composite
def plans(draw, code="s"):
    """Return a plan with some of every feature."""
    frequency = draw(st.sampled_from(FREQUENCIES))
    charges = [RecurringCharge("base", "Fee", draw(st.sampled_from(["29.99", "10", "0.05"])), draw(st.sampled_from(Timing)))]
    if draw(st.booleans()):
        charges.append(
            UsageCharge("data", "Data", DATA, draw(st.sampled_from(USAGE_PRICES)), group_by=draw(st.sampled_from([(), ("zone",)])))
        )
    if draw(st.booleans()):
        charges.append(UsageCharge("seats", "Seats", SEATS, "3.33"))
    if draw(st.booleans()):
        charges.append(CommitmentCharge("least", "Least", draw(st.sampled_from(["25", "99.99"]))))
    if draw(st.booleans()):
        charges.append(OneOffCharge("setup", "Setup", "5"))
    phases = draw(
        st.sampled_from([(), (Phase.trial(days=14),), (Phase.ramp("ramp", Frequency(FrequencyUnit.MONTH, 2), {"base": "7.77"}),)])
    )
    return Plan(code, draw(st.integers(1, 3)), "S", "EUR", charges, frequency, phases=phases)


days = st.integers(0, HORIZON).map(lambda number: START + timedelta(days=number))


@st.composite
def lives(draw):
    """Return a snapshot with a subscription, perhaps an add-on, its changes and its usage; and days on which it is billed."""
    cycle = draw(st.sampled_from([BillingCycle.anniversary(), BillingCycle.calendar(), BillingCycle.on_day(31), BillingCycle.on_day(15)]))
    contract = draw(st.sampled_from([None, Contract(START, Frequency.yearly(), Renewal.ENDS)]))
    subscription = Subscription.start(
        draw(plans()), id="S", on=START + timedelta(days=draw(st.integers(0, 40))), cycle=cycle, contract=contract
    )
    for on in sorted(draw(st.lists(days, max_size=5))):
        if on >= subscription.start_on and (subscription.ends_on is None or on < subscription.ends_on):
            with suppress(OutOfOrderError):  # a pause in a pause
                subscription = _changed(draw, subscription, on)
    others = []
    if draw(st.booleans()):
        others.append(subscription.add_on(Plan("x", 1, "X", "EUR", [RecurringCharge("extra", "Extra", "3.10")]), id="X", on=draw(days)))
    meters = {charge.meter for terms in subscription.terms for charge in terms.charges if isinstance(charge, UsageCharge)}
    usage = [_record(draw, number, meter) for number, meter in enumerate(sorted(meters, key=lambda meter: meter.code) * 3)]
    runs = sorted(draw(st.lists(days, min_size=1, max_size=6)))
    rules = rulebook(proration=draw(st.sampled_from(PRORATIONS)))
    return AccountSnapshot(account(), [subscription, *others], usage=usage), runs, rules


def _changed(draw, subscription, on):
    match draw(st.integers(0, 6)):
        case 0:
            return subscription.change_quantity(draw(st.integers(0, 5)), on=on)
        case 1:
            return subscription.change_plan(draw(plans(draw(st.sampled_from(["s", "t"])))), on=on, restarts_phases=draw(st.booleans()))
        case 2:
            return subscription.override_price("base", "12.34", on=on)
        case 3:
            return subscription.pause(on=on)
        case 4:
            return subscription.resume(on=on)
        case 5:
            return subscription.change_cycle(BillingCycle.on_day(draw(st.integers(1, 31))), on=on)
        case _:
            return subscription.cancel(on=on)


def _record(draw, number, meter):
    at = datetime.combine(draw(days), datetime.min.time(), VILNIUS) + timedelta(hours=draw(st.integers(0, 23)))
    return UsageRecord(f"U{number}", "S", meter, draw(st.integers(0, 12)), at, {"zone": draw(st.sampled_from(["eu", "moon"]))})


@given(life=lives())
def test_many_runs_equal_one_late_run(life):
    """Whatever the plan, documents bill each key to the cent as one late run does, and a second run of a day is empty."""
    known, runs, rules = life
    many = known
    for on in runs:
        many = run(many, on, rules)
        assert isinstance(bill(many, through=on, rules=rules), NothingDue)
    assert net_by_key(many) == net_by_key(run(known, runs[-1], rules))


@given(life=lives(), data=st.data())
def test_what_is_known_late_comes_out_the_same(life, data):
    """A correction, a withdrawal and a late record end where the snapshot that knew them from the start ends."""
    known, runs, rules = life
    late = known
    for on in runs[:-1]:
        late = run(late, on, rules)
    news = []
    if known.usage:
        record = data.draw(st.sampled_from(known.usage))
        news.append(record.withdraw(id="late") if data.draw(st.booleans()) else record.correct(data.draw(st.integers(0, 12)), id="late"))
    late = run(late.add(*news), runs[-1], rules)
    assert net_by_key(late) == net_by_key(run(known.add(*news), runs[-1], rules))
    assert isinstance(bill(late, through=runs[-1], rules=rules), NothingDue)


@given(life=lives())
def test_lines_and_entries_are_never_negative(life):
    """No line is below zero, no entry above its line, whatever was planned."""
    known, runs, rules = life
    for on in runs:
        known = run(known, on, rules)
    assert all(line.list_amount >= 0 for invoice in known.invoices for line in invoice.lines)
    assert all(amount > 0 for amount in net_by_key(known).values())


@given(
    st.sampled_from([Frequency.quarterly(), Frequency.yearly()]),
    st.sampled_from(Timing),
    st.lists(st.integers(1, 45), min_size=4, max_size=16),
)
def test_pausing_again_and_again_is_never_stuck(frequency, timing, gaps):
    """Repeated pause and resume on quarterly and annual plans, billed at every step, charges exactly the days served."""
    plan = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Fee", "365", timing)], frequency)
    subscription = Subscription.start(plan, id="S", on=START)
    known, on, paused, served, since = AccountSnapshot(account(), [subscription]), START, False, [], START
    for gap in gaps:
        known = run(known, on)
        on += timedelta(days=gap)
        if not paused:
            served.append((since, on))
        subscription = subscription.resume(on=on) if paused else subscription.pause(on=on)
        paused, since = not paused, on
        known = run(known.add(subscription), on)
        assert isinstance(bill(known, through=on, rules=rulebook()), NothingDue)
    subscription = subscription.cancel(on=on)
    known = run(known.add(subscription), on)
    schedule = BillingCycle.anniversary().schedule(frequency, start=START)
    expected = {}
    for start, end in served:
        day = start
        while day < end:
            period = schedule.period_at(day)
            last = min(end, period.end)
            expected[period.start] = expected.get(period.start, 0) + Decimal(365 * (last - day).days) / period.days
            day = last
    assert net_by_key(known) == {
        ("S", "base", slot): amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP") for slot, amount in expected.items()
    }


@given(life=lives())
def test_a_forecast_is_what_bills_will_be(life):
    """Playing a forecast day by day gives its documents."""
    known, _, rules = life
    for each in forecast(known, bills=3, after=START - timedelta(days=1), rules=rules):
        result = bill(known, through=each.on, rules=rules)
        assert isinstance(result, Billed)
        assert result == each.result
        known = run(known, each.on, rules)
