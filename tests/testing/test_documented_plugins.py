"""What the guides show as a condition and as a benefit is short, runs as it stands, and passes the kit."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from billing_domain.conditions import FunctionCondition
from billing_domain.discounts import DiscountPolicy, Percent
from billing_domain.discounts.protocols import is_benefit
from billing_domain.testing import BenefitContract, ConditionContract, DiscountPolicyContract

PAGES = Path(__file__).parents[2] / "docs"
SHOWN = [
    ("how-to/write-a-condition.md", "@condition(", 5),
    ("how-to/write-a-benefit.md", "def propose(", 12),
]


def block(page: str, mark: str) -> str:
    """Return the first example of Python on a page that holds a mark."""
    text = (PAGES / page).read_text("utf-8")
    return next(found for found in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if mark in found)


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """Return a module that holds nothing but the example."""
    name = f"shown_{abs(hash(request.param))}"
    path = tmp_path / f"{name}.py"
    path.write_text(block(*request.param), "utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[name]


@pytest.mark.parametrize(("page", "mark", "most"), SHOWN)
def test_the_example_is_short(page: str, mark: str, most: int) -> None:
    """Imports are counted, blank lines are not."""
    lines = [line for line in block(page, mark).splitlines() if line.strip()]
    assert len(lines) <= most, lines


def run(contract: type, **subject: object) -> list[str]:
    """Run every check of a contract, and return their names."""
    cls = type("TestShown", (contract,), subject)
    ran = [name for name in dir(cls) if name.startswith("test_")]
    for name in ran:
        try:
            getattr(cls(), name)()
        except pytest.skip.Exception:
            continue
    return ran


@pytest.mark.parametrize("written", [SHOWN[0][:2]], indirect=True)
def test_the_condition_passes_the_kit(written: ModuleType) -> None:
    """Alone, and in a policy that names nothing else."""
    (shown,) = [value for value in vars(written).values() if isinstance(value, FunctionCondition)]
    policy = DiscountPolicy(code="acme:shown", version=1, name="Shown", benefit=Percent(10), condition=shown)
    assert run(ConditionContract, plugin=shown)
    assert run(DiscountPolicyContract, policy=policy)


@pytest.mark.parametrize("written", [SHOWN[1][:2]], indirect=True)
def test_the_benefit_passes_the_kit(written: ModuleType) -> None:
    """Alone, and in a policy that names nothing else."""
    (kind,) = [value for value in vars(written).values() if isinstance(value, type) and value.__module__ == written.__name__]
    shown = kind("base")
    assert is_benefit(shown)
    assert run(BenefitContract, plugin=shown)
    assert run(DiscountPolicyContract, policy=DiscountPolicy(code="acme:shown", version=1, name="Shown", benefit=shown))
