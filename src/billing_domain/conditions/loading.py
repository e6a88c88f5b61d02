"""Conditions as plain data: read strictly, with every fault at once, and written back exactly.

A condition is one of these, and nothing else::

    {"fact": "tenure_months", "op": ">=", "value": 12}
    {"condition": "acme:loyal"}
    {"all": [...]}    {"any": [...]}    {"not": {...}}    {"at_least": 2, "of": [...]}
"""

import reprlib
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import attrs

from billing_domain.conditions.combinators import Combination, Join
from billing_domain.conditions.facts import Comparison, Fact
from billing_domain.conditions.kinds import LISTED, Digits, Operator, number_text
from billing_domain.conditions.protocols import Condition
from billing_domain.conditions.vocabulary import Vocabulary
from billing_domain.doors import door
from billing_domain.errors import BillingError, LoadError

DEEPEST = 32
"""How many levels plain data may nest; deeper rules nobody reads."""

Faults = list[tuple[str, str]]
"""What is wrong, as pairs of path and text, in the order of the data."""

_KEYS: dict[str, frozenset[str]] = {
    "fact": frozenset({"fact", "op", "value"}),
    "condition": frozenset({"condition"}),
    "all": frozenset({"all"}),
    "any": frozenset({"any"}),
    "not": frozenset({"not"}),
    "at_least": frozenset({"at_least", "of"}),
}


def load_condition(data: object, *, vocabulary: Vocabulary | None = None) -> Condition:
    """Return the condition that plain data describes.

    Args:
        data: What `json.loads` gives. Amounts and decimals are text, never floats.
        vocabulary: The facts and named conditions that may be used; the facts of the field by default.

    Raises:
        LoadError: Something is wrong; `faults` holds everything that is, each with its path.

    Example:
        >>> rule = load_condition({"all": [{"fact": "tenure_months", "op": ">=", "value": 12}]})
        >>> dump_condition(rule)
        {'all': [{'fact': 'tenure_months', 'op': '>=', 'value': 12}]}
    """
    faults: Faults = []
    condition = read_condition(data, vocabulary=vocabulary or Vocabulary(), path="$", faults=faults)
    if condition is None:
        found = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise LoadError(found, "a condition in plain data follows the vocabulary", "mend each of these", tuple(faults))
    return condition


def read_condition(data: object, *, vocabulary: Vocabulary, path: str, faults: Faults) -> Condition | None:
    """Return the condition at a path of larger data, or add to the faults and return None.

    Args:
        data: The part of the data that describes the condition.
        vocabulary: The facts and named conditions that may be used.
        path: Where this part stands, as in `$[0].condition`.
        faults: What was found wrong so far; what is wrong here is added.
    """
    return _Reader(vocabulary, faults).read(data, path, DEEPEST)


