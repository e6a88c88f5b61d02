"""How big a test must be, how it is watched, and whether its arms are in ratio."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import BillingError
from billing_domain.retention import stats

close = pytest.approx


def test_sample_sizes_of_the_textbooks() -> None:
    """Fleiss: 0.9 against 0.85 needs 686 each; 0.6 against 0.5 needs 388 each at 80 %."""
    assert stats.sample_size(0.90, 0.85) == (686, 686)
    assert stats.sample_size(0.6, 0.5) == (388, 388)


@given(st.floats(0.05, 0.9), st.floats(0.02, 0.09), st.sampled_from([0.25, 1.0, 3.0]))
def test_the_size_has_the_power_it_promises(base: float, rise: float, ratio: float) -> None:
    """A test of the size found has at least the power asked for, and a tenth less units has less."""
    size, other = stats.sample_size(base + rise, base, ratio=ratio)
    assert stats.power_of(base + rise, base, size, other) >= 0.8 - 2e-3
    assert stats.power_of(base + rise, base, max(1, size * 9 // 10), max(1, other * 9 // 10)) < 0.8


@given(st.floats(0.05, 0.9), st.integers(200, 5_000))
def test_the_smallest_effect_has_the_power_asked_for(base: float, size: int) -> None:
    """At the smallest detectable rise the power is the one asked for."""
    if stats.power_of(1 - 1e-6, base, size, size) > 0.8:
        assert stats.power_of(base + stats.detectable(base, size, size), base, size, size) == close(0.8, abs=1e-6)


@pytest.mark.parametrize(
    ("information", "bounds"),
    [
        ((0.2, 0.4, 0.6, 0.8, 1.0), (4.8769, 3.3570, 2.6803, 2.2898, 2.0310)),
        ((0.5, 1.0), (2.9626, 1.9686)),
        ((1.0,), (1.9600,)),
    ],
)
def test_bounds_match_the_published_ones(information: tuple[float, ...], bounds: tuple[float, ...]) -> None:
    """O'Brien-Fleming spending at the two-sided level 0.05 gives the bounds printed by Lan and DeMets' programs."""
    assert stats.looks(information).bounds == close(bounds, abs=1e-4)


def test_all_looks_together_spend_the_level() -> None:
    """The level is spent to the last bit, early looks hardly any of it, and a look reads its bound."""
    found = stats.looks([0.25, 0.75, 1.0], level=0.01)
    assert found.spent[-1] == 0.01
    assert found.spent[0] < 1e-6
    assert found.stops(1, 6.5)
    assert not found.stops(3, 2.0)
    low, high = found.interval(3, 0.1, 0.02)
    assert (low + high) / 2 == close(0.1)
    assert high - 0.1 == close(found.bounds[2] * 0.02)


def test_uneven_and_crowded_looks_still_rise_and_fall() -> None:
    """Many close looks keep falling bounds, none below the bound of a single look."""
    found = stats.looks([0.1, 0.5, 0.52, 0.9, 1.0])
    assert list(found.bounds[:2]) == sorted(found.bounds[:2], reverse=True)
    assert all(bound >= 1.95 for bound in found.bounds)


def test_cookie_cats_ratio() -> None:
    """The public game experiment (44,700 and 45,489 players) has a sample-ratio p-value of 0.0086."""
    assert stats.sample_ratio([44_700, 45_489], [0.5, 0.5]).p == close(0.0086, abs=5e-5)
    assert stats.sample_ratio([50, 50, 100], [0.25, 0.25, 0.5]).p == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: stats.sample_size(0.5, 0.5),
        lambda: stats.sample_size_h(0.5, 0.5),
        lambda: stats.sample_size(1.0, 0.5),
        lambda: stats.sample_size(0.6, 0.5, ratio=0.0),
        lambda: stats.sample_size(0.6, 0.5, power=1.0),
        lambda: stats.power_of(0.6, 0.5, 0, 10),
        lambda: stats.detectable(0.95, 5, 5),
        lambda: stats.detectable(0.5, 50, 50, power=1.0),
        lambda: stats.looks([]),
        lambda: stats.looks([0.5, 0.5]),
        lambda: stats.looks([0.5, 1.5]),
        lambda: stats.sample_ratio([5], [1.0]),
        lambda: stats.sample_ratio([0, 0], [0.5, 0.5]),
        lambda: stats.sample_ratio([5, 5], [0.5, 0.6]),
        lambda: stats.sample_ratio([5, 5], [0.0, 1.0]),
    ],
)
def test_impossible_plans_are_refused(call) -> None:
    """Differences of nothing, empty arms, looks out of order and shares that do not add up are typed errors."""
    with pytest.raises(BillingError):
        call()
