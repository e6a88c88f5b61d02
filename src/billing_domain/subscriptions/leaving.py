"""Leaving a contract: with notice, early with a fee, early with the fee waived, or in the cool-off."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.catalog import Measured, Product, RecurringCharge
from billing_domain.doors import door, guarded
from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.money.amounts import CONTEXT, ZERO, minor_unit
from billing_domain.periods import checked_day
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions.contract import Contract, Leaving
from billing_domain.subscriptions.model import Item, Order, Subscription
from billing_domain.subscriptions.timeline import Terms, frequency_of


class LeavingReason(Enum):
    """Why leaving costs what it costs."""

    NO_CONTRACT = "no-contract"
    """Nobody was bound."""
    COOL_OFF = "cool-off"
    """It was taken back in time: everything is paid back."""
    IN_TIME = "in-time"
    """Notice was kept."""
    EARLY = "early"
    """The term was cut short; the contract says what that costs."""
    WAIVED = "waived"
    """The term was cut short, and the fee was let go."""


@guarded
@attrs.frozen
class Waiver:
    """A decision that a fee is not charged.

    Args:
        by: Who decided, as the host names people.
        reason: Why.
    """

    by: str
    reason: str

    def __attrs_post_init__(self) -> None:
        if not self.by.strip() or not self.reason.strip():
            raise InvalidValueError(self.reason or self.by, "a waiver names who decided, and why", "give both")


@attrs.frozen
class Termination:
    """A subscription that is left, and what that costs.

    Args:
        subscription: With its end entered.
        reason: Why it costs what it costs.
        fee: A sale of the fee, for the snapshot; None where there is none.
        earliest: The first day on which leaving costs nothing.
        waived: Who let a fee go, and why; None where nobody did.
    """

    subscription: Subscription
    reason: LeavingReason
    fee: Order | None
    earliest: date
    waived: Waiver | None = None


@door
def terminate(subscription: Subscription, *, on: date, given: date, order_id: str, waiver: Waiver | None = None) -> Termination:
    """Return a subscription that ends on a day, with the fee for leaving early where there is one.

    Args:
        subscription: What is left.
        on: The first day that is no longer served.
        given: The day on which notice was given.
        order_id: The host's id for the sale of the fee.
        waiver: Who lets a fee go, and why.

    Returns:
        The subscription and, where it is due, the fee as an order on the day of leaving; add both to the snapshot. In the cool-off it
        ends on the first day of the contract, whatever `on` says, so that everything since comes back.

    Raises:
        RefusedError: `on` lies before `given`; a correction is entered with `cancel(on=, recorded=)`.

    Example:
        >>> from billing_domain.catalog import Plan
        >>> from billing_domain.money import Money
        >>> from billing_domain.periods import Frequency
        >>> from billing_domain.subscriptions.contract import FlatFee
        >>> from billing_domain.tax import TaxClass
        >>> contract = Contract(date(2026, 1, 1), Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD))
        >>> subscription = Subscription.start(Plan("s", 1, "S", "EUR", []), id="S-1", on=date(2026, 1, 1), contract=contract)
        >>> left = terminate(subscription, on=date(2026, 6, 1), given=date(2026, 5, 20), order_id="O-1")
        >>> left.reason.value, left.fee.items[0].price
        ('early', Decimal('50.00'))
    """
    if checked_day(on, "the day of leaving") < checked_day(given, "the day of notice"):
        raise RefusedError(on, f"one leaves on or after the notice of {given}", "enter a correction with cancel(on=..., recorded=...)")
    contract = subscription.contract
    if contract is None:
        return Termination(subscription.cancel(on=on), LeavingReason.NO_CONTRACT, None, given)
    if contract.in_cool_off(given):
        first = max(subscription.start_on, contract.start)
        gone = subscription.cancel(on=first, recorded=given if given > first else None)
        return Termination(gone, LeavingReason.COOL_OFF, None, given)
    ended = subscription.cancel(on=on)
    earliest = contract.may_leave_on(given=given)
    fee = None if on >= earliest else _fee(subscription, contract, on, order_id)
    if fee is None:
        return Termination(ended, LeavingReason.IN_TIME if on >= earliest else LeavingReason.EARLY, None, earliest)
    if waiver is not None:
        return Termination(ended, LeavingReason.WAIVED, None, earliest, waiver)
    return Termination(ended, LeavingReason.EARLY, fee, earliest)


def _fee(subscription: Subscription, contract: Contract, on: date, order_id: str) -> Order | None:
    term = contract.term_at(on)
    if contract.fee is None or term is None:
        return None
    currency = subscription.priced_in
    exact = contract.fee.fee(Leaving(on, term, currency, monthly_price(subscription.terms, on - ONE_DAY)))
    fee = exact.quantize(minor_unit(currency), context=CONTEXT)
    if not fee:
        return None
    product = Product("early-termination", "Early termination", contract.fee.tax)
    return Order(order_id, on, [Item(product, fee)], currency)


def monthly_price(terms: Sequence[Terms], day: date) -> Decimal:
    """Return the recurring prices in force on a day for one month, exact; zero where nothing is in force.

    Charges in weeks or days are left out: a month has no whole number of them.
    """
    total = ZERO
    for found in terms:
        if found.start <= day < found.end:
            for charge in found.charges:
                months = frequency_of(charge, found.plan).months
                if isinstance(charge, RecurringCharge) and months:
                    price = charge.price.work_out(Measured(found.quantity)).total
                    total = CONTEXT.add(total, CONTEXT.divide(price, Decimal(months)))
    return total
