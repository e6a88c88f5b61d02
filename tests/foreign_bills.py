"""Bills that another system made, and what a review finds on them: shared by the tests of care."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, presets
from billing_domain.care import review
from billing_domain.catalog import Graduated, Meter, RecurringCharge, Tier, UsageCharge
from billing_domain.invoicing import ForeignLine, imported_invoice
from billing_domain.periods import Period
from billing_domain.tax import TaxCategory, TaxTreatment

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
ONA = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="en_IE", holder=Party("Ona Kazlauskienė", "LT"))
RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)
FEE = RecurringCharge("base", "Monthly fee", "30.00")
HOME = Plan("home", 1, "Home", "EUR", [FEE, UsageCharge("data", "Mobile data", DATA, Graduated([Tier(10, 0), Tier(None, "1.50")]))])
START = Subscription.start(HOME, id="S-1", on=date(2026, 2, 1))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))


def line(price="30.00", period=MARCH, **more):
    """Return a line for the monthly fee as another system billed it."""
    known = {"name": "Monthly fee", "treatment": STANDARD, "subscription_id": "S-1", "charge": "base", "plan": "home@1"} | more
    return ForeignLine(price=price, period=period, **known)


def loose(price="30.00", period=MARCH, name="Monthly fee", **more):
    """Return a line that belongs to no subscription here."""
    return ForeignLine(price=price, period=period, name=name, treatment=STANDARD, **more)


def document(*lines, number="OLD-3", on=None, account=ONA, through=None, **more):
    """Return a document of another system."""
    first = on or min(each.period.start for each in lines)
    due, known = date.fromordinal(first.toordinal() + 14), {"seller": SELLER} | more
    return imported_invoice(
        number=number, on=first, due=due, account_id=account.id, currency="EUR", buyer=account.holder, lines=lines,
        through=through or first, **known,
    )  # fmt: skip


def february():
    """Return a right document for the month before."""
    return document(line(period=FEBRUARY), number="OLD-2")


def known(*documents, subscription=START, account=ONA, **more):
    """Return what is known: a subscription from February and some documents."""
    return AccountSnapshot(account, [subscription], invoices=[february(), *documents], **more)


def found(snapshot, as_of=date(2026, 3, 20), **more):
    """Return the findings of a review by code."""
    return {finding.code: finding for finding in review(snapshot, as_of=as_of, rules=RULES, **more).findings}


def only(snapshot, code, amount, **more):
    """Check that a review finds exactly one thing with its amount, and return it."""
    findings = found(snapshot, **more)
    owed = {name: finding for name, finding in findings.items() if not finding.part_of}
    assert list(owed) == [code], findings
    assert owed[code].found_amount == Decimal(amount)
    return owed[code]
