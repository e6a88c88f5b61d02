"""Regimes: the clocks that a law or a promise gives a dispute, as dated data."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple, assert_never

import attrs

from billing_domain.doors import door, guarded
from billing_domain.errors import InvalidPeriodError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.periods import BusinessDays, Frequency, FrequencyUnit, Schedule, checked_day
from billing_domain.whole import checked_whole


class ClockUnit(Enum):
    """What a clock counts in."""

    DAY = "day"
    BUSINESS_DAY = "business-day"
    WEEK = "week"
    MONTH = "month"
    BILLING_CYCLE = "billing-cycle"
    """Whole cycles of the account that begin after the first day; a part of one does not count."""


class ClockKind(Enum):
    """What must happen before a clock runs out."""

    CLAIM = "claim"
    """The customer speaks up; counted from the day of the statement."""
    ACKNOWLEDGE = "acknowledge"
    """The company confirms that it has the case."""
    RESOLVE = "resolve"
    """The company answers."""
    ESCALATE = "escalate"
    """From the day after, the customer may go to a third party although nothing was decided."""
    REFER = "refer"
    """The customer may take the decision to a third party; counted from the day of the decision."""

    @property
    def is_duty(self) -> bool:
        """Whether the company is late when it runs out; the others are rights of the customer."""
        return self in {ClockKind.ACKNOWLEDGE, ClockKind.RESOLVE}


class ClockStart(Enum):
    """What the first day of a clock is."""

    STATEMENT = "statement"
    """The day of the statement that is disputed."""
    OPENED = "opened"
    """The day on which the company had the case, or it was reopened."""
    DECIDED = "decided"
    """The day of the decision."""


_STARTS = {ClockKind.CLAIM: ClockStart.STATEMENT, ClockKind.REFER: ClockStart.DECIDED}


class Roll(Enum):
    """What happens to a last day that is not a business day."""

    NONE = "none"
    NEXT_BUSINESS_DAY = "next-business-day"


@guarded
@attrs.frozen
class Clock:
    """So many units from a day on; the day itself is day 0, or day 1 where `counts_first` says so.

    Args:
        kind: What must happen in time; it also says from when: a claim from the statement, a referral from the decision,
            all others from the day on which the company had the case.
        count: How many units, one or more.
        unit: What it counts in.
        roll: What happens to a last day that is not a business day.
        pauses: Whether it stands still while the customer is asked for something; statutory clocks do not.
        counts_first: Whether the day from which it counts is itself counted.

    Raises:
        InvalidPeriodError: The count is below one.

    Example:
        >>> Clock(ClockKind.RESOLVE, 14).last_day(date(2026, 3, 2), Calendar())
        datetime.date(2026, 3, 16)
    """

    kind: ClockKind
    count: int
    unit: ClockUnit = ClockUnit.DAY
    roll: Roll = Roll.NONE
    pauses: bool = False
    counts_first: bool = False

    def __attrs_post_init__(self) -> None:
        for value, kind in ((self.kind, ClockKind), (self.unit, ClockUnit), (self.roll, Roll)):
            if not isinstance(value, kind):
                raise InvalidTypeError(value, f"it is a {kind.__name__}", f"give a member of {kind.__name__}")
        checked_whole(self.count, "a clock runs whole units", "give an int")
        if self.count < 1:
            raise InvalidPeriodError(self.count, "a clock runs one unit or more", "give 1 or more")

    @property
    def start(self) -> ClockStart:
        """From which day it counts."""
        return _STARTS.get(self.kind, ClockStart.OPENED)

    def last_day(self, start: date, calendar: "Calendar", paused_days: int = 0) -> date:
        """Return the last day on which it is still in time.

        Args:
            start: Day 0.
            calendar: Business days, and the cycles of the account.
            paused_days: Days on which it stood still; they count only where it pauses.

        Raises:
            InvalidValueError: It counts billing cycles and the calendar has none.
        """
        first = checked_day(start, "the start of a clock")
        day = _counted(self, first - timedelta(days=1) if self.counts_first else first, calendar)
        if self.pauses:
            day += timedelta(days=paused_days)
        return calendar.business_days.on_or_after(day) if self.roll is Roll.NEXT_BUSINESS_DAY else day


@guarded
@attrs.frozen
class Calendar:
    """What a deadline is counted on.

    Args:
        business_days: Which days count as business days.
        cycles: The billing cycles of the account; None where no clock counts in them.
    """

    business_days: BusinessDays = BusinessDays()
    cycles: Schedule | None = None


def _counted(clock: Clock, start: date, calendar: Calendar) -> date:
    match clock.unit:
        case ClockUnit.DAY:
            return start + timedelta(days=clock.count)
        case ClockUnit.WEEK:
            return start + timedelta(weeks=clock.count)
        case ClockUnit.BUSINESS_DAY:
            return calendar.business_days.add(start, clock.count)
        case ClockUnit.MONTH:
            return Schedule(Frequency(FrequencyUnit.MONTH, clock.count), start).boundary(1)
        case ClockUnit.BILLING_CYCLE:
            return _cycles(clock, start, calendar)
        case _:
            assert_never(clock.unit)


def _cycles(clock: Clock, start: date, calendar: Calendar) -> date:
    if calendar.cycles is None:
        raise InvalidValueError(
            clock.kind.value, "a clock that counts billing cycles needs the account's cycles", "give Calendar(cycles=...)"
        )
    running = calendar.cycles.number_at(start)
    first = running if calendar.cycles.boundary(running) == start else running + 1
    return calendar.cycles.boundary(first + clock.count)


def _clocks(values: Iterable[Clock]) -> tuple[Clock, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class DisputeRegime:
    """The rules that hold for disputes somewhere, from a day on.

    Args:
        code: A short code, such as `lt-consumer`.
        title: What it is called.
        jurisdiction: ISO 3166 code of the country, or a name such as `EU`.
        clocks: What must happen when; of several clocks of one kind the first to run out counts.
        source: Where the rule is stated.
        checked_on: The day on which the source was compared with the data.
        start: The first day on which a dispute may be opened under it.
        end: The first day on which it no longer may; None while it is in force.
        body: Who hears the case next, such as an ombudsman; named in refusals.
        grace_days: Days that the customer has at least to pay what a decision says is owed.

    Raises:
        InvalidPeriodError: The end is not after the start.

    Example:
        >>> house = DisputeRegime("house", "House rules", "LT", [Clock(ClockKind.RESOLVE, 14)], "own promise", date(2026, 1, 1))
        >>> house.holds(date(2026, 3, 1))
        True
    """

    code: str
    title: str
    jurisdiction: str
    clocks: tuple[Clock, ...] = attrs.field(converter=_clocks)
    source: str
    checked_on: date
    start: date = date.min
    end: date | None = None
    body: str = ""
    grace_days: int = 10

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a regime")
        checked_day(self.checked_on, "the day of the check")
        if not isinstance(self.source, str) or not self.source.strip():
            raise InvalidValueError(repr(self.source), "a regime says where its rules are stated", "name the law, or the promise")
        if self.end is not None and checked_day(self.end, "the end of a regime") <= self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "a regime ends after it starts", "swap the days")
        if self.grace_days < 0:
            raise InvalidPeriodError(self.grace_days, "days of grace are zero or more", "give zero or more")

    def holds(self, day: date) -> bool:
        """Say whether a dispute may be opened under it on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Deadline(NamedTuple):
    """The last day of one clock.

    Args:
        kind: What must have happened.
        day: The last day on which it is in time.
        clock: The clock that runs out first.
    """

    kind: ClockKind
    day: date
    clock: Clock


