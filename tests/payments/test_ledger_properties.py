"""What holds of any ledger, whatever happened and in whatever order it became known."""

import pickle
import random
from datetime import timedelta
from decimal import localcontext

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_domain.errors import BillingError
from billing_domain.payments import (
    STANDARD,
    AccountCredit,
    CreditKind,
    NamedOnly,
    OldestDueFirst,
    Payment,
    Proportional,
    Recovery,
    Refund,
    Reversal,
    SmallestFirst,
    UndisputedFirst,
    WriteOff,
    balances,
    open_facts,
    open_numbers,
    statement,
)
from billing_domain.payments.views import view
from desk import START, Desk, check, day, desks, eur, played, simple_steps, sums

STRATEGIES = st.sampled_from([STANDARD, OldestDueFirst(), SmallestFirst(), Proportional(), NamedOnly(), UndisputedFirst(Proportional())])


@given(desks)
def test_money_is_never_lost(desk):
    """Money in is applied, credit, refunded, taken back, settled outside, expired or unapplied, at all times."""
    check(desk)


@given(desks, STRATEGIES)
def test_strategies_move_money_but_not_the_balance(desk, strategy):
    """Wherever a strategy puts money, the balance is the same; only what may be spent on what differs."""
    try:
        other = balances(desk.snapshot, as_of=desk.today, allocation=strategy)
    except BillingError:
        return  # decisions that were taken under one strategy need not be possible under another
    assume(not any(item.expired for item in (*other.money, *desk.now().money)))
    assert other.balance == desk.now().balance


@given(desks, st.randoms(use_true_random=False))
def test_order_of_facts_changes_nothing(desk, shuffler):
    """Any order of the same facts gives the same statement."""
    facts, documents = list(desk.snapshot.ledger), list(desk.snapshot.invoices)
    shuffler.shuffle(facts)
    shuffler.shuffle(documents)
    known = attrs.evolve(view(desk.snapshot), ledger=tuple(facts), invoices=tuple(documents))
    assert statement(known, as_of=desk.today) == statement(desk.snapshot, as_of=desk.today)


@given(desks, st.integers(0, 60), st.integers(0, 60))
def test_statements_follow_each_other(desk, first, length):
    """The closing balance of a statement is the opening balance of the next, and the entries make the difference."""
    middle = START + timedelta(days=first)
    last = middle + timedelta(days=length)
    before, after = (
        statement(desk.snapshot, as_of=middle),
        statement(desk.snapshot, since=middle + timedelta(days=1), as_of=last + timedelta(days=1)),
    )
    assert before.balance == after.opening
    assert after.opening.amount + sum(entry.decimal_amount for entry in after.entries) == after.balance.amount
    running = [after.opening.amount, *(entry.running for entry in after.entries)]
    assert running[-1] == after.balance.amount
    assert [entry.on for entry in after.entries] == sorted(entry.on for entry in after.entries)


@given(desks)
def test_closing_balance_is_what_is_open(desk):
    """Ages, held and collectable parts sum to what is open, and that less the money that waits is the balance."""
    found = statement(desk.snapshot, as_of=desk.today)
    assert sum(bucket.open for bucket in found.aging) == found.open.amount
    assert sum(bucket.held for bucket in found.aging) == found.held.amount == found.disputed.amount
    assert found.held + found.collectable == found.open
    assert found.open - found.unapplied == found.balance
    assert sum(item.open for item in found.items) == found.open.amount


@given(desks, st.integers(0, 40))
def test_later_facts_never_change_an_earlier_day(desk, number):
    """The balances of a day are the same whether or not later facts are known."""
    until = day(number)
    whole = view(desk.snapshot)
    early = attrs.evolve(
        whole,
        ledger=tuple(fact for fact in whole.ledger if fact.on <= until),
        invoices=tuple(invoice for invoice in whole.invoices if invoice.on <= until),
        credit_notes=tuple(note for note in whole.credit_notes if note.on <= until),
    )
    assert balances(early, as_of=until) == balances(whole, as_of=until)


@given(desks, sums, st.booleans())
def test_pay_and_take_back_returns_to_the_start(desk, amount, refunds):
    """A payment that is refunded or reversed whole on its day leaves every document and every other source as it was."""
    before = desk.now()
    known = desk.snapshot.add(Payment("P-new", eur(amount), desk.today))
    back = Refund("F-new", eur(amount), "P-new", desk.today) if refunds else Reversal("F-new", eur(amount), "P-new", desk.today, "bounced")
    after = balances(known.add(back), as_of=desk.today)
    assert after.items == before.items
    assert after.balance == before.balance
    assert [item for item in after.money if item.id != "P-new"] == list(before.money)


@given(desks, sums)
def test_a_payment_taken_back_later_owes_as_before(desk, amount):
    """A payment that comes back days later leaves the balance as it was, less nothing and plus nothing."""
    assume(not any(isinstance(fact, AccountCredit) and fact.through for fact in desk.snapshot.ledger))
    later = desk.today + timedelta(days=9)
    known = desk.snapshot.add(Payment("P-new", eur(amount), desk.today))
    known = known.add(Reversal("F-new", eur(amount), "P-new", later, "chargeback"))
    assert balances(known, as_of=later).balance == balances(desk.snapshot, as_of=later).balance


