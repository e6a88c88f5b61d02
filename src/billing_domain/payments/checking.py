"""What a ledger must keep: every fact in the account's currency, about documents that are there, in order of days."""

from collections.abc import Iterable
from datetime import date

from billing_domain.doors import door
from billing_domain.errors import CurrencyMismatchError, OutOfOrderError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import Invoice
from billing_domain.payments.books import Firmness, MoneyKind
from billing_domain.payments.facts import LedgerFact
from billing_domain.payments.model import Application, Payment, WriteOff
from billing_domain.payments.protocols import Hold, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.payments.views import without_void
from billing_domain.periods.period import ONE_DAY


@door
def check_ledger(ledger: Ledger) -> None:
    """Check all facts of a ledger together; a snapshot does it whenever one is added.

    Raises:
        CurrencyMismatchError: A fact is in another currency than the account.
        UnknownReferenceError: It names a document, payment or write-off that is not there.
        RefusedError: It names a void invoice.
        OutOfOrderError: It is dated before the document or the money that it names.
        ExceedsLimitError: It uses more than there is.
        DuplicateIdError: It has the number of a credit note.
    """
    issued = {invoice.number: invoice for invoice in ledger.invoices}
    voided = {void.invoice for void in ledger.voids}
    for fact in (*ledger.ledger, *ledger.holds):
        _check_currency(fact, ledger)
        for number in named_documents(fact):
            _check_document(fact, number, issued, voided)
    if ledger.ledger:
        Replay(ledger, date.max)


def named_documents(fact: LedgerFact | Hold) -> tuple[str, ...]:
    """Return the numbers of the documents that a fact names."""
    invoice = getattr(fact, "invoice", None)
    return (invoice,) if isinstance(invoice, str) else tuple(getattr(fact, "documents", ()))


def _check_currency(fact: LedgerFact | Hold, ledger: Ledger) -> None:
    currency = getattr(fact, "currency", ledger.account.currency)
    if currency != ledger.account.currency:
        raise CurrencyMismatchError(
            f"{fact.id} in {currency}", f"account {ledger.account.id} is in {ledger.account.currency}", "convert it first"
        )


def _check_document(fact: LedgerFact | Hold, number: str, issued: dict[str, Invoice], voided: Iterable[str]) -> None:
    invoice = issued.get(number)
    if invoice is None:
        raise UnknownReferenceError(
            number, f"{type(fact).__name__} {fact.id} names an issued invoice of this account", "add the invoice first"
        )
    if number in voided:
        raise RefusedError(number, f"{type(fact).__name__} {fact.id} is about an invoice that is void", "name the one that replaced it")
    on = fact.since if isinstance(fact, Hold) else fact.on
    if on < invoice.on:
        raise OutOfOrderError(f"{fact.id} on {on}", f"invoice {number} was issued on {invoice.on}", "check the day")


@door
def check_void(ledger: Ledger, number: str, on: date) -> None:
    """Check that an invoice may be voided: nobody paid it, and nothing was decided about it.

    Raises:
        RefusedError: A payment, application or write-off names it, or money that came in since its day of issue pays it.
    """
    for fact in ledger.ledger:
        if isinstance(fact, Payment | Application | WriteOff) and fact.on <= on and number in named_documents(fact):
            raise RefusedError(number, f"an invoice that {fact.id} is about is not voided", "issue a credit note for it")
    if not ledger.ledger:
        return
    books = Replay(without_void(ledger, number), on - ONE_DAY).books
    for use in books.uses:
        paid = use.pool.kind is MoneyKind.PAYMENT and use.firmness is Firmness.STRATEGY and use.pool.on >= use.debt.invoice.on
        if use.debt.number == number and paid:
            raise RefusedError(number, f"an invoice that {use.pool.id} has paid is not voided", "issue a credit note for it")
