"""How often, and from which day: frequencies, billing cycles and the schedules that they make.

A schedule keeps its anchor day and clamps it in short months without drifting: 31 January, 28 February, 31 March.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from itertools import count

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidTypeError
from billing_domain.periods.period import Period, checked_day
from billing_domain.whole import checked_whole

DAYS_OF_A_WEEK = 7
MONTHS_OF_A_YEAR = 12
LAST_SAFE_DAY = 28
LAST_ANCHOR_DAY = 31
_LAST_MONTH = date.max.year * MONTHS_OF_A_YEAR


class FrequencyUnit(Enum):
    """What a frequency counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {FrequencyUnit.MONTH: 1, FrequencyUnit.QUARTER: 3, FrequencyUnit.YEAR: MONTHS_OF_A_YEAR}
_DAYS = {FrequencyUnit.DAY: 1, FrequencyUnit.WEEK: DAYS_OF_A_WEEK}


@guarded
@attrs.frozen(cache_hash=True)
class Frequency:
    """How long one billing period is: so many days, weeks, months, quarters or years.

    Args:
        unit: What it counts in.
        count: How many of them, one or more.

    Raises:
        InvalidPeriodError: The count is below one.

    Example:
        >>> Frequency.monthly(), Frequency(FrequencyUnit.WEEK, 2).days
        (Frequency(unit=<FrequencyUnit.MONTH: 'month'>, count=1), 14)
    """

    unit: FrequencyUnit
    count: int = 1
    months: int = attrs.field(init=False, repr=False, eq=False)
    """How many months it has; 0 where it counts in days or weeks."""
    days: int = attrs.field(init=False, repr=False, eq=False)
    """How many days it has; 0 where it counts in months."""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.unit, FrequencyUnit):
            raise InvalidTypeError(self.unit, "the unit of a frequency is a FrequencyUnit", "give FrequencyUnit.MONTH or another member")
        checked_whole(self.count, "the count of a frequency is a whole number", "give 1 or more")
        if self.count < 1:
            raise InvalidPeriodError(self.count, "a frequency counts one unit or more", "give 1 or more")
        object.__setattr__(self, "months", _MONTHS.get(self.unit, 0) * self.count)
        object.__setattr__(self, "days", _DAYS.get(self.unit, 0) * self.count)

    @classmethod
    def daily(cls) -> "Frequency":
        """Return "every day"."""
        return cls(FrequencyUnit.DAY)

    @classmethod
    def weekly(cls) -> "Frequency":
        """Return "every week"."""
        return cls(FrequencyUnit.WEEK)

    @classmethod
    def monthly(cls) -> "Frequency":
        """Return "every month"."""
        return cls(FrequencyUnit.MONTH)

    @classmethod
    def quarterly(cls) -> "Frequency":
        """Return "every three months"."""
        return cls(FrequencyUnit.QUARTER)

    @classmethod
    def yearly(cls) -> "Frequency":
        """Return "every year"."""
        return cls(FrequencyUnit.YEAR)


class Alignment(Enum):
    """Which day periods hang on, where the cycle names none."""

    ANNIVERSARY = "anniversary"
    """The day on which the subscription started."""
    CALENDAR = "calendar"
    """Monday, the first of the month, of the quarter, or of the year."""


@guarded
@attrs.frozen(cache_hash=True)
class BillingCycle:
    """From which day the periods of an account or subscription are counted.

    Args:
        alignment: What the periods hang on, where there is no anchor day.
        anchor_day: The day of the month on which periods of months begin, 1 to 31, clamped in short months.

    Raises:
        InvalidPeriodError: The anchor day is not 1 to 31, or stands beside calendar alignment.

    Example:
        >>> cycle = BillingCycle.on_day(15)
        >>> cycle.schedule(Frequency.monthly(), start=date(2026, 1, 20)).period_at(date(2026, 1, 20)).end
        datetime.date(2026, 2, 15)
    """

    alignment: Alignment = Alignment.ANNIVERSARY
    anchor_day: int | None = None

    def __attrs_post_init__(self) -> None:
        if self.anchor_day is not None:
            _checked_anchor(self.anchor_day)
            if self.alignment is Alignment.CALENDAR:
                raise InvalidPeriodError(self.anchor_day, "a calendar cycle has no anchor day", "use BillingCycle.on_day(...)")

    @classmethod
    def anniversary(cls) -> "BillingCycle":
        """Return the cycle whose periods begin on the day the subscription started."""
        return cls()

    @classmethod
    def calendar(cls) -> "BillingCycle":
        """Return the cycle whose periods are calendar weeks, months, quarters and years."""
        return cls(Alignment.CALENDAR)

    @classmethod
    def on_day(cls, anchor_day: int) -> "BillingCycle":
        """Return the cycle whose months begin on that day of the month."""
        return cls(anchor_day=anchor_day)

    def schedule(self, frequency: Frequency, *, start: date) -> "Schedule":
        """Return the schedule of a thing that starts on `start`.

        Args:
            frequency: How long a period is.
            start: The day on which the subscription started.

        Returns:
            The schedule; its first boundary is on or after `start`, or one period before that.
        """
        return _schedule(self, frequency, start)


