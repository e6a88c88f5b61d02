"""A bill in plain words: lines, reasons, the page and the phrasebooks."""

import re
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, UsageRecord, bill, credit, explain, presets
from billing_domain.care import Detail, DriverKind, LineExplanation, PhraseTable, next_bill
from billing_domain.care.driver_model import Driver
from billing_domain.care.explanation_drivers import worded
from billing_domain.care.explanation_lines import turn_of
from billing_domain.care.phrases import ENGLISH, LITHUANIAN, Percentage, Phrasebook, UnitPrice, Words
from billing_domain.catalog import (
    CommitmentCharge,
    Graduated,
    Meter,
    OneOffCharge,
    Package,
    PerUnit,
    RecurringCharge,
    Step,
    Tier,
    UsageCharge,
    Working,
)
from billing_domain.catalog import (
    Percentage as PercentPrice,
)
from billing_domain.discounts import FixedAmount, Grant, Percent, Scope
from billing_domain.errors import CurrencyMismatchError, InvalidTypeError, InvalidValueError, PluginError
from billing_domain.invoicing import EntryKind, EntryRef, Reinstatement, adjust
from billing_domain.periods import BillingCycle, Period

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"), cycle=BillingCycle.calendar())
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
LOYALTY = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 3, 1), date(2026, 6, 1), scope=Scope.recurring(), name="loyalty discount")
NBSP = "\xa0"


def plan(*charges, code="mobile"):
    """Return a plan."""
    return Plan(code, 1, "Mobile", "EUR", charges)


FEE = RecurringCharge("base", "Monthly fee", "9.90")
MOBILE = plan(FEE, UsageCharge("data", "Mobile data", DATA, Graduated([Tier(10, 0), Tier(None, "1.50")])))
START = Subscription.start(MOBILE, id="S-1", on=date(2026, 3, 1))


def used(quantity, month=3, number=1):
    """Return usage in a month of 2026."""
    return UsageRecord(f"U-{month}-{number}", "S-1", DATA, quantity, datetime(2026, month, 12, 18, tzinfo=VILNIUS))


def issued(snapshot, month, day=1, number=None):
    """Return the invoice of a day of 2026."""
    on = date(2026, month, day)
    return bill(snapshot, through=on, rules=RULES).invoice.issue(number=number or f"MB-{month}", on=on)


def two(subscription=START, usage=(), **more):
    """Return the invoices of March and April."""
    snapshot = AccountSnapshot(ONA, [subscription], usage=usage, **more)
    march = issued(snapshot, 3, subscription.start_on.day if subscription.start_on.month == 3 else 1)
    return march, issued(snapshot.add(march), 4)


def details(invoice, name, **more):
    """Return what is said under a line."""
    return next(line.details for line in explain(invoice, locale="en_IE", **more).lines if line.name == name)


