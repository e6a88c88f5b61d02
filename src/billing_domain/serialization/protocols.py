"""What a host plugs in here: where codes of plugins lead to."""

from typing import Any, Protocol


class Codes(Protocol):
    """**Protocol:** finds the class of a plugin by the code under which it was stored; the registry of plugins fits.

    Called once for each stored plugin that the library does not ship; a code never changes its meaning.
    """

    def plugin(self, kind: type[Any], code: str) -> type[Any]:
        """Return the class with this code that fits a protocol, such as `PriceModel`, or raise `UnknownReferenceError`."""
        ...
