"""Tax categories, dated rates, the policy protocol and the tax function."""

from typing import TYPE_CHECKING

from billing_domain.rooms import opened_late

if TYPE_CHECKING:
    from billing_domain.tax.function import TaxRounding, tax_on, tax_on_all, tax_on_each
    from billing_domain.tax.model import TaxCategory, TaxClass, TaxRate, TaxTable, TaxTreatment
    from billing_domain.tax.policies import DomesticTax, NoTax
    from billing_domain.tax.protocols import Supply, TaxPolicy
    from billing_domain.tax.union import UnionTax
else:
    __getattr__, __dir__ = opened_late(__name__, {
        "billing_domain.tax.function": "TaxRounding tax_on tax_on_all tax_on_each",
        "billing_domain.tax.model": "TaxCategory TaxClass TaxRate TaxTable TaxTreatment",
        "billing_domain.tax.policies": "DomesticTax NoTax",
        "billing_domain.tax.protocols": "Supply TaxPolicy",
        "billing_domain.tax.union": "UnionTax",
    })  # fmt: skip

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
