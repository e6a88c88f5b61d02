"""Benefits that a host wrote, in plain data: which fields they have, how each is read, and what a schema says of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, NamedTuple, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from billing_domain.conditions.kinds import DAY, DECIMAL, FLAG, INSTANT, MONEY, TEXT, WHOLE, Kind
from billing_domain.discounts.protocols import Benefit
from billing_domain.money import Money

T = TypeVar("T")

_KINDS: dict[Any, Kind] = {Decimal: DECIMAL, Money: MONEY, datetime: INSTANT, date: DAY, int: WHOLE, bool: FLAG, str: TEXT}
_BUILT: dict[Any, Callable[[list[Any]], Any]] = {tuple: tuple, Sequence: tuple, frozenset: frozenset, list: list}


class Reader(Protocol):
    """What reads plain data, and notes every fault with its path."""

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong so far."""
        ...

    def fault(self, path: str, text: str) -> None:
        """Note a fault."""
        ...

    def attempt(self, path: str, make: Callable[[], T]) -> T | None:
        """Return what is made, or note what is wrong and return None."""
        ...

    def value(self, kind: Kind, data: object, path: str) -> Any:
        """Return one value of a kind."""
        ...

    def choice(self, enum: type[Enum], data: object, path: str) -> Any:
        """Return a member of an enumeration by its value."""
        ...

    def keys(self, data: object, path: str, wanted: Mapping[str, Any], needed: Any = ()) -> dict[str, Any] | None:
        """Return the values of an object by key."""
        ...


class Fields(NamedTuple):
    """The fields of a benefit, by the names that its constructor takes.

    Args:
        hints: The type of each; `Any` where it says nothing.
        needed: Those without a default.
    """

    hints: dict[str, Any]
    needed: tuple[str, ...]


def fields_of(benefit: Any) -> Fields:
    """Return the fields of a class of benefits; none where it is an object, which is taken as it is."""
    if not isinstance(benefit, type):
        return Fields({}, ())
    taken = [each for each in signature(benefit).parameters.values() if each.kind in _BY_NAME]
    hints = _hints_of(benefit)
    needed = tuple(each.name for each in taken if each.default is Parameter.empty)
    return Fields({each.name: hints.get(each.name, Any) for each in taken}, needed)


_BY_NAME = {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}


def _hints_of(benefit: type[Any]) -> dict[str, Any]:
    """Return the types of the fields; names of types are looked up in the module of the class."""
    try:
        hints = get_type_hints(benefit if attrs.has(benefit) else benefit.__init__)
    except (NameError, TypeError):
        return {}
    if not attrs.has(benefit):
        return hints
    return {field.alias: hints[field.name] for field in attrs.fields(benefit) if field.name in hints}


def read_own(reader: Reader, benefit: Any, data: dict[str, Any], path: str) -> Benefit | None:
    """Return a benefit of a host, made of its fields in plain data; None where something is wrong.

    Args:
        reader: What notes faults.
        benefit: The class, or an object, which has no fields to be told.
        data: The code of the benefit under `benefit`, and its fields.
        path: Where it stands.
    """
    fields = fields_of(benefit)
    wanted = {name: _reading(hint) for name, hint in fields.hints.items()}
    values = reader.keys(data, path, {"benefit": _reading(Any), **wanted}, fields.needed)
    if values is None or not isinstance(benefit, type):
        return None if values is None else benefit
    given = {name: value for name, value in values.items() if name != "benefit"}
    try:
        made: Benefit | None = reader.attempt(path, lambda: benefit(**given))
    except Exception as error:  # noqa: BLE001  whatever the plugin raises is a fault of the data
        reader.fault(path, f"{data['benefit']} refuses this: {error!r}")
        return None
    return made


def _reading(hint: Any) -> Callable[[Reader, Any, str], Any]:
    return lambda reader, data, path: _typed(reader, hint, data, path)


def _typed(reader: Reader, hint: Any, data: Any, path: str) -> Any:
    """Return the value of a field as its type says; where that says nothing, lists become tuples."""
    if (inner := _optional(hint)) is not None:
        return None if data is None else _typed(reader, inner, data, path)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return reader.choice(hint, data, path)
    if hint in _KINDS:
        return reader.value(_KINDS[hint], data, path)
    if (item := _item(hint)) is not None:
        if not isinstance(data, list):
            reader.fault(path, f"a list is wanted, not {data!r}")
            return None
        return _BUILT[get_origin(hint)]([_typed(reader, item, each, f"{path}[{place}]") for place, each in enumerate(data)])
    return tuple(data) if isinstance(data, list) else data


def _optional(hint: Any) -> Any:
    """Return the type beside None, where there is one such type."""
    if get_origin(hint) not in {Union, UnionType}:
        return None
    others = [each for each in get_args(hint) if each is not NoneType]
    return others[0] if len(others) == 1 and len(others) < len(get_args(hint)) else None


def _item(hint: Any) -> Any:
    """Return the type of the items of a list, a tuple of any length or a frozenset."""
    arguments = get_args(hint)
    if get_origin(hint) not in _BUILT or (get_origin(hint) is tuple and arguments[1:] != (Ellipsis,)):
        return None
    return arguments[0]


def own_schema(benefit: Any, values: Mapping[Kind, dict[str, Any]]) -> dict[str, Any]:
    """Return the JSON Schema of a benefit of a host.

    Args:
        benefit: The class, or an object.
        values: The schema of each kind of value.
    """
    fields = fields_of(benefit)
    forms = {name: _form(hint, values) for name, hint in fields.hints.items()}
    return {
        "type": "object",
        "properties": {"benefit": {"const": benefit.code}, **forms},
        "required": ["benefit", *fields.needed],
        "additionalProperties": False,
    }


def _form(hint: Any, values: Mapping[Kind, dict[str, Any]]) -> dict[str, Any]:
    if (inner := _optional(hint)) is not None:
        return {"anyOf": [_form(inner, values), {"type": "null"}]}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if hint in _KINDS:
        return values[_KINDS[hint]]
    return {} if (item := _item(hint)) is None else {"type": "array", "items": _form(item, values)}
