"""Which share of a period a stretch of it is: two whole numbers, never a rounded fraction."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol, runtime_checkable

import attrs

from billing_domain.periods.period import Period


class Share(NamedTuple):
    """So many parts of a whole, exact: `Share(17, 31)` is 17 of 31 days.

    Args:
        part: Zero or more.
        of: One or more.
    """

    part: int
    of: int


@attrs.frozen
class Stretch:
    """What a proration is asked about: some days of a whole period.

    Args:
        start: The first day of the part.
        end: The day after its last day.
        whole_start: The first day of the whole period.
        whole_end: The day after its last day.
        served_start: The first day on which anything of the charge is served in the period; the period's own where None.
        served_end: The day after the last such day; the period's own where None.

    Example:
        >>> stretch = Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1))
        >>> stretch.part.days, stretch.whole.days
        (15, 31)
    """

    start: date
    end: date
    whole_start: date
    whole_end: date
    served_start: date | None = None
    served_end: date | None = None

    @property
    def first(self) -> date:
        """The first day on which anything of the charge is served in the period."""
        return self.whole_start if self.served_start is None else self.served_start

    @property
    def last_end(self) -> date:
        """The day after the last day on which anything of the charge is served in the period."""
        return self.whole_end if self.served_end is None else self.served_end

    @property
    def part(self) -> "Days":
        """The days that count."""
        return Days(self.start, self.end)

    @property
    def whole(self) -> "Days":
        """All days of the period."""
        return Days(self.whole_start, self.whole_end)


@attrs.frozen
class Days:
    """Days that can be counted one by one.

    Args:
        start: The first day.
        end: The day after the last.

    Example:
        >>> [day.day for day in Days(date(2026, 2, 27), date(2026, 3, 2))]
        [27, 28, 1]
    """

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.end - self.start).days

    def __iter__(self) -> Iterator[date]:
        return (date.fromordinal(number) for number in range(self.start.toordinal(), self.end.toordinal()))

    @property
    def period(self) -> Period:
        """The same days as a period."""
        return Period(self.start, self.end)


@runtime_checkable
class Proration(Protocol):
    """**Protocol:** says which share of a whole period a stretch of it is.

    Called once for each stretch that is shorter than its period; a stretch that is the whole period is never asked about.
    The shares of stretches that tile a period must not sum to more than one, and should sum to one.
    """

    @property
    def code(self) -> str:
        """The name under which lines remember it."""
        ...

    def share(self, stretch: Stretch) -> Share:
        """Return the exact share as two whole numbers."""
        ...


@attrs.frozen
class ActualDays:
    """Days of the stretch over days of the period: the default.

    Example:
        >>> ActualDays().share(Stretch(date(2026, 3, 17), date(2026, 4, 1), date(2026, 3, 1), date(2026, 4, 1)))
        Share(part=15, of=31)
    """

    code = "actual-days"

    def share(self, stretch: Stretch) -> Share:
        """Return days over days."""
        return Share((stretch.end - stretch.start).days, (stretch.whole_end - stretch.whole_start).days)
