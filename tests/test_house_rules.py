"""Rules that every module of the house keeps, read off the modules themselves."""

import ast
import builtins
import enum
import importlib
import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import billing_domain

SOURCE = Path(billing_domain.__file__).parent
TESTS = Path(__file__).parent

FILES = sorted(SOURCE.rglob("*.py"))
MODULES = sorted([billing_domain.__name__, *(found.name for found in pkgutil.walk_packages(billing_domain.__path__, "billing_domain."))])
PACKAGES = [name for name in MODULES if hasattr(importlib.import_module(name), "__path__")]

CLOCKS = {"today", "now", "utcnow", "fromtimestamp", "utcfromtimestamp"}
SIDE_EFFECTS = {"print", "input", "open", "eval", "exec", "breakpoint"}
FLOAT_IS_FINE = ("retention", "waiting", "testing")  # statistics and queueing formulas count no money
OPENER = SOURCE / "rooms.py"  # a module's `__getattr__` answers with an AttributeError
BUILTIN_ERRORS = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, Exception)}


def own_objects(module_name: str, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the public objects of a kind that a module itself defines."""
    module = importlib.import_module(module_name)
    for name, value in vars(module).items():
        if not name.startswith("_") and isinstance(value, kind) and getattr(value, "__module__", None) == module_name:
            yield f"{module_name}.{name}", value


def is_frozen_and_slotted(cls: type) -> bool:
    """Tell whether attrs made the class frozen, and instances hold nothing but slots.

    What stands for a function, and is called and pickled like one, needs a place for the function's name and docstring.
    """
    stands_for_a_function = {"__call__", "__reduce__"} <= vars(cls).keys()
    return cls.__setattr__.__name__ == "_frozen_setattrs" and (cls.__dictoffset__ == 0 or stands_for_a_function)


def is_of_another_fixed_kind(cls: type) -> bool:
    """Tell whether a class is a protocol, an enumeration, a tuple or an error."""
    return getattr(cls, "_is_protocol", False) or issubclass(cls, enum.Enum | tuple | BaseException)


def where(path: Path, node: ast.AST) -> str:
    """Return file and line, as an editor opens it."""
    return f"{path.relative_to(SOURCE.parent)}:{getattr(node, 'lineno', 1)}"


def offences(path: Path) -> Iterator[str]:
    """Yield every clock, side effect, float and built-in error that a file uses."""
    floats = path.relative_to(SOURCE).parts[0] in FLOAT_IS_FINE
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in SIDE_EFFECTS:
                yield f"{where(path, node)} calls {name}"
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCKS:
                yield f"{where(path, node)} reads a clock: {name}"
            case ast.Call(func=ast.Name(id="float")) | ast.Constant(value=float()) if not floats:
                yield f"{where(path, node)} uses a float"
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in BUILTIN_ERRORS and path != OPENER:
                yield f"{where(path, node)} raises {name}, which is not in billing_domain.errors"


@pytest.mark.parametrize("name", PACKAGES)
def test_public_classes_are_frozen_and_slotted(name: str) -> None:
    """A class that a package names is frozen and slotted, or a protocol, an enumeration, a tuple or an error."""
    if name.startswith("billing_domain.testing"):
        pytest.skip("contract classes are test cases, not values")
    package = importlib.import_module(name)
    public = {each: getattr(package, each) for each in package.__all__}
    classes = {each: value for each, value in public.items() if isinstance(value, type) and value.__module__.startswith("billing_domain.")}
    assert [each for each, cls in classes.items() if not is_of_another_fixed_kind(cls) and not is_frozen_and_slotted(cls)] == []


@pytest.mark.parametrize("name", MODULES)
def test_models_are_frozen_and_slotted(name: str) -> None:
    """Every class made by attrs is frozen and slotted, public or not."""
    models = [(full_name, cls) for full_name, cls in own_objects(name, type) if attrs.has(cls)]
    assert [full_name for full_name, cls in models if not is_frozen_and_slotted(cls)] == []


@pytest.mark.parametrize("name", MODULES)
def test_public_docstrings_begin_with_a_sentence(name: str) -> None:
    """The first line of every public docstring is one sentence."""
    module = importlib.import_module(name)
    documented = {name: module} | dict(own_objects(name, type)) | dict(own_objects(name, type(is_frozen_and_slotted)))
    wrong = [full_name for full_name, value in documented.items() if not begins_with_a_sentence(value)]
    assert wrong == []


def begins_with_a_sentence(value: object) -> bool:
    """Tell whether the first paragraph of a docstring is one line that ends like a sentence."""
    first, *rest = (inspect.getdoc(value) or "").splitlines() or [""]
    return first.lstrip("*`:")[:1].isupper() and first.endswith((".", "?", ":")) and not (rest and rest[0].strip())


@pytest.mark.parametrize("name", PACKAGES)
def test_packages_name_what_is_public(name: str) -> None:
    """A package has `__all__` without doubles, and everything in it is there."""
    package = importlib.import_module(name)
    names = list(package.__all__)
    assert names == sorted(set(names), key=names.index)
    assert [missing for missing in names if not hasattr(package, missing)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_source_is_pure(path: Path) -> None:
    """No module reads a clock, has a side effect, uses a float for money or raises an error of another tree."""
    assert list(offences(path)) == []


def quick_tuples(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield where a file makes named tuples past their constructors, of which class, and with how many values."""
    tree = ast.parse(path.read_text("utf-8"))
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        given = {
            target.id: node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Tuple)
        }
        for node in ast.walk(scope):
            match node:
                case ast.Call(func=ast.Name(id="_new" | "_new_tuple") | ast.Attribute(attr="__new__"), args=[ast.Name(id=cls), values]):
                    made = given.get(values.id) if isinstance(values, ast.Name) else values
                    if isinstance(made, ast.Tuple) and not any(isinstance(each, ast.Starred) for each in made.elts):
                        yield where(path, node), cls, len(made.elts)


