"""The strategies of a seller, each a protocol with one method or plain data."""

from datetime import date
from enum import Enum
from typing import NamedTuple, Protocol, runtime_checkable

import attrs

from billing_domain.accounts import Party
from billing_domain.discounts import NO_DISCOUNTS, Discounts
from billing_domain.doors import guarded
from billing_domain.errors import ExceedsLimitError, InvalidTypeError, InvalidValueError
from billing_domain.invoicing import DraftInvoice, PaymentTerms
from billing_domain.money import Amount, Money, Rounding, frozen_amount, not_negative
from billing_domain.periods import ActualDays, Proration
from billing_domain.periods.period import ONE_DAY
from billing_domain.tax import TaxPolicy, TaxRounding
from billing_domain.whole import checked_whole


class Served(NamedTuple):
    """What a tax point rule is asked about.

    Args:
        start: The first day served.
        end: The day after the last.
        issued: The day that the document bears; for a line that is billed already, its own tax point.
    """

    start: date
    end: date
    issued: date


@runtime_checkable
class TaxPointRule(Protocol):
    """**Protocol:** says which day's tax rates hold for a line.

    Called once for each key of a run; must answer the same for a line that is billed already, asked with its own tax point.
    """

    @property
    def code(self) -> str:
        """The name under which documents remember it."""
        ...

    def tax_point(self, served: Served) -> date:
        """Return the tax point."""
        ...


@runtime_checkable
class TaxPointEvent(Protocol):
    """**Protocol:** a tax point rule that may leave the day open, and then says which event makes tax due."""

    @property
    def event_code(self) -> str:
        """The event as a code of UNCL2005 (`EN 16931` BT-8): 3 issue, 35 delivery, 432 payment; empty where the lines tell the day."""
        ...


@attrs.frozen
class AtIssue:
    """The day that the document bears: the default.

    Example:
        >>> AtIssue().tax_point(Served(date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 1)))
        datetime.date(2026, 3, 1)
    """

    code = "at-issue"

    def tax_point(self, served: Served) -> date:
        """Return the day of issue."""
        return served.issued


@attrs.frozen
class AtPeriodEnd:
    """The last day served.

    Example:
        >>> AtPeriodEnd().tax_point(Served(date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 1)))
        datetime.date(2026, 3, 31)
    """

    code = "at-period-end"

    def tax_point(self, served: Served) -> date:
        """Return the last day served."""
        return served.end - ONE_DAY


@attrs.frozen
class DayOfSupply:
    """The days served: a line that crosses a change of rate is split there, and each part bears the rate of its days.

    A part is charged for its days out of the days that the whole line serves; the parts add up to the whole to the cent.

    Example:
        >>> DayOfSupply().tax_point(Served(date(2025, 12, 15), date(2026, 1, 15), date(2026, 1, 15)))
        datetime.date(2025, 12, 15)
    """

    code = "day-of-supply"

    def tax_point(self, served: Served) -> date:
        """Return the first day served; after the split all days of a line bear one rate."""
        return served.start


@guarded
@attrs.frozen
class AtPayment:
    """The day of a payment in advance where the host knows it, else the day that the document bears.

    Args:
        paid: The day on which the buyer paid; None where nothing is paid yet. Documents then say that payment makes tax due (BT-8, 432).

    Source: Directive 2006/112/EC, articles 65 and 66: a payment on account makes tax due on what is received.

    Example:
        >>> AtPayment(date(2025, 12, 20)).tax_point(Served(date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 1)))
        datetime.date(2025, 12, 20)
    """

    paid: date | None = None
    code = "at-payment"

    def tax_point(self, served: Served) -> date:
        """Return the earlier of the day of payment and the day of issue."""
        return served.issued if self.paid is None else min(self.paid, served.issued)

    @property
    def event_code(self) -> str:
        """Payment, where its day is not known yet."""
        return "432" if self.paid is None else ""


class CatchUp(Enum):
    """How several missed periods become documents."""

    ONE_DOCUMENT = "one-document"
    """All in one."""
    PER_PERIOD = "per-period"
    """One for each day on which something fell due."""


@runtime_checkable
class HoldRule(Protocol):
    """**Protocol:** says whether a draft waits for the next run instead of being issued, for example below a minimum amount."""

    @property
    def code(self) -> str:
        """The name under which a result remembers it."""
        ...

    def holds(self, draft: DraftInvoice) -> bool:
        """Say whether the draft waits."""
        ...


