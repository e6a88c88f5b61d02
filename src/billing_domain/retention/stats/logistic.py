"""Logistic regression by Newton's method, in plain Python, column by column."""

from collections.abc import Sequence
from math import exp, fsum, log, log1p, sqrt

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.linear import cholesky, combine, dot, products, solve

Columns = Sequence[Sequence[float]]
_ROUNDS = 50
_SEPARATED = 30.0


@attrs.frozen
class Logistic:
    """A fitted model of a probability.

    Args:
        coefficients: The intercept, then one coefficient per column.
        standard_errors: Their standard errors, from the inverse information.
        log_likelihood: The log likelihood at the fit.
        rounds: How many Newton steps were made.
    """

    coefficients: tuple[float, ...]
    standard_errors: tuple[float, ...]
    log_likelihood: float
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
    factors, covariance, likelihood, rounds = _newton(design, [1.0 if outcome else 0.0 for outcome in outcomes], hits / size)
    slopes = [factor / spread for factor, spread in zip(factors[1:], spreads, strict=True)]
    back = [1.0, *(-mean / spread for mean, spread in zip(means, spreads, strict=True))]
    first = dot(back, [dot(row, back) for row in covariance])
    errors = [sqrt(first), *(sqrt(covariance[i + 1][i + 1]) / spread for i, spread in enumerate(spreads))]
    return Logistic((factors[0] - dot(slopes, means), *slopes), tuple(errors), likelihood, rounds)


def _newton(design: Columns, outcomes: Sequence[float], base: float) -> tuple[list[float], list[list[float]], float, int]:
    """Return the factors, their covariance, the log likelihood and the number of steps."""
    factors = [log(base / (1.0 - base)), *([0.0] * (len(design) - 1))]
    for rounds in range(1, _ROUNDS):
        shares = _probabilities(combine(design, factors))
        gaps = [outcome - share for outcome, share in zip(outcomes, shares, strict=True)]
        lower = _information(design, shares)
        step = solve(lower, [dot(column, gaps) for column in design])
        factors = [factor + part for factor, part in zip(factors, step, strict=True)]
        if max(map(abs, factors)) > _SEPARATED:
            break
        if max(map(abs, step)) < 1e-9:
            scores = combine(design, factors)
            return factors, _inverse(lower), _log_likelihood(scores, outcomes), rounds
    raise RefusedError(len(outcomes), "the covariates separate the outcomes, so there is no finite fit", "use fewer or coarser covariates")


def _information(design: Columns, shares: Sequence[float]) -> list[list[float]]:
    """Return the Cholesky factor of the information matrix."""
    try:
        return cholesky(products(design, [share * (1.0 - share) for share in shares]))
    except RefusedError as refused:
        raise RefusedError(
            refused.value - 1, "a covariate is determined by the others, or separates the outcomes", "leave it out"
        ) from None


def _inverse(lower: list[list[float]]) -> list[list[float]]:
    size = len(lower)
    return [solve(lower, [1.0 if i == j else 0.0 for j in range(size)]) for i in range(size)]


def _log_likelihood(scores: Sequence[float], outcomes: Sequence[float]) -> float:
    """Return the sum over rows of `y * score - log(1 + exp(score))`, without overflow."""
    return fsum(outcome * score - (max(score, 0.0) + log1p(exp(-abs(score)))) for score, outcome in zip(scores, outcomes, strict=True))
