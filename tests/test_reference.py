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


def test_the_front_door_lists_what_it_opens() -> None:
    """What `dir` shows can be had, also what is not loaded yet; a name that nobody gave is an AttributeError."""
    assert set(billing_domain.__all__) <= set(dir(billing_domain))
    assert all([getattr(billing_domain, name) is not None for name in billing_domain.__all__])
    with pytest.raises(AttributeError, match="has no attribute 'invoice_everybody'"):
        _ = billing_domain.invoice_everybody
