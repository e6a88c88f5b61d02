"""Late fees and interest as data: the policy, and a proposed fee that keeps what it was computed on."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import attrs

from billing_domain.catalog import Product
from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Amount, Money, Number, frozen_amount, frozen_amount_or_none, not_negative
from billing_domain.payments.arrangements import checked_days
from billing_domain.periods import checked_day
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxClass

LATE_FEE = Product("late-fee", "Late payment fee", tax=TaxClass.OUT_OF_SCOPE)
"""What a late fee is where a host names no product of its own: outside the scope of tax, so on a document of its own."""


class DayCount(Enum):
    """How many days a year has when interest by the year is shared over days."""

    ACTUAL = "actual"
    """365, or 366 for a day in a leap year."""
    FIXED_365 = "365"
    FIXED_360 = "360"


def _positive_or_none(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a rate")


@guarded
@attrs.frozen
class LateFeePolicy:
    """What late payment costs: a flat amount, a percentage once, interest by the year, or several of them.

    Grace that is missed counts from the day after the due day. Nothing is charged on what is held or arranged, on days
    under a flag, or on a bill that reached the customer too late.

    Args:
        code: Its name.
        version: 1, 2, 3 and so on.
        flat: Charged once for a document.
        percent: So much of what was open when grace had passed, charged once for a document.
        annual_rate: Interest in percent a year on what is open, day by day, never compounded.
        day_count: How many days a year has.
        grace_days: Payment so many days after the due day costs nothing.
        cap: The most that one document bears in all.
        cap_percent: The most that one document bears in all, in percent of its total.
        minimum: Less than this is not proposed yet.
        notice_days: A bill delivered later than so many days before its due day bears nothing; not looked at where None.
        product: What the fee is on a bill.

    Raises:
        InvalidValueError: It charges nothing at all.

    Example:
        >>> LateFeePolicy("interest", 1, annual_rate="12", grace_days=5).key
        'interest@1'
    """

    code: str
    version: int
    _flat: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="flat", kw_only=True)
    percent: Decimal | None = attrs.field(converter=_positive_or_none, default=None, kw_only=True)
    annual_rate: Decimal | None = attrs.field(converter=_positive_or_none, default=None, kw_only=True)
    day_count: DayCount = attrs.field(default=DayCount.ACTUAL, kw_only=True)
    grace_days: int = attrs.field(default=0, kw_only=True)
    _cap: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="cap", kw_only=True)
    cap_percent: Decimal | None = attrs.field(converter=_positive_or_none, default=None, kw_only=True)
    _minimum: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="minimum", kw_only=True)
    notice_days: int | None = attrs.field(default=None, kw_only=True)
    product: Product = attrs.field(default=LATE_FEE, kw_only=True)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a late fee policy")
        checked_days(self.grace_days, "grace")
        if self.notice_days is not None:
            checked_days(self.notice_days, "notice")
        if not isinstance(self.day_count, DayCount):
            raise InvalidTypeError(self.day_count, "a day count is a DayCount", "give DayCount.ACTUAL or another member")
        for amount in (self._flat, self._cap, self._minimum):
            if amount is not None:
                not_negative(amount.amount, "an amount of a policy")
        if self._flat is None and self.percent is None and self.annual_rate is None:
            raise InvalidValueError(self.code, "a late fee policy charges something", "give flat, percent or annual_rate")

    @property
    def key(self) -> str:
        """Code and version."""
        return f"{self.code}@{self.version}"

    @property
    def flat(self) -> Money | None:
        """Charged once for a document."""
        return None if self._flat is None else self._flat.money

    @property
    def cap(self) -> Money | None:
        """The most that one document bears."""
        return None if self._cap is None else self._cap.money

    @property
    def minimum(self) -> Money | None:
        """Less than this is not proposed yet."""
        return None if self._minimum is None else self._minimum.money

    @property
    def flat_amount(self) -> Decimal | None:
        """Charged once for a document, exact."""
        return None if self._flat is None else self._flat.amount

    @property
    def cap_amount(self) -> Decimal | None:
        """The most that one document bears, exact."""
        return None if self._cap is None else self._cap.amount

    @property
    def minimum_amount(self) -> Decimal | None:
        """Less than this is not proposed yet, exact."""
        return None if self._minimum is None else self._minimum.amount

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that it names."""
        return frozenset(amount.currency for amount in (self._flat, self._cap, self._minimum) if amount is not None)


class FeeSegment(NamedTuple):
    """One part of a late fee with what it was computed on.

    Args:
        kind: `flat`, `percent` or `interest`.
        base: What was open and neither held nor arranged.
        start: The first day that counts.
        end: The day after the last.
        rate: In percent; zero for a flat fee.
        exact: What it comes to before rounding.
    """

    kind: str
    base: Decimal
    start: date
    end: date
    rate: Decimal
    exact: Decimal

    @property
    def days(self) -> int:
        """How many days count."""
        return (self.end - self.start).days


def _segments(values: Iterable[FeeSegment]) -> tuple[FeeSegment, ...]:
    return tuple(values)


@attrs.frozen
class LateFee:
    """A late fee on one document: proposed by `late_fees`, a fact once it is added to the snapshot.

    Args:
        id: Derives from policy, document and day.
        on: The day up to which it was computed.
        invoice: The number of the late document.
        amount: What is charged now, after earlier fees, rounded once.
        policy: Code and version of the policy.
        segments: The whole computation, earlier fees included.
        before: What earlier fees charged on the document, less what went back.
        waived: Decided against: it counts as charged, and no order is made.
        product: What it is on a bill.
        corrected: What of the document was known not to be owed, so that nothing was charged on it; None for nothing.
    """

    id: str
    on: date
    invoice: str
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    policy: str
    segments: tuple[FeeSegment, ...] = attrs.field(converter=_segments)
    before: Decimal = Decimal(0)
    waived: bool = False
    product: Product = LATE_FEE
    corrected: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a late fee")
        checked_id(self.invoice, "an invoice", name="number")
        checked_day(self.on, "the day of a late fee")
        if self._amount.amount <= 0:
            raise InvalidAmountError(self._amount.amount, "a late fee is above zero", "leave it out")

    @property
    def amount(self) -> Money:
        """What is charged now."""
        return self._amount.money

    @property
    def decimal_amount(self) -> Decimal:
        """What is charged now, exact."""
        return self._amount.amount

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self._amount.currency

    @property
    def policy_code(self) -> str:
        """The code of the policy, without its version."""
        return self.policy.rpartition("@")[0]

    @property
    def order_id(self) -> str:
        """The id of the order by which it reaches the bill."""
        return fee_order_id(self.id)

    def waive(self) -> "LateFee":
        """Return it as decided against, so that it is not proposed again."""
        return attrs.evolve(self, waived=True)

    def order(self, *, on: date | None = None) -> Order:
        """Return the sale by which it reaches the bill; the same fee gives the same order.

        Args:
            on: The day of the sale; the day of the fee where None.

        Raises:
            InvalidValueError: It was waived.
        """
        if self.waived:
            raise InvalidValueError(self.id, "a fee that was waived is not billed", "bill the fee instead of waiving it")
        return fee_order(self.id, self.product, self._amount, self.on if on is None else on)


def fee_order_id(fee_id: str) -> str:
    """Return the id of the order for one fee."""
    return f"fee-{fee_id}"


def fee_order(fee_id: str, product: Product, amount: Amount, on: date) -> Order:
    """Return an order for one fee."""
    return Order(fee_order_id(fee_id), on, [Item(product, amount.amount)], amount.currency)
