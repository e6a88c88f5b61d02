"""Cases about lines of issued invoices: what happened, what was decided, and what came of it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from billing_domain.disputes.claims import Claim, DisputedLine, Evidence, pieces_of_evidence
from billing_domain.disputes.regimes import DisputeRegime
from billing_domain.errors import InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing import LineRef
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, not_negative
from billing_domain.money.amounts import ZERO
from billing_domain.periods import checked_instant, local_day


class DisputeKind(Enum):
    """What sort of case it is."""

    INQUIRY = "inquiry"
    """The customer asks for an explanation."""
    COMPLAINT = "complaint"
    """The customer is not content; no amount has to be in question."""
    DISPUTE = "dispute"
    """The customer says that an amount is not owed."""


class DisputeState(Enum):
    """Where a case stands; the words of TM Forum's trouble ticket (TMF621) are beside."""

    SUBMITTED = "submitted"
    """Received (acknowledged in TMF621 once confirmed)."""
    ACKNOWLEDGED = "acknowledged"
    """The customer knows that it was received (acknowledged)."""
    INVESTIGATING = "investigating"
    """Somebody works on it (inProgress)."""
    AWAITING_CUSTOMER = "awaiting-customer"
    """The customer was asked for something (pending)."""
    AWAITING_THIRD_PARTY = "awaiting-third-party"
    """Somebody else was asked for something (held)."""
    RESOLVED = "resolved"
    """Decided (resolved)."""
    CLOSED = "closed"
    """Decided and accepted, or the time to object is over (closed)."""
    WITHDRAWN = "withdrawn"
    """Taken back by the customer (cancelled)."""
    INELIGIBLE = "ineligible"
    """Out of time, a duplicate, or not of a party (rejected)."""


class Escalation(Enum):
    """Who looks at a case."""

    NONE = "none"
    SUPERVISOR = "supervisor"
    EXECUTIVE = "executive"
    OMBUDSMAN = "ombudsman"
    COURT = "court"


class DisputeOutcome(Enum):
    """What came of a case; derived from amounts, never typed in."""

    OPEN = "open"
    UPHELD = "upheld"
    """All that was claimed was approved."""
    PARTIALLY_UPHELD = "partially-upheld"
    """Some of it was approved."""
    REJECTED = "rejected"
    """Nothing was approved."""
    GOODWILL = "goodwill"
    """Nothing was approved, but something was given."""
    EXPLAINED = "explained"
    """Nothing was claimed; the question was answered."""
    WITHDRAWN = "withdrawn"
    INELIGIBLE = "ineligible"


@attrs.frozen
class Step:
    """One thing that happened to a case.

    Args:
        at: When.
        actor: Who did it.
        state: Where the case stands from then.
        note: Why.
        escalation: Who looks at it from then.
    """

    at: datetime
    actor: str
    state: DisputeState
    note: str = ""
    escalation: Escalation = Escalation.NONE

    def __attrs_post_init__(self) -> None:
        checked_instant(self.at, "the instant of a step")


@attrs.frozen
class Ruling:
    """What was decided about a claim.

    Args:
        claim: The claim, as it was opened.
        approved: What is given back without tax, at most what was claimed; zero rejects it.
        evidence: What the decision rests on; a rejection cites at least one.
        note: Why, in words.
        goodwill: What is given besides, although nothing was wrong, without tax.

    Raises:
        InvalidValueError: A rejection cites no evidence.
        InvalidAmountError: An amount is negative.
    """

    claim: Claim
    _approved: Amount = attrs.field(converter=frozen_amount, alias="approved")
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())
    note: str = ""
    _goodwill: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="goodwill")

    def __attrs_post_init__(self) -> None:
        not_negative(self._approved.amount, "an approved amount")
        if self._goodwill is not None:
            not_negative(self._goodwill.amount, "goodwill")
        if not self._approved.amount and not self.evidence:
            raise InvalidValueError(
                str(self.claim.part.ref), "a claim that is rejected needs evidence", "cite at least one piece, or approve an amount"
            )

    @property
    def approved(self) -> Money:
        """What is given back without tax."""
        return self._approved.money

    @property
    def goodwill(self) -> Money | None:
        """What is given besides."""
        return None if self._goodwill is None else self._goodwill.money

    @property
    def ref(self) -> LineRef:
        """The line that it decides about."""
        return self.claim.part.ref


