"""How big a test must be, what it can see, and what it would have seen."""

from collections.abc import Callable
from math import asin, ceil, sqrt

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.checks import open_share
from billing_domain.retention.stats.distributions import normal_cdf, normal_quantile


def _z(level: float, power: float) -> tuple[float, float]:
    return -normal_quantile(open_share(level, "a level") / 2.0), normal_quantile(open_share(power, "a power"))


def _ratio(ratio: float) -> float:
    if not 0.0 < ratio < float("inf"):
        raise InvalidValueError(ratio, "the second arm is some positive multiple of the first", "give 1.0 for equal arms")
    return ratio


def cohen_h(first: float, second: float) -> float:
    """Return Cohen's effect size of two shares, first less second (Cohen 1988).

    Example:
        >>> from billing_domain.retention.stats.power import cohen_h
        >>> round(cohen_h(0.65, 0.5), 4)
        0.3047
    """
    return 2.0 * asin(sqrt(open_share(first))) - 2.0 * asin(sqrt(open_share(second)))


def sample_size(first: float, second: float, level: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> tuple[int, int]:
    """Return how many units each arm needs for the pooled z test (Fleiss 1981, without continuity correction).

    Args:
        first: The share expected in the first arm.
        second: The share expected in the second arm.
        level: The two-sided level of the test.
        power: The probability of seeing the difference if it is there.
        ratio: The size of the second arm as a multiple of the first.

    Raises:
        InvalidValueError: A share is not strictly between 0 and 1, or both are equal.

    Example:
        >>> from billing_domain.retention.stats.power import sample_size
        >>> sample_size(0.90, 0.85)
        (686, 686)
    """
    if open_share(first) == open_share(second):
        raise InvalidValueError(
            (first, second), "a difference of nothing needs an endless test", "state the smallest difference that matters"
        )
    (z, zb), ratio = _z(level, power), _ratio(ratio)
    pooled = (first + ratio * second) / (1.0 + ratio)
    null = z * sqrt((1.0 + 1.0 / ratio) * pooled * (1.0 - pooled))
    other = zb * sqrt(first * (1.0 - first) + second * (1.0 - second) / ratio)
    size = ((null + other) / (first - second)) ** 2
    return ceil(size), ceil(size * ratio)


def sample_size_h(first: float, second: float, level: float = 0.05, power: float = 0.8, ratio: float = 1.0) -> tuple[int, int]:
    """Return how many units each arm needs by Cohen's effect size.

    Raises:
        InvalidValueError: A share is not strictly between 0 and 1, or both are equal.

    Example:
        >>> from billing_domain.retention.stats.power import sample_size_h
        >>> sample_size_h(0.65, 0.5)
        (170, 170)
    """
    effect, (z, zb) = cohen_h(first, second), _z(level, power)
    if not effect:
        raise InvalidValueError(
            (first, second), "a difference of nothing needs an endless test", "state the smallest difference that matters"
        )
    size = (1.0 + 1.0 / _ratio(ratio)) * ((z + zb) / effect) ** 2
    return ceil(size), ceil(size * ratio)


def power_of(first: float, second: float, size: int, other_size: int, level: float = 0.05) -> float:
    """Return the probability that the pooled z test sees this difference.

    Args:
        first: The share in the first arm.
        second: The share in the second arm.
        size: How many units the first arm has.
        other_size: How many units the second arm has.
        level: The two-sided level of the test.

    Raises:
        InvalidValueError: A share or a size is impossible.

    Example:
        >>> from billing_domain.retention.stats.power import power_of
        >>> round(power_of(0.90, 0.85, 686, 686), 3)
        0.8
    """
    if min(size, other_size) < 1:
        raise InvalidValueError((size, other_size), "an arm holds at least one unit", "give the sizes of both arms")
    pooled = (size * open_share(first) + other_size * open_share(second)) / (size + other_size)
    null = sqrt(pooled * (1.0 - pooled) * (1.0 / size + 1.0 / other_size))
    own = sqrt(first * (1.0 - first) / size + second * (1.0 - second) / other_size)
    reach, gap = -normal_quantile(open_share(level, "a level") / 2.0) * null, first - second
    return normal_cdf((gap - reach) / own) + normal_cdf((-gap - reach) / own)


def detectable(base: float, size: int, other_size: int, level: float = 0.05, power: float = 0.8) -> float:
    """Return the smallest rise over the base share that the test sees with this power.

    Args:
        base: The share in the second arm.
        size: How many units the first arm has.
        other_size: How many units the second arm has.
        level: The two-sided level of the test.
        power: The probability of seeing it.

    Raises:
        RefusedError: Not even a rise to nearly everybody would be seen.

    Example:
        >>> from billing_domain.retention.stats.power import detectable
        >>> round(detectable(0.85, 686, 686), 3)
        0.05
    """
    open_share(power, "a power")
    rise = 1.0 - open_share(base)

    def short(share: float) -> float:
        return power_of(base + share, base, size, other_size, level) - power

    top = rise * (1.0 - 1e-9)
    if short(top) < 0.0:
        raise RefusedError((size, other_size), "arms of this size see no rise at all with this power", "plan a larger test")
    return _halve(short, 0.0, top)


def _halve(rising: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2.0
        if rising(middle) < 0.0:
            low = middle
        else:
            high = middle
    return high
