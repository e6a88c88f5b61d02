"""Is the customer treated fairly? Each finding by a planted case and a near miss, on documents that another system made."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, bill, credit
from billing_domain.accounts import Address
from billing_domain.care.checks import (
    STANDARD_CHECKS,
    BackBillTooOld,
    BetterTariffAvailable,
    BillIncomplete,
    LateFeeImproper,
    PaymentNotCredited,
    RerateMismatch,
    UnusedService,
)
from billing_domain.care.checks.charges import months_before
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding, Verdict
from billing_domain.care.review_records import AgentPromise, Interaction, Notice
from billing_domain.care.reviewing import review
from billing_domain.catalog import Catalog, PerUnit, RecurringCharge, Release
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.errors import InvalidPeriodError, InvalidTypeError, InvalidValueError, PluginError, UnknownReferenceError
from billing_domain.invoicing import EntryKind, Totals
from billing_domain.money import add_up
from billing_domain.payments import AccountCredit, Delivery, Hold, LateFee, LateFeePolicy, NamedOnly, Payment
from billing_domain.periods import BillingCycle, Frequency, Period
from billing_domain.subscriptions.contract import Contract, FlatFee
from billing_domain.subscriptions.leaving import terminate
from billing_domain.tax import TaxCategory, TaxClass, TaxTreatment
from foreign_bills import (
    APRIL,
    DATA,
    FEBRUARY,
    FEE,
    HOME,
    MARCH,
    ONA,
    RULES,
    SELLER,
    START,
    VILNIUS,
    document,
    february,
    found,
    known,
    line,
    loose,
    only,
)
from life import Life
from strategies import accounts, grants, plan_families, rulebooks, steps


class TestCleanAccounts:
    """An account that is in order has no finding."""

    def test_right_documents_of_another_system(self):
        """Right documents are fair, whoever made them."""
        fair = review(known(document(line())), as_of=date(2026, 3, 20), rules=RULES)
        assert (fair.findings, fair.verdict, fair.owed) == ((), Verdict.FAIR, Money("0", "EUR"))

    def test_nothing_billed_yet(self):
        """An account without documents is fair."""
        assert review(AccountSnapshot(ONA, [START]), as_of=date(2026, 1, 1), rules=RULES).verdict is Verdict.FAIR

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_any_life_billed_by_this_engine(self, data):
        """Whatever happens in a life, right after a run nothing is owed to the customer and nothing was forgotten."""
        plans = data.draw(plan_families("EUR"))
        life = Life(data.draw(accounts(st.just("EUR"))), plans, data.draw(rulebooks), grants=[data.draw(grants())])
        for step in data.draw(st.lists(steps, max_size=12)):
            life.do(step)
        life.run()
        checks = [check for check in STANDARD_CHECKS if not isinstance(check, BackBillTooOld | UnusedService)]
        outcome = review(life.snapshot, as_of=life.clock, rules=life.rules, checks=checks)
        assert [finding for finding in outcome.findings if finding.found_amount] == []

    @settings(max_examples=15, deadline=None)
    @given(st.integers(1, 5000))
    def test_an_injected_error_is_found_with_its_amount(self, cents):
        """Whatever too much is billed is what is found."""
        wrong = Decimal("30.00") + Decimal(cents).scaleb(-2)
        outcome = review(known(document(line(wrong))), as_of=date(2026, 3, 20), rules=RULES)
        assert (outcome.verdict, outcome.owed.amount) == (Verdict.UNFAIR, Decimal(cents).scaleb(-2))


class TestCharges:
    """Findings on what lines charge."""

    def test_price_above_contract(self):
        """F1: the unit price is above the agreed one; the general mismatch has no amount of its own."""
        finding = only(known(document(line("33.00"))), "price-above-contract", "3.00")
        assert (finding.inputs["price"], finding.inputs["agreed"]) == (Decimal("33.00"), Decimal("30.00"))
        assert finding.evidence == ("invoice:OLD-3/1", "subscription:S-1")
        assert (finding.remedy, finding.concern, finding.related) == (Remedy.CREDIT, Concern.CHARGE, ("rerate-mismatch",))
        assert finding.text == "Monthly fee on invoice OLD-3 costs €33.00 a unit, €30.00 was agreed: €3.00 too much"

    def test_price_that_was_agreed(self):
        """F1, near miss: a price of one's own that is as high is no finding."""
        dearer = START.override_price("base", "33.00", on=date(2026, 3, 1))
        assert found(known(document(line("33.00")), subscription=dearer)) == {}

    def test_price_that_was_credited(self):
        """What was credited already is not found again, and half of it only half."""
        bad = document(line("33.00"))
        snapshot = known(bad)
        for amount, rest in (("3.00", None), ("1.00", Decimal("2.00"))):
            part = bad.part(bad.lines[0], net=Money(amount, "EUR"))
            note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="wrong price").issue(number="CN-1", on=date(2026, 3, 10))
            findings = found(snapshot.add(note))
            assert (findings["price-above-contract"].found_amount if findings else None) == rest

    def test_rerate_mismatch(self):
        """F4: usage that the records do not make is too much."""
        usage = UsageRecord("U-1", "S-1", DATA, "14", datetime(2026, 2, 12, tzinfo=VILNIUS))
        billed = line("1.50", FEBRUARY, charge="data", name="Mobile data", quantity=6)
        snapshot = known(document(line(), billed), usage=[usage])
        finding = only(snapshot, "rerate-mismatch", "3.00")
        assert finding.ref.line == 2
        assert found(snapshot, checks=[RerateMismatch(tolerance=300)]) == {}

    def test_right_usage(self):
        """F4, near miss: usage that the records make is right."""
        usage = UsageRecord("U-1", "S-1", DATA, "14", datetime(2026, 2, 12, tzinfo=VILNIUS))
        billed = line("1.50", FEBRUARY, charge="data", name="Mobile data", quantity=4)
        assert found(known(document(line(), billed), usage=[usage])) == {}

    def test_duplicate_charge(self):
        """F5: the same for the same days stands twice, on one document or on two."""
        assert only(known(document(line(), line())), "duplicate-charge", "30.00").ref.line == 2
        finding = only(known(document(line()), document(line(), number="OLD-4", on=date(2026, 3, 9))), "duplicate-charge", "30.00")
        assert (finding.ref.invoice, finding.inputs["other"]) == ("OLD-4", "OLD-3")

    def test_duplicate_of_a_loose_line(self):
        """F5: a line that belongs to nothing here is told by name, days and amount."""
        assert only(known(document(line(), loose("5.00"), loose("5.00"))), "duplicate-charge", "5.00").ref.line == 3

    def test_two_of_a_kind(self):
        """F5, near miss: another amount, other days or an agreed quantity are not doubles."""
        april = loose("5.00", APRIL)
        assert found(known(document(line(), loose("5.00"), loose("6.00", name="Other"), april))) == {}
        seats = Plan("team", 1, "Team", "EUR", [RecurringCharge("base", "Monthly fee", PerUnit("15.00"))])
        twice = Subscription.start(seats, id="S-1", on=date(2026, 2, 1), quantity=2)
        assert found(known(document(line("15.00"), line("15.00")), subscription=twice)) == {}

    def test_overlapping_recurring(self):
        """F6: some days are charged twice."""
        half = Period(date(2026, 3, 17), date(2026, 4, 17))
        finding = only(
            known(document(line(), loose("31.00", name="Extra"), loose("31.00", half, name="Extra"))), "overlapping-recurring", "15.00"
        )
        assert finding.ref.line == 3

    def test_overlap_within_a_subscription(self):
        """F6: an overlap of a line that can be rated is bounded by what is too much."""
        late = line("15.00", Period(date(2026, 3, 17), date(2026, 4, 1)), slot=MARCH)
        findings = found(known(document(line(), late)))
        assert findings["overlapping-recurring"].found_amount == Decimal("15.00")

    def test_adjoining_periods(self):
        """F6, near miss: periods that touch do not overlap."""
        first, second = Period(date(2026, 3, 1), date(2026, 3, 17)), Period(date(2026, 3, 17), date(2026, 4, 1))
        assert found(known(document(line(), loose("5.00", first, name="Extra"), loose("5.00", second, name="Extra")))) == {}

    def test_charged_after_cancellation(self):
        """F7: a month after the end is too much, and of a month the days after the end."""
        ended = START.cancel(on=date(2026, 3, 1))
        assert only(known(document(line()), subscription=ended), "charged-after-cancellation", "30.00").inputs["ended"] == date(2026, 3, 1)
        amount = "14.52"
        assert only(known(document(line()), subscription=START.cancel(on=date(2026, 3, 17))), "charged-after-cancellation", amount)

    def test_last_month_of_a_service(self):
        """F7, near miss: the month up to the end is right."""
        assert found(known(document(line()), subscription=START.cancel(on=date(2026, 4, 1)))) == {}
        assert found(known(document(line(net="15.48")), subscription=START.cancel(on=date(2026, 3, 17)))) == {}

    def test_charged_before_activation(self):
        """F8: days before the start are too much."""
        late = Subscription.start(HOME, id="S-1", on=date(2026, 3, 1))
        snapshot = AccountSnapshot(ONA, [late], invoices=[february(), document(line())])
        assert only(snapshot, "charged-before-activation", "30.00").inputs["started"] == date(2026, 3, 1)
        assert found(AccountSnapshot(ONA, [late], invoices=[document(line())])) == {}
        middle = attrs.evolve(ONA, cycle=BillingCycle.calendar())
        halved = AccountSnapshot(middle, [Subscription.start(HOME, id="S-1", on=date(2026, 3, 17))], invoices=[document(line(net="14.52"))])
        assert found(halved) == {}

    def test_proration_error(self):
        """F15: another share of the period than the rules give."""
        ended = START.cancel(on=date(2026, 3, 17))
        part = Period(date(2026, 3, 1), date(2026, 3, 17))
        wrong = line("510.00", part, base_quantity=31, slot=MARCH)
        right = line("480.00", part, base_quantity=31, slot=MARCH)
        exact = line("30.00", part, net="15.48", slot=MARCH)
        assert set(found(known(document(wrong), subscription=ended))) >= {"rerate-mismatch"}
        assert found(known(document(right), subscription=ended)) == {}
        assert found(known(document(exact), subscription=ended)) == {}
        shared = line("30.00", part, slot=MARCH, base_quantity="1.5")
        finding = only(known(document(shared), subscription=ended), "proration-error", "4.52")
        short = line("30.00", part, slot=MARCH, base_quantity=3)
        assert set(found(known(document(short), subscription=ended))) == {"undercharged"}
        assert (finding.inputs["part"], finding.inputs["of"], finding.inputs["right_part"], finding.inputs["right_of"]) == (2, 3, 16, 31)

    def test_back_bill_too_old(self):
        """F19: what was served more than a year before its first bill."""
        old = Period(date(2024, 12, 1), date(2025, 1, 1))
        assert only(known(document(line(), loose("31.00", old), on=date(2026, 3, 1))), "back-bill-too-old", "31.00")
        partly = Period(date(2025, 2, 20), date(2025, 3, 20))
        assert only(known(document(line(), loose("28.00", partly), on=date(2026, 3, 1))), "back-bill-too-old", "9.00")
        young = Period(date(2025, 3, 1), date(2025, 4, 1))
        assert found(known(document(line(), loose("31.00", young), on=date(2026, 3, 1)))) == {}

    def test_months_before(self):
        """A month that is shorter ends the reckoning on its last day."""
        assert [months_before(date(2026, 5, 31), number) for number in (1, 3, 12)] == [
            date(2026, 4, 30),
            date(2026, 2, 28),
            date(2025, 5, 31),
        ]
        assert months_before(date(2026, 5, 5), 1) == date(2026, 4, 5)

    def test_undercharged(self):
        """F28: less than the facts make is reported, and owed by nobody yet."""
        outcome = review(known(document(line("28.00"))), as_of=date(2026, 3, 20), rules=RULES)
        assert [(finding.code, finding.found_amount) for finding in outcome.undercharges] == [("undercharged", Decimal("2.00"))]
        assert (outcome.verdict, outcome.owed.amount, outcome.advice) == (Verdict.FAIR_WITH_ADVICE, 0, ())

    def test_less_because_of_a_correction(self):
        """F28, near miss: what a correction took off is not missing."""
        right = document(line())
        snapshot = known(right)
        part = right.part(right.lines[0], net=Money("4.00", "EUR"))
        note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="no signal").issue(number="CN-1", on=date(2026, 3, 10))
        assert found(snapshot.add(note)) == {}


