"""Explain a bill: what stands on it, why it differs from the last one, and what comes next, as text and as a page.

Run it with `python examples/explain_bill.py`; a locale as argument changes the language (`en_IE`, `lt_LT`),
a file name after it takes the page.
"""

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, UsageRecord, bill, explain, presets, review
from billing_domain.care import Explanation, next_bill
from billing_domain.catalog import Charge, Graduated, Meter, RecurringCharge, Tier, UsageCharge
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.invoicing import Invoice
from billing_domain.subscriptions import Item, Order, Product

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter("data", "GB")
NAMES = {"lt_LT": ("Mėnesio mokestis", "Mobilieji duomenys", "Pavasaris", "Maršrutizatorius")}
ENGLISH = ("Monthly fee", "Mobile data", "Spring", "Wi-Fi router")


def plan(code: str, fee: str, included: int, names: tuple[str, ...]) -> Plan:
    """Return a plan with a monthly fee and data beyond what is included."""
    tiers = [Tier(included, 0), Tier(None, "1.50")]
    charges: list[Charge] = [RecurringCharge("base", names[0], fee), UsageCharge("data", names[1], DATA, Graduated(tiers))]
    return Plan(code, 1, code.title(), "EUR", charges)


def used(quantity: str, month: int) -> UsageRecord:
    """Return the usage of a month of 2026."""
    return UsageRecord(f"U-{month}", "S-1", DATA, quantity, datetime(2026, month, 12, 18, tzinfo=VILNIUS))


def explained(locale: str) -> Explanation:
    """Bill March, April and May, and explain May."""
    names = NAMES.get(locale, ENGLISH)
    rules = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
    ona = Account(id="A-1", currency="EUR", zone=VILNIUS, locale=locale, holder=Party("Ona Kazlauskienė", "LT"))
    small, large = plan("small", "9.90", 10, names), plan("large", "14.90", 30, names)
    spring = Grant("G-1", "acme:spring@1", Percent(20), date(2026, 3, 1), date(2026, 5, 1), scope=Scope.recurring(), name=names[2])
    router = Order("O-1", date(2026, 5, 1), [Item(Product("router", names[3], goods=True), "59.00")])
    subscription = Subscription.start(small, id="S-1", on=date(2026, 3, 1)).change_plan(large, on=date(2026, 5, 1))
    known = AccountSnapshot(ona, [subscription], usage=[used("8", 3), used("14.2", 4), used("22", 5)], grants=[spring], orders=[router])
    issued: list[Invoice] = []
    for month in (3, 4, 5):
        day = date(2026, month, 1)
        issued.append(bill(known, through=day, rules=rules).invoice.issue(number=f"MB-00012{month}", on=day))
        known = known.add(issued[-1])
    fair = review(known, as_of=date(2026, 5, 10), rules=rules)
    if fair.findings:
        print([finding.text for finding in fair.findings])
    upcoming = next_bill(known, as_of=date(2026, 5, 10), rules=rules).invoice
    return explain(issued[2], issued[1], locale=locale, grants=[spring], upcoming=upcoming)


def main() -> None:
    """Print the explanation, and write the page where a file is named."""
    explanation = explained(sys.argv[1] if len(sys.argv) > 1 else "lt_LT")
    print(explanation.text)
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(explanation.html(), "utf-8")


if __name__ == "__main__":
    main()
