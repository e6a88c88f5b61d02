"""Allowances and charges of a document as a whole, prepaid, payable rounding, and what credits return of them."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, NothingDue, Rulebook, bill
from billing_domain.catalog import Flat, Plan, RecurringCharge, Timing
from billing_domain.en16931 import check, view
from billing_domain.errors import CurrencyMismatchError, ExceedsLimitError, InvalidAmountError, InvalidValueError, RefusedError
from billing_domain.invoicing import (
    ChargeKind,
    DocumentAllowance,
    DocumentCharge,
    EntryKind,
    ForeignLine,
    History,
    adjust,
    credit,
    imported_invoice,
)
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.presets import LT_VAT
from billing_domain.subscriptions import Subscription
from billing_domain.tax import TaxCategory, TaxRounding, TaxTreatment

SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
BUYER = Party("Ona Kazlauskienė", "LT")
ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=BUYER)
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)
REDUCED = TaxTreatment(TaxCategory.STANDARD, 5)
OUTSIDE = TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_reason="not subject to VAT")
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def draft(*lines, inclusive=False, rounding=TaxRounding.PER_GROUP, currency="EUR"):
    """Return a draft with lines of price and treatment."""
    made = [
        ForeignLine(name=f"Line {number}", period=MARCH, treatment=treatment, price=price)
        for number, (price, treatment) in enumerate(lines)
    ]
    return imported_invoice(
        number="X",
        on=MARCH.start,
        due=MARCH.start,
        account_id="A-1",
        currency=currency,
        seller=SELLER,
        buyer=BUYER,
        lines=made,
        prices_include_tax=inclusive,
        tax_rounding=rounding,
    ).draft


def eur(amount):
    """Return an amount in euros."""
    return Money(amount, "EUR")


class TestAllowances:
    """What lowers a document as a whole."""

    def test_splits_over_groups_and_shows_one_allowance_a_group(self):
        """Ten percent of 130.00 over two rates is 13.00, shown per group, taxed per group."""
        made = adjust(
            draft(("100.00", STANDARD), ("30.00", REDUCED)), allowances=[DocumentAllowance(percent=10, reason="Framework agreement")]
        )
        assert [(row.category, str(row.rate), str(row.amount), row.reason, row.code) for row in view(made).allowances] == [
            ("S", "21", "10.00", "Framework agreement", "95"),
            ("S", "5", "3.00", "Framework agreement", "95"),
        ]
        totals = made.totals
        assert (totals.line_total_amount, totals.allowance_total_amount, totals.tax_exclusive_amount) == (
            Decimal("130.00"),
            Decimal("13.00"),
            Decimal("117.00"),
        )
        assert totals.tax_total_amount == Decimal("20.25")
        assert check(made) == ()

    def test_lowers_only_the_group_it_names(self):
        """An allowance on one treatment leaves the other lines alone."""
        made = adjust(
            draft(("100.00", STANDARD), ("30.00", REDUCED)),
            allowances=[DocumentAllowance(amount=eur("5.00"), reason="Books", treatment=REDUCED)],
        )
        assert [line.net_amount for line in made.lines] == [Decimal("100.00"), Decimal("25.00")]

    def test_of_inclusive_prices_lowers_the_gross(self):
        """Where prices include tax, 10.00 off is 10.00 less to pay, shown on the lines without tax."""
        made = adjust(draft(("121.00", STANDARD), inclusive=True), allowances=[DocumentAllowance(amount=eur("10.00"), reason="Spring")])
        assert made.totals.gross == eur("111.00")
        assert view(made).allowances == ()
        assert [str(each.amount) for each in view(made).lines[0].allowances] == ["8.26"]
        assert check(made) == ()

    def test_adds_up_when_given_in_two_calls(self):
        """A second call keeps what the first did."""
        once = adjust(draft(("100.00", STANDARD)), allowances=[DocumentAllowance(percent=10, reason="A")], prepaid=eur("20.00"))
        twice = adjust(once, allowances=[DocumentAllowance(percent=10, reason="B")])
        assert [str(row.amount) for row in view(twice).allowances] == ["10.00", "9.00"]
        assert twice.totals.payable == eur("78.01")

    def test_that_rounds_to_nothing_changes_nothing(self):
        """One percent of 0.10 is nothing in cents."""
        plain = draft(("0.10", STANDARD))
        assert adjust(plain, allowances=[DocumentAllowance(percent=1, reason="A")]) == plain

    @pytest.mark.parametrize(
        ("make", "error"),
        [
            (lambda: DocumentAllowance(reason="A"), InvalidValueError),
            (lambda: DocumentAllowance(amount=eur("1"), percent=1, reason="A"), InvalidValueError),
            (lambda: DocumentAllowance(percent=1, code=""), InvalidValueError),
            (lambda: DocumentAllowance(amount=eur("0"), reason="A"), InvalidAmountError),
            (lambda: DocumentAllowance(amount=eur("-1"), reason="A"), InvalidAmountError),
            (lambda: DocumentAllowance(percent=101, reason="A"), InvalidAmountError),
            (lambda: DocumentAllowance(percent=0, reason="A"), InvalidAmountError),
            (lambda: DocumentCharge(treatment=STANDARD, percent=0, reason="A"), InvalidAmountError),
            (lambda: DocumentCharge(treatment=STANDARD, percent=5), InvalidValueError),
        ],
    )
    def test_refuses_bad_input(self, make, error):
        """Neither or both of amount and percentage, no reason, and amounts that do not lower are refused."""
        with pytest.raises(error):
            make()

    def test_refuses_more_than_there_is(self):
        """An allowance is at most what the lines charge, in the document's currency and its minor units."""
        plain = draft(("10.00", STANDARD))
        with pytest.raises(ExceedsLimitError):
            adjust(plain, allowances=[DocumentAllowance(amount=eur("10.01"), reason="A")])
        with pytest.raises(CurrencyMismatchError):
            adjust(plain, allowances=[DocumentAllowance(amount=Money("1", "USD"), reason="A")])
        with pytest.raises(InvalidAmountError):
            adjust(plain, allowances=[DocumentAllowance(amount=eur("1.001"), reason="A")])


