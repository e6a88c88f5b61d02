"""Cheaper plans: past usage billed again on each plan, with the same engine."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

import attrs

from billing_domain.billing import AccountSnapshot, CatchUp, Rulebook, bill
from billing_domain.billing.treatments import Treatments
from billing_domain.care.driver_sides import gross_of
from billing_domain.care.plan_choice import PlanChoice
from billing_domain.care.switching import ANY_TIME, Switch, Switching, exit_fee, term_end
from billing_domain.catalog import Plan, Product, UsageCharge
from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, PluginError, UnknownReferenceError
from billing_domain.invoicing import ChargeKind, Line
from billing_domain.money import exact, minor_unit, round_amount
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO, add_up
from billing_domain.periods import Frequency, Schedule, checked_day, local_day
from billing_domain.subscriptions import CycleChanged, Paused, QuantityChanged, Resumed, Subscription, terms_on
from billing_domain.subscriptions.timeline import Terms
from billing_domain.usage import UsageRecord

_DAYS_OF_YEAR = 365
_MONTHS_OF_YEAR = 12
_Kept = QuantityChanged | Paused | Resumed | CycleChanged


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


@door
def compare_plans(
    snapshot: AccountSnapshot,
    plans: Iterable[Plan],
    *,
    months: int = 12,
    as_of: date,
    rules: Rulebook,
    subscription: Subscription | None = None,
    switching: Switching = ANY_TIME,
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
        switching: From which day the customer may have each plan; one that may not be had is left out.

    Returns:
        One choice for each plan that differs from the one in force.

    Raises:
        InvalidTypeError: Something given is not what its name says.
        PluginError: A rule of switching answered with no day, or with one that has passed.
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
        found = []
        for plan in plans:
            terms = _terms(past, plan, switching) if _fits(plan, past, meters) else None
            if terms is not None:
                found.append(_choice(past, plan, now, _cost(past, attrs.evolve(plan, phases=()), usage), terms))
        return sorted(found, key=lambda choice: (-choice.saving_amount, choice.plan.key))


class _Terms(NamedTuple):
    """On what terms a plan may be had.

    Args:
        earliest: The first day.
        term_end: The end of the term that binds on that day.
        fee: The fee for leaving then, without tax.
        fee_gross: The same with tax.
    """

    earliest: date
    term_end: date | None
    fee: Decimal
    fee_gross: Decimal


def _terms(past: _Past, plan: Plan, switching: Switching) -> _Terms | None:
    day = switching.earliest(Switch(past.subscription, plan, past.end))
    if day is None:
        return None
    if isinstance(day, datetime) or not isinstance(day, date) or day < past.end:
        raise PluginError(day, f"a plan begins on a day from {past.end} on", "return that day, or None", switching.code, "earliest")
    fee = exit_fee(past.subscription, day)
    return _Terms(day, term_end(past.subscription, day), fee, _with_tax(past, fee, day))


def _with_tax(past: _Past, fee: Decimal, day: date) -> Decimal:
    contract = past.subscription.contract
    if not fee or contract is None or contract.fee is None:
        return fee
    rate = Treatments(past.rules).of(past.snapshot.account).treatment(Product("exit-fee", "Exit fee", contract.fee.tax), day).rate or ZERO
    return round_amount(fee * (HUNDRED + rate) / HUNDRED, past.subscription.priced_in)


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
        if record.subscription_id == past.subscription.id and past.start <= local_day(record.at, zone) < past.end
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
    kept = [change for change in subscription.changes if isinstance(change, _Kept) and start < change.on < past.end]
    supposed = Subscription(subscription.id, plan, start, terms.quantity, _that_count(kept), terms.cycle, currency=subscription.currency)
    return supposed.cancel(on=past.end)


def _that_count(changes: Iterable[_Kept]) -> Iterator[_Kept]:
    """Yield changes in the order of their days, without pauses and resumings that later knowledge left without effect."""
    paused = False
    for change in sorted(changes, key=lambda each: each.on):
        if isinstance(change, Paused | Resumed):
            if isinstance(change, Paused) is paused:
                continue
            paused = not paused
        yield change


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


def _choice(past: _Past, plan: Plan, now: _Cost, then: _Cost, terms: _Terms) -> PlanChoice:
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
        saving_amount=rounded(saving - then.once - terms.fee_gross),
        earliest=terms.earliest,
        term_end=terms.term_end,
        exit_net=rounded(terms.fee),
        exit_amount=rounded(terms.fee_gross),
        setup_amount=rounded(then.once),
        discounts_lost_amount=rounded(max(past.yearly(now.discount - then.discount), ZERO)),
        break_even=_break_even(saving / _MONTHS_OF_YEAR, then.once + terms.fee_gross),
        worst_amount=rounded(min(by_month)),
        best_amount=rounded(max(by_month)),
    )


def _break_even(monthly: Decimal, once: Decimal) -> int | None:
    if monthly <= 0:
        return None
    return int((once / monthly).to_integral_value(ROUND_CEILING))
