"""Figures agree with scipy, statsmodels and lifelines where these define the same thing; skipped where they are not installed."""

import math
import random
import warnings

import pytest

from billing_domain.retention import stats as own
from billing_domain.retention.stats import distributions as dist
from billing_domain.retention.stats.special import log_upper_gamma

scipy_stats = pytest.importorskip("scipy.stats")
np = pytest.importorskip("numpy")
sm = pytest.importorskip("statsmodels.api")
proportion = pytest.importorskip("statsmodels.stats.proportion")
lifelines = pytest.importorskip("lifelines")

close = pytest.approx
ROWS = 400


@pytest.fixture(scope="module")
def stays():
    """Return stays with ties, groups, strata, kinds of leaving and late entries."""
    draw = random.Random(11)
    durations = [float(draw.randint(1, 40)) for _ in range(ROWS)]
    kinds = [draw.choice([None, "voluntary", "voluntary", "forced"]) for _ in range(ROWS)]
    return {
        "durations": durations,
        "kinds": kinds,
        "events": [kind is not None for kind in kinds],
        "groups": [draw.choice("abc") for _ in range(ROWS)],
        "strata": [draw.choice("xy") for _ in range(ROWS)],
        "entries": [float(draw.randint(0, int(duration) - 1)) for duration in durations],
    }


@pytest.fixture(scope="module")
def units():
    """Return units that were offered more often where they were more likely to leave."""
    draw = random.Random(12)
    tenure = [draw.gauss(3.0, 1.0) for _ in range(ROWS)]
    calls = [float(draw.randint(0, 4)) for _ in range(ROWS)]
    treated = [draw.random() < 1 / (1 + math.exp(-(0.4 * c - 0.3 * t))) for t, c in zip(tenure, calls, strict=True)]
    worth = [5.0 + 2.0 * t - c + 1.5 * a + draw.gauss(0, 1) for t, c, a in zip(tenure, calls, treated, strict=True)]
    return [tenure, calls], treated, worth


@pytest.mark.parametrize("seed", range(3))
def test_tails_agree_with_scipy(seed: int) -> None:
    """Normal, chi-square, t and binomial tails and quantiles agree with scipy over the range that studies meet."""
    draw = random.Random(seed)
    for _ in range(100):
        z = draw.uniform(-30, 60)
        assert dist.normal_log_sf(z) == close(scipy_stats.norm.logsf(z), rel=1e-12)
        degrees = 10 ** draw.uniform(-0.3, 5)
        assert math.exp(dist.chi2_log_sf(x := degrees * draw.uniform(0.3, 2), degrees)) == close(
            scipy_stats.chi2.sf(x, degrees), rel=1e-9, abs=1e-290
        )
        assert math.exp(dist.t_log_sf(t := draw.uniform(-9, 9), degrees)) == close(scipy_stats.t.sf(t, degrees), rel=1e-9)
        share, trials = draw.random(), draw.randint(1, 50_000)
        hits = min(trials, max(0, round(trials * share + draw.gauss(0, 2) * math.sqrt(trials * share * (1 - share)))))
        assert math.exp(dist.binomial_log_sf(hits, trials, share)) == close(scipy_stats.binom.sf(hits - 1, trials, share), rel=1e-9)
        assert math.exp(dist.binomial_log_cdf(hits, trials, share)) == close(scipy_stats.binom.cdf(hits, trials, share), rel=1e-9)
        assert dist.t_quantile(share, degrees) == close(scipy_stats.t.ppf(share, degrees), rel=1e-9, abs=1e-12)
        assert dist.beta_quantile(share, 2.5, 30.0) == close(scipy_stats.beta.ppf(share, 2.5, 30.0), rel=1e-9)
        assert dist.normal_quantile(share) == close(scipy_stats.norm.ppf(share), rel=1e-12, abs=1e-14)
        assert log_upper_gamma(a := 10 ** draw.uniform(-1, 3), a) == close(math.log(scipy_stats.gamma.sf(a, a)), rel=1e-9)


