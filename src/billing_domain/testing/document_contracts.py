"""Contracts of holds, of ways of stacking, and of ways in which money is allocated."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import HoldRule
from billing_domain.discounts import Bid, Stacking
from billing_domain.invoicing import DraftInvoice
from billing_domain.money import add_up, exact, minor_unit
from billing_domain.payments import Allocation, Allotment
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import allotments, bids, drafts


class HoldContract(PluginContract):
    """What a hold promises: yes or no for every draft.

    Example:
        >>> from billing_domain.billing import MinimumAmount
        >>> from billing_domain.money import Money
        >>> class TestMinimum(HoldContract):
        ...     plugin = MinimumAmount(Money("5.00", "EUR"))
        >>> TestMinimum().test_it_says_yes_or_no()
    """

    plugin: ClassVar[HoldRule]

    @staticmethod
    def ask(plugin: HoldRule, question: DraftInvoice) -> bool:
        """Ask whether the draft waits."""
        return plugin.holds(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[DraftInvoice]:
        """Return drafts of several amounts."""
        return drafts()

    @shared
    @given(st.data())
    def test_it_says_yes_or_no(self, data: st.DataObject) -> None:
        """Whether a draft waits is a bool."""
        assert isinstance(self.plugin.holds(self.draw(data)), bool), "return True or False"


class StackingContract(PluginContract):
    """What a way of stacking promises: some of the bids, each once, whatever the order in which they come.

    Example:
        >>> from billing_domain.discounts import Stack
        >>> class TestBestOf(StackingContract):
        ...     plugin = Stack.BEST_OF
        >>> TestBestOf().test_the_order_of_bids_changes_nothing()
    """

    plugin: ClassVar[Stacking]

    @staticmethod
    def ask(plugin: Stacking, question: Sequence[Bid]) -> list[Bid]:
        """Ask which bids apply."""
        return list(plugin.choose(question))

    @classmethod
    def questions(cls) -> st.SearchStrategy[tuple[Bid, ...]]:
        """Return discounts that compete, none among them."""
        return bids()

    def test_it_says_on_what_each_works(self) -> None:
        """Whether each works on what the ones before it left is told by the class, not by the bids."""
        assert isinstance(self.plugin.running, bool), "give the class `running`, True or False"

    @shared
    @given(st.data())
    def test_it_chooses_among_the_bids(self, data: st.DataObject) -> None:
        """What applies was bid, and applies once."""
        asked = self.draw(data)
        with exact():
            chosen = list(self.plugin.choose(asked))
        assert all([bid in asked for bid in chosen]), "return bids as they were given"
        assert len({bid.id for bid in chosen}) == len(chosen), "return each bid once"

    @shared
    @given(st.data())
    def test_the_order_of_bids_changes_nothing(self, data: st.DataObject) -> None:
        """Ties are broken by priority, code and id, never by the order in which discounts were given."""
        asked = self.draw(data)
        other = tuple(data.draw(st.permutations(asked)))
        one, two = self.sound(asked), self.sound(other)
        assert one is None or two is None or one == two, "the order of bids changes nothing"


class AllocationContract(PluginContract):
    """What a way of allocating money promises: no more than there is, no more than is open, in whole minor units.

    Example:
        >>> from billing_domain.payments import OldestDueFirst
        >>> class TestOldest(AllocationContract):
        ...     plugin = OldestDueFirst()
        >>> TestOldest().test_it_gives_out_no_more_than_there_is()
    """

    plugin: ClassVar[Allocation]

    @staticmethod
    def ask(plugin: Allocation, question: Allotment) -> dict[str, Decimal]:
        """Ask how much goes to which debt."""
        return dict(plugin.allot(question))

    @classmethod
    def questions(cls) -> st.SearchStrategy[Allotment]:
        """Return amounts of money with the debts that they may go to."""
        return allotments()

    @shared
    @given(st.data())
    def test_it_answers_by_number(self, data: st.DataObject) -> None:
        """Only debts that were given get something, as Decimals."""
        asked = self.draw(data)
        with exact():
            given_out = self.plugin.allot(asked)
        assert isinstance(given_out, Mapping), "return amounts by number"
        assert given_out.keys() <= {debt.number for debt in asked.debts}, "name debts that were given"
        assert all([isinstance(amount, Decimal) for amount in given_out.values()]), "amounts are Decimals, never floats"

    @shared
    @given(st.data())
    def test_it_gives_out_no_more_than_there_is(self, data: st.DataObject) -> None:
        """The amounts are not negative, and sum to at most what there is."""
        asked = self.draw(data)
        amounts = list((self.sound(asked) or {}).values())
        if all([isinstance(amount, Decimal) for amount in amounts]):
            assert all([amount >= 0 for amount in amounts]), "an amount is zero or more"
            assert add_up(amounts) <= asked.amount, "no more is given out than there is"

    @shared
    @given(st.data())
    def test_no_debt_gets_more_than_is_open(self, data: st.DataObject) -> None:
        """A debt is paid at most once."""
        asked = self.draw(data)
        open_of = {debt.number: debt.open for debt in asked.debts}
        for number, amount in (self.sound(asked) or {}).items():
            assert amount <= open_of.get(number, amount), "no debt gets more than is open"

    @shared
    @given(st.data())
    def test_it_gives_out_whole_minor_units(self, data: st.DataObject) -> None:
        """Money that is paid is never a part of a cent."""
        asked = self.draw(data)
        for amount in (self.sound(asked) or {}).values():
            assert not isinstance(amount, Decimal) or amount % minor_unit(asked.currency) == 0, "amounts are whole minor units"
