"""What an error says."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import ExceedsLimitError, InvalidTypeError
from billing_domain.ids import checked_id


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_an_amount_is_shown_as_it_is_written(amount):
    """An amount reads as a figure where it breaks a rule, and as a `Decimal` where its kind is wrong."""
    assert str(ExceedsLimitError(amount, "the rule", "the remedy")) == f"{amount}: the rule; the remedy"
    assert str(InvalidTypeError(Decimal(1), "the rule", "the remedy")) == "Decimal('1'): the rule; the remedy"


@given(st.one_of(st.dates(), st.datetimes()))
def test_a_day_is_shown_as_it_is_written(when):
    """A day or an instant reads as in ISO 8601 where it breaks a rule, and as what it is where its kind is wrong."""
    assert str(ExceedsLimitError(when, "the rule", "the remedy")) == f"{when.isoformat()}: the rule; the remedy"
    assert str(InvalidTypeError(date(2026, 6, 1), "the rule", "the remedy")) == "datetime.date(2026, 6, 1): the rule; the remedy"


def test_a_number_is_not_called_an_id():
    """A message speaks of what the argument is called."""
    with pytest.raises(InvalidTypeError, match=r"^5: the number of an invoice is a text; give the number as str$"):
        checked_id(5, "an invoice", name="number")
    with pytest.raises(InvalidTypeError, match=r"^5: the id of an account is a text; give the id as str$"):
        checked_id(5, "an account")
