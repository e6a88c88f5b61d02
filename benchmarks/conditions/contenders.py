"""The same rules in six forms; each takes rules and accounts, and gives what is asked and what it is asked with.

`Contender.prepare` is not timed: it builds the rules and turns the accounts into what the contender reads.
"""

# ruff: noqa: SIM300 - a fact stands on the left of its comparison, although its name is written like a constant

import operator
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import attrs
from workload import Account, Rule

from billing_domain.conditions import Fact, Facts, Outcome, all_of
from billing_domain.money import Money

TENURE = Fact("tenure", int, title="tenure", unit="month")
ARREARS = Fact("arrears", int, title="number of unpaid bills")
OWED = Fact("owed", Money, title="overdue amount")
SEGMENT = Fact("segment", str, title="segment")

Prepared = tuple[list[Callable[[Any], Any]], list[Any]]
SAID = {Outcome.MET: True, Outcome.UNMET: False, Outcome.UNKNOWN: None}


class Contender(NamedTuple):
    name: str
    prepare: Callable[[Sequence[Rule], Sequence[Account]], Prepared]
    told: Callable[[Any], bool | None]


def _dicts(accounts: Sequence[Account]) -> list[dict[str, Any]]:
    return [{name: value for name, value in account._asdict().items() if value is not None} for account in accounts]


def closures(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """The floor: a lambda per rule, two values; a missing fact is a value that never fits."""
    nothing = {"tenure": -1, "arrears": -1, "segment": ""}
    made = [lambda f, t=t, a=a, s=s: f["tenure"] >= t and f["arrears"] == a and f["segment"] == s for t, a, s in rules]
    return made, [nothing | account for account in _dicts(accounts)]


class Leaf:
    __slots__ = ("field", "op", "want")

    def __init__(self, field: str, op: Callable[[Any, Any], bool], want: Any) -> None:
        self.field, self.op, self.want = field, op, want

    def test(self, facts: dict[str, Any]) -> bool | None:
        seen = facts.get(self.field)
        return None if seen is None else self.op(seen, self.want)


class AllOf:
    __slots__ = ("parts",)

    def __init__(self, *parts: Leaf) -> None:
        self.parts = parts

    def test(self, facts: dict[str, Any]) -> bool | None:
        said: bool | None = True
        for part in self.parts:
            found = part.test(facts)
            if found is False:
                return False
            if found is None:
                said = None
        return said


def _leaves(rule: Rule) -> tuple[Leaf, Leaf, Leaf]:
    return Leaf("tenure", operator.ge, rule.tenure), Leaf("arrears", operator.eq, rule.arrears), Leaf("segment", operator.eq, rule.segment)


def tree(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """Small objects written for the occasion, three values, no trace."""
    return [AllOf(*_leaves(rule)).test for rule in rules], _dicts(accounts)


@attrs.frozen
class Seen:
    field: str
    wanted: Any
    seen: Any
    said: bool | None


def _fold(trace: list[Any]) -> tuple[bool | None, list[Any]]:
    told = [entry[-1] if isinstance(entry, tuple) else entry.said for entry in trace]
    return (False if False in told else None if None in told else True), trace


def tuples(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """Three values, and a plain tuple for every comparison."""

    def run(leaves: tuple[Leaf, ...], facts: dict[str, Any]) -> Any:
        return _fold([(leaf.field, leaf.want, facts.get(leaf.field), leaf.test(facts)) for leaf in leaves])

    return [partial(run, _leaves(rule)) for rule in rules], _dicts(accounts)


def records(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """Three values, and a frozen attrs record for every comparison."""

    def run(leaves: tuple[Leaf, ...], facts: dict[str, Any]) -> Any:
        return _fold([Seen(leaf.field, leaf.want, facts.get(leaf.field), leaf.test(facts)) for leaf in leaves])

    return [partial(run, _leaves(rule)) for rule in rules], _dicts(accounts)


def _known(accounts: Sequence[Account]) -> list[Facts]:
    facts = (TENURE, ARREARS, SEGMENT)
    return [Facts({fact: value for fact, value in zip(facts, account, strict=True) if value is not None}) for account in accounts]


def _ours(rules: Sequence[Rule]) -> list[Any]:
    return [all_of(TENURE >= rule.tenure, ARREARS.is_(rule.arrears), SEGMENT.is_(rule.segment)) for rule in rules]


def outcomes(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """billing_domain as users call it: outcome."""
    return [rule.outcome for rule in _ours(rules)], _known(accounts)


def findings(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """billing_domain as users call it: finding, with the whole tree."""
    return [rule.finding for rule in _ours(rules)], _known(accounts)


def money(rules: Sequence[Rule], accounts: Sequence[Account]) -> Prepared:
    """billing_domain, arrears as an amount of money."""
    made = [all_of(TENURE >= rule.tenure, OWED.is_(Money(rule.arrears, "EUR")), SEGMENT.is_(rule.segment)) for rule in rules]
    facts = [
        known.without(ARREARS).add({} if account.arrears is None else {OWED: Money(account.arrears, "EUR")})
        for known, account in zip(_known(accounts), accounts, strict=True)
    ]
    return [rule.outcome for rule in made], facts


CONTENDERS = {
    "closures": Contender("lambdas, two values (floor)", closures, lambda said: said),
    "tree": Contender("hand-made tree, three values", tree, lambda said: said),
    "outcome": Contender("billing_domain outcome", outcomes, SAID.__getitem__),
    "money": Contender("billing_domain outcome, with money", money, SAID.__getitem__),
    "tuples": Contender("hand-made trace of tuples", tuples, lambda said: said[0]),
    "finding": Contender("billing_domain finding, full trace", findings, lambda found: SAID[found.outcome]),
    "records": Contender("hand-made trace of attrs records", records, lambda said: said[0]),
}
