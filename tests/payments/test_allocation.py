"""Where money goes: strategies, and how credit, credit notes and payments follow each other."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.money import add_up
from billing_domain.payments import (
    STANDARD,
    AccountCredit,
    Allotment,
    Application,
    CreditKind,
    Debt,
    Firmness,
    Hold,
    MoneyKind,
    NamedOnly,
    OldestDueFirst,
    Payment,
    Proportional,
    Reversal,
    SettledOutside,
    SmallestFirst,
    UndisputedFirst,
    balances,
    over_lines,
    place_remainder,
    remainder,
    statement,
)
from billing_domain.payments.allocation import allotted
from desk import CENT, day, eur, make_invoice, make_note, sums, with_invoices

OLD = make_invoice("I-1", 60, day(0), day(10))
NEW = make_invoice("I-2", 20, day(5), day(20))
SNAPSHOT = with_invoices(OLD, NEW)
SHIPPED = [STANDARD, OldestDueFirst(), SmallestFirst(), Proportional(), UndisputedFirst(SmallestFirst()), NamedOnly()]


def opened(snapshot, number, strategy=STANDARD):
    """Return what is open by invoice."""
    return {item.number: item.open for item in balances(snapshot, as_of=day(number), allocation=strategy).items}


@pytest.mark.parametrize(
    ("strategy", "left"),
    [
        (OldestDueFirst(), ("20.00", "20.00")),
        (SmallestFirst(), ("40.00", "0.00")),
        (Proportional(), ("30.00", "10.00")),
        (NamedOnly(), ("60.00", "20.00")),
        (STANDARD, ("20.00", "20.00")),
    ],
)
def test_strategies_differ_in_what_is_paid(strategy, left):
    """Forty euros for debts of sixty and twenty: each strategy says where they go."""
    known = SNAPSHOT.add(Payment("P-1", eur(40), day(6)))
    assert opened(known, 6, strategy) == {"I-1": Decimal(left[0]), "I-2": Decimal(left[1])}


debts = st.lists(st.tuples(sums, sums), min_size=1, max_size=6).map(
    lambda pairs: [
        Debt(f"I-{n}", day(n), day(n), opened, opened, min(opened, held) if n % 2 else Decimal(0)) for n, (opened, held) in enumerate(pairs)
    ]
)


@given(debts, sums, st.sampled_from(SHIPPED))
def test_strategies_give_out_all_there_is_and_no_more(listed, amount, strategy):
    """What ships gives out the whole amount or pays everything, and never more than a debt has open."""
    given_out = allotted(strategy, Allotment(amount, "EUR", listed, day(9)))
    room = {debt.number: debt.open for debt in listed}
    assert all(0 < part <= room[number] for number, part in given_out.items())
    if not isinstance(strategy, NamedOnly):
        assert add_up(given_out.values()) == min(amount, add_up(room.values()))


@given(debts, sums, st.sampled_from([OldestDueFirst(), SmallestFirst(), Proportional()]))
def test_undisputed_parts_come_first(listed, amount, strategy):
    """No held part is paid while a collectable one is open."""
    given_out = allotted(UndisputedFirst(strategy), Allotment(amount, "EUR", listed, day(9)))
    into_held = add_up(max(given_out.get(debt.number, Decimal(0)) - debt.collectable, Decimal(0)) for debt in listed)
    unpaid = add_up(max(debt.collectable - given_out.get(debt.number, Decimal(0)), Decimal(0)) for debt in listed)
    assert not into_held or not unpaid


def test_what_the_payer_named_comes_first():
    """Named documents are paid in the order in which they were named; the rest goes where the strategy says."""
    known = SNAPSHOT.add(Payment("P-1", eur(30), day(6), [NEW]))
    found = balances(known, as_of=day(6))
    assert {item.number: item.open for item in found.items} == {"I-1": 50, "I-2": 0}
    assert [(applied.invoice, applied.amount, applied.firmness) for applied in found.from_source("P-1")] == [
        ("I-2", 20, Firmness.NAMED),
        ("I-1", 10, Firmness.STRATEGY),
    ]


def test_money_that_waits_pays_the_next_bill():
    """An overpayment is unapplied until a bill comes, and then pays it."""
    known = with_invoices(OLD).add(Payment("P-1", eur(75), day(1)))
    assert balances(known, as_of=day(4)).unapplied == eur(15)
    assert opened(known.add(NEW), 5) == {"I-1": 0, "I-2": 5}


def test_a_decision_displaces_what_a_strategy_did():
    """An application goes before the strategy, whose money is free again and finds another place."""
    known = SNAPSHOT.add(Payment("P-1", eur(60), day(6)), Payment("P-2", eur(10), day(7)))
    decided = known.add(Application("A-1", eur(60), "P-1", "I-1", day(8)))
    assert opened(known, 8) == opened(decided, 8) == {"I-1": 0, "I-2": 10}
    moved = known.add(Application("A-1", eur(20), "P-1", "I-2", day(8)))
    found = balances(moved, as_of=day(8))
    assert found.to_document("I-2")[0].firmness is Firmness.DECIDED
    assert {item.number: item.open for item in found.items} == {"I-1": 10, "I-2": 0}


def test_account_credit_pays_the_oldest_undisputed_debt():
    """Credit goes to the oldest due document, never to what is held, and to that when the hold ends."""
    known = SNAPSHOT.add(AccountCredit("K-1", eur(70), day(6)), Hold("I-1", 1, eur(50), day(5), day(30)))
    assert opened(known, 6) == {"I-1": 50, "I-2": 0}
    assert balances(known, as_of=day(6)).credit == eur(40)
    assert opened(known, 30) == {"I-1": 10, "I-2": 0}


def test_credits_are_used_by_priority_then_by_what_ends_first():
    """A lower priority goes first, then what ends first; what is not used in time is gone, and said so."""
    known = with_invoices(OLD).add(
        AccountCredit("K-late", eur(25), day(1)),
        AccountCredit("K-soon", eur(25), day(1), through=day(3)),
        AccountCredit("K-first", eur(25), day(1), priority=1),
        AccountCredit("K-unused", eur(25), day(1), through=day(2), priority=99),
    )
    found = balances(known, as_of=day(3))
    assert [(item.id, item.applied, item.expired) for item in found.money] == [
        ("K-first", 25, 0),
        ("K-late", 10, 0),
        ("K-soon", 25, 0),
        ("K-unused", 0, 25),
    ]
    entries = [(entry.reference, entry.decimal_amount) for entry in statement(known, as_of=day(3)).entries if entry.kind.value == "expired"]
    assert entries == [("K-unused", 25)]
    assert balances(known, as_of=day(2)).by_source["K-unused"].expired == 0


def test_a_credit_keeps_where_it_came_from():
    """A chargeback of a payment takes back the credit that was made of it, used or expired."""
    known = with_invoices(OLD).add(Payment("P-1", eur(90), day(1)), AccountCredit("K-1", eur(90), day(1), "P-1", day(3)))
    assert opened(known, 1) == {"I-1": 0}
    assert balances(known, as_of=day(4)).by_source["K-1"].expired == 30
    back = known.add(Reversal("R-1", eur(90), "P-1", day(5), "chargeback"))
    found = balances(back, as_of=day(5))
    assert (found.open, found.by_source["K-1"].reversed, found.balance) == (eur(60), 90, eur(60))


def test_a_deposit_pays_where_it_is_told_to():
    """A deposit stands outside the balance until an application uses it."""
    known = with_invoices(OLD).add(Payment("P-1", eur(100), day(1)), AccountCredit("K-1", eur(40), day(1), "P-1", kind=CreditKind.DEPOSIT))
    before = statement(known, as_of=day(2))
    assert (before.open.amount, before.unapplied, before.deposits, before.balance.amount) == (0, eur(0), eur(40), 0)
    more = known.add(NEW, Application("A-1", eur(15), "K-1", "I-2", day(6)))
    after = statement(more, as_of=day(6))
    assert (after.open, after.deposits, after.balance) == (eur(5), eur(25), eur(5))
    assert [entry.kind.value for entry in after.entries] == ["invoice", "payment", "deposit", "invoice", "deposit-used"]
    assert after.entries[2].about == "P-1"


def test_a_credit_note_lowers_its_own_invoice_first():
    """What its invoice has open goes first; the remainder waits for a decision and comes back if the invoice opens again."""
    paid = with_invoices(OLD).add(Payment("P-1", eur(50), day(1)))
    known = paid.add(make_note(paid, OLD, 30, on=day(2)))
    found = balances(known, as_of=day(2))
    assert (found.item("I-1").credited, found.item("I-1").open, remainder(known, "CN-1", as_of=day(2))) == (10, 0, eur(20))
    assert found.by_source["CN-1"].kind is MoneyKind.CREDIT_NOTE
    back = known.add(Reversal("R-1", eur(50), "P-1", day(3), "bounced"))
    assert balances(back, as_of=day(3)).item("I-1").credited == 30


def test_the_remainder_goes_where_the_host_says():
    """Refund, account credit and what is settled outside are together the remainder."""
    paid = with_invoices(OLD).add(Payment("P-1", eur(60), day(1)))
    note = make_note(paid, OLD, 30, on=day(2))
    known = paid.add(note)
    facts = place_remainder(known, note, id="X-1", on=day(3), refund=eur(10), credit=eur(15), outside=eur(5))
    assert [(type(fact).__name__, fact.decimal_amount, fact.source) for fact in facts] == [
        ("Refund", 10, "CN-1"),
        ("AccountCredit", 15, "CN-1"),
        ("SettledOutside", 5, "CN-1"),
    ]
    found = balances(known.add(*facts), as_of=day(3))
    assert (found.credit, found.balance) == (eur(15), eur(-15))
    assert remainder(known.add(*facts), note, as_of=day(3)).amount == 0
    assert [type(fact).__name__ for fact in place_remainder(known, "CN-1", id="X-1", on=day(3), credit=eur(30))] == ["AccountCredit"]


def test_money_may_be_settled_outside():
    """Money that was offset elsewhere leaves the ledger and says why."""
    known = SNAPSHOT.add(
        Payment("P-1", eur(100), day(6)), SettledOutside("S-1", eur(20), "P-1", day(6), "set off against a deposit of 2019")
    )
    found = balances(known, as_of=day(6))
    assert (found.unapplied.amount, found.by_source["P-1"].outside) == (0, 20)


@given(sums, st.integers(1, 5))
def test_an_amount_spreads_over_lines_exactly(amount, lines):
    """For reports, what was paid spreads over the lines of an invoice and sums to itself."""
    invoice = make_invoice("I-1", 100, lines=lines)
    parts = over_lines(invoice, eur(amount))
    assert add_up(part.amount for part in parts.values()) == amount
    assert [ref.line for ref in parts] == list(range(1, lines + 1))
    assert max(part.amount for part in parts.values()) - min(part.amount for part in parts.values()) <= 2 * CENT


def test_balances_are_found_by_name():
    """Documents and money are found by number and id, and shown as money."""
    known = SNAPSHOT.add(Payment("P-1", eur(5), day(6)), Hold("I-2", None, eur(1), day(5)))
    found = balances(known, as_of=day(6))
    assert found.by_number["I-1"].amount == eur(55)
    assert (known.ledger[0].amount, known.holds[0].amount) == (eur(5), eur(1))
    assert known.holds[0].id == "I-2/None/2026-01-06/dispute"


def test_a_remainder_may_be_refunded_whole():
    """A refund alone may be the whole remainder."""
    paid = with_invoices(OLD).add(Payment("P-1", eur(60), day(1)))
    known = paid.add(make_note(paid, OLD, 30, on=day(2)))
    assert [fact.decimal_amount for fact in place_remainder(known, "CN-1", id="X", on=day(3), refund=eur(30))] == [30]


def test_a_credit_pays_on_its_last_day():
    """A credit still pays a bill of its last day, and no bill of the day after."""
    for last, left in ((5, 0), (4, 20)):
        known = with_invoices(NEW).add(AccountCredit("K-1", eur(20), day(1), through=day(last)))
        assert opened(known, 6) == {"I-2": left}


def test_part_of_a_payment_comes_back_from_a_credit_that_was_partly_used():
    """A reversal takes what a credit has set against documents first, and only then what of it expired."""
    known = with_invoices(OLD).add(Payment("P-1", eur(100), day(1)), AccountCredit("K-1", eur(100), day(1), "P-1", day(3)))
    back = known.add(Reversal("R-1", eur(80), "P-1", day(5), "chargeback"))
    found = balances(back, as_of=day(5)).by_source
    assert (found["K-1"].reversed, found["K-1"].expired, found["K-1"].applied, found["P-1"].reversed) == (80, 20, 0, 0)


def test_what_the_payer_named_makes_way_for_a_settlement_outside():
    """Money that was settled outside is no longer on the document that the payer had named."""
    known = with_invoices(OLD).add(Payment("P-1", eur(60), day(1), [OLD]))
    assert opened(known.add(SettledOutside("S-1", eur(15), "P-1", day(2), "returned in cash")), 2) == {"I-1": 15}
    assert opened(known.add(AccountCredit("K-1", eur(15), day(2), "P-1", kind=CreditKind.DEPOSIT)), 2) == {"I-1": 15}
