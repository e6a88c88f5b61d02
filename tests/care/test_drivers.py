"""Drivers: why one bill differs from another, exactly."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, bill, credit, presets
from billing_domain.care.driver_model import Driver, DriverKind, Responsible, published_order
from billing_domain.care.driver_tariffs import Charge
from billing_domain.care.drivers import drivers_between, first_bill, whole_units
from billing_domain.care.explanation import Detail, explain
from billing_domain.catalog import (
    Bounded,
    CommitmentCharge,
    Graduated,
    Meter,
    OneOffCharge,
    PerUnit,
    RecurringCharge,
    Stairstep,
    Step,
    Tier,
    Timing,
    UsageCharge,
    Volume,
    Working,
)
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.errors import CurrencyMismatchError, InvalidTypeError, InvalidValueError
from billing_domain.invoicing import (
    DocumentCharge,
    EntryKind,
    EntryRef,
    ForeignLine,
    Reinstatement,
    Totals,
    adjust,
    imported_invoice,
)
from billing_domain.money import add_up
from billing_domain.payments.fees import LATE_FEE
from billing_domain.periods import BillingCycle, Period
from billing_domain.subscriptions import Item, Order, Product
from billing_domain.tax import TaxCategory, TaxClass, TaxTreatment
from life import Life
from strategies import accounts, grants, plan_families, rulebooks, steps

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
HOME_FEE = RecurringCharge("base", "Monthly fee", "30.00")
TIERS = [Tier(10, 0), Tier(None, "1.50")]
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)


def home(code="home", fee="30.00", version=1, tiers=TIERS, extra=()):
    """Return a plan with a fee in advance and data in arrears."""
    charges = [RecurringCharge("base", "Monthly fee", fee), UsageCharge("data", "Mobile data", DATA, Graduated(tiers)), *extra]
    return Plan(code, version, code.title(), "EUR", charges)


def used(amount, month, number=1):
    """Return usage in a month of 2026."""
    return UsageRecord(f"U-{month}-{number}", "S-1", DATA, amount, datetime(2026, month, 12, 18, tzinfo=VILNIUS))


def played(subscription, usage=(), *, months=(3, 4), grants=(), rules=RULES, orders=(), before=lambda month, known: known):
    """Return the invoices of some months of 2026; every month is billed on its first day."""
    known = AccountSnapshot(ONA, [subscription], usage=usage, grants=grants, orders=orders)
    issued = []
    for month in range(subscription.start_on.month, months[-1] + 1):
        known = before(month, known)
        invoice = bill(known, through=date(2026, month, 1), rules=rules).invoice.issue(number=f"I-{month}", on=date(2026, month, 1))
        known = known.add(invoice)
        if month in months:
            issued.append(invoice)
    return issued


def difference(old, new):
    """Return by how much one bill is higher."""
    return new.totals.payable_amount - old.totals.payable_amount


def alone(old, new, kind):
    """Check that a kind bears the whole difference, and return its driver."""
    found = drivers_between(old, new)
    assert [driver.kind for driver in found] == [kind]
    assert found[0].change_amount == difference(old, new) != 0
    return found[0]


START = Subscription.start(home(), id="S-1", on=date(2026, 2, 1))


class TestOnePlantedChange:
    """A single change appears under its own driver, with the whole difference."""

    def test_usage_beyond_what_is_included(self):
        """Usage that was within the allowance last time is overage now."""
        driver = alone(*played(START, [used("9", 2), used("14.2", 3)]), DriverKind.OVERAGE)
        assert (driver.change_amount, driver.facts["over"], driver.facts["included"]) == (Decimal("7.62"), Decimal("4.2"), Decimal(10))

    def test_usage_without_allowance(self):
        """Where every unit is paid, more usage is usage."""
        plain = Subscription.start(home(tiers=[Tier(None, "0.50")]), id="S-1", on=date(2026, 2, 1))
        driver = alone(*played(plain, [used("12", 2), used("20", 3)]), DriverKind.USAGE)
        assert driver.change_amount == Decimal("4.84")

    def test_price_of_a_new_version(self):
        """A new version of the same plan is another price."""
        moved = START.change_plan(home(fee="33.00", version=2), on=date(2026, 4, 1))
        driver = alone(*played(moved, [used("1", 2), used("1", 3)]), DriverKind.PRICE)
        assert (driver.change_amount, driver.facts["before"], driver.facts["after"]) == (
            Decimal("3.63"),
            Decimal("30.00"),
            Decimal("33.00"),
        )

    def test_plan(self):
        """Another plan from the first day of a period is a plan change."""
        moved = START.change_plan(home("home-50", "20.00"), on=date(2026, 4, 1))
        assert alone(*played(moved, [used("1", 2), used("1", 3)]), DriverKind.PLAN_CHANGE).change_amount == Decimal("-12.10")

    def test_plan_within_a_period(self):
        """Days of the old plan that were billed come back under the way out."""
        moved = START.change_plan(home("home-50", "20.00"), on=date(2026, 3, 17))
        invoices = played(START, before=lambda month, known: known.add(moved) if month == 4 else known)
        kinds = {driver.kind for driver in drivers_between(*invoices)}
        assert kinds == {DriverKind.PLAN_CHANGE, DriverKind.PLAN_CHANGE_OUT}

    def test_dearer_plan_within_a_period(self):
        """Days of the new plan in a period that was billed come under the way in."""
        moved = START.change_plan(home("home-500", "45.00"), on=date(2026, 3, 17))
        invoices = played(START, before=lambda month, known: known.add(moved) if month == 4 else known)
        assert {driver.kind for driver in drivers_between(*invoices)} == {DriverKind.PLAN_CHANGE, DriverKind.PLAN_CHANGE_IN}

    def test_length_of_the_period(self):
        """A first part of a month is a matter of days."""
        late = Subscription.start(home(), id="S-1", on=date(2026, 3, 16))
        account = attrs.evolve(ONA, cycle=BillingCycle.calendar())
        known = AccountSnapshot(account, [late])
        first = bill(known, through=date(2026, 3, 16), rules=RULES).invoice.issue(number="I-1", on=date(2026, 3, 16))
        second = bill(known.add(first), through=date(2026, 4, 1), rules=RULES).invoice.issue(number="I-2", on=date(2026, 4, 1))
        driver = alone(first, second, DriverKind.PERIOD_LENGTH)
        assert (driver.facts["part_before"], driver.facts["of_before"]) == (16, 31)

    def test_units(self):
        """More units are a matter of quantity."""
        seats = Plan("team", 1, "Team", "EUR", [RecurringCharge("seats", "Seats", PerUnit("12.50"))])
        team = Subscription.start(seats, id="S-1", on=date(2026, 2, 1), quantity=3)
        driver = alone(*played(team.change_quantity(5, on=date(2026, 4, 1))), DriverKind.QUANTITY)
        assert (driver.change_amount, driver.facts["before"], driver.facts["after"]) == (Decimal("30.25"), Decimal(3), Decimal(5))

    def test_more_units_within_a_period(self):
        """Units that came in the middle of a billed period, and the whole period after it, are quantity."""
        seats = Plan("team", 1, "Team", "EUR", [RecurringCharge("seats", "Seats", PerUnit("12.50"))])
        team = Subscription.start(seats, id="S-1", on=date(2026, 2, 1), quantity=3)
        grown = team.change_quantity(5, on=date(2026, 3, 17))
        alone(*played(team, before=lambda month, known: known.add(grown) if month == 4 else known), DriverKind.QUANTITY)

    def test_fewer_units_within_a_period(self):
        """Units that went in the middle of a billed period are quantity too."""
        seats = Plan("team", 1, "Team", "EUR", [RecurringCharge("seats", "Seats", PerUnit("12.50"))])
        team = Subscription.start(seats, id="S-1", on=date(2026, 2, 1), quantity=3)
        fewer = team.change_quantity(2, on=date(2026, 3, 17))
        alone(*played(team, before=lambda month, known: known.add(fewer) if month == 4 else known), DriverKind.QUANTITY)

    def test_price_of_ones_own_within_a_period(self):
        """A price of one's own in the middle of a billed period is price."""
        dearer = START.override_price("base", "36.00", on=date(2026, 3, 17))
        alone(*played(START, before=lambda month, known: known.add(dearer) if month == 4 else known), DriverKind.PRICE)

    def test_discount_that_starts(self):
        """A grant that begins is a discount that started."""
        loyalty = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 4, 1), scope=Scope.recurring(), name="Loyalty")
        driver = alone(*played(START, grants=[loyalty]), DriverKind.DISCOUNT_STARTED)
        assert (driver.name, driver.change_amount) == ("Loyalty", Decimal("-3.63"))

    def test_discount_that_ends(self):
        """A grant that ends is a discount that ended."""
        spring = Grant("G-1", "acme:spring@1", Percent(10), date(2026, 2, 1), date(2026, 4, 1), scope=Scope.recurring(), name="Spring")
        assert alone(*played(START, grants=[spring]), DriverKind.DISCOUNT_ENDED).change_amount == Decimal("3.63")

    def test_discount_that_runs_out(self):
        """A grant whose limit leaves less than before has stepped."""
        limited = Grant("G-1", "acme:spring@1", Percent(10), date(2026, 2, 1), scope=Scope.recurring(), limit=Money("4.00", "EUR"))
        assert alone(*played(START, months=(2, 3), grants=[limited]), DriverKind.DISCOUNT_STEPPED).change_amount == Decimal("2.42")

    def test_price_under_a_standing_discount(self):
        """A price change under a discount that goes on is price alone, also where the share rounds otherwise."""
        loyalty = Grant("G-1", "acme:loyalty@1", Percent("33.3"), date(2026, 2, 1), scope=Scope.recurring(), name="Loyalty")
        dearer = START.override_price("base", "36.01", on=date(2026, 4, 1))
        alone(*played(dearer, grants=[loyalty]), DriverKind.PRICE)

    def test_usage_under_a_standing_discount(self):
        """Where there was nothing to take, a standing discount is no news."""
        everything = Grant("G-1", "acme:all@1", Percent(10), date(2026, 2, 1), name="All")
        alone(*played(START, [used("9", 2), used("14.2", 3)], grants=[everything]), DriverKind.OVERAGE)

    def test_discount_on_what_is_new(self):
        """A grant that begins with a service stands beside it with the list price."""
        spring = Grant("G-1", "acme:spring@1", Percent(50), date(2026, 4, 1), scope=Scope(charges=["tv"]), name="Spring")
        richer = home("home-tv", version=1, extra=[RecurringCharge("tv", "Television", "8.00")])
        invoices = played(START.change_plan(richer, on=date(2026, 4, 1)), grants=[spring])
        found = {driver.kind: driver.change_amount for driver in drivers_between(*invoices)}
        assert found == {DriverKind.PLAN_CHANGE: Decimal("9.68"), DriverKind.DISCOUNT_STARTED: Decimal("-4.84")}

    def test_service_under_a_standing_discount(self):
        """A service that is new under a discount that goes on counts at what it costs."""
        everything = Grant("G-1", "acme:all@1", Percent(10), date(2026, 2, 1), name="All")
        tv = Plan("tv", 1, "TV", "EUR", [RecurringCharge("tv", "Television", "8.00")])
        extra = Subscription.start(tv, id="S-2", on=date(2026, 4, 1))
        invoices = played(START, grants=[everything], before=lambda month, known: known.add(extra))
        assert alone(*invoices, DriverKind.SERVICE_ADDED).change_amount == Decimal("8.71")

    def test_service_that_is_added_and_removed(self):
        """A second subscription is a service added, and removed when it ends."""
        tv = Plan("tv", 1, "TV", "EUR", [RecurringCharge("tv", "Television", "8.00")])
        extra = Subscription.start(tv, id="S-2", on=date(2026, 4, 1)).cancel(on=date(2026, 5, 1))
        march, april, may = played(START, months=(3, 4, 5), before=lambda month, known: known.add(extra))
        assert alone(march, april, DriverKind.SERVICE_ADDED).change_amount == Decimal("9.68")
        assert alone(april, may, DriverKind.SERVICE_REMOVED).change_amount == Decimal("-9.68")

    def test_service_that_ended_within_a_period(self):
        """What comes back for a service that ended is the service removed."""
        tv = Plan("tv", 1, "TV", "EUR", [RecurringCharge("tv", "Television", "8.00")])
        extra = Subscription.start(tv, id="S-2", on=date(2026, 3, 1))
        ended = extra.cancel(on=date(2026, 3, 15))
        alone(*played(START, before=lambda month, known: known.add(extra if month == 3 else ended)), DriverKind.SERVICE_REMOVED)

    def test_sale_that_comes_and_goes(self):
        """Something sold once is on one bill only, and the same product on both bills is no difference."""
        router = Product("router", "Wi-Fi router", goods=True)
        orders = [Order("O-1", date(2026, 4, 1), [Item(router, "89.00")]), Order("O-2", date(2026, 5, 1), [Item(router, "89.00")])]
        march, april, may, june = played(START, months=(3, 4, 5, 6), orders=orders)
        assert alone(march, april, DriverKind.ONE_OFF).change_amount == Decimal("107.69")
        assert drivers_between(april, may) == ()
        assert alone(may, june, DriverKind.ONE_OFF).change_amount == Decimal("-107.69")

    def test_correction_and_goodwill(self):
        """Entries by people are told apart from each other."""
        march, april = played(START)
        known = AccountSnapshot(ONA, [START], invoices=[march])
        wrong = credit(known, march.part(march.line("base"), net=Money("3.00", "EUR")), kind=EntryKind.CORRECTION, reason="wrong price")
        assert [driver.kind for driver in drivers_between([march], [april, wrong])] == [DriverKind.CREDIT]
        nice = credit(known, march.part(march.line("base"), net=Money("3.00", "EUR")), kind=EntryKind.GOODWILL, reason="long wait")
        assert [driver.change_amount for driver in drivers_between([march], [april, nice])] == [Decimal("-3.63")]
        assert [driver.kind for driver in drivers_between([march], [april, nice])] == [DriverKind.GOODWILL]

    def test_credit_that_is_taken_back(self):
        """A line that takes a credit back is told as a credit, not as a service."""
        march, _ = played(START)
        known = AccountSnapshot(ONA, [START], invoices=[march])
        note = credit(known, march, kind=EntryKind.CORRECTION, reason="by mistake").issue(number="CN-1", on=date(2026, 3, 2))
        known = known.add(note, Reinstatement(EntryRef("CN-1", 1), on=date(2026, 3, 9), reason="the price was right"))
        again = bill(known, through=date(2026, 4, 1), rules=RULES).invoice
        assert DriverKind.CREDIT in {driver.kind for driver in drivers_between(march, again)}

    def test_late_usage(self):
        """Usage of an earlier period that came late is a true-up, in either direction."""
        late = used("20", 2, number=2)
        invoices = played(START, [used("9", 2), used("9", 3)], before=lambda month, known: known.add(late) if month == 4 else known)
        alone(*invoices, DriverKind.TRUE_UP)
        invoices = played(
            START,
            [used("20", 2), used("20", 3)],
            before=lambda month, known: known.add(used("20", 2).correct("15", id="U-9")) if month == 4 else known,
        )
        alone(*invoices, DriverKind.TRUE_UP)

    def test_what_only_the_last_bill_settled(self):
        """Days and usage of before that the last bill settled are said to be past: nothing fell since."""
        seats = Plan("team", 1, "Team", "EUR", [RecurringCharge("seats", "Seats", PerUnit("12.50"))])
        team = Subscription.start(seats, id="S-1", on=date(2026, 2, 1), quantity=3)
        less = used("20", 2).correct("15", id="U-9")
        for start, usage, late, kind, lower in (
            (START, (), START.change_plan(home("home-500", "45.00"), on=date(2026, 3, 17)), "price", True),
            (START, (), START.override_price("base", "36.00", on=date(2026, 3, 17)), "price", True),
            (team, (), team.change_quantity(5, on=date(2026, 3, 17)), "quantity", True),
            (START, (), used("20", 2), "true-up", True),
            (START, [used("20", 2)], less, "true-up", False),
        ):
            april, may = played(
                start, usage, months=(4, 5), before=lambda month, known, late=late: known.add(late) if month == 4 else known
            )
            (driver,) = explain(may, april, locale="en_IE").drivers
            assert (driver.kind.value, driver.facts["past"], driver.change_amount < 0) == (kind, True, lower)
            assert "the last bill settled" in driver.text

    def test_part_of_a_period_that_only_the_last_bill_caught_up(self):
        """A part of a period that was caught up last time means fewer days now, not a part of a period."""
        account = attrs.evolve(ONA, cycle=BillingCycle.on_day(1))
        known = AccountSnapshot(account, [Subscription.start(home(), id="S-1", on=date(2026, 3, 17))])
        april = bill(known, through=date(2026, 4, 1), rules=RULES).invoice.issue(number="I-4", on=date(2026, 4, 1))
        may = bill(known.add(april), through=date(2026, 5, 1), rules=RULES).invoice
        (driver,) = explain(may, april, locale="en_IE").drivers
        assert driver.text == "Monthly fee: fewer days are billed than last time"

    def test_late_fee(self):
        """A late fee has its own driver, on the way in and on the way out."""
        fee = Order("fee-1", date(2026, 4, 1), [Item(LATE_FEE, "5.00")])
        plain = played(START)
        drafts = bill(AccountSnapshot(ONA, [START], orders=[fee]), through=date(2026, 4, 1), rules=RULES).invoices
        assert len(drafts) == 2
        fees = [draft for draft in drafts if draft.lines[0].charge == LATE_FEE.code]
        found = drivers_between([plain[1]], [plain[1], *fees])
        assert [(driver.kind, driver.change_amount) for driver in found] == [(DriverKind.LATE_FEE, Decimal("5.00"))]
        assert drivers_between([plain[1], *fees], [plain[1]])[0].change_amount == Decimal("-5.00")

    def test_minimum_spend(self):
        """What falls short of an agreed minimum has its own driver."""
        least = home(extra=[CommitmentCharge("minimum", "Minimum spend", "40.00")])
        invoices = played(Subscription.start(least, id="S-1", on=date(2026, 2, 1)), [used("13", 2), used("15", 3)], months=(3, 4, 5))
        first, second, third = (
            {driver.kind for driver in drivers_between(*pair)} for pair in ([invoices[0]] * 2, invoices[:2], invoices[1:])
        )
        assert (first, second) == (set(), {DriverKind.OVERAGE, DriverKind.COMMITMENT})
        assert DriverKind.COMMITMENT in third
        reached = played(Subscription.start(least, id="S-1", on=date(2026, 2, 1)), [used("13", 2), used("50", 3)])
        assert {driver.kind for driver in drivers_between(*reached)} == {DriverKind.OVERAGE, DriverKind.COMMITMENT}

    def test_setup_once(self):
        """A setup fee is charged once."""
        fresh = Subscription.start(home(extra=[OneOffCharge("setup", "Setup", "25.00")]), id="S-1", on=date(2026, 3, 1))
        assert alone(*played(fresh), DriverKind.ONE_OFF).change_amount == Decimal("-30.25")

    def test_freight(self):
        """A charge of the document as a whole comes and goes by its name."""
        march, april = played(START)
        freight = DocumentCharge(amount=Money("10.00", "EUR"), reason="Freight", treatment=STANDARD)
        assert [driver.kind for driver in drivers_between(march, adjust(april.draft, charges=[freight]))] == [DriverKind.ONE_OFF]

    def test_prepaid_and_payable_step(self):
        """What was paid before and the payable step are reasons of their own."""
        march, april = played(START)
        paid = drivers_between(march, adjust(april.draft, prepaid=Money("10.00", "EUR")))
        assert [(driver.kind, driver.change_amount) for driver in paid] == [(DriverKind.PREPAID, Decimal("-10.00"))]
        cents = Subscription.start(home(fee="30.02"), id="S-1", on=date(2026, 2, 1))
        march, april = played(cents)
        stepped = drivers_between(march, adjust(april.draft, payable_step="0.05"))
        assert [(driver.kind, driver.change_amount) for driver in stepped] == [(DriverKind.ROUNDING, Decimal("-0.02"))]

    def test_carried_balance(self):
        """What is open from before never mixes with charges."""
        march, april = played(START)
        found = drivers_between(march, april, carried=Decimal("31.46"))
        assert [(driver.kind, driver.change_amount) for driver in found] == [(DriverKind.CARRIED, Decimal("31.46"))]

    def test_tax_rate(self):
        """Another rate on the same base is tax, in the hands of the authority."""
        book = Product("book", "Handbook", tax=TaxClass.BOOKS)
        old, new = (
            bill(AccountSnapshot(ONA, orders=[Order(f"O-{day}", day, [Item(book, "100.00")])]), through=day, rules=RULES).invoice
            for day in (date(2025, 12, 31), date(2026, 1, 1))
        )
        driver = alone(old, new, DriverKind.TAX_RATE)
        assert (driver.change_amount, driver.responsible) == (Decimal("-4.00"), Responsible.AUTHORITY)

    def test_tax_category(self):
        """Another category is tax as well."""
        assert alone(
            foreign("10.00"), foreign("10.00", treatment=TaxTreatment(TaxCategory.ZERO, 0)), DriverKind.TAX_RATE
        ).change_amount == Decimal("-2.10")

    def test_tax_base(self):
        """What becomes exempt or taxed, or a price that includes its tax now, is another base of tax."""
        exempt = TaxTreatment(TaxCategory.EXEMPT, 0, exemption_reason="education")
        taxed, free = foreign("10.00"), foreign("10.00", treatment=exempt)
        driver = alone(taxed, free, DriverKind.TAX_BASE)
        assert (driver.change_amount, driver.responsible) == (Decimal("-2.10"), Responsible.AUTHORITY)
        assert alone(free, taxed, DriverKind.TAX_BASE).change_amount == Decimal("2.10")
        assert alone(taxed, foreign("10.00", inclusive=True), DriverKind.TAX_BASE).change_amount == Decimal("-2.10")

    def test_rates_within_a_period(self):
        """Where only some lines of a period have another rate, no rate is named."""
        mixed = foreign("10.00", more=[{"price": "10.00", "treatment": TaxTreatment(TaxCategory.STANDARD, 9)}])
        plain = foreign("10.00", more=[{"price": "10.00"}])
        driver = alone(mixed, plain, DriverKind.TAX_RATE)
        assert (driver.change_amount, dict(driver.facts)) == (Decimal("1.20"), {})
        assert explain(plain, mixed, locale="en_IE").drivers[0].text == "a part is taxed at another rate"

    def test_usage_below_a_minimum_or_above_a_maximum(self):
        """More usage that costs the same makes no driver, and usage that a bound cuts is usage alone."""
        for bound in ({"maximum": "20"}, {"minimum": "100"}):
            bounded = Plan("home", 1, "Home", "EUR", [HOME_FEE, UsageCharge("data", "Mobile data", DATA, Bounded("1.00", **bound))])
            subscription = Subscription.start(bounded, id="S-1", on=date(2026, 2, 1))
            assert drivers_between(*played(subscription, [used("30", 2), used("40", 3)])) == ()
        capped = Plan("home", 1, "Home", "EUR", [HOME_FEE, UsageCharge("data", "Mobile data", DATA, Bounded("1.00", maximum="20"))])
        subscription = Subscription.start(capped, id="S-1", on=date(2026, 2, 1))
        assert alone(*played(subscription, [used("15", 2), used("40", 3)]), DriverKind.USAGE).change_amount == Decimal("6.05")

    def test_allowance(self):
        """A new version that includes more is price for the same usage, whatever the tiers count."""
        moved = START.change_plan(home(version=2, tiers=[Tier(20, 0), Tier(None, "1.50")]), on=date(2026, 3, 1))
        known = AccountSnapshot(ONA, [moved], usage=[used("30", 2), used("30", 3)])
        march = bill(known, through=date(2026, 3, 1), rules=RULES).invoice.issue(number="I-3", on=date(2026, 3, 1))
        april = bill(known.add(march), through=date(2026, 4, 1), rules=RULES).invoice
        driver = next(driver for driver in drivers_between(march, april) if driver.kind is not DriverKind.PERIOD_LENGTH)
        assert driver.kind is DriverKind.PRICE
        assert (driver.facts["included_before"], driver.facts["included"], driver.change_amount) == (10, 20, Decimal("-18.15"))
        text = next(found.text for found in explain(april, march, locale="lt_LT").drivers if found.kind is DriverKind.PRICE)
        assert text == "Mobile data: į planą įskaičiuota 20 GB vietoj 10"

    def test_allowance_and_usage(self):
        """Where both moved, usage counts at the old tiers, and the rest is price."""
        moved = START.change_plan(home(version=2, tiers=[Tier(20, 0), Tier(None, "1.50")]), on=date(2026, 3, 1))
        march, april = played(moved, [used("25", 2), used("30", 3)])
        figures = {driver.kind: driver.change_amount for driver in drivers_between(march, april)}
        assert figures == {DriverKind.OVERAGE: Decimal("9.07"), DriverKind.PRICE: Decimal("-18.15")}

    def test_usage_within_what_is_included(self):
        """Units that are all included under one price count as they are, where nothing lies beyond on one of the bills."""
        tiers = PerUnit("1.50", included=10)
        subscription = Subscription.start(
            Plan("home", 1, "Home", "EUR", [HOME_FEE, UsageCharge("data", "Mobile data", DATA, tiers)]), id="S-1", on=date(2026, 2, 1)
        )
        invoices = played(subscription, [used("9", 2), used("12", 3)])
        assert alone(*invoices, DriverKind.OVERAGE).change_amount == Decimal("3.63")

    def test_less_usage_under_old_tiers(self):
        """Usage below the old allowance is free at the old tiers, whatever the new ones charge."""
        moved = START.change_plan(home(version=2, tiers=[Tier(4, 0), Tier(None, "1.50")]), on=date(2026, 3, 1))
        figures = {driver.kind: driver.change_amount for driver in drivers_between(*played(moved, [used("12", 2), used("8", 3)]))}
        assert figures == {DriverKind.OVERAGE: Decimal("-3.63"), DriverKind.PRICE: Decimal("7.26")}

    def test_volume_and_stairs(self):
        """Usage that reaches another tier of volume, or another stair, is usage."""
        for price in (Volume([Tier(10, 2), Tier(None, "1.50")]), Stairstep([Tier(10, flat=20), Tier(None, flat=40)])):
            plan = Plan("home", 1, "Home", "EUR", [HOME_FEE, UsageCharge("data", "Mobile data", DATA, price)])
            alone(*played(Subscription.start(plan, id="S-1", on=date(2026, 2, 1)), [used("8", 2), used("12", 3)]), DriverKind.USAGE)


