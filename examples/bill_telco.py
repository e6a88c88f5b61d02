"""Bill the 7,043 customers of a public data set for March 2026, show what came out, and run again: nothing is billed twice.

Run it with `make demo`, or `python examples/bill_telco.py`; a number as argument takes only so many customers.
The data and their origin: `examples/data/README.md`.
"""

import csv
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from attrs import frozen

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill_many, presets
from billing_domain.billing import Billed, Opening, Progress
from billing_domain.catalog import RecurringCharge
from billing_domain.invoicing import Invoice
from billing_domain.money import format_day, format_days, format_money, format_number, format_percent

DATA = Path(__file__).parent / "data" / "telco_churn.csv"
MARCH = date(2026, 3, 1)
VILNIUS = ZoneInfo("Europe/Vilnius")
SELLER = Party(name="Example Telecom, UAB", country="LT", vat_id="LT100000000001")

# The price list, read off the data: what one more service adds to MonthlyCharges, rounded to the next 5.
# The first column names the service by column and value of the data; the first that fits a customer is the main one.
PRICES = {
    ("InternetService", "Fiber optic"): ("fibre", "Fibre internet", "50.00"),
    ("InternetService", "DSL"): ("dsl", "DSL internet", "25.00"),
    ("PhoneService", "Yes"): ("phone", "Phone line", "20.00"),
    ("MultipleLines", "Yes"): ("lines", "Second line", "5.00"),
    ("OnlineSecurity", "Yes"): ("security", "Online security", "5.00"),
    ("OnlineBackup", "Yes"): ("backup", "Online backup", "5.00"),
    ("DeviceProtection", "Yes"): ("protection", "Device protection", "5.00"),
    ("TechSupport", "Yes"): ("support", "Technical support", "5.00"),
    ("StreamingTV", "Yes"): ("tv", "Television", "10.00"),
    ("StreamingMovies", "Yes"): ("films", "Films", "10.00"),
}
PLANS = {
    service: Plan(code=code, version=1, name=name, currency="EUR", charges=[RecurringCharge(code=code, name=name, price=price)])
    for service, (code, name, price) in PRICES.items()
}
LIST = {service: Decimal(price) for service, (_, _, price) in PRICES.items()}

LITHUANIAN = {
    "fibre": "Šviesolaidinis internetas",
    "dsl": "DSL internetas",
    "phone": "Telefono linija",
    "lines": "Antra linija",
    "security": "Interneto apsauga",
    "backup": "Atsarginės kopijos",
    "protection": "Įrangos apsauga",
    "support": "Techninė pagalba",
    "tv": "Televizija",
    "films": "Filmai",
}
TEXTS = {
    "lt_LT": {
        "invoice": "PVM sąskaita faktūra",
        "buyer": "Pirkėjas",
        "seller": "Pardavėjas",
        "due": "Apmokėti iki",
        "net": "Suma be PVM",
        "tax": "PVM",
        "payable": "Mokėti",
    },
    "en_IE": {
        "invoice": "VAT invoice",
        "buyer": "Buyer",
        "seller": "Seller",
        "due": "Due by",
        "net": "Total without VAT",
        "tax": "VAT",
        "payable": "To pay",
    },
}


@frozen
class Customer:
    """One row of the data as the library knows it."""

    snapshot: AccountSnapshot
    contract: str
    monthly: Decimal
    override: Decimal


def customers(rows: Iterator[dict[str, str]]) -> Iterator[Customer]:
    """Turn each row into an account with a subscription for each of its services."""
    for row in rows:
        services = [service for service in PRICES if row[service[0]] == service[1]]
        monthly = Decimal(row["MonthlyCharges"])
        override = monthly - sum((LIST[service] for service in services), start=Decimal(0))
        started = months_before(MARCH, int(row["tenure"]))
        subscriptions = [
            Subscription.start(PLANS[service], id=f"{row['customerID']}/{PRICES[service][0]}", on=started) for service in services
        ]
        main = services[0]
        if override:
            subscriptions[0] = subscriptions[0].override_price(PRICES[main][0], LIST[main] + override)
        account = Account(
            id=row["customerID"],
            currency="EUR",
            zone=VILNIUS,
            locale="lt_LT",
            holder=Party(name=f"Customer {row['customerID']}", country="LT"),
        )
        yield Customer(
            AccountSnapshot(account=account, subscriptions=subscriptions, opening=Opening(MARCH)), row["Contract"], monthly, override
        )


def months_before(day: date, months: int) -> date:
    """Return the first of the month that lies so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


class Bar:
    """A progress bar on the error stream, so that the output stays clean."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.started = perf_counter()

    def __call__(self, progress: Progress) -> None:
        width = 30
        filled = width * progress.done // self.total
        seconds = perf_counter() - self.started
        text = f"\r[{'#' * filled}{'.' * (width - filled)}] {progress.done:>6,} of {self.total:,}, {seconds:.1f} s"
        print(text, end="\n" if progress.done == self.total else "", file=sys.stderr, flush=True)


