"""What grants gave on earlier documents, in its two plainest forms: nothing, and totals alone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.discounts.protocols import Covering, Given
from billing_domain.money.amounts import ZERO


class OnlyTotals(NamedTuple):
    """What grants gave, where only their totals are known."""

    used: Callable[[str], Decimal]

    def total(self, grant_id: str) -> Decimal:
        """Return what the grant gave."""
        return self.used(grant_id)

    def in_period(self, grant_id: str, slot: date) -> Decimal:  # noqa: ARG002  the protocol names them
        """Return zero."""
        return ZERO

    def times(self, grant_id: str) -> int:
        """Return 1 where it gave something."""
        return int(self.used(grant_id) > 0)

    def documents(self, covers: Covering) -> int:  # noqa: ARG002  the protocol names it
        """Return zero."""
        return 0


def _nothing(_: str) -> Decimal:
    return ZERO


NOTHING_GIVEN: Given = OnlyTotals(_nothing)
"""Nothing was given on earlier documents."""
