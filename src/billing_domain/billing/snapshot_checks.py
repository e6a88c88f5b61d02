"""What must hold among the things of one account, checked when a snapshot is made."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from billing_domain.catalog import UsageCharge
from billing_domain.disputes import Dispute
from billing_domain.errors import (
    CurrencyMismatchError,
    DuplicateIdError,
    InvalidValueError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import CreditNote, Invoice
from billing_domain.payments import Ledger, check_ledger, check_void
from billing_domain.subscriptions import Order, Subscription
from billing_domain.usage import UsageRecord


class Gathered(Ledger, Protocol):
    """**Protocol:** everything that is known of an account, as the checks read it; a snapshot fits."""

    @property
    def id(self) -> str:
        """The id of the account."""
        ...

    @property
    def sold_ids(self) -> tuple[str, ...]:
        """The ids of subscriptions and orders."""
        ...

    @property
    def subscriptions(self) -> Sequence[Subscription]:
        """What was agreed."""
        ...

    @property
    def usage(self) -> Sequence[UsageRecord]:
        """What was consumed."""
        ...

    @property
    def orders(self) -> Sequence[Order]:
        """Sales outside any plan."""
        ...

    @property
    def held(self) -> Sequence[object]:
        """Amounts that the host holds by itself."""
        ...

    @property
    def disputes(self) -> Sequence[Dispute]:
        """Cases about lines."""
        ...

    @property
    def children(self) -> Sequence["Gathered"]:
        """The accounts that this one pays for."""
        ...


def check_together(snapshot: Gathered) -> None:
    """Do nothing if the things of a snapshot fit each other.

    Raises:
        DuplicateIdError: Two different things carry one id.
        CurrencyMismatchError: Something is in another currency than the account.
        UnknownReferenceError: Usage is of a subscription that is not here, a credit note of an invoice that is not here, or a credit
            that is taken back on no document here.
        InvalidValueError: Usage is in another unit than its meter.
        RefusedError: A document is of another account, a voided invoice was credited, or an account that has a payer has children.
    """
    _check_currencies(snapshot)
    _check_sold(snapshot)
    _check_usage(snapshot)
    _check_documents(snapshot)
    if snapshot.reinstatements:
        _check_reinstatements(snapshot)
    if snapshot.ledger or snapshot.held:
        check_ledger(snapshot)
    if snapshot.children:
        _check_children(snapshot)


def _documents(snapshot: Gathered) -> Iterator[Invoice | CreditNote]:
    yield from snapshot.invoices
    yield from snapshot.credit_notes


def _check_currencies(snapshot: Gathered) -> None:
    currency, account = snapshot.account.currency, snapshot.account.id
    for subscription in snapshot.subscriptions:
        if subscription.priced_in != currency:
            raise CurrencyMismatchError(
                f"{subscription.id} in {subscription.priced_in}", f"account {account} is in {currency}", "offer a plan in that currency"
            )
    for order in snapshot.orders:
        if order.currency and order.currency != currency:
            raise CurrencyMismatchError(f"{order.id} in {order.currency}", f"account {account} is in {currency}", "sell in that currency")
    for document in _documents(snapshot):
        if document.currency != currency:
            raise CurrencyMismatchError(
                f"{document.number} in {document.currency}", f"account {account} is in {currency}", "currency is fixed once billed"
            )


def _check_sold(snapshot: Gathered) -> None:
    if not snapshot.orders or not snapshot.subscriptions:
        return
    doubled = {order.id for order in snapshot.orders} & {subscription.id for subscription in snapshot.subscriptions}
    if doubled:
        raise DuplicateIdError(
            min(doubled), f"an id names one subscription or one order of account {snapshot.id}", "give the order another id"
        )


def _check_usage(snapshot: Gathered) -> None:
    if snapshot.usage:
        known = {subscription.id: _units(subscription) for subscription in snapshot.subscriptions}
        for record in snapshot.usage:
            units = known.get(record.subscription_id)
            if units is None:
                raise UnknownReferenceError(
                    record.subscription_id,
                    f"usage {record.id} is of a subscription of account {snapshot.account.id}",
                    "add the subscription first",
                )
            meter = record.meter
            if meter.unit and meter.unit not in units.get(meter.code, (meter.unit,)):
                raise InvalidValueError(
                    f"{record.id} in {meter.unit}",
                    f"meter {meter.code} of subscription {record.subscription_id} counts in {' or '.join(units[meter.code])}",
                    "convert the quantity, and give the meter of the plan",
                )


def _units(subscription: Subscription) -> dict[str, tuple[str, ...]]:
    """Return the units in which each meter of the subscription's plans counts; a meter without a unit takes any."""
    found: dict[str, tuple[str, ...]] = {}
    for plan in subscription.plans:
        for charge in plan.charges:
            if isinstance(charge, UsageCharge) and charge.meter.unit not in found.get(charge.meter.code, ()):
                found[charge.meter.code] = (*found.get(charge.meter.code, ()), charge.meter.unit)
    return {code: units for code, units in found.items() if all(units)}