class TestDiscounts:
    """Findings on what was promised."""

    PROMISE = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 2, 1), date(2026, 5, 1), scope=Scope.recurring(), name="Loyalty")
    GIVEN = (("Loyalty", "3.00"),)

    def test_missing_promised_discount(self):
        """F9: a discount that holds is on no line."""
        late = attrs.evolve(self.PROMISE, start=date(2026, 3, 1))
        finding = only(known(document(line()), grants=[late]), "missing-promised-discount", "3.00")
        assert (finding.concern, finding.evidence[1]) == (Concern.DISCOUNT, "grant:G-1")

    def test_given_discount(self):
        """F9, near miss: a discount under its name is given, and one that does not hold is not missing."""
        late = attrs.evolve(self.PROMISE, start=date(2026, 3, 1))
        assert found(known(document(line(allowances=self.GIVEN)), grants=[late])) == {}
        assert found(known(document(line()), grants=[attrs.evolve(self.PROMISE, start=date(2026, 4, 1))])) == {}

    def test_a_cent(self):
        """F9, near miss: a cent of discount is a matter of rounding."""
        cheap = attrs.evolve(HOME, charges=[attrs.evolve(FEE, price="0.10"), HOME.charges[1]])
        snapshot = AccountSnapshot(ONA, [Subscription.start(cheap, id="S-1", on=date(2026, 3, 1))], invoices=[document(line("0.10"))])
        assert found(snapshot.add(self.PROMISE)) == {}

    def test_exhausted_discount(self):
        """F9, near miss: a discount whose limit is zero gives nothing."""
        assert found(known(document(line()), grants=[attrs.evolve(self.PROMISE, limit=Money("0.00", "EUR"))])) == {}

    def test_discount_ended_early(self):
        """F10: a discount that was given in February is missing in March."""
        first = document(line(period=FEBRUARY, allowances=self.GIVEN), number="OLD-2")
        snapshot = AccountSnapshot(ONA, [START], invoices=[first, document(line())], grants=[self.PROMISE])
        assert only(snapshot, "discount-ended-early", "3.00")

    def test_price_and_discount_are_two_concerns(self):
        """A price above the contract and a missing discount on one line are owed both."""
        late = attrs.evolve(self.PROMISE, start=date(2026, 3, 1))
        outcome = review(known(document(line("33.00")), grants=[late]), as_of=date(2026, 3, 20), rules=RULES)
        assert outcome.owed.amount == Decimal("6.30")

    def test_credit_promised_not_posted(self):
        """F25: a promised credit that is overdue is owed; one in time or kept is not."""
        promise = AgentPromise(
            "P-1", date(2026, 3, 2), date(2026, 3, 10), "5 euros for the outage", amount=Money("5.00", "EUR"), agent="rasa"
        )
        snapshot = known(document(line()))
        finding = only(snapshot, "credit-promised-not-posted", "5.00", records=[promise])
        assert (finding.remedy, finding.inputs["due"]) == (Remedy.POST_CREDIT, date(2026, 3, 10))
        assert found(snapshot, records=[promise], as_of=date(2026, 3, 10)) == {}
        posted = snapshot.add(AccountCredit("C-1", Money("5.00", "EUR"), date(2026, 3, 9)))
        assert "credit-promised-not-posted" not in found(posted, records=[promise.keep("C-1")])
        assert "credit-promised-not-posted" in found(posted, records=[promise.keep("C-9")])

    def test_promise_without_money(self):
        """A call-back that was promised and not made is a breach without amount."""
        promise = AgentPromise("P-1", date(2026, 3, 2), date(2026, 3, 3), "We call you back")
        outcome = review(known(document(line())), as_of=date(2026, 3, 20), rules=RULES, records=[promise])
        assert [(finding.code, finding.direction) for finding in outcome.findings] == [("promise-overdue", Direction.BREACH)]
        assert outcome.verdict is Verdict.FAIR_WITH_ADVICE


