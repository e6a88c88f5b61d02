"""The example of survival by contract says what it is known to say."""

import importlib.util
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "telco_survival.py"


@pytest.fixture(scope="module")
def example():
    """Return the example as a module."""
    spec = importlib.util.spec_from_file_location("telco_survival", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_prints_the_known_figures(example, capsys) -> None:
    """7,043 customers, half of the month-to-month ones gone after 35 months, and a p-value that no float holds."""
    example.main()
    shown = capsys.readouterr().out
    assert "7,043 customers, 1,869 left" in shown
    assert "chi-square 2,352.9 on 2 degrees of freedom, p about 10^-511" in shown
    assert "That is an association" in shown
    monthly = next(line for line in shown.splitlines() if line.startswith("Month-to-month") and "3,875" in line)
    assert "70.3% (68.7%-71.8%)" in monthly
    assert "  35" in monthly


def test_without_matplotlib_the_example_says_so(example, monkeypatch) -> None:
    """The text plot is all there is where matplotlib is not installed."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "not installed" in example.draw({}, "unused.png")


def test_with_matplotlib_the_example_draws(example, tmp_path) -> None:
    """Where matplotlib is installed, a picture is drawn."""
    pytest.importorskip("matplotlib")
    path = tmp_path / "curves.png"
    assert "drawn" in example.draw(example.curves_of(example.read()), str(path))
    assert path.stat().st_size > 10_000