def test_kaplan_meier_agrees_with_lifelines(stays) -> None:
    """Curve, Greenwood and log(-log) interval are those of lifelines, with and without late entry."""
    for entries in (None, stays["entries"]):
        curve = own.kaplan_meier(stays["durations"], stays["events"], entries)
        theirs = lifelines.KaplanMeierFitter().fit(stays["durations"], stays["events"], entry=entries)
        limits = theirs.confidence_interval_
        for time in curve.times[2:-1]:
            assert curve.at(time) == close(theirs.predict(time), rel=1e-9)
            interval = own.survival_interval(curve, time)
            assert tuple(interval) == close(tuple(limits.loc[time]), rel=1e-9)
        assert own.leaving_time(curve).value == theirs.median_survival_time_


def test_greenwood_agrees_with_statsmodels(stays) -> None:
    """The standard error is that of statsmodels' survival function."""
    theirs = sm.SurvfuncRight(np.array(stays["durations"]), np.array(stays["events"], dtype=int))
    curve = own.kaplan_meier(stays["durations"], stays["events"])
    found = [curve.standard_error(time) for time in curve.times]
    assert found[:-1] == close(list(theirs.surv_prob_se)[:-1], rel=1e-9)


def test_log_rank_agrees_with_lifelines_and_statsmodels(stays) -> None:
    """The statistic is that of lifelines over groups, and that of statsmodels within strata."""
    from lifelines.statistics import multivariate_logrank_test

    found = own.log_rank(stays["durations"], stays["events"], stays["groups"])
    theirs = multivariate_logrank_test(stays["durations"], stays["groups"], stays["events"])
    assert found.significance.statistic == close(theirs.test_statistic, rel=1e-9)
    assert found.significance.p == close(theirs.p_value, rel=1e-9)
    columns = (np.array(stays[name]) for name in ("durations", "events", "groups"))
    statistic, p = sm.duration.survdiff(*columns, strata=np.array(stays["strata"]))
    layered = own.log_rank(stays["durations"], stays["events"], stays["groups"], stays["strata"])
    assert (layered.significance.statistic, layered.significance.p) == close((statistic, p), rel=1e-9)


def test_late_entry_log_rank_agrees_with_statsmodels(stays) -> None:
    """With left truncation the statistic is that of statsmodels, which counts an entry the same way."""
    columns = (np.array(stays[name]) for name in ("durations", "events", "groups"))
    statistic, _ = sm.duration.survdiff(*columns, entry=np.array(stays["entries"]))
    found = own.log_rank(stays["durations"], stays["events"], stays["groups"], entries=stays["entries"])
    assert found.significance.statistic == close(statistic, rel=1e-9)


def test_restricted_mean_agrees_with_lifelines(stays) -> None:
    """The area under the curve is that of lifelines."""
    from lifelines.utils import restricted_mean_survival_time

    theirs = lifelines.KaplanMeierFitter().fit(stays["durations"], stays["events"])
    found = own.restricted_mean(own.kaplan_meier(stays["durations"], stays["events"]), 24.0)
    assert found.value == close(restricted_mean_survival_time(theirs, t=24.0), rel=1e-9)


def test_cumulative_incidence_agrees_with_lifelines(stays) -> None:
    """Incidence by kind, its variance and interval are those of lifelines where no times are tied."""
    durations = [duration + index * 1e-5 for index, duration in enumerate(stays["durations"])]
    codes = [{None: 0, "voluntary": 1, "forced": 2}[kind] for kind in stays["kinds"]]
    theirs = lifelines.AalenJohansenFitter(calculate_variance=True).fit(durations, codes, event_of_interest=1)
    found = own.cumulative_incidence(durations, stays["kinds"])["voluntary"]
    for time in (5.0, 15.0, 30.0):
        assert found.at(time) == close(theirs.cumulative_density_.loc[:time].iloc[-1, 0], rel=1e-9)
        assert found.standard_error(time) ** 2 == close(float(np.ravel(theirs.variance_.loc[:time])[-1]), rel=1e-9)
        assert tuple(own.incidence_interval(found, time)) == close(tuple(theirs.confidence_interval_.loc[:time].iloc[-1]), rel=1e-9)


