"""Drafts, invoices, credit notes and voids; an issued document never changes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.accounts import Party
from billing_domain.doors import guarded
from billing_domain.errors import (
    BillingError,
    CurrencyMismatchError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    UnknownReferenceError,
)
from billing_domain.ids import checked_id, content_id
from billing_domain.invoicing.details import NO_CREDIT_DETAILS, NO_DETAILS, Details, PaymentTerms
from billing_domain.invoicing.lines import CreditEntry, EntryRef, Line, LineRef
from billing_domain.invoicing.totals import Totals
from billing_domain.money import Money, amount_of, money, require_whole
from billing_domain.periods import Period, checked_day
from billing_domain.reasons import Reason
from billing_domain.tax import TaxRounding
from billing_domain.unchecked import unchecked


def _lines(values: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(values)


def _entries(values: Iterable[CreditEntry]) -> tuple[CreditEntry, ...]:
    return tuple(values)


@attrs.frozen
class DraftInvoice:
    """An invoice without a number: what `bill` proposes, and all that a preview is.

    Args:
        account_id: Who is billed.
        currency: ISO 4217 code.
        seller: Who sells.
        buyer: Who owes.
        lines: What is charged.
        entries: Credits that ride along.
        totals: The totals chain.
        through: The last day up to which the account was billed.
        prices_include_tax: Whether prices on it contain the tax.
        tax_rounding: Where its tax was rounded.
        terms: When it falls due.
        references: What it quotes, as pairs (`EN 16931` BT-10 to BT-19).
        details: What else it says; `describe` adds to it.
        invoice_group: The group of subscriptions and orders that it bills; empty where they have none.

    Raises:
        InvalidValueError: Prices with tax and without it stand on it.
        CurrencyMismatchError: A line is in another currency.
    """

    account_id: str
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...] = attrs.field(converter=_lines)
    entries: tuple[CreditEntry, ...] = attrs.field(converter=_entries)
    totals: Totals
    through: date
    prices_include_tax: bool = False
    tax_rounding: TaxRounding = TaxRounding.PER_GROUP
    terms: PaymentTerms = PaymentTerms()
    references: tuple[tuple[str, str], ...] = ()
    details: Details = NO_DETAILS
    invoice_group: str = ""

    def __attrs_post_init__(self) -> None:
        currency, inclusive = self.currency, self.prices_include_tax
        for line in self.lines:
            if line.prices_include_tax is not inclusive or line.currency != currency:
                raise _foreign_line(line, self)

    @property
    def id(self) -> str:
        """An id that derives from the content: the same run gives the same id."""
        figures = [(line.id, line.facts.amount, line.net_amount) for line in self.lines]
        credits_ = [(entry.ref.invoice, entry.ref.line, entry.list_amount, entry.net_amount) for entry in self.entries]
        return content_id(self.account_id, self.currency, self.through, figures, credits_, self.totals.payable_amount)

    def issue(self, *, number: str, on: date, due: date | None = None) -> "Invoice":
        """Return the invoice with its number.

        Args:
            number: The host's number, never used before.
            on: The day of issue.
            due: The day on which it falls due; by the terms where None.

        Raises:
            InvalidPeriodError: It falls due before it is issued.
        """
        if due is None:
            due = self.terms.due(on)
        _check_issue(number, on, due)
        return _issued(number, on, due, self)


def _foreign_line(line: Line, draft: DraftInvoice) -> BillingError:
    """Return what is wrong with a line whose prices are of another kind, or in another currency, than its document's."""
    if line.currency != draft.currency:
        return CurrencyMismatchError(line.currency, f"the lines of a document are in its currency, here {draft.currency}", "bill it apart")
    kind = "include tax" if draft.prices_include_tax else "are without tax"
    return InvalidValueError(
        line.facts.name, f"the prices of a document include tax or do not, here they {kind}", "put the line on a document of its own"
    )


