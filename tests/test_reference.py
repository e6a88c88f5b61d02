"""Every public name stands in the reference."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import billing_domain

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
DIRECTIVE = re.compile(r"^\.\. automodule:: (\S+)\n((?:   :.*\n)*)", re.MULTILINE)
PLAIN_MODULES = {"billing_domain.errors", "billing_domain.ids", "billing_domain.reasons"}


def documented() -> dict[str, str]:
    """Return what each module is documented with: the options of its directive."""
    return {name: options for page in sorted(REFERENCE.glob("*.md")) for name, options in DIRECTIVE.findall(page.read_text("utf-8"))}


def public_modules() -> list[str]:
    """Return the packages, and the modules that are no package but stand on their own."""
    found = pkgutil.walk_packages(billing_domain.__path__, "billing_domain.")
    return sorted(PLAIN_MODULES | {"billing_domain"} | {module.name for module in found if module.ispkg})


@pytest.mark.parametrize("name", public_modules())
def test_package_is_in_the_reference(name: str) -> None:
    """Each package has a place in the reference that shows everything it names in `__all__`."""
    assert name in documented(), f"add docs/reference/{name.removeprefix('billing_domain.')}.md"
    assert ":members:" in documented()[name]
    assert ":exclude-members:" not in documented()[name]


def test_reference_names_nothing_that_is_gone() -> None:
    """Each module that the reference names can be imported."""
    for name in documented():
        assert importlib.import_module(name).__doc__
