"""A gym's year: memberships with VAT in the price, a joining fee, a family discount, a pause in summer, and a refund.

Run it with `python examples/gym.py`.
Each step bills what is owed and not billed yet, issues what comes out, and prints it.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill, presets, statement
from billing_domain.catalog import OneOffCharge, RecurringCharge
from billing_domain.discounts import DiscountPolicy, Duration, Percent, Scope
from billing_domain.invoicing import CreditNote, Invoice
from billing_domain.money import format_day, format_days, format_money
from billing_domain.payments import Payment, Refund
from billing_domain.periods import Frequency, Period

LOCALE = "en_IE"
ZONE = ZoneInfo("Europe/Vilnius")
RULES = Rulebook(seller=Party("Kalnas Gym, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)

JOINING = OneOffCharge("joining", "Joining fee", "25.00")
MONTHLY = Plan("monthly", 1, "Monthly", "EUR", [JOINING, RecurringCharge("membership", "Membership", "39.00")], prices_include_tax=True)
YEARLY = Plan(
    "yearly",
    1,
    "Yearly",
    "EUR",
    [JOINING, RecurringCharge("membership", "Membership for a year", "365.00")],
    frequency=Frequency.yearly(),
    prices_include_tax=True,
)
FAMILY = DiscountPolicy(
    code="gym:family",
    version=1,
    name="Family discount",
    benefit=Percent(20),
    scope=Scope(charges=["membership"]),
    duration=Duration.forever(),
)


def member(number: str, name: str, plan: Plan, joined: date) -> AccountSnapshot:
    """Return a member with a membership that begins on a day."""
    account = Account(f"A-{number}", "EUR", ZONE, LOCALE, Party(name, "LT"))
    return AccountSnapshot(account, [Subscription.start(plan, id=f"S-{number}", on=joined)])


def show(document: Invoice | CreditNote) -> None:
    """Print a document: what stands on it, the tax that is in it, and the total."""
    title = "Invoice" if isinstance(document, Invoice) else "Credit note"
    print(f"{title} {document.number}, {format_day(document.on, locale=LOCALE)}")
    for line in document.lines if isinstance(document, Invoice) else ():
        row(line.name, line.period, line.amount)
        for share in line.shares:
            row(f"  {share.name}", None, Money(-share.amount, line.currency))
    for entry in document.entries:
        row(entry.name, Period(entry.facts.start, entry.facts.end), -entry.total)
    totals = document.totals
    outcome = "to pay" if isinstance(document, Invoice) else "credited"
    print(f"  {outcome} {format_money(totals.payable, locale=LOCALE)}, of which VAT {format_money(totals.tax, locale=LOCALE)}")


def row(name: str, period: Period | None, amount: Money) -> None:
    """Print one row with its days and its amount."""
    days = format_days(period.start, period.last, locale=LOCALE) if period else ""
    print(f"  {name:<24}{days:<30}{format_money(amount, locale=LOCALE):>10}")


def run(known: AccountSnapshot, day: date, numbers: Iterator[int]) -> AccountSnapshot:
    """Bill an account up to a day, issue and print what comes out, and return what is known then."""
    result = bill(known, through=day, rules=RULES)
    documents: list[Invoice | CreditNote] = [draft.issue(number=f"G-{next(numbers):03}", on=day) for draft in result.invoices]
    documents += [draft.issue(number=f"C-{next(numbers):03}", on=day) for draft in result.credit_notes]
    if not documents:
        print(f"{format_day(day, locale=LOCALE)}: nothing is due")
    for document in documents:
        show(document)
    return known.add(*documents)


def paused_in_summer(numbers: Iterator[int]) -> AccountSnapshot:
    """Bill a monthly member who does not train from 24 June to the end of August."""
    known = run(member("1", "Ona Kazlauskienė", MONTHLY, date(2026, 5, 10)), date(2026, 5, 10), numbers)
    known = run(known, date(2026, 6, 10), numbers)
    known = known.add(known.subscription("S-1").pause(on=date(2026, 6, 24)).resume(on=date(2026, 9, 1)))
    for day in (date(2026, 6, 24), date(2026, 7, 10), date(2026, 9, 1), date(2026, 9, 10)):
        known = run(known, day, numbers)
    return known


def left_in_july(numbers: Iterator[int]) -> AccountSnapshot:
    """Bill a yearly member of the same family who leaves after half a year and gets the rest back."""
    joined, left = date(2026, 1, 1), date(2026, 7, 1)
    known = member("2", "Jonas Kazlauskas", YEARLY, joined).add(FAMILY.promise(id="G-1", start=joined))
    known = run(known, joined, numbers)
    known = known.add(Payment("P-1", statement(known, as_of=joined).balance, date(2026, 1, 5)))
    known = run(known.add(known.subscription("S-2").cancel(on=left)), left, numbers)
    note = known.credit_notes[-1]
    return known.add(Refund("R-1", note.totals.payable, note.number, date(2026, 7, 2)))


def main() -> None:
    """Bill both members and print what each owes at the end."""
    numbers = count(1)
    for known, day in ((paused_in_summer(numbers), date(2026, 9, 10)), (left_in_july(numbers), date(2026, 7, 2))):
        position = statement(known, as_of=day)
        print(f"{known.account.holder.name} owes {format_money(position.balance, locale=LOCALE)} on {format_day(day, locale=LOCALE)}\n")


if __name__ == "__main__":
    main()
