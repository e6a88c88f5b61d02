"""What a reader of a study must be careful about."""

from collections.abc import Iterable
from decimal import Decimal

from billing_domain.instants import utc
from billing_domain.reasons import Reason
from billing_domain.retention import stats
from billing_domain.retention.columns import Columns
from billing_domain.retention.estimating import is_drawn, is_even
from billing_domain.retention.model import Decider
from billing_domain.retention.results import Adjustment, ArmResult, Estimate

FEW_AT_RISK = 10
FEW_CLUSTERS = 20
LEAST_EFFECTIVE = 0.1


def _shown(value: float) -> Decimal:
    """Return a figure as a reason keeps it: to four significant digits."""
    return Decimal(f"{value:.4g}")


def cautions(
    units: Columns, arms: tuple[ArmResult, ArmResult], estimate: Estimate, adjustment: Adjustment | None, looked_at: int
) -> tuple[Reason, ...]:
    """Return all warnings of a comparison, in a fixed order."""
    found = [*_of_assignment(units), *_of_follow_up(units, arms, estimate), *_of_clusters(units)]
    if adjustment is not None:
        found += _of_adjustment(adjustment, estimate, (arms[0].size, arms[1].size))
    if looked_at > 1:
        found.append(Reason.of("several-looked-at", comparisons=looked_at))
    return tuple(found)


def _of_assignment(units: Columns) -> Iterable[Reason]:
    late = sum(row.exposure.decided is not None and utc(row.exposure.decided) > utc(row.exposure.at) for row in units.rows)
    if late:
        yield Reason.of("immortal-time", units=late)
    if is_drawn(units) and is_even(units):
        first = sum(units.first)
        one = next(row.exposure.probability for row, arm in zip(units.rows, units.first, strict=True) if arm)
        other = next(row.exposure.probability for row, arm in zip(units.rows, units.first, strict=True) if not arm)
        share = float(one or 0) / float((one or 0) + (other or 0))
        test = stats.sample_ratio([first, len(units.rows) - first], [share, 1.0 - share])
        if test.p < stats.MISMATCH:
            yield Reason.of("sample-ratio", first=first, second=len(units.rows) - first, log10_p=_shown(test.log10_p))
    chosen = sum(row.exposure.decider is Decider.AGENT for row in units.rows)
    if chosen:
        yield Reason.of("agents-chose", units=chosen)


def _of_follow_up(units: Columns, arms: tuple[ArmResult, ArmResult], estimate: Estimate) -> Iterable[Reason]:
    missing = sum(kept is None for kept in units.kept)
    if missing:
        yield Reason.of("censored-before-horizon", units=missing)
    for arm in arms:
        if arm.at_risk < FEW_AT_RISK:
            yield Reason.of("few-at-risk", arm=arm.code, at_risk=arm.at_risk)
    if estimate.method == "miettinen-nurminen":
        yield Reason.of("zero-cell")


def _of_clusters(units: Columns) -> Iterable[Reason]:
    if units.clusters is None:
        return
    clusters = len(set(units.clusters))
    if not units.complete or any(units.entries):
        yield Reason.of("not-clustered", agents=clusters)
    elif clusters < FEW_CLUSTERS:
        yield Reason.of("few-agents", agents=clusters)


def _of_adjustment(adjustment: Adjustment, estimate: Estimate, sizes: tuple[int, int]) -> Iterable[Reason]:
    for covariate in adjustment.balance:
        if abs(covariate.after) > stats.UNBALANCED:
            yield Reason.of("unbalanced", covariate=covariate.covariate, difference=_shown(covariate.after))
    if adjustment.overlap.outside:
        yield Reason.of("little-overlap", low=_shown(adjustment.overlap.low), high=_shown(adjustment.overlap.high))
    for size, effective in zip(sizes, adjustment.effective_sizes, strict=True):
        if effective < LEAST_EFFECTIVE * size:
            yield Reason.of("small-effective-size", units=size, effective=_shown(effective))
    other = adjustment.weighted
    if other.value != estimate.difference and not estimate.interval.holds(other.value):
        yield Reason.of("hangs-on-specification", doubly_robust=_shown(estimate.difference), weighted=_shown(other.value))
