"""Price models where the measured quantity is an amount in the plan's currency, such as the payments that were handled."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billing_domain.catalog.tiers import (
    Ladder,
    PercentTier,
    as_percent,
    as_price,
    as_price_or_none,
    check_bounds,
    check_tiers,
    climb,
    clip_step,
    ladder,
    percentage_price,
)
from billing_domain.catalog.working import Event, Measured, Step, Working
from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import CONTEXT, ONE, ZERO, add_up
from billing_domain.whole import checked_whole


def _free(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a free allowance")


@guarded
@attrs.frozen
class Percentage:
    """A percentage of an amount, with a fixed fee for each event beyond a free allowance.

    An event is free while both allowances last: the first `free_events` events, and the first `free_amount` of their sum.
    The event in which the amount runs out pays on the rest, and its fixed fee.

    Args:
        percent: `"1.3"` is 1.3 %.
        fixed: Charged for each event that is not wholly free.
        free_events: How many events are free; None leaves it to `free_amount`.
        free_amount: How much is free in all; None leaves it to `free_events`.
        minimum: The least that one event costs which is not wholly free.
        maximum: The most that one event costs; None without limit.

    Raises:
        InvalidAmountError: A figure is negative, or the maximum is below the minimum.

    Example:
        >>> events = [Event(Decimal(amount)) for amount in (50, 100, 250, 400)]
        >>> working = Percentage("1.3", fixed=2, free_events=3, free_amount=250).work_out(Measured(800, tuple(events)))
        >>> working.text, working.total
        ('250 × 0 + 550 × 0.013 + 2 × 2', Decimal('11.150'))
    """

    code = "percentage"
    percent: Decimal = attrs.field(converter=as_percent)
    fixed: Decimal = attrs.field(converter=as_price, default=ZERO)
    free_events: int | None = None
    free_amount: Decimal | None = attrs.field(converter=_free, default=None)
    minimum: Decimal = attrs.field(converter=as_price, default=ZERO)
    maximum: Decimal | None = attrs.field(converter=as_price_or_none, default=None)

    def __attrs_post_init__(self) -> None:
        check_bounds(self.minimum, self.maximum)
        if self.free_events is None:
            return
        checked_whole(self.free_events, "free events are counted in whole numbers", "give a whole number, or None")
        if self.free_events < 0:
            raise InvalidValueError(self.free_events, "a number of free events is not negative", "give zero or more, or None")

    def work_out(self, measured: Measured) -> Working:
        """Return what is free, what is paid and the fixed fees; event by event where each has a minimum or maximum."""
        events = measured.events or (Event(measured.quantity),)
        paid = self._paid(events)
        free = CONTEXT.subtract(add_up(event.quantity for event in events), add_up(paid))
        price = percentage_price(self.percent)
        steps = [Step("free", free, ZERO)] if free else []
        if self.minimum or self.maximum is not None:
            for amount in paid:
                steps += self._event(amount, price)
            return Working(steps or [Step("percentage", ZERO, price)])
        steps.append(Step("percentage", add_up(paid), price))
        if self.fixed and paid:
            steps.append(Step("fixed", Decimal(len(paid)), self.fixed))
        return Working(steps)

    def _event(self, amount: Decimal, price: Decimal) -> list[Step]:
        steps = [Step("percentage", amount, price)]
        if self.fixed:
            steps.append(Step("fixed", ONE, self.fixed))
        return steps + clip_step("event", add_up(step.amount for step in steps), self.minimum, self.maximum)

    def _paid(self, events: Iterable[Event]) -> list[Decimal]:
        """Return what each event pays on; wholly free ones are left out."""
        if self.free_events is None and self.free_amount is None:
            return [event.quantity for event in events]
        left, amount, paid = self.free_events, self.free_amount, list[Decimal]()
        for event in events:
            lasting = (left is None or left > 0) and (amount is None or amount > 0)
            free = ZERO if not lasting else event.quantity if amount is None else min(event.quantity, amount)
            if amount is not None:
                amount = CONTEXT.subtract(amount, free)
            if lasting and free == event.quantity:
                left = None if left is None else left - 1
            else:
                paid.append(CONTEXT.subtract(event.quantity, free))
        return paid


def _percent_tiers(values: Iterable[PercentTier]) -> tuple[PercentTier, ...]:
    return check_tiers(tuple(values), PercentTier)


@guarded
@attrs.frozen
class GraduatedPercentage:
    """Each tier takes its percentage of the part of the amount that lies within it.

    Args:
        tiers: From low to high; the last without an upper bound.

    Raises:
        InvalidTiersError: The tiers overlap, leave gaps or go backwards.

    Example:
        >>> GraduatedPercentage([PercentTier(100, 3), PercentTier(None, "2.5", flat=1)]).work_out(Measured(150)).text
        '100 × 0.03 + 50 × 0.025 + 1 × 1'
    """

    code = "graduated-percentage"
    tiers: tuple[PercentTier, ...] = attrs.field(converter=_percent_tiers)
    _ladder: Ladder = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ladder", ladder(self.tiers))

    def work_out(self, measured: Measured) -> Working:
        """Return one step for each tier that is reached, and one for its flat fee."""
        return climb(self._ladder, measured.quantity)