def foreign(price, *, treatment=STANDARD, name="Fee", month=3, stated=None, quantity=1, inclusive=False, more=(), currency="EUR", **given):
    """Return a document of another system."""
    period = Period(date(2026, month, 1), date(2026, month + 1, 1))
    known = {"name": name, "period": period, "treatment": treatment, "price": price, "quantity": quantity} | given
    lines = [ForeignLine(**(known | each)) for each in ({}, *more)]
    return imported_invoice(
        number=f"OLD-{month}", on=period.start, due=period.last, account_id="A-1", currency=currency, seller=SELLER, buyer=ONA.holder,
        lines=lines, stated=stated, prices_include_tax=inclusive,
    )  # fmt: skip


class TestOtherSystems:
    """Documents that another system made are explained by what they state."""

    def test_price_and_quantity(self):
        """Price and quantity of a line that is called the same are told apart."""
        alone(foreign("10.00"), foreign("12.00", month=4), DriverKind.PRICE)
        alone(foreign("10.00"), foreign("10.00", month=4, quantity=2), DriverKind.QUANTITY)

    def test_length(self):
        """Days in the base quantity are days."""
        alone(foreign("30.00", base_quantity=2), foreign("30.00", month=4), DriverKind.PERIOD_LENGTH)

    def test_name(self):
        """Another name is another service."""
        found = drivers_between(foreign("10.00"), foreign("12.00", name="Other", month=4))
        assert {driver.kind for driver in found} == {DriverKind.SERVICE_ADDED, DriverKind.SERVICE_REMOVED}

    def test_totals_that_do_not_follow(self):
        """A total that the lines do not make is said to be unexplained, to the cent."""
        wrong = Totals("EUR", foreign("10.00").totals.groups, Decimal("10.00"), Decimal("7.10"))
        found = drivers_between(foreign("10.00"), foreign("10.00", month=4, stated=wrong))
        assert [(driver.kind, driver.change_amount) for driver in found] == [(DriverKind.UNEXPLAINED, Decimal("5.00"))]

    def test_lines_that_do_not_follow(self):
        """An amount that no working makes is unexplained too."""
        march, april = played(START)
        line = attrs.evolve(april.lines[0], facts=april.lines[0].facts._replace(amount=Decimal("37.00")), net_amount=Decimal("37.00"))
        odd = attrs.evolve(april.draft, lines=[line], totals=Totals("EUR", april.totals.groups, Decimal("37.00"), Decimal("7.77")))
        found = drivers_between(march, odd)
        assert [(driver.kind, driver.change_amount) for driver in found] == [(DriverKind.UNEXPLAINED, Decimal("8.47"))]


