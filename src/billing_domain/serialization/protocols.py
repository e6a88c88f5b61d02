"""What a host plugs in here: where the codes in plain data lead to."""

from typing import Any, Protocol

from billing_domain.conditions import Vocabulary


class Codes(Protocol):
    """**Protocol:** what the codes in plain data lead to; the registry of plugins fits."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts and conditions that plain data may name."""
        ...

    def plugin(self, kind: type[Any], code: str) -> type[Any]:
        """Return the class with this code that fits a protocol, such as `PriceModel`, or raise `UnknownReferenceError`.

        Called for each stored plugin that the library does not ship; a code never changes its meaning.
        """
        ...
