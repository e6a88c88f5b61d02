"""Seeing to it that what a caller gave is what its name says."""

from collections.abc import Iterable
from types import UnionType
from typing import Any

from billing_domain.errors import InvalidTypeError


def one_of(value: object, kind: type | UnionType, what: str, remedy: str) -> None:
    """Refuse a value of another kind.

    Args:
        value: What was given.
        kind: What it has to be.
        what: What it is called, in lower case.
        remedy: What to do instead.

    Raises:
        InvalidTypeError: It is of another kind.
    """
    if not isinstance(value, kind):
        raise InvalidTypeError(value, f"{what} is {_named(kind)}", remedy)


def each_of(values: Iterable[Any], kind: type | UnionType, what: str, remedy: str) -> tuple[Any, ...]:
    """Return values as a tuple, each of a kind.

    Raises:
        InvalidTypeError: They are not several, or one is of another kind.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidTypeError(values, f"{what} comes in a list of {_named(kind)}", remedy)
    found = tuple(values)
    for value in found:
        one_of(value, kind, what, remedy)
    return found


def _named(kind: type | UnionType) -> str:
    return " | ".join(part.__name__ for part in kind.__args__) if isinstance(kind, UnionType) else kind.__name__
