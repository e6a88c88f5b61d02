"""The probability with which each unit was treated: where it allows a comparison, and where it does not."""

from collections.abc import Sequence
from enum import Enum

import attrs

from billing_domain.retention.stats.checks import open_share, same_length

EDGE = 0.02
"""Probabilities below this, or above one less this, are too close to certain to compare."""


class Target(Enum):
    """For whom the effect is wanted.

    Example:
        >>> from billing_domain.retention.stats.propensity import Target
        >>> Target("everybody").name
        'EVERYBODY'
    """

    EVERYBODY = "everybody"
    TREATED = "treated"


@attrs.frozen
class Overlap:
    """How far the probabilities of the arms cover each other.

    Args:
        low: The smallest probability.
        high: The largest probability.
        outside: The share of units whose probability is too close to certain.
    """

    low: float
    high: float
    outside: float


def overlap(propensities: Sequence[float], edge: float = EDGE) -> Overlap:
    """Return the range of the probabilities and the share too close to certain.

    Raises:
        InvalidValueError: A probability is not strictly between 0 and 1.

    Example:
        >>> from billing_domain.retention.stats.propensity import overlap
        >>> overlap([0.01, 0.5, 0.6, 0.7]).outside
        0.25
    """
    same_length("units", propensities)
    for share in propensities:
        open_share(share)
    outside = sum(1 for share in propensities if share < edge or share > 1.0 - edge)
    return Overlap(min(propensities), max(propensities), outside / len(propensities))


def trimmed(propensities: Sequence[float], edge: float = EDGE) -> list[int]:
    """Return the rows that remain when those too close to certain are trimmed away (Crump and others 2009).

    Example:
        >>> from billing_domain.retention.stats.propensity import trimmed
        >>> trimmed([0.01, 0.5, 0.99])
        [1]
    """
    return [index for index, share in enumerate(propensities) if edge <= share <= 1.0 - edge]


def inverse_weights(treated: Sequence[bool], propensities: Sequence[float], target: Target = Target.EVERYBODY) -> list[float]:
    """Return the weight of each unit that makes the arms alike.

    Args:
        treated: Whether each unit was treated.
        propensities: The probability with which it was.
        target: For whom the effect is wanted.

    Raises:
        InvalidValueError: A probability is not strictly between 0 and 1.

    Example:
        >>> from billing_domain.retention.stats.propensity import Target, inverse_weights
        >>> inverse_weights([True, False], [0.5, 0.75])
        [2.0, 4.0]
        >>> inverse_weights([True, False], [0.5, 0.75], Target.TREATED)
        [1.0, 3.0]
    """
    same_length("units", treated, propensities)
    for share in propensities:
        open_share(share)
    if target is Target.TREATED:
        return [1.0 if arm else share / (1.0 - share) for arm, share in zip(treated, propensities, strict=True)]
    return [1.0 / share if arm else 1.0 / (1.0 - share) for arm, share in zip(treated, propensities, strict=True)]
