"""The smaller examples run as a reader would run them, and their figures are those worked out by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> str:
    """Run an example in a process of its own and return what it printed."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestGym:
    """Memberships with VAT in the price."""

    def test_bills_pauses_and_refunds(self) -> None:
        """Sixteen of thirty days come back at the pause, nine of 31 are billed after it, and the family discount goes with the refund."""
        output = run("examples/gym.py")
        assert "to pay €64.00, of which VAT €11.11" in output  # 25.00 + 39.00, and 64.00 × 21/121
        assert "credited €20.80, of which VAT €3.61" in output  # 39.00 × 16/30
        assert "to pay €11.32, of which VAT €1.96" in output  # 39.00 × 9/31
        assert "10 Jul 2026: nothing is due" in output
        assert "to pay €317.00, of which VAT €55.02" in output  # 25.00 + 365.00 × 80 %
        assert "credited €147.20, of which VAT €25.55" in output  # 292.00 × 184/365
        assert "Ona Kazlauskienė owes €132.52 on 10 Sept 2026" in output
        assert "Jonas Kazlauskas owes €0.00 on 2 Jul 2026" in output


@pytest.mark.slow
class TestDask:
    """The batch on the executor of a cluster."""

    def test_bills_the_same_on_two_workers(self) -> None:
        """Two workers of a Dask cluster issue what one process issues: 80 times 51.43 + 66.55 + 81.68 + 96.80 + 111.93."""
        assert run("examples/bill_on_dask.py", "400") == "400 invoices, 32,671.20 EUR on two workers; the same here: True\n"
