"""Tax points: issue, period end, payment, and the day of supply, which splits a line at a change of rate."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Account, Party, TaxProfile
from billing_domain.billing import (
    AccountSnapshot,
    AtIssue,
    AtPayment,
    AtPeriodEnd,
    DayOfSupply,
    Halted,
    NothingDue,
    Rulebook,
    TaxPointEvent,
    bill,
)
from billing_domain.catalog import Flat, Plan, RecurringCharge, Timing
from billing_domain.en16931 import check, view
from billing_domain.invoicing import Details, EntryKind, credit, describe
from billing_domain.presets import LT_EU_VAT, LT_VAT
from billing_domain.subscriptions import Subscription
from billing_domain.tax import TaxClass

SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
START = date(2025, 12, 15)


def club(price="31.00", timing=Timing.IN_ADVANCE, kind=TaxClass.BOOKS):
    """Return a plan of one charge whose rate changes on 2026-01-01."""
    return Plan("club", 1, "Book club", "EUR", [RecurringCharge("books", "Books", Flat(price), timing, tax=kind)])


def first_bill(rule, price="31.00", timing=Timing.IN_ADVANCE, on=START, account=ACCOUNT):
    """Return snapshot, rules and invoice of the period that crosses the change."""
    rules = Rulebook(SELLER, LT_VAT, tax_point=rule)
    snapshot = AccountSnapshot(account, [Subscription.start(club(price, timing), id="S-1", on=START)])
    return snapshot, rules, bill(snapshot, through=on, rules=rules).invoice.issue(number="MB-1", on=on)


@pytest.mark.parametrize(
    ("rule", "rate"),
    [(AtIssue(), 9), (AtPeriodEnd(), 5), (AtPayment(), 9), (AtPayment(date(2025, 12, 1)), 9), (AtPayment(date(2026, 1, 5)), 9)],
)
def test_one_rate_holds_for_the_whole_line(rule, rate):
    """Issue, payment and period end each name one day, and its rate holds for all of the line."""
    _, _, invoice = first_bill(rule)
    assert [(line.treatment.rate, line.net_amount) for line in invoice.lines] == [(rate, Decimal("31.00"))]


def test_a_payment_in_advance_keeps_the_old_rate():
    """What was paid in December bears December's rate though it is billed in January."""
    paid = first_bill(AtPayment(date(2025, 12, 20)), timing=Timing.IN_ARREARS, on=date(2026, 1, 15))[2]
    unpaid = first_bill(AtPayment(), timing=Timing.IN_ARREARS, on=date(2026, 1, 15))[2]
    assert (paid.lines[0].treatment.rate, unpaid.lines[0].treatment.rate) == (9, 5)


@pytest.mark.parametrize("rule", [AtIssue(), AtPeriodEnd(), AtPayment(), DayOfSupply()])
def test_a_second_run_bills_nothing(rule):
    """Whatever the tax point, a line that is billed already is seen as billed."""
    snapshot, rules, invoice = first_bill(rule)
    assert isinstance(bill(snapshot.add(invoice), through=date(2026, 1, 14), rules=rules), NothingDue)


def test_the_day_of_supply_splits_at_the_change():
    """Seventeen days at 9 and fourteen at 5 percent; together they are the whole price."""
    invoice = first_bill(DayOfSupply())[2]
    assert [(line.period.days, line.treatment.rate, line.net_amount, line.tax_point) for line in invoice.lines] == [
        (17, 9, Decimal("17.00"), START),
        (14, 5, Decimal("14.00"), date(2026, 1, 1)),
    ]


def test_a_credit_lowers_the_days_that_it_is_about():
    """Cancelled in January, only January's part comes back; cancelled in December, January's whole and some of December's."""
    snapshot, rules, invoice = first_bill(DayOfSupply())
    for day, expected in ((date(2026, 1, 5), [(2, "10.00", "0.50")]), (date(2025, 12, 20), [(1, "12.00", "1.08"), (2, "14.00", "0.70")])):
        ended = snapshot.subscriptions[0].cancel(on=day)
        note = bill(snapshot.add(invoice, ended), through=date(2026, 1, 14), rules=rules).credit_notes[0]
        assert sorted((entry.ref.line, str(entry.net_amount), str(entry.tax_amount)) for entry in note.entries) == expected


def test_more_is_billed_at_the_rate_of_its_days():
    """Doubled on 20 December, the rest of December bears 9 and January 5 percent."""
    snapshot, rules, invoice = first_bill(DayOfSupply())
    priced = snapshot.subscriptions[0].override_price("books", Flat("62.00"), on=date(2025, 12, 20))
    added = bill(snapshot.add(invoice, priced), through=date(2026, 1, 14), rules=rules).invoice
    assert [(line.treatment.rate, line.net_amount) for line in added.lines] == [(9, Decimal("12.00")), (5, Decimal("14.00"))]


