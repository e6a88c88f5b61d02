"""What is open, what is held, and where money went: derived from facts, never stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

import attrs

from billing_domain.accounts import Account
from billing_domain.doors import door
from billing_domain.errors import UnknownReferenceError
from billing_domain.ids import content_id
from billing_domain.money import Amount, Money, minor_unit, money
from billing_domain.money.amounts import CONTEXT, add_up
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.books import Firmness, MoneyKind, Owed, Pool, Use
from billing_domain.payments.model import Application
from billing_domain.payments.protocols import Allocation, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.periods import checked_day

_subtract = CONTEXT.subtract


class OpenItem(NamedTuple):
    """One document as it stands.

    Args:
        number: Its number.
        on: Its day of issue.
        due: The day on which it is due, changes included.
        currency: ISO 4217 code.
        total: What it asked for.
        credited: What credit notes lowered it by.
        paid: What payments and account credits were set against it.
        written_off: What was given up.
        open: What is left.
        held: What of that is not collected because it is disputed.
    """

    number: str
    on: date
    due: date
    currency: str
    total: Decimal
    credited: Decimal
    paid: Decimal
    written_off: Decimal
    open: Decimal
    held: Decimal

    @property
    def collectable(self) -> Decimal:
        """What is open and not held."""
        return _subtract(self.open, self.held)

    @property
    def amount(self) -> Money:
        """What is left."""
        return money(self.open, self.currency)

    def days_overdue(self, day: date) -> int:
        """Return how many days it is overdue at the end of a day; zero or less where it is not."""
        return (day - self.due).days


class MoneyItem(NamedTuple):
    """One payment, account credit or credit note, and where its money is.

    Applied, unapplied, refunded, reversed, moved, expired and outside add up to the amount.

    Args:
        id: Its id or number.
        kind: What it is.
        on: Its day.
        currency: ISO 4217 code.
        amount: How much it was.
        applied: What is set against documents.
        unapplied: What waits.
        refunded: What went back.
        reversed: What was taken back by a bank or card scheme.
        moved: What became account credit.
        expired: What was not used in time.
        outside: What was settled outside.
        given: Whether the company gave it: nobody paid for it.
    """

    id: str
    kind: MoneyKind
    on: date
    currency: str
    amount: Decimal
    applied: Decimal
    unapplied: Decimal
    refunded: Decimal
    reversed: Decimal
    moved: Decimal
    expired: Decimal
    outside: Decimal
    given: bool


class Applied(NamedTuple):
    """Money of one source that is set against one document.

    Args:
        source: The id of the payment or account credit, or the number of the credit note.
        invoice: The number of the document.
        amount: How much.
        on: Since when.
        firmness: What stands behind it.
    """

    source: str
    invoice: str
    amount: Decimal
    on: date
    firmness: Firmness


@attrs.frozen
class Balances:
    """What one account owes at the end of a day, document by document, and where its money went.

    Args:
        account: Whose it is.
        as_of: The day.
        items: Every invoice that is not void, by number.
        money: Every payment, account credit and credit note, by id.
        applied: What is set against what, in order of time.
    """

    account: Account
    as_of: date
    items: tuple[OpenItem, ...]
    money: tuple[MoneyItem, ...]
    applied: tuple[Applied, ...]

    @property
    def by_number(self) -> Mapping[str, OpenItem]:
        """The documents by number, read only."""
        return MappingProxyType({item.number: item for item in self.items})

    @property
    def by_source(self) -> Mapping[str, MoneyItem]:
        """The money by id, read only."""
        return MappingProxyType({item.id: item for item in self.money})

    def item(self, number: str) -> OpenItem:
        """Return a document.

        Raises:
            UnknownReferenceError: It is not here, or void.
        """
        for item in self.items:
            if item.number == number:
                return item
        raise UnknownReferenceError(
            number, f"account {self.account.id} has no such invoice on {self.as_of}", "add it, or ask for a later day"
        )

    @property
    def open(self) -> Money:
        """What is open on all documents."""
        return self._sum(add_up(item.open for item in self.items))

    @property
    def held(self) -> Money:
        """What of that is held."""
        return self._sum(add_up(item.held for item in self.items))

    @property
    def collectable(self) -> Money:
        """What is open and not held."""
        return self._sum(add_up(item.collectable for item in self.items))

    @property
    def unapplied(self) -> Money:
        """Money of the customer that waits, deposits left out."""
        return self._sum(self._waiting(MoneyKind.CREDIT_NOTE, MoneyKind.PAYMENT, MoneyKind.CREDIT))

    @property
    def credit(self) -> Money:
        """What of the money that waits is account credit."""
        return self._sum(self._waiting(MoneyKind.CREDIT))

    @property
    def deposits(self) -> Money:
        """Deposits that are kept; no part of the balance."""
        return self._sum(self._waiting(MoneyKind.DEPOSIT))

    @property
    def balance(self) -> Money:
        """What is open less the money that waits; negative where the company owes."""
        waiting = self._waiting(MoneyKind.CREDIT_NOTE, MoneyKind.PAYMENT, MoneyKind.CREDIT)
        return self._sum(_subtract(add_up(item.open for item in self.items), waiting))

    def _waiting(self, *kinds: MoneyKind) -> Decimal:
        return add_up(item.unapplied for item in self.money if item.kind in kinds)

    def _sum(self, amount: Decimal) -> Money:
        return money(amount.quantize(minor_unit(self.account.currency), context=CONTEXT), self.account.currency)

    def from_source(self, source: str) -> tuple[Applied, ...]:
        """Return where the money of one source went."""
        return tuple(applied for applied in self.applied if applied.source == source)

    def to_document(self, number: str) -> tuple[Applied, ...]:
        """Return where the money on one document came from."""
        return tuple(applied for applied in self.applied if applied.invoice == number)

    def applications(self) -> tuple[Application, ...]:
        """Return what a strategy or a payer's words put where, as decisions that a host can store.

        Once they are in the snapshot, no later strategy moves that money. Their ids derive from their content.
        """
        loose = [applied for applied in self.applied if applied.firmness in {Firmness.STRATEGY, Firmness.NAMED}]
        return tuple(
            Application(
                content_id(self.account.id, number, applied.source, applied.invoice, applied.amount, applied.on),
                Amount(applied.amount, self.account.currency).money,
                applied.source,
                applied.invoice,
                applied.on,
            )
            for number, applied in enumerate(loose, 1)
        )


@door
def balances(ledger: Ledger, *, as_of: date, allocation: Allocation = STANDARD) -> Balances:
    """Return what an account owes at the end of a day, and where its money went.

    Facts of one day are booked in a fixed order, so the order in which they were entered changes nothing, and a fact of
    a later day never changes the balances of an earlier one.

    Args:
        ledger: The account with its documents and facts about money, for example a snapshot.
        as_of: The day.
        allocation: Where money goes that names no document.

    Raises:
        ExceedsLimitError: A fact uses more than there is.
        PluginError: The strategy answers what the rules refuse.

    Example:
        >>> from datetime import date
        >>> from zoneinfo import ZoneInfo
        >>> from billing_domain import Account, AccountSnapshot, Money, Party
        >>> from billing_domain.payments import Payment, balances
        >>> ona = Party("Ona Kazlauskienė", "LT")
        >>> account = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=ona)
        >>> snapshot = AccountSnapshot(account).add(Payment("P-1", Money("15.00", "EUR"), date(2026, 4, 20)))
        >>> found = balances(snapshot, as_of=date(2026, 4, 20))
        >>> found.unapplied.amount, found.balance.amount
        (Decimal('15.00'), Decimal('-15.00'))
    """
    return frozen(Replay(ledger, checked_day(as_of, "as_of"), allocation))


def frozen(replay: Replay) -> Balances:
    """Return what a replay ended with."""
    books = replay.books
    by_debt: dict[str, list[Use]] = {}
    by_pool: dict[str, list[Use]] = {}
    for use in books.uses:
        by_debt.setdefault(use.debt.number, []).append(use)
        by_pool.setdefault(use.pool.id, []).append(use)
    debts = sorted(books.debts.values(), key=lambda debt: (debt.invoice.on, debt.number))
    pools = sorted(books.pools.values(), key=lambda pool: (pool.on, pool.id))
    return Balances(
        replay.account,
        replay.as_of,
        tuple(_item(replay, debt, by_debt.get(debt.number, ())) for debt in debts if not debt.void),
        tuple(_money(pool, by_pool.get(pool.id, ()), replay.account.currency) for pool in pools),
        tuple(Applied(use.pool.id, use.debt.number, use.amount, use.on, use.firmness) for use in books.uses),
    )


def _item(replay: Replay, debt: Owed, uses: Sequence[Use]) -> OpenItem:
    day = replay.as_of
    credited = add_up(use.amount for use in uses if use.firmness is Firmness.CREDIT_NOTE)
    paid = add_up(use.amount for use in uses if use.firmness is not Firmness.CREDIT_NOTE)
    due, held = replay.due(debt.number, day), replay.held(debt, day)
    return OpenItem(
        debt.number, debt.invoice.on, due, replay.account.currency, debt.total, credited, paid, debt.written_off, debt.open, held
    )


def _money(pool: Pool, uses: Sequence[Use], currency: str) -> MoneyItem:
    applied = add_up(use.amount for use in uses)
    return MoneyItem(
        pool.id, pool.kind, pool.on, currency, pool.amount, applied, pool.unapplied,
        pool.refunded, pool.reversed, pool.moved, pool.expired, pool.outside, pool.given,
    )  # fmt: skip
