"""Money at its edges: the largest numbers, the meanest contexts, steps that are no power of ten, splits that just fit."""

from decimal import Context, Decimal, InvalidOperation, localcontext

import pytest

from billing_domain.money import (
    Money,
    Rounding,
    allocate,
    allocate_units,
    format_money,
    format_number,
    format_price,
    require_whole,
    round_decimal,
    share_of,
    to_decimal,
)

CENT = Decimal("0.01")
MEAN = Context(prec=1, rounding="ROUND_UP", Emin=-1, Emax=1, traps=[InvalidOperation])


@pytest.mark.parametrize("written", ["1E+30", "9" * 31, "1E-30", "-1E+30", "0", "0E+40", "0E-40"])
def test_thirty_digits_are_enough(written):
    """A number of at most thirty digits on a side is taken as written, and nothing is nothing at any size."""
    assert str(to_decimal(written)) == str(Decimal(written))


@pytest.mark.parametrize(
    ("total", "weights", "capacities", "expected"),
    [
        (100, [1, 1, 1], None, [34, 33, 33]),
        (100, [2, 3, 1], None, [33, 50, 17]),
        (-100, [1, 1, 1], [10, 100, 100], [-10, -45, -45]),
        (-8, [1, 1], [3, 5], [-3, -5]),
        (100, [1, 1, 1], [10, 100, 100], [10, 45, 45]),
        (100, [1, 1, 1], [10, 40, 100], [10, 40, 50]),
        (0, [1], [0], [0]),
    ],
)
def test_units_go_where_the_largest_remainder_is(total, weights, capacities, expected):
    """Units left over go to the largest remainders, the earlier at a tie; capacities bind what is negative too."""
    assert allocate_units(total, weights, capacities) == expected


def test_amounts_keep_to_their_capacities():
    """What a part can not take moves on, in amounts as in units; nothing is split over nobody."""
    assert allocate("1.00", [1, 1, 1], CENT, capacities=["0.10", 1, 1]) == [Decimal("0.10"), Decimal("0.45"), Decimal("0.45")]
    assert allocate(0, [], CENT) == []


CASH = {
    Rounding.HALF_UP: ("2.40", "2.50", "-5"),
    Rounding.HALF_EVEN: ("2.40", "2.50", "0"),
    Rounding.HALF_DOWN: ("2.35", "2.25", "0"),
    Rounding.UP: ("2.40", "2.50", "-5"),
    Rounding.DOWN: ("2.35", "2.25", "0"),
}


@pytest.mark.parametrize(("rule", "expected"), CASH.items())
def test_each_rule_holds_for_cash_steps(rule, expected):
    """A tie between two steps of five cents, of a quarter or of five goes where the rule says."""
    ties = [("2.375", "0.05"), ("2.375", "0.25"), ("-2.5", "5")]
    assert [round_decimal(Decimal(value), Decimal(step), rule) for value, step in ties] == [Decimal(each) for each in expected]


def test_no_context_of_the_caller_changes_a_figure():
    """With one digit, tiny exponents and another rounding around it, every figure is what it is without."""
    with localcontext(MEAN):
        figures = [
            share_of(Decimal("300.00"), Decimal("14.52"), Decimal("30.00"), CENT),
            round_decimal(Decimal("1234.565"), CENT),
            round_decimal(Decimal("1234.575"), Decimal("0.05"), Rounding.DOWN),
            require_whole(Decimal("1234.5"), "EUR", "amount"),
            *allocate("10.01", ["12.5", "12.50", "25.000"], CENT),
        ]
    assert [str(figure) for figure in figures] == ["145.20", "1234.57", "1234.55", "1234.50", "2.50", "2.50", "5.01"]


@pytest.mark.parametrize("locale", ["lt_LT", "en_IE", "nl_NL", "de_CH", "ar_EG", "es_PY"])
@pytest.mark.parametrize("value", [Money("1234.50", "EUR"), Money("-1234.50", "EUR"), Money("-1234", "JPY")])
def test_a_price_of_whole_cents_is_shown_like_an_amount(locale, value):
    """A unit price without more decimals reads as the amount does, negative ones too, wherever the locale puts the sign."""
    assert format_price(value, locale=locale) == format_money(value, locale=locale)


def test_numbers_keep_all_their_decimals():
    """A quantity of five decimals is shown with five, though the locale's own pattern has three."""
    assert format_number("0.12345", locale="lt_LT") == "0,12345"
    assert format_price(Money("-0.0125", "EUR"), locale="nl_NL").replace("\xa0", " ") == "€ -0,0125"
