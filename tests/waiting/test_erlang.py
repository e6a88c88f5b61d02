"""Erlang B and C agree with exact arithmetic, keep their bounds, and have an explicit answer for overload."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_domain.errors import ExceedsLimitError, InvalidAmountError, InvalidTypeError, InvalidValueError, NoSuchResultError
from billing_domain.waiting import Demand, LevelDefinition, Outlook, Overloaded, erlang_b, erlang_c, predict

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOADS = st.fractions(min_value=0, max_value=80, max_denominator=1000)
AGENTS = st.integers(1, 80)


def exact_b(load: Fraction, agents: int) -> Fraction:
    """Erlang B by its definition: the last of the weights load^k / k!, over their sum."""
    weight, total = Fraction(1), Fraction(1)
    for busy in range(1, agents + 1):
        weight = weight * load / busy
        total += weight
    return weight / total


def exact_c(load: Fraction, agents: int) -> Fraction:
    """Erlang C by its definition: the last weight counts agents / (agents - load) times."""
    weight, total = Fraction(1), Fraction(1)
    for busy in range(1, agents):
        weight = weight * load / busy
        total += weight
    last = weight * load / agents * agents / (agents - load)
    return last / (total + last)


def precise_b(load: Decimal, agents: int) -> Decimal:
    """Erlang B with 60 digits: the weights from the last one down, each a ratio of its neighbour."""
    with localcontext(prec=60):
        weight = total = Decimal(1)
        for busy in range(agents, 0, -1):
            weight = weight * busy / load
            total += weight
        return 1 / total


def demand(calls: str | int, handling: int, lasts: timedelta = HOUR) -> Demand:
    return Demand(NINE, calls=calls, handling_time=timedelta(seconds=handling), lasts=lasts)


@given(load=LOADS, agents=AGENTS)
def test_erlang_b_is_exact(load, agents):
    """Erlang B agrees with its definition in fractions to twelve digits."""
    assert math.isclose(erlang_b(float(load), agents), exact_b(Fraction(float(load)), agents), rel_tol=1e-12)


@given(load=LOADS, agents=AGENTS)
def test_erlang_c_is_exact(load, agents):
    """Erlang C agrees with its definition in fractions wherever the queue has an end."""
    load = Fraction(float(load))
    assume(load < agents)
    assert math.isclose(erlang_c(float(load), agents), exact_c(load, agents), rel_tol=1e-11)


@pytest.mark.parametrize(
    ("load", "agents"),
    [("1", 170), ("1000", 1000), ("4000", 4100), ("5000", 4000), ("9500.5", 9600), ("100000", 3000), ("3000", 8000)],
)
def test_erlang_b_is_stable_for_thousands_of_agents(load, agents):
    """Thousands of agents, in overload too, neither overflow nor lose digits."""
    assert math.isclose(erlang_b(float(load), agents), precise_b(Decimal(load), agents), rel_tol=1e-11, abs_tol=1e-300)


@pytest.mark.parametrize(("load", "agents"), [("3999.5", 4000), ("4000", 4100), ("9500.5", 9600), ("1000", 3000)])
def test_erlang_c_is_stable_for_thousands_of_agents(load, agents):
    """Thousands of agents, half an agent from overload or far below it, lose no digits."""
    with localcontext(prec=60):
        blocked = precise_b(Decimal(load), agents)
        waits = agents * blocked / (agents - Decimal(load) * (1 - blocked))
    assert math.isclose(erlang_c(float(load), agents), waits, rel_tol=1e-11, abs_tol=1e-300)


@given(load=LOADS, agents=AGENTS)
def test_erlang_b_falls_with_agents_and_rises_with_load(load, agents):
    """One agent more never blocks more calls, a tenth more load never fewer, and the loss is at least what cannot be done."""
    load = float(load)
    blocked = erlang_b(load, agents)
    assert max(0.0, 1 - agents / load if load else 0.0) - 1e-12 <= blocked <= load / (1 + load) + 1e-12
    assert erlang_b(load, agents + 1) <= blocked <= erlang_b(load * 1.1, agents) + 1e-15


@given(load=LOADS, agents=AGENTS)
def test_erlang_c_lies_between_erlang_b_and_one(load, agents):
    """Who may wait waits at least as often as who may not is lost, and one agent more helps."""
    load = float(load)
    assume(load < agents)
    assert erlang_b(load, agents) <= erlang_c(load, agents) + 1e-15 <= 1 + 2e-15
    assert erlang_c(load, agents + 1) <= erlang_c(load, agents)


@given(load=st.fractions(min_value=0, max_value=1, max_denominator=1000))
def test_one_agent_is_busy_as_often_as_callers_wait(load):
    """With one agent a caller waits with the probability that equals the load."""
    assume(load < 1)
    assert math.isclose(erlang_c(float(load), 1), load, abs_tol=1e-15, rel_tol=1e-12)


@pytest.mark.parametrize("load", [10, 10.5, 1e5])
def test_overload_is_an_answer(load):
    """Where the load is not below the agents Erlang C says so instead of giving a number."""
    answer = erlang_c(load, 10)
    assert answer == Overloaded(load=float(load), agents=10)
    assert isinstance(erlang_c(load, answer.agents_needed), float | Overloaded)
    assert answer.agents_needed == math.floor(load) + 1


@pytest.mark.parametrize(
    ("calls", "handling", "agents", "within", "waits", "wait", "level"),
    [
        (20, 180, 2, 20, 0.333333, 60.000, 0.70172),
        (10, 240, 1, 60, 0.666667, 480.0, 0.386637),
        (200, 180, 14, 20, 0.174132, 7.836, 0.88835),
        (200, 180, 13, 20, 0.28527, 17.116, 0.795595),
        (106, 360, 11, 120, 0.865033, 778.53, 0.242946),
        (90, 300, 10, 0, 0.306611, 36.793, 0.693389),
    ],
)
def test_reference_cases(calls, handling, agents, within, waits, wait, level):
    """The figures agree with those worked out in 50 digits and confirmed by simulation."""
    found = predict(demand(calls, handling), agents=agents).outlook
    assert found.waits == pytest.approx(waits, abs=6e-7)
    assert found.average_wait.total_seconds() == pytest.approx(wait, abs=6e-3)
    assert found.service_level(timedelta(seconds=within)) == pytest.approx(level, abs=6e-6)
    assert found.occupancy == pytest.approx(calls * handling / 3600 / agents)
    assert found.abandoned == 0.0


def test_the_definitions_agree_where_nobody_leaves():
    """Without a patience all three definitions of a service level are the same."""
    found = predict(demand(200, 180), agents=14).outlook
    assert len({found.service_level(timedelta(seconds=20), definition) for definition in LevelDefinition}) == 1


@given(percent=st.integers(1, 99), agents=st.integers(11, 30))
def test_a_quantile_undoes_the_service_level(percent, agents):
    """So many percent are answered within the quantile, or more where even zero suffices."""
    found = predict(demand(200, 180), agents=agents).outlook
    wait = found.wait_quantile(percent)
    reached = found.service_level(wait)
    assert reached == pytest.approx(percent / 100, abs=1e-6) or (wait == timedelta(0) and reached > percent / 100)


@given(wait=st.integers(0, 600), agents=st.integers(11, 30))
def test_service_level_rises_with_time_and_agents(wait, agents):
    """A longer wait allowed or one more agent never lowers the service level."""
    here = predict(demand(200, 180), agents=agents).outlook
    more = predict(demand(200, 180), agents=agents + 1).outlook
    span = timedelta(seconds=wait)
    assert here.service_level(span) <= here.service_level(span * 2) <= 1
    assert here.service_level(span) <= more.service_level(span)
    assert more.average_wait <= here.average_wait


def test_no_calls_no_wait():
    """Where no call is expected nobody waits."""
    found = predict(demand(0, 180), agents=1).outlook
    assert (found.waits, found.average_wait, found.occupancy) == (0.0, timedelta(0), 0.0)
    assert found.service_level(timedelta(0)) == 1.0
    assert found.wait_quantile("99.9") == timedelta(0)


def test_the_load_is_exact_before_it_becomes_a_float():
    """A third of an hour and three tenths of a call lose nothing on the way."""
    assert demand("0.3", 1200, timedelta(minutes=20)).load == 0.3
    assert demand(100, 180, timedelta(minutes=30)).load == 10.0
    assert demand(100, 180).end == NINE + HOUR


def test_an_overloaded_line_has_no_outlook():
    """The result of a prediction is a closed union whose hoped-for member is there or raises with the reason."""
    answer = predict(demand(200, 180), agents=10)
    assert answer == Overloaded(load=10.0, agents=10)
    with pytest.raises(NoSuchResultError, match="at least 11 agents") as caught:
        _ = answer.outlook
    assert caught.value.value is answer
    good = predict(demand(200, 180), agents=11)
    assert isinstance(good, Outlook)
    assert good.outlook is good


def test_a_wait_beyond_all_calendars_is_refused():
    """A load within a hair of the agents would wait longer than a timedelta holds, which is an error and not a number."""
    edge = Demand(NINE, calls="0.99999999999999", handling_time=timedelta(days=100_000), lasts=timedelta(days=100_000))
    with pytest.raises(ExceedsLimitError, match="fits into a timedelta"):
        predict(edge, agents=1)


@pytest.mark.parametrize("agents", [0, -1, True, 2.0, "3", 1_000_001])
def test_agents_are_a_positive_whole_number(agents):
    """No agents, half agents and texts are refused wherever agents are asked for."""
    for ask in (lambda: erlang_b(1, agents), lambda: erlang_c(1, agents), lambda: predict(demand(1, 60), agents=agents)):
        with pytest.raises((InvalidValueError, InvalidTypeError), match="agent"):
            ask()


@pytest.mark.parametrize("load", [-1, math.nan, math.inf, "5", True])
def test_a_load_is_finite_and_not_negative(load):
    """A negative, infinite or textual load is refused."""
    with pytest.raises((InvalidAmountError, InvalidTypeError), match="load"):
        erlang_b(load, 5)
