"""The registry checks plugins when they are added, and tells all faults at once."""

import importlib
import json
import pkgutil
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import EntryPoint

import pytest
from attrs import frozen

import billing_domain
from billing_domain import plugins
from billing_domain.catalog import Flat
from billing_domain.conditions import TENURE_MONTHS, Fact, Facts, Finding, Outcome, condition, load_condition, observe
from billing_domain.errors import LoadError, UnknownReferenceError
from billing_domain.plugins import (
    BENEFITS,
    KINDS,
    PRICE_MODELS,
    Base,
    Benefit,
    Condition,
    Measured,
    PriceModel,
    Proposal,
    Registry,
    SecretVerifier,
    Step,
    Switch,
    Switching,
    Working,
)
from billing_domain.plugins.registry import discovered


@frozen
class Night:
    """A price model of a host."""

    code = "acme:night"
    price: Decimal

    def work_out(self, measured: Measured) -> Working:
        """Return one step."""
        return Working([Step("night", measured.quantity, self.price)])


@frozen
class OtherNight:
    """Another price model with the same code."""

    code = "acme:night"

    def work_out(self, measured: Measured) -> Working:
        """Return one step."""
        return Working([Step("night", measured.quantity, Decimal(1))])


@frozen
class Half:
    """A benefit of a host."""

    code = "acme:half"

    def propose(self, base: Base) -> Proposal:
        """Return half of the base."""
        return Proposal(base.total / 2)


@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    """Say whether the customer has been here for two years."""
    return facts[TENURE_MONTHS] >= 24


@frozen
class Since:
    """A condition with a parameter."""

    code = "acme:since"
    months: int

    def outcome(self, facts: Facts) -> Outcome:
        """Say whether the customer has been here so long."""
        return Outcome.MET if facts[TENURE_MONTHS] >= self.months else Outcome.UNMET

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with its reasons."""
        return observe(self, facts)


class Greedy:
    """Takes two values where a plugin takes one context."""

    code = "acme:greedy"

    def propose(self, base: Base, more: object) -> Proposal:
        """Return nothing."""
        return Proposal(base.total)


class Nameless:
    """Has no code."""

    def propose(self, base: Base) -> Proposal:
        """Return nothing."""
        return Proposal(base.total)


class Bare:
    """Has a code without a namespace, and no method of a protocol."""

    code = "bare"


class TestAdding:
    """Explicit registration."""

    def test_finds_by_protocol_and_code(self) -> None:
        """Each plugin is found under the protocol that it fits."""
        registry = Registry().add(Night, Half, loyal)
        assert registry.plugin(PriceModel, "acme:night") is Night
        assert registry.plugin(Benefit, "acme:half") is Half
        assert registry.plugin(Condition, "acme:loyal") is loyal
        with pytest.raises(UnknownReferenceError, match="acme:half"):
            registry.plugin(Benefit, "acme:night")
        with pytest.raises(UnknownReferenceError, match="none"):
            Registry().plugin(Benefit, "acme:half")

    def test_adding_changes_nothing_and_twice_is_once(self) -> None:
        """A registry is a value; order does not matter."""
        empty = Registry()
        assert empty.add(Night, Half) == empty.add(Half).add(Night).add(Night)
        assert empty == Registry()

    def test_all_faults_at_once(self) -> None:
        """Two values, no code, no namespace, no protocol and a clash are told together, and nothing is added."""
        with pytest.raises(LoadError) as refused:
            Registry().add(Night, Greedy, Nameless, Bare, OtherNight)
        faults = dict(refused.value.faults)
        assert "one context, not 2" in faults["Greedy"]
        assert "code is a text" in faults["Nameless"]
        assert "already" in faults["OtherNight"]
        assert len([path for path, _ in refused.value.faults if path == "Bare"]) == 2

    @pytest.mark.parametrize("code", ["", ":x", "acme:", " acme:x", 7, None])
    def test_codes_have_a_namespace(self, code: object) -> None:
        """A code without its two parts is refused."""
        plugin = type("Coded", (), {"code": code, "propose": lambda self, base: None})
        with pytest.raises(LoadError):
            Registry().add(plugin)

    def test_what_can_not_be_read_is_a_fault(self) -> None:
        """A method without a readable signature is named."""
        plugin = type("Odd", (), {"code": "acme:odd", "propose": type("Call", (), {"__call__": 1, "__signature__": 1})()})
        with pytest.raises(LoadError):
            Registry().add(plugin)

    def test_static_methods_and_objects_fit(self) -> None:
        """Whether a class, an object or a static method: one context is one context."""
        still = type("Still", (), {"code": "acme:still", "propose": staticmethod(lambda base: Proposal(base.total))})
        registry = Registry().add(still)
        assert registry.plugin(Benefit, "acme:still") is still
        half = Half()
        assert Registry().add(half).plugin(Benefit, "acme:half") is half

    def test_shipped_plugins_need_no_registry(self) -> None:
        """Their codes have no namespace, which is theirs alone."""
        with pytest.raises(LoadError, match="namespace"):
            Registry().add(Flat)

    def test_conditions_are_objects(self) -> None:
        """A class has no answer yet, so data can not mean it; an object of it has one."""
        with pytest.raises(LoadError, match="as an object"):
            Registry().add(Since)
        registry = Registry().add(Since(24))
        assert registry.vocabulary.condition("acme:since") == Since(24)

    def test_plugins_answer_at_once(self) -> None:
        """What is awaited is refused."""

        async def propose(self: object, base: Base) -> Proposal:
            return Proposal(base.total)

        with pytest.raises(LoadError, match="awaited"):
            Registry().add(type("Slow", (), {"code": "acme:slow", "propose": propose}))

    def test_two_values_where_two_are_taken(self) -> None:
        """A verifier takes the secret and its salt, no less and no more."""

        def one(self: object, secret: bytes) -> bytes:
            return secret

        def two(self: object, secret: bytes, salt: bytes) -> bytes:
            return secret + salt

        verifier = type("Two", (), {"code": "acme:two", "derive": two})
        assert Registry().add(verifier).plugin(SecretVerifier, "acme:two") is verifier
        with pytest.raises(LoadError, match="takes 2 values, not 1"):
            Registry().add(type("One", (), {"code": "acme:one", "derive": one}))

    def test_benefits_are_listed(self) -> None:
        """A schema can name what is registered."""
        assert Registry().add(Half, loyal).benefits == (Half,)


class TestVocabulary:
    """What rules in plain data may name."""

    def test_facts_and_conditions(self) -> None:
        """A host's fact and condition can be used in a rule that is text."""
        score = Fact("acme:score", int, title="score")
        registry = Registry().add(loyal, score, score)
        rule = json.loads('{"all": [{"fact": "acme:score", "op": ">=", "value": 7}, {"condition": "acme:loyal"}]}')
        found = load_condition(rule, vocabulary=registry.vocabulary)
        assert found.outcome(Facts({score: 7, TENURE_MONTHS: 24})).grants
        with pytest.raises(LoadError, match="another fact"):
            registry.add(Fact("acme:score", str, title="score"))

    def test_facts_of_the_field_are_there(self) -> None:
        """One of them may be added again, and none may mean something else."""
        assert Registry().add(TENURE_MONTHS).vocabulary == Registry().vocabulary
        with pytest.raises(LoadError, match="another fact"):
            Registry().add(Fact("tenure_months", str, title="tenure"))


