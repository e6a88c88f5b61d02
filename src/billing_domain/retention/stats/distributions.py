"""Tails and quantiles of the normal, chi-square, t, binomial and beta distributions, in plain Python.

Each tail has a form that returns its natural logarithm, so that a p-value of 1e-500 is still a number one can compare and print.
Relative accuracy of tails: 1e-12 or better in the range that a study meets (up to 1e5 degrees or trials), 1e-10 up to 1e7.
"""

from math import erfc, exp, inf, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

from billing_domain.errors import InvalidValueError
from billing_domain.retention.stats.checks import open_share
from billing_domain.retention.stats.special import log_beta, log_upper_gamma

_NORMAL = NormalDist()
_LOG_2 = log(2.0)
LOG_10 = log(10.0)


def normal_cdf(z: float) -> float:
    """Return the probability that a standard normal value is at most `z`.

    Example:
        >>> from billing_domain.retention.stats.distributions import normal_cdf
        >>> normal_cdf(0.0)
        0.5
    """
    return 0.5 * erfc(-z / sqrt(2.0))


def normal_log_sf(z: float) -> float:
    """Return the natural logarithm of the upper normal tail; it never underflows.

    Example:
        >>> from billing_domain.retention.stats.distributions import normal_log_sf
        >>> round(normal_log_sf(50.0) / 2.302585092994046, 2)
        -544.97
    """
    if z < 0.0:
        return log1p(-normal_cdf(z))
    if z < 20.0:
        return log(normal_cdf(-z))
    square = z * z
    term = total = 1.0
    for k in range(1, 12):
        term *= -(2 * k - 1) / square
        total += term
    return -0.5 * square - log(z) - 0.5 * log(2.0 * pi) + log(total)


def normal_two_sided(z: float) -> float:
    """Return the natural logarithm of the two-sided p-value of a z statistic.

    Example:
        >>> from billing_domain.retention.stats.distributions import normal_two_sided
        >>> from math import exp
        >>> round(exp(normal_two_sided(1.959963984540054)), 6)
        0.05
    """
    return min(0.0, _LOG_2 + normal_log_sf(abs(z)))


def normal_quantile(share: float) -> float:
    """Return the value below which this share of the standard normal distribution lies.

    Raises:
        InvalidValueError: The share is not strictly between 0 and 1.

    Example:
        >>> from billing_domain.retention.stats.distributions import normal_quantile
        >>> round(normal_quantile(0.975), 6)
        1.959964
    """
    return _NORMAL.inv_cdf(open_share(share, "a share of a distribution"))


def two_sided_z(confidence: float) -> float:
    """Return how many standard errors an interval of this confidence reaches to each side.

    Example:
        >>> from billing_domain.retention.stats.distributions import two_sided_z
        >>> round(two_sided_z(0.95), 3)
        1.96
    """
    return -normal_quantile((1.0 - open_share(confidence, "a confidence level")) / 2.0)


def _degrees(degrees: float) -> float:
    if not degrees > 0.0:
        raise InvalidValueError(degrees, "degrees of freedom are above 0", "check how many groups or rows there are")
    return degrees


def chi2_log_sf(statistic: float, degrees: float) -> float:
    """Return the natural logarithm of the upper chi-square tail.

    Example:
        >>> from billing_domain.retention.stats.distributions import chi2_log_sf
        >>> from math import exp
        >>> round(exp(chi2_log_sf(3.841458820694124, 1)), 6)
        0.05
        >>> round(chi2_log_sf(2353.0, 2), 6)
        -1176.5
    """
    _degrees(degrees)
    if degrees == 1 and statistic > 0.0:
        return normal_two_sided(sqrt(statistic))
    return log_upper_gamma(degrees / 2.0, statistic / 2.0)


def t_log_sf(statistic: float, degrees: float) -> float:
    """Return the natural logarithm of the upper tail of Student's t.

    Example:
        >>> from billing_domain.retention.stats.distributions import t_log_sf
        >>> from math import exp
        >>> round(exp(t_log_sf(2.2281388519649385, 10)), 6)
        0.025
    """
    if _degrees(degrees) == inf:
        return normal_log_sf(statistic)
    if abs(statistic) > _FAR:
        far = log(abs(statistic)) - log(degrees) + _t_log_density(abs(statistic), degrees)
        return far if statistic > 0.0 else log1p(-exp(far))
    square = statistic * statistic
    whole = degrees + square
    both = log_beta(degrees / 2.0, 0.5, degrees / whole, square / whole)
    return both - _LOG_2 if statistic >= 0.0 else log1p(-0.5 * exp(both))


