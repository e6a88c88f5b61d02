"""Cheaper plans: past usage billed again on each plan, with the same engine."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

import attrs

from billing_domain.billing import AccountSnapshot, CatchUp, Rulebook, bill
from billing_domain.care.driver_sides import gross_of
from billing_domain.catalog import Plan, UsageCharge
from billing_domain.errors import InvalidValueError, UnknownReferenceError
from billing_domain.invoicing import ChargeKind, Line
from billing_domain.money import Money, exact, minor_unit, money, round_amount
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.periods import Frequency, Schedule, checked_day
from billing_domain.subscriptions import CycleChanged, Paused, QuantityChanged, Resumed, Subscription, terms_on
from billing_domain.subscriptions.contract import Leaving
from billing_domain.subscriptions.leaving import monthly_price
from billing_domain.subscriptions.timeline import Terms
from billing_domain.usage import UsageRecord

_DAYS_OF_YEAR = 365
_MONTHS_OF_YEAR = 12
_KEPT = (QuantityChanged, Paused, Resumed, CycleChanged)


@attrs.frozen(kw_only=True)
class PlanChoice:
    """What another plan would have cost for the usage of the past.

    Args:
        subscription: What would be changed.
        plan: The other plan.
        months: How many months of the past were billed again.
        currency: ISO 4217 code.
        yearly_cost_amount: What the plan now in force costs for a year of this usage, with tax.
        saving_amount: What the other plan saves in the first year, with tax, after setup and the fee for leaving early; below zero where it
            costs more. Discounts that do not go over are lost within it.
        exit_amount: The fee for leaving the term early, without tax.
        setup_amount: What the other plan charges once, with tax.
        discounts_lost_amount: What discounts gave on the plan now in force for a year, less what they would have given on the other.
        break_even: After how many months the saving has paid for setup and fee; 0 where there are none, None where it never does.
        worst_amount: What the other plan saved in the month in which it saved least; below zero where it cost more.
        best_amount: What it saved in the month in which it saved most.
    """

    subscription: Subscription
    plan: Plan
    months: int
    currency: str
    yearly_cost_amount: Decimal
    saving_amount: Decimal
    exit_amount: Decimal
    setup_amount: Decimal
    discounts_lost_amount: Decimal
    break_even: int | None
    worst_amount: Decimal
    best_amount: Decimal

    @property
    def yearly_cost(self) -> Money:
        """What the plan now in force costs for a year of this usage."""
        return money(self.yearly_cost_amount, self.currency)

    @property
    def yearly_saving(self) -> Money:
        """What the other plan saves in the first year, after setup and the fee for leaving early."""
        return money(self.saving_amount, self.currency)

    @property
    def exit_fee(self) -> Money:
        """The fee for leaving the term early."""
        return money(self.exit_amount, self.currency)

    @property
    def setup(self) -> Money:
        """What the other plan charges once."""
        return money(self.setup_amount, self.currency)

    @property
    def discounts_lost(self) -> Money:
        """What discounts would no longer give in a year."""
        return money(self.discounts_lost_amount, self.currency)

    @property
    def worst_month(self) -> Money:
        """What it saved in the month in which it saved least."""
        return money(self.worst_amount, self.currency)

    @property
    def best_month(self) -> Money:
        """What it saved in the month in which it saved most."""
        return money(self.best_amount, self.currency)

    def change(self, *, on: date) -> Subscription:
        """Return the subscription with this plan from a day on, for `snapshot.add` or `what_if`."""
        return self.subscription.change_plan(self.plan, on=on)


class _Past(NamedTuple):
    """The part of the past that is billed again.

    Args:
        snapshot: The account.
        subscription: What is compared.
        terms: What is in force now.
        start: The first day.
        end: The day after the last.
        months: How many months that is.
        whole: Whether it is so many whole months.
        rules: The seller's strategies.
    """

    snapshot: AccountSnapshot
    subscription: Subscription
    terms: Terms
    start: date
    end: date
    months: int
    whole: bool
    rules: Rulebook

    def yearly(self, amount: Decimal) -> Decimal:
        """Return an amount of the past for a year."""
        if self.whole:
            return amount * _MONTHS_OF_YEAR / self.months
        return amount * _DAYS_OF_YEAR / (self.end - self.start).days


class _Cost(NamedTuple):
    """What a plan costs for the past.

    Args:
        running: With tax, without what is charged once.
        once: What is charged once, with tax.
        discount: What grants take off, before tax.
        by_month: The running cost by month of the period.
    """

    running: Decimal
    once: Decimal
    discount: Decimal
    by_month: dict[tuple[int, int], Decimal]


def compare_plans(
    snapshot: AccountSnapshot,
    plans: Iterable[Plan],
    *,
    months: int = 12,
    as_of: date,
    rules: Rulebook,
    subscription: Subscription | None = None,
) -> list[PlanChoice]:
    """Return what other plans would have saved for the usage of the past, the largest saving first.

    Past usage is billed again with the same engine: once on the plan now in force, with its own prices, and once on each
    other plan, with the quantities, pauses and discounts of the past.

    Args:
        snapshot: All that is known of the account.
        plans: Plans that the customer may have. One in another currency, or that does not count what was used, is left out.
        months: How many months up to `as_of`; fewer where the subscription is younger.
        as_of: The last day of the past.
        rules: The seller's strategies.
        subscription: Which subscription; the only one that is in force where None.

    Returns:
        One choice for each plan that differs from the one in force.

    Raises:
        InvalidValueError: The months are not above zero, or several subscriptions are in force and none is named.
        UnknownReferenceError: No subscription is in force on the day.

    Example:
        See the tutorial on the call.
    """
    if months < 1:
        raise InvalidValueError(months, "at least one month is compared", "give the months, such as 12")
    with exact():
        past = _past(snapshot, _compared(snapshot, subscription, checked_day(as_of, "as_of")), months, as_of, rules)
        usage = _usage(past)
        own = attrs.evolve(past.terms.plan, charges=past.terms.charges, phases=(), price_lists=())
        now = _cost(past, own, usage)
        meters = {record.meter.code for record in usage}
        fee = exit_fee(past.subscription, past.end)
        found = [
            _choice(past, plan, now, _cost(past, attrs.evolve(plan, phases=()), usage), fee) for plan in plans if _fits(plan, past, meters)
        ]
        return sorted(found, key=lambda choice: (-choice.saving_amount, choice.plan.key))


def _compared(snapshot: AccountSnapshot, subscription: Subscription | None, as_of: date) -> Subscription:
    if subscription is not None:
        terms_on(subscription.terms, as_of)
        return subscription
    served = [
        found for found in snapshot.subscriptions if found.base is None and any(terms.start <= as_of < terms.end for terms in found.terms)
    ]
    if not served:
        raise UnknownReferenceError(snapshot.account.id, f"a subscription is in force on {as_of}", "ask for a day on which one is")
    if len(served) > 1:
        names = ", ".join(found.id for found in served)
        raise InvalidValueError(names, "plans are compared for one subscription", "name it with subscription=...")
    return served[0]


def _past(snapshot: AccountSnapshot, subscription: Subscription, months: int, as_of: date, rules: Rulebook) -> _Past:
    end = as_of + timedelta(days=1)
    wanted = _months_back(end, months)
    start = max(wanted, subscription.start_on)
    whole = start == wanted and Schedule(Frequency.monthly(), start).boundary(months) == end
    one = attrs.evolve(rules, catch_up=CatchUp.ONE_DOCUMENT)
    return _Past(snapshot, subscription, terms_on(subscription.terms, as_of), start, end, months, whole, one)


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    length = (Schedule(Frequency.monthly(), first).boundary(1) - first).days
    return first + timedelta(days=min(day.day, length) - 1)


def _usage(past: _Past) -> list[UsageRecord]:
    zone = past.snapshot.account.zone
    return [
        record
        for record in past.snapshot.usage
        if record.subscription_id == past.subscription.id and past.start <= record.at.astimezone(zone).date() < past.end
    ]


def _fits(plan: Plan, past: _Past, meters: set[str]) -> bool:
    counted = {charge.meter.code for charge in plan.charges if isinstance(charge, UsageCharge)}
    return plan.key != past.terms.plan.key and past.subscription.priced_in in plan.currencies and meters <= counted


def _cost(past: _Past, plan: Plan, usage: Sequence[UsageRecord]) -> _Cost:
    """Bill the past on a plan: the quantities, pauses and discounts as they were, nothing billed before."""
    account = attrs.evolve(past.snapshot.account, payer=None)
    alone = AccountSnapshot(account, (_supposed(past, plan),), usage=usage, grants=past.snapshot.grants, facts=past.snapshot.facts)
    result = bill(alone, through=past.end + timedelta(days=2 * _DAYS_OF_YEAR), rules=past.rules, on=past.end)
    return _summed(line for draft in result.invoices for line in draft.lines)


def _supposed(past: _Past, plan: Plan) -> Subscription:
    """Return the subscription as if it had had the plan for the whole of the past."""
    subscription = past.subscription
    terms = next(found for found in subscription.terms if found.end > past.start)
    start = max(past.start, terms.start)
    kept = [change for change in subscription.changes if isinstance(change, _KEPT) and start < change.on < past.end]
    supposed = Subscription(subscription.id, plan, start, terms.quantity, kept, terms.cycle, currency=subscription.currency)
    return supposed.cancel(on=past.end)


def _summed(lines: Iterable[Line]) -> _Cost:
    running = once = discount = ZERO
    by_month: dict[tuple[int, int], Decimal] = {}
    for line in lines:
        gross = gross_of(line)
        if line.facts.kind is ChargeKind.ONE_OFF:
            once += gross
            continue
        month = (line.facts.slot.year, line.facts.slot.month)
        running += gross
        discount += add_up(share.amount for share in line.shares)
        by_month[month] = by_month.get(month, ZERO) + gross
    return _Cost(running, once, discount, by_month)


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


def _choice(past: _Past, plan: Plan, now: _Cost, then: _Cost, fee: Decimal) -> PlanChoice:
    currency = past.subscription.priced_in
    step = minor_unit(currency)
    yearly, saving = past.yearly(now.running), past.yearly(now.running - then.running)
    months = {**now.by_month, **then.by_month}
    by_month = [now.by_month.get(month, ZERO) - then.by_month.get(month, ZERO) for month in months] or [ZERO]

    def rounded(amount: Decimal) -> Decimal:
        return amount.quantize(step, context=CONTEXT)

    return PlanChoice(
        subscription=past.subscription,
        plan=plan,
        months=past.months,
        currency=currency,
        yearly_cost_amount=rounded(yearly),
        saving_amount=rounded(saving - then.once - fee),
        exit_amount=fee,
        setup_amount=rounded(then.once),
        discounts_lost_amount=rounded(max(past.yearly(now.discount - then.discount), ZERO)),
        break_even=_break_even(saving / _MONTHS_OF_YEAR, then.once + fee),
        worst_amount=rounded(min(by_month)),
        best_amount=rounded(max(by_month)),
    )


def _break_even(monthly: Decimal, once: Decimal) -> int | None:
    if monthly <= 0:
        return None
    return int((once / monthly).to_integral_value(ROUND_CEILING))