def point(name: str, value: str, group: str = BENEFITS.group) -> EntryPoint:
    """Return an entry point as an installed package would have it."""
    return EntryPoint(name, value, group)


class TestDiscovery:
    """Entry points, only when asked."""

    def test_nothing_installed_is_an_empty_registry(self) -> None:
        """Groups without a package give nothing."""
        assert isinstance(Registry.discover(kinds=[PRICE_MODELS]), Registry)

    def test_finds_what_packages_offer(self) -> None:
        """An entry point leads to a plugin of the sort of its group."""
        registry = discovered(Registry(), [point("half", f"{__name__}:Half"), point("night", f"{__name__}:Night", PRICE_MODELS.group)])
        assert {entry.code for entry in registry.entries} == {"acme:half", "acme:night"}

    def test_all_failures_in_one_error(self) -> None:
        """What can not be imported, what is in the wrong group, and what is not well made."""
        with pytest.raises(LoadError) as refused:
            discovered(
                Registry(),
                [
                    point("gone", "no_such_module:X"),
                    point("night", f"{__name__}:Night"),
                    point("greedy", f"{__name__}:Greedy"),
                    point("half", f"{__name__}:Half", "billing_domain.unknown"),
                ],
            )
        assert [path for path, _ in refused.value.faults] == [
            "billing_domain.benefits: gone",
            "billing_domain.benefits: night",
            "billing_domain.unknown: half",
            "billing_domain.benefits: greedy",
        ]

    def test_groups_are_named_after_protocols(self) -> None:
        """Each sort has a group of its own."""
        assert len({kind.group for kind in KINDS}) == len(KINDS)


def test_every_protocol_is_on_the_page() -> None:
    """Whatever a package names as a protocol can be imported from here; the one of serialization is the same `Codes`, behind an extra."""
    named = {
        name
        for found in pkgutil.walk_packages(billing_domain.__path__, "billing_domain.")
        if found.ispkg and not found.name.startswith(("billing_domain.serialization", "billing_domain.testing"))
        for name in importlib.import_module(found.name).__all__
        if getattr(getattr(importlib.import_module(found.name), name), "_is_protocol", False)
    }
    assert named - set(plugins.__all__) == set()
    assert {kind.protocol.__name__ for kind in KINDS} <= named


def test_rules_of_switching_are_found_by_their_code():
    """A host's rules for changing plans are registered and found as every other plugin."""

    @frozen
    class NextDay:
        code = "acme:next-day"

        def earliest(self, switch: Switch) -> date:
            """Return the day after."""
            return switch.on + timedelta(days=1)

    assert Registry().add(NextDay).plugin(Switching, "acme:next-day") is NextDay
    assert "billing_domain.switchings" in {kind.group for kind in KINDS}
