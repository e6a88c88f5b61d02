"""What happened to an account, what it owes, and how old that is: derived from facts, never stored."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.accounts import Account
from billing_domain.doors import door, guarded
from billing_domain.errors import CurrencyMismatchError, InvalidPeriodError, InvalidValueError, RefusedError
from billing_domain.money import Money, minor_unit, money
from billing_domain.money.amounts import CONTEXT, add_up
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.balance import Balances, OpenItem, frozen
from billing_domain.payments.entries import Entry, entries_of
from billing_domain.payments.protocols import Allocation, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.periods import checked_day


@guarded
@attrs.frozen
class Aging:
    """How open documents are grouped by age: the last day overdue of each group but the last.

    Args:
        upper: Rising numbers of days, zero or more; 0 ends the group that is not due yet.

    Raises:
        InvalidValueError: The numbers do not rise from zero.

    Example:
        >>> Aging((0, 30, 60)).names
        ('not due', '1 to 30', '31 to 60', 'over 60')
    """

    upper: tuple[int, ...] = (0, 30, 60, 90)

    def __attrs_post_init__(self) -> None:
        if not self.upper or self.upper[0] != 0 or sorted(set(self.upper)) != list(self.upper):
            raise InvalidValueError(self.upper, "ages rise from zero", "give numbers such as (0, 30, 60, 90)")

    @property
    def names(self) -> tuple[str, ...]:
        """What the groups are called, in English."""
        spans = zip(self.upper, self.upper[1:], strict=False)
        return ("not due", *(f"{before + 1} to {last}" for before, last in spans), f"over {self.upper[-1]}")

    def place(self, days: int) -> int:
        """Return the group that so many days overdue belong to, from 0."""
        return sum(days > last for last in self.upper)


class AgingBucket(NamedTuple):
    """What is open in one group of ages.

    Args:
        name: The group in English.
        open: What is open.
        held: What of that is held.
        documents: How many documents are open.
        currency: ISO 4217 code.
    """

    name: str
    open: Decimal
    held: Decimal
    documents: int
    currency: str

    @property
    def amount(self) -> Money:
        """What is open."""
        return money(self.open.quantize(minor_unit(self.currency), context=CONTEXT), self.currency)

    @property
    def collectable(self) -> Money:
        """What is open and not held."""
        return money(CONTEXT.subtract(self.open, self.held), self.currency)


@attrs.frozen
class Statement:
    """What an account owed, what happened, and what it owes.

    Opening balance and entries make the closing balance; that is what is open less the money that waits.
    For a parent with children, every figure but the entries covers the children too; theirs stand on their own statements.

    Args:
        account: Whose it is.
        since: The first day of its entries; None from the beginning.
        as_of: The last day.
        opening_amount: The balance at the end of the day before, its own alone.
        entries: What happened, with the balance after each, its own alone.
        balances: Documents and money as they stand, its own alone.
        aging: What is open, by age, children included.
        children: The statements of the accounts that it pays for.
    """

    account: Account
    since: date | None
    as_of: date
    opening_amount: Decimal
    entries: tuple[Entry, ...]
    balances: Balances
    aging: tuple[AgingBucket, ...]
    children: tuple["Statement", ...] = ()

    def _total(self, name: str) -> Money:
        own = getattr(self.balances, name).amount
        return money(add_up([own, *(getattr(child, name).amount for child in self.children)]), self.account.currency)

    @property
    def opening(self) -> Money:
        """The balance at the end of the day before."""
        return money(add_up([self.opening_amount, *(child.opening.amount for child in self.children)]), self.account.currency)

    @property
    def balance(self) -> Money:
        """The closing balance: what is open less the money that waits; negative where the company owes."""
        return self._total("balance")

    @property
    def open(self) -> Money:
        """What is open on all documents."""
        return self._total("open")

    @property
    def disputed(self) -> Money:
        """What of that is held."""
        return self._total("held")

    @property
    def held(self) -> Money:
        """What of that is held."""
        return self._total("held")

    @property
    def collectable(self) -> Money:
        """What is open and not held."""
        return self._total("collectable")

    @property
    def unapplied(self) -> Money:
        """Money of the customer that waits for a bill, deposits left out."""
        return self._total("unapplied")

    @property
    def deposits(self) -> Money:
        """Deposits that are kept; no part of the balance."""
        return self._total("deposits")

    @property
    def items(self) -> tuple[OpenItem, ...]:
        """The documents that are open, children's included, by due day and number."""
        own = [item for item in self.balances.items if item.open]
        inherited = [item for child in self.children for item in child.items]
        return tuple(sorted([*own, *inherited], key=lambda item: (item.due, item.number)))


@door
def statement(
    ledger: Ledger,
    *,
    as_of: date,
    since: date | None = None,
    allocation: Allocation = STANDARD,
    aging: Aging | Sequence[int] = (0, 30, 60, 90),
    children: Iterable[Ledger] = (),
) -> Statement:
    """Return what an account owed, what happened and what it owes, at the end of a day.

    Args:
        ledger: The account with its documents and facts about money, for example a snapshot.
        as_of: The last day.
        since: The first day of the entries; from the beginning where None.
        allocation: Where money goes that names no document.
        aging: How open documents are grouped by age.
        children: The accounts that this one pays for, as their `payer` says.

    Raises:
        InvalidPeriodError: It begins after it ends.
        RefusedError: A child names another payer.
        CurrencyMismatchError: A child is in another currency.

    Example:
        See the tutorial.
    """
    groups = aging if isinstance(aging, Aging) else Aging(tuple(aging))
    if since is not None and checked_day(since, "since") > checked_day(as_of, "as_of"):
        raise InvalidPeriodError(f"{since} to {as_of}", "a statement begins on or before its last day", "swap the days")
    below = tuple(
        statement(_child(child, ledger.account), as_of=as_of, since=since, allocation=allocation, aging=groups) for child in children
    )
    replay = Replay(ledger, checked_day(as_of, "as_of"), allocation)
    found = frozen(replay)
    opening, entries = entries_of(replay.moves, since, ledger.account.currency)
    items = [item for item in found.items if item.open] + [item for child in below for item in child.items]
    return Statement(ledger.account, since, as_of, opening, entries, found, _aged(items, as_of, groups, ledger.account.currency), below)


def _child(child: Ledger, parent: Account) -> Ledger:
    if child.account.payer != parent.id:
        raise RefusedError(child.account.id, f"the account names {child.account.payer} as its payer, not {parent.id}", "leave it out")
    if child.account.currency != parent.currency:
        raise CurrencyMismatchError(
            child.account.id, f"a statement is in one currency, here {parent.currency}", "make a statement for each"
        )
    return child


def _aged(items: Iterable[OpenItem], as_of: date, groups: Aging, currency: str) -> tuple[AgingBucket, ...]:
    placed: list[list[OpenItem]] = [[] for _ in groups.names]
    for item in items:
        placed[groups.place(item.days_overdue(as_of))].append(item)
    return tuple(
        AgingBucket(name, add_up(item.open for item in found), add_up(item.held for item in found), len(found), currency)
        for name, found in zip(groups.names, placed, strict=True)
    )
