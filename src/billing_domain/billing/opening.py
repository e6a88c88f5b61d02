"""A start without the whole history: what was billed up to a day, and the documents that still matter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

import attrs

from billing_domain.accounts import Account
from billing_domain.discounts import Grant
from billing_domain.doors import door
from billing_domain.errors import RefusedError
from billing_domain.invoicing import CreditNote, Documents, History, Invoice, Reinstatement, Share, Void
from billing_domain.invoicing.lines import allowance_number
from billing_domain.money.amounts import CONTEXT, ZERO
from billing_domain.periods import checked_day


def _documents(values: Iterable[Invoice]) -> tuple[Invoice, ...]:
    return tuple(values)


def _notes(values: Iterable[CreditNote]) -> tuple[CreditNote, ...]:
    return tuple(values)


def _used(values: Mapping[str, Decimal] | Iterable[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted(dict(values).items()))


@attrs.frozen
class Opening:
    """Everything up to a day is settled: periods that ended by then are neither billed nor reconciled again.

    `close` makes one from a snapshot; a host that comes from another system builds it from foreign documents.

    Args:
        through: The day up to which everything was billed.
        documents: Invoices that still matter: a line reaches beyond the day, or something on it is open.
        credit_notes: Credit notes on these invoices.
        used: What grants gave on documents that are left out, by grant id.
    """

    through: date
    documents: tuple[Invoice, ...] = attrs.field(converter=_documents, default=())
    credit_notes: tuple[CreditNote, ...] = attrs.field(converter=_notes, default=())
    _used: tuple[tuple[str, Decimal], ...] = attrs.field(converter=_used, default=(), alias="used")

    def __attrs_post_init__(self) -> None:
        checked_day(self.through, "the day of an opening")

    @property
    def used(self) -> Mapping[str, Decimal]:
        """What grants gave on documents that are left out, by grant id."""
        return MappingProxyType(dict(self._used))


class Closable(Documents, Protocol):
    """**Protocol:** documents that know up to which day they bill; a snapshot fits."""

    @property
    def billed_through(self) -> date | None:
        """The latest day up to which documents say that the account was billed."""
        ...

    @property
    def opening(self) -> Opening | None:
        """Where the history starts, if not at the beginning."""
        ...

    @property
    def grants(self) -> Sequence[Grant]:
        """Discounts that were granted."""
        ...


@door
def close(snapshot: Closable, *, through: date, keep: Iterable[str] = ()) -> Opening:
    """Return an opening that stands for all documents up to a day; a run after it equals a run on the full history.

    Args:
        snapshot: The account with all its documents.
        through: The last day of what is closed; everything up to it must be billed.
        keep: Numbers of invoices that still matter for another reason, for example because they are not paid.

    Raises:
        RefusedError: Nothing says that the account was billed up to that day.
    """
    billed = snapshot.billed_through
    if billed is None or billed < checked_day(through, "through"):
        raise RefusedError(through, f"the account is billed through {billed}", "bill it up to that day first")
    history = History(snapshot)
    kept = _still_matter(history, through, set(keep))
    documents = [invoice for invoice in snapshot.invoices if invoice.number in kept]
    notes = [note for note in snapshot.credit_notes if note.invoice in kept]
    return Opening(through, documents, notes, _used_outside(snapshot, history, documents, notes))


def _still_matter(history: History, through: date, kept: set[str]) -> set[str]:
    """Return invoices with a line that reaches beyond the day, and those whose entries lower such a line."""
    for invoice in history.by_number.values():
        if any(line.facts.slot_end > through for line in invoice.lines):
            kept.add(invoice.number)
    for invoice in history.by_number.values():
        if any(entry.ref.invoice in kept for entry in invoice.entries):
            kept.add(invoice.number)
    return kept


def _used_outside(snapshot: Closable, history: History, documents: list[Invoice], notes: list[CreditNote]) -> dict[str, Decimal]:
    before = snapshot.opening.used if snapshot.opening is not None else {}
    inside = History(_Kept(snapshot.account, documents, notes, snapshot.voids, snapshot.reinstatements))
    known = {grant.id for grant in snapshot.grants}
    shares = (share for lines in history.billed.values() for found in lines for share in found.line.shares)
    grants = {share.grant_id for share in shares if _is_granted(share, known)} | set(before)
    return {grant: CONTEXT.subtract(CONTEXT.add(before.get(grant, ZERO), history.used(grant)), inside.used(grant)) for grant in grants}


def _is_granted(share: Share, known: Collection[str]) -> bool:
    """Say whether a grant gave a share, and not an allowance of its document as a whole."""
    return share.grant_id in known or not allowance_number(share)


@attrs.frozen
class _Kept:
    """The documents that are kept, as `History` reads them."""

    account: Account
    invoices: Sequence[Invoice]
    credit_notes: Sequence[CreditNote]
    voids: Sequence[Void]
    reinstatements: Sequence[Reinstatement]
