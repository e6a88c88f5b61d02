"""When another plan may be taken: what a contract or a seller's rules allow."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

import attrs

from billing_domain.catalog import Charge, Measured, Plan, Product, RecurringCharge
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.money import round_amount
from billing_domain.money.amounts import ZERO, add_up
from billing_domain.periods import checked_day
from billing_domain.subscriptions import Item, Order, PlanChanged, Subscription, terms_on
from billing_domain.subscriptions.contract import Leaving
from billing_domain.subscriptions.leaving import monthly_price
from billing_domain.whole import checked_whole


class Switch(NamedTuple):
    """A change of plan that is thought of.

    Args:
        subscription: What would be changed.
        plan: The plan it would change to.
        on: The first day on which it could, where no rule stood against it.
    """

    subscription: Subscription
    plan: Plan
    on: date


@runtime_checkable
class Switching(Protocol):
    """**Protocol:** says from which day a customer may have another plan.

    Called once for each plan that is compared; the day is not before `switch.on`.
    """

    @property
    def code(self) -> str:
        """The name of the rules."""
        ...

    def earliest(self, switch: Switch) -> date | None:
        """Return the first day on which the plan may begin; None where the customer may not have it."""
        ...


@attrs.frozen
class AnyTime:
    """Every plan may be taken at once.

    Example:
        >>> AnyTime().code
        'any-time'
    """

    code = "any-time"

    def earliest(self, switch: Switch) -> date | None:
        """Return the day that was asked for."""
        return switch.on


def _paths(values: Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, frozenset[str]], ...]:
    items: Iterable[tuple[str, Iterable[str]]] = values.items() if isinstance(values, Mapping) else values  # pyright: ignore[reportAssignmentType]
    found = []
    for code, others in items:
        if isinstance(others, str):
            raise InvalidTypeError(others, "a plan leads to several plans", 'write {"s": ["m", "l"]}')
        found.append((code, frozenset(others)))
    return tuple(sorted(found, key=lambda path: path[0]))


@attrs.frozen
class SwitchRules:
    """Rules of a seller as data.

    Args:
        paths: For the code of a plan, the codes of the plans that may follow it; a plan that is not named may be followed by any.
        cheaper_after_term: Whether a plan with a lower recurring price begins after the term that is under way.
        days_between: How many days lie between two changes of plan, the start not counted as one.

    Raises:
        InvalidValueError: The days are below zero.

    Example:
        >>> SwitchRules(paths={"s": ["m"]}).paths
        (('s', frozenset({'m'})),)
    """

    code = "rules"
    paths: tuple[tuple[str, frozenset[str]], ...] = attrs.field(converter=_paths, default=())
    cheaper_after_term: bool = False
    days_between: int = 0

    def __attrs_post_init__(self) -> None:
        checked_whole(self.days_between, "days between two changes are counted in whole days", "give a whole number")
        if self.days_between < 0:
            raise InvalidValueError(self.days_between, "days between two changes are zero or more", "leave it out for none")

    def earliest(self, switch: Switch) -> date | None:
        """Return the latest of the days that the rules name."""
        now = terms_on(switch.subscription.terms, switch.on - _DAY)
        allowed = dict(self.paths).get(now.plan.code)
        if allowed is not None and switch.plan.code not in allowed:
            return None
        changed = [change.on for change in switch.subscription.changes if isinstance(change, PlanChanged) and change.on < switch.on]
        days = [switch.on, *(day + timedelta(days=self.days_between) for day in changed[-1:])]
        term = term_end(switch.subscription, switch.on)
        offered = switch.plan.in_currency(switch.subscription.priced_in)
        if self.cheaper_after_term and term and recurring(offered.charges, now.quantity) < recurring(now.charges, now.quantity):
            days.append(term)
        return max(days)


ANY_TIME = AnyTime()
_DAY = timedelta(days=1)


def term_end(subscription: Subscription, day: date) -> date | None:
    """Return the day on which the term of a contract ends that holds a day; None where nobody is bound on it."""
    term = None if subscription.contract is None else subscription.contract.term_at(day)
    return None if term is None or day >= term.end else term.end


def recurring(charges: Iterable[Charge], quantity: Decimal) -> Decimal:
    """Return what recurring charges cost for a period, exact."""
    return add_up(charge.price.work_out(Measured(quantity)).total for charge in charges if isinstance(charge, RecurringCharge))


def exit_fee(subscription: Subscription, on: date) -> Decimal:
    """Return what leaving on a day costs by the contract, rounded half up, without tax; zero where nothing is due.

    Args:
        subscription: What is left.
        on: The first day that is no longer served.
    """
    contract = subscription.contract
    term = None if contract is None else contract.term_at(on)
    if contract is None or contract.fee is None or term is None or on >= term.end or contract.in_cool_off(on):
        return ZERO
    currency = subscription.priced_in
    fee = contract.fee.fee(Leaving(on, term, currency, monthly_price(subscription.terms, on - timedelta(days=1))))
    return round_amount(fee, currency)


def exit_order(subscription: Subscription, *, on: date, id: str) -> Order | None:  # noqa: A002  the public name
    """Return what leaving on a day costs as an order; None where nothing is due."""
    fee, contract = exit_fee(subscription, checked_day(on, "the day of leaving")), subscription.contract
    if not fee or contract is None or contract.fee is None:
        return None
    product = Product("early-termination", "Early termination", contract.fee.tax)
    return Order(id, on, [Item(product, fee)], subscription.priced_in)
