"""Was the customer told in time, and was nobody chased under a flag? Planted cases and near misses on documents of another system."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest

from billing_domain import AccountSnapshot, Money, Plan, Subscription, bill, credit
from billing_domain.care import AgentPromise, Direction, Notice, Remedy, Verdict, review
from billing_domain.care.checks import (
    NOTICE_CHECKS,
    STANDARD_CHECKS,
    BestTariffNoticeMissing,
    ExpiredPromoUnannounced,
    LateFeeImproper,
    PriceRiseWithoutNotice,
    SafeguardMissing,
)
from billing_domain.catalog import Flat, Phase, PhaseKind
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.errors import InvalidTypeError
from billing_domain.invoicing import EntryKind
from billing_domain.payments import DunningAction, DunningRecord, FlagKind, HoldFlag, LateFee, Payment
from billing_domain.periods import Frequency, Period
from billing_domain.subscriptions.contract import Contract, FlatFee
from billing_domain.tax import TaxCategory, TaxClass, TaxTreatment
from foreign_bills import APRIL, FEBRUARY, FEE, HOME, MARCH, ONA, RULES, START, document, february, found, known, line, only

SAFE = [*STANDARD_CHECKS, *NOTICE_CHECKS]
RISE = [PriceRiseWithoutNotice()]


def told(kind, sent, **more):
    """Return a notice."""
    return Notice("N-1", kind, sent, **more)


class TestPriceRise:
    """F2: a rise holds once it was told in time."""

    DEARER = START.override_price("base", "33.00", on=date(2026, 3, 1))

    def risen(self, *records, subscription=None, price="33.00", checks=RISE, **more):
        """Return what is found on a bill at the risen price."""
        return found(known(document(line(price)), subscription=subscription or self.DEARER, **more), checks=checks, records=records)

    def test_nobody_told(self):
        """The whole rise is not owed."""
        outcome = review(known(document(line("33.00")), subscription=self.DEARER), as_of=date(2026, 3, 20), rules=RULES, checks=SAFE)
        (finding,) = outcome.findings
        assert (finding.code, finding.found_amount) == ("price-rise-without-notice", Decimal("3.00"))
        assert (outcome.verdict, finding.inputs["since"], finding.remedy) == (Verdict.UNFAIR, date(2026, 3, 1), Remedy.CREDIT)
        assert finding.text == "Monthly fee on invoice OLD-3: the price rose on 1 Mar 2026 without notice in time: €3.00"

    def test_told_in_time(self):
        """Near miss: thirty days before, about the subscription or the account, with or without its day."""
        for about in ("", "S-1"):
            for effective in (None, date(2026, 3, 1)):
                assert self.risen(told("price-rise", date(2026, 1, 30), about=about, effective=effective)) == {}

    def test_told_late(self):
        """Told ten days before, the first twenty days are not owed."""
        notice = told("price-rise", date(2026, 2, 19))
        assert self.risen(notice)["price-rise-without-notice"].found_amount == Decimal("1.94")

    def test_another_notice(self):
        """A notice of something else, of another subscription, for another day, or sent after the review, tells nothing."""
        others = [
            told("end-of-contract", date(2026, 1, 1)),
            told("price-rise", date(2026, 1, 1), about="S-2"),
            told("price-rise", date(2026, 1, 1), effective=date(2026, 2, 1)),
            told("price-rise", date(2026, 3, 21)),
        ]
        for notice in others:
            assert self.risen(notice)["price-rise-without-notice"].found_amount == Decimal("3.00")

    def test_old_price_billed(self):
        """Near miss: who is billed the old price bears no rise."""
        assert self.risen(price="30.00") == {}

    def test_newer_version_and_other_plan(self):
        """A newer version of the plan is a rise; another plan is a choice of the customer."""
        newer = attrs.evolve(HOME, version=2, charges=[attrs.evolve(FEE, price="33.00"), *HOME.charges[1:]])
        assert set(self.risen(subscription=START.change_plan(newer, on=date(2026, 3, 1)))) == {"price-rise-without-notice"}
        other = attrs.evolve(newer, code="home-plus")
        assert self.risen(subscription=START.change_plan(other, on=date(2026, 3, 1))) == {}

    def test_up_and_down(self):
        """A fall after a rise takes the rise back, and an old fall pays for no new rise."""
        down = self.DEARER.override_price("base", "31.00", on=date(2026, 4, 1))
        april = document(line("31.00", APRIL), number="OLD-4")
        snapshot = AccountSnapshot(ONA, [down], invoices=[february(), april])
        assert found(snapshot, as_of=date(2026, 4, 20), checks=RISE)["price-rise-without-notice"].found_amount == Decimal("1.00")
        cheaper = START.override_price("base", "25.00", on=date(2026, 2, 10)).override_price("base", "28.00", on=date(2026, 3, 1))
        assert self.risen(subscription=cheaper, price="28.00")["price-rise-without-notice"].found_amount == Decimal("3.00")

    def test_rise_within_a_period_that_was_billed(self):
        """The part that this engine billed for the rise alone is not owed either."""
        middle = START.override_price("base", "36.20", on=date(2026, 3, 17))
        snapshot = AccountSnapshot(ONA, [START], invoices=[february(), document(line())]).add(middle)
        april = bill(snapshot, through=date(2026, 4, 1), rules=RULES).invoice.issue(number="N-1", on=date(2026, 4, 1))
        outcome = review(snapshot.add(april), as_of=date(2026, 4, 2), rules=RULES, checks=RISE)
        assert sorted(finding.found_amount for finding in outcome.findings) == [Decimal("3.00"), Decimal("6.20")]

    def test_agreed_ramp(self):
        """Near miss: a ramp that was agreed from the start is no rise."""
        ramp = attrs.evolve(HOME, phases=[Phase("intro", PhaseKind.RAMP, Frequency.monthly(), {"base": Flat("20.00")})])
        subscription = Subscription.start(ramp, id="S-1", on=date(2026, 2, 1))
        snapshot = AccountSnapshot(ONA, [subscription], invoices=[document(line("20.00", FEBRUARY), number="OLD-2"), document(line())])
        assert found(snapshot, checks=RISE) == {}


class TestEndOfDiscount:
    """F11: a discount ends once its end was told in time."""

    PROMO = Grant("G-1", "acme:promo@1", Percent(10), date(2026, 2, 1), date(2026, 3, 1), scope=Scope.recurring(), name="Promo")
    CHECKS = (ExpiredPromoUnannounced(),)

    def ended(self, *records, lines=(), grants=(), as_of=date(2026, 3, 20)):
        """Return what is found where the discount was on the bill of February and not on that of March."""
        first = document(line(period=FEBRUARY, allowances=(("Promo", "3.00"),)), number="OLD-2")
        snapshot = AccountSnapshot(ONA, [START], invoices=[first, document(*(lines or [line()]))], grants=[self.PROMO, *grants])
        return found(snapshot, as_of=as_of, checks=self.CHECKS, records=records)

    def test_nobody_told(self):
        """What it would have given is owed on every line since."""
        finding = self.ended()["expired-promo-unannounced"]
        assert (finding.found_amount, finding.evidence[1], finding.inputs["ended"]) == (Decimal("3.00"), "grant:G-1", date(2026, 3, 1))

    def test_told(self):
        """Near miss: told thirty days before; told fifteen days before, the first fifteen days are owed."""
        assert self.ended(told("end-of-discount", date(2026, 1, 30), about="G-1")) == {}
        late = told("end-of-discount", date(2026, 2, 14), about="G-1")
        assert self.ended(late)["expired-promo-unannounced"].found_amount == Decimal("1.45")

    def test_lines_that_never_had_it(self):
        """Near miss: a line that never had the discount lacks nothing, and a day before its end nothing has ended."""
        assert self.ended(lines=[line(charge="tv", name="Television")]) == {}
        assert self.ended(as_of=date(2026, 2, 20)) == {}

    def test_another_discount_since(self):
        """A new discount in its place is counted."""
        newer = attrs.evolve(self.PROMO, id="OLD-3/1", policy="acme:new@1", start=date(2026, 3, 1), end=None, name="New")
        lines = [line(allowances=(("New", "2.00"),))]
        assert self.ended(lines=lines, grants=[newer])["expired-promo-unannounced"].found_amount == Decimal("1.00")
        assert self.ended(lines=[line(allowances=(("New", "3.00"),))], grants=[newer]) == {}


class TestBestTariff:
    """F14: the end of a term is told, and the best tariff each year after it."""

    BOUND = attrs.evolve(START, contract=Contract(date(2025, 4, 1), Frequency.yearly()), start_on=date(2025, 4, 1))
    CHECKS = (BestTariffNoticeMissing(),)

    def missing(self, *records, as_of=date(2026, 4, 10), subscription=None):
        """Return which notice is missing."""
        snapshot = AccountSnapshot(ONA, [subscription or self.BOUND])
        outcome = review(snapshot, as_of=as_of, rules=RULES, checks=self.CHECKS, records=records)
        assert {finding.direction for finding in outcome.findings} <= {Direction.BREACH}
        return [(finding.inputs["missing"], finding.remedy) for finding in outcome.findings]

    def test_end_of_contract(self):
        """Nobody told, or told too early or too late."""
        for records in ([], [told("end-of-contract", date(2026, 2, 1))], [told("end-of-contract", date(2026, 3, 25))]):
            assert self.missing(*records) == [("end-of-contract", Remedy.SEND_NOTICE)]

    def test_told(self):
        """Near miss: told twenty days before; ten days before the end there is still time."""
        assert self.missing(told("end-of-contract", date(2026, 3, 12), about="S-1")) == []
        assert self.missing(as_of=date(2026, 3, 22)) == []
        assert self.missing(as_of=date(2026, 3, 23)) != []

    def test_best_tariff(self):
        """A year after the end, and a year after the last notice, the best tariff is told again."""
        first = told("end-of-contract", date(2026, 3, 12))
        assert self.missing(first, as_of=date(2027, 4, 2)) == []
        assert self.missing(first, as_of=date(2027, 4, 3)) == [("best-tariff", Remedy.SEND_NOTICE)]
        again = Notice("N-2", "best-tariff", date(2027, 3, 1), about="S-1")
        assert self.missing(first, again, as_of=date(2027, 12, 1)) == []

    def test_nobody_is_bound(self):
        """Near miss: without contract, and for who left before the end, nothing has to be told."""
        assert self.missing(subscription=START) == []
        assert self.missing(subscription=self.BOUND.cancel(on=date(2026, 1, 1))) == []
        first = told("end-of-contract", date(2026, 3, 12))
        assert self.missing(first, subscription=self.BOUND.cancel(on=date(2026, 4, 1)), as_of=date(2027, 6, 1)) == []


class TestSafeguards:
    """F26: nobody is chased under a flag."""

    FLAG = HoldFlag("H-1", FlagKind.VULNERABLE, date(2026, 2, 10), date(2026, 4, 1))

    def chased(self, action=DunningAction.SUSPEND, on=date(2026, 3, 5), as_of=date(2026, 3, 20)):
        """Return what is found of a step of dunning."""
        record = DunningRecord("D-1", "household@1", 1, action, on, Money("36.30", "EUR"), ["OLD-2"])
        return found(known(ledger=[self.FLAG, record]), as_of=as_of, checks=[SafeguardMissing()])

    def test_suspended(self):
        """A suspension under a flag is a breach without amount, said in words."""
        finding = self.chased()["safeguard-missing"]
        assert (finding.direction, finding.evidence) == (Direction.BREACH, ("dunning:D-1", "flag:H-1"))
        assert finding.text == "household@1: the service was suspended on 5 Mar 2026, under a flag (vulnerable customer)"

    def test_allowed(self):
        """Near miss: a reminder, a day without flag, or a step after the review."""
        assert self.chased(DunningAction.REMIND) == {}
        assert self.chased(on=date(2026, 2, 9)) == {}
        assert self.chased(as_of=date(2026, 3, 4)) == {}


class TestFeesOfOtherSystems:
    """F18 and F23 on lines that another system billed."""

    OUTSIDE = TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_reason="penalty")
    DAY = Period(date(2026, 3, 3), date(2026, 3, 4))
    PAID = Payment("B-1", Money("36.30", "EUR"), date(2026, 2, 10))
    FACT = LateFee("F-1", date(2026, 3, 3), "OLD-2", Money("5.00", "EUR"), "late@1", ())

    def late(self, *ledger, owner="fee-F-1", invoices=None, checks=STANDARD_CHECKS):
        """Return what is found of a late fee on an imported bill."""
        fee = line("5.00", self.DAY, treatment=self.OUTSIDE, subscription_id=owner, charge="late-fee", name="Late fee", plan="")
        before = [february()] if invoices is None else invoices
        bills = [*before, document(line()), document(fee, number="OLD-5", on=self.DAY.start)]
        return found(AccountSnapshot(ONA, [START], invoices=bills, ledger=ledger), checks=checks)

    def test_due(self):
        """Near miss: a bill that was late bears its fee, with or without the fact of the ledger."""
        assert self.late(self.FACT) == {}
        assert self.late(owner="S-1") == {}

    def test_not_due(self):
        """The bill was paid in time, no bill was late at all, or the customer is under a flag."""
        for ledger, owner in (((self.FACT, self.PAID), "fee-F-1"), ((self.PAID,), "S-1")):
            finding = self.late(*ledger, owner=owner)["late-fee-improper"]
            assert (finding.found_amount, finding.inputs["why"], finding.inputs["for_invoice"]) == (
                Decimal("5.00"),
                "paid-in-time",
                "OLD-2",
            )
        checks = [LateFeeImproper()]
        nothing = self.late(owner="S-1", invoices=[], checks=checks)["late-fee-improper"]
        assert (nothing.inputs["why"], nothing.text) == ("nothing-late", "Late fee on invoice OLD-5 is not due (no bill was late): €5.00")
        assert self.late(self.FACT, TestSafeguards.FLAG)["late-fee-improper"].inputs["why"] == "under-flag"

    def left(self, fee, owner):
        """Return what is found of a fee for leaving early on an imported bill."""
        contract = Contract(date(2026, 2, 1), Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD))
        ended = attrs.evolve(START, contract=contract).cancel(on=date(2026, 3, 10))
        part = line(net="8.71", period=Period(date(2026, 3, 1), date(2026, 3, 10)), slot=MARCH)
        leaving = line(fee, Period(date(2026, 3, 10), date(2026, 3, 11)), name="Leaving", subscription_id=owner, charge="early-termination")
        return known(document(part, leaving, on=date(2026, 3, 10)), subscription=ended)

    @pytest.mark.parametrize("owner", ["O-1", "S-1"])
    def test_leaving_early(self, owner):
        """A fee above the one of the contract is found once; the right fee is right, whatever it hangs on."""
        assert only(self.left("80.00", owner), "early-exit-fee-wrong", "30.00").ref.line == 2
        assert found(self.left("50.00", owner)) == {}


class TestNoDoubleRefunds:
    """What one finding gives back, no other gives back again."""

    def test_tax_on_what_is_put_right(self):
        """Wrong tax counts on the right price only: the credit of the rest gives its tax back."""
        wrong = document(line("33.00", treatment=TaxTreatment(TaxCategory.STANDARD, 25)))
        outcome = review(known(wrong), as_of=date(2026, 3, 20), rules=RULES)
        assert {finding.code: finding.found_amount for finding in outcome.findings if finding.found_amount} == {
            "price-above-contract": Decimal("3.00"),
            "tax-error": Decimal("1.20"),
        }

    def test_tax_after_a_credit(self):
        """What a credit gave back is not wrongly taxed any more."""
        wrong = document(line("30.00", treatment=TaxTreatment(TaxCategory.STANDARD, 25)))
        part = wrong.part(wrong.lines[0], net=Money("10.00", "EUR"))
        note = credit(known(wrong), part, kind=EntryKind.GOODWILL, reason="sorry").issue(number="CN-1", on=date(2026, 3, 10))
        findings = found(known(wrong).add(note))
        assert findings["tax-error"].found_amount == Decimal("0.80")

    def test_words_of_an_exemption(self):
        """Another wording of the same exemption is no error of tax."""
        rules = attrs.evolve(RULES, tax=_Exempt())
        exempt = document(line(treatment=TaxTreatment(TaxCategory.EXEMPT, 0, exemption_reason="VAT Act, Article 21")))
        snapshot = AccountSnapshot(ONA, [Subscription.start(HOME, id="S-1", on=date(2026, 3, 1))], invoices=[exempt])
        assert review(snapshot, as_of=date(2026, 3, 20), rules=rules).findings == ()

    def test_promise_that_was_kept_in_part(self):
        """Of a promised credit the rest is owed."""
        right = document(line())
        snapshot = known(right)
        note = credit(snapshot, right.part(right.lines[0], net=Money("3.00", "EUR")), kind=EntryKind.GOODWILL, reason="outage")
        promise = AgentPromise("P-1", date(2026, 3, 2), date(2026, 3, 10), "5 euros", amount=Money("5.00", "EUR"), kept_by="CN-1")
        kept = snapshot.add(note.issue(number="CN-1", on=date(2026, 3, 9)))
        assert only(kept, "credit-promised-not-posted", "2.00", records=[promise])
        assert found(kept, records=[attrs.evolve(promise, amount=Money("3.00", "EUR"))]) == {}


class _Exempt:
    """A tax policy that exempts everything."""

    code = "acme:exempt"

    def treat(self, supply):
        """Return exempt, in words of its own."""
        return TaxTreatment(TaxCategory.EXEMPT, 0, exemption_reason="education")


class TestBadInput:
    """What is given is what its name says."""

    @pytest.mark.parametrize(
        "given",
        [
            {"rules": None},
            {"checks": None},
            {"checks": [None]},
            {"records": ["x"]},
            {"records": "x"},
            {"plans": HOME},
            {"plans": ["home"]},
            {"catalog": "x"},
            {"as_of": datetime(2026, 3, 20, tzinfo=UTC)},
            {"phrasebooks": ["x"]},
        ],
        ids=str,
    )
    def test_refused(self, given):
        """Anything else is an error of type that says what to give."""
        with pytest.raises(InvalidTypeError, match="; give"):
            review(known(), **({"as_of": date(2026, 3, 20), "rules": RULES} | given))

    def test_snapshot(self):
        """Only an account is reviewed."""
        with pytest.raises(InvalidTypeError, match="the snapshot of review is an AccountSnapshot"):
            review("A-1", as_of=date(2026, 3, 20), rules=RULES)


def test_plan_without_the_charge_before():
    """A charge that is new has no price before, so nothing rose."""
    bare = Plan("home", 1, "Home", "EUR", [HOME.charges[1]])
    fuller = START.__class__.start(bare, id="S-1", on=date(2026, 2, 1)).change_plan(attrs.evolve(HOME, version=2), on=date(2026, 3, 1))
    snapshot = AccountSnapshot(ONA, [fuller], invoices=[document(line())])
    assert found(snapshot, checks=RISE) == {}
