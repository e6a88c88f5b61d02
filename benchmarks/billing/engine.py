"""This library on the same work, through the public `bill_many`.

Prepared, untimed: the subscriptions with their history, last month's issued invoice and a percent grant.
Timed: rating, reconciling against last month's invoice, the discount, tax, totals and issue; every line keeps its facts.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from workload import DISCOUNTED_MONTHS, PLANS, TIERS, Customer

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, UsageRecord, bill, bill_many, presets
from billing_domain.catalog import Flat, Graduated, Meter, PerUnit, RecurringCharge, Tier, UsageCharge
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.invoicing import CreditEntry, Invoice
from billing_domain.periods import BillingCycle
from billing_domain.tax import TaxRounding

METER = Meter("events")
USAGE = Graduated([Tier(upper, Decimal(price) / 1_000_000) for upper, price in TIERS])
OFFERED = {
    name: Plan(name, 1, name, "EUR", [
        RecurringCharge("flat", "Subscription", Flat(Decimal(flat) / 100)),
        RecurringCharge("seats", "Seats", PerUnit(Decimal(seat) / 100)),
        UsageCharge("usage", "Usage", METER, USAGE),
    ])
    for name, (flat, seat) in PLANS.items()
}  # fmt: skip
RULES = Rulebook(seller=Party("Seller", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT, tax_rounding=TaxRounding.PER_LINE)
THROUGH = date(2026, 3, 31)


def prepare(accounts: Sequence[Customer]) -> list[AccountSnapshot]:
    """Return what is known of each account when the run begins."""
    return [_known(account) for account in accounts]


def _known(account: Customer) -> AccountSnapshot:
    start, _, _ = account.boundaries
    subscription = Subscription.start(
        OFFERED[account.plan], id="S", on=start, quantity=account.seats_before, cycle=BillingCycle.on_day(account.anchor_day)
    )
    grants = (
        [Grant("G", "first-months@1", Percent(account.discount_percent), start, scope=Scope.recurring())]
        if account.months_billed < DISCOUNTED_MONTHS
        else []
    )
    holder = Account(account.id, "EUR", ZoneInfo("UTC"), "en_IE", Party("Customer", "LT"))
    first = bill(AccountSnapshot(holder, [subscription], grants=grants), through=start, rules=RULES).invoice.issue(
        number=f"{account.id}-1", on=start
    )
    usage = UsageRecord("U", "S", METER, account.usage, datetime(start.year, start.month, start.day, 12, tzinfo=UTC))
    changed = subscription.change_quantity(account.seats_after, on=account.change_on)
    return AccountSnapshot(holder, [changed], [usage], grants=grants, invoices=[first])


def run(snapshots: Sequence[AccountSnapshot]) -> Iterator[Invoice]:
    """Bill every account and issue its invoice."""
    for number, result in enumerate(bill_many(snapshots, through=THROUGH, rules=RULES), 1):
        yield result.invoice.issue(number=f"INV-{number:07d}", on=THROUGH)


def credits_of(snapshots: Sequence[AccountSnapshot]) -> Iterator[list[CreditEntry]]:
    """Return for each account what stands on credit notes: credits that would have taken its invoice below zero."""
    for result in bill_many(snapshots, through=THROUGH, rules=RULES):
        yield [entry for note in result.credit_notes for entry in note.entries]


def amounts(invoice: Invoice, credited: Sequence[CreditEntry], account: Customer) -> dict[str, int]:
    """Return the figures of an invoice by the reference's kinds, in cents; a reversal lowers, a share is a discount."""
    _, end, _ = account.boundaries
    found: dict[str, Decimal] = {}
    for line in invoice.lines:
        kind = "change" if line.charge == "seats" and line.facts.slot < end else line.charge
        found[kind] = found.get(kind, Decimal(0)) + line.list_amount
        found["discount"] = found.get("discount", Decimal(0)) - sum((share.amount for share in line.shares), start=Decimal(0))
    for entry in (*invoice.entries, *credited):
        found["change"] = found.get("change", Decimal(0)) - entry.list_amount
        found["discount"] += sum((share.amount for share in entry.shares), start=Decimal(0))
    return {kind: int(amount * 100) for kind, amount in found.items()}
