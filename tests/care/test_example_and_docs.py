"""The example of the documentation, and the drawing that stands there."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples"))


@pytest.mark.parametrize(("locale", "first"), [("lt_LT", "Sąskaita 87,46"), ("en_IE", "The bill is €87.46 higher")])
def test_example(locale, first, tmp_path):
    """The example prints the explanation and writes the page."""
    page = tmp_path / "page.html"
    run = [sys.executable, str(ROOT / "examples" / "explain_bill.py"), locale, str(page)]
    output = subprocess.run(run, capture_output=True, check=True, env={"PYTHONIOENCODING": "utf-8"}).stdout.decode()
    assert output.startswith(first)
    assert "<svg" in page.read_text("utf-8")


def test_drawing_in_the_documentation():
    """The drawing in the documentation is the one that the example makes."""
    from explain_bill import explained

    drawn = (ROOT / "docs" / "explanation" / "bill-waterfall.svg").read_text("utf-8")
    assert drawn == explained("en_IE").waterfall() + "\n"
