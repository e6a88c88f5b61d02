"""Erlang A: callers who lose patience, so that even an overloaded line has an answer.

With `n` agents, `j` callers waiting and time counted in handling times, a place frees at rate `n + j·θ`, θ being handling time ÷ patience.
The states with a queue are weighed against the fullest of them and hang on Erlang B below:
every weight lies between 0 and 1, so nothing overflows.
Source of the model: C. Palm, "Research on telephone traffic carried by full availability groups" (1957).
A wait is a sum of exponential stages, and "still waiting" then has a negative binomial distribution.
"""

import math
from itertools import accumulate
from typing import NamedTuple

from billing_domain.errors import ExceedsLimitError
from billing_domain.waiting.erlang import LARGEST, erlang_b

NEGLIGIBLE = 1e-25
NO_TIME = 1e-300


class Chain(NamedTuple):
    """How likely it is that all agents are busy and so many callers wait.

    `shares[i]` belongs to `first + i` callers waiting; what lies outside is negligible.
    """

    load: float
    agents: int
    leaving: float
    first: int
    shares: list[float]

    @property
    def waits(self) -> float:
        """The share of callers who find all agents busy."""
        return min(1.0, math.fsum(self.shares))

    @property
    def queue(self) -> float:
        """How many callers wait on average."""
        return math.fsum(share * (self.first + index) for index, share in enumerate(self.shares))

    @property
    def abandoned(self) -> float:
        """The share of callers who hang up."""
        return min(1.0, self.leaving * self.queue / self.load) if self.load else 0.0


def chain(load: float, agents: int, leaving: float) -> Chain:
    """Return the chain in its steady state.

    Args:
        load: Erlangs, zero or more.
        agents: At least one.
        leaving: Handling time ÷ patience, above zero.

    Raises:
        ExceedsLimitError: More than a million callers would wait.

    Example:
        >>> from billing_domain.waiting.patience import chain
        >>> line = chain(10.0, 8, 1.5)
        >>> round(line.waits, 6), round(line.abandoned, 6)
        (0.722626, 0.257982)
    """
    peak = max(0.0, (load - agents) // leaving)
    if peak > LARGEST:
        raise _too_long(load)
    first, lower = _below(load, agents, leaving, int(peak))
    weights = [*lower, *_above(load, agents, leaving, int(peak))]
    blocked = erlang_b(load, agents)
    empty = weights[0] if first == 0 else 0.0
    whole = empty * (1 - blocked) + blocked * math.fsum(weights)
    return Chain(load, agents, leaving, first, [weight * blocked / whole for weight in weights])


def _below(load: float, agents: int, leaving: float, peak: int) -> tuple[int, list[float]]:
    """The weights before the peak, and the number of callers at which they begin."""
    weights: list[float] = []
    weight, place = 1.0, peak
    while place and weight > NEGLIGIBLE:
        weight *= (agents + place * leaving) / load
        weights.append(weight)
        place -= 1
    return place, weights[::-1]


def _above(load: float, agents: int, leaving: float, peak: int) -> list[float]:
    """The weights from the peak on, of which the first is one."""
    weights = [1.0]
    while weights[-1] > NEGLIGIBLE:
        if len(weights) > LARGEST:
            raise _too_long(load)
        weights.append(weights[-1] * load / (agents + (peak + len(weights)) * leaving))
    return weights


def _too_long(load: float) -> ExceedsLimitError:
    return ExceedsLimitError(load, f"at most {LARGEST} callers wait at once", "give a shorter patience, more agents, or none at all")


def still_waiting(agents: float, leaving: float, time: float, last: int) -> list[float]:
    """Return, for 0 to `last` callers ahead, how likely one who never hangs up still waits after the time.

    Args:
        agents: The rate at which the front place frees, in units of one agent.
        leaving: Handling time ÷ patience.
        time: In handling times, zero or more.
        last: The most callers ahead.

    Example:
        >>> from billing_domain.waiting.patience import still_waiting
        >>> [round(share, 6) for share in still_waiting(2, 0.5, 1.0, 2)]
        [0.135335, 0.348336, 0.55786]
    """
    if time < NO_TIME:
        return [1.0] * (last + 1)
    pace = -math.expm1(-leaving * time) / leaving
    terms: list[float] = []
    logarithm = -agents * time
    for gone in range(last + 1):
        terms.append(math.exp(logarithm))
        logarithm += math.log(pace * (agents + gone * leaving) / (gone + 1))
    return [min(1.0, share) for share in accumulate(terms)]


class InTime(NamedTuple):
    """What becomes of the callers within a time, as shares of all of them."""

    answered: float
    abandoned: float


def in_time(line: Chain, time: float) -> InTime:
    """Return the shares answered and lost within the time, both counted among all callers.

    Example:
        >>> from billing_domain.waiting.patience import chain, in_time
        >>> answered, abandoned = in_time(chain(10.0, 12, 1.5), 20 / 180)
        >>> round(answered, 6), round(abandoned, 6)
        (0.825583, 0.034005)
    """
    last = line.first + len(line.shares) - 1
    patient = still_waiting(line.agents, line.leaving, time, last)
    tilted = still_waiting(line.agents + line.leaving, line.leaving, time, last)
    answered: list[float] = [1 - line.waits]
    abandoned: list[float] = []
    for ahead, share in enumerate(line.shares, start=line.first):
        served = line.agents / (line.agents + (ahead + 1) * line.leaving) * (1 - tilted[ahead])
        answered.append(share * served)
        abandoned.append(share * (1 - math.exp(-line.leaving * time) * patient[ahead] - served))
    return InTime(max(0.0, math.fsum(answered)), max(0.0, math.fsum(abandoned)))


def tail(line: Chain, time: float) -> float:
    """Return the share of callers who would wait longer than the time if they never hung up.

    Example:
        >>> from billing_domain.waiting.patience import chain, tail
        >>> round(tail(chain(10.0, 12, 1.5), 20 / 180), 6)
        0.165878
    """
    waiting = still_waiting(line.agents, line.leaving, time, line.first + len(line.shares) - 1)
    return math.fsum(share * waiting[ahead] for ahead, share in enumerate(line.shares, start=line.first))
