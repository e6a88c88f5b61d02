"""Charges of single lines: who makes them, what they raise, and that runs, credits and paper follow."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, NothingDue, Rulebook, bill, close
from billing_domain.care import Detail, DriverKind, drivers_between, explain
from billing_domain.catalog import Flat, Plan, RecurringCharge, Timing
from billing_domain.discounts import Grant, Percent
from billing_domain.disputes import Claim, DisputeReason, Ruling, settle, submit
from billing_domain.en16931 import check, terms, view
from billing_domain.errors import (
    CurrencyMismatchError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import (
    DocumentAllowance,
    DocumentCharge,
    EntryKind,
    EntryRef,
    History,
    LineCharge,
    Reinstatement,
    Surcharge,
    Void,
    adjust,
    correct_up_to,
    credit,
)
from billing_domain.invoicing.lowering import largest_credit
from billing_domain.money import Money, add_up
from billing_domain.periods import Period
from billing_domain.reasons import Reason
from billing_domain.subscriptions import Item, Order, Product, Subscription
from billing_domain.tax import TaxClass, TaxRounding
from life import raised
from strategies import BUYER, SELLER, VILNIUS, currencies

START = date(2026, 3, 1)
NOON = datetime(2026, 3, 2, 12, tzinfo=VILNIUS)
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
HANDLING = {"reason": "Handling", "code": "HD"}
per_line = st.lists(st.tuples(st.integers(0, 3), st.sampled_from([1, 15, 333, 1000])), min_size=1, max_size=3)


def eur(amount):
    """Return an amount in euros."""
    return Money(amount, "EUR")


def known(*, fee="30.00", currency="EUR", inclusive=False, percent=None):
    """Return an account with a fee in advance from March on, a book that it bought, and a discount."""
    charges = [RecurringCharge("base", "Fee", Flat(fee), Timing.IN_ADVANCE)]
    plan = Plan("p", 1, "P", currency, charges, prices_include_tax=inclusive)
    account = Account(id="A-1", currency=currency, zone=VILNIUS, locale="en_IE", holder=BUYER)
    book = Item(Product("book", "Handbook", TaxClass.BOOKS), "20")
    grants = [Grant("G-1", "acme:spring@1", Percent(percent), START, name="Spring")] if percent else []
    orders = [Order("O-1", START, [book], prices_include_tax=inclusive)]
    return AccountSnapshot(account, [Subscription.start(plan, id="S-1", on=START)], orders=orders, grants=grants)


def issued(*charges, rules=RULES, **how):
    """Return the snapshot with its first invoice, and the invoice, with charges on its lines."""
    snapshot = known(**how)
    draft = bill(snapshot, through=START, rules=rules).invoice
    invoice = adjust(draft, line_charges=charges).issue(number="I-1", on=START)
    return snapshot.add(invoice), invoice


class TestMaking:
    """A host puts a charge on a line of a draft."""

    def test_raises_the_line_and_its_tax_group(self):
        """1.50 on a fee of 30.00 less ten percent makes 28.50 at the rate of the fee; the amount before discount stays."""
        _, invoice = issued(LineCharge(line=1, amount=eur("1.50"), **HANDLING), percent=10)
        line = invoice.line("base")
        assert (line.amount, line.discount, line.surcharge, line.net) == (eur("30.00"), eur("3.00"), eur("1.50"), eur("28.50"))
        assert line.surcharges == (Surcharge(1, Decimal("1.50"), "Handling", "HD"),)
        assert (invoice.totals.line_total, invoice.totals.tax) == (eur("46.50"), eur("6.89"))

    def test_takes_a_percentage_of_what_the_line_charges_after_its_own_discount(self):
        """Ten percent of 27.00 are 2.70, whatever the document takes off beside and however many charges there are."""
        ten = LineCharge(line=1, percent=10, code="HD")
        _, invoice = issued(ten, ten, percent=10)
        again = adjust(invoice.draft, allowances=[DocumentAllowance(percent=50, reason="A")], line_charges=[ten])
        assert [tuple(each) for each in again.lines[0].surcharges] == [
            (number, Decimal("2.70"), "charge HD", "HD", Decimal(10), Decimal("27.00")) for number in (1, 2, 3)
        ]

    def test_is_lowered_by_no_allowance_of_the_document(self):
        """All off a document leaves the charges of its lines; a charge of the document in percent counts them."""
        _, invoice = issued(LineCharge(line=1, amount=eur("5.00"), **HANDLING))
        freight = DocumentCharge(treatment=invoice.lines[0].treatment, percent=10, reason="Freight")
        made = adjust(invoice.draft, allowances=[DocumentAllowance(percent=100, reason="A")], charges=[freight])
        assert (made.totals.net, made.totals.charges) == (eur("10.50"), eur("5.50"))
        assert check(made) == ()

    def test_that_rounds_to_nothing_changes_nothing(self):
        """A hundredth of a percent of 30.00 is nothing in cents."""
        draft = bill(known(), through=START, rules=RULES).invoice
        assert adjust(draft, line_charges=[LineCharge(line=1, percent="0.01", reason="A")]) == draft

    def test_tells_its_amount_or_none_where_it_is_a_percentage(self):
        """An amount comes back as a fresh `Money`."""
        assert LineCharge(line=1, amount=eur("1.00"), reason="A").amount == eur("1.00")
        assert LineCharge(line=1, percent=1, reason="A").amount is None

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({}, InvalidValueError),
            ({"amount": eur("1"), "percent": 1}, InvalidValueError),
            ({"amount": eur("1"), "reason": ""}, InvalidValueError),
            ({"amount": eur("0")}, InvalidAmountError),
            ({"amount": eur("-1")}, InvalidAmountError),
            ({"percent": 0}, InvalidAmountError),
            ({"percent": -1}, InvalidAmountError),
            ({"percent": 1.5}, InvalidTypeError),
            ({"amount": 1.5}, InvalidTypeError),
            ({"amount": "1.50"}, InvalidTypeError),
            ({"amount": eur("1"), "line": 0}, InvalidValueError),
            ({"amount": eur("1"), "line": "1"}, InvalidTypeError),
            ({"amount": eur("1"), "line": True}, InvalidTypeError),
        ],
    )
    def test_refuses_bad_input(self, given, error):
        """Neither or both of amount and percentage, no reason, what does not raise, floats, and what is no line are refused."""
        with pytest.raises(error):
            LineCharge(**{"line": 1, "reason": "A", **given})

    def test_refuses_what_does_not_fit_the_draft(self):
        """Another currency, parts of a cent, a line that is not there, one that is a charge itself, and one of nothing are refused."""
        draft = bill(known(fee="0"), through=START, rules=RULES).invoice
        draft = adjust(draft, charges=[DocumentCharge(treatment=draft.lines[0].treatment, amount=eur("4.90"), reason="Freight")])
        book = next(line.number for line in draft.lines if line.charge.startswith("book"))
        for charge, error in (
            (LineCharge(line=book, amount=Money("1.00", "USD"), reason="A"), CurrencyMismatchError),
            (LineCharge(line=book, amount=eur("1.001"), reason="A"), InvalidAmountError),
            (LineCharge(line=9, amount=eur("1.00"), reason="A"), UnknownReferenceError),
            (LineCharge(line=len(draft.lines), amount=eur("1.00"), reason="A"), RefusedError),
        ):
            with pytest.raises(error):
                adjust(draft, line_charges=[charge])

    def test_refuses_a_line_that_charges_nothing(self):
        """What a credit could not bring back is not put there."""
        snapshot = AccountSnapshot(known().account, orders=[Order("O-2", START, [_item("gift", "0"), _item("cable", "5")])])
        draft = bill(snapshot, through=START, rules=RULES).invoice
        free = next(line for line in draft.lines if not line.list_amount)
        with pytest.raises(RefusedError, match="charges nothing"):
            adjust(draft, line_charges=[LineCharge(line=free.number, amount=eur("1.00"), reason="A")])


def _item(code, price):
    return Item(Product(code, code.title()), price)


class TestCredits:
    """A charge comes back with its line."""

    def test_comes_back_in_proportion(self):
        """A third of the fee brings a third of its discount and a third of its charge back, and no percentage."""
        snapshot, invoice = issued(LineCharge(line=1, percent=10, **HANDLING), percent=10)
        days = Period(START, START + timedelta(days=10))
        note = credit(snapshot, invoice.part(invoice.line("base"), days=days), kind=EntryKind.CORRECTION, reason="an outage")
        entry = note.entries[0]
        assert (entry.amount, entry.net, entry.tax) == (eur("9.68"), eur("9.58"), eur("2.01"))
        assert entry.surcharges == (Surcharge(1, Decimal("0.87"), "Handling", "HD"),)

    @pytest.mark.parametrize("how", ["net", "gross"])
    def test_meets_a_sum_to_the_cent(self, how):
        """Where a cent of the line brings more than a cent, what is missing comes from the charge; the next credit counts it."""
        snapshot, invoice = issued(LineCharge(line=1, amount=eur("20.00"), **HANDLING), inclusive=how == "gross")
        part = invoice.part(invoice.line("base"), **{how: eur("0.01")})
        for number in range(1, 60):
            note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="a cent")
            assert note.entries[0].charged_amount == Decimal("0.01")
            snapshot = snapshot.add(note.issue(number=f"CN-{number}", on=START))
        rest = credit(snapshot, invoice, kind=EntryKind.CORRECTION, reason="all")
        assert add_up(entry.total_amount for entry in (*rest.entries, *_entries(snapshot))) == invoice.totals.payable_amount

    def test_leaves_the_last_cent_of_a_line_whole(self):
        """A cent may bring less of a large charge back than its part, which is made up for; the last cent brings all the rest."""
        snapshot, invoice = issued(LineCharge(line=1, amount=eur("300.00"), **HANDLING))
        line = invoice.line("base")
        history, ref = History(snapshot), invoice.part(line).ref
        entry = correct_up_to(ref, Decimal("0.05"), Reason("a"), history)
        assert (entry.list_amount, entry.surcharges[0].amount, entry.net_amount) == (Decimal("0.01"), Decimal("0.04"), Decimal("0.05"))
        assert correct_up_to(ref, Decimal("0.05"), Reason("a"), history) is None
        assert correct_up_to(ref, Decimal("0.30"), Reason("a"), history).net_amount == Decimal("0.25")
        assert correct_up_to(ref, Decimal("329.95"), Reason("a"), history).net_amount == Decimal("329.65")
        assert history.left(history.line(ref)) == Decimal("0.01")
        assert correct_up_to(ref, Decimal("329.97"), Reason("a"), history) is None
        with pytest.raises(InvalidAmountError, match="the smallest credit of line 1 of I-1 comes to more net"):
            largest_credit(history.line(ref), Decimal("0.02"), history, gross=False)
        assert correct_up_to(ref, Decimal("330.00"), Reason("a"), history).net_amount == Decimal("0.05")

    def test_is_charged_again_by_a_line_that_reinstates_the_credit(self):
        """What a correction took is billed again with its charge, as far as it is owed, and once."""
        snapshot, invoice = issued(LineCharge(line=1, amount=eur("3.00"), **HANDLING), percent=10)
        note = credit(snapshot, invoice.part(invoice.line("base")), kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=START)
        snapshot = snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), START, "it was right"))
        again = bill(snapshot, through=START, rules=RULES).invoice
        assert [(line.amount, line.surcharge, line.net) for line in again.lines] == [(eur("30.00"), eur("3.00"), eur("30.00"))]
        assert check(again) == ()
        cheaper = snapshot.add(snapshot.subscriptions[0].override_price("base", Flat("20.00"), on=START))
        less = bill(cheaper, through=START, rules=RULES).invoice
        assert [(line.amount, line.surcharge, line.net) for line in less.lines] == [(eur("20.00"), eur("2.00"), eur("20.00"))]
        whole = cheaper.add(less.issue(number="I-2", on=START))
        assert isinstance(bill(whole, through=START, rules=RULES), NothingDue)

    def test_has_a_number_of_its_own_beside_those_that_a_credit_brought_back(self):
        """A credit may bring back the second charge of a line and nothing of the first; what is put beside it comes back apart from it."""
        snapshot, invoice = issued(*(LineCharge(line=1, amount=eur(amount), **HANDLING) for amount in ("0.01", "3.00")))
        part = invoice.part(invoice.line("base"), net=eur("11.00"))
        note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="x").issue(number="CN-1", on=START)
        snapshot = snapshot.add(note, Reinstatement(EntryRef("CN-1", 1), START, "it was right"))
        again = bill(snapshot, through=START, rules=RULES).invoice
        assert [each.number for each in again.lines[0].surcharges] == [2]
        again = adjust(again, line_charges=[LineCharge(line=1, amount=eur("0.50"), **HANDLING)]).issue(number="I-2", on=START)
        assert [each.number for each in again.lines[0].surcharges] == [2, 3]
        snapshot = snapshot.add(again)
        for number, net in enumerate([eur("1.00"), eur("3.00"), None]):
            part = again.part(again.lines[0]) if net is None else again.part(again.lines[0], net=net)
            snapshot = snapshot.add(
                credit(snapshot, part, kind=EntryKind.CORRECTION, reason="x").issue(number=f"CN-{number + 2}", on=START)
            )
        back = History(snapshot)
        assert all(back.surcharge_back(part.ref, each.number) == each.amount for each in again.lines[0].surcharges)

    def test_bounds_what_is_claimed_and_what_is_approved(self):
        """A claim of a whole line is its net with the charge; what is approved of it is credited to the cent."""
        snapshot, invoice = issued(LineCharge(line=1, amount=eur("20.00"), **HANDLING))
        claim = Claim(invoice.part(invoice.line("base")), DisputeReason.WRONG_QUANTITY)
        dispute = submit(snapshot, [claim], id="D-1", regime=presets.LT_CONSUMER, at=NOON, actor="customer")
        assert dispute.claimed[0].net == eur("50.00")
        settled = settle(snapshot, dispute, rulings=[Ruling(claim, eur("6.01"))], at=NOON)
        assert settled.credit_note.totals.net == eur("6.01")


def _entries(snapshot):
    return [entry for note in snapshot.credit_notes for entry in note.entries]


@given(
    currency=currencies,
    inclusive=st.booleans(),
    rounding=st.sampled_from(TaxRounding),
    surcharges=per_line,
    percent=st.sampled_from([None, Decimal("16.67"), Decimal(100)]),
    change=st.sampled_from(["none", "cheaper", "cancelled", "dearer"]),
)
def test_no_run_takes_a_charge_of_a_line_for_something_billed_too_much(currency, inclusive, rounding, surcharges, percent, change):
    """A second run bills nothing; after a change, entries bear their part of the charge wherever they stand, and books close over it."""
    rules = Rulebook(seller=SELLER, tax=presets.LT_VAT, tax_rounding=rounding)
    snapshot = known(fee="30", currency=currency, inclusive=inclusive, percent=percent)
    invoice = raised(bill(snapshot, through=START, rules=rules).invoice, surcharges).issue(number="I-1", on=START)
    assert check(invoice) == ()
    snapshot = snapshot.add(invoice)
    assert isinstance(bill(snapshot, through=START, rules=rules), NothingDue)
    subscription, day = snapshot.subscriptions[0], START + timedelta(days=9)
    changed = {
        "none": subscription,
        "cheaper": subscription.override_price("base", Flat("20"), on=day),
        "dearer": subscription.override_price("base", Flat("40"), on=day),
        "cancelled": subscription.cancel(on=day),
    }[change]
    snapshot = snapshot.add(changed)
    closed = AccountSnapshot(
        snapshot.account, snapshot.subscriptions, orders=snapshot.orders, grants=snapshot.grants, opening=close(snapshot, through=START)
    )
    alone = bill(snapshot, through=day, rules=rules)
    assert alone == bill(closed, through=day, rules=rules) or change == "none"
    later = bill(snapshot, through=date(2026, 4, 1), rules=rules)
    placed = [[entry for document in _drafts(found) for entry in document.entries] for found in (alone, later)]
    assert [_figures(entry) for entry in placed[0]] == [_figures(entry) for entry in placed[1]]
    for document in (*_drafts(alone), *_drafts(later)):
        assert check(document) == ()
    for number, draft in enumerate(_drafts(later), 1):
        snapshot = snapshot.add(draft.issue(number=f"N-{number}", on=date(2026, 4, 1)))
    assert isinstance(bill(snapshot, through=date(2026, 4, 1), rules=rules), NothingDue)


def _drafts(result):
    return () if isinstance(result, NothingDue) else (*result.invoices, *result.credit_notes)


def _figures(entry):
    return (entry.ref, entry.list_amount, entry.shares, entry.surcharges, entry.net_amount, entry.tax_amount)


def test_a_voided_invoice_is_billed_again_without_the_charge():
    """The charge was the host's, so the next draft has none until the host puts it there again."""
    snapshot, _ = issued(LineCharge(line=1, amount=eur("1.50"), **HANDLING))
    again = bill(snapshot.add(Void("I-1", START, "a slip")), through=START, rules=RULES).invoice
    assert [line.surcharges for line in again.lines] == [(), ()]


