"""What was consumed: single records, each counted once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from billing_domain.catalog import Meter
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import LOWERS
from billing_domain.periods import checked_instant


def _quantity(value: Number) -> Decimal:
    return not_negative(value, "a quantity of usage", LOWERS)


def _properties(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(values).items()))


@attrs.frozen
class UsageRecord:
    """So much of a meter was consumed at an instant.

    Args:
        id: The host's id and idempotency key: equal records under one id are one, different ones are refused.
        subscription_id: Whose usage it is.
        meter: What was counted.
        quantity: How much, zero or more.
        at: When, an aware instant; it counts for the day on which it falls in the account's zone.
        properties: What else is known of it, as texts.
        replaces: The id of a record that this one corrects; that one no longer counts.
        withdrawn: Whether this record only takes the replaced one back and does not count itself.

    Raises:
        InvalidAmountError: The quantity is negative or not finite.
        NaiveInstantError: The instant has no zone.

    Example:
        >>> from datetime import UTC
        >>> UsageRecord("U-1", "S-1", Meter("data", "GB"), "14.2", datetime(2026, 3, 12, 18, tzinfo=UTC)).quantity
        Decimal('14.2')
    """

    id: str
    subscription_id: str
    meter: Meter
    quantity: Decimal = attrs.field(converter=_quantity)
    at: datetime
    properties: tuple[tuple[str, str], ...] = attrs.field(converter=_properties, default=())
    replaces: str | None = None
    withdrawn: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a usage record")
        checked_id(self.subscription_id, "a subscription")
        checked_instant(self.at, "the instant of a usage record")
        if not isinstance(self.meter, Meter):
            raise InvalidTypeError(self.meter, "usage is of a Meter", "give the meter itself, not its code")
        if self.replaces == self.id or (self.withdrawn and self.replaces is None):
            raise InvalidValueError(
                self.id, "a record replaces another one, and one that is withdrawn names it", "give the id of the older record"
            )

    def correct(self, quantity: Number, *, id: str) -> "UsageRecord":  # noqa: A002  the public name
        """Return the record that replaces this one with another quantity.

        Args:
            quantity: What it should have been, zero or more.
            id: The host's id of the new record.

        Example:
            >>> from datetime import UTC
            >>> record = UsageRecord("U-1", "S-1", Meter("data", "GB"), "14.2", datetime(2026, 3, 12, 18, tzinfo=UTC))
            >>> record.correct("4.2", id="U-2").replaces
            'U-1'
        """
        return attrs.evolve(self, id=id, quantity=quantity, replaces=self.id, withdrawn=False)

    def withdraw(self, *, id: str) -> "UsageRecord":  # noqa: A002  the public name
        """Return the record that takes this one back."""
        return attrs.evolve(self, id=id, replaces=self.id, withdrawn=True)