class TestLines:
    """Every line from its own facts."""

    def test_included_and_beyond(self):
        """What is included is named, and what lies beyond has its price."""
        april = two(usage=[used("14")])[1]
        assert details(april, "Mobile data") == ("10 GB included, 4 GB at €1.50",)
        assert details(april, "Monthly fee") == ()

    def test_nothing_used(self):
        """Where nothing was used, no allowance of nothing is named: the plan includes more than that."""
        assert details(two()[1], "Mobile data") == ("nothing used",)

    def test_days(self):
        """Part of a month is told in days, with the price of the whole."""
        march = two(Subscription.start(MOBILE, id="S-1", on=date(2026, 3, 15)))[0]
        assert details(march, "Monthly fee") == ("17 of 31 days, €9.90",)
        lithuanian = explain(march, locale="lt_LT").lines[0].details
        assert lithuanian == (f"17 iš 31 dienos, 9,90{NBSP}€",)

    def test_discount_with_its_term(self):
        """A discount says its percentage and its place in the term, where the grant is given."""
        april = two(grants=[LOYALTY])[1]
        assert details(april, "Monthly fee", grants=[LOYALTY]) == ("€9.90", "10% loyalty discount −€0.99, second of three months")
        assert details(april, "Monthly fee") == ("€9.90", "loyalty discount −€0.99")
        endless = attrs.evolve(LOYALTY, end=None)
        assert details(april, "Monthly fee", grants=[endless])[1] == "10% loyalty discount −€0.99"
        fixed = attrs.evolve(LOYALTY, benefit=FixedAmount(Money("0.99", "EUR")))
        assert details(april, "Monthly fee", grants=[fixed])[1] == "loyalty discount −€0.99"

    def test_turns(self):
        """Months of a window are counted from its first day."""
        assert turn_of(date(2026, 3, 15), date(2026, 6, 15), date(2026, 5, 14)) == (2, 3)
        assert turn_of(date(2026, 3, 15), date(2026, 6, 14), date(2026, 5, 14)) is None

    def test_several_stretches(self):
        """Where a price changed within a period, each stretch of days stands for itself."""
        arrears = attrs.evolve(FEE, timing=type(FEE.timing).IN_ARREARS)
        subscription = Subscription.start(plan(arrears), id="S-1", on=date(2026, 3, 1)).override_price(
            "base", "12.40", on=date(2026, 3, 17)
        )
        april = issued(AccountSnapshot(ONA, [subscription]), 4)
        shown = [detail for line in explain(april, locale="en_IE").lines for detail in line.details]
        assert shown == ["16 of 31 days, €9.90", "15 of 31 days, €12.40"]

    def test_instead_of(self):
        """A change in a billed period says what was billed before."""
        march = issued(AccountSnapshot(ONA, [START]), 3)
        dearer = AccountSnapshot(ONA, [START.override_price("base", "12.40", on=date(2026, 3, 17))], invoices=[march])
        april = issued(dearer, 4)
        assert "15 of 31 days, €12.40 instead of €9.90 billed before" in explain(april, locale="en_IE").text

    def test_units_and_packages(self):
        """Units, packages, percentages and minimum spends have words of their own."""
        charges = [
            RecurringCharge("seats", "Seats", PerUnit("12.50", included=2)),
            UsageCharge("data", "Mobile data", DATA, Package("5.00", size=10)),
            CommitmentCharge("minimum", "Minimum spend", "100"),
        ]
        subscription = Subscription.start(plan(*charges), id="S-1", on=date(2026, 3, 1), quantity=3)
        april = two(subscription, [used("14")])[1]
        assert details(april, "Seats") == ("2 included, €12.50",)
        assert details(april, "Mobile data") == ("14 GB, 2 packages at €5.00",)
        assert details(april, "Minimum spend")[0].startswith("agreed minimum €100.00, already reached €")

    def test_percentages(self):
        """A share of a turnover is shown as a percentage."""
        share = UsageCharge("turnover", "Share", Meter("data", "EUR"), PercentPrice("1.5", fixed="0.10"))
        usage = [attrs.evolve(used("200"), meter=Meter("data", "EUR"))]
        april = issued(AccountSnapshot(ONA, [Subscription.start(plan(share), id="S-1", on=date(2026, 3, 1))], usage=usage), 4)
        assert details(april, "Share") == ("200 EUR at 1.5%, €0.10",)

    def test_share_that_is_no_days(self):
        """A share that a proration does not give in days is shown as it is."""
        march = issued(AccountSnapshot(ONA, [START]), 3)
        line = march.lines[0]
        piece = line.facts.pieces[0]._replace(part=1, of=2)
        odd = attrs.evolve(march.draft, lines=[attrs.evolve(line, facts=line.facts._replace(pieces=(piece, piece)))])
        assert details(odd, "Monthly fee") == ("1–31 Mar 2026: 1/2 of the period, €9.90",) * 2

    def test_plugin_step(self):
        """A step of a plugin is shown with its code and figures, or by its phrase."""
        night = plan(UsageCharge("data", "Mobile data", DATA, NightPrice()))
        april = issued(AccountSnapshot(ONA, [Subscription.start(night, id="S-1", on=date(2026, 3, 1))], usage=[used("4")]), 4)
        assert details(april, "Mobile data") == ("acme:night: 4 GB at €0.125",)
        book = PhraseTable("en", {"step.acme:night": "{quantity} by night, {price} each"})
        assert details(april, "Mobile data", phrasebooks=[book]) == ("4 GB by night, €0.125 each",)

    def test_credits(self):
        """An entry says what it lowers, why, and which discount went with it."""
        march = issued(AccountSnapshot(ONA, [START], grants=[LOYALTY]), 3)
        moved = START.change_plan(plan(attrs.evolve(FEE, price="4.90"), MOBILE.charges[1], code="mini"), on=date(2026, 3, 17))
        april = issued(AccountSnapshot(ONA, [moved], invoices=[march], grants=[LOYALTY]), 4)
        entry = explain(april, locale="en_IE").lines[-1]
        assert entry.text == "Credit for Monthly fee, 17–31 Mar 2026: -€2.18"
        assert entry.amount == Money("-2.18", "EUR")
        assert entry.details == (
            "lowers line 1 of invoice MB-3",
            "reason: less is owed than was billed",
            "15 of 31 days, €4.90 instead of €9.90 billed before",
            "€0.24 of discount loyalty discount is already taken off",
        )

    def test_credit_note(self):
        """A credit note is explained like a bill, with the words that were given."""
        march = issued(AccountSnapshot(ONA, [START]), 3)
        known = AccountSnapshot(ONA, [START], invoices=[march])
        note = credit(known, march, kind=EntryKind.GOODWILL, reason="long wait")
        text = explain(note, locale="en_IE").text
        assert "reason: goodwill, long wait" in text
        assert "Credited: €11.98." in text
        assert text.startswith("Credit note for invoice MB-3.")
        issued_note = note.issue(number="CN-1", on=date(2026, 3, 9))
        assert explain(issued_note, locale="lt_LT").title == "Kreditinė sąskaita CN-1, 2026-03-09, prie sąskaitos MB-3"
        assert explain([march, issued_note], march, locale="en_IE").difference == Money("-11.98", "EUR")

    def test_reason_of_a_plugin(self):
        """A reason that no phrasebook knows is shown with its facts."""
        from billing_domain.reasons import Reason

        march = issued(AccountSnapshot(ONA, [START]), 3)
        known = AccountSnapshot(ONA, [START], invoices=[march])
        note = credit(known, march, kind=EntryKind.CORRECTION, reason=Reason.of("acme:storm", days=3))
        assert "reason: acme:storm (days=3)" in explain(note, locale="en_IE").text

    def test_credit_taken_back(self):
        """A line that takes a credit back names it."""
        march = issued(AccountSnapshot(ONA, [START]), 3)
        known = AccountSnapshot(ONA, [START], invoices=[march])
        note = credit(known, march, kind=EntryKind.CORRECTION, reason="by mistake").issue(number="CN-1", on=date(2026, 3, 2))
        again = known.add(note, Reinstatement(EntryRef("CN-1", 1), on=date(2026, 3, 9), reason="it was right"))
        assert "takes back credit 1 of CN-1" in explain(issued(again, 4), locale="en_IE").text


