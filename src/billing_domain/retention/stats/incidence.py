"""Why customers leave: cumulative incidence by kind of leaving, the kinds competing.

`1 - Kaplan-Meier` of one kind alone overstates it, because who was moved can no longer leave by choice.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import sqrt

import attrs

from billing_domain.errors import UnknownReferenceError
from billing_domain.retention.stats.distributions import two_sided_z
from billing_domain.retention.stats.model import Interval
from billing_domain.retention.stats.survival import SurvivalCurve, Transform, _around, kaplan_meier


@attrs.frozen
class Incidence:
    """The share that has left in one way by each time.

    Args:
        kind: The kind of leaving.
        overall: The curve of leaving of any kind.
        left: How many left in this way at each time of the overall curve.
        share: The share that has left in this way just after each time.
    """

    kind: Hashable
    overall: SurvivalCurve
    left: tuple[int, ...]
    share: tuple[float, ...]

    def at(self, time: float) -> float:
        """Return the share that has left in this way by this time.

        Raises:
            RefusedError: Nobody was at risk that late.
        """
        place = self.overall.index(time)
        return self.share[place - 1] if place else 0.0

    def standard_error(self, time: float) -> float:
        """Return the standard error by the delta method (Marubini and Valsecchi 1995, equation 10.12).

        Raises:
            RefusedError: Nobody was at risk that late.
        """
        place, now = self.overall.index(time), self.at(time)
        before = (1.0, *self.overall.survival)
        total = 0.0
        for index in range(place):
            at_risk, any_kind, this_kind = self.overall.at_risk[index], self.overall.left[index], self.left[index]
            gap, share = now - self.share[index], before[index]
            if at_risk > any_kind:
                total += gap * gap * any_kind / (at_risk * (at_risk - any_kind))
            total += share * share * this_kind * (at_risk - this_kind) / at_risk**3
            total -= 2.0 * gap * share * this_kind / at_risk**2
        return sqrt(max(0.0, total))


def cumulative_incidence(
    durations: Sequence[float], kinds: Sequence[Hashable | None], entries: Sequence[float] | None = None
) -> dict[Hashable, Incidence]:
    """Return the cumulative incidence of every kind of leaving (Aalen and Johansen 1978).

    Args:
        durations: Time from zero to leaving or to the end of follow-up.
        kinds: How each stay ended; none where the unit was still there at the end of follow-up.
        entries: When each unit came under observation; all at time zero if none is given.

    Returns:
        One incidence per kind that occurs, in the order of their text.

    Raises:
        InvalidValueError: As for a Kaplan-Meier curve.

    Example:
        >>> from billing_domain.retention.stats.incidence import cumulative_incidence
        >>> found = cumulative_incidence([1.0, 2.0, 3.0, 4.0], ["forced", "voluntary", None, "voluntary"])
        >>> found["voluntary"].at(2.0), found["forced"].at(2.0)
        (0.25, 0.25)
    """
    overall = kaplan_meier(durations, [kind is not None for kind in kinds], entries)
    left = Counter((kind, duration) for kind, duration in zip(kinds, durations, strict=True) if kind is not None)
    found = sorted({kind for kind, _ in left}, key=str)
    return {kind: _incidence(kind, overall, tuple(left[kind, time] for time in overall.times)) for kind in found}


def _incidence(kind: Hashable, overall: SurvivalCurve, left: tuple[int, ...]) -> Incidence:
    share, rising = 0.0, []
    for before, count, at_risk in zip((1.0, *overall.survival[:-1]), left, overall.at_risk, strict=True):
        share += before * count / at_risk
        rising.append(share)
    return Incidence(kind, overall, left, tuple(rising))


def incidence_interval(incidence: Incidence, time: float, confidence: float = 0.95) -> Interval:
    """Return the log(-log) confidence interval of the share that has left in this way by this time.

    Raises:
        RefusedError: Nobody was at risk that late.
        UnknownReferenceError: Nobody had left in this way by then, so that there is no interval to read.

    Example:
        >>> from billing_domain.retention.stats.incidence import cumulative_incidence, incidence_interval
        >>> found = cumulative_incidence([1.0, 2.0, 3.0, 4.0], ["forced", "voluntary", None, "voluntary"])
        >>> low, high = incidence_interval(found["forced"], 2.0)
        >>> round(low, 3), round(high, 3)
        (0.009, 0.665)
    """
    share, error = incidence.at(time), incidence.standard_error(time)
    if share == 0.0:
        raise UnknownReferenceError(incidence.kind, f"nobody left in this way by {time}", "read it at a later time")
    if share >= 1.0:
        return Interval(1.0, 1.0)
    return _around(share, two_sided_z(confidence) * error / share, Transform.LOG_LOG)
