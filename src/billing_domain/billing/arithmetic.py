"""Arithmetic on pieces: their exact sum, rounded once, and shares of it by cumulative rounding.

It works by operators, which are exact in `money.exact()` alone: billing enters that once for each account.
"""

from collections.abc import Sequence
from decimal import Decimal
from math import lcm

from billing_domain.invoicing import Piece
from billing_domain.money import Rounding
from billing_domain.money.amounts import ZERO


def exact_sum(pieces: Sequence[Piece]) -> tuple[Decimal, int]:
    """Return the exact sum of pieces as a Decimal over a whole number."""
    total, denominator = ZERO, pieces[0][5]
    for _, _, _, working, part, of, instead_of in pieces:
        value = working.total if instead_of is None else working.total - instead_of.total
        if part != 1:
            value *= part
        if of != denominator:
            common = lcm(of, denominator)
            total *= common // denominator
            value *= common // of
            denominator = common
        total += value
    return total, denominator


def rounded_sum(pieces: Sequence[Piece], step: Decimal, rounding: Rounding) -> Decimal:
    """Return the exact sum of pieces, rounded once.

    Example:
        >>> from datetime import date
        >>> from billing_domain.catalog import Flat, Measured
        >>> day, working = date(2026, 3, 1), Flat("30.00").work_out(Measured(1))
        >>> rounded_sum([Piece(day, day, Decimal(1), working, 16, 31)], Decimal("0.01"), Rounding.HALF_UP)
        Decimal('15.48')
    """
    total, denominator = exact_sum(pieces)
    # `_value_` is the plain attribute behind `value`, which is two calls deep
    return (total if denominator == 1 else total / denominator).quantize(step, rounding._value_)


def cumulative_shares(pieces: Sequence[Piece], total: Decimal, step: Decimal, rounding: Rounding) -> list[Decimal]:
    """Return what each piece bears of a rounded total, by cumulative rounding; the last takes the rest.

    The pieces are not negative, and neither is what one of them bears, also where the total is a step below their rounded sum.
    """
    shares: list[Decimal] = []
    before = ZERO
    for number in range(1, len(pieces)):
        so_far = min(rounded_sum(pieces[:number], step, rounding), total)
        shares.append(so_far - before)
        before = so_far
    shares.append(total - before)
    return shares
