"""What money refuses: each refusal names the value, the rule and the remedy, word for word."""

from decimal import Decimal

import pytest

from billing_domain import errors
from billing_domain.money import (
    Money,
    allocate,
    allocate_units,
    exponent,
    format_percent,
    frozen_amount,
    money,
    not_negative,
    parse_locale,
    require_whole,
    round_decimal,
    sum_money,
    to_decimal,
)
from billing_domain.money.amounts import amount_of

CENT = Decimal("0.01")
NAN, INFINITE = Decimal("sNaN"), Decimal("Infinity")
PLAIN = 'write it with a point, such as "9.90"'
TEXT = 'write it as text, such as "9.90"'
DIGITS = "has at most 30 digits on either side of the point"
ZERO_LEAVES_OUT = "give zero to leave a part out"
MORE_OR_ZERO = "give zero or more"
MONEY = 'write Money("3.00", "EUR")'

REFUSALS = {
    "a float": (lambda: to_decimal(9.9), "InvalidTypeError", 9.9, "amount is a Decimal, an int or text, never float", TEXT),
    "a bool": (lambda: to_decimal(True, "price"), "InvalidTypeError", True, "price is a Decimal, an int or text, never bool", TEXT),
    "None": (lambda: to_decimal(None), "InvalidTypeError", None, "amount is a Decimal, an int or text, never NoneType", TEXT),
    "infinity": (lambda: to_decimal(INFINITE), "InvalidAmountError", INFINITE, "amount is a finite number", "give a real amount"),
    "text of NaN": (lambda: to_decimal("nan", "price"), "InvalidAmountError", "nan", "price is a finite number", "give a real amount"),
    "no number": (lambda: to_decimal("ten", "price"), "InvalidAmountError", "ten", "price is a plain number", PLAIN),
    "a comma": (lambda: to_decimal("9,90"), "InvalidAmountError", "9,90", "amount is a plain number", PLAIN),
    "an underscore": (lambda: to_decimal("1_000"), "InvalidAmountError", "1_000", "amount is a plain number", PLAIN),
    "a space": (lambda: to_decimal(" 1", "price"), "InvalidAmountError", " 1", "price is a plain number", PLAIN),
    "digits of another script": (
        lambda: to_decimal("\u0661\u0662"),
        "InvalidAmountError",
        "\u0661\u0662",
        "amount is a plain number",
        PLAIN,
    ),
    "too large": (lambda: to_decimal("1E+31"), "InvalidAmountError", "1E+31", f"amount {DIGITS}", "check the unit"),
    "too fine": (lambda: to_decimal("1E-31", "price"), "InvalidAmountError", "1E-31", f"price {DIGITS}", "check the unit"),
    "a negative number": (lambda: not_negative("-1", "quantity"), "InvalidAmountError", "-1", "quantity is not negative", MORE_OR_ZERO),
    "a negative number with its own remedy": (
        lambda: not_negative(-1, "price", "give a discount"),
        "InvalidAmountError",
        -1,
        "price is not negative",
        "give a discount",
    ),
    "a float that may not be negative": (
        lambda: not_negative(1.5, "quantity"),
        "InvalidTypeError",
        1.5,
        "quantity is a Decimal, an int or text, never float",
        TEXT,
    ),
    "no currency": (
        lambda: exponent("XXL"),
        "UnknownCurrencyError",
        "XXL",
        "a currency is a code of ISO 4217 in capitals",
        'give a code such as "EUR"',
    ),
    "a currency in small letters": (
        lambda: money("1", "eur"),
        "UnknownCurrencyError",
        "eur",
        "a currency is a code of ISO 4217 in capitals",
        'give a code such as "EUR"',
    ),
    "text for money": (lambda: frozen_amount("3.00"), "InvalidTypeError", "3.00", "an amount of money is a Money", MONEY),
    "a number for money": (lambda: amount_of(3, "EUR"), "InvalidTypeError", 3, "amount is a Money", MONEY),
    "another currency": (
        lambda: sum_money([Money("1.50", "USD")], "EUR"),
        "CurrencyMismatchError",
        "1.50 USD",
        "amount is in EUR here",
        "convert it first",
    ),
    "money without end": (
        lambda: amount_of(Money(INFINITE, "EUR"), "EUR", "price"),
        "InvalidAmountError",
        INFINITE,
        "price is a finite number",
        "give a real amount",
    ),
    "a negative weight": (
        lambda: allocate_units(1, [1, -1]),
        "InvalidAmountError",
        (1, -1),
        "a weight is not negative",
        ZERO_LEAVES_OUT,
    ),
    "no weight above zero": (
        lambda: allocate_units(7, [0, 0]),
        "InvalidAmountError",
        7,
        "an amount is split over at least one weight above zero",
        "name who takes it",
    ),
    "weights of nobody": (
        lambda: allocate("7", [], Decimal(1)),
        "InvalidAmountError",
        7,
        "an amount is split over at least one weight above zero",
        "name who takes it",
    ),
    "a float for a weight": (
        lambda: allocate("7", [0.5], Decimal(1)),
        "InvalidTypeError",
        0.5,
        "weight is a Decimal, an int or text, never float",
        TEXT,
    ),
    "a capacity too few": (
        lambda: allocate_units(1, [1, 1], [1]),
        "InvalidAmountError",
        (1,),
        "there is one capacity a weight",
        "give as many of one as of the other",
    ),
    "a negative capacity": (
        lambda: allocate_units(1, [1, 1], [5, -1]),
        "InvalidAmountError",
        (5, -1),
        "a capacity is not negative",
        ZERO_LEAVES_OUT,
    ),
    "more than fits": (
        lambda: allocate_units(9, [1, 1, 0], [5, 3, 7]),
        "ExceedsLimitError",
        9,
        "the parts hold 8 together",
        "split no more than that",
    ),
    "parts of a cent": (
        lambda: allocate("0.005", [1], CENT),
        "InvalidAmountError",
        Decimal("0.005"),
        "an amount that is split is in whole steps of 0.01",
        "round it first",
    ),
    "a step of nothing": (
        lambda: round_decimal(Decimal(1), Decimal(0)),
        "InvalidAmountError",
        Decimal(0),
        "a rounding step is above zero",
        "give the smallest amount that can be paid",
    ),
    "more decimals than the currency has": (
        lambda: require_whole(Decimal("0.005"), "EUR", "a fee"),
        "InvalidAmountError",
        Decimal("0.005"),
        "a fee has at most the decimals of EUR",
        "round it first, by a rule that you name",
    ),
    "a float for a percentage": (
        lambda: format_percent(0.5, locale="lt_LT"),
        "InvalidTypeError",
        0.5,
        "percentage is a Decimal, an int or text, never float",
        TEXT,
    ),
    "no locale": (
        lambda: parse_locale("xx_XX_XX"),
        "InvalidValueError",
        "xx_XX_XX",
        "a locale is one that Babel knows",
        'give a name such as "lt_LT"',
    ),
}


@pytest.mark.parametrize(("call", "kind", "value", "rule", "remedy"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_names_the_value_the_rule_and_the_remedy(call, kind, value, rule, remedy):
    """Each refusal is of its own kind and says what was given, which rule it breaks and what to do instead."""
    with pytest.raises(errors.BillingError) as refused:
        call()
    assert (type(refused.value).__name__, refused.value.value, refused.value.rule, refused.value.remedy) == (kind, value, rule, remedy)


def test_a_signalling_nan_is_refused_and_not_raised():
    """A signalling NaN, which raises in any comparison, is refused like every number that is not finite."""
    with pytest.raises(errors.InvalidAmountError, match="amount is a finite number"):
        to_decimal(NAN)
