"""Exact amounts: rounding, splitting and showing money; all arithmetic of the library goes through here."""

from moneyed import Money

from billing_domain.money.allocation import allocate, allocate_units, share_of
from billing_domain.money.amounts import (
    Amount,
    Number,
    add_up,
    amount_of,
    exact,
    exponent,
    frozen_amount,
    frozen_amount_or_none,
    minor_unit,
    money,
    not_negative,
    sum_money,
    to_decimal,
)
from billing_domain.money.formatting import (
    format_day,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_price,
    parse_locale,
    plural,
)
from billing_domain.money.rounding import (
    Rounded,
    Rounding,
    require_whole,
    round_amount,
    round_decimal,
    round_money,
)

__all__ = [
    "Amount",
    "Money",
    "Number",
    "Rounded",
    "Rounding",
    "add_up",
    "allocate",
    "allocate_units",
    "amount_of",
    "exact",
    "exponent",
    "format_day",
    "format_days",
    "format_money",
    "format_number",
    "format_percent",
    "format_price",
    "frozen_amount",
    "frozen_amount_or_none",
    "minor_unit",
    "money",
    "not_negative",
    "parse_locale",
    "plural",
    "require_whole",
    "round_amount",
    "round_decimal",
    "round_money",
    "share_of",
    "sum_money",
    "to_decimal",
]
