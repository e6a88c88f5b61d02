"""Tax policies that ship: one country's table, and no tax at all."""

import attrs

from billing_domain.doors import guarded
from billing_domain.tax.model import TaxCategory, TaxClass, TaxTable, TaxTreatment
from billing_domain.tax.protocols import Supply


@guarded
@attrs.frozen
class DomesticTax:
    """Everything is taxed at the rate of one country's table on the tax point.

    Args:
        table: The dated rates.
        code: The name under which documents remember it.

    Example:
        >>> from datetime import date
        >>> from billing_domain.tax import TaxRate
        >>> policy = DomesticTax(TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21"))]), code="lt-vat")
        >>> policy.treat(Supply(TaxClass.STANDARD, date(2026, 3, 1), "LT", "LT")).rate
        Decimal('21')
    """

    table: TaxTable
    code: str = "domestic"

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return the standard category at the table's rate; zero where the table says 0, out of scope for that class."""
        if supply.tax == TaxClass.OUT_OF_SCOPE:
            return TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_code="VATEX-EU-O")
        rate = self.table.rate(supply.tax, on=supply.tax_point)
        return TaxTreatment(TaxCategory.STANDARD if rate else TaxCategory.ZERO, rate)


@guarded
@attrs.frozen
class NoTax:
    """Nothing is taxed: every supply is outside the scope of the tax.

    Args:
        reason: Why, as a document states it.

    Example:
        >>> from datetime import date
        >>> NoTax("small enterprise").treat(Supply(TaxClass.STANDARD, date(2026, 3, 1), "LT", "LT")).category.value
        'O'
    """

    reason: str = "not subject to VAT"
    code = "no-tax"

    def treat(self, supply: Supply) -> TaxTreatment:  # noqa: ARG002  the protocol's signature
        """Return "out of scope" with the reason."""
        return TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_reason=self.reason)
