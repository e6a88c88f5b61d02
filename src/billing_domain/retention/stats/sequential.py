"""Looking early without fooling oneself: group sequential bounds with O'Brien-Fleming spending.

The spending function is that of Lan and DeMets (1983); the bounds come from the recursive integration of Armitage, McPherson and Rowe
(1969). Accuracy of the bounds: 1e-6 or better.
"""

from collections.abc import Sequence
from math import exp, pi, sqrt
from typing import NamedTuple

import attrs

from billing_domain.errors import InvalidValueError
from billing_domain.retention.stats.checks import open_share
from billing_domain.retention.stats.distributions import normal_cdf, normal_quantile
from billing_domain.retention.stats.model import Interval

_NODES = (0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363)
_WEIGHTS = (0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763)
_RULE = tuple(zip((*_NODES, *(-node for node in _NODES)), (*_WEIGHTS, *_WEIGHTS), strict=True))
_FAR = 9.0
_SUREST = 1.0 - 1e-15  # a level is below one; the bound of a very early look is beyond it


class _Grid(NamedTuple):
    """Where the test statistic may be without having stopped, with the probability that each place stands for."""

    places: tuple[float, ...]
    masses: tuple[float, ...]


@attrs.frozen
class Looks:
    """The bounds for each look of a two-sided test.

    Args:
        information: The share of the planned information at each look, rising to at most 1.
        bounds: The absolute z value that stops the test at each look.
        spent: The level spent up to and including each look, both sides.
        level: The two-sided level of the whole test.
    """

    information: tuple[float, ...]
    bounds: tuple[float, ...]
    spent: tuple[float, ...]
    level: float

    def stops(self, look: int, z: float) -> bool:
        """Whether the statistic at this look (the first is 1) ends the test."""
        return abs(z) >= self.bound(look)

    def bound(self, look: int) -> float:
        """Return the absolute z value that stops the test at this look.

        Raises:
            InvalidValueError: No such look is planned.
        """
        if not 1 <= look <= len(self.bounds):
            raise InvalidValueError(look, f"the looks of this plan are 1 to {len(self.bounds)}", "plan the looks before the test")
        return self.bounds[look - 1]

    def confidence(self, look: int) -> float:
        """Return the level at which an interval is made at this look, so that it holds at all looks together."""
        return min(2.0 * normal_cdf(self.bound(look)) - 1.0, _SUREST)

    def interval(self, look: int, value: float, standard_error: float) -> Interval:
        """Return the repeated confidence interval at this look (Jennison and Turnbull 1989); it holds at all looks together."""
        reach = self.bound(look) * standard_error
        return Interval(value - reach, value + reach)


def spent_by(information: float, level: float = 0.05) -> float:
    """Return the two-sided level that O'Brien-Fleming spending has used up at this share of the information.

    Example:
        >>> from billing_domain.retention.stats.sequential import spent_by
        >>> round(spent_by(0.5), 6), spent_by(1.0)
        (0.003051, 0.05)
    """
    if information >= 1.0:
        return open_share(level, "a level")
    return 4.0 * normal_cdf(normal_quantile(open_share(level, "a level") / 4.0) / sqrt(information))


def looks(information: Sequence[float], level: float = 0.05) -> Looks:
    """Return the bounds for looks at these shares of the planned information.

    Args:
        information: The share of the planned units or events at each look, rising; the last is usually 1.
        level: The two-sided level of the whole test.

    Raises:
        InvalidValueError: The shares do not rise within (0, 1].

    Example:
        >>> from billing_domain.retention.stats.sequential import looks
        >>> [round(bound, 3) for bound in looks([0.2, 0.4, 0.6, 0.8, 1.0]).bounds]
        [4.877, 3.357, 2.68, 2.29, 2.031]
    """
    steps = tuple(information)
    if not steps or any(not 0.0 < after <= 1.0 or after <= before for before, after in zip((0.0, *steps[:-1]), steps, strict=True)):
        raise InvalidValueError(
            steps, "the looks come at rising shares of the information, above 0 and at most 1", "give 0.5, 1.0 for two looks"
        )
    spent = tuple(spent_by(step, level) for step in steps)
    bounds: list[float] = []
    grid, before, used = _Grid((0.0,), (1.0,)), 0.0, 0.0
    for step, total in zip(steps, spent, strict=True):
        width = sqrt(step - before)
        bound = _bound(grid, width, sqrt(step), (total - used) / 2.0)
        bounds.append(bound)
        grid, before, used = _carry(grid, width, bound * sqrt(step)), step, total
    return Looks(steps, tuple(bounds), spent, level)


def _bound(grid: _Grid, width: float, scale: float, tail: float) -> float:
    """Return the z value above which the still running paths leave with this probability."""
    low, high = 0.0, _FAR
    while high - low > 1e-10:
        middle = (low + high) / 2.0
        edge = middle * scale
        out = sum(mass * normal_cdf((place - edge) / width) for place, mass in zip(grid.places, grid.masses, strict=True))
        low, high = (middle, high) if out > tail else (low, middle)
    return (low + high) / 2.0


def _carry(grid: _Grid, width: float, edge: float) -> _Grid:
    """Return where the paths that did not leave are after a step of this standard deviation."""
    reach = min(edge, max(grid.places) + _FAR * width)
    panels = max(4, int(2.0 * reach / width) + 1)
    half = reach / panels
    places, masses = [], []
    for panel in range(panels):
        middle = -reach + (2 * panel + 1) * half
        for node, weight in _RULE:
            place = middle + half * node
            places.append(place)
            masses.append(weight * half * _density(grid, width, place))
    return _Grid(tuple(places), tuple(masses))


def _density(grid: _Grid, width: float, place: float) -> float:
    scale = -0.5 / (width * width)
    total = sum(mass * exp(scale * (place - start) ** 2) for start, mass in zip(grid.places, grid.masses, strict=True))
    return total / (width * sqrt(2.0 * pi))
