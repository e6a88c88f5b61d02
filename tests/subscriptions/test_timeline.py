"""The terms in force on each day: what a naive reading of the changes says, day by day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import Flat, Plan, RecurringCharge
from billing_domain.errors import OutOfOrderError, UnknownReferenceError
from billing_domain.periods import BillingCycle
from billing_domain.subscriptions import Subscription, terms_on

START = date(2026, 1, 10)
PLANS = [Plan(f"p-{number}", 1, "P", "EUR", [RecurringCharge("base", "Fee", number)]) for number in range(3)]
_day = st.integers(0, 60).map(lambda offset: START + timedelta(days=offset))
changes = st.one_of(
    st.tuples(st.just("change_quantity"), st.integers(0, 5).map(Decimal), _day),
    st.tuples(st.just("change_plan"), st.sampled_from(PLANS), _day),
    st.tuples(st.just("change_cycle"), st.integers(1, 31).map(BillingCycle.on_day), _day),
    st.tuples(st.just("pause"), st.none(), _day),
    st.tuples(st.just("resume"), st.none(), _day),
    st.tuples(st.just("cancel"), st.none(), _day),
)


def naive(made, day):
    """Return plan, quantity and cycle on a day, or None, by reading every change in the order of days."""
    end = None
    for name, _, on in made:
        end = on if name == "cancel" else end
    if day < START or (end is not None and day >= end):
        return None
    plan, quantity, cycle, paused = PLANS[0], Decimal(1), None, False
    for name, value, on in sorted(made, key=lambda change: change[2]):
        if on > day:
            break
        plan = value if name == "change_plan" else plan
        quantity = value if name == "change_quantity" else quantity
        cycle = value if name == "change_cycle" else cycle
        paused = name == "pause" if name in {"pause", "resume"} else paused
    return None if paused else (plan, quantity, cycle)


@given(st.lists(changes, max_size=8))
def test_terms_are_those_of_a_naive_reading(listed):
    """On every day the timeline says what the changes say, and its terms follow each other without overlap."""
    subscription, made = Subscription.start(PLANS[0], id="S-1", on=START), []
    for name, value, on in listed:
        arguments = () if value is None else (value,)
        try:
            subscription = getattr(subscription, name)(*arguments, on=on, recorded=START + timedelta(days=60))
            made.append((name, value, on))
        except OutOfOrderError:
            continue
    for offset in range(-2, 70):
        day = START + timedelta(days=offset)
        expected = naive(made, day)
        if expected is None:
            with pytest.raises(UnknownReferenceError):
                terms_on(subscription.terms, day)
        else:
            found = terms_on(subscription.terms, day)
            assert (found.plan, found.quantity, found.cycle) == expected
    assert all(before.end <= after.start for before, after in zip(subscription.terms, subscription.terms[1:], strict=False))


pausing = st.lists(st.tuples(st.sampled_from(["pause", "resume"]), _day), max_size=10)


@given(pausing)
def test_a_pause_or_resuming_that_changes_nothing_is_refused(listed):
    """Whatever the order of entry, exactly what finds its day as it would leave it is refused, and what was taken loads again."""
    subscription, made = Subscription.start(PLANS[0], id="S-1", on=START), []
    for name, on in listed:
        paused = naive([(each, None, day) for each, day in made], on) is None
        if paused is (name == "pause"):
            with pytest.raises(OutOfOrderError, match="S-1 is"):
                getattr(subscription, name)(on=on, recorded=START + timedelta(days=60))
        else:
            subscription = getattr(subscription, name)(on=on, recorded=START + timedelta(days=60))
            made.append((name, on))
    assert Subscription("S-1", PLANS[0], START, changes=subscription.changes) == subscription


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 20))
def test_a_pause_that_is_known_late_moves_the_beginning(served, between, length):
    """A pause entered late before a known one is taken, and the days between are paused too; a resuming on its first day takes it back."""
    late, on, back = (START + timedelta(days=days) for days in (served, served + between, served + between + length))
    known = Subscription.start(PLANS[0], id="S-1", on=START).pause(on=on).resume(on=back)
    earlier = known.pause(on=late, recorded=back)
    assert [(terms.start, terms.end) for terms in earlier.terms] == [(START, late), (back, date.max)]
    assert [(terms.start, terms.end) for terms in known.resume(on=on, recorded=back).terms] == [
        (START, on),
        (on, back),
        (back, date.max),
    ]


def test_a_pause_in_a_pause_says_what_to_do():
    """The error names the day, the subscription and the remedy."""
    paused = Subscription.start(PLANS[0], id="S-1", on=START).pause(on=date(2026, 2, 1))
    with pytest.raises(OutOfOrderError, match="Paused on 2026-02-03: subscription S-1 is paused on that day already; resume it first"):
        paused.pause(on=date(2026, 2, 3))
    with pytest.raises(OutOfOrderError, match="Resumed on 2026-01-20: subscription S-1 is not paused on that day; enter the pause first"):
        paused.resume(on=date(2026, 1, 20), recorded=date(2026, 2, 3))


def test_a_price_of_its_own_and_back():
    """An override holds from its day; the plan's price comes back when that is said."""
    subscription = (
        Subscription.start(PLANS[1], id="S-1", on=START)
        .override_price("base", "0.50", on=date(2026, 2, 1))
        .plan_price("base", on=date(2026, 3, 1))
    )
    prices = [terms_on(subscription.terms, date(2026, month, 15)).charges[0].price for month in (1, 2, 3)]
    assert prices == [Flat(1), Flat("0.50"), Flat(1)]
    assert Subscription.start(PLANS[1], id="S-1", on=START).override_price("base", 2).terms[0].charges[0].price == Flat(2)


def test_a_cancellation_that_is_taken_back():
    """`keep` takes an end back; without one there is none."""
    subscription = Subscription.start(PLANS[0], id="S-1", on=START)
    ended = subscription.cancel(on=date(2026, 2, 1))
    assert (subscription.ends_on, ended.ends_on, ended.keep().ends_on) == (None, date(2026, 2, 1), None)
