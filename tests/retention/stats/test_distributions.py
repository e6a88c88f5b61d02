"""Tails and quantiles against closed forms, sums and each other."""

from math import comb, exp, fsum, inf, log, log1p, nan, pi, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import BillingError, InvalidValueError
from billing_domain.retention.stats import distributions as dist
from billing_domain.retention.stats.special import log1mexp, log_beta, log_upper_gamma

close = pytest.approx


@pytest.mark.parametrize(
    ("x", "degrees", "p"), [(3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (18.307038053275146, 10, 0.05)]
)
def test_chi_square_matches_the_tables(x: float, degrees: int, p: float) -> None:
    """Critical values of the printed tables come back as their level."""
    assert exp(dist.chi2_log_sf(x, degrees)) == close(p, rel=1e-12)


@given(st.integers(1, 30), st.floats(0.01, 400.0))
def test_chi_square_of_even_degrees_is_a_poisson_sum(half: int, x: float) -> None:
    """With 2k degrees the tail is the sum of the first k Poisson terms."""
    terms, term = [], exp(-x / 2.0)
    for k in range(half):
        terms.append(term)
        term *= x / 2.0 / (k + 1)
    assert exp(dist.chi2_log_sf(x, 2 * half)) == close(fsum(terms), rel=1e-10)


def test_tails_that_underflow_keep_their_logarithm() -> None:
    """A chi-square of 2,353 or a z of 100 has a finite logarithm."""
    assert dist.chi2_log_sf(2_353.0, 2) == close(-1_176.5)
    assert dist.normal_log_sf(100.0) == close(-5_005.524208, rel=1e-9)
    assert dist.t_log_sf(1e6, 1) == close(log(1e-6 / pi), rel=1e-9)
    assert dist.chi2_log_sf(inf, 3) == -inf
    assert dist.chi2_log_sf(0.0, 1) == 0.0


@given(st.floats(-30, 30))
def test_normal_tails_are_two_halves(z: float) -> None:
    """Upper tail and distribution function add up to one, on both sides of the switch of method."""
    assert exp(dist.normal_log_sf(z)) + dist.normal_cdf(z) == close(1.0)


@given(st.floats(18.0, 22.0))
def test_normal_tail_is_smooth_where_the_method_changes(z: float) -> None:
    """The tail falls by its own slope over the switch from erfc to the series."""
    step = 1e-4
    slope = (dist.normal_log_sf(z + step) - dist.normal_log_sf(z - step)) / (2 * step)
    assert slope == close(-(z + 1 / z - 2 / z**3), rel=1e-3)


@given(st.floats(-50, 50))
def test_t_with_one_degree_is_cauchy(t: float) -> None:
    """Student's t with one degree of freedom has the arctangent as its tail."""
    from math import atan

    assert exp(dist.t_log_sf(t, 1)) == close(0.5 - atan(t) / pi, rel=1e-9)


@given(st.floats(-40, 40))
def test_t_with_two_degrees_has_a_closed_form(t: float) -> None:
    """Student's t with two degrees of freedom has an algebraic tail."""
    whole = (2.0 + t * t) ** 0.5
    upper = 1.0 / (whole * (whole + t)) if t > 0 else 0.5 * (1.0 - t / whole)
    assert exp(dist.t_log_sf(t, 2)) == close(upper, rel=1e-9)


@given(st.floats(0.0001, 0.9999), st.floats(0.3, 5_000))
def test_t_quantile_inverts_the_tail(share: float, degrees: float) -> None:
    """The tail at a quantile is the share beyond it."""
    assert exp(dist.t_log_sf(dist.t_quantile(share, degrees), degrees)) == close(1.0 - share, rel=1e-8)


@given(st.integers(1, 60), st.integers(-1, 61), st.floats(0.001, 0.999))
def test_binomial_tails_are_sums(trials: int, hits: int, share: float) -> None:
    """Both tails equal the sum of their terms, also outside the range of counts."""
    terms = [comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1)]
    assert exp(dist.binomial_log_sf(hits, trials, share)) == close(fsum(terms[max(0, hits) :]), rel=1e-9)
    assert exp(dist.binomial_log_cdf(hits, trials, share)) == close(fsum(terms[: max(0, hits + 1)]), rel=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.5, 500), st.floats(0.5, 500))
