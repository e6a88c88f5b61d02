"""Are the arms alike before the offer, and do the weights make them so."""

from collections.abc import Mapping, Sequence
from math import fsum, sqrt

import attrs

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import same_length
from billing_domain.retention.stats.linear import dot

UNBALANCED = 0.1
"""A standardised difference above this is unbalanced (Austin 2009)."""


@attrs.frozen
class Balance:
    """How far the arms lie apart in one covariate, in standard deviations, before and after weighting.

    Args:
        covariate: The name of the covariate.
        before: The standardised mean difference as counted.
        after: The same with the weights.
    """

    covariate: str
    before: float
    after: float


def balance(covariates: Mapping[str, Sequence[float]], treated: Sequence[bool], weights: Sequence[float]) -> tuple[Balance, ...]:
    """Return the standardised mean differences, treated less untreated, before and after weighting.

    Both are in units of the unweighted spread, the root of the mean of the two variances, so that they can be compared.

    Args:
        covariates: One column per name.
        treated: Whether each unit was treated.
        weights: The weight of each unit.

    Raises:
        RefusedError: An arm is empty, or a covariate is the same for all.

    Example:
        >>> from billing_domain.retention.stats.balance import balance
        >>> found = balance({"tenure": [1.0, 3.0, 2.0, 4.0]}, [True, True, False, False], [1.0, 3.0, 3.0, 1.0])
        >>> round(found[0].before, 3), round(found[0].after, 3)
        (-0.707, 0.0)
    """
    return tuple(_one(name, column, treated, weights) for name, column in covariates.items())


def _one(name: str, column: Sequence[float], treated: Sequence[bool], weights: Sequence[float]) -> Balance:
    same_length(f"covariate {name!r}", column, treated, weights)
    arms = []
    for arm in (True, False):
        rows = [index for index, value in enumerate(treated) if bool(value) is arm]
        if not rows:
            raise RefusedError(name, "a balance needs units in both arms", "check how the arms are named")
        values, heavy = [column[row] for row in rows], [weights[row] for row in rows]
        mean = fsum(values) / len(values)
        spread = fsum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)
        arms.append((mean, dot(values, heavy) / fsum(heavy), spread))
    (one, one_heavy, one_spread), (other, other_heavy, other_spread) = arms
    scale = sqrt((one_spread + other_spread) / 2.0)
    if not scale:
        raise RefusedError(name, "a covariate is the same for all units of an arm", "leave it out")
    return Balance(name, (one - other) / scale, (one_heavy - other_heavy) / scale)


def effective_size(weights: Sequence[float]) -> float:
    """Return how many equally weighted units say as much as these weights (Kish 1965).

    Example:
        >>> from billing_domain.retention.stats.balance import effective_size
        >>> effective_size([1.0, 1.0, 2.0])
        2.6666666666666665
    """
    return fsum(weights) ** 2 / dot(weights, weights)
