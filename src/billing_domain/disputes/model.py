"""Cases about lines of issued invoices: what is claimed, what happened, and what came of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from billing_domain.disputes.regimes import DisputeRegime
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing import LineRef, Part
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, money, not_negative
from billing_domain.money.amounts import CONTEXT, ZERO
from billing_domain.periods import checked_day, checked_instant, local_day


class DisputeKind(Enum):
    """What sort of case it is."""

    INQUIRY = "inquiry"
    """The customer asks for an explanation."""
    COMPLAINT = "complaint"
    """The customer is not content; no amount has to be in question."""
    DISPUTE = "dispute"
    """The customer says that an amount is not owed."""


class DisputeReason(Enum):
    """Why a customer disputes a line; each says what else to ask for."""

    NOT_AUTHORISED = "not-authorised"
    NOT_RECOGNISED = "not-recognised"
    NOT_DELIVERED = "not-delivered"
    WRONG_PRICE = "wrong-price"
    WRONG_QUANTITY = "wrong-quantity"
    DUPLICATE = "duplicate"
    CHARGED_AFTER_CANCELLATION = "charged-after-cancellation"
    MISSING_DISCOUNT = "missing-discount"
    MISSING_PAYMENT = "missing-payment"
    WRONG_TAX = "wrong-tax"
    WRONG_PRORATION = "wrong-proration"
    ESTIMATED_READING = "estimated-reading"
    LATE_FEE = "late-fee"
    EARLY_TERMINATION_FEE = "early-termination-fee"
    THIRD_PARTY_CHARGE = "third-party-charge"
    ARITHMETIC = "arithmetic"
    EXPLAIN = "explain"
    QUALITY_OF_SERVICE = "quality-of-service"

    @property
    def asks_for(self) -> tuple[str, ...]:
        """The names of the details that help to decide it."""
        return _DETAILS.get(self, ())


_DETAILS = {
    DisputeReason.NOT_DELIVERED: ("from", "until"),
    DisputeReason.WRONG_PRICE: ("agreed_price",),
    DisputeReason.WRONG_QUANTITY: ("reading",),
    DisputeReason.DUPLICATE: ("other_line",),
    DisputeReason.CHARGED_AFTER_CANCELLATION: ("cancelled_on",),
    DisputeReason.MISSING_DISCOUNT: ("promise",),
    DisputeReason.MISSING_PAYMENT: ("payment",),
    DisputeReason.ESTIMATED_READING: ("reading",),
}


class EvidenceKind(Enum):
    """What sort of proof it is."""

    CONTRACT = "contract"
    NOTICE = "notice"
    USAGE_RECORD = "usage-record"
    PAYMENT_PROOF = "payment-proof"
    CALL_NOTE = "call-note"
    CUSTOMER_DOCUMENT = "customer-document"
    OTHER = "other"


@attrs.frozen
class Evidence:
    """A proof that the host keeps; the library holds only where it is.

    Args:
        kind: What sort of proof it is.
        reference: Where the host finds it.
        obtained: The day on which it was obtained.
        party: Who gave it, such as `customer`.
        digest: A hash of its content, so that it can be told to be the same.
    """

    kind: EvidenceKind
    reference: str
    obtained: date
    party: str = ""
    digest: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.reference, "a piece of evidence")
        checked_day(self.obtained, "the day of evidence")


def _evidence(values: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(values)


def _details(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(values.items() if isinstance(values, Mapping) else values))


@attrs.frozen
class Claim:
    """What a customer says of a line, or of some of it.

    Args:
        part: The line; the whole of what is left of it where the part states no amount.
        reason: Why.
        details: What `reason.asks_for`, by name.
        evidence: What the customer brings.

    Raises:
        InvalidTypeError: The part or the reason is of another kind.
    """

    part: Part
    reason: DisputeReason
    details: tuple[tuple[str, str], ...] = attrs.field(converter=_details, default=())
    evidence: tuple[Evidence, ...] = attrs.field(converter=_evidence, default=())

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.part, Part):
            raise InvalidTypeError(self.part, "a claim is about a Part", "take it from invoice.part(line)")
        if not isinstance(self.reason, DisputeReason):
            raise InvalidTypeError(self.reason, "the reason of a claim is a DisputeReason", "give DisputeReason.WRONG_QUANTITY or another member")

    @property
    def missing_details(self) -> tuple[str, ...]:
        """What the reason asks for and is not told yet."""
        known = dict(self.details)
        return tuple(name for name in self.reason.asks_for if name not in known)


@attrs.frozen
class DisputedLine:
    """A claim whose amounts were fixed when the case was opened.

    Args:
        ref: The line.
        reason: Why.
        net_amount: What is claimed without tax.
        tax_amount: The tax that would come back with it.
        currency: The line's currency.
        details: What the reason asks for.
        evidence: What the customer brought.
    """

    ref: LineRef
    reason: DisputeReason
    net_amount: Decimal
    tax_amount: Decimal
    currency: str
    details: tuple[tuple[str, str], ...] = attrs.field(converter=_details, default=())
    evidence: tuple[Evidence, ...] = attrs.field(converter=_evidence, default=())

    @property
    def net(self) -> Money:
        """What is claimed without tax."""
        return money(self.net_amount, self.currency)

    @property
    def gross_amount(self) -> Decimal:
        """What is claimed with tax."""
        return CONTEXT.add(self.net_amount, self.tax_amount)

    @property
    def gross(self) -> Money:
        """What is claimed with tax."""
        return money(self.gross_amount, self.currency)


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
    evidence: tuple[Evidence, ...] = attrs.field(converter=_evidence, default=())
    note: str = ""
    _goodwill: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="goodwill")

    def __attrs_post_init__(self) -> None:
        not_negative(self._approved.amount, "an approved amount")
        if self._goodwill is not None:
            not_negative(self._goodwill.amount, "goodwill")
        if not self._approved.amount and not self.evidence:
            raise InvalidValueError(str(self.claim.part.ref), "a claim that is rejected needs evidence", "cite at least one piece, or approve an amount")

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
    evidence: tuple[Evidence, ...] = attrs.field(converter=_evidence, default=())
    note: str = ""


def _lines(values: Iterable[DisputedLine]) -> tuple[DisputedLine, ...]:
    return tuple(values)


def _steps(values: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(values)


def _ruled(values: Iterable[RuledLine]) -> tuple[RuledLine, ...]:
    return tuple(values)


OPEN_STATES = frozenset({
    DisputeState.SUBMITTED,
    DisputeState.ACKNOWLEDGED,
    DisputeState.INVESTIGATING,
    DisputeState.AWAITING_CUSTOMER,
    DisputeState.AWAITING_THIRD_PARTY,
})
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
