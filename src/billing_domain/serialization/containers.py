"""Tuples, sets and mappings as lists and objects."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

from cattrs import Converter

from billing_domain.serialization.entries import class_of
from billing_domain.serialization.faults import refuse_items, refuse_object, within
from billing_domain.serialization.models import Read, Write
from billing_domain.serialization.scalars import expected, wrong

_MAKE: dict[Any, Callable[[list[Any]], Any]] = {tuple: tuple, Sequence: tuple, list: list, frozenset: frozenset}
_MAPPINGS = (dict, Mapping)


def is_items(hint: Any) -> bool:
    """Say whether it is a type of many items."""
    return class_of(hint) in _MAKE


def is_mapping(hint: Any) -> bool:
    """Say whether it is a type of values by name."""
    return class_of(hint) in _MAPPINGS


def _item_types(hint: Any) -> Callable[[int], tuple[Any, ...]]:
    """Return what gives one type for each item; as many as the type says, for a tuple of fixed length."""
    types = get_args(hint) or (Any, ...)
    if class_of(hint) is tuple and types[-1] is not Ellipsis:
        return lambda _: types
    return lambda count: types[:1] * count


def items_writer(hint: Any, converter: Converter) -> Write:
    """Return what writes items as a list; those of a set in a fixed order."""
    fixed = class_of(hint) is frozenset
    wanted = (frozenset, set) if fixed else (tuple, list)
    types = _item_types(hint)

    def write(value: Any) -> list[Any]:
        if not isinstance(value, wanted):
            raise wrong(value, "a frozenset" if fixed else "a tuple")
        kinds = types(len(value))
        if len(kinds) != len(value):
            raise wrong(value, f"a tuple of {len(kinds)}")
        written = [_written(item, place, kind, converter) for place, (item, kind) in enumerate(zip(value, kinds, strict=True))]
        return sorted(written, key=json.dumps) if fixed else written

    return write


def _written(item: object, place: int, kind: Any, converter: Converter) -> Any:
    try:
        return converter.get_unstructure_hook(kind)(item)
    except Exception as error:
        within(error, place, kind)
        raise


def items_reader(hint: Any, converter: Converter) -> Read:
    """Return what reads a list, telling the faults of all items at once."""
    kind = class_of(hint)
    make, types = _MAKE[kind], _item_types(hint)

    def read(data: object, _: Any) -> Any:
        if not isinstance(data, list):
            raise expected(data, "this is a list", "write it in square brackets")
        kinds = types(len(data))
        if len(kinds) != len(data):
            raise expected(data, f"this list has {len(kinds)} items", "write each of them")
        found, faults = [], list[Exception]()
        for place, (item, wanted) in enumerate(zip(data, kinds, strict=True)):
            try:
                found.append(converter.get_structure_hook(wanted)(item, wanted))
            except Exception as error:  # noqa: BLE001  the hook of a host may raise anything, and all faults are told
                faults.append(within(error, place, wanted))
        if kind is frozenset and not faults and len(set(found)) != len(found):
            raise expected(data, "each item stands once in this list", "leave the second one out")
        if faults:
            refuse_items(faults, hint)
        return make(found)

    return read


def mapping_writer(hint: Any, converter: Converter) -> Write:
    """Return what writes a mapping as an object, or as a list of pairs where its keys are not texts."""
    key, kind = get_args(hint)
    if key is not str:
        return _pairs_writer(items_writer(_pairs(hint), converter))

    def write(value: object) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise wrong(value, "a mapping")
        name, hook = converter.get_unstructure_hook(str), converter.get_unstructure_hook(kind)
        return {name(key): hook(item) for key, item in value.items()}

    return write


def _pairs(hint: Any) -> Any:
    return tuple[tuple[get_args(hint)], ...]  # type: ignore[misc]  # a type that is made at run time


def _pairs_writer(write_items: Write) -> Write:
    def write(value: object) -> Any:
        if not isinstance(value, Mapping):
            raise wrong(value, "a mapping")
        return write_items(tuple(value.items()))

    return write


def mapping_reader(hint: Any, converter: Converter) -> Read:
    """Return what reads an object, or a list of pairs, as a mapping, telling all faults at once."""
    key, kind = get_args(hint)
    if key is not str:
        pairs = items_reader(_pairs(hint), converter)
        return lambda data, _: dict(pairs(data, _))

    def read(data: object, _: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise expected(data, "this is an object", "write it in curly brackets")
        found, faults = dict[str, Any](), list[Exception]()
        for name, item in data.items():
            try:
                found[name] = converter.get_structure_hook(kind)(item, kind)
            except Exception as error:  # noqa: BLE001  the hook of a host may raise anything, and all faults are told
                faults.append(within(error, str(name), kind))
        if faults:
            refuse_object(faults, kind)
        return found

    return read
