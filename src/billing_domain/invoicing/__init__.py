"""Documents: lines, credit entries, drafts, invoices, credit notes, voids and totals."""

from billing_domain.invoicing.credits import credit, make_entry, note_for
from billing_domain.invoicing.documents import CreditNote, DraftCreditNote, DraftInvoice, Invoice, Part, PaymentTerms, Void
from billing_domain.invoicing.history import BilledLine, History
from billing_domain.invoicing.lines import (
    ChargeKind,
    CreditEntry,
    EntryKind,
    EntryRef,
    Line,
    LineFacts,
    LineKey,
    LineRef,
    LineWorking,
    Piece,
    Share,
)
from billing_domain.invoicing.protocols import Documents, Reinstatement
from billing_domain.invoicing.totals import Row, Taxed, TaxGroup, Totals, tax_document

__all__ = [
    "BilledLine",
    "ChargeKind",
    "CreditEntry",
    "CreditNote",
    "Documents",
    "DraftCreditNote",
    "DraftInvoice",
    "EntryKind",
    "EntryRef",
    "History",
    "Invoice",
    "Line",
    "LineFacts",
    "LineKey",
    "LineRef",
    "LineWorking",
    "Part",
    "PaymentTerms",
    "Piece",
    "Reinstatement",
    "Row",
    "Share",
    "TaxGroup",
    "Taxed",
    "Totals",
    "Void",
    "credit",
    "make_entry",
    "note_for",
    "tax_document",
]
