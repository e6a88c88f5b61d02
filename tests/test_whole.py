"""What is a whole number, and what is none."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.whole import checked_whole

others = st.one_of(st.booleans(), st.floats(), st.text(), st.none(), st.integers().map(Decimal), st.integers().map(Fraction))


@given(others)
def test_nothing_but_an_integer_is_a_whole_number(value):
    """Truth values, floats, texts, Decimals and ratios are refused, whatever they are worth."""
    with pytest.raises(InvalidTypeError, match="it counts; give a count"):
        checked_whole(value, "it counts", "give a count")


@given(st.integers(), st.none() | st.integers())
def test_a_whole_number_is_itself_or_below_the_least(value, least):
    """What is not below the least comes back, and the rest is a value that breaks the rule and no wrong kind."""
    if least is None or value >= least:
        assert checked_whole(value, "it counts", "give a count", least=least) == value
    else:
        with pytest.raises(InvalidValueError, match=f"{value}: it counts; give a count"):
            checked_whole(value, "it counts", "give a count", least=least)
