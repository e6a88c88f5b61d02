"""Agents compared fairly: the few calls of one agent say less than the many of another.

Each agent's share is drawn towards the common share by a beta distribution that is estimated from all agents
(empirical Bayes; moments as in Kleinman 1973). The prior never weighs more than all the data, so that an interval keeps
the uncertainty of the common share where agents do not seem to differ.
"""

from collections.abc import Hashable, Mapping
from math import fsum
from typing import TypeVar

import attrs

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import counts
from billing_domain.retention.stats.distributions import beta_quantile
from billing_domain.retention.stats.model import Interval

_Code = TypeVar("_Code", bound=Hashable)


@attrs.frozen
class Shrunk:
    """One agent's share, as it was and as it is likely to be.

    Args:
        code: The code of the agent.
        kept: How many were kept.
        size: How many there were.
        raw: The share as counted.
        value: The share drawn towards the common one.
        interval: Where the agent's true share is likely to lie.
        differs: Whether the common share lies outside the interval.
    """

    code: Hashable
    kept: int
    size: int
    raw: float
    value: float
    interval: Interval
    differs: bool


@attrs.frozen
class Agents:
    """All agents, with what they have in common.

    Args:
        common: The common share.
        weight: How many customers' worth of evidence the common share counts for.
        agents: The agents, in the order given.
    """

    common: float
    weight: float
    agents: tuple[Shrunk, ...]


def shrink(results: Mapping[_Code, tuple[int, int]], confidence: float = 0.95) -> Agents:
    """Return the agents' shares drawn towards the common share.

    Args:
        results: How many were kept, and how many there were, by agent.
        confidence: The level of the intervals.

    Raises:
        RefusedError: There are fewer than three agents, or everybody or nobody was kept.
        InvalidValueError: A count is impossible.

    Example:
        >>> from billing_domain.retention.stats.shrinkage import shrink
        >>> found = shrink({"a": (9, 10), "b": (80, 100), "c": (40, 100), "d": (61, 100)})
        >>> [round(agent.value, 2) for agent in found.agents]
        [0.8, 0.79, 0.41, 0.61]
    """
    if len(results) < 3:
        raise RefusedError(len(results), "agents are compared with the common share of at least three", "wait for more agents")
    for kept, size in results.values():
        counts(kept, size, "calls of an agent")
    total = sum(size for _, size in results.values())
    common = sum(kept for kept, _ in results.values()) / total
    if not 0.0 < common < 1.0:
        raise RefusedError(common, "agents cannot differ where everybody or nobody was kept", "compare another outcome")
    weight = _weight(list(results.values()), common, total)
    agents = tuple(_shrunk(code, kept, size, common, weight, confidence) for code, (kept, size) in results.items())
    return Agents(common, weight, agents)


def _weight(results: list[tuple[int, int]], common: float, total: int) -> float:
    """Return the weight of the prior by the method of moments, at most the weight of all the data."""
    spread = fsum(size * (kept / size - common) ** 2 for kept, size in results)
    noise = common * (1.0 - common)
    room = total - fsum(size * size for _, size in results) / total
    between = max(0.0, (spread - noise * (len(results) - 1)) / (noise * (room - len(results) + 1)) if room > len(results) - 1 else 0.0)
    return min(float(total), max(1.0, 1.0 / between - 1.0)) if between else float(total)


def _shrunk(code: Hashable, kept: int, size: int, common: float, weight: float, confidence: float) -> Shrunk:
    a, b = common * weight + kept, (1.0 - common) * weight + size - kept
    tail = (1.0 - confidence) / 2.0
    interval = Interval(beta_quantile(tail, a, b), beta_quantile(1.0 - tail, a, b))
    return Shrunk(code, kept, size, kept / size, a / (a + b), interval, not interval.holds(common))
