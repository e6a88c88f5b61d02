"""Comparison of arms where units come in clusters, as customers of one agent do."""

from collections.abc import Hashable, Sequence
from math import fsum, sqrt

from billing_domain.errors import RefusedError
from billing_domain.retention.stats.checks import finite, same_length
from billing_domain.retention.stats.means import from_error
from billing_domain.retention.stats.model import Difference


def clustered_difference(
    values: Sequence[float], first: Sequence[bool], clusters: Sequence[Hashable], confidence: float = 0.95
) -> Difference:
    """Return the difference of two means with cluster-robust error (Liang and Zeger 1986; small-sample factor CR1).

    The t distribution has one degree of freedom less than there are clusters.

    Args:
        values: The outcome of each unit; 1 and 0 for a share.
        first: Whether the unit is in the first arm.
        clusters: The cluster of each unit, such as the agent; a cluster may hold units of both arms.
        confidence: The level of the interval.

    Raises:
        RefusedError: An arm is empty, there are fewer than two clusters, or nothing varies between them.

    Example:
        >>> from billing_domain.retention.stats.clusters import clustered_difference
        >>> found = clustered_difference([1, 0, 1, 1, 0, 0], [True, True, True, False, False, False], list("abcabc"))
        >>> round(found.value, 3), round(found.standard_error, 3)
        (0.333, 0.373)
    """
    size = same_length("units", values, first, clusters)
    finite(values, "an outcome")
    inside = sum(map(bool, first))
    if not 0 < inside < size:
        raise RefusedError(inside, "a comparison needs units in both arms", "check how the arms are named")
    mean = fsum(value for value, arm in zip(values, first, strict=True) if arm) / inside
    other = fsum(value for value, arm in zip(values, first, strict=True) if not arm) / (size - inside)
    sums: dict[Hashable, list[float]] = {}
    for value, arm, cluster in zip(values, first, clusters, strict=True):
        sums.setdefault(cluster, []).append((value - mean) / inside if arm else (other - value) / (size - inside))
    if len(sums) < 2:
        raise RefusedError(len(sums), "an error over clusters needs at least two clusters", "compare within more agents")
    factor = len(sums) / (len(sums) - 1) * (size - 1) / (size - 2)
    variance = factor * fsum(fsum(parts) ** 2 for parts in sums.values())
    if not variance > 0.0:
        raise RefusedError(mean - other, "nothing varies between the clusters, so there is no error", "compare more agents")
    return from_error(mean - other, sqrt(variance), len(sums) - 1, confidence, "clustered")
