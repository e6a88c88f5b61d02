"""The next step against overdue debt, as an answer: nothing is kept but the facts."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import attrs

from billing_domain.catalog import Product
from billing_domain.doors import door
from billing_domain.errors import CurrencyMismatchError, NoSuchResultError
from billing_domain.money import Amount, Money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.payments.allocation import STANDARD
from billing_domain.payments.fees import LATE_FEE, fee_order
from billing_domain.payments.policy import DunningPolicy, DunningRecord, DunningStep, record_id
from billing_domain.payments.protocols import Allocation, Ledger
from billing_domain.payments.replay import Replay
from billing_domain.payments.standing import Arrangements, Standing
from billing_domain.payments.views import with_facts
from billing_domain.periods import checked_day
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions import Order


class PauseReason(Enum):
    """Why nothing is chased although something is open."""

    DISPUTE = "dispute"
    """Disputed, or decided so short a while ago that the customer still has time to pay."""
    INSTALMENTS = "instalments"
    PROMISE = "promise"
    FLAG = "flag"


@attrs.frozen
class Act:
    """A step is due.

    Args:
        account_id: Whose debt it is.
        on: The day.
        policy: Code and version of the policy.
        number: The number of the step, from 1.
        step: The step.
        amount: What is overdue and may be chased.
        documents: The invoices it is about.
    """

    account_id: str
    on: date
    policy: str
    number: int
    step: DunningStep
    _amount: Amount = attrs.field(alias="amount")
    documents: tuple[str, ...]

    @property
    def amount(self) -> Money:
        """What is overdue and may be chased."""
        return self._amount.money

    def done(self, *, on: date, id: str | None = None) -> DunningRecord:  # noqa: A002  the public name
        """Return the record that the step was done, for the snapshot.

        Args:
            on: The day on which it was done.
            id: The host's id; one that derives from the content where None.
        """
        name = record_id(self.policy, self.number, self.documents, on) if id is None else id
        return DunningRecord(name, self.policy, self.number, self.step.action, on, self._amount, self.documents)

    def order(self, *, on: date | None = None, product: Product = LATE_FEE) -> Order:
        """Return the sale by which the fee of the step reaches the bill; the same step gives the same order.

        Args:
            on: The day of the sale; the day of the answer where None.
            product: What the fee is on a bill.

        Raises:
            NoSuchResultError: The step has no fee.
        """
        fee = self.step.fee
        if fee is None:
            raise NoSuchResultError(self.step.action.value, "the step has no fee", "ask for an order only where step.fee is given")
        day = self.on if on is None else on
        return fee_order(record_id(self.policy, self.number, self.documents, self.on), product, Amount(fee.amount, fee.currency.code), day)


@attrs.frozen
class Wait:
    """Nothing is to be done yet.

    Args:
        until: Nothing comes before this day unless something new becomes known; None where no step is left.
        step: The next step.
    """

    until: date | None
    step: DunningStep | None = None


@attrs.frozen
class Paused:
    """Something is open, but it must not be chased now; collecting goes on at the same step.

    Args:
        reason: Why.
        until: The first day on which that may end, where it is known.
    """

    reason: PauseReason
    until: date | None = None


@attrs.frozen
class Clear:
    """There is nothing to collect.

    Args:
        too_small: What is open but less than the policy's minimum.
    """

    too_small: Decimal = ZERO


DunningResult = Act | Wait | Paused | Clear
"""The four answers of `dun`."""


@door
def dun(ledger: Ledger, *, policy: DunningPolicy, as_of: date, allocation: Allocation = STANDARD) -> DunningResult:
    """Return the next step against an account's overdue debt, on a day.

    Only what is overdue, undisputed, not arranged and under no flag is chased. A step that was done counts as long as one
    of its documents is open; after a pause, collecting goes on with the step that would have come.

    Args:
        ledger: The account with its documents and facts about money, for example a snapshot.
        policy: The steps.
        as_of: The day; what was paid on it counts.
        allocation: Where money goes that names no document.

    Returns:
        `Act`, `Wait`, `Paused` or `Clear`.

    Raises:
        CurrencyMismatchError: The policy names amounts in another currency.

    Example:
        See the tutorial.
    """
    check_policy_currency(policy.currencies, ledger)
    replay = Replay(ledger, checked_day(as_of, "as_of"), allocation)
    known = Arrangements(ledger, replay)
    standings = known.standings(as_of)
    if not standings:
        return Clear()
    flag = known.flag(as_of)
    if flag is not None:
        return Paused(PauseReason.FLAG, flag.until)
    free = [standing for standing in standings if standing.free > 0]
    ends = _ends(standings, known, replay, as_of)
    if not free:
        return _paused(standings, ends)
    last = _last_record(ledger, policy, standings, as_of)
    return _next(ledger.account.id, policy, _Case(as_of, Amount(ZERO, ledger.account.currency), free, last, ends))


def check_policy_currency(currencies: frozenset[str], ledger: Ledger) -> None:
    """Check that a policy names amounts in the account's currency alone."""
    foreign = sorted(currencies - {ledger.account.currency})
    if foreign:
        raise CurrencyMismatchError(
            foreign[0], f"account {ledger.account.id} is in {ledger.account.currency}", "use a policy in that currency"
        )


