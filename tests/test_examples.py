"""The examples run as a reader would run them, and print what the documentation says they print."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> str:
    """Run an example in a process of its own and return what it printed."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


class TestBillTelco:
    """`make demo` on a part of its customers."""

    def test_bills_to_the_cent_and_nothing_twice(self) -> None:
        """Net equals the sum of the monthly charges, and a second run makes no invoice."""
        output = run("examples/bill_telco.py", "300")
        assert "difference: 0.00" in output
        assert "Second run over the stored results: 0 invoices, 0.00 EUR." in output

    def test_prints_one_invoice_in_two_languages(self) -> None:
        """The invoice is written in Lithuanian and in English."""
        output = run("examples/bill_telco.py", "10")
        assert "PVM sąskaita faktūra" in output
        assert "VAT invoice" in output


class TestDocuments:
    """An invoice and a credit note, written down."""

    def test_writes_ubl(self) -> None:
        """The invoice is well-formed UBL with its number and what is to be paid."""
        root = ET.fromstring(run("examples/export_ubl.py"))
        texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
        assert root.tag.endswith("}Invoice")
        assert (texts["CustomizationID"], texts["PayableAmount"]) == ("urn:cen.eu:en16931:2017", "11.50")
        charge = next(element for element in root.iter() if element.tag.endswith("}InvoiceLine")).find("{*}AllowanceCharge")
        assert charge is not None
        assert [(element.tag.rpartition("}")[2], element.text) for element in charge] == [
            ("ChargeIndicator", "true"),
            ("AllowanceChargeReasonCode", "HD"),
            ("AllowanceChargeReason", "Handling"),
            ("Amount", "0.50"),
        ]

    def test_shows_both_in_two_languages(self) -> None:
        """Labels, money and days are those of the locale, as text and as HTML."""
        lithuanian, english = run("examples/render_invoice.py"), run("examples/render_invoice.py", "en_IE", "html")
        assert "KREDITINĖ PVM SĄSKAITA FAKTŪRA" in lithuanian
        assert "81,46\N{NO-BREAK SPACE}€" in lithuanian
        assert "<h1>VAT invoice</h1>" in english
        assert "€81.46" in english
