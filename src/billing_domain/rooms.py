"""How a room opens: each name is fetched from its file when it is first wanted, so that a program loads what it uses and no more.

Python reads the file `__init__.py` of a room even where only one file of it is needed, so a room that imported all it names would load
all its files, and all that these name in turn.
A room that opens late therefore says three things, and a test of the house sees that they agree: to people, editors and type checkers
what it holds, by imports under `if TYPE_CHECKING`; to Python which file makes which name; and in `__all__` what is public.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def opened_late(room: str, files: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the functions `__getattr__` and `__dir__` of a room.

    Args:
        room: Its `__name__`.
        files: For each module the names that it makes, with spaces between; a package inside the room is a name of its own.

    Example:
        >>> get, names = opened_late("billing_domain.rooms", {"fractions": "Fraction"})
        >>> get("Fraction")
        <class 'fractions.Fraction'>
        >>> "Fraction" in names()
        True
    """
    module = sys.modules[room]
    homes = {name: file for file, names in files.items() for name in names.split()}

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        home = import_module(homes[name])
        value = home if home.__name__ == f"{room}.{name}" else getattr(home, name)
        setattr(module, name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(module), *homes})

    return get, names
