"""The contract classes pass sound plugins, and each broken one fails exactly the check that is meant for it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import define, frozen
from hypothesis import strategies as st

from billing_domain.catalog import Measured, Step, Working
from billing_domain.conditions import TENURE_MONTHS, Facts, Outcome, condition, observe
from billing_domain.discounts import Base, Proposal
from billing_domain.errors import MissingRateError
from billing_domain.money import Money
from billing_domain.periods import Share, Stretch
from billing_domain.tax import Supply, TaxCategory, TaxTreatment
from billing_domain.testing import (
    BenefitContract,
    ConditionContract,
    PriceModelContract,
    ProrationContract,
    TaxPolicyContract,
)

# ------------------------------------------------------------------------------------------------------ sound plugins


@frozen
class DayAndNight:
    """One price by day, another by night."""

    code = "acme:day-night"
    day: Decimal
    night: Decimal

    def work_out(self, measured: Measured) -> Working:
        """Return a step for each tariff."""
        return Working([Step("day", measured.where(tariff="day"), self.day), Step("night", measured.where(tariff="night"), self.night)])


@frozen
class Weighted:
    """Days count as they are."""

    code = "acme:weighted"

    def share(self, stretch: Stretch) -> Share:
        """Return days over days."""
        return Share(stretch.part.days, of=stretch.whole.days)


@frozen
class AtHome:
    """Consumers at home pay 21 %, others are refused."""

    code = "acme:home"

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return the standard rate, or refuse."""
        if supply.buyer_country != "LT":
            raise MissingRateError(supply.buyer_country, "only customers at home are taxed here", "use another policy")
        return TaxTreatment(TaxCategory.STANDARD, "21")


@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    """Say whether the customer has been here for two years."""
    return facts[TENURE_MONTHS] >= 24


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Return half of the charge, exactly."""
        return Proposal(base.charge(self.charge) * Decimal("0.5"))


class TestDayAndNight(PriceModelContract):
    """A sound price model that reads a property."""

    plugin = DayAndNight(Decimal("0.12"), Decimal("0.08"))
    properties = {"tariff": ["day", "night"]}  # noqa: RUF012


class TestWeighted(ProrationContract):
    """A sound proration."""

    plugin = Weighted()


class TestAtHome(TaxPolicyContract):
    """A sound tax policy that refuses with a typed error."""

    plugin = AtHome()


class TestLoyal(ConditionContract):
    """A sound condition."""

    plugin = loyal
    facts = {TENURE_MONTHS: st.integers(0, 600)}  # noqa: RUF012


class TestHalfOf(BenefitContract):
    """A sound benefit."""

    plugin = HalfOf("base")


# ----------------------------------------------------------------------------------------------------- broken plugins


@frozen
class Negative:
    """Proposes less than nothing."""

    code = "acme:negative"

    def propose(self, base: Base) -> Proposal:
        """Return a surcharge."""
        return Proposal(Decimal(-1))


@frozen
class NotANumber:
    """Proposes what is no number."""

    code = "acme:nan"

    def propose(self, base: Base) -> Proposal:
        """Return infinity."""
        return Proposal(Decimal("Infinity"))


@frozen
class Floating:
    """Proposes a float."""

    code = "acme:float"

    def propose(self, base: Base) -> Proposal:
        """Return a float."""
        return Proposal(0.5)  # type: ignore[arg-type]


@frozen
class Foreign:
    """Proposes dollars."""

    code = "acme:dollars"

    def propose(self, base: Base) -> Proposal:
        """Return a dollar."""
        return Proposal(Money("1.00", "USD"))


@frozen
class FirstLine:
    """Depends on the order of lines."""

    code = "acme:first"

    def propose(self, base: Base) -> Proposal:
        """Return the first line's amount."""
        return Proposal(base.lines[0].amount if base.lines else Decimal(0))


