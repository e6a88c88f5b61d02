"""Running a contract class of the test kit against a plugin, for the tests of the kit itself."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import Phase, settings

from billing_domain.testing.plugin_contract import shared


def failing(contract: type, **more: object) -> list[str]:
    """Return the checks of a contract that a subject with these attributes fails; what is skipped does not fail."""
    subject = type("Subject", (contract,), more)
    return [name for name in dir(subject) if name.startswith("test_") and _fails(getattr(subject(), name))]


def _fails(check: Callable[[], None]) -> bool:
    try:
        check()
    except pytest.skip.Exception:
        return False
    except Exception:  # noqa: BLE001  whatever a broken plugin does is a failure
        return True
    return False


def ask_the_same(monkeypatch: pytest.MonkeyPatch, contracts: Iterable[type]) -> None:
    """Let contracts ask the same questions each time, and look for no smaller ones."""
    quick = settings(shared, max_examples=12, derandomize=True, database=None, phases=[Phase.generate])
    for contract in contracts:
        for name in dir(contract):
            if hasattr(getattr(contract, name), "hypothesis"):
                monkeypatch.setattr(getattr(contract, name), "_hypothesis_internal_use_settings", quick)
