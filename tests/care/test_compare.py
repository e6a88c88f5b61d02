"""Cheaper plans by billing the past again, and what if."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, bill, presets
from billing_domain.billing import NothingDue
from billing_domain.care.compare import compare_plans, exit_fee
from billing_domain.care.driver_model import DriverKind
from billing_domain.care.explanation_model import Detail
from billing_domain.care.what_if import next_bill, what_if
from billing_domain.catalog import Graduated, Meter, OneOffCharge, Phase, PhaseKind, RecurringCharge, Tier, UsageCharge
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.errors import InvalidTypeError, InvalidValueError, NoSuchResultError, UnknownReferenceError
from billing_domain.money import add_up
from billing_domain.periods import Frequency
from billing_domain.subscriptions.contract import Contract, DecliningFee, FlatFee
from billing_domain.tax import TaxClass

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
CALLS = Meter("calls", "min")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
RULES = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)


def plan(code, fee, included=10, price="1.50", extra=(), **more):
    """Return a plan with a fee and data beyond an allowance."""
    data = UsageCharge("data", "Mobile data", DATA, Graduated([Tier(included, 0), Tier(None, price)]))
    return Plan(code, 1, code.title(), "EUR", [RecurringCharge("base", "Monthly fee", fee), data, *extra], **more)


SMALL, LARGE = plan("small", "9.90"), plan("large", "19.90", included=50)
START = Subscription.start(SMALL, id="S-1", on=date(2025, 1, 1))
TODAY = date(2026, 6, 30)


def used(*quantities, year=2025, month=7):
    """Return usage of one month after the other."""
    found = []
    for number, quantity in enumerate(quantities):
        at = datetime(year + (month - 1 + number) // 12, (month - 1 + number) % 12 + 1, 12, 18, tzinfo=VILNIUS)
        found.append(UsageRecord(f"U-{number:02}", "S-1", DATA, quantity, at))
    return found


YEAR = used(*[30] * 11, 5)


class TestComparePlans:
    """The same engine bills past usage on each plan."""

    def test_saving(self):
        """Eleven months of 30 GB and one of 5: the larger plan saves 11 times 20.00 and costs 10.00 once, plus tax."""
        snapshot = AccountSnapshot(ONA, [START], usage=YEAR)
        (choice,) = compare_plans(snapshot, [SMALL, LARGE], as_of=TODAY, rules=RULES)
        assert choice.plan == LARGE
        assert choice.yearly_cost == Money("543.05", "EUR")
        assert choice.yearly_saving == Money("254.10", "EUR")
        assert (choice.worst_month, choice.best_month) == (Money("-12.10", "EUR"), Money("24.20", "EUR"))
        assert (choice.exit_fee, choice.setup, choice.discounts_lost, choice.break_even) == (*[Money(0, "EUR")] * 3, 0)

    def test_order(self):
        """The largest saving comes first, what costs more comes last and never breaks even."""
        huge = plan("huge", "99.00", included=500)
        found = compare_plans(AccountSnapshot(ONA, [START], usage=YEAR), [huge, LARGE], as_of=TODAY, rules=RULES)
        assert [choice.plan.code for choice in found] == ["large", "huge"]
        assert (found[1].break_even, found[1].saving_amount < 0) == (None, True)

    def test_plans_that_do_not_fit(self):
        """A plan in another currency, one that does not count what was used, and the plan itself are left out."""
        other = attrs.evolve(LARGE, code="dollar", currency="USD")
        blind = Plan("blind", 1, "Blind", "EUR", [RecurringCharge("base", "Monthly fee", "1.00")])
        assert compare_plans(AccountSnapshot(ONA, [START], usage=YEAR), [SMALL, other, blind], as_of=TODAY, rules=RULES) == []

    def test_exit_fee_and_setup(self):
        """Fee and setup lie within the saving, and are paid for after so many months."""
        contract = Contract(date(2026, 1, 1), Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD))
        bound = attrs.evolve(START, contract=contract)
        fresh = plan("large", "19.90", included=50, extra=[OneOffCharge("setup", "Setup", "10.00")])
        (choice,) = compare_plans(AccountSnapshot(ONA, [bound], usage=YEAR), [fresh], as_of=TODAY, rules=RULES)
        assert (choice.exit_fee, choice.setup) == (Money("60.50", "EUR"), Money("12.10", "EUR"))
        assert choice.yearly_saving == Money("181.50", "EUR")
        assert (choice.break_even, choice.exit_net, choice.term_end, choice.remaining_days) == (4, 50, date(2027, 1, 1), 184)

    def test_discounts_that_are_lost(self):
        """A discount for one plan only is lost, and lost within the saving."""
        grant = Grant(
            "G-1", "acme:s@1", Percent(50), date(2025, 1, 1), scope=Scope(charges=["base"], plans=["small"]), name="Small for half"
        )
        (choice,) = compare_plans(AccountSnapshot(ONA, [START], usage=YEAR, grants=[grant]), [LARGE], as_of=TODAY, rules=RULES)
        assert choice.discounts_lost == Money("59.40", "EUR")
        assert choice.yearly_saving == Money("182.23", "EUR")

    def test_prices_of_ones_own(self):
        """What is in force now is compared, with its own price, whatever the plan was before."""
        own = START.change_plan(LARGE, on=date(2026, 1, 1)).override_price("base", "14.90", on=date(2026, 2, 1))
        (choice,) = compare_plans(AccountSnapshot(ONA, [own], usage=YEAR), [SMALL], as_of=TODAY, rules=RULES)
        assert choice.yearly_cost == Money("216.35", "EUR")

    def test_quantities_and_pauses(self):
        """Quantities and pauses of the past are those of the past."""
        grown = (
            START.change_quantity(2, on=date(2025, 3, 1))
            .pause(on=date(2025, 9, 1))
            .resume(on=date(2025, 11, 1))
            .change_quantity(3, on=date(2026, 7, 1))
        )
        (choice,) = compare_plans(AccountSnapshot(ONA, [grown]), [LARGE], as_of=TODAY, rules=RULES)
        assert choice.yearly_cost == Money("119.79", "EUR")

    def test_a_resuming_that_later_knowledge_made_idle(self):
        """A resuming inside the past, of a pause that was found to have ended before it, changes nothing."""
        paused = START.pause(on=date(2025, 5, 1)).resume(on=date(2025, 9, 1))
        served = paused.resume(on=date(2025, 5, 1), recorded=date(2025, 10, 1)).change_quantity(2, on=date(2025, 12, 1))
        (plain,) = compare_plans(AccountSnapshot(ONA, [START.change_quantity(2, on=date(2025, 12, 1))]), [LARGE], as_of=TODAY, rules=RULES)
        (choice,) = compare_plans(AccountSnapshot(ONA, [served]), [LARGE], as_of=TODAY, rules=RULES)
        assert choice.yearly_cost == plain.yearly_cost

    def test_young_subscription(self):
        """A past shorter than asked for is brought to a year by its days."""
        young = Subscription.start(SMALL, id="S-1", on=date(2026, 5, 1))
        (choice,) = compare_plans(AccountSnapshot(ONA, [young]), [plan("tiny", "4.90")], as_of=TODAY, rules=RULES)
        assert choice.yearly_saving == Money("72.40", "EUR")
        (half,) = compare_plans(AccountSnapshot(ONA, [START]), [plan("tiny", "4.90")], months=6, as_of=TODAY, rules=RULES)
        assert half.yearly_saving == Money("72.60", "EUR")

    def test_no_trial_twice(self):
        """A trial of the other plan counts for new customers, not for a change of plan."""
        trial = plan("trial", "19.90", included=50, phases=[Phase("trial", PhaseKind.TRIAL, Frequency.monthly())])
        (choice,) = compare_plans(AccountSnapshot(ONA, [START], usage=YEAR), [trial], as_of=TODAY, rules=RULES)
        assert choice.yearly_saving == Money("254.10", "EUR")

    def test_which_subscription(self):
        """Of several subscriptions one is named; add-ons are not asked about; one that is not in force is refused."""
        second = Subscription.start(LARGE, id="S-2", on=date(2026, 1, 1))
        both = AccountSnapshot(ONA, [START, second, START.add_on(SMALL, id="S-3", on=date(2026, 1, 1))])
        with pytest.raises(InvalidValueError, match="S-1, S-2"):
            compare_plans(both, [LARGE], as_of=TODAY, rules=RULES)
        (choice,) = compare_plans(both, [SMALL], as_of=TODAY, rules=RULES, subscription=second)
        assert choice.subscription == second
        with pytest.raises(UnknownReferenceError):
            compare_plans(both, [SMALL], as_of=date(2025, 12, 31), rules=RULES, subscription=second)
        with pytest.raises(UnknownReferenceError, match="in force"):
            compare_plans(both, [SMALL], as_of=date(2024, 12, 31), rules=RULES)

    def test_months(self):
        """At least one month is compared."""
        with pytest.raises(InvalidValueError, match="one month"):
            compare_plans(AccountSnapshot(ONA, [START]), [LARGE], months=0, as_of=TODAY, rules=RULES)

    def test_end_of_month(self):
        """A past that begins in a short month is no whole month, so it is brought to a year by its days."""
        (choice,) = compare_plans(AccountSnapshot(ONA, [START]), [LARGE], months=1, as_of=date(2026, 3, 30), rules=RULES)
        assert choice.saving_amount == Decimal("-156.29")

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.integers(0, 90), min_size=12, max_size=12))
    def test_saving_is_what_the_engine_bills(self, quantities):
        """The saving is the sum of twelve bills on one plan less the sum on the other, to a cent a bill."""
        usage = used(*quantities)
        (choice,) = compare_plans(AccountSnapshot(ONA, [START], usage=usage), [LARGE], as_of=TODAY, rules=RULES)
        monthly = [
            add_up((Decimal(fee), max(Decimal(quantity - included), Decimal(0)) * Decimal("1.50")))
            for fee, included in (("9.90", 10), ("19.90", 50))
            for quantity in quantities
        ]
        expected = (add_up(monthly[:12]) - add_up(monthly[12:])) * Decimal("1.21")
        assert abs(choice.saving_amount - expected) <= Decimal("0.01")


class TestExitFee:
    """What leaving early costs."""

    def test_none(self):
        """Nothing without contract, fee or term, in the cool-off, or after the term."""
        free = Contract(date(2026, 1, 1), Frequency.yearly())
        paid = Contract(date(2026, 1, 1), Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD), cool_off_days=14)
        assert exit_fee(START, TODAY) == 0
        assert exit_fee(attrs.evolve(START, contract=free), TODAY) == 0
        assert exit_fee(attrs.evolve(START, contract=paid), date(2027, 1, 1)) == 0
        assert exit_fee(attrs.evolve(START, contract=paid), date(2026, 1, 10)) == 0
        assert exit_fee(attrs.evolve(START, contract=paid), TODAY) == 50

    def test_remaining_term(self):
        """A fee that declines is worked out for the days that remain."""
        contract = Contract(date(2026, 1, 1), Frequency.yearly(), fee=DecliningFee(Money("365.00", "EUR"), tax=TaxClass.STANDARD))
        assert exit_fee(attrs.evolve(START, contract=contract), date(2026, 12, 1)) == Decimal("31.00")


class TestWhatIf:
    """Any change before it is made."""

    def known(self):
        """Return an account that was billed for June."""
        snapshot = AccountSnapshot(ONA, [Subscription.start(SMALL, id="S-1", on=date(2026, 6, 1))])
        return snapshot.add(bill(snapshot, through=date(2026, 6, 1), rules=RULES).invoice.issue(number="I-6", on=date(2026, 6, 1)))

    def test_equals_the_bill_that_comes(self):
        """What is shown before is what is billed after, and its drivers are the difference."""
        snapshot = self.known()
        (choice,) = compare_plans(snapshot, [LARGE], as_of=TODAY, rules=RULES)
        moved = choice.change(on=date(2026, 7, 1))
        effect = what_if(snapshot, moved, through=date(2026, 7, 1), rules=RULES)
        assert effect.after == bill(snapshot.add(moved), through=date(2026, 7, 1), rules=RULES)
        assert effect.difference == Money("12.10", "EUR")
        assert [(driver.kind, driver.amount) for driver in effect.explanation.drivers] == [(DriverKind.PLAN_CHANGE, effect.difference)]
        assert "12,10" in effect.explanation.text

    def test_several_changes(self):
        """Several facts are supposed at once, and the detail is that of the reader."""
        grant = Grant("G-1", "acme:s@1", Percent(10), date(2026, 7, 1), name="Summer")
        usage = UsageRecord("U-1", "S-1", DATA, 20, datetime(2026, 6, 5, tzinfo=VILNIUS))
        effect = what_if(self.known(), [grant, usage], through=date(2026, 7, 1), rules=RULES, locale="en_IE", detail=Detail.AGENT)
        assert {driver.kind for driver in effect.explanation.drivers} == {DriverKind.OVERAGE, DriverKind.DISCOUNT_STARTED}

    def test_from_nothing(self):
        """Where nothing would be billed, the change is a first bill; where nothing is left, the explanation says so."""
        empty = AccountSnapshot(ONA)
        fresh = Subscription.start(SMALL, id="S-1", on=date(2026, 7, 1))
        effect = what_if(empty, fresh, through=date(2026, 7, 1), rules=RULES)
        assert effect.difference == Money("11.98", "EUR")
        assert [driver.kind for driver in effect.explanation.drivers] == [DriverKind.SERVICE_ADDED]
        assert effect.explanation.summary.replace("\xa0", " ") == "Sąskaita būtų 11,98 € didesnė: Monthly fee: nauja paslauga"
        known = self.known()
        gone = what_if(known, known.subscriptions[0].cancel(on=date(2026, 7, 1)), through=date(2026, 7, 1), rules=RULES)
        assert gone.difference == Money("-11.98", "EUR")
        assert gone.explanation.summary.replace("\xa0", " ") == "Sąskaita būtų 11,98 € mažesnė: Monthly fee: paslaugos nebėra"
        assert "Po pakeitimo" in gone.explanation.waterfall()
        assert gone.explanation.difference == Money("-11.98", "EUR")
        assert gone.explanation.text.endswith("\n\nKol kas mokėti nieko nereikės.")
        same = what_if(known, [], through=date(2026, 7, 1), rules=RULES).explanation
        assert (same.summary, same.drivers) == ("Sąskaita būtų tokia pati", ())
        assert what_if(empty, [], through=date(2026, 7, 1), rules=RULES).explanation.summary == "Sąskaita būtų tokia pati"

    def test_credit(self):
        """A change that ends in a credit note lowers the difference by it."""
        known = self.known()
        gone = what_if(known, known.subscriptions[0].cancel(on=date(2026, 6, 16)), through=date(2026, 6, 20), rules=RULES)
        assert gone.difference == Money("-5.99", "EUR")
        assert gone.explanation.title == "Kreditinė sąskaita prie sąskaitos I-6"

    def test_bad_input(self):
        """What a snapshot does not hold is refused, and a halted run has no difference."""
        with pytest.raises(InvalidTypeError):
            what_if(self.known(), "cheaper", through=TODAY, rules=RULES)
        stray = UsageRecord("U-1", "S-1", CALLS, 1, datetime(2026, 6, 5, tzinfo=VILNIUS))
        halted = what_if(self.known(), stray, through=date(2026, 7, 1), rules=RULES)
        with pytest.raises(NoSuchResultError):
            _ = halted.difference
        with pytest.raises(NoSuchResultError):
            _ = halted.explanation


class TestNextBill:
    """The next bill foreseen."""

    def test_foreseen(self):
        """It is what bill answers on the next day on which something falls due."""
        known = TestWhatIf().known()
        assert next_bill(known, as_of=date(2026, 6, 10), rules=RULES).invoice.totals.payable == Money("11.98", "EUR")

    def test_nothing(self):
        """Where nothing will fall due, nothing is foreseen."""
        assert isinstance(next_bill(AccountSnapshot(ONA), as_of=TODAY, rules=RULES), NothingDue)
