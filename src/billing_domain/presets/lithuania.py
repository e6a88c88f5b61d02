"""Lithuanian VAT (PVM) rates by tax point.

Source: Law on VAT, Article 19, as amended by Law XV-287: the 9 % rate ended on 2025-12-31; from 2026-01-01 accommodation,
passenger transport and culture bear 12 %, books 5 %, heating the standard 21 %. Checked on 2026-11-23 against four published summaries.
"""

from datetime import date

from billing_domain.tax import DomesticTax, TaxClass, TaxRate, TaxTable

_NEW = date(2026, 1, 1)
_STANDARD_SINCE = date(2009, 9, 1)


def _changed(kind: TaxClass, before: str, after: str) -> list[tuple[TaxClass, TaxRate]]:
    return [(kind, TaxRate(before, _STANDARD_SINCE, _NEW)), (kind, TaxRate(after, _NEW))]


LT_VAT_TABLE = TaxTable(
    "LT",
    [
        (TaxClass.STANDARD, TaxRate("21", _STANDARD_SINCE)),
        (TaxClass.MEDICINES, TaxRate("5", _STANDARD_SINCE)),
        *_changed(TaxClass.BOOKS, "9", "5"),
        *_changed(TaxClass.ACCOMMODATION, "9", "12"),
        *_changed(TaxClass.PASSENGER_TRANSPORT, "9", "12"),
        *_changed(TaxClass.CULTURE, "9", "12"),
        *_changed(TaxClass.HEATING, "9", "21"),
    ],
    source="Law on VAT of the Republic of Lithuania, Article 19; Law XV-287",
)
"""The rates by class and tax point."""

LT_VAT = DomesticTax(LT_VAT_TABLE, code="lt-vat")
"""Everything is taxed in Lithuania at the rate of the tax point."""
