"""A study in words and as a page says what its data say."""

import re
from xml.etree import ElementTree as ET

import attrs
import pytest

from billing_domain.errors import UnknownReferenceError
from billing_domain.reasons import Reason
from billing_domain.retention import Flow, Standing, compare_practices
from billing_domain.retention.phrases import ENGLISH, LITHUANIAN
from billing_domain.retention.stats import Significance
from billing_domain.retention.wording import shown_p, warning_text
from retention_helpers import DAYS, HORIZON, confounded, drawn, outcome, trial


def studies():
    """Return a causal, an adjusted and a segmented study."""
    causal = compare_practices(trial(180, 200, 140, 200), arm="offer", against="hold-out", horizon=HORIZON)
    adjusted = compare_practices(confounded(800, 0.1, seed=1), arm="offer", against="none", horizon=HORIZON, adjust_for=["calls"])
    rows = [
        outcome(
            drawn(n, "offer" if n % 2 else "hold-out", segment="new" if n % 4 < 2 else "old"),
            kept=n % 7 > 2 * (n % 2 == 0),
            flows=[Flow(DAYS, "20", "2" if n % 2 else "0"), Flow(2 * DAYS, str(n % 5))],
        )
        for n in range(1_400)
    ]
    return [
        causal,
        adjusted,
        compare_practices(rows, arm="offer", against="hold-out", horizon=HORIZON, segments=["new", "old"], looked_at=2),
    ]


STUDIES = studies()


def test_both_languages_have_the_same_phrases() -> None:
    """Each phrase exists in both languages with the same figures in it."""
    assert ENGLISH.keys() == LITHUANIAN.keys()
    for code, words in ENGLISH.items():
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", LITHUANIAN[code])), code


@pytest.mark.parametrize("study", STUDIES)
def test_figures_in_the_text_equal_the_data(study) -> None:
    """Difference, limits, shares and sizes stand in the text, rounded once."""
    text = study.text(locale="en_GB")
    for value in (study.estimate.difference, *study.estimate.interval):
        assert f"{value * 100:.1f}".removesuffix(".0").replace("-0", "-0") in text
    for arm in (study.arm, study.against):
        assert f"{arm.kept * 100:.1f}".removesuffix(".0") + "% still there" in text
    assert study.estimate.method in text
    assert ENGLISH[study.estimate.standing.value].split("{")[0] in text


def test_the_causal_study_in_full() -> None:
    """The text of the plain trial, word for word, in both languages."""
    assert STUDIES[0].text(locale="en_GB").splitlines()[:4] == [
        "Study loyalty-2026: offer against hold-out, 180 days after the start",
        "offer: 90% still there (95% interval 85.1% to 93.4%; 200 customers).",
        "hold-out: 70% still there (95% interval 63.3% to 75.9%; 200 customers).",
        "Difference: 20 percentage points (95% interval 12.3 to 27.5; p < 0.0001).",
    ]
    assert "Skirtumas: 20 proc. p. (95\xa0% intervalas nuo 12,3 iki 27,5; p < 0,0001)." in STUDIES[0].text(locale="lt_LT")
    assert "Įspėjimų nėra." in STUDIES[0].text(locale="lt_LT")


def test_the_naive_number_stands_beside_the_adjusted_one() -> None:
    """An adjusted text names its covariates and labels the plain number as an association."""
    study = STUDIES[1]
    text = study.text(locale="en_GB")
    assert study.estimate.standing is Standing.ADJUSTED
    assert "adjusted for calls" in text
    assert (
        f"Without adjustment the difference would be {study.naive.difference * 100:.1f} percentage points; that is an association only."
        in text
    )
    assert "Pajamų iš vieno kliento skirtumas" in study.text(locale="lt_LT")


def test_segments_worth_and_warnings_are_told() -> None:
    """Segments, money and warnings have their lines, and a cost per customer kept only where there is one."""
    text = STUDIES[2].text(locale="en_GB")
    assert "new: " in text
    assert "The discount cost €2.00 for each customer it was meant for." in text
    assert ("Each customer kept who would have left cost" in text) is (STUDIES[2].worth.per_retained is not None)
    assert "2 comparisons were looked at" in text
    assert "Be careful:" in text


@pytest.mark.parametrize("locale", ["en_GB", "lt_LT"])
def test_every_warning_has_its_words(locale: str) -> None:
    """Each warning code can be said with its facts."""
    facts = {
        "units": 3,
        "first": 1,
        "second": 2,
        "at_risk": 4,
        "arm": "offer",
        "agents": 5,
        "covariate": "calls",
        "difference": 1,
        "low": 0,
        "high": 1,
    }
    facts |= {"effective": 2, "doubly_robust": 1, "weighted": 2, "comparisons": 3}
    for code in ENGLISH:
        if code.startswith("warning."):
            assert "{" not in warning_text(Reason.of(code.removeprefix("warning."), **facts), locale=locale)


def test_p_values_read_at_every_size() -> None:
    """Plain, small and below all floats."""
    found = [shown_p(Significance(0.0, power), "en_GB") for power in (0.0, -1.3, -5.0, -510.9)]
    assert found == ["p = 1", "p = 0.05", "p < 0.0001", "p about 10^-511"]


def test_other_languages_are_refused() -> None:
    """A study speaks English and Lithuanian, and says so."""
    with pytest.raises(UnknownReferenceError, match="English and Lithuanian"):
        STUDIES[0].text(locale="de_DE")


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("locale", ["en_GB", "lt_LT"])
def test_the_page_stands_alone(study, locale: str) -> None:
    """The page holds the text and well-formed charts, no script and no address."""
    page = study.html(locale=locale)
    charts = re.findall(r"<svg.*?</svg>", page)
    assert len(charts) == (3 if study.adjustment else 2)
    for chart in charts:
        ET.fromstring(chart)
    assert "<script" not in page
    assert set(re.findall(r"https?://[^\"]+", page)) == {"http://www.w3.org/2000/svg"}
    assert f'lang="{locale[:2]}"' in page
    tenth = {"en_GB": ">0.1<", "lt_LT": ">0,1<"}[locale]
    assert (tenth in page) is (study.adjustment is not None)


def test_worth_without_a_cost_names_none() -> None:
    """A practice that takes nothing off the bill has no line about what a discount cost; curves end at the horizon."""
    rows = [outcome(row.exposure, kept=row.left is None, flows=[Flow(n % 9 * DAYS, "20")]) for n, row in enumerate(trial(30, 40, 20, 40))]
    rows += [outcome(drawn("late"), kept=False, followed=190 * DAYS, flows=[Flow(200 * DAYS, "5")])]
    study = compare_practices(rows, arm="offer", against="hold-out", horizon=HORIZON)
    assert study.worth is not None
    assert "The discount cost" not in study.text(locale="en_GB")
    assert study.html(locale="en_GB").count("<polyline") == 2


def test_names_are_escaped() -> None:
    """A practice with an angle bracket cannot break the page."""
    study = attrs.evolve(STUDIES[0], arm=attrs.evolve(STUDIES[0].arm, code="<b>"))
    assert "<b>" not in study.html(locale="en_GB")
