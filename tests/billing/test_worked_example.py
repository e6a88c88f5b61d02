"""The worked example of the design: a change of plan, late usage, a correction and what is held back, to the cent."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing_domain import presets
from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, NoBillReason, NothingDue, Rulebook, bill
from billing_domain.catalog import Meter, Plan, RecurringCharge, UsageCharge
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.invoicing import EntryKind, credit
from billing_domain.money import Money
from billing_domain.subscriptions import Subscription
from billing_domain.usage import UsageRecord
from strategies import BUYER, SELLER, VILNIUS

DATA = Meter("data", "GB")
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)


def plan(code, price, charge=None):
    """Return a plan with a monthly fee in advance and usage in arrears."""
    return Plan(
        code, 1, code, "EUR", [RecurringCharge(charge or code, "Monthly fee", price), UsageCharge("data", "Mobile data", DATA, "0.50")]
    )


def used(number, quantity, month, replaces=None):
    """Return a record of the 10th of a month."""
    return UsageRecord(f"U-{number}", "S-1", DATA, quantity, datetime(2026, month, 10, 12, tzinfo=UTC), replaces=replaces)


@pytest.fixture
def march():
    """Return subscription, snapshot and invoice of 1 March."""
    return billed_in_march()


def billed_in_march(charge=None):
    """Return subscription, snapshot and invoice of 1 March."""
    account = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=BUYER)
    grant = Grant("G-1", "acme:spring@1", Percent(10), date(2026, 3, 1), date(2026, 6, 1), Scope.recurring(), "Spring")
    home = Subscription.start(plan("home-100", "30.00", charge), id="S-1", on=date(2026, 2, 1))
    snapshot = AccountSnapshot(account, [home], [used(1, "37.1", 2)], grants=[grant])
    february = bill(snapshot, through=date(2026, 2, 1), rules=RULES).invoice.issue(number="I-0", on=date(2026, 2, 1))
    invoice = bill(snapshot.add(february), through=date(2026, 3, 1), rules=RULES).invoice
    return home, snapshot.add(february), invoice.issue(number="I-1", on=date(2026, 3, 1))


def amounts(lines):
    """Return charge, amount before discount, net."""
    return [(line.facts.charge, line.list_amount, line.net_amount) for line in lines]


@pytest.fixture
def april(march):
    """Return the snapshot and the invoice of 1 April, after the change of 17 March."""
    return billed_in_april(march)


def billed_in_april(march, charge=None):
    """Return the snapshot and the invoice of 1 April."""
    home, snapshot, first = march
    changed = home.change_plan(plan("home-50", "20.00", charge), on=date(2026, 3, 17))
    known = snapshot.add(first, changed, used(2, "28", 3))
    invoice = bill(known, through=date(2026, 4, 1), rules=RULES).invoice.issue(number="I-2", on=date(2026, 4, 1))
    return known.add(invoice), invoice


def test_invoice_of_march(march):
    """Home 100 for March 30.00 with a share of 3.00, usage of February 18.55: net 45.55, tax 9.57, payable 55.12."""
    _, _, invoice = march
    assert amounts(invoice.lines) == [("home-100", Decimal("30.00"), Decimal("27.00")), ("data", Decimal("18.55"), Decimal("18.55"))]
    totals = invoice.totals
    assert (totals.line_total_amount, totals.tax_total_amount, totals.payable_amount) == (
        Decimal("45.55"),
        Decimal("9.57"),
        Decimal("55.12"),
    )


def test_invoice_of_april(april):
    """The reversal of 14.52 returns 1.45 of the discount and 2.74 of tax; it rides on lines of 40.71, and 33.45 is payable."""
    _, invoice = april
    [entry] = invoice.entries
    assert entry.ref == ("I-1", 1)
    assert [share.amount for share in entry.shares] == [Decimal("1.45")]
    assert (entry.list_amount, entry.net_amount, entry.tax_amount) == (Decimal("14.52"), Decimal("13.07"), Decimal("2.74"))
    assert entry.total_amount == Decimal("15.81")
    assert sorted(amounts(invoice.lines)) == [
        ("data", Decimal("14.00"), Decimal("14.00")),
        ("home-50", Decimal("9.68"), Decimal("8.71")),
        ("home-50", Decimal("20.00"), Decimal("18.00")),
    ]
    assert sum(line.net_amount for line in invoice.lines) == Decimal("40.71")
    assert (invoice.totals.line_total_amount, invoice.totals.tax_total_amount) == (Decimal("27.64"), Decimal("5.81"))
    assert invoice.totals.payable_amount == Decimal("33.45")


def test_a_change_within_one_charge_is_netted_in_its_slot():
    """Where both plans call the fee by one code, the slot of March was billed 30.00 and is owed 25.16: one reversal of 4.84."""
    _, invoice = billed_in_april(billed_in_march("base"), "base")
    [entry] = invoice.entries
    assert entry.facts.text == "(1 × 20.00 − (1 × 30.00)) × 15/31"
    assert [share.amount for share in entry.shares] == [Decimal("0.48")]
    assert (entry.list_amount, entry.net_amount, entry.tax_amount) == (Decimal("4.84"), Decimal("4.36"), Decimal("0.92"))
    assert amounts(invoice.lines) == [("base", Decimal("20.00"), Decimal("18.00")), ("data", Decimal("14.00"), Decimal("14.00"))]
    assert invoice.totals.payable_amount == Decimal("33.44")


def test_a_correction_is_held_back_until_the_records_change(april):
    """6.00 of usage are corrected with tax 1.26; later runs bill it only where more than that is owed, and take back only what is left."""
    known, invoice = april
    part = invoice.part(invoice.line("data"), net=Money("6.00", "EUR"))
    note = credit(known, part, kind=EntryKind.CORRECTION, reason="counted twice").issue(number="CN-1", on=date(2026, 4, 20))
    assert (note.totals.tax_total_amount, note.total) == (Decimal("1.26"), Money("7.26", "EUR"))
    known = known.add(note)

    waiting = bill(known, through=date(2026, 4, 20), rules=RULES)
    assert isinstance(waiting, NothingDue)
    assert waiting.reason is NoBillReason.PENDING
    assert [(row.key[1], row.amount) for row in waiting.pending] == [("data", Money("6.00", "EUR"))]

    less = bill(known.add(used(3, "10", 3, replaces="U-2")), through=date(2026, 4, 20), rules=RULES)
    [entry] = less.credit_notes[0].entries
    assert (entry.net_amount, entry.tax_amount) == (Decimal("3.00"), Decimal("0.63"))
    assert less.invoices == ()

    more = bill(known.add(used(3, "33", 3, replaces="U-2")), through=date(2026, 4, 20), rules=RULES)
    assert [line.net_amount for line in more.invoice.lines] == [Decimal("2.50")]
    assert [row.amount_held for row in more.pending] == [Decimal("6.00")]
