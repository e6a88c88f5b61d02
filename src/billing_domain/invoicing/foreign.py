"""Lines of documents that another system made, as those documents state them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidTypeError, InvalidValueError
from billing_domain.money import Number, not_negative, to_decimal
from billing_domain.money.amounts import LOWERS, ONE
from billing_domain.periods import Period
from billing_domain.tax import TaxTreatment


def _exactly(value: Number) -> Decimal:
    return to_decimal(value)


def _perhaps(value: Number | None) -> Decimal | None:
    return None if value is None else to_decimal(value)


def _not_below_zero(value: Number) -> Decimal:
    return not_negative(value, "an allowance or a charge")


@guarded
@attrs.frozen
class ForeignAdjustment:
    """What lowers or raises a line of another system, as its document states it (`EN 16931` BG-27, BG-28).

    Args:
        reason: Why, in words (BT-139, BT-144).
        amount: How much, zero or more, in the terms of the line's prices.
        code: Why, as a code of UNCL5189 for an allowance (BT-140), or of UNCL7161 for a charge (BT-145).

    Raises:
        InvalidAmountError: The amount is negative: what raises a line is a charge.

    Example:
        >>> ForeignAdjustment("Loyalty", "1.45", "95").amount
        Decimal('1.45')
    """

    reason: str
    amount: Decimal = attrs.field(converter=_not_below_zero)
    code: str = ""


_Adjusted = ForeignAdjustment | tuple[str, Number] | tuple[str, Number, str]


def _adjustments(values: Iterable[_Adjusted]) -> tuple[ForeignAdjustment, ...]:
    return tuple(each if isinstance(each, ForeignAdjustment) else _adjustment(each) for each in values)


def _adjustment(value: tuple[Any, ...]) -> ForeignAdjustment:
    if not isinstance(value, tuple | list) or not 2 <= len(value) <= 3:
        raise InvalidTypeError(value, "what lowers or raises a line has a reason, an amount and perhaps a code", "give a ForeignAdjustment")
    return ForeignAdjustment(*value)


@attrs.frozen(kw_only=True)
class ForeignLine:
    """A line as another system billed it.

    Args:
        name: What was billed.
        period: The days served.
        treatment: How it was taxed.
        price: The price of `base_quantity` units, zero or more.
        quantity: How many; below zero is refused, since what lowers a bill is a credit.
        base_quantity: How many units the price is for.
        net: The amount after allowances and with charges that the document states, in the terms of its prices, where it does not follow
            from the rest.
        allowances: What the document takes off the line (BG-27); pairs of reason and amount, with a code as a third, will do.
        charges: What it adds to the line beside its price (BG-28), in the same forms.
        unit: What the quantity counts in.
        subscription_id: The subscription that it belongs to, where it is billed here from now on.
        charge: The code of its charge there.
        slot: The aligned period that it belongs to; `period` where None.
        plan: The plan version as `code@version`.
        tax_point: The day whose rates hold; the day of issue where None.

    Raises:
        InvalidAmountError: Price or quantity is negative, or the base quantity not above zero.

    Example:
        >>> from datetime import date
        >>> from billing_domain.tax import TaxCategory
        >>> march = Period(date(2026, 3, 1), date(2026, 4, 1))
        >>> ForeignLine(name="Fee", period=march, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="9.90").quantity
        Decimal('1')
    """

    name: str
    period: Period
    treatment: TaxTreatment
    price: Decimal = attrs.field(converter=_exactly)
    quantity: Decimal = attrs.field(converter=_exactly, default=ONE)
    base_quantity: Decimal = attrs.field(converter=_exactly, default=ONE)
    net: Decimal | None = attrs.field(converter=_perhaps, default=None)
    allowances: tuple[ForeignAdjustment, ...] = attrs.field(converter=_adjustments, default=())
    charges: tuple[ForeignAdjustment, ...] = attrs.field(converter=_adjustments, default=())
    unit: str = ""
    subscription_id: str = ""
    charge: str = ""
    slot: Period | None = None
    plan: str = ""
    tax_point: date | None = None

    def __attrs_post_init__(self) -> None:
        not_negative(self.price, "a price", LOWERS)
        not_negative(self.quantity, "a quantity", LOWERS)
        if self.base_quantity <= 0:
            raise InvalidAmountError(
                self.base_quantity, "a base quantity is above zero (PEPPOL-EN16931-R121)", "leave it out where it is 1"
            )
        if bool(self.subscription_id) is not bool(self.charge):
            raise InvalidValueError(
                self.subscription_id or self.charge, "a line that belongs to a subscription names its charge", "give both or neither"
            )
        if not isinstance(self.period, Period):
            raise InvalidTypeError(self.period, "the days of a line are a Period", "give Period(start, end)")
