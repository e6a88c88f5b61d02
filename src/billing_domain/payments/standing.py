"""What may be chased on a day: what is open, less what is held, arranged or under a flag."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.payments.arrangements import HoldFlag, InstalmentPlan, PromiseToPay
from billing_domain.payments.protocols import Ledger
from billing_domain.payments.replay import Replay
from billing_domain.periods.period import ONE_DAY

_subtract = CONTEXT.subtract


class Standing(NamedTuple):
    """One open document on a day, as collecting sees it.

    Args:
        number: The invoice's number.
        on: Its day of issue.
        due: The day on which it is due, changes included.
        open: What is open.
        held: What of that is disputed.
        planned: What of the rest is paid by instalments that are kept.
        promised: What of the rest was promised.
    """

    number: str
    on: date
    due: date
    open: Decimal
    held: Decimal
    planned: Decimal = ZERO
    promised: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What may be chased."""
        return _subtract(self.open, add_up((self.held, self.planned, self.promised)))


class Arrangements:
    """The arrangements of a ledger, asked day by day."""

    __slots__ = ("_replay", "flags", "plans", "promises")

    def __init__(self, ledger: Ledger, replay: Replay) -> None:
        known = [fact for fact in ledger.ledger if fact.on <= replay.as_of]
        self._replay = replay
        self.plans = [fact for fact in known if isinstance(fact, InstalmentPlan)]
        self.promises = [fact for fact in known if isinstance(fact, PromiseToPay)]
        self.flags = [fact for fact in known if isinstance(fact, HoldFlag)]

    def flag(self, day: date) -> HoldFlag | None:
        """Return a flag that stands on a day."""
        return next((flag for flag in self.flags if flag.stands(day)), None)

    def marks(self) -> list[date]:
        """Return the days on which what may be chased can change, in order; between two of them it stays as it is."""
        found = {changed for debt in self._replay.books.debts.values() for changed, _ in debt.history}
        found.update(day for holds in self._replay.holds.values() for hold in holds for day in (hold.since, hold.until) if day)
        found.update(day for flag in self.flags for day in (flag.on, flag.until) if day)
        found.update(day for promise in self.promises for day in (promise.on, promise.by + ONE_DAY))
        for plan in self.plans:
            found |= {plan.on, *(part.due + timedelta(days=plan.grace_days + 1) for part in plan.instalments)}
        found |= {change.on for changes in self._replay.dues.values() for change in changes}
        return sorted(found)

    def standings(self, day: date) -> list[Standing]:
        """Return the documents that are open at the end of a day, by due day and number."""
        found: dict[str, Standing] = {}
        for debt in self._replay.books.debts.values():
            opened = debt.open_on(day)
            if opened > 0:
                due, held = self._replay.due(debt.number, day), self._replay.held(debt, day, opened)
                found[debt.number] = Standing(debt.number, debt.invoice.on, due, opened, held)
        for plan in self.plans:
            if plan.on <= day and not self.broken(plan, day):
                found.update({n: found[n]._replace(planned=_subtract(found[n].open, found[n].held)) for n in plan.documents if n in found})
        for promise in self.promises:
            if promise.on <= day <= promise.by:
                self._promised(promise, day, found)
        return sorted(found.values(), key=lambda standing: (standing.due, standing.on, standing.number))

    def _promised(self, promise: PromiseToPay, day: date, found: dict[str, Standing]) -> None:
        before = promise.on - ONE_DAY
        covered = promise.documents or [n for n, debt in self._replay.books.debts.items() if debt.invoice.on <= promise.on]
        paid = max(_subtract(self.open_on(covered, before), self.open_on(covered, day)), ZERO)
        left = _subtract(promise.decimal_amount, paid)
        for standing in sorted(found.values(), key=lambda standing: (standing.due, standing.number)):
            part = min(left, standing.free)
            if standing.number in covered and part > 0:
                found[standing.number] = standing._replace(promised=CONTEXT.add(standing.promised, part))
                left = _subtract(left, part)

    def open_on(self, numbers: Iterable[str], day: date) -> Decimal:
        """Return what was open on documents at the end of a day, counting those issued since at their total."""
        debts = [self._replay.books.debts[number] for number in numbers if number in self._replay.books.debts]
        return add_up(debt.open_on(day) if debt.invoice.on <= day else debt.total for debt in debts)

    def broken(self, plan: InstalmentPlan, day: date) -> bool:
        """Say whether more is open than a plan allows at the end of a day."""
        return self.open_on(plan.documents, day) > allowed(plan, day)


def allowed(plan: InstalmentPlan, day: date) -> Decimal:
    """Return what may still be open under a plan at the end of a day: the instalments that are not demanded yet."""
    grace = timedelta(days=plan.grace_days)
    return add_up(instalment.decimal_amount for instalment in plan.instalments if instalment.due + grace >= day)
