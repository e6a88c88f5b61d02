"""How long customers stay on average up to a horizon: the area under the survival curve."""

from math import sqrt

import attrs

from billing_domain.errors import InvalidValueError
from billing_domain.retention.stats.distributions import LOG_10, normal_two_sided, two_sided_z
from billing_domain.retention.stats.model import Difference, Interval, Significance
from billing_domain.retention.stats.survival import SurvivalCurve


@attrs.frozen
class RestrictedMean:
    """The mean stay up to a horizon; who stays longer counts up to the horizon.

    Args:
        value: The area under the curve up to the horizon, in the unit of the durations.
        standard_error: Its standard error, from Greenwood's terms.
        interval: The confidence interval.
        horizon: The horizon.
    """

    value: float
    standard_error: float
    interval: Interval
    horizon: float


def restricted_mean(curve: SurvivalCurve, horizon: float, confidence: float = 0.95) -> RestrictedMean:
    """Return the restricted mean stay (Irwin 1949; variance as in Klein and Moeschberger, section 4.5, with their factor m / (m - 1)).

    Args:
        curve: The survival curve.
        horizon: The end of the area, above 0 and not after the last at risk.
        confidence: The level of the interval.

    Raises:
        InvalidValueError: The horizon is not above 0.
        RefusedError: Nobody was at risk that late.

    Example:
        >>> from billing_domain.retention.stats.restricted_mean import restricted_mean
        >>> from billing_domain.retention.stats.survival import kaplan_meier
        >>> round(restricted_mean(kaplan_meier([1.0, 2.0, 4.0], [True, True, False]), 3.0).value, 9)
        2.0
    """
    place = curve.index(horizon)
    if horizon == 0.0:
        raise InvalidValueError(horizon, "a horizon lies after time zero", "choose a later horizon")
    edges = (*curve.times[:place], horizon)
    heights = (1.0, *curve.survival[:place])
    starts = (0.0, *edges[:-1])
    pieces = [height * (end - start) for height, start, end in zip(heights, starts, edges, strict=True)]
    value, after, variance = sum(pieces), 0.0, 0.0
    for index in range(place - 1, -1, -1):
        after += pieces[index + 1]
        at_risk, left = curve.at_risk[index], curve.left[index]
        variance += after * after * left / (at_risk * (at_risk - left)) if at_risk > left else 0.0
    events = sum(curve.left[:place])
    error = sqrt(variance * events / (events - 1)) if events > 1 else sqrt(variance)
    reach = two_sided_z(confidence) * error
    return RestrictedMean(value, error, Interval(max(0.0, value - reach), min(horizon, value + reach)), horizon)


def restricted_mean_difference(first: SurvivalCurve, second: SurvivalCurve, horizon: float, confidence: float = 0.95) -> Difference:
    """Return how much longer the first arm stays up to the horizon, first less second.

    Raises:
        RefusedError: In one of the arms nobody was at risk that late.

    Example:
        >>> from billing_domain.retention.stats.restricted_mean import restricted_mean_difference
        >>> from billing_domain.retention.stats.survival import kaplan_meier
        >>> long = kaplan_meier([2.0, 3.0, 4.0, 4.0], [True, True, False, False])
        >>> short = kaplan_meier([1.0, 1.0, 2.0, 4.0], [True, True, True, False])
        >>> restricted_mean_difference(long, short, 4.0).value
        1.25
    """
    one, other = restricted_mean(first, horizon, confidence), restricted_mean(second, horizon, confidence)
    value, error = one.value - other.value, sqrt(one.standard_error**2 + other.standard_error**2)
    if not error:
        raise InvalidValueError(value, "nobody left before the horizon, so the difference has no error", "choose a later horizon")
    reach, z = two_sided_z(confidence) * error, value / error
    test = Significance(z, normal_two_sided(z) / LOG_10)
    return Difference(value, Interval(value - reach, value + reach), error, test, confidence, "restricted mean")
