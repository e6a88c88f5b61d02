"""Pay a debt in parts: make the plan, say how it stands, and bill what it costs."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from billing_domain.catalog import Product
from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, InvalidValueError, NoSuchResultError
from billing_domain.ids import content_id
from billing_domain.invoicing import Invoice
from billing_domain.money import Amount, Money, Number, allocate, amount_of, minor_unit, money, not_negative
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO, add_up
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.arrangements import Instalment, InstalmentPlan
from billing_domain.payments.balance import balances
from billing_domain.payments.fees import LATE_FEE, fee_order
from billing_domain.payments.model import document_numbers
from billing_domain.payments.protocols import Allocation, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.payments.standing import Arrangements, allowed
from billing_domain.periods import Frequency, Schedule, checked_day
from billing_domain.subscriptions import Order

_YEAR = Decimal(365)


@door
def instalments(
    ledger: Ledger,
    documents: Iterable[Invoice | str],
    *,
    id: str,  # noqa: A002  the public name
    on: date,
    first: date,
    parts: int | Sequence[Number],
    frequency: Frequency | None = None,
    fee: Money | None = None,
    annual_rate: Number | None = None,
    grace_days: int = 0,
    allocation: Allocation = STANDARD,
) -> InstalmentPlan:
    """Return a plan by which what is open on documents is paid in parts; the parts sum to it exactly.

    Args:
        ledger: The account.
        documents: The invoices, or their numbers.
        id: The host's id.
        on: The day from which the plan holds.
        first: The due day of the first part.
        parts: How many equal parts, or one weight a part, such as `[3, 2, 1]` for more at the front.
        frequency: How far apart they are; monthly where None.
        fee: Charged once, beside the first part.
        annual_rate: Interest in percent a year of 365 days on what is still to be paid, charged beside each part.
        grace_days: How many days after its due day a part may come.
        allocation: Where money goes that names no document.

    Raises:
        ExceedsLimitError: Nothing is open on the documents, or too little for so many parts.
        InvalidValueError: There is no part.
    """
    numbers = document_numbers(documents)
    weights = [1] * parts if isinstance(parts, int) else list(parts)
    if not weights:
        raise InvalidValueError(parts, "a plan has at least one part", "say how many")
    known = balances(ledger, as_of=on, allocation=allocation)
    total = add_up(known.item(number).collectable for number in numbers)
    currency = ledger.account.currency
    amounts = allocate(total, weights, minor_unit(currency))
    if not all(amounts):
        raise ExceedsLimitError(total, f"{total} collectable makes no {len(weights)} parts above zero", "choose fewer parts")
    schedule = Schedule(frequency or Frequency.monthly(), first)
    days = [schedule.boundary(number) for number in range(len(amounts))]
    charges = _charges(amounts, [on, *days], annual_rate, fee, currency)
    made = [Instalment(day, money(amount, currency), charge) for day, amount, charge in zip(days, amounts, charges, strict=True)]
    return InstalmentPlan(id, on, numbers, made, grace_days)


def _charges(amounts: Sequence[Decimal], days: Sequence[date], rate: Number | None, fee: Money | None, currency: str) -> list[Money | None]:
    percent = ZERO if rate is None else not_negative(rate, "interest")
    once = ZERO if fee is None else amount_of(fee, currency, "a fee")
    left, charges = add_up(amounts), []
    for number, amount in enumerate(amounts):
        yearly = CONTEXT.divide(CONTEXT.multiply(left, percent), HUNDRED)
        days_between = Decimal((days[number + 1] - days[number]).days)
        interest = CONTEXT.divide(CONTEXT.multiply(yearly, days_between), _YEAR).quantize(minor_unit(currency), context=CONTEXT)
        charge = CONTEXT.add(interest, once if number == 0 else ZERO)
        charges.append(money(charge, currency) if charge else None)
        left = CONTEXT.subtract(left, amount)
    return charges


class PlanState(Enum):
    """How an instalment plan stands."""

    AGREED = "agreed"
    """It holds only from a later day."""
    KEPT = "kept"
    """What is demanded so far is paid."""
    BROKEN = "broken"
    """More is open than it allows; paying that cures it."""
    DONE = "done"
    """Nothing of it is left to be paid."""


class PlanStanding(NamedTuple):
    """How an instalment plan stands on a day.

    Args:
        state: The answer.
        open: What of it is still to be paid.
        missing: What must be paid to cure it; zero where it is kept.
        next: The next part that is due; None where none is.
        currency: ISO 4217 code.
    """

    state: PlanState
    open: Decimal
    missing: Decimal
    next: Instalment | None
    currency: str

    @property
    def amount(self) -> Money:
        """What must be paid to cure it."""
        return money(self.missing, self.currency)


@door
def plan_standing(ledger: Ledger, plan: InstalmentPlan, *, as_of: date, allocation: Allocation = STANDARD) -> PlanStanding:
    """Return how an instalment plan stands at the end of a day.

    Args:
        ledger: The account.
        plan: The plan.
        as_of: The day.
        allocation: Where money goes that names no document.
    """
    opened = Arrangements(ledger, Replay(ledger, checked_day(as_of, "as_of"), allocation)).left(plan, as_of)
    missing = max(CONTEXT.subtract(opened, allowed(plan, as_of)), ZERO)
    coming = next((part for part in plan.instalments if part.due > as_of), None)
    return PlanStanding(_state(plan, as_of, opened, missing), opened, missing, coming, plan.currency)


def _state(plan: InstalmentPlan, day: date, opened: Decimal, missing: Decimal) -> PlanState:
    if day < plan.on:
        return PlanState.AGREED
    if not opened:
        return PlanState.DONE
    return PlanState.BROKEN if missing else PlanState.KEPT


@door
def charge_order(plan: InstalmentPlan, *, on: date, product: Product = LATE_FEE) -> Order:
    """Return the sale by which fee and interest of a plan reach the bill; the same plan gives the same order.

    Args:
        plan: The plan.
        on: The day of the sale.
        product: What they are on a bill.

    Raises:
        NoSuchResultError: The plan costs nothing.
    """
    charges = [part.charge.amount for part in plan.instalments if part.charge is not None]
    if not charges:
        raise NoSuchResultError(plan.id, "the plan costs nothing", "ask for an order only where a part has a charge")
    return fee_order(content_id("instalments", plan.id, plan.on), product, Amount(add_up(charges), plan.currency), on)
