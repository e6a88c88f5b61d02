"""The incomplete gamma and beta functions, as logarithms that do not underflow.

The leading factors use the saddle-point form of C. Loader (2000), "Fast and accurate computation of binomial probabilities",
so that they stay accurate for large arguments; the rest are the textbook series and continued fractions (modified Lentz).
Relative accuracy of the values: better than 1e-12 for parameters up to 1e5, better than 1e-10 up to 1e7 (tests compare with scipy).
"""

from math import exp, expm1, fsum, isinf, lgamma, log, log1p, pi

_HALF_LOG_2PI = 0.5 * log(2.0 * pi)
_TINY = 1e-300
_CLOSE = 4e-16
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)


def log1mexp(value: float) -> float:
    """Return `log(1 - exp(value))` for a value of at most 0, accurate near both ends.

    Example:
        >>> from billing_domain.retention.stats.special import log1mexp
        >>> round(log1mexp(-0.6931471805599453), 12)
        -0.69314718056
    """
    if value == 0.0:
        return float("-inf")
    return log(-expm1(value)) if value > -0.6931471805599453 else log1p(-exp(value))


def _stirling_error(n: float) -> float:
    """Return log n! less Stirling's formula."""
    if n < 16.0:
        return lgamma(n + 1.0) - (n + 0.5) * log(n) + n - _HALF_LOG_2PI
    return fsum(term / n ** (2 * power + 1) for power, term in enumerate(_STIRLING))


def _deviance(x: float, mean: float) -> float:
    """Return `x log(x / mean) + mean - x` without cancellation where both are close."""
    gap = x - mean
    if abs(gap) >= 0.1 * (x + mean):
        return x * log(x / mean) + mean - x
    ratio = gap / (x + mean)
    total, term, power = gap * ratio, 2.0 * x * ratio, 1
    while True:
        term *= ratio * ratio
        power += 2
        longer = total + term / power
        if longer == total:
            return total
        total = longer


def _gamma_factor(a: float, x: float) -> float:
    """Return `log(x^a exp(-x) / Gamma(a + 1))`."""
    return -_stirling_error(a) - _deviance(a, x) - _HALF_LOG_2PI - 0.5 * log(a)


def _gamma_series(a: float, x: float) -> float:
    total = term = 1.0
    n = a
    while term > total * 1e-17:
        n += 1.0
        term *= x / n
        total += term
    return total


def _gamma_fraction(a: float, x: float) -> float:
    b = x + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / b
    value, i = d, 0
    while True:
        i += 1
        step = -i * (i - a)
        b += 2.0
        d = 1.0 / (step * d + b or _TINY)
        c = b + step / c or _TINY
        value *= d * c
        if abs(d * c - 1.0) < _CLOSE:
            return value


def log_upper_gamma(a: float, x: float) -> float:
    """Return the logarithm of the regularised upper incomplete gamma function Q(a, x).

    Args:
        a: The shape, above 0.
        x: The lower end of the integral, at least 0.

    Example:
        >>> from billing_domain.retention.stats.special import log_upper_gamma
        >>> round(log_upper_gamma(1.0, 3.0), 12)
        -3.0
    """
    if x <= 0.0:
        return 0.0
    if isinf(x):
        return float("-inf")
    factor = _gamma_factor(a, x)
    if x < a + 1.0:
        return log1mexp(min(0.0, factor + log(_gamma_series(a, x))))
    return factor + log(a) + log(_gamma_fraction(a, x))


def _beta_factor(a: float, b: float, x: float, y: float) -> float:
    """Return `log(x^a y^b / B(a, b))`."""
    n = a + b
    errors = _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    shape = 0.5 * (log(a) + log(b) - log(n)) - _HALF_LOG_2PI
    return errors - _deviance(a, n * x) - _deviance(b, n * y) + shape


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1.0 / (1.0 - (a + b) * x / (a + 1.0) or _TINY)
    value, m = d, 0
    while True:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / (1.0 + even * d or _TINY)
        c = 1.0 + even / c or _TINY
        value *= d * c
        d = 1.0 / (1.0 + odd * d or _TINY)
        c = 1.0 + odd / c or _TINY
        value *= d * c
        if abs(d * c - 1.0) < _CLOSE:
            return value


def log_beta(a: float, b: float, x: float, y: float) -> float:
    """Return the logarithm of the regularised incomplete beta function I_x(a, b).

    Args:
        a: The first shape, above 0.
        b: The second shape, above 0.
        x: The upper end of the integral.
        y: `1 - x`, given apart so that a value close to 1 keeps its digits.

    Example:
        >>> from billing_domain.retention.stats.special import log_beta
        >>> from math import log
        >>> round(log_beta(1.0, 1.0, 0.25, 0.75), 12) == round(log(0.25), 12)
        True
    """
    if x <= 0.0:
        return float("-inf")
    if y <= 0.0:
        return 0.0
    factor = _beta_factor(a, b, x, y)
    if x < (a + 1.0) / (a + b + 2.0):
        return factor - log(a) + log(_beta_fraction(a, b, x))
    return log1mexp(min(0.0, factor - log(b) + log(_beta_fraction(b, a, y))))
