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
        grace: What of the rest a decision left owed a short while ago.
    """

    number: str
    on: date
    due: date
    open: Decimal
    held: Decimal
    planned: Decimal = ZERO
    promised: Decimal = ZERO
    grace: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What may be chased."""
        return _subtract(self.open, add_up((self.held, self.planned, self.promised, self.grace)))

    def with_part(self, part: Decimal, *, planned: bool) -> "Standing":
        """Return it with so much more of it planned or promised."""
        if planned:
            return self._replace(planned=CONTEXT.add(self.planned, part))
        return self._replace(promised=CONTEXT.add(self.promised, part))


class Arrangements:
    """The arrangements of a ledger, asked day by day."""

    __slots__ = ("_debts", "_replay", "flags", "plans", "promises")

    def __init__(self, ledger: Ledger, replay: Replay) -> None:
        known = [fact for fact in ledger.ledger if fact.on <= replay.as_of]
        self._replay = replay
        self._debts = replay.books.debts
        self.plans = [fact for fact in known if isinstance(fact, InstalmentPlan)]
        self.promises = [fact for fact in known if isinstance(fact, PromiseToPay)]
        self.flags = [fact for fact in known if isinstance(fact, HoldFlag)]

    def flag(self, day: date) -> HoldFlag | None:
        """Return a flag that stands on a day."""
        return next((flag for flag in self.flags if flag.stands(day)), None)

    def marks(self) -> list[date]:
        """Return the days on which what may be chased can change, in order; between two of them it stays as it is."""
        found = {changed for debt in self._debts.values() for changed, _, _ in debt.history}
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
        for debt in self._debts.values():
            opened, _ = debt.on(day)
            if opened > 0:
                due, held = self._replay.due(debt.number, day), self._replay.held(debt, day, opened)
                grace = self._replay.graced(debt, day, _subtract(opened, held))
                found[debt.number] = Standing(debt.number, debt.invoice.on, due, opened, held, grace=grace)
        for plan in self.plans:
            left = self.left(plan, day)
            if plan.on <= day and left <= allowed(plan, day):
                self._arrange(found, plan.documents, left, planned=True)
        for promise in self.promises:
            if promise.on <= day <= promise.by:
                covered = promise.documents or [n for n, debt in self._debts.items() if debt.invoice.on <= promise.on]
                self._arrange(found, covered, _subtract(promise.decimal_amount, self.paid_since(covered, promise.on, day)), planned=False)
        return _in_order(found)

    @staticmethod
    def _arrange(found: dict[str, Standing], covered: Iterable[str], left: Decimal, *, planned: bool) -> None:
        """Set an arranged amount aside on the documents that it covers, the oldest due first."""
        names = set(covered)
        for standing in _in_order(found):
            part = min(left, standing.free)
            if standing.number in names and part > 0:
                found[standing.number] = standing.with_part(part, planned=planned)
                left = _subtract(left, part)

    def paid_since(self, numbers: Iterable[str], since: date, day: date) -> Decimal:
        """Return what payments and credits paid on documents after one day until the end of another."""
        debts = [self._debts[number] for number in numbers if number in self._debts]
        paid = _subtract(add_up(debt.on(day)[1] for debt in debts), add_up(debt.on(since)[1] for debt in debts))
        return max(paid, ZERO)

    def left(self, plan: InstalmentPlan, day: date) -> Decimal:
        """Return what of a plan is still to be paid: no more than its documents have open and undisputed."""
        unpaid = _subtract(plan.total_amount, self.paid_since(plan.documents, plan.on, day))
        debts = [self._debts[number] for number in plan.documents if number in self._debts]
        opened = [(debt, debt.on(day)[0]) for debt in debts]
        collectable = add_up(_subtract(amount, self._replay.held(debt, day, amount)) for debt, amount in opened)
        return max(min(unpaid, collectable), ZERO)


def _in_order(found: dict[str, Standing]) -> list[Standing]:
    return sorted(found.values(), key=lambda standing: (standing.due, standing.on, standing.number))


def allowed(plan: InstalmentPlan, day: date) -> Decimal:
    """Return what may still be open under a plan at the end of a day: the instalments that are not demanded yet."""
    grace = timedelta(days=plan.grace_days)
    return add_up(instalment.decimal_amount for instalment in plan.instalments if instalment.due + grace >= day)
