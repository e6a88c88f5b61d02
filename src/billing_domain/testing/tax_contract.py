"""Contracts of tax policies and of rules for the tax point."""

from datetime import date, datetime
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import Served, TaxPointRule
from billing_domain.errors import BillingError
from billing_domain.money import exact
from billing_domain.tax import Supply, TaxPolicy, TaxTreatment
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import served, supplies

EVENTS = frozenset({"", "3", "35", "432"})


class TaxPolicyContract(PluginContract):
    """What a tax policy promises: each supply gets a treatment or a typed refusal, and always the same.

    Set `asked` to a strategy of the supplies that it is meant for.

    Example:
        >>> from billing_domain import presets
        >>> class TestLithuania(TaxPolicyContract):
        ...     plugin = presets.LT_VAT
        >>> TestLithuania().test_it_treats_or_refuses()
    """

    plugin: ClassVar[TaxPolicy]
    asked: ClassVar[st.SearchStrategy[Supply]] = supplies()

    @staticmethod
    def ask(plugin: TaxPolicy, question: Supply) -> TaxTreatment:
        """Ask for the treatment."""
        return plugin.treat(question)

    @shared
    @given(st.data())
    def test_it_treats_or_refuses(self, data: st.DataObject) -> None:
        """A treatment, or an error of the library that names what is missing; nothing else comes out."""
        supply = self.draw(data)
        try:
            with exact():
                answer = self.plugin.treat(supply)
        except BillingError:
            return
        assert isinstance(answer, TaxTreatment), "return TaxTreatment(category, rate)"


class TaxPointContract(PluginContract):
    """What a rule for the tax point promises: a day, and the same day for a line that is billed already.

    Example:
        >>> from billing_domain.billing import AtPeriodEnd
        >>> class TestAtPeriodEnd(TaxPointContract):
        ...     plugin = AtPeriodEnd()
        >>> TestAtPeriodEnd().test_a_billed_line_keeps_its_tax_point()
    """

    plugin: ClassVar[TaxPointRule]
    asked: ClassVar[st.SearchStrategy[Served]] = served()

    @staticmethod
    def ask(plugin: TaxPointRule, question: Served) -> date:
        """Ask for the tax point."""
        return plugin.tax_point(question)

    def test_its_event_is_one_that_documents_know(self) -> None:
        """A rule that leaves the day open says which event makes tax due (`EN 16931` BT-8)."""
        assert getattr(self.plugin, "event_code", "") in EVENTS, "an event is 3 (issue), 35 (delivery), 432 (payment), or empty"

    @shared
    @given(st.data())
    def test_it_answers_with_a_day(self, data: st.DataObject) -> None:
        """A tax point is a day without a time."""
        day = self.plugin.tax_point(self.draw(data))
        assert isinstance(day, date), "return a date"
        assert not isinstance(day, datetime), "return a date without a time"

    @shared
    @given(st.data())
    def test_a_billed_line_keeps_its_tax_point(self, data: st.DataObject) -> None:
        """Asked about a line with its own tax point as the day of issue, it answers that day: else each run would bill it anew."""
        asked = self.draw(data)
        if (day := self.sound(asked)) is not None:
            assert self.answer(self.plugin, asked._replace(issued=day)) == day, "a billed line keeps its tax point"
