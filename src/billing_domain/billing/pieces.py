"""The difference between what is owed and what was billed, in days and workings."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from billing_domain.billing.asking import share_of_period
from billing_domain.catalog.working import flat
from billing_domain.invoicing import Piece
from billing_domain.money.amounts import CONTEXT, ZERO
from billing_domain.periods import Proration, Stretch

NOTHING = flat(ZERO)
"""The working of what is not owed."""


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
    days = sorted({day for piece in (*owed, *billed) for day in piece[:2]})
    found: list[Piece] = []
    for start, end in pairwise(days):
        now, before = _covering(owed, start), _covering(billed, start)
        new = NOTHING if now is None else now.working
        old = None if before is None or (not before.working.total and before.working == NOTHING) else before.working
        if new == (old or NOTHING):
            continue
        if now is not None and now[:2] == (start, end):
            part, of = now.part, now.of
        elif before is not None and before[:2] == (start, end):
            part, of = before.part, before.of
        else:
            part, of = share_of_period(proration, Stretch(start, end, *whole))
        quantity = CONTEXT.subtract(ZERO if now is None else now.quantity, ZERO if before is None else before.quantity)
        _append(found, Piece(start, end, quantity, new, part, of, old))
    return found


def _append(found: list[Piece], piece: Piece) -> None:
    if (
        found
        and found[-1].end == piece.start
        and found[-1].of == piece.of
        and found[-1][2:4] == piece[2:4]
        and found[-1].instead_of == piece.instead_of
    ):
        before = found.pop()
        piece = before._replace(end=piece.end, part=before.part + piece.part)
    found.append(piece)


def _covering(pieces: Iterable[Piece], day: date) -> Piece | None:
    found = None
    for piece in pieces:
        if piece[0] <= day < piece[1]:
            found = piece
    return found
