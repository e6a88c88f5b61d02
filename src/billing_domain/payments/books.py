"""The books while facts are played through: debts, pools of money, and what of one is set against the other.

They live for one call and are never stored; `balances` freezes what they end with.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import IntEnum

from billing_domain.errors import ExceedsLimitError
from billing_domain.invoicing import Invoice
from billing_domain.money.amounts import CONTEXT, ZERO, add_up

_add = CONTEXT.add
_subtract = CONTEXT.subtract


class Firmness(IntEnum):
    """What stands behind money that is set against a document; what is less firm makes way."""

    STRATEGY = 0
    """A strategy put it there; a decision displaces it."""
    NAMED = 1
    """The payer named the document."""
    CREDIT_NOTE = 2
    """A credit note lowers its own invoice."""
    DECIDED = 3
    """An application says so."""


class MoneyKind(IntEnum):
    """What sort of money a pool holds."""

    CREDIT_NOTE = 0
    PAYMENT = 1
    CREDIT = 2
    DEPOSIT = 3


class Owed:
    """One document and what is open on it."""

    __slots__ = ("credited", "history", "invoice", "number", "open", "total", "void", "written_off")

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.number = invoice.number
        self.total = invoice.totals.payable_amount
        self.open = self.total
        self.credited = self.written_off = ZERO
        self.void = False
        self.history: list[tuple[date, Decimal, Decimal]] = []

    def on(self, day: date) -> tuple[Decimal, Decimal]:
        """Return what was open and what was paid at the end of a day; nothing before the document was issued."""
        found = (ZERO, ZERO)
        for changed, opened, paid in self.history:
            if changed > day:
                break
            found = (opened, paid)
        return found


class Pool:
    """Money of one source, and where it went."""

    __slots__ = (
        "amount", "children", "expired", "given", "id", "kind", "moved", "names",
        "on", "outside", "priority", "refunded", "reversed", "through", "unapplied",
    )  # fmt: skip

    def __init__(self, pool_id: str, kind: MoneyKind, amount: Decimal, on: date, names: tuple[str, ...] = ()) -> None:
        self.id, self.kind, self.amount, self.on, self.names = pool_id, kind, amount, on, names
        self.unapplied = ZERO
        self.refunded = self.reversed = self.moved = self.expired = self.outside = ZERO
        self.children: list[Pool] = []
        self.through, self.priority, self.given = date.max, 0, False

    @property
    def order(self) -> tuple[int, date, date, str]:
        """The order in which pools of one kind are used."""
        return (self.priority, self.through, self.on, self.id)


class Use:
    """Money of one pool that is set against one document."""

    __slots__ = ("amount", "debt", "firmness", "on", "pool")

    def __init__(self, pool: Pool, debt: Owed, amount: Decimal, on: date, firmness: Firmness) -> None:
        self.pool, self.debt, self.amount, self.on, self.firmness = pool, debt, amount, on, firmness


class Books:
    """Debts, pools and uses; `owed` is what is open less what is unapplied, deposits left out."""

    __slots__ = ("account_id", "debts", "given_up", "known", "owed", "pools", "today", "touched", "uses")

    def __init__(self, account_id: str, known: set[str]) -> None:
        self.account_id = account_id
        self.known = known
        self.today = date.min
        self.owed = ZERO
        self.given_up: dict[str, tuple[Owed, Decimal]] = {}
        self.debts: dict[str, Owed] = {}
        self.pools: dict[str, Pool] = {}
        self.uses: list[Use] = []
        self.touched: dict[str, Owed] = {}

    def open_debt(self, debt: Owed) -> None:
        """Take up a document that was issued."""
        self.debts[debt.number] = debt
        self.owed = _add(self.owed, debt.open)
        self.touched[debt.number] = debt

    def spend(self, pool: Pool, amount: Decimal) -> None:
        """Lower what a pool has unapplied; a negative amount raises it."""
        pool.unapplied = _subtract(pool.unapplied, amount)
        if pool.kind is not MoneyKind.DEPOSIT:
            self.owed = _add(self.owed, amount)

    def set_against(self, pool: Pool, debt: Owed, amount: Decimal, on: date, firmness: Firmness) -> None:
        """Move money from what is unapplied to a document."""
        self.spend(pool, amount)
        self.lower(debt, amount)
        self.uses.append(Use(pool, debt, amount, on, firmness))
        if firmness is Firmness.CREDIT_NOTE:
            debt.credited = _add(debt.credited, amount)

    def lower(self, debt: Owed, amount: Decimal) -> None:
        """Lower what is open on a document; a negative amount raises it."""
        debt.open = _subtract(debt.open, amount)
        self.owed = _subtract(self.owed, amount)
        self.touched[debt.number] = debt

    def release(self, use: Use, most: Decimal) -> Decimal:
        """Take money back from a document into its pool, and return how much; a credit note's stays but where its invoice is void."""
        amount = min(use.amount, most)
        use.amount = _subtract(use.amount, amount)
        self.spend(use.pool, -amount)
        self.lower(use.debt, -amount)
        if not use.amount:
            self.uses.remove(use)
        return amount

    def free(self, pool: Pool, amount: Decimal, firmest: Firmness) -> None:
        """Make so much of a pool unapplied, by taking back uses up to a firmness, the least firm and newest first.

        Raises:
            ExceedsLimitError: There is not so much.
        """
        for use in self._weakest(use for use in self.uses if use.pool is pool and use.firmness <= firmest):
            if pool.unapplied >= amount:
                break
            self.release(use, _subtract(amount, pool.unapplied))
        if pool.unapplied < amount:
            raise ExceedsLimitError(amount, f"{pool.id} has {pool.unapplied} left for that", "use no more than that")

    def make_room(self, debt: Owed, amount: Decimal, what: str) -> None:
        """Make so much of a document open, by taking back what a strategy put there, newest first.

        Raises:
            ExceedsLimitError: There is not so much.
        """
        for use in self._weakest(use for use in self.uses if use.debt is debt and use.firmness is Firmness.STRATEGY):
            if debt.open >= amount:
                break
            self.release(use, _subtract(amount, debt.open))
        if debt.open < amount:
            raise ExceedsLimitError(amount, f"{debt.number} has {debt.open} open for {what}", "name no more than that")

    @staticmethod
    def _weakest(uses: Iterable[Use]) -> Iterator[Use]:
        newest_first = list(uses)[::-1]
        return iter(sorted(newest_first, key=lambda use: use.firmness))

    def withdraw(self, pool: Pool, amount: Decimal) -> None:
        """Take money out of a payment wherever it is: unapplied, set against documents, or in credits that were made of it.

        Raises:
            ExceedsLimitError: So much of it is not here any more.
        """
        for holder in (pool, *pool.children):
            amount = _subtract(amount, self._withdraw(holder, amount))
        if amount:
            raise ExceedsLimitError(
                amount, f"so much of {pool.id} was refunded or taken back already", "take back no more than what is left"
            )

    def _withdraw(self, pool: Pool, amount: Decimal) -> Decimal:
        used = add_up(use.amount for use in self.uses if use.pool is pool)
        part = min(amount, _add(pool.unapplied, used))
        self.free(pool, part, Firmness.DECIDED)
        self.spend(pool, part)
        expired = min(_subtract(amount, part), pool.expired)
        pool.expired = _subtract(pool.expired, expired)
        taken = _add(part, expired)
        pool.reversed = _add(pool.reversed, taken)
        return taken

    def close_day(self, day: date) -> None:
        """Remember what is open at the end of a day."""
        for debt in self.touched.values():
            paid = ZERO if debt.void else _subtract(debt.total, add_up((debt.open, debt.credited, debt.written_off)))
            debt.history.append((day, debt.open, paid))
        self.touched.clear()
