"""Conventions of proration beside actual days: months of thirty days, fixed denominators, months first, business days, whole or not at all.

Each shows the same stretch: 17 to 31 March of a period that is March.
"""

from datetime import date
from math import gcd

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError
from billing_domain.periods.business import BusinessDays
from billing_domain.periods.cycle import MONTHS_OF_A_YEAR, day_in_month
from billing_domain.periods.proration import Share, Stretch
from billing_domain.whole import checked_whole

DAYS_OF_A_MONTH = 30


def months_between(start: date, end: date) -> int:
    """Return how many times the month changes from one day to the other.

    Example:
        >>> months_between(date(2026, 1, 31), date(2026, 2, 28))
        1
    """
    return (end.year - start.year) * MONTHS_OF_A_YEAR + end.month - start.month


def _checked_days(value: object) -> int:
    value = checked_whole(value, "a convention counts in whole days", "give a whole number")
    if value < 1:
        raise InvalidPeriodError(value, "a convention counts at least one day", "give one or more")
    return value


def _actual(stretch: Stretch) -> Share:
    return Share((stretch.end - stretch.start).days, (stretch.whole_end - stretch.whole_start).days)


@guarded
@attrs.frozen
class FixedDays:
    """Every month has so many days: 30/360 strict with 30 of them.

    Days beyond them are not counted, and a month that has fewer is filled up by its last day.
    A period shorter than a month is counted in actual days.

    Args:
        days_in_month: 1 to 31.

    Source: Kill Bill, `proration.fixed.days`; Zuora, "30 strict/360".

    Example:
        >>> from datetime import date
        >>> FixedDays(30).share(Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=14, of=30)
    """

    code = "fixed-days"
    days_in_month: int = attrs.field(converter=_checked_days, default=DAYS_OF_A_MONTH)

    def share(self, stretch: Stretch) -> Share:
        """Return the days of fixed months over those of the period."""
        months = months_between(stretch.whole_start, stretch.whole_end)
        if not months:
            return _actual(stretch)
        whole = months * self.days_in_month
        return Share(self._place(stretch, stretch.end, whole) - self._place(stretch, stretch.start, whole), whole)

    def _place(self, stretch: Stretch, day: date, whole: int) -> int:
        """Return how many fixed days lie between the start of the period and a day in it."""
        if day >= stretch.whole_end:
            return whole
        start = stretch.whole_start
        days = min(day.day, self.days_in_month) - min(start.day, self.days_in_month)
        return min(max(months_between(start, day) * self.days_in_month + days, 0), whole)


@attrs.frozen
class Thirty360:
    """Actual days over months of thirty days: 30/360 actual.

    A stretch never costs more than its period: the 31st day of a month adds nothing, and a short month comes to less than one.
    A period shorter than a month is counted in actual days.

    Source: Zuora, "30 actual/360".

    Example:
        >>> from datetime import date
        >>> Thirty360().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=14, of=30)
        >>> Thirty360().share(Stretch(date(2026, 3, 1), date(2026, 3, 17), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=16, of=30)
    """

    code = "30-actual-360"

    def share(self, stretch: Stretch) -> Share:
        """Return actual days over thirty for each month of the period."""
        months = months_between(stretch.whole_start, stretch.whole_end)
        return _capped(stretch, months * DAYS_OF_A_MONTH) if months else _actual(stretch)


@attrs.frozen
class OverDays:
    """Actual days over a stated number, such as 365 for a year, whatever the period has: the denominator of the plan.

    A stretch never costs more than its period: days beyond the number add nothing.

    Args:
        days: The denominator, one or more.

    Example:
        >>> from datetime import date
        >>> OverDays(30).share(Stretch(date(2026, 3, 1), date(2026, 3, 17), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=16, of=30)
    """

    code = "over-days"
    days: int = attrs.field(converter=_checked_days)

    def share(self, stretch: Stretch) -> Share:
        """Return actual days over the stated number."""
        return _capped(stretch, self.days)