class TestSeveralWorkings:
    """Where several workings make a charge, days come first and the rest is what differs."""

    def arrears(self, subscription):
        """Return the bills for March and April of a subscription in arrears."""
        known = AccountSnapshot(ONA, [subscription])
        march = bill(known, through=date(2026, 4, 1), rules=RULES).invoice.issue(number="I-4", on=date(2026, 4, 1))
        return march, bill(known.add(march), through=date(2026, 5, 1), rules=RULES).invoice

    def start(self, price="31.00"):
        """Return a subscription to a plan in arrears."""
        fee = RecurringCharge("base", "Monthly fee", PerUnit(price), Timing.IN_ARREARS)
        return Subscription.start(Plan("late", 1, "Late", "EUR", [fee]), id="S-1", on=date(2026, 3, 1))

    def test_price(self):
        """A price that changed in the middle of the earlier period."""
        dearer = self.start().override_price("base", PerUnit("62.00"), on=date(2026, 3, 17))
        alone(*self.arrears(dearer), DriverKind.PRICE)

    def test_units(self):
        """Units that came in the middle of the later period."""
        grown = self.start().change_quantity(2, on=date(2026, 4, 16))
        alone(*self.arrears(grown), DriverKind.QUANTITY)

    def test_days(self):
        """A pause is days, whatever else is the same."""
        paused = self.start().pause(on=date(2026, 4, 11)).resume(on=date(2026, 4, 21))
        alone(*self.arrears(paused), DriverKind.PERIOD_LENGTH)

    def test_usage(self):
        """Usage at two prices within one period is usage."""
        tiers = [Tier(None, "0.50")]
        dearer = Subscription.start(home(tiers=tiers), id="S-1", on=date(2026, 2, 1)).override_price(
            "data", PerUnit("1.00"), on=date(2026, 3, 17)
        )
        late = UsageRecord("U-9", "S-1", DATA, 5, datetime(2026, 3, 20, tzinfo=VILNIUS))
        alone(*played(dearer, [used("12", 2), used("20", 3), late]), DriverKind.USAGE)

    def test_nothing_served(self):
        """From a period without any day everything is new at its price."""
        nothing = self.start().pause(on=date(2026, 3, 2)).resume(on=date(2026, 4, 1))
        assert {driver.kind for driver in drivers_between(*self.arrears(nothing))} <= {DriverKind.PERIOD_LENGTH, DriverKind.PRICE}

    def test_a_cent_of_rounding(self):
        """A cent that no working makes is rounding."""
        march, april = played(START)
        line = attrs.evolve(april.lines[0], facts=april.lines[0].facts._replace(amount=Decimal("30.01")), net_amount=Decimal("30.01"))
        odd = attrs.evolve(april.draft, lines=[line], totals=Totals("EUR", april.totals.groups, Decimal("30.01"), Decimal("6.30")))
        found = drivers_between(march, odd)
        assert [(driver.kind, driver.change_amount) for driver in found] == [(DriverKind.ROUNDING, Decimal("0.01"))]

    def test_steps_that_share_a_code(self):
        """Steps of one code at two prices are told apart, and those at one price are one."""
        march, april = played(START)
        working = Working(
            [Step("zone", Decimal(1), Decimal(10)), Step("zone", Decimal(1), Decimal(20)), Step("zone", Decimal(1), Decimal(10))]
        )
        line = april.lines[0]
        piece = line.facts.pieces[0]._replace(working=working, quantity=Decimal(3))
        facts = line.facts._replace(pieces=(piece,), amount=Decimal("40.00"))
        odd = attrs.evolve(
            april.draft,
            lines=[attrs.evolve(line, facts=facts, net_amount=Decimal("40.00"))],
            totals=Totals("EUR", april.totals.groups, Decimal("40.00"), Decimal("8.40")),
        )
        assert Charge(odd.lines).steps == {"zone": Step("zone", Decimal(2), Decimal(10)), "zone'": Step("zone", Decimal(1), Decimal(20))}
        alone(march, odd, DriverKind.QUANTITY)


