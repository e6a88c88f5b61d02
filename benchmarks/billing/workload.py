"""The work that every contender does: one invoice for each of many seeded accounts, and the reference on whole cents.

Each account has a flat fee and seats in advance, one change of seats in the period that just ended, metered usage of that
period in three graduated tiers, and for its first three months a percentage off the fee, the seats and the change.
Tax is 21 %. All amounts are half up to the cent. The rules and the seed are those of a public comparison of billing loops.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

SEED = 20260301
YEAR, MONTH = 2026, 3
TAX_PERCENT = 21
DISCOUNTED_MONTHS = 3
PLANS = {"basic": (2999, 1250), "pro": (7900, 990), "scale": (24950, 725)}
"""Flat fee and seat price in cents."""
TIERS = ((1_000, 12_500), (10_000, 8_750), (None, 4_375))
"""Inclusive upper bound and unit price in millionths."""
MILLIONTHS_PER_CENT = 10_000
LAST_DAYS = (31, 28, 31, 30, 31)


class Customer(NamedTuple):
    """The facts of one account."""

    id: str
    plan: str
    anchor_day: int
    seats_before: int
    seats_after: int
    change_on: date
    usage: int
    discount_percent: int
    months_billed: int

    @property
    def boundaries(self) -> tuple[date, date, date]:
        """Start of the ended period, start of the coming one, and its end."""
        first, second, third = (boundary(month, self.anchor_day) for month in (MONTH - 1, MONTH, MONTH + 1))
        return first, second, third


class Row(NamedTuple):
    """One figure of an invoice, in cents."""

    kind: str
    amount: int
    tax: int


class Reference(NamedTuple):
    """One invoice as the reference makes it, in cents."""

    account: str
    rows: tuple[Row, ...]

    @property
    def net(self) -> int:
        """The sum without tax."""
        return sum(row.amount for row in self.rows)

    @property
    def tax(self) -> int:
        """The sum of taxes, each rounded alone."""
        return sum(row.tax for row in self.rows)


def boundary(month: int, anchor_day: int) -> date:
    """Return the anchor day of a month of the year, clamped to its last day."""
    return date(YEAR, month, min(anchor_day, LAST_DAYS[month - 1]))


def customers(count: int) -> list[Customer]:
    """Return the first accounts of the seeded sequence."""
    draw = random.Random(SEED)  # noqa: S311  the same numbers each time, not a secret
    plans, found = tuple(PLANS), []
    for number in range(count):
        anchor = draw.randint(1, 31)
        start, end = boundary(MONTH - 1, anchor), boundary(MONTH, anchor)
        before = draw.randint(1, 60)
        after = max(1, before + draw.choice((-7, -3, -2, -1, 1, 2, 3, 5, 12)))
        after += after == before
        change_on = start + timedelta(days=draw.randint(1, (end - start).days - 1))
        plan, usage = draw.choice(plans), int(draw.lognormvariate(8.0, 1.3))
        percent, months = draw.choice((10, 15, 20, 33)), draw.randint(0, 3)
        found.append(Customer(f"A{number:07d}", plan, anchor, before, after, change_on, usage, percent, months))
    return found


def half_up(numerator: int, denominator: int) -> int:
    """Return the quotient in whole numbers, a tie away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def usage_millionths(quantity: int) -> int:
    """Return the exact price of a quantity over the tiers, in millionths."""
    total = lower = 0
    for upper, price in TIERS:
        reached = quantity if upper is None else min(upper, quantity)
        total += max(0, reached - lower) * price
        lower = reached
    return total


def reference(accounts: Iterable[Customer]) -> Iterator[Reference]:
    """Return the expected invoices, worked out on whole cents."""
    for account in accounts:
        flat, seat = PLANS[account.plan]
        start, end, _ = account.boundaries
        change = half_up((account.seats_after - account.seats_before) * seat * (end - account.change_on).days, (end - start).days)
        rows = [("flat", flat), ("seats", account.seats_after * seat), ("change", change)]
        rows.append(("usage", half_up(usage_millionths(account.usage), MILLIONTHS_PER_CENT)))
        if account.months_billed < DISCOUNTED_MONTHS:
            base = sum(amount for _, amount in rows[:3])
            rows.append(("discount", -half_up(base * account.discount_percent, 100)))
        yield Reference(account.id, tuple(Row(kind, amount, half_up(amount * TAX_PERCENT, 100)) for kind, amount in rows))
