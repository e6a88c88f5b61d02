"""The effect of an offer where those who got it differ from those who did not: inverse-probability weights."""

from collections.abc import Hashable, Sequence
from math import fsum, sqrt
from operator import mul

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.distributions import LOG_10, normal_two_sided, two_sided_z
from billing_domain.retention.stats.linear import cholesky, combine, dot, products, solve
from billing_domain.retention.stats.logistic import Columns
from billing_domain.retention.stats.means import from_error
from billing_domain.retention.stats.model import Difference, Interval, Significance
from billing_domain.retention.stats.propensity import Target, inverse_weights


def weighted_difference(
    outcomes: Sequence[float],
    treated: Sequence[bool],
    propensities: Sequence[float],
    target: Target = Target.EVERYBODY,
    modelled_on: Columns | None = None,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Difference:
    """Return the difference of the weighted means, treated less untreated (Hajek 1971).

    The error is that of the influence function. Where the probabilities were fitted by a logistic model, giving its columns
    allows for that (Lunceford and Davidian 2004); without them the probabilities count as known.

    Args:
        outcomes: The outcome of each unit; 1 and 0 for a share.
        treated: Whether each unit was treated.
        propensities: The probability with which it was, logged or modelled.
        target: For whom the effect is wanted.
        modelled_on: The columns of the logistic model that gave the probabilities, if one did.
        confidence: The level of the interval.
        clusters: The cluster of each unit, such as the agent who decided.

    Raises:
        InvalidValueError: A probability is not strictly between 0 and 1, or an outcome is not finite.
        RefusedError: An arm is empty, or no outcome differs from another.

    Example:
        >>> from billing_domain.retention.stats.weighting import weighted_difference
        >>> offered = [True, True, True, False, False, False]
        >>> found = weighted_difference([1, 0, 1, 1, 0, 0], offered, [0.5, 0.25, 0.75, 0.5, 0.25, 0.75])
        >>> round(found.value, 4)
        0.1818
    """
    size = same_length("units", outcomes, treated, propensities)
    finite(outcomes, "an outcome")
    require_both(treated)
    weights = inverse_weights(treated, propensities, target)
    means, totals = [], []
    for arm in (True, False):
        heavy = [weight if bool(unit) is arm else 0.0 for weight, unit in zip(weights, treated, strict=True)]
        totals.append(fsum(heavy))
        means.append(dot(heavy, outcomes) / totals[-1])
    parts = [
        weight * (outcome - means[0]) / totals[0] if unit else weight * (means[1] - outcome) / totals[1]
        for weight, outcome, unit in zip(weights, outcomes, treated, strict=True)
    ]
    if modelled_on is not None:
        parts = _allowing_for_model(parts, treated, propensities, target, [[1.0] * size, *modelled_on])
    return from_parts(means[0] - means[1], parts, confidence, f"inverse probability, {target.value}", clusters)


def require_both(treated: Sequence[bool]) -> None:
    """Refuse a comparison in which one arm is empty.

    Raises:
        RefusedError: Everybody or nobody was treated.

    Example:
        >>> from billing_domain.retention.stats.weighting import require_both
        >>> require_both([True, False])
    """
    inside = sum(map(bool, treated))
    if not 0 < inside < len(treated):
        raise RefusedError(inside, "a comparison needs units in both arms", "check how the arms are named")


def _allowing_for_model(
    parts: list[float], treated: Sequence[bool], propensities: Sequence[float], target: Target, design: Columns
) -> list[float]:
    """Return the influence of each unit, allowing for the fit of its probability."""
    slopes = [_slope(part, unit, share, target) for part, unit, share in zip(parts, treated, propensities, strict=True)]
    lower = cholesky(products(design, [share * (1.0 - share) for share in propensities]))
    factors = solve(lower, [dot(column, slopes) for column in design])
    gaps = [(1.0 if unit else 0.0) - share for unit, share in zip(treated, propensities, strict=True)]
    return [part + extra for part, extra in zip(parts, map(mul, combine(design, factors), gaps), strict=True)]


def _slope(part: float, unit: bool, share: float, target: Target) -> float:
    """Return how the influence of a unit moves with the score of its probability."""
    if target is Target.TREATED:
        return 0.0 if unit else part
    return -part * (1.0 - share) if unit else part * share


def from_parts(
    value: float, parts: Sequence[float], confidence: float, method: str, clusters: Sequence[Hashable] | None = None
) -> Difference:
    """Return the difference whose error is the root of the sum of squared influences.

    With clusters the influences are added up within each, and the t distribution has one degree less than there are clusters.

    Raises:
        RefusedError: No unit has any influence.

    Example:
        >>> from billing_domain.retention.stats.weighting import from_parts
        >>> found = from_parts(1.0, [0.3, -0.4], 0.95, "sum")
        >>> found.standard_error, round(found.interval.low, 2)
        (0.5, 0.02)
    """
    if clusters is not None:
        return _clustered(value, parts, confidence, method, clusters)
    error = sqrt(dot(parts, parts))
    if not error > 0.0:
        raise RefusedError(value, "no outcome differs from another, so there is no error", "wait for more units or another outcome")
    reach = two_sided_z(confidence) * error
    test = Significance(value / error, normal_two_sided(value / error) / LOG_10)
    return Difference(value, Interval(value - reach, value + reach), error, test, confidence, method)


def _clustered(value: float, parts: Sequence[float], confidence: float, method: str, clusters: Sequence[Hashable]) -> Difference:
    sums: dict[Hashable, float] = {}
    for part, cluster in zip(parts, clusters, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + part
    if len(sums) < 2:
        raise RefusedError(len(sums), "an error over clusters needs at least two clusters", "compare within more agents")
    error = sqrt(len(sums) / (len(sums) - 1) * fsum(total * total for total in sums.values()))
    if not error > 0.0:
        raise RefusedError(value, "nothing varies between the clusters, so there is no error", "compare more agents")
    return from_error(value, error, len(sums) - 1, confidence, f"{method}, clustered")
