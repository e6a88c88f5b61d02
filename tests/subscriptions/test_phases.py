"""What the timeline makes of phases, add-ons, currencies, moves and explicit days."""

from datetime import date

import pytest

from billing_domain.catalog import (
    Catalog,
    CommitmentCharge,
    Meter,
    Moves,
    OneOffCharge,
    Phase,
    Plan,
    PriceList,
    RecurringCharge,
    Release,
    UsageCharge,
)
from billing_domain.errors import InvalidTypeError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.periods import BillingCycle, Frequency, FrequencyUnit
from billing_domain.subscriptions import Contract, Effective, Renewal, Subscription, effective_day, move
from billing_domain.subscriptions.add_ons import bound_terms

BASE = RecurringCharge("base", "Fee", "10")
DATA = UsageCharge("data", "Data", Meter("data"), "1")
SETUP = OneOffCharge("setup", "Setup", "25")
LEAST = CommitmentCharge("least", "Least", "100")
TRIAL = Phase.trial(days=14)
RAMP = Phase.ramp("ramp", Frequency(FrequencyUnit.MONTH, 2), {"base": 5})
START = date(2026, 1, 1)


def plan(code="s", version=1, charges=(BASE, DATA, SETUP, LEAST), **changes):
    """Return a plan."""
    return Plan(code, version, code.upper(), "EUR", charges, **changes)


def spans(subscription):
    """Return start, phase and price of the fee of each stretch."""
    return [
        (str(terms.start), terms.phase, "".join(str(c.price.price) for c in terms.charges if c.code == "base"))
        for terms in subscription.terms
    ]


def test_phases_change_prices_and_a_trial_has_no_recurring_charge():
    """In a trial usage and one-off charges stay; after the last phase the plan's own prices hold."""
    subscription = Subscription.start(plan(phases=[TRIAL, RAMP]), id="S", on=START)
    assert spans(subscription) == [("2026-01-01", "trial", ""), ("2026-01-15", "ramp", "5"), ("2026-03-15", "", "10")]
    assert [charge.code for charge in subscription.terms[0].charges] == ["data", "setup"]
    assert subscription.ends_on is None


def test_a_fixed_term_ends_the_subscription():
    """After a fixed term nothing is served, whatever was cancelled later."""
    subscription = Subscription.start(plan(phases=[Phase.fixed_term(Frequency.yearly())]), id="S", on=START)
    assert subscription.ends_on == date(2027, 1, 1)
    assert subscription.terms[-1].end == date(2027, 1, 1)
    assert subscription.cancel(on=date(2026, 6, 1)).ends_on == date(2026, 6, 1)


def test_a_change_of_plan_gives_no_second_trial():
    """Phases count from the start unless the change says that they begin anew."""
    other = plan("t", phases=[TRIAL])
    subscription = Subscription.start(plan(phases=[TRIAL]), id="S", on=START)
    assert [phase for _, phase, _ in spans(subscription.change_plan(other, on=date(2026, 1, 10)))] == ["trial", "trial", ""]
    assert spans(subscription.change_plan(other, on=date(2026, 3, 1)))[-1] == ("2026-03-01", "", "10")
    anew = subscription.change_plan(other, on=date(2026, 3, 1), restarts_phases=True)
    assert [phase for _, phase, _ in spans(anew)] == ["trial", "", "trial", ""]


def test_an_agreed_price_outlasts_phases_and_pauses():
    """An override holds in every phase but a trial; a pause takes days out of a phase and does not lengthen it."""
    subscription = Subscription.start(plan(phases=[TRIAL, RAMP]), id="S", on=START).override_price("base", "7")
    assert [price for *_, price in spans(subscription)] == ["", "7", "7"]
    paused = Subscription.start(plan(phases=[RAMP]), id="S", on=START).pause(on=date(2026, 2, 1)).resume(on=date(2026, 2, 10))
    assert [start for start, *_ in spans(paused)] == ["2026-01-01", "2026-02-10", "2026-03-01"]
    assert Subscription.start(plan(), id="S", on=START).pause(on=START).terms == ()
    assert Subscription.start(plan(), id="S", on=START).pause(on=START).ends_on is None


def test_an_add_on_is_served_while_its_base_is():
    """It takes over the base's cycle and grid, its pauses and its end."""
    base = Subscription.start(plan(), id="B", on=START, cycle=BillingCycle.on_day(5))
    base = base.pause(on=date(2026, 2, 1)).resume(on=date(2026, 2, 10)).cancel(on=date(2026, 4, 1))
    extra = base.add_on(plan("x"), id="X", on=date(2026, 1, 20), quantity=2)
    found = [(str(terms.start), str(terms.end), terms.grid, terms.cycle.anchor_day) for terms in bound_terms(extra, base)]
    assert found == [("2026-01-20", "2026-02-01", START, 5), ("2026-02-10", "2026-04-01", START, 5)]
    with pytest.raises(RefusedError, match="hangs on a subscription that hangs on none"):
        bound_terms(extra.add_on(plan("y"), id="Y", on=START), extra)
    with pytest.raises(InvalidValueError, match="hangs on another"):
        base.add_on(plan("x"), id="B", on=START)


