"""What a line bears that takes a credit back: amount, shares, tax and period, worked out by hand."""

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing_domain import Money, Plan, Subscription, bill, credit
from billing_domain.accounts import Party, TaxProfile
from billing_domain.billing import AtIssue, AtPayment, AtPeriodEnd, CatchUp, DayOfSupply, NothingDue
from billing_domain.catalog import RecurringCharge
from billing_domain.discounts import Grant, Percent
from billing_domain.invoicing import EntryKind, EntryRef, ForeignLine, LineCharge, Reinstatement, adjust, imported_invoice
from billing_domain.money import add_up
from billing_domain.periods import Period
from billing_domain.presets import LT_EU_VAT, LT_VAT
from billing_domain.tax import TaxCategory, TaxClass, TaxTreatment
from feature_host import issued, rulebook, run, snapshot

MONTH, START, CHANGE = date(2026, 3, 1), date(2025, 12, 15), date(2026, 1, 1)
"""Books bear 9 percent before the change and 5 from then on; the period that starts on 15 December has 17 days before it and 14 after."""
FEE = Plan("fee", 1, "Fee", "EUR", [RecurringCharge("base", "Fee", "30.00")])
BOOKS = Plan("books", 1, "Books", "EUR", [RecurringCharge("base", "Books", "31.00", tax=TaxClass.BOOKS)])
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")


def taken_back(known, number=1, kind=EntryKind.CORRECTION, on=MONTH, **part):
    """Return what is known after a line of the first invoice was credited, and the credit taken back."""
    invoice = known.invoices[0]
    what = invoice.part(invoice.lines[number - 1], **part)
    note = credit(known, what, kind=kind, reason="an error").issue(number="C-1", on=on)
    return known.add(note, Reinstatement(EntryRef("C-1", 1), on, "it was none"))


def coming(known, rules, through=MONTH):
    """Return the lines of the next run that take a credit back."""
    result = bill(known, through=through, rules=rules)
    return [line for draft in result.invoices for line in draft.lines if line.facts.reinstates is not None]


def settles(known, rules, through=MONTH):
    """Say whether nothing is due after the next run."""
    after = issued(known, bill(known, through=through, rules=rules), through)
    return isinstance(bill(after, through=through, rules=rules), NothingDue)


@pytest.mark.parametrize(("price", "borne"), [("30.00", ["3.00"]), ("14.52", ["1.45"]), ("0.20", ["0.02"]), ("0.04", [])])
def test_a_line_bears_its_share_of_what_is_owed_of_it(price, borne):
    """A grant of 10 percent gave 3.00 on 30.00; of what is owed now it bears as much in proportion, whatever was granted since."""
    grant = Grant("G-1", "acme:p@1", Percent(10), MONTH)
    known = run(snapshot(Subscription.start(FEE, id="S", on=MONTH), grants=[grant]), MONTH)
    known = taken_back(known).add(Grant("G-2", "acme:q@1", Percent(50), MONTH))
    known = known.add(known.subscriptions[0].override_price("base", price, recorded=MONTH))
    (line,) = coming(known, rulebook())
    assert (str(line.list_amount), [str(share.amount) for share in line.shares]) == (price, borne)
    assert {share.grant_id for share in line.shares} <= {"G-1"}
    assert settles(known, rulebook())


@pytest.mark.parametrize(("price", "borne"), [("30.00", ["1.50"]), ("14.52", ["0.73"]), ("0.20", ["0.01"]), ("0.04", [])])
def test_a_line_bears_its_surcharge_on_what_is_owed_of_it(price, borne):
    """A charge of 1.50 was put on 30.00; of what is owed now as much is charged again in proportion."""
    known = snapshot(Subscription.start(FEE, id="S", on=MONTH))
    handling = LineCharge(line=1, amount=Money("1.50", "EUR"), reason="Handling", code="HD")
    known = known.add(adjust(bill(known, through=MONTH, rules=rulebook()).invoice, line_charges=[handling]).issue(number="I-1", on=MONTH))
    known = taken_back(known).add(known.subscriptions[0].override_price("base", price, recorded=MONTH))
    (line,) = coming(known, rulebook())
    assert (str(line.list_amount), [str(each.amount) for each in line.surcharges]) == (price, borne)
    assert settles(known, rulebook())


def test_half_a_euro_that_is_owed_no_more_is_not_taken_back():
    """Of 30.00 with 29.50 credited, 0.50 are left; now 29.00 are owed: 0.50 come back and 29.00 of the credit are taken back."""
    known = run(snapshot(Subscription.start(FEE, id="S", on=MONTH)), MONTH)
    known = taken_back(known, net=Money("29.50", "EUR"))
    known = known.add(known.subscriptions[0].override_price("base", "29.00", recorded=MONTH))
    result = bill(known, through=MONTH, rules=rulebook())
    entries = [entry for document in (*result.invoices, *result.credit_notes) for entry in document.entries]
    assert [str(entry.list_amount) for entry in entries] == ["0.50"]
    assert [str(line.list_amount) for line in result.invoice.lines] == ["29.00"]
    assert settles(known, rulebook())


