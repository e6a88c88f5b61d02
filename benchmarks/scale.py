"""Measure how the cost of billing grows: with accounts, history, subscriptions, usage, lines and processes.

    python benchmarks/scale.py              # everything, a few minutes
    python benchmarks/scale.py accounts     # one part: accounts, history, wide, lines, processes, imports

Each figure is processor time of one core, the best of three, but for the processes, where the clock on the wall is what counts.
"""

import gc
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent / "billing"))

import engine
from workload import customers

from billing_domain import Account, AccountSnapshot, Party, Plan, Rulebook, Subscription, UsageRecord, bill, bill_many, presets
from billing_domain.billing import Billed, BillingResult, Loading, close
from billing_domain.catalog import Flat, Graduated, Meter, PerUnit, RecurringCharge, Tier, Timing, UsageCharge, Volume
from billing_domain.periods import Frequency
from billing_domain.tax import TaxClass

START = date(2016, 1, 1)
DATA = Meter("data", "GB")
RULES = Rulebook(seller=Party("Seller", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
HOLDER = Account("A", "EUR", ZoneInfo("UTC"), "en_IE", Party("Customer", "LT"))
FEE_AND_USAGE = Plan("s", 1, "S", "EUR", [
    RecurringCharge("fee", "Fee", Flat("30")),
    RecurringCharge("seats", "Seats", PerUnit("12.50")),
    UsageCharge("data", "Data", DATA, Graduated([Tier(10, 0), Tier(None, "1.50")])),
])  # fmt: skip


def best(work: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """Return the seconds of the best of three."""
    found = []
    for _ in range(3):
        gc.collect()
        started = clock()
        work()
        found.append(clock() - started)
    return min(found)


def through(results: Iterable[object]) -> int:
    """Go through results, keep none, and count them."""
    return sum(1 for _ in results)


def peak() -> float:
    """Return the most memory that the process has used so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def month(number: int) -> date:
    """Return the first day of a month, counted from the start."""
    return date(START.year + number // 12, number % 12 + 1, 1)


# ------------------------------------------------------------------------------------------------------------ accounts


def accounts() -> None:
    """Cost of an invoice for more and more accounts that are loaded as they are billed, and the memory."""
    known = engine.prepare(customers(1_000))
    print("accounts    us/invoice    peak MiB")
    for count in (1_000, 10_000, 100_000):
        stream = (known[number % len(known)] for number in range(count))
        started = process_time()
        through(bill_many(stream, through=engine.THROUGH, rules=engine.RULES))
        print(f"{count:>8,}{(process_time() - started) / count * 1e6:>14.1f}{peak():>12.0f}")


# ------------------------------------------------------------------------------------------------------------- history


def with_history(months: int) -> AccountSnapshot:
    """Return an account with so many months of documents."""
    known = AccountSnapshot(HOLDER, [Subscription.start(FEE_AND_USAGE, id="S", on=START, quantity=3)])
    for number in range(months):
        at = datetime.combine(month(number), datetime.min.time(), UTC) + timedelta(days=9)
        known = known.add(UsageRecord(f"U-{number}", "S", DATA, "14.2", at))
        known = known.add(bill(known, through=month(number), rules=RULES).invoice.issue(number=f"I-{number:04d}", on=month(number)))
    return known


def history() -> None:
    """Cost of the next bill after one month, one year and ten years; and after ten years with an opening."""
    print("history                 ms for the next bill")
    for months in (1, 12, 120):
        known = with_history(months)
        print(f"{months:>7} months{best(lambda: bill(known, through=month(months), rules=RULES)) * 1e3:>25.2f}")  # noqa: B023
    settled = month(len(known.invoices) - 1)
    opening = close(known, through=settled - timedelta(days=1))
    short = AccountSnapshot(HOLDER, known.subscriptions, known.usage[-1:], opening=opening)
    print(f"    120 months, closed{best(lambda: bill(short, through=month(120), rules=RULES)) * 1e3:>17.2f}")


# ---------------------------------------------------------------------------------------------------------------- wide


def wide() -> None:
    """Cost of one account with many subscriptions, and of one with much usage."""
    print("one account                        ms    us each")
    for count in (10, 100, 1_000):
        known = AccountSnapshot(HOLDER, [Subscription.start(FEE_AND_USAGE, id=f"S-{number}", on=START) for number in range(count)])
        spent = best(lambda: bill(known, through=START, rules=RULES))  # noqa: B023
        print(f"{count:>7,} subscriptions{spent * 1e3:>18.1f}{spent / count * 1e6:>11.1f}")
    for count in (1_000, 10_000, 100_000):
        at = datetime.combine(START, datetime.min.time(), UTC)
        usage = [UsageRecord(f"U-{number}", "S", DATA, 1, at + timedelta(seconds=number % 86_400)) for number in range(count)]
        known = AccountSnapshot(HOLDER, [Subscription.start(FEE_AND_USAGE, id="S", on=START)], usage)
        spent = best(lambda: bill(known, through=month(1), rules=RULES))  # noqa: B023
        print(f"{count:>7,} usage records{spent * 1e3:>18.1f}{spent / count * 1e6:>11.1f}")


# --------------------------------------------------------------------------------------------------------------- lines

BOOKS = TaxClass.BOOKS
TEN_LINES = [
    Plan(code, 1, code, "EUR", [
        *(RecurringCharge(f"fee-{number}", f"Fee {number}", Flat(f"{price + number}.90"), tax=BOOKS if number % 2 else TaxClass.STANDARD)
          for number in range(4)),
        RecurringCharge("seats", "Seats", PerUnit("7.25")),
        RecurringCharge("service", "Service", Flat("4.00"), timing=Timing.IN_ARREARS),
        UsageCharge("data", "Data", DATA, Volume([Tier(10, "1.50"), Tier(None, "1.20")])),
    ], frequency=Frequency.weekly())
    for code, price in (("small", 10), ("large", 20))
]  # fmt: skip


def ten_lines(count: int) -> list[AccountSnapshot]:
    """Return accounts with weekly periods, two tax rates, a change of plan in the week that ended, and last week's invoice."""
    small, large = TEN_LINES
    found = []
    for number in range(count):
        start = date(2026, 3, 2) + timedelta(days=number % 7)
        old = Subscription.start(small, id="S", on=start, quantity=number % 40 + 1)
        first = bill(AccountSnapshot(HOLDER, [old]), through=start, rules=RULES).invoice.issue(number=f"I-{number}", on=start)
        usage = UsageRecord("U", "S", DATA, number % 30, datetime.combine(start, datetime.min.time(), UTC))
        found.append(AccountSnapshot(HOLDER, [old.change_plan(large, on=start + timedelta(days=3))], [usage], invoices=[first]))
    return found


def lines() -> None:
    """Cost of a line in the main workload and in one of another shape, each over what the documents state."""
    print("workload                          lines    us/line")
    main = engine.prepare(customers(1_000))
    for name, known, day, rules in (
        ("monthly, one rate", main, engine.THROUGH, engine.RULES),
        ("weekly, two rates, change of plan", ten_lines(1_000), date(2026, 3, 15), RULES),
    ):
        stated = sum(
            len(draft.lines) + len(draft.entries) for result in bill_many(known, through=day, rules=rules) for draft in result.invoices
        )
        spent = best(lambda: through(bill_many(known, through=day, rules=rules)))  # noqa: B023
        print(f"{name:<34}{stated / len(known):>5.1f}{spent / stated * 1e6:>11.1f}")


# ----------------------------------------------------------------------------------------------------------- processes


def made_there(numbers: Iterable[int]) -> Iterator[AccountSnapshot]:
    """Yield accounts as a database would."""
    for number in numbers:
        subscription = Subscription.start(FEE_AND_USAGE, id="S", on=START, quantity=number % 50 + 1)
        yield AccountSnapshot(HOLDER, [subscription])


def issue(results: Iterable[BillingResult]) -> Decimal:
    """Issue the invoices of a chunk where they are made, and answer what they come to."""
    total = Decimal(0)
    for result in results:
        if isinstance(result, Billed):
            total += sum((draft.issue(number="I-1", on=START).totals.payable_amount for draft in result.invoices), start=Decimal(0))
    return total


def processes() -> None:
    """Seconds on the wall for the same batch on one process and on two, with a sink that works where the invoices are made.

    Snapshots are sent to the workers, or each worker loads its own by their keys.
    """
    count = 20_000
    given = {"snapshots are sent": list(made_there(range(count))), "each worker loads": Loading(range(count), made_there)}

    def work(accounts: Iterable[AccountSnapshot], pool: ProcessPoolExecutor | None) -> None:
        sum(bill_many(accounts, through=month(11), rules=RULES, sink=issue, executor=pool, chunk=500))

    print(f"{count:,} accounts         one process    two    times as fast")
    for name, accounts in given.items():
        one = best(lambda: work(accounts, None), perf_counter)  # noqa: B023
        with ProcessPoolExecutor(2) as pool:
            list(pool.map(abs, range(2)))
            two = best(lambda: work(accounts, pool), perf_counter)  # noqa: B023
        print(f"{name:<22}{one:>13.1f} s{two:>6.1f} s{one / two:>13.2f}")


# ------------------------------------------------------------------------------------------------------------- imports

NEEDED = "import attrs, babel.numbers, dateutil.relativedelta, moneyed"
MAIN = "from billing_domain import Account, AccountSnapshot, Plan, Subscription, Rulebook, bill, bill_many, presets"


def _timed(code: str) -> float:
    """Return the median of ten processes that find everything compiled."""
    script = f"import time\nstarted = time.process_time()\n{code}\nprint(time.process_time() - started)"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(_: int) -> float:
        found = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)  # noqa: S603  our own script
        return float(found.stdout)

    _, *spent = map(run, range(11))
    return median(spent)


def imports() -> None:
    """Milliseconds that an import costs beyond the interpreter's start, and beyond the dependencies."""
    print("import                                         ms    beyond")
    needed = _timed(NEEDED)
    print(f"{'its dependencies':<40}{needed * 1e3:>9.0f}")
    for name, code in (
        ("billing_domain", "import billing_domain"),
        ("bill", "from billing_domain import bill"),
        ("the names of the README", MAIN),
    ):
        spent = _timed(code)
        print(f"{name:<40}{spent * 1e3:>9.0f}{max(spent - needed, 0) * 1e3:>10.0f}")


PARTS = {work.__name__: work for work in (accounts, history, wide, lines, processes, imports)}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
        print()
