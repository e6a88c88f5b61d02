"""Periods tile time, anchors never drift, and days and instants agree about where a day begins."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidPeriodError, InvalidTypeError
from billing_domain.periods import (
    ActualDays,
    Alignment,
    BillingCycle,
    Frequency,
    FrequencyUnit,
    Period,
    Schedule,
    Stretch,
    checked_day,
    checked_instant,
    local_day,
    start_of_day,
    tiles,
)
from strategies import anchor_days, cycles, days, frequencies, periods

zones = st.sampled_from(
    ["Europe/Vilnius", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo", "Asia/Kathmandu", "UTC"]
).map(ZoneInfo)


@given(cycles, frequencies, days, days)
def test_periods_tile_time(cycle, frequency, start, day):
    """Every day lies in exactly one period, found by its number, whatever cycle and frequency."""
    schedule = cycle.schedule(frequency, start=start)
    number = schedule.number_at(day)
    assert day in schedule.period(number)
    assert schedule.period_at(day) == schedule.period(number)
    around = [schedule.period(number + step) for step in (-2, -1, 0, 1, 2)]
    assert tiles(around)
    stream = schedule.periods(start=day)
    assert [next(stream) for _ in range(3)] == around[2:]
    first = schedule.period_at(start)
    assert first.start <= start < first.end


@given(days, anchor_days, st.integers(1, 18), st.integers(-40, 40))
def test_anchors_do_not_drift(start, anchor_day, months, number):
    """A boundary is the anchor day of its own month, clamped there and nowhere else."""
    schedule = BillingCycle.on_day(anchor_day).schedule(Frequency(FrequencyUnit.MONTH, months), start=start)
    month = date(start.year, start.month, 1) + relativedelta(months=months * number)
    last = (month + relativedelta(months=1) - timedelta(days=1)).day
    assert schedule.boundary(number) == month.replace(day=min(anchor_day, last))


@given(days, st.sampled_from(FrequencyUnit), st.integers(1, 4))
def test_calendar_periods_begin_where_calendars_do(start, unit, count):
    """Calendar weeks begin on Monday, months on the first, and blocks that divide the year with the year."""
    frequency = Frequency(unit, count)
    period = BillingCycle.calendar().schedule(frequency, start=start).period_at(start)
    if unit is FrequencyUnit.WEEK:
        assert period.start.weekday() == 0
    elif frequency.months:
        assert period.start.day == 1
        assert 12 % min(frequency.months, 12) or (period.start.month - 1) % min(frequency.months, 12) == 0


@given(periods(), periods())
def test_overlaps_are_common_days(one, other):
    """The overlap holds the days that both have; a period covers another where the overlap is that other."""
    common = one.overlap(other)
    assert common == other.overlap(one)
    count = sum(1 for offset in range(one.days) if one.start + timedelta(days=offset) in other)
    assert count == (common.days if common else 0)
    assert one.covers(other) is (common == other)
    assert one.last + timedelta(days=1) == one.end


@given(zones, days)
def test_days_begin_where_their_zone_says(zone, day):
    """The first instant of a day falls on it, and the one before does not, also where a clock change skips midnight."""
    if zone.key == "Pacific/Apia" and day == date(2011, 12, 30):
        return
    first = start_of_day(day, zone)
    assert local_day(first, zone) == day
    assert local_day(first - timedelta(microseconds=1), zone) < day


def test_midnight_that_a_clock_change_skips():
    """In São Paulo 4 November 2018 began at one o'clock, in Cairo 26 April 2024 likewise."""
    assert start_of_day(date(2018, 11, 4), ZoneInfo("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert start_of_day(date(2024, 4, 26), ZoneInfo("Africa/Cairo")) == datetime(2024, 4, 25, 22, tzinfo=UTC)


def test_what_periods_refuse():
    """Counts below one, units and days of another kind, years beyond the calendar and an anchor beside a calendar are refused."""
    for count in (0, -1):
        with pytest.raises(InvalidPeriodError, match="one unit or more"):
            Frequency(FrequencyUnit.MONTH, count)
    for unit, count in (("month", 1), (FrequencyUnit.MONTH, "1"), (FrequencyUnit.MONTH, True)):
        with pytest.raises(InvalidTypeError):
            Frequency(unit, count)
    with pytest.raises(InvalidPeriodError, match="no anchor day"):
        BillingCycle(Alignment.CALENDAR, 5)
    with pytest.raises(InvalidTypeError, match="anchor of a schedule"):
        Schedule(Frequency.monthly(), "2026-01-01")
    for frequency in (Frequency.yearly(), Frequency.weekly()):
        with pytest.raises(InvalidPeriodError, match="1 to 9999"):
            Schedule(frequency, date(2026, 1, 1)).boundary(10_000_000)
    with pytest.raises(InvalidTypeError):
        checked_day("2026-01-01", "the day")
    with pytest.raises(InvalidTypeError):
        checked_instant(date(2026, 1, 1), "the instant")
    assert [each.days or each.months for each in (Frequency.daily(), Frequency.weekly(), Frequency.quarterly())] == [1, 7, 3]
    assert str(Period(date(2026, 1, 1), date(2026, 2, 1))) == "[2026-01-01, 2026-02-01)"


@given(periods(), st.data())
def test_shares_of_parts_that_tile_a_period_sum_to_one(period, data):
    """Days over days, however the period is cut."""
    cuts = sorted(data.draw(st.sets(st.integers(1, period.days - 1), max_size=4))) if period.days > 1 else []
    edges = [period.start + timedelta(days=cut) for cut in (0, *cuts, period.days)]
    shares = [ActualDays().share(Stretch(start, end, period.start, period.end)) for start, end in pairwise(edges)]
    assert sum(share.part for share in shares) == period.days
    assert {share.of for share in shares} == {period.days}
