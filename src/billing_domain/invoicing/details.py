"""What a document may say beside its lines: references, delivery, how to pay, who is paid, what it follows.

Everything is optional. Amounts come about elsewhere; only the accounting currency has a figure of its own, a rate that the host gives.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

import attrs

from billing_domain.accounts import Address, Party
from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id, checked_scheme
from billing_domain.invoicing.attachments import Attachment, attached
from billing_domain.invoicing.line_details import LineDetails, told_once
from billing_domain.money import Number, exponent, not_negative, round_amount
from billing_domain.money.amounts import CONTEXT
from billing_domain.periods import checked_day
from billing_domain.whole import checked_whole

REFERENCES = (
    "buyer_reference",
    "project",
    "contract",
    "purchase_order",
    "sales_order",
    "receiving_advice",
    "despatch_advice",
    "tender",
    "object",
    "object_scheme",
    "buyer_accounting",
)
"""The names of the references that documents quote, in the order of `EN 16931` BT-10 to BT-19; each at most once."""


@guarded
@attrs.frozen
class PaymentTerms:
    """When an invoice falls due.

    Args:
        days: Days after the day of issue; zero or more.
        text: What documents say beside the day (`EN 16931` BT-20).

    Example:
        >>> from datetime import date
        >>> PaymentTerms(14).due(date(2026, 3, 1))
        datetime.date(2026, 3, 15)
    """

    days: int = 14
    text: str = ""

    def __attrs_post_init__(self) -> None:
        checked_whole(self.days, "payment terms count whole days", "give a whole number")
        if self.days < 0:
            raise InvalidValueError(self.days, "payment terms are zero days or more", "give the days after issue")

    def due(self, issued: date) -> date:
        """Return the day on which an invoice of that day falls due."""
        return issued + _span(self.days)


@lru_cache(maxsize=64)
def _span(days: int) -> timedelta:
    """Return so many days, kept since to make them costs several times what adding them does."""
    return timedelta(days=days)


@guarded
@attrs.frozen
class Delivery:
    """To whom, where and when something was delivered (`EN 16931` BG-13).

    Args:
        on: The day; None where the invoicing period tells.
        name: To whom, where not the buyer.
        address: Where; the buyer's own address where None.
        location: An identifier of the place (BT-71).
        location_scheme: What sort of number that is, as a code of ISO 6523, such as `0088` for a GLN.

    Raises:
        InvalidValueError: The scheme stands without the identifier.

    Example:
        >>> from datetime import date
        >>> Delivery(date(2026, 5, 5)).on
        datetime.date(2026, 5, 5)
    """

    on: date | None = None
    name: str = ""
    address: Address | None = None
    location: str = ""
    location_scheme: str = ""

    def __attrs_post_init__(self) -> None:
        if self.on is not None:
            checked_day(self.on, "the day of a delivery")
        checked_scheme(self.location_scheme, self.location, "a place of delivery")


@guarded
@attrs.frozen
class PaymentInstructions:
    """How to pay (`EN 16931` BG-16 to BG-19).

    Args:
        means: Code of UNCL4461: 30 for a credit transfer, 58 for a SEPA transfer, 59 for a SEPA direct debit, 48 for a card.
        account: The account to pay to.
        remittance: What the payer is to quote; the number of the document where empty.
        text: The means in words.
        account_name: Whose account it is.
        bank: Its bank.
        card: The last four to six digits of a card.
        mandate: The mandate of a direct debit.
        creditor: The creditor of a direct debit.
        debited: The account that is debited.

    Raises:
        InvalidValueError: There is no code (`BR-49`), a transfer without an account (`BR-61`), or too much of a card (`BR-51`).

    Example:
        >>> PaymentInstructions("58", "LT601010012345678901").means
        '58'
    """

    means: str
    account: str = ""
    remittance: str = ""
    text: str = ""
    account_name: str = ""
    bank: str = ""
    card: str = ""
    mandate: str = ""
    creditor: str = ""
    debited: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.means:
            raise InvalidValueError(self.means, "payment instructions name their means (BR-49)", "give a code of UNCL4461, such as 58")
        if self.means in {"30", "58"} and not self.account:
            raise InvalidValueError(self.means, "a transfer names the account to pay to (BR-61)", "give the account")
        if len(self.card) > 6:
            raise InvalidValueError(
                f"{len(self.card)} digits", "of a card at most the last six digits are shown (BR-51)", "give the last four"
            )


@guarded
@attrs.frozen
class Preceding:
    """A document that another follows (`EN 16931` BG-3).

    Args:
        number: Its number.
        on: Its day of issue.

    Example:
        >>> from datetime import date
        >>> Preceding("MB-000123", date(2026, 3, 1)).number
        'MB-000123'
    """

    number: str
    on: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.number, "a preceding document", name="number")


def _rate(value: Number) -> Decimal:
    return not_negative(value, "an exchange rate")


@guarded
@attrs.frozen
class Accounting:
    """The currency in which tax is accounted, where it is not the document's (`EN 16931` BT-6, BT-111).

    Args:
        currency: ISO 4217 code.
        rate: How much of it one unit of the document's currency is worth; the host's figure.
        source: Where the rate is published.
        on: The day of the rate.

    Raises:
        InvalidAmountError: The rate is zero or less.

    Example:
        >>> Accounting("EUR", "0.2345").of(Decimal("100.00"))
        Decimal('23.45')
    """

    currency: str
    rate: Decimal = attrs.field(converter=_rate)
    source: str = ""
    on: date | None = None

    def __attrs_post_init__(self) -> None:
        exponent(self.currency)
        if not self.rate:
            raise InvalidAmountError(
                self.rate, "an exchange rate is above zero", "give how much one unit of the document's currency is worth"
            )

    def of(self, tax: Decimal) -> Decimal:
        """Return an amount of tax in this currency, rounded half up once."""
        return round_amount(CONTEXT.multiply(tax, self.rate), self.currency)


def _notes(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "notes are a list of texts", f"write [{values!r}]")
    return tuple(values)


def _preceding(values: Iterable[Preceding]) -> tuple[Preceding, ...]:
    return tuple(values)


@guarded
@attrs.frozen(kw_only=True)
class Details:
    """What a document says beside its lines; nothing of it is required.

    Args:
        type_code: Type of the document (BT-3): 380 invoice, 384 corrected invoice, 386 prepayment invoice, 389 self-billed.
        notes: Notes (BT-22).
        preceding: Documents that it follows (BG-3); those of credit entries are named by themselves.
        delivery: To whom, where and when (BG-13).
        payment: How to pay (BG-16).
        payee: Who is paid, where not the seller (BG-10).
        representative: The seller's tax representative (BG-11).
        accounting: The currency in which tax is accounted, where another.
        tax_point_code: Which event makes tax due (BT-8): 3 issue, 35 delivery, 432 payment.
        first_day: First day of the invoicing period (BT-73); that of the lines where None.
        last_day: Its last day, included (BT-74).
        lines: What it says about single lines, each once; on a credit note the lines are its entries.
        attachments: Documents that go with it (BG-24); a credit note does not take them over.

    Raises:
        DuplicateIdError: A line is described twice, or two attachments have one reference or one file name.
        InvalidPeriodError: The invoicing period ends before it starts (`BR-29`).
        InvalidValueError: The type code is no number, or the tax point code not one of the three.

    Example:
        >>> Details(notes=["Thank you"]).notes
        ('Thank you',)
    """

    type_code: str = "380"
    notes: tuple[str, ...] = attrs.field(converter=_notes, default=())
    preceding: tuple[Preceding, ...] = attrs.field(converter=_preceding, default=())
    delivery: Delivery | None = None
    payment: PaymentInstructions | None = None
    payee: Party | None = None
    representative: Party | None = None
    accounting: Accounting | None = None
    tax_point_code: str = ""
    first_day: date | None = None
    last_day: date | None = None
    lines: tuple[LineDetails, ...] = attrs.field(converter=told_once, default=())
    attachments: tuple[Attachment, ...] = attrs.field(converter=attached, default=())

    def __attrs_post_init__(self) -> None:
        if not (self.type_code.isascii() and self.type_code.isdigit()):
            raise InvalidValueError(
                self.type_code, "a type code is a number of UNTDID 1001", "give 380 for an invoice, 384 for a corrected one"
            )
        if self.tax_point_code not in {"", "3", "35", "432"}:
            raise InvalidValueError(self.tax_point_code, "a tax point code is 3, 35 or 432", "leave it out where the lines tell the day")
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise InvalidPeriodError(
                f"{self.first_day} to {self.last_day}", "an invoicing period ends on or after its first day (BR-29)", "swap them"
            )

    def of_credit(self, credited: Iterable[int] = ()) -> "Details":
        """Return what a credit note takes over: representative, accounting currency, delivery, what makes tax due, and what its items are.

        Args:
            credited: The number of the line that each entry lowers, in the order of the entries.
        """
        told = {each.line: each for each in self.lines}
        return Details(
            type_code="381",
            representative=self.representative,
            accounting=self.accounting,
            delivery=self.delivery,
            tax_point_code=self.tax_point_code,
            lines=[told[line].of_entry(entry) for entry, line in enumerate(credited, 1) if line in told],
        )


NO_DETAILS = Details()
NO_CREDIT_DETAILS = Details(type_code="381")