@attrs.frozen
class _Reader:
    vocabulary: Vocabulary
    faults: Faults

    def read(self, data: object, path: str, depth: int) -> Condition | None:
        if not isinstance(data, dict):
            self._fault(path, f"a condition is an object, not {_shown(data)}")
            return None
        if depth == 0:
            self._fault(path, f"conditions nest at most {DEEPEST} levels deep; split the rule")
            return None
        heads = [head for head in _KEYS if head in data]
        if len(heads) != 1:
            found = " and ".join(heads) if heads else "none"
            self._fault(path, f"a condition has exactly one of {', '.join(_KEYS)}; found {found}")
            return None
        return self._read_head(heads[0], data, path, depth)

    def _read_head(self, head: str, data: dict[Any, Any], path: str, depth: int) -> Condition | None:
        whole = self._check_keys(head, data, path)
        match head:
            case "fact":
                found = self._comparison(data, path)
            case "condition":
                found = self._named(data["condition"], f"{path}.condition")
            case "not":
                found = self._joined(Join.NOT, {"not": [data["not"]]}, path, depth)
            case "at_least":
                found = self._joined(Join.AT_LEAST, data, path, depth)
            case _:
                found = self._joined(Join(head), data, path, depth)
        return found if whole else None

    def _check_keys(self, head: str, data: dict[Any, Any], path: str) -> bool:
        keys = _KEYS[head]
        for key in data:
            if key not in keys:
                self._fault(f"{path}.{key}", f"unknown key{_near(key, keys)}; {head!r} has only {', '.join(sorted(keys))}")
        for key in sorted(keys - set(data)):
            self._fault(path, f"key {key!r} is missing")
        return keys == set(data)

    def _comparison(self, data: dict[Any, Any], path: str) -> Condition | None:
        fact, operator = self._fact(data["fact"], f"{path}.fact"), self._operator(data.get("op", Operator.IS), f"{path}.op")
        if fact is None or operator is None or "value" not in data:
            return None
        if operator not in fact.kind.operators:
            fitting = ", ".join(each for each in Operator if each in fact.kind.operators)
            self._fault(f"{path}.op", f"{str(operator)!r} does not fit {fact.code!r}, a {fact.kind.name}; use one of {fitting}")
            return None
        return self._compared(fact, operator, data["value"], f"{path}.value")

    def _fact(self, code: object, path: str) -> Fact[Any] | None:
        fact = self.vocabulary.fact(code) if isinstance(code, str) else None
        if fact is None:
            self._fault(path, f"unknown fact {_shown(code)}{_near(code, (each.code for each in self.vocabulary.facts))}")
            return None
        return fact

    def _operator(self, text: object, path: str) -> Operator | None:
        if not isinstance(text, str) or text not in list(Operator):
            self._fault(path, f"unknown operator {_shown(text)}; use one of {', '.join(Operator)}")
            return None
        return Operator(text)

    def _compared(self, fact: Fact[Any], operator: Operator, data: object, path: str) -> Condition | None:
        try:
            if operator in LISTED | {Operator.BETWEEN}:
                return self._listed(fact, operator, data, path)
            return Comparison(fact, operator, fact.kind.parse(data, "the value"))
        except BillingError as error:
            self._fault(path, _told(error))
            return None

    def _listed(self, fact: Fact[Any], operator: Operator, data: object, path: str) -> Condition | None:
        if not isinstance(data, list):
            self._fault(path, f"operator {str(operator)!r} takes a list, not {_shown(data)}")
            return None
        before = len(self.faults)
        values = [self._item(fact, item, f"{path}[{index}]") for index, item in enumerate(data)]
        return Comparison(fact, operator, values) if len(self.faults) == before else None

    def _item(self, fact: Fact[Any], data: object, path: str) -> object:
        try:
            value = fact.kind.parse(data, "the value")
            fact.freeze(value)
        except BillingError as error:
            self._fault(path, _told(error))
            return None
        return value

    def _named(self, code: object, path: str) -> Condition | None:
        condition = self.vocabulary.condition(code) if isinstance(code, str) else None
        if condition is None:
            known = [each.code for each in self.vocabulary.conditions]
            self._fault(path, f"unknown condition {_shown(code)}{_near(code, known)}")
            return None
        return condition

    def _joined(self, join: Join, data: dict[Any, Any], path: str, depth: int) -> Condition | None:
        key = "of" if join is Join.AT_LEAST else join.value
        listed = data.get(key, [])
        if not isinstance(listed, list):
            self._fault(f"{path}.{key}", f"{key!r} takes a list of conditions, not {_shown(listed)}")
            return None
        places = [f"{path}.not"] if join is Join.NOT else [f"{path}.{key}[{index}]" for index in range(len(listed))]
        parts = [self.read(part, place, depth - 1) for part, place in zip(listed, places, strict=True)]
        return self._combined(join, [part for part in parts if part is not None], len(parts), data, path)

    def _combined(self, join: Join, parts: list[Condition], stated: int, data: dict[Any, Any], path: str) -> Condition | None:
        if len(parts) != stated or not data.keys() >= _KEYS[join.value]:
            return None
        try:
            return Combination(join, tuple(parts), data["at_least"] if join is Join.AT_LEAST else 0)
        except BillingError as error:
            self._fault(path, _told(error))
            return None

    def _fault(self, path: str, text: str) -> None:
        self.faults.append((path, text))


def _shown(data: object) -> str:
    return "null" if data is None else reprlib.repr(data)


def _near(text: object, known: Iterable[str]) -> str:
    close = get_close_matches(text, sorted(known), n=1) if isinstance(text, str) else []
    return f" (did you mean {close[0]!r}?)" if close else ""


def _told(error: BillingError) -> str:
    return f"{_shown(error.value)}: {error.rule}; {error.remedy}"


@door
def dump_condition(condition: Condition) -> dict[str, Any]:
    """Return the condition as plain data, which `load_condition` reads to an equal condition.

    A condition written as code is named by its code.

    Example:
        >>> from billing_domain.conditions import ARREARS, not_
        >>> from billing_domain.money import Money
        >>> dump_condition(not_(ARREARS > Money("5.00", "EUR")))
        {'not': {'fact': 'arrears', 'op': '>', 'value': {'amount': '5.00', 'currency': 'EUR'}}}
    """
    return condition_data(condition, number_text)


def condition_data(condition: Condition, digits: Digits) -> dict[str, Any]:
    """Return the condition as plain data, its numbers written by `digits`."""
    if isinstance(condition, Comparison):
        return {"fact": condition.fact.code, "op": str(condition.operator), "value": _plain_value(condition, digits)}
    if not isinstance(condition, Combination):
        return {"condition": condition.code}
    parts = [condition_data(part, digits) for part in condition.parts]
    if condition.join is Join.NOT:
        return {"not": parts[0]}
    if condition.join is Join.AT_LEAST:
        return {"at_least": condition.number, "of": parts}
    return {condition.join.value: parts}


def _plain_value(comparison: Comparison, digits: Digits) -> Any:
    plain = comparison.fact.kind.plain
    if comparison.operator in LISTED | {Operator.BETWEEN}:
        return [plain(each, digits) for each in comparison.operand]
    return plain(comparison.operand, digits)
