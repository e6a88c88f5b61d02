"""Shares, means, clusters, tables and many comparisons at once."""

import random
from fractions import Fraction
from math import comb, inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import BillingError, InvalidTypeError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.retention import stats
from billing_domain.retention.stats import Moments, Purpose, Table, moments, tally
from billing_domain.retention.stats.checks import finite
from billing_domain.retention.stats.model import Difference, Interval, Significance

close = pytest.approx
cells = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
    ],
)
def test_newcombe_matches_his_table(counts: tuple[int, int, int, int], limits: tuple[float, float]) -> None:
    """Method 10 of Newcombe (1998), table II."""
    assert stats.newcombe(*counts).interval == close(limits, abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "limits"),
    [
        ((56, 70, 48, 80), (0.0528, 0.3382)),
        ((9, 10, 3, 10), (0.1700, 0.8406)),
        ((5, 56, 0, 29), (-0.0326, 0.1933)),
        ((10, 10, 0, 20), (0.7156, 1.0)),
    ],
)
def test_score_difference_matches_newcombes_table(counts: tuple[int, int, int, int], limits: tuple[float, float]) -> None:
    """Miettinen and Nurminen's interval is method 6 of Newcombe (1998), table II."""
    assert stats.score_difference(*counts).interval == close(limits, abs=5e-5)


def test_wilson_matches_newcombes_examples() -> None:
    """Wilson's interval is method 3 of Newcombe (1998), single proportion, table I."""
    assert stats.wilson(81, 263) == close((0.2553, 0.3662), abs=5e-5)
    assert stats.wilson(15, 148) == close((0.0624, 0.1605), abs=5e-5)
    assert stats.wilson(0, 20) == (0.0, close(0.1611, abs=5e-5))
    assert stats.wilson(29, 29).high == 1.0


@given(cells, cells)
def test_difference_mirrors(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Swapping the arms turns the difference and both intervals round, and keeps the p-value."""
    for method in (stats.newcombe, stats.score_difference):
        there, back = method(*one, *other), method(*other, *one)
        assert (there.interval.low, there.interval.high) == close((-back.interval.high, -back.interval.low), abs=1e-9)
        assert there.interval.low - 1e-12 <= there.value <= there.interval.high + 1e-12
        assert there.significance.log10_p == close(back.significance.log10_p)


@given(cells, cells)
def test_ratio_inverts(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Swapping the arms inverts the score interval of the ratio."""
    if not one[0] and not other[0]:
        with pytest.raises(RefusedError, match="nobody was kept"):
            stats.score_ratio(*one, *other)
        return
    there, back = stats.score_ratio(*one, *other).interval, stats.score_ratio(*other, *one).interval
    low = 1 / back.high if back.high < inf else 0.0
    assert there.low == close(low, rel=1e-6, abs=1e-12)


def test_equal_arms_without_variation_have_no_difference() -> None:
    """Where everybody was kept in both arms the test says nothing, and the interval is still wide."""
    found = stats.newcombe(5, 5, 7, 7)
    assert (found.value, found.significance.p) == (0.0, 1.0)
    assert found.interval.low < 0 < found.interval.high


def test_risk_ratio_refuses_zero_cells() -> None:
    """The log interval needs somebody kept in both arms and names the way out."""
    with pytest.raises(RefusedError, match="score_ratio"):
        stats.risk_ratio(0, 5, 3, 5)
    assert stats.risk_ratio(2, 4, 1, 4).value == 2.0


@given(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=40), st.integers(0, 40))
def test_moments_add_up(values: list[float], cut: int) -> None:
    """The moments of two parts together are the moments of the whole."""
    whole, parts = moments(values), moments(values[:cut]) + moments(values[cut:])
    assert (parts.size, parts.mean) == (whole.size, close(whole.mean, abs=1e-6))
    assert parts.variance == close(whole.variance, rel=1e-6, abs=1e-6)


def test_moments_of_nothing() -> None:
    """No values have no variance, and adding them changes nothing."""
    empty = moments([])
    assert empty + empty == Moments(0, 0.0, 0.0)
    assert empty.variance == 0.0


