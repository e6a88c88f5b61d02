"""What tax refuses: each refusal names the value, the rule and the remedy, word for word."""

from datetime import date
from decimal import Decimal

import pytest

from billing_domain import errors
from billing_domain.tax import Supply, TaxCategory, TaxClass, TaxRate, TaxTable, TaxTreatment, UnionTax

DAY = date(2026, 1, 1)
TABLE = TaxTable("LT", [(TaxClass.STANDARD, TaxRate(21, DAY))])
SALE = Supply(TaxClass.STANDARD, DAY, "LT", "LV", buyer_vat_id="LV1")
A_DAY = "give a datetime.date; local_day(instant, zone) makes one of an instant"
NOT_NEGATIVE = "give zero or more"

REFUSALS = {
    "a class without a code": (lambda: TaxClass(""), "InvalidTypeError", "", "a tax class has a code", "give a short text"),
    "text for a category": (
        lambda: TaxTreatment("S", 21),
        "InvalidTypeError",
        "S",
        "a tax category is a TaxCategory",
        "give TaxCategory.STANDARD or another member",
    ),
    "a rate out of scope": (
        lambda: TaxTreatment(TaxCategory.OUT_OF_SCOPE, 0, "why"),
        "InvalidAmountError",
        Decimal(0),
        "what is out of scope has no rate (BR-O-05)",
        "leave the rate out",
    ),
    "no rate": (
        lambda: TaxTreatment(TaxCategory.ZERO),
        "InvalidAmountError",
        "Z",
        "a tax category other than O has a rate",
        "give it in percent, 0 where none is due",
    ),
    "a standard rate of zero": (
        lambda: TaxTreatment(TaxCategory.STANDARD, 0),
        "InvalidAmountError",
        Decimal(0),
        "a standard rate is above zero (BR-S-05)",
        "use TaxCategory.ZERO",
    ),
    "a rate where none is due": (
        lambda: TaxTreatment(TaxCategory.EXEMPT, 21, "why"),
        "InvalidAmountError",
        Decimal(21),
        "category E has the rate 0",
        "give 0, or another category",
    ),
    "no reason": (
        lambda: TaxTreatment(TaxCategory.EXPORT, 0),
        "InvalidValueError",
        "G",
        "category G states an exemption reason (BR-G-10)",
        "give exemption_reason or exemption_code",
    ),
    "a reason too much": (
        lambda: TaxTreatment(TaxCategory.STANDARD, 21, "why"),
        "InvalidValueError",
        "why",
        "category S has no exemption reason",
        "leave it out",
    ),
    "a negative rate of a treatment": (
        lambda: TaxTreatment(TaxCategory.STANDARD, -1),
        "InvalidAmountError",
        -1,
        "a tax rate is not negative",
        NOT_NEGATIVE,
    ),
    "a negative rate of a table": (lambda: TaxRate(-1), "InvalidAmountError", -1, "a tax rate is not negative", NOT_NEGATIVE),
    "a rate that ends as it starts": (
        lambda: TaxRate(21, DAY, DAY),
        "InvalidPeriodError",
        "2026-01-01 to 2026-01-01",
        "a tax rate ends after it starts",
        "swap them",
    ),
    "text for the start of a rate": (
        lambda: TaxRate(21, "2026-01-01"),
        "InvalidTypeError",
        "2026-01-01",
        "the start of a tax rate is a day",
        A_DAY,
    ),
    "text for the end of a rate": (
        lambda: TaxRate(21, DAY, "2027-01-01"),
        "InvalidTypeError",
        "2027-01-01",
        "the end of a tax rate is a day",
        A_DAY,
    ),
    "two rates on a day": (
        lambda: TaxTable("LT", [(TaxClass.BOOKS, TaxRate(9, DAY)), (TaxClass.BOOKS, TaxRate(5, date(2020, 1, 1)))]),
        "InvalidPeriodError",
        "books from 2020-01-01",
        "one class has one rate on a day",
        "end the older rate first",
    ),
    "a rate without its class": (
        lambda: TaxTable("LT", [(TaxClass.BOOKS, TaxRate(9)), "21"]),
        "InvalidTypeError",
        "21",
        "a table pairs classes with rates",
        'give [(TaxClass.STANDARD, TaxRate("21"))]',
    ),
    "a table of another country": (
        lambda: TABLE.rate(TaxClass.STANDARD, on=DAY, country="LV"),
        "MissingRateError",
        "LV",
        "the table holds the rates of LT",
        "look it up in the table of that country",
    ),
    "a day before the first rate": (
        lambda: TABLE.rate(TaxClass.STANDARD, on=date(2025, 12, 31)),
        "MissingRateError",
        "standard on 2025-12-31",
        "the table of LT has a rate for what is sold",
        "add the rate, or another tax class",
    ),
    "text for countries": (
        lambda: UnionTax(TABLE, "LT"),
        "InvalidTypeError",
        "LT",
        "the countries of a union are a list of codes",
        "write ['LT']",
    ),
    "two tables of a country": (
        lambda: UnionTax(TABLE, ["LT"], [TaxTable("DE", []), TABLE]),
        "DuplicateIdError",
        "DE, LT, LT",
        "a country has one table",
        "merge the two",
    ),
    "no VAT id of the seller": (
        lambda: UnionTax(TABLE, ["LT", "LV"]).treat(SALE),
        "InvalidValueError",
        "AE",
        "a sale in category AE names the seller's VAT id (BR-AE-02, BR-IC-02, BR-G-02)",
        "give the seller a vat_id",
    ),
}


@pytest.mark.parametrize(("call", "kind", "value", "rule", "remedy"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_names_the_value_the_rule_and_the_remedy(call, kind, value, rule, remedy):
    """Each refusal is of its own kind and says what was given, which rule it breaks and what to do instead."""
    with pytest.raises(errors.BillingError) as refused:
        call()
    assert (type(refused.value).__name__, refused.value.value, refused.value.rule, refused.value.remedy) == (kind, value, rule, remedy)
