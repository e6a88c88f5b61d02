"""The fields of a model as they are stored: read off the class, never listed by hand."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, NewType, get_origin, get_type_hints

import attrs

from billing_domain.catalog import Catalog, Plan
from billing_domain.errors import RefusedError

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

WholePlan = NewType("WholePlan", Plan)
"""A plan with all its charges, as only a catalog stores it; elsewhere a plan is its key."""

_Factory: Any = attrs.Factory  # a class that is typed as a function

MISSING = object()
"""Stands for a field that has no empty default."""


class Entry(NamedTuple):
    """One field of a model.

    Args:
        name: The attribute.
        key: What it is called in plain data and when the model is made.
        hint: Its type.
        required: Whether it has no default.
        empty: Its default where that is empty, so that it is left out; `MISSING` for others.
    """

    name: str
    key: str
    hint: Any
    required: bool
    empty: object


def class_of(hint: Any) -> Any:
    """Return the class behind a type such as `Fact[int]`."""
    return get_origin(hint) or hint


def is_named_tuple(hint: Any) -> bool:
    """Say whether it is a class of named tuples."""
    return isinstance(hint, type) and issubclass(hint, tuple) and hasattr(hint, "_fields")


def is_model(hint: Any) -> bool:
    """Say whether it is a class whose fields are stored by name."""
    found = class_of(hint)
    return isinstance(found, type) and (attrs.has(found) or is_named_tuple(found))


def is_protocol(hint: Any) -> bool:
    """Say whether it is a protocol, whose values are plugins."""
    return isinstance(hint, type) and bool(getattr(hint, "_is_protocol", False))


def kind_name(kind: type) -> str:
    """Return how a union names a class in plain data.

    Example:
        >>> from billing_domain.subscriptions import PlanChanged
        >>> kind_name(PlanChanged)
        'plan-changed'
    """
    return _WORD.sub("-", kind.__name__.lstrip("_")).lower()


def is_empty(value: object) -> bool:
    """Say whether a value says nothing: None, no, an empty text, no items."""
    return value is None or value is False or (isinstance(value, str | tuple | frozenset | Mapping) and not value)


@cache
def entries_of(kind: type) -> tuple[Entry, ...]:
    """Return the stored fields of a model; what is derived from others is left out.

    Raises:
        RefusedError: A field is marked as secret.
    """
    hints = get_type_hints(kind)
    if issubclass(kind, Catalog):
        hints["plans"] = tuple[WholePlan, ...]
    if is_named_tuple(kind):
        return tuple(_tuple_entry(kind, name, hints[name]) for name in kind._fields)  # type: ignore[attr-defined]
    return tuple(_attrs_entry(kind, field, hints[field.name]) for field in attrs.fields(kind) if field.init)


def _tuple_entry(kind: Any, name: str, hint: Any) -> Entry:
    default = kind._field_defaults.get(name, MISSING)
    return Entry(name, name, hint, default is MISSING, default if is_empty(default) else MISSING)


def _attrs_entry(kind: type, field: "attrs.Attribute[Any]", hint: Any) -> Entry:
    if field.metadata.get("secret"):
        raise RefusedError(f"{kind.__name__}.{field.name}", "a secret is never written as plain data", "keep it where secrets are kept")
    default = _default(field)
    return Entry(field.name, field.alias or field.name, hint, field.default is attrs.NOTHING, default if is_empty(default) else MISSING)


def _default(field: "attrs.Attribute[Any]") -> object:
    default: Any = field.default
    if isinstance(default, _Factory):
        return MISSING if default.takes_self else default.factory()
    return default