def run(listed: list[Customer], rules: Rulebook) -> tuple[list[Invoice], float]:
    """Bill everybody and return the issued invoices with the seconds that the engine took."""
    invoices: list[Invoice] = []
    started = perf_counter()
    results = bill_many((customer.snapshot for customer in listed), through=MARCH, rules=rules, progress=Bar(len(listed)))
    for result in results:
        for draft in result.invoices if isinstance(result, Billed) else ():
            invoices.append(draft.issue(number=f"ET-{len(invoices) + 1:06d}", on=MARCH))
    return invoices, perf_counter() - started


def as_text(invoice: Invoice, locale: str) -> str:
    """Return the invoice as its customer reads it."""
    words, draft = TEXTS[locale], invoice.draft
    names = LITHUANIAN if locale == "lt_LT" else {}
    rows = [
        f"  {names.get(line.charge, line.name):<26}{format_days(line.period.start, line.period.last, locale=locale):<24}"
        f"{format_number(line.quantity, locale=locale):>5}{format_money(line.net, locale=locale):>14}"
        for line in invoice.lines
    ]
    groups = [(f"{words['tax']} {format_percent(group.rate or 0, locale=locale)}", group.tax) for group in invoice.totals.groups]
    sums = [(words["net"], invoice.totals.net), *groups, (words["payable"], invoice.totals.payable)]
    return "\n".join([
        f"{words['invoice']} {invoice.number}, {format_day(invoice.on, locale=locale)}",
        f"{words['seller']}: {draft.seller.name}, {draft.seller.vat_id}",
        f"{words['buyer']}: {draft.buyer.name}",
        *rows,
        *(f"  {name:<55}{format_money(amount, locale=locale):>14}" for name, amount in sums),
        f"{words['due']} {format_day(invoice.due, locale=locale)}",
    ])  # fmt: skip


def summary(listed: list[Customer], invoices: list[Invoice]) -> str:
    """Return invoices, net, tax and gross by type of contract."""
    contracts = {customer.snapshot.account.id: customer.contract for customer in listed}
    sums: dict[str, list[Decimal]] = {}
    for invoice in invoices:
        for name in (contracts[invoice.account_id], "All"):
            totals = invoice.totals
            found = sums.setdefault(name, [Decimal(0)] * 4)
            for index, amount in enumerate((Decimal(1), totals.net.amount, totals.tax.amount, totals.gross.amount)):
                found[index] += amount
    order = sorted(sums, key=lambda name: (name == "All", name))
    head = f"{'Contract':<16}{'Invoices':>10}{'Net':>16}{'Tax':>16}{'Gross':>16}"
    return "\n".join(
        [head, *(f"{name:<16}{sums[name][0]:>10,}" + "".join(f"{amount:>16,.2f}" for amount in sums[name][1:]) for name in order)]
    )


def main(limit: int | None = None) -> None:
    """Bill, show and bill again."""
    with DATA.open(newline="", encoding="utf-8") as file:
        listed = list(customers(iter(list(csv.DictReader(file))[:limit])))
    rules = Rulebook(seller=SELLER, tax=presets.LT_VAT)
    overridden = [customer.override for customer in listed if customer.override]
    print(f"{len(listed):,} customers, {len(PRICES)} charges; {len(overridden):,} have a price of their own for their main service:")
    print(f"together {sum(overridden):,.2f} EUR, at most {max(map(abs, overridden)):.2f} EUR from the list\n")

    invoices, seconds = run(listed, rules)
    print(summary(listed, invoices))
    expected = sum((customer.monthly for customer in listed), start=Decimal(0))
    billed = sum((invoice.totals.net.amount for invoice in invoices), start=Decimal(0))
    print(f"\nMonthlyCharges in the data: {expected:,.2f}; billed: {billed:,.2f}; difference: {billed - expected:.2f}")
    print(f"{len(invoices):,} invoices in {seconds:.2f} s: {len(invoices) / seconds:,.0f} a second on one core\n")

    shown = next(invoice for invoice in invoices if len(invoice.lines) > 3)
    for locale in TEXTS:
        print(as_text(shown, locale), end="\n\n")

    by_account = {invoice.account_id: invoice for invoice in invoices}
    stored = [Customer(c.snapshot.add(by_account[c.snapshot.account.id]), c.contract, c.monthly, c.override) for c in listed]
    again, _ = run(stored, rules)
    net = Money(sum((invoice.totals.net.amount for invoice in again), start=Decimal(0)), "EUR")
    print(f"Second run over the stored results: {len(again)} invoices, {net.amount:.2f} EUR. Nothing is billed twice.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
