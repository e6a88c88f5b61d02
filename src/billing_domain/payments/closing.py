"""What still matters when the history is cut: open documents, money that waits, and everything that hangs on them."""

from collections.abc import Iterable
from datetime import date

from billing_domain.doors import door
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.arrangements import HoldFlag
from billing_domain.payments.balance import Balances, balances
from billing_domain.payments.checking import named_documents
from billing_domain.payments.facts import LedgerFact
from billing_domain.payments.model import AccountCredit, Application, Recovery, Refund, Reversal, SettledOutside
from billing_domain.payments.protocols import Allocation, Ledger


@door
def open_numbers(ledger: Ledger, *, as_of: date, documents: Iterable[str] = (), allocation: Allocation = STANDARD) -> tuple[str, ...]:
    """Return the numbers of invoices that money still matters for, to be kept when an account's history is closed.

    These are the documents that are open, and those that share a payment, credit or credit note with money that waits or
    with a document that is open; with `open_facts` they have the same balances as the whole history.

    Args:
        ledger: The account.
        as_of: The day.
        documents: Numbers of invoices that are kept for other reasons; what paid them is kept with them.
        allocation: Where money goes that names no document.
    """
    found = balances(ledger, as_of=as_of, allocation=allocation)
    alive = _alive(ledger, found, documents)
    return tuple(item.number for item in found.items if item.number in alive)


@door
def open_facts(ledger: Ledger, *, as_of: date, documents: Iterable[str] = (), allocation: Allocation = STANDARD) -> tuple[LedgerFact, ...]:
    """Return the facts of a ledger that still matter: those about open documents and money that waits, and those of later days.

    Args:
        ledger: The account.
        as_of: The day.
        documents: Numbers of invoices that are kept for other reasons.
        allocation: Where money goes that names no document.
    """
    alive = _alive(ledger, balances(ledger, as_of=as_of, allocation=allocation), documents)
    return tuple(fact for fact in ledger.ledger if fact.on > as_of or isinstance(fact, HoldFlag) or not alive.isdisjoint(_names(fact)))


def _names(fact: LedgerFact) -> set[str]:
    """Return the documents and the money that a fact ties together, itself included."""
    names = {fact.id, *named_documents(fact)}
    if isinstance(fact, Refund | AccountCredit | Application | SettledOutside) and fact.source is not None:
        names.add(fact.source)
    if isinstance(fact, Reversal):
        names.add(fact.payment)
    if isinstance(fact, Recovery):
        names.add(fact.write_off)
    return names


def _alive(ledger: Ledger, found: Balances, documents: Iterable[str]) -> set[str]:
    """Return everything that hangs together with an open or kept document, money that waits, or a fact of a later day."""
    ties = [{applied.source, applied.invoice} for applied in found.applied]
    ties += [_names(fact) for fact in ledger.ledger]
    ties += [{note.number, note.invoice} for note in ledger.credit_notes]
    alive = {item.number for item in found.items if item.open} | {item.id for item in found.money if item.unapplied} | set(documents)
    alive.update(*(_names(fact) for fact in ledger.ledger if fact.on > found.as_of))
    return _spread(alive, ties)


def _spread(alive: set[str], ties: Iterable[set[str]]) -> set[str]:
    waiting = list(ties)
    while touched := [tie for tie in waiting if not alive.isdisjoint(tie)]:
        waiting = [tie for tie in waiting if alive.isdisjoint(tie)]
        alive.update(*touched)
    return alive
