"""What plain data may speak of: the facts, and the conditions that were written as code; with its JSON Schema."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from billing_domain.conditions.catalogue import CATALOGUE
from billing_domain.conditions.combinators import is_condition
from billing_domain.conditions.facts import Fact
from billing_domain.conditions.functions import checked_code
from billing_domain.conditions.kinds import DAY_PATTERN, INSTANT_PATTERN, LISTED, NUMBER_PATTERN, Kind, Operator
from billing_domain.conditions.protocols import Condition
from billing_domain.errors import DuplicateIdError, InvalidTypeError

_NUMBER_TEXT = {"type": "string", "pattern": f"^{NUMBER_PATTERN}$"}
_VALUES: dict[str, dict[str, Any]] = {
    "whole number": {"type": "integer"},
    "decimal": _NUMBER_TEXT,
    "money": {
        "type": "object",
        "properties": {"amount": _NUMBER_TEXT, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
        "required": ["amount", "currency"],
        "additionalProperties": False,
    },
    "day": {"type": "string", "format": "date", "pattern": f"^{DAY_PATTERN}$"},
    "instant": {"type": "string", "pattern": f"^{INSTANT_PATTERN}$"},
    "yes or no": {"type": "boolean"},
    "text": {"type": "string"},
    "set of texts": {"type": "string"},
}


def _facts(facts: Iterable[Fact[Any]]) -> tuple[Fact[Any], ...]:
    checked = tuple(facts)
    for fact in checked:
        if not isinstance(fact, Fact):
            raise InvalidTypeError(fact, "a vocabulary has facts", 'write Fact("acme:score", int, title="score")')
    return checked


def _conditions(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    checked = tuple(conditions)
    for condition in checked:
        if not is_condition(condition):
            raise InvalidTypeError(condition, "a vocabulary has conditions", "decorate the function with @condition")
        checked_code(condition.code)
    return checked


def _refuse_twice(codes: list[str]) -> None:
    for code in sorted(set(codes)):
        if codes.count(code) > 1:
            raise DuplicateIdError(code, "a code means one thing", "rename one of the two")


@attrs.frozen
class Vocabulary:
    """The facts and the named conditions that rules in plain data may use.

    Args:
        facts: The facts; those of the field by default.
        conditions: Conditions written as code, which data names by their code.

    Raises:
        DuplicateIdError: Two of them have one code.

    Example:
        >>> score = Fact("acme:score", int, title="score")
        >>> Vocabulary().add(score).fact("acme:score") == score
        True
    """

    facts: tuple[Fact[Any], ...] = attrs.field(default=CATALOGUE, converter=_facts)
    conditions: tuple[Condition, ...] = attrs.field(default=(), converter=_conditions)
    _fact_by_code: Mapping[str, Fact[Any]] = attrs.field(init=False, eq=False, repr=False)
    _condition_by_code: Mapping[str, Condition] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        _refuse_twice([fact.code for fact in self.facts])
        _refuse_twice([condition.code for condition in self.conditions])
        object.__setattr__(self, "_fact_by_code", {fact.code: fact for fact in self.facts})
        object.__setattr__(self, "_condition_by_code", {condition.code: condition for condition in self.conditions})

    def add(self, *more: Fact[Any] | Condition) -> "Vocabulary":
        """Return the vocabulary with these facts and conditions too."""
        facts = [each for each in more if isinstance(each, Fact)]
        conditions = [each for each in more if not isinstance(each, Fact)]
        return Vocabulary((*self.facts, *facts), (*self.conditions, *conditions))

    def fact(self, code: str) -> Fact[Any] | None:
        """Return the fact with this code, or None."""
        return self._fact_by_code.get(code)

    def condition(self, code: str) -> Condition | None:
        """Return the condition with this code, or None."""
        return self._condition_by_code.get(code)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (draft 2020-12) of every condition that can be written with this vocabulary.

        Example:
            >>> sorted(Vocabulary().schema())
            ['$defs', '$ref', '$schema']
        """
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": "#/$defs/condition",
            "$defs": {"condition": {"anyOf": [*_joined(), *self._named(), *self._compared()]}},
        }

    def _named(self) -> list[dict[str, Any]]:
        codes = sorted(self._condition_by_code)
        return [_object(condition={"enum": codes})] if codes else []

    def _compared(self) -> list[dict[str, Any]]:
        return [form for fact in self.facts for form in _comparisons(fact)]


def _object(title: str = "", **properties: Any) -> dict[str, Any]:
    form = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"title": title, **form} if title else form


def _joined() -> list[dict[str, Any]]:
    part = {"$ref": "#/$defs/condition"}
    parts = {"type": "array", "items": part, "minItems": 1}
    return [
        _object(all=parts),
        _object(any=parts),
        {**_object(), "properties": {"not": part}, "required": ["not"]},
        _object(at_least={"type": "integer", "minimum": 1}, of=parts),
    ]


def _comparisons(fact: Fact[Any]) -> list[dict[str, Any]]:
    value = {**_VALUES[fact.kind.name], **({"enum": list(fact.choices)} if fact.choices else {})}
    shapes = (
        (_single(fact.kind), value),
        (LISTED & fact.kind.operators, {"type": "array", "items": value, "minItems": 1}),
        ({Operator.BETWEEN} & fact.kind.operators, {"type": "array", "items": value, "minItems": 2, "maxItems": 2}),
    )
    return [
        _object(fact.title, fact={"const": fact.code}, op={"enum": [str(each) for each in Operator if each in operators]}, value=shape)
        for operators, shape in shapes
        if operators
    ]


def _single(kind: Kind) -> frozenset[Operator]:
    return kind.operators - LISTED - {Operator.BETWEEN}
