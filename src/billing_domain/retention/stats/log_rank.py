"""Do the curves differ: the log-rank test, plain and stratified."""

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence

import attrs

from billing_domain.errors import InvalidValueError
from billing_domain.retention.stats.checks import same_length
from billing_domain.retention.stats.distributions import LOG_10, chi2_log_sf
from billing_domain.retention.stats.linear import Matrix, cholesky, dot, solve
from billing_domain.retention.stats.model import Significance
from billing_domain.retention.stats.survival import risk_sets


@attrs.frozen
class LogRank:
    """The log-rank test over groups.

    Args:
        significance: Chi-square statistic, degrees of freedom and p-value.
        groups: The groups in order.
        observed: How many left, per group.
        expected: How many would have left if all groups left alike, per group.
        strata: How many strata the sums were taken over.
    """

    significance: Significance
    groups: tuple[Hashable, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    strata: int


def log_rank(
    durations: Sequence[float],
    events: Sequence[bool],
    groups: Sequence[Hashable],
    strata: Sequence[Hashable] | None = None,
    entries: Sequence[float] | None = None,
) -> LogRank:
    """Return the log-rank test (Mantel 1966; Peto and Peto 1972), within strata if they are given.

    Args:
        durations: Time from zero to leaving or to the end of follow-up.
        events: Whether each stay ended by leaving.
        groups: The group of each unit.
        strata: The stratum of each unit, such as plan or region; units are compared only within it.
        entries: When each unit came under observation.

    Raises:
        InvalidValueError: There are fewer than two groups, or the columns are not in order.
        RefusedError: A group is never at risk together with another.

    Example:
        >>> from billing_domain.retention.stats.log_rank import log_rank
        >>> found = log_rank([1.0, 2.0, 3.0, 4.0], [True, True, True, True], ["a", "a", "b", "b"])
        >>> round(found.significance.statistic, 3), round(found.significance.p, 3)
        (2.882, 0.09)
    """
    size = same_length("stays", durations, events, groups)
    names = tuple(sorted(set(groups), key=str))
    if len(names) < 2:
        raise InvalidValueError(names, "a test needs at least two groups", "give the group of each unit")
    layers = _layers(strata if strata is not None else [None] * size)
    if strata is not None:
        same_length("stays", durations, strata)
    observed, expected = [0.0] * len(names), [0.0] * len(names)
    variance = [[0.0] * len(names) for _ in names]
    for rows in layers.values():
        _add_stratum(rows, durations, events, groups, entries, names, observed, expected, variance)
    gaps = [one - other for one, other in zip(observed[:-1], expected[:-1], strict=True)]
    inverse = solve(cholesky([row[:-1] for row in variance[:-1]]), gaps)
    statistic, degrees = dot(gaps, inverse), len(names) - 1
    test = Significance(statistic, chi2_log_sf(statistic, degrees) / LOG_10, degrees)
    return LogRank(test, names, tuple(observed), tuple(expected), len(layers))


def _layers(strata: Sequence[Hashable]) -> Mapping[Hashable, list[int]]:
    layers: dict[Hashable, list[int]] = {}
    for row, stratum in enumerate(strata):
        layers.setdefault(stratum, []).append(row)
    return layers


def _add_stratum(
    rows: Sequence[int],
    durations: Sequence[float],
    events: Sequence[bool],
    groups: Sequence[Hashable],
    entries: Sequence[float] | None,
    names: tuple[Hashable, ...],
    observed: list[float],
    expected: list[float],
    variance: Matrix,
) -> None:
    """Add the sums of one stratum to the totals."""
    stays = [durations[row] for row in rows]
    left = [events[row] for row in rows]
    entered = None if entries is None else [entries[row] for row in rows]
    times, at_risk, leaving = risk_sets(stays, left, entered)
    inside = [_at_risk([row for row in rows if groups[row] == name], durations, entries, times) for name in names]
    for index, name in enumerate(names):
        observed[index] += sum(1 for row in rows if events[row] and groups[row] == name)
        expected[index] += sum(d * n / whole for d, n, whole in zip(leaving, inside[index], at_risk, strict=True))
    for place, (whole, d) in enumerate(zip(at_risk, leaving, strict=True)):
        if whole > 1:
            _add_variance([column[place] for column in inside], whole, d, variance)


def _add_variance(inside: list[int], whole: int, left: int, variance: Matrix) -> None:
    """Add the hypergeometric covariance of one time of leaving."""
    factor = left * (whole - left) / (whole * whole * (whole - 1.0))
    for i, one in enumerate(inside):
        for j, other in enumerate(inside):
            variance[i][j] += factor * one * ((whole if i == j else 0) - other)


def _at_risk(rows: Sequence[int], durations: Sequence[float], entries: Sequence[float] | None, times: tuple[float, ...]) -> list[int]:
    ends = sorted(durations[row] for row in rows)
    starts = [0.0] * len(rows) if entries is None else sorted(entries[row] for row in rows)
    return [(bisect_left(starts, time) if time else len(rows)) - bisect_left(ends, time) for time in times]
