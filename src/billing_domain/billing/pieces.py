"""The difference between what is owed and what was billed, in days and workings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from billing_domain.billing.asking import share_of_period
from billing_domain.catalog.working import flat
from billing_domain.invoicing import Piece
from billing_domain.money.amounts import ZERO
from billing_domain.periods import Proration
from billing_domain.periods.period import FOREVER

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class

NOTHING = flat(ZERO)
"""The working of what is not owed."""


def difference(owed: Sequence[Piece], billed: Sequence[Piece], whole: tuple[date, date], proration: Proration) -> list[Piece]:
    """Return the days on which what is owed differs from what was billed, with both workings; it works in `money.exact()`.

    Args:
        owed: What is owed now, in order of days.
        billed: What the documents say, a later piece overriding an earlier one on the same days.
        whole: Start and end of the aligned period.
        proration: How a part of the period is charged.

    Returns:
        Pieces whose `instead_of` is what was billed; together they explain the difference of the exact sums.
    """
    found: list[Piece] = []
    if len(billed) == 1 and billed[0][3].total:
        day, until, quantity, was, _, _, _ = billed[0]
        for start, end, units, new, part, of, _ in owed:
            if start != day:
                break
            day = end
            if new is not was and (new.total != was.total or new != was):
                found.append(_new(Piece, (start, end, units - quantity, new, part, of, was)))
        else:
            if day == until:  # pieces follow each other over the days of the one line: what most changes come upon
                return found
        found.clear()
    for start, end, now, before in _stretches(owed, billed):
        new = NOTHING if now is None else now.working
        old = None if before is None or (not before.working.total and before.working == NOTHING) else before.working
        if new is old or new == (old or NOTHING):
            continue
        if now is not None and now[0] == start and now[1] == end:
            part, of = now.part, now.of
        elif before is not None and before[0] == start and before[1] == end:
            part, of = before.part, before.of
        else:
            part, of = share_of_period(proration, start, end, whole)
        quantity = (ZERO if now is None else now.quantity) - (ZERO if before is None else before.quantity)
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


Span = tuple[date, date, Piece | None]
"""Days from the first to before the second, and the piece that holds on them; it may hold on more."""
_NO_MORE: Span = (FOREVER, FOREVER, None)


def _stretches(owed: Sequence[Piece], billed: Sequence[Piece]) -> Iterator[tuple[date, date, Piece | None, Piece | None]]:
    """Yield the days on which anything is owed or billed, cut where either changes, with the piece of each."""
    one, other = iter(_spans(owed)), iter(_spans(billed))
    now, before = next(one, _NO_MORE), next(other, _NO_MORE)
    day = min(now[0], before[0])
    while day < FOREVER:
        served, charged = now[0] <= day, before[0] <= day
        end = min(now[1] if served else now[0], before[1] if charged else before[0])
        if served or charged:
            yield day, end, now[2] if served else None, before[2] if charged else None
        if served and now[1] == end:
            now = next(one, _NO_MORE)
        if charged and before[1] == end:
            before = next(other, _NO_MORE)
        day = end


def _spans(pieces: Sequence[Piece]) -> list[Span]:
    """Return the days of pieces in order, each day once: where pieces lie on the same days, the last one given holds."""
    if len(pieces) < 2 or all([before[1] <= piece[0] for before, piece in pairwise(pieces)]):
        return [(piece[0], piece[1], piece) for piece in pieces]
    days = sorted({day for piece in pieces for day in piece[:2]})
    covering = [(start, end, _covering(pieces, start)) for start, end in pairwise(days)]
    return [(start, end, piece) for start, end, piece in covering if piece is not None]


def _covering(pieces: Iterable[Piece], day: date) -> Piece | None:
    found = None
    for piece in pieces:
        if piece[0] <= day < piece[1]:
            found = piece
    return found