class TestWorkedExample:
    """The bill of the field notes: price, promotion, usage, installation, late fee and carried balance."""

    def test_sums(self):
        """Each driver has its figure, and together they are the difference of 75.18."""
        plain = [Tier(None, "0.50")]
        subscription = Subscription.start(home(tiers=plain), id="S-1", on=date(2026, 2, 1)).override_price(
            "base", "33.00", on=date(2026, 4, 1)
        )
        promo = Grant("G-1", "p@1", Percent("33.333333"), date(2026, 2, 1), date(2026, 4, 1), scope=Scope.recurring(), name="Promo")
        visit = Order("O-1", date(2026, 4, 1), [Item(Product("visit", "Installation"), "15.00")])
        fee = Order("fee-1", date(2026, 4, 1), [Item(LATE_FEE, "5.00")])
        known = AccountSnapshot(ONA, [subscription], usage=[used("12", 2), used("20", 3)], grants=[promo], orders=[visit, fee])
        known = known.add(bill(known, through=date(2026, 2, 1), rules=RULES).invoice.issue(number="I-2", on=date(2026, 2, 1)))
        march = bill(known, through=date(2026, 3, 1), rules=RULES).invoice.issue(number="I-3", on=date(2026, 3, 1))
        assert march.totals.payable_amount == Decimal("31.46")
        april = bill(known.add(march), through=date(2026, 4, 1), rules=RULES).invoices
        found = drivers_between([march], april, carried=Decimal("31.46"))
        assert add_up(driver.change_amount for driver in found) == Decimal("75.18")
        figures = {driver.kind: driver.change_amount for driver in found}
        assert figures[DriverKind.USAGE] == Decimal("4.84")
        assert figures[DriverKind.ONE_OFF] == Decimal("18.15")
        assert figures[DriverKind.LATE_FEE] == Decimal("5.00")
        assert figures[DriverKind.CARRIED] == Decimal("31.46")
        assert figures[DriverKind.PRICE] + figures[DriverKind.DISCOUNT_ENDED] == Decimal("15.73")


