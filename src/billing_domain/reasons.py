"""Why a figure is what it is: a code and the facts behind it, never a sentence.

Sentences are made where people read, in their language; a reason is what they are made from.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import attrs

from billing_domain.errors import InvalidTypeError, InvalidValueError

_KINDS = (str, int, bool, Decimal, date, tuple)
Fact = str | int | bool | Decimal | date | tuple["Fact", ...]


def pairs(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return a mapping of texts as pairs sorted by name, which a frozen value can hold.

    Example:
        >>> pairs({"b": "2", "a": "1"})
        (('a', '1'), ('b', '2'))
    """
    return tuple(sorted(dict(values).items()))


def _facts(facts: Mapping[str, Fact]) -> tuple[tuple[str, Fact], ...]:
    for name, value in facts.items():
        if not isinstance(value, _KINDS):
            raise InvalidTypeError(value, f"fact {name!r} of a reason is text, a whole number, a Decimal or a day", "convert it first")
    return tuple(sorted(facts.items()))


@attrs.frozen
class Reason:
    """A code in the words of the field, with the facts that made it true.

    Args:
        code: A short code; one of a plugin carries its namespace, as in `acme:loyal`.
        items: The facts as pairs of name and value, sorted by name; `Reason.of` makes them.

    Example:
        >>> reason = Reason.of("late-usage", quantity=4)
        >>> reason.code, reason.facts["quantity"]
        ('late-usage', 4)
    """

    code: str
    items: tuple[tuple[str, Fact], ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.code:
            raise InvalidValueError(self.code, "a reason has a code", "name the reason")

    @classmethod
    def of(cls, code: str, /, **facts: Fact) -> "Reason":
        """Return the reason with these facts."""
        return cls(code, _facts(facts))

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts by name, read only."""
        return MappingProxyType(dict(self.items))

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.items)
        return f"{self.code} ({shown})" if shown else self.code
