"""What the estimators return: an interval, a test, a difference."""

from typing import NamedTuple

import attrs

from billing_domain.errors import InvalidValueError


class Interval(NamedTuple):
    """The lower and the upper limit of a confidence interval, both included.

    Example:
        >>> from billing_domain.retention.stats.model import Interval
        >>> Interval(0.1, 0.3).holds(0.2)
        True
    """

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value lies inside."""
        return self.low <= value <= self.high


@attrs.frozen
class Significance:
    """The result of a test; the logarithm stays readable where the p-value is too small for a float.

    Args:
        statistic: The test statistic.
        log10_p: The decimal logarithm of the p-value, at most 0.
        degrees: Degrees of freedom; none for a test on the normal or an exact distribution.

    Example:
        >>> from billing_domain.retention.stats.model import Significance
        >>> round(Significance(statistic=1.96, log10_p=-1.301).p, 3)
        0.05
    """

    statistic: float
    log10_p: float
    degrees: float | None = None

    @property
    def p(self) -> float:
        """The p-value; 0.0 where it is below the smallest float."""
        return 10.0**self.log10_p if self.log10_p > -330 else 0.0


@attrs.frozen
class Difference:
    """How far two arms lie apart, first less second.

    Args:
        value: The point estimate.
        interval: The confidence interval.
        standard_error: The standard error of the value; none where the interval is not built from one.
        significance: The test of no difference.
        confidence: The level of the interval, as in 0.95.
        method: The name of the method in the words of the field.
    """

    value: float
    interval: Interval
    standard_error: float | None
    significance: Significance
    confidence: float
    method: str

    def __attrs_post_init__(self) -> None:
        if not self.interval.low <= self.interval.high:
            raise InvalidValueError(self.interval, "an interval runs from low to high", "check the figures that it was made from")
