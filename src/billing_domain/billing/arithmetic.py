"""Arithmetic on pieces: their exact sum, rounded once, and shares of it by cumulative rounding."""

from collections.abc import Sequence
from decimal import Decimal
from math import lcm

from billing_domain.invoicing import Piece
from billing_domain.money import Rounding
from billing_domain.money.amounts import CONTEXT, ZERO

_add = CONTEXT.add
_divide = CONTEXT.divide
_multiply = CONTEXT.multiply


def exact_sum(pieces: Sequence[Piece]) -> tuple[Decimal, int]:
    """Return the exact sum of pieces as a Decimal over a whole number."""
    if len(pieces) == 1:
        piece = pieces[0]
        return _multiply(_value(piece), Decimal(piece.part)), piece.of
    denominator = lcm(*[piece.of for piece in pieces])
    total = ZERO
    for piece in pieces:
        total = _add(total, _multiply(_value(piece), Decimal(piece.part * (denominator // piece.of))))
    return total, denominator


def _value(piece: Piece) -> Decimal:
    total = piece.working.total
    return total if piece.instead_of is None else CONTEXT.subtract(total, piece.instead_of.total)


def rounded_sum(pieces: Sequence[Piece], step: Decimal, rounding: Rounding) -> Decimal:
    """Return the exact sum of pieces, rounded once.

    Example:
        >>> from datetime import date
        >>> from billing_domain.catalog import Flat, Measured
        >>> day, working = date(2026, 3, 1), Flat("30.00").work_out(Measured(1))
        >>> rounded_sum([Piece(day, day, Decimal(1), working, 16, 31)], Decimal("0.01"), Rounding.HALF_UP)
        Decimal('15.48')
    """
    # `_value_` is the plain attribute behind `value`, which is two calls deep
    if len(pieces) == 1 and pieces[0][4] == pieces[0][5]:
        return pieces[0][3].total.quantize(step, rounding._value_, CONTEXT)
    total, denominator = exact_sum(pieces)
    return _divide(total, Decimal(denominator)).quantize(step, rounding._value_, CONTEXT)


def cumulative_shares(pieces: Sequence[Piece], total: Decimal, step: Decimal, rounding: Rounding) -> list[Decimal]:
    """Return what each piece bears of a rounded total, by cumulative rounding; the last takes the rest.

    The pieces are not negative, and neither is what one of them bears, also where the total is a step below their rounded sum.
    """
    shares: list[Decimal] = []
    before = ZERO
    for number in range(1, len(pieces)):
        so_far = min(rounded_sum(pieces[:number], step, rounding), total)
        shares.append(CONTEXT.subtract(so_far, before))
        before = so_far
    shares.append(CONTEXT.subtract(total, before))
    return shares
