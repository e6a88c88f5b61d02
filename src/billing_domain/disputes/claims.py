"""What a customer says of lines of invoices: reasons, evidence, claims, and the amounts that are fixed when a case is opened."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError
from billing_domain.ids import checked_id
from billing_domain.invoicing import LineRef, Part
from billing_domain.money import Money, minor_unit, money, share_of
from billing_domain.money.amounts import CONTEXT
from billing_domain.periods import checked_day
from billing_domain.reasons import pairs


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


@guarded
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


def pieces_of_evidence(values: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the pieces as a tuple."""
    return tuple(values)


@guarded
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
    details: tuple[tuple[str, str], ...] = attrs.field(converter=pairs, default=())
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.part, Part):
            raise InvalidTypeError(self.part, "a claim is about a Part", "take it from invoice.part(line)")
        if not isinstance(self.reason, DisputeReason):
            raise InvalidTypeError(
                self.reason, "the reason of a claim is a DisputeReason", "give DisputeReason.WRONG_QUANTITY or another member"
            )

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
    details: tuple[tuple[str, str], ...] = attrs.field(converter=pairs, default=())
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())

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

    def less(self, given: Decimal) -> "DisputedLine | None":
        """Return what is still claimed after so much of it, without tax, was given; None where nothing is."""
        net = CONTEXT.subtract(self.net_amount, given)
        if net <= 0:
            return None
        tax = share_of(self.tax_amount, net, self.net_amount, minor_unit(self.currency))
        return attrs.evolve(self, net_amount=net, tax_amount=tax)