@attrs.frozen
class NightPrice:
    """A price model of a host."""

    code = "acme:night"

    def work_out(self, measured):
        """Return one step with a code of its own."""
        return Working([Step("acme:night", measured.quantity, Decimal("0.125"))])


class TestDetail:
    """Customer, agent and auditor see more and more."""

    def test_agent(self):
        """An agent sees tax, plan and key, and who brought a difference about."""
        march, april = two(usage=[used("14.2")])
        agent = explain(april, march, locale="en_IE", detail=Detail.AGENT)
        assert "tax S 21%" in agent.text
        assert "mobile@1 S-1/data/2026-03-01" in agent.text
        assert agent.drivers[0].text.endswith("(from: you)")
        assert "Tax S 21%: €3.40 on €16.20." in agent.closing

    def test_auditor(self):
        """An auditor sees each working down to the rounding step."""
        march = two(Subscription.start(MOBILE, id="S-1", on=date(2026, 3, 15)))[0]
        shown = details(march, "Monthly fee", detail=Detail.AUDITOR)
        assert "(1 × 9.90) × 17/31" in shown
        assert "5.4290322580… rounded to €5.43" in shown
        april = two(usage=[used("14.2")])[1]
        assert "6.3 rounded to €6.30" in details(april, "Mobile data", detail=Detail.AUDITOR)

    def test_no_rate(self):
        """What is out of scope has no rate to show."""
        from billing_domain.tax import NoTax

        rules = attrs.evolve(RULES, tax=NoTax())
        draft = bill(AccountSnapshot(ONA, [START]), through=date(2026, 3, 1), rules=rules).invoice
        text = explain(draft, locale="en_IE", detail=Detail.AGENT).text
        assert "tax O\n" in text
        assert "Tax O : €0.00 on €9.90." in text


