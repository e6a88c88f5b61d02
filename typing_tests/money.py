"""What type checkers must accept and refuse of `billing_domain.money`; checked, never run."""

from collections.abc import Sequence
from decimal import Decimal
from typing import assert_type

from billing_domain.money import (
    Money,
    Number,
    Rounding,
    add_up,
    allocate,
    amount_of,
    format_money,
    minor_unit,
    money,
    round_amount,
    round_money,
    sum_money,
    to_decimal,
)

# Numbers are Decimals, whole numbers or text.
assert_type(to_decimal("9.90"), Decimal)
assert_type(to_decimal(9), Decimal)
assert_type(to_decimal(Decimal("9.90")), Decimal)
to_decimal(9.9)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
to_decimal(None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# Money goes in and comes out on the edges, Decimals inside.
price = money("9.90", "EUR")
assert_type(price, Money)
assert_type(amount_of(price, "EUR"), Decimal)
assert_type(sum_money([price, price], "EUR"), Money)
assert_type(add_up([Decimal(1), Decimal(2)]), Decimal)
add_up([price])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]

# Rounding is named by an enum, not by text.
assert_type(round_amount("2.345", "EUR", Rounding.HALF_EVEN), Decimal)
assert_type(round_money(price), Money)
round_amount("2.345", "EUR", "ROUND_HALF_EVEN")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Splitting gives as many Decimals as there are weights.
def split(weights: Sequence[Number]) -> list[Decimal]:
    """Return the parts of one euro."""
    return allocate("1.00", weights, minor_unit("EUR"))


# A locale is always said.
assert_type(format_money(price, locale="lt_LT"), str)
format_money(price)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
