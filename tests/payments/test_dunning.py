"""Dunning: steps by age, amount and count; pauses that end at the same step; nothing chased that must not be."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.payments import (
    AccountCredit,
    Act,
    Clear,
    DueDateChange,
    DunningAction,
    DunningPolicy,
    DunningStep,
    FlagKind,
    Hold,
    HoldFlag,
    Instalment,
    InstalmentPlan,
    Paused,
    PauseReason,
    Payment,
    PromiseToPay,
    Wait,
    dun,
    forecast_dunning,
)
from billing_domain.periods import BusinessDays
from billing_domain.tax import TaxClass
from desk import day, eur, make_invoice, played, steps, with_invoices

STEPS = [
    DunningStep(3, DunningAction.REMIND),
    DunningStep(14, DunningAction.FEE, fee=eur("2.00")),
    DunningStep(30, DunningAction.SUSPEND, minimum=eur(50)),
    DunningStep(60, DunningAction.HAND_OVER),
]
HOUSEHOLD = DunningPolicy("household", 1, STEPS, minimum=eur(5))
INVOICE = make_invoice("I-1", 100, day(0), day(10))
SNAPSHOT = with_invoices(INVOICE)


def ask(snapshot, number, policy=HOUSEHOLD):
    """Ask what to do on a day."""
    return dun(snapshot, policy=policy, as_of=day(number))


def acted(snapshot, number, policy=HOUSEHOLD):
    """Do what is due on a day, and return the step and the snapshot that knows it."""
    answer = ask(snapshot, number, policy)
    assert isinstance(answer, Act), answer
    return answer, snapshot.add(answer.done(on=day(number)))


def test_steps_come_at_their_age():
    """Nothing before the third day overdue, then a reminder, then nothing before the fourteenth, then a fee."""
    assert ask(SNAPSHOT, 12) == Wait(day(13), STEPS[0])
    reminder, known = acted(SNAPSHOT, 13)
    assert (reminder.step, reminder.number, reminder.amount, reminder.documents) == (STEPS[0], 1, eur(100), ("I-1",))
    assert ask(known, 13) == ask(known, 23) == Wait(day(24), STEPS[1])
    fee, known = acted(known, 24)
    assert fee.step.fee == eur(2)
    assert ask(known, 24) == Wait(day(40), STEPS[2])


def test_steps_that_were_missed_keep_their_distance():
    """Where nobody asked for fifty days, the first step comes first, and the next ones as far apart as the policy says."""
    first, known = acted(SNAPSHOT, 60)
    assert first.number == 1
    assert ask(known, 60) == Wait(day(71), STEPS[1])
    second, known = acted(known, 71)
    assert second.number == 2
    assert ask(known, 71) == Wait(day(87), STEPS[2])


def test_a_step_below_its_amount_or_count_is_passed_over():
    """With less than its minimum overdue, suspension is passed over, and the step after it still comes."""
    small = with_invoices(make_invoice("I-1", 20, day(0), day(10)))
    for number in (13, 24):
        _, small = acted(small, number)
    assert ask(small, 40) == Wait(day(70), STEPS[3])
    last, small = acted(small, 70)
    assert last.step.action is DunningAction.HAND_OVER
    assert ask(small, 400) == Wait(None)


def test_a_step_may_need_several_documents():
    """A step for two documents waits for the second, and the answer says when to ask again."""
    policy = DunningPolicy("pairs", 1, [DunningStep(3, DunningAction.REMIND, documents=2)])
    known = with_invoices(INVOICE, make_invoice("I-2", 100, day(0), day(30)))
    assert ask(known, 13, policy) == Wait(day(31))
    assert isinstance(ask(known, 31, policy), Act)
    assert ask(SNAPSHOT, 50, policy) == Wait(None)


def test_small_debts_are_left_alone():
    """Less than the policy's minimum is no reason to write, until more falls due."""
    small = make_invoice("I-2", 3, day(0), day(10))
    assert ask(with_invoices(small), 40) == Clear(too_small=eur(3).amount)
    both = with_invoices(small, make_invoice("I-3", 4, day(20), day(35)))
    assert ask(both, 30) == Wait(day(36), STEPS[0])
    assert isinstance(ask(both, 36), Act)
    assert ask(with_invoices(), 40) == Clear()


def test_paying_ends_it_and_a_new_debt_begins_anew():
    """Once the documents that were chased are paid, the next debt starts at the first step."""
    _, known = acted(SNAPSHOT, 13)
    paid = known.add(Payment("P-1", eur(100), day(15)))
    assert ask(paid, 30) == Clear()
    again = paid.add(make_invoice("I-2", 40, day(20), day(30)))
    assert ask(again, 33).number == 1
    assert ask(again, 33).documents == ("I-2",)


