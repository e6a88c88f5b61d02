"""Rooms that open late: what they say to people, to checkers and to Python is the same."""

import ast
import pickle
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import billing_domain

SOURCE = Path(billing_domain.__file__).parent
LATE = sorted(path for path in SOURCE.rglob("__init__.py") if "opened_late" in path.read_text("utf-8"))
PROMPT = ("from billing_domain import bill", "from billing_domain import Account, AccountSnapshot, Plan, Subscription, presets, bill_many")


def name_of(path: Path) -> str:
    """Return the name of a room by its file."""
    return ".".join(path.parent.relative_to(SOURCE.parent).parts)


NAMES = [name_of(path) for path in LATE]


def shown(path: Path) -> dict[str, str]:
    """Return the module of each name that a room shows to people and checkers."""
    (block,) = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    room = name_of(path)
    return {one.name: f"{room}.{one.name}" if node.module == room else node.module for node in imports for one in node.names}


def found(path: Path) -> dict[str, str]:
    """Return the module of each name that Python is told of."""
    (call,) = [
        node
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "opened_late"
    ]
    files = ast.literal_eval(call.args[1])
    return {name: file for file, names in files.items() for name in names.split()}


def run(script: str) -> list[str]:
    """Return the words that a script prints in a process of its own."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.parametrize("path", LATE, ids=name_of)
def test_a_room_says_the_same_to_all(path: Path) -> None:
    """Imports for checkers, modules for Python and `__all__` name the same things."""
    assert found(path) == shown(path)
    assert set(import_module(name_of(path)).__all__) == shown(path).keys()


@pytest.mark.parametrize("path", LATE, ids=name_of)
def test_no_file_of_a_room_has_the_name_of_what_it_makes(path: Path) -> None:
    """Python binds a file of a room to its name in the room, so a function of that name would be hidden by it."""
    room = name_of(path)
    assert [name for name, file in found(path).items() if file != f"{room}.{name}" and find_spec(f"{room}.{name}")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_room_lists_its_names_before_they_are_opened(name: str) -> None:
    """`dir()` and `from room import *` know every name of a room that is still closed."""
    script = f"import {name} as room\nmissing = set(room.__all__) - set(dir(room))\nfrom {name} import *\n"
    assert run(f"{script}print(len(missing), len(set(room.__all__) - set(globals())))") == ["0", "0"]


@pytest.mark.parametrize("name", NAMES)
def test_a_room_opens_a_name_once(name: str) -> None:
    """A name is the same thing each time, and is looked up no more once it is there."""
    room = import_module(name)
    assert all(getattr(room, each) is vars(room)[each] for each in room.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_a_room_has_no_other_name(name: str) -> None:
    """A name that a room does not have is refused as by any module."""
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'nothing'"):
        _ = import_module(name).nothing
    with pytest.raises(ImportError):
        exec(f"from {name} import nothing")


def test_public_functions_pickle_from_a_closed_room() -> None:
    """What one process pickles, another unpickles that has opened no room."""
    sent = pickle.dumps((billing_domain.bill, billing_domain.Plan, billing_domain.presets.LT_VAT))
    assert run(f"import pickle\nprint(len(pickle.loads({sent!r})))") == ["3"]


@pytest.mark.parametrize("code", PROMPT)
def test_billing_opens_what_it_uses(code: str) -> None:
    """Programs that bill load neither the desk of care nor experiments, nor what discounts and payments do beside billing."""
    opened = run(f"{code}\nimport sys\nprint(*sys.modules)")
    unused = {"care", "retention", "waiting", "discounts.judging", "discounts.loading", "payments.dunning", "payments.statements"}
    assert unused & {name.removeprefix("billing_domain.") for name in opened} == set()