@lru_cache(maxsize=1 << 12)
def _schedule(cycle: BillingCycle, frequency: Frequency, start: date) -> "Schedule":
    """Make each schedule once: thousands of accounts share a few, and making one costs more than looking it up."""
    if frequency.days:
        by_week = cycle.alignment is Alignment.CALENDAR and frequency.unit is FrequencyUnit.WEEK
        return Schedule(frequency, _week_start(start) if by_week else start)
    if cycle.alignment is Alignment.CALENDAR:
        return Schedule(frequency, date(start.year, _calendar_month(start.month, frequency.months), 1))
    return Schedule(frequency, start, cycle.anchor_day or start.day)


def _checked_anchor(day: object) -> int:
    day = checked_whole(day, "an anchor day is a whole number", "give the day of the month, 1 to 31")
    if not 1 <= day <= LAST_ANCHOR_DAY:
        raise InvalidPeriodError(day, "an anchor day is 1 to 31", "give the day of the month; 31 is the last day of every month")
    return day


def _week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _calendar_month(month: int, months: int) -> int:
    """Return the month in which the calendar block that holds this month begins; blocks longer than a year begin in January."""
    block = min(months, MONTHS_OF_A_YEAR)
    return month - (month - 1) % block if MONTHS_OF_A_YEAR % block == 0 else 1


@lru_cache(maxsize=1 << 15)
def day_in_month(month: int, anchor_day: int) -> date:
    """Return the anchor day of a month, clamped to its last day.

    Args:
        month: Months since year 0: `year * 12 + month - 1`.
        anchor_day: 1 to 31.

    Example:
        >>> day_in_month(2026 * 12 + 1, 31)
        datetime.date(2026, 2, 28)
    """
    year, index = divmod(month, MONTHS_OF_A_YEAR)
    return date(year, index + 1, anchor_day if anchor_day <= LAST_SAFE_DAY else min(anchor_day, monthrange(year, index + 1)[1]))


@attrs.frozen
class Schedule:
    """Boundaries in equal steps from an anchor, in both directions, for ever.

    Args:
        frequency: How long a period is.
        anchor: A day on which, or in whose month, a period begins.
        anchor_day: For periods of months: the day of the month, 1 to 31; the anchor's own day where it is None.

    Example:
        >>> monthly = Schedule(Frequency.monthly(), date(2026, 1, 31))
        >>> [str(monthly.boundary(n)) for n in range(3)]
        ['2026-01-31', '2026-02-28', '2026-03-31']
    """

    frequency: Frequency
    anchor: date
    anchor_day: int | None = None
    _day: int = attrs.field(init=False, repr=False, eq=False)
    _month: int = attrs.field(init=False, repr=False, eq=False)
    _months: int = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_months", self.frequency.months)
        checked_day(self.anchor, "the anchor of a schedule")
        object.__setattr__(self, "_day", _checked_anchor(self.anchor.day if self.anchor_day is None else self.anchor_day))
        object.__setattr__(self, "_month", self.anchor.year * MONTHS_OF_A_YEAR + self.anchor.month - 1)

    def boundary(self, number: int) -> date:
        """Return the day on which period `number` begins; 0 is the anchor's own.

        Raises:
            InvalidPeriodError: The day lies outside the years 1 to 9999.
        """
        months = self._months
        try:
            if months:
                return day_in_month(self._month + number * months, self._day)
            return self.anchor + timedelta(days=self.frequency.days * number)
        except (ValueError, OverflowError):
            raise InvalidPeriodError(number, "a period lies in the years 1 to 9999", "check the dates") from None

    def boundaries(self, day: date) -> Iterator[date]:
        """Return the day on which the period that holds a day begins, then the days on which the next ones do, without end.

        Raises:
            InvalidPeriodError: A day lies outside the years 1 to 9999.

        Example:
            >>> days = Schedule(Frequency.monthly(), date(2026, 1, 31)).boundaries(date(2026, 2, 1))
            >>> [str(next(days)) for _ in range(3)]
            ['2026-01-31', '2026-02-28', '2026-03-31']
        """
        number, months, anchor_day = self.number_at(day), self._months, self._day
        month = self._month + number * months
        while months and month < _LAST_MONTH:
            yield day_in_month(month, anchor_day)
            month += months
            number += 1
        while True:
            yield self.boundary(number)
            number += 1

    def number_at(self, day: date) -> int:
        """Return the number of the period that holds the day.

        Example:
            >>> Schedule(Frequency.quarterly(), date(2026, 1, 15)).number_at(date(2026, 4, 14))
            0
        """
        months = self._months
        if not months:
            return (day - self.anchor).days // self.frequency.days
        number = (day.year * MONTHS_OF_A_YEAR + day.month - 1 - self._month) // months
        return number if self.boundary(number) <= day else number - 1

    def period(self, number: int) -> Period:
        """Return period `number`; 0 begins on the anchor."""
        return Period(self.boundary(number), self.boundary(number + 1))

    def period_at(self, day: date) -> Period:
        """Return the period that holds the day."""
        return self.period(self.number_at(day))

    def periods(self, *, start: date) -> Iterator[Period]:
        """Return the periods from the one that holds `start`, without end."""
        first = self.number_at(start)
        return (self.period(number) for number in count(first))
