"""Arithmetic on pieces: their exact sum, rounded once, and the difference between what is owed and what was billed."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from math import lcm

from billing_domain.billing.rating import share_of_period
from billing_domain.catalog import Working
from billing_domain.catalog.working import flat
from billing_domain.invoicing import Piece
from billing_domain.money import Rounding
from billing_domain.money.amounts import CONTEXT, ZERO
from billing_domain.periods import Proration, Stretch

NOTHING = flat(ZERO)
"""The working of what is not owed."""

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
    if len(pieces) == 1 and pieces[0][4] == pieces[0][5]:
        return pieces[0][3].total.quantize(step, rounding.value, CONTEXT)
    total, denominator = exact_sum(pieces)
    return _divide(total, Decimal(denominator)).quantize(step, rounding.value, CONTEXT)


def cumulative_shares(pieces: Sequence[Piece], total: Decimal, step: Decimal, rounding: Rounding) -> list[Decimal]:
    """Return what each piece bears of a rounded total, by cumulative rounding; the last takes the rest."""
    shares: list[Decimal] = []
    before = ZERO
    for number in range(1, len(pieces)):
        so_far = rounded_sum(pieces[:number], step, rounding)
        shares.append(CONTEXT.subtract(so_far, before))
        before = so_far
    shares.append(CONTEXT.subtract(total, before))
    return shares


def difference(owed: Sequence[Piece], billed: Sequence[Piece], whole: tuple[date, date], proration: Proration) -> list[Piece]:
    """Return the days on which what is owed differs from what was billed, with both workings.

    Args:
        owed: What is owed now, in order of days.
        billed: What the documents say, a later piece overriding an earlier one on the same days.
        whole: Start and end of the aligned period.
        proration: How a part of the period is charged.

    Returns:
        Pieces whose `instead_of` is what was billed; together they explain the difference of the exact sums.
    """
    days = sorted({day for piece in (*owed, *billed) for day in (piece.start, piece.end)})
    found: list[Piece] = []
    for start, end in zip(days, days[1:], strict=False):
        now, before = _covering(owed, start), _covering(billed, start)
        if now is None and before is None:
            continue
        new = NOTHING if now is None else now.working
        old = None if before is None else before.working
        if new is old or new == old or (old is None and now is None):
            continue
        exact = next((piece for piece in (now, before) if piece is not None and (piece.start, piece.end) == (start, end)), None)
        part, of = (exact.part, exact.of) if exact is not None else share_of_period(proration, Stretch(start, end, *whole))
        quantity = CONTEXT.subtract(ZERO if now is None else now.quantity, ZERO if before is None else before.quantity)
        _append(found, Piece(start, end, quantity, new, part, of, old))
    return found


def _append(found: list[Piece], piece: Piece) -> None:
    if found and found[-1].end == piece.start and found[-1].of == piece.of and found[-1][2:4] == piece[2:4] and found[-1].instead_of == piece.instead_of:
        before = found.pop()
        piece = before._replace(end=piece.end, part=before.part + piece.part)
    found.append(piece)


def _covering(pieces: Iterable[Piece], day: date) -> Piece | None:
    found = None
    for piece in pieces:
        if piece.start <= day < piece.end:
            found = piece
    return found