class TestDifference:
    """Why a bill differs, in one sentence and in a list."""

    def test_sentence_of_the_front_page(self):
        """The sentence that a customer reads first, in Lithuanian."""
        march, april = two(usage=[used("14.2")])
        expected = f"Sąskaita 7,62{NBSP}€ didesnė nei praėjusį mėnesį: sunaudojote 4,2 GB daugiau, nei įskaičiuota į planą."
        assert explain(april, previous=march, locale="lt_LT").text.split("\n")[0] == expected

    def test_same_and_lower(self):
        """A bill that comes to the same says so, and one that is lower too."""
        march, april = two()
        assert explain(april, march, locale="en_IE").summary == "The bill comes to the same as the last one"
        _, dear = two(usage=[used("14.2")])
        assert explain(march, dear, locale="en_IE").summary.startswith("The bill is €7.62 lower than the last one: Mobile data")

    def test_first_bill(self):
        """A first bill says what it is made of."""
        fresh = plan(FEE, OneOffCharge("setup", "Setup", "25.00"), UsageCharge("data", "Mobile data", DATA, "0.50"))
        subscription = Subscription.start(fresh, id="S-1", on=date(2026, 3, 11))
        first = issued(AccountSnapshot(ONA, [subscription], usage=[used("3", number=9)]), 4)
        shown = explain(first, locale="en_IE", first=True)
        assert shown.before_amount == 0
        assert sorted(driver.text for driver in shown.drivers) == [
            "Mobile data, for what you used",
            "Monthly fee for part of a period, 21 of 31 days",
            "Monthly fee, in advance",
            "Setup, charged once",
        ]
        assert shown.difference == first.totals.payable

    def test_first_bill_in_arrears_with_credit(self):
        """A first bill in arrears, with a credit, has words for both."""
        march = issued(AccountSnapshot(ONA, [START]), 3)
        moved = START.change_plan(plan(attrs.evolve(FEE, price="4.90"), MOBILE.charges[1], code="mini"), on=date(2026, 3, 17))
        april = issued(AccountSnapshot(ONA, [moved], invoices=[march]), 4)
        assert "credit for Monthly fee" in {driver.text for driver in explain(april, locale="en_IE", first=True).drivers}
        arrears = plan(attrs.evolve(FEE, timing=type(FEE.timing).IN_ARREARS))
        late = issued(AccountSnapshot(ONA, [Subscription.start(arrears, id="S-1", on=date(2026, 3, 1))]), 4)
        assert [driver.text for driver in explain(late, locale="en_IE", first=True).drivers] == ["Monthly fee"]

    def test_carried_and_prepaid(self):
        """What is open from before, what was paid before and a payable step are said under the lines."""
        march, april = two()
        draft = adjust(april.draft, prepaid=Money("1.00", "EUR"), payable_step="0.05")
        shown = explain(draft, march, locale="en_IE", carried=Money("5.00", "EUR"), carried_before=Money("2.00", "EUR"))
        assert shown.difference.amount == draft.totals.payable_amount + 5 - march.totals.payable_amount - 2
        for said in ("Paid before: €1.00.", "Rounded to a payable amount: €0.02.", "Open from before: €5.00."):
            assert said in shown.closing
        with pytest.raises(CurrencyMismatchError):
            explain(april, locale="en_IE", carried=Money("5.00", "USD"))

    def test_upcoming(self):
        """The next bill is foreseen from the draft that billing proposes."""
        snapshot = AccountSnapshot(ONA, [START], usage=[used("14.2")])
        march = issued(snapshot, 3)
        draft = next_bill(snapshot.add(march), as_of=date(2026, 3, 20), rules=RULES).invoice
        shown = explain(march, locale="en_IE", upcoming=draft)
        assert shown.text.endswith("The next bill, up to 1 Apr 2026, will come to €19.60 if nothing changes.")
        assert shown.upcoming in shown.html()

    def test_folding(self):
        """Small reasons are folded where a person reads; the data keeps them all, and the sum is the same."""
        extras = [RecurringCharge(f"x{number}", f"Extra {number}", f"0.{number}0") for number in range(1, 5)]
        big = plan(attrs.evolve(FEE, price="29.90"), MOBILE.charges[1], *extras)
        march = issued(AccountSnapshot(ONA, [START]), 3)
        other = issued(AccountSnapshot(ONA, [Subscription.start(big, id="S-1", on=date(2026, 4, 1))]), 4)
        shown = explain(other, march, locale="lt_LT")
        assert len(shown.drivers) == 5
        assert [text for text, _ in shown.shown_drivers][-1] == "4 mažesnės priežastys"
        assert sum((amount.amount for _, amount in shown.shown_drivers), Decimal(0)) == shown.difference.amount

    def test_one_small_reason_is_not_folded(self):
        """A single small reason keeps its name."""
        drivers = [Driver(DriverKind.PRICE, str(n), str(n), Decimal(n), "EUR", text=str(n)) for n in (40, 30, 20)]
        small = Driver(DriverKind.ROUNDING, "", "", Decimal("0.01"), "EUR", text="rounding")
        march, april = two()
        shown = attrs.evolve(explain(april, march, locale="en_IE"), drivers=[*drivers, small])
        assert [text for text, _ in shown.shown_drivers] == ["40", "30", "20", "rounding"]


