"""Logistic regression by Newton's method, in plain Python, column by column."""

from collections.abc import Sequence
from math import exp, fsum, log, log1p, sqrt

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.linear import cholesky, combine, dot, products, solve

Columns = Sequence[Sequence[float]]
_ROUNDS = 50
_LONG = 0.5


@attrs.frozen
class Logistic:
    """A fitted model of a probability.

    Args:
        coefficients: The intercept, then one coefficient per column.
        rounds: How many Newton steps were made.
    """

    coefficients: tuple[float, ...]
    rounds: int

    def probabilities(self, columns: Columns) -> list[float]:
        """Return the probability of each row.

        Raises:
            InvalidValueError: The columns are not as many as the model was fitted on.
        """
        if len(columns) != len(self.coefficients) - 1:
            raise InvalidValueError(len(columns), f"the model was fitted on {len(self.coefficients) - 1} columns", "give the same ones")
        return _probabilities(combine([[1.0] * len(columns[0]), *columns], self.coefficients))


def _probabilities(scores: list[float]) -> list[float]:
    return [1.0 / (1.0 + exp(-score)) if score > -700.0 else 0.0 for score in scores]


def _scaled(column: Sequence[float], index: int) -> tuple[list[float], float, float]:
    """Return the column around its mean in units of its spread, with both."""
    finite(column, f"covariate {index}")
    mean = fsum(column) / len(column)
    centred = [value - mean for value in column]
    spread = sqrt(dot(centred, centred) / len(column))
    if spread <= 1e-12 * abs(mean) or not spread:
        raise RefusedError(index, "a covariate is the same for all units", "leave it out")
    return [value / spread for value in centred], mean, spread


def fit_logistic(columns: Columns, outcomes: Sequence[bool]) -> Logistic:
    """Return the maximum likelihood fit of a logistic model with an intercept.

    Args:
        columns: One column of numbers per covariate, at least one.
        outcomes: What is to be predicted, per row.

    Raises:
        InvalidValueError: The columns differ in length, or a value is not finite.
        RefusedError: A covariate is constant or determined by the others (the value is its index), the outcome never
            varies, or the covariates separate the outcomes so that there is no finite fit.

    Example:
        >>> from billing_domain.retention.stats.logistic import fit_logistic
        >>> found = fit_logistic([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], [False, False, True, False, True, True])
        >>> [round(value, 4) for value in found.coefficients]
        [-4.2491, 1.214]
    """
    if not columns:
        raise InvalidValueError(0, "a model has at least one covariate", "give the columns")
    size = same_length("units", outcomes, *columns)
    hits = sum(map(bool, outcomes))
    if not 0 < hits < size:
        raise RefusedError(hits, "the outcome never varies", "there is nothing to model")
    scaled, means, spreads = zip(*(_scaled(column, index) for index, column in enumerate(columns)), strict=True)
    design = [[1.0] * size, *scaled]
    factors, rounds = _newton(design, [1.0 if outcome else 0.0 for outcome in outcomes], hits / size)
    slopes = [factor / spread for factor, spread in zip(factors[1:], spreads, strict=True)]
    return Logistic((factors[0] - dot(slopes, means), *slopes), rounds)


def _newton(design: Columns, outcomes: Sequence[float], base: float) -> tuple[list[float], int]:
    """Return the factors and the number of steps; a step of 1e-7 leaves an error of its square."""
    factors = [log(base / (1.0 - base)), *([0.0] * (len(design) - 1))]
    rounds = 0
    while rounds < _ROUNDS:
        rounds += 1
        shares = _probabilities(combine(design, factors))
        gaps = [outcome - share for outcome, share in zip(outcomes, shares, strict=True)]
        step = solve(_information(design, shares), [dot(column, gaps) for column in design])
        if max(map(abs, step)) > _LONG:
            step = _shortened(design, outcomes, factors, step)
        factors = [factor + part for factor, part in zip(factors, step, strict=True)]
        if max(map(abs, step)) < 1e-7:
            return factors, rounds
    raise RefusedError(len(outcomes), "the covariates separate the outcomes, so there is no finite fit", "use fewer or coarser covariates")


def _shortened(design: Columns, outcomes: Sequence[float], factors: Sequence[float], step: list[float]) -> list[float]:
    """Return the step, halved until it does not make the outcomes less likely."""
    before = _log_likelihood(combine(design, factors), outcomes)
    while _log_likelihood(combine(design, [a + b for a, b in zip(factors, step, strict=True)]), outcomes) < before:
        step = [part / 2.0 for part in step]
    return step


def _log_likelihood(scores: Sequence[float], outcomes: Sequence[float]) -> float:
    """Return the sum over rows of `y * score - log(1 + exp(score))`, without overflow."""
    return fsum(outcome * score - max(score, 0.0) - log1p(exp(-abs(score))) for score, outcome in zip(scores, outcomes, strict=True))


def _information(design: Columns, shares: Sequence[float]) -> list[list[float]]:
    """Return the Cholesky factor of the information matrix."""
    try:
        return cholesky(products(design, [share * (1.0 - share) for share in shares]))
    except RefusedError as refused:
        raise RefusedError(
            refused.value - 1, "a covariate is determined by the others, or separates the outcomes", "leave it out"
        ) from None


def standard_errors(model: Logistic, columns: Columns) -> tuple[float, ...]:
    """Return the standard error of each coefficient, from the inverse information at the fit.

    Args:
        model: The fitted model.
        columns: The columns that it was fitted on.

    Raises:
        InvalidValueError: The columns are not as many as the model was fitted on.

    Example:
        >>> from billing_domain.retention.stats.logistic import fit_logistic, standard_errors
        >>> columns = [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]
        >>> model = fit_logistic(columns, [False, False, True, False, True, True])
        >>> [round(value, 4) for value in standard_errors(model, columns)]
        [3.3879, 0.9126]
    """
    shares = model.probabilities(columns)
    means = [fsum(column) / len(column) for column in columns]
    design = [[1.0] * len(shares), *([value - mean for value in column] for column, mean in zip(columns, means, strict=True))]
    lower, size = _information(design, shares), len(design)
    covariance = [solve(lower, [1.0 if i == j else 0.0 for j in range(size)]) for i in range(size)]
    back = [1.0, *(-mean for mean in means)]
    first = dot(back, [dot(row, back) for row in covariance])
    return (sqrt(first), *(sqrt(covariance[i][i]) for i in range(1, size)))
