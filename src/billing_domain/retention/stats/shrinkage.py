"""Agents compared fairly: the few calls of one agent say less than the many of another.

Each agent's share is drawn towards the common share by a beta distribution whose spread between agents is not taken as known:
every spread is weighed by how likely it makes the results of all agents, with a prior that keeps it from zero (Chung and others 2013).
So an interval is honest also where agents hardly differ or where there are few of them.
"""

from collections.abc import Hashable, Mapping
from math import exp, fsum, lgamma, log, sqrt
from typing import TypeVar

import attrs

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import counts
from billing_domain.retention.stats.model import Interval
from billing_domain.retention.stats.special import log_beta

_GRID = 24
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
        spread: How far agents' true shares are likely to lie apart, as a standard deviation.
        agents: The agents, in the order given.
    """

    common: float
    spread: float
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
        [0.81, 0.79, 0.41, 0.61]
    """
    if len(results) < 3:
        raise RefusedError(len(results), "agents are compared with the common share of at least three", "wait for more agents")
    for kept, size in results.values():
        counts(kept, size, "calls of an agent")
    total = sum(size for _, size in results.values())
    common = sum(kept for kept, _ in results.values()) / total
    if not 0.0 < common < 1.0:
        raise RefusedError(common, "agents cannot differ where everybody or nobody was kept", "compare another outcome")
    spreads = _spreads(list(results.values()), common, total)
    agents = tuple(_shrunk(code, kept, size, common, spreads, confidence) for code, (kept, size) in results.items())
    return Agents(common, fsum(chance * spread for chance, spread, _ in spreads), agents)


def _spreads(results: list[tuple[int, int]], common: float, total: int) -> list[tuple[float, float, float]]:
    """Return (chance, spread, weight of the common share) for a grid of spreads, leaving out those that are out of the question.

    The weight is that of the beta distribution with this spread, widened by the error of the common share itself.
    """
    noise, agents = common * (1.0 - common), len(results)
    grid = [sqrt(noise / 2.0) * (place + 0.5) / _GRID for place in range(_GRID)]
    weights = [noise / (spread**2 * (1.0 + 1.0 / agents) + noise / total) - 1.0 for spread in grid]
    logs = [
        log(spread) + fsum(_log_chance(kept, size, common * weight, (1.0 - common) * weight) for kept, size in results)
        for spread, weight in zip(grid, weights, strict=True)
    ]
    top = max(logs)
    likely = [(exp(value - top), spread, weight) for value, spread, weight in zip(logs, grid, weights, strict=True) if value > top - 6.0]
    whole = fsum(chance for chance, _, _ in likely)
    return [(chance / whole, spread, weight) for chance, spread, weight in likely]


def _log_chance(kept: int, size: int, a: float, b: float) -> float:
    """Return the logarithm of the beta-binomial probability, without the factor that no spread changes."""
    return lgamma(a + kept) + lgamma(b + size - kept) - lgamma(a + b + size) + lgamma(a + b) - lgamma(a) - lgamma(b)


def _shrunk(code: Hashable, kept: int, size: int, common: float, spreads: list[tuple[float, float, float]], confidence: float) -> Shrunk:
    parts = [(chance, common * weight + kept, (1.0 - common) * weight + size - kept) for chance, _, weight in spreads]
    tail = (1.0 - confidence) / 2.0
    interval = Interval(_quantile(tail, parts), _quantile(1.0 - tail, parts))
    value = fsum(chance * a / (a + b) for chance, a, b in parts)
    return Shrunk(code, kept, size, kept / size, value, interval, not interval.holds(common))


def _quantile(share: float, parts: list[tuple[float, float, float]]) -> float:
    """Return the value below which this share of a mixture of beta distributions lies, to six decimals."""
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        middle = (low + high) / 2.0
        below = fsum(chance * exp(log_beta(a, b, middle, 1.0 - middle)) for chance, a, b in parts)
        low, high = (middle, high) if below < share else (low, middle)
    return (low + high) / 2.0
