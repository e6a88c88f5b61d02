"""Lines that take credits back on a later document: they bear what the document as a whole took off, and can be adjusted anew."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, NothingDue, Rulebook, bill, close
from billing_domain.care import Detail, DriverKind, drivers_between, explain
from billing_domain.catalog import Flat, Plan, RecurringCharge, Timing
from billing_domain.discounts import DiscountPolicy, Grant, Percent, claims_of
from billing_domain.en16931 import check, view
from billing_domain.errors import InvalidTypeError, UnknownReferenceError
from billing_domain.invoicing import (
    DocumentAllowance,
    EntryKind,
    EntryRef,
    History,
    LineCharge,
    Reinstatement,
    Series,
    adjust,
    credit,
)
from billing_domain.money import Money, add_up
from billing_domain.subscriptions import Subscription
from strategies import BUYER, SELLER, VILNIUS

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
HANDLING = LineCharge(line=1, amount=Money("3.00", "EUR"), reason="Handling", code="HD")
EXPRESS = LineCharge(line=1, amount=Money("1.00", "EUR"), reason="Express")


def started(fee="30.00", *, inclusive=False):
    """Return an account with a fee in advance from March on."""
    plan = Plan("p", 1, "P", "EUR", [RecurringCharge("base", "Fee", Flat(fee), Timing.IN_ADVANCE)], prices_include_tax=inclusive)
    account = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="en_IE", holder=BUYER)
    return AccountSnapshot(account, [Subscription.start(plan, id="S-1", on=MARCH)])


def taken_back(net, *, percent=10, charges=(HANDLING,), **how):
    """Return what is known after an adjusted invoice, a credit of a part of its line, and the wish to take that back; and the invoice."""
    snapshot = started(**how)
    draft = bill(snapshot, through=MARCH, rules=RULES).invoice
    allowances = [DocumentAllowance(percent=percent, reason="Framework agreement")]
    invoice = adjust(draft, allowances=allowances, line_charges=charges).issue(number="I-1", on=MARCH)
    snapshot = snapshot.add(invoice)
    part = invoice.part(invoice.line("base"), net=net) if net else invoice.part(invoice.line("base"))
    note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=MARCH)
    return snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), MARCH, "it was right")), invoice


@given(
    fee=st.decimals("0.10", "999.99", places=2),
    percent=st.integers(1, 99),
    charge=st.one_of(st.none(), st.integers(1, 300)),
    inclusive=st.booleans(),
    whole=st.booleans(),
)
def test_a_line_that_takes_a_credit_back_stands_on_a_document_that_adds_up(fee, percent, charge, inclusive, whole):
    """Whatever the earlier document took off as a whole, the later one passes every check, is returned to the cent, and is the last."""
    charges = [LineCharge(line=1, percent=charge, reason="Handling")] if charge else []
    part = None if whole or fee < 10 else Money("0.04", "EUR")  # nearly all of a small fee may have been taken off
    known, _ = taken_back(part, percent=percent, charges=charges, fee=fee, inclusive=inclusive)
    again = bill(known, through=APRIL, rules=RULES).invoice.issue(number="I-2", on=APRIL)
    assert check(again) == ()
    assert all(not share.on_document for line in again.lines for share in line.shares)
    known = known.add(again)
    assert isinstance(bill(known, through=APRIL, rules=RULES), NothingDue)
    rest = credit(known, again, kind=EntryKind.CORRECTION, reason="all")
    assert (rest.totals.payable, check(rest)) == (again.totals.payable, ())


def test_what_was_taken_off_another_document_is_an_allowance_of_the_line():
    """Its own document takes nothing off, so paper shows it on the line."""
    known, _ = taken_back(Money("10.00", "EUR"))
    shown = view(bill(known, through=APRIL, rules=RULES).invoice)
    line = next(line for line in shown.lines if line.allowances)
    assert (shown.allowances, line.net, line.allowances[0].reason) == ((), Decimal("10.00"), "Framework agreement")


def test_what_is_put_on_such_a_document_is_told_from_what_its_lines_bear():
    """A new allowance and a new charge get numbers of their own, so a credit brings back each by itself."""
    known, _ = taken_back(Money("10.00", "EUR"), charges=(LineCharge(line=1, amount=Money("0.01", "EUR"), reason="Stamp"), HANDLING))
    draft = bill(known, through=APRIL, rules=RULES).invoice
    place = next(line.number for line in draft.lines if line.facts.reinstates)
    more = LineCharge(line=place, amount=Money("1.00", "EUR"), reason="Express")
    again = adjust(draft, allowances=[DocumentAllowance(percent=50, reason="Spring")], line_charges=[more]).issue(number="I-2", on=APRIL)
    assert check(again) == ()
    for line in again.lines:
        assert len({share.grant_id for share in line.shares}) == len(line.shares)
        assert len({each.number for each in line.surcharges}) == len(line.surcharges)
    half = credit(known.add(again), again.part(again.lines[0], net=Money("5.00", "EUR")), kind=EntryKind.CORRECTION, reason="half")
    known = known.add(again, half.issue(number="CN-2", on=APRIL))
    rest = credit(known, again, kind=EntryKind.CORRECTION, reason="rest")
    assert add_up([half.totals.payable_amount, rest.totals.payable_amount]) == again.totals.payable_amount
    assert History(known.add(rest.issue(number="CN-3", on=APRIL))).used("document/2") == 0


def test_is_told_as_what_it_is():
    """The line says the part that it charges again, and both bills say that a credit was taken back."""
    known, _ = taken_back(Money("10.00", "EUR"))
    april = bill(known, through=APRIL, rules=RULES).invoice.issue(number="I-2", on=APRIL)
    march = known.invoices[0]
    line = next(line for line in april.lines if line.facts.reinstates)
    assert line.working.text == "1 × 30.00 = 30.00, of which 10.00"
    said = explain(april, locale="en_IE").lines[line.number - 1]
    assert said.details == ("€10.00", "Framework agreement −€1.00", "Handling +€1.00", "takes back credit 1 of CN-1")
    audited = explain(april, locale="en_IE", detail=Detail.AUDITOR).lines[line.number - 1]
    assert "€10.00 of 30" in audited.details
    may = bill(known.add(april), through=MAY, rules=RULES).invoice
    for before, after, english, lithuanian in (
        (march, april, "Fee: a credit is taken back", "Fee: ankstesnis kreditas atšauktas"),
        (april, may, "Fee: the last bill took a credit back", "Fee: praėjusioje sąskaitoje buvo atšauktas kreditas"),
    ):
        assert DriverKind.CREDIT in {driver.kind for driver in drivers_between(before, after)}
        assert english in explain(after, before, locale="en_IE").text
        assert lithuanian in explain(after, before, locale="lt_LT").text


def test_a_part_without_discount_is_said_by_its_amount_alone():
    """A part on which nothing is taken off or put on needs no working beside its amount."""
    snapshot = started()
    invoice = bill(snapshot, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH)
    snapshot = snapshot.add(invoice)
    part = invoice.part(invoice.line("base"), net=Money("10.00", "EUR"))
    note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=MARCH)
    again = bill(snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), MARCH, "it was right")), through=MARCH, rules=RULES).invoice
    assert explain(again, locale="en_IE").lines[0].details == ("takes back credit 1 of CN-1",)


def test_names_the_entry_by_document_and_number():
    """An entry, a note and the reference to the line that was credited are refused, with what to give instead."""
    known, _ = taken_back(Money("10.00", "EUR"))
    [note] = known.credit_notes
    for wrong in (note, note.entries[0], note.entries[0].ref, "CN-1"):
        with pytest.raises(InvalidTypeError, match=r"give note\.entry_ref\(entry\)"):
            Reinstatement(wrong, MARCH + timedelta(days=1), "it was right")


def test_a_document_names_its_entries():
    """An issued document gives the reference of each of its entries, and of nothing else."""
    known, invoice = taken_back(Money("10.00", "EUR"))
    [note] = known.credit_notes
    assert note.entry_ref(note.entries[0]) == EntryRef("CN-1", 1) == known.reinstatements[0].entry
    for document in (note, invoice):
        with pytest.raises(UnknownReferenceError, match=f"entry 2: {document.number} does not carry this entry"):
            document.entry_ref(note.entries[0].at(2))
        for wrong in (1, note.entries[0].ref, note):
            with pytest.raises(InvalidTypeError, match="take it from its entries"):
                document.entry_ref(wrong)


def test_closing_the_books_keeps_what_grants_gave_alone():
    """What a document took off as a whole is no use of a grant, on its own invoice and on that of a credit that is taken back."""
    known, _ = taken_back(Money("10.00", "EUR"))
    known = known.add(bill(known, through=APRIL, rules=RULES).invoice.issue(number="I-2", on=APRIL))
    assert {share.grant_id for invoice in known.invoices for line in invoice.lines for share in line.shares} == {"document/1"}
    assert dict(close(known, through=APRIL).used) == {}
    grant = Grant("document/1", "acme:own@1", Percent(10), MARCH)
    assert "document/1" in close(known.add(grant), through=APRIL).used


def test_what_a_document_takes_off_claims_nothing_of_a_policy():
    """An allowance of the document is of no policy, and what no grant explains is still refused."""
    _, invoice = taken_back(Money("10.00", "EUR"))
    limited = DiscountPolicy(code="acme:first", version=1, name="First", benefit=Percent(10), uses=5)
    assert claims_of(invoice, [], [limited]) == ()


def test_an_issued_invoice_is_neither_adjusted_nor_numbered():
    """What was issued never changes and has its number."""
    _, invoice = taken_back(Money("10.00", "EUR"))
    with pytest.raises(InvalidTypeError, match="the draft of adjust is a DraftInvoice"):
        adjust(invoice, line_charges=[EXPRESS])
    with pytest.raises(InvalidTypeError, match="what a series numbers is a DraftInvoice or a DraftCreditNote"):
        Series("MB-").number([invoice], on=MARCH)