class TestDocuments:
    """Findings on tax, sums and contents."""

    def test_tax_error(self):
        """F16: a rate that is not the one of the tax point."""
        snapshot = known(document(line("30.00", treatment=TaxTreatment(TaxCategory.STANDARD, 25))))
        finding = only(snapshot, "tax-error", "1.20")
        assert (finding.concern, finding.inputs["right_rate"]) == (Concern.TAX, Decimal(21))
        assert "25%" in finding.text

    def test_too_little_tax(self):
        """F16: too little tax is the company's loss, and a wrong category without tax a breach."""
        low = found(known(document(line("30.00", treatment=TaxTreatment(TaxCategory.STANDARD, 5)))))["tax-error"]
        assert (low.direction, low.found_amount) == (Direction.COMPANY_HARMED, Decimal("4.80"))
        books = Plan("books", 1, "Books", "EUR", [attrs.evolve(FEE, tax=TaxClass("zero"))])
        subscription = Subscription.start(books, id="S-1", on=date(2026, 3, 1))
        exempt = document(line(treatment=TaxTreatment(TaxCategory.EXEMPT, 0, exemption_reason="education")))
        rules = Rulebook(seller=SELLER, tax=_AlwaysZero())
        findings = review(AccountSnapshot(ONA, [subscription], invoices=[exempt]), as_of=date(2026, 3, 20), rules=rules).findings
        assert [(finding.code, finding.direction, finding.found_amount) for finding in findings] == [("tax-error", Direction.BREACH, 0)]

    def test_sum_error(self):
        """F29: a total that the lines do not make, in either direction."""
        groups = document(line()).totals.groups
        for tax, amount, direction in (("7.30", "1.00", Direction.CUSTOMER_HARMED), ("6.29", "0.01", Direction.COMPANY_HARMED)):
            wrong = document(line(), stated=Totals("EUR", groups, Decimal("30.00"), Decimal(tax)))
            finding = only(known(wrong), "sum-error", amount)
            assert finding.direction is direction

    def test_tax_by_line(self):
        """F29, near miss: tax that was rounded by line is a right sum too."""
        three = [loose("0.34", name=f"Extra {number}") for number in range(3)]
        groups = document(line(), *three).totals.groups
        by_line = Totals("EUR", groups, Decimal("31.02"), Decimal("6.30") + 3 * Decimal("0.07"))
        assert found(known(document(line(), *three, stated=by_line))) == {}

    def test_bill_incomplete(self):
        """F30: a bill that lacks what it must say is a breach."""
        bare = document(line(), line("30.00", APRIL, name=" "), seller=Party("Mobilis, UAB", "LT"))
        finding = found(known(bare))["bill-incomplete"]
        assert finding.inputs["missing"] == "seller-tax-identity, line-name"
        empty = document(line(), stated=Totals("EUR", (), Decimal("30.00"), Decimal("6.30")))
        assert found(known(empty))["bill-incomplete"].inputs["missing"] == "tax-breakdown"

    def test_address(self):
        """F30: an address is asked for where the host says so."""
        assert found(known(), checks=[BillIncomplete(address=True)])["bill-incomplete"].inputs["missing"] == "buyer-address"
        home = attrs.evolve(ONA, holder=attrs.evolve(ONA.holder, address=Address("LT", city="Vilnius")))
        snapshot = AccountSnapshot(home, [START], invoices=[document(line(period=FEBRUARY), account=home)])
        assert found(snapshot, checks=[BillIncomplete(address=True)]) == {}


