"""What a number of agents means for those who call."""

import math
from datetime import timedelta

import attrs

from billing_domain.doors import door
from billing_domain.instants import ZERO, seconds, span
from billing_domain.money import Number
from billing_domain.waiting.erlang import erlang_b, require_agents, waits_of
from billing_domain.waiting.model import Demand, LevelDefinition, Overloaded, percentage, require_definition
from billing_domain.waiting.patience import Chain, InTime, chain, in_time, tail


@attrs.frozen
class Outlook:
    """What callers can expect in a stretch of the day: Erlang A where the demand states a patience, else Erlang C.

    Made by `predict`. Shares are floats between 0 and 1; they are long-run means of calls that arrive independently of each other.

    Args:
        demand: The calls expected.
        agents: Who answers.
        waits: The share of callers who find all agents busy.
        average_wait: The mean wait of all callers, those answered at once too, and those who hang up until they do (ASA in Erlang C).
        occupancy: The share of their time in which the agents are busy.
        abandoned: The share of callers who hang up; 0 without a patience.
    """

    demand: Demand
    agents: int
    waits: float
    average_wait: timedelta
    occupancy: float
    abandoned: float

    def service_level(self, within: timedelta, definition: LevelDefinition = LevelDefinition.OF_OFFERED) -> float:
        """Return the share of calls answered within the time, by the definition.

        Args:
            within: The longest wait that counts, itself included.
            definition: Which calls it is a share of; without a patience all three give the same.

        Example:
            >>> from datetime import UTC, datetime, timedelta
            >>> from billing_domain.waiting import Demand, predict
            >>> demand = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
            >>> round(predict(demand, agents=14).outlook.service_level(timedelta(seconds=20)), 5)
            0.88835
        """
        time = span(within, "threshold") / self.demand.handling_time
        require_definition(definition)
        if self.demand.patience is None:
            return 1 - self.waits * math.exp(-self._free * time)
        reached = in_time(_chain_of(self.demand, self.agents, self.demand.patience), time)
        counted = self._counted(reached, definition)
        return min(1.0, reached.answered / counted) if counted > 0 else 0.0

    def wait_quantile(self, percent: Number) -> timedelta:
        """Return the wait that so many percent of the callers do not exceed.

        With a patience it is the wait of callers who would stay until answered.

        Args:
            percent: Above 0 and below 100.

        Example:
            >>> from datetime import UTC, datetime, timedelta
            >>> from billing_domain.waiting import Demand, predict
            >>> demand = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
            >>> predict(demand, agents=14).outlook.wait_quantile(95).seconds
            56
        """
        longer = float(1 - percentage(percent, "quantile"))
        if self.waits <= longer:
            return ZERO
        handling = self.demand.handling_time.total_seconds()
        if self.demand.patience is None:
            return seconds(handling / self._free * math.log(self.waits / longer))
        return seconds(handling * _time_of_tail(_chain_of(self.demand, self.agents, self.demand.patience), longer))

    @property
    def outlook(self) -> "Outlook":
        """The outlook itself, where `Overloaded` raises."""
        return self

    @property
    def _free(self) -> float:
        return self.agents - self.demand.load

    def _counted(self, reached: InTime, definition: LevelDefinition) -> float:
        if definition is LevelDefinition.OF_OFFERED:
            return 1.0
        return 1 - (self.abandoned if definition is LevelDefinition.OF_ANSWERED else reached.abandoned)


@door
def predict(demand: Demand, *, agents: int) -> Outlook | Overloaded:
    """Return what so many agents mean for the callers of this demand.

    Args:
        demand: The calls expected.
        agents: Who answers, from 1 to a million.

    Returns:
        An `Outlook`; or `Overloaded` where the load is not below the agents and no patience is stated.

    Raises:
        InvalidValueError: Agents that are not a positive whole number.
        ExceedsLimitError: With a patience, more than a million callers would wait at once.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import Demand, predict
        >>> demand = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
        >>> predict(demand, agents=14).outlook.average_wait.total_seconds()
        7.835937
        >>> predict(demand, agents=9)
        Overloaded(load=10.0, agents=9)
    """
    load = demand.load
    require_agents(agents)
    if demand.patience is not None:
        return _with_patience(demand, agents, demand.patience)
    if load >= agents:
        return Overloaded(load=load, agents=agents)
    waits = waits_of(load, agents, erlang_b(load, agents))
    wait = seconds(waits * demand.handling_time.total_seconds() / (agents - load))
    return Outlook(demand, agents, waits=waits, average_wait=wait, occupancy=load / agents, abandoned=0.0)


def _chain_of(demand: Demand, agents: int, patience: timedelta) -> Chain:
    return chain(demand.load, agents, demand.handling_time / patience)


def _with_patience(demand: Demand, agents: int, patience: timedelta) -> Outlook:
    line = _chain_of(demand, agents, patience)
    lost = line.abandoned
    wait = seconds(lost * patience.total_seconds())
    busy = min(1.0, demand.load * (1 - lost) / agents)
    return Outlook(demand, agents, waits=line.waits, average_wait=wait, occupancy=busy, abandoned=lost)


def _time_of_tail(line: Chain, longer: float) -> float:
    """The time that this share of callers would exceed, found by halving, in handling times."""
    low, high = 0.0, 1.0
    while tail(line, high) > longer:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(line, middle) > longer else (low, middle)
    return high
