"""Loops written by hand for exactly this work: the floor, and what objects cost."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

import attrs
from dateutil.relativedelta import relativedelta
from moneyed import EUR, Money
from workload import DISCOUNTED_MONTHS, PLANS, TAX_PERCENT, TIERS, Customer

CENT = Decimal("0.01")
RATE = Decimal(TAX_PERCENT) / 100
PRICES = {plan: (Decimal(flat) / 100, Decimal(seat) / 100) for plan, (flat, seat) in PLANS.items()}
STEPS = tuple((None if upper is None else Decimal(upper), Decimal(price) / 1_000_000) for upper, price in TIERS)


def cents(value: Decimal) -> Decimal:
    """Return the value half up to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def usage_price(quantity: Decimal) -> Decimal:
    """Return the exact price over the tiers."""
    total = lower = Decimal(0)
    for upper, price in STEPS:
        if upper is None or quantity <= upper:
            return total + (quantity - lower) * price
        total += (upper - lower) * price
        lower = upper
    return total


class Plain(NamedTuple):
    """A line as a tuple."""

    kind: str
    start: date
    end: date
    quantity: int
    amount: Decimal
    tax: Decimal


def decimal_loop(accounts: Iterable[Customer]) -> Iterator[tuple[object, ...]]:
    """Decimals and tuples, nothing else."""
    for number, account in enumerate(accounts, 1):
        flat, seat = PRICES[account.plan]
        start, end, later = account.boundaries
        delta = account.seats_after - account.seats_before
        seats = seat * account.seats_after
        change = cents(seat * delta * (end - account.change_on).days / (end - start).days)
        used = cents(usage_price(Decimal(account.usage)))
        rows = [("flat", end, later, 1, flat), ("seats", end, later, account.seats_after, seats),
                ("change", account.change_on, end, delta, change), ("usage", start, end, account.usage, used)]  # fmt: skip
        if account.months_billed < DISCOUNTED_MONTHS:
            rows.append(("discount", end, later, 1, -cents((flat + seats + change) * account.discount_percent / 100)))
        lines, net, tax = [], Decimal(0), Decimal(0)
        for row in rows:
            due = cents(row[4] * RATE)
            lines.append(Plain(*row, due))
            net += row[4]
            tax += due
        yield (f"INV-{number:07d}", account.id, end, tuple(lines), net, tax, net + tax)


class Kind(Enum):
    """What a line is."""

    FLAT = "flat"
    SEATS = "seats"
    CHANGE = "change"
    USAGE = "usage"
    DISCOUNT = "discount"


@attrs.frozen
class LeanLine:
    """A line as a frozen object with money on it."""

    kind: Kind
    description: str
    start: date
    end: date
    quantity: Decimal
    amount: Money
    tax: Money


@attrs.frozen
class LeanInvoice:
    """An invoice as a frozen object with money on it."""

    number: str
    account: str
    issued: date
    lines: tuple[LeanLine, ...]
    net: Money
    tax: Money
    gross: Money


def lean_objects(accounts: Iterable[Customer]) -> Iterator[LeanInvoice]:
    """Decimals inside, frozen objects with `Money` outside, no checks."""
    for number, account, end, lines, net, tax, gross in decimal_loop(accounts):  # type: ignore[misc]
        stated = tuple(
            LeanLine(
                Kind(line.kind), line.kind, line.start, line.end, Decimal(line.quantity), Money(line.amount, EUR), Money(line.tax, EUR)
            )
            for line in lines  # type: ignore[attr-defined]
        )
        yield LeanInvoice(number, account, end, stated, Money(net, EUR), Money(tax, EUR), Money(gross, EUR))  # type: ignore[arg-type]


def euro(value: str | Decimal) -> Money:
    """Return euros."""
    return Money(value, EUR)


def rounded(value: Money) -> Money:
    """Return the money half up to the cent."""
    return Money(value.amount.quantize(CENT, ROUND_HALF_UP), EUR)


@attrs.frozen
class NaivePeriod:
    """A period that is checked."""

    start: date = attrs.field(validator=attrs.validators.instance_of(date))
    end: date = attrs.field(validator=attrs.validators.instance_of(date))


@attrs.frozen
class NaiveLine:
    """A line whose every field is checked."""

    kind: Kind = attrs.field(validator=attrs.validators.instance_of(Kind))
    description: str = attrs.field(validator=attrs.validators.instance_of(str))
    period: NaivePeriod = attrs.field(validator=attrs.validators.instance_of(NaivePeriod))
    quantity: Decimal = attrs.field(validator=attrs.validators.instance_of(Decimal))
    amount: Money = attrs.field(validator=attrs.validators.instance_of(Money))
    tax: Money = attrs.field(validator=attrs.validators.instance_of(Money))


@attrs.frozen
class NaiveInvoice:
    """An invoice whose totals are summed as money."""

    number: str = attrs.field(validator=attrs.validators.instance_of(str))
    account: str = attrs.field(validator=attrs.validators.instance_of(str))
    lines: tuple[NaiveLine, ...] = attrs.field(validator=attrs.validators.deep_iterable(attrs.validators.instance_of(NaiveLine)))
    net: Money = attrs.field(validator=attrs.validators.instance_of(Money))
    tax: Money = attrs.field(validator=attrs.validators.instance_of(Money))


def naive_objects(accounts: Iterable[Customer]) -> Iterator[NaiveInvoice]:
    """Money in every sum, calendar arithmetic by relativedelta, every field checked: how one writes it first."""
    for number, account in enumerate(accounts, 1):
        flat, seat = (euro(price) for price in PRICES[account.plan])
        anchor = date(2026, 1, account.anchor_day)
        start, end, later = (anchor + relativedelta(months=months) for months in (1, 2, 3))
        ended, coming = NaivePeriod(start, end), NaivePeriod(end, later)
        delta = account.seats_after - account.seats_before
        change = rounded(seat * Decimal(delta) * Decimal((end - account.change_on).days) / Decimal((end - start).days))
        used = rounded(euro(usage_price(Decimal(account.usage))))
        rows = [
            (Kind.FLAT, coming, Decimal(1), flat),
            (Kind.SEATS, coming, Decimal(account.seats_after), rounded(seat * account.seats_after)),
            (Kind.CHANGE, NaivePeriod(account.change_on, end), Decimal(delta), change),
            (Kind.USAGE, ended, Decimal(account.usage), used),
        ]
        if account.months_billed < DISCOUNTED_MONTHS:
            base = sum((row[3] for row in rows[:3]), start=euro("0"))
            rows.append((Kind.DISCOUNT, coming, Decimal(1), -rounded(base * Decimal(account.discount_percent) / Decimal(100))))
        lines = tuple(
            NaiveLine(kind, kind.value, period, quantity, amount, rounded(amount * RATE)) for kind, period, quantity, amount in rows
        )
        net = sum((line.amount for line in lines), start=euro("0"))
        tax = sum((line.tax for line in lines), start=euro("0"))
        yield NaiveInvoice(f"INV-{number:07d}", account.id, lines, net, tax)
