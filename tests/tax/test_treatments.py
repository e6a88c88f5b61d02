"""Categories and their structural rules, dated tables, and the two policies of one country."""

from datetime import date
from decimal import Decimal

import pytest

from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.presets import LT_VAT, LT_VAT_TABLE
from billing_domain.tax import DomesticTax, NoTax, Supply, TaxCategory, TaxClass, TaxRate, TaxTable, TaxTreatment

RATES = {"S": 21, "Z": 0, "E": 0, "AE": 0, "K": 0, "G": 0, "O": None, "L": 7, "M": 4, "B": 22}
REASON = {"exemption_reason": "why"}


@pytest.mark.parametrize("category", TaxCategory)
def test_each_category_has_its_rate_and_its_reason(category):
    """The rate that fits is taken, a reason is wanted exactly where the rules want one."""
    rate = RATES[category.value]
    assert TaxTreatment(category, rate, **(REASON if category.needs_reason else {})).rate == rate
    if category.needs_reason:
        with pytest.raises(InvalidValueError, match="exemption reason"):
            TaxTreatment(category, rate)
    elif category is not TaxCategory.SPLIT_PAYMENT:
        with pytest.raises(InvalidValueError, match="no exemption reason"):
            TaxTreatment(category, rate, **REASON)


@pytest.mark.parametrize("category", [found for found in TaxCategory if not found.may_have_rate and found is not TaxCategory.OUT_OF_SCOPE])
def test_untaxed_categories_have_the_rate_zero(category):
    """Zero rated, exempt, reverse charge, intra-community and export bear no rate above zero."""
    with pytest.raises(InvalidAmountError):
        TaxTreatment(category, 21, **(REASON if category.needs_reason else {}))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("S", 21), InvalidTypeError),
        ((TaxCategory.STANDARD, 0), InvalidAmountError),
        ((TaxCategory.STANDARD, None), InvalidAmountError),
        ((TaxCategory.STANDARD, -1), InvalidAmountError),
        ((TaxCategory.STANDARD, 0.21), InvalidTypeError),
        ((TaxCategory.OUT_OF_SCOPE, 0, "why"), InvalidAmountError),
    ],
)
def test_refuses_rates_that_do_not_fit(arguments, error):
    """A standard rate is above zero, what is out of scope has none, and a float is no rate."""
    with pytest.raises(error):
        TaxTreatment(*arguments)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (TaxClass.STANDARD, 21, 21),
        (TaxClass.MEDICINES, 5, 5),
        (TaxClass.BOOKS, 9, 5),
        (TaxClass.ACCOMMODATION, 9, 12),
        (TaxClass.PASSENGER_TRANSPORT, 9, 12),
        (TaxClass.CULTURE, 9, 12),
        (TaxClass.HEATING, 9, 21),
    ],
)
def test_lithuanian_rates_change_on_the_first_of_january_2026(kind, before, after):
    """Rates are looked up by tax point: the last day of 2025 has the old one, the next day the new."""
    assert (LT_VAT_TABLE.rate(kind, on=date(2025, 12, 31)), LT_VAT_TABLE.rate(kind, on=date(2026, 1, 1), country="LT")) == (before, after)


def test_a_table_refuses_what_it_does_not_know():
    """Another country, another class, a day before the first rate."""
    for call in (
        lambda: LT_VAT_TABLE.rate(TaxClass.STANDARD, on=date(2026, 1, 1), country="LV"),
        lambda: LT_VAT_TABLE.rate(TaxClass("yachts"), on=date(2026, 1, 1)),
        lambda: LT_VAT_TABLE.rate(TaxClass.STANDARD, on=date(1999, 1, 1)),
    ):
        with pytest.raises(MissingRateError):
            call()


def test_rates_of_one_class_do_not_overlap_and_do_not_go_backwards():
    """One class has one rate on a day."""
    with pytest.raises(InvalidPeriodError):
        TaxTable("LT", [(TaxClass.BOOKS, TaxRate(9)), (TaxClass.BOOKS, TaxRate(5, date(2026, 1, 1)))])
    with pytest.raises(InvalidPeriodError):
        TaxRate(5, date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(InvalidTypeError):
        TaxClass("")


def test_policies_of_one_country():
    """The table's rate, zero where it says so, out of scope for that class, and nothing taxed at all."""
    sale = Supply(TaxClass.STANDARD, date(2026, 3, 1), "LT", "LV")
    assert LT_VAT.treat(sale) == TaxTreatment(TaxCategory.STANDARD, 21)
    assert LT_VAT.treat(Supply(TaxClass.OUT_OF_SCOPE, date(2026, 3, 1), "LT", "LT")).category is TaxCategory.OUT_OF_SCOPE
    assert DomesticTax(TaxTable("LT", [(TaxClass.STANDARD, TaxRate(0))])).treat(sale).category is TaxCategory.ZERO
    assert NoTax("small enterprise").treat(sale).exemption_reason == "small enterprise"
    assert TaxTreatment(TaxCategory.STANDARD, Decimal("21.0")) == TaxTreatment(TaxCategory.STANDARD, 21)
