"""What was done on a call, as an exposure that a study reads."""

from collections.abc import Mapping

from billing_domain.care import Concession
from billing_domain.doors import door
from billing_domain.errors import RefusedError
from billing_domain.retention.model import Decider, Exposure, Response


@door
def what_was_given(concession: Concession) -> str:
    """Return what a call ended with, as the code of a practice: `correction`, `goodwill`, `discount`, joined by `+`, or `nothing`."""
    given = (
        ("correction", concession.correction_amount),
        ("goodwill", concession.goodwill_amount),
        ("discount", concession.discount_amount),
    )
    return "+".join(code for code, amount in given if amount) or "nothing"


@door
def dispute_outcome(concession: Concession) -> str:
    """Return what came of the dispute on a call, as the code of a practice.

    Raises:
        RefusedError: No dispute was decided on the call.
    """
    if concession.outcome is None:
        raise RefusedError(concession.id, "no dispute was decided on this call", "leave the call out of the study")
    return concession.outcome.value


@door
def exposure_of_call(
    concession: Concession, *, study: str, practice: str | None = None, covariates: Mapping[str, float] | None = None, segment: str = ""
) -> Exposure:
    """Return a call as an exposure: an agent decided, so it never has a probability and is never causal.

    Args:
        concession: The record of the call.
        study: The code of the study.
        practice: What is compared; what was given if none is named. `dispute_outcome(concession)` gives the other usual one.
        covariates: What was known when the call began, as numbers by name.
        segment: The segment, as declared before the study began.
    """
    code, _, version = concession.policy.partition("@")
    return Exposure(
        study=study,
        unit=concession.account_id,
        practice=what_was_given(concession) if practice is None else practice,
        at=concession.at,
        decider=Decider.AGENT,
        policy=code,
        version=version,
        agent=concession.agent,
        response=Response.ACCEPTED if concession.grant else Response.NOT_OFFERED,
        covariates=covariates or {},
        segment=segment,
    )
