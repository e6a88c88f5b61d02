"""What a comparison finds: arms, answer, worth, adjustment, segments, warnings, as plain values."""

from datetime import timedelta
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.errors import UnknownReferenceError
from billing_domain.reasons import Reason
from billing_domain.retention.stats import Balance, Difference, Interval, LeavingTime, Overlap, Significance, SurvivalCurve, Target


class Standing(Enum):
    """What an estimate may be called.

    Example:
        >>> from billing_domain.retention import Standing
        >>> [standing.value for standing in Standing]
        ['causal', 'adjusted', 'association']
    """

    CAUSAL = "causal"
    ADJUSTED = "adjusted"
    ASSOCIATION = "association"


@attrs.frozen
class Estimate:
    """How many more were still there at the horizon, first arm less second, as a share.

    Args:
        difference: The difference of the shares still there.
        interval: Its confidence interval.
        significance: The test of no difference.
        confidence: The level of the interval.
        standing: Whether it may be called causal, adjusted, or only an association.
        method: The name of the method.
        adjusted_for: The covariates that were adjusted for.
    """

    difference: float
    interval: Interval
    significance: Significance
    confidence: float
    standing: Standing
    method: str
    adjusted_for: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: Difference, standing: Standing, adjusted_for: tuple[str, ...] = ()) -> "Estimate":
        """Return what an estimator found, with its standing."""
        return cls(found.value, found.interval, found.significance, found.confidence, standing, found.method, adjusted_for)


@attrs.frozen
class ArmResult:
    """What came of one arm.

    Args:
        code: The practice.
        size: How many units it had.
        kept: The share still there just after the horizon.
        interval: The confidence interval of that share.
        at_risk: How many were followed to the horizon or longer.
        responses: How many units gave each response.
        leaving: The share that had left by the horizon, by kind of leaving.
        median: When half had left.
        curve: The survival curve, in days.
        revenue: What was billed after discounts up to the horizon, all units together.
        cost: What the discount took off up to the horizon, all units together.
        counts: How often things happened, all units together.
    """

    code: str
    size: int
    kept: float
    interval: Interval
    at_risk: int
    responses: tuple[tuple[str, int], ...]
    leaving: tuple[tuple[str, float], ...]
    median: LeavingTime
    curve: SurvivalCurve
    revenue: Decimal
    cost: Decimal
    counts: tuple[tuple[str, int], ...]


@attrs.frozen
class Worth:
    """What it was worth, per unit of the first arm, up to the horizon.

    Args:
        currency: The currency.
        revenue: The difference in revenue after discounts per unit; the discounts of those who would have stayed are in it.
        cost: What the discount took off per unit of the first arm.
        per_retained: The cost for each customer kept who would have left; none where the interval allows for no effect.
    """

    currency: str
    revenue: Difference
    cost: float
    per_retained: float | None


@attrs.frozen
class Adjustment:
    """How alike the arms were, and what the weights made of it.

    Args:
        model: The name of the model of who gets what, or `logged`.
        target: For whom the effect is: everybody, or those who got the practice.
        balance: The standardised differences before and after.
        overlap: The range of the probabilities.
        effective_sizes: How many equal units the weights of each arm are worth.
        weighted: The weighted estimate, beside the doubly robust one.
    """

    model: str
    target: Target
    balance: tuple[Balance, ...]
    overlap: Overlap
    effective_sizes: tuple[float, float]
    weighted: Difference


@attrs.frozen
class SegmentResult:
    """The answer for one segment that was declared beforehand.

    Args:
        segment: The segment.
        sizes: How many units of each arm are in it.
        estimate: The difference.
        adjusted_p: The p-value after Benjamini and Hochberg over all declared segments.
    """

    segment: str
    sizes: tuple[int, int]
    estimate: Estimate
    adjusted_p: float


@attrs.frozen
class PlannedLook:
    """Which of the planned looks a comparison is.

    Args:
        number: The look; the first is 1.
        of: How many are planned.
        bound: The absolute z value that ends the test at it.
        stops: Whether the test may end here.
    """

    number: int
    of: int
    bound: float
    stops: bool


@attrs.frozen
class Findings:
    """A comparison of two practices, as data: the question, how it was answered, the answer, and what to be careful about.

    Args:
        code: The code of the study.
        arm: What came of the first arm.
        against: What came of the second arm.
        horizon: How long after time zero the arms are compared.
        estimate: The answer.
        naive: The plain difference by arm, always an association beside an adjusted answer.
        curves: The log-rank test of the two curves, within strata where `stratified_by` names any; none where nobody left.
        worth: What it was worth; none where nothing was billed or follow-up was incomplete.
        adjustment: How the arms were made alike; none where the draw did that.
        segments: The answer by declared segment.
        assumptions: What must hold for the answer, as codes.
        warnings: What to be careful about, as codes with facts.
        looked_at: How many comparisons were looked at, this one among them.
        stratified_by: What the strata of the log-rank test are made of.
        look: Which of the planned looks this is; none where none were planned.
    """

    code: str
    arm: ArmResult
    against: ArmResult
    horizon: timedelta
    estimate: Estimate
    naive: Estimate
    curves: Significance | None
    worth: Worth | None
    adjustment: Adjustment | None
    segments: tuple[SegmentResult, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[Reason, ...]
    looked_at: int = 1
    stratified_by: tuple[str, ...] = ()
    look: PlannedLook | None = None

    def segment(self, name: str) -> SegmentResult:
        """Return the answer for a declared segment.

        Raises:
            UnknownReferenceError: It was not declared, so it is not answered afterwards.
        """
        for found in self.segments:
            if found.segment == name:
                return found
        raise UnknownReferenceError(name, "this segment was not declared before the comparison", "declare segments before looking")

    def warned(self, code: str) -> bool:
        """Whether a warning with this code was given."""
        return any(warning.code == code for warning in self.warnings)
