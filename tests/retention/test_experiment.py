"""The draw is the same everywhere, balanced, and independent between studies."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import BillingError
from billing_domain.retention import Arm, Experiment, OfferRecord, PolicyVersion, Response, first_eligible
from billing_domain.retention.stats import sample_ratio
from retention_helpers import ZERO

TRIAL = Experiment("loyalty-2026", "7f3a", [Arm("offer", share="0.8"), Arm("hold-out", share="0.2")])
LOYAL = PolicyVersion("loyal", "1")


def test_the_draw_is_pinned() -> None:
    """These arms were drawn when the library was written and never change."""
    assert [n for n in range(1, 13) if TRIAL.assign_id(f"A-{n}").arm == "hold-out"] == [4, 9, 12]


def test_the_draw_is_the_same_in_another_process() -> None:
    """Another process with another hash seed draws the same arms."""
    script = (
        "from billing_domain.retention import Arm, Experiment\n"
        "trial = Experiment('loyalty-2026', '7f3a', [Arm('offer', share='0.8'), Arm('hold-out', share='0.2')])\n"
        "print(*(trial.assign_id(f'A-{n}').arm for n in range(200)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": "77"}, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [TRIAL.assign_id(f"A-{n}").arm for n in range(200)]


@given(st.text(min_size=1).filter(lambda text: text == text.strip()))
def test_the_draw_depends_on_study_and_unit_alone(unit: str) -> None:
    """Anything with an id is drawn like its id, again and again, with the share as its probability."""
    found = TRIAL.assign(SimpleNamespace(id=unit, name="not read"))
    assert found == TRIAL.assign_id(unit)
    assert found.probability == {"offer": Decimal("0.8"), "hold-out": Decimal("0.2")}[found.arm]


def test_the_draw_is_balanced_and_independent_between_studies() -> None:
    """Over 20,000 units the arms have their shares, and two studies do not hang together."""
    other = Experiment("winback-2026", "7f3a", TRIAL.arms)
    units = [f"customer-{n}" for n in range(20_000)]
    one, two = ([trial.assign_id(unit).arm for unit in units] for trial in (TRIAL, other))
    assert sample_ratio([one.count("offer"), one.count("hold-out")], [0.8, 0.2]).p > 0.001
    both = [
        sum((a, b) == pair for a, b in zip(one, two, strict=True))
        for pair in (("offer",) * 2, ("offer", "hold-out"), ("hold-out", "offer"), ("hold-out",) * 2)
    ]
    assert sample_ratio(both, [0.64, 0.16, 0.16, 0.04]).p > 0.001


def test_three_arms_share_the_line() -> None:
    """Thirds that do not add up exactly are refused; three exact shares all occur."""
    trial = Experiment("three", "1", [Arm("a", share="0.25"), Arm("b", share="0.25"), Arm("c", share="0.5")])
    assert {trial.assign_id(str(n)).arm for n in range(100)} == {"a", "b", "c"}
    with pytest.raises(BillingError, match="add up to 1"):
        Experiment("three", "1", [Arm(code, share="0.333") for code in "abc"])


@pytest.mark.parametrize(
    "call",
    [
        lambda: Arm("offer", share="1"),
        lambda: Arm("offer", share=0.5),
        lambda: Arm("", share="0.5"),
        lambda: Experiment("x", "1", [Arm("a", share="0.5")]),
        lambda: Experiment("x", "1", [Arm("a", share="0.5"), Arm("a", share="0.5")]),
        lambda: Experiment("", "1", TRIAL.arms),
        lambda: TRIAL.assign_id(" "),
        lambda: OfferRecord(TRIAL.assign_id("A-4"), LOYAL, Response.ACCEPTED, ZERO),
        lambda: OfferRecord(TRIAL.assign_id("A-1"), LOYAL, Response.ACCEPTED, ZERO.replace(tzinfo=None)),
        lambda: OfferRecord(TRIAL.assign_id("A-1"), "loyal", Response.ACCEPTED, ZERO),
    ],
)
def test_impossible_experiments_are_refused(call) -> None:
    """Shares of nothing or everything, floats, doubles, blank ids and offers to the hold-out are typed errors."""
    with pytest.raises(BillingError):
        call()


def test_a_record_keeps_what_a_study_needs() -> None:
    """The exposure of a record has arm, probability, policy and version, and the policy object is not kept."""
    policy = SimpleNamespace(code="loyal", version=3)
    record = OfferRecord(TRIAL.assign_id("A-1"), policy, Response.RETURNED, ZERO, covariates={"calls": 2}, segment="new", agent="E-7")
    done = record.exposure
    assert (done.study, done.practice, done.probability, done.policy, done.version) == (
        "loyalty-2026",
        "offer",
        Decimal("0.8"),
        "loyal",
        "3",
    )
    assert (done.covariate("calls"), done.segment, done.agent, done.response) == (2.0, "new", "E-7", Response.RETURNED)
    assert record.policy == PolicyVersion("loyal", "3")


def test_only_the_first_eligibility_counts() -> None:
    """Of two records of one unit the earlier is kept, and the order they come in changes nothing."""
    early = OfferRecord(TRIAL.assign_id("A-1"), LOYAL, Response.DECLINED, ZERO)
    late = OfferRecord(TRIAL.assign_id("A-1"), LOYAL, Response.ACCEPTED, datetime(2026, 5, 1, tzinfo=UTC))
    other = OfferRecord(TRIAL.assign_id("A-2"), LOYAL, Response.NOT_OFFERED, ZERO)
    again = OfferRecord(TRIAL.assign_id("A-1"), LOYAL, Response.ACCEPTED, ZERO)
    assert first_eligible([late, other, early]) == first_eligible([early, other, late]) == (early, other)
    assert first_eligible([again, early]) == first_eligible([early, again])
