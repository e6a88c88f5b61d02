"""Contracts of propensity models, of policies that are replayed, and of targets for staffing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import AccountSnapshot
from billing_domain.discounts import Grant
from billing_domain.errors import BillingError
from billing_domain.money import exact
from billing_domain.retention import PropensityModel, ReplayedPolicy, Units
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import demands, snapshots, units
from billing_domain.waiting import Demand, Outlook, Target, predict


class PropensityModelContract(PluginContract):
    """What a propensity model promises: one probability for each unit, strictly between 0 and 1, in the order of the units.

    Example:
        >>> from billing_domain.retention import LogisticPropensity
        >>> class TestLogistic(PropensityModelContract):
        ...     plugin = LogisticPropensity()
        >>> TestLogistic().test_it_gives_probabilities()
    """

    plugin: ClassVar[PropensityModel]
    asked: ClassVar[st.SearchStrategy[Units]] = units()

    @staticmethod
    def ask(plugin: PropensityModel, question: Units) -> list[float]:
        """Ask for the probabilities."""
        return list(plugin.probabilities(question))

    @shared
    @given(st.data())
    def test_it_gives_probabilities(self, data: st.DataObject) -> None:
        """One for each unit, and neither 0 nor 1: nobody was sure to get an offer; or an error of the library that says why not."""
        asked = self.draw(data)
        try:
            answer = self.plugin.probabilities(asked)
        except BillingError:
            return
        assert isinstance(answer, Sequence), "return a sequence"
        assert len(answer) == len(asked.treated), "return one probability for each unit"
        assert all([0 < share < 1 for share in answer]), "a probability lies strictly between 0 and 1"


class Moment(NamedTuple):
    """What a replayed policy is asked about.

    Args:
        snapshot: The account.
        at: The instant of the decision.
    """

    snapshot: AccountSnapshot
    at: datetime


class ReplayedPolicyContract(PluginContract):
    """What a policy promises that is tried on the past: a grant or none, for every account.

    Example:
        >>> class Nobody:
        ...     def propose(self, snapshot, at):
        ...         return None
        >>> class TestNobody(ReplayedPolicyContract):
        ...     plugin = Nobody()
        >>> TestNobody().test_it_grants_or_not()
    """

    plugin: ClassVar[ReplayedPolicy]
    asked: ClassVar[st.SearchStrategy[Moment]] = st.builds(
        Moment, snapshots(), st.integers(3, 9).map(lambda month: datetime(2026, month, 15, 12, tzinfo=UTC))
    )

    @staticmethod
    def ask(plugin: ReplayedPolicy, question: Moment) -> Grant | None:
        """Ask for the grant."""
        return plugin.propose(question.snapshot, question.at)

    def test_its_code_has_a_namespace(self) -> None:
        """It is not stored, so it needs no code; where it has one, that is a text."""
        assert isinstance(getattr(self.plugin, "code", ""), str), "a code is a text"

    @shared
    @given(st.data())
    def test_it_grants_or_not(self, data: st.DataObject) -> None:
        """A grant, or None, and nothing raised."""
        with exact():
            answer: Any = self.ask(self.plugin, self.draw(data))
        assert answer is None or isinstance(answer, Grant), "return a Grant or None"


class TargetContract(PluginContract):
    """What a target for staffing promises: yes or no, and that more agents never turn a yes into a no.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import ServiceLevel
        >>> class TestEightyIn20(TargetContract):
        ...     plugin = ServiceLevel(80, timedelta(seconds=20))
        >>> TestEightyIn20().test_more_agents_never_miss_what_fewer_met()
    """

    plugin: ClassVar[Target]
    asked: ClassVar[st.SearchStrategy[Demand]] = demands()

    @staticmethod
    def ask(plugin: Target, question: Demand) -> list[bool]:
        """Ask for each number of agents, from the fewest that can keep up, whether the target is met."""
        fewest = int(question.load) + 1
        outlooks = [predict(question, agents=fewest + more) for more in range(0, 40, 4)]
        return [plugin.met(outlook) for outlook in outlooks if isinstance(outlook, Outlook)]

    def test_its_code_has_a_namespace(self) -> None:
        """It is not stored, so it needs no code; where it has one, that is a text."""
        assert isinstance(getattr(self.plugin, "code", ""), str), "a code is a text"

    @shared
    @given(st.data())
    def test_it_says_yes_or_no(self, data: st.DataObject) -> None:
        """Whether an outlook is good enough is a bool."""
        assert all([isinstance(answer, bool) for answer in self.ask(self.plugin, self.draw(data))]), "return True or False"

    @shared
    @given(st.data())
    def test_more_agents_never_miss_what_fewer_met(self, data: st.DataObject) -> None:
        """The fewest agents are found by halving, which only works if more are never worse."""
        met = self.sound(self.draw(data)) or []
        assert met == sorted(met, key=bool), "more agents never turn a met target into an unmet one"
