"""What a type checker knows of payments: four answers, facts of a closed union, and strategies by shape."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import assert_type

from attrs import frozen

from billing_domain import AccountSnapshot, Money, statement
from billing_domain.payments import (
    Act,
    Allocation,
    Allotment,
    Balances,
    Clear,
    DunningPolicy,
    DunningRecord,
    DunningStep,
    Hold,
    Ledger,
    Paused,
    PauseReason,
    Payment,
    Statement,
    Wait,
    balances,
    dun,
)
from billing_domain.subscriptions import Order


@frozen
class Nothing:
    """A strategy that gives nothing out."""

    code = "acme:nothing"

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return nothing."""
        return {debt.number: Decimal(0) for debt in allotment.debts}


def ask(snapshot: AccountSnapshot, policy: DunningPolicy, today: date) -> DunningStep | date | PauseReason | Decimal | None:
    """Match every answer; the checker finds the one that is missing."""
    match dun(snapshot, policy=policy, as_of=today, allocation=Nothing()):
        case Act(step=step, amount=amount) as act:
            assert_type(amount, Money)
            assert_type(act.done(on=today), DunningRecord)
            assert_type(act.order(), Order)
            return step
        case Wait(until=until):
            return until
        case Paused(reason=reason):
            return reason
        case Clear(too_small=too_small):
            return too_small


def fits(snapshot: AccountSnapshot) -> Ledger:
    """A snapshot is a ledger, and takes facts about money."""
    strategy: Allocation = Nothing()
    assert_type(balances(snapshot, as_of=date(2026, 1, 1), allocation=strategy), Balances)
    assert_type(statement(snapshot, as_of=date(2026, 1, 1), aging=(0, 14)), Statement)
    money = Money("1.00", "EUR")
    return snapshot.add(Payment("P-1", money, date(2026, 1, 1)), Hold("I-1", None, money, date(2026, 1, 1)))