class TestPaper:
    """How documents show it."""

    def test_stands_in_bg_28_with_its_percentage(self):
        """Amount, base, percentage, reason and code are the terms BT-141 to BT-145."""
        _, invoice = issued(LineCharge(line=1, percent=10, **HANDLING), percent=10)
        shown = terms(view(invoice))["BG-25"][0]
        assert shown["BG-28"] == [{"BT-141": "2.70", "BT-142": "27.00", "BT-143": "10", "BT-144": "Handling", "BT-145": "HD"}]
        assert shown["BT-131"] == "29.70"

    def test_of_prices_with_tax_is_shown_without_it(self):
        """12.10 with tax are 10.00 on paper; what the price of the line was is not raised by it."""
        _, invoice = issued(LineCharge(line=1, amount=eur("12.10"), **HANDLING), fee="121.00", inclusive=True, percent=10)
        line = view(invoice).lines[0]
        assert [(str(each.amount), each.base) for each in line.charges] == [("10.00", None)]
        assert (f"{line.price:f}", str(line.allowances[0].amount), str(line.net)) == ("100", "10.00", "100.00")
        assert check(invoice) == ()

    def test_of_prices_with_tax_never_goes_beyond_the_net_of_its_line(self):
        """Where the group's net leaves a line of a cent nothing, its charge of a cent is not shown."""
        items = [Item(Product(f"p{number}", "Bit"), "0.01") for number in range(3)]
        order = Order("O-2", START, items, prices_include_tax=True)
        grant = Grant("G-1", "acme:spring@1", Percent(100), START, name="Spring")
        draft = bill(AccountSnapshot(known().account, orders=[order], grants=[grant]), through=START, rules=RULES).invoice
        made = adjust(draft, line_charges=[LineCharge(line=number, amount=eur("0.01"), reason="Bits") for number in (1, 2, 3)])
        assert sorted(len(line.charges) for line in view(made).lines) == [0, 1, 1]
        assert check(made) == ()