@given(st.lists(simple_steps, max_size=12).map(played), STRATEGIES)
def test_stored_decisions_keep_what_a_strategy_did(desk, strategy):
    """What a strategy put somewhere, stored as applications, stands under every other strategy."""
    found = balances(desk.snapshot, as_of=desk.today, allocation=strategy)
    fixed = desk.snapshot.add(*found.applications())
    again = balances(fixed, as_of=desk.today, allocation=NamedOnly())
    assert again.items == found.items
    assert again.applications() == ()


@given(desks)
def test_a_closed_history_has_the_same_balances(desk):
    """The documents and facts that still matter give the same open items, money and balance as the whole history."""
    whole = view(desk.snapshot)
    kept, facts = open_numbers(whole, as_of=desk.today), open_facts(whole, as_of=desk.today)
    rest = attrs.evolve(
        whole,
        invoices=tuple(invoice for invoice in whole.invoices if invoice.number in kept),
        credit_notes=tuple(note for note in whole.credit_notes if note.invoice in kept),
        holds=tuple(hold for hold in whole.holds if hold.invoice in kept),
        ledger=facts,
    )
    found, before = balances(rest, as_of=desk.today), desk.now()
    assert found.balance == before.balance
    assert [item for item in found.items if item.open] == [item for item in before.items if item.open]
    assert [item for item in found.money if item.unapplied] == [item for item in before.money if item.unapplied]


@given(desks)
def test_the_callers_decimal_context_is_of_no_account(desk):
    """A caller who works with three digits gets the same statement."""
    known = statement(desk.snapshot, as_of=desk.today)
    with localcontext(prec=3):
        assert statement(desk.snapshot, as_of=desk.today) == known


@given(desks)
def test_money_is_traced_both_ways(desk):
    """What goes from a source to documents is what documents have from it."""
    found = desk.now()
    by_source = [applied for item in found.money for applied in found.from_source(item.id)]
    by_document = [applied for item in found.items for applied in found.to_document(item.number)]
    assert sorted(by_source) == sorted(by_document) == sorted(found.applied)
    for item in found.money:
        assert sum(applied.amount for applied in found.from_source(item.id)) == item.applied


@given(sums, sums)
def test_a_write_off_that_is_recovered_is_as_if_nothing_had_been(total, given_up):
    """A debt that is given up and taken back is open as before, on the same day and later."""
    desk = Desk()
    desk.invoice(max(total, given_up), 14)
    number = desk.snapshot.invoices[0].number
    before = desk.now()
    for wait in (0, 5):
        written = desk.snapshot.add(WriteOff("W", eur(given_up), number, desk.today, "bankrupt"))
        assert balances(written, as_of=desk.today).open.amount == max(total, given_up) - given_up
        back = written.add(Recovery("V", eur(given_up), "W", desk.today + timedelta(days=wait)))
        assert balances(back, as_of=desk.today + timedelta(days=wait)).items == before.items


@pytest.mark.parametrize("seed", range(3))
def test_deposits_stand_outside_the_balance(seed):
    """A deposit lowers no balance, pays nothing by itself, and comes back in full."""
    amount = random.Random(seed).randint(1, 50)
    desk = Desk()
    desk.invoice(50, 5)
    known = desk.snapshot.add(
        Payment("P-1", eur(amount), desk.today), AccountCredit("K-1", eur(amount), desk.today, "P-1", kind=CreditKind.DEPOSIT)
    )
    found = statement(known, as_of=desk.today)
    assert (found.balance, found.deposits, found.open) == (eur(50), eur(amount), eur(50))
    back = statement(known.add(Refund("F-1", eur(amount), "K-1", desk.today)), as_of=desk.today)
    assert (back.balance, back.deposits.amount) == (eur(50), 0)


def test_everything_that_hangs_on_open_money_is_kept():
    """A write-off that was taken back in part ties its recovery to the document, and a settled pair of documents is let go."""
    desk = Desk()
    desk.invoice(50, 5)
    desk.invoice(10, 5)
    first, second = (invoice.number for invoice in desk.snapshot.invoices)
    known = desk.snapshot.add(
        WriteOff("W", eur(50), first, desk.today, "lost"),
        Recovery("V", eur(20), "W", desk.today),
        Payment("P", eur(10), desk.today, [second]),
    )
    assert open_numbers(known, as_of=desk.today) == (first,)
    assert {fact.id for fact in open_facts(known, as_of=desk.today)} == {"W", "V"}


@given(desks)
def test_a_ledger_goes_between_processes(desk):
    """A snapshot with its ledger is pickled and comes back equal, and its facts can stand in a set."""
    again = pickle.loads(pickle.dumps(desk.snapshot))
    assert again == desk.snapshot
    assert set(again.ledger) == set(desk.snapshot.ledger)
