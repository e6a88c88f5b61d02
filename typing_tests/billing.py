"""What type checkers must accept and refuse of the front door and of `billing_domain.billing`; checked, never run."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never, assert_type
from zoneinfo import ZoneInfo

from billing_domain import (
    Account,
    AccountSnapshot,
    Money,
    Party,
    Plan,
    Rulebook,
    Subscription,
    UsageRecord,
    bill,
    bill_many,
    credit,
    presets,
)
from billing_domain.billing import Billed, BillingResult, Halted, NothingDue
from billing_domain.catalog import Flat, Graduated, Meter, RecurringCharge, Tier, Timing, UsageCharge
from billing_domain.invoicing import DraftCreditNote, EntryKind, Invoice

VILNIUS = ZoneInfo("Europe/Vilnius")
DATA = Meter(code="data", unit="GB")
tiers = [Tier(up_to=10, price=0), Tier(up_to=None, price="1.50")]
mobile = Plan(
    code="mobile-s",
    version=1,
    name="Mobile S",
    currency="EUR",
    charges=[
        RecurringCharge(code="base", name="Monthly fee", price=Flat("9.90"), timing=Timing.IN_ADVANCE),
        UsageCharge(code="data", name="Mobile data", meter=DATA, price=Graduated(tiers)),
    ],
)
rules = Rulebook(seller=Party(name="Mobilis, UAB", country="LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
ona = Account(id="A-1", currency="EUR", zone=VILNIUS, locale="lt_LT", holder=Party(name="Ona Kazlauskienė", country="LT"))
subscription = Subscription.start(mobile, id="S-1", on=date(2026, 3, 1))
usage = UsageRecord(id="U-1", subscription_id="S-1", meter=DATA, quantity="14.2", at=datetime(2026, 3, 12, 18, tzinfo=VILNIUS))
snapshot = AccountSnapshot(account=ona, subscriptions=[subscription], usage=[usage])

# A result is a closed union; each member has the thing hoped for, or raises.
result = bill(snapshot, through=date(2026, 3, 1), rules=rules)
assert_type(result, BillingResult)
march = result.invoice.issue(number="MB-000123", on=date(2026, 3, 1))
assert_type(march, Invoice)
assert_type(march.totals.payable, Money)
assert_type(march.lines[0].list_amount, Decimal)


def told(result: BillingResult) -> str:
    """Name each member once: the checker finds a missing one."""
    match result:
        case Billed(invoices=drafts):
            return str(len(drafts))
        case NothingDue(next_on=day):
            return str(day)
        case Halted(problems=problems):
            return ", ".join(problem.text for problem in problems)
        case _:
            assert_never(result)


# One verb says that something is now known; what is no fact about an account is refused.
assert_type(snapshot.add(march), AccountSnapshot)
snapshot.add(result.invoice)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
snapshot.add("MB-000123")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# A draft has no number, so it can be neither credited nor taken apart.
part = march.part(march.line("base"), net=Money("3.00", "EUR"))
# (Pyright takes a converted attribute of attrs for a descriptor when it compares a class with a protocol; mypy does not.)
note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="counted twice")  # pyright: ignore[reportArgumentType]
assert_type(note, DraftCreditNote)
credit(snapshot, result.invoice, kind=EntryKind.CORRECTION, reason="")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
credit(snapshot, part, kind="correction", reason="")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# Prices are exact, days are days, and what follows the first arguments is named.
Flat(9.9)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
bill(snapshot, date(2026, 3, 1), rules)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
bill(snapshot, through="2026-03-01", rules=rules)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Without a sink, results; with one, what the sink returns.
def store(results: Iterable[BillingResult]) -> int:
    """Count the results."""
    return sum(1 for _ in results)


def many(snapshots: Iterable[AccountSnapshot]) -> None:
    """Run them here, or in other processes."""
    assert_type(bill_many(snapshots, through=date(2026, 3, 1), rules=rules), Iterator[BillingResult])
    with ProcessPoolExecutor() as pool:
        assert_type(bill_many(snapshots, through=date(2026, 3, 1), rules=rules, executor=pool, sink=store), Iterator[int])
