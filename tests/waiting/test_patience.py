"""Erlang A agrees with a chain solved in 40 digits and a wait worked out step by step, and meets Erlang C and B at its ends."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_domain.errors import ExceedsLimitError
from billing_domain.waiting import Demand, LevelDefinition, erlang_b, predict
from billing_domain.waiting.patience import chain, in_time, still_waiting, tail

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOADS = st.floats(0.1, 40)
AGENTS = st.integers(1, 40)
LEAVING = st.floats(0.05, 20)


def demand(calls: int, handling: int, patience: float) -> Demand:
    spans = {"handling_time": timedelta(seconds=handling), "patience": timedelta(seconds=patience)}
    return Demand(NINE, calls=calls, lasts=timedelta(hours=1), **spans)


def solved(load: float, agents: int, leaving: float) -> list[Decimal]:
    """The chain by its definition, state by state from the empty one up, with 40 digits."""
    with localcontext(prec=40, Emax=10**9, Emin=-(10**9)):
        weights, state = [Decimal(1)], 0
        while state <= agents or weights[-1] > weights[agents] * Decimal("1e-30"):
            state += 1
            rate = min(state, agents) + max(0, state - agents) * Decimal(leaving)
            weights.append(weights[-1] * Decimal(load) / rate)
        total = sum(weights)
        return [weight / total for weight in weights]


def stepped(agents: int, leaving: float, ahead: int, time: float) -> tuple[float, float, float]:
    """Answered, given up, and still waiting if never giving up, for one caller: the queue ahead as a chain of Poisson many steps."""
    top = agents + (ahead + 1) * leaving
    here = [0.0] * ahead + [1.0]
    patient = list(here)
    answered = lost = waiting = gone_answered = gone_lost = 0.0
    for step in range(int(top * time + 12 * math.sqrt(top * time) + 60)):
        odds = math.exp(step * math.log(top * time) - top * time - math.lgamma(step + 1))
        answered, lost, waiting = answered + odds * gone_answered, lost + odds * gone_lost, waiting + odds * sum(patient)
        gone_answered += here[0] * agents / top
        gone_lost += sum(here) * leaving / top
        here = _step(here, agents, leaving, top, leaving)
        patient = _step(patient, agents, leaving, top, 0)
    return answered, lost, waiting


def _step(here: list[float], agents: int, leaving: float, top: float, own: float) -> list[float]:
    stay = [share * (1 - (agents + place * leaving + own) / top) for place, share in enumerate(here)]
    moved = [share * (agents + place * leaving) / top for place, share in enumerate(here)]
    return [kept + come for kept, come in zip(stay, [*moved[1:], 0.0], strict=True)]


@given(load=LOADS, agents=AGENTS, leaving=LEAVING)
def test_the_chain_is_exact(load, agents, leaving):
    """Waits, queue and loss agree with the chain solved state by state in 40 digits, in overload too."""
    states = solved(load, agents, leaving)
    found = chain(load, agents, leaving)
    queue = float(sum(share * place for place, share in enumerate(states[agents:])))
    assert math.isclose(found.waits, sum(states[agents:]), rel_tol=1e-11)
    assert math.isclose(found.queue, queue, rel_tol=1e-11, abs_tol=1e-25)
    assert math.isclose(found.abandoned, leaving * queue / load, rel_tol=1e-11, abs_tol=1e-25)


@given(load=LOADS, agents=AGENTS, leaving=LEAVING)
def test_what_comes_in_goes_out(load, agents, leaving):
    """Calls answered and calls lost add up to calls offered: busy agents equal the load that stays."""
    states = solved(load, agents, leaving)
    busy = float(sum(min(state, agents) * share for state, share in enumerate(states)))
    assert math.isclose(busy, load * (1 - chain(load, agents, leaving).abandoned), rel_tol=1e-9)


@settings(max_examples=15)
@given(agents=st.integers(1, 12), leaving=st.floats(0.1, 5), ahead=st.integers(0, 15), time=st.floats(0.01, 2))
def test_a_wait_is_that_of_the_steps(agents, leaving, ahead, time):
    """Still waiting, answered in time and lost in time agree with the queue ahead played step by step."""
    answered, lost, waiting = stepped(agents, leaving, ahead, time)
    patient = still_waiting(agents, leaving, time, ahead)[ahead]
    tilted = still_waiting(agents + leaving, leaving, time, ahead)[ahead]
    served = agents / (agents + (ahead + 1) * leaving) * (1 - tilted)
    assert patient == pytest.approx(waiting, abs=1e-10)
    assert served == pytest.approx(answered, abs=1e-10)
    assert 1 - math.exp(-leaving * time) * patient - served == pytest.approx(lost, abs=1e-10)


@given(load=LOADS, agents=AGENTS, leaving=LEAVING, time=st.floats(0, 5))
def test_shares_in_time_keep_their_bounds(load, agents, leaving, time):
    """Answered and lost in time lie between none and all, grow with time, and end at what is answered and lost at all."""
    line = chain(load, agents, leaving)
    soon, late, end = in_time(line, time), in_time(line, time * 2), in_time(line, 1e4)
    assert -1e-9 <= soon.answered <= late.answered + 1e-9 <= 1 + 2e-9
    assert -1e-9 <= soon.abandoned <= late.abandoned + 1e-9
    assert end.answered == pytest.approx(1 - line.abandoned, abs=1e-9)
    assert end.abandoned == pytest.approx(line.abandoned, abs=1e-9)
    assert tail(line, time * 2) <= tail(line, time) + 1e-9 <= line.waits + 2e-9


@pytest.mark.parametrize(
    ("agents", "waits", "abandoned", "wait"),
    [(12, 0.279807, 0.061597, 7.392), (8, 0.722626, 0.257982, 30.958)],
)
def test_reference_cases(agents, waits, abandoned, wait):
    """Two hundred calls an hour of three minutes with two minutes of patience give the figures worked out in 50 digits."""
    found = predict(demand(200, 180, 120), agents=agents).outlook
    assert found.waits == pytest.approx(waits, abs=6e-7)
    assert found.abandoned == pytest.approx(abandoned, abs=6e-7)
    assert found.average_wait.total_seconds() == pytest.approx(wait, abs=6e-4)
    assert found.occupancy == pytest.approx(10 * (1 - abandoned) / agents, abs=1e-6)


def test_endless_patience_is_erlang_c():
    """With a patience of months the figures are those of callers who never hang up."""
    patient = predict(demand(200, 180, 1e7), agents=14).outlook
    never = predict(Demand(NINE, calls=200, lasts=timedelta(hours=1), handling_time=timedelta(minutes=3)), agents=14).outlook
    assert patient.waits == pytest.approx(never.waits, abs=1e-5)
    assert patient.average_wait.total_seconds() == pytest.approx(never.average_wait.total_seconds(), abs=1e-3)
    assert patient.service_level(timedelta(seconds=20)) == pytest.approx(never.service_level(timedelta(seconds=20)), abs=1e-5)
    assert patient.wait_quantile(95).total_seconds() == pytest.approx(never.wait_quantile(95).total_seconds(), abs=1e-2)


def test_no_patience_is_erlang_b():
    """With a patience of a microsecond a caller who cannot be answered at once is lost."""
    found = predict(demand(200, 180, 1e-6), agents=10).outlook
    assert found.abandoned == pytest.approx(erlang_b(10, 10), abs=1e-6)


@pytest.mark.parametrize(("load", "agents", "leaving"), [(5_000, 4_000, 0.2), (8_000, 8_000, 1.0), (5_000, 6_000, 0.01), (1e5, 10, 1.0)])
def test_thousands_of_agents_are_stable(load, agents, leaving):
    """Thousands of agents, in deep overload too, keep every figure within its bounds and the books balanced."""
    line = chain(load, agents, leaving)
    assert 0 <= line.waits <= 1
    assert max(0.0, 1 - agents / load) - 1e-9 <= line.abandoned <= 1
    assert 0 <= in_time(line, 0.1).answered <= 1 - line.abandoned + 1e-9


def test_overload_with_patience_loses_what_cannot_be_done():
    """With twice the load that agents can do, half of the callers hang up."""
    assert chain(2_000.0, 1_000, 0.5).abandoned == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("time", [0.0, 5e-324, 1e-301])
def test_no_time_at_all_answers_nobody(time):
    """In no time, or one too short for a float's digits, everybody in the queue still waits."""
    assert still_waiting(1, 0.5, time, 3) == [1.0] * 4