def _capped(stretch: Stretch, whole: int) -> Share:
    start, end = (stretch.start - stretch.whole_start).days, (stretch.end - stretch.whole_start).days
    return Share(min(end, whole) - min(start, whole), whole)


@attrs.frozen
class MonthsFirst:
    """Whole months of the period count alike; what is left of a month goes by its actual days.

    A period shorter than a month is counted in actual days.

    Source: Zuora, "prorate by month first"; counted on the months of the period, so that parts sum to the whole.

    Example:
        >>> from datetime import date
        >>> MonthsFirst().share(Stretch(date(2026, 1, 16), date(2026, 4, 1), date(2026, 1, 1), date(2026, 4, 1)))
        Share(part=78, of=93)
    """

    code = "months-first"

    def share(self, stretch: Stretch) -> Share:
        """Return months and days of a month over the months of the period."""
        months = months_between(stretch.whole_start, stretch.whole_end)
        if not months:
            return _actual(stretch)
        part, of = _place(stretch, stretch.end, months)
        less, over = _place(stretch, stretch.start, months)
        part, of = part * over - less * of, of * over
        shrink = gcd(part, of) if part else of
        return Share(part // shrink, of // shrink * months)


def _place(stretch: Stretch, day: date, months: int) -> tuple[int, int]:
    """Return how many months lie between the start of the period and a day in it, as a fraction."""
    starts = [_month_start(stretch, number) for number in range(months + 1)]
    number = max(index for index, start in enumerate(starts) if start <= day)
    if number == months:
        return months, 1
    length = (starts[number + 1] - starts[number]).days
    return number * length + (day - starts[number]).days, length


def _month_start(stretch: Stretch, number: int) -> date:
    """Return the start of a month of the period, on its anchor day or the last day of a shorter month."""
    start, end = stretch.whole_start, stretch.whole_end
    if number == 0:
        return start
    if number == months_between(start, end):
        return end
    return day_in_month(start.year * MONTHS_OF_A_YEAR + start.month - 1 + number, max(start.day, end.day))


@attrs.frozen
class WorkingDays:
    """Only business days count; a period that has none is counted in actual days.

    Args:
        calendar: Which days count, with the host's holidays.

    Example:
        >>> from datetime import date
        >>> WorkingDays().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=11, of=22)
    """

    code = "working-days"
    calendar: BusinessDays = BusinessDays()

    def share(self, stretch: Stretch) -> Share:
        """Return business days over business days."""
        whole = sum(day in self.calendar for day in stretch.whole)
        return Share(sum(day in self.calendar for day in stretch.part), whole) if whole else _actual(stretch)


@attrs.frozen
class NoProration:
    """A period that has begun costs its whole price, by the terms of the first day served; a change counts from the next period.

    Example:
        >>> from datetime import date
        >>> march = (date(2026, 3, 1), date(2026, 4, 1))
        >>> NoProration().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), *march, served_start=date(2026, 3, 17)))
        Share(part=1, of=1)
        >>> NoProration().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), *march))
        Share(part=0, of=1)
    """

    code = "none"

    def share(self, stretch: Stretch) -> Share:
        """Return all for the stretch on which service in the period begins, else nothing."""
        return Share(int(stretch.start <= stretch.first), 1)


@attrs.frozen
class WholePeriods:
    """Only a period served from its first to its last day is charged, by the terms of the first day; a part of one is free.

    Example:
        >>> from datetime import date
        >>> march = (date(2026, 3, 1), date(2026, 4, 1))
        >>> WholePeriods().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), *march, served_start=date(2026, 3, 17)))
        Share(part=0, of=1)
    """

    code = "whole-periods"

    def share(self, stretch: Stretch) -> Share:
        """Return all for the first stretch of a period served to its end, else nothing."""
        served = stretch.first <= stretch.whole_start and stretch.last_end >= stretch.whole_end
        return Share(int(served and stretch.start <= stretch.whole_start), 1)
