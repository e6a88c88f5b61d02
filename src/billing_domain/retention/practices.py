"""Practices beyond one discount: many at once, agents, and who gets goodwill."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

import attrs

from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention import stats
from billing_domain.retention.compare import compare_practices
from billing_domain.retention.model import Outcome
from billing_domain.retention.stats import Agents, Pooled, Purpose, Significance, Table
from billing_domain.retention.study import Study

LEAST_CELL = 20


@attrs.frozen
class Screened:
    """Several practices against one, with p-values that allow for how many were looked at.

    Args:
        studies: One study per practice, in the order given.
        adjusted_p: The adjusted p-value of each.
        purpose: Claim (Holm) or screening (Benjamini-Hochberg).
    """

    studies: tuple[Study, ...]
    adjusted_p: tuple[float, ...]
    purpose: Purpose


@door
def screen_practices(
    outcomes: Iterable[Outcome],
    *,
    arms: Sequence[str],
    against: str,
    horizon: timedelta,
    adjust_for: Sequence[str] = (),
    purpose: Purpose = Purpose.SCREENING,
    confidence: float = 0.95,
) -> Screened:
    """Return how each of several practices compares with one.

    Args:
        outcomes: The rows of one study.
        arms: All practices that are looked at.
        against: The practice that they are compared with.
        horizon: How long after time zero customers are to be still there.
        adjust_for: The covariates to adjust for where no draw decided.
        purpose: What the comparisons are for.
        confidence: The level of each interval.

    Raises:
        InvalidValueError: No practice is named.
        RefusedError: As for a single comparison.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from billing_domain.retention import Exposure, Leaving, Outcome, screen_practices
        >>> zero, long = datetime(2026, 3, 1, tzinfo=timezone.utc), timedelta(days=200)
        >>> left = {0: Leaving.VOLUNTARY, 7: Leaving.MOVED}
        >>> rows = [Outcome(Exposure("waits", f"A-{n}", "abc"[n % 3], zero), long, left.get(n % 10)) for n in range(300)]
        >>> found = screen_practices(rows, arms=["a", "b"], against="c", horizon=timedelta(days=180))
        >>> found.adjusted_p, found.studies[0].looked_at
        ((1.0, 1.0), 2)
    """
    rows, count = tuple(outcomes), len(arms)
    if not arms:
        raise InvalidValueError(tuple(arms), "at least one practice is looked at", "name the practices")
    studies = tuple(
        compare_practices(rows, arm=arm, against=against, horizon=horizon, adjust_for=adjust_for, confidence=confidence, looked_at=count)
        for arm in arms
    )
    return Screened(studies, stats.adjust([study.estimate.significance.p for study in studies], purpose).p_values, purpose)


@door
def compare_agents(outcomes: Iterable[Outcome], *, horizon: timedelta, confidence: float = 0.95) -> Agents:
    """Return the share of customers kept by each agent, drawn towards the common share.

    It is an association: agents do not draw their customers by lot.

    Args:
        outcomes: The rows; those without an agent are passed over.
        horizon: How long after time zero customers are to be still there.
        confidence: The level of the intervals.

    Raises:
        RefusedError: A unit was not followed to the horizon, or there are fewer than three agents.
    """
    found: dict[str, tuple[int, int]] = {}
    for row in outcomes:
        agent, kept = row.exposure.agent, row.stayed(horizon)
        if agent is None:
            continue
        if kept is None:
            raise RefusedError(row.exposure.unit, "this unit was not followed to the horizon", "choose an earlier horizon")
        before, size = found.get(agent, (0, 0))
        found[agent] = (before + kept, size + 1)
    return stats.shrink(found, confidence)


class Goodwill(NamedTuple):
    """One request: the group and the stratum that the host gives, and whether goodwill was granted."""

    group: str
    granted: bool
    stratum: str = ""


@attrs.frozen
class Disparity:
    """Whether two groups are granted goodwill alike.

    Args:
        first: The first group.
        second: The second group.
        shares: The share granted in each.
        exact: Fisher's exact test over all strata together.
        stratified: The comparison within strata; none where only one stratum was given.
    """

    first: str
    second: str
    shares: tuple[float, float]
    exact: Significance
    stratified: Pooled | None


@door
def disparity(requests: Iterable[Goodwill], first: str, second: str, *, least: int = LEAST_CELL) -> Disparity:
    """Return whether two groups are granted goodwill alike, over all and within strata.

    Args:
        requests: All requests, granted or not.
        first: The first group.
        second: The second group.
        least: The smallest group that is shown, so that nobody can be picked out.

    Raises:
        RefusedError: A group is smaller than that.

    Example:
        >>> from billing_domain.retention import Goodwill, disparity
        >>> asked = [Goodwill("town" if n % 2 else "country", n % 3 == 0) for n in range(120)]
        >>> disparity(asked, "town", "country").exact.p
        1.0
    """
    rows = [row for row in requests if row.group in (first, second)]
    whole = _table(rows, first)
    for group, size in ((first, whole.yes + whole.no), (second, whole.other_yes + whole.other_no)):
        if size < least:
            raise RefusedError(size, f"group {group!r} has fewer than {least} requests", "wait for more, or use larger groups")
    strata = sorted({row.stratum for row in rows})
    layered = stats.mantel_haenszel([_table([row for row in rows if row.stratum == stratum], first) for stratum in strata])
    shares = (whole.yes / (whole.yes + whole.no), whole.other_yes / (whole.other_yes + whole.other_no))
    return Disparity(first, second, shares, stats.fisher(whole), layered if len(strata) > 1 else None)


def _table(rows: Sequence[Goodwill], first: str) -> Table:
    counted = Counter((row.group == first, row.granted) for row in rows)
    return Table(counted[True, True], counted[True, False], counted[False, True], counted[False, False])