CELLS = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (5, 56, 0, 29), (0, 40, 3, 40)]


@pytest.mark.parametrize("cells", CELLS)
def test_proportions_agree_with_statsmodels(cells: tuple[int, int, int, int]) -> None:
    """Wilson, Newcombe, the log risk ratio and the score ratio are those of statsmodels (its score difference fails on these)."""
    a, n, b, m = cells
    assert tuple(own.wilson(a, n)) == close(proportion.proportion_confint(a, n, method="wilson"), abs=1e-12)
    theirs = proportion.confint_proportions_2indep
    assert tuple(own.newcombe(*cells).interval) == close(theirs(a, n, b, m, method="newcomb"), abs=1e-9)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert tuple(own.score_ratio(*cells).interval) == close(theirs(a, n, b, m, compare="ratio", method="score"), rel=1e-9, abs=1e-9)
    if a and b:
        assert tuple(own.risk_ratio(*cells).interval) == close(theirs(a, n, b, m, compare="ratio", method="log"), rel=1e-9)
    z, p = proportion.proportions_ztest([a, b], [n, m])
    assert (own.pooled_z(*cells).statistic, own.pooled_z(*cells).p) == close((z, p), rel=1e-9)


def test_welch_agrees_with_scipy(units) -> None:
    """Statistic, p-value and interval of two means are those of scipy."""
    one, other = units[2][:150], units[2][200:]
    found, theirs = own.welch(own.moments(one), own.moments(other)), scipy_stats.ttest_ind(one, other, equal_var=False)
    assert (found.significance.statistic, found.significance.p) == close((theirs.statistic, theirs.pvalue), rel=1e-9)
    assert tuple(found.interval) == close(tuple(theirs.confidence_interval()), rel=1e-9)


def test_clustered_difference_agrees_with_statsmodels(units) -> None:
    """The cluster-robust error is that of least squares in statsmodels."""
    _, treated, worth = units
    clusters = [index % 23 for index in range(ROWS)]
    design = sm.add_constant(np.array(treated, dtype=float))
    theirs = sm.OLS(np.array(worth), design).fit(cov_type="cluster", cov_kwds={"groups": np.array(clusters)}, use_t=True)
    found = own.clustered_difference(worth, treated, clusters)
    assert (found.value, found.standard_error) == close((theirs.params[1], theirs.bse[1]), rel=1e-9)
    assert found.significance.p == close(theirs.pvalues[1], rel=1e-8)
    assert tuple(found.interval) == close(tuple(theirs.conf_int()[1]), rel=1e-9)


def test_logistic_agrees_with_statsmodels(units) -> None:
    """Coefficients and standard errors are those of Logit."""
    columns, treated, _ = units
    theirs = sm.Logit(np.array(treated, dtype=float), sm.add_constant(np.array(columns).T)).fit(disp=0, tol=1e-13)
    model = own.fit_logistic(columns, treated)
    assert model.coefficients == close(tuple(theirs.params), rel=1e-9)
    assert own.standard_errors(model, columns) == close(tuple(theirs.bse), rel=1e-9)


def test_line_agrees_with_statsmodels(units) -> None:
    """Least squares are those of statsmodels."""
    columns, _, worth = units
    theirs = sm.OLS(np.array(worth), sm.add_constant(np.array(columns).T)).fit()
    assert own.fit_line(columns, worth).coefficients == close(tuple(theirs.params), rel=1e-9)


