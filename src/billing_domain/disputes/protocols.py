"""What the verbs of this package read: documents and the cases about them, which a snapshot fits."""

from collections.abc import Sequence
from typing import Protocol

from billing_domain.disputes.model import Dispute
from billing_domain.invoicing import Documents


class Cases(Documents, Protocol):
    """**Protocol:** the documents of one account and the cases about them, read only."""

    @property
    def disputes(self) -> Sequence[Dispute]:
        """All cases, ended ones too."""
        ...
