"""Estimates of a wait agree with the gamma distribution and grow with those ahead."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.waiting import Pace

MINUTE = timedelta(minutes=1)


@given(percent=st.integers(1, 99))
def test_the_next_in_line_waits_exponentially(percent):
    """With nobody ahead the wait is exponential, whose quantiles are logarithms."""
    wait = Pace(agents=1, handling_time=MINUTE).wait(0, percent)
    assert wait / MINUTE == pytest.approx(-math.log(1 - percent / 100), abs=1e-6)


@given(ahead=st.integers(0, 60), percent=st.integers(1, 98), agents=st.integers(1, 20))
def test_a_wait_grows_with_those_ahead_and_with_certainty(ahead, percent, agents):
    """One more ahead, or more certainty, lengthens the estimate; more agents shorten it."""
    pace = Pace(agents=agents, handling_time=MINUTE)
    wait = pace.wait(ahead, percent)
    assert wait < pace.wait(ahead + 1, percent)
    assert wait <= pace.wait(ahead, percent + 1)
    assert Pace(agents=agents + 1, handling_time=MINUTE).wait(ahead, percent) < wait


@given(ahead=st.integers(0, 200))
def test_a_window_lies_around_the_mean(ahead):
    """The promised window begins before the mean wait and ends after it, and it is close to the mean for a long line."""
    pace = Pace(agents=1, handling_time=MINUTE)
    earliest, latest = pace.window(ahead)
    assert earliest < pace.mean_wait(ahead) < latest
    assert pace.mean_wait(ahead) - earliest < MINUTE * 0.35


def test_known_quantiles():
    """Half of all waits with ten steps are below 9.6687 and nine tenths below 14.2060, as in tables of the chi-squared distribution."""
    pace = Pace(agents=1, handling_time=MINUTE)
    earliest, latest = pace.window(9)
    assert earliest / MINUTE == pytest.approx(19.337429 / 2, abs=1e-6)
    assert latest / MINUTE == pytest.approx(28.411981 / 2, abs=1e-6)


def test_a_rare_wait_is_found_beyond_the_first_guess():
    """A quantile far above the mean is found as well."""
    assert Pace(agents=1, handling_time=MINUTE).wait(0, "99.99") / MINUTE == pytest.approx(math.log(10_000), abs=1e-6)


@pytest.mark.parametrize("agents", [0, True, 2.5, "3"])
def test_agents_of_a_pace_are_a_positive_whole_number(agents):
    """No agents, half agents and texts are refused."""
    with pytest.raises((InvalidValueError, InvalidTypeError), match="agent"):
        Pace(agents=agents, handling_time=MINUTE)