class _AlwaysZero:
    """A tax policy that taxes nothing."""

    code = "acme:zero"

    def treat(self, supply):
        """Return zero rated."""
        return TaxTreatment(TaxCategory.ZERO, 0)


class TestMoney:
    """Findings on payments and late fees."""

    def test_payment_not_credited(self):
        """F17: the bank knows of money that the ledger does not."""
        proof = Payment("B-1", Money("36.30", "EUR"), date(2026, 3, 5))
        snapshot = known(document(line()))
        finding = only(snapshot, "payment-not-credited", "36.30", records=[proof])
        assert finding.remedy is Remedy.APPLY_PAYMENT
        assert found(snapshot.add(proof), records=[proof]) == {}
        assert found(snapshot, records=[attrs.evolve(proof, received=date(2026, 3, 25))]) == {}

    def test_money_that_waits(self):
        """F17: money that names a document of another account waits although something is due."""
        again = Payment("B-2", Money("50.00", "EUR"), date(2026, 3, 6), documents=["OLD-2"])
        snapshot = known(document(line())).add(again)
        waiting = only(snapshot, "payment-not-credited", "13.70", checks=[PaymentNotCredited(NamedOnly())])
        assert waiting.inputs["state"] == "unapplied"
        assert found(snapshot, checks=[PaymentNotCredited()]) == {}
        assert found(snapshot, checks=[PaymentNotCredited(NamedOnly())], as_of=date(2026, 3, 10)) == {}

    def late(self, *facts, billed="5.00", paid=None, policy=None, held=()):
        """Return the findings for a bill of February with a late fee of March."""
        fee = LateFee("F-1", date(2026, 3, 3), "OLD-2", Money(billed, "EUR"), "late@1", ())
        snapshot = known(document(line()), ledger=[fee, *facts], orders=[fee.order()], held=held)
        drafts = bill(snapshot, through=date(2026, 3, 3), rules=RULES).invoices
        issued = [draft.issue(number=f"N-{place}", on=date(2026, 3, 3)) for place, draft in enumerate(drafts)]
        checks = [LateFeeImproper(policy)]
        return found(snapshot.add(*issued), checks=checks, records=[paid] if paid else [])

    def test_late_fee_that_is_due(self):
        """F18, near miss: a bill that was not paid in time bears its fee."""
        assert self.late() == {}
        late = Payment("B-1", Money("36.30", "EUR"), date(2026, 2, 20))
        assert self.late(late) == {}

    def test_late_fee_on_a_paid_bill(self):
        """F18: a bill that was paid in time bears no fee, also where only the bank knows."""
        paid = Payment("B-1", Money("36.30", "EUR"), date(2026, 2, 10))
        for findings in (self.late(paid), self.late(paid=paid)):
            finding = findings["late-fee-improper"]
            assert (finding.found_amount, finding.inputs["why"], finding.remedy) == (Decimal("5.00"), "paid-in-time", Remedy.REVERSE_FEE)

    def test_late_fee_on_a_disputed_bill(self):
        """F18: what is held bears no fee."""
        hold = Hold("OLD-2", 1, Money("36.30", "EUR"), date(2026, 2, 10))
        assert self.late(held=[hold])["late-fee-improper"].inputs["why"] == "disputed"

    def test_late_fee_on_a_bill_that_came_too_late(self):
        """F18: a bill that came after its due day bears no fee."""
        assert self.late(Delivery("D-1", date(2026, 2, 20), "OLD-2"))["late-fee-improper"].inputs["why"] == "came-too-late"
        assert self.late(Delivery("D-1", date(2026, 2, 2), "OLD-2")) == {}

    def test_late_fee_above_its_cap(self):
        """F18: only what is above the cap is too much."""
        capped = LateFeePolicy("late", 1, flat=Money("5.00", "EUR"), cap=Money("3.00", "EUR"))
        assert self.late(policy=capped)["late-fee-improper"].found_amount == Decimal("2.00")
        assert self.late(policy=attrs.evolve(capped, cap=Money("5.00", "EUR"))) == {}

    def test_early_exit_fee(self):
        """F23: a fee above the one of the contract, or where none is due."""
        contract = Contract(date(2026, 2, 1), Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD))
        bound = attrs.evolve(START, contract=contract)
        left = terminate(bound, on=date(2026, 3, 10), given=date(2026, 3, 5), order_id="O-1")
        for fee, amount in (("80.00", Decimal("30.00")), ("50.00", None)):
            item = attrs.evolve(left.fee.items[0], price=fee)
            snapshot = AccountSnapshot(ONA, [left.subscription], orders=[attrs.evolve(left.fee, items=[item])], invoices=[february()])
            issued = bill(snapshot, through=date(2026, 3, 20), rules=RULES).invoice.issue(number="N-1", on=date(2026, 3, 20))
            findings = found(snapshot.add(issued))
            assert (findings["early-exit-fee-wrong"].found_amount if findings else None) == amount
        free = attrs.evolve(left.subscription, contract=None)
        snapshot = AccountSnapshot(ONA, [free], orders=[left.fee], invoices=[february()])
        issued = bill(snapshot, through=date(2026, 3, 20), rules=RULES).invoice.issue(number="N-1", on=date(2026, 3, 20))
        assert only(snapshot.add(issued), "early-exit-fee-wrong", "50.00")
        stays = AccountSnapshot(ONA, [START], orders=[left.fee], invoices=[february(), document(line())])
        issued = bill(stays, through=date(2026, 3, 20), rules=RULES).invoice.issue(number="N-1", on=date(2026, 3, 20))
        assert found(stays.add(issued)) == {}


