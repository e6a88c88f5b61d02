"""When half of the customers have left."""

from math import inf

import attrs

from billing_domain.retention.stats.checks import open_share
from billing_domain.retention.stats.model import Interval
from billing_domain.retention.stats.survival import SurvivalCurve, Transform, survival_interval

_SLACK = 1e-12


@attrs.frozen
class LeavingTime:
    """The time by which a share of the customers has left.

    Args:
        value: The first time at which at most the rest is still there; none where the curve never falls that far.
        interval: The times that the data do not contradict; an upper limit of infinity means that it was not reached.
        share: The share that has left by then, 0.5 for the median.
    """

    value: float | None
    interval: Interval
    share: float


def leaving_time(
    curve: SurvivalCurve, share: float = 0.5, confidence: float = 0.95, transform: Transform = Transform.LOG_LOG
) -> LeavingTime:
    """Return the time by which this share has left, with the interval of Brookmeyer and Crowley (1982).

    Args:
        curve: The survival curve.
        share: The share that has left, strictly between 0 and 1; 0.5 gives the median.
        confidence: The level of the interval.
        transform: The scale of the pointwise intervals that are turned round.

    Example:
        >>> from billing_domain.retention.stats.median import leaving_time
        >>> from billing_domain.retention.stats.survival import kaplan_meier
        >>> leaving_time(kaplan_meier([1.0, 2.0, 3.0, 4.0], [True, True, True, False])).value
        2.0
    """
    stay = 1.0 - open_share(share, "the share that has left")
    limits = [survival_interval(curve, time, confidence, transform) for time in curve.times]
    low = _first(curve.times, [limit.low for limit in limits], stay)
    high = _first(curve.times, [limit.high for limit in limits], stay)
    value = _first(curve.times, curve.survival, stay)
    return LeavingTime(None if value == inf else value, Interval(low, high), share)


def _first(times: tuple[float, ...], shares: tuple[float, ...] | list[float], stay: float) -> float:
    return next((time for time, share in zip(times, shares, strict=True) if share <= stay + _SLACK), inf)
