"""The windows that a request has to fit into: splitting, cool-down, and the budgets of customer, agent and team.

Days are stretches of 24 hours between instants, so that a night on which clocks change moves no window.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.discounts.authority import Budget, Limit
from billing_domain.discounts.requests import FailedRule, GrantRecord, GrantRequest
from billing_domain.instants import later, utc
from billing_domain.money.amounts import CONTEXT, add_up, minor_unit

_add = CONTEXT.add


def in_order(records: Iterable[GrantRecord]) -> tuple[GrantRecord, ...]:
    """Return records by instant, then id."""
    return tuple(sorted(records, key=lambda record: (utc(record.at), record.id)))


class Reach(NamedTuple):
    """One window: the earlier grants in it, and the most that may be in it.

    Args:
        name: The rule.
        days: How far it reaches back.
        records: The earlier grants in it, oldest first.
        amount: The most in all; None without limit.
        most: The most grants; None without limit.
    """

    name: str
    days: timedelta
    records: list[GrantRecord]
    amount: Decimal | None
    most: int | None

    @property
    def used(self) -> Decimal:
        """What the earlier grants give in all."""
        return add_up([record.value_amount for record in self.records])


def reaches(request: GrantRequest, limit: Limit, records: Sequence[GrantRecord]) -> Iterator[Reach]:
    """Return the windows of a request: splitting, cool-down, and the budgets of customer, agent and team."""
    known = [record for record in records if record.id != request.id and record.counts(request.at) and record.currency == request.currency]
    same = [record for record in known if record.account_id == request.account_id and record.reason is request.reason]
    if limit.same_reason and limit.amount is not None:
        yield _reach("splitting", timedelta(days=limit.same_reason), same, request, limit.amount.amount, None)
    if limit.cool_down:
        yield _reach("cool-down", timedelta(days=limit.cool_down), same, request, None, 0)
    belongs: dict[str, Callable[[GrantRecord], bool]] = {
        "customer": lambda record: record.account_id == request.account_id,
        "agent": lambda record: request.agent.id in {record.agent_id, *record.approved_by},
        "team": lambda record: bool(request.agent.team) and record.team == request.agent.team,
    }
    for name, budget in limit.budgets:
        yield _budgeted(name, budget, [record for record in known if belongs[name](record)], request)


def _reach(
    name: str, days: timedelta, records: Iterable[GrantRecord], request: GrantRequest, amount: Decimal | None, count: int | None
) -> Reach:
    since = later(request.at, -days)
    return Reach(name, days, [record for record in records if utc(record.at) > utc(since)], amount, count)


def _budgeted(name: str, budget: Budget, records: Iterable[GrantRecord], request: GrantRequest) -> Reach:
    return _reach(name, budget.stretch, records, request, None if budget.amount is None else budget.amount.amount, budget.count)


def against_window(request: GrantRequest, reach: Reach) -> Iterator[FailedRule]:
    """Return the rules of a window that a request breaks."""
    if reach.name == "cool-down":
        if reach.records:
            last = reach.records[-1].at
            yield FailedRule("cool-down", request.day_of(last).isoformat(), request.day_of(later(last, reach.days)).isoformat())
        return
    total = _add(reach.used, request.value_amount)
    if reach.amount is not None and total > reach.amount and (reach.records or reach.name != "splitting"):
        code = reach.name if reach.name == "splitting" else f"{reach.name}-amount"
        yield FailedRule(code, shown(total, request), shown(reach.amount, request))
    if reach.most is not None and len(reach.records) + 1 > reach.most:
        yield FailedRule(f"{reach.name}-count", str(len(reach.records) + 1), str(reach.most))


def soonest(request: GrantRequest, limit: Limit, records: Sequence[GrantRecord]) -> datetime:
    """Return the first instant at which windows leave room for something."""
    at = request.at
    while blocking := [reach for reach in reaches(attrs.evolve(request, at=at), limit, records) if reach.records and _full(reach)]:
        ends = [later(reach.records[-1 if reach.name == "cool-down" else 0].at, reach.days) for reach in blocking]
        at = max(ends, key=utc).astimezone(request.at.tzinfo)
    return at


def _full(reach: Reach) -> bool:
    if reach.name == "cool-down":
        return True
    return (reach.amount is not None and reach.used >= reach.amount) or (reach.most is not None and len(reach.records) >= reach.most)


def shown(amount: Decimal, request: GrantRequest) -> str:
    """Return an amount as rules show it."""
    return f"{amount.quantize(minor_unit(request.currency), context=CONTEXT):f} {request.currency}"
