"""Facts about money: what came in, went out, was set against documents, given up and got back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidAmountError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing import Invoice
from billing_domain.money import Amount, Money, frozen_amount, require_whole
from billing_domain.periods import checked_day


@attrs.frozen
class MoneyFact:
    """Something about an amount of money that a host stores under an id of its own.

    Args:
        id: The host's id or reference; one id names one fact of the ledger.
        amount: Above zero, in whole minor units.

    Raises:
        InvalidAmountError: The amount is not above zero, or has more decimals than its currency.
    """

    id: str
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a fact of the ledger")
        if require_whole(self._amount.amount, self._amount.currency, "an amount of money") <= 0:
            raise InvalidAmountError(
                self._amount.amount, "an amount of money is above zero", "what goes the other way is another kind of fact"
            )

    @property
    def amount(self) -> Money:
        """How much."""
        return self._amount.money

    @property
    def decimal_amount(self) -> Decimal:
        """How much, exact."""
        return self._amount.amount

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self._amount.currency


def document_numbers(values: Iterable[str | Invoice]) -> tuple[str, ...]:
    """Return the numbers of documents that are named by number or given whole.

    Raises:
        InvalidTypeError: One is neither, such as a draft, or a text stands where a list is meant.
        DuplicateIdError: One stands twice.
    """
    if isinstance(values, str):
        raise InvalidTypeError(values, "documents are named in a list", f"write [{values!r}]")
    numbers = tuple(_number(value) for value in values)
    for number in numbers:
        if numbers.count(number) > 1:
            raise DuplicateIdError(number, "a document is named once", "leave the second one out")
    return numbers


def _number(value: str | Invoice) -> str:
    if isinstance(value, Invoice):
        return value.number
    if not isinstance(value, str):
        raise InvalidTypeError(value, "only an issued invoice can be paid", "issue the draft first, or name the invoice by its number")
    return checked_id(value, "an invoice", name="number")


def said(text: str, what: str) -> None:
    """Check that a reason is not blank."""
    if not text.strip():
        raise InvalidValueError(repr(text), f"{what} says why", "give the reason")


@guarded
@attrs.frozen
class Payment(MoneyFact):
    """Money that came in.

    Args:
        id: The host's reference; the same content again is the same payment.
        amount: How much.
        received: The day on which it counts.
        documents: What the payer named, as invoices or their numbers, in order; the rest goes where the strategy says.
        method: How it came, such as `card`.
        payer: Who paid, where not the holder.

    Example:
        >>> from datetime import date
        >>> from billing_domain import Money
        >>> Payment("P-1", Money("15.00", "EUR"), date(2026, 4, 20)).amount.amount
        Decimal('15.00')
    """

    received: date
    documents: tuple[str, ...] = attrs.field(converter=document_numbers, default=())
    method: str = ""
    payer: str = ""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_day(self.received, "the day of a payment")

    @property
    def on(self) -> date:
        """The day on which it counts."""
        return self.received


@guarded
@attrs.frozen
class FailedPayment(MoneyFact):
    """An attempt that brought no money: it changes no balance.

    Args:
        id: The host's reference.
        amount: What was tried.
        on: The day of the attempt.
        reason: What the bank or card scheme said, such as `insufficient-funds`.
        documents: What it was for.
    """

    on: date
    reason: str
    documents: tuple[str, ...] = attrs.field(converter=document_numbers, default=())

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_day(self.on, "the day of a failed payment")
        said(self.reason, "a failed payment")


@guarded
@attrs.frozen
class Reversal(MoneyFact):
    """A payment, or some of it, that was taken back: a chargeback, a returned debit, a bounced cheque.

    Args:
        id: The host's reference.
        amount: How much was taken back.
        payment: The payment's id.
        on: The day on which it counts.
        reason: What the bank or card scheme said.
    """

    payment: str
    on: date
    reason: str

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_id(self.payment, "a payment")
        checked_day(self.on, "the day of a reversal")
        said(self.reason, "a reversal")


@guarded
@attrs.frozen
class Refund(MoneyFact):
    """Money that went back to the customer.

    Args:
        id: The host's reference.
        amount: How much.
        source: Where it was taken from: the id of a payment or account credit, or the number of a credit note.
        on: The day on which it counts.
        reason: Why, for people.
    """

    source: str
    on: date
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_id(self.source, "the source of a refund")
        checked_day(self.on, "the day of a refund")


class CreditKind(Enum):
    """What sort of money an account credit is."""

    CREDIT = "credit"
    """Set against documents by itself, the oldest due first, never against what is held."""
    DEPOSIT = "deposit"
    """Kept as security: no part of the balance, used only where an `Application` says so."""


@guarded
@attrs.frozen
class AccountCredit(MoneyFact):
    """Money of the customer that waits for a bill; it changes no tax and no line.

    Args:
        id: The host's id.
        amount: How much.
        on: The day from which it can be used.
        source: Where it was taken from: the id of a payment, or the number of a credit note; None where the company gave it.
        through: The last day on which it can be used; None without end.
        priority: A lower figure is used first; then what ends first, then the older.
        kind: Credit or deposit.
        reason: Why, for people.

    Raises:
        InvalidValueError: It ends before it starts, or a deposit has no source.
    """

    on: date
    source: str | None = None
    through: date | None = None
    priority: int = 50
    kind: CreditKind = CreditKind.CREDIT
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_day(self.on, "the day of a credit")
        if self.source is not None:
            checked_id(self.source, "the source of a credit")
        elif self.kind is CreditKind.DEPOSIT:
            raise InvalidValueError(self.id, "a deposit is money that the customer paid", "name the payment as its source")
        if self.through is not None and checked_day(self.through, "the last day of a credit") < self.on:
            raise InvalidValueError(self.through, f"a credit of {self.on} ends on that day or later", "check the last day")


@guarded
@attrs.frozen
class Application(MoneyFact):
    """Money that is set against a document by decision; it goes before what a strategy would do.

    Args:
        id: The host's id.
        amount: How much.
        source: The id of a payment or account credit.
        invoice: The number of the document.
        on: The day on which it counts.
    """

    source: str
    invoice: str = attrs.field(converter=_number)
    on: date

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_id(self.source, "the source of an application")
        checked_day(self.on, "the day of an application")


@guarded
@attrs.frozen
class SettledOutside(MoneyFact):
    """Money of the customer that was settled in some way that this ledger does not see, such as an offset elsewhere.

    Args:
        id: The host's id.
        amount: How much.
        source: The id of a payment or account credit, or the number of a credit note.
        on: The day on which it counts.
        reason: How it was settled.
    """

    source: str
    on: date
    reason: str

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_id(self.source, "the source of what was settled outside")
        checked_day(self.on, "the day of a settlement")
        said(self.reason, "a settlement outside")


@guarded
@attrs.frozen
class WriteOff(MoneyFact):
    """A debt that the company gives up: no credit note, the document and its tax stay as they are.

    Args:
        id: The host's id.
        amount: How much.
        invoice: The number of the document.
        on: The day on which it counts.
        reason: Why.
    """

    invoice: str = attrs.field(converter=_number)
    on: date
    reason: str

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_day(self.on, "the day of a write-off")
        said(self.reason, "a write-off")


@guarded
@attrs.frozen
class Recovery(MoneyFact):
    """A write-off, or some of it, that is taken back: the debt is open again, for example because it is paid after all.

    Args:
        id: The host's id.
        amount: How much.
        write_off: The id of the write-off.
        on: The day on which it counts.
    """

    write_off: str
    on: date

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_id(self.write_off, "a write-off")
        checked_day(self.on, "the day of a recovery")
