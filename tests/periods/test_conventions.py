"""Conventions of proration: what parts of a period cost, and that parts make the whole."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidPeriodError, InvalidTypeError
from billing_domain.periods import (
    ActualDays,
    BillingCycle,
    BusinessDays,
    FixedDays,
    Frequency,
    FrequencyUnit,
    MonthsFirst,
    NoProration,
    OverDays,
    Stretch,
    Thirty360,
    WholePeriods,
    WorkingDays,
)

ADDITIVE = [ActualDays(), FixedDays(30), FixedDays(28), FixedDays(31), MonthsFirst(), WorkingDays(), NoProration(), WholePeriods()]
CAPPED = [Thirty360(), OverDays(30), OverDays(365)]
frequencies = st.builds(Frequency, st.sampled_from(FrequencyUnit), st.integers(1, 3))


@st.composite
def cut_periods(draw):
    """Return a period of some schedule, cut into stretches."""
    start = draw(st.dates(date(2023, 1, 1), date(2028, 12, 31)))
    period = BillingCycle.on_day(draw(st.integers(1, 31))).schedule(draw(frequencies), start=start).period_at(start)
    cuts = sorted({period.start, period.end, *(date.fromordinal(day) for day in draw(st.lists(_inside(period), max_size=4)))})
    return period, list(pairwise(cuts))


def _inside(period):
    return st.integers(period.start.toordinal(), period.end.toordinal())


def shares(convention, period, stretches):
    """Return the exact share of each stretch."""
    return [Fraction(*convention.share(Stretch(start, end, period.start, period.end))) for start, end in stretches]


@pytest.mark.parametrize("convention", ADDITIVE, ids=lambda each: repr(each))
@given(cut=cut_periods())
def test_parts_of_a_period_make_the_whole(convention, cut):
    """Shares of stretches that tile a period lie between 0 and 1 and sum to one."""
    period, stretches = cut
    found = shares(convention, period, stretches)
    assert all(0 <= share <= 1 for share in found)
    assert sum(found) == 1


@pytest.mark.parametrize("convention", CAPPED, ids=lambda each: repr(each))
@given(cut=cut_periods())
def test_parts_never_cost_more_than_the_whole(convention, cut):
    """Where the denominator is fixed, parts may come to less than one, never to more."""
    period, stretches = cut
    found = shares(convention, period, stretches)
    assert all(0 <= share <= 1 for share in found)
    assert sum(found) <= 1


@pytest.mark.parametrize(
    ("convention", "expected"),
    [(FixedDays(30), (14, 30)), (Thirty360(), (14, 30)), (OverDays(365), (15, 365)), (MonthsFirst(), (15, 31)), (WorkingDays(), (11, 22))],
)
def test_the_second_half_of_march(convention, expected):
    """17 to 31 March as a share of March, by each convention."""
    assert convention.share(Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1))) == expected


def test_a_week_is_counted_in_actual_days():
    """A period shorter than a month has no months to count."""
    week = Stretch(date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 2), date(2026, 3, 9))
    for convention in (FixedDays(30), Thirty360(), MonthsFirst()):
        assert convention.share(week) == (2, 7)


def test_a_period_without_business_days_is_counted_in_actual_days():
    """Where every day is a holiday, days count."""
    days = [date(2026, 3, 7), date(2026, 3, 8)]
    assert WorkingDays(BusinessDays(holidays=days)).share(Stretch(days[0], days[1], days[0], date(2026, 3, 9))) == (1, 2)


def test_holidays_of_the_host_do_not_count():
    """A holiday takes a business day out of part and whole."""
    calendar = BusinessDays(holidays=[date(2026, 3, 11)])
    assert WorkingDays(calendar).share(Stretch(date(2026, 3, 9), date(2026, 3, 12), date(2026, 3, 9), date(2026, 3, 16))) == (2, 4)


def test_whole_periods_ask_for_the_whole_service():
    """A period that is left before its end is free, and so is one that was entered late."""
    march = (date(2026, 3, 1), date(2026, 4, 1))
    cut = Stretch(date(2026, 3, 1), date(2026, 3, 17), *march, served_end=date(2026, 3, 17))
    late = Stretch(date(2026, 3, 17), date(2026, 4, 1), *march, served_start=date(2026, 3, 17))
    assert WholePeriods().share(cut) == WholePeriods().share(late) == (0, 1)
    assert NoProration().share(cut) == NoProration().share(late) == (1, 1)


@pytest.mark.parametrize(("wrong", "error"), [("30", InvalidTypeError), (True, InvalidTypeError), (0, InvalidPeriodError)])
def test_a_convention_counts_whole_days(wrong, error):
    """A number of days is a whole number above zero."""
    with pytest.raises(error):
        FixedDays(wrong)
    with pytest.raises(error):
        OverDays(wrong)
