"""Recurring charges against a naive reading: each day of a period costs its share of that day's price."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import rate
from billing_domain.catalog import Measured
from billing_domain.money import minor_unit, round_decimal
from billing_domain.subscriptions import Cancelled, Paused, PlanChanged, PriceOverridden, QuantityChanged, Resumed
from life import Life
from strategies import accounts, changes, plan_families, rulebooks


def price_on(subscription, code, day):
    """Return the price of a whole period as it holds on a day: every change is read, in the order of days."""
    end = None
    for change in subscription.changes:
        end = change.on if isinstance(change, Cancelled) else end
    if day < subscription.start_on or (end is not None and day >= end):
        return Decimal(0)
    plan, quantity, own, paused = subscription.plan, subscription.quantity, None, False
    for change in sorted((each for each in subscription.changes if not isinstance(each, Cancelled)), key=lambda each: each.on):
        if change.on > day:
            break
        match change:
            case PlanChanged(plan=new):
                plan = new
            case QuantityChanged(quantity=new):
                quantity = new
            case PriceOverridden(price=new):
                own = new
            case Paused() | Resumed():
                paused = isinstance(change, Paused)
    charge = next((each for each in plan.charges if each.code == code), None)
    if paused or charge is None:
        return Decimal(0)
    price = own if own is not None and code == "base" else charge.price
    return price.work_out(Measured(quantity)).total


@given(st.data(), accounts(), rulebooks, st.lists(changes | st.tuples(st.just("wait"), st.integers(1, 40)), max_size=12))
def test_what_is_owed_for_a_period_is_the_sum_of_its_days(data, account, rules, played):
    """Each day of a period adds price over days, the sum is rounded once, and no day before the start or after the end counts."""
    life = Life(account, data.draw(plan_families(account.currency)), rules, offset=data.draw(st.integers(0, 40)))
    for step in played:
        life.do(step)
    step = minor_unit(account.currency)
    for item in rate(life.snapshot, through=life.clock + timedelta(days=31), rules=rules).values():
        facts = item.facts
        if facts.kind.value != "recurring":
            continue
        subscription, days = life.snapshot.subscription(facts.subscription_id), (facts.slot_end - facts.slot).days
        exact = sum(Fraction(price_on(subscription, facts.charge, facts.slot + timedelta(days=number))) for number in range(days)) / days
        wide = Decimal(exact.numerator * 10**40 // exact.denominator).scaleb(-40)
        if (exact * 10**40).denominator != 1:
            wide += Decimal(1).scaleb(-45)  # what was cut off, so that no tie appears
        assert facts.amount == round_decimal(wide, step, rules.rounding)
