"""VAT of a seller in the Union, by who buys what and where."""

from datetime import date

import attrs
import pytest

from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.presets import EU_MEMBERS, LT_EU_VAT, LT_VAT_TABLE
from billing_domain.tax import Supply, TaxCategory, TaxClass, TaxPolicy, TaxRate, TaxTable, TaxTreatment, UnionTax

GERMANY = TaxTable("DE", [(TaxClass.STANDARD, TaxRate(19))])
EMBASSY = TaxTreatment(TaxCategory.EXEMPT, 0, exemption_code="VATEX-EU-151")
INSURANCE = TaxTreatment(TaxCategory.EXEMPT, 0, exemption_code="VATEX-EU-135-1")
POLICY = UnionTax(LT_VAT_TABLE, EU_MEMBERS, [GERMANY], classes={"insurance": INSURANCE}, profiles=[("embassy", EMBASSY)])
HOME = Supply(TaxClass.STANDARD, date(2026, 3, 1), "LT", "LT", seller_vat_id="LT1")


@pytest.mark.parametrize(
    ("changes", "category", "rate", "country"),
    [
        ({}, "S", 21, ""),
        ({"tax": TaxClass.BOOKS}, "S", 5, ""),
        ({"tax": TaxClass("insurance")}, "E", 0, ""),
        ({"tax": TaxClass.OUT_OF_SCOPE}, "O", None, ""),
        ({"buyer_profile": "embassy"}, "E", 0, ""),
        ({"buyer_vat_id": "LT2"}, "S", 21, ""),
        ({"buyer_country": "LV", "buyer_vat_id": "LV2", "goods": True}, "K", 0, ""),
        ({"buyer_country": "LV", "buyer_vat_id": "LV2"}, "AE", 0, ""),
        ({"buyer_country": "GR", "buyer_vat_id": "EL2"}, "AE", 0, ""),
        ({"buyer_country": "LV", "buyer_vat_id": "LT2"}, "S", 21, ""),
        ({"buyer_country": "LV"}, "S", 21, ""),
        ({"buyer_country": "DE"}, "S", 19, "DE"),
        ({"buyer_country": "DE", "tax": TaxClass("insurance")}, "E", 0, ""),
        ({"buyer_country": "NO", "goods": True}, "G", 0, ""),
        ({"buyer_country": "NO"}, "O", None, ""),
    ],
)
def test_treats_each_buyer_by_where_and_what_he_is(changes, category, rate, country):
    """Home rates, one-stop shop, intra-community, reverse charge, export, out of scope and exemptions."""
    found = POLICY.treat(attrs.evolve(HOME, **changes))
    assert (found.category.value, found.rate, found.country) == (category, rate, country)
    assert found.has_reason is found.category.needs_reason


def test_a_table_may_rate_zero():
    """A rate of zero in a table is the category zero."""
    assert UnionTax(TaxTable("LT", [(TaxClass.STANDARD, TaxRate(0))]), ["LT"]).treat(HOME).category is TaxCategory.ZERO


@pytest.mark.parametrize(
    "changes",
    [
        {"buyer_country": "LV", "buyer_vat_id": "LV2", "goods": True},
        {"buyer_country": "LV", "buyer_vat_id": "LV2"},
        {"buyer_country": "NO", "goods": True},
    ],
)
def test_refuses_to_pass_tax_on_without_a_vat_id_of_the_seller(changes):
    """Reverse charge, intra-community supply and export name the seller's VAT id."""
    with pytest.raises(InvalidValueError, match="BR-AE-02"):
        POLICY.treat(attrs.evolve(HOME, seller_vat_id="", **changes))


def test_has_no_rate_that_no_table_has():
    """A class without a rate, and a day before the first, are refused with the class and the day."""
    with pytest.raises(MissingRateError):
        POLICY.treat(attrs.evolve(HOME, buyer_country="DE", tax=TaxClass.BOOKS))
    with pytest.raises(MissingRateError):
        POLICY.treat(attrs.evolve(HOME, tax_point=date(2000, 1, 1)))


def test_refuses_bad_input():
    """Two tables of one country, and a text where a list is meant."""
    with pytest.raises(DuplicateIdError):
        UnionTax(LT_VAT_TABLE, EU_MEMBERS, [GERMANY, GERMANY])
    with pytest.raises(InvalidTypeError):
        UnionTax(LT_VAT_TABLE, "LT")


def test_ships_for_lithuania():
    """The preset fits the protocol and knows twenty-seven member states."""
    assert isinstance(LT_EU_VAT, TaxPolicy)
    assert len(EU_MEMBERS) == 27
    assert (dict(POLICY.classes), dict(POLICY.profiles)) == ({"insurance": INSURANCE}, {"embassy": EMBASSY})
