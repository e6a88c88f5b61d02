"""Tax categories, dated rates, the policy protocol and the tax function."""

from billing_domain.tax.function import TaxRounding, tax_on, tax_on_all, tax_on_each
from billing_domain.tax.model import TaxCategory, TaxClass, TaxRate, TaxTable, TaxTreatment
from billing_domain.tax.policies import DomesticTax, NoTax
from billing_domain.tax.protocols import Supply, TaxPolicy
from billing_domain.tax.union import UnionTax

__all__ = [
    "DomesticTax",
    "NoTax",
    "Supply",
    "TaxCategory",
    "TaxClass",
    "TaxPolicy",
    "TaxRate",
    "TaxRounding",
    "TaxTable",
    "TaxTreatment",
    "UnionTax",
    "tax_on",
    "tax_on_all",
    "tax_on_each",
]