class TestCharges:
    """What raises a document as a whole."""

    def test_is_a_charge_on_paper_and_can_be_credited(self):
        """Freight stands in BG-21, not among the lines, and a credit returns it with its tax."""
        made = adjust(
            draft(("100.00", STANDARD)), charges=[DocumentCharge(treatment=STANDARD, amount=eur("4.90"), reason="Freight", code="FC")]
        )
        shown = view(made)
        assert [(str(row.amount), row.reason, row.code) for row in shown.charges] == [("4.90", "Freight", "FC")]
        assert len(shown.lines) == 1
        assert (made.totals.line_total, made.totals.charges, made.totals.net) == (eur("100.00"), eur("4.90"), eur("104.90"))
        assert check(made) == ()
        invoice = made.issue(number="MB-1", on=MARCH.start)
        note = credit(
            AccountSnapshot(ACCOUNT, invoices=[invoice]), invoice.part(invoice.lines[1]), kind=EntryKind.CORRECTION, reason="collected"
        )
        assert note.totals.payable == eur("5.93")

    def test_takes_a_percentage_of_the_lines_before_allowances(self):
        """Five percent of 200.00 is 10.00, whatever allowance is given beside it; an allowance never lowers a charge."""
        charge = DocumentCharge(treatment=STANDARD, percent=5, code="ADR")
        made = adjust(draft(("200.00", STANDARD)), allowances=[DocumentAllowance(percent=50, reason="A")], charges=[charge])
        assert (made.totals.charges, made.totals.net) == (eur("10.00"), eur("110.00"))
        again = adjust(made, allowances=[DocumentAllowance(percent=100, reason="B")])
        assert (again.totals.charges, again.totals.net) == (eur("10.00"), eur("10.00"))
        assert view(again).charges[0].reason == "charge ADR"

    def test_is_not_taken_back_by_the_next_run(self):
        """Nothing owes a document's charge, so reconciling leaves it alone; the same holds for lines made elsewhere."""
        made = adjust(draft(("100.00", STANDARD)), charges=[DocumentCharge(treatment=STANDARD, amount=eur("4.90"), reason="Freight")])
        snapshot = AccountSnapshot(ACCOUNT, invoices=[made.issue(number="MB-1", on=MARCH.start)])
        assert {line.facts.kind for line in made.lines} == {ChargeKind.FOREIGN, ChargeKind.DOCUMENT}
        assert isinstance(bill(snapshot, through=date(2026, 5, 1), rules=Rulebook(SELLER, LT_VAT)), NothingDue)

    def test_never_mixes_what_is_out_of_scope(self):
        """A taxed charge on a document out of scope is refused, and the other way round."""
        with pytest.raises(RefusedError, match="BR-O-11"):
            adjust(draft(("10.00", OUTSIDE)), charges=[DocumentCharge(treatment=STANDARD, amount=eur("1"), reason="Freight")])
        with pytest.raises(RefusedError, match="BR-O-11"):
            adjust(draft(("10.00", STANDARD)), charges=[DocumentCharge(treatment=OUTSIDE, amount=eur("1"), reason="Late interest")])


def test_tells_its_amount_or_none_where_it_is_a_percentage():
    """An amount comes back as a fresh `Money`."""
    assert (DocumentAllowance(amount=eur("1.00"), reason="A").amount, DocumentAllowance(percent=1, reason="A").amount) == (
        eur("1.00"),
        None,
    )
    assert DocumentCharge(treatment=STANDARD, amount=eur("1.00"), reason="A").amount == eur("1.00")
    assert DocumentCharge(treatment=STANDARD, percent=1, reason="A").amount is None


