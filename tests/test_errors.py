"""What an error says."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import ExceedsLimitError, InvalidTypeError


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_an_amount_is_shown_as_it_is_written(amount):
    """An amount reads as a figure where it breaks a rule, and as a `Decimal` where its kind is wrong."""
    assert str(ExceedsLimitError(amount, "the rule", "the remedy")) == f"{amount}: the rule; the remedy"
    assert str(InvalidTypeError(Decimal(1), "the rule", "the remedy")) == "Decimal('1'): the rule; the remedy"
