"""Staffing: the fewest agents that reach a target, for each stretch of a day."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

import attrs

from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, InvalidAmountError, OutOfOrderError
from billing_domain.instants import ZERO, elapsed
from billing_domain.money import Number, not_negative
from billing_domain.waiting.erlang import LARGEST, require_agents
from billing_domain.waiting.model import Demand, Overloaded
from billing_domain.waiting.outlook import Outlook, predict
from billing_domain.waiting.protocols import Target
from billing_domain.waiting.targets import ServiceLevel


@attrs.frozen
class Shift:
    """The staffing of one stretch of the day.

    Args:
        demand: The calls it was made for.
        target: What was asked for.
        agents: Who answers.
        rostered: Who must be on the roster so that those are there, shrinkage considered.
        answer: What callers can expect: an `Outlook`, or `Overloaded` where `most` agents are fewer than the load.
    """

    demand: Demand
    target: Target
    agents: int
    rostered: int
    answer: Outlook | Overloaded

    @property
    def start(self) -> datetime:
        """When the stretch begins."""
        return self.demand.start

    @property
    def met(self) -> bool:
        """Whether the target is reached; it can be missed only where `most` caps the agents."""
        return isinstance(self.answer, Outlook) and self.target.met(self.answer)

    @property
    def average_wait(self) -> timedelta | None:
        """The mean wait of all callers; none where the line is overloaded, for then it has no end."""
        return self.answer.average_wait if isinstance(self.answer, Outlook) else None

    @property
    def occupancy(self) -> float | None:
        """The share of their time in which the agents are busy; none where the line is overloaded."""
        return self.answer.occupancy if isinstance(self.answer, Outlook) else None

    @property
    def service_level(self) -> float | None:
        """The service level reached, in the terms of the target; none where the line is overloaded or the target is of another kind."""
        if isinstance(self.answer, Outlook) and isinstance(self.target, ServiceLevel):
            return self.answer.service_level(self.target.within, self.target.definition)
        return None


@door
def required_agents(demand: Demand, target: Target) -> int:
    """Return the fewest agents with which the demand reaches the target.

    Args:
        demand: The calls expected.
        target: A `ServiceLevel`, `AverageWait`, `Occupancy`, `Abandonment`, `Every`, or the host's own.

    Returns:
        At least one: an open line is staffed even where no call is expected.

    Raises:
        ExceedsLimitError: A million agents do not reach it.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import AverageWait, Demand, ServiceLevel, required_agents
        >>> demand = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
        >>> required_agents(demand, ServiceLevel(80, timedelta(seconds=20)))
        14
        >>> required_agents(demand, AverageWait(at_most=timedelta(seconds=5)))
        15
    """
    too_few, enough = _bracket(demand, target)
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        too_few, enough = (too_few, middle) if _reaches(demand, middle, target) else (middle, enough)
    return enough


def _bracket(demand: Demand, target: Target) -> tuple[int, int]:
    """A number that is too few and one that is enough, found in doubling steps from the load, to which the answer is mostly close."""
    near = min(int(demand.load) + 1, LARGEST)
    return _below(demand, target, near) if _reaches(demand, near, target) else _above(demand, target, near)


def _below(demand: Demand, target: Target, enough: int) -> tuple[int, int]:
    step = 1
    while (fewer := max(0, enough - step)) and _reaches(demand, fewer, target):
        enough, step = fewer, step * 2
    return fewer, enough


def _above(demand: Demand, target: Target, too_few: int) -> tuple[int, int]:
    step = 1
    while not _reaches(demand, more := min(LARGEST, too_few + step), target):
        if more == LARGEST:
            raise ExceedsLimitError(str(target), f"{LARGEST} agents do not reach the target", "give a target that can be reached")
        too_few, step = more, step * 2
    return too_few, more


def _reaches(demand: Demand, agents: int, target: Target) -> bool:
    answer = predict(demand, agents=agents)
    return isinstance(answer, Outlook) and target.met(answer)


@door
def staff(demands: Iterable[Demand], *, target: Target, shrinkage: Number = 0, most: int | None = None) -> list[Shift]:
    """Return the staffing of each stretch of the day.

    Each stretch is taken by itself, as if its demand had lasted for ever: sound where calls are much shorter than the stretch
    and no queue is left over from the one before.

    Args:
        demands: The calls expected, in order of time, without overlap.
        target: What the callers shall get.
        shrinkage: The share of paid time in which an agent on the roster is not there, such as `"0.30"`; exact, below 1.
        most: The agents who can be had at all; where they do not suffice, the shift says what then happens.

    Returns:
        One `Shift` per demand.

    Raises:
        OutOfOrderError: Two stretches overlap or run backwards.
        InvalidAmountError: The shrinkage is not from 0 to below 1.
        InvalidValueError: `most` is below one.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import Demand, ServiceLevel, staff
        >>> nine = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
        >>> [shift] = staff([nine], target=ServiceLevel(percent=80, within=timedelta(seconds=20)), shrinkage="0.30")
        >>> shift.agents, shift.rostered, shift.average_wait.seconds, round(shift.service_level, 5)
        (14, 20, 7, 0.88835)
        >>> [short] = staff([nine], target=shift.target, most=10)
        >>> short.met, short.average_wait, short.answer
        (False, None, Overloaded(load=10.0, agents=10))
    """
    present = _present(shrinkage)
    if most is not None:
        require_agents(most)
    shifts: list[Shift] = []
    for demand in demands:
        if shifts and elapsed(shifts[-1].demand.end, demand.start) < ZERO:
            raise OutOfOrderError(demand.start.isoformat(), "stretches of a day follow each other", "sort them and let none overlap")
        shifts.append(_shift(demand, target, present, most))
    return shifts


def _shift(demand: Demand, target: Target, present: Fraction, most: int | None) -> Shift:
    agents = _agents(demand, target, most)
    return Shift(demand, target, agents, -int(-agents // present), predict(demand, agents=agents))


def _agents(demand: Demand, target: Target, most: int | None) -> int:
    if most is not None and not _reaches(demand, most, target):
        return most
    return required_agents(demand, target)


def _present(shrinkage: Number) -> Fraction:
    """The share of paid time in which an agent is there."""
    share = Fraction(not_negative(shrinkage, "shrinkage"))
    if share >= 1:
        raise InvalidAmountError(shrinkage, "shrinkage is a share below 1", 'write 30 percent as "0.30"')
    return 1 - share