@attrs.frozen
class Invoice:
    """An issued invoice; it never changes, and its status is always derived.

    Args:
        number: Its number (`EN 16931` BT-1).
        on: The day of issue (BT-2).
        due: The day on which it falls due (BT-9).
        draft: What was issued.
    """

    number: str
    on: date
    due: date
    draft: DraftInvoice

    def __attrs_post_init__(self) -> None:
        _check_issue(self.number, self.on, self.due)

    @property
    def account_id(self) -> str:
        """Who was billed."""
        return self.draft.account_id

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.draft.currency

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is charged."""
        return self.draft.lines

    @property
    def entries(self) -> tuple[CreditEntry, ...]:
        """Credits that ride along."""
        return self.draft.entries

    @property
    def totals(self) -> Totals:
        """The totals chain."""
        return self.draft.totals

    @property
    def through(self) -> date:
        """The last day up to which the account was billed."""
        return self.draft.through

    def line(self, which: str | int) -> Line:
        """Return a line by its number, its id, or the code of its charge where one line has it.

        Raises:
            UnknownReferenceError: There is none, or the code fits several; name the number then.
        """
        found = [line for line in self.lines if which in {line.number, line.id, line.charge}]
        if len(found) != 1:
            known = ", ".join(f"{line.number} ({line.charge})" for line in self.lines)
            raise UnknownReferenceError(which, f"invoice {self.number} has the lines {known}", "name one of them by its number")
        return found[0]

    def entry_ref(self, entry: CreditEntry) -> EntryRef:
        """Return what names one of the credits that ride along, as a `Reinstatement` takes it.

        Args:
            entry: One of `entries`.

        Raises:
            InvalidTypeError: It is no credit entry.
            UnknownReferenceError: The entry is not on this invoice.
        """
        return _entry_ref(entry, self)

    def part(self, line: Line, *, net: Money | None = None, gross: Money | None = None, days: Period | None = None) -> "Part":
        """Return a line, or some of it, to be credited or disputed.

        Args:
            line: A line of this invoice.
            net: So much of it, without tax; the whole line where nothing is given.
            gross: So much of it, with tax.
            days: What it charges for these days of its service; parts that tile the line add up to it to the cent.

        Raises:
            UnknownReferenceError: The line is not on this invoice.
            ExceedsLimitError: The amount is above the line's own.
            InvalidPeriodError: The days are not days of the line.
            InvalidValueError: More than one of them is given.
        """
        wanted = (None if net is None else amount_of(net, self.currency), None if gross is None else amount_of(gross, self.currency))
        return Part(self, line, *wanted, days)


_issued = unchecked(Invoice)


def _check_issue(number: str, on: date, due: date) -> None:
    """Check what an invoice adds to its draft; what is plainly sound takes no further call."""
    if type(number) is not str or not number or number != number.strip():
        checked_id(number, "an invoice", name="number")
    if type(on) is not date:
        checked_day(on, "the day of issue")
    if type(due) is not date:
        checked_day(due, "the due day")
    if due < on:
        raise InvalidPeriodError(f"{on} to {due}", "an invoice falls due on or after the day of issue", "check the due day")


def _some(value: Decimal | None) -> Decimal | None:
    return value


@attrs.frozen
class Part:
    """A line of an issued invoice, or some of it; `Invoice.part` makes one.

    Args:
        invoice: The invoice.
        line: One of its lines.
        net_amount: So much of it without tax; None for the whole line.
        gross_amount: So much of it with tax; None for the whole line or where a net amount is given.
        days: The days of service that it is about; None for the whole line or where an amount is given.
    """

    invoice: Invoice
    line: Line
    net_amount: Decimal | None = attrs.field(converter=_some, default=None)
    gross_amount: Decimal | None = attrs.field(converter=_some, default=None)
    days: Period | None = None

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.line, Line):
            raise InvalidTypeError(self.line, "a part is of a Line", 'give invoice.line("...") with the code of its charge')
        if self.line not in self.invoice.lines:
            raise UnknownReferenceError(self.line.id, f"the line is not on invoice {self.invoice.number}", "take it from invoice.line(...)")
        if sum(given is not None for given in (self.net_amount, self.gross_amount, self.days)) > 1:
            raise InvalidValueError("net and gross", "a part is given net, gross or by days", "leave the others out")
        if self.days is not None and not self.line.period.covers(self.days):
            served = f"line {self.line.number} of {self.invoice.number} serves {self.line.period}"
            raise InvalidPeriodError(str(self.days), served, "give days of the line")
        for amount, most in ((self.net_amount, self.line.net_amount), (self.gross_amount, None)):
            if amount is None:
                continue
            if require_whole(amount, self.invoice.currency, "a part of a line") <= 0:
                raise InvalidAmountError(amount, "a part of a line is above zero", "leave the amount out for the whole line")
            if most is not None and amount > most:
                raise ExceedsLimitError(
                    amount, f"line {self.line.number} of {self.invoice.number} has {most} net", "ask for no more than that"
                )

    @property
    def ref(self) -> LineRef:
        """The line by invoice and number."""
        return LineRef(self.invoice.number, self.line.number)

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole line."""
        return self.net_amount is None and self.gross_amount is None and self.days is None