class TestEveryDriverHasWords:
    """No reason is shown as a code, in any direction and language."""

    @pytest.mark.parametrize("locale", ["en_IE", "lt_LT"])
    @pytest.mark.parametrize("kind", [kind for kind in DriverKind if kind is not DriverKind.FIRST_BILL])
    def test_words(self, kind, locale):
        """Each kind has a phrase for more and for less."""
        facts = {"before": Decimal(1), "after": Decimal(2), "unit": "GB", "over": Decimal(2), "over_before": Decimal(1), "part": 1, "of": 1}
        if kind is DriverKind.PRICE:
            del facts["after"]
        for amount in ("1.00", "-1.00"):
            text = worded(Driver(kind, "S-1/base", "Fee", Decimal(amount), "EUR", facts), Words.of(locale), Detail.CUSTOMER).text
            assert "driver." not in text

    def test_words_by_facts(self):
        """Where facts allow it more is said, and where they lack less."""
        words = Words.of("en_IE")
        price = Driver(DriverKind.PRICE, "S-1/base", "Fee", Decimal(1), "EUR", {"before": Decimal("9.90"), "after": Decimal("10.125")})
        assert worded(price, words, Detail.CUSTOMER).text == "Fee: the price went from €9.90 to €10.125"
        units = Driver(DriverKind.QUANTITY, "S-1/base", "Fee", Decimal(1), "EUR")
        assert worded(units, words, Detail.CUSTOMER).text == "Fee: the number of units changed"
        days = Driver(DriverKind.PERIOD_LENGTH, "S-1/base", "Fee", Decimal(1), "EUR", {"part": 17, "of": 31, "days": (1, 2)})
        assert worded(days, words, Detail.CUSTOMER).text == "Fee: 17 of 31 days are billed"

    def test_same_codes(self):
        """English and Lithuanian have the same phrases with the same facts, and Lithuanian has four forms wherever a number decides."""
        english, lithuanian = dict(ENGLISH.entries), dict(LITHUANIAN.entries)
        assert english.keys() == lithuanian.keys()
        for code, phrase in lithuanian.items():
            facts = {name for form in _forms(phrase) for name in re.findall(r"{(\w+)}", form)}
            assert facts == {name for form in _forms(english[code]) for name in re.findall(r"{(\w+)}", form)}, code
            if not isinstance(phrase, str):
                assert [name for name, _ in phrase] == ["few", "many", "one", "other"]


def _forms(phrase):
    return [phrase] if isinstance(phrase, str) else [form for _, form in phrase]


