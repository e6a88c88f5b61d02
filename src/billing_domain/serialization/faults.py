"""All faults of one loading at once, each with the path where it stands."""

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from cattrs import AttributeValidationNote, ClassValidationError, IterableValidationError, IterableValidationNote

from billing_domain.errors import BillingError, LoadError
from billing_domain.serialization.scalars import told

ROOT = "$"

Fault = tuple[str, str]
"""A path and what is wrong there."""


def within(error: Exception, name: str | int, kind: Any) -> Exception:
    """Return the error with a note of the key or place where it came up."""
    if isinstance(name, str):
        error.add_note(AttributeValidationNote(f"in {name}", name, kind))
    else:
        error.add_note(IterableValidationNote(f"at {name}", name, kind))
    return error


def refuse_object(errors: Iterable[Exception], kind: Any) -> NoReturn:
    """Raise all errors of one object as cattrs groups them."""
    raise ClassValidationError("an object has faults", list(errors), kind)  # pyright: ignore[reportCallIssue]  its `__new__` takes the class too


def refuse_items(errors: Iterable[Exception], kind: Any) -> NoReturn:
    """Raise all errors of one list as cattrs groups them."""
    raise IterableValidationError("a list has faults", list(errors), kind)  # pyright: ignore[reportCallIssue]  its `__new__` takes the class too


def load_error(error: Exception) -> LoadError:
    """Return the error that tells every fault with its path.

    Example:
        >>> from billing_domain.errors import InvalidValueError
        >>> load_error(within(InvalidValueError("'x'", "a day is a day", "write one"), "on", None)).faults
        (('$.on', "'x': a day is a day; write one"),)
    """
    faults = tuple(_faults(error, ROOT))
    return LoadError(
        f"{len(faults)} faults" if len(faults) != 1 else "1 fault",
        "plain data has exactly the form of its model",
        "mend each of these",
        faults,
    )


def _faults(error: Exception, path: str) -> Iterator[Fault]:
    place = path + "".join(_steps(error))
    if isinstance(error, LoadError):
        yield from ((place + inner.removeprefix(ROOT), text) for inner, text in error.faults)
    elif isinstance(error, ExceptionGroup):
        for each in error.exceptions:
            yield from _faults(each, place)
    elif isinstance(error, BillingError):
        yield place, _sentence(error)
    else:
        yield place, f"{type(error).__name__}: {error}"


def _steps(error: Exception) -> Iterator[str]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            yield f".{note.name}"
        elif isinstance(note, IterableValidationNote):
            yield f".{note.index}" if isinstance(note.index, str) else f"[{note.index}]"


def _sentence(error: BillingError) -> str:
    shown = error.value if isinstance(error.value, str) else told(error.value)
    return f"{shown}: {error.rule}; {error.remedy}"