def test_never_brings_an_invoice_below_zero():
    """An allowance on lines whose invoice carries entries leaves room for the entries."""
    plan = Plan("p", 1, "P", "EUR", [RecurringCharge("base", "Fee", Flat("30.00"), Timing.IN_ADVANCE)])
    subscription = Subscription.start(plan, id="S-1", on=MARCH.start)
    rules = Rulebook(SELLER, LT_VAT)
    first = bill(AccountSnapshot(ACCOUNT, [subscription]), through=MARCH.start, rules=rules).invoice.issue(number="MB-1", on=MARCH.start)
    changed = subscription.override_price("base", Flat("15.00"), on=MARCH.start)
    second = bill(AccountSnapshot(ACCOUNT, [changed], invoices=[first]), through=MARCH.end, rules=rules).invoice
    assert second.entries
    with pytest.raises(ExceedsLimitError, match="below zero"):
        adjust(second, allowances=[DocumentAllowance(percent=50, reason="A")])


class TestPayable:
    """What was paid before, and the step in which the rest is paid."""

    def test_takes_off_what_was_prepaid_and_rounds_the_rest(self):
        """12.10 less 2.00 is 10.10; in steps of 0.25 it is 10.00."""
        made = adjust(draft(("10.00", STANDARD)), prepaid=eur("2.00"), payable_step="0.25")
        assert (made.totals.prepaid, made.totals.rounding, made.totals.payable) == (eur("2.00"), eur("-0.10"), eur("10.00"))
        assert check(made) == ()

    def test_refuses_more_than_the_total(self):
        """More than the total with tax is not prepaid on this document."""
        with pytest.raises(ExceedsLimitError):
            adjust(draft(("10.00", STANDARD)), prepaid=eur("12.11"))
        with pytest.raises(ExceedsLimitError):
            adjust(draft(("10.00", STANDARD)), prepaid=eur("-1"))

    def test_refuses_a_step_that_the_currency_does_not_have(self):
        """A third of a cent is not paid."""
        with pytest.raises(InvalidAmountError):
            adjust(draft(("10.00", STANDARD)), payable_step="0.003")


cents = st.integers(1, 20_000).map(lambda units: Decimal(units).scaleb(-2))


@given(
    lines=st.lists(st.tuples(cents, st.sampled_from([STANDARD, REDUCED])), min_size=1, max_size=4),
    percent=st.integers(1, 100),
    inclusive=st.booleans(),
    rounding=st.sampled_from(TaxRounding),
    order=st.randoms(use_true_random=False),
)
def test_any_order_of_credits_returns_an_adjusted_document(lines, percent, inclusive, rounding, order):
    """All credits of a document with an allowance and a charge add up to its total with tax, in any order."""
    made = draft(*lines, inclusive=inclusive, rounding=rounding)
    made = adjust(
        made,
        allowances=[DocumentAllowance(percent=percent, reason="A")],
        charges=[DocumentCharge(treatment=STANDARD, amount=eur("4.90"), reason="Freight")],
    )
    assert check(made) == ()
    invoice = made.issue(number="MB-1", on=MARCH.start)
    snapshot = AccountSnapshot(ACCOUNT, invoices=[invoice])
    parts = [line for line in invoice.lines if line.charged_amount]
    order.shuffle(parts)
    for number, line in enumerate(parts):
        note = credit(snapshot, invoice.part(line), kind=EntryKind.CORRECTION, reason="all of it").issue(
            number=f"CN-{number}", on=MARCH.start
        )
        assert check(note) == ()
        snapshot = snapshot.add(note)
    assert sum(note.totals.payable_amount for note in snapshot.credit_notes) == made.totals.tax_inclusive_amount


@given(
    lines=st.lists(st.tuples(st.integers(1, 40), st.sampled_from([STANDARD, REDUCED])), min_size=1, max_size=3),
    percents=st.lists(st.sampled_from(["1", "10", "60"]), min_size=2, max_size=4),
    freight=st.lists(st.sampled_from(["0.1", "7"]), max_size=2),
)
def test_adjusting_in_several_steps_returns_to_the_cent(lines, percents, freight):
    """What rounds to nothing is left out, and no two allowances take one name, so that credits tell them apart."""
    made = draft(*[(Decimal(units), treatment) for units, treatment in lines], currency="JPY")
    for percent in percents:
        made = adjust(made, allowances=[DocumentAllowance(percent=percent, reason=f"A {percent}")] * 2)
    made = adjust(made, charges=[DocumentCharge(treatment=STANDARD, percent=percent, reason="Freight") for percent in freight])
    assert check(made) == ()
    assert all(len({share.grant_id for share in line.shares}) == len(line.shares) for line in made.lines)
    invoice = made.issue(number="MB-1", on=MARCH.start)
    snapshot = AccountSnapshot(Account(id="A-1", currency="JPY", zone=ACCOUNT.zone, locale="lt_LT", holder=BUYER), invoices=[invoice])
    for line in invoice.lines:
        if line.net_amount > 1:
            note = credit(snapshot, invoice.part(line, net=Money(1, "JPY")), kind=EntryKind.CORRECTION, reason="a part")
            snapshot = snapshot.add(note.issue(number=f"CN-{line.number}", on=MARCH.start))
    snapshot = snapshot.add(credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="the rest").issue(number="CN", on=MARCH.start))
    back = History(snapshot)
    for line in invoice.lines:
        ref = invoice.part(line).ref
        assert all(back.shares_back(ref, share.grant_id) == share.amount for share in line.shares)
        assert sum(entry.net_amount for entry in back.entries_by_line[ref]) == line.net_amount
