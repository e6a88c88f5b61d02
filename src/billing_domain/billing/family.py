"""One level of accounts that another one pays for: who is billed with the payer, and which lines are whose."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol

import attrs

from billing_domain.accounts import Account
from billing_domain.billing.opening import Opening
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.errors import RefusedError
from billing_domain.invoicing import Line, LineKey


class Family(NamedTuple):
    """How the children of a payer are billed.

    Args:
        joined: Their lines stand on the payer's invoice.
        apart: They get invoices of their own, which the payer pays.
    """

    joined: list[AccountSnapshot]
    apart: list[AccountSnapshot]


def family(snapshot: AccountSnapshot, billed: Iterable[LineKey], on: date) -> Family:
    """Say which children are billed on the payer's invoice: those with its currency and tax profile, and no documents of their own.

    Args:
        snapshot: The payer.
        billed: The keys on the payer's documents.
        on: The day that new documents bear.

    Raises:
        RefusedError: A child that was billed on the payer's invoices has another currency or tax profile now.
    """
    found = Family([], [])
    owners = {key[0] for key in billed}
    for child in snapshot.children:
        fits = _fits(snapshot.account, child.account, on)
        if not owners.isdisjoint(child.sold_ids):
            if not fits:
                raise RefusedError(
                    child.account.id,
                    f"who is billed on the invoice of {snapshot.account.id} has its currency and tax profile",
                    "bill it as a new account",
                )
            found.joined.append(_settled(child, snapshot.opening))
        elif fits and not child.invoices:
            found.joined.append(_settled(child, snapshot.opening))
        else:
            found.apart.append(child)
    return found


def _fits(payer: Account, child: Account, on: date) -> bool:
    mine, its = payer.tax_profile(on), child.tax_profile(on)
    return payer.currency == child.currency and (mine.code, mine.vat_id, mine.country) == (its.code, its.vat_id, its.country)


def _settled(child: AccountSnapshot, opening: Opening | None) -> AccountSnapshot:
    """Return a child whose history starts where its payer's does."""
    return child if opening is None else attrs.evolve(child, opening=Opening(opening.through, used=opening.used))


def owned_by(member: AccountSnapshot, subscription_ids: Sequence[str]) -> list[int]:
    """Return the places of the ids that are a member's own."""
    names = set(member.sold_ids)
    return [index for index, name in enumerate(subscription_ids) if name in names]


def invoice_groups(snapshot: AccountSnapshot) -> dict[str, str]:
    """Return the invoice group of each subscription and order that has one, those of accounts that this one pays for too.

    Args:
        snapshot: The account that is billed.
    """
    found: dict[str, str] = {}
    for member in (snapshot, *snapshot.children) if snapshot.children else (snapshot,):
        for sold in member.subscriptions:
            if sold.invoice_group:
                found[sold.id] = sold.invoice_group
        for order in member.orders:
            if order.invoice_group:
                found[order.id] = order.invoice_group
    return found


class _Lined(Protocol):
    @property
    def lines(self) -> tuple[Line, ...]: ...


class Section(NamedTuple):
    """The lines of one account on an invoice.

    Args:
        account: Whose lines they are.
        lines: In the order of the invoice.
    """

    account: Account
    lines: tuple[Line, ...]


def sections(document: _Lined, snapshot: AccountSnapshot) -> tuple[Section, ...]:
    """Return the lines of an invoice by the account that they are for: the payer's own first, then its children's.

    Args:
        document: A draft or an invoice of the payer.
        snapshot: The payer with its children.

    Returns:
        One section for each account that has lines on it.
    """
    found = []
    names = [line.facts.subscription_id for line in document.lines]
    for member in (snapshot, *snapshot.children):
        lines = tuple(document.lines[index] for index in owned_by(member, names))
        if lines:
            found.append(Section(member.account, lines))
    return tuple(found)
