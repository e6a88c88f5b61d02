"""Contract of benefits."""

from decimal import Decimal
from typing import ClassVar

import attrs
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.discounts import Base, Benefit, Proposal
from billing_domain.money import Money
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import bases


class BenefitContract(PluginContract):
    """What a benefit promises: an amount that is finite, not negative and in the document's currency, whatever the order of lines.

    Set `asked` to a strategy of bases with the charges that it knows.

    Example:
        >>> class TestHalfOf(BenefitContract):
        ...     plugin = ...                                  # HalfOf("base")
    """

    plugin: ClassVar[Benefit]
    asked: ClassVar[st.SearchStrategy[Base]] = bases()

    @shared
    @given(st.data())
    def test_it_proposes_and_is_pure(self, data: st.DataObject) -> None:
        """A proposal with a sound amount, the same each time."""
        base = data.draw(self.asked)
        answer = self.check_pure(lambda plugin, context: plugin.propose(context), base)
        assert isinstance(answer, Proposal), "return Proposal(amount)"
        amount = amount_in(answer, base)
        assert amount.is_finite(), "an amount is finite"
        assert amount >= 0, "a discount is not negative"
        assert not answer.lines or len(answer.lines) == len(base.lines), "lines, where given, are one amount for each line of the base"

    @shared
    @given(st.data())
    def test_the_order_of_lines_changes_nothing(self, data: st.DataObject) -> None:
        """A document is a set of lines."""
        base = data.draw(self.asked)
        turned = attrs.evolve(base, lines=tuple(data.draw(st.permutations(base.lines))))
        assert amount_in(self.plugin.propose(turned), turned) == amount_in(self.plugin.propose(base), base)

    def test_nothing_comes_of_nothing(self) -> None:
        """Without lines there is nothing to take off, and no error."""
        assert isinstance(self.plugin.propose(Base((), "EUR")), Proposal)


def amount_in(proposal: Proposal, base: Base) -> Decimal:
    """Return the amount of a proposal if it is in the base's currency."""
    if isinstance(proposal.amount, Money):
        assert proposal.amount.currency.code == base.currency, "the amount is in the document's currency"
        return proposal.amount.amount
    assert isinstance(proposal.amount, Decimal), "an amount is a Decimal or a Money, never a float"
    return proposal.amount