class TestPage:
    """The page stands alone and its drawing says the same figures."""

    def test_waterfall(self):
        """The drawing is well formed and has one bar for each total and reason, with a description."""
        march, april = two(usage=[used("14.2")], grants=[attrs.evolve(LOYALTY, start=date(2026, 4, 1))])
        shown = explain(april, march, locale="lt_LT")
        picture = ET.fromstring(shown.waterfall())
        space = {"svg": "http://www.w3.org/2000/svg"}
        assert len(picture.findall("svg:rect", space)) == 2 + len(shown.shown_drivers)
        described = picture.find("svg:desc", space).text
        for driver in shown.drivers:
            assert shown.words.signed(driver.amount) in described
        assert "Praėjusi sąskaita: 11,98" in described

    def test_no_drawing_without_reasons(self):
        """Without an earlier bill, or without a difference, there is nothing to draw."""
        march, april = two()
        assert explain(april, locale="en_IE").waterfall() == ""
        assert explain(april, march, locale="en_IE").waterfall() == ""
        assert "<svg" not in explain(april, march, locale="en_IE").html()

    def test_page(self):
        """The page says its language, every reason and every line, and loads nothing."""
        march, april = two(usage=[used("14.2")])
        page = explain(april, march, locale="lt_LT").html()
        assert '<html lang="lt">' in page
        assert explain(april, march, locale="lt_LT").locale == "lt_LT"
        assert "10 GB" in page
        assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
        assert "<script" not in page

    def test_escaped(self):
        """What came in can not break out of the page or the drawing."""
        bad = '<script>alert("1")</script>'
        evil = plan(RecurringCharge("base", bad, "9.90"), UsageCharge("data", bad, DATA, "1.50"))
        march, april = two(Subscription.start(evil, id="S-1", on=date(2026, 3, 1)), [used("3")])
        shown = explain(april, march, locale="en_IE")
        assert "<script" not in shown.html()
        assert ET.fromstring(shown.waterfall()) is not None

    def test_long_labels(self):
        """A label that is too long for the drawing is cut there, and whole in its description."""
        name = "An unusually long name of a thing that is charged"
        long = plan(RecurringCharge("base", "Fee", "9.90"), UsageCharge("data", name, DATA, "1"))
        march, april = two(Subscription.start(long, id="S-1", on=date(2026, 3, 1)), [used("3")])
        drawing = explain(april, march, locale="en_IE").waterfall()
        assert "…</text>" in drawing
        assert name in drawing


