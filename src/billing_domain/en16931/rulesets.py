"""Which rules judge a document, and how closely: the official sets with their official tolerances, and our own."""

from decimal import Decimal

import attrs

from billing_domain.money.amounts import ONE, ZERO

CENT = Decimal("0.01")


@attrs.frozen
class RuleSet:
    """Which rules judge, and the differences that they let pass.

    Args:
        code: A short name.
        decimals: How many decimals amounts have; None for those of the document's currency.
        tax: The largest difference of a group's tax from taxable amount times rate (BR-CO-17, BR-S-09).
        tax_reaches: Whether that difference itself still passes.
        taxable: A group's taxable amount may differ from its lines by less than this (BR-S-08); 0 lets nothing pass.
        line: The largest difference of a line from quantity times price, and of an allowance from its percentage.
        peppol: Whether the rules of Peppol BIS Billing 3 judge too.
        signed: Whether tax must have the sign of its taxable amount; the official files compare without signs.
        needs_tax_total: Whether the total tax must be stated, even if it is zero.
        network: Whether the rules judge too by which a document travels over the Peppol network: process, addresses, reference.

    Example:
        >>> RuleSet("mine", tax=Decimal("0.02")).decimals
        2
    """

    code: str
    decimals: int | None = 2
    tax: Decimal = ONE
    tax_reaches: bool = False
    taxable: Decimal = ONE
    line: Decimal = 2 * CENT
    peppol: bool = True
    signed: bool = False
    needs_tax_total: bool = True
    network: bool = False


UBL = RuleSet("en16931-ubl", peppol=False)
"""The rule files of EN 16931 for UBL: tax within less than 1, taxable amounts within less than 1."""

CII = RuleSet("en16931-cii", tax_reaches=True, taxable=ZERO, peppol=False, needs_tax_total=False)
"""The rule files of EN 16931 for CII: tax within 1, taxable amounts exactly."""

PEPPOL = RuleSet("peppol-bis-3")
"""EN 16931 for UBL with the rules of Peppol BIS Billing 3: lines within 0.02."""

PEPPOL_NETWORK = RuleSet("peppol-bis-3-network", network=True)
"""The same with what the network asks of a document that travels over it: process, electronic addresses, a reference of the buyer."""

EXACT = RuleSet("exact", decimals=None, tax=ZERO, tax_reaches=True, taxable=ZERO, line=ZERO, signed=True)
"""The same formulas with no tolerance at all, in the currency's own decimals."""
