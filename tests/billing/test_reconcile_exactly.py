"""What a run adds where something was billed before: figures worked out by hand, to the line, the day and the cent."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import Money, Plan, Subscription, bill, credit
from billing_domain.accounts import TaxProfile
from billing_domain.billing import AtIssue, AtPeriodEnd, NothingDue, Settings, rate, reconcile
from billing_domain.billing.treatments import Treatments
from billing_domain.catalog import Flat, PerUnit, RecurringCharge
from billing_domain.invoicing import EntryKind, History
from billing_domain.periods import BillingCycle, FixedDays, Frequency
from billing_domain.presets import LT_EU_VAT, LT_VAT
from billing_domain.reasons import Reason
from billing_domain.tax import TaxClass
from feature_host import issued, net_by_key, rulebook, run, snapshot

MONTH, NEXT = date(2026, 3, 1), date(2026, 4, 1)
FEE = Plan("fee", 1, "Fee", "EUR", [RecurringCharge("base", "Fee", "31.00")])
"""A euro a day in March."""
ELEVENTH, SIXTEENTH, LAST_THIRD = date(2026, 3, 11), date(2026, 3, 16), date(2026, 3, 21)


def priced(*prices, plan=FEE, on=MONTH):
    """Return a subscription whose price changes on these days."""
    found = Subscription.start(plan, id="S", on=on)
    for first, price in prices:
        found = found.override_price("base", price, on=first)
    return found


def again(was, now, rules=None):
    """Return what is billed for March as it turns out to have been, after it was billed as it seemed."""
    return bill(run(snapshot(was), MONTH, rules).add(now), through=MONTH, rules=rules or rulebook())


def lines_of(result):
    """Return amount and days of each new line."""
    return [(str(line.list_amount), line.period.start, line.period.end) for draft in result.invoices for line in draft.lines]


def entries_of(result):
    """Return the credit entries of a result."""
    return [entry for document in (*result.invoices, *result.credit_notes) for entry in document.entries]


def credited(known, amount, kind=EntryKind.CORRECTION, number="C-1"):
    """Return what is known after a person credited some of the first line."""
    invoice = known.invoices[0]
    part = invoice.part(invoice.lines[0], net=Money(amount, "EUR"))
    return known.add(credit(known, part, kind=kind, reason="a person says so").issue(number=number, on=invoice.on))


class TestLines:
    """How an amount becomes lines."""

    def test_a_price_that_changes_makes_a_line_of_each_part(self):
        """Fifteen days at one euro and sixteen at two are two lines, not one."""
        result = bill(snapshot(priced((SIXTEENTH, "62.00"))), through=MONTH, rules=rulebook())
        assert lines_of(result) == [("15.00", MONTH, SIXTEENTH), ("32.00", SIXTEENTH, NEXT)]

    def test_two_rises_are_two_lines(self):
        """Ten days cost one euro more, and eleven cost two more: 10.00 and 22.00, each with its days."""
        result = again(priced(), priced((ELEVENTH, "62.00"), (LAST_THIRD, "93.00")))
        assert lines_of(result) == [("10.00", ELEVENTH, LAST_THIRD), ("22.00", LAST_THIRD, NEXT)]
        assert result.pending == ()

    def test_two_small_rises_are_two_lines_too(self):
        """Five cents a day for ten days and ten for eleven: 0.50 and 1.10."""
        result = again(priced(), priced((ELEVENTH, "32.55"), (LAST_THIRD, "34.10")))
        assert lines_of(result) == [("0.50", ELEVENTH, LAST_THIRD), ("1.10", LAST_THIRD, NEXT)]

    def test_days_that_cost_the_same_otherwise_are_a_line_at_nothing(self):
        """Ten days by the unit at the same price change nothing, and do not hide in the line of those that cost more."""
        result = again(priced(), priced((ELEVENTH, PerUnit("31.00")), (LAST_THIRD, "62.00")))
        assert lines_of(result) == [("0.00", ELEVENTH, LAST_THIRD), ("11.00", LAST_THIRD, NEXT)]

    def test_a_rise_and_a_fall_are_one_line(self):
        """Ten days cost one euro more and eleven half a euro less: no line is below nothing, so one line of 4.50 says both."""
        result = again(priced(), priced((ELEVENTH, "62.00"), (LAST_THIRD, "15.50")))
        assert lines_of(result) == [("4.50", ELEVENTH, NEXT)]
        assert [piece.exact for piece in result.invoice.lines[0].facts.pieces] == [Decimal("10.00"), Decimal("-5.50")]

    @pytest.mark.parametrize("now", ["31.50", "30.50"])
    def test_half_a_euro_is_billed_or_comes_back(self, now):
        """A difference below one euro is a difference."""
        result = again(priced(), priced((MONTH, now)))
        assert [amount for amount, *_ in lines_of(result)] == (["0.50"] if now == "31.50" else [])
        assert [str(entry.list_amount) for entry in entries_of(result)] == ([] if now == "31.50" else ["0.50"])

    @pytest.mark.parametrize(("days", "of", "amount"), [(None, 31, "5.00"), (30, 30, "5.17")])
    def test_days_that_neither_was_cut_at_go_by_the_convention(self, days, of, amount):
        """Billed as dearer from the sixteenth, it was so from the eleventh: five days of thirty-one, or of thirty."""
        rules = rulebook() if days is None else rulebook(proration=FixedDays(days))
        result = again(priced((SIXTEENTH, "62.00")), priced((ELEVENTH, "62.00")), rules)
        assert lines_of(result) == [(amount, ELEVENTH, SIXTEENTH)]
        (piece,) = result.invoice.lines[0].facts.pieces
        assert (piece.part, piece.of) == (5, of)

    def test_days_of_a_year_that_a_change_began_go_by_the_whole_year(self):
        """A year from 1 March costs a euro a day; what was dearer from June was so from May: 31 days of 365, not of 306."""
        month, year = (Plan(each.unit.value, 1, "Plan", "EUR", [RecurringCharge("base", "Fee", "365.00")], each) for each in (
            Frequency.monthly(), Frequency.yearly(),
        ))  # fmt: skip
        base = Subscription.start(month, id="S", on=date(2026, 1, 1)).change_plan(year, on=MONTH)
        june, may = (base.override_price("base", "730.00", on=date(2026, number, 1)) for number in (6, 5))
        known = snapshot(june)
        for on in (date(2026, 1, 1), date(2026, 2, 1), MONTH):
            known = run(known, on)
        result = bill(known.add(may), through=MONTH, rules=rulebook())
        assert lines_of(result) == [("31.00", date(2026, 5, 1), date(2026, 6, 1))]


class TestReversals:
    """How what is owed no more comes back."""

    def test_reconciling_numbers_reversals_and_says_why(self):
        """Three months that are owed no more are reversals 1, 2 and 3, because less is owed; nothing is left over."""
        subscription = priced()
        known = snapshot(subscription)
        for month in (3, 4, 5):
            known = run(known, date(2026, month, 1))
        gone, on, rules = known.add(subscription.cancel(on=MONTH)), date(2026, 5, 1), rulebook()
        using = Settings("EUR", Decimal("0.01"), on, True, on, date.min, rules, Treatments(rules).of(known.account))
        found = reconcile(rate(gone, through=on, rules=rules), History(gone), using)
        assert [(entry.number, str(entry.list_amount)) for entry in found.reversals] == [(1, "31.00"), (2, "31.00"), (3, "31.00")]
        assert {entry.reason for entry in found.reversals} == {Reason("owed-less")}
        assert (found.rows, found.pending, found.beyond) == ([], [], {})

    def test_a_period_of_another_length_is_another_service_at_the_same_price(self):
        """A month that turns out to have been a year comes back whole though the year costs the same."""
        plans = [Plan(each.unit.value, 1, "Plan", "EUR", [RecurringCharge("base", "Fee", "10.00")], each) for each in (
            Frequency.monthly(), Frequency.yearly(),
        )]  # fmt: skip
        month, year = (Subscription.start(plan, id="S", on=MONTH, cycle=BillingCycle.anniversary()) for plan in plans)
        result = again(month, year)
        assert lines_of(result) == [("10.00", MONTH, date(2027, 3, 1))]
        (entry,) = entries_of(result)
        assert (str(entry.list_amount), entry.facts.slot_end) == ("10.00", NEXT)
        assert [(str(piece.working.total), str(piece.instead_of.total)) for piece in entry.facts.pieces] == [("0", "10.00")]


class TestTaxedOtherwise:
    """A line whose tax is not what it should have been comes back whole, and stands anew, also where its amount stays."""

    BOOKS = Plan("books", 1, "Books", "EUR", [RecurringCharge("base", "Books", "31.00", tax=TaxClass.BOOKS)])

    def test_a_buyer_who_was_a_business_all_along(self):
        """The buyer of another member state owes the tax: 31.00 at 9 percent come back and stand as a reverse charge."""
        rules = rulebook(tax=LT_EU_VAT, seller=attrs.evolve(rulebook().seller, vat_id="LT100000000001"))
        on = date(2025, 12, 15)
        known = run(snapshot(Subscription.start(self.BOOKS, id="S", on=on)), on, rules)
        profile = TaxProfile(date(2025, 1, 1), vat_id="LV40000000000", country="LV")
        known = attrs.evolve(known, account=attrs.evolve(known.account, tax_profiles=[profile]))
        result = bill(known, through=on, rules=rules)
        assert [(str(entry.net_amount), str(entry.tax_amount)) for entry in entries_of(result)] == [("31.00", "2.79")]
        assert [(str(line.net_amount), line.treatment.category.value) for line in result.invoice.lines] == [("31.00", "AE")]

    def test_a_price_that_contained_the_tax_all_along(self):
        """31.00 without tax become 31.00 with it: the first come back with their tax, the second stand."""
        inclusive = attrs.evolve(self.BOOKS, prices_include_tax=True)
        rules = rulebook(tax=LT_VAT)
        result = again(Subscription.start(self.BOOKS, id="S", on=MONTH), Subscription.start(inclusive, id="S", on=MONTH), rules)
        assert [(str(entry.net_amount), str(entry.tax_amount)) for entry in entries_of(result)] == [("31.00", "1.55")]
        draft = result.invoice
        assert draft.prices_include_tax
        assert [(str(line.list_amount), str(line.net_amount)) for line in draft.lines] == [("31.00", "29.52")]

    def test_another_rule_for_the_tax_point(self):
        """Taxed at 9 percent on the day of issue, it bears 5 once the last day served counts."""
        on = date(2025, 12, 15)
        known = run(snapshot(Subscription.start(self.BOOKS, id="S", on=on)), on, rulebook(tax=LT_VAT, tax_point=AtIssue()))
        result = bill(known, through=on, rules=rulebook(tax=LT_VAT, tax_point=AtPeriodEnd()))
        assert [(str(entry.net_amount), str(entry.tax_amount)) for entry in entries_of(result)] == [("31.00", "2.79")]
        assert [(str(line.net_amount), line.treatment.rate, line.tax_point) for line in result.invoice.lines] == [
            ("31.00", 5, date(2026, 1, 14))
        ]


class TestCorrections:
    """What people credited holds down what is billed."""

    def test_a_small_correction_holds_as_well(self):
        """Half a euro that a person took off is not billed back, and is reported."""
        known = credited(run(snapshot(priced()), MONTH), "0.50")
        result = bill(known, through=MONTH, rules=rulebook())
        assert isinstance(result, NothingDue)
        assert [(row.key, str(row.amount.amount)) for row in result.pending] == [(("S", "base", MONTH), "0.50")]

    def test_what_rises_by_more_is_billed_beyond_the_correction(self):
        """Of 32.00 owed and 30.50 billed, 0.50 stay held and a euro is billed."""
        result = bill(credited(run(snapshot(priced()), MONTH), "0.50").add(priced((MONTH, "32.00"))), through=MONTH, rules=rulebook())
        assert [amount for amount, *_ in lines_of(result)] == ["1.00"]
        assert [str(row.amount_held) for row in result.pending] == ["0.50"]


days_and_cents = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10_000)), max_size=4, unique_by=lambda pair: pair[0])


@given(days_and_cents, days_and_cents)
def test_one_run_ends_where_the_price_turns_out_to_have_been(was, now):
    """However a month was priced when it was billed, after the next run it is billed at the sum of its days as priced now."""

    def subscription(changes):
        return priced(*[(date(2026, 3, 1 + offset), Flat(Decimal(cents).scaleb(-2))) for offset, cents in sorted(changes)])

    def total(changes):
        held = {0: 3100} | dict(changes)
        price, sum_of_days = 0, Decimal(0)
        for offset in range(31):
            price = held.get(offset, price)
            sum_of_days += price
        return (sum_of_days / 3100).quantize(Decimal("0.01"), "ROUND_HALF_UP")

    known = run(snapshot(subscription(was)), MONTH)
    result = bill(known.add(subscription(now)), through=MONTH, rules=rulebook())
    known = known if isinstance(result, NothingDue) else issued(known, result, MONTH)
    assert net_by_key(known).get(("S", "base", MONTH), Decimal(0)) == total(now)
    if not isinstance(result, NothingDue):
        assert result.pending == ()
        assert all(line.list_amount >= 0 for draft in result.invoices for line in draft.lines)
        assert [entry.number for note in result.credit_notes for entry in note.entries] == [
            number for note in result.credit_notes for number in range(1, len(note.entries) + 1)
        ]