@attrs.frozen
class DraftCreditNote:
    """A credit note without a number: entries on exactly one invoice.

    Args:
        account_id: Whose it is.
        currency: ISO 4217 code.
        seller: Who sells.
        buyer: Who owes.
        invoice: The number of the invoice that it lowers (`EN 16931` BT-25).
        invoice_on: The day of issue of that invoice (BT-26).
        entries: What is lowered, at least one.
        totals: Positive sums of the entries.
        through: The last day up to which the account was billed, where reconciling made it; None where a person did.
        reason: Why it is issued.
        details: What else it says; taken over from the invoice where they hold for both.
        references: What it quotes, as pairs.
    """

    account_id: str
    currency: str
    seller: Party
    buyer: Party
    invoice: str
    invoice_on: date
    entries: tuple[CreditEntry, ...] = attrs.field(converter=_entries)
    totals: Totals
    through: date | None = None
    reason: Reason | None = None
    details: Details = NO_CREDIT_DETAILS
    references: tuple[tuple[str, str], ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.entries:
            raise InvalidValueError(self.invoice, "a credit note has at least one entry", "name what it lowers")
        foreign = [entry.ref.invoice for entry in self.entries if entry.ref.invoice != self.invoice]
        if foreign:
            raise InvalidValueError(
                foreign[0], f"a credit note lowers one invoice, here {self.invoice}", "make a credit note for each invoice"
            )

    @property
    def id(self) -> str:
        """An id that derives from the content."""
        figures = [(entry.ref.line, entry.kind.value, entry.list_amount, entry.net_amount, entry.tax_amount) for entry in self.entries]
        return content_id(self.account_id, self.invoice, figures, str(self.reason))

    def issue(self, *, number: str, on: date) -> "CreditNote":
        """Return the credit note with its number.

        Args:
            number: The host's number, never used before.
            on: The day of issue, not before that of the invoice.

        Raises:
            InvalidPeriodError: It is issued before its invoice.
        """
        return CreditNote(number, on, self)


@attrs.frozen
class CreditNote:
    """An issued credit note; it never changes.

    Args:
        number: Its number.
        on: The day of issue.
        draft: What was issued.
    """

    number: str
    on: date
    draft: DraftCreditNote

    def __attrs_post_init__(self) -> None:
        checked_id(self.number, "a credit note", name="number")
        if checked_day(self.on, "the day of issue") < self.draft.invoice_on:
            raise InvalidPeriodError(
                self.on, f"a credit note is issued on or after its invoice of {self.draft.invoice_on}", "check the day"
            )

    @property
    def account_id(self) -> str:
        """Whose it is."""
        return self.draft.account_id

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.draft.currency

    @property
    def invoice(self) -> str:
        """The number of the invoice that it lowers."""
        return self.draft.invoice

    @property
    def entries(self) -> tuple[CreditEntry, ...]:
        """What is lowered."""
        return self.draft.entries

    def entry_ref(self, entry: CreditEntry) -> EntryRef:
        """Return what names one of the entries, as a `Reinstatement` takes it; `entry.ref` names the line that it lowers.

        Args:
            entry: One of `entries`.

        Raises:
            InvalidTypeError: It is no credit entry.
            UnknownReferenceError: The entry is not on this credit note.

        Example:
            See the how-to on credit notes.
        """
        return _entry_ref(entry, self)

    @property
    def totals(self) -> Totals:
        """Positive sums of the entries."""
        return self.draft.totals

    @property
    def through(self) -> date | None:
        """The last day up to which the account was billed, where reconciling made it."""
        return self.draft.through

    @property
    def total(self) -> Money:
        """What it lowers the invoice by, with tax."""
        return money(self.totals.payable_amount, self.currency)


def _entry_ref(entry: CreditEntry, document: Invoice | CreditNote) -> EntryRef:
    if not isinstance(entry, CreditEntry):
        raise InvalidTypeError(entry, "what is named is a CreditEntry of the document", "take it from its entries")
    if entry not in document.entries:
        raise UnknownReferenceError(f"entry {entry.number}", f"{document.number} does not carry this entry", "take it from its entries")
    return EntryRef(document.number, entry.number)


@guarded
@attrs.frozen
class Void:
    """An invoice that was taken back before it had any effect: its number stays used, its keys count as unbilled.

    Args:
        invoice: The number of the invoice.
        on: The day on which it was taken back.
        reason: Why.
        delivered: Whether the customer has it already; such an invoice is not voided but credited.
    """

    invoice: str
    on: date
    reason: str
    delivered: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.invoice, "an invoice", name="number")
        checked_day(self.on, "the day of a void")
        if not self.reason.strip():
            raise InvalidValueError(self.reason, "a void says why", "give the reason")
        if self.delivered:
            raise InvalidValueError(self.invoice, "an invoice that was delivered is not voided", "issue a credit note for it")
