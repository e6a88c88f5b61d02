"""Weights, models and the value of other policies."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention import stats
from billing_domain.retention.stats import Logged, Target, logistic
from billing_domain.retention.stats.linear import cholesky, products, solve
from billing_domain.retention.stats.weighting import from_parts

close = pytest.approx


def test_logistic_of_one_group_is_the_log_odds() -> None:
    """With one yes-or-no covariate the fit is the table's log odds ratio, with its textbook error."""
    columns = [[1.0] * 50 + [0.0] * 60]
    outcomes = [True] * 30 + [False] * 20 + [True] * 15 + [False] * 45
    model = stats.fit_logistic(columns, outcomes)
    assert model.coefficients == close((math.log(15 / 45), math.log(30 / 20 * 45 / 15)))
    assert stats.standard_errors(model, columns)[1] == close(math.sqrt(1 / 30 + 1 / 20 + 1 / 15 + 1 / 45))
    assert model.probabilities([[1.0, 0.0, 1e9]]) == close([0.6, 0.25, 1.0])
    assert model.probabilities([[-1e9]]) == [0.0]


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.integers(0, 100))
def test_symmetric_systems_are_solved(right: list[float], seed: int) -> None:
    """The solution of a positive definite system gives its right side back."""
    draw = random.Random(seed)
    matrix = products([[draw.gauss(0, 1) for _ in range(8)] for _ in range(3)])
    found = solve(cholesky(matrix), right)
    assert [sum(a * x for a, x in zip(row, found, strict=True)) for row in matrix] == close(right, abs=1e-8)


def test_a_fit_that_does_not_settle_is_refused(monkeypatch) -> None:
    """The number of Newton steps is bounded."""
    monkeypatch.setattr(logistic, "_ROUNDS", 1)
    with pytest.raises(RefusedError, match="no finite fit"):
        stats.fit_logistic([[1.0, 2.0, 3.0, 4.0]], [False, True, False, True])


def test_weights_of_a_stratum_are_standardisation() -> None:
    """With the true share of each stratum, the weighted difference is the stratified mean, unlike the naive one."""
    treated = [True] * 8 + [False] * 2 + [True] * 3 + [False] * 7
    outcomes = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    shares = [0.8] * 10 + [0.3] * 10
    found = stats.weighted_difference(outcomes, treated, shares)
    assert found.value == close(0.5 * (2 / 8 - 0) + 0.5 * (1 - 4 / 7))
    only = stats.weighted_difference(outcomes, treated, shares, Target.TREATED)
    assert only.value == close(5 / 11 - (8 * 0 + 3 * 4 / 7) / 11)


def test_allowing_for_the_model_narrows_the_error() -> None:
    """An error that knows the probabilities were fitted is at most the one that takes them as given, for both targets."""
    draw = random.Random(3)
    columns = [[draw.gauss(0, 1) for _ in range(600)]]
    treated = [draw.random() < 1 / (1 + math.exp(-x)) for x in columns[0]]
    outcomes = [2 * x + draw.gauss(0, 1) for x in columns[0]]
    shares = stats.fit_logistic(columns, treated).probabilities(columns)
    for target in Target:
        known = stats.weighted_difference(outcomes, treated, shares, target)
        fitted = stats.weighted_difference(outcomes, treated, shares, target, columns)
        assert known.value == fitted.value
        assert fitted.standard_error < known.standard_error


@pytest.mark.parametrize("target", list(Target))
def test_doubly_robust_survives_one_wrong_model(target: Target) -> None:
    """With a wrong probability but the right outcome model, or the reverse, the planted effect comes back."""
    draw = random.Random(5)
    tenure = [draw.gauss(0, 1) for _ in range(6_000)]
    true = [1 / (1 + math.exp(-x)) for x in tenure]
    treated = [draw.random() < share for share in true]
    worth = [3 * x + 2 * offered + draw.gauss(0, 1) for x, offered in zip(tenure, treated, strict=True)]
    wrong_model = [[draw.gauss(0, 1) for _ in tenure]]
    right_outcome = stats.doubly_robust(worth, treated, [0.5] * 6_000, [tenure], target, stats.mean_model)
    right_offer = stats.doubly_robust(worth, treated, true, wrong_model, target, stats.mean_model)
    assert right_outcome.value == close(2.0, abs=0.15)
    assert right_offer.value == close(2.0, abs=0.5)


def test_share_model_falls_back_to_the_mean() -> None:
    """Where the covariates separate the outcomes, the outcome model is the plain share."""
    assert stats.share_model([[1.0, 2.0, 3.0, 4.0]], [0, 0, 1, 1], [[9.0]]) == [0.5]


def test_balance_and_overlap() -> None:
    """Standardised differences follow Austin's formula; certainty is counted and trimmed."""
    found = stats.balance({"tenure": [1.0, 3.0, 5.0, 2.0, 4.0, 0.0]}, [True] * 3 + [False] * 3, [1.0] * 6)[0]
    assert found.before == found.after == close((3 - 2) / 2)
    shares = [0.01, 0.02, 0.5, 0.98, 0.99]
    assert stats.overlap(shares) == stats.Overlap(0.01, 0.99, 0.4)
    assert stats.trimmed(shares) == [1, 2, 3]
    assert stats.effective_size([1.0] * 7) == close(7.0)


