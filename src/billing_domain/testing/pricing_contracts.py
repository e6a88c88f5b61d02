"""Contracts of price models, prorations and fees for leaving early."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import Measured, PriceModel, Working
from billing_domain.money import exact
from billing_domain.periods import Proration, Share, Stretch
from billing_domain.subscriptions import EarlyFee, Leaving
from billing_domain.tax import TaxClass
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import leavings, measured, quantities, stretches, tilings


class PriceModelContract(PluginContract):
    """What a price model promises.

    Subclass it in a test module and name the model; set `monotone` if more never costs less, and `properties` to the
    properties of usage records that it reads.

    Example:
        >>> from billing_domain.catalog import PerUnit
        >>> class TestPerUnit(PriceModelContract):
        ...     plugin = PerUnit("1.50")
        ...     monotone = True
        >>> TestPerUnit().test_more_never_costs_less()
    """

    plugin: ClassVar[PriceModel]
    properties: ClassVar[dict[str, list[str]]] = {}
    monotone: ClassVar[bool] = False

    @staticmethod
    def ask(plugin: PriceModel, question: Measured) -> Working:
        """Ask for the working."""
        return plugin.work_out(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[Measured]:
        """Return measured quantities, with the properties that it reads."""
        return measured(cls.properties)

    @shared
    @given(st.data())
    def test_it_answers_with_a_working(self, data: st.DataObject) -> None:
        """Each question gets steps with a finite sum that is not negative."""
        with exact():
            assert isinstance(self.plugin.work_out(self.draw(data)), Working), "return Working([Step(...)])"

    @shared
    @given(quantities(most=100), quantities(most=100))
    def test_more_never_costs_less(self, less: Decimal, more: Decimal) -> None:
        """Where the model says that it is monotone, a larger quantity costs at least as much."""
        if not self.monotone:
            pytest.skip("it promises nothing of the kind; say `monotone`")
        one, other = self.sound(Measured(less)), self.sound(Measured(less + more))
        assert not isinstance(one, Working) or not isinstance(other, Working) or one.total <= other.total, "more never costs less"


class ProrationContract(PluginContract):
    """What a proration promises: shares of stretches that make a period together sum to one.

    Example:
        >>> from billing_domain.periods import ActualDays
        >>> class TestActualDays(ProrationContract):
        ...     plugin = ActualDays()
        >>> TestActualDays().test_the_parts_of_a_period_make_one()
    """

    plugin: ClassVar[Proration]

    @staticmethod
    def ask(plugin: Proration, question: Stretch) -> Share:
        """Ask for the share."""
        return plugin.share(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[Stretch]:
        """Return parts of periods."""
        return stretches()

    @shared
    @given(tilings())
    def test_the_parts_of_a_period_make_one(self, parts: list[Stretch]) -> None:
        """However a period is cut, nothing is lost and nothing is charged twice."""
        with exact():
            shares = [self.plugin.share(part) for part in parts]
        for share in shares:
            assert type(share.part) is int, "a share is two whole numbers"
            assert type(share.of) is int, "a share is two whole numbers"
            assert 0 <= share.part <= share.of, "a share lies between nothing and all"
            assert share.of > 0, "a share has a whole"
        total = sum((Fraction(share.part, share.of) for share in shares), start=Fraction(0))
        assert total == 1, f"the parts of a period make one, not {total}"


class EarlyFeeContract(PluginContract):
    """What a fee for leaving early promises: a finite amount that is not negative, and a tax class.

    Attributes:
        falls: Whether leaving later never costs more, where the fee promises that.

    Example:
        >>> from billing_domain.money import Money
        >>> from billing_domain.subscriptions import FlatFee
        >>> class TestFlatFee(EarlyFeeContract):
        ...     plugin = FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD)
        ...     falls = True
        >>> TestFlatFee().test_leaving_later_never_costs_more()
    """

    plugin: ClassVar[EarlyFee]
    falls: ClassVar[bool] = False

    @staticmethod
    def ask(plugin: EarlyFee, question: Leaving) -> Decimal:
        """Ask for the fee."""
        return plugin.fee(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[Leaving]:
        """Return terms that are cut short."""
        return leavings()

    def test_it_says_what_it_is_to_the_tax_table(self) -> None:
        """A penalty and a price are taxed differently, so there is no default."""
        assert isinstance(self.plugin.tax, TaxClass), "give the class a `tax`, a TaxClass"

    @shared
    @given(st.data())
    def test_it_answers_with_an_amount(self, data: st.DataObject) -> None:
        """A fee is a finite Decimal of zero or more."""
        with exact():
            fee = self.plugin.fee(self.draw(data))
        assert isinstance(fee, Decimal), "a fee is a Decimal, never a float"
        assert fee.is_finite(), "a fee is finite"
        assert fee >= 0, "a fee is not negative"

    @shared
    @given(leavings(), st.data())
    def test_leaving_later_never_costs_more(self, leaving: Leaving, data: st.DataObject) -> None:
        """Where the fee says that it falls, less of the term costs at most as much."""
        if not self.falls:
            pytest.skip("it promises nothing of the kind; say `falls`")
        later = data.draw(st.dates(leaving.on, leaving.term.end))
        one, other = self.sound(leaving), self.sound(Leaving(later, leaving.term, leaving.currency, leaving.monthly))
        assert one is None or other is None or other <= one, "leaving later never costs more"
