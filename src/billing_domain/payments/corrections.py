"""What was corrected on documents: it was never owed, so no late fee is charged on it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from billing_domain.invoicing import EntryKind, EntryRef, History
from billing_domain.money.amounts import CONTEXT, ZERO


def corrections(history: History, *, through: date = date.max) -> dict[str, list[tuple[date, Decimal]]]:
    """Return what was corrected on each invoice up to a day, with tax, each with its day; what was reinstated since is left out.

    Args:
        history: The documents.
        through: The last day that counts.
    """
    found: dict[str, list[tuple[date, Decimal]]] = {}
    for ref in history.entries_by_line:
        for document, on, entry in history.entries_on(ref):
            taken_back = EntryRef(document, entry.number) in history.reinstated
            if entry.kind is EntryKind.CORRECTION and on <= through and not taken_back:
                found.setdefault(ref.invoice, []).append((on, CONTEXT.add(entry.net_amount, entry.tax_amount)))
    return found


def corrected_by_invoice(history: History, more: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return what was corrected on each invoice in all, with tax, and more of it that is not issued yet."""
    found = dict(more)
    for number, known in corrections(history).items():
        for _, amount in known:
            found[number] = CONTEXT.add(found.get(number, ZERO), amount)
    return found
