"""Two-by-two tables: Fisher's exact test, and many tables at once by Mantel and Haenszel."""

from collections.abc import Sequence
from math import exp, fsum, lgamma, log, sqrt
from typing import NamedTuple

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.distributions import LOG_10, chi2_log_sf, two_sided_z
from billing_domain.retention.stats.model import Interval, Significance
from billing_domain.whole import checked_whole

_SLACK = 1e-7


class Table(NamedTuple):
    """How many of each group had the outcome: `yes` and `no` of the first, then of the second group."""

    yes: int
    no: int
    other_yes: int
    other_no: int


def _checked(table: Table) -> Table:
    for count in table:
        checked_whole(count, "a cell of a table is a whole number", "give an int")
        if count < 0:
            raise InvalidValueError(count, "a cell of a table is not negative", "count each unit once")
    return Table(*table)


def fisher(table: Table) -> Significance:
    """Return Fisher's exact two-sided test: the probability of all tables that are no more likely than this one.

    The statistic is the odds ratio of the table (infinite where a cell of its denominator is zero).

    Raises:
        InvalidTypeError: A cell is not a whole number.
        InvalidValueError: A cell is negative.

    Example:
        >>> from billing_domain.retention.stats.tables import Table, fisher
        >>> round(fisher(Table(8, 2, 1, 5)).p, 4)
        0.035
    """
    a, b, c, d = _checked(table)
    first, second, yes = a + b, c + d, a + c
    low, high = max(0, yes - second), min(first, yes)
    ways = [_choose(first, k) + _choose(second, yes - k) for k in range(low, high + 1)]
    limit = ways[a - low] + log(1.0 + _SLACK)
    top = max(ways)
    rare = [way for way in ways if way <= limit]
    part = max(rare)
    log_p = part - top + log(fsum(exp(way - part) for way in rare) / fsum(exp(way - top) for way in ways))
    odds = a * d / (b * c) if b * c else float("inf") if a * d else float("nan")
    return Significance(odds, min(0.0, log_p / LOG_10))


def _choose(whole: int, part: int) -> float:
    return lgamma(whole + 1.0) - lgamma(part + 1.0) - lgamma(whole - part + 1.0)


@attrs.frozen
class Pooled:
    """What many tables say together.

    Args:
        odds_ratio: The common odds ratio of Mantel and Haenszel.
        interval: Its interval, with the variance of Robins, Breslow and Greenland (1986).
        significance: The test of no association (Cochran-Mantel-Haenszel, no continuity correction).
        strata: How many tables said something.
    """

    odds_ratio: float
    interval: Interval
    significance: Significance
    strata: int


def mantel_haenszel(tables: Sequence[Table], confidence: float = 0.95) -> Pooled:
    """Return the stratified comparison of two groups; units are compared only within their stratum.

    Args:
        tables: One table per stratum.
        confidence: The level of the interval.

    Raises:
        InvalidValueError: A cell is negative.
        RefusedError: No stratum holds both groups and both outcomes, or the common odds ratio is 0 or infinite.

    Example:
        >>> from billing_domain.retention.stats.tables import Table, mantel_haenszel
        >>> found = mantel_haenszel([Table(8, 2, 4, 6), Table(9, 1, 6, 4)])
        >>> round(found.odds_ratio, 3), round(found.significance.p, 3)
        (6.0, 0.02)
    """
    full = [
        table for table in map(_checked, tables) if min(table[0] + table[1], table[2] + table[3], table[0] + table[2], table[1] + table[3])
    ]
    if not full:
        raise RefusedError(len(tables), "no stratum holds both groups and both outcomes", "use coarser strata")
    gap = fsum(a - (a + b) * (a + c) / (a + b + c + d) for a, b, c, d in full)
    spread = fsum((a + b) * (c + d) * (a + c) * (b + d) / ((n := a + b + c + d) ** 2 * (n - 1)) for a, b, c, d in full)
    statistic = gap * gap / spread
    odds, error = _pooled_odds(full)
    reach = two_sided_z(confidence) * error
    test = Significance(statistic, chi2_log_sf(statistic, 1) / LOG_10, 1)
    return Pooled(odds, Interval(odds * exp(-reach), odds * exp(reach)), test, len(full))


def _pooled_odds(tables: Sequence[Table]) -> tuple[float, float]:
    """Return the common odds ratio and the standard error of its logarithm."""
    r = [a * d / (a + b + c + d) for a, b, c, d in tables]
    s = [b * c / (a + b + c + d) for a, b, c, d in tables]
    p = [(a + d) / (a + b + c + d) for a, b, c, d in tables]
    total_r, total_s = fsum(r), fsum(s)
    if not total_r or not total_s:
        raise RefusedError((total_r, total_s), "the common odds ratio is 0 or infinite", "use the exact test or coarser strata")
    own = fsum(x * q for x, q in zip(r, p, strict=True)) / (2.0 * total_r**2)
    mixed = fsum(x * (1.0 - q) + y * q for x, y, q in zip(r, s, p, strict=True)) / (2.0 * total_r * total_s)
    other = fsum(y * (1.0 - q) for y, q in zip(s, p, strict=True)) / (2.0 * total_s**2)
    return total_r / total_s, sqrt(own + mixed + other)
