"""Values of several types: what JSON tells apart stands as it is, all else says its kind."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from cattrs import Converter

from billing_domain.errors import InvalidTypeError
from billing_domain.money import Amount, Money
from billing_domain.serialization.entries import class_of, entries_of, is_model, is_protocol, kind_name
from billing_domain.serialization.models import Read, Write
from billing_domain.serialization.scalars import expected, wrong

KIND = "kind"
VALUE = "value"

ANYTHING = str | int | bool | Decimal | date | datetime | timedelta | Money | Amount | tuple[Any, ...] | None
"""What may stand where a model says no more than that it is a value."""

_PLAIN = (str, int, bool, float)
_LISTS = (tuple, list, frozenset)


def is_union(hint: Any) -> bool:
    """Say whether it is a union of types."""
    return get_origin(hint) in {Union, UnionType}


def members_of(hint: Any) -> tuple[Any, ...]:
    """Return the types of a union without None."""
    return tuple(member for member in get_args(hint) if member is not NoneType)


def is_inline(hint: Any) -> bool:
    """Say whether the kind of a member stands beside its fields: a model that has no field of that name itself."""
    return is_model(hint) and all(entry.key not in {KIND, VALUE} for entry in entries_of(class_of(hint)))


def tagged(key: str, name: str, written: Any, *, inline: bool) -> dict[str, Any]:
    """Return a value with its kind, beside its fields or around it."""
    return {key: name, **written} if inline else {key: name, VALUE: written}


def untagged(key: str, data: Mapping[str, Any], *, inline: bool) -> Any:
    """Return what `tagged` was given.

    Raises:
        InvalidTypeError: The value is missing, or something else stands beside it.
    """
    if inline:
        return {name: value for name, value in data.items() if name != key}
    if data.keys() != {key, VALUE}:
        raise expected(data, f"a value of this kind has {key} and {VALUE}", f'write {{"{key}": ..., "{VALUE}": ...}}')
    return data[VALUE]


class Members(NamedTuple):
    """The types of a union, by how they are told apart.

    Args:
        plain: By the type that JSON gives.
        kinds: By the name of their kind.
        plugins: The one protocol among them; a plugin says its own code or kind.
    """

    plain: dict[type, Any]
    kinds: dict[str, Any]
    plugins: list[Any]


def _members(hint: Any) -> Members:
    found = Members({}, {}, [])
    for member in members_of(hint):
        kind = class_of(member)
        if kind in _PLAIN:
            found.plain[kind] = member
        elif kind in _LISTS and list not in found.plain:
            found.plain[list] = member
        elif is_protocol(kind):
            found.plugins.append(member)
        elif isinstance(kind, type) and kind_name(kind) not in found.kinds:
            found.kinds[kind_name(kind)] = member
        else:
            raise _not_told_apart(member)
    if len(found.plugins) > 1:
        raise _not_told_apart(found.plugins[1])
    return found


def _not_told_apart(member: Any) -> InvalidTypeError:
    return InvalidTypeError(member, "the members of a stored union are classes that are told apart by their names", "give each its own")


def union_writer(hint: Any, converter: Converter) -> Write:
    """Return what writes any of the types; a single type beside None says no kind."""
    members = members_of(hint)
    if len(members) == 1:
        return _or_none(converter, members[0])
    found = _members(hint)
    writers = _writers(found, converter)
    other = converter.get_unstructure_hook(found.plugins[0]) if found.plugins else None

    def write(value: object) -> Any:
        if value is None and NoneType in get_args(hint):
            return None
        writer = writers.get(type(value), other)
        if writer is None:
            raise wrong(value, " or ".join(sorted(kind.__name__ for kind in writers)))
        return writer(value)

    return write


def _or_none(converter: Converter, member: Any) -> Write:
    def write(value: object) -> Any:
        return None if value is None else converter.get_unstructure_hook(member)(value)

    return write


def _writers(members: Members, converter: Converter) -> dict[type, Write]:
    writers = {class_of(member): converter.get_unstructure_hook(member) for member in members.plain.values()}
    for name, member in members.kinds.items():
        writers[class_of(member)] = _with_kind(name, member, converter)
    return writers


def _with_kind(name: str, member: Any, converter: Converter) -> Write:
    return lambda value: tagged(KIND, name, converter.get_unstructure_hook(member)(value), inline=is_inline(member))


def union_reader(hint: Any, converter: Converter) -> Read:
    """Return what reads any of the types."""
    optional, members = NoneType in get_args(hint), members_of(hint)
    choose: Callable[[object], tuple[Any, Any]] = (lambda data: (members[0], data)) if len(members) == 1 else _chooser(_members(hint))

    def read(data: object, _: Any) -> Any:
        if data is None and optional:
            return None
        member, inner = choose(data)
        return converter.get_structure_hook(member)(inner, member)

    return read


def _chooser(members: Members) -> Callable[[object], tuple[Any, Any]]:
    def choose(data: object) -> tuple[Any, Any]:
        member = members.plain.get(type(data))
        if member is not None:
            return member, data
        if members.plugins and isinstance(data, dict) and data.get(KIND) not in members.kinds:
            return members.plugins[0], data
        known = ", ".join(sorted(members.kinds))
        name = data.get(KIND) if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(name, str) or name not in members.kinds:
            raise expected(
                data if name is None else name, f"this is an object whose {KIND} is one of {known}", f'write "{KIND}" with one of these'
            )
        member = members.kinds[name]
        return member, untagged(KIND, data, inline=is_inline(member))

    return choose
