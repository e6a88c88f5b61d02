"""Business days: printed vectors of a banking rule, and what must hold of any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidPeriodError, InvalidTypeError
from billing_domain.periods import BusinessDays

HOLIDAYS = [date(2014, 11, 11), date(2014, 11, 27), date(2014, 12, 25), date(2015, 1, 1)]
VECTORS = [
    (date(2014, 11, 3), date(2014, 11, 18)),
    (date(2014, 11, 7), date(2014, 11, 24)),
    (date(2014, 11, 10), date(2014, 11, 25)),
    (date(2014, 11, 12), date(2014, 11, 26)),
    (date(2014, 11, 13), date(2014, 11, 28)),
    (date(2014, 12, 31), date(2015, 1, 15)),
]
calendars = st.builds(
    BusinessDays, st.frozensets(st.integers(0, 6), max_size=6), st.frozensets(st.dates(date(2026, 1, 1), date(2026, 2, 1)), max_size=9)
)
days = st.dates(date(2025, 12, 1), date(2026, 3, 1))


@pytest.mark.parametrize(("received", "due"), VECTORS)
def test_ten_business_days_of_regulation_e(received, due):
    """Ten business days after receipt, the day of receipt being day 0 (12 CFR 1005.11, as a trade chart prints them)."""
    assert BusinessDays(holidays=HOLIDAYS).add(received, 10) == due


@given(calendars, days, st.integers(0, 12))
def test_adding_counts_the_days_that_count(calendar, day, count):
    """Between a day and the business day so many later lie exactly so many days that count."""
    end = calendar.add(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(each in calendar for each in between) == count
    assert end == day or end in calendar


@given(calendars, days)
def test_the_next_business_day_is_the_first_that_counts(calendar, day):
    """A day that counts stays, another moves to the first one after it that does."""
    moved = calendar.on_or_after(day)
    assert moved in calendar
    assert not any(day + timedelta(days=number) in calendar for number in range((moved - day).days))


@pytest.mark.parametrize("weekend", [range(7), [7], [-1]])
def test_a_week_has_a_business_day(weekend):
    """A weekend of seven days, or of a day that is none, is refused."""
    with pytest.raises(InvalidPeriodError):
        BusinessDays(weekend=weekend)


def test_business_days_are_counted_forwards_in_whole_days():
    """A negative count, a bool and a fraction are refused."""
    with pytest.raises(InvalidPeriodError):
        BusinessDays().add(date(2026, 1, 1), -1)
    for count in (True, 1.5):
        with pytest.raises(InvalidTypeError):
            BusinessDays().add(date(2026, 1, 1), count)