def t_two_sided(statistic: float, degrees: float) -> float:
    """Return the natural logarithm of the two-sided p-value of a t statistic.

    Example:
        >>> from billing_domain.retention.stats.distributions import t_two_sided
        >>> from math import exp
        >>> round(exp(t_two_sided(-2.2281388519649385, 10)), 6)
        0.05
    """
    return min(0.0, _LOG_2 + t_log_sf(abs(statistic), degrees))


def _t_log_density(statistic: float, degrees: float) -> float:
    shape = lgamma((degrees + 1.0) / 2.0) - lgamma(degrees / 2.0) - 0.5 * log(degrees * pi)
    if statistic > _FAR:  # its square may be no float any more
        return shape - (degrees + 1.0) / 2.0 * (2.0 * log(statistic) - log(degrees))
    return shape - (degrees + 1.0) / 2.0 * log1p(statistic * statistic / degrees)


def t_quantile(share: float, degrees: float) -> float:
    """Return the value below which this share of Student's t lies, within 1e-9 of itself for shares away from a half.

    Many degrees are those of the normal distribution with four terms in 1 / degrees (Abramowitz and Stegun, 26.7.5), which is exact to
    1e-14 where degrees are a thousand times the square of the normal quantile; degrees without end give the normal quantile.
    Fewer are found by Newton's steps on the logarithm of the tail over the logarithm of the value, so that the farthest tails are reached.

    Raises:
        InvalidValueError: The share is not strictly between 0 and 1, the degrees are not above 0, or the value is beyond all floats.

    Example:
        >>> from billing_domain.retention.stats.distributions import t_quantile
        >>> round(t_quantile(0.975, 10), 6)
        2.228139
    """
    tail = min(open_share(share, "a share of a distribution"), 1.0 - share)
    normal = abs(normal_quantile(tail))
    many = _degrees(degrees) >= _MANY * max(1.0, normal * normal)
    value = _expanded(normal, degrees) if many else _inverted(tail, normal, degrees)
    return value if share >= 0.5 else -value


_FAR = 1e100
_MANY = 1_000.0


def _expanded(z: float, degrees: float) -> float:
    square = z * z
    first = (square + 1.0) / 4.0
    second = ((5.0 * square + 16.0) * square + 3.0) / 96.0
    third = (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0
    fourth = ((((79.0 * square + 776.0) * square + 1_482.0) * square - 1_920.0) * square - 945.0) / 92_160.0
    return z * (1.0 + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees)


def _inverted(tail: float, start: float, degrees: float) -> float:
    """Return the value with this upper tail; in logarithms the tail is concave, so the steps come from one side after the first."""
    if not start:
        return 0.0
    place, before = log(start), inf
    while True:
        try:
            value = exp(place)
        except OverflowError:
            raise InvalidValueError(
                tail, f"the quantile of so small a tail with {degrees} degrees is beyond all floats", "ask for a larger tail"
            ) from None
        reached = t_log_sf(value, degrees)
        step = (reached - log(tail)) / exp(place + _t_log_density(value, degrees) - reached)
        place += step
        if abs(step) * min(1.0, value) <= 1e-15 or (abs(step) < 1e-3 and abs(step) >= before):
            return exp(place)
        before = abs(step)


def binomial_log_sf(at_least: int, trials: int, share: float) -> float:
    """Return the natural logarithm of the probability of at least this many hits.

    Example:
        >>> from billing_domain.retention.stats.distributions import binomial_log_sf
        >>> from math import exp
        >>> round(exp(binomial_log_sf(8, 10, 0.5)), 7)
        0.0546875
    """
    open_share(share)
    if at_least <= 0:
        return 0.0
    if at_least > trials:
        return float("-inf")
    return log_beta(float(at_least), float(trials - at_least + 1), share, 1.0 - share)


def binomial_log_cdf(at_most: int, trials: int, share: float) -> float:
    """Return the natural logarithm of the probability of at most this many hits.

    Example:
        >>> from billing_domain.retention.stats.distributions import binomial_log_cdf
        >>> from math import exp
        >>> round(exp(binomial_log_cdf(2, 10, 0.5)), 7)
        0.0546875
    """
    return binomial_log_sf(trials - at_most, trials, 1.0 - open_share(share))


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the value below which this share of the beta distribution lies; halving, to the last digit.

    Example:
        >>> from billing_domain.retention.stats.distributions import beta_quantile
        >>> round(beta_quantile(0.5, 2.0, 2.0), 9)
        0.5
    """
    target = log(open_share(share, "a share of a distribution"))
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2.0
        if middle in (low, high) or high - low < 1e-15:
            return middle
        if log_beta(a, b, middle, 1.0 - middle) < target:
            low = middle
        else:
            high = middle
