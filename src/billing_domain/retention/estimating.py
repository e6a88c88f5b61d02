"""The answer of a comparison, by the method that the rows allow."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import sqrt
from typing import NamedTuple

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention import stats
from billing_domain.retention.columns import Columns
from billing_domain.retention.model import DAY, Decider
from billing_domain.retention.protocols import PropensityModel, Units
from billing_domain.retention.results import Adjustment
from billing_domain.retention.stats import Difference, Interval, Significance, SurvivalCurve, Target
from billing_domain.retention.stats.distributions import LOG_10, normal_two_sided
from billing_domain.retention.stats.doubly_robust import Fit


def curve_of(units: Columns) -> SurvivalCurve:
    """Return the survival curve of some units, in days."""
    entries = units.entries if any(units.entries) else None
    return stats.kaplan_meier(units.days, units.left, entries)


def plain(units: Columns, horizon: timedelta, confidence: float) -> Difference:
    """Return the plain difference by arm: counted where follow-up is complete, else from the curves.

    Where agents decided, the error is that of their clusters.

    Raises:
        RefusedError: In one arm nobody was at risk at the horizon.
    """
    if not units.complete or any(units.entries):
        return _from_curves(units, horizon, confidence)
    if units.clusters is not None:
        return stats.clustered_difference(units.shares, units.first, units.clusters, confidence)
    one, other = units.of_arm(first=True), units.of_arm(first=False)
    cells = (sum(map(bool, one.kept)), len(one.rows), sum(map(bool, other.kept)), len(other.rows))
    empty = 0 in (cells[0], cells[1] - cells[0], cells[2], cells[3] - cells[2])
    return stats.score_difference(*cells, confidence) if empty else stats.newcombe(*cells, confidence)


def _from_curves(units: Columns, horizon: timedelta, confidence: float) -> Difference:
    """Return the difference of two curves, their log(-log) limits joined as Newcombe joins Wilson's."""
    day = horizon / DAY
    one, other = curve_of(units.of_arm(first=True)), curve_of(units.of_arm(first=False))
    share, rest = one.at(day), other.at(day)
    own, its = stats.survival_interval(one, day, confidence), stats.survival_interval(other, day, confidence)
    value, error = share - rest, sqrt(one.standard_error(day) ** 2 + other.standard_error(day) ** 2)
    down = sqrt((share - own.low) ** 2 + (its.high - rest) ** 2)
    up = sqrt((own.high - share) ** 2 + (rest - its.low) ** 2)
    z = value / error if error else 0.0
    test = Significance(z, normal_two_sided(z) / LOG_10)
    return Difference(value, Interval(value - down, value + up), error, test, confidence, "kaplan-meier")


def is_drawn(units: Columns) -> bool:
    """Whether every unit was drawn with a logged probability."""
    return all(row.exposure.decider is Decider.DRAW for row in units.rows)


def is_even(units: Columns) -> bool:
    """Whether every unit of an arm had the same probability."""
    return all(len({row.exposure.probability for row in units.of_arm(first=arm).rows}) == 1 for arm in (True, False))


def logged(units: Columns) -> list[float]:
    """Return the probability of the first arm as the weights need it: of what was done in it, and its complement in the other."""
    own = [float(row.exposure.probability or 0) for row in units.rows]
    return [share if first else 1.0 - share for share, first in zip(own, units.first, strict=True)]


def covariates_of(units: Columns, names: Sequence[str]) -> dict[str, list[float]]:
    """Return the covariates as columns.

    Raises:
        UnknownReferenceError: A unit has no such covariate.
    """
    return {name: [row.exposure.covariate(name) for row in units.rows] for name in names}


def require_complete(units: Columns) -> None:
    """Refuse a weighted comparison in which follow-up ended before the horizon.

    Raises:
        RefusedError: It did for some unit.
    """
    if not units.complete or any(units.entries):
        missing = sum(kept is None for kept in units.kept)
        raise RefusedError(
            missing, "weights do not repair incomplete follow-up or late entry", "choose an earlier horizon, or follow for longer"
        )


def strata_of(units: Columns, names: Sequence[str]) -> list[tuple[object, ...]]:
    """Return the stratum of each unit: its values of these covariates; `segment` is the declared segment.

    Raises:
        UnknownReferenceError: A covariate is missing for some unit.
    """
    columns = covariates_of(units, [name for name in names if name != "segment"])
    segments = [row.exposure.segment for row in units.rows]
    return list(zip(*[segments if name == "segment" else columns[name] for name in names], strict=True))


class Method(NamedTuple):
    """How a comparison adjusts: for what, by which model, for whom, and at which confidence."""

    names: tuple[str, ...]
    model: PropensityModel
    target: Target
    confidence: float


class Chances(NamedTuple):
    """How likely each unit was to be in the first arm, by which model, and what is known of the units, column by column."""

    model: str
    shares: Sequence[float]
    covariates: Mapping[str, Sequence[float]]


def chances_of(units: Columns, method: Method) -> Chances:
    """Return the logged probabilities where a draw decided, else those of the model.

    Raises:
        InvalidValueError: The model does not give one probability strictly between 0 and 1 for each unit.
    """
    covariates = covariates_of(units, method.names)
    if is_drawn(units):
        return Chances("logged", logged(units), covariates)
    shares = method.model.probabilities(Units(covariates, units.first))
    if len(shares) != len(units.rows) or not all(0.0 < share < 1.0 for share in shares):
        raise InvalidValueError(method.model.code, "a model gives each unit a probability strictly between 0 and 1", "check the model")
    return Chances(method.model.code, shares, covariates)


def weighted(units: Columns, outcomes: Sequence[float], chances: Chances, method: Method) -> Difference:
    """Return the difference of the weighted means."""
    return stats.weighted_difference(
        outcomes, units.first, chances.shares, method.target, confidence=method.confidence, clusters=units.clusters
    )


def robust(units: Columns, outcomes: Sequence[float], chances: Chances, method: Method, fit: Fit) -> Difference:
    """Return the doubly robust difference."""
    columns = list(chances.covariates.values())
    return stats.doubly_robust(outcomes, units.first, chances.shares, columns, method.target, fit, method.confidence, units.clusters)


def adjustment(units: Columns, chances: Chances, method: Method) -> Adjustment:
    """Return what the weights do: balance, overlap, effective sizes, and the weighted estimate."""
    weights = stats.inverse_weights(units.first, chances.shares, method.target)
    sizes = [
        stats.effective_size([weight for weight, first in zip(weights, units.first, strict=True) if first is arm]) for arm in (True, False)
    ]
    return Adjustment(
        model=chances.model,
        target=method.target,
        balance=stats.balance(chances.covariates, units.first, weights),
        overlap=stats.overlap(chances.shares),
        effective_sizes=(sizes[0], sizes[1]),
        weighted=weighted(units, units.shares, chances, method),
    )
