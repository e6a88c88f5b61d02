"""How long customers stay: the Kaplan-Meier curve with Greenwood's variance.

Time zero is the offer, or the day the unit became eligible. Who is still there at the end of follow-up is censored, not kept for ever.
A unit that enters late (left truncation) counts as at risk only after its entry.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from itertools import accumulate
from math import exp, inf, log, sqrt

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.checks import finite, open_share, same_length
from billing_domain.retention.stats.distributions import two_sided_z
from billing_domain.retention.stats.model import Interval


class Transform(Enum):
    """The scale on which an interval of a survival curve is symmetric.

    Example:
        >>> from billing_domain.retention.stats.survival import Transform
        >>> Transform("log-log").name
        'LOG_LOG'
    """

    PLAIN = "plain"
    LOG = "log"
    LOG_LOG = "log-log"


@attrs.frozen
class SurvivalCurve:
    """The share still there after each time at which somebody left.

    Args:
        times: Times of leaving, rising.
        at_risk: How many were at risk just before each time.
        left: How many left at each time.
        survival: The share still there just after each time.
        variance: Greenwood's sum just after each time: the variance of the logarithm of the survival.
        last_at_risk: The last time at which anybody was at risk; nothing can be read beyond it.
        size: How many units the curve was made from.
    """

    times: tuple[float, ...]
    at_risk: tuple[int, ...]
    left: tuple[int, ...]
    survival: tuple[float, ...]
    variance: tuple[float, ...]
    last_at_risk: float
    size: int

    def index(self, time: float) -> int:
        """Return how many times of leaving lie at or before this time.

        Raises:
            InvalidValueError: The time is before zero.
            RefusedError: Nobody was at risk that late.
        """
        if not time >= 0.0:
            raise InvalidValueError(time, "a survival curve is read at a time of at least 0", "count from time zero")
        if time > self.last_at_risk:
            raise RefusedError(time, f"nobody was at risk after {self.last_at_risk}", "choose an earlier horizon or follow for longer")
        return bisect_right(self.times, time)

    def at(self, time: float) -> float:
        """Return the share still there just after this time.

        Raises:
            RefusedError: Nobody was at risk that late.
        """
        place = self.index(time)
        return self.survival[place - 1] if place else 1.0

    def standard_error(self, time: float) -> float:
        """Return Greenwood's standard error of the share still there; 0.0 before anybody left and after all left.

        Raises:
            RefusedError: Nobody was at risk that late.
        """
        place = self.index(time)
        if not place or not self.survival[place - 1]:
            return 0.0
        return self.survival[place - 1] * sqrt(self.variance[place - 1])


def _checked(durations: Sequence[float], events: Sequence[bool], entries: Sequence[float] | None) -> int:
    size = same_length("stays", durations, events)
    finite(durations, "a duration")
    if min(durations) < 0.0:
        raise InvalidValueError(min(durations), "a duration is not negative", "count from time zero to leaving or to the end of follow-up")
    if entries is not None:
        same_length("stays", durations, entries)
        finite(entries, "an entry")
        for entry, duration in zip(entries, durations, strict=True):
            if entry < 0.0 or entry > duration or (entry == duration and entry > 0.0):
                raise InvalidValueError((entry, duration), "an entry lies before the end of the stay", "leave out units never seen at risk")
    return size


def risk_sets(
    durations: Sequence[float], events: Sequence[bool], entries: Sequence[float] | None = None
) -> tuple[tuple[float, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the times of leaving, how many were at risk at each, and how many left.

    Args:
        durations: Time from zero to leaving or to the end of follow-up, in one unit of the caller's choice.
        events: Whether each stay ended by leaving (true) or by the end of follow-up (false).
        entries: When each unit came under observation; all at time zero if none is given.

    Raises:
        InvalidValueError: A duration is negative or not finite, an entry is after its stay, or the columns differ in length.

    Example:
        >>> from billing_domain.retention.stats.survival import risk_sets
        >>> risk_sets([1.0, 2.0, 2.0, 3.0], [True, True, False, True])
        ((1.0, 2.0, 3.0), (4, 3, 1), (1, 1, 1))
    """
    size = _checked(durations, events, entries)
    ends = Counter(durations)
    leaving = Counter(duration for duration, event in zip(durations, events, strict=True) if event)
    entered = sorted(entries) if entries is not None and any(entries) else None
    times, at_risk, left, gone = [], [], [], 0
    for time in sorted(ends):
        if time in leaving:
            inside = size if entered is None or not time else bisect_left(entered, time)
            times.append(time)
            at_risk.append(inside - gone)
            left.append(leaving[time])
        gone += ends[time]
    return tuple(times), tuple(at_risk), tuple(left)


