"""Means that are counted row by row, and Welch's comparison of two of them."""

from collections.abc import Iterable
from math import sqrt

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.distributions import LOG_10, t_quantile, t_two_sided
from billing_domain.retention.stats.model import Difference, Interval, Significance


@attrs.frozen
class Moments:
    """How many values there were, their mean, and the sum of squares around it.

    Example:
        >>> from billing_domain.retention.stats.means import moments
        >>> moments([1.0, 2.0, 3.0]).variance
        1.0
    """

    size: int
    mean: float
    squares: float

    @property
    def variance(self) -> float:
        """The sample variance; 0.0 for fewer than two values."""
        return self.squares / (self.size - 1) if self.size > 1 else 0.0

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both samples together (Chan, Golub and LeVeque 1983)."""
        size = self.size + other.size
        if not size:
            return self
        gap = other.mean - self.mean
        mean = self.mean + gap * other.size / size
        return Moments(size, mean, self.squares + other.squares + gap * gap * self.size * other.size / size)


def moments(values: Iterable[float]) -> Moments:
    """Return the moments of a stream in constant memory (Welford 1962).

    Raises:
        InvalidValueError: A value is NaN or infinite.

    Example:
        >>> from billing_domain.retention.stats.means import moments
        >>> moments([1.0, 2.0, 3.0]).mean
        2.0
    """
    size, mean, squares = 0, 0.0, 0.0
    for value in values:
        size += 1
        gap = value - mean
        mean += gap / size
        squares += gap * (value - mean)
    if not squares < float("inf"):
        raise InvalidValueError(squares, "every value is a finite number", "leave out or repair the row")
    return Moments(size, mean, squares)


def welch(first: Moments, second: Moments, confidence: float = 0.95) -> Difference:
    """Return the difference of two means with Welch's interval and test (unequal variances, Satterthwaite degrees).

    Args:
        first: The first arm.
        second: The second arm.
        confidence: The level of the interval.

    Raises:
        RefusedError: An arm has fewer than two values, or no value differs from another.

    Example:
        >>> from billing_domain.retention.stats.means import moments, welch
        >>> found = welch(moments([5.0, 7.0, 9.0]), moments([1.0, 2.0, 3.0, 4.0]))
        >>> round(found.value, 3), round(found.significance.p, 4)
        (4.5, 0.0378)
    """
    if min(first.size, second.size) < 2:
        raise RefusedError((first.size, second.size), "a comparison of means needs two values in each arm", "wait for more units")
    one, other = first.variance / first.size, second.variance / second.size
    if not one + other > 0.0:
        raise RefusedError(first.mean, "all values of each arm are equal, so a mean has no error", "compare shares instead")
    degrees = (one + other) ** 2 / (one**2 / (first.size - 1) + other**2 / (second.size - 1))
    value, error = first.mean - second.mean, sqrt(one + other)
    return from_error(value, error, degrees, confidence, "welch")


def from_error(value: float, error: float, degrees: float, confidence: float, method: str) -> Difference:
    """Return the difference with the t interval and test of its standard error.

    Example:
        >>> from billing_domain.retention.stats.means import from_error
        >>> round(from_error(1.0, 0.5, 10.0, 0.95, "t").interval.low, 3)
        -0.114
    """
    t = value / error
    reach = t_quantile(0.5 + confidence / 2.0, degrees) * error
    test = Significance(t, t_two_sided(t, degrees) / LOG_10, degrees)
    return Difference(value, Interval(value - reach, value + reach), error, test, confidence, method)