def _check_documents(snapshot: Gathered) -> None:
    account = snapshot.account.id
    for document in _documents(snapshot):
        if document.account_id != account:
            raise RefusedError(
                document.number, f"the document is of account {document.account_id}", f"keep it out of the snapshot of {account}"
            )
    for dispute in snapshot.disputes:
        if dispute.account_id != account:
            raise RefusedError(dispute.id, f"the dispute is of account {dispute.account_id}", f"keep it out of the snapshot of {account}")
    if not (snapshot.credit_notes or snapshot.voids):
        return
    numbers = {invoice.number for invoice in snapshot.invoices}
    for note in snapshot.credit_notes:
        if note.number in numbers:
            raise DuplicateIdError(note.number, "a number is used once, by an invoice or by a credit note", "give the note its own series")
        if note.invoice not in numbers:
            raise UnknownReferenceError(
                note.invoice, f"credit note {note.number} lowers an invoice of this account", "add the invoice first"
            )
    _check_voids(snapshot, numbers)


def _check_voids(snapshot: Gathered, numbers: set[str]) -> None:
    voided = {void.invoice for void in snapshot.voids}
    credited = {entry.ref.invoice for document in _documents(snapshot) if document.number not in voided for entry in document.entries}
    for void in snapshot.voids:
        if void.invoice not in numbers:
            raise UnknownReferenceError(void.invoice, "a void takes back an invoice of this account", "add the invoice first")
        if void.invoice in credited:
            raise RefusedError(void.invoice, "an invoice that was credited is not voided", "issue a credit note for what is left")
        check_void(snapshot, void.invoice, void.on)


def _check_reinstatements(snapshot: Gathered) -> None:
    """A document that is void counts here: what it carried waits with it."""
    known = {(document.number, entry.number) for document in _documents(snapshot) for entry in document.entries}
    for wish in snapshot.reinstatements:
        if wish.entry not in known:
            number, entry = wish.entry
            raise UnknownReferenceError(
                f"entry {entry} of {number}",
                "no issued document here has such an entry",
                "add its document first, or check number and entry",
            )


def _check_children(snapshot: Gathered) -> None:
    account = snapshot.account
    if account.payer is not None:
        raise RefusedError(
            account.id, f"an account that pays for others pays for itself, and does not name {account.payer}", "keep one level"
        )
    ids = [name for member in (snapshot, *snapshot.children) for name in member.sold_ids]
    doubled = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) != len(ids) else []
    if doubled:
        raise DuplicateIdError(doubled[0], f"ids are unique over account {account.id} and those it pays for", "give the other another id")
    for child in snapshot.children:
        if child.account.payer != account.id:
            raise RefusedError(
                child.account.id, f"a child of {account.id} names it as payer, not {child.account.payer}", "set payer on its account"
            )
