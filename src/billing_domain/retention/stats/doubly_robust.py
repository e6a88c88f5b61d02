"""The doubly robust estimator: right where the model of the offer or the model of the outcome is right."""

from collections.abc import Callable, Hashable, Sequence
from math import fsum

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.least_squares import fit_line
from billing_domain.retention.stats.logistic import Columns, fit_logistic
from billing_domain.retention.stats.model import Difference
from billing_domain.retention.stats.propensity import Target, inverse_weights
from billing_domain.retention.stats.weighting import from_parts, require_both

Fit = Callable[[Columns, Sequence[float], Columns], list[float]]
"""Fits a model on columns and outcomes, and returns its predictions for other columns."""


def share_model(columns: Columns, outcomes: Sequence[float], everybody: Columns) -> list[float]:
    """Fit a logistic model of a yes-or-no outcome; where it never varies, or the covariates separate it, its mean.

    Example:
        >>> from billing_domain.retention.stats.doubly_robust import share_model
        >>> share_model([[1.0, 2.0]], [1.0, 1.0], [[3.0]])
        [1.0]
    """
    try:
        return fit_logistic(columns, [bool(outcome) for outcome in outcomes]).probabilities(everybody)
    except RefusedError:
        return [fsum(outcomes) / len(outcomes)] * len(everybody[0])


def mean_model(columns: Columns, outcomes: Sequence[float], everybody: Columns) -> list[float]:
    """Fit a linear model of an outcome such as revenue.

    Example:
        >>> from billing_domain.retention.stats.doubly_robust import mean_model
        >>> [round(value, 9) for value in mean_model([[0.0, 1.0, 2.0]], [1.0, 3.0, 5.0], [[3.0]])]
        [7.0]
    """
    return fit_line(columns, outcomes).predictions(everybody)


def doubly_robust(
    outcomes: Sequence[float],
    treated: Sequence[bool],
    propensities: Sequence[float],
    columns: Columns,
    target: Target = Target.EVERYBODY,
    fit: Fit = share_model,
    confidence: float = 0.95,
    clusters: Sequence[Hashable] | None = None,
) -> Difference:
    """Return the augmented inverse-probability estimate, treated less untreated (Robins, Rotnitzky and Zhao 1994).

    Args:
        outcomes: The outcome of each unit; 1 and 0 for a share.
        treated: Whether each unit was treated.
        propensities: The probability with which it was, logged or modelled.
        columns: The covariates of the outcome model, one column each.
        target: For whom the effect is wanted.
        fit: The outcome model: `share_model` for yes or no, `mean_model` for amounts.
        confidence: The level of the interval.
        clusters: The cluster of each unit, such as the agent who decided.

    Raises:
        InvalidValueError: A probability is not strictly between 0 and 1, or an outcome is not finite.
        RefusedError: An arm is empty, or no outcome differs from another.

    Example:
        >>> from billing_domain.retention.stats.doubly_robust import doubly_robust, mean_model
        >>> tenure = [[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]]
        >>> found = doubly_robust([2, 3, 4, 1, 2, 3], [True, True, True, False, False, True], [0.5] * 6, tenure, fit=mean_model)
        >>> round(found.value, 4)
        0.8182
    """
    size = same_length("units", outcomes, treated, propensities, *columns)
    finite(outcomes, "an outcome")
    require_both(treated)
    weights = inverse_weights(treated, propensities, target)
    without = _predicted(outcomes, treated, columns, fit, arm=False)
    if target is Target.TREATED:
        return _for_treated(outcomes, treated, weights, without, confidence, clusters)
    with_offer = _predicted(outcomes, treated, columns, fit, arm=True)
    effects = [
        one - other + (weight * (outcome - one) if unit else -weight * (outcome - other))
        for outcome, unit, weight, one, other in zip(outcomes, treated, weights, with_offer, without, strict=True)
    ]
    value = fsum(effects) / size
    return from_parts(value, [(effect - value) / size for effect in effects], confidence, "doubly robust, everybody", clusters)


def _predicted(outcomes: Sequence[float], treated: Sequence[bool], columns: Columns, fit: Fit, *, arm: bool) -> list[float]:
    """Return what everybody's outcome would be in this arm."""
    rows = [index for index, unit in enumerate(treated) if bool(unit) is arm]
    return fit([[column[row] for row in rows] for column in columns], [outcomes[row] for row in rows], columns)


def _for_treated(
    outcomes: Sequence[float],
    treated: Sequence[bool],
    weights: Sequence[float],
    without: Sequence[float],
    confidence: float,
    clusters: Sequence[Hashable] | None,
) -> Difference:
    """Return the estimate for those who were treated."""
    inside = sum(map(bool, treated))
    effects = [
        (1.0 if unit else -weight) * (outcome - other)
        for outcome, unit, weight, other in zip(outcomes, treated, weights, without, strict=True)
    ]
    value = fsum(effects) / inside
    parts = [(effect - (value if unit else 0.0)) / inside for effect, unit in zip(effects, treated, strict=True)]
    return from_parts(value, parts, confidence, "doubly robust, treated", clusters)