def test_welch_by_hand() -> None:
    """Statistic and degrees of freedom follow Satterthwaite's formula."""
    one, other = moments([1.0, 2.0, 3.0, 4.0]), moments([2.0, 4.0, 6.0])
    found = stats.welch(one, other)
    a, b = 5 / 3 / 4, 4 / 3
    assert found.significance.statistic == close((2.5 - 4.0) / sqrt(a + b))
    assert found.significance.degrees == close((a + b) ** 2 / (a * a / 3 + b * b / 2))


def test_each_its_own_cluster_is_the_unequal_variance_error() -> None:
    """With one unit per cluster the clustered error is that of unequal variances, up to the small-sample factor."""
    values, first = [3.0, 5.0, 9.0, 1.0, 2.0, 6.0, 4.0], [True, True, True, False, False, False, False]
    found = stats.clustered_difference(values, first, list(range(7)))
    one, other = moments(values[:3]), moments(values[3:])
    assert found.standard_error**2 == close((one.squares / 9 + other.squares / 16) * 7 / 6 * 6 / 5)


def brute_fisher(a: int, b: int, c: int, d: int) -> float:
    """Return the exact two-sided p-value with whole numbers."""
    first, second, yes = a + b, c + d, a + c
    ways = [comb(first, k) * comb(second, yes - k) for k in range(max(0, yes - second), min(first, yes) + 1)]
    seen = comb(first, a) * comb(second, c)
    return float(Fraction(sum(way for way in ways if way <= seen), sum(ways)))


@given(st.tuples(*[st.integers(0, 15)] * 4))
def test_fisher_is_the_sum_over_whole_numbers(table: tuple[int, int, int, int]) -> None:
    """The exact test agrees with a sum of binomial coefficients."""
    assert stats.fisher(Table(*table)).p == close(brute_fisher(*table), rel=1e-9)


def test_lady_tasting_tea() -> None:
    """Fisher's own example: three of four cups right has p 0.486, all four 0.029."""
    assert stats.fisher(Table(3, 1, 1, 3)).p == close(34 / 70)
    assert stats.fisher(Table(4, 0, 0, 4)).p == close(2 / 70)
    assert stats.fisher(Table(4, 0, 0, 4)).statistic == inf


def test_berkeley_admissions() -> None:
    """Admissions to Berkeley (Bickel and others 1975): stratified by department women are not at a disadvantage."""
    tables = [(512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317)]
    found = stats.mantel_haenszel([Table(*table) for table in tables])
    assert found.odds_ratio == close(0.9047, abs=5e-5)
    assert found.significance.statistic == close(1.5246, abs=5e-2)
    assert found.strata == 6


def test_holm_and_benjamini_hochberg_by_hand() -> None:
    """Four p-values of the textbooks: Holm multiplies by what is left, BH by the rank's share; both stay in order."""
    p_values = [0.01, 0.04, 0.03, 0.005]
    assert stats.adjust(p_values).p_values == close((0.03, 0.06, 0.06, 0.02))
    assert stats.adjust(p_values, Purpose.SCREENING).p_values == close((0.02, 0.04, 0.04, 0.02))
    assert stats.adjust(p_values).looked_at == 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusting_never_makes_smaller(p_values: list[float]) -> None:
    """An adjusted p-value is at least the raw one, and a claim is never easier than a find."""
    holm, screening = stats.adjust(p_values).p_values, stats.adjust(p_values, Purpose.SCREENING).p_values
    assert all(p <= found + 1e-15 <= claim + 2e-15 for p, found, claim in zip(p_values, screening, holm, strict=True))


def test_values_whose_sum_overflows_are_still_numbers() -> None:
    """Finite values are not refused because their sum is not."""
    assert finite([1e308, 1e308], "a value") == [1e308, 1e308]


def test_agents_are_drawn_towards_the_common_share() -> None:
    """Few calls move far, many hardly; the interval of a truly different agent leaves the common share out."""
    found = stats.shrink({"few": (3, 3), "many": (900, 1000), "usual": (700, 1000), "other": (650, 1000)})
    few, many, *_ = found.agents
    assert few.raw == 1.0
    assert found.common < few.value < 0.95
    assert abs(many.value - many.raw) < 0.01
    assert many.differs
    assert not few.differs


