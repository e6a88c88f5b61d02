"""What can happen to a subscription: dated facts, each with the day on which it counts."""

from datetime import date
from decimal import Decimal

import attrs

from billing_domain.catalog import Plan, PriceModel
from billing_domain.periods import BillingCycle


@attrs.frozen
class PlanChanged:
    """From `on`, another plan holds; the change day belongs to the new plan.

    Args:
        on: The first day of the new plan.
        plan: The plan version that holds from then.
        recorded: The day on which a late change became known; None where it was in time.
        restarts_phases: Whether the phases of the new plan count from `on`; else from where the old plan's did: no trial is given twice.
    """

    on: date
    plan: Plan
    recorded: date | None = None
    restarts_phases: bool = False


@attrs.frozen
class QuantityChanged:
    """From `on`, another number of units holds.

    Args:
        on: The first day of the new quantity.
        quantity: Zero or more.
        recorded: The day on which a late change became known.
    """

    on: date
    quantity: Decimal
    recorded: date | None = None


@attrs.frozen
class PriceOverridden:
    """From `on`, one charge has a price of its own, whatever the plan says.

    Args:
        on: The first day of the price.
        charge: The code of the charge.
        price: The price model; None gives the plan's own price back.
        recorded: The day on which a late change became known.
    """

    on: date
    charge: str
    price: PriceModel | None
    recorded: date | None = None


@attrs.frozen
class CycleChanged:
    """From `on`, periods are counted from another day: the old period ends there and a new grid begins.

    Args:
        on: The first day of the new grid.
        cycle: The cycle that holds from then.
        recorded: The day on which a late change became known.
    """

    on: date
    cycle: BillingCycle
    recorded: date | None = None


@attrs.frozen
class Paused:
    """From `on`, nothing is charged until it is resumed.

    Args:
        on: The first day of the pause.
        recorded: The day on which a late change became known.
    """

    on: date
    recorded: date | None = None


@attrs.frozen
class Resumed:
    """From `on`, it is charged again; the periods keep their anchor.

    Args:
        on: The first day after the pause.
        recorded: The day on which a late change became known.
    """

    on: date
    recorded: date | None = None


@attrs.frozen
class Cancelled:
    """From `on`, it has ended.

    Args:
        on: The first day that is no longer served; None takes an earlier cancellation back.
        recorded: The day on which a late change became known.
    """

    on: date | None
    recorded: date | None = None


Change = PlanChanged | QuantityChanged | PriceOverridden | CycleChanged | Paused | Resumed | Cancelled
"""Anything that can happen to a subscription after its start."""
