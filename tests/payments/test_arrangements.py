"""Instalments sum exactly, are broken and cured; promises and due days are kept as facts."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import Money
from billing_domain.money import add_up
from billing_domain.payments import (
    DueDateChange,
    DunningAction,
    DunningPolicy,
    DunningStep,
    FailedPayment,
    Hold,
    Instalment,
    Paused,
    Payment,
    PlanState,
    balances,
    charge_order,
    dun,
    instalments,
    plan_standing,
)
from billing_domain.periods import Frequency, FrequencyUnit
from desk import CENT, day, eur, make_invoice, make_note, with_invoices

INVOICE = make_invoice("I-1", 100, day(0), day(10))
SNAPSHOT = with_invoices(INVOICE)


def plan_of(parts, **more):
    """Return a plan over the invoice."""
    return instalments(SNAPSHOT, [INVOICE], id="N-1", on=day(5), first=day(10), parts=parts, **more)


def test_equal_parts_sum_exactly():
    """A hundred euros in three parts: the odd cent goes to the first."""
    plan = plan_of(3)
    assert [part.decimal_amount for part in plan.instalments] == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert [part.due for part in plan.instalments] == [date(2026, 1, 11), date(2026, 2, 11), date(2026, 3, 11)]
    assert (plan.total, plan.instalments[0].charge, plan.instalments[0].total) == (eur(100), None, eur("33.34"))


def test_more_may_be_due_at_the_front():
    """Weights put more at the front, at any distance."""
    plan = plan_of([3, 2, 1], frequency=Frequency.weekly())
    assert [part.decimal_amount for part in plan.instalments] == [Decimal("50.00"), Decimal("33.33"), Decimal("16.67")]
    assert [part.due for part in plan.instalments] == [day(10), day(17), day(24)]


def test_paying_in_parts_may_cost_something():
    """A fee stands beside the first part, interest beside each, on what is still to be paid; both become one order."""
    plan = plan_of(2, fee=eur(3), annual_rate="36.5", frequency=Frequency.weekly())
    assert [part.charge for part in plan.instalments] == [eur("3.50"), eur("0.35")]
    assert plan.instalments[0].total == eur("53.50")
    order = charge_order(plan, on=day(5))
    assert (order.items[0].price, order.id) == (Decimal("3.85"), charge_order(plan, on=day(9)).id)


@given(st.integers(100, 10**7), st.lists(st.integers(1, 9), min_size=1, max_size=24))
def test_parts_always_sum_to_the_debt(units, weights):
    """Whatever the weights, the parts are the debt."""
    known = with_invoices(make_invoice("I-1", units * CENT))
    plan = instalments(known, ["I-1"], id="N-1", on=day(0), first=day(0), parts=weights)
    assert plan.total_amount == add_up(part.decimal_amount for part in plan.instalments) == units * CENT


def test_only_what_is_collectable_is_paid_in_parts():
    """What is disputed stays out of a plan."""
    held = SNAPSHOT.add(Hold("I-1", 1, eur(40), day(1)))
    assert instalments(held, ["I-1"], id="N-1", on=day(5), first=day(10), parts=2).total == eur(60)


def test_a_plan_is_broken_and_cured():
    """Too little by a due day and its grace breaks a plan; paying what is missing cures it; paying all ends it."""
    plan = plan_of(2, grace_days=3)
    known = SNAPSHOT.add(plan, FailedPayment("X-1", eur(50), day(10), "insufficient-funds", ["I-1"]))
    assert plan_standing(known, plan, as_of=day(4)).state is PlanState.AGREED
    assert plan_standing(known, plan, as_of=day(5)).state is plan_standing(known, plan, as_of=day(13)).state is PlanState.KEPT
    assert [plan_standing(known, plan, as_of=day(number)).next for number in (9, 10)] == list(plan.instalments)
    broken = plan_standing(known, plan, as_of=day(14))
    assert (broken.state, broken.missing, broken.amount, broken.next) == (PlanState.BROKEN, 50, eur(50), plan.instalments[1])
    cured = known.add(Payment("P-1", eur(50), day(15)))
    assert plan_standing(cured, plan, as_of=day(15)).state is PlanState.KEPT
    done = cured.add(Payment("P-2", eur(50), day(16)))
    found = plan_standing(done, plan, as_of=day(60))
    assert (found.state, found.next, found.open) == (PlanState.DONE, None, 0)


def test_the_latest_decision_about_a_due_day_holds():
    """Several changes of a due day: on each day the latest decision so far holds."""
    known = SNAPSHOT.add(
        DueDateChange("D-2", day(20), "I-1", day(60), "hardship"), DueDateChange("D-1", day(3), "I-1", day(30), "late post")
    )
    dues = [balances(known, as_of=day(number)).item("I-1").due for number in (2, 3, 19, 20)]
    assert dues == [day(10), day(30), day(30), day(60)]


def test_amounts_are_shown_as_money():
    """Instalments show amount, charge and total as money."""
    part = Instalment(day(5), Money("10.00", "EUR"), Money("0.50", "EUR"))
    assert (part.amount, part.charge, part.total, part.currency) == (eur(10), eur("0.50"), eur("10.50"), "EUR")


@pytest.mark.parametrize("upheld", [True, False])
def test_a_dispute_beside_a_plan_does_not_break_it(upheld):
    """What was disputed when the plan was made is no part of it: a credit pays no part, and a rejection leaves the rest to be chased."""
    known = SNAPSHOT.add(Hold("I-1", 1, eur(40), day(1), day(20)))
    plan = instalments(known, ["I-1"], id="N-1", on=day(5), first=day(10), parts=[1, 2], frequency=Frequency(FrequencyUnit.DAY, 30))
    known = known.add(plan, Payment("P-1", eur(20), day(9)))
    assert plan_standing(known, plan, as_of=day(15)).open == 40
    assert plan_standing(known, plan, as_of=day(15)).state is PlanState.KEPT
    if upheld:
        known = known.add(make_note(known, INVOICE, 40, on=day(20)))
    later = plan_standing(known, plan, as_of=day(25))
    assert (later.open, later.state) == (40, PlanState.KEPT)
    answer = dun(known, policy=DunningPolicy("a", 1, [DunningStep(1, DunningAction.REMIND)]), as_of=day(25))
    assert isinstance(answer, Paused) if upheld else answer.amount == eur(40)
    assert plan_standing(known, plan, as_of=day(41)).missing == 40
