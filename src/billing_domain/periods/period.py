"""Half-open stretches of days, and the way between days and instants."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidTypeError
from billing_domain.instants import checked_instant

ONE_DAY = timedelta(days=1)
FOREVER = date.max
"""Stands for "no end" in arithmetic on days; it is never shown."""


def checked_day(value: object, what: str) -> date:
    """Return the value if it is a day, and not an instant.

    Raises:
        InvalidTypeError: It is not a `datetime.date`, or it is a `datetime`.

    Example:
        >>> from datetime import date
        >>> checked_day(date(2026, 3, 1), "the start")
        datetime.date(2026, 3, 1)
    """
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InvalidTypeError(value, f"{what} is a day", "give a datetime.date; local_day(instant, zone) makes one of an instant")
    return value


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day on which the instant falls in the zone.

    Args:
        instant: An aware instant.
        zone: The account's zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> local_day(datetime(2026, 2, 28, 22, 30, tzinfo=UTC), ZoneInfo("Europe/Vilnius"))
        datetime.date(2026, 3, 1)
    """
    return checked_instant(instant, "the instant").astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of the day in the zone, in UTC.

    Where a clock change skips midnight, it is the first instant that exists.

    Example:
        >>> start_of_day(date(2026, 3, 1), ZoneInfo("Europe/Vilnius")).isoformat()
        '2026-02-28T22:00:00+00:00'
    """
    local = datetime.combine(checked_day(day, "the day"), time(), tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).date() == day:
        return instant
    return local.replace(fold=1).astimezone(UTC)


@guarded
@attrs.frozen(order=True)
class Period:
    """Days from `start` to before `end`: the end is the first day that no longer belongs to it.

    March is `Period(date(2026, 3, 1), date(2026, 4, 1))`: periods that follow each other share a day, and no day is counted twice.

    Args:
        start: The first day.
        end: The day after the last day, after `start`.

    Raises:
        InvalidTypeError: One of them is not a day.
        InvalidPeriodError: The end is not after the start.

    Example:
        >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
        >>> march.days, march.last, date(2026, 4, 1) in march
        (31, datetime.date(2026, 3, 31), False)
    """

    start: date
    end: date

    def __attrs_post_init__(self) -> None:
        checked_day(self.start, "the start of a period")
        checked_day(self.end, "the end of a period")
        if self.end <= self.start:
            raise InvalidPeriodError(
                f"{self.start} to {self.end}", "a period ends after it starts", "swap them, or leave the empty period out"
            )

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - ONE_DAY

    def __contains__(self, day: object) -> bool:
        return self.start <= checked_day(day, "the day") < self.end

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"

    def overlap(self, other: "Period") -> "Period | None":
        """Return the days that both have, or None.

        Example:
            >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
            >>> str(march.overlap(Period(date(2026, 3, 17), date(2026, 5, 1))))
            '[2026-03-17, 2026-04-01)'
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def covers(self, other: "Period") -> bool:
        """Say whether every day of the other lies in this one."""
        return self.start <= other.start and other.end <= self.end


def tiles(periods: Iterable[Period]) -> bool:
    """Say whether each period starts on the day on which the one before it ends.

    Example:
        >>> march, april = Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 5, 1))
        >>> tiles([march, april]), tiles([april, march])
        (True, False)
    """
    listed = list(periods)
    return all(before.end == after.start for before, after in pairwise(listed))
