"""CPU time for N discounts on five lines: this library beside a plain loop with the same exact split.

    python benchmarks/discounts/run.py

Each of N policies takes 1 % of what is left and asks for a tenure; the basket is 290.41 in five lines. The answers are checked.
"""

import statistics
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal

from billing_domain.conditions import TENURE_MONTHS, Facts
from billing_domain.discounts import NOTHING_GIVEN, Asked, DiscountPolicy, Discounts, Lane, Percent, Stack, evaluate
from billing_domain.invoicing import ChargeKind, LineFacts

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


def discounts(count, asked):
    """Return so many policies in one sequential lane."""
    policies = [
        DiscountPolicy(code=f"acme:p{n:03}", version=1, name="1 %", lane="all", benefit=Percent(1), condition=TENURE_MONTHS >= asked)  # noqa: SIM300  a fact is no constant
        for n in range(count)
    ]
    return Discounts(policies, [Lane("all", Stack.SEQUENTIAL)])


def measured(work, repeats):
    """Return the median of nine runs in milliseconds of CPU time."""
    found = []
    for _ in range(9):
        begin = time.process_time()
        for _ in range(repeats):
            work()
        found.append((time.process_time() - begin) / repeats * 1000)
    return statistics.median(found)


def main():
    """Print one row for each number of policies."""
    print(f"Python {sys.version.split()[0]}, CPU milliseconds a basket of five lines, median of nine")
    print("| N | | plain loop | without trace | with trace |")
    print("| ---: | --- | ---: | ---: | ---: |")
    for asked, said in ((12, "met"), (99, "unmet")):
        for count in COUNTS:
            rules = discounts(count, asked)
            document = Asked("A", datetime(2026, 3, 1, tzinfo=UTC), LINES, Facts({TENURE_MONTHS: 24}), (), NOTHING_GIVEN)
            traced = document._replace(traced=True)
            assert evaluate(rules, document, currency="EUR").total.amount * 100 == plain(count, asked)
            assert len(evaluate(rules, traced, currency="EUR").records) == count
            repeats = max(1, 200 // count)
            times = [
                measured(lambda count=count, asked=asked: plain(count, asked), repeats),
                measured(lambda rules=rules, document=document: evaluate(rules, document, currency="EUR"), repeats),
                measured(lambda rules=rules, traced=traced: evaluate(rules, traced, currency="EUR"), repeats),
            ]
            print(f"| {count} | {said} | " + " | ".join(f"{each:.4f}" for each in times) + " |")


if __name__ == "__main__":
    main()
