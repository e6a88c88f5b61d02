"""Erlang B and C: the share of calls that find all agents busy, without and with a place to wait.

Load is in erlangs: calls per unit of time × handling time in that unit, or the number of agents who would be busy if there
were always enough. Both run as recursions whose every step lies between 0 and 1, so nothing overflows, however many agents there are.
Source of the formulas: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
telephone exchanges" (1917).
"""

import math

from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, InvalidAmountError, InvalidValueError
from billing_domain.waiting.model import Overloaded

LARGEST = 1_000_000
"""The most agents, and the most callers waiting at once, that a formula is worked out for."""


def require_agents(agents: int) -> int:
    """Return the number of agents if it is a whole number from 1 to a million.

    Raises:
        InvalidValueError: It is below one.
        ExceedsLimitError: It is above a million.

    Example:
        >>> from billing_domain.waiting.erlang import require_agents
        >>> require_agents(14)
        14
    """
    if agents < 1:
        raise InvalidValueError(agents, "there is at least one agent", "leave out the hours when nobody answers")
    if agents > LARGEST:
        raise ExceedsLimitError(agents, f"agents are at most {LARGEST}", "split the centre")
    return agents


def require_load(load: float) -> float:
    """Return the load if it is finite and not negative.

    Raises:
        InvalidAmountError: It is negative, NaN or infinite.

    Example:
        >>> from billing_domain.waiting.erlang import require_load
        >>> require_load(10)
        10.0
    """
    if not math.isfinite(load) or load < 0:
        raise InvalidAmountError(load, "a load is zero or more erlangs, and finite", "give calls per hour × hours per call")
    return float(load)


@door
def erlang_b(load: float, agents: int) -> float:
    """Return the share of calls that find all agents busy, where such a call goes away at once.

    Args:
        load: Erlangs, zero or more; it may be above the number of agents.
        agents: From 1 to a million.

    Returns:
        A share from 0 to 1, right to eleven digits or more for thousands of agents.

    Raises:
        InvalidValueError: The load is negative or not finite, or the agents are not a positive number.

    Example:
        >>> from billing_domain.waiting import erlang_b
        >>> round(erlang_b(10, 14), 6)
        0.056819
        >>> round(erlang_b(9_000, 9_000), 6)
        0.008363
    """
    load = require_load(load)
    blocked = 1.0
    for busy in range(1, require_agents(agents) + 1):
        offered = load * blocked
        blocked = offered / (busy + offered)
    return blocked


def waits_of(load: float, agents: int, blocked: float) -> float:
    """Return the Erlang C value that belongs to an Erlang B value; the load is below the agents."""
    return min(1.0, agents * blocked / ((agents - load) + load * blocked))


@door
def erlang_c(load: float, agents: int) -> float | Overloaded:
    """Return the share of calls that must wait, where every caller waits until answered.

    Args:
        load: Erlangs, zero or more.
        agents: From 1 to a million.

    Returns:
        A share from 0 to 1, or `Overloaded` where the load is not below the agents: then the queue grows without end.

    Raises:
        InvalidValueError: The load is negative or not finite, or the agents are not a positive number.

    Example:
        >>> from billing_domain.waiting import erlang_c
        >>> round(erlang_c(10, 14), 6)
        0.174132
        >>> erlang_c(10, 10)
        Overloaded(load=10.0, agents=10)
        >>> erlang_c(10, 10).agents_needed
        11
    """
    load = require_load(load)
    if load >= require_agents(agents):
        return Overloaded(load=load, agents=agents)
    return waits_of(load, agents, erlang_b(load, agents))
