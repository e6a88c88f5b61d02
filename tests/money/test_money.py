"""Money: exact, split without loss, rounded by a named rule, shown in any locale, whatever the caller's context."""

import decimal
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_domain.errors import (
    CurrencyMismatchError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    UnknownCurrencyError,
)
from billing_domain.money import (
    Amount,
    Money,
    Rounded,
    Rounding,
    add_up,
    allocate,
    allocate_units,
    exact,
    exponent,
    format_day,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_price,
    frozen_amount,
    frozen_amount_or_none,
    minor_unit,
    parse_locale,
    plural,
    require_whole,
    round_amount,
    round_decimal,
    round_money,
    share_of,
    sum_money,
    to_decimal,
)
from strategies import START, amounts, decimals, roundings

whole = st.integers(0, 1_000)
CENT = Decimal("0.01")


@given(st.integers(-10_000, 10_000), st.lists(whole, min_size=1, max_size=8))
def test_parts_sum_to_the_whole_and_lie_within_one_unit_of_their_share(total, weights):
    """Every part is its exact share rounded up or down, a weight of zero gets nothing, and signs mirror."""
    assume(sum(weights))
    parts = allocate_units(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or not part
    assert allocate_units(-total, weights) == [-part for part in parts]


@given(st.integers(0, 5_000), st.lists(st.tuples(whole, whole), min_size=1, max_size=8))
def test_capacities_hold(total, parts):
    """No part takes more than it can, and what does not fit moves on; what fits nowhere is refused."""
    weights, capacities = [weight for weight, _ in parts], [capacity for _, capacity in parts]
    room = sum(capacity for weight, capacity in parts if weight)
    if total > room:
        with pytest.raises(ExceedsLimitError):
            allocate_units(total, weights, capacities)
        return
    found = allocate_units(total, weights, capacities)
    assert sum(found) == total
    assert all(0 <= part <= capacity for part, capacity in zip(found, capacities, strict=True))
    if all(capacity >= total for capacity in capacities):
        assert found == allocate_units(total, weights)


@given(amounts(), st.lists(decimals(0, 100), min_size=1, max_size=6))
def test_amounts_are_split_like_units(total, weights):
    """An amount of money is split to the minor unit, by weights with decimals, with capacities too."""
    assume(any(weights))
    assert add_up(allocate(total, weights, CENT)) == total
    assert allocate(total, weights, CENT, capacities=[total] * len(weights)) == allocate(total, weights, CENT)


def test_what_a_split_refuses():
    """Negative weights, no weight, negative or missing capacities and parts of a cent are refused."""
    with pytest.raises(InvalidAmountError, match="weight is not negative"):
        allocate_units(1, [1, -1])
    with pytest.raises(InvalidAmountError, match="at least one weight"):
        allocate_units(1, [0])
    assert allocate_units(0, [0, 0]) == [0, 0]
    with pytest.raises(InvalidAmountError, match="one capacity a weight"):
        allocate_units(1, [1, 1], [1])
    with pytest.raises(InvalidAmountError, match="capacity is not negative"):
        allocate_units(1, [1, 1], [5, -1])
    with pytest.raises(InvalidAmountError, match="whole steps"):
        allocate("0.005", [1], CENT)


@given(amounts(high=9_999), amounts(low=1, high=9_999), st.lists(whole, max_size=6))
def test_cumulative_shares_come_to_the_whole(given_, of, cuts):
    """A share grows with its part, is never above it where the whole is not, and is the whole at the end."""
    parts = [*sorted(of * cut / 1_000 // CENT * CENT for cut in cuts), of]
    shares = [share_of(given_, part, of, CENT) for part in parts]
    assert shares == sorted(shares)
    assert shares[-1] == given_
    if given_ <= of:
        assert all(share <= part for share, part in zip(shares, parts, strict=True))


ROUNDED = {
    Rounding.HALF_UP: ("2.35", "2.36", "-2.35"),
    Rounding.HALF_EVEN: ("2.34", "2.36", "-2.34"),
    Rounding.HALF_DOWN: ("2.34", "2.35", "-2.34"),
    Rounding.UP: ("2.35", "2.36", "-2.35"),
    Rounding.DOWN: ("2.34", "2.35", "-2.34"),
}


@pytest.mark.parametrize(("rule", "expected"), ROUNDED.items())
def test_rounding_does_what_it_says(rule, expected):
    """Each rule rounds 2.345, 2.355 and -2.345 as its description shows."""
    values = [Decimal("2.345"), Decimal("2.355"), Decimal("-2.345")]
    assert tuple(str(round_decimal(value, CENT, rule)) for value in values) == expected
    assert tuple(str(round_money(Money(value, "EUR"), rule).amount) for value in values) == expected


@given(decimals(-500, 500), st.sampled_from(["0.01", "0.05", "0.25", "1", "5", "10", "0.001"]).map(Decimal), roundings)
def test_rounding_is_to_the_nearest_steps_and_symmetric(value, step, rule):
    """A rounded value is a whole number of steps, less than one step away, its own fixed point, and mirrored by the sign."""
    found = round_decimal(value, step, rule)
    assert found % step == 0
    assert abs(found - value) < step
    assert round_decimal(found, step, rule) == found
    assert round_decimal(-value, step, rule) == -found
    assert Rounded(value, found, rule).difference == found - value
    if rule.name.startswith("HALF"):
        assert abs(found - value) * 2 <= step


def test_steps_and_whole_amounts():
    """A step is above zero, and an amount that must be whole is not rounded silently."""
    with pytest.raises(InvalidAmountError, match="step is above zero"):
        round_decimal(Decimal(1), Decimal(0))
    with pytest.raises(InvalidAmountError, match="decimals of EUR"):
        require_whole(Decimal("0.005"), "EUR", "amount")
    assert str(require_whole(Decimal(3), "EUR", "amount")) == "3.00"
    assert [str(round_amount("2.5", code)) for code in ("EUR", "JPY", "BHD")] == ["2.50", "3", "2.500"]
    assert [exponent(code) for code in ("EUR", "JPY", "BHD")] == [2, 0, 3]
    assert str(minor_unit("BHD")) == "0.001"


@given(st.lists(decimals(-500, 500), max_size=6), st.integers(1, 6))
def test_sums_are_exact_in_any_context(values, precision):
    """A sum is exact whatever the caller's precision, rounding and traps, and Money sums refuse other currencies."""
    expected = sum(map(Fraction, values))
    with localcontext(prec=precision, rounding=decimal.ROUND_UP):
        found = add_up(values)
        in_money = sum_money([Money(value, "EUR") for value in values], "EUR")
        with exact() as context:
            assert context.prec == 60
    assert Fraction(found) == expected == Fraction(in_money.amount)
    with pytest.raises(CurrencyMismatchError):
        sum_money([Money(1, "USD")], "EUR")


def test_models_hold_amounts_that_do_not_change():
    """A Money that a user fills in is kept as an amount; a fresh Money comes out each time."""
    held = frozen_amount(Money("3.00", "EUR"))
    assert held == Amount(Decimal("3.00"), "EUR") == frozen_amount(held)
    assert held.money == Money("3.00", "EUR")
    assert held.money is not held.money
    assert frozen_amount_or_none(None) is None
    assert frozen_amount_or_none(Money(1, "EUR")).currency == "EUR"
    with pytest.raises(InvalidTypeError):
        frozen_amount("3.00")
    with pytest.raises(InvalidAmountError):
        frozen_amount(Amount(Decimal("NaN"), "EUR"))
    with pytest.raises(UnknownCurrencyError):
        frozen_amount(Amount(Decimal(1), "XXL"))
    assert to_decimal(5) == 5


@pytest.mark.parametrize(
    "context", [decimal.Context(prec=2), decimal.Context(prec=1, rounding=decimal.ROUND_DOWN, traps=[decimal.Inexact])]
)
def test_amounts_are_shown_as_the_locale_writes_them(context):
    """What people read does not depend on the caller's context, keeps the decimals of prices and percentages, and rounds half up."""
    with localcontext(context):
        assert format_money(Money("1234.565", "EUR"), locale="en_IE") == "€1,234.57"
        assert format_money(Money("1234.5", "EUR"), locale="lt_LT").replace("\xa0", " ") == "1 234,50 €"
        assert format_money(Money("1234.5", "JPY"), locale="en_US") == "¥1,235"
        assert format_price(Money("0.0125", "EUR"), locale="en_IE") == "€0.0125"
        assert format_price(Money("9.9", "EUR"), locale="en_IE") == "€9.90"
        assert format_price(Money("9", "JPY"), locale="en_US") == "¥9"
        assert format_number("4.20", locale="lt_LT") == "4,2"
        assert format_percent("5.5", locale="en_IE") == "5.5%"
        assert format_percent("21", locale="lt_LT").replace("\xa0", " ") == "21 %"
    assert format_day(START, locale="lt_LT") == "2026-01-01"
    assert format_days(START, START.replace(day=19), locale="en_GB") == "1–19 Jan 2026"
    assert [
        plural(number, {"one": "diena", "few": "dienos", "other": "dienų"}, locale="lt_LT") for number in (1, 2, 10, Decimal("1.5"))
    ] == [
        "diena",
        "dienos",
        "dienų",
        "dienų",
    ]
    for name in ("xx_XX_XX", "", 5):
        with pytest.raises(InvalidValueError):
            parse_locale(name)
