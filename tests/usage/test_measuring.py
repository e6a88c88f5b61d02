"""Usage: averaged over time, grouped, late, corrected and withdrawn."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import Aggregation, Meter
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, UnknownReferenceError
from billing_domain.usage import UsageRecord, Window, rollup, rollup_groups
from billing_domain.usage.rollup import by_subscription

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
SEATS = Meter("seats", "", Aggregation.TIME_WEIGHTED)
CALLS = Meter("calls", "", Aggregation.COUNT)
APRIL = Window(date(2026, 4, 1), date(2026, 5, 1), date(2026, 4, 1), date(2026, 5, 1), VILNIUS)


def record(name, quantity, at, meter=DATA, **more):
    """Return a record of subscription S."""
    return UsageRecord(name, "S", meter, quantity, at, **more)


def april(day, hour=0):
    """Return an instant in April, in Vilnius."""
    return datetime(2026, 4, day, hour, tzinfo=VILNIUS)


def test_a_level_is_averaged_over_the_period():
    """Ten seats from the 16th on are five on average; what was there before holds at the start."""
    assert rollup([record("1", 10, april(16), SEATS)], SEATS, window=APRIL).quantity == 5
    march = record("0", 4, datetime(2026, 3, 20, tzinfo=VILNIUS), SEATS)
    measured = rollup([march, record("1", 10, april(16), SEATS)], SEATS, window=APRIL)
    assert measured.quantity == 7
    assert [event.quantity for event in measured.events] == [2, 5]
    assert rollup([], SEATS, window=APRIL).quantity == 0


@given(st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 9)), max_size=6), st.integers(2, 30))
def test_averages_of_the_parts_sum_to_that_of_the_period(levels, cut):
    """A period measured in two stretches gives the same average as in one, to twenty decimals."""
    start = datetime(2026, 3, 25, tzinfo=UTC)
    records = [record(str(n), level, start + timedelta(hours=hours), SEATS) for n, (hours, level) in enumerate(sorted(levels))]
    middle = date(2026, 4, cut)
    parts = [APRIL._replace(end=middle), APRIL._replace(start=middle)]
    found = sum(rollup(records, SEATS, window=part).quantity for part in parts)
    assert abs(found - rollup(records, SEATS, window=APRIL).quantity) <= Decimal("1E-19")


def test_a_level_needs_days_to_average():
    """Without a window there is nothing to divide by."""
    with pytest.raises(UnknownReferenceError, match="give window="):
        rollup([], SEATS)


def test_groups_are_measured_each_on_their_own():
    """A maximum of each group is not the maximum of all; who lacks the property is in a group without a name."""
    peak = Meter("peak", "", Aggregation.MAX)
    named = {"properties": {"n": "a"}}
    records = [record("1", 3, april(1), peak, **named), record("2", 5, april(2), peak, **named), record("3", 1, april(3), peak)]
    assert {values: measured.quantity for values, measured in rollup_groups(records, peak, ["n"]).items()} == {("",): 1, ("a",): 5}
    assert rollup(records, peak, (("n", "a"),)).quantity == 5


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [(Aggregation.SUM, 9), (Aggregation.MAX, 5), (Aggregation.LATEST, 1), (Aggregation.UNIQUE, 2), (Aggregation.COUNT, 3)],
)
def test_records_become_one_quantity(aggregation, expected):
    """Sum, highest, last, number of distinct values, number of records; of no records it is nothing."""
    meter = Meter("m", "", aggregation, distinct="n" if aggregation is Aggregation.UNIQUE else "")
    records = [record(str(n), quantity, april(n + 1), meter, properties={"n": str(n % 2)}) for n, quantity in enumerate((3, 5, 1))]
    assert rollup(records, meter).quantity == expected
    assert rollup([], meter).quantity == 0


def test_a_count_counts_records():
    """Each record is one, whatever quantity it has."""
    measured = rollup([record("1", 0, april(1), CALLS), record("2", 7, april(2), CALLS)], CALLS)
    assert (measured.quantity, [event.quantity for event in measured.events]) == (2, [1, 1])


def test_what_was_replaced_or_withdrawn_does_not_count():
    """A correction takes the place of what it corrects; a withdrawal leaves nothing."""
    first = record("1", "14.2", april(1))
    second = first.correct("4.2", id="2")
    known = by_subscription([second, first], VILNIUS)["S"]["data"]
    assert [each.id for each in known.within(date(2026, 4, 1), date(2026, 4, 2))] == ["2"]
    third = second.withdraw(id="3")
    assert by_subscription([first, second, third], VILNIUS) == {}
    assert third.correct(5, id="4").withdrawn is False
    assert [each.id for each in known.before(date(2026, 4, 2))] == ["2"]


def test_corrections_contradict_each_other_loudly():
    """Two corrections of one record, circles, and corrections across subscriptions or meters are refused."""
    first = record("1", 1, april(1))
    with pytest.raises(DuplicateIdError, match="replaced once"):
        by_subscription([first, first.correct(2, id="2"), first.correct(3, id="3")], VILNIUS)
    with pytest.raises(InvalidValueError, match="in a circle"):
        by_subscription([record("1", 1, april(1), replaces="2"), record("2", 1, april(1), replaces="1")], VILNIUS)
    circle = [record("1", 1, april(1), replaces="3"), record("2", 1, april(1), replaces="1"), record("3", 1, april(1), replaces="2")]
    with pytest.raises(InvalidValueError, match="in a circle"):
        by_subscription(circle, VILNIUS)
    with pytest.raises(InvalidValueError, match="its own subscription and meter"):
        by_subscription([first, record("2", 1, april(1), CALLS, replaces="1")], VILNIUS)
    assert len(by_subscription([record("2", 1, april(1), replaces="gone")], VILNIUS)) == 1


@pytest.mark.parametrize("more", [{"replaces": "1"}, {"withdrawn": True}])
def test_a_record_replaces_another_one(more):
    """A record neither replaces itself nor withdraws nothing."""
    with pytest.raises(InvalidValueError):
        record("1", 1, april(1), **more)
    with pytest.raises(InvalidTypeError):
        UsageRecord("1", "S", "data", 1, april(1))


@pytest.mark.parametrize("changed", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_level_is_averaged_over_real_time_where_clocks_change(changed):
    """Instants written in the account's zone and in UTC are averaged alike on a day of 23 or of 25 hours."""
    window = Window(changed, changed + timedelta(days=1), changed, changed + timedelta(days=1), VILNIUS)
    start = datetime(changed.year, changed.month, changed.day, tzinfo=VILNIUS).astimezone(UTC)
    hours = 23 if changed.month == 3 else 25
    instants = [start + timedelta(hours=2), start + timedelta(hours=6)]
    for zone in (UTC, VILNIUS):
        records = [
            record(str(n), level, at.astimezone(zone), SEATS) for n, (at, level) in enumerate(zip(instants, (hours, 0), strict=True))
        ]
        assert rollup(records, SEATS, window=window).quantity == 4


def test_the_latest_is_the_latest_in_real_time_where_an_hour_comes_twice():
    """Of two records in the doubled hour of autumn the one after the change is the later, whatever the clock on the wall shows."""
    before = record("1", 10, datetime(2026, 10, 25, 3, 50, tzinfo=VILNIUS))
    following = record("2", 20, datetime(2026, 10, 25, 3, 10, tzinfo=VILNIUS, fold=1))
    assert by_subscription([following, before], VILNIUS)["S"]["data"].records == [before, following]
