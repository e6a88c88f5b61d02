"""Choosing rows, moving time zero, and handing rows to other tools."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from billing_domain.doors import door
from billing_domain.errors import OutOfOrderError, RefusedError
from billing_domain.instants import elapsed, later, utc
from billing_domain.retention.model import DAY, NO_TIME, Flow, Outcome
from billing_domain.retention.offers import OfferRecord
from billing_domain.retention.stats import Tallies, tally

Cell = str | float | int | bool | None


@door
def first_eligible(records: Iterable[OfferRecord]) -> tuple[OfferRecord, ...]:
    """Return one record per unit and study: that of its first eligibility, in the order of time.

    Example:
        >>> from billing_domain.retention import first_eligible
        >>> first_eligible([])
        ()
    """
    found: dict[tuple[str, str], OfferRecord] = {}
    for record in sorted(records, key=_first):
        found.setdefault((record.assignment.experiment, record.assignment.unit), record)
    return tuple(found.values())


def _first(record: OfferRecord) -> tuple[datetime, str, str, str]:
    """Put records in order of time; those of one instant by what they say, so that the order in which they are given changes nothing."""
    return utc(record.at), record.assignment.experiment, record.assignment.unit, str(record.response)


@door
def landmark(outcomes: Iterable[Outcome], after: timedelta) -> tuple[Outcome, ...]:
    """Return the units still there at a landmark whose practice was settled by then, with time counted from the landmark.

    This is the cure for immortal time: who had to stay long enough to get the practice is compared with who stayed as long without.

    Args:
        outcomes: The rows.
        after: How long after time zero the landmark lies.

    Raises:
        OutOfOrderError: The landmark lies before time zero.
    """
    if after < NO_TIME:
        raise OutOfOrderError(after, "a landmark lies at time zero or later", "choose a later landmark")
    return tuple(_moved(row, after) for row in outcomes if row.followed > after and _settled(row, after))


def _settled(row: Outcome, after: timedelta) -> bool:
    return row.exposure.decided is None or elapsed(row.exposure.at, row.exposure.decided) <= after


def _moved(row: Outcome, after: timedelta) -> Outcome:
    exposure = attrs.evolve(row.exposure, at=later(row.exposure.at, after), decided=None)
    flows = tuple(Flow(flow.after - after, flow.revenue, flow.cost) for flow in row.flows if flow.after >= after)
    return attrs.evolve(
        row,
        exposure=exposure,
        followed=row.followed - after,
        flows=flows,
        discount_for=max(NO_TIME, row.discount_for - after),
        entered=max(NO_TIME, row.entered - after),
    )


@door
def tally_outcomes(outcomes: Iterable[Outcome], horizon: timedelta) -> Tallies:
    """Return how many were kept and what they paid, by practice, reading a stream once and keeping no row.

    Millions of rows need no more memory than ten; each unit is expected once, which a stream cannot check.

    Args:
        outcomes: The rows, from any iterable.
        horizon: How long after time zero customers are to be still there.

    Raises:
        RefusedError: A unit was not followed to the horizon.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from billing_domain.retention import Exposure, Outcome, tally_outcomes
        >>> zero = datetime(2026, 3, 1, tzinfo=timezone.utc)
        >>> stream = (Outcome(Exposure("waits", f"A-{n}", "short", zero), timedelta(days=200)) for n in range(1_000))
        >>> tally_outcomes(stream, timedelta(days=180))["short"].kept
        1000
    """
    return tally(_counted(row, horizon) for row in outcomes)


def _counted(row: Outcome, horizon: timedelta) -> tuple[str, bool, float]:
    kept = row.stayed(horizon)
    if kept is None:
        raise RefusedError(row.exposure.unit, "this unit was not followed to the horizon", "choose an earlier horizon")
    return row.exposure.practice, kept, float(row.revenue(horizon))


@door
def as_rows(outcomes: Iterable[Outcome], horizon: timedelta) -> Iterator[dict[str, Cell]]:
    """Yield one flat row per outcome, for a data frame, a CSV file or a database.

    Amounts are texts, so that nothing is rounded on the way.

    Args:
        outcomes: The rows.
        horizon: Revenue and cost are those up to it.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from billing_domain.retention import Exposure, Outcome, as_rows
        >>> exposure = Exposure("waits", "A-1", "short", datetime(2026, 3, 1, tzinfo=timezone.utc), covariates={"calls": 2.0})
        >>> row = next(as_rows([Outcome(exposure, timedelta(days=200))], timedelta(days=180)))
        >>> row["days"], row["kept"], row["covariate_calls"]
        (200.0, True, 2.0)
    """
    for row in outcomes:
        yield {**_exposure_cells(row), **_outcome_cells(row, horizon)}


def _exposure_cells(row: Outcome) -> dict[str, Cell]:
    done = row.exposure
    return {
        "study": done.study,
        "unit": done.unit,
        "practice": done.practice,
        "at": done.at.isoformat(),
        "decider": done.decider.value,
        "probability": None if done.probability is None else str(done.probability),
        "policy": done.policy,
        "version": done.version,
        "reason": done.reason,
        "agent": done.agent,
        "response": done.response.value,
        "segment": done.segment,
        **{f"covariate_{name}": value for name, value in done.covariates},
    }


def _outcome_cells(row: Outcome, horizon: timedelta) -> dict[str, Cell]:
    return {
        "days": row.followed / DAY,
        "entered_days": row.entered / DAY,
        "left": None if row.left is None else row.left.value,
        "kept": row.stayed(horizon),
        "revenue": str(row.revenue(horizon)),
        "cost": str(row.cost(horizon)),
        "currency": row.currency,
        **{f"count_{name}": count for name, count in row.counts},
    }
