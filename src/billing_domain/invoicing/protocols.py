"""What the verbs of this package read: the documents of one account, which a snapshot fits."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import attrs

from billing_domain.accounts import Account
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing.documents import CreditNote, Invoice, Void
from billing_domain.invoicing.lines import EntryRef
from billing_domain.periods import checked_day


@attrs.frozen
class Reinstatement:
    """A credit entry that is taken back: the next bill charges it again, by a line that names it.

    Args:
        entry: The entry that is taken back; `entry_ref` of its document gives it.
        on: The day on which it was decided.
        reason: Why.

    Raises:
        InvalidTypeError: The entry is no `EntryRef`.
        InvalidValueError: There is no reason.

    Example:
        >>> Reinstatement(EntryRef("KS-000007", 1), on=date(2026, 3, 20), reason="the days were served").entry.document
        'KS-000007'
    """

    entry: EntryRef
    on: date
    reason: str

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.entry, EntryRef):
            rule = "what is taken back is named by its document and its number there"
            raise InvalidTypeError(self.entry, rule, "give note.entry_ref(entry)")
        checked_id(self.entry.document, "a document", name="number")
        checked_day(self.on, "the day of a reinstatement")
        if not self.reason.strip():
            raise InvalidValueError(self.reason, "a reinstatement says why", "give the reason")


class Documents(Protocol):
    """**Protocol:** the issued documents of one account, read only."""

    @property
    def account(self) -> Account:
        """Whose documents they are."""
        ...

    @property
    def invoices(self) -> Sequence[Invoice]:
        """All invoices, voided ones too."""
        ...

    @property
    def credit_notes(self) -> Sequence[CreditNote]:
        """All credit notes."""
        ...

    @property
    def voids(self) -> Sequence[Void]:
        """All voids."""
        ...

    @property
    def reinstatements(self) -> Sequence[Reinstatement]:
        """Credit entries that were taken back."""
        ...
