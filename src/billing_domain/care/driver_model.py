"""What makes one bill differ from another: drivers, each with its kind, amount and facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

import attrs

from billing_domain.money import Money, money
from billing_domain.reasons import Fact


class Responsible(Enum):
    """Who brought a difference about."""

    CUSTOMER = "customer"
    COMPANY = "company"
    AUTHORITY = "authority"
    CALENDAR = "calendar"


class DriverKind(Enum):
    """Why a bill differs from another, in the published order: what stands higher is shown first at a tie.

    Within one charge the order is sequential: length of the period at the old quantity and price, then quantity at the old price,
    then price at the new quantity, then discount, then surcharges, then tax.
    """

    FIRST_BILL = "first-bill"
    """It is the first bill, so all of it is new."""
    PERIOD_LENGTH = "period-length"
    """More or fewer days are billed."""
    SERVICE_ADDED = "service-added"
    SERVICE_REMOVED = "service-removed"
    PLAN_CHANGE = "plan-change"
    """A whole period of another plan."""
    PLAN_CHANGE_IN = "plan-change-in"
    """The new plan's days of a period that was billed at the old plan."""
    PLAN_CHANGE_OUT = "plan-change-out"
    """The old plan's days that are credited."""
    QUANTITY = "quantity"
    """More or fewer units were agreed."""
    USAGE = "usage"
    """More or less was consumed, where every unit is paid."""
    OVERAGE = "overage"
    """More or less was consumed beyond what is included."""
    COMMITMENT = "commitment"
    """What other charges fall short of an agreed minimum."""
    PRICE = "price"
    """Another price for the same."""
    DISCOUNT_STARTED = "discount-started"
    DISCOUNT_STEPPED = "discount-stepped"
    DISCOUNT_ENDED = "discount-ended"
    SURCHARGE = "surcharge"
    """What a line charges beside its price is new, gone, or another amount."""
    ONE_OFF = "one-off"
    """Something that is charged once, on one of the two bills."""
    TRUE_UP = "true-up"
    """Usage of an earlier period was measured or estimated otherwise before."""
    CREDIT = "credit"
    GOODWILL = "goodwill"
    LATE_FEE = "late-fee"
    TAX_BASE = "tax-base"
    """The same is taxed that was not, or no longer, or its price now includes the tax. Tax on a changed charge stands with that change."""
    TAX_RATE = "tax-rate"
    """The same is taxed at another rate."""
    PREPAID = "prepaid"
    """What was paid before and is taken off the bill."""
    CARRIED = "carried"
    """What was open from before."""
    ROUNDING = "rounding"
    """At most one minor unit for each line and tax group of both bills, and the step in which a bill is paid."""
    UNEXPLAINED = "unexplained"
    """The bill states another total than its lines make: nothing here can explain that, a review reports it."""


def _pairs(values: Mapping[str, Fact] | Iterable[tuple[str, Fact]]) -> tuple[tuple[str, Fact], ...]:
    found: Iterable[tuple[str, Fact]] = values.items() if isinstance(values, Mapping) else values  # pyright: ignore[reportAssignmentType]
    return tuple(sorted(found))


def _numbers(values: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(values)))


@attrs.frozen
class Driver:
    """One reason why a bill differs from another, with its part of the difference.

    Args:
        kind: What sort of reason.
        subject: What it is about: a subscription with its charge, a grant, or an empty text for the bill as a whole.
        name: What people call it.
        change_amount: Its part of the difference, with tax, in whole minor units; below zero where the bill is lower for it.
        currency: ISO 4217 code.
        items: The facts behind it as pairs of name and value, sorted by name.
        lines: The numbers of the lines of this bill that it comes from.
        earlier_lines: The numbers of the lines of the earlier bill that it comes from.
        text: The reason in words; empty where no language was named. Two drivers are equal whatever the language.

    Example:
        >>> Driver(DriverKind.PRICE, "S-1/base", "Monthly fee", Decimal("3.63"), "EUR").amount.amount
        Decimal('3.63')
    """

    kind: DriverKind
    subject: str
    name: str
    change_amount: Decimal
    currency: str
    items: tuple[tuple[str, Fact], ...] = attrs.field(converter=_pairs, default=())
    lines: tuple[int, ...] = attrs.field(converter=_numbers, default=())
    earlier_lines: tuple[int, ...] = attrs.field(converter=_numbers, default=())
    text: str = attrs.field(default="", eq=False)

    @property
    def amount(self) -> Money:
        """Its part of the difference, with tax."""
        return money(self.change_amount, self.currency)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts behind it by name, read only."""
        return MappingProxyType(dict(self.items))

    @property
    def responsible(self) -> Responsible:
        """Who brought it about."""
        return _RESPONSIBLE.get(self.kind, Responsible.COMPANY)


_CUSTOMER = (
    DriverKind.FIRST_BILL, DriverKind.SERVICE_ADDED, DriverKind.SERVICE_REMOVED, DriverKind.PLAN_CHANGE, DriverKind.PLAN_CHANGE_IN,
    DriverKind.PLAN_CHANGE_OUT, DriverKind.QUANTITY, DriverKind.USAGE, DriverKind.OVERAGE, DriverKind.COMMITMENT, DriverKind.ONE_OFF,
    DriverKind.LATE_FEE, DriverKind.PREPAID, DriverKind.CARRIED,
)  # fmt: skip
_RESPONSIBLE = {
    **dict.fromkeys(_CUSTOMER, Responsible.CUSTOMER),
    DriverKind.TAX_BASE: Responsible.AUTHORITY,
    DriverKind.TAX_RATE: Responsible.AUTHORITY,
    DriverKind.PERIOD_LENGTH: Responsible.CALENDAR,
    DriverKind.ROUNDING: Responsible.CALENDAR,
}
_PLACE = {kind: place for place, kind in enumerate(DriverKind)}


def published_order(kind: DriverKind) -> int:
    """Return the place of a kind in the published order."""
    return _PLACE[kind]
