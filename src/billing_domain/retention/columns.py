"""The rows of a comparison, checked and turned into columns."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import attrs

from billing_domain.errors import CurrencyMismatchError, DuplicateIdError, InvalidValueError, RefusedError
from billing_domain.retention.experiment import Experiment
from billing_domain.retention.model import DAY, NO_TIME, Decider, Outcome


@attrs.frozen
class Columns:
    """The units of two arms, in the order they came.

    Args:
        rows: The outcomes.
        first: Whether each unit is in the first arm.
        days: How long each was followed, in days.
        left: Whether each left.
        entries: When each came under observation, in days.
        kept: Whether each was still there after the horizon; none where follow-up ended before.
    """

    rows: tuple[Outcome, ...]
    first: tuple[bool, ...]
    days: tuple[float, ...]
    left: tuple[bool, ...]
    entries: tuple[float, ...]
    kept: tuple[bool | None, ...]

    @property
    def complete(self) -> bool:
        """Whether every unit was followed to the horizon, or left before."""
        return None not in self.kept

    @property
    def shares(self) -> list[float]:
        """Whether each was kept, as 1 and 0."""
        return [1.0 if kept else 0.0 for kept in self.kept]

    @property
    def clusters(self) -> list[str] | None:
        """The agent of each unit where agents decided, or the unit itself; none where nobody's agent decided."""
        if not any(row.exposure.decider is Decider.AGENT for row in self.rows):
            return None
        return [row.exposure.agent or f"unit {row.exposure.unit}" for row in self.rows]

    def of_arm(self, *, first: bool) -> "Columns":
        """Return the rows of one arm."""
        return self.only([index for index, arm in enumerate(self.first) if arm is first])

    def only(self, chosen: Sequence[int]) -> "Columns":
        """Return some of the rows."""
        return Columns(
            tuple(self.rows[index] for index in chosen),
            tuple(self.first[index] for index in chosen),
            tuple(self.days[index] for index in chosen),
            tuple(self.left[index] for index in chosen),
            tuple(self.entries[index] for index in chosen),
            tuple(self.kept[index] for index in chosen),
        )


def gather(outcomes: Iterable[Outcome], arm: str, against: str, horizon: timedelta) -> Columns:
    """Return the rows of both arms as columns, each unit once.

    Args:
        outcomes: The outcomes of one study; other arms are passed over.
        arm: The practice of the first arm.
        against: The practice of the second arm.
        horizon: How long after time zero the arms are compared.

    Raises:
        InvalidValueError: Arm and horizon make no comparison, or the rows come from several studies.
        DuplicateIdError: A unit occurs twice, or in both arms.
        CurrencyMismatchError: The rows are in several currencies.
        RefusedError: An arm is empty, or the horizon lies before the end of the discount plus one period.
    """
    if arm == against or horizon <= NO_TIME:
        raise InvalidValueError((arm, against, horizon), "two practices are compared some time after time zero", "name two and a horizon")
    rows = tuple(row for row in outcomes if row.exposure.practice in (arm, against))
    _check_units(rows)
    for code in (arm, against):
        if not any(row.exposure.practice == code for row in rows):
            raise RefusedError(code, "no unit is in this arm", "check its code, or wait for units")
    earliest = max(row.honest_from for row in rows)
    if horizon < earliest:
        raise RefusedError(
            horizon, f"before {earliest} the discount still runs, or the first bill after it has not come", "choose a later horizon"
        )
    return Columns(
        rows,
        tuple(row.exposure.practice == arm for row in rows),
        tuple(row.followed / DAY for row in rows),
        tuple(row.left is not None for row in rows),
        tuple(row.entered / DAY for row in rows),
        tuple(row.stayed(horizon) for row in rows),
    )


def _check_units(rows: Sequence[Outcome]) -> None:
    """Refuse rows of several studies or currencies, and units that occur twice."""
    studies = {row.exposure.study for row in rows}
    if len(studies) > 1:
        raise InvalidValueError(sorted(studies), "a comparison reads the rows of one study", "filter by study first")
    currencies = {row.currency for row in rows}
    if len(currencies) > 1:
        raise CurrencyMismatchError(sorted(currencies), "a comparison has one currency", "compare each currency apart")
    seen: dict[str, str] = {}
    for row in rows:
        unit, practice = row.exposure.unit, row.exposure.practice
        if seen.setdefault(unit, practice) != practice:
            raise DuplicateIdError(unit, "a unit keeps the arm of its first assignment", "drop what was assigned later")
    if len(seen) < len(rows):
        raise DuplicateIdError(len(rows) - len(seen), "each unit has one row per study, at its first eligibility", "use first_eligible")


def require_drawn(units: Columns, experiment: Experiment) -> None:
    """Refuse units that are not in the arm into which the experiment draws them.

    Raises:
        InvalidValueError: A unit was moved, or the experiment is not the one that drew it.
    """
    for row in units.rows:
        drawn = experiment.assign_id(row.exposure.unit).arm
        if drawn != row.exposure.practice:
            raise InvalidValueError(row.exposure.unit, f"{experiment.code} draws this unit into {drawn!r}", "keep to the draw")
