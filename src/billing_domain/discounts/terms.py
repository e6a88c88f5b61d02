"""The terms under which a discount applies beside others: its base, its caps, what is left over, and whether it stands alone."""

from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError
from billing_domain.money import Amount, Money, frozen_amount_or_none, not_negative


class Basis(Enum):
    """Which amount of a line a discount is worked out on."""

    ORIGINAL = "original"
    """The amount before any discount."""
    AFTER_LANES = "after-lanes"
    """What the lanes before its own left."""
    RUNNING = "running"
    """What stands when its turn comes: in a sequential lane what the discounts before it left, else what the lane began with."""


class Surplus(Enum):
    """What becomes of the part of a fixed amount that finds nothing to be taken from."""

    LOST = "lost"
    """It is not given."""
    CARRIED = "carried"
    """It stays on the grant for later documents."""


class Exclusive(Enum):
    """Whether a discount stands alone, and how it wins; what loses is recorded, never dropped silently."""

    NO = "no"
    """It goes with others."""
    BY_PRIORITY = "by-priority"
    """It applies alone if it comes first by priority, then code; else it does not apply."""
    ABOVE_ALL = "above-all"
    """It beats all that are not exclusive in this way, whatever their priority; among such ones the first applies."""


@guarded
@attrs.frozen
class Caps:
    """The most that a discount takes off, before tax as prices are stated; what is above is recorded as capped.

    Args:
        line: From one line of a document.
        document: From one document.
        period: From lines whose aligned service period starts on the same day, over all documents.
        total: In all.
        net_price: The least that a line costs after it.

    Raises:
        InvalidAmountError: A cap is negative.
        CurrencyMismatchError: Caps are in several currencies.

    Example:
        >>> Caps(document=Money("5.00", "EUR")).currency
        'EUR'
    """

    _line: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="line")
    _document: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="document")
    _period: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="period")
    _total: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="total")
    _net_price: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="net_price")
    currency: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        stated = [amount for amount in (self._line, self._document, self._period, self._total, self._net_price) if amount is not None]
        for amount in stated:
            not_negative(amount.amount, "a cap")
            if amount.currency != stated[0].currency:
                raise CurrencyMismatchError(
                    f"{stated[0].currency} and {amount.currency}", "caps are in one currency", "write a policy for each currency"
                )
        object.__setattr__(self, "currency", stated[0].currency if stated else "")

    @property
    def line(self) -> Money | None:
        """From one line."""
        return None if self._line is None else self._line.money

    @property
    def document(self) -> Money | None:
        """From one document."""
        return None if self._document is None else self._document.money

    @property
    def period(self) -> Money | None:
        """From one aligned service period."""
        return None if self._period is None else self._period.money

    @property
    def total(self) -> Money | None:
        """In all."""
        return None if self._total is None else self._total.money

    @property
    def net_price(self) -> Money | None:
        """The least that a line costs after it."""
        return None if self._net_price is None else self._net_price.money

    def figures(self) -> tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]:
        """Return line, document, period and net price as the engine reads them; the total is the limit of the grant."""
        line, document, period, net = self._line, self._document, self._period, self._net_price
        return (
            None if line is None else line.amount,
            None if document is None else document.amount,
            None if period is None else period.amount,
            None if net is None else net.amount,
        )


NO_CAPS = Caps()
"""Nothing is capped."""
