"""What is plugged in, stored by its code and its fields."""

import importlib
import pkgutil
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import attrs
from cattrs import Converter

from billing_domain.errors import BillingError, RefusedError, UnknownReferenceError
from billing_domain.serialization.entries import is_protocol, kind_name
from billing_domain.serialization.models import Read, Write
from billing_domain.serialization.protocols import Codes
from billing_domain.serialization.scalars import expected
from billing_domain.serialization.unions import KIND, is_inline, tagged, untagged

CODE = "code"
_ROOT = "billing_domain"
_BESIDE_OR_ABOVE = {"plugins", "presets", "serialization", "testing"}


class Tag(NamedTuple):
    """How a class of plugins is named in plain data.

    Args:
        key: `code` where the class has a code; `kind` where each value has a code of its own, or none.
        name: The code, or the kind.
    """

    key: str
    name: str


def tag_of(kind: type) -> Tag:
    """Return how a class of plugins is named.

    Example:
        >>> from billing_domain.catalog import Flat
        >>> from billing_domain.tax import DomesticTax
        >>> tag_of(Flat), tag_of(DomesticTax)
        (Tag(key='code', name='flat'), Tag(key='kind', name='domestic-tax'))
    """
    code = getattr(kind, CODE, None)
    return Tag(CODE, code) if isinstance(code, str) else Tag(KIND, kind_name(kind))


@cache
def public_classes() -> tuple[type, ...]:
    """Return every class that a package of the floors below names in public, each once."""
    found: dict[type, None] = {}
    for name in _packages():
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            value = getattr(module, public)
            if isinstance(value, type) and value.__module__.startswith(f"{_ROOT}."):
                found.setdefault(value)
    return tuple(found)


def _packages() -> Iterator[str]:
    root = importlib.import_module(_ROOT)
    for found in pkgutil.walk_packages(root.__path__, f"{_ROOT}."):
        if found.name.split(".")[1] not in _BESIDE_OR_ABOVE:
            yield found.name


def fits(kind: type, protocol: type) -> bool:
    """Say whether a class has every member of a protocol.

    Example:
        >>> from billing_domain.catalog import Flat, PriceModel
        >>> from billing_domain.periods import ActualDays
        >>> fits(Flat, PriceModel), fits(ActualDays, PriceModel)
        (True, False)
    """
    wanted = {name for base in protocol.__mro__ if is_protocol(base) for name in vars(base) if not name.startswith("_")}
    return all(hasattr(kind, name) for name in wanted)


def can_be_plugin(kind: type) -> bool:
    """Say whether values of a class can be stored as plugins: models, and members of an enumeration."""
    return (attrs.has(kind) or issubclass(kind, Enum)) and not is_protocol(kind)


@cache
def shipped(protocol: type) -> dict[Tag, type]:
    """Return the classes of the library that fit a protocol, by their tag."""
    return {tag_of(kind): kind for kind in public_classes() if can_be_plugin(kind) and fits(kind, protocol)}


def _class_of(protocol: type, tag: Tag, codes: Codes | None) -> type:
    found = shipped(protocol).get(tag)
    if found is None and tag.key == CODE and codes is not None:
        found = codes.plugin(protocol, tag.name)
    if found is None:
        known = ", ".join(sorted(name for _, name in shipped(protocol)))
        remedy = "give rows(codes=...) a registry that has it"
        raise UnknownReferenceError(repr(tag.name), f"a stored {protocol.__name__} is one of {known}, or of the registry", remedy)
    return found


def plugin_writer(protocol: Any, converter: Converter, codes: Codes | None) -> Write:
    """Return what writes a plugin by its code and its fields, if it can be found by that code again."""

    def write(value: object) -> Any:
        kind = type(value)
        tag = tag_of(kind)
        if _registered(kind, tag) is not kind:
            raise RefusedError(
                kind.__name__,
                f"a {protocol.__name__} is stored by a code that leads back to its class",
                "add the class to the registry of rows(codes=...)",
            )
        return tagged(tag.key, tag.name, converter.get_unstructure_hook(kind)(value), inline=is_inline(kind))

    def _registered(kind: type, tag: Tag) -> type | None:
        try:
            return _class_of(protocol, tag, codes) if can_be_plugin(kind) else None
        except BillingError:
            return None

    return write


def plugin_reader(protocol: Any, converter: Converter, codes: Codes | None) -> Read:
    """Return what reads a plugin by its code."""

    def read(data: object, _: Any) -> Any:
        if not isinstance(data, dict):
            raise expected(data, f"a {protocol.__name__} is an object", f'write "{CODE}" and its fields')
        tag = _tag_in(data, protocol)
        kind = _class_of(protocol, tag, codes)
        return converter.get_structure_hook(kind)(untagged(tag.key, data, inline=is_inline(kind)), kind)

    return read


def _tag_in(data: dict[str, Any], protocol: type) -> Tag:
    kind = data.get(KIND)
    if isinstance(kind, str) and Tag(KIND, kind) in shipped(protocol):
        return Tag(KIND, kind)
    code = data.get(CODE)
    if not isinstance(code, str):
        raise expected(data, f"a {protocol.__name__} has a {CODE}, which is text", f'write "{CODE}" and its fields')
    return Tag(CODE, code)
