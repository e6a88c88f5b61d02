"""The tax function: what tax an amount of one group bears, rounded once.

A credit of part of a document is taxed as the difference of two values of this function,
so that all credits of a fully credited document return its tax to the cent, in any order.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO, add_up

_UP = ROUND_HALF_UP
_add = CONTEXT.add
_divide = CONTEXT.divide
_multiply = CONTEXT.multiply


class TaxRounding(Enum):
    """Where the tax of a document is rounded."""

    PER_GROUP = "per-group"
    """Once for each category and rate: the default and the rule of `EN 16931 BR-CO-17`."""
    PER_LINE = "per-line"
    """Once for each line and each credit entry; a group's tax is then their sum."""


def tax_on(amount: Decimal, rate: Decimal | None, step: Decimal, *, inclusive: bool = False) -> Decimal:
    """Return the tax that an amount bears, half up, away from zero at a tie.

    Args:
        amount: The taxable amount, or where `inclusive`, the price with its tax.
        rate: The rate in percent; None where no tax applies.
        step: The currency's smallest amount.
        inclusive: Whether the amount contains the tax.

    Source: `EN 16931 BR-CO-17`; for prices with tax, `gross × rate ÷ (100 + rate)`.

    Example:
        >>> cent = Decimal("0.01")
        >>> tax_on(Decimal("45.55"), Decimal(21), cent), tax_on(Decimal("100.00"), Decimal(21), cent, inclusive=True)
        (Decimal('9.57'), Decimal('17.36'))
    """
    if not rate:
        return ZERO.quantize(step, _UP, CONTEXT)
    bearing = _add(HUNDRED, rate) if inclusive else HUNDRED
    return _divide(_multiply(amount, rate), bearing).quantize(step, _UP, CONTEXT)


def tax_on_all(amounts: Iterable[Decimal], rate: Decimal | None, step: Decimal, *, inclusive: bool, rounding: TaxRounding) -> Decimal:
    """Return the tax of one group: of the sum of its amounts, or the sum of the tax of each.

    Args:
        amounts: What each line of the group charges.
        rate: The rate of the group in percent.
        step: The currency's smallest amount.
        inclusive: Whether the amounts contain the tax.
        rounding: Where tax is rounded.

    Example:
        >>> four = [Decimal("0.12")] * 4
        >>> [str(tax_on_all(four, Decimal(21), Decimal("0.01"), inclusive=False, rounding=rule)) for rule in TaxRounding]
        ['0.10', '0.12']
    """
    if rounding is TaxRounding.PER_GROUP:
        return tax_on(add_up(amounts), rate, step, inclusive=inclusive)
    return add_up(tax_on_each(amounts, rate, step, inclusive=inclusive))


def tax_on_each(amounts: Iterable[Decimal], rate: Decimal | None, step: Decimal, *, inclusive: bool = False) -> list[Decimal]:
    """Return what `tax_on` says of each of several amounts at one rate.

    Example:
        >>> [str(tax) for tax in tax_on_each([Decimal("45.55"), Decimal("0.33")], Decimal(21), Decimal("0.01"))]
        ['9.57', '0.07']
    """
    return [tax_on(amount, rate, step, inclusive=inclusive) for amount in amounts]


def tax_of(amounts: Iterable[Decimal], rate: Decimal | None, step: Decimal, inclusive: bool) -> Decimal:
    """Return the sum of what `tax_on` says of each of several amounts at one rate; it works in `money.exact()`.

    Example:
        >>> from billing_domain.money.amounts import exact
        >>> with exact():
        ...     tax_of([Decimal("45.55"), Decimal("0.33")], Decimal(21), Decimal("0.01"), False)
        Decimal('9.64')
    """
    if inclusive or not rate:
        return sum(tax_on_each(amounts, rate, step, inclusive=inclusive), ZERO)
    part, total = rate / HUNDRED, ZERO  # what is divided by a hundred stays exact
    for amount in amounts:
        total += (amount * part).quantize(step, _UP)
    return total
