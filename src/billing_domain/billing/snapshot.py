"""Everything that is known of one account: the one thing that engines read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.accounts import Account
from billing_domain.billing.opening import Opening
from billing_domain.billing.snapshot_checks import check_together
from billing_domain.conditions import Facts
from billing_domain.discounts import Grant
from billing_domain.disputes import Dispute
from billing_domain.errors import (
    DuplicateIdError,
    InvalidTypeError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import CreditNote, Invoice, LineRef, Reinstatement, Void
from billing_domain.payments import LEDGER_FACTS, Hold, HoldFlag, LedgerFact, fees_on_corrections
from billing_domain.subscriptions import Order, Subscription
from billing_domain.usage import UsageRecord

Known = (
    Account | Subscription | UsageRecord | Order | Invoice | CreditNote | Void | Reinstatement | Grant | LedgerFact | Hold | Dispute | Facts
)
"""What `AccountSnapshot.add` takes."""


def _by_content(values: Iterable[Any]) -> tuple[Any, ...]:
    """Sort what has no id of its own by what it says; equal things are one."""
    return tuple(sorted(dict.fromkeys(values), key=attrs.astuple))


def _by_id(values: Iterable[Any]) -> tuple[Any, ...]:
    """Sort by id, so that the order in which things are given changes nothing; equal things under one id are one."""
    listed = list(values)
    if len(listed) < 2:
        return tuple(listed)
    return tuple(sorted(_once(listed, lambda thing: thing.id), key=lambda thing: thing.id))


def _by_number(values: Iterable[Any]) -> tuple[Any, ...]:
    listed = list(values)
    if len(listed) < 2:
        return tuple(listed)
    return tuple(sorted(_once(listed, lambda document: document.number), key=lambda document: (document.on, document.number)))


def _once(values: Sequence[Any], name: Callable[[Any], str]) -> list[Any]:
    found: dict[str, Any] = {}
    for value in values:
        known = found.setdefault(name(value), value)
        if known is not value and known != value:
            raise DuplicateIdError(
                name(value), f"one id names one {type(value).__name__}", "give the other another id; what was issued never changes"
            )
    return list(found.values())


_ORDERED: dict[str, Callable[[Iterable[Any]], tuple[Any, ...]]] = {
    "subscriptions": _by_id,
    "usage": _by_id,
    "orders": _by_id,
    "grants": _by_id,
    "invoices": _by_number,
    "credit_notes": _by_number,
    "voids": _by_content,
    "reinstatements": _by_content,
    "ledger": _by_id,
    "held": _by_id,
    "disputes": _by_id,
    "children": _by_id,
}
"""How each field is put in order when a snapshot is made; converters would hide the fields from type checkers as protocol members."""


@attrs.frozen
class AccountSnapshot:
    """An account and all that is known of it; a new fact gives a new snapshot.

    The order in which things are given changes nothing, and equal things under one id are one.

    Args:
        account: The account.
        subscriptions: What was agreed.
        usage: What was consumed.
        orders: Sales outside any plan.
        grants: Discounts that were granted.
        invoices: Issued invoices, voided ones too.
        credit_notes: Issued credit notes.
        voids: Invoices that were taken back.
        reinstatements: Credit entries that were taken back.
        opening: Where the history starts, if not at the beginning; its documents become part of the snapshot's.
        ledger: What is known about money: payments, refunds, credits, arrangements, steps of dunning.
        held: Amounts of documents that a host holds by itself; what is disputed is held anyway.
        disputes: Cases about lines, ended ones too.
        children: The accounts that this one pays for; each is rated alone, and its lines are a section of this one's invoice.
        facts: What the host knows beside, such as a segment or a score; conditions read it before what `billing.facts` gathers.

    Raises:
        DuplicateIdError: Two different things carry one id.
        CurrencyMismatchError: Something is in another currency than the account.
        UnknownReferenceError: Usage is of a subscription that is not here, a credit note of an invoice that is not here, or a credit
            that is taken back on no document here.
        MissingRateError: A plan has no prices in the account's currency.
        RefusedError: A document is of another account, a voided invoice was credited, or an account that has a payer has children.

    Example:
        See the tutorial.
    """

    account: Account
    subscriptions: Sequence[Subscription] = ()
    usage: Sequence[UsageRecord] = ()
    orders: Sequence[Order] = ()
    grants: Sequence[Grant] = ()
    invoices: Sequence[Invoice] = ()
    credit_notes: Sequence[CreditNote] = ()
    voids: Sequence[Void] = ()
    reinstatements: Sequence[Reinstatement] = ()
    opening: Opening | None = None
    ledger: Sequence[LedgerFact] = ()
    held: Sequence[Hold] = ()
    disputes: Sequence[Dispute] = ()
    children: Sequence["AccountSnapshot"] = ()
    facts: Facts = Facts()

    def __attrs_post_init__(self) -> None:
        for name, ordered in _ORDERED.items():
            object.__setattr__(self, name, ordered(_held_in(name, getattr(self, name))))
        if not isinstance(self.account, Account):
            raise InvalidTypeError(self.account, "a snapshot is of an Account", "give the account first")
        if self.opening is not None:
            object.__setattr__(self, "invoices", _by_number((*self.opening.documents, *self.invoices)))
            object.__setattr__(self, "credit_notes", _by_number((*self.opening.credit_notes, *self.credit_notes)))
        _pick_currency(self)
        check_together(self)

    @property
    def id(self) -> str:
        """The id of the account."""
        return self.account.id

    @property
    def sold_ids(self) -> tuple[str, ...]:
        """The ids of everything that was sold: subscriptions and orders."""
        return (*(subscription.id for subscription in self.subscriptions), *(order.id for order in self.orders))

    def add(self, *known: "Known | AccountSnapshot") -> "AccountSnapshot":
        """Return the snapshot in which these are known too.

        Documents, usage, orders, grants, voids and facts about money are added; a subscription, dispute, hold, flag or the snapshot of a
        child replaces the older one with its id. A newer state of the account replaces the older; its currency and zone are fixed once
        billed. A grant is a frozen decision: the same one again changes nothing, and what was decided anew has an id of its own.

        Raises:
            InvalidTypeError: A draft, or something that a snapshot does not hold.
            DuplicateIdError: Another document has the number already, or another grant, order or fact about money the id.
        """
        changed: dict[str, Any] = {}
        for thing in known:
            if isinstance(thing, Account):
                changed["account"] = _renewed(self, thing)
                continue
            if isinstance(thing, Facts):
                changed["facts"] = changed.get("facts", self.facts).updated(thing)
                continue
            field = "children" if isinstance(thing, AccountSnapshot) else _FIELDS.get(type(thing))
            if field is None:
                raise InvalidTypeError(thing, f"a snapshot does not hold a {type(thing).__name__}", _remedy(thing))
            present = changed.setdefault(field, list(getattr(self, field)))
            if field in _REPLACED or isinstance(thing, HoldFlag):
                present[:] = [other for other in present if other.id != thing.id or type(other) is not type(thing)]  # type: ignore[union-attr]
            present.append(thing)
        return attrs.evolve(self, **changed)

    @property
    def holds(self) -> Sequence[Hold]:
        """What is held, past holds too: what the host holds and what is disputed."""
        return self.held if not self.disputes else (*self.held, *(hold for dispute in self.disputes for hold in _holds(dispute)))

    def fees_on(self, corrected: Mapping[str, Decimal]) -> Mapping[LineRef, Decimal]:
        """Return what goes back of late fees, without tax and with what went back before, by the line on which each was billed.

        Args:
            corrected: What is corrected beside what the credit notes correct already, with tax, by invoice number.
        """
        return fees_on_corrections(self, corrected) if self.ledger else {}

    @property
    def billed_through(self) -> date | None:
        """The latest day up to which documents say that the account was billed; None where there are none."""
        latest = None if self.opening is None else self.opening.through
        for invoice in self.invoices:
            through = invoice.draft.through
            if latest is None or through > latest:
                latest = through
        for note in self.credit_notes:
            if note.through is not None and (latest is None or note.through > latest):
                latest = note.through
        return latest

    def subscription(self, subscription_id: str) -> Subscription:
        """Return a subscription by its id.

        Raises:
            UnknownReferenceError: It is not here.
        """
        for subscription in self.subscriptions:
            if subscription.id == subscription_id:
                return subscription
        raise UnknownReferenceError(subscription_id, f"account {self.account.id} has no such subscription", "add it first")

    def invoice(self, number: str) -> Invoice:
        """Return an invoice by its number.

        Raises:
            UnknownReferenceError: It is not here.
        """
        for invoice in self.invoices:
            if invoice.number == number:
                return invoice
        raise UnknownReferenceError(number, f"account {self.account.id} has no such invoice", "add it first")


_FIELDS: dict[type, str] = {
    Subscription: "subscriptions",
    UsageRecord: "usage",
    Order: "orders",
    Grant: "grants",
    Invoice: "invoices",
    CreditNote: "credit_notes",
    Void: "voids",
    Reinstatement: "reinstatements",
    Hold: "held",
    Dispute: "disputes",
    **dict.fromkeys(LEDGER_FACTS, "ledger"),
}
_KINDS = {name: tuple(kind for kind, field in _FIELDS.items() if field == name) for name in set(_FIELDS.values())}
"""What each field holds."""
_REPLACED = frozenset({"children", "subscriptions", "held", "disputes"})


def _held_in(name: str, values: object) -> list[Any]:
    """Return what a field was given, if it is a list of what the field holds.

    Raises:
        InvalidTypeError: A single thing instead of a list, or something that belongs elsewhere.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidTypeError(values, f"{name} of a snapshot is a list", "write [...] around it")
    listed = list(values)
    kinds = (AccountSnapshot,) if name == "children" else _KINDS[name]
    for value in listed:
        if not isinstance(value, kinds):
            wanted = ", ".join(kind.__name__ for kind in kinds)
            raise InvalidTypeError(value, f"{name} of a snapshot holds {wanted}", "give it where it belongs")
    return listed


