"""Rows refuse what cannot be."""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing_domain.errors import BillingError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.retention import Decider, Exposure, Flow, Leaving, Outcome, as_rows, landmark, tally_outcomes
from retention_helpers import DAYS, ZERO, drawn, exposure, outcome


@pytest.mark.parametrize(
    "call",
    [
        lambda: Exposure("", "A-1", "offer", ZERO),
        lambda: Exposure("s", " ", "offer", ZERO),
        lambda: Exposure("s", "A-1", "offer", ZERO.replace(tzinfo=None)),
        lambda: exposure(1, decided=ZERO - DAYS),
        lambda: exposure(1, covariates={"calls": float("nan")}),
        lambda: exposure(1, decider=Decider.DRAW),
        lambda: drawn(1, share="1"),
        lambda: drawn(1, share="0"),
        lambda: exposure(1, decider=Decider.AGENT, probability=Decimal("0.5")),
        lambda: exposure(1, decider=Decider.RULE, probability=Decimal("0.5")),
        lambda: Outcome(exposure(1), -DAYS),
        lambda: Outcome(exposure(1), 5 * DAYS, entered=5 * DAYS),
        lambda: Outcome(exposure(1), 5 * DAYS, entered=-DAYS),
        lambda: Outcome(exposure(1), 5 * DAYS, discount_for=-DAYS),
        lambda: Outcome(exposure(1), 5 * DAYS, period=timedelta(0)),
        lambda: Flow(-DAYS, "1"),
        lambda: Flow(DAYS, 1.5),
        lambda: landmark([], -DAYS),
    ],
)
def test_impossible_rows_are_refused(call) -> None:
    """Events before entry, negative durations, probabilities outside (0, 1) and an agent's probability are typed errors."""
    with pytest.raises(BillingError):
        call()


def test_an_agents_choice_never_has_a_probability() -> None:
    """The message says who decided."""
    with pytest.raises(InvalidValueError, match="what the agent decided has no probability"):
        exposure(1, decider=Decider.AGENT, probability=Decimal("0.5"))


def test_what_was_not_recorded_is_named() -> None:
    """A missing covariate names itself and the unit."""
    with pytest.raises(UnknownReferenceError, match="A-1"):
        exposure(1, covariates={"a": 1.0}).covariate("b")


def test_staying_is_known_or_not() -> None:
    """Left by the horizon, still there at it, or not followed that far."""
    left = Outcome(exposure(1), 10 * DAYS, Leaving.FORCED)
    assert [left.stayed(day * DAYS) for day in (9, 10, 11)] == [True, False, False]
    there = Outcome(exposure(1), 10 * DAYS)
    assert [there.stayed(day * DAYS) for day in (9, 10, 11)] == [True, True, None]


def test_money_counts_up_to_the_horizon() -> None:
    """Revenue and cost are exact sums of what came by then."""
    row = Outcome(exposure(1), 90 * DAYS, flows=[Flow(30 * DAYS, "27.10", "2.90"), Flow(60 * DAYS, "27.20", "2.80")])
    assert (row.revenue(30 * DAYS), row.cost(89 * DAYS)) == (Decimal("27.10"), Decimal("5.70"))
    assert Outcome(exposure(1), 90 * DAYS, discount_for=60 * DAYS).honest_from == 91 * DAYS


def test_a_landmark_moves_time_zero() -> None:
    """Who left before, or was settled later, is out; the rest counts from the landmark."""
    settled = exposure(1, decided=ZERO + 20 * DAYS)
    late = exposure(2, decided=ZERO + 40 * DAYS)
    gone = Outcome(exposure(3), 10 * DAYS, Leaving.MOVED)
    row = Outcome(settled, 200 * DAYS, flows=[Flow(10 * DAYS, "30"), Flow(50 * DAYS, "27", "3")], discount_for=60 * DAYS, entered=5 * DAYS)
    (found,) = landmark([row, outcome(late), gone], 30 * DAYS)
    assert (found.followed, found.entered, found.discount_for) == (170 * DAYS, timedelta(0), 30 * DAYS)
    assert found.flows == (Flow(20 * DAYS, "27", "3"),)
    assert (found.exposure.at, found.exposure.decided) == (ZERO + 30 * DAYS, None)


def test_rows_are_plain_data() -> None:
    """A row for a data frame holds texts, numbers and booleans, and its amounts are texts."""
    row = outcome(drawn(1, covariates={"calls": 2}, segment="new"), kept=False, flows=[Flow(DAYS, "27.10")], counts={"disputes": 2})
    (found,) = as_rows([row][:1], 180 * DAYS)
    assert (found["left"], found["kept"], found["days"], found["revenue"], found["count_disputes"]) == (
        "voluntary",
        False,
        100.0,
        "27.10",
        2,
    )
    assert found["probability"] == "0.5"
    (other,) = as_rows([outcome(exposure(2))], 180 * DAYS)
    assert (other["probability"], other["left"], other["kept"]) == (None, None, True)
    assert all(isinstance(value, str | int | float | bool | None) for value in found.values())


def test_a_stream_is_counted_in_one_pass() -> None:
    """Kept, size and revenue by practice come from a generator; a unit not followed to the horizon is refused."""
    found = tally_outcomes((outcome(drawn(n), kept=n % 4 > 0, flows=[Flow(DAYS, n)]) for n in range(100)), 180 * DAYS)
    assert (found["offer"].kept, found["offer"].size, found["offer"].worth.mean) == (75, 100, pytest.approx(49.5))
    with pytest.raises(RefusedError, match="not followed"):
        tally_outcomes([outcome(drawn(1), days=5)], 180 * DAYS)
