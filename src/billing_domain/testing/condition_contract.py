"""Contract of conditions."""

from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import Condition, Fact, Facts, Finding, Outcome
from billing_domain.testing.plugin_contract import PluginContract, shared


class ConditionContract(PluginContract):
    """What a condition promises: three answers, agreement of outcome and finding, and that knowing less never turns an answer round.

    Name the facts that it reads, each with a strategy of its values.

    Example:
        >>> class TestLoyal(ConditionContract):
        ...     plugin = ...                                  # loyal
        ...     facts = {}                                    # {TENURE_MONTHS: st.integers(0, 600)}
    """

    plugin: ClassVar[Condition]
    facts: ClassVar[dict[Fact[Any], st.SearchStrategy[Any]]] = {}

    @shared
    @given(st.data())
    def test_it_answers_and_is_pure(self, data: st.DataObject) -> None:
        """An outcome, the same each time, and the finding agrees with it."""
        known = Facts({fact: data.draw(values) for fact, values in self.facts.items()})
        answer = self.check_pure(lambda plugin, context: plugin.outcome(context), known)
        assert isinstance(answer, Outcome), "outcome returns MET, UNMET or UNKNOWN"
        finding = self.plugin.finding(known)
        assert isinstance(finding, Finding), "finding returns a Finding"
        assert finding.outcome is answer, "outcome and finding agree"

    @shared
    @given(st.data())
    def test_knowing_less_never_turns_an_answer_round(self, data: st.DataObject) -> None:
        """Without a fact the answer stays, or becomes unknown; what is unknown never grants."""
        known = Facts({fact: data.draw(values) for fact, values in self.facts.items()})
        less = known.without(*data.draw(st.sets(st.sampled_from(list(self.facts)))) if self.facts else ())
        answer = self.plugin.outcome(less)
        assert answer in {self.plugin.outcome(known), Outcome.UNKNOWN}, "a missing fact makes an answer unknown, never another one"
        if answer is Outcome.UNKNOWN:
            assert self.plugin.finding(less).missing, "an unknown answer names the facts that are missing"
