"""What the verbs of this package read: documents and the cases about them, which a snapshot fits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from billing_domain.disputes.model import Dispute
from billing_domain.invoicing import Documents, LineRef


class Cases(Documents, Protocol):
    """**Protocol:** the documents of one account and the cases about them, read only."""

    @property
    def disputes(self) -> Sequence[Dispute]:
        """All cases, ended ones too."""
        ...

    def fees_on(self, corrected: Mapping[str, Decimal]) -> Mapping[LineRef, Decimal]:
        """Return what goes back of late fees, without tax and with what went back before, by the line on which each was billed.

        Args:
            corrected: What is corrected beside what the credit notes correct already, with tax, by invoice number.
        """
        ...
