"""Comparisons within strata, and at looks that were planned before the test."""

import pytest

from billing_domain.errors import InvalidValueError, UnknownReferenceError
from billing_domain.retention import Outcome, PlannedLook, compare_practices
from billing_domain.retention.stats import looks
from billing_domain.retention.stats.distributions import normal_cdf
from retention_helpers import HORIZON, drawn, outcome, trial

PLAN = looks([0.5, 1.0])
EARLY = trial(462, 500, 440, 500)


def compare(rows: list[Outcome], **more: object) -> object:
    """Compare offer and hold-out."""
    return compare_practices(rows, arm="offer", against="hold-out", horizon=HORIZON, **more)


def paradox() -> list[Outcome]:
    """Return a trial of two regions in which a plain test compares region with region: within each, nobody is better."""
    rows = []
    for region, kept, offers, others in ((0.0, 9, 80, 20), (1.0, 3, 20, 80)):
        for arm, size in (("offer", offers), ("hold-out", others)):
            rows += [
                outcome(drawn(f"{region}-{arm}-{n}", arm, covariates={"region": region}, segment=f"r{region:.0f}"), kept=n % 10 < kept)
                for n in range(size)
            ]
    return rows


def test_strata_take_out_what_the_arms_do_not_share() -> None:
    """Plain curves differ by the mix of regions; within regions they do not."""
    plain, within = compare(paradox()), compare(paradox(), stratify_by=["region"])
    assert plain.curves.p < 0.001
    assert within.curves.p > 0.9
    assert (plain.stratified_by, within.stratified_by) == ((), ("region",))
    assert within.estimate == plain.estimate
    assert compare(paradox(), stratify_by=["segment"]).curves == within.curves
    assert compare(paradox(), stratify_by=["segment", "region"]).curves == within.curves


def test_a_stratum_is_known_for_every_unit() -> None:
    """A covariate that a unit lacks is named."""
    with pytest.raises(UnknownReferenceError, match="region"):
        compare(EARLY, stratify_by=["region"])


def test_an_early_look_has_a_wider_interval() -> None:
    """Four points at half of the customers: significant at a plain look, and at the planned one the test goes on."""
    plain, planned = compare(EARLY), compare(EARLY, plan=PLAN, look=1)
    assert plain.estimate.significance.p < 0.05
    assert planned.look == PlannedLook(1, 2, PLAN.bounds[0], stops=False)
    assert planned.estimate.interval.low < plain.estimate.interval.low
    assert planned.estimate.interval.high > plain.estimate.interval.high
    assert planned.estimate.confidence == pytest.approx(2 * normal_cdf(PLAN.bounds[0]) - 1)
    assert plain.look is None


def test_stopping_agrees_with_the_interval() -> None:
    """The test may end exactly where the interval leaves out no difference."""
    for kept in range(440, 481, 5):
        for look in (1, 2):
            study = compare(trial(kept, 500, 440, 500), plan=PLAN, look=look)
            covers = study.estimate.interval.low <= 0 <= study.estimate.interval.high
            assert study.look.stops is not covers


@pytest.mark.parametrize("locale", ["en_GB", "lt_LT"])
def test_a_look_is_told(locale: str) -> None:
    """Which look it is stands in the text, in both languages, with what follows from it."""
    goes_on = compare(EARLY, plan=PLAN, look=1).text(locale=locale)
    stops = compare(trial(490, 500, 400, 500), plan=PLAN, look=1).text(locale=locale)
    first, second = ("goes on", "may end") if locale == "en_GB" else ("tęsiamas", "baigti")
    assert first in goes_on
    assert second in stops


@pytest.mark.parametrize(("more", "text"), [({"look": 3}, "1 to 2"), ({"look": 0}, "1 to 2"), ({"confidence": 0.9}, "made for 0.95")])
def test_a_plan_is_followed(more: dict[str, object], text: str) -> None:
    """A look that was not planned, and a level that the plan was not made for, are refused."""
    with pytest.raises(InvalidValueError, match=text):
        compare(EARLY, plan=PLAN, **more)


def test_a_very_early_look_stays_below_certainty() -> None:
    """At a hundredth of the customers the bound is beyond what a level can say; the interval is then nearly all there is."""
    plan = looks([0.01, 1.0])
    assert plan.confidence(1) < 1.0
    study = compare(EARLY, plan=plan, look=1)
    assert not study.look.stops
