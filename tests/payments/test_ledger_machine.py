"""A ledger played step by step, with disputes standing in as held amounts, and dunning asked at every turn."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from billing_domain.payments import (
    Act,
    DunningAction,
    DunningPolicy,
    DunningStep,
    FlagKind,
    HoldFlag,
    PromiseToPay,
    dun,
    instalments,
    statement,
)
from desk import Desk, check, eur, steps, sums

POLICY = DunningPolicy(
    "household",
    1,
    [DunningStep(3, DunningAction.REMIND), DunningStep(14, DunningAction.FEE, fee=eur("2.00")), DunningStep(30, DunningAction.SUSPEND)],
    minimum=eur("1.00"),
)


class Ledger(RuleBasedStateMachine):
    """Invoices, payments, credits, holds and arrangements come in any order."""

    def __init__(self):
        super().__init__()
        self.desk = Desk()

    @rule(step=steps)
    def something_happens(self, step):
        """A fact becomes known, or is refused and leaves nothing behind."""
        self.desk.do(step)

    @rule(amount=sums, days=st.integers(0, 20))
    def promise(self, amount, days):
        """The customer promises to pay."""
        fact = PromiseToPay(self.desk.name("T"), eur(amount), self.desk.today, self.desk.today + timedelta(days=days))
        self.desk.snapshot = self.desk.snapshot.add(fact)

    @rule(parts=st.integers(1, 4), ahead=st.integers(0, 10))
    def agree(self, parts, ahead):
        """What is open is paid by instalments."""
        first = self.desk.today + timedelta(days=ahead)
        numbers = [item.number for item in self.desk.now().items if item.collectable * 100 >= parts][:2]
        if numbers:
            plan = instalments(self.desk.snapshot, numbers, id=self.desk.name("N"), on=self.desk.today, first=first, parts=parts)
            assert plan.total_amount == sum(self.desk.now().item(number).collectable for number in numbers)
            self.desk.snapshot = self.desk.snapshot.add(plan)

    @rule(days=st.integers(1, 10))
    def flag(self, days):
        """The customer is vulnerable for a while."""
        fact = HoldFlag(self.desk.name("H"), FlagKind.VULNERABLE, self.desk.today, self.desk.today + timedelta(days=days))
        self.desk.snapshot = self.desk.snapshot.add(fact)

    @rule()
    def chase(self):
        """Collecting does what is due."""
        answer = dun(self.desk.snapshot, policy=POLICY, as_of=self.desk.today)
        if isinstance(answer, Act):
            self.desk.snapshot = self.desk.snapshot.add(answer.done(on=self.desk.today))
            assert not isinstance(dun(self.desk.snapshot, policy=POLICY, as_of=self.desk.today), Act)

    @invariant()
    def nothing_is_lost(self):
        """Every sum of the ledger holds."""
        check(self.desk)

    @invariant()
    def the_statement_adds_up(self):
        """Entries make the balance, and ages make what is open."""
        found = statement(self.desk.snapshot, as_of=self.desk.today)
        assert sum(entry.decimal_amount for entry in found.entries) == found.balance.amount
        assert found.held + found.collectable == found.open

    @invariant()
    def dunning_acts_on_free_overdue_debt_alone(self):
        """What is chased is overdue, open, undisputed and under no flag."""
        answer = dun(self.desk.snapshot, policy=POLICY, as_of=self.desk.today)
        if isinstance(answer, Act):
            items = [self.desk.now().item(number) for number in answer.documents]
            assert all(item.due < self.desk.today and item.collectable > 0 for item in items)
            assert 1 <= answer.amount.amount <= sum(item.collectable for item in items)
            assert not any(isinstance(fact, HoldFlag) and fact.stands(self.desk.today) for fact in self.desk.snapshot.ledger)


TestLedger = Ledger.TestCase
