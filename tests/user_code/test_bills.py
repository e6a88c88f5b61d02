"""The code of a billing run, as users write it: one account, a change of mind, a sale over the counter, and many accounts."""

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from typing import assert_never

import pytest

from billing_domain import AccountSnapshot, Subscription, bill, bill_many
from billing_domain.billing import Billed, BillingResult, Halted, NothingDue, Progress
from billing_domain.errors import NoSuchResultError, OutOfOrderError
from billing_domain.subscriptions import Item, Order, Product, TaxClass
from user_code.host import desk, desk_plus, many, maris, rules, snapshot, store, two_bills


def told(result: BillingResult) -> str:
    """Return one word for each member of the closed union."""
    match result:
        case Billed(invoices=drafts, credit_notes=notes):
            return f"{len(drafts)} and {len(notes)}"
        case NothingDue(reason=reason, next_on=day):
            return f"{reason.value} until {day}"
        case Halted(problems=problems):
            return ", ".join(problem.text for problem in problems)
        case _:
            assert_never(result)


def test_a_fee_in_advance_and_usage_afterwards() -> None:
    """Two runs name no charge; each documents what is owed and not yet billed."""
    march, april = two_bills()
    assert str(march.totals.payable.amount) == "30.13"
    assert [(line.name, str(line.period), str(line.net.amount)) for line in april.lines] == [
        ("Line", "[2026-04-01, 2026-05-01)", "24.90"),
        ("Calls", "[2026-03-01, 2026-04-01)", "1.80"),
    ]
    assert [line.working.text for line in april.lines] == ["1 × 24.90 = 24.90", "60 × 0 + 36 × 0.05 = 1.80"]
    assert str(april.totals.payable.amount) == "32.31"
    assert told(bill(snapshot.add(march, april), through=date(2026, 4, 1), rules=rules)) == "not-due until 2026-05-01"


def test_a_preview_is_a_bill_that_is_not_kept() -> None:
    """The same run twice gives the same draft, and nothing changes until the host adds it."""
    first = bill(snapshot, through=date(2026, 3, 1), rules=rules)
    assert first == bill(snapshot, through=date(2026, 3, 1), rules=rules)
    assert told(first) == "1 and 0"
    assert not snapshot.invoices


def test_seats_and_plan_change_in_mid_period_and_are_corrected_later() -> None:
    """Each part of April is charged for its days; what is told late comes back as entries on the next invoice."""
    seats = Subscription.start(desk, id="S-9", on=date(2026, 4, 1), quantity=3)
    known = AccountSnapshot(account=maris, subscriptions=[seats])
    known = known.add(bill(known, through=date(2026, 4, 1), rules=rules).invoice.issue(number="F-1", on=date(2026, 4, 1)))
    grown = seats.change_quantity(5, on=date(2026, 4, 11)).change_plan(desk_plus, on=date(2026, 4, 21))
    known = known.add(grown)
    match bill(known, through=date(2026, 5, 1), rules=rules):
        case Billed(invoices=drafts):
            known = known.add(*[draft.issue(number="F-2", on=date(2026, 5, 1)) for draft in drafts])
        case NothingDue() | Halted() as result:
            pytest.fail(told(result))
    assert [line.net_amount for line in known.invoices[-1].lines] == [Decimal("8.00"), Decimal("13.00"), Decimal("75.00")]

    fixed = grown.change_quantity(4, on=date(2026, 4, 11), recorded=date(2026, 5, 9))
    june = bill(known.add(fixed), through=date(2026, 6, 1), rules=rules).invoice
    assert sum(entry.net_amount for entry in june.entries) == Decimal("24.00")
    assert [line.net_amount for line in june.lines] == [Decimal("60.00")]
    with pytest.raises(OutOfOrderError):
        grown.change_quantity(4, on=date(2026, 4, 11))


def test_goods_and_service_at_prices_that_include_tax() -> None:
    """An order is billed like anything else; the gross is the sum of the price tags."""
    lamp = Product(code="lamp", name="Desk lamp")
    guide = Product(code="guide", name="Guide book", tax=TaxClass.BOOKS)
    order = Order(
        id="O-1", on=date(2026, 5, 5), prices_include_tax=True, items=[Item(lamp, price="60.50"), Item(guide, price="21.00", quantity=2)]
    )
    draft = bill(AccountSnapshot(account=maris, orders=[order]), through=order.on, rules=rules).invoice
    assert [(str(group.rate), str(group.net.amount), str(group.tax.amount)) for group in draft.totals.groups] == [
        ("21", "50.00", "10.50"),
        ("5", "40.00", "2.00"),
    ]
    assert str(draft.totals.gross.amount) == "102.50"


def test_the_hoped_for_member_or_the_reason() -> None:
    """`.invoice` raises where there is none; `.invoices` is empty where nothing is due, and raises for what halted."""
    nothing = bill(snapshot, through=date(2026, 1, 1), rules=rules)
    assert list(nothing.invoices) == []
    with pytest.raises(NoSuchResultError):
        _ = nothing.invoice
    halted = [result for result in bill_many(many(1, broken=True), through=date(2026, 3, 1), rules=rules) if isinstance(result, Halted)]
    assert len(halted) == 1
    with pytest.raises(NoSuchResultError):
        _ = halted[0].invoices


def test_many_accounts_one_by_one_or_where_the_workers_are() -> None:
    """Without a sink results come back; with one, what the sink returns, and the drafts stay with the worker."""
    assert [result.account.id for result in bill_many(many(3), through=date(2026, 3, 1), rules=rules)] == ["A-0", "A-1", "A-2"]
    seen: list[Progress] = []
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as pool:
        stored = bill_many(
            many(5, broken=True), through=date(2026, 3, 1), rules=rules, executor=pool, sink=store, progress=seen.append, chunk=2
        )
        assert sum(stored) == 4
    assert seen[-1].done == 5
    assert seen[-1].halted == 1