class TestBadInput:
    """What can not be compared is refused."""

    def test_currencies(self):
        """Bills in two currencies are not compared."""
        other = foreign("10.00", currency="SEK")
        with pytest.raises(CurrencyMismatchError, match="EUR, SEK"):
            drivers_between(foreign("10.00"), other)

    def test_nothing(self):
        """A bill without a document is refused."""
        with pytest.raises(InvalidValueError, match="at least one document"):
            first_bill([])
        for bad in (7, "I-3", ["I-3"]):
            with pytest.raises(InvalidTypeError, match="a bill is made of invoices"):
                drivers_between(foreign("10.00"), bad)


@given(st.lists(st.decimals("-999", "999", places=3), max_size=8), st.integers(-3, 3))
def test_whole_units_reach_the_total(figures, off):
    """Figures become neighbours of themselves that sum to the total with the rest."""
    total = int(sum(figures, Decimal(0))) + off
    found, rest = whole_units(figures, total, 100)
    assert sum(found) + rest == total
    assert all(abs(share - figure) < 1 for share, figure in zip(found, figures, strict=True))


def test_whole_units_far_from_the_total():
    """Where rounding can not be the reason, each figure is rounded for itself."""
    assert whole_units([Decimal("10.4")], 500, 3) == ([10], 490)


