"""How long somebody in the queue still waits, and the window that can be promised."""

import math
from datetime import timedelta

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError
from billing_domain.instants import seconds, span
from billing_domain.money import Number
from billing_domain.waiting.erlang import LARGEST, require_agents
from billing_domain.waiting.model import percentage


@guarded
@attrs.frozen
class Pace:
    """How fast calls are answered while all agents are busy.

    Args:
        agents: Who answers.
        handling_time: How long an agent is busy with a call on average.

    Raises:
        InvalidValueError: No agents, or a time that is not above zero.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import Pace
        >>> pace = Pace(agents=10, handling_time=timedelta(minutes=5))
        >>> str(pace.mean_wait(ahead=9))
        '0:05:00'
        >>> [round(wait.total_seconds()) for wait in pace.window(ahead=9)]
        [290, 426]
    """

    agents: int
    handling_time: timedelta

    def __attrs_post_init__(self) -> None:
        require_agents(self.agents)
        span(self.handling_time, "handling time", above=True)

    def mean_wait(self, ahead: int) -> timedelta:
        """Return the mean wait of a caller with so many ahead: (ahead + 1) × handling time ÷ agents."""
        return seconds((_ahead(ahead) + 1) * self.handling_time.total_seconds() / self.agents)

    def wait(self, ahead: int, percent: Number) -> timedelta:
        """Return the wait that such a caller does not exceed in so many percent of the cases.

        With all agents busy the queue moves in independent exponential steps, so the wait is gamma distributed (an Erlang distribution).
        It is exact while nobody overtakes, leaves or is rung back later; callers who leave make it shorter.

        Args:
            ahead: How many go first, zero or more.
            percent: Above 0 and below 100.
        """
        share = float(percentage(percent, "quantile"))
        return seconds(_gamma_quantile(_ahead(ahead) + 1, share) * self.handling_time.total_seconds() / self.agents)

    def window(self, ahead: int) -> tuple[timedelta, timedelta]:
        """Return the waits between which a call-back is promised: the half of all cases and nine tenths of them."""
        return self.wait(ahead, 50), self.wait(ahead, 90)


def _ahead(value: int) -> int:
    if not 0 <= value < LARGEST:
        raise InvalidValueError(value, f"the callers ahead are zero or more, and fewer than {LARGEST}", "count those whose turn is earlier")
    return value


def _gamma_quantile(steps: int, share: float) -> float:
    """The time in which so many steps of mean one are done with this probability, found by halving."""
    low, high = 0.0, steps + 1.0
    while _done(steps, high) < share:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _done(steps, middle) < share else (low, middle)
    return high


def _done(steps: int, time: float) -> float:
    """How likely it is that so many steps are done by then: one less the Poisson probability of fewer."""
    return 1 - math.fsum(math.exp(k * math.log(time) - time - math.lgamma(k + 1)) for k in range(steps))
