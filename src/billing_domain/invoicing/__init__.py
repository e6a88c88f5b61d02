"""Documents: lines, credit entries, drafts, invoices, credit notes, voids and totals."""

from billing_domain.invoicing.adjusting import adjust, describe
from billing_domain.invoicing.adjustments import DocumentAllowance, DocumentCharge, LineCharge
from billing_domain.invoicing.allowances import AllowanceReason
from billing_domain.invoicing.attachments import Attachment
from billing_domain.invoicing.credits import correct_up_to, credit, make_entry, note_for, notes_for
from billing_domain.invoicing.details import (
    REFERENCES,
    Accounting,
    Delivery,
    Details,
    PaymentInstructions,
    PaymentTerms,
    Preceding,
)
from billing_domain.invoicing.documents import CreditNote, DraftCreditNote, DraftInvoice, Invoice, Part, Void
from billing_domain.invoicing.foreign import ForeignAdjustment, ForeignLine
from billing_domain.invoicing.history import BilledLine, History
from billing_domain.invoicing.importing import imported_invoice
from billing_domain.invoicing.line_details import ItemClass, LineDetails
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
    Surcharge,
)
from billing_domain.invoicing.protocols import Documents, Reinstatement
from billing_domain.invoicing.series import Numbered, Series
from billing_domain.invoicing.totals import Row, Taxed, TaxGroup, Totals, tax_document

__all__ = [
    "REFERENCES",
    "Accounting",
    "AllowanceReason",
    "Attachment",
    "BilledLine",
    "ChargeKind",
    "CreditEntry",
    "CreditNote",
    "Delivery",
    "Details",
    "DocumentAllowance",
    "DocumentCharge",
    "Documents",
    "DraftCreditNote",
    "DraftInvoice",
    "EntryKind",
    "EntryRef",
    "ForeignAdjustment",
    "ForeignLine",
    "History",
    "Invoice",
    "ItemClass",
    "Line",
    "LineCharge",
    "LineDetails",
    "LineFacts",
    "LineKey",
    "LineRef",
    "LineWorking",
    "Numbered",
    "Part",
    "PaymentInstructions",
    "PaymentTerms",
    "Piece",
    "Preceding",
    "Reinstatement",
    "Row",
    "Series",
    "Share",
    "Surcharge",
    "TaxGroup",
    "Taxed",
    "Totals",
    "Void",
    "adjust",
    "correct_up_to",
    "credit",
    "describe",
    "imported_invoice",
    "make_entry",
    "note_for",
    "notes_for",
    "tax_document",
]