class TestAdvice:
    """Findings that are advice: nothing is owed."""

    SOLD = Catalog(
        [HOME, attrs.evolve(HOME, version=2, charges=[attrs.evolve(FEE, price="25.00"), *HOME.charges[1:]])],
        [Release("home@1", date(2025, 1, 1)), Release("home@2", date(2026, 3, 1))],
    )

    def test_loyalty_penalty(self):
        """F12: who comes pays less than who stays."""
        outcome = review(known(document(line())), as_of=date(2026, 3, 20), rules=RULES, catalog=self.SOLD)
        assert [(finding.code, finding.found_amount) for finding in outcome.advice] == [("loyalty-penalty", Decimal("5.00"))]
        assert (outcome.verdict, outcome.owed.amount) == (Verdict.FAIR_WITH_ADVICE, 0)

    def test_same_price_for_all(self):
        """F12, near miss: the same price, a plan that is not sold, or a day after the end are no finding."""
        assert found(known(), as_of=date(2026, 2, 20), catalog=self.SOLD) == {}
        assert found(known(), as_of=date(2026, 2, 20), catalog=Catalog([HOME])) == {}
        ended = AccountSnapshot(ONA, [START.cancel(on=date(2026, 3, 1))], invoices=[february()])
        assert found(ended, as_of=date(2026, 3, 20), catalog=self.SOLD, plans=[HOME]) == {}

    def test_better_tariff(self):
        """F13: another plan would have cost much less for the same usage."""
        small = attrs.evolve(HOME, code="small", name="Small", charges=[attrs.evolve(FEE, price="20.00"), *HOME.charges[1:]])
        close = attrs.evolve(HOME, code="close", name="Close", charges=[attrs.evolve(FEE, price="29.00"), *HOME.charges[1:]])
        snapshot = known(document(line()))
        finding = only(
            snapshot, "better-tariff-available", "145.20", plans=[small], as_of=date(2027, 1, 31), checks=[BetterTariffAvailable()]
        )
        assert (finding.direction, finding.inputs["plan"]) == (Direction.ADVICE, "small@1")
        assert found(snapshot, plans=[close], as_of=date(2027, 1, 31), checks=[BetterTariffAvailable()]) == {}
        assert found(snapshot, plans=[HOME], as_of=date(2027, 1, 31), checks=[BetterTariffAvailable()]) == {}

    def test_unused_service(self):
        """F22: three paid months without usage are told; with usage, or fewer months, they are not."""
        april = document(line(period=APRIL), number="OLD-4")
        snapshot = known(document(line()), april)
        assert only(snapshot, "unused-service", "30.00", as_of=date(2026, 5, 1), checks=[UnusedService()])
        assert found(snapshot, as_of=date(2026, 4, 20), checks=[UnusedService()]) == {}
        usage = UsageRecord("U-1", "S-1", DATA, "1", datetime(2026, 3, 12, tzinfo=VILNIUS))
        assert found(attrs.evolve(snapshot, usage=[usage]), as_of=date(2026, 5, 1), checks=[UnusedService()]) == {}

    def test_service_that_is_included(self):
        """F22: an add-on whose charges the plan has already is sold twice; another one is not."""
        extra = Plan("extra", 1, "Extra", "EUR", [attrs.evolve(FEE, price="4.00")])
        tv = Plan("tv", 1, "TV", "EUR", [RecurringCharge("tv", "Television", "4.00")])
        for plan, expected in ((extra, {"overlapping-service"}), (tv, set())):
            add_on = START.add_on(plan, id="S-2", on=date(2026, 3, 1))
            snapshot = AccountSnapshot(ONA, [START, add_on], invoices=[february()])
            assert (
                set(found(snapshot, as_of=date(2026, 3, 20), checks=[UnusedService(), BetterTariffAvailable()], plans=[HOME])) == expected
            )


