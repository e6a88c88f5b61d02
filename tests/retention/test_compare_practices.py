"""Studies answer what their rows allow, and say how far."""

from decimal import Decimal

import pytest

from billing_domain.errors import CurrencyMismatchError, DuplicateIdError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.retention import Decider, Flow, Leaving, Outcome, Response, Standing, Target, compare_practices
from billing_domain.retention.stats import newcombe
from retention_helpers import DAYS, HORIZON, ZERO, confounded, drawn, exposure, outcome, trial

close = pytest.approx


def compare(rows, arm="offer", against="hold-out", **fields):
    """Return the study at 180 days."""
    return compare_practices(iter(rows), arm=arm, against=against, horizon=HORIZON, **fields)


def test_a_clean_trial_is_causal_and_warns_of_nothing() -> None:
    """Drawn, followed to the end, balanced: Newcombe's interval, causal, and not one warning."""
    study = compare(trial(160, 200, 140, 200))
    assert study.estimate.standing is Standing.CAUSAL
    assert study.estimate.difference == close(0.1)
    assert study.estimate.interval == newcombe(160, 200, 140, 200).interval
    assert study.warnings == ()
    assert (study.naive, study.adjustment, study.worth) == (study.estimate, None, None)
    assert (study.arm.kept, study.arm.at_risk, study.arm.responses) == (0.8, 160, (("accepted", 200),))
    assert study.curves.p < 0.05


def test_units_count_by_offer_not_by_acceptance() -> None:
    """Those who declined, abandoned or returned the offer stay in its arm, and are reported apart."""
    rows = [outcome(drawn(n, response=list(Response)[n % 5]), kept=n % 2 == 0) for n in range(100)]
    rows += [outcome(drawn(f"h{n}", "hold-out"), kept=n % 2 == 0) for n in range(100)]
    study = compare(rows)
    assert study.estimate.difference == 0.0
    assert dict(study.arm.responses) == dict.fromkeys(("not-offered", "accepted", "declined", "abandoned", "returned"), 20)


def test_ways_of_leaving_are_kept_apart() -> None:
    """Leaving by choice, for debt and by moving away compete, and add up to what left."""
    ways = [None, *Leaving]
    rows = [outcome(drawn(n), kept=n % 4 == 0, left=ways[n % 4]) if n % 4 else outcome(drawn(n)) for n in range(80)]
    study = compare(rows + [outcome(drawn(f"h{n}", "hold-out"), kept=n % 2 == 0) for n in range(80)])
    assert dict(study.arm.leaving) == {"forced": close(0.25), "moved": close(0.25), "voluntary": close(0.25)}
    assert study.arm.kept == close(0.25)


def test_censoring_is_handled_by_curves_and_said() -> None:
    """Units lost before the horizon leave the curves, with a warning, and the answer stays causal."""
    rows = trial(160, 200, 140, 200)
    rows += [outcome(drawn(f"c{n}", arm), days=60) for n in range(40) for arm in ("offer",)]
    study = compare(rows, confidence=0.9)
    assert study.estimate.method == "kaplan-meier"
    assert study.estimate.difference == close(0.8 - 0.7, abs=1e-9)
    assert study.warned("censored-before-horizon")
    assert study.estimate.interval.low < 0.1 < study.estimate.interval.high
    assert study.worth is None


def test_equal_curves_have_no_p_value_below_one() -> None:
    """Where nobody left in either arm, the censored comparison tests nothing and the log-rank is left out."""
    rows = [outcome(drawn(f"{arm}{n}", arm), days=60 if n == 0 else 200) for n in range(30) for arm in ("offer", "hold-out")]
    study = compare(rows)
    assert (study.estimate.significance.p, study.curves) == (1.0, None)
    assert study.estimate.interval.low < 0 < study.estimate.interval.high


def test_zero_cells_use_the_score_interval() -> None:
    """Where nobody left in one arm, the score interval is used and said."""
    study = compare(trial(60, 60, 50, 60))
    assert study.estimate.method == "miettinen-nurminen"
    assert study.warned("zero-cell")


def test_worth_counts_those_who_would_have_stayed() -> None:
    """Revenue after discounts is compared over all units, and each customer kept costs the whole discount over the effect."""
    rows = [
        outcome(
            row.exposure,
            kept=row.left is None,
            flows=[
                Flow(30 * DAYS, "27" if row.exposure.practice == "offer" else "30", "3" if row.exposure.practice == "offer" else "0"),
                *([Flow(150 * DAYS, "30")] if row.left is None else []),
            ],
        )
        for row in trial(180, 200, 140, 200)
    ]
    study = compare(rows)
    assert study.worth.revenue.value == close((27 + 0.9 * 30) - (30 + 0.7 * 30))
    assert study.worth.cost == 3.0
    assert study.worth.per_retained == close(3.0 / 0.2)
    assert (study.arm.revenue, study.arm.cost) == (Decimal(200 * 27 + 180 * 30), Decimal(600))
    assert compare(trial(150, 200, 150, 200, flows=[Flow(DAYS, "30")])).worth is None


