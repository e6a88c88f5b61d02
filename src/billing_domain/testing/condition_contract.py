"""Contract of conditions."""

from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import Condition, Fact, Facts, Finding, Outcome, observe
from billing_domain.testing.plugin_contract import PluginContract, kept, shared
from billing_domain.testing.policy_cases import forgotten
from billing_domain.testing.reading import anchors_of, known_facts


class ConditionContract(PluginContract):
    """What a condition promises: three answers, agreement of outcome and finding, and that knowing less never turns an answer round.

    The facts that it reads are found by themselves; name those whose values matter, each with a strategy.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS, condition
        >>> @condition("acme:loyal")
        ... def loyal(facts: Facts) -> bool:
        ...     return facts[TENURE_MONTHS] >= 24
        >>> class TestLoyal(ConditionContract):
        ...     plugin = loyal
        ...     facts = {TENURE_MONTHS: st.integers(0, 600)}
        >>> TestLoyal().test_knowing_less_never_turns_an_answer_round()
    """

    plugin: ClassVar[Condition]
    facts: ClassVar[dict[Fact[Any], st.SearchStrategy[Any]]] = {}

    @staticmethod
    def ask(plugin: Condition, question: Facts) -> Outcome:
        """Ask for the outcome, as the engine does: a missing fact makes it UNKNOWN."""
        return observe(plugin, question).outcome

    @classmethod
    def questions(cls) -> st.SearchStrategy[Facts]:
        """Return facts, some of them missing."""
        anchors = anchors_of(cls.plugin)
        gone = forgotten({*anchors, *cls.facts})
        return st.builds(_without, known_facts(anchors, cls.facts), gone)

    @shared
    @given(st.data())
    def test_it_answers(self, data: st.DataObject) -> None:
        """An outcome, and nothing raised but the absence of a fact."""
        assert isinstance(self.ask(self.plugin, self.draw(data)), Outcome), "outcome returns MET, UNMET or UNKNOWN"

    @shared
    @given(st.data())
    def test_it_explains_itself(self, data: st.DataObject) -> None:
        """The finding agrees with the outcome, and names the facts that are missing where it is unknown."""
        facts = self.draw(data)
        if (outcome := self.sound(facts)) is None:
            return
        finding = self.plugin.finding(facts)
        assert isinstance(finding, Finding), "finding returns a Finding"
        assert finding.outcome is outcome, "outcome and finding agree"
        if outcome is Outcome.UNKNOWN:
            assert finding.missing, "an unknown answer names the facts that are missing"

    @shared
    @given(st.data())
    def test_knowing_less_never_turns_an_answer_round(self, data: st.DataObject) -> None:
        """Without a fact the answer stays, or becomes unknown; what is unknown never grants."""
        known = self.draw(data)
        gone = kept(type(self), "_kept_forgotten", lambda: forgotten({*anchors_of(self.plugin), *self.facts}, least=1))
        less = known.without(*data.draw(gone))
        before, after = self.sound(known), self.sound(less)
        if before is not None and after is not None:
            assert after in {before, Outcome.UNKNOWN}, "a missing fact makes an answer unknown, never another one"


def _without(known: Facts, gone: frozenset[Fact[Any]]) -> Facts:
    return known.without(*gone)
