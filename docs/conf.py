"""How the documentation is built: furo, MyST, autodoc; offline, and every warning is an error."""

import ast
import builtins
import importlib
import pkgutil
import re
import sys
from importlib.metadata import version as installed_version
from inspect import ismodule
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.ext.napoleon import GoogleDocstring
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging

import billing_domain

project = "billing_domain"
author = "the billing_domain authors"
copyright = f"2026, {author}"  # noqa: A001 - the name that Sphinx reads
release = version = installed_version("billing_domain")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "billing_domain"
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": False}
autodoc_member_order = "groupwise"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
add_module_names = False
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 100
napoleon_numpy_docstring = False
napoleon_use_rtype = False

# The build asks no network, so names of other projects are not looked up; a name of this project must be there.
nitpicky = True
_OUTSIDE = sorted({*sys.stdlib_module_names, "attr", "attrs", "babel", "cattrs", "dateutil", "hypothesis", "moneyed", "pytest"})
_SHORT = [
    "Any",
    "Callable",
    "Decimal",
    "Fraction",
    "Iterable",
    "Iterator",
    "Literal",
    "Mapping",
    "Protocol",
    "Self",
    "Sequence",
    "TypeVar",
    "ZoneInfo",
]
_SHORT += ["TypeVar", "ZoneInfo", "date", "datetime", "timedelta", "tzinfo", *dir(builtins)]
nitpick_ignore_regex = [
    (r"py:.*", rf"({'|'.join(map(re.escape, _OUTSIDE))})(\..*)?"),
    (r"py:.*", rf"({'|'.join(map(re.escape, _SHORT))})"),
    (r"py:.*", r"(.*\.)?_\w+"),  # what is private is not documented
    (r"py:class", "Fact"),  # the recursive part of a type alias
]

_log = logging.getLogger(__name__)
_ALONE = ("errors", "ids", "reasons")
_FOREIGN = {"Money": "billing_domain.money"}  # of another project, described by hand


def _packages() -> list[str]:
    """Return the modules that have a place in the reference: all packages, and the modules that stand alone."""
    found = [module.name for module in pkgutil.walk_packages(billing_domain.__path__, "billing_domain.") if module.ispkg]
    return ["billing_domain", *(f"billing_domain.{name}" for name in _ALONE), *found]


def _public(package: str) -> dict[str, Any]:
    """Return the public names of a package with what they stand for; a package has a page of its own."""
    module = importlib.import_module(package)
    own = [key for key, value in vars(module).items() if not key.startswith("_") and getattr(value, "__module__", None) == package]
    named = {name: getattr(module, name) for name in getattr(module, "__all__", own)}
    return {name: value for name, value in named.items() if not ismodule(value)}


def _files(package: str) -> list[str]:
    """Return the module of a package itself, and the modules right inside it that are no packages."""
    inside = getattr(importlib.import_module(package), "__path__", [])
    return [package, *(module.name for module in pkgutil.iter_modules(inside, f"{package}.") if not module.ispkg)]


def _assigned(package: str) -> dict[str, str]:
    """Return the comment or docstring of each name that a file of the package assigns at its top."""
    texts: dict[str, str] = {}
    for file in _files(package):
        analyzer = ModuleAnalyzer.for_module(file)
        analyzer.analyze()
        names = {name for name in analyzer.tagorder if "." not in name} | {name for scope, name in analyzer.annotations if not scope}
        tree = ast.parse(analyzer.code)
        names |= {
            target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)
        }
        texts |= {name: "\n".join(analyzer.attr_docs.get(("", name), [])) for name in names}
    return texts


_PUBLIC = {package: _public(package) for package in _packages()}
_ASSIGNED = {package: _assigned(package) for package in _packages()}


def _home(name: str, value: Any) -> str:
    """Return the package that documents a name: the one whose files make it."""
    makers = [
        package
        for package, public in _PUBLIC.items()
        if public.get(name) is value and (name in _ASSIGNED[package] or getattr(value, "__module__", None) in _files(package))
    ]
    return _FOREIGN.get(name) or (makers or [package for package, public in _PUBLIC.items() if name in public])[-1]


_HOMES = {package: {name: _home(name, value) for name, value in public.items()} for package, public in _PUBLIC.items()}


def _move_home() -> None:
    """Let every class and function say that it is from the package that users import it from."""
    for package, names in _HOMES.items():
        for name, home in names.items():
            value = _PUBLIC[package][name]
            if str(getattr(value, "__module__", "")).startswith("billing_domain.") and hasattr(value, "__qualname__"):
                value.__module__ = home


def _bring_comments() -> None:
    """Let each value have, in the package that users import it from, the comment that stands where it is made."""
    for package, names in _HOMES.items():
        analyzer = ModuleAnalyzer.for_module(package)
        analyzer.analyze()
        for name, home in names.items():
            if home == package and name in _ASSIGNED[package]:
                text = _ASSIGNED[package][name] or f"A value of type ``{type(_PUBLIC[package][name]).__name__}``."
                analyzer.attr_docs["", name] = text.splitlines()


def _skip(app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object) -> bool | None:  # noqa: ARG001
    """Show a public name where it is made, and nowhere else."""
    package = app.env.current_document.autodoc_module
    if what == "module" and ismodule(obj):
        return True
    if what != "module" or name not in _HOMES.get(package, {}):
        return None
    return _HOMES[package][name] != package or name in _FOREIGN


def _describe(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:  # noqa: ARG001
    """Add to a package the list of names that it hands on."""
    if what == "module" and name in _HOMES:
        handed_on = [f":py:obj:`~{home}.{short}`" for short, home in sorted(_HOMES[name].items()) if home != name]
        lines += ["", f"Also importable from here: {', '.join(handed_on)}."] if handed_on else []


def _find(app: Sphinx, env: BuildEnvironment, node: pending_xref, text: nodes.TextElement) -> nodes.Node | None:
    """Send a link to the file in which a name was written on to the package that documents it."""
    module, _, name = str(node.get("reftarget", "")).rpartition(".")
    value = getattr(sys.modules.get(module), name, None)
    for package, public in _PUBLIC.items():
        if value is not None and public.get(name) is value:
            target = f"{_HOMES[package][name]}.{name}"
            python = env.domains.python_domain
            return python.resolve_xref(env, node["refdoc"], app.builder, "obj", target, node, text)
    return None if value is None else text  # a type variable, or a type that only the inside of a package speaks of


def _check_complete(app: Sphinx, env: BuildEnvironment) -> None:  # noqa: ARG001
    """Warn of each public name that the reference does not show."""
    shown = env.domains.python_domain.objects
    for package, names in _HOMES.items():
        for name, home in names.items():
            if f"{home}.{name}" not in shown:
                _log.warning("%s.%s is public but not in the reference", package, name)


def _whole_text(docstring: GoogleDocstring) -> tuple[str, list[str]]:
    """Read the docstring of a property as text: a colon in it does not end the name of a type."""
    return "", GoogleDocstring(docstring._consume_to_end(), docstring._config).lines()  # noqa: SLF001


def setup(app: Sphinx) -> None:
    _move_home()
    _bring_comments()
    GoogleDocstring._consume_inline_attribute = _whole_text  # type: ignore[method-assign]  # noqa: SLF001
    app.connect("autodoc-skip-member", _skip)
    app.connect("autodoc-process-docstring", _describe)
    app.connect("missing-reference", _find)
    app.connect("env-check-consistency", _check_complete)