def test_no_price_is_put_on_an_effect_that_may_be_none() -> None:
    """Where the interval holds zero, there is no cost per customer kept."""
    rows = [
        outcome(row.exposure, kept=row.left is None, flows=[Flow((1 + n) * DAYS, str(n % 7), "1")])
        for n, row in enumerate(trial(150, 200, 148, 200))
    ]
    assert compare(rows).worth.per_retained is None


def test_rules_without_covariates_give_an_association() -> None:
    """A deterministic rule is not a draw; without adjustment the answer is an association."""
    rows = [outcome(exposure(n, "offer" if n % 2 else "hold-out"), kept=n % 5 > 0) for n in range(200)]
    assert compare(rows).estimate.standing is Standing.ASSOCIATION


def test_adjusting_recovers_the_planted_effect() -> None:
    """Where those about to leave get the offer, the naive number hides the effect and the adjusted one finds it."""
    study = compare(confounded(4_000, 0.10, seed=1), against="none", adjust_for=["calls"])
    assert study.estimate.standing is Standing.ADJUSTED
    assert study.estimate.adjusted_for == ("calls",)
    assert study.naive.standing is Standing.ASSOCIATION
    assert study.naive.interval.high < 0.10
    assert study.estimate.interval.holds(0.10)
    assert abs(study.adjustment.balance[0].after) < 0.1 < study.adjustment.balance[0].before
    assert study.worth.revenue.value == close(-3.0, abs=0.2)
    assert not study.warned("unbalanced")
    assert not study.warned("hangs-on-specification")


def test_the_effect_on_those_who_got_it_can_be_asked() -> None:
    """For those who got the practice the answer is weighted to them, and the study says for whom it is."""
    rows = confounded(2_000, 0.10, seed=6)
    study = compare(rows, against="none", adjust_for=["calls"], target=Target.TREATED)
    assert study.adjustment.target is Target.TREATED
    assert study.estimate.method == "doubly robust, treated"
    assert study.estimate.interval.holds(0.10)
    assert study.adjustment.effective_sizes[0] == close(study.arm.size)


def test_agents_choices_are_clustered_and_said() -> None:
    """Where agents chose, the error is over agents, few agents are named, and the answer is never causal."""
    rows = confounded(800, 0.10, seed=2, decider=Decider.AGENT, agents=8)
    plain = compare(rows, against="none")
    assert plain.estimate.standing is Standing.ASSOCIATION
    assert plain.estimate.method == "clustered"
    assert plain.warned("few-agents")
    assert plain.warned("agents-chose")
    adjusted = compare(rows, against="none", adjust_for=["calls"])
    assert adjusted.estimate.method.endswith("clustered")
    assert adjusted.worth.revenue.method.endswith("clustered")
    many = compare(confounded(800, 0.10, seed=2, decider=Decider.AGENT, agents=30), against="none")
    assert not many.warned("few-agents")


def test_censored_choices_of_agents_are_not_clustered_and_said() -> None:
    """Curves have no cluster error here, and the study says so; a unit without an agent is its own cluster."""
    rows = [
        outcome(exposure(n, "offer" if n % 2 else "hold-out", decider=Decider.AGENT), kept=n % 5 > 0, days=200 if n % 3 else 90)
        for n in range(200)
    ]
    assert compare(rows).warned("not-clustered")


def test_uneven_draws_are_weighted_and_still_causal() -> None:
    """Units drawn with different logged probabilities are weighted by them, and the answer stays causal."""
    rows = []
    for n in range(400):
        share = "0.8" if n % 2 else "0.2"
        offered = n % 10 < 8 if n % 2 else n % 10 < 2
        done = drawn(n, "offer", share) if offered else drawn(n, "hold-out", "0.2" if n % 2 else "0.8")
        rows.append(outcome(done, kept=n % 3 > 0, flows=[Flow(DAYS, str(n % 11))]))
    study = compare(rows)
    assert study.estimate.standing is Standing.CAUSAL
    assert study.adjustment.model == "logged"
    assert study.worth is not None
    assert study.naive.standing is Standing.ASSOCIATION


def test_a_broken_assignment_is_named() -> None:
    """Arms far out of ratio warn; arms in ratio do not."""
    assert compare(trial(100, 120, 200, 260)).warned("sample-ratio")
    assert not compare(trial(100, 120, 100, 125)).warned("sample-ratio")


def test_immortal_time_is_named() -> None:
    """A practice settled after time zero warns; settled at time zero it does not."""
    rows = [outcome(exposure(n, "offer" if n % 2 else "hold-out", decided=ZERO + DAYS * (n % 4)), kept=n % 5 > 0) for n in range(100)]
    assert compare(rows).warned("immortal-time")
    rows = [outcome(exposure(n, "offer" if n % 2 else "hold-out", decided=ZERO), kept=n % 5 > 0) for n in range(100)]
    assert not compare(rows).warned("immortal-time")


def test_few_at_risk_and_several_looks_are_named() -> None:
    """Fewer than ten at risk, and more than one comparison, are said."""
    study = compare(trial(8, 30, 20, 30), looked_at=5)
    assert study.warned("few-at-risk")
    assert study.warned("several-looked-at")
    assert study.looked_at == 5