class TestTaxedAsNow:
    """A line that takes a credit back is taxed as its key is now, and the whole settles in one run."""

    def test_as_a_reverse_charge(self):
        """The buyer turns out to be a business elsewhere: the rest of the line comes back, and both new lines bear no tax."""
        rules = rulebook(tax=LT_EU_VAT, seller=SELLER)
        known = taken_back(run(snapshot(Subscription.start(FEE, id="S", on=MONTH)), MONTH, rules), net=Money("4.00", "EUR"))
        profile = TaxProfile(date(2025, 1, 1), vat_id="LV40000000000", country="LV")
        known = attrs.evolve(known, account=attrs.evolve(known.account, tax_profiles=[profile]))
        result = bill(known, through=MONTH, rules=rules)
        lines = [(str(line.net_amount), line.treatment.category.value) for draft in result.invoices for line in draft.lines]
        assert lines == [("26.00", "AE"), ("4.00", "AE")]
        assert settles(known, rules)

    def test_with_a_price_that_contains_the_tax(self):
        """The price turns out to contain the tax: one document of two lines says so."""
        rules = rulebook(tax=LT_VAT, seller=SELLER)
        known = taken_back(run(snapshot(Subscription.start(FEE, id="S", on=MONTH)), MONTH, rules), net=Money("4.00", "EUR"))
        known = known.add(Subscription.start(attrs.evolve(FEE, prices_include_tax=True), id="S", on=MONTH))
        draft = bill(known, through=MONTH, rules=rules).invoice
        assert [(str(line.list_amount), line.prices_include_tax) for line in draft.lines] == [("26.00", True), ("4.00", True)]
        assert draft.totals.payable == Money("30.00", "EUR")
        assert settles(known, rules)

    @pytest.mark.parametrize(("number", "expected"), [(1, ("17.00", 9, START)), (2, ("14.00", 5, CHANGE))])
    def test_on_the_days_of_supply(self, number, expected):
        """What is taken back of December's part bears December's rate, and of January's part January's."""
        rules = rulebook(tax=LT_VAT, tax_point=DayOfSupply())
        known = taken_back(run(snapshot(Subscription.start(BOOKS, id="S", on=START)), START, rules), number, on=START)
        (line,) = coming(known, rules, START)
        assert (str(line.net_amount), line.treatment.rate, line.tax_point) == expected
        assert settles(known, rules, START)


@given(
    st.sampled_from([AtIssue(), AtPeriodEnd(), AtPayment(date(2025, 12, 20)), DayOfSupply()]),
    st.sampled_from([EntryKind.CORRECTION, EntryKind.GOODWILL]),
    st.integers(0, 16),
    st.integers(1, 14),
)
@example(AtPeriodEnd(), EntryKind.CORRECTION, 5, 5)
def test_a_line_states_the_day_whose_rate_it_bears(rule, kind, first, length):
    """Whichever days were credited, the line that takes the credit back bears the rate of the tax point that it states."""
    rules = rulebook(tax=LT_VAT, tax_point=rule)
    known = run(snapshot(Subscription.start(BOOKS, id="S", on=START)), START, rules)
    start = START + timedelta(days=first)
    days = Period(start, min(start + timedelta(days=length), known.invoices[0].lines[0].period.end))
    (line,) = coming(taken_back(known, kind=kind, on=START, days=days), rules, START)
    assert line.list_amount == days.days
    assert line.treatment.rate == (9 if line.tax_point < CHANGE else 5)


class TestOwedNoMore:
    """A line that nothing here owes, such as one of another system, is taken back as it was."""

    @pytest.mark.parametrize("inclusive", [False, True])
    def test_a_line_of_another_system(self, inclusive):
        """Its rate, its kind of price and its tax point stay, and where each due day has a document, its first day served is one."""
        period, five = Period(date(2026, 2, 1), MONTH), TaxTreatment(TaxCategory.STANDARD, 5)
        subscription = Subscription.start(FEE, id="S", on=MONTH)
        known = snapshot(subscription)
        foreign = imported_invoice(
            number="OLD-1", on=date(2026, 2, 3), due=MONTH, account_id="A-1", currency="EUR", seller=SELLER, buyer=known.account.holder,
            lines=[ForeignLine(name="Visit", period=period, treatment=five, price="10.50")], prices_include_tax=inclusive,
        )  # fmt: skip
        known = taken_back(known.add(foreign))
        rules = rulebook(tax=LT_VAT, seller=SELLER, catch_up=CatchUp.PER_PERIOD)
        result = bill(known, through=MONTH, rules=rules)
        assert [[str(line.list_amount) for line in draft.lines] for draft in result.invoices] == [["10.50"], ["30.00"]]
        (line,) = result.invoices[0].lines
        assert (line.treatment, line.prices_include_tax, line.tax_point) == (five, inclusive, date(2026, 2, 3))
        assert str(line.net_amount) == ("10.00" if inclusive else "10.50")
        assert settles(known, rules)


@given(st.lists(st.integers(1, 750), min_size=1, max_size=4), st.integers(0, 4000))
def test_after_credits_are_taken_back_what_is_owed_is_billed(corrections, price):
    """Corrections that are taken back while the price changes leave what is owed, in one run, whatever they come to."""
    known = run(snapshot(Subscription.start(FEE, id="S", on=MONTH)), MONTH)
    invoice = known.invoices[0]
    for number, cents in enumerate(corrections):
        part = invoice.part(invoice.lines[0], net=Money(Decimal(cents).scaleb(-2), "EUR"))
        note = credit(known, part, kind=EntryKind.CORRECTION, reason="an error").issue(number=f"C-{number}", on=MONTH)
        known = known.add(note, Reinstatement(EntryRef(note.number, 1), MONTH, "it was none"))
    price = Decimal(price).scaleb(-2)
    known = known.add(known.subscriptions[0].override_price("base", price, recorded=MONTH))
    known = run(known, MONTH)
    billed = add_up(line.list_amount for document in known.invoices for line in document.lines)
    back = add_up(entry.list_amount for document in (*known.invoices, *known.credit_notes) for entry in document.entries)
    assert billed - back == price
    assert isinstance(bill(known, through=MONTH, rules=rulebook()), NothingDue)
