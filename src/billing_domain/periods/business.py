"""Business days: which days count, and where a day moves that does not."""

from collections.abc import Iterable
from datetime import date

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError
from billing_domain.periods.period import ONE_DAY, checked_day
from billing_domain.whole import checked_whole

_WEEK = 7


def _weekend(values: Iterable[int]) -> frozenset[int]:
    return frozenset(values)


def _holidays(values: Iterable[date]) -> frozenset[date]:
    return frozenset(checked_day(day, "a holiday") for day in values)


@guarded
@attrs.frozen
class BusinessDays:
    """The days on which a company works.

    Args:
        weekend: Days of the week that do not count, Monday is 0; Saturday and Sunday by default.
        holidays: Other days that do not count, given by the host.

    Raises:
        InvalidPeriodError: No day of the week is left, or one is not 0 to 6.

    Example:
        >>> from datetime import date
        >>> days = BusinessDays(holidays=[date(2026, 3, 11)])
        >>> date(2026, 3, 11) in days, days.on_or_after(date(2026, 3, 14))
        (False, datetime.date(2026, 3, 16))
        >>> days.add(date(2026, 3, 10), 3)
        datetime.date(2026, 3, 16)
    """

    weekend: frozenset[int] = attrs.field(converter=_weekend, default=frozenset({5, 6}))
    holidays: frozenset[date] = attrs.field(converter=_holidays, default=frozenset())

    def __attrs_post_init__(self) -> None:
        if not self.weekend <= frozenset(range(_WEEK)) or len(self.weekend) == _WEEK:
            raise InvalidPeriodError(
                sorted(self.weekend), "a weekend leaves at least one day of the week, Monday is 0", "name the days off"
            )

    def __contains__(self, day: object) -> bool:
        known = checked_day(day, "the day")
        return known.weekday() not in self.weekend and known not in self.holidays

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it counts, else the next one that does."""
        while day not in self:
            day += ONE_DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the business day that many business days after the day; the day itself is day 0.

        Args:
            day: Where counting begins.
            count: How many business days, zero or more.

        Raises:
            InvalidTypeError: The count is not a whole number.
            InvalidPeriodError: The count is negative.
        """
        checked_whole(count, "business days are counted in whole days", "give a whole number")
        if count < 0:
            raise InvalidPeriodError(count, "business days are counted forwards", "give zero or more")
        for _ in range(count):
            day = self.on_or_after(day + ONE_DAY)
        return day
