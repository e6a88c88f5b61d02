"""Statements: entries, ages, a parent over its children, and the figures that a customer is told."""

from datetime import date

import attrs
import pytest

from billing_domain import AccountSnapshot
from billing_domain.errors import CurrencyMismatchError, InvalidTypeError
from billing_domain.invoicing import Void
from billing_domain.payments import AccountCredit, Aging, Hold, Payment, Refund, SettledOutside, StatementKind, WriteOff, statement
from desk import ONA, day, eur, make_invoice, make_note, with_invoices

CHILD = attrs.evolve(ONA, id="A-2", payer="A-1")


def test_entries_tell_the_story_in_order():
    """Each fact stands on its day with its amount and the balance after it."""
    invoice = make_invoice("I-1", 60, day(0), day(10))
    known = with_invoices(invoice).add(Payment("P-1", eur(50), day(1)))
    known = known.add(
        make_note(known, invoice, 30, on=day(2)), Refund("F-1", eur(5), "CN-1", day(3)), AccountCredit("K-1", eur(15), day(3), "CN-1")
    )
    known = known.add(AccountCredit("K-2", eur(2), day(4), reason="sorry"))
    found = statement(known, as_of=day(9))
    assert [(entry.kind, entry.reference, entry.amount, entry.balance) for entry in found.entries] == [
        (StatementKind.INVOICE, "I-1", eur(60), eur(60)),
        (StatementKind.PAYMENT, "P-1", eur(-50), eur(10)),
        (StatementKind.CREDIT_NOTE, "CN-1", eur(-30), eur(-20)),
        (StatementKind.CREDIT, "K-1", eur(0), eur(-20)),
        (StatementKind.REFUND, "F-1", eur(5), eur(-15)),
        (StatementKind.CREDIT, "K-2", eur(-2), eur(-17)),
    ]
    assert [entry.about for entry in found.entries] == ["", "", "I-1", "CN-1", "CN-1", ""]
    assert found.entries[0].due == day(10)
    assert (found.opening, found.since) == (eur(0), None)


def test_a_void_takes_its_invoice_back():
    """An invoice that was voided stands with its void, and is open only in between."""
    known = with_invoices(make_invoice("I-1", 60, day(0))).add(Void("I-1", day(3), "wrong customer"))
    assert statement(known, as_of=day(2)).balance == eur(60)
    found = statement(known, as_of=day(3))
    assert (found.balance.amount, found.items) == (0, ())
    assert [entry.kind for entry in found.entries] == [StatementKind.INVOICE, StatementKind.VOID]
    late = known.add(AccountCredit("K-1", eur(5), day(1)))
    assert statement(late, as_of=day(3)).unapplied == eur(5)


def test_write_offs_and_what_was_settled_outside_are_named():
    """A debt that was given up and money that left in another way have entries of their own."""
    known = with_invoices(make_invoice("I-1", 60, day(0))).add(
        Payment("P-1", eur(70), day(1)),
        SettledOutside("S-1", eur(10), "P-1", day(2), "offset"),
        make_invoice("I-2", 5, day(3)),
        WriteOff("W-1", eur(5), "I-2", day(4), "lost"),
    )
    found = statement(known, as_of=day(9))
    assert [entry.kind for entry in found.entries[2:]] == [StatementKind.OUTSIDE, StatementKind.INVOICE, StatementKind.WRITE_OFF]
    assert found.balance.amount == 0


@pytest.mark.parametrize(
    ("number", "name"),
    [(10, "not due"), (11, "1 to 30"), (40, "1 to 30"), (41, "31 to 60"), (70, "31 to 60"), (100, "61 to 90"), (101, "over 90")],
)
def test_ages_begin_the_day_after_the_due_day(number, name):
    """A document is in the group of its days overdue; the due day itself is not overdue."""
    found = statement(with_invoices(make_invoice("I-1", 60, day(0), day(10))), as_of=day(number))
    assert [bucket.name for bucket in found.aging if bucket.amount == eur(60)] == [name]
    assert sum(bucket.documents for bucket in found.aging) == 1


def test_a_host_names_its_own_ages():
    """Ages are the host's, and each group tells its held and collectable part."""
    known = with_invoices(make_invoice("I-1", 60, day(0), day(10))).add(Hold("I-1", 1, eur(20), day(1)))
    assert [bucket.name for bucket in statement(known, as_of=day(20), aging=[0, 7]).aging] == ["not due", "1 to 7", "over 7"]
    late = statement(known, as_of=day(20), aging=Aging((0,))).aging[1]
    assert (late.amount, late.held, late.collectable) == (eur(60), 20, eur(40))


def test_a_parent_covers_its_children():
    """Every figure of a parent covers those it pays for; their entries stand on their own statements."""
    own = with_invoices(make_invoice("I-1", 60, day(0), day(10)))
    child = with_invoices(make_invoice("I-2", 40, day(0), day(90), account=CHILD), account=CHILD).add(
        Hold("I-2", 1, eur(15), day(0)),
        Payment("P-2", eur(10), day(1)),
        AccountCredit("K-2", eur(0.5), day(1)) if False else Payment("P-3", eur(5), day(2)),
    )
    found = statement(own, as_of=day(20), since=day(2), children=[child])
    assert (found.opening, found.balance, found.open, found.held, found.collectable) == (eur(90), eur(85), eur(85), eur(15), eur(70))
    assert [bucket.amount for bucket in found.aging][:2] == [eur(25), eur(60)]
    assert [item.number for item in found.items] == ["I-1", "I-2"]
    assert (len(found.entries), len(found.children[0].entries)) == (0, 1)
    assert (found.unapplied.amount, found.deposits.amount) == (0, 0)


def test_a_parent_and_its_children_share_a_currency():
    """A statement is in one currency."""
    foreign = AccountSnapshot(attrs.evolve(CHILD, currency="USD"))
    with pytest.raises(CurrencyMismatchError):
        statement(with_invoices(), as_of=day(1), children=[foreign])


def test_days_are_days():
    """Text for a day is refused."""
    with pytest.raises(InvalidTypeError):
        statement(with_invoices(), as_of="2026-01-01")
    assert statement(with_invoices(), as_of=date(2026, 1, 1)).entries == ()
