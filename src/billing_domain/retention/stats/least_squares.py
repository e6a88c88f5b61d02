"""Least squares with an intercept: the outcome model for revenue."""

from collections.abc import Sequence
from math import fsum

import attrs

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.linear import cholesky, combine, dot, products, solve
from billing_domain.retention.stats.logistic import Columns


@attrs.frozen
class Line:
    """A fitted linear model.

    Args:
        coefficients: The intercept, then one coefficient per column.
    """

    coefficients: tuple[float, ...]

    def predictions(self, columns: Columns) -> list[float]:
        """Return the expected outcome of each row."""
        return combine([[1.0] * len(columns[0]), *columns], self.coefficients)


def fit_line(columns: Columns, outcomes: Sequence[float]) -> Line:
    """Return the least squares fit with an intercept.

    Args:
        columns: One column of numbers per covariate, at least one.
        outcomes: What is to be predicted, per row.

    Raises:
        InvalidValueError: The columns differ in length, or a value is not finite.
        RefusedError: A covariate is determined by the others; the value is its index.

    Example:
        >>> from billing_domain.retention.stats.least_squares import fit_line
        >>> [round(value, 9) for value in fit_line([[0.0, 1.0, 2.0]], [1.0, 3.0, 5.0]).coefficients]
        [1.0, 2.0]
    """
    size = same_length("units", outcomes, *columns)
    finite(outcomes, "an outcome")
    means = [fsum(finite(column, "a covariate")) / size for column in columns]
    centred = [[value - mean for value in column] for column, mean in zip(columns, means, strict=True)]
    try:
        lower = cholesky(products(centred))
    except RefusedError as refused:
        raise RefusedError(refused.value, "a covariate is the same for all units, or determined by the others", "leave it out") from None
    slopes = solve(lower, [dot(column, outcomes) for column in centred])
    return Line((fsum(outcomes) / size - dot(slopes, means), *slopes))
