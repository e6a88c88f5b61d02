"""Small accounts, plans and invoices for tests, made in one line; every part can be given instead."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, Rulebook, bill
from billing_domain.catalog import Charge, Flat, Meter, PerUnit, Plan, RecurringCharge, UsageCharge
from billing_domain.invoicing import Invoice
from billing_domain.subscriptions import Subscription

ZONE = ZoneInfo("Europe/Vilnius")
START = date(2026, 3, 1)
DATA = Meter("data", "GB")
SELLER = Party("Seller, UAB", "LT", vat_id="LT100000000001")


def an_account(account_id: str = "A-1", *, currency: str = "EUR") -> Account:
    """Return a household account in Lithuania.

    Example:
        >>> an_account().currency
        'EUR'
    """
    return Account(id=account_id, currency=currency, zone=ZONE, locale="en_IE", holder=Party("A customer", "LT"))


def a_plan(charges: Iterable[Charge] | None = None, *, code: str = "basic", currency: str = "EUR") -> Plan:
    """Return a plan with a fee of 10.00 in advance and data at 1.50, or with the given charges.

    Example:
        >>> [charge.code for charge in a_plan().charges]
        ['fee', 'data']
    """
    usual: list[Charge] = [RecurringCharge("fee", "Monthly fee", Flat("10.00")), UsageCharge("data", "Data", DATA, PerUnit("1.50"))]
    return Plan(code, 1, code.title(), currency, usual if charges is None else charges)


def rules() -> Rulebook:
    """Return the rulebook of a seller in Lithuania.

    Example:
        >>> rules().tax.code
        'lt-vat'
    """
    return Rulebook(seller=SELLER, tax=presets.LT_VAT)


def a_snapshot(plan: Plan | None = None, *, account: Account | None = None, on: date = START) -> AccountSnapshot:
    """Return an account with one subscription from a day on.

    Example:
        >>> a_snapshot().subscriptions[0].id
        'S-1'
    """
    subscription = Subscription.start(plan or a_plan(), id="S-1", on=on)
    return AccountSnapshot(account=account or an_account(currency=subscription.plan.currency), subscriptions=[subscription])


def an_invoice(snapshot: AccountSnapshot | None = None, *, through: date = START, number: str = "I-1") -> Invoice:
    """Return the invoice that an account is due on a day.

    Example:
        >>> an_invoice().totals.payable.amount
        Decimal('12.10')
    """
    return bill(snapshot or a_snapshot(), through=through, rules=rules()).invoice.issue(number=number, on=through)


def billed_months(snapshot: AccountSnapshot, months: int, *, start: date = START) -> AccountSnapshot:
    """Return the account after so many monthly bills from a day on.

    Example:
        >>> len(billed_months(a_snapshot(), 3).invoices)
        3
    """
    for month in range(months):
        year, index = divmod(start.year * 12 + start.month - 1 + month, 12)
        through = date(year, index + 1, start.day)
        for draft in bill(snapshot, through=through, rules=rules()).invoices:
            snapshot = snapshot.add(draft.issue(number=f"I-{len(snapshot.invoices) + 1}", on=through))
    return snapshot