@frozen
class Crashing:
    """Raises where there are no lines."""

    code = "acme:crashing"

    def propose(self, base: Base) -> Proposal:
        """Return the average."""
        return Proposal(base.total // len(base.lines) if base.lines or len(base.lines) else 1 // 0)


_CALLS: list[int] = []


@frozen
class Forgetful:
    """Answers otherwise the second time."""

    code = "acme:forgetful"

    def propose(self, base: Base) -> Proposal:
        """Return how often it was asked."""
        _CALLS.append(1)
        return Proposal(Decimal(len(_CALLS)))


@define
class Loose:
    """Can be changed."""

    code = "acme:loose"
    amount: int = 1

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        return Proposal(Decimal(0))


@frozen
class Unnamed:
    """Its code has no namespace."""

    code = "unnamed"

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        return Proposal(Decimal(0))


@frozen
class Rounded:
    """Rounds days to weeks, so that parts do not make one."""

    code = "acme:weeks"

    def share(self, stretch: Stretch) -> Share:
        """Return weeks over weeks."""
        return Share(stretch.part.days // 7, of=max(1, stretch.whole.days // 7))


@frozen
class Amount:
    """Returns an amount where a working is asked for."""

    code = "acme:amount"

    def work_out(self, measured: Measured) -> Working:
        """Return a number."""
        return measured.quantity  # type: ignore[return-value]


@frozen
class Falling:
    """Costs less the more there is, though it says that it is monotone."""

    code = "acme:falling"

    def work_out(self, measured: Measured) -> Working:
        """Return one step."""
        return Working([Step("rest", Decimal(1), max(Decimal(1_000_000) - measured.quantity, Decimal(0)))])


@frozen
class Hopeful:
    """Grants what is not known."""

    code = "acme:hopeful"

    def outcome(self, facts: Facts) -> Outcome:
        """Return MET where nothing is known."""
        return Outcome.MET if TENURE_MONTHS not in facts or facts[TENURE_MONTHS] > 12 else Outcome.UNMET

    def finding(self, facts: Facts) -> Any:
        """Return the outcome with its reasons."""
        return observe(self, facts)


@frozen
class Untyped:
    """Raises what is no error of the library."""

    code = "acme:untyped"

    def treat(self, supply: Supply) -> TaxTreatment:
        """Raise."""
        raise KeyError(supply.buyer_country)


def failing(contract: type, plugin: object, **more: object) -> list[str]:
    """Return the checks of a contract that a plugin fails."""
    subject = type("Subject", (contract,), {"plugin": plugin, **more})
    checks = [name for name in dir(subject) if name.startswith("test_")]
    return [name for name in checks if _fails(getattr(subject(), name))]


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001  whatever a broken plugin does is a failure
        return True
    return False


PURE = "test_it_proposes_and_is_pure"


class TestBrokenPlugins:
    """Each is broken in one way and fails one check."""

    @pytest.mark.parametrize(
        ("contract", "plugin", "more", "failed"),
        [
            (BenefitContract, Negative(), {}, [PURE]),
            (BenefitContract, NotANumber(), {}, [PURE]),
            (BenefitContract, FirstLine(), {}, ["test_the_order_of_lines_changes_nothing"]),
            (BenefitContract, Loose(), {}, ["test_it_can_not_be_changed"]),
            (BenefitContract, Unnamed(), {}, ["test_its_code_has_a_namespace"]),
            (ProrationContract, Rounded(), {}, ["test_the_parts_of_a_period_make_one"]),
            (PriceModelContract, Amount(), {}, ["test_it_answers_with_a_working_and_is_pure"]),
            (PriceModelContract, Falling(), {"monotone": True}, ["test_more_never_costs_less"]),
            (
                ConditionContract,
                Hopeful(),
                {"facts": {TENURE_MONTHS: st.integers(0, 24)}},
                ["test_knowing_less_never_turns_an_answer_round"],
            ),
            (TaxPolicyContract, Untyped(), {}, ["test_it_treats_or_refuses"]),
        ],
    )
    def test_fails_its_check(self, contract: type, plugin: object, more: dict[str, object], failed: list[str]) -> None:
        """Nothing else fails beside it."""
        assert failing(contract, plugin, **more) == failed

    @pytest.mark.parametrize("plugin", [Floating(), Foreign(), Forgetful()])
    def test_some_fail_in_two_ways(self, plugin: object) -> None:
        """A wrong kind of amount shows wherever amounts are compared."""
        assert PURE in failing(BenefitContract, plugin)

    def test_raising_without_lines_is_seen(self) -> None:
        """A document may have no line that a benefit covers."""
        assert "test_nothing_comes_of_nothing" in failing(BenefitContract, Crashing())

    def test_sound_ones_fail_nothing(self) -> None:
        """The same checks pass a sound plugin of each sort."""
        assert failing(BenefitContract, HalfOf("base")) == []
        assert failing(ProrationContract, Weighted()) == []
        assert sum((Fraction(1, 3) for _ in range(3)), start=Fraction(0)) == 1