@attrs.frozen
class Own:
    """A check of a host."""

    code = "acme:own"
    findings: tuple = ()

    def check(self, case):
        """Return what was given."""
        if self.findings == ("boom",):
            raise KeyError("boom")
        if self.findings == ("billing",):
            raise UnknownReferenceError("x", "it is here", "add it")
        return self.findings


def own(amount="1.00", **more):
    """Return a finding of a host's check."""
    facts = {
        "code": "acme:own",
        "direction": Direction.CUSTOMER_HARMED,
        "concern": Concern.CHARGE,
        "currency": "EUR",
        "remedy": Remedy.CREDIT,
    }
    return ReviewFinding(**(facts | {"rule": "our rule", "found_amount": Decimal(amount), "items": {"days": 3, "seen": (1, 2)}} | more))


class TestOwnChecks:
    """A host adds checks of its own."""

    def test_finding_without_phrase_is_shown_with_its_facts(self):
        """A code that no phrasebook knows is shown with its facts."""
        finding = found(known(), checks=[Own((own(),))])["acme:own"]
        assert finding.text.startswith("finding.acme:own (name ")
        assert "days 3" in finding.text
        assert finding.amount == Money("1.00", "EUR")
        assert dict(finding.inputs) == {"days": 3, "seen": (1, 2)}

    def test_no_more_than_the_line(self):
        """What is given back of a line is never more than the line, over all concerns."""
        ref = known().invoices[0].part(known().invoices[0].lines[0]).ref
        both = Own((own("25.00", ref=ref), own("20.00", ref=ref, concern=Concern.DISCOUNT), own("24.00", ref=ref)))
        outcome = review(known(), as_of=date(2026, 3, 20), rules=RULES, checks=[both])
        assert sorted(finding.found_amount for finding in outcome.findings) == [0, 5, 25]
        assert outcome.owed.amount == add_up([Decimal(25), Decimal(5)])

    def test_bad_checks(self):
        """A check that raises, yields something else, or states a negative amount is named."""
        for bad in (("boom",), ("nothing",), (own("-1.00"),)):
            with pytest.raises(PluginError, match="acme:own"):
                found(known(), checks=[Own(bad)])
        with pytest.raises(UnknownReferenceError):
            found(known(), checks=[Own(("billing",))])
        with pytest.raises(InvalidTypeError, match="ReviewCheck"):
            found(known(), checks=["F1"])


