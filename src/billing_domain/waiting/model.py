"""The frozen values of waiting: what is expected to come in, and who waits."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import NoReturn

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError, NoSuchResultError
from billing_domain.ids import checked_id
from billing_domain.instants import ZERO, checked_instant, elapsed, later, span
from billing_domain.money import Number, not_negative, to_decimal
from billing_domain.whole import checked_whole

LOWEST_CLASS = 1000
HALF_HOUR = timedelta(minutes=30)
_TICK = timedelta.resolution


def _calls(value: Number) -> Decimal:
    return not_negative(value, "calls")


def percentage(value: Number, what: str, *, open_ended: bool = True) -> Fraction:
    """Return the percentage as an exact share between 0 and 1.

    Args:
        value: Percent, such as 80 or `"99.5"`.
        what: What it is, for the message.
        open_ended: Whether 0 and 100 themselves are refused.

    Raises:
        InvalidTypeError: It is a float, which is how shares are written: 80 or `"80"` is meant, not 0.8.
        InvalidAmountError: It is not between 0 and 100.

    Example:
        >>> from billing_domain.waiting.model import percentage
        >>> percentage(80, "target")
        Fraction(4, 5)
    """
    if isinstance(value, float):
        raise InvalidTypeError(value, f"{what} is a percentage as Decimal, int or text, never float", 'give percent, such as 80 or "99.5"')
    number = to_decimal(value, what)
    if not 0 <= number <= 100 or (open_ended and number in {0, 100}):
        rule = "above 0 and below 100" if open_ended else "from 0 to 100"
        raise InvalidAmountError(value, f"{what} is a percentage {rule}", "give percent, such as 80")
    return Fraction(number) / 100


class LevelDefinition(Enum):
    """Which calls a service level is a share of; each shows 100 calls, 70 answered in time, 10 later, 20 lost, 5 of these in time."""

    OF_OFFERED = "of-offered"
    """Answered in time ÷ all calls, lost ones too: 70 ÷ 100. The strictest, and the default."""
    OF_ANSWERED = "of-answered"
    """Answered in time ÷ answered: 70 ÷ 80. Who gave up does not count, so long waits flatter it."""
    WITHOUT_SHORT_ABANDONS = "without-short-abandons"
    """Answered in time ÷ all but those who gave up in time: 70 ÷ 95. Nobody can be blamed for a caller who leaves at once."""


def require_definition(value: LevelDefinition) -> LevelDefinition:
    """Return the definition if it is one; a text or another enumeration is refused.

    Raises:
        InvalidTypeError: It is something else.

    Example:
        >>> from billing_domain.waiting import LevelDefinition
        >>> from billing_domain.waiting.model import require_definition
        >>> require_definition(LevelDefinition.OF_OFFERED).value
        'of-offered'
    """
    if not isinstance(value, LevelDefinition):
        raise InvalidTypeError(value, "the definition of a service level is a LevelDefinition", "choose one of its members")
    return value


@attrs.frozen
class Overloaded:
    """The answer where there is none: more work comes in than the agents can do, and no caller gives up, so the queue grows without end.

    Args:
        load: The work that comes in, in erlangs.
        agents: Those who are there.

    Example:
        >>> from billing_domain.waiting import Overloaded
        >>> Overloaded(load=10.6, agents=10).agents_needed
        11
    """

    load: float
    agents: int

    @property
    def agents_needed(self) -> int:
        """The fewest agents with which the queue has an end."""
        return int(self.load) + 1

    @property
    def outlook(self) -> NoReturn:
        """Raises `NoSuchResultError`, for there is none."""
        raise NoSuchResultError(self, "the queue grows without end", f"take at least {self.agents_needed} agents, or state a patience")


@guarded
@attrs.frozen
class Demand:
    """The calls expected in one stretch of the day.

    Args:
        start: When it begins, with a zone.
        calls: How many come in during the stretch, zero or more; parts of a call are welcome, it is a mean.
        handling_time: How long an agent is busy with one on average, talk and work after it.
        lasts: The length of the stretch, half an hour by default.
        patience: How long a caller waits on average before hanging up; none means that nobody ever does.

    Raises:
        InvalidValueError: Calls below zero, a span that is not above zero, or a start without a zone.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import Demand
        >>> Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3)).load
        10.0
    """

    start: datetime
    calls: Decimal = attrs.field(converter=_calls)
    handling_time: timedelta
    lasts: timedelta = HALF_HOUR
    patience: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        checked_instant(self.start, "start of a demand")
        span(self.handling_time, "handling time", above=True)
        span(self.lasts, "length of a demand", above=True)
        if self.patience is not None:
            span(self.patience, "patience", above=True)

    @property
    def load(self) -> float:
        """The work that comes in, in erlangs: calls × handling time ÷ length, worked out exactly and then made a float."""
        return float(Fraction(self.calls) * (self.handling_time // _TICK) / (self.lasts // _TICK))

    @property
    def end(self) -> datetime:
        """When the stretch ends, which itself is no longer in it."""
        return later(self.start, self.lasts)


@guarded
@attrs.frozen
class CallBack:
    """A call-back that was offered: the window in which the company will ring.

    Args:
        earliest: The start of the window, with a zone.
        latest: Its end; a call after it breaks the promise.
        agreed: Whether the caller took the offer; before that it is only an offer, and the caller holds the line.
        attempts: How often the company rang and nobody answered.

    Raises:
        InvalidPeriodError: The window ends before it starts.

    Example:
        >>> from datetime import UTC, datetime
        >>> from billing_domain.waiting import CallBack
        >>> CallBack(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)).agreed
        False
    """

    earliest: datetime
    latest: datetime
    agreed: bool = False
    attempts: int = 0

    def __attrs_post_init__(self) -> None:
        if elapsed(checked_instant(self.earliest, "start of a window"), checked_instant(self.latest, "end of a window")) < ZERO:
            raise InvalidPeriodError(f"{self.earliest} to {self.latest}", "a window does not end before it starts", "swap the two")


def skill_set(value: Iterable[str]) -> frozenset[str]:
    """Return the codes as a set, refusing a single text, which would be taken for its letters."""
    if isinstance(value, str):
        raise InvalidTypeError(value, "skills are a set of codes", 'write {"billing"}')
    return frozenset(checked_id(skill, "a skill") for skill in value)


def require_priority(value: int) -> int:
    """Return the priority if it is a class from 1, the most urgent, to 1000.

    Raises:
        InvalidTypeError: It is not a whole number.
        InvalidValueError: It is out of range.

    Example:
        >>> from billing_domain.waiting.model import require_priority
        >>> require_priority(2)
        2
    """
    checked_whole(value, "a priority is a whole number", "give 1 for the most urgent class")
    if not 1 <= value <= LOWEST_CLASS:
        raise InvalidValueError(value, f"a priority is 1 to {LOWEST_CLASS}, 1 being the most urgent", "give 1")
    return value


@guarded
@attrs.frozen
class Waiting:
    """One call that waits.

    Args:
        id: The host's id of the call, unique in its queue.
        priority: 1 for the most urgent class, then 2, 3 and so on to 1000.
        arrived: When the caller came, with a zone.
        skills: What the agent must be able to do; empty where any agent can help.
        prefers: What the agent should be able to do, dropped after the policy's `widen_after`.
        call_back: The call-back that was offered, or agreed on.

    Raises:
        InvalidValueError: A blank id, a class that is not from 1 to 1000, an instant without a zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> from billing_domain.waiting import Waiting
        >>> Waiting(id="C-1", priority=2, arrived=datetime(2026, 3, 2, 9, tzinfo=UTC)).skills
        frozenset()
    """

    id: str
    priority: int
    arrived: datetime
    skills: frozenset[str] = attrs.field(default=frozenset(), converter=skill_set)
    prefers: frozenset[str] = attrs.field(default=frozenset(), converter=skill_set)
    call_back: CallBack | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a call")
        require_priority(self.priority)
        checked_instant(self.arrived, "arrival of a call")

    @property
    def promised(self) -> CallBack | None:
        """The call-back that the caller agreed to, if any."""
        return self.call_back if self.call_back and self.call_back.agreed else None

    def waited(self, at: datetime) -> timedelta:
        """Return how long the call has waited by then."""
        return elapsed(self.arrived, at)
