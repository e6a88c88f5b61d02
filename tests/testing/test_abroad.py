"""Plugins are asked in other processes, and watched there for what they reach for."""

import os
import pickle
import random
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import find

from billing_domain.conditions import Fact, Facts
from billing_domain.testing.abroad import Letter, Raised, Reply, abroad, answered
from billing_domain.testing.plugin_contract import same, sample
from billing_domain.testing.reading import Probe, values_of
from billing_domain.testing.strategies import currencies
from billing_domain.testing.watching import note_call, note_event, watched, watching


def ask(plugin, question):
    """Divide."""
    return plugin // question


def unpicklable(plugin, question):
    """Return what does not travel."""
    return lambda: plugin


def sent(asked, files=None):
    """Return the reply to a letter, answered here."""
    return pickle.loads(answered(pickle.dumps(Letter(asked, (str(Path(__file__).parent),), files or {}))))


@pytest.mark.parametrize(
    ("call", "touched"),
    [
        (lambda: datetime.now(UTC), ["datetime.now"]),
        (lambda: date.today(), ["date.today"]),  # noqa: DTZ011  that is the case
        (lambda: time.monotonic(), ["time.monotonic"]),
        (lambda: random.choice([1, 2]), ["random.getrandbits"]),
        (lambda: os.urandom(1), [f"{os.name}.urandom"]),
        (lambda: os.environ.get("HOME"), ["os.environ"]),
        (lambda: random.Random(7).random(), []),
        (lambda: datetime(2026, 3, 1, tzinfo=UTC).isoformat(), []),
        (lambda: sorted([2, 1]), []),
    ],
)
def test_what_is_reached_for_is_noted(call, touched):
    """Clocks, chance and the environment are; what is worked out from what was given is not."""
    before = sys.getprofile()
    assert watched(call)[1] == touched
    assert sys.getprofile() is before


def test_events_are_noted_while_somebody_watches():
    """Files and sockets are told by the interpreter; nothing is kept where nobody watches."""
    note_event("open", ("x", "r", 0))
    with watching() as notes:
        note_event("open", ("x", "r", 0))
        note_event("socket.connect", ())
        note_event("import", ())
    assert notes == ["open", "socket.connect"]


def test_calls_are_told_apart():
    """A call of a built-in function is looked at by its owner; other calls are not."""
    frame = sys._getframe()
    environment: Any = SimpleNamespace(f_code=type(os.environ).__getitem__.__code__)
    with watching() as notes:
        sys.setprofile(None)  # what follows is called here, and not by the interpreter
        for called in (datetime.now, time.time, os.urandom, random.random, random.Random(7).random, [].append, datetime.isoformat):
            note_call(frame, "c_call", called)
        note_call(frame, "call", None)
        note_call(environment, "call", None)
        note_call(frame, "return", None)
    assert notes == ["datetime.now", "time.time", f"{os.name}.urandom", "random.random", "os.environ"]


def test_values_at_the_end_of_time():
    """A fact that is compared with the last day of the calendar has values too."""
    fact = Fact("acme:until", date, title="until")
    assert date.max in sample(values_of(fact, [date.max]), 40)
    assert find(values_of(Fact("acme:tags", frozenset, title="tags", choices=("a", "b"))), bool) in ({"a"}, {"b"})


def test_answers_and_errors_come_back():
    """An answer for each question, and that it raised where it did."""
    reply = sent(pickle.dumps((ask, 7, [2, 0])))
    assert reply == Reply([3, Raised("ZeroDivisionError", "integer division or modulo by zero")], [])
    assert [each.answers for each in abroad(ask, 7, [2])] == [[3], [3]]


def test_what_can_not_be_asked_says_why(tmp_path):
    """A module that is nowhere, one that fails, and an answer that does not travel."""
    failing = tmp_path / "kit_failing.py"
    failing.write_text("raise RuntimeError('no')", "utf-8")
    assert "ModuleNotFoundError" in sent(pickle.dumps((ask, 7, [])), {"kit_nowhere": str(tmp_path / "kit_nowhere.txt")}).error
    assert "RuntimeError: no" in sent(pickle.dumps((ask, 7, [])), {"kit_failing": str(failing)}).error
    assert "does not travel" in sent(pickle.dumps((unpicklable, 7, [1]))).error


def test_a_module_is_loaded_from_its_file(tmp_path):
    """Whatever the way in which a test module was imported, it is found by its name and file."""
    module = tmp_path / "kit_module.py"
    module.write_text("VALUE = 3", "utf-8")
    assert sent(pickle.dumps((ask, 7, [])), {"kit_module": str(module)}).error == ""
    assert sys.modules.pop("kit_module").VALUE == 3


def test_a_module_that_is_there_already_is_left_alone():
    """What was imported from the same file is not loaded a second time."""
    before = sys.modules["json"]
    assert sent(pickle.dumps((ask, 7, [2])), {"json": str(before.__file__)}) == Reply([3], [])
    assert sys.modules["json"] is before


def test_a_module_is_taken_by_its_name_where_its_file_is_no_source(tmp_path, monkeypatch):
    """What can not be loaded from the file that is named is imported as it is found."""
    (tmp_path / "kit_elsewhere.py").write_text("VALUE = 4", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert sent(pickle.dumps((ask, 7, [])), {"kit_elsewhere": str(tmp_path / "kit_elsewhere.txt")}).error == ""
    assert sys.modules.pop("kit_elsewhere").VALUE == 4


@attrs.frozen
class Colour:
    """What a host reads facts by, without being a fact of the library."""

    code: str = "acme:colour"
    key: str = "acme:colour text"

    def freeze(self, value):
        """Return the text."""
        return str(value)

    def read(self, stored):
        """Return the text."""
        return stored


def test_a_probe_notes_facts_alone():
    """What is read by something else is answered as ever, and is no fact whose values could be drawn."""
    tags = Fact("acme:tags", frozenset, title="tags", choices=("a", "b"))
    probe = Probe(Facts({Colour(): "red"}), set())
    assert (probe[Colour()], probe.get(Colour()), Colour() in probe, tags in probe) == ("red", "red", True, False)
    assert probe.seen == {tags}


def test_a_sample_is_always_the_same():
    """Two samples of one strategy are equal."""
    assert sample(currencies()) == sample(currencies())
    assert same(float("nan"), float("nan"))
    assert not same(1, 2)
