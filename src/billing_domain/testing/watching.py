"""See what a plugin reaches for beside what it is given: clocks, chance, the environment, files, the network.

Only for a process of its own: the hook that hears of files and sockets stays until the process ends.
"""

import os
import random
import sys
import types
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

T = TypeVar("T")

_CLOCKS = frozenset({"now", "today", "utcnow"})
_TIMES = frozenset(
    {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "sleep",
     "localtime", "gmtime", "ctime", "asctime", "clock_gettime", "clock_gettime_ns"}
)  # fmt: skip
_HEARD = ("open", "os.", "socket.", "subprocess.", "shutil.", "glob.", "tempfile.", "urllib.", "http.", "sqlite3.", "ftplib.", "smtplib.")
_ENVIRONMENT = os.environ.__class__.__getitem__.__code__

_noted: list[list[str]] = []
"""The notes of those that watch now."""


def note_event(event: str, _details: tuple[Any, ...]) -> None:
    """Note an event of the interpreter that is about files, processes or the network."""
    if _noted and event.startswith(_HEARD):
        _noted[-1].append(event)


def note_call(frame: types.FrameType, event: str, called: Any) -> None:
    """Note a call of a clock, of chance, or of the environment."""
    if event == "call" and frame.f_code is _ENVIRONMENT:
        _noted[-1].append("os.environ")
    elif event == "c_call" and (found := _touched(called)):
        _noted[-1].append(found)


def _touched(called: Any) -> str:
    owner, name = getattr(called, "__self__", None), getattr(called, "__name__", "")
    if isinstance(owner, type) and issubclass(owner, date) and name in _CLOCKS:
        return f"{owner.__name__}.{name}"
    if isinstance(owner, types.ModuleType):
        module = owner.__name__
        return f"{module}.{name}" if (module == "time" and name in _TIMES) or name == "urandom" else ""
    shared = isinstance(owner, random.Random) and owner is getattr(random.seed, "__self__", None)
    return f"random.{name}" if shared else ""


@contextmanager
def watching() -> Generator[list[str], None, None]:
    """Note what is reached for while it lasts; the same thing may stand there more than once."""
    notes: list[str] = []
    before = sys.getprofile()
    _noted.append(notes)
    sys.setprofile(note_call)
    try:
        yield notes
    finally:
        sys.setprofile(before)
        _noted.pop()


def watched(call: Callable[[], T]) -> tuple[T, list[str]]:
    """Return what a call answers, and what it reached for."""
    with watching() as notes:
        answer = call()
    return answer, sorted(set(notes))
