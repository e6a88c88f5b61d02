"""Calls become exposures that agents decided."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing_domain.accounts import IdentityLevel
from billing_domain.care import Concession
from billing_domain.disputes import DisputeOutcome
from billing_domain.errors import RefusedError
from billing_domain.retention import Decider, Response, dispute_outcome, exposure_of_call, what_was_given


def call(correction: str = "0", goodwill: str = "0", discount: str = "0", **fields: object) -> Concession:
    """Return the record of a call."""
    return Concession(
        id="C-1",
        account_id="A-1",
        agent="E-7",
        at=datetime(2026, 3, 1, 9, tzinfo=UTC),
        level=IdentityLevel.HIGH,
        correction_amount=Decimal(correction),
        goodwill_amount=Decimal(goodwill),
        discount_amount=Decimal(discount),
        currency="EUR",
        **fields,
    )


@pytest.mark.parametrize(
    ("amounts", "practice"),
    [
        ({}, "nothing"),
        ({"correction": "6.00"}, "correction"),
        ({"correction": "6.00", "goodwill": "5.00"}, "correction+goodwill"),
        ({"discount": "9.00"}, "discount"),
    ],
)
def test_what_was_given_is_the_practice(amounts: dict[str, str], practice: str) -> None:
    """Corrections, goodwill and discounts are told apart and named together."""
    assert what_was_given(call(**amounts)) == practice
    assert exposure_of_call(call(**amounts), study="calls-2026").practice == practice


def test_a_call_never_has_a_probability() -> None:
    """An agent decided: the exposure names the agent, the policy and its version, and no probability."""
    done = exposure_of_call(
        call(discount="9.00", grant="G-1", policy="acme:loyal@2"), study="calls-2026", covariates={"calls": 3.0}, segment="fibre"
    )
    assert (done.decider, done.probability, done.agent, done.unit) == (Decider.AGENT, None, "E-7", "A-1")
    assert (done.policy, done.version, done.response, done.segment) == ("acme:loyal", "2", Response.ACCEPTED, "fibre")
    assert done.covariate("calls") == 3.0


def test_the_outcome_of_a_dispute_is_a_practice() -> None:
    """A call on which a dispute was decided is compared by its outcome; one without is refused."""
    upheld = call(outcome=DisputeOutcome.UPHELD, dispute="D-1")
    done = exposure_of_call(upheld, study="disputes-2026", practice=dispute_outcome(upheld))
    assert (done.practice, done.response) == ("upheld", Response.NOT_OFFERED)
    with pytest.raises(RefusedError, match="no dispute was decided"):
        dispute_outcome(call())
