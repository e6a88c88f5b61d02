"""The contract of rules that say from which day another plan may begin."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.care import Switch, Switching
from billing_domain.catalog import RecurringCharge
from billing_domain.periods import Frequency
from billing_domain.subscriptions import Contract, Renewal, Subscription
from billing_domain.testing.builders import a_plan
from billing_domain.testing.plugin_contract import PluginContract, shared
from billing_domain.testing.strategies import currencies, days


@st.composite
def switches(draw: st.DrawFn) -> Switch:
    """Return changes of plan that are thought of: with and without a contract, after an earlier change, to dearer and cheaper plans."""
    start, currency = draw(days()), draw(currencies())
    plans = [a_plan([RecurringCharge("fee", "Monthly fee", draw(st.integers(0, 50)))], code=code, currency=currency) for code in "sml"]
    term = st.builds(Contract, st.just(start), st.sampled_from([Frequency.monthly(), Frequency.yearly()]), st.just(Renewal.SAME_TERM))
    subscription = Subscription.start(plans[0], id="S-1", on=start, quantity=draw(st.integers(1, 3)), contract=draw(st.none() | term))
    on = start + timedelta(days=draw(st.integers(1, 500)))
    if draw(st.booleans()):
        subscription = subscription.change_plan(plans[1], on=draw(st.dates(start, on - timedelta(days=1))))
    return Switch(subscription, plans[2], on)


class SwitchingContract(PluginContract):
    """What rules of switching promise: a day that is not before the one that was asked for, or None where the plan may not be had.

    Set `asked` to a strategy of `Switch` values between plans that the rules know.

    Example:
        >>> from billing_domain.care import SwitchRules
        >>> class TestRules(SwitchingContract):
        ...     plugin = SwitchRules(days_between=30)
        >>> TestRules().test_a_plan_begins_on_the_day_or_later()
    """

    plugin: ClassVar[Switching]
    asked: ClassVar[st.SearchStrategy[Switch]] = switches()

    @staticmethod
    def ask(plugin: Switching, question: Switch) -> Any:
        """Ask from which day the plan may begin."""
        return plugin.earliest(question)

    @shared
    @given(st.data())
    def test_it_answers_with_a_day_or_none(self, data: st.DataObject) -> None:
        """A day of the account, no instant and no text; None says that the customer may not have the plan."""
        day = self.ask(self.plugin, self.draw(data))
        assert day is None or (isinstance(day, date) and not isinstance(day, datetime)), "return a datetime.date, or None"

    @shared
    @given(st.data())
    def test_a_plan_begins_on_the_day_or_later(self, data: st.DataObject) -> None:
        """What is past is not changed by advice."""
        switch = self.draw(data)
        day = self.sound(switch)
        a_day = isinstance(day, date) and not isinstance(day, datetime)  # anything else is for the check above
        assert not a_day or day >= switch.on, "a plan does not begin before the day that was asked for"
