"""Contracts: how long both sides are bound, how one leaves, and what leaving early costs."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Protocol, runtime_checkable

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError, InvalidAmountError, InvalidPeriodError, InvalidTypeError
from billing_domain.money import Amount, Money, Number, frozen_amount, not_negative
from billing_domain.money.amounts import CONTEXT, HUNDRED
from billing_domain.periods import Frequency, Period, Schedule, checked_day
from billing_domain.tax import TaxClass
from billing_domain.whole import checked_whole


class Renewal(Enum):
    """What happens when the term of a contract is over."""

    OPEN_ENDED = "open-ended"
    """It goes on, and can be ended with notice at any time."""
    SAME_TERM = "same-term"
    """It is renewed for the same term again and again."""
    ENDS = "ends"
    """The subscription ends with it."""


@runtime_checkable
class EarlyFee(Protocol):
    """**Protocol:** says what leaving before the end of a term costs.

    Called once by `terminate`, with what remains of the term and the recurring prices in force; the core rounds the amount.
    """

    @property
    def code(self) -> str:
        """The name under which contracts remember it."""
        ...

    @property
    def tax(self) -> TaxClass:
        """What the fee is to the tax table; a penalty and a price are taxed differently, so there is no default."""
        ...

    def fee(self, leaving: "Leaving") -> Decimal:
        """Return the fee in the subscription's currency, exact; zero is no fee."""
        ...


@attrs.frozen
class Leaving:
    """What an early-termination fee is worked out from.

    Args:
        on: The first day that is no longer served.
        term: The term that is cut short.
        currency: The currency of the fee.
        monthly: The recurring prices in force on the last day served, for a month, exact; charges in weeks or days are not among them.
    """

    on: date
    term: Period
    currency: str
    monthly: Decimal

    @property
    def months(self) -> int:
        """How many months of the term remain; one that has begun counts whole."""
        schedule = Schedule(Frequency.monthly(), self.on)
        return next(number for number in range(1, self.term.days + 1) if schedule.boundary(number) >= self.term.end)

    @property
    def days(self) -> int:
        """How many days of the term remain."""
        return (self.term.end - self.on).days


@guarded
@attrs.frozen
class FlatFee:
    """The same fee whenever one leaves before the end of the term.

    Args:
        amount: The fee.
        tax: What it is to the tax table.

    Example:
        >>> FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD).code
        'flat-fee'
    """

    code = "flat-fee"
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    tax: TaxClass = attrs.field(kw_only=True)

    @property
    def amount(self) -> Money:
        """The fee."""
        return self._amount.money

    def fee(self, leaving: Leaving) -> Decimal:
        """Return one fee.

        Raises:
            CurrencyMismatchError: The fee is in another currency than the subscription.
        """
        _check_currency(self._amount, leaving)
        return self._amount.amount


def _percent(value: Number) -> Decimal:
    return not_negative(value, "a percentage")


@guarded
@attrs.frozen
class RemainingShare:
    """So many percent of the recurring prices of the months that remain; a month that has begun counts whole.

    Args:
        percent: At most 100.
        tax: What it is to the tax table.

    Raises:
        InvalidAmountError: More than 100 percent.

    Example:
        >>> share = RemainingShare("50", tax=TaxClass.STANDARD)
        >>> share.fee(Leaving(date(2026, 10, 15), Period(date(2026, 1, 1), date(2027, 1, 1)), "EUR", Decimal("20.00")))
        Decimal('30.00')
    """

    code = "remaining-share"
    percent: Decimal = attrs.field(converter=_percent)
    tax: TaxClass = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.percent > HUNDRED:
            raise InvalidAmountError(self.percent, "a fee is at most all that remains", "give at most 100")

    def fee(self, leaving: Leaving) -> Decimal:
        """Return the share of what the remaining months cost."""
        monthly = CONTEXT.divide(CONTEXT.multiply(leaving.monthly, self.percent), HUNDRED)
        return CONTEXT.multiply(monthly, Decimal(leaving.months))


