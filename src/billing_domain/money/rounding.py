"""Rounding: one rule, named, applied once to an exact value."""

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from enum import Enum

import attrs
from moneyed import Money

from billing_domain.errors import InvalidAmountError
from billing_domain.money.amounts import CONTEXT, Number, amount_of, minor_unit, money, to_decimal


class Rounding(Enum):
    """How an exact value becomes one of whole steps; all are symmetric about zero.

    Each case shows 2.345, 2.355 and -2.345 in steps of 0.01.
    """

    HALF_UP = ROUND_HALF_UP
    """The nearer one, a tie away from zero: 2.35, 2.36, -2.35. The library's default and that of `EN 16931 BR-CO-17`."""
    HALF_EVEN = ROUND_HALF_EVEN
    """The nearer one, a tie to the even digit: 2.34, 2.36, -2.34."""
    HALF_DOWN = ROUND_HALF_DOWN
    """The nearer one, a tie towards zero: 2.34, 2.35, -2.34."""
    UP = ROUND_UP
    """Away from zero: 2.35, 2.36, -2.35."""
    DOWN = ROUND_DOWN
    """Towards zero: 2.34, 2.35, -2.34."""


def round_decimal(value: Decimal, step: Decimal, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Return the value in whole steps.

    Args:
        value: The exact value.
        step: The step, above zero; a power of ten, or a cash step such as 0.05.
        rounding: The rule for what lies between two steps.

    Raises:
        InvalidAmountError: The step is not above zero.

    Example:
        >>> round_decimal(Decimal("2.345"), Decimal("0.01"))
        Decimal('2.35')
        >>> round_decimal(Decimal("2.375"), Decimal("0.05"))
        Decimal('2.40')
    """
    if step <= 0:
        raise InvalidAmountError(step, "a rounding step is above zero", "give the smallest amount that can be paid")
    if step.as_tuple().digits == (1,):
        return value.quantize(step, rounding.value, CONTEXT)
    steps = CONTEXT.divide(value, step).quantize(Decimal(1), rounding.value, CONTEXT)
    return CONTEXT.multiply(steps, step).quantize(step, rounding.value, CONTEXT)


def round_amount(value: Number, currency: str, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """Return the value with as many decimals as the currency has.

    Example:
        >>> round_amount("2.345", "EUR"), round_amount("2.5", "JPY"), round_amount("2.3455", "BHD")
        (Decimal('2.35'), Decimal('3'), Decimal('2.346'))
    """
    return to_decimal(value).quantize(minor_unit(currency), rounding.value, CONTEXT)


def round_money(value: Money, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """Return the `Money` with as many decimals as its currency has.

    Example:
        >>> round_money(Money("2.345", "EUR")).amount
        Decimal('2.35')
    """
    code = value.currency.code
    return money(round_amount(amount_of(value, code), code, rounding), code)


def require_whole(value: Decimal, currency: str, what: str) -> Decimal:
    """Return the amount with the currency's decimals if it has no more than those.

    Raises:
        InvalidAmountError: It has more decimals than the currency.

    Example:
        >>> require_whole(Decimal("3"), "EUR", "amount")
        Decimal('3.00')
    """
    rounded = value.quantize(minor_unit(currency), ROUND_HALF_UP, CONTEXT)
    if rounded != value:
        raise InvalidAmountError(value, f"{what} has at most the decimals of {currency}", "round it first, by a rule that you name")
    return rounded


@attrs.frozen
class Rounded:
    """One rounding as a fact: before, after and the rule.

    Args:
        before: The exact value.
        after: What was taken.
        rule: The rounding.

    Example:
        >>> Rounded(Decimal("2.345"), Decimal("2.35"), Rounding.HALF_UP).difference
        Decimal('0.005')
    """

    before: Decimal
    after: Decimal
    rule: Rounding

    @property
    def difference(self) -> Decimal:
        """What the rounding added."""
        return CONTEXT.subtract(self.after, self.before)