def test_published_order_names_every_kind():
    """Each kind has one place, and days come before quantity before price before discount before tax."""
    order = [
        DriverKind.PERIOD_LENGTH,
        DriverKind.QUANTITY,
        DriverKind.PRICE,
        DriverKind.DISCOUNT_ENDED,
        DriverKind.TAX_RATE,
        DriverKind.ROUNDING,
    ]
    assert sorted(order, key=published_order) == order
    assert sorted(map(published_order, DriverKind)) == list(range(len(DriverKind)))


def test_driver_shows_its_facts():
    """A driver shows amount and facts, and the language does not make it another one."""
    driver = Driver(DriverKind.PRICE, "S-1/base", "Fee", Decimal("3.63"), "EUR", {"before": Decimal(30)}, text="pabrango")
    assert driver == attrs.evolve(driver, text="dearer")
    assert (driver.amount, dict(driver.facts), driver.responsible) == (Money("3.63", "EUR"), {"before": Decimal(30)}, Responsible.COMPANY)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_drivers_of_any_life_sum_to_the_difference(data):
    """Whatever happens in a life, drivers of any two bills sum to their difference, rounding is small, and equal bills have none."""
    currency = data.draw(st.sampled_from(["EUR", "JPY", "BHD"]))
    plans = data.draw(plan_families(currency))
    life = Life(data.draw(accounts(st.just(currency))), plans, data.draw(rulebooks), grants=[data.draw(grants(currency=currency))])
    for step in data.draw(st.lists(steps, max_size=10)):
        life.do(step)
    invoices = life.snapshot.invoices
    for old, new in list(pairwise(invoices))[:4]:
        found = drivers_between(old, new)
        assert add_up(driver.change_amount for driver in found) == difference(old, new)
        assert all(driver.change_amount for driver in found)
        assert DriverKind.UNEXPLAINED not in {driver.kind for driver in found}
        size = sum(len(side.lines) + len(side.entries) + len(side.totals.groups) for side in (old, new))
        units = Decimal(1).scaleb(-{"EUR": 2, "JPY": 0, "BHD": 3}[currency])
        assert all(abs(driver.change_amount) <= size * units for driver in found if driver.kind is DriverKind.ROUNDING)
        assert drivers_between(new, new) == ()
        again = explain(
            new, old, locale=data.draw(st.sampled_from(["lt_LT", "en_IE", "de_DE", "ja_JP"])), detail=data.draw(st.sampled_from(Detail))
        )
        assert again.drivers == found
        assert all(again.words.shown(abs(amount)) in again.text for _, amount in again.shown_drivers)
        assert add_up(amount.amount for _, amount in again.shown_drivers) == difference(old, new)
    for invoice in invoices[:2]:
        assert add_up(driver.change_amount for driver in first_bill(invoice)) == invoice.totals.payable_amount
