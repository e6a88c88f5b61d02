"""When a policy is open, and how long what it grants holds."""

from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidValueError
from billing_domain.instants import utc
from billing_domain.periods import Schedule, checked_day, checked_instant, start_of_day
from billing_domain.whole import checked_whole


def _utc(instant: datetime | None) -> datetime | None:
    """Return the instant in UTC: two times of one zone compare by the clock on the wall, which strikes some hours twice."""
    return None if instant is None else utc(instant)


@guarded
@attrs.frozen
class Window:
    """The instants at which a policy may be granted, half-open; the same instants in other zones are the same window.

    Args:
        start: The first instant; None for always before.
        end: The first instant at which it no longer may; None without end.

    Raises:
        NaiveInstantError: An instant has no zone.
        InvalidPeriodError: It ends before it starts.

    Example:
        >>> from datetime import UTC
        >>> window = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
        >>> window.holds(datetime(2026, 5, 31, 23, tzinfo=UTC)), window.holds(datetime(2026, 6, 1, tzinfo=UTC))
        (True, False)
    """

    start: datetime | None = attrs.field(default=None, eq=_utc)
    end: datetime | None = attrs.field(default=None, eq=_utc)
    _edges: tuple[datetime | None, datetime | None] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for value, what in ((self.start, "the start of a window"), (self.end, "the end of a window")):
            if value is not None:
                checked_instant(value, what)
        start, end = _utc(self.start), _utc(self.end)
        if start is not None and end is not None and end <= start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "a window ends after it starts", "swap the two")
        object.__setattr__(self, "_edges", (start, end))

    @classmethod
    def days(cls, start: date | None, end: date | None, zone: ZoneInfo) -> "Window":
        """Return the window from the start of one day to the start of another, which no longer belongs to it.

        Example:
            >>> window = Window.days(date(2026, 3, 1), date(2026, 6, 1), ZoneInfo("Europe/Vilnius"))
            >>> window.start.isoformat()
            '2026-03-01T00:00:00+02:00'
        """
        return cls(*(None if day is None else start_of_day(day, zone).astimezone(zone) for day in (start, end)))

    def holds(self, at: datetime) -> bool:
        """Say whether the instant lies in it."""
        asked = utc(checked_instant(at, "the instant of a decision"))
        start, end = self._edges
        return (start is None or start <= asked) and (end is None or asked < end)


ALWAYS = Window()
"""At any time."""


class DurationKind(Enum):
    """How the length of a grant is told."""

    ONCE = "once"
    PERIODS = "periods"
    UNTIL = "until"
    CONTRACT = "contract"
    FOREVER = "forever"


@guarded
@attrs.frozen(cache_hash=True)
class Duration:
    """How long a grant holds; it becomes a window of service dates when it is granted.

    Args:
        kind: How the length is told.
        count: How many periods.
        day: The first service day it no longer holds for.

    Example:
        >>> Duration.periods(3).count, Duration.once().kind.value
        (3, 'once')
    """

    kind: DurationKind = DurationKind.ONCE
    count: int = 0
    day: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_whole(self.count, "periods are counted in whole numbers", "give an int")
        if (self.kind is DurationKind.PERIODS) != (self.count > 0):
            raise InvalidValueError(self.count, "a duration of periods, and no other, counts one or more", "write Duration.periods(3)")
        if (self.kind is DurationKind.UNTIL) != (self.day is not None):
            raise InvalidValueError(self.day, "a duration until a day, and no other, names it", "write Duration.until(date(2026, 12, 31))")
        if self.day is not None:
            checked_day(self.day, "the end of a duration")

    @classmethod
    def once(cls) -> "Duration":
        """Return the duration of one document."""
        return cls()

    @classmethod
    def periods(cls, count: int) -> "Duration":
        """Return the duration of so many billing periods."""
        return cls(DurationKind.PERIODS, count)

    @classmethod
    def until(cls, day: date) -> "Duration":
        """Return the duration up to a service day, which no longer belongs to it."""
        return cls(DurationKind.UNTIL, day=day)

    @classmethod
    def for_contract(cls) -> "Duration":
        """Return the duration of the contract."""
        return cls(DurationKind.CONTRACT)

    @classmethod
    def forever(cls) -> "Duration":
        """Return the duration without end."""
        return cls(DurationKind.FOREVER)

    def end(self, start: date, schedule: Schedule, contract_end: date | None = None) -> date | None:
        """Return the first service day that no longer belongs to it.

        Args:
            start: The first service day.
            schedule: The billing periods that are counted; the one that holds the start is the first.
            contract_end: The first day after the contract, where that is known.

        Returns:
            The day; None where there is no end, or where the end is another than a day (once, or no contract end known).

        Example:
            >>> from billing_domain.periods import Frequency, Schedule
            >>> Duration.periods(3).end(date(2026, 3, 1), Schedule(Frequency.monthly(), date(2026, 1, 1)))
            datetime.date(2026, 6, 1)
        """
        match self.kind:
            case DurationKind.PERIODS:
                return schedule.boundary(schedule.number_at(start) + self.count)
            case DurationKind.CONTRACT:
                return contract_end
            case _:
                return self.day
