"""Bill a batch on a Dask cluster: the same call as on one machine, with another executor.

    pip install distributed
    python examples/bill_on_dask.py 2000

The cluster here is two processes on this machine; `Client("tcp://scheduler:8786")` would be one of many machines.
The numbers of accounts go to the workers; each loads its own, the sink issues their invoices there, and only its answers come back.
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from distributed import Client, LocalCluster

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, bill_many, presets
from billing_domain.billing import Billed, BillingResult, Loading
from billing_domain.catalog import Flat, PerUnit, RecurringCharge

MARCH = date(2026, 3, 1)
RULES = Rulebook(seller=Party("Seller", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
PLAN = Plan("team", 1, "Team", "EUR", [RecurringCharge("fee", "Fee", Flat("30")), RecurringCharge("seats", "Seats", PerUnit("12.50"))])


def load(numbers: Iterable[int]) -> Iterator[AccountSnapshot]:
    """Yield accounts as a database would."""
    for number in numbers:
        account = Account(f"A-{number}", "EUR", ZoneInfo("Europe/Vilnius"), "lt_LT", Party("Customer", "LT"))
        yield AccountSnapshot(account, [Subscription.start(PLAN, id=f"S-{number}", on=MARCH, quantity=number % 5 + 1)])


def store(results: Iterable[BillingResult]) -> tuple[int, Decimal]:
    """Issue the invoices of a chunk in the worker that made them; a host would store them here."""
    issued, total = 0, Decimal(0)
    for result in results:
        if isinstance(result, Billed):
            invoice = result.invoice.issue(number=f"{result.account.id}-1", on=MARCH)
            issued, total = issued + 1, total + invoice.totals.payable_amount
    return issued, total


def main(count: int) -> None:
    """Bill so many accounts on the cluster, then here, and show that both come to the same."""
    accounts = Loading(range(count), load)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        there = list(bill_many(accounts, through=MARCH, rules=RULES, executor=client.get_executor(), sink=store, chunk=250))
    here = list(bill_many(accounts, through=MARCH, rules=RULES, sink=store, chunk=250))
    issued, total = sum(answer[0] for answer in there), sum((answer[1] for answer in there), start=Decimal(0))
    print(f"{issued:,} invoices, {total:,} EUR on two workers; the same here: {there == here}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