def kaplan_meier(durations: Sequence[float], events: Sequence[bool], entries: Sequence[float] | None = None) -> SurvivalCurve:
    """Return the Kaplan-Meier curve (Kaplan and Meier 1958) with Greenwood's variance.

    Args:
        durations: Time from zero to leaving or to the end of follow-up, in one unit of the caller's choice.
        events: Whether each stay ended by leaving (true) or by the end of follow-up (false).
        entries: When each unit came under observation; all at time zero if none is given.

    Raises:
        InvalidValueError: A duration is negative or not finite, an entry is after its stay, or the columns differ in length.

    Example:
        >>> from billing_domain.retention.stats.survival import kaplan_meier
        >>> curve = kaplan_meier([1.0, 2.0, 2.0, 3.0], [True, True, False, False])
        >>> curve.at(1.0), curve.at(2.5)
        (0.75, 0.5)
    """
    times, at_risk, left = risk_sets(durations, events, entries)
    steps = ((n - d) / n for n, d in zip(at_risk, left, strict=True))
    terms = (d / (n * (n - d)) if n > d else inf for n, d in zip(at_risk, left, strict=True))
    return SurvivalCurve(
        times=times,
        at_risk=at_risk,
        left=left,
        survival=tuple(accumulate(steps, lambda share, step: share * step)),
        variance=tuple(accumulate(terms)),
        last_at_risk=float(max(durations)),
        size=len(durations),
    )


def survival_interval(curve: SurvivalCurve, time: float, confidence: float = 0.95, transform: Transform = Transform.LOG_LOG) -> Interval:
    """Return the confidence interval of the share still there just after this time.

    Where nobody has left yet, or nobody is left, Greenwood's variance says nothing: the limit is then the exact one of
    Clopper and Pearson for none (or all) of those last at risk.

    Args:
        curve: The curve.
        time: Time since zero.
        confidence: The level, as in 0.95.
        transform: The scale on which the interval is symmetric.

    Raises:
        RefusedError: Nobody was at risk that late.

    Example:
        >>> from billing_domain.retention.stats.survival import kaplan_meier, survival_interval
        >>> curve = kaplan_meier([1.0, 2.0, 2.0, 3.0], [True, True, False, False])
        >>> low, high = survival_interval(curve, 2.0)
        >>> round(low, 4), round(high, 4)
        (0.0578, 0.8449)
    """
    z = two_sided_z(open_share(confidence, "a confidence level"))
    place, share = curve.index(time), curve.at(time)
    if share == 1.0:
        return Interval(((1.0 - confidence) / 2.0) ** (1.0 / curve.size), 1.0)
    if share == 0.0:
        return Interval(0.0, 1.0 - ((1.0 - confidence) / 2.0) ** (1.0 / curve.at_risk[place - 1]))
    return _around(share, z * sqrt(curve.variance[place - 1]), transform)


def _around(share: float, reach: float, transform: Transform) -> Interval:
    """Return the limits around a share whose logarithm reaches this far to each side."""
    if transform is Transform.PLAIN:
        return Interval(max(0.0, share - share * reach), min(1.0, share + share * reach))
    if transform is Transform.LOG:
        return Interval(share * exp(-reach), min(1.0, share * exp(reach)))
    width = reach / -log(share)
    return Interval(share ** exp(width), share ** exp(-width))
