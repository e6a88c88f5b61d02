"""The little linear algebra that the estimators need: columns, sums of products, symmetric systems."""

from collections.abc import Iterable, Sequence
from math import fsum, sqrt
from operator import mul

from billing_domain.errors import RefusedError

Matrix = list[list[float]]
_COLLINEAR = 1e-10


def dot(one: Iterable[float], other: Iterable[float]) -> float:
    """Return the sum of products.

    Example:
        >>> from billing_domain.retention.stats.linear import dot
        >>> dot([1.0, 2.0], [3.0, 4.0])
        11.0
    """
    return sum(map(mul, one, other), 0.0)


def cholesky(matrix: Sequence[Sequence[float]]) -> Matrix:
    """Return the lower triangle whose product with its transpose is the matrix.

    Raises:
        RefusedError: The matrix is not positive definite; the value is the number of the column that the earlier ones determine.

    Example:
        >>> from billing_domain.retention.stats.linear import cholesky
        >>> cholesky([[4.0, 2.0], [2.0, 5.0]])
        [[2.0, 0.0], [1.0, 2.0]]
    """
    size = len(matrix)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i):
            lower[i][j] = (matrix[i][j] - dot(lower[i][:j], lower[j][:j])) / lower[j][j]
        rest = matrix[i][i] - dot(lower[i][:i], lower[i][:i])
        if not rest > _COLLINEAR * matrix[i][i]:
            raise RefusedError(i, "a column is determined by the columns before it", "leave out the covariate that says the same twice")
        lower[i][i] = sqrt(rest)
    return lower


def solve(lower: Matrix, right: Sequence[float]) -> list[float]:
    """Return the solution of the system whose Cholesky factor is given.

    Example:
        >>> from billing_domain.retention.stats.linear import cholesky, solve
        >>> solve(cholesky([[4.0, 2.0], [2.0, 5.0]]), [8.0, 8.0])
        [1.5, 1.0]
    """
    size = len(lower)
    middle: list[float] = []
    for i in range(size):
        middle.append((right[i] - dot(lower[i][:i], middle)) / lower[i][i])
    found = [0.0] * size
    for i in range(size - 1, -1, -1):
        found[i] = (middle[i] - fsum(lower[k][i] * found[k] for k in range(i + 1, size))) / lower[i][i]
    return found


def products(columns: Sequence[Sequence[float]], weights: Sequence[float] | None = None) -> Matrix:
    """Return the (weighted) sums of products of every pair of columns, as a symmetric matrix.

    Example:
        >>> from billing_domain.retention.stats.linear import products
        >>> products([[1.0, 1.0], [2.0, 3.0]])
        [[2.0, 5.0], [5.0, 13.0]]
    """
    size = len(columns)
    found = [[0.0] * size for _ in range(size)]
    for i, column in enumerate(columns):
        heavy = column if weights is None else list(map(mul, column, weights))
        for j in range(i, size):
            found[i][j] = found[j][i] = dot(heavy, columns[j])
    return found


def combine(columns: Sequence[Sequence[float]], factors: Sequence[float]) -> list[float]:
    """Return, row by row, the sum of the columns times their factors.

    Example:
        >>> from billing_domain.retention.stats.linear import combine
        >>> combine([[1.0, 1.0], [2.0, 3.0]], [10.0, 1.0])
        [12.0, 13.0]
    """
    total = [factors[0] * value for value in columns[0]]
    for column, factor in zip(columns[1:], factors[1:], strict=True):
        total = [value + factor * other for value, other in zip(total, column, strict=True)]
    return total