def test_a_debt_that_comes_back_goes_on_where_it_was():
    """A later debt does not restart the steps while an older one that was chased is open."""
    _, known = acted(SNAPSHOT, 13)
    more = known.add(make_invoice("I-2", 40, day(12), day(20)))
    answer, _ = acted(more, 24)
    assert (answer.number, answer.amount, answer.documents) == (2, eur(140), ("I-1", "I-2"))


def test_a_dispute_pauses_and_collecting_goes_on_at_the_same_step():
    """While everything is held nothing is chased; when the hold ends the next step comes, not the first."""
    _, known = acted(SNAPSHOT, 13)
    held = known.add(Hold("I-1", 1, eur(100), day(14)))
    assert ask(held, 30) == Paused(PauseReason.DISPUTE)
    ended = known.add(Hold("I-1", 1, eur(100), day(14), day(50)))
    assert ask(ended, 30) == Paused(PauseReason.DISPUTE, day(50))
    assert ask(ended, 50).number == 2


def test_what_is_held_is_not_chased():
    """Beside a hold only the rest is chased."""
    answer, _ = acted(SNAPSHOT.add(Hold("I-1", 1, eur("16.94"), day(1))), 13)
    assert answer.amount == eur("83.06")


def test_a_promise_pauses_until_its_day():
    """So much as was promised is not chased until the day; a promise that is broken changes no step."""
    _, known = acted(SNAPSHOT, 13)
    promised = known.add(PromiseToPay("T-1", eur(100), day(14), day(40)))
    assert ask(promised, 14) == ask(promised, 30) == ask(promised, 40) == Paused(PauseReason.PROMISE, day(41))
    assert ask(promised, 41).number == 2
    partly = known.add(PromiseToPay("T-1", eur(30), day(14), day(40), ["I-1"]))
    assert ask(partly, 30).amount == eur(70)
    kept = partly.add(Payment("P-1", eur(30), day(20)))
    assert ask(kept, 30).amount == eur(70)
    assert ask(kept, 45).amount == eur(70)


def test_instalments_pause_while_they_are_kept():
    """A plan that is kept is not chased; one that is broken is, until it is cured."""
    _, known = acted(SNAPSHOT, 13)
    plan = InstalmentPlan("N-1", day(15), ["I-1"], [Instalment(day(20), eur(50)), Instalment(day(50), eur(50))], grace_days=2)
    agreed = known.add(plan)
    assert ask(agreed, 22) == Paused(PauseReason.INSTALMENTS, day(23))
    assert ask(agreed, 24).amount == eur(100)
    cured = agreed.add(Payment("P-1", eur(50), day(25)))
    assert ask(cured, 25) == Paused(PauseReason.INSTALMENTS, day(53))
    assert ask(cured, 53).number == 2


def test_a_flag_stops_everything():
    """Nobody chases a vulnerable customer, for as long as the flag stands."""
    flagged = SNAPSHOT.add(HoldFlag("H-1", FlagKind.VULNERABLE, day(5)))
    assert ask(flagged, 90) == Paused(PauseReason.FLAG)
    lifted = flagged.add(HoldFlag("H-1", FlagKind.VULNERABLE, day(5), day(30)))
    assert ask(lifted, 29) == Paused(PauseReason.FLAG, day(30))
    assert ask(lifted, 30).number == 1


def test_another_due_day_moves_the_steps():
    """Age counts from the day that was agreed later, from the day of that decision on."""
    moved = SNAPSHOT.add(DueDateChange("D-1", day(12), "I-1", day(40), "rejected dispute, ten days to pay"))
    assert ask(moved, 20) == Wait(day(43), STEPS[0])
    assert isinstance(ask(moved, 43), Act)


def test_steps_fall_on_business_days():
    """A step whose day is a Saturday comes on Monday, or after a holiday."""
    calendar = BusinessDays(holidays=[day(18)])
    policy = DunningPolicy("firm", 1, STEPS, calendar=calendar)
    known = with_invoices(make_invoice("I-1", 100, day(0), day(13)))
    assert day(16).strftime("%a") == "Sat"
    assert ask(known, 14, policy) == Wait(day(19), STEPS[0])
    assert isinstance(ask(known, 19, policy), Act)


