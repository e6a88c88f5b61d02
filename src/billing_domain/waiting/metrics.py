"""Metrics of calls that are over, each with its definition named."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import Enum
from fractions import Fraction

import attrs

from billing_domain.doors import door, guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, OutOfOrderError
from billing_domain.ids import checked_id
from billing_domain.instants import ZERO, checked_instant, elapsed, span
from billing_domain.money import Number
from billing_domain.waiting.model import LevelDefinition, percentage, require_definition
from billing_domain.waiting.queue import Left, Serve
from billing_domain.waiting.targets import ServiceLevel


class Ending(Enum):
    """How the wait of a call ended."""

    ANSWERED = "answered"
    """An agent spoke with the caller, who had held the line."""
    CALLED_BACK = "called-back"
    """An agent spoke with the caller in a call-back."""
    ABANDONED = "abandoned"
    """The caller gave up."""
    BUSY = "busy"
    """The caller heard a busy signal and never came to wait."""


@guarded
@attrs.frozen
class Contact:
    """One call that is over, as the host stores it.

    Args:
        id: The host's id of the call.
        arrived: When the caller came, with a zone.
        ended: When the wait ended: answered, rung back and reached, given up, or turned away.
        ending: How.

    Raises:
        OutOfOrderError: It ended before it began.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import Contact, Ending
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
        >>> Contact("C-1", nine, nine + timedelta(seconds=12), Ending.ANSWERED).waited.seconds
        12
    """

    id: str
    arrived: datetime
    ended: datetime
    ending: Ending

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a call")
        if not isinstance(self.ending, Ending):
            raise InvalidTypeError(self.ending, "the ending of a wait is an Ending", "choose one of its members")
        if elapsed(checked_instant(self.arrived, "arrival"), checked_instant(self.ended, "end of a wait")) < ZERO:
            raise OutOfOrderError(self.ended.isoformat(), "a wait does not end before it begins", "check the two instants")

    @classmethod
    def of(cls, step: Serve | Left) -> "Contact":
        """Return the record of a step of the queue."""
        if isinstance(step, Left):
            return cls(step.call.id, step.call.arrived, step.at, Ending.ABANDONED)
        ending = Ending.CALLED_BACK if step.call.promised else Ending.ANSWERED
        return cls(step.call.id, step.call.arrived, step.at, ending)

    @property
    def waited(self) -> timedelta:
        """How long the caller waited, a promised call-back included."""
        return elapsed(self.arrived, self.ended)


@attrs.frozen
class Level:
    """A service level that was reached: `part` of `whole` calls, by the named definition.

    Example:
        >>> from billing_domain.waiting import Level, LevelDefinition
        >>> level = Level(70, 80, LevelDefinition.OF_ANSWERED)
        >>> level.share, level.reaches("87.5"), level.reaches("87.6")
        (Fraction(7, 8), True, False)
    """

    part: int
    whole: int
    definition: LevelDefinition

    @property
    def share(self) -> Fraction | None:
        """The exact share; none where no call counts."""
        return Fraction(self.part, self.whole) if self.whole else None

    def reaches(self, percent: Number) -> bool | None:
        """Return whether the share is at least so many percent, exactly; none where no call counts."""
        wanted = percentage(percent, "target", open_ended=False)
        return None if self.share is None else self.share >= wanted


@attrs.frozen
class Metrics:
    """What happened to the calls of some time.

    Args:
        within: The threshold of the service level.
        offered: All calls, busy signals and lost ones too.
        answered: Those an agent spoke with, in a call-back or before.
        answered_within: Of these, those whose wait was at most the threshold.
        called_back: Of the answered, those in a call-back.
        abandoned: Callers who gave up.
        abandoned_within: Of these, those who did so within the threshold.
        busy: Callers who heard a busy signal.
        average_wait: The mean wait of the answered, to the microsecond (average speed of answer); none where nobody was answered.
            A call-back counts until it is made.
        longest_wait: The longest wait, answered or not; none for no calls.
    """

    within: timedelta
    offered: int
    answered: int
    answered_within: int
    called_back: int
    abandoned: int
    abandoned_within: int
    busy: int
    average_wait: timedelta | None
    longest_wait: timedelta | None

    def level(self, definition: LevelDefinition = LevelDefinition.OF_OFFERED) -> Level:
        """Return the service level by the definition."""
        whole = {
            LevelDefinition.OF_OFFERED: self.offered,
            LevelDefinition.OF_ANSWERED: self.answered,
            LevelDefinition.WITHOUT_SHORT_ABANDONS: self.offered - self.abandoned_within,
        }[require_definition(definition)]
        return Level(self.answered_within, whole, definition)

    def meets(self, target: ServiceLevel) -> bool | None:
        """Return whether the target was reached, exactly; none where no call counts.

        Raises:
            InvalidValueError: The target has another threshold than these figures.
        """
        if target.within != self.within:
            raise InvalidValueError(
                str(target.within), f"the figures were made for {self.within}", "measure with the threshold of the target"
            )
        return self.level(target.definition).reaches(target.percent)


@door
def measure(contacts: Iterable[Contact], *, within: timedelta) -> Metrics:
    """Return the figures of these calls; their order does not matter.

    Args:
        contacts: Calls that are over.
        within: The threshold of the service level, itself included.

    Raises:
        DuplicateIdError: A call is there twice.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import Contact, Ending, measure
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
        >>> waits = {"C-1": 5, "C-2": 15, "C-3": 40}
        >>> contacts = [Contact(id, nine, nine + timedelta(seconds=wait), Ending.ANSWERED) for id, wait in waits.items()]
        >>> found = measure(contacts, within=timedelta(seconds=20))
        >>> found.level().share, found.average_wait.seconds
        (Fraction(2, 3), 20)
    """
    span(within, "threshold")
    calls = list(contacts)
    _require_distinct(calls)
    spoken = _those(calls, lambda call: call.ending in {Ending.ANSWERED, Ending.CALLED_BACK})
    lost = _those(calls, lambda call: call.ending is Ending.ABANDONED)
    return Metrics(
        within=within,
        offered=len(calls),
        answered=len(spoken),
        answered_within=len(_those(spoken, lambda call: call.waited <= within)),
        called_back=len(_those(spoken, lambda call: call.ending is Ending.CALLED_BACK)),
        abandoned=len(lost),
        abandoned_within=len(_those(lost, lambda call: call.waited <= within)),
        busy=len(_those(calls, lambda call: call.ending is Ending.BUSY)),
        average_wait=sum((call.waited for call in spoken), ZERO) / len(spoken) if spoken else None,
        longest_wait=max((call.waited for call in calls), default=None),
    )


def _those(calls: Iterable[Contact], counts: Callable[[Contact], bool]) -> list[Contact]:
    return [call for call in calls if counts(call)]


def _require_distinct(calls: Iterable[Contact]) -> None:
    seen: set[str] = set()
    for call in calls:
        if call.id in seen:
            raise DuplicateIdError(call.id, "a call is counted once", "give each call its own id")
        seen.add(call.id)