def _holds(dispute: Dispute) -> Iterator[Hold]:
    """What a case claims is held while it is undecided, and what a decision leaves owed is not chased during the days of grace."""
    reason = f"dispute {dispute.id}"
    for stretch in dispute.stretches:
        for line in stretch.lines:
            yield Hold(line.ref.invoice, line.ref.line, line.gross, stretch.since, stretch.until, reason, stretch.grace)


def _renewed(snapshot: AccountSnapshot, account: Account) -> Account:
    """Return the newer state of an account if what is fixed once billed did not change."""
    old = snapshot.account
    if account.id != old.id:
        raise RefusedError(account.id, f"the snapshot is of account {old.id}", "make a snapshot of its own for another account")
    if snapshot.invoices:
        for name, before, after in (("currency", old.currency, account.currency), ("zone", old.zone.key, account.zone.key)):
            if before != after:
                raise RefusedError(
                    f"{name} {after}", f"the {name} of account {old.id} is fixed at {before} once it is billed", "open another account"
                )
    return account


def _pick_currency(snapshot: AccountSnapshot) -> None:
    """Price subscriptions that name no currency in the account's own, where their plan has it."""
    currency = snapshot.account.currency
    for subscription in snapshot.subscriptions:
        if subscription.priced_in != currency and not subscription.currency and currency in subscription.plan.currencies:
            picked = [
                attrs.evolve(found, currency=currency) if not found.currency and currency in found.plan.currencies else found
                for found in snapshot.subscriptions
            ]
            object.__setattr__(snapshot, "subscriptions", tuple(picked))
            return


def _remedy(thing: object) -> str:
    if hasattr(thing, "issue"):
        return "issue the draft first"
    if isinstance(thing, Iterable):
        return "add them one by one, such as add(*things)"
    return "add what is in it: the documents that were issued, or the facts"