def test_agents_that_do_not_differ_share_one_value() -> None:
    """Where agents vary less than chance, all are put at the common share, with intervals around it."""
    found = stats.shrink(dict.fromkeys("abcd", (50, 100)))
    assert found.spread < 0.07
    assert all(agent.value == close(0.5) for agent in found.agents)
    assert all(agent.interval.low < 0.5 < agent.interval.high for agent in found.agents)


def test_single_calls_say_little_about_agents() -> None:
    """One call each leaves the intervals wide and nobody apart."""
    found = stats.shrink({"a": (1, 1), "b": (0, 1), "c": (1, 1)})
    assert not any(agent.differs for agent in found.agents)
    assert all(agent.interval.high - agent.interval.low > 0.4 for agent in found.agents)


def test_tally_reads_a_stream_once() -> None:
    """A generator of rows is counted in one pass, and tallies of parts add up."""
    draw = random.Random(1)
    rows = [(draw.choice(["offer", "hold-out"]), draw.random() < 0.8, draw.gauss(20, 5)) for _ in range(500)]
    whole, one, other = tally(iter(rows)), tally(rows[:200]), tally(rows[200:])
    for arm in ("offer", "hold-out"):
        together = one[arm] + other[arm]
        assert (together.kept, together.size) == (whole[arm].kept, whole[arm].size)
        assert together.worth.variance == close(whole[arm].worth.variance)
        assert whole[arm].kept == sum(kept for name, kept, _ in rows if name == arm)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: stats.wilson(1, 0), InvalidValueError),
        (lambda: stats.wilson(3, 2), InvalidValueError),
        (lambda: stats.wilson(1.0, 2), InvalidTypeError),
        (lambda: stats.newcombe(True, 2, 1, 2), InvalidTypeError),
        (lambda: moments([1.0, float("nan")]), InvalidValueError),
        (lambda: stats.welch(moments([1.0]), moments([1.0, 2.0])), RefusedError),
        (lambda: stats.welch(moments([1.0, 1.0]), moments([2.0, 2.0])), RefusedError),
        (lambda: stats.clustered_difference([1.0, 2.0], [True, True], "ab"), RefusedError),
        (lambda: stats.clustered_difference([1.0, 2.0, 3.0], [True, False, True], "aaa"), RefusedError),
        (lambda: stats.clustered_difference([1.0, 1.0, 1.0], [True, False, True], "abc"), RefusedError),
        (lambda: stats.fisher(Table(1, -1, 2, 2)), InvalidValueError),
        (lambda: stats.fisher(Table(1.0, 1, 2, 2)), InvalidTypeError),
        (lambda: stats.mantel_haenszel([Table(1, 0, 2, 0)]), RefusedError),
        (lambda: stats.mantel_haenszel([Table(1, 0, 0, 2)]), RefusedError),
        (lambda: stats.adjust([]), InvalidValueError),
        (lambda: stats.adjust([1.1]), InvalidValueError),
        (lambda: stats.shrink({"a": (1, 2), "b": (1, 2)}), RefusedError),
        (lambda: stats.shrink({"a": (2, 2), "b": (2, 2), "c": (1, 1)}), RefusedError),
        (lambda: stats.shrink({"a": (2, 2), "b": (2, 2), "c": (1, 0)}), InvalidValueError),
        (lambda: tally([("a", 1, 0.0)]), InvalidTypeError),
        (lambda: tally([])["a"], UnknownReferenceError),
        (lambda: Difference(0.0, Interval(1.0, 0.0), 1.0, Significance(0.0, 0.0), 0.95, "x"), InvalidValueError),
    ],
)
def test_impossible_comparisons_are_refused(call, kind: type[BillingError]) -> None:
    """Empty arms, impossible counts, floats for counts and columns that say nothing are typed errors."""
    with pytest.raises(kind):
        call()
