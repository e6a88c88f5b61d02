"""What came of one arm, and what the arms were worth."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from billing_domain.errors import RefusedError
from billing_domain.money.amounts import add_up
from billing_domain.retention import stats
from billing_domain.retention.columns import Columns
from billing_domain.retention.estimating import curve_of
from billing_domain.retention.model import DAY
from billing_domain.retention.results import ArmResult


def arm_result(code: str, units: Columns, horizon: timedelta, confidence: float) -> ArmResult:
    """Return what came of one arm.

    Raises:
        RefusedError: Nobody of the arm was at risk at the horizon.
    """
    day, curve = horizon / DAY, curve_of(units)
    counted = units.complete and not any(units.entries)
    kept = sum(map(bool, units.kept))
    return ArmResult(
        code=code,
        size=len(units.rows),
        kept=kept / len(units.rows) if counted else curve.at(day),
        interval=stats.wilson(kept, len(units.rows), confidence) if counted else stats.survival_interval(curve, day, confidence),
        at_risk=sum(days >= day for days in units.days),
        responses=tuple(sorted(Counter(row.exposure.response.value for row in units.rows).items())),
        leaving=_leaving(units, day),
        median=stats.leaving_time(curve, confidence=confidence),
        curve=curve,
        revenue=add_up(row.revenue(horizon) for row in units.rows),
        cost=add_up(row.cost(horizon) for row in units.rows),
        counts=_counts(units),
    )


def _leaving(units: Columns, day: float) -> tuple[tuple[str, float], ...]:
    """Return the share that had left by the horizon, by kind."""
    kinds = [row.left.value if row.left else None for row in units.rows]
    found = stats.cumulative_incidence(units.days, kinds, units.entries if any(units.entries) else None)
    return tuple((str(kind), way.at(day)) for kind, way in found.items())


def _counts(units: Columns) -> tuple[tuple[str, int], ...]:
    total: Counter[str] = Counter()
    for row in units.rows:
        total.update(row.happened)
    return tuple(sorted(total.items()))


def curves_differ(units: Columns, strata: Sequence[tuple[object, ...]] | None = None) -> stats.Significance | None:
    """Return the log-rank test of the two arms, within strata if given; none where nobody left, or they were never at risk together."""
    try:
        entries = units.entries if any(units.entries) else None
        return stats.log_rank(units.days, units.left, units.first, strata, entries).significance
    except RefusedError:
        return None
