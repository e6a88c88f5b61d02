"""The application around the code that users write: a fibre company in Riga, what it sells, and where it stores."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import attrs

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, UsageRecord, bill, presets
from billing_domain.billing import Billed, BillingResult, Halted, NothingDue
from billing_domain.catalog import Catalog, Flat, Graduated, Meter, PerUnit, RecurringCharge, Tier, Timing, UsageCharge
from billing_domain.invoicing import Invoice
from billing_domain.tax import TaxClass
from user_code.acme import RIGA

CALLS = Meter(code="calls", unit="min")
fibre = Plan(
    code="fibre-m",
    version=1,
    name="Fibre M",
    currency="EUR",
    charges=[
        RecurringCharge(code="base", name="Line", price=Flat("24.90"), timing=Timing.IN_ADVANCE),
        UsageCharge(code="calls", name="Calls", meter=CALLS, price=Graduated([Tier(up_to=60, price=0), Tier(up_to=None, price="0.05")])),
    ],
)
small = Plan(code="fibre-s", version=1, name="Fibre S", currency="EUR", charges=[RecurringCharge("base", "Line", "19.90")])
desk = Plan(code="desk", version=1, name="Desk", currency="EUR", charges=[RecurringCharge("seat", "Seats", PerUnit("12.00"))])
desk_plus = Plan(
    code="desk-plus", version=1, name="Desk plus", currency="EUR", charges=[RecurringCharge("seat", "Seats", PerUnit("15.00"))]
)
odd = RecurringCharge("odd", "Odd", "1.00", tax=TaxClass("acme:no-table-knows-it"))
unheard_of = Plan(code="odd", version=1, name="Odd", currency="EUR", charges=[odd])
shop = Catalog([fibre, small, desk, desk_plus])

seller = Party(name="Šķiedra, SIA", country="LT", vat_id="LT100000000001")
rules = Rulebook(seller=seller, tax=presets.LT_VAT)
maris = Account(id="A-7", currency="EUR", zone=RIGA, locale="lt_LT", holder=Party(name="Māris Ozols", country="LT"))
line = Subscription.start(fibre, id="S-7", on=date(2026, 3, 1))
spoken = UsageRecord(id="U-1", subscription_id="S-7", meter=CALLS, quantity=96, at=datetime(2026, 3, 9, 20, 15, tzinfo=RIGA))
snapshot = AccountSnapshot(account=maris, subscriptions=[line], usage=[spoken])

now = datetime(2026, 4, 20, 9, 30, tzinfo=RIGA)
later = now + timedelta(minutes=7)


def two_bills() -> tuple[Invoice, Invoice]:
    """Return March, in advance, and April with what was spoken in March."""
    march = bill(snapshot, through=date(2026, 3, 1), rules=rules).invoice.issue(number="F-1", on=date(2026, 3, 1))
    april = bill(snapshot.add(march), through=date(2026, 4, 1), rules=rules).invoice.issue(number="F-2", on=date(2026, 4, 1))
    return march, april


def many(number: int, *, broken: bool = False) -> Iterator[AccountSnapshot]:
    """Yield accounts as they are loaded; what the last one buys is in no tax table, if asked for."""
    for index in range(number):
        plan = unheard_of if broken and index == number - 1 else fibre
        start = Subscription.start(plan, id=f"S-{index}", on=date(2026, 3, 1))
        yield AccountSnapshot(account=attrs.evolve(maris, id=f"A-{index}"), subscriptions=[start])


def store(results: Iterable[BillingResult]) -> int:
    """Store the results of a chunk where they are made, and say how many drafts there were."""
    drafts = 0
    for result in results:
        match result:
            case Billed(invoices=invoices):
                drafts += len(invoices)
            case Halted(problems=problems):
                assert problems
            case NothingDue():
                pass
    return drafts


class Table:
    """Rows of a database, by key."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, Any] = {}
        self.numbers = (f"F-{number}" for number in count(1))

    def get(self, key: str) -> Any:
        """Return a row."""
        return self.rows[key]

    def put(self, key: str, body: Any) -> None:
        """Keep a row."""
        self.rows[key] = body

    def next_number(self) -> str:
        """Return the next number of a document."""
        return next(self.numbers)