def test_beta_quantile_inverts_the_distribution(share: float, a: float, b: float) -> None:
    """The distribution function at a quantile is the share below it."""
    x = dist.beta_quantile(share, a, b)
    assert exp(log_beta(a, b, x, 1.0 - x)) == close(share, rel=1e-7)


def test_edges_of_the_special_functions() -> None:
    """Nothing below zero, everything above the whole, and certainty has the logarithm of nothing."""
    assert log_beta(2.0, 3.0, 0.0, 1.0) == -inf
    assert log_beta(2.0, 3.0, 1.0, 0.0) == 0.0
    assert log_upper_gamma(2.0, 0.0) == 0.0
    assert log1mexp(0.0) == -inf
    assert log1mexp(-50.0) == close(-exp(-50.0))
    assert dist.two_sided_z(0.95) == close(1.959963984540054)


@pytest.mark.parametrize(
    "call",
    [
        lambda: dist.normal_quantile(0.0),
        lambda: dist.two_sided_z(1.0),
        lambda: dist.chi2_log_sf(1.0, 0),
        lambda: dist.t_log_sf(1.0, -1),
        lambda: dist.binomial_log_sf(1, 2, 1.5),
        lambda: dist.binomial_log_cdf(1, 2, 0.0),
    ],
)
def test_impossible_arguments_are_refused(call) -> None:
    """A share outside (0, 1) and no degrees of freedom are typed errors."""
    with pytest.raises(BillingError):
        call()


@pytest.mark.parametrize("degrees", [10_000.0, 1_000_000.0, 1e9, 1e15])
def test_t_quantile_with_many_degrees_nears_the_normal(degrees: float) -> None:
    """On both sides of the degrees from which the expansion in 1 ÷ degrees (Abramowitz, 26.7.5) is used, the answer is that."""
    z = 1.959963984540054
    expanded = z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    assert dist.t_quantile(0.975, degrees) == close(expanded, rel=1e-11)


@given(st.floats(-690.0, -0.8), st.floats(0.5, 100_000.0))
def test_t_quantile_reaches_the_farthest_tails(log_tail: float, degrees: float) -> None:
    """The logarithm of the tail at a quantile is that of the share, for shares down to 1e-300 and degrees of every size."""
    try:
        value = dist.t_quantile(exp(log_tail), degrees)
    except InvalidValueError:
        assert degrees < 1.0
    else:
        assert dist.t_log_sf(-value, degrees) == close(log_tail, rel=1e-11)
        assert dist.t_log_sf(value, degrees) == close(log1p(-exp(log_tail)), rel=1e-9, abs=1e-12)


@given(st.floats(-690.0, -0.8))
def test_t_quantile_with_one_degree_is_that_of_cauchy(log_tail: float) -> None:
    """One degree has a closed form, and degrees without end are the normal distribution."""
    share = exp(log_tail)
    assert dist.t_quantile(share, 1.0) == close(-1.0 / tan(pi * share), rel=1e-11)
    assert dist.t_quantile(share, inf) == dist.normal_quantile(share)
    assert dist.t_log_sf(2.5, inf) == dist.normal_log_sf(2.5)


def test_t_quantile_refuses_what_has_no_value() -> None:
    """A median is zero, a certainty has no quantile, and a value beyond all floats is refused and not infinite."""
    assert dist.t_quantile(0.5, 3.0) == 0.0
    assert dist.t_log_sf(-1e200, 2.0) == 0.0
    for share in (0.0, 1.0, -0.1, 1.1, nan):
        with pytest.raises(InvalidValueError, match="strictly between 0 and 1"):
            dist.t_quantile(share, 3.0)
    for degrees in (0.0, -1.0, nan):
        with pytest.raises(InvalidValueError, match="above 0"):
            dist.t_quantile(0.9, degrees)
    with pytest.raises(InvalidValueError, match="beyond all floats; ask for a larger tail"):
        dist.t_quantile(1e-300, 0.1)
