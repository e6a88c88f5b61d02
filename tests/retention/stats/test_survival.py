"""Curves, their intervals and tests against worked examples and each other."""

from math import exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.retention.stats import (
    Transform,
    cumulative_incidence,
    incidence_interval,
    kaplan_meier,
    leaving_time,
    log_rank,
    restricted_mean,
    restricted_mean_difference,
    survival_interval,
)

close = pytest.approx

# Remission of leukaemia under 6-MP and under placebo, in weeks: Freireich and others (1963), as printed by Cox and Oakes (1984), table 1.1.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = [float(week) for week in TREATED + PLACEBO]
EVENTS = [bool(event) for event in RELAPSED] + [True] * 21
GROUPS = ["6-MP"] * 21 + ["placebo"] * 21

stays = st.lists(st.tuples(st.integers(0, 30).map(float), st.booleans()), min_size=1, max_size=60)


def leukaemia():
    """Return the curve of the treated."""
    return kaplan_meier(WEEKS[:21], EVENTS[:21])


@pytest.mark.parametrize(
    ("week", "share", "error"),
    [
        (6, 0.857, 0.0764),
        (7, 0.807, 0.0869),
        (10, 0.753, 0.0963),
        (13, 0.690, 0.1068),
        (16, 0.627, 0.1141),
        (22, 0.538, 0.1282),
        (23, 0.448, 0.1346),
    ],
)
def test_curve_matches_the_published_table(week: float, share: float, error: float) -> None:
    """Survival and Greenwood's error of the leukaemia trial are those that the textbooks print."""
    assert leukaemia().at(week) == close(share, abs=5e-4)
    assert leukaemia().standard_error(week) == close(error, abs=5e-5)


def test_log_rank_matches_the_published_value() -> None:
    """The leukaemia trial has a log-rank chi-square of 16.79, 9 observed against 19.25 expected."""
    found = log_rank(WEEKS, EVENTS, GROUPS)
    assert found.significance.statistic == close(16.79, abs=5e-3)
    assert found.observed == (9, 21)
    assert found.expected == close((19.25, 10.75), abs=5e-3)


def test_medians_of_the_leukaemia_trial() -> None:
    """Half relapsed by week 23 under 6-MP and by week 8 under placebo; the first upper limit was not reached."""
    treated = leaving_time(leukaemia())
    assert (treated.value, treated.interval) == (23.0, (13.0, inf))
    placebo = leaving_time(kaplan_meier(WEEKS[21:], EVENTS[21:]))
    assert (placebo.value, placebo.interval) == (8.0, (4.0, 11.0))
    assert leaving_time(leukaemia(), 0.9).value is None


def test_restricted_mean_is_the_area() -> None:
    """The area up to week 10 is the sum of the steps, and its error follows the formula by hand."""
    found = restricted_mean(leukaemia(), 10.0)
    first, second = 6 / 7, 6 / 7 * 16 / 17
    assert found.value == close(6.0 + first * 1.0 + second * 3.0)
    one, two = first + 3 * second, 3 * second
    factor = 5 / 4  # five left by week 10
    assert found.standard_error == close(sqrt(factor * (one**2 * 3 / (21 * 18) + two**2 / (17 * 16) + 0.0)))
    gap = restricted_mean_difference(leukaemia(), kaplan_meier(WEEKS[21:], EVENTS[21:]), 20.0)
    assert gap.interval.low < gap.value < gap.interval.high
    assert gap.significance.p < 0.001


def test_restricted_mean_without_leaving_has_no_error() -> None:
    """Where nobody left, the mean is the horizon and a difference has no error to speak of."""
    curve = kaplan_meier([5.0, 6.0], [False, False])
    assert restricted_mean(curve, 4.0).interval == (4.0, 4.0)
    with pytest.raises(InvalidValueError, match="nobody left"):
        restricted_mean_difference(curve, curve, 4.0)
    with pytest.raises(InvalidValueError, match="after time zero"):
        restricted_mean(curve, 0.0)


@given(stays)
def test_without_censoring_the_curve_is_a_count(rows: list[tuple[float, bool]]) -> None:
    """If everybody left, the curve is the share of stays that were longer."""
    durations = [duration for duration, _ in rows]
    curve = kaplan_meier(durations, [True] * len(durations))
    for time in durations:
        assert curve.at(time) == close(sum(other > time for other in durations) / len(durations), abs=1e-12)


@given(stays)
def test_curve_is_the_product_over_brute_force_risk_sets(rows: list[tuple[float, bool]]) -> None:
    """The curve falls, and equals the product over risk sets counted one by one."""
    durations, events = [row[0] for row in rows], [row[1] for row in rows]
    curve = kaplan_meier(durations, events)
    share = 1.0
    for time in sorted({duration for duration, event in rows if event}):
        inside = sum(duration >= time for duration in durations)
        share *= 1 - sum(event and duration == time for duration, event in rows) / inside
        assert curve.at(time) == close(share, abs=1e-12)
    assert list(curve.survival) == sorted(curve.survival, reverse=True)


@given(stays, st.sampled_from(Transform))
def test_interval_holds_the_curve(rows: list[tuple[float, bool]], transform: Transform) -> None:
    """On every scale the interval stays within 0 and 1 and holds the estimate."""
    curve = kaplan_meier([row[0] for row in rows], [row[1] for row in rows])
    for time in {row[0] for row in rows}:
        low, high = survival_interval(curve, time, 0.9, transform)
        assert 0.0 <= low <= curve.at(time) + 1e-12
        assert curve.at(time) <= high + 1e-12
        assert high <= 1.0