def test_a_subscription_has_one_currency():
    """Its plans are priced in it, and a plan that is not is refused."""
    dollars = [PriceList("USD", {"base": "11"})]
    subscription = Subscription.start(plan(charges=[BASE], price_lists=dollars), id="S", on=START, currency="USD")
    both = subscription.change_plan(plan("t", charges=[BASE], price_lists=dollars), on=date(2026, 2, 1))
    assert [terms.charges[0].price.price for terms in both.terms] == [11, 11]
    assert (subscription.priced_in, both.terms[1].plan.currency) == ("USD", "USD")
    with pytest.raises(InvalidValueError, match="subscription S is in USD"):
        subscription.change_plan(plan("u"), on=date(2026, 2, 1))


def test_a_change_says_when_it_takes_effect():
    """At once, at the end of the period or term, or on a day that is not in the past."""
    contract = Contract(START, Frequency.yearly())
    subscription = Subscription.start(plan(), id="S", on=START, contract=contract)
    asked = date(2026, 2, 10)
    found = [effective_day(subscription, when, asked=asked) for when in Effective]
    assert found == [asked, date(2026, 3, 1), date(2027, 1, 1)]
    assert effective_day(subscription, date(2026, 5, 5), asked=asked) == date(2026, 5, 5)
    assert effective_day(subscription, Effective.AT_PERIOD_END, asked=asked, cycle=BillingCycle.on_day(15)) == date(2026, 2, 15)
    with pytest.raises(RefusedError, match="enter a correction with recorded="):
        effective_day(subscription, date(2026, 2, 1), asked=asked)
    with pytest.raises(UnknownReferenceError, match="has a contract"):
        effective_day(Subscription.start(plan(), id="S", on=START), Effective.AT_TERM_END, asked=asked)
    usage_only = Subscription.start(plan(charges=[DATA]), id="S", on=START)
    assert effective_day(usage_only, Effective.AT_PERIOD_END, asked=asked) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("moves", "contract", "expected"),
    [
        (Moves.NOBODY, None, None),
        (Moves.ON_THE_DAY, None, "2026-04-10"),
        (Moves.NEXT_PERIOD, None, "2026-05-01"),
        (Moves.NEXT_TERM, None, "2026-05-01"),
        (Moves.NEXT_TERM, Contract(START, Frequency.yearly(), Renewal.SAME_TERM), "2027-01-01"),
        (Moves.NEXT_TERM, Contract(START, Frequency.monthly()), "2026-04-10"),
        (Moves.ON_THE_DAY, Contract(START, Frequency.monthly(), price_until=date(2026, 9, 15)), "2026-09-15"),
    ],
)
def test_who_moves_to_a_new_version_and_when(moves, contract, expected):
    """The release says who moves; a guaranteed price puts it off."""
    catalog = Catalog([plan(), plan(version=2)], [Release("s@1", START), Release("s@2", date(2026, 4, 1), moves, on=date(2026, 4, 10))])
    subscription = Subscription.start(plan(), id="S", on=START, contract=contract)
    moved = move(subscription, catalog, on=date(2027, 6, 1))
    assert [str(terms.start) for terms in moved.terms[1:]] == ([expected] if expected else [])
    assert move(moved, catalog, on=date(2027, 6, 1)) == moved
    if expected:
        before = date.fromordinal(date.fromisoformat(expected).toordinal() - 1)
        assert move(subscription, catalog, on=before) == subscription


def test_who_is_gone_or_elsewhere_does_not_move():
    """A subscription that has ended, or has another plan, stays as it is; the day of a period needs no waiting."""
    catalog = Catalog([plan(), plan(version=2)], [Release("s@1", START), Release("s@2", date(2026, 4, 1), Moves.NEXT_PERIOD)])
    ended = Subscription.start(plan(), id="S", on=START).cancel(on=date(2026, 3, 1))
    other = Subscription.start(plan("t"), id="S", on=START)
    assert move(ended, catalog, on=date(2026, 6, 1)) == ended
    assert move(other, catalog, on=date(2026, 6, 1)) == other
    assert move(Subscription.start(plan(), id="S", on=START), catalog, on=date(2026, 6, 1)).terms[1].start == date(2026, 4, 1)
    with pytest.raises(InvalidTypeError):
        move(other, [], on=date(2026, 6, 1))


def test_a_move_is_entered_among_changes_that_are_known():
    """A quantity that was changed after the day of the move, or will be, keeps nobody from moving on that day."""
    catalog = Catalog([plan(), plan(version=2)], [Release("s@1", START), Release("s@2", date(2026, 4, 1), Moves.ON_THE_DAY)])
    known = Subscription.start(plan(), id="S", on=START).change_quantity(2, on=date(2026, 5, 1))
    for on in (date(2026, 4, 1), date(2026, 6, 1)):
        moved = move(known, catalog, on=on)
        assert [(str(terms.start), terms.plan.key, terms.quantity) for terms in moved.terms[1:]] == [
            ("2026-04-01", "s@2", 1),
            ("2026-05-01", "s@2", 2),
        ]
        assert move(moved, catalog, on=on) == moved
