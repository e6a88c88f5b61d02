"""What was done with whom, and what came of it: plain rows, without anything personal."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from types import MappingProxyType

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError, OutOfOrderError, UnknownReferenceError
from billing_domain.ids import checked_id
from billing_domain.instants import checked_instant, utc
from billing_domain.money import Number, to_decimal
from billing_domain.money.amounts import add_up

NO_TIME = timedelta(0)
DAY = timedelta(days=1)


class Decider(Enum):
    """Who decided what was done with a unit; only a seeded draw lets a study say "causal".

    Example:
        >>> from billing_domain.retention.model import Decider
        >>> Decider("draw").name
        'DRAW'
    """

    DRAW = "draw"
    RULE = "rule"
    AGENT = "agent"


class Response(Enum):
    """What a unit did with an offer; it never decides in which arm the unit is counted.

    Example:
        >>> from billing_domain.retention.model import Response
        >>> Response("returned").name
        'RETURNED'
    """

    NOT_OFFERED = "not-offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ABANDONED = "abandoned"
    RETURNED = "returned"


class Leaving(Enum):
    """How a unit left: by its own choice, cut off for what it owed, or moved away.

    Example:
        >>> from billing_domain.retention.model import Leaving
        >>> [way.value for way in Leaving]
        ['voluntary', 'forced', 'moved']
    """

    VOLUNTARY = "voluntary"
    FORCED = "forced"
    MOVED = "moved"


def _covariates(given: Mapping[str, float] | Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((name, float(value)) for name, value in dict(given).items()))


@guarded
@attrs.frozen
class Exposure:
    """What was done with one unit in one study, at its time zero.

    Args:
        study: The code of the study.
        unit: The id of the payer; never a name, an address or a number of a document.
        practice: What was done: the code of the arm, of a dispute outcome, of a wait band.
        at: Time zero, an aware instant: when the unit first became eligible and was assigned.
        decider: Who decided.
        probability: The probability with which this was done; only a draw has one.
        policy: The code of the discount policy, where it was an offer.
        version: Its version.
        reason: The code of the stated reason.
        agent: The code of the agent who dealt with the unit.
        response: What the unit did with the offer.
        covariates: What was known at time zero, as numbers by name.
        segment: The segment, as declared before the study began.
        decided: When the practice became settled, if that was after time zero.

    Example:
        >>> from datetime import datetime, timezone
        >>> from billing_domain.retention.model import Exposure
        >>> Exposure("waits", "A-1", "under-2-minutes", datetime(2026, 3, 1, tzinfo=timezone.utc)).practice
        'under-2-minutes'
    """

    study: str
    unit: str
    practice: str
    at: datetime
    decider: Decider = Decider.RULE
    probability: Decimal | None = None
    policy: str = ""
    version: str = ""
    reason: str = ""
    agent: str | None = None
    response: Response = Response.NOT_OFFERED
    covariates: tuple[tuple[str, float], ...] = attrs.field(default=(), converter=_covariates)
    segment: str = ""
    decided: datetime | None = None

    def __attrs_post_init__(self) -> None:
        for value, what in ((self.study, "a study"), (self.unit, "a unit"), (self.practice, "a practice")):
            checked_id(value, what)
        checked_instant(self.at, "time zero")
        if self.decided is not None and utc(checked_instant(self.decided, "the instant of a practice")) < utc(self.at):
            raise OutOfOrderError(self.decided, "a practice is settled at time zero or later", "let time zero be the first eligibility")
        for name, number in self.covariates:
            if not isfinite(number):
                raise InvalidValueError(number, f"covariate {name!r} is a finite number", "leave out the unit or the covariate")
        self._check_probability()

    def _check_probability(self) -> None:
        if self.decider is Decider.DRAW:
            if self.probability is None or not 0 < self.probability < 1:
                raise InvalidValueError(self.probability, "a draw has a probability strictly between 0 and 1", "log the share of the arm")
        elif self.probability is not None:
            raise InvalidValueError(self.probability, f"what the {self.decider.value} decided has no probability", "leave it out")

    def covariate(self, name: str) -> float:
        """Return what was known at time zero.

        Raises:
            UnknownReferenceError: It was not recorded for this unit.
        """
        for known, value in self.covariates:
            if known == name:
                return value
        raise UnknownReferenceError(name, f"this covariate was not recorded for unit {self.unit}", "record it at time zero for every unit")


def _revenue(value: Number) -> Decimal:
    return to_decimal(value, "revenue")


def _cost(value: Number) -> Decimal:
    return to_decimal(value, "the cost of a discount")


@attrs.frozen
class Flow:
    """What a unit paid, and what its discount cost, some time after time zero.

    Args:
        after: The time since time zero; negative is refused.
        revenue: What was billed after discounts, before tax.
        cost: What the discount took off.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.retention.model import Flow
        >>> Flow(timedelta(days=31), revenue="27.00", cost="3.00").cost
        Decimal('3.00')
    """

    after: timedelta
    revenue: Decimal = attrs.field(converter=_revenue)
    cost: Decimal = attrs.field(default=Decimal(0), converter=_cost)

    def __attrs_post_init__(self) -> None:
        if self.after < NO_TIME:
            raise OutOfOrderError(self.after, "a payment counts from time zero on", "leave out what was billed before")


def _flows(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    return tuple(flows)


def _counts(given: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((str(name), int(count)) for name, count in dict(given).items()))


@guarded
@attrs.frozen
class Outcome:
    """What came of one exposure, as far as it was followed.

    Args:
        exposure: What was done.
        followed: The time from time zero to leaving, or to the end of follow-up.
        left: How the unit left; none if it was still there when follow-up ended.
        currency: The currency of the flows.
        flows: What was paid and what the discount cost.
        counts: How often things happened by the end of follow-up: complaints, disputes, waits, plan changes.
        discount_for: How long after time zero the discount runs; zero where there is none.
        period: The length of a billing period; an honest horizon lies at least one period after the discount.
        entered: When the unit came under observation, after time zero; zero unless it entered late.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> from billing_domain.retention.model import Exposure, Leaving, Outcome
        >>> exposure = Exposure("waits", "A-1", "short", datetime(2026, 3, 1, tzinfo=timezone.utc))
        >>> Outcome(exposure, timedelta(days=40), Leaving.VOLUNTARY).left.value
        'voluntary'
    """

    exposure: Exposure
    followed: timedelta
    left: Leaving | None = None
    currency: str = "EUR"
    flows: tuple[Flow, ...] = attrs.field(default=(), converter=_flows)
    counts: tuple[tuple[str, int], ...] = attrs.field(default=(), converter=_counts)
    discount_for: timedelta = NO_TIME
    period: timedelta = timedelta(days=31)
    entered: timedelta = NO_TIME

    def __attrs_post_init__(self) -> None:
        if self.followed < NO_TIME:
            raise OutOfOrderError(self.followed, "nothing comes before time zero", "leave out what happened before the exposure")
        if self.entered < NO_TIME or (self.entered and self.entered >= self.followed):
            raise OutOfOrderError(self.entered, "a unit enters before the end of its stay", "leave out units never seen at risk")
        if self.discount_for < NO_TIME or self.period <= NO_TIME:
            raise InvalidValueError(self.discount_for, "a discount runs forward and a period has days", "check the windows")

    @property
    def honest_from(self) -> timedelta:
        """The earliest horizon that says anything: the end of the discount and one period more."""
        return self.discount_for + self.period if self.discount_for else NO_TIME

    @property
    def happened(self) -> Mapping[str, int]:
        """How often things happened, by name."""
        return MappingProxyType(dict(self.counts))

    def stayed(self, horizon: timedelta) -> bool | None:
        """Return whether the unit was still there just after the horizon; none where follow-up ended before."""
        if self.left is not None and self.followed <= horizon:
            return False
        return True if self.followed >= horizon else None

    def revenue(self, horizon: timedelta) -> Decimal:
        """Return what was billed after discounts up to the horizon."""
        return add_up(flow.revenue for flow in self.flows if flow.after <= horizon)

    def cost(self, horizon: timedelta) -> Decimal:
        """Return what the discount took off up to the horizon."""
        return add_up(flow.cost for flow in self.flows if flow.after <= horizon)
