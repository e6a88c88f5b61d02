"""Models as objects: one key a field, left out where it is empty, read back strictly."""

from collections.abc import Callable
from functools import cache
from typing import Any

from cattrs import Converter

from billing_domain.errors import InvalidValueError
from billing_domain.serialization.entries import MISSING, Entry, class_of, entries_of, is_empty
from billing_domain.serialization.faults import refuse_object, within
from billing_domain.serialization.scalars import wrong
from billing_domain.serialization.schema import Data, Schema

Write = Callable[[Any], Any]
Read = Callable[[Any, Any], Any]


def model_writer(hint: Any, converter: Converter) -> Write:
    """Return what writes a model as an object, fields in the order of the class."""
    kind = class_of(hint)

    @cache  # looked up when first needed, for a model may hold models of its own kind
    def fields() -> tuple[tuple[Entry, Write], ...]:
        return tuple((entry, converter.get_unstructure_hook(entry.hint)) for entry in entries_of(kind))

    def write(value: object) -> Data:
        if type(value) is not kind:
            raise wrong(value, f"a {kind.__name__}")
        data: Data = {}
        for entry, hook in fields():
            held = getattr(value, entry.name)
            if entry.empty is MISSING or not (is_empty(held) and held == entry.empty):
                data[entry.key] = _written(held, entry, hook)
        return data

    return write


def _written(held: object, entry: Entry, hook: Write) -> Any:
    try:
        return hook(held)
    except Exception as error:
        within(error, entry.key, entry.hint)
        raise


def model_reader(hint: Any, converter: Converter, schema: Schema) -> Read:
    """Return what reads a model, refusing keys that it does not have and telling all faults at once."""
    kind = class_of(hint)

    @cache
    def fields() -> tuple[tuple[Entry, Read], ...]:
        return tuple((entry, converter.get_structure_hook(entry.hint)) for entry in entries_of(kind))

    def read(data: object, _: Any) -> Any:
        known = fields()
        stored = schema.raised(kind, data)
        faults: list[Exception] = []
        given: Data = {}
        for entry, hook in known:
            if entry.key in stored:
                try:
                    given[entry.key] = hook(stored[entry.key], entry.hint)
                except Exception as error:  # noqa: BLE001  the hook of a host may raise anything, and all faults are told
                    faults.append(within(error, entry.key, entry.hint))
            elif entry.required:
                faults.append(InvalidValueError(repr(entry.key), f"{kind.__name__} has this key", "write it"))
        if len(stored) > len(given) or faults:
            faults += _unknown(stored, [entry.key for entry, _ in known], kind)
        if faults:
            refuse_object(faults, kind)
        return kind(**given)

    return read


def _unknown(stored: Data, known: list[str], kind: type) -> list[Exception]:
    rule = f"{kind.__name__} has only the keys {', '.join(known)}" if known else f"{kind.__name__} has no keys"
    return [
        within(InvalidValueError(repr(key), rule, "leave it out, or mend its name"), str(key), kind) for key in stored if key not in known
    ]
