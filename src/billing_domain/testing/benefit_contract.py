"""Contract of benefits."""

from typing import ClassVar

import attrs
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.discounts import Base, Benefit, Proposal
from billing_domain.money import exact
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.policy_cases import charges_of, monies_in, plain_benefit
from billing_domain.testing.proposal_checks import check_answer, check_bounds, check_currency, check_exact, check_order, turned
from billing_domain.testing.reading import anchors_of, known_facts
from billing_domain.testing.strategies import bases


class BenefitContract(PluginContract):
    """What a benefit promises: an amount that is finite, not negative and in the document's currency, whatever the order of lines.

    The charges that it names and the facts that it reads are found by themselves; set `asked` to a strategy of bases for others.

    Example:
        >>> from billing_domain.discounts import Percent
        >>> class TestTen(BenefitContract):
        ...     plugin = Percent(10)
        >>> TestTen().test_it_is_exact()
    """

    plugin: ClassVar[Benefit]

    @staticmethod
    def ask(plugin: Benefit, question: Base) -> Proposal:
        """Ask for a proposal."""
        return plugin.propose(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[Base]:
        """Return documents with the charges that it names, and the facts that it reads."""
        if cls.asked is not PluginContract.asked:
            return cls.asked
        anchors = anchors_of(None, lambda facts: cls.plugin.propose(attrs.evolve(Base(currency="EUR"), facts=facts)))
        return bases(charges=charges_of(cls.plugin), facts=known_facts(anchors, {}))

    @shared
    @given(st.data())
    def test_it_proposes_on_every_document(self, data: st.DataObject) -> None:
        """A proposal, and nothing raised, also where there are no lines or a fact is missing."""
        base = data.draw(st.one_of(self.questions(), st.sampled_from([Base(currency="EUR"), Base()])))
        with exact():
            check_answer(self.plugin.propose(base))

    @shared
    @given(st.data())
    def test_it_takes_nothing_or_more(self, data: st.DataObject) -> None:
        """An amount is finite and not negative."""
        if (proposal := self.sound(self.draw(data))) is not None:
            check_bounds(proposal)

    @shared
    @given(st.data())
    def test_it_keeps_to_the_currency(self, data: st.DataObject) -> None:
        """An amount is in the document's currency; what is held in another one takes nothing off."""
        base = self.draw(data)
        if (proposal := self.sound(base)) is not None:
            check_currency(proposal, base, monies_in(plain_benefit(self.plugin)))

    @shared
    @given(st.data())
    def test_it_is_exact(self, data: st.DataObject) -> None:
        """Decimals, and lines that sum to the amount."""
        base = self.draw(data)
        if (proposal := self.sound(base)) is not None:
            check_exact(proposal, base)

    @shared
    @given(st.data())
    def test_the_order_of_lines_changes_nothing(self, data: st.DataObject) -> None:
        """A document is a set of lines."""
        base = self.draw(data)
        places = data.draw(st.permutations(range(len(base.lines))))
        one, other = self.sound(base), self.sound(turned(base, places))
        if one is not None and other is not None:
            check_order(one, other, places)