decisions = st.lists(
    st.tuples(st.floats(0, 10), st.floats(0.05, 1.0), st.floats(0, 1)).map(lambda row: Logged(*row)), min_size=2, max_size=40
).filter(lambda rows: sum(row.target for row in rows) > 0.01)


@given(decisions)
def test_self_normalised_value_stays_within_the_rewards(rows: list[Logged]) -> None:
    """A self-normalised value lies between the smallest and the largest reward."""
    found = stats.self_normalised_value(rows)
    rewards = [row.reward for row in rows]
    assert min(rewards) - 1e-9 <= found.value <= max(rewards) + 1e-9


@given(decisions)
def test_the_same_policy_is_worth_what_was_seen(rows: list[Logged]) -> None:
    """A policy that acts as logged is worth the mean reward, by every estimator."""
    same = [row._replace(target=row.probability, expected=1.0, expected_target=1.0) for row in rows]
    for estimator in (stats.inverse_propensity_value, stats.self_normalised_value, stats.doubly_robust_value):
        found = estimator(same)
        assert found.value == close(found.logged, abs=1e-9)
        assert found.effective_size == close(len(rows))


def test_value_of_a_policy_by_hand() -> None:
    """Two decisions in favour of the other policy, each logged with one half, and two against."""
    rows = [Logged(10.0, 0.5, 1.0), Logged(6.0, 0.5, 1.0), Logged(1.0, 0.5, 0.0), Logged(3.0, 0.5, 0.0)]
    assert stats.inverse_propensity_value(rows).value == 8.0
    assert stats.inverse_propensity_value(rows).largest_weight == 2.0
    assert stats.self_normalised_value(rows).value == 8.0
    assert stats.doubly_robust_value([row._replace(expected=row.reward, expected_target=7.0) for row in rows]).value == 7.0


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: stats.fit_logistic([], [True]), InvalidValueError, "covariate"),
        (lambda: stats.fit_logistic([[1.0, 2.0]], [True, True]), RefusedError, "never varies"),
        (lambda: stats.fit_logistic([[1.0, 1.0]], [True, False]), RefusedError, "same for all"),
        (lambda: stats.fit_logistic([[1.0, 2.0, 3.0, 4.0]], [False, False, True, True]), RefusedError, "separat"),
        (lambda: stats.fit_logistic([[1.0, 2.0, 4.0, 3.0], [2.0, 4.0, 8.0, 6.0]], [True, False, True, False]), RefusedError, "determined"),
        (lambda: stats.fit_logistic([[1.0, float("inf")]], [True, False]), InvalidValueError, "finite"),
        (lambda: stats.Logistic((0.0, 1.0), 1).probabilities([]), InvalidValueError, "fitted on 1"),
        (lambda: stats.fit_line([[1.0, 1.0]], [1.0, 2.0]), RefusedError, "same for all"),
        (lambda: stats.weighted_difference([1, 0], [True, True], [0.5, 0.5]), RefusedError, "both arms"),
        (lambda: stats.weighted_difference([1, 0], [True, False], [0.5, 1.0]), InvalidValueError, "strictly between"),
        (lambda: stats.weighted_difference([1, 0], [True, False], [0.0, 0.5]), InvalidValueError, "strictly between"),
        (lambda: stats.weighted_difference([1, 1], [True, False], [0.5, 0.5]), RefusedError, "no error"),
        (lambda: stats.doubly_robust([1, 1], [False, False], [0.5, 0.5], [[1, 2]]), RefusedError, "both arms"),
        (lambda: from_parts(1.0, [0.0], 0.95, "x"), RefusedError, "no error"),
        (lambda: from_parts(1.0, [0.5, 0.5], 0.95, "x", ["a", "a"]), RefusedError, "two clusters"),
        (lambda: from_parts(1.0, [0.5, -0.5, 0.0], 0.95, "x", ["a", "a", "b"]), RefusedError, "nothing varies"),
        (lambda: stats.balance({"x": [1.0, 1.0]}, [True, True], [1, 1]), RefusedError, "both arms"),
        (lambda: stats.balance({"x": [1.0, 1.0]}, [True, False], [1, 1]), RefusedError, "same for all"),
        (lambda: stats.overlap([1.0]), InvalidValueError, "strictly between"),
        (lambda: stats.inverse_propensity_value([Logged(1.0, None, 1.0)] * 2), RefusedError, "cannot be evaluated"),
        (lambda: stats.inverse_propensity_value([Logged(1.0, 0.5, 1.0)]), RefusedError, "two decisions"),
        (lambda: stats.inverse_propensity_value([Logged(1.0, 0.5, 0.0)] * 2), RefusedError, "does not support"),
        (lambda: stats.inverse_propensity_value([Logged(1.0, 0.0, 0.5)] * 2), InvalidValueError, "above 0"),
        (lambda: stats.inverse_propensity_value([Logged(1.0, 0.5, 1.5)] * 2), InvalidValueError, "between 0 and 1"),
    ],
)
def test_impossible_adjustments_are_refused(call, kind, words: str) -> None:
    """Certain offers, one-sided arms, useless covariates and unlogged probabilities are named."""
    with pytest.raises(kind, match=words):
        call()
