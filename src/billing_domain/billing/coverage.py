"""Which days of a key the documents bill at which working, and how that differs from what is owed."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from billing_domain.billing.arithmetic import exact_sum
from billing_domain.billing.pieces import difference
from billing_domain.invoicing import BilledLine, EntryKind, History, LineFacts, Piece
from billing_domain.periods import Proration

_Stated = tuple[date, str, bool, tuple[Piece, ...]]


def change_of(
    facts: LineFacts,
    lines: Sequence[BilledLine],
    history: History,
    proration: Proration,
    amount: Decimal,
    step: Decimal,
    whole_start: date,
) -> list[Piece]:
    """Return the pieces by which what is owed for a key differs from what was billed.

    Where documents do not tell which of them came first, the first order counts whose pieces come to the amount.

    Args:
        facts: What is owed; no pieces where nothing is.
        lines: The lines of the key; those of a period of another length were reversed whole and say nothing.
        history: The documents.
        proration: How a part of the period is charged.
        amount: The difference that is to be explained, before discount.
        step: The currency's smallest amount, within which the pieces come to the amount.
        whole_start: Start of the aligned period; before the key's day where a change cut into it.
    """
    slot_end = facts[3]
    whole = (whole_start, slot_end)
    if not history.entries_by_line:
        stated: tuple[Piece, ...] = ()
        for found in lines:
            billed = found[1].facts
            if billed[3] == slot_end and billed[12] is None:
                stated += billed[10]
        return difference(facts[10], stated, whole, proration)
    first: list[Piece] = []
    for covered in _orders([found for found in lines if found[1].facts[3] == slot_end], history):
        pieces = difference(facts[10], covered, whole, proration)
        if comes_to(pieces, amount, step):
            return pieces
        first = first or pieces
    return first


def comes_to(pieces: Sequence[Piece], amount: Decimal, step: Decimal) -> bool:
    """Say whether the exact sum of pieces is within a step of an amount."""
    if not pieces:
        return False
    total, denominator = exact_sum(pieces)
    return abs(total - amount * denominator) <= step * denominator


def _orders(lines: Sequence[BilledLine], history: History) -> Iterator[list[Piece]]:
    """Return what documents with credits say of the days, a later piece overriding an earlier one.

    The order of documents is that of their days and numbers. Where two of one day are in different series that does not tell
    which came first; then reversals on credit notes come before, or after, the lines of that day.
    """
    stated = [
        (found.invoice.on, found.invoice.number, True, found.line.facts.pieces) for found in lines if found.line.facts.reinstates is None
    ]
    for found in lines:
        for document, on, entry in history.entries_on(found.ref):
            if entry.kind is EntryKind.REVERSAL:
                stated.append((on, document, False, entry.facts.pieces))
    for order in (_by_number, _lines_last, _lines_first):
        yield [piece for *_, pieces in sorted(stated, key=order) for piece in pieces]


def _by_number(stated: _Stated) -> tuple[date, str, bool]:
    return stated[:3]


def _lines_last(stated: _Stated) -> tuple[date, bool, str]:
    return stated[0], stated[2], stated[1]


def _lines_first(stated: _Stated) -> tuple[date, bool, str]:
    return stated[0], not stated[2], stated[1]
