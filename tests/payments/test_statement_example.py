"""The example of a statement runs as a reader would run it."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent.parent


def test_the_example_prints_a_statement_and_writes_a_page(tmp_path):
    """The text tells balance and ages, and the page holds a chart that any browser draws."""
    page = tmp_path / "statement.html"
    done = subprocess.run(
        [sys.executable, "examples/statement.py", str(page)], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "Payment taken back by the bank R-1" in done.stdout
    assert "over 90" in done.stdout
    text = page.read_text("utf-8")
    picture = ET.fromstring(text[text.index("<svg") : text.index("</svg>") + len("</svg>")])
    assert len(picture.findall("rect")) == 10
    assert "http" not in text