def test_intervals_follow_their_scale() -> None:
    """Plain, log and log-log limits are those of the formulas by hand."""
    curve, z = leukaemia(), 1.959963984540054
    share, error = curve.at(10), curve.standard_error(10)
    assert survival_interval(curve, 10, transform=Transform.PLAIN) == close((share - z * error, share + z * error))
    assert survival_interval(curve, 10, transform=Transform.LOG).low == close(share * exp(-z * error / share))
    width = z * error / (share * -log(share))
    assert survival_interval(curve, 10) == close((share ** exp(width), share ** exp(-width)))


def test_interval_where_nobody_left_is_exact() -> None:
    """With none lost of n the lower limit is the one of Clopper and Pearson; with all lost, the upper."""
    assert survival_interval(kaplan_meier([3.0] * 10, [False] * 10), 2.0) == (close(0.025 ** (1 / 10)), 1.0)
    everybody = kaplan_meier([1.0, 2.0], [True, True])
    assert survival_interval(everybody, 2.0) == (0.0, close(1 - 0.025))
    assert everybody.standard_error(2.0) == 0.0
    assert everybody.standard_error(0.5) == 0.0


def test_late_entry_counts_only_from_entry() -> None:
    """A unit that enters at 2 is not at risk at 1."""
    curve = kaplan_meier([1.0, 3.0, 4.0], [True, True, False], [0.0, 2.0, 0.0])
    assert (curve.at_risk, curve.survival) == ((2, 2), (0.5, 0.25))


@pytest.mark.parametrize(
    "call",
    [
        lambda: kaplan_meier([], []),
        lambda: kaplan_meier([1.0], [True, False]),
        lambda: kaplan_meier([-1.0], [True]),
        lambda: kaplan_meier([1.0, float("nan")], [True, True]),
        lambda: kaplan_meier([1.0, inf], [True, True]),
        lambda: kaplan_meier([1.0], [True], [1.0]),
        lambda: kaplan_meier([1.0], [True], [2.0]),
        lambda: kaplan_meier([1.0], [True], [-0.5]),
        lambda: leukaemia().at(-1.0),
        lambda: log_rank([1.0], [True], ["a"]),
        lambda: leaving_time(leukaemia(), 1.0),
        lambda: survival_interval(leukaemia(), 5.0, 95.0),
    ],
)
def test_bad_stays_are_refused(call) -> None:
    """Empty, ragged, negative, endless and impossible stays are typed errors."""
    with pytest.raises(InvalidValueError):
        call()


def test_nothing_is_read_beyond_the_last_at_risk() -> None:
    """After the last follow-up there is no curve, no interval, no mean and no incidence."""
    curve, ways = leukaemia(), cumulative_incidence([1.0, 2.0], ["forced", None])["forced"]
    assert curve.at(35.0) == close(0.448, abs=5e-4)
    for call in (lambda: curve.at(35.1), lambda: survival_interval(curve, 36), lambda: restricted_mean(curve, 40), lambda: ways.at(3.0)):
        with pytest.raises(RefusedError, match="nobody was at risk after"):
            call()


def test_groups_never_at_risk_together_are_refused() -> None:
    """A group that had left before the other entered cannot be compared with it."""
    with pytest.raises(RefusedError):
        log_rank([1.0, 5.0, 6.0], [True, True, True], ["a", "b", "b"], entries=[0.0, 2.0, 2.0])


def test_stratified_test_of_one_stratum_is_the_plain_one() -> None:
    """One stratum changes nothing; two add their sums."""
    plain, one = log_rank(WEEKS, EVENTS, GROUPS), log_rank(WEEKS, EVENTS, GROUPS, ["x"] * 42)
    assert plain == one
    twice = log_rank(WEEKS * 2, EVENTS * 2, GROUPS * 2, ["x"] * 42 + ["y"] * 42)
    assert twice.significance.statistic == close(2 * plain.significance.statistic)
    assert twice.strata == 2


@given(st.lists(st.tuples(st.integers(1, 20).map(float), st.sampled_from([None, "voluntary", "forced", "moved"])), min_size=1, max_size=50))
def test_ways_of_leaving_add_up(rows: list[tuple[float, str | None]]) -> None:
    """At every time the incidences of all kinds and the share still there add up to one."""
    durations, kinds = [row[0] for row in rows], [row[1] for row in rows]
    found = cumulative_incidence(durations, kinds)
    curve = kaplan_meier(durations, [kind is not None for kind in kinds])
    for time in (0.0, *durations):
        assert sum(way.at(time) for way in found.values()) + curve.at(time) == close(1.0)


def test_incidence_of_the_only_kind_is_greenwoods() -> None:
    """With one kind of leaving the incidence is one less the curve, with Greenwood's error."""
    found = cumulative_incidence(WEEKS[:21], ["relapse" if event else None for event in EVENTS[:21]])["relapse"]
    assert found.at(16) == close(1 - leukaemia().at(16))
    assert found.standard_error(16) == close(leukaemia().standard_error(16))
    low, high = incidence_interval(found, 16)
    assert low < found.at(16) < high


def test_incidence_at_its_ends() -> None:
    """Before the first leaving there is no interval; once all have left in one way it is certain."""
    found = cumulative_incidence([1.0, 2.0], ["forced", "forced"])["forced"]
    assert incidence_interval(found, 2.0) == (1.0, 1.0)
    with pytest.raises(UnknownReferenceError, match="nobody left in this way"):
        incidence_interval(found, 0.5)
