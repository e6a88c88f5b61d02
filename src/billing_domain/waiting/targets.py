"""Targets: what a staffing must reach."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError
from billing_domain.instants import span
from billing_domain.money import Number, to_decimal
from billing_domain.waiting.model import LevelDefinition, percentage, require_definition
from billing_domain.waiting.outlook import Outlook
from billing_domain.waiting.protocols import Target


def _percent(value: Number) -> Decimal:
    percentage(value, "target")
    return to_decimal(value)


@guarded
@attrs.frozen
class ServiceLevel:
    """So many percent of the calls are answered within so long.

    Args:
        percent: Above 0 and below 100; nobody can promise all.
        within: The longest wait that counts, itself included.
        definition: Which calls it is a share of.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import ServiceLevel
        >>> str(ServiceLevel(percent=80, within=timedelta(seconds=20)))
        '80 % within 0:00:20 (of-offered)'
    """

    percent: Decimal = attrs.field(converter=_percent)
    within: timedelta
    definition: LevelDefinition = LevelDefinition.OF_OFFERED

    def __attrs_post_init__(self) -> None:
        span(self.within, "threshold")
        require_definition(self.definition)

    def met(self, outlook: Outlook) -> bool:
        """Return whether the outlook reaches the level."""
        return outlook.service_level(self.within, self.definition) >= float(percentage(self.percent, "target"))

    def __str__(self) -> str:
        return f"{self.percent} % within {self.within} ({self.definition.value})"


@guarded
@attrs.frozen
class AverageWait:
    """Callers wait at most so long on average (average speed of answer).

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import AverageWait
        >>> AverageWait(at_most=timedelta(seconds=10)).at_most.seconds
        10
    """

    at_most: timedelta

    def __attrs_post_init__(self) -> None:
        span(self.at_most, "target")

    def met(self, outlook: Outlook) -> bool:
        """Return whether the mean wait is short enough."""
        return outlook.average_wait <= self.at_most


@guarded
@attrs.frozen
class Occupancy:
    """Agents are busy for at most so many percent of their time, so that they can breathe.

    Example:
        >>> from billing_domain.waiting import Occupancy
        >>> Occupancy(at_most=85).at_most
        Decimal('85')
    """

    at_most: Decimal = attrs.field(converter=_percent)

    def met(self, outlook: Outlook) -> bool:
        """Return whether the agents are idle enough."""
        return outlook.occupancy <= float(percentage(self.at_most, "target"))


@guarded
@attrs.frozen
class Abandonment:
    """At most so many percent of the callers hang up; tells something only of demands that state a patience.

    Example:
        >>> from billing_domain.waiting import Abandonment
        >>> Abandonment(at_most=5).at_most
        Decimal('5')
    """

    at_most: Decimal = attrs.field(converter=_percent)

    def met(self, outlook: Outlook) -> bool:
        """Return whether few enough hang up."""
        return outlook.abandoned <= float(percentage(self.at_most, "target"))


def _targets(value: Iterable[Target]) -> tuple[Target, ...]:
    return tuple(value)


@guarded
@attrs.frozen
class Every:
    """Several targets, all of which must be met.

    Args:
        targets: At least one.

    Raises:
        InvalidValueError: There is none.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import Every, Occupancy, ServiceLevel
        >>> len(Every([ServiceLevel(80, timedelta(seconds=20)), Occupancy(at_most=85)]).targets)
        2
    """

    targets: tuple[Target, ...] = attrs.field(converter=_targets)

    def __attrs_post_init__(self) -> None:
        if not self.targets:
            raise InvalidValueError("no target", "there is at least one target", "name what the callers shall get")

    def met(self, outlook: Outlook) -> bool:
        """Return whether each of them is met."""
        return all(target.met(outlook) for target in self.targets)
