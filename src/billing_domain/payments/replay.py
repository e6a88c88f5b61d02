"""Play the facts of a ledger through, day by day, in an order that does not depend on how they were entered.

A day's facts are booked in a fixed order; then money that is not set against anything goes to its own invoice, to the
documents that its payer named, and to where the strategy says. Facts of later days never change an earlier day.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from billing_domain.invoicing import CreditNote, Invoice, Void
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, exact
from billing_domain.payments.allocation import STANDARD, OldestDueFirst, allotted
from billing_domain.payments.arrangements import DueDateChange
from billing_domain.payments.booking import BOOK
from billing_domain.payments.books import Books, Firmness, MoneyKind, Owed, Pool
from billing_domain.payments.model import AccountCredit, Recovery
from billing_domain.payments.protocols import Allocation, Allotment, Debt, Hold, Ledger
from billing_domain.periods.period import ONE_DAY

_OLDEST = OldestDueFirst()
_RANK = {kind: rank for rank, kind in enumerate(BOOK)}


class Move(NamedTuple):
    """What one fact did to what is owed.

    Args:
        on: Its day.
        fact: The fact, or the pool that expired.
        amount: What it added; negative where it lowered.
    """

    on: date
    fact: Any
    amount: Decimal


class Replay:
    """Books that know how to take up facts.

    Args:
        ledger: The account's facts.
        as_of: The last day that counts.
        allocation: Where money goes that names nothing.
    """

    __slots__ = ("_strategy", "account", "as_of", "books", "dues", "holds", "moves")

    def __init__(self, ledger: Ledger, as_of: date, allocation: Allocation = STANDARD) -> None:
        self.account = ledger.account
        self.as_of = as_of
        self.books = Books(ledger.account.id, _names(ledger))
        self.dues: dict[str, list[DueDateChange]] = {}
        self.holds: dict[str, list[Hold]] = {}
        self.moves: list[Move] = []
        self._strategy = allocation
        self._index(ledger)
        days = self._days(ledger)
        with exact():
            for today in sorted(days):
                self._live(today, days[today])

    def _live(self, today: date, facts: list[Any]) -> None:
        self.books.today = today
        for fact in sorted(facts, key=self._order):
            self._book(fact)
        self._spread()
        self.books.close_day(today)

    def _book(self, fact: Any) -> None:
        before = self.books.owed
        BOOK[type(fact)](self.books, fact)
        self.moves.append(Move(self.books.today, fact, CONTEXT.subtract(self.books.owed, before)))

    def _index(self, ledger: Ledger) -> None:
        for fact in ledger.ledger:
            if isinstance(fact, DueDateChange) and fact.on <= self.as_of:
                self.dues.setdefault(fact.invoice, []).append(fact)
        for changes in self.dues.values():
            changes.sort(key=lambda change: (change.on, change.id))
        for hold in ledger.holds:
            self.holds.setdefault(hold.invoice, []).append(hold)

    def _days(self, ledger: Ledger) -> dict[date, list[Any]]:
        days: dict[date, list[Any]] = {}
        for fact in (*ledger.invoices, *ledger.voids, *ledger.credit_notes, *ledger.ledger):
            if type(fact) in _RANK:
                days.setdefault(fact.on, []).append(fact)
            if isinstance(fact, AccountCredit) and fact.through is not None and fact.through < date.max:
                days.setdefault(fact.through + ONE_DAY, [])
        for hold in ledger.holds:
            if hold.until is not None:
                days.setdefault(hold.until, [])
        return {day: facts for day, facts in days.items() if day <= self.as_of}

    def due(self, number: str, day: date) -> date:
        """Return the day on which a document is due, as it stood at the end of a day."""
        known = [change.due for change in self.dues.get(number, ()) if change.on <= day]
        return known[-1] if known else self.books.debts[number].invoice.due

    def held(self, debt: Owed, day: date, opened: Decimal | None = None) -> Decimal:
        """Return how much of what is open on a document is held on a day."""
        return self._stopped(debt.number, day, debt.open if opened is None else opened, grace=False)

    def graced(self, debt: Owed, day: date, rest: Decimal) -> Decimal:
        """Return how much of the rest, which is open and not held, is not chased yet because it was decided a short while ago."""
        return self._stopped(debt.number, day, rest, grace=True)

    def _stopped(self, number: str, day: date, most: Decimal, *, grace: bool) -> Decimal:
        stopped = add_up(hold.decimal_amount for hold in self.holds.get(number, ()) if hold.grace is grace and hold.stands(day))
        return min(stopped, most) if stopped else ZERO

    def open_debts(self, day: date) -> list[Debt]:
        """Return the documents that are open, by due day, day of issue and number."""
        found = [
            Debt(debt.number, debt.invoice.on, self.due(debt.number, day), debt.total, debt.open, self.held(debt, day))
            for debt in self.books.debts.values()
            if debt.open > 0
        ]
        return sorted(found, key=lambda debt: (debt.due, debt.on, debt.number))

    def _order(self, fact: Any) -> tuple[int, str]:
        """Return the place of a fact on its day; a recovery of what is written off that very day comes last."""
        if isinstance(fact, Recovery) and fact.write_off not in self.books.given_up:
            return (len(_RANK), fact.id)
        named = fact.invoice if isinstance(fact, Void) else fact.number if isinstance(fact, Invoice | CreditNote) else fact.id
        return (_RANK[type(fact)], named)

    def _spread(self) -> None:
        waiting = [pool for pool in self.books.pools.values() if pool.unapplied > 0]
        for pool in waiting:
            if pool.through < self.books.today:
                self._expire(pool)
            elif pool.kind is MoneyKind.CREDIT_NOTE:
                self._to_named(pool, Firmness.CREDIT_NOTE)
        payments = sorted((pool for pool in waiting if pool.kind is MoneyKind.PAYMENT), key=lambda pool: pool.order)
        for pool in payments:
            self._to_named(pool, Firmness.NAMED)
        for pool in sorted((pool for pool in waiting if pool.kind is MoneyKind.CREDIT), key=lambda pool: pool.order):
            undisputed = [debt._replace(open=debt.collectable, held=ZERO) for debt in self.open_debts(self.books.today)]
            self._by_strategy(pool, _OLDEST, [debt for debt in undisputed if debt.open > 0])
        for pool in payments:
            self._by_strategy(pool, self._strategy, self.open_debts(self.books.today))

    def _expire(self, pool: Pool) -> None:
        amount = pool.unapplied
        pool.expired = CONTEXT.add(pool.expired, amount)
        self.books.spend(pool, amount)
        self.moves.append(Move(self.books.today, pool, ZERO if pool.kind is MoneyKind.DEPOSIT else amount))

    def _to_named(self, pool: Pool, firmness: Firmness) -> None:
        for number in pool.names:
            debt = self.books.debts.get(number)
            amount = ZERO if debt is None else min(debt.open, pool.unapplied)
            if debt is not None and amount > 0:
                self.books.set_against(pool, debt, amount, self.books.today, firmness)

    def _by_strategy(self, pool: Pool, strategy: Allocation, debts: list[Debt]) -> None:
        if not debts or pool.unapplied <= 0:
            return
        given = allotted(strategy, Allotment(pool.unapplied, self.account.currency, debts, self.books.today))
        for number, amount in given.items():
            self.books.set_against(pool, self.books.debts[number], amount, self.books.today, Firmness.STRATEGY)


def _names(ledger: Ledger) -> set[str]:
    documents = {invoice.number for invoice in ledger.invoices} | {note.number for note in ledger.credit_notes}
    return documents | {fact.id for fact in ledger.ledger}
