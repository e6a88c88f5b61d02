"""Intervals that hold where a cell is zero: the score method of Miettinen and Nurminen."""

from collections.abc import Callable
from math import exp, inf, log, sqrt

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.distributions import two_sided_z
from billing_domain.retention.stats.model import Difference, Interval
from billing_domain.retention.stats.proportions import pooled_z


def score_difference(kept: int, size: int, other_kept: int, other_size: int, confidence: float = 0.95) -> Difference:
    """Return the risk difference with the score interval of Miettinen and Nurminen (1985); it works with zero cells.

    Raises:
        InvalidValueError: An arm is empty, or a count is impossible.

    Example:
        >>> from billing_domain.retention.stats.score import score_difference
        >>> found = score_difference(10, 10, 0, 20)
        >>> round(found.interval.low, 4), round(found.interval.high, 4)
        (0.7156, 1.0)
    """
    test = pooled_z(kept, size, other_kept, other_size)
    value = kept / size - other_kept / other_size

    def z(gap: float) -> float:
        return _difference_score(kept, size, other_kept, other_size, gap)

    limit = two_sided_z(confidence)
    low = _crossing(lambda gap: z(gap) - limit, -1.0, value)
    high = _crossing(lambda gap: z(gap) + limit, value, 1.0)
    return Difference(value, Interval(low, high), None, test, confidence, "miettinen-nurminen")


def score_ratio(kept: int, size: int, other_kept: int, other_size: int, confidence: float = 0.95) -> Difference:
    """Return the ratio of the shares with the score interval of Miettinen and Nurminen (1985); it works with zero cells.

    Where nobody was kept in the second arm, the ratio and its upper limit are infinite.

    Raises:
        InvalidValueError: An arm is empty, or a count is impossible.
        RefusedError: Nobody was kept in either arm.

    Example:
        >>> from billing_domain.retention.stats.score import score_ratio
        >>> found = score_ratio(0, 20, 10, 20)
        >>> found.value, round(found.interval.high, 4)
        (0.0, 0.3398)
    """
    test = pooled_z(kept, size, other_kept, other_size)
    if not kept and not other_kept:
        raise RefusedError((0, 0), "nobody was kept in either arm, so there is no ratio", "report the risk difference")
    value = kept / size / (other_kept / other_size) if other_kept else inf

    def z(logarithm: float) -> float:
        return _ratio_score(kept, size, other_kept, other_size, exp(logarithm))

    limit, centre = two_sided_z(confidence), log(value) if 0.0 < value < inf else 0.0
    low = exp(_crossing(lambda ratio: z(ratio) - limit, centre - 40.0, centre + 40.0)) if kept else 0.0
    high = exp(_crossing(lambda ratio: z(ratio) + limit, centre - 40.0, centre + 40.0)) if other_kept else inf
    return Difference(value, Interval(low, high), None, test, confidence, "miettinen-nurminen ratio")


def _ratio_score(kept: int, size: int, other_kept: int, other_size: int, ratio: float) -> float:
    """Return the score statistic of a ratio, at its restricted maximum likelihood estimates."""
    whole = size + other_size
    square = whole * ratio
    line = size * ratio + kept + other_size + other_kept * ratio
    rest = kept + other_kept
    second = 2.0 * rest / (line + sqrt(max(0.0, line * line - 4.0 * square * rest)))
    first = min(1.0, second * ratio)
    spread = first * (1.0 - first) / size + ratio * ratio * second * (1.0 - second) / other_size
    return (kept / size - ratio * other_kept / other_size) / sqrt(max(spread, 1e-300) * whole / (whole - 1.0))


def _difference_score(kept: int, size: int, other_kept: int, other_size: int, gap: float) -> float:
    """Return the score statistic of a difference of `gap`, at its restricted maximum likelihood estimates."""
    first, second = _restricted_shares(kept, size, other_kept, other_size, gap)
    whole = size + other_size
    spread = first * (1.0 - first) / size + second * (1.0 - second) / other_size
    distance = kept / size - other_kept / other_size - gap
    return distance / sqrt(max(spread, 1e-300) * whole / (whole - 1.0))


def _restricted_shares(kept: int, size: int, other_kept: int, other_size: int, gap: float) -> tuple[float, float]:
    """Return the likeliest shares whose difference is `gap`, by halving on the derivative of the likelihood."""
    low, high = max(0.0, -gap), min(1.0, 1.0 - gap)

    def slope(share: float) -> float:
        shifted = share + gap
        return _pull(other_kept, other_size, share) + _pull(kept, size, shifted)

    second = _crossing(slope, low, high)
    return min(1.0, max(0.0, second + gap)), second


def _pull(kept: int, size: int, share: float) -> float:
    """Return the derivative of a binomial log likelihood."""
    up = kept / share if share > 0.0 else (float("inf") if kept else 0.0)
    down = (size - kept) / (1.0 - share) if share < 1.0 else (float("inf") if size > kept else 0.0)
    return 0.0 if up == down else up - down


def _crossing(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function crosses zero between two places, or the end nearest to it."""
    while True:
        middle = (low + high) / 2.0
        if high - low < 1e-16 or middle in (low, high):
            return middle
        if falling(middle) > 0.0:
            low = middle
        else:
            high = middle
