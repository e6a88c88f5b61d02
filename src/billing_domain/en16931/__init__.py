"""Documents in the terms of EN 16931: a plain view of any document, its totals, and checks by the official rule ids."""

from billing_domain.en16931.checking import AMOUNT_RULES, NETWORK_RULES, PEPPOL_AMOUNT_RULES, RULES, check
from billing_domain.en16931.deriving import derive
from billing_domain.en16931.judged import Violation
from billing_domain.en16931.model import PEPPOL_PROCESS, PEPPOL_SPECIFICATION, Adjustment, Document, LineView, TaxRow
from billing_domain.en16931.parts import (
    Classification,
    DeliveryView,
    ItemAttribute,
    PartyView,
    PaymentView,
    PrecedingInvoice,
    SupportingDocument,
)
from billing_domain.en16931.rulesets import CII, EXACT, PEPPOL, PEPPOL_NETWORK, UBL, RuleSet
from billing_domain.en16931.terms import document_of, terms
from billing_domain.en16931.viewing import UNITS, OurDocument, view

__all__ = [
    "AMOUNT_RULES",
    "CII",
    "EXACT",
    "NETWORK_RULES",
    "PEPPOL",
    "PEPPOL_AMOUNT_RULES",
    "PEPPOL_NETWORK",
    "PEPPOL_PROCESS",
    "PEPPOL_SPECIFICATION",
    "RULES",
    "UBL",
    "UNITS",
    "Adjustment",
    "Classification",
    "DeliveryView",
    "Document",
    "ItemAttribute",
    "LineView",
    "OurDocument",
    "PartyView",
    "PaymentView",
    "PrecedingInvoice",
    "RuleSet",
    "SupportingDocument",
    "TaxRow",
    "Violation",
    "check",
    "derive",
    "document_of",
    "terms",
    "view",
]
