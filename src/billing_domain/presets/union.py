"""The countries whose VAT is that of the European Union.

Source: Directive 2006/112/EC, article 5, and the list of member states; since 2021-01-01 without the United Kingdom.
Northern Ireland (XI) counts for goods alone and is left to the host. Checked on 2026-11-23.
"""

from billing_domain.presets.lithuania import LT_VAT_TABLE
from billing_domain.tax import UnionTax

EU_MEMBERS = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
])  # fmt: skip
"""The twenty-seven member states, as ISO 3166 codes."""

LT_EU_VAT = UnionTax(LT_VAT_TABLE, EU_MEMBERS, code="lt-eu-vat")
"""A Lithuanian seller: home rates for consumers, intra-community and reverse charge for businesses in the Union, export beyond."""