def _paused(standings: Sequence[Standing], ends: Sequence[date]) -> Paused:
    until = min(ends, default=None)
    if any(standing.held or standing.grace for standing in standings):
        return Paused(PauseReason.DISPUTE, until)
    return Paused(PauseReason.INSTALMENTS if any(standing.planned for standing in standings) else PauseReason.PROMISE, until)


def _last_record(ledger: Ledger, policy: DunningPolicy, standings: Sequence[Standing], day: date) -> DunningRecord | None:
    """Return the last step that was done about something that is still open."""
    still_open = {standing.number for standing in standings}
    records = [
        fact
        for fact in ledger.ledger
        if isinstance(fact, DunningRecord)
        and fact.policy_code == policy.code
        and fact.on <= day
        and not still_open.isdisjoint(fact.documents)
    ]
    return max(records, key=lambda record: (record.step, record.on), default=None)


class _Case(NamedTuple):
    """What decides about the next step."""

    day: date
    nothing: Amount
    free: Sequence[Standing]
    last: DunningRecord | None
    ends: Sequence[date]


def _next(account_id: str, policy: DunningPolicy, case: _Case) -> DunningResult:
    enough = _enough_on(policy, case.free)
    if enough is None:
        return Clear(add_up(standing.free for standing in case.free))
    overdue = [standing for standing in case.free if standing.due < case.day]
    amount = add_up(standing.free for standing in overdue)
    wakes = list(case.ends)
    for number, step in enumerate(policy.steps, 1):
        if case.last is not None and number <= case.last.step:
            continue
        day = _day_of(step, policy, case.free[0].due, case.last, enough)
        if day > case.day:
            return Wait(min([day, *wakes]), step)
        if amount >= (step.minimum_amount or ZERO) and len(overdue) >= step.documents:
            documents = tuple(standing.number for standing in overdue)
            return Act(account_id, case.day, policy.key, number, step, case.nothing._replace(amount=amount), documents)
        wakes += [standing.due + ONE_DAY for standing in case.free if standing.due >= case.day]
    return Wait(min(wakes, default=None))


def _ends(standings: Sequence[Standing], known: Arrangements, replay: Replay, day: date) -> list[date]:
    """Return the days on which something that is held or arranged may be chased again."""
    ends = [hold.until for standing in standings for hold in replay.holds.get(standing.number, ()) if hold.stands(day)]
    ends += [promise.by + ONE_DAY for promise in known.promises if promise.on <= day <= promise.by]
    for plan in known.plans:
        grace = timedelta(days=plan.grace_days)
        ends += [part.due + grace + ONE_DAY for part in plan.instalments]
    return [end for end in ends if end is not None and end > day]


def _enough_on(policy: DunningPolicy, free: Sequence[Standing]) -> date | None:
    """Return the first day on which the policy's minimum is overdue; None where it never is."""
    total = ZERO
    for standing in free:
        total = CONTEXT.add(total, standing.free)
        if total >= (policy.minimum_amount or ZERO):
            return standing.due + ONE_DAY
    return None


def _day_of(step: DunningStep, policy: DunningPolicy, oldest: date, last: DunningRecord | None, enough: date) -> date:
    """Return the day of a step: its age, never sooner after the step before than the policy spaces them, on a business day."""
    day = max(oldest + timedelta(days=step.days_overdue), enough)
    if last is not None:
        before = policy.steps[last.step - 1].days_overdue if last.step <= len(policy.steps) else 0
        day = max(day, last.on + timedelta(days=step.days_overdue - before))
    return day if policy.calendar is None else policy.calendar.on_or_after(day)


@door
def forecast_dunning(
    ledger: Ledger, *, policy: DunningPolicy, as_of: date, through: date, allocation: Allocation = STANDARD
) -> tuple[tuple[date, Act], ...]:
    """Return what would happen until a day if nothing were paid and every step were done on its day.

    Args:
        ledger: The account.
        policy: The steps.
        as_of: The first day.
        through: The last day.
        allocation: Where money goes that names no document.
    """
    found: list[tuple[date, Act]] = []
    records: list[DunningRecord] = []
    day = checked_day(as_of, "as_of")
    while day <= through:
        answer = dun(with_facts(ledger, records), policy=policy, as_of=day, allocation=allocation)
        if isinstance(answer, Act):
            found.append((day, answer))
            records.append(answer.done(on=day))
        day += ONE_DAY
    return tuple(found)
