"""Contracts of price models and prorations."""

from fractions import Fraction
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import Measured, PriceModel, Working
from billing_domain.periods import Proration, Stretch
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import measured, quantities, tilings


class PriceModelContract(PluginContract):
    """What a price model promises.

    Subclass it in a test module and name the model; set `monotone` if more never costs less, and `properties` to the
    properties of usage records that it reads.

    Example:
        >>> class TestDayAndNight(PriceModelContract):
        ...     plugin = ...                                  # DayAndNight("0.12", "0.08")
        ...     properties = {"tariff": ["day", "night"]}
    """

    plugin: ClassVar[PriceModel]
    properties: ClassVar[dict[str, list[str]]] = {}
    monotone: ClassVar[bool] = False

    @shared
    @given(st.data())
    def test_it_answers_with_a_working_and_is_pure(self, data: st.DataObject) -> None:
        """Each question gets steps with a finite sum that is not negative, and always the same."""
        asked = data.draw(measured(self.properties))
        answer = self.check_pure(lambda plugin, context: plugin.work_out(context), asked)
        assert isinstance(answer, Working), "return Working([Step(...)])"

    @shared
    @given(st.data())
    def test_more_never_costs_less(self, data: st.DataObject) -> None:
        """Where the model says that it is monotone, a larger quantity costs at least as much."""
        if not self.monotone:
            return
        one = data.draw(quantities(most=100))
        two = one + data.draw(quantities(most=100))
        assert self.plugin.work_out(Measured(one)).total <= self.plugin.work_out(Measured(two)).total


class ProrationContract(PluginContract):
    """What a proration promises: shares of stretches that make a period together sum to one.

    Example:
        >>> class TestWorkingDays(ProrationContract):
        ...     plugin = ...                                  # WorkingDays()
    """

    plugin: ClassVar[Proration]

    @shared
    @given(tilings())
    def test_the_parts_of_a_period_make_one(self, parts: list[Stretch]) -> None:
        """However a period is cut, nothing is lost and nothing is charged twice."""
        shares = [self.check_pure(lambda plugin, context: plugin.share(context), part) for part in parts]
        for share in shares:
            assert type(share.part) is int, "a share is two whole numbers"
            assert type(share.of) is int, "a share is two whole numbers"
            assert 0 <= share.part <= share.of, "a share lies between nothing and all"
            assert share.of > 0, "a share has a whole"
        total = sum((Fraction(share.part, share.of) for share in shares), start=Fraction(0))
        assert total == 1, f"the parts of a period make one, not {total}"