def test_a_line_billed_under_another_rule_is_billed_anew():
    """A line that bore one rate for all its days is reversed whole when the seller turns to the day of supply."""
    snapshot, _, invoice = first_bill(AtPeriodEnd())
    result = bill(snapshot.add(invoice), through=date(2026, 1, 14), rules=Rulebook(SELLER, LT_VAT, tax_point=DayOfSupply()))
    rates = [(line.treatment.rate, line.net_amount) for draft in result.invoices for line in draft.lines]
    assert (9, Decimal("17.00")) in rates
    third = first_bill(AtIssue())[2]
    result = bill(snapshot.add(third), through=date(2026, 1, 14), rules=Rulebook(SELLER, LT_EU_VAT, tax_point=DayOfSupply()))
    assert sum(line.net_amount for draft in result.invoices for line in draft.lines) == sum(
        entry.net_amount for document in (*result.invoices, *result.credit_notes) for entry in document.entries
    )


def test_lines_of_rates_that_hold_no_more_are_reversed_whole():
    """A buyer who turns out to be exempt all along gets every line back, and the whole billed anew."""
    snapshot, _, invoice = first_bill(DayOfSupply())
    business = Account(
        id="A-1",
        currency="EUR",
        zone=ACCOUNT.zone,
        locale="lt_LT",
        holder=ACCOUNT.holder,
        tax_profiles=[TaxProfile(date(2025, 1, 1), vat_id="LV40000000000", country="LV")],
    )
    known = AccountSnapshot(business, snapshot.subscriptions, invoices=[invoice])
    result = bill(known, through=date(2026, 1, 14), rules=Rulebook(SELLER, LT_EU_VAT, tax_point=DayOfSupply()))
    assert [line.treatment.category.value for line in result.invoice.lines] == ["AE"]
    entries = [entry for document in (*result.invoices, *result.credit_notes) for entry in document.entries]
    assert sorted(entry.net_amount for entry in entries) == [Decimal("14.00"), Decimal("17.00")]


@given(cents=st.integers(1, 100_000), offset=st.integers(0, 40), timing=st.sampled_from(Timing))
def test_split_parts_add_up_to_the_price(cents, offset, timing):
    """Wherever the period lies about the change, its lines add up to the price, and a second run bills nothing."""
    start = date(2025, 11, 25) + timedelta(days=offset)
    price = Decimal(cents).scaleb(-2)
    rules = Rulebook(SELLER, LT_VAT, tax_point=DayOfSupply())
    snapshot = AccountSnapshot(ACCOUNT, [Subscription.start(club(price, timing), id="S-1", on=start)])
    through = start if timing is Timing.IN_ADVANCE else date(2026, 2, 10)
    lines = bill(snapshot, through=through, rules=rules).invoice.lines
    for slot in {line.facts.slot for line in lines}:
        assert sum(line.net_amount for line in lines if line.facts.slot == slot) == price
    assert all(line.treatment.rate == (9 if line.period.start < date(2026, 1, 1) else 5) for line in lines)
    invoice = bill(snapshot, through=through, rules=rules).invoice.issue(number="MB-1", on=through)
    assert isinstance(bill(snapshot.add(invoice), through=through, rules=rules), NothingDue)


class TestTaxPointEvent:
    """Where the day on which tax is due is not known yet, documents say which event it waits for (BT-8)."""

    def test_payment_as_tax_point_is_stated_by_itself(self):
        """An unpaid invoice says 432 and no day; one that was paid before says the day."""
        unpaid, paid = first_bill(AtPayment())[2], first_bill(AtPayment(date(2025, 12, 1)))[2]
        assert [(view(each).tax_point_code, view(each).tax_point) for each in (unpaid, paid)] == [("432", None), ("", date(2025, 12, 1))]
        assert (check(unpaid), check(paid)) == ((), ())

    def test_describing_keeps_it_unless_told_otherwise(self):
        """Details without an event leave it; details with one replace it."""
        draft = first_bill(AtPayment())[2].draft
        assert describe(draft, Details(notes=["Ačiū"])).details == Details(notes=["Ačiū"], tax_point_code="432")
        assert describe(draft, Details(tax_point_code="35")).details.tax_point_code == "35"

    def test_a_credit_note_states_it_too(self):
        """A credit note takes the event over from its invoice."""
        snapshot, _, invoice = first_bill(AtPayment())
        note = credit(snapshot.add(invoice), invoice, kind=EntryKind.CORRECTION, reason="returned")
        assert view(note).tax_point_code == "432"
        assert check(note) == ()

    def test_a_rule_of_a_host_may_state_one(self):
        """Any tax point rule with an event code is asked for it; a code that is none halts the account."""
        rule = OnDelivery("35")
        assert isinstance(rule, TaxPointEvent)
        assert view(first_bill(rule)[2]).tax_point_code == "35"
        snapshot = AccountSnapshot(ACCOUNT, [Subscription.start(club(), id="S-1", on=START)])
        assert isinstance(bill(snapshot, through=START, rules=Rulebook(SELLER, LT_VAT, tax_point=OnDelivery("7"))), Halted)


@attrs.frozen
class OnDelivery:
    """Tax falls due on delivery, whenever that is."""

    event_code: str
    code = "acme:on-delivery"

    def tax_point(self, served):
        """Return the day of issue until then."""
        return served.issued
