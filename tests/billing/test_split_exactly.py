"""Keys that are cut where the rate of tax changes, worked out by hand: the day of supply is the tax point."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from billing_domain import Money, Plan, Subscription, bill, credit
from billing_domain.accounts import Party, TaxProfile
from billing_domain.billing import AtIssue, AtPeriodEnd, DayOfSupply, NothingDue, Settings, rate
from billing_domain.billing.rates import parts_by_rate
from billing_domain.billing.treatments import Treatments
from billing_domain.catalog import RecurringCharge
from billing_domain.invoicing import EntryKind, EntryRef, Reinstatement
from billing_domain.periods import Period
from billing_domain.presets import LT_EU_VAT, LT_VAT
from billing_domain.tax import TaxCategory, TaxClass, TaxTreatment
from feature_host import issued, rulebook, run, snapshot

START, CHANGE, END = date(2025, 12, 15), date(2026, 1, 1), date(2026, 1, 15)
"""Seventeen days at 9 percent and fourteen at 5, at a euro a day."""
BOOKS = Plan("books", 1, "Books", "EUR", [RecurringCharge("base", "Books", "31.00", tax=TaxClass.BOOKS)])
RULES = rulebook(tax=LT_VAT, tax_point=DayOfSupply())


def started():
    """Return the subscription of these days."""
    return Subscription.start(BOOKS, id="S", on=START)


def lines_of(result):
    """Return amount, rate and first day of each new line."""
    return [(str(line.list_amount), line.treatment.rate, line.period.start) for draft in result.invoices for line in draft.lines]


def entries_of(result):
    """Return the credit entries of a result."""
    return [entry for document in (*result.invoices, *result.credit_notes) for entry in document.entries]


class Daily:
    """A tax policy whose rate changes on three days, twice for one day only."""

    code = "test:daily"

    def treat(self, supply):
        """Return the rate of the day."""
        rates = [(date(2026, 1, 14), "3"), (date(2026, 1, 2), "5"), (CHANGE, "7"), (date.min, "9")]
        return TaxTreatment(TaxCategory.STANDARD, next(found for first, found in rates if supply.tax_point >= first))


def test_each_part_has_its_days_as_a_share_of_all():
    """Seventeen, one, twelve and one day of thirty-one, each at its own rate."""
    rules = rulebook(tax=Daily(), tax_point=DayOfSupply())
    known = snapshot(started())
    (owed,) = rate(known, through=START, rules=rules).values()
    using = Settings("EUR", Decimal("0.01"), START, False, START, date.min, rules, Treatments(rules).of(known.account))
    found = [(part.treatment.rate, str(part.owed[0].amount), piece) for part in parts_by_rate(owed, using) for piece in part.owed[0].pieces]
    assert [(share, amount) for share, amount, _ in found] == [(9, "17.00"), (7, "1.00"), (5, "12.00"), (3, "1.00")]
    assert [(piece.start, piece.end, piece.part, piece.of) for *_, piece in found] == [
        (START, CHANGE, 17, 31),
        (CHANGE, date(2026, 1, 2), 1, 31),
        (date(2026, 1, 2), date(2026, 1, 14), 12, 31),
        (date(2026, 1, 14), END, 1, 31),
    ]


def test_what_bears_one_rate_does_not_hide_what_follows():
    """Of three charges, each is billed, whichever comes first: those of one rate whole, the one of two in two parts."""
    fees = [RecurringCharge(code, "Fee", "31.00") for code in ("first", "second")]
    plan = attrs.evolve(BOOKS, charges=[fees[0], BOOKS.charges[0], fees[1]])
    result = bill(snapshot(Subscription.start(plan, id="S", on=START)), through=START, rules=RULES)
    assert sorted(lines_of(result)) == [("14.00", 5, CHANGE), ("17.00", 9, START), ("31.00", 21, START), ("31.00", 21, START)]


def test_days_that_turn_out_to_be_others_bear_their_own_rate():
    """Billed for January, served in December: the 14.00 at 5 percent come back whole, and 17.00 stand at 9."""
    january = snapshot(started().pause(on=START).resume(on=CHANGE))
    known = run(january, CHANGE, RULES)
    assert [(str(line.list_amount), line.treatment.rate) for line in known.invoices[0].lines] == [("14.00", 5)]
    known = known.add(started().pause(on=CHANGE))
    result = bill(known, through=CHANGE, rules=RULES)
    assert lines_of(result) == [("17.00", 9, START)]
    (entry,) = entries_of(result)
    assert (str(entry.net_amount), str(entry.tax_amount)) == ("14.00", "0.70")
    (piece,) = entry.facts.pieces
    assert (piece.start, piece.end, str(piece.working.total), str(piece.instead_of.total)) == (CHANGE, END, "0", "31.00")
    assert entry.facts.exact == Decimal("-14.00")


def test_of_two_parts_the_one_that_is_owed_no_more_comes_back():
    """Billed for both and served in January only: December's part comes back at its rate, though January's is the newer line."""
    known = run(snapshot(started()), START, RULES).add(started().pause(on=START).resume(on=CHANGE))
    result = bill(known, through=START, rules=RULES)
    assert lines_of(result) == []
    assert [(entry.ref.line, str(entry.net_amount), str(entry.tax_amount)) for entry in entries_of(result)] == [(1, "17.00", "1.53")]


class TestCredited:
    """What a person credited is not billed back because the tax turns out to be another."""

    @pytest.mark.parametrize("rule", [AtIssue(), AtPeriodEnd(), DayOfSupply()])
    @pytest.mark.parametrize("number", [0, -1])
    @pytest.mark.parametrize(("kind", "held"), [(EntryKind.CORRECTION, ["4.00"]), (EntryKind.GOODWILL, [])])
    def test_on_what_becomes_a_reverse_charge(self, rule, number, kind, held):
        """Of 31.00 with 4.00 credited, 27.00 come back and stand anew; a correction of 4.00 is reported as held."""
        rules = rulebook(tax=LT_EU_VAT, tax_point=rule, seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"))
        known = run(snapshot(started()), START, rules)
        invoice = known.invoices[0]
        part = invoice.part(invoice.lines[number], net=Money("4.00", "EUR"))
        known = known.add(credit(known, part, kind=kind, reason="late").issue(number="C-1", on=START))
        profile = TaxProfile(date(2025, 1, 1), vat_id="LV40000000000", country="LV")
        known = attrs.evolve(known, account=attrs.evolve(known.account, tax_profiles=[profile]))
        result = bill(known, through=START, rules=rules)
        assert [(str(line.list_amount), line.treatment.category.value) for line in result.invoice.lines] == [("27.00", "AE")]
        assert sum(entry.list_amount for entry in entries_of(result)) == 27
        assert [str(row.amount_held) for row in result.pending] == held
        assert isinstance(bill(issued(known, result, START), through=START, rules=rules), NothingDue)

    def test_on_what_becomes_two_parts(self):
        """A reverse charge that was none: the correction of 4.00 holds down the part in which the line begins."""
        rules = rulebook(tax=LT_EU_VAT, tax_point=DayOfSupply(), seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"))
        private = snapshot(started())
        profile = TaxProfile(date(2025, 1, 1), vat_id="LV40000000000", country="LV")
        known = run(attrs.evolve(private, account=attrs.evolve(private.account, tax_profiles=[profile])), START, rules)
        invoice = known.invoices[0]
        part = invoice.part(invoice.lines[0], net=Money("4.00", "EUR"))
        known = known.add(credit(known, part, kind=EntryKind.CORRECTION, reason="an error").issue(number="C-1", on=START))
        known = attrs.evolve(known, account=private.account)
        result = bill(known, through=START, rules=rules)
        assert lines_of(result) == [("13.00", 9, START), ("14.00", 5, CHANGE)]
        assert [str(entry.list_amount) for entry in entries_of(result)] == ["27.00"]
        assert [str(row.amount_held) for row in result.pending] == ["4.00"]
        assert isinstance(bill(issued(known, result, START), through=START, rules=rules), NothingDue)

    def test_in_another_part_and_taken_back_holds_nothing(self):
        """A credit on January's days of an undivided line, taken back as the days of supply begin to count, leaves 17.00 and 14.00."""
        known = run(snapshot(started()), START, rulebook(tax=LT_VAT))
        invoice = known.invoices[0]
        part = invoice.part(invoice.lines[0], days=Period(CHANGE, date(2026, 1, 5)))
        note = credit(known, part, kind=EntryKind.CORRECTION, reason="an error").issue(number="C-1", on=START)
        known = known.add(note, Reinstatement(EntryRef("C-1", 1), START, "it was none"))
        first = bill(known, through=START, rules=RULES)
        assert lines_of(first) == [("14.00", 5, CHANGE), ("4.00", 5, CHANGE)]
        assert [(str(entry.list_amount), entry.treatment.rate) for entry in entries_of(first)] == [("14.00", 9)]
        known = issued(known, first, START)
        second = bill(known, through=START, rules=RULES)
        assert lines_of(second) == [("4.00", 9, START)]
        assert [(str(entry.list_amount), entry.treatment.rate) for entry in entries_of(second)] == [("4.00", 5)]
        assert (first.pending, second.pending) == ((), ())
        known = issued(known, second, START)
        assert isinstance(bill(known, through=START, rules=RULES), NothingDue)