@pytest.mark.parametrize("percent", [50, 90, 99])
def test_a_quantile_is_where_the_tail_says(percent):
    """The wait that ninety percent do not exceed is exceeded by ten."""
    found = predict(demand(200, 180, 120), agents=8).outlook
    time = found.wait_quantile(percent) / timedelta(seconds=180)
    assert tail(chain(10.0, 8, 1.5), time) == pytest.approx(1 - percent / 100, abs=1e-6)


def test_a_short_quantile_is_zero():
    """Where more callers are answered at once than asked for the quantile is no wait."""
    assert predict(demand(200, 180, 120), agents=12).outlook.wait_quantile(50) == timedelta(0)


def test_the_definitions_are_ordered():
    """All calls are the strictest measure; leaving out short abandons or all lost calls flatters."""
    found = predict(demand(200, 180, 120), agents=10).outlook
    levels = {definition: found.service_level(timedelta(seconds=20), definition) for definition in LevelDefinition}
    assert levels[LevelDefinition.OF_OFFERED] < levels[LevelDefinition.WITHOUT_SHORT_ABANDONS] < levels[LevelDefinition.OF_ANSWERED]


@given(agents=st.integers(1, 25), wait=st.integers(0, 300))
def test_more_agents_serve_better(agents, wait):
    """One more agent never lowers the service level and never lengthens the mean wait."""
    here = predict(demand(200, 180, 120), agents=agents).outlook
    more = predict(demand(200, 180, 120), agents=agents + 1).outlook
    assert here.service_level(timedelta(seconds=wait)) <= more.service_level(timedelta(seconds=wait)) + 1e-12
    assert more.average_wait <= here.average_wait
    assert more.abandoned <= here.abandoned