@attrs.frozen
class RuledLine:
    """What was decided about one disputed line, kept on the case.

    Args:
        ref: The line.
        approved_amount: What is given back without tax.
        goodwill_amount: What is given besides.
        evidence: What the decision rests on.
        note: Why.
    """

    ref: LineRef
    approved_amount: Decimal
    goodwill_amount: Decimal = ZERO
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())
    note: str = ""


def _lines(values: Iterable[DisputedLine]) -> tuple[DisputedLine, ...]:
    return tuple(values)


def _steps(values: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(values)


def _ruled(values: Iterable[RuledLine]) -> tuple[RuledLine, ...]:
    return tuple(values)


OPEN_STATES = frozenset(
    {
        DisputeState.SUBMITTED,
        DisputeState.ACKNOWLEDGED,
        DisputeState.INVESTIGATING,
        DisputeState.AWAITING_CUSTOMER,
        DisputeState.AWAITING_THIRD_PARTY,
    }
)
"""States in which what is claimed is held."""


@attrs.frozen
class Dispute:
    """One case with its append-only history.

    Args:
        id: The host's id.
        account_id: Whose case it is.
        kind: What sort of case it is.
        regime: The rules that hold for it.
        zone: The account's zone, in which its days are counted.
        lines: What is claimed; empty for an inquiry or complaint without an amount.
        steps: What happened, oldest first; the first one opened it.
        rulings: What was decided.
        text: What the customer said.
    """

    id: str
    account_id: str
    kind: DisputeKind
    regime: DisputeRegime
    zone: ZoneInfo
    lines: tuple[DisputedLine, ...] = attrs.field(converter=_lines)
    steps: tuple[Step, ...] = attrs.field(converter=_steps)
    rulings: tuple[RuledLine, ...] = attrs.field(converter=_ruled, default=())
    text: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a dispute")
        checked_id(self.account_id, "an account")
        if not self.steps:
            raise InvalidValueError(self.id, "a dispute has at least the step that opened it", "open it with submit(...)")
        if self.kind is DisputeKind.DISPUTE and not self.lines:
            raise InvalidValueError(self.id, "a dispute claims at least one line", "open an inquiry or a complaint instead")

    @property
    def state(self) -> DisputeState:
        """Where it stands."""
        return self.steps[-1].state

    @property
    def escalation(self) -> Escalation:
        """Who looks at it."""
        return self.steps[-1].escalation

    @property
    def opened_at(self) -> datetime:
        """When it was opened."""
        return self.steps[0].at

    @property
    def opened_on(self) -> date:
        """The day on which it was opened, in the account's zone."""
        return local_day(self.opened_at, self.zone)

    @property
    def is_open(self) -> bool:
        """Whether it is undecided."""
        return self.state in OPEN_STATES

    @property
    def ended_on(self) -> date | None:
        """The day on which it was decided, taken back or refused; None while it is open."""
        return None if self.is_open else local_day(self.steps[-1].at, self.zone)

    @property
    def outcome(self) -> DisputeOutcome:
        """What came of it, derived from the amounts."""
        if self.is_open:
            return DisputeOutcome.OPEN
        if self.state is DisputeState.WITHDRAWN:
            return DisputeOutcome.WITHDRAWN
        if self.state is DisputeState.INELIGIBLE:
            return DisputeOutcome.INELIGIBLE
        return _decided(self)


def _decided(dispute: Dispute) -> DisputeOutcome:
    if not dispute.lines:
        return DisputeOutcome.EXPLAINED
    claimed = {line.ref: line.net_amount for line in dispute.lines}
    approved = {ruled.ref: ruled.approved_amount for ruled in dispute.rulings}
    if all(approved.get(ref, ZERO) == amount for ref, amount in claimed.items()):
        return DisputeOutcome.UPHELD
    if any(approved.values()):
        return DisputeOutcome.PARTIALLY_UPHELD
    given = any(ruled.goodwill_amount for ruled in dispute.rulings)
    return DisputeOutcome.GOODWILL if given else DisputeOutcome.REJECTED
