"""Who was eligible for an offer, what was offered, and what they did with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.retention.experiment import Assignment
from billing_domain.retention.model import Decider, Exposure, Response
from billing_domain.retention.protocols import PolicyReference


@guarded
@attrs.frozen
class PolicyVersion:
    """Which policy was in force, by code and version.

    Args:
        code: The code of the policy.
        version: Its version.
    """

    code: str
    version: str


def _policy(policy: PolicyReference) -> PolicyVersion:
    try:
        return PolicyVersion(policy.code, str(policy.version))
    except AttributeError:
        raise InvalidTypeError(policy, "a policy has a code and a version", "give the policy itself or a PolicyVersion") from None


def _pairs(given: Mapping[str, float] | Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(dict(given).items()))


@guarded
@attrs.frozen
class OfferRecord:
    """What happened with one eligible unit; those in the hold-out get one too.

    Args:
        assignment: The arm that was drawn.
        policy: The discount policy, or its code and version; a record keeps these two only.
        response: What the unit did with the offer; `NOT_OFFERED` in the hold-out.
        at: Time zero, an aware instant: when the unit first became eligible.
        reason: The code of the stated reason.
        agent: The code of the agent who made the offer.
        covariates: What was known at time zero, as numbers by name.
        segment: The segment, as declared before the study began.
        kept_back: The code of the arm that gets no offer.

    Example:
        >>> from datetime import datetime, timezone
        >>> from billing_domain.retention import Arm, Experiment, OfferRecord, PolicyVersion, Response
        >>> trial = Experiment("loyalty-2026", "7f3a", [Arm("offer", share="0.8"), Arm("hold-out", share="0.2")])
        >>> now = datetime(2026, 3, 1, tzinfo=timezone.utc)
        >>> record = OfferRecord(trial.assign_id("A-1"), PolicyVersion("loyal", "1"), Response.ACCEPTED, now)
        >>> record.exposure.practice, record.exposure.probability
        ('offer', Decimal('0.8'))
    """

    assignment: Assignment
    policy: PolicyVersion = attrs.field(converter=_policy)
    response: Response
    at: datetime
    reason: str = ""
    agent: str | None = None
    covariates: tuple[tuple[str, float], ...] = attrs.field(default=(), converter=_pairs)
    segment: str = ""
    kept_back: str = "hold-out"

    def __attrs_post_init__(self) -> None:
        if self.assignment.arm == self.kept_back and self.response is not Response.NOT_OFFERED:
            raise InvalidValueError(self.response.value, f"the arm {self.kept_back!r} gets no offer", "keep to what was drawn")
        _ = self.exposure

    @property
    def exposure(self) -> Exposure:
        """The record as an exposure."""
        return Exposure(
            study=self.assignment.experiment,
            unit=self.assignment.unit,
            practice=self.assignment.arm,
            at=self.at,
            decider=Decider.DRAW,
            probability=self.assignment.probability,
            policy=self.policy.code,
            version=self.policy.version,
            reason=self.reason,
            agent=self.agent,
            response=self.response,
            covariates=self.covariates,
            segment=self.segment,
        )