@guarded
@attrs.frozen
class MinimumAmount:
    """A `HoldRule` that lets drafts below an amount wait until more comes together; a final bill never waits.

    Args:
        amount: The least that is worth a document; drafts in other currencies do not wait.

    Raises:
        InvalidAmountError: It is negative.

    Example:
        >>> from billing_domain.money import Money
        >>> MinimumAmount(Money("5.00", "EUR")).code
        'minimum-amount'
    """

    code = "minimum-amount"
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")

    def __attrs_post_init__(self) -> None:
        not_negative(self._amount.amount, "a minimum amount")

    @property
    def amount(self) -> Money:
        """The least that is worth a document."""
        return self._amount.money

    def holds(self, draft: DraftInvoice) -> bool:
        """Say whether the draft comes to less."""
        return draft.currency == self._amount.currency and draft.totals.payable_amount < self._amount.amount


def _limit(value: object) -> int:
    value = checked_whole(value, "a bound counts in whole numbers", "give a whole number")
    if value < 1:
        raise InvalidValueError(value, "a bound is one or more", "give a larger number")
    return value


@attrs.frozen
class Bounds:
    """What a run refuses because it can only be a mistake: the account is halted, and nothing is billed.

    Args:
        months_ahead: How far `through` may lie after the day that documents bear.
        years_at_once: How many years one run may bill.
        lines: How many lines one run may make for one account.

    Example:
        >>> Bounds().months_ahead
        36
    """

    months_ahead: int = attrs.field(converter=_limit, default=36)
    years_at_once: int = attrs.field(converter=_limit, default=50)
    lines: int = attrs.field(converter=_limit, default=200_000)

    def check_days(self, *, since: date | None, on: date, through: date) -> None:
        """Check how far a run reaches.

        Args:
            since: The day up to which the account is billed, or its first day of service; None where nothing was ever served.
            on: The day that new documents bear.
            through: The last day that is billed.

        Raises:
            ExceedsLimitError: It reaches too far ahead, or over too many years.
        """
        if (through.year - on.year) * 12 + through.month - on.month > self.months_ahead:
            raise ExceedsLimitError(
                through, f"a run bills at most {self.months_ahead} months ahead of {on}", "check the target, or give other bounds"
            )
        if since is not None and through.year - since.year > self.years_at_once:
            raise ExceedsLimitError(
                through, f"a run bills at most {self.years_at_once} years, here from {since}", "check the target, or give other bounds"
            )

    def check_lines(self, count: int) -> None:
        """Check how many lines a run makes.

        Raises:
            ExceedsLimitError: It makes too many.
        """
        if count > self.lines:
            raise ExceedsLimitError(count, f"a run makes at most {self.lines} lines for one account", "bill in steps, or give other bounds")


@guarded
@attrs.frozen
class Rulebook:
    """How a seller bills: at most ten strategies; everything else is data on the charge, policy or account.

    Args:
        seller: Who sells.
        tax: How supplies are taxed.
        tax_point: Which day's rates hold.
        tax_rounding: Where tax is rounded.
        rounding: How an amount before discount becomes one of whole minor units.
        proration: How a part of a period is charged, where a charge does not say otherwise.
        terms: When invoices fall due.
        catch_up: How several missed periods become documents.
        hold: What makes a draft wait; None lets nothing wait. A final bill never waits.
        bounds: What a run refuses because it can only be a mistake.
        discounts: The policies that are granted by themselves, and the lanes in which all discounts meet.

    Raises:
        InvalidTypeError: A strategy does not fit its protocol.

    Example:
        >>> from billing_domain import presets
        >>> Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT).proration.code
        'actual-days'
    """

    seller: Party
    tax: TaxPolicy
    tax_point: TaxPointRule = AtIssue()
    tax_rounding: TaxRounding = TaxRounding.PER_GROUP
    rounding: Rounding = Rounding.HALF_UP
    proration: Proration = ActualDays()
    terms: PaymentTerms = PaymentTerms()
    catch_up: CatchUp = CatchUp.ONE_DOCUMENT
    hold: HoldRule | None = None
    bounds: Bounds = Bounds()
    discounts: Discounts = NO_DISCOUNTS

    def __attrs_post_init__(self) -> None:
        for name, protocol in (("tax", TaxPolicy), ("tax_point", TaxPointRule), ("proration", Proration)):
            value = getattr(self, name)
            if not isinstance(value, protocol):
                raise InvalidTypeError(
                    value, f"{name} of a rulebook fits the protocol {protocol.__name__}", "give an object with its attributes and method"
                )
        if self.hold is not None and not isinstance(self.hold, HoldRule):
            rule = "hold of a rulebook fits the protocol HoldRule"
            raise InvalidTypeError(self.hold, rule, "give an object with its attributes and method")
        for name, kind in _KINDS.items():
            value = getattr(self, name)
            if not isinstance(value, kind):
                raise InvalidTypeError(value, f"{name} of a rulebook is of the kind {kind.__name__}", f"give {kind.__name__}(...)")


_KINDS: dict[str, type] = {
    "seller": Party,
    "tax_rounding": TaxRounding,
    "rounding": Rounding,
    "terms": PaymentTerms,
    "catch_up": CatchUp,
    "discounts": Discounts,
}
