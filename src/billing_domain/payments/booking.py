"""How each kind of fact is booked."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from billing_domain.errors import DuplicateIdError, ExceedsLimitError, OutOfOrderError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import CreditNote, Invoice, Void
from billing_domain.money.amounts import CONTEXT
from billing_domain.payments.books import Books, Firmness, MoneyKind, Owed, Pool
from billing_domain.payments.model import (
    AccountCredit,
    Application,
    CreditKind,
    Payment,
    Recovery,
    Refund,
    Reversal,
    SettledOutside,
    WriteOff,
)

_add = CONTEXT.add
_subtract = CONTEXT.subtract


def _invoice(books: Books, invoice: Invoice) -> None:
    books.open_debt(Owed(invoice))


def _void(books: Books, void: Void) -> None:
    debt = _debt(books, void.invoice, "a void")
    for use in [use for use in books.uses if use.debt is debt]:
        books.release(use, use.amount)
    books.lower(debt, debt.open)
    debt.void = True


def _note(books: Books, note: CreditNote) -> None:
    pool = Pool(note.number, MoneyKind.CREDIT_NOTE, note.totals.payable_amount, note.on, (note.invoice,))
    _pool(books, pool)
    debt = _debt(books, note.invoice, "a credit note")
    if debt.open > 0:
        books.set_against(pool, debt, min(debt.open, pool.amount), books.today, Firmness.CREDIT_NOTE)


def _payment(books: Books, payment: Payment) -> None:
    _pool(books, Pool(payment.id, MoneyKind.PAYMENT, payment.decimal_amount, payment.on, payment.documents))


def _credit(books: Books, credit: AccountCredit) -> None:
    pool = Pool(credit.id, MoneyKind.DEPOSIT if credit.kind is CreditKind.DEPOSIT else MoneyKind.CREDIT, credit.decimal_amount, credit.on)
    pool.priority, pool.given = credit.priority, credit.source is None
    pool.through = credit.through or date.max
    if credit.source is not None:
        source = _take(books, credit.source, credit.decimal_amount, Firmness.NAMED)
        if source.kind in {MoneyKind.CREDIT, MoneyKind.DEPOSIT}:
            raise RefusedError(
                credit.source, "an account credit is made of a payment or a credit note", "change what the credit is by another fact"
            )
        source.moved = _add(source.moved, credit.decimal_amount)
        source.children.append(pool)
    _pool(books, pool)


def _outside(books: Books, fact: SettledOutside) -> None:
    pool = _take(books, fact.source, fact.decimal_amount, Firmness.NAMED)
    pool.outside = _add(pool.outside, fact.decimal_amount)


def _refund(books: Books, refund: Refund) -> None:
    pool = _take(books, refund.source, refund.decimal_amount, Firmness.DECIDED)
    pool.refunded = _add(pool.refunded, refund.decimal_amount)


def _reversal(books: Books, reversal: Reversal) -> None:
    pool = _source(books, reversal.payment)
    if pool.kind is not MoneyKind.PAYMENT:
        raise RefusedError(reversal.payment, "a reversal takes back a payment", "refund a credit instead")
    books.withdraw(pool, reversal.decimal_amount)


def _application(books: Books, application: Application) -> None:
    amount = application.decimal_amount
    pool, debt = _source(books, application.source), _debt(books, application.invoice, "an application")
    if pool.kind is MoneyKind.CREDIT_NOTE:
        raise RefusedError(
            application.source, "a credit note lowers its own invoice", "make an account credit of what remains, and apply that"
        )
    books.free(pool, amount, Firmness.NAMED)
    books.make_room(debt, amount, "an application")
    books.set_against(pool, debt, amount, books.today, Firmness.DECIDED)


def _write_off(books: Books, fact: WriteOff) -> None:
    debt, amount = _debt(books, fact.invoice, "a write-off"), fact.decimal_amount
    books.make_room(debt, amount, "a write-off")
    books.lower(debt, amount)
    debt.written_off = _add(debt.written_off, amount)
    books.given_up[fact.id] = (debt, amount)


def _recovery(books: Books, recovery: Recovery) -> None:
    found = books.given_up.get(recovery.write_off)
    if found is None:
        raise _missing(books, recovery.write_off, "a write-off")
    debt, left = found
    amount = recovery.decimal_amount
    if amount > left:
        raise ExceedsLimitError(amount, f"{left} of write-off {recovery.write_off} is left", "recover no more than that")
    books.given_up[recovery.write_off] = (debt, _subtract(left, amount))
    debt.written_off = _subtract(debt.written_off, amount)
    books.lower(debt, -amount)


def _pool(books: Books, pool: Pool) -> None:
    if pool.id in books.pools:
        raise DuplicateIdError(pool.id, "a credit note and a fact of the ledger never share a name", "give one of them another id")
    books.pools[pool.id] = pool
    books.spend(pool, -pool.amount)


def _take(books: Books, source: str, amount: Decimal, firmest: Firmness) -> Pool:
    pool = _source(books, source)
    books.free(pool, amount, Firmness.STRATEGY if pool.kind is MoneyKind.CREDIT_NOTE else firmest)
    books.spend(pool, amount)
    return pool


def _source(books: Books, source: str) -> Pool:
    pool = books.pools.get(source)
    if pool is None:
        raise _missing(books, source, "a payment, an account credit or a credit note")
    return pool


def _debt(books: Books, number: str, what: str) -> Owed:
    debt = books.debts.get(number)
    if debt is None:
        raise _missing(books, number, f"{what} names an issued invoice")
    if debt.void:
        raise RefusedError(number, f"{what} is of an invoice that is not void", "name the one that replaced it")
    return debt


def _missing(books: Books, name: str, what: str) -> OutOfOrderError | UnknownReferenceError:
    if name in books.known:
        return OutOfOrderError(f"{name} on {books.today}", f"{what}, and it counts only from a later day", "check the two days")
    return UnknownReferenceError(
        name, f"account {books.account_id} has no such thing on {books.today}: {what}", "add it first, and check the days"
    )


BOOK: Mapping[type, Callable[[Books, Any], None]] = {
    Invoice: _invoice,
    Void: _void,
    CreditNote: _note,
    Payment: _payment,
    AccountCredit: _credit,
    Recovery: _recovery,
    Application: _application,
    SettledOutside: _outside,
    Reversal: _reversal,
    Refund: _refund,
    WriteOff: _write_off,
}
"""What books each kind of fact, in the order in which the facts of one day are booked."""
