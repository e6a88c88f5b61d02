"""The number of the schema, and how what an older schema wrote becomes what this one reads.

Within 1.x a field is only ever added, with a default that is empty: None, an empty text, no items, or no.
It is left out where it is empty, so what was written before stays the same text.
Any other change counts the schema up and adds an upgrade, which works on the plain data of one model, wherever that stands.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

import attrs

from billing_domain.errors import InvalidValueError
from billing_domain.serialization.scalars import expected, told, whole

Data = dict[str, Any]
"""One object of plain data."""

KEY = "schema"
"""Where a stored document has the number of its schema."""

_written_in: ContextVar[int | None] = ContextVar("_written_in", default=None)  # like an argument that hooks of cattrs can not hand on


@attrs.frozen
class Upgrade:
    """What changed in the plain data of one model.

    Args:
        to: The schema in which the new form begins.
        model: The class that is read from it.
        change: From the old object to the new one; it must not change the old one.
    """

    to: int
    model: type
    change: Callable[[Data], Data]


def _in_order(values: Iterable[Upgrade]) -> tuple[Upgrade, ...]:
    return tuple(sorted(values, key=lambda upgrade: upgrade.to))


@attrs.frozen
class Schema:
    """A schema with all upgrades that lead to it.

    Args:
        number: What is written on stored documents.
        upgrades: In any order; each leads to this schema or an earlier one.

    Example:
        >>> Schema(1).checked(1)
        1
    """

    number: int
    upgrades: tuple[Upgrade, ...] = attrs.field(converter=_in_order, default=())

    def __attrs_post_init__(self) -> None:
        for upgrade in self.upgrades:
            if not 2 <= upgrade.to <= self.number:
                raise InvalidValueError(
                    upgrade.to, f"an upgrade leads to a schema from 2 on, and up to {self.number} here", "count the schema up"
                )

    def checked(self, written: object) -> int:
        """Return the number of a stored document if it can be read.

        Raises:
            InvalidValueError: It is of a later version, or none at all.
        """
        number = whole(written)
        if not 1 <= number <= self.number:
            raise InvalidValueError(
                number, f"this version reads the schemas 1 to {self.number}", "update the library, or check where the data come from"
            )
        return number

    def raised(self, model: type, data: object) -> Data:
        """Return the object of a model in the form of this schema."""
        if not isinstance(data, dict):
            raise expected(data, f"a {model.__name__} is an object", "write its fields by name")
        written = _written_in.get()
        if written is not None and written < self.number:
            for upgrade in self.upgrades:
                if upgrade.model is model and upgrade.to > written:
                    data = upgrade.change(data)
        return data

    def read(self, document: object, read: Callable[[Data], Any]) -> Any:
        """Return what reading a stored document gives, by the schema that it names."""
        if not isinstance(document, dict):
            raise expected(document, "a stored document is an object", "load the JSON text first")
        if KEY not in document:
            raise InvalidValueError(told(document), "a stored document has the number of its schema", f'write "{KEY}": {self.number}')
        written = _written_in.set(self.checked(document[KEY]))
        try:
            return read({key: value for key, value in document.items() if key != KEY})
        finally:
            _written_in.reset(written)


CURRENT = Schema(1)
"""The schema that this version writes."""
