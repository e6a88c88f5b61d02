"""Adjustment recovers what is known on two public data sets, and says where it cannot."""

import csv
from pathlib import Path

import pytest

from billing_domain.retention import stats
from billing_domain.retention.stats import Target

DATA = Path(__file__).parents[2] / "data" / "retention"
KNOWN_TRAINING = 1794.34  # the randomised difference in USD, as Dehejia and Wahba (1999) print it: 1,794
KNOWN_WEIGHT = 3.44  # kg, the weighted estimate of Hernán and Robins, program 12.2


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def training():
    """Return those trained by lot and the people of the survey, with covariates, treatment and earnings."""
    read = rows("lalonde_nsw_cps.csv")
    chosen = [row for row in read if row["source"] == "cps" or row["treat"] == "1"]
    names = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")
    covariates = {name: [float(row[name]) for row in chosen] for name in names}
    covariates |= {f"none_{year}": [float(value == 0.0) for value in covariates[f"re{year}"]] for year in (74, 75)}
    covariates |= {f"age_{power}": [(value / 10) ** power for value in covariates["age"]] for power in (2, 3)}
    covariates["educ_2"] = [value**2 for value in covariates["educ"]]
    covariates["educ_re74"] = [a * b / 1000 for a, b in zip(covariates["educ"], covariates["re74"], strict=True)]
    treated = [row["treat"] == "1" for row in chosen]
    columns = list(covariates.values())
    shares = stats.fit_logistic(columns, treated).probabilities(columns)
    return read, covariates, treated, [float(row["re78"]) for row in chosen], shares


def test_the_randomised_training_has_its_known_effect(training) -> None:
    """Among those drawn by lot, training raised earnings by 1,794 dollars."""
    read = [row for row in training[0] if row["source"] == "nsw"]
    arms = [stats.moments(float(row["re78"]) for row in read if row["treat"] == arm) for arm in "10"]
    found = stats.welch(*arms)
    assert found.value == pytest.approx(KNOWN_TRAINING, abs=0.01)
    assert found.interval.low > 0


def test_adjustment_turns_a_wrong_sign_round(training) -> None:
    """Against the survey the naive number is minus 8,498; weights for the treated find the known effect again."""
    _, covariates, treated, earned, shares = training
    naive = (
        sum(y for y, t in zip(earned, treated, strict=True) if t) / 185
        - sum(y for y, t in zip(earned, treated, strict=True) if not t) / 15_992
    )
    assert naive == pytest.approx(-8497.5, abs=0.1)
    columns = list(covariates.values())
    weighted = stats.weighted_difference(earned, treated, shares, Target.TREATED, columns)
    robust = stats.doubly_robust(earned, treated, shares, columns, Target.TREATED, stats.mean_model)
    for found in (weighted, robust):
        assert 1_000 < found.value < 2_500
        assert found.interval.holds(KNOWN_TRAINING)
    after = stats.balance(covariates, treated, stats.inverse_weights(treated, shares, Target.TREATED))
    assert max(abs(row.before) for row in after) > 2
    assert max(abs(row.after) for row in after) < stats.UNBALANCED


def test_the_survey_allows_no_answer_for_everybody(training) -> None:
    """Nine of ten people of the survey could hardly have been trained: overlap says so, and the answer for all is far off."""
    _, _covariates, treated, earned, shares = training
    assert stats.overlap(shares).outside > 0.9
    weights = stats.inverse_weights(treated, shares)
    trained = [weight for weight, offered in zip(weights, treated, strict=True) if offered]
    assert stats.effective_size(trained) < 0.1 * len(trained)
    everybody = stats.weighted_difference(earned, treated, shares)
    assert not everybody.interval.holds(KNOWN_TRAINING)


def test_giving_up_smoking_matches_the_textbook() -> None:
    """The weighted effect is 3.4 kg (2.4 to 4.5) as printed, the naive one 2.5, and the doubly robust one agrees."""
    read = rows("nhefs_complete.csv")
    treated, gained = [row["qsmk"] == "1" for row in read], [float(row["wt82_71"]) for row in read]
    covariates = {name: [float(row[name]) for row in read] for name in ("sex", "race", "age", "smokeintensity", "smokeyrs", "wt71")}
    covariates |= {f"{name}_2": [value**2 for value in covariates[name]] for name in ("age", "smokeintensity", "smokeyrs", "wt71")}
    for name, levels in (("education", "2345"), ("exercise", "12"), ("active", "12")):
        covariates |= {f"{name}_{level}": [float(row[name] == level) for row in read] for level in levels}
    columns = list(covariates.values())
    shares = stats.fit_logistic(columns, treated).probabilities(columns)
    found = stats.weighted_difference(gained, treated, shares)
    assert found.value == pytest.approx(KNOWN_WEIGHT, abs=0.005)
    assert found.interval == pytest.approx((2.4, 4.5), abs=0.05)
    assert stats.doubly_robust(gained, treated, shares, columns, fit=stats.mean_model).value == pytest.approx(3.4, abs=0.1)
    assert stats.overlap(shares).outside == 0.0
    assert max(abs(row.after) for row in stats.balance(covariates, treated, stats.inverse_weights(treated, shares))) < 0.05
