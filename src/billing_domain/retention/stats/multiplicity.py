"""Many comparisons at once: Holm for claims, Benjamini and Hochberg for screening."""

from collections.abc import Sequence
from enum import Enum

import attrs

from billing_domain.errors import InvalidValueError


class Purpose(Enum):
    """What the comparisons are for, which decides what is kept small.

    Example:
        >>> from billing_domain.retention.stats.multiplicity import Purpose
        >>> Purpose("claim").name
        'CLAIM'
    """

    CLAIM = "claim"
    SCREENING = "screening"


@attrs.frozen
class Adjusted:
    """P-values that allow for how many were looked at.

    Args:
        p_values: The adjusted p-values, in the order given.
        looked_at: How many comparisons were looked at.
        purpose: Claim (Holm, no false claim) or screening (Benjamini-Hochberg, few false finds).
    """

    p_values: tuple[float, ...]
    looked_at: int
    purpose: Purpose


def adjust(p_values: Sequence[float], purpose: Purpose = Purpose.CLAIM) -> Adjusted:
    """Return the adjusted p-values.

    Args:
        p_values: All p-values that were looked at, not only the small ones.
        purpose: Claim gives Holm's (1979), screening Benjamini and Hochberg's (1995) adjustment.

    Raises:
        InvalidValueError: There are none, or one is outside 0 to 1.

    Example:
        >>> from billing_domain.retention.stats.multiplicity import Purpose, adjust
        >>> adjust([0.01, 0.04, 0.03]).p_values
        (0.03, 0.06, 0.06)
        >>> adjust([0.01, 0.04, 0.03], Purpose.SCREENING).p_values
        (0.03, 0.04, 0.04)
    """
    if not p_values:
        raise InvalidValueError(p_values, "at least one comparison was looked at", "give the p-values")
    for p in p_values:
        if not 0.0 <= p <= 1.0:
            raise InvalidValueError(p, "a p-value lies between 0 and 1", "check the test that it comes from")
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = _holm(p_values, order) if purpose is Purpose.CLAIM else _benjamini_hochberg(p_values, order)
    return Adjusted(tuple(adjusted), len(p_values), purpose)


def _holm(p_values: Sequence[float], order: list[int]) -> list[float]:
    found, largest = [0.0] * len(order), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, p_values[index] * (len(order) - rank)))
        found[index] = largest
    return found


def _benjamini_hochberg(p_values: Sequence[float], order: list[int]) -> list[float]:
    found, smallest = [0.0] * len(order), 1.0
    for rank in range(len(order), 0, -1):
        index = order[rank - 1]
        smallest = min(smallest, p_values[index] * len(order) / rank)
        found[index] = smallest
    return found