@guarded
@attrs.frozen
class DecliningFee:
    """A fee that falls day by day to nothing at the end of the term, such as what is left to pay on a device.

    Args:
        amount: The fee on the first day of the term.
        tax: What it is to the tax table.

    Example:
        >>> fee = DecliningFee(Money("365.00", "EUR"), tax=TaxClass.STANDARD)
        >>> fee.fee(Leaving(date(2026, 12, 1), Period(date(2026, 1, 1), date(2027, 1, 1)), "EUR", Decimal(20)))
        Decimal('31.00')
    """

    code = "declining-fee"
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    tax: TaxClass = attrs.field(kw_only=True)

    @property
    def amount(self) -> Money:
        """The fee on the first day of the term."""
        return self._amount.money

    def fee(self, leaving: Leaving) -> Decimal:
        """Return the share of the days that remain.

        Raises:
            CurrencyMismatchError: The fee is in another currency than the subscription.
        """
        _check_currency(self._amount, leaving)
        return CONTEXT.divide(CONTEXT.multiply(self._amount.amount, Decimal(leaving.days)), Decimal(leaving.term.days))


def _check_currency(amount: Amount, leaving: Leaving) -> None:
    if amount.currency != leaving.currency:
        raise CurrencyMismatchError(amount.currency, f"the fee is in {leaving.currency}", "give it in the currency of the subscription")


@guarded
@attrs.frozen
class Contract:
    """How long both sides are bound.

    Args:
        start: The first day of the first term.
        term: How long a term is.
        renewal: What happens when it is over.
        notice: How long before the end of a term, or after it at any time, one says that one leaves; None for no notice.
        fee: What leaving early costs; None for nothing.
        cool_off_days: Within so many days after the start one may leave without notice or fee, and everything is paid back.
        price_until: The first day on which prices may change; None where they are not guaranteed.

    Raises:
        InvalidPeriodError: The cool-off is negative, or the guarantee ends before the start.

    Example:
        >>> contract = Contract(date(2026, 1, 31), Frequency.yearly(), notice=Frequency.monthly())
        >>> str(contract.term_at(date(2026, 5, 1))), contract.may_leave_on(given=date(2026, 5, 1)).isoformat()
        ('[2026-01-31, 2027-01-31)', '2027-01-31')
    """

    start: date
    term: Frequency
    renewal: Renewal = Renewal.OPEN_ENDED
    notice: Frequency | None = None
    fee: EarlyFee | None = None
    cool_off_days: int = 0
    price_until: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_day(self.start, "the start of a contract")
        if not isinstance(self.term, Frequency):
            raise InvalidTypeError(self.term, "the term of a contract is a Frequency", "write Frequency.yearly() or another length")
        checked_whole(self.cool_off_days, "a cool-off is counted in whole days", "give a whole number")
        if self.cool_off_days < 0:
            raise InvalidPeriodError(self.cool_off_days, "a cool-off is zero days or more", "leave it out for none")
        if self.price_until is not None and checked_day(self.price_until, "the end of a price guarantee") < self.start:
            raise InvalidPeriodError(self.price_until, f"a price guarantee ends on or after the start on {self.start}", "check the day")
        if self.fee is not None and not isinstance(self.fee, EarlyFee):
            raise InvalidTypeError(self.fee, "the fee for leaving early fits the protocol EarlyFee", "write FlatFee(Money(...), tax=...)")

    @property
    def _terms(self) -> Schedule:
        return Schedule(self.term, self.start)

    @property
    def ends_on(self) -> date | None:
        """The day on which the subscription ends with it; None where it goes on."""
        return self._terms.boundary(1) if self.renewal is Renewal.ENDS else None

    def term_at(self, day: date) -> Period | None:
        """Return the term that holds a day; None before the start, and where nobody is bound any more."""
        number = self._terms.number_at(day)
        if number < 0 or (number > 0 and self.renewal is not Renewal.SAME_TERM):
            return None
        return self._terms.period(number)

    def renews_after(self, day: date) -> date:
        """Return the end of the term that holds a day, or the day itself where nobody is bound."""
        term = self.term_at(max(day, self.start))
        return day if term is None else term.end

    def in_cool_off(self, day: date) -> bool:
        """Say whether one may still leave as if nothing had been agreed."""
        return self.start <= day < self.start + timedelta(days=self.cool_off_days)

    def may_leave_on(self, *, given: date) -> date:
        """Return the first day that need not be served any more, for notice given on a day; before it one leaves early.

        Args:
            given: The day on which one said so.
        """
        if self.in_cool_off(given):
            return given
        earliest = given if self.notice is None else Schedule(self.notice, given).boundary(1)
        term = self.term_at(max(given, self.start))
        if term is None or self.renewal is Renewal.ENDS:
            return earliest if term is None else term.end
        if earliest <= term.end:
            return term.end
        return self._terms.period(self._terms.number_at(term.end)).end if self.renewal is Renewal.SAME_TERM else earliest

    def holds_price_on(self, day: date) -> bool:
        """Say whether prices are guaranteed on a day."""
        return self.price_until is not None and day < self.price_until
