"""Documents in the terms of EN 16931: a plain view of any document, its totals, and checks by the official rule ids."""

from billing_domain.en16931.checking import AMOUNT_RULES, PEPPOL_AMOUNT_RULES, RULES, check
from billing_domain.en16931.deriving import derive
from billing_domain.en16931.judged import Violation
from billing_domain.en16931.model import (
    Adjustment,
    DeliveryView,
    Document,
    LineView,
    PartyView,
    PaymentView,
    PrecedingInvoice,
    TaxRow,
)
from billing_domain.en16931.rulesets import CII, EXACT, PEPPOL, UBL, RuleSet
from billing_domain.en16931.terms import document_of, terms
from billing_domain.en16931.viewing import UNITS, OurDocument, view

__all__ = [
    "AMOUNT_RULES",
    "CII",
    "EXACT",
    "PEPPOL",
    "PEPPOL_AMOUNT_RULES",
    "RULES",
    "UBL",
    "UNITS",
    "Adjustment",
    "DeliveryView",
    "Document",
    "LineView",
    "OurDocument",
    "PartyView",
    "PaymentView",
    "PrecedingInvoice",
    "RuleSet",
    "TaxRow",
    "Violation",
    "check",
    "derive",
    "document_of",
    "terms",
    "view",
]