class TestWords:
    """How people are told."""

    def test_says_what_is_added_and_what_comes_back(self):
        """Lines name each charge with its amount or percentage, entries what comes back of it."""
        charges = (LineCharge(line=1, percent=10, **HANDLING), LineCharge(line=1, amount=eur("1.50"), reason="Express"))
        snapshot, invoice = issued(*charges)
        said = explain(invoice, locale="en_IE", detail=Detail.CUSTOMER).lines[0]
        assert said.details == ("€30.00", "10% Handling +€3.00", "Express +€1.50")
        note = credit(snapshot, invoice.part(invoice.line("base"), net=eur("11.50")), kind=EntryKind.CORRECTION, reason="x")
        entry = explain(note, locale="en_IE").lines[0]
        assert entry.details[-2:] == ("€1.00 of Handling comes back with it", "€0.50 of Express comes back with it")
        lithuanian = explain(invoice, locale="lt_LT").lines[0]
        assert lithuanian.details[1:] == ("10\xa0% priemoka „Handling“ +3,00\xa0€", "priemoka „Express“ +1,50\xa0€")

    def test_tells_two_bills_apart(self):
        """A charge that is new, gone or another is a reason of its own; the same on both bills is none."""
        charge = LineCharge(line=1, amount=eur("1.50"), **HANDLING)
        snapshot, march = issued(charge)
        april = bill(snapshot, through=date(2026, 4, 1), rules=RULES).invoice
        gone = [each for each in drivers_between(march, april) if each.kind is DriverKind.SURCHARGE]
        assert [(each.amount, each.name) for each in gone] == [(eur("-1.82"), "Handling")]
        same = drivers_between(march, adjust(april, line_charges=[charge]))
        assert not [each for each in same if each.kind is DriverKind.SURCHARGE]
