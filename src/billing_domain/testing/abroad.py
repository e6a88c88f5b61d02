"""Ask a plugin in other processes, each under its own hash seed and in its own time zone, and see there what it reaches for.

One process for each place serves a whole run of tests; it ends with the run.
"""

import atexit
import importlib
import importlib.util
import os
import pickle
import pickletools
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import IO, Any, NamedTuple

from billing_domain.money import exact
from billing_domain.testing.watching import note_event, watched

PLACES = (("0", "Pacific/Auckland"), ("42", "America/St_Johns"))
"""Hash seeds and time zones."""

_SIZE = 8
_SERVE = "from billing_domain.testing.abroad import serve; serve()"


class Raised(NamedTuple):
    """That a plugin raised, where others answer.

    Args:
        error: The class of the error.
        text: What it said.
    """

    error: str
    text: str


class Letter(NamedTuple):
    """What is sent to another process.

    Args:
        asked: The pickled function that asks, the plugin, and the questions.
        path: Where modules are looked for.
        files: The file of each module that is named, by module.
    """

    asked: bytes
    path: tuple[str, ...]
    files: dict[str, str]


class Reply(NamedTuple):
    """What came of the questions in another process.

    Args:
        answers: The answer to each question, or a `Raised`.
        touched: What was reached for beside what was given.
        error: Why nothing could be asked; empty where it could.
    """

    answers: list[Any]
    touched: list[str]
    error: str = ""


def abroad(ask: Callable[[Any, Any], Any], plugin: object, questions: Sequence[Any]) -> list[Reply]:
    """Return what a plugin answers in each place.

    Args:
        ask: A function at the top of a module, called with the plugin and a question.
        plugin: The plugin.
        questions: What it is asked.
    """
    asked = pickle.dumps((ask, plugin, list(questions)))
    letter = pickle.dumps(Letter(asked, tuple(sys.path), _files(asked)))
    return [_send(_process(*place), letter) for place in PLACES]


def answer_of(ask: Callable[[Any, Any], Any], plugin: object, question: Any) -> Any:
    """Return the answer, as the core asks: within its own decimal context; or that it raised."""
    with exact():
        try:
            return ask(plugin, question)
        except Exception as error:  # noqa: BLE001  whatever it raises is what it answers
            return Raised(type(error).__name__, str(error))


def _files(asked: bytes) -> dict[str, str]:
    """Return the files of the modules that pickled bytes name, so that a test module is found in whatever way it was imported."""
    named = {value for _, value, _ in pickletools.genops(asked) if isinstance(value, str) and value in sys.modules} - {"__main__"}
    files = {name: getattr(sys.modules[name], "__file__", None) for name in sorted(named)}
    return {name: file for name, file in files.items() if file}


def _send(process: "subprocess.Popen[bytes]", letter: bytes) -> Reply:
    assert process.stdin is not None, "it is a pipe"
    assert process.stdout is not None, "it is a pipe"
    _write(process.stdin, letter)
    reply: Reply = pickle.loads(_read(process.stdout))  # noqa: S301  our own process
    return reply


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_SIZE, "big") + data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    return stream.read(int.from_bytes(stream.read(_SIZE), "big"))


@cache
def _process(seed: str, zone: str) -> "subprocess.Popen[bytes]":
    place = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(  # noqa: S603  Python itself
        [sys.executable, "-c", _SERVE], env=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    atexit.register(process.communicate)
    return process


# ------------------------------------------------------------------------------------------------ in the other process


def serve() -> None:  # pragma: no cover  it runs in another process
    """Answer letters until no more come; what a plugin prints goes nowhere."""
    letters, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    sys.addaudithook(note_event)
    while letter := _read(letters):
        _write(replies, answered(letter))


def answered(letter: bytes) -> bytes:
    """Return the reply to a letter, in bytes."""
    asked, path, files = pickle.loads(letter)  # noqa: S301  our own bytes
    sys.path.extend(place for place in path if place not in sys.path)
    try:
        _load(files)
        ask, plugin, questions = pickle.loads(asked)  # noqa: S301  likewise
    except Exception as error:  # noqa: BLE001  whatever an import raises
        return pickle.dumps(Reply([], [], f"{type(error).__name__}: {error}"))
    answers, touched = [], set[str]()
    for question in questions:
        answer_of(ask, plugin, question)  # what is loaded once may be loaded now
        answer, found = watched(lambda question=question: answer_of(ask, plugin, question))  # type: ignore[misc]
        answers.append(answer)
        touched.update(found)
    return _packed(Reply(answers, sorted(touched)))


def _packed(reply: Reply) -> bytes:
    try:
        return pickle.dumps(reply)
    except Exception as error:  # noqa: BLE001  whatever pickling raises
        return pickle.dumps(Reply([], reply.touched, f"an answer does not travel: {error}"))


def _load(files: dict[str, str]) -> None:
    """Import each module by its name where that leads to its file, else from the file."""
    for name, file in files.items():
        known = sys.modules.get(name)
        if (known is not None and getattr(known, "__file__", None) == file) or _imported(name) == file:
            continue
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            importlib.import_module(name)  # which says why not
            continue
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


def _imported(name: str) -> str | None:
    sys.modules.pop(name, None)
    try:
        return getattr(importlib.import_module(name), "__file__", None)
    except ImportError:
        return None
