"""Conditions and facts, in the form in which the package of conditions writes them."""

from collections.abc import Mapping
from typing import Any, get_origin

from billing_domain.conditions import (
    Combination,
    Comparison,
    Condition,
    Fact,
    Facts,
    FunctionCondition,
    Vocabulary,
    dump_condition,
    load_condition,
)
from billing_domain.conditions.kinds import KINDS, TEXTS, number_text
from billing_domain.errors import LoadError, RefusedError, UnknownReferenceError
from billing_domain.serialization.faults import refuse_object, within
from billing_domain.serialization.models import Read, Write
from billing_domain.serialization.scalars import expected, text_of, wrong

FACTS = "facts"


def is_condition(hint: Any) -> bool:
    """Say whether it is a type of conditions."""
    return hint in {Condition, Combination, Comparison, FunctionCondition}


def condition_writer(vocabulary: Vocabulary) -> Write:
    """Return what writes a condition, if the vocabulary reads it to an equal one."""

    def write(value: Any) -> dict[str, Any]:
        data = dump_condition(value)
        try:
            same = load_condition(data, vocabulary=vocabulary) == value
        except LoadError:
            same = False
        if not same:
            raise RefusedError(
                value.code,
                "a stored condition speaks of facts and conditions of the vocabulary",
                "give rows(vocabulary=...) one that has them",
            )
        return data

    return write


def condition_reader(hint: Any, vocabulary: Vocabulary) -> Read:
    """Return what reads a condition; one of a narrower type where that is asked for."""

    def read(data: object, _: Any) -> Any:
        found = load_condition(data, vocabulary=vocabulary)
        if hint is not Condition and not isinstance(found, hint):
            raise expected(data, f"this is a {hint.__name__}", f"write a condition of that sort, not a {type(found).__name__}")
        return found

    return read


def facts_writer(vocabulary: Vocabulary) -> Write:
    """Return what writes facts by their codes."""

    def write(value: object) -> dict[str, Any]:
        if not isinstance(value, Facts):
            raise wrong(value, "Facts")
        return {FACTS: {code: _plain(value, code, vocabulary) for code in value.codes}}

    return write


def _plain(facts: Facts, code: str, vocabulary: Vocabulary) -> Any:
    fact = _fact(code, vocabulary)
    if fact not in facts:
        raise RefusedError(
            code, "a stored fact is of the kind that the vocabulary says", "give rows(vocabulary=...) the fact that was used"
        )
    stored = fact.freeze(facts[fact])
    return list(stored) if fact.kind is TEXTS else fact.kind.plain(stored, number_text)


def _fact(code: str, vocabulary: Vocabulary) -> Fact[Any]:
    fact = vocabulary.fact(code)
    if fact is None:
        raise UnknownReferenceError(repr(code), "a stored fact is of the vocabulary", "give rows(vocabulary=...) one that has it")
    return fact


def facts_reader(vocabulary: Vocabulary) -> Read:
    """Return what reads facts by their codes."""

    def read(data: object, _: Any) -> Facts:
        if not isinstance(data, dict) or data.keys() != {FACTS} or not isinstance(data[FACTS], dict):
            raise expected(data, f"facts are an object under {FACTS}", f'write {{"{FACTS}": {{...}}}}')
        return Facts(_values(data[FACTS], vocabulary))

    return read


def _values(data: Mapping[str, Any], vocabulary: Vocabulary) -> dict[Any, object]:
    found, faults = dict[Any, object](), list[Exception]()
    for code, value in data.items():
        try:
            fact = _fact(code, vocabulary)
            found[fact] = _value(fact, value)
        except Exception as error:  # noqa: BLE001  all faults are told
            faults.append(within(error, code, Facts))
    if faults:
        refuse_object(faults, Facts)
    return found


def _value(fact: Fact[Any], data: Any) -> object:
    if fact.kind is not TEXTS:
        value = fact.kind.parse(data, f"fact {fact.code!r}")
    elif isinstance(data, list):
        value = frozenset(text_of(each) for each in data)
    else:
        raise expected(data, f"fact {fact.code!r} is a list of texts", "write it in square brackets")
    fact.freeze(value)
    return value


def is_type(hint: Any) -> bool:
    """Say whether it is a type of types: what a fact holds."""
    return get_origin(hint) is type


def write_type(value: object) -> str:
    """Return the name of the kind of value that a fact holds."""
    for kind, known in KINDS.items():
        if kind is value:
            return known.name
    raise wrong(value, "a type that a fact can hold")


def read_type(data: object, _: Any) -> type:
    """Return the type that a fact holds."""
    for kind, known in KINDS.items():
        if known.name == data:
            return kind
    raise expected(data, f"a fact holds one of {', '.join(known.name for known in KINDS.values())}", "write one of these")