class TestRecords:
    """Notices, contacts and promises are checked where they enter."""

    def test_notice(self):
        """A notice says what it is about."""
        assert Notice("N-1", "price-rise", date(2026, 3, 1), effective=date(2026, 4, 1)).kind == "price-rise"
        with pytest.raises(InvalidValueError, match="what it is about"):
            Notice("N-1", " ", date(2026, 3, 1))

    def test_interaction(self):
        """A contact ends after it starts."""
        start, end = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
        assert Interaction("I-1", "phone", "rasa", "billing", start, end, resolved=True).resolved
        assert Interaction("I-1", "phone", "rasa", "billing", start).end is None
        with pytest.raises(InvalidPeriodError):
            Interaction("I-1", "phone", "rasa", "billing", end, start)

    def test_promise(self):
        """A promise has words and a day that is not before it was made."""
        with pytest.raises(InvalidPeriodError):
            AgentPromise("P-1", date(2026, 3, 2), date(2026, 3, 1), "later")
        with pytest.raises(InvalidValueError, match="what was promised"):
            AgentPromise("P-1", date(2026, 3, 2), date(2026, 3, 3), " ")


def test_lithuanian_texts():
    """The texts come in the account's language or the one that is asked for."""
    text = found(known(document(line("33.00"))), locale="lt_LT")["price-above-contract"].text
    assert text == "Monthly fee, sąskaita OLD-3: vieneto kaina 33,00\xa0€, o sutarta 30,00\xa0€; 3,00\xa0€ per daug"
