"""Tax at its edges: lines and groups that round apart, the meanest contexts, and policies that are equal."""

from datetime import date
from decimal import Context, Decimal, InvalidOperation, localcontext

import pytest

from billing_domain.tax import (
    DomesticTax,
    Supply,
    TaxCategory,
    TaxClass,
    TaxRate,
    TaxRounding,
    TaxTable,
    TaxTreatment,
    UnionTax,
    tax_on,
    tax_on_all,
    tax_on_each,
)

CENT = Decimal("0.01")
TABLE = TaxTable("LT", [(TaxClass.STANDARD, TaxRate(21))])


@pytest.mark.parametrize(
    ("price", "inclusive", "of_group", "of_lines"),
    [("0.12", False, "0.10", "0.12"), ("0.02", False, "0.02", "0.00"), ("0.14", True, "0.10", "0.08")],
)
def test_lines_and_groups_round_apart(price, inclusive, of_group, of_lines):
    """Four small prices bear tax once together, or each for itself: a cent or two more or less."""
    prices = [Decimal(price)] * 4
    taxes = [tax_on_all(prices, Decimal(21), CENT, inclusive=inclusive, rounding=rule) for rule in TaxRounding]
    assert taxes == [Decimal(of_group), Decimal(of_lines)]


def test_a_price_is_without_tax_unless_told():
    """Tax is put on a price where nobody says that the price contains it; no rate is a tax of nothing in cents."""
    assert str(tax_on(Decimal("100.00"), Decimal(21), CENT)) == "21.00"
    assert tax_on_each([Decimal("100.00")], Decimal(21), CENT) == [Decimal("21.00")]
    with localcontext(Context(prec=1, Emin=-1, Emax=1, traps=[InvalidOperation])):
        assert str(tax_on(Decimal("100.00"), None, CENT)) == "0.00"
        assert str(tax_on(Decimal("72.50"), Decimal(19), CENT)) == "13.78"


def test_treatments_at_different_rates_are_different_keys():
    """Treatments that differ in rate alone hash apart, so that a table of groups stays quick."""
    assert len({hash(TaxTreatment(TaxCategory.STANDARD, rate)) for rate in range(1, 30)}) == 29


def test_what_is_out_of_scope_says_so_by_code():
    """The domestic policy names the code of the VATEX list for what is no supply at all."""
    found = DomesticTax(TABLE).treat(Supply(TaxClass.OUT_OF_SCOPE, date(2026, 3, 1), "LT", "LT"))
    assert (found.rate, found.exemption_code) == (None, "VATEX-EU-O")


def test_policies_are_equal_in_whatever_order_they_are_written():
    """Treatments by class are a table: its order says nothing."""
    one, other = (TaxTreatment(TaxCategory.EXEMPT, 0, why) for why in ("b", "a"))
    listed = [("insurance", one), ("banking", other)]
    assert UnionTax(TABLE, ["LT"], classes=listed) == UnionTax(TABLE, ["LT"], classes=dict(reversed(listed)))
    assert list(UnionTax(TABLE, ["LT"], profiles=listed).profiles) == ["banking", "insurance"]