@door
def deadlines(
    regime: DisputeRegime, opened_on: date, calendar: Calendar, paused_days: int = 0, *, decided_on: date | None = None
) -> tuple[Deadline, ...]:
    """Return the deadlines that opening a dispute starts, and deciding it, the earliest first.

    Args:
        regime: The rules.
        opened_on: The day on which the company had the case; day 0.
        calendar: Business days, and the cycles of the account.
        paused_days: Days on which the customer was asked for something.
        decided_on: The day of the decision; None while there is none.

    Example:
        >>> clocks = [Clock(ClockKind.RESOLVE, 14), Clock(ClockKind.ACKNOWLEDGE, 2)]
        >>> rules = DisputeRegime("house", "House rules", "LT", clocks, "own promise", date(2026, 1, 1))
        >>> [(found.kind.value, str(found.day)) for found in deadlines(rules, date(2026, 3, 2), Calendar())]
        [('acknowledge', '2026-03-04'), ('resolve', '2026-03-16')]
    """
    earliest: dict[ClockKind, Deadline] = {}
    starts = {ClockStart.OPENED: opened_on, ClockStart.DECIDED: decided_on}
    for clock in regime.clocks:
        start = starts.get(clock.start)
        if start is None:
            continue
        found = Deadline(clock.kind, clock.last_day(start, calendar, paused_days), clock)
        known = earliest.get(clock.kind)
        if known is None or found.day < known.day:
            earliest[clock.kind] = found
    return tuple(sorted(earliest.values(), key=lambda deadline: (deadline.day, deadline.kind.value)))


@door
def claim_until(regime: DisputeRegime, statement_on: date, calendar: Calendar) -> date | None:
    """Return the last day on which a customer may claim about a statement; None where the regime has no such limit."""
    days = [clock.last_day(statement_on, calendar) for clock in regime.clocks if clock.kind is ClockKind.CLAIM]
    return min(days, default=None)
