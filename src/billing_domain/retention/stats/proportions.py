"""Shares of customers kept: one arm, and two arms against each other."""

from math import exp, sqrt

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import counts
from billing_domain.retention.stats.distributions import LOG_10, normal_two_sided, two_sided_z
from billing_domain.retention.stats.model import Difference, Interval, Significance


def wilson(kept: int, size: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of one share (Wilson 1927).

    Args:
        kept: How many were kept.
        size: How many there were.
        confidence: The level of the interval.

    Raises:
        InvalidValueError: The arm is empty, or a count is impossible.

    Example:
        >>> from billing_domain.retention.stats.proportions import wilson
        >>> low, high = wilson(81, 263)
        >>> round(low, 4), round(high, 4)
        (0.2553, 0.3662)
    """
    counts(kept, size)
    z = two_sided_z(confidence)
    share, weight = kept / size, z * z / size
    middle = (share + weight / 2.0) / (1.0 + weight)
    reach = z / (1.0 + weight) * sqrt(share * (1.0 - share) / size + weight / (4.0 * size))
    low = 0.0 if kept == 0 else max(0.0, middle - reach)
    return Interval(low, 1.0 if kept == size else min(1.0, middle + reach))


def pooled_z(kept: int, size: int, other_kept: int, other_size: int) -> Significance:
    """Return the two-sided z test of equal shares with the pooled variance.

    Where everybody or nobody was kept in both arms, the shares are equal and the p-value is 1.

    Raises:
        InvalidValueError: An arm is empty, or a count is impossible.

    Example:
        >>> from billing_domain.retention.stats.proportions import pooled_z
        >>> round(pooled_z(56, 70, 48, 80).p, 4)
        0.008
    """
    counts(kept, size)
    counts(other_kept, other_size)
    pooled = (kept + other_kept) / (size + other_size)
    error = sqrt(pooled * (1.0 - pooled) * (1.0 / size + 1.0 / other_size))
    z = (kept / size - other_kept / other_size) / error if error else 0.0
    return Significance(z, normal_two_sided(z) / LOG_10)


def newcombe(kept: int, size: int, other_kept: int, other_size: int, confidence: float = 0.95) -> Difference:
    """Return the risk difference, first less second, with the hybrid score interval (Newcombe 1998, method 10).

    Raises:
        InvalidValueError: An arm is empty, or a count is impossible.

    Example:
        >>> from billing_domain.retention.stats.proportions import newcombe
        >>> found = newcombe(56, 70, 48, 80)
        >>> round(found.value, 4), round(found.interval.low, 4), round(found.interval.high, 4)
        (0.2, 0.0524, 0.3339)
    """
    one, other = wilson(kept, size, confidence), wilson(other_kept, other_size, confidence)
    share, rest = kept / size, other_kept / other_size
    value = share - rest
    down = sqrt((share - one.low) ** 2 + (other.high - rest) ** 2)
    up = sqrt((one.high - share) ** 2 + (rest - other.low) ** 2)
    error = sqrt(share * (1.0 - share) / size + rest * (1.0 - rest) / other_size)
    test = pooled_z(kept, size, other_kept, other_size)
    return Difference(value, Interval(value - down, value + up), error, test, confidence, "newcombe")


def risk_ratio(kept: int, size: int, other_kept: int, other_size: int, confidence: float = 0.95) -> Difference:
    """Return the ratio of the shares, first over second, with the log interval (Katz and others 1978).

    Raises:
        InvalidValueError: An arm is empty, or a count is impossible.
        RefusedError: Nobody was kept in one of the arms; the score interval answers there.

    Example:
        >>> from billing_domain.retention.stats.proportions import risk_ratio
        >>> found = risk_ratio(56, 70, 48, 80)
        >>> round(found.value, 4), round(found.interval.low, 4), round(found.interval.high, 4)
        (1.3333, 1.0766, 1.6512)
    """
    test = pooled_z(kept, size, other_kept, other_size)
    if not kept or not other_kept:
        raise RefusedError((kept, other_kept), "the logarithm of a ratio needs somebody kept in both arms", "use score_ratio")
    value = kept / size / (other_kept / other_size)
    error = sqrt(1.0 / kept - 1.0 / size + 1.0 / other_kept - 1.0 / other_size)
    reach = two_sided_z(confidence) * error
    interval = Interval(value * exp(-reach), value * exp(reach))
    return Difference(value, interval, value * error, test, confidence, "risk ratio, log")
