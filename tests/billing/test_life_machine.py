"""An account's life in any order of steps: runs, changes, late facts, credits, voids, reinstatements, openings."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from billing_domain.invoicing import EntryKind
from life import Life
from strategies import accounts, changes, consumption, cycle_changes, grants, plan_families, rulebooks, selling

places = st.integers(0, 30)


class AccountLife(RuleBasedStateMachine):
    """Whatever people and machines do to an account, its documents stay sound."""

    life: Life

    @initialize(data=st.data())
    def begin(self, data):
        """An account is opened."""
        account = data.draw(accounts())
        plans = data.draw(plan_families(account.currency, one_frequency=False))
        granted = [data.draw(grants(number, account.currency)) for number in range(data.draw(st.integers(0, 3)))]
        self.life = Life(account, plans, data.draw(rulebooks), offset=data.draw(st.integers(0, 40)), grants=granted)

    @rule(days=st.sampled_from([1, 7, 15, 28, 31, 92]))
    def wait(self, days):
        """Time passes."""
        self.life.wait(days)

    @rule(offset=st.integers(-5, 5))
    def run(self, offset):
        """The account is billed."""
        self.life.run(offset)

    @rule(which=places, permille=st.sampled_from([1, 15, 100, 333, 1000, 2500]))
    def surcharge(self, which, permille):
        """The host puts a charge on a line of what is billed next."""
        self.life.surcharge(which, permille)

    @rule(step=changes | cycle_changes | consumption | selling)
    def happen(self, step):
        """Something happens, in time or late."""
        self.life.do(step)

    @precondition(lambda self: self.life.snapshot.invoices)
    @rule(
        which=places,
        line=places,
        kind=st.sampled_from([EntryKind.CORRECTION, EntryKind.GOODWILL]),
        how=st.sampled_from(["net", "gross", "whole", "all"]),
        part=st.integers(1, 1000),
    )
    def credit(self, which, line, kind, how, part):
        """A person credits a line, some of it, or a whole invoice."""
        self.life.credit(which, line, kind, how, part)

    @precondition(lambda self: self.life.snapshot.invoices)
    @rule(which=places)
    def void(self, which):
        """An invoice is taken back."""
        self.life.void(which)

    @precondition(lambda self: self.life.snapshot.credit_notes)
    @rule(which=places)
    def reinstate(self, which):
        """A credit is taken back."""
        self.life.reinstate(which)

    @precondition(lambda self: self.life.snapshot.invoices)
    @rule(back=st.integers(0, 60))
    def close(self, back):
        """The books are closed up to a day."""
        self.life.opening(back)

    def teardown(self):
        """One more run ends the life."""
        if hasattr(self, "life"):
            self.life.wait(31)
            self.life.run()


TestAccountLife = AccountLife.TestCase
