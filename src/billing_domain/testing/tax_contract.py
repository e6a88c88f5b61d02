"""Contract of tax policies."""

from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import BillingError
from billing_domain.tax import Supply, TaxPolicy, TaxTreatment
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import supplies


class TaxPolicyContract(PluginContract):
    """What a tax policy promises: each supply gets a treatment or a typed refusal, and always the same.

    Set `asked` to a strategy of the supplies that it is meant for.

    Example:
        >>> class TestOneStopShop(TaxPolicyContract):
        ...     plugin = ...                                  # OneStopShop(rates)
    """

    plugin: ClassVar[TaxPolicy]
    asked: ClassVar[st.SearchStrategy[Supply]] = supplies()

    @shared
    @given(st.data())
    def test_it_treats_or_refuses(self, data: st.DataObject) -> None:
        """A treatment, or an error of the library that names what is missing; nothing else comes out."""
        supply = data.draw(self.asked)
        try:
            answer = self.check_pure(lambda plugin, context: plugin.treat(context), supply)
        except BillingError:
            return
        assert isinstance(answer, TaxTreatment), "return TaxTreatment(category, rate)"