def test_a_fee_becomes_an_order_once():
    """The fee of a step is a sale outside the scope of tax, under an id that derives from the step."""
    _, known = acted(SNAPSHOT, 13)
    act, _ = acted(known, 24)
    order = act.order()
    assert order == act.order()
    assert (order.on, order.currency, order.items[0].price, order.items[0].product.tax) == (
        day(24),
        "EUR",
        eur(2).amount,
        TaxClass.OUT_OF_SCOPE,
    )
    assert act.order(on=day(30)).id == order.id
    assert act.done(on=day(24)) == act.done(on=day(24))
    assert act.done(on=day(24), id="X-1").id == "X-1"


def test_a_newer_version_goes_on_with_the_next_step():
    """Records of an older version count, even where it had more steps."""
    _, known = acted(SNAPSHOT, 13)
    shorter = DunningPolicy("household", 2, [DunningStep(5, DunningAction.REMIND), DunningStep(20, DunningAction.TERMINATE)])
    assert ask(known, 30, shorter).step.action is DunningAction.TERMINATE
    _, known = acted(known, 24)
    _, known = acted(known, 40)
    one = DunningPolicy("household", 3, [STEPS[0], STEPS[1], STEPS[2], STEPS[3], DunningStep(90, DunningAction.TERMINATE)])
    assert ask(known.add(*[]), 70, one).number == 4
    known = known.add(ask(known, 70, one).done(on=day(70)))
    assert ask(known, 100, one).number == 5
    assert ask(known, 100, shorter) == Wait(None)
    other = DunningPolicy("firms", 1, STEPS)
    assert ask(known, 100, other).number == 1


def test_a_policy_that_shrank_still_spaces_its_steps():
    """A record beyond the last step of a policy counts as a first contact, and no step comes after it."""
    _, known = acted(SNAPSHOT, 13)
    empty = DunningPolicy("household", 4, [])
    assert ask(known, 90, empty) == Wait(None)


def test_forecast_says_what_would_happen():
    """Until a day, if nothing is paid: a reminder, a fee, a suspension, each on its day."""
    coming = forecast_dunning(SNAPSHOT, policy=HOUSEHOLD, as_of=day(0), through=day(69))
    assert [(on, act.step.action) for on, act in coming] == [
        (day(13), DunningAction.REMIND),
        (day(24), DunningAction.FEE),
        (day(40), DunningAction.SUSPEND),
    ]


@given(st.lists(steps, max_size=10).map(played), st.integers(0, 50), st.integers(0, 80))
def test_nothing_comes_before_the_day_that_was_named(desk, since, length):
    """Whatever is known, no step comes before the day that `Wait` or `Paused` names unless something new becomes known."""
    asked = max(day(since), desk.today)
    answer = dun(desk.snapshot, policy=HOUSEHOLD, as_of=asked)
    if isinstance(answer, Wait | Paused):
        until = answer.until or asked + timedelta(days=length + 1)
        for number in range(min((until - asked).days, length)):
            if any(isinstance(fact, AccountCredit) and fact.through for fact in desk.snapshot.ledger):
                return  # a credit that ends is something new
            assert not isinstance(dun(desk.snapshot, policy=HOUSEHOLD, as_of=asked + timedelta(days=number)), Act)


@pytest.mark.parametrize("number", [13, 14, 20])
def test_asking_twice_changes_nothing(number):
    """The question may be asked again and again; only a record answers it."""
    assert ask(SNAPSHOT, number) == ask(SNAPSHOT, number)


def test_amounts_are_shown_as_money():
    """Steps, policies and records show their amounts as money."""
    record = acted(SNAPSHOT, 13)[0].done(on=day(13))
    assert (record.amount, record.currency, record.policy_code) == (eur(100), "EUR", "household")
    assert (STEPS[2].minimum, STEPS[0].minimum, HOUSEHOLD.minimum, DunningPolicy("a", 1, []).minimum) == (eur(50), None, eur(5), None)


def test_what_falls_due_today_is_not_overdue():
    """A document that is due on the day of a step is not chased with the others."""
    known = SNAPSHOT.add(make_invoice("I-2", 40, day(1), day(13)))
    assert ask(known, 13).documents == ("I-1",)
    assert ask(known, 14).documents == ("I-1", "I-2")


def test_a_minimum_is_the_least_that_is_enough():
    """Exactly the policy's minimum is chased, and exactly the minimum of a step is enough for it."""
    exactly = DunningPolicy("exact", 1, [DunningStep(1, DunningAction.REMIND, minimum=eur(100))], minimum=eur(100))
    assert isinstance(ask(SNAPSHOT, 11, exactly), Act)
    above = DunningPolicy("exact", 1, [DunningStep(1, DunningAction.REMIND)], minimum=eur("100.01"))
    assert ask(SNAPSHOT, 11, above) == Clear(eur(100).amount)