class TestPhrasebooks:
    """Other languages and words of plugins."""

    def test_german(self):
        """A book of a host serves its language; what it lacks is English; numbers are those of the locale."""
        book = PhraseTable("de", {"change.up": "Die Rechnung ist {amount} höher als die letzte"})
        march, april = two(usage=[used("14.2")])
        said = explain(april, march, locale="de_DE", phrasebooks=[book])
        summary = said.summary
        assert (said.language, "change.up" in said.lacking, "change.down" in said.lacking) == ("de", False, True)
        assert summary == f"Die Rechnung ist 7,62{NBSP}€ höher als die letzte: you used 4,2 GB more than your plan includes"

    def test_a_language_that_nobody_has(self):
        """Without a book the sentences are English and say so, also to whoever reads the page aloud; a shipped language lacks nothing."""
        march, april = two(usage=[used("14.2")])
        said = explain(april, march, locale="de_DE")
        assert (said.locale, said.language, len(said.lacking)) == ("de_DE", "en", len(ENGLISH.entries))
        assert '<html lang="en">' in said.html()
        for locale in ("en_GB", "lt_LT"):
            assert explain(april, march, locale=locale).lacking == ()

    def test_any_object_that_fits(self):
        """A book is anything with a language and a phrase for a code."""

        class Loud:
            language = "en"

            def phrase(self, code):
                return "SAME" if code == "change.same" else None

        march, april = two()
        assert isinstance(Loud(), Phrasebook)
        assert explain(april, march, locale="en_IE", phrasebooks=[Loud()]).summary == "SAME"

    def test_plural_forms(self):
        """Lithuanian has four forms: one, few, many for decimals, and other."""
        words = Words.of("lt_LT")
        said = [words.say("driver.other", count=count) for count in (1, 2, Decimal("1.5"), 10, 21)]
        assert said == [
            "1 mažesnė priežastis",
            "2 mažesnės priežastys",
            "1,5 mažesnės priežasties",
            "10 mažesnių priežasčių",
            "21 mažesnė priežastis",
        ]

    def test_everything_that_can_be_shown(self):
        """Amounts, prices, percentages, days, stretches of days, numbers and texts are shown by the locale."""
        words = Words.of("en_IE")
        shown = [
            words.shown(value)
            for value in (
                Money("9.90", "EUR"), UnitPrice(Money("0.125", "EUR")), Percentage(Decimal("5.5")), date(2026, 3, 5),
                Period(date(2026, 3, 5), date(2026, 3, 20)), 1000, Decimal("4.20"), "GB",
            )
        ]  # fmt: skip
        assert shown == ["€9.90", "€0.125", "5.5%", "5 Mar 2026", "5–19 Mar 2026", "1,000", "4.2", "GB"]
        assert words.signed(Money("1.00", "EUR")) == "+€1.00"

    def test_unknown_code(self):
        """A code that nobody knows is shown with its facts, never dropped."""
        words = Words.of("en_IE")
        assert (words.say("acme:x"), words.say("acme:x", code=1, days=3)) == ("acme:x", "acme:x (code 1, days 3)")

    def test_count_that_is_no_number(self):
        """Where the number is missing the form of zero serves."""
        book = PhraseTable("en", {"acme:x": {"one": "one {count}", "other": "many {count}"}})
        assert Words.of("en_IE", [book]).say("acme:x", count="several") == "many several"

    def test_bad_books(self):
        """A book that does not fit, lacks a form, or asks for a fact that is not there is refused."""
        with pytest.raises(InvalidTypeError, match="Phrasebook"):
            Words.of("en_IE", ["English"])
        with pytest.raises(InvalidTypeError, match="mapping"):
            PhraseTable("en", [("a", "b")])
        with pytest.raises(InvalidValueError, match="form other"):
            PhraseTable("en", {"a": {"one": "b"}})
        for bad in ("{nobody}", "{0}", "{amount", "{amount.real}"):
            with pytest.raises(PluginError, match="phrase"):
                Words.of("en_IE", [PhraseTable("en", {"a": bad})]).say("a", amount="1")
        with pytest.raises(InvalidValueError):
            Words.of("xx_YY")


class TestBadInput:
    """What can not be explained is refused."""

    @pytest.mark.parametrize("given", [{"detail": "agent"}, {"upcoming": "soon"}, {"previous": "MB-3"}, {"invoice": 7}], ids=str)
    def test_types(self, given):
        """What is no document, detail or draft is refused with what to give."""
        with pytest.raises(InvalidTypeError, match="; give"):
            explain(**({"invoice": two()[1], "locale": "en_IE"} | given))

    def test_no_document(self):
        """A bill without a document is refused, as is a comparison with none."""
        with pytest.raises(InvalidValueError, match="at least one document"):
            explain([], locale="en_IE")
        with pytest.raises(InvalidValueError, match="at least one document"):
            explain([], [], locale="en_IE")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["lt_LT", "en_IE", "de_DE", "fr_FR", "ar_EG", "ja_JP", "pl_PL"]), st.integers(0, 5000), st.integers(100, 9000))
def test_numbers_in_the_text_are_those_of_the_drivers(locale, units, cents):
    """In every locale the text shows each reason with its own figure, and the difference with its own."""
    march, april = two(START.override_price("base", Decimal(cents).scaleb(-2), on=date(2026, 4, 1)), [used(Decimal(units).scaleb(-2))])
    shown = explain(april, march, locale=locale)
    english = explain(april, march, locale="en_IE")
    assert shown.drivers == english.drivers
    assert shown.words.shown(abs(shown.difference)) in shown.text or not shown.difference.amount
    if len(shown.drivers) > 1:
        for _, amount in shown.shown_drivers:
            assert shown.words.signed(amount) in shown.text
            assert shown.words.signed(amount) in shown.waterfall()


def test_line_explanation_shows_its_amount():
    """A line in words keeps its amount as money."""
    assert LineExplanation(1, "Fee", Decimal("9.90"), "EUR", "Fee: 9.90").amount == Money("9.90", "EUR")