def test_named_tuples_made_past_their_constructors_have_all_fields() -> None:
    """No type checker counts what `tuple.__new__` is given, so this does."""
    found = [
        (place, count, len(getattr(importlib.import_module(name), cls)._fields))
        for name in MODULES
        for place, cls, count in quick_tuples(Path(importlib.import_module(name).__file__ or ""))
    ]
    assert [place for place, count, fields in found if count != fields] == []
    assert found


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda path: str(path.relative_to(TESTS)))
def test_tests_say_what_they_show(path: Path) -> None:
    """Every test has a docstring that is a sentence."""
    silent = [
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not (ast.get_docstring(node) or "").endswith((".", "?"))
    ]
    assert silent == []


def test_extras_are_not_imported() -> None:
    """Importing the library, and every package that needs no extra, imports no extra."""
    needed = [name for name in MODULES if not name.startswith(("billing_domain.serialization", "billing_domain.testing"))]
    script = f"import importlib, sys\nfor name in {needed!r}: importlib.import_module(name)\nprint(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"cattrs", "hypothesis", "pytest", "_pytest"} & set(answer.stdout.split()) == set()


def test_front_door_imports_without_extras() -> None:
    """`import billing_domain` alone loads neither cattrs nor a test tool."""
    script = "import sys, billing_domain\nprint(*sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"cattrs", "hypothesis", "pytest", "_pytest"} & set(answer.stdout.split()) == set()


def test_attrs_classes_are_no_dataclasses() -> None:
    """Models are made by attrs alone, so that one way of making, comparing and storing them holds for all."""
    assert [full for name in MODULES for full, cls in own_objects(name, type) if hasattr(cls, "__dataclass_fields__")] == []
    assert any(attrs.has(cls) for name in MODULES for _, cls in own_objects(name, type))
