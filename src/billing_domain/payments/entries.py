"""What a statement lists: every fact that moved money, with the balance after it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from billing_domain.invoicing import CreditNote, Invoice, Void
from billing_domain.money import Money, money
from billing_domain.money.amounts import CONTEXT, add_up
from billing_domain.payments.books import Pool
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
from billing_domain.payments.replay import Move


class StatementKind(Enum):
    """What an entry of a statement is."""

    INVOICE = "invoice"
    VOID = "void"
    CREDIT_NOTE = "credit-note"
    PAYMENT = "payment"
    REVERSAL = "reversal"
    REFUND = "refund"
    CREDIT = "credit"
    DEPOSIT = "deposit"
    DEPOSIT_USED = "deposit-used"
    EXPIRED = "expired"
    OUTSIDE = "outside"
    WRITE_OFF = "write-off"
    RECOVERY = "recovery"


class Entry(NamedTuple):
    """One fact on a statement.

    Args:
        on: Its day.
        kind: What it is.
        reference: Its number or id.
        decimal_amount: What it adds to the balance; negative where it lowers it.
        running: The balance after it.
        currency: ISO 4217 code.
        about: The number or id of what it is about; empty for none.
        due: The day on which an invoice is due as it was issued; None for others.
    """

    on: date
    kind: StatementKind
    reference: str
    decimal_amount: Decimal
    running: Decimal
    currency: str
    about: str = ""
    due: date | None = None

    @property
    def amount(self) -> Money:
        """What it adds to the balance."""
        return money(self.decimal_amount, self.currency)

    @property
    def balance(self) -> Money:
        """The balance after it."""
        return money(self.running, self.currency)


_KINDS: dict[type, tuple[StatementKind, str, str]] = {
    Invoice: (StatementKind.INVOICE, "number", ""),
    Void: (StatementKind.VOID, "invoice", "invoice"),
    CreditNote: (StatementKind.CREDIT_NOTE, "number", "invoice"),
    Payment: (StatementKind.PAYMENT, "id", ""),
    Reversal: (StatementKind.REVERSAL, "id", "payment"),
    Refund: (StatementKind.REFUND, "id", "source"),
    SettledOutside: (StatementKind.OUTSIDE, "id", "source"),
    AccountCredit: (StatementKind.CREDIT, "id", "source"),
    Application: (StatementKind.DEPOSIT_USED, "id", "invoice"),
    WriteOff: (StatementKind.WRITE_OFF, "id", "invoice"),
    Recovery: (StatementKind.RECOVERY, "id", "write_off"),
    Pool: (StatementKind.EXPIRED, "id", "id"),
}
"""For each fact: what its entry is called, and where its name and what it is about stand."""


def entries_of(moves: Sequence[Move], since: date | None, currency: str) -> tuple[Decimal, tuple[Entry, ...]]:
    """Return the balance before a day, and the entries from then on.

    An application is listed only where it moves the balance, which it does where it uses a deposit.
    """
    opening = add_up(move.amount for move in moves if since is not None and move.on < since)
    running, entries = opening, []
    for move in moves:
        if (since is None or move.on >= since) and (move.amount or not isinstance(move.fact, Application)):
            running = CONTEXT.add(running, move.amount)
            entries.append(_entry(move, running, currency))
    return opening, tuple(entries)


def _entry(move: Move, running: Decimal, currency: str) -> Entry:
    fact: Any = move.fact
    kind, name, about = _KINDS[type(fact)]
    if isinstance(fact, AccountCredit) and fact.kind is CreditKind.DEPOSIT:
        kind = StatementKind.DEPOSIT
    due = fact.due if isinstance(fact, Invoice) else None
    return Entry(move.on, kind, getattr(fact, name), move.amount, running, currency, (about and getattr(fact, about)) or "", due)
