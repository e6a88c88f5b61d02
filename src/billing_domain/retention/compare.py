"""Which of two practices keeps more customers."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention import stats
from billing_domain.retention.arms import arm_result, curves_differ
from billing_domain.retention.cautions import cautions
from billing_domain.retention.columns import Columns, gather, require_drawn
from billing_domain.retention.estimating import (
    Chances,
    Method,
    adjustment,
    chances_of,
    is_drawn,
    is_even,
    plain,
    require_complete,
    robust,
    strata_of,
)
from billing_domain.retention.experiment import Experiment
from billing_domain.retention.model import Outcome
from billing_domain.retention.propensity import LogisticPropensity
from billing_domain.retention.protocols import PropensityModel
from billing_domain.retention.results import Adjustment, Estimate, PlannedLook, SegmentResult, Standing
from billing_domain.retention.stats import Looks, Purpose, Target
from billing_domain.retention.study import Study
from billing_domain.retention.worth import worth_of

LOGISTIC = LogisticPropensity()
_SAME = 1e-9
_ASSUMPTIONS = {
    Standing.CAUSAL: ("drawn", "no-interference", "followed-alike"),
    Standing.ADJUSTED: ("nothing-unseen", "overlap", "no-interference", "followed-alike"),
    Standing.ASSOCIATION: ("followed-alike",),
}


@door
def compare_practices(
    outcomes: Iterable[Outcome],
    *,
    arm: str,
    against: str,
    horizon: timedelta,
    adjust_for: Sequence[str] = (),
    model: PropensityModel = LOGISTIC,
    target: Target = Target.EVERYBODY,
    segments: Sequence[str] = (),
    confidence: float = 0.95,
    looked_at: int = 1,
    experiment: Experiment | None = None,
    stratify_by: Sequence[str] = (),
    plan: Looks | None = None,
    look: int = 1,
) -> Study:
    """Return how many more customers one practice keeps than another, with an interval and what it may be called.

    Units are compared by what was offered to them, never by what they accepted. Where a seeded draw with logged probabilities
    decided, the answer is causal; where covariates are adjusted for, it is adjusted (doubly robust); else it is an association.

    Args:
        outcomes: The rows of one study, from any iterable; rows of other arms are passed over.
        arm: The practice in question.
        against: The practice that it is compared with.
        horizon: How long after time zero customers are to be still there.
        adjust_for: The covariates to adjust for where no draw decided.
        model: The model of who gets the practice.
        target: For whom an adjusted effect is wanted: everybody, or those who got the practice.
        segments: The segments declared before the study; each is answered too.
        confidence: The level of the intervals.
        looked_at: How many comparisons are looked at, this one among them.
        experiment: The experiment that drew the arms; if given, each unit is drawn again and must be in its arm.
        stratify_by: Within what the curves are compared: names of covariates with few values, such as a region, or `segment`.
        plan: The looks that were planned before the test; intervals then hold at all looks together.
        look: Which of them this is; the first is 1.

    Raises:
        InvalidValueError: A unit is not in the arm that it was drawn into, the arms or the horizon make no comparison, a
            model gives no usable probability, no such look is planned, or the plan is of another level than `confidence`.
        DuplicateIdError: A unit occurs twice, or in both arms.
        UnknownReferenceError: A covariate or stratum is missing for some unit.
        RefusedError: An arm is empty, nobody was at risk at the horizon, the horizon comes before the end of the discount plus
            one period, or follow-up is incomplete where weights are needed.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from billing_domain.retention import Exposure, Leaving, Outcome, compare_practices
        >>> zero, long = datetime(2026, 3, 1, tzinfo=timezone.utc), timedelta(days=200)
        >>> rows = [
        ...     Outcome(Exposure("waits", f"A-{n}", "short" if n % 2 else "long", zero), long, Leaving.VOLUNTARY if n % 5 == 0 else None)
        ...     for n in range(100)
        ... ]
        >>> study = compare_practices(rows, arm="short", against="long", horizon=timedelta(days=180))
        >>> study.estimate.difference, study.estimate.standing.value
        (0.0, 'association')
    """
    units = gather(outcomes, arm, against, horizon)
    if looked_at < 1:
        raise InvalidValueError(looked_at, "at least this comparison was looked at", "count every comparison that was looked at")
    if experiment is not None:
        require_drawn(units, experiment)
    confidence = confidence if plan is None else _confidence(plan, look, confidence)
    method = Method(tuple(adjust_for), model, target, confidence)
    sides = ((arm, True), (against, False))
    one, other = (arm_result(code, units.of_arm(first=first), horizon, confidence) for code, first in sides)
    answer = _answer(units, horizon, method)
    return Study(
        code=units.rows[0].exposure.study,
        arm=one,
        against=other,
        horizon=horizon,
        estimate=answer.estimate,
        naive=answer.naive,
        curves=curves_differ(units, strata_of(units, stratify_by) if stratify_by else None),
        worth=worth_of(units, horizon, answer.estimate, answer.chances, method),
        adjustment=answer.adjustment,
        segments=_by_segment(units, horizon, segments, method),
        assumptions=_ASSUMPTIONS[answer.estimate.standing],
        warnings=cautions(units, (one, other), answer.estimate, answer.adjustment, looked_at),
        looked_at=looked_at,
        stratified_by=tuple(stratify_by),
        look=None if plan is None else _look(plan, look, answer.estimate),
    )


def _confidence(plan: Looks, look: int, confidence: float) -> float:
    """Return the level of intervals that hold at all looks of a plan together."""
    if abs(1.0 - confidence - plan.level) > _SAME:
        raise InvalidValueError(confidence, f"the plan is made for {1.0 - plan.level:g}", "give that confidence, or plan for another level")
    return plan.confidence(look)


def _look(plan: Looks, look: int, estimate: Estimate) -> PlannedLook:
    return PlannedLook(look, len(plan.bounds), plan.bound(look), estimate.significance.p <= 1.0 - plan.confidence(look))


class _Answer(NamedTuple):
    """The estimate, the naive number beside it, and where weights were needed, how they came about and what they do."""

    estimate: Estimate
    naive: Estimate
    chances: Chances | None
    adjustment: Adjustment | None


def _answer(units: Columns, horizon: timedelta, method: Method) -> _Answer:
    """Return the answer by the method that the rows allow."""
    counted = plain(units, horizon, method.confidence)
    naive, drawn = Estimate.of(counted, Standing.ASSOCIATION), is_drawn(units)
    if drawn and is_even(units):
        causal = Estimate.of(counted, Standing.CAUSAL)
        return _Answer(causal, causal, None, None)
    if not drawn and not method.names:
        return _Answer(naive, naive, None, None)
    require_complete(units)
    chances = chances_of(units, method)
    found = adjustment(units, chances, method)
    if drawn:
        return _Answer(Estimate.of(found.weighted, Standing.CAUSAL), naive, chances, found)
    estimate = Estimate.of(robust(units, units.shares, chances, method, stats.share_model), Standing.ADJUSTED, method.names)
    return _Answer(estimate, naive, chances, found)


def _by_segment(units: Columns, horizon: timedelta, segments: Sequence[str], method: Method) -> tuple[SegmentResult, ...]:
    """Return the answer for each declared segment, adjusted for how many there are."""
    found = []
    for segment in segments:
        part = units.only([index for index, row in enumerate(units.rows) if row.exposure.segment == segment])
        first = sum(part.first)
        if not 0 < first < len(part.rows):
            raise RefusedError(segment, "a declared segment has no units in one of the arms", "declare larger segments")
        found.append((segment, (first, len(part.rows) - first), _answer(part, horizon, method).estimate))
    if not found:
        return ()
    p_values = stats.adjust([estimate.significance.p for _, _, estimate in found], Purpose.SCREENING).p_values
    return tuple(SegmentResult(segment, sizes, estimate, p) for (segment, sizes, estimate), p in zip(found, p_values, strict=True))