class Fixed:
    """A model of a host that gives each unit the same probability, or what it is told."""

    code = "fixed"

    def __init__(self, *shares: float) -> None:
        """Keep the probabilities to repeat."""
        self.shares = shares

    def probabilities(self, units):
        """Return one probability per unit, repeating."""
        return [self.shares[n % len(self.shares)] for n in range(len(units.treated))]


def test_a_hosts_own_model_is_used_and_watched() -> None:
    """A poor model leaves the arms unbalanced, far-off weights are named, and the answer then hangs on the specification."""
    rows = confounded(3_000, 0.10, seed=3)
    study = compare(rows, against="none", adjust_for=["calls"], model=Fixed(0.5))
    assert study.adjustment.model == "fixed"
    assert study.warned("unbalanced")
    assert study.warned("hangs-on-specification")
    extreme = compare(rows, against="none", adjust_for=["calls"], model=Fixed(0.5, *[0.5] * 60, 0.0005, 0.9995))
    assert extreme.warned("little-overlap")
    assert extreme.warned("small-effective-size")


@pytest.mark.parametrize("model", [Fixed(1.0), Fixed(0.0)])
def test_a_model_without_probabilities_is_refused(model: Fixed) -> None:
    """Certainty is no probability."""
    with pytest.raises(InvalidValueError, match="strictly between 0 and 1"):
        compare(confounded(200, 0.1, seed=4), against="none", adjust_for=["calls"], model=model)


def test_declared_segments_are_answered_and_others_refused() -> None:
    """Each declared segment has its answer with an adjusted p-value; one not declared is not read afterwards."""
    rows = [outcome(drawn(n, "offer" if n % 2 else "hold-out", segment="new" if n % 4 < 2 else "old"), kept=n % 7 > 0) for n in range(400)]
    study = compare(rows, segments=["new", "old"])
    assert [(found.segment, sum(found.sizes)) for found in study.segments] == [("new", 200), ("old", 200)]
    assert all(found.adjusted_p >= found.estimate.significance.p - 1e-12 for found in study.segments)
    assert study.segment("old").estimate.standing is Standing.CAUSAL
    with pytest.raises(UnknownReferenceError, match="not declared"):
        study.segment("late")
    with pytest.raises(RefusedError, match="no units in one of the arms"):
        compare(rows, segments=["none"])


def test_late_entries_leave_the_curves() -> None:
    """Units that come under observation late count from then on."""
    rows = [
        Outcome(
            drawn(n, "offer" if n % 2 else "hold-out"),
            (200 if n % 3 else 90) * DAYS,
            None if n % 3 else Leaving.VOLUNTARY,
            entered=(n % 50) * DAYS,
        )
        for n in range(200)
    ]
    study = compare(rows)
    assert study.estimate.method == "kaplan-meier"
    assert study.curves is not None


@pytest.mark.parametrize(
    ("rows", "fields", "kind", "words"),
    [
        ([], {}, RefusedError, "no unit is in this arm"),
        (trial(5, 10, 5, 10)[:10], {}, RefusedError, "no unit is in this arm"),
        (trial(5, 10, 5, 10), {"against": "offer"}, InvalidValueError, "two practices"),
        (trial(5, 10, 5, 10), {"looked_at": 0}, InvalidValueError, "looked at"),
        (trial(5, 10, 5, 10) * 2, {}, DuplicateIdError, "one row per study"),
        ([outcome(drawn(1)), outcome(drawn(1, "hold-out"))], {}, DuplicateIdError, "keeps the arm"),
        ([outcome(drawn(1)), outcome(drawn(2, "hold-out"), currency="USD")], {}, CurrencyMismatchError, "one currency"),
        (trial(5, 10, 5, 10, discount_for=160 * DAYS), {}, RefusedError, "the discount still runs"),
        (confounded(50, 0.1, seed=5), {"against": "none", "adjust_for": ["tenure"]}, UnknownReferenceError, "not recorded"),
        (
            [outcome(exposure(n, "offer" if n % 2 else "hold-out", covariates={"x": n % 7}), days=100 + 90 * (n % 3)) for n in range(40)],
            {"adjust_for": ["x"]},
            RefusedError,
            "incomplete follow-up",
        ),
        ([outcome(drawn(n, "offer" if n % 2 else "hold-out"), days=100) for n in range(40)], {}, RefusedError, "nobody was at risk"),
    ],
)
def test_impossible_studies_are_refused(rows, fields, kind, words: str) -> None:
    """Empty and one-sided arms, doubles, changed assignments, early horizons and incomplete follow-up are named."""
    with pytest.raises(kind, match=words):
        compare(rows, **fields)


def test_rows_of_two_studies_are_refused() -> None:
    """A comparison reads one study."""
    other = [outcome(type(row.exposure)("winback", row.exposure.unit, row.exposure.practice, ZERO)) for row in trial(5, 10, 5, 10)]
    with pytest.raises(InvalidValueError, match="rows of one study"):
        compare(trial(5, 10, 5, 10) + other)