def test_no_calls_nobody_leaves():
    """A patience without a call loses nobody."""
    found = predict(demand(0, 180, 120), agents=2).outlook
    assert (found.waits, found.abandoned, found.average_wait) == (0.0, 0.0, timedelta(0))


@pytest.mark.parametrize(("load", "agents", "leaving"), [(1e9, 1, 1e-3), (999.9999, 1_000, 1e-12)])
def test_a_queue_without_measure_is_refused(load, agents, leaving):
    """More than a million waiting callers is an error that says what to change."""
    with pytest.raises(ExceedsLimitError, match="wait at once"):
        chain(load, agents, leaving)


def test_a_line_that_answers_almost_nobody_has_a_level_of_zero():
    """Where hardly a call in a million billions is answered, each definition of the service level gives zero, never a division by it."""
    flood = Demand(NINE, calls="5e16", lasts=timedelta(days=100), handling_time=timedelta(days=100), patience=timedelta(microseconds=1))
    found = predict(flood, agents=1)
    assert [found.outlook.service_level(timedelta(0), definition) for definition in LevelDefinition] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("load", "agents", "leaving"), [(5_000.0, 4_000, 0.5), (3_000.0, 3_000, 1.0), (2_000.0, 2_100, 0.1)])
def test_thousands_of_agents_are_exact(load, agents, leaving):
    """Thousands of agents agree with the chain solved state by state in 40 digits, in overload, at the edge and below it."""
    states = solved(load, agents, leaving)
    found = chain(load, agents, leaving)
    queue = float(sum(share * place for place, share in enumerate(states[agents:])))
    assert math.isclose(found.waits, sum(states[agents:]), rel_tol=1e-11)
    assert math.isclose(found.abandoned, leaving * queue / load, rel_tol=1e-11)


@pytest.mark.parametrize(("agents", "leaving", "time"), [(10_000, 0.5, 0.1), (9_000, 2.0, 0.11), (5_000, 0.01, 0.2)])
def test_a_wait_far_below_the_smallest_float_is_exact(agents, leaving, time):
    """Where nobody could be lucky a thousand times over, the terms are carried as logarithms and agree with 40 digits."""
    last = int(agents * time * 1.1)
    with localcontext(prec=40, Emax=10**9, Emin=-(10**9)):
        exponent = -Decimal(leaving) * Decimal(time)
        pace = (1 - exponent.exp()) / Decimal(leaving)
        term = total = (-Decimal(agents) * Decimal(time)).exp()
        for gone in range(last):
            term *= pace * (agents + gone * Decimal(leaving)) / (gone + 1)
            total += term
    assert float(term) == pytest.approx(0, abs=0.1)
    assert still_waiting(agents, leaving, time, last)[last] == pytest.approx(float(total), rel=1e-9)
