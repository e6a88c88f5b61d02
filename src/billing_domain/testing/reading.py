"""Which facts a condition or a benefit reads, found by asking it, and values of facts to ask it with."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from billing_domain.conditions import Combination, Comparison, Condition, Fact, Facts, Readable
from billing_domain.money import Money, exact, minor_unit
from billing_domain.testing.strategies import amounts, days, quantities

Anchors = Mapping[Fact[Any], frozenset[Any]]
"""Facts, each with the values that it is compared with, as far as they can be seen."""

_ROUNDS = 12
_MARGIN = timedelta(days=1)


class Probe(NamedTuple):
    """Facts that note who asks for them.

    Args:
        known: What is known.
        seen: Every fact that was asked for.
    """

    known: Facts
    seen: set[Fact[Any]]

    def _note(self, fact: Readable[Any]) -> None:
        if isinstance(fact, Fact):
            self.seen.add(fact)

    def __getitem__(self, fact: Any) -> Any:
        self._note(fact)
        return self.known[fact]

    def get(self, fact: Readable[Any], default: Any = None) -> Any:
        """Return the value, or the default."""
        self._note(fact)
        return self.known.get(fact, default)

    def __contains__(self, fact: Any) -> bool:
        self._note(fact)
        return fact in self.known

    def __getattr__(self, name: str) -> Any:
        return getattr(self.known, name)


def leaves(condition: Condition | None) -> list[Condition]:
    """Return the conditions that are not made of others, each as often as it stands there."""
    if condition is None:
        return []
    if isinstance(condition, Combination):
        return [leaf for part in condition.parts for leaf in leaves(part)]
    return [condition]


def anchors_of(condition: Condition | None, *others: Callable[[Any], object]) -> dict[Fact[Any], frozenset[Any]]:
    """Return the facts that a condition and other functions of facts read.

    Args:
        condition: A condition; what it compares with is seen.
        *others: Functions that take facts; only that they read a fact is seen.
    """
    found: dict[Fact[Any], frozenset[Any]] = {}
    functions = list(others)
    for leaf in leaves(condition):
        if isinstance(leaf, Comparison):
            wanted = leaf.wanted if isinstance(leaf.wanted, tuple) else (leaf.wanted,)
            found[leaf.fact] = found.get(leaf.fact, frozenset()) | frozenset(wanted)
        else:
            functions.append(leaf.outcome)
    for function in functions:
        for fact in _probed(function, found):
            found.setdefault(fact, frozenset())
    return found


def _probed(function: Callable[[Any], object], known: Anchors) -> set[Fact[Any]]:
    seen: set[Fact[Any]] = set()
    for turn in range(_ROUNDS):
        facts = {fact: _example(fact, known.get(fact, frozenset()), turn) for fact in {*known, *seen}}
        try:
            with exact():
                function(Probe(Facts({fact: value for fact, value in facts.items() if value is not None}), seen))
        except Exception:  # noqa: BLE001, S110  whether it raises is another check
            pass
    return seen


def _example(fact: Fact[Any], anchors: frozenset[Any], turn: int) -> Any:
    values = [*sorted(anchors, key=repr), *_EXAMPLES.get(fact.holds, ())]
    usable = [value for value in values if not fact.choices or value in fact.choices] or list(fact.choices)
    return usable[turn % len(usable)] if usable else None


_EXAMPLES: dict[Any, tuple[Any, ...]] = {
    int: (0, 24, 1_000),
    Decimal: (Decimal(0), Decimal(100)),
    Money: (Money("0.00", "EUR"), Money("1000.00", "EUR")),
    date: (date(2020, 1, 1), date(2030, 1, 1)),
    datetime: (datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)),
    bool: (True, False),
    str: ("other",),
    frozenset: (frozenset[str](), frozenset({"other"})),
}


def values_of(fact: Fact[Any], anchors: Iterable[Any] = ()) -> st.SearchStrategy[Any]:
    """Return values of a fact: any of its kind, and often one that it is compared with, or one beside it.

    Args:
        fact: The fact.
        anchors: What it is compared with.
    """
    near = [value for anchor in sorted(anchors, key=repr) for value in _around(fact, anchor)]
    if fact.choices:
        near = list(fact.choices) if fact.holds is str else [frozenset[str](), *(frozenset({choice}) for choice in fact.choices)]
        return st.sampled_from(near)
    wide = _WIDE[fact.holds]() if fact.holds is not Money else _money(near)
    return st.one_of(st.sampled_from(near), wide) if near else wide


def _around(fact: Fact[Any], anchor: Any) -> list[Any]:
    if fact.holds is frozenset:
        return [frozenset({anchor}), frozenset({anchor, "other"})]
    if fact.holds is bool or fact.holds is str:
        return [anchor]
    if fact.holds is Money:
        least = Money(minor_unit(anchor.currency.code), anchor.currency)
        return [anchor - least, anchor, anchor + least]
    step = _MARGIN if isinstance(anchor, date) else type(anchor)(1)
    try:
        return [anchor - step, anchor, anchor + step]
    except OverflowError:
        return [anchor]


def _money(near: list[Money]) -> st.SearchStrategy[Money]:
    currencies = sorted({value.currency.code for value in near}) or ["EUR"]
    return st.sampled_from(currencies).flatmap(lambda code: amounts(code, most=2_000).map(lambda amount: Money(amount, code)))


_WIDE: dict[Any, Callable[[], st.SearchStrategy[Any]]] = {
    int: lambda: st.one_of(st.integers(0, 36), st.integers(0, 1_000)),
    Decimal: lambda: quantities(most=2_000),
    date: days,
    datetime: lambda: st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001  the zone stands beside
    bool: st.booleans,
    str: lambda: st.sampled_from(["other", "another"]),
    frozenset: lambda: st.frozensets(st.sampled_from(["other", "another"])),
}


def known_facts(anchors: Anchors, given: Mapping[Fact[Any], st.SearchStrategy[Any]]) -> st.SearchStrategy[Facts]:
    """Return facts with a value each.

    Args:
        anchors: The facts, with what they are compared with.
        given: Strategies that the author of a plugin gave for some of them.
    """
    found = {fact: values_of(fact, wanted) for fact, wanted in anchors.items()} | dict(given)
    ordered = {fact: found[fact] for fact in sorted(found, key=lambda fact: fact.code)}
    return st.builds(Facts, st.fixed_dictionaries(ordered))