def test_weighted_and_doubly_robust_agree_with_statsmodels(units) -> None:
    """The weighted and the doubly robust effect are those of TreatmentEffect, and so is the error of the weighted one."""
    from statsmodels.treatment.treatment_effects import TreatmentEffect

    columns, treated, worth = units
    design = sm.add_constant(np.array(columns).T)
    offer = sm.Logit(np.array(treated, dtype=float), design).fit(disp=0, tol=1e-13)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = TreatmentEffect(sm.OLS(np.array(worth), design), np.array(treated, dtype=float), results_select=offer)
        weighted, robust = theirs.ipw(), theirs.aipw()
    shares = own.fit_logistic(columns, treated).probabilities(columns)
    found = own.weighted_difference(worth, treated, shares, modelled_on=columns)
    assert found.value == close(float(weighted.effect[0]), rel=1e-9)
    assert found.standard_error == close(float(np.ravel(weighted.results_gmm.bse)[0]), rel=1e-6)  # theirs differentiates numerically
    again = own.doubly_robust(worth, treated, shares, columns, fit=own.mean_model)
    assert again.value == close(float(robust.effect[0]), rel=1e-9)


def test_adjusted_p_values_agree_with_statsmodels() -> None:
    """Holm and Benjamini-Hochberg are those of statsmodels."""
    from statsmodels.stats.multitest import multipletests

    draw = random.Random(4)
    p_values = [draw.random() ** 3 for _ in range(40)]
    for purpose, method in ((own.Purpose.CLAIM, "holm"), (own.Purpose.SCREENING, "fdr_bh")):
        assert own.adjust(p_values, purpose).p_values == close(tuple(multipletests(p_values, method=method)[1]), rel=1e-12)


def test_power_agrees_with_statsmodels() -> None:
    """Pooled and Cohen-h sizes and the power of the pooled test are those of statsmodels."""
    from statsmodels.stats.power import NormalIndPower

    size = proportion.samplesize_proportions_2indep_onetail(0.05, 0.85, power=0.8, ratio=1.0, alpha=0.05, alternative="two-sided")
    assert own.sample_size(0.90, 0.85)[0] == math.ceil(size)
    effect = proportion.proportion_effectsize(0.65, 0.5)
    assert own.cohen_h(0.65, 0.5) == close(effect, rel=1e-12)
    needed = NormalIndPower().solve_power(effect, alpha=0.05, power=0.8, ratio=2.0)
    assert own.sample_size_h(0.65, 0.5, ratio=2.0) == (math.ceil(needed), math.ceil(2.0 * needed))
    theirs = proportion.power_proportions_2indep(0.05, 0.85, 500, ratio=1.0, alpha=0.05, return_results=False)
    assert own.power_of(0.90, 0.85, 500, 500) == close(float(theirs), abs=1e-6)


def test_tables_agree_with_scipy_and_statsmodels() -> None:
    """Fisher's test is that of scipy, the pooled odds ratio and its test those of statsmodels."""
    draw = random.Random(8)
    for _ in range(60):
        cells = [draw.randint(1, 25) for _ in range(4)]
        theirs = scipy_stats.fisher_exact([cells[:2], cells[2:]])
        found = own.fisher(own.Table(*cells))
        assert (found.statistic, found.p) == close((theirs.statistic, theirs.pvalue), rel=1e-9)
    tables = [own.Table(*(draw.randint(3, 40) for _ in range(4))) for _ in range(5)]
    theirs = sm.stats.StratifiedTable([np.array([[a, b], [c, d]]) for a, b, c, d in tables])
    found = own.mantel_haenszel(tables)
    test = theirs.test_null_odds(correction=False)
    assert found.odds_ratio == close(theirs.oddsratio_pooled, rel=1e-12)
    assert tuple(found.interval) == close(theirs.oddsratio_pooled_confint(), rel=1e-9)
    assert (found.significance.statistic, found.significance.p) == close((test.statistic, test.pvalue), rel=1e-9)


def test_sample_ratio_agrees_with_scipy() -> None:
    """The check of the arms' sizes is scipy's chi-square test."""
    theirs = scipy_stats.chisquare([480, 1_020], [500, 1_000])
    assert own.sample_ratio([480, 1_020], [1 / 3, 2 / 3]).p == close(theirs.pvalue, rel=1e-9)
