"""CPU time for N discounts on five lines: this library beside a plain loop with the same exact split.

    python benchmarks/discounts/run.py

Each of N policies takes 1 % of what is left and asks for a tenure; the basket is 290.41 in five lines. The answers are checked.
Two more rows have no floor: policies that compete for the best, and fixed amounts under caps.
"""

import statistics
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal

from billing_domain.conditions import TENURE_MONTHS, Facts
from billing_domain.discounts import Asked, Caps, DiscountPolicy, Discounts, FixedAmount, Lane, Percent, Stack, evaluate
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money import Money

AMOUNTS = ("59.97", "7.35", "6.93", "149.50", "66.66")
START, END = date(2026, 3, 1), date(2026, 4, 1)
LINES = [
    LineFacts("S", f"c{n}", START, END, START, END, "Line", ChargeKind.RECURRING, "p@1", "", (), Decimal(amount))
    for n, amount in enumerate(AMOUNTS)
]
COUNTS = (1, 10, 100)


def plain(count, asked):
    """Return the discount of a loop over integers with a largest remainder."""
    net = [int(Decimal(amount) * 100) for amount in AMOUNTS]
    given = 0
    for _ in range(count):
        if asked > 12:
            continue
        whole = sum(net)
        total = (whole * 100 + 5000) // 10000
        parts = [total * weight // whole for weight in net]
        order = sorted(range(len(net)), key=lambda i: (-(total * net[i] % whole), i))
        for i in order[: total - sum(parts)]:
            parts[i] += 1
        net = [before - part for before, part in zip(net, parts, strict=True)]
        given += total
    return given


def discounts(count, asked, kind="met"):
    """Return so many policies in one lane: one after the other, the best of all, or fixed amounts under caps."""
    stack = Stack.BEST_OF if kind == "best-of" else Stack.SEQUENTIAL
    return Discounts([policy(number, asked, kind) for number in range(count)], [Lane("all", stack)])


def policy(number, asked, kind):
    """Return one policy."""
    benefit, caps = Percent(1), Caps()
    if kind == "best-of":
        benefit = Percent(number % 9 + 1)
    if kind == "capped":
        benefit = FixedAmount(Money("2.00", "EUR"))
        caps = Caps(line=Money("1.00", "EUR"), document=Money("1.50", "EUR"), net_price=Money("5.00", "EUR"))
    condition = TENURE_MONTHS >= asked  # noqa: SIM300  a fact is no constant
    return DiscountPolicy(code=f"acme:p{number:03}", version=1, name="Offer", lane="all", benefit=benefit, caps=caps, condition=condition)


def measured(work, repeats):
    """Return the median of nine runs in milliseconds of CPU time."""
    found = []
    for _ in range(9):
        begin = time.process_time()
        for _ in range(repeats):
            work()
        found.append((time.process_time() - begin) / repeats * 1000)
    return statistics.median(found)


def row(count, kind):
    """Return the milliseconds of the plain loop (where it does this work), without trace and with trace."""
    asked = 99 if kind == "unmet" else 12
    rules = discounts(count, asked, kind)
    document = Asked("A", datetime(2026, 3, 1, tzinfo=UTC), LINES, Facts({TENURE_MONTHS: 24}))
    traced = document._replace(traced=True)
    floor = kind in {"met", "unmet"}
    if floor:
        assert evaluate(rules, document, currency="EUR").total.amount * 100 == plain(count, asked)
    records = evaluate(rules, traced, currency="EUR").records
    assert len(records) == count
    assert all(record.finding for record in records)
    repeats = max(1, 200 // count)
    return (
        measured(lambda: plain(count, asked), repeats) if floor else None,
        measured(lambda: evaluate(rules, document, currency="EUR"), repeats),
        measured(lambda: evaluate(rules, traced, currency="EUR"), repeats),
    )


def main():
    """Print one row for each number and sort of policies, then how the time grows."""
    print(f"Python {sys.version.split()[0]}, CPU milliseconds a basket of five lines, median of nine")
    print("| N | | plain loop | without trace | times plain | with trace |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |")
    found = {}
    for kind in ("met", "unmet", "best-of", "capped"):
        for count in COUNTS:
            floor, bare, traced = found[kind, count] = row(count, kind)
            beside = f"{floor:.4f} | {bare:.4f} | {bare / floor:.1f}" if floor else f" | {bare:.4f} | "
            print(f"| {count} | {kind} | {beside} | {traced:.4f} |")
    for kind in ("met", "unmet", "best-of", "capped"):
        print(f"{kind}: a hundred take {found[kind, 100][1] / found[kind, 10][1]:.1f} times as long as ten")


if __name__ == "__main__":
    main()
