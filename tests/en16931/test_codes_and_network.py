"""Code lists, schemes of numbers, and what the Peppol network asks for, each by a document that breaks it."""

import attrs
import pytest

from billing_domain.en16931 import (
    NETWORK_RULES,
    PEPPOL,
    PEPPOL_NETWORK,
    PEPPOL_PROCESS,
    PEPPOL_SPECIFICATION,
    RULES,
    Adjustment,
    Classification,
    DeliveryView,
    Document,
    ItemAttribute,
    LineView,
    PartyView,
    PaymentView,
    SupportingDocument,
    TaxRow,
    check,
    derive,
    document_of,
    terms,
)

SELLER = PartyView(
    name="Mobilis, UAB", country="LT", city="Vilnius", vat_id="LT100000000001", endpoint="4012345000009", endpoint_scheme="0088"
)
BUYER = PartyView(name="SIA Ābele", country="LV", city="Rīga", vat_id="LV40000000000", endpoint="a@example.org", endpoint_scheme="EM")
GERMANS = {"seller": attrs.evolve(SELLER, country="DE", vat_id="DE1"), "buyer": attrs.evolve(BUYER, country="DE", vat_id="")}


def good(**changes):
    """Return a document for the Peppol network that breaks no rule, with changes."""
    plain = Document(
        number="MB-1",
        on=None,
        type_code="380",
        currency="EUR",
        terms="in 14 days",
        buyer_reference="K-3",
        seller=SELLER,
        buyer=BUYER,
        lines=[LineView(id="1", quantity=3, unit="C62", price="9.95", category="S", rate=21, name="Fee")],
        allowances=[Adjustment(amount="1.00", category="S", rate=21, reason="Loyalty", code="95")],
        charges=[Adjustment(amount="2.00", category="S", rate=21, reason="Freight", code="FC")],
        specification=PEPPOL_SPECIFICATION,
        process=PEPPOL_PROCESS,
    )
    return attrs.evolve(derive(plain), **changes)


def broken(document):
    """Return the ids of the rules that a document breaks on the network, except that it bears no day."""
    return {violation.rule for violation in check(document, by=PEPPOL_NETWORK)} - {"BR-03"}


def line(**changes):
    """Return the good line with changes."""
    return {"lines": [attrs.evolve(good().lines[0], **changes)]}


def row(**changes):
    """Return the good breakdown with changes."""
    return {"taxes": [attrs.evolve(good().taxes[0], **changes)]}


def seller(**changes):
    """Return the seller with changes."""
    return {"seller": attrs.evolve(SELLER, **changes)}


def test_a_good_document_breaks_no_rule():
    """What states process, addresses and a reference may travel."""
    assert broken(good()) == set()


@pytest.mark.parametrize(
    ("rules", "changes"),
    [
        ({"BR-CL-01", "PEPPOL-EN16931-P0100"}, {"type_code": "999"}),
        ({"PEPPOL-EN16931-P0100"}, {"type_code": "389"}),
        ({"PEPPOL-EN16931-P0101"}, {"type_code": "261"}),
        ({"PEPPOL-EN16931-P0112"}, {"type_code": "384"}),
        ({"PEPPOL-EN16931-P0112"}, {"type_code": "384", "seller": None}),
        (set(), {"type_code": "384", **GERMANS}),
        (set(), {"type_code": "389", "process": "urn:fdc:peppol.eu:2017:poacc:billing:02:1.0"}),
        ({"BR-CL-03", "BR-CL-04", "PEPPOL-EN16931-CL007"}, {"currency": "XXQ"}),
        ({"BR-CL-05", "BR-CL-03", "PEPPOL-EN16931-CL007"}, {"tax_currency": "LTL", "tax_total_accounting": "22.00"}),
        ({"BR-CL-06", "PEPPOL-EN16931-CL006"}, {"tax_point_code": "7"}),
        ({"BR-CL-07"}, {"object_id": "1", "object_scheme": "nope"}),
        (set(), {"object_scheme": "nope"}),
        ({"BR-CL-07"}, line(object_id="1", object_scheme="nope")),
        ({"BR-CL-08"}, {"notes": ["#QQQ#Ačiū"]}),
        (set(), {"notes": ["#AAA#Ačiū"]}),
        (set(), {"notes": ["#1 of 2#"]}),
        ({"BR-CL-10"}, seller(identifier="1", identifier_scheme="nope")),
        (set(), seller(identifier="1", identifier_scheme="SEPA")),
        ({"BR-CL-10"}, {"buyer": attrs.evolve(BUYER, identifier="1", identifier_scheme="SEPA")}),
        ({"BR-CL-11"}, seller(legal_id="1", legal_scheme="nope")),
        ({"BR-CL-13"}, line(classifications=[Classification(code="1", scheme="nope")])),
        ({"BR-CL-14", "BR-CO-09"}, seller(country="LTU", vat_id="XX1")),
        ({"BR-CL-14"}, {"delivery": DeliveryView(country="LTU")}),
        ({"BR-CL-15"}, line(origin="LTU")),
        ({"BR-CL-16"}, {"payment": PaymentView(means="999")}),
        ({"BR-CL-19", "PEPPOL-EN16931-CL002"}, {"allowances": [attrs.evolve(good().allowances[0], code="FC")]}),
        ({"BR-CL-20", "PEPPOL-EN16931-CL003"}, {"charges": [attrs.evolve(good().charges[0], code="95")]}),
        ({"BR-CL-21"}, line(standard_item="1", standard_scheme="nope")),
        ({"BR-CL-22", "BR-S-10"}, row(code="because")),
        ({"BR-CL-23"}, line(unit="units")),
        ({"BR-CL-23", "PEPPOL-EN16931-R130"}, line(base_quantity=1, base_unit="units")),
        ({"BR-CL-24"}, {"documents": [SupportingDocument(reference="T-1", content="MQ==", mime="application/xml", filename="1.xml")]}),
        (set(), {"documents": [SupportingDocument(reference="T-1", content="MQ==", mime="application/pdf", filename="1.pdf")]}),
        (set(), {"documents": [SupportingDocument(reference="T-1", mime="application/xml")]}),
        ({"BR-CL-25"}, seller(endpoint_scheme="nope")),
        ({"BR-CL-26"}, {"delivery": DeliveryView(location="1", location_scheme="nope")}),
        ({"BR-51"}, {"payment": PaymentView(means="48", card="1234567890123456")}),
        (set(), {"documents": [SupportingDocument(reference="T-1")]}),
        (set(), line(attributes=[ItemAttribute(name="Colour", value="black")])),
        (set(), seller(legal_id="5567037485", legal_scheme="0007")),
        (set(), seller(legal_id="51824753556", legal_scheme="0151")),
        ({"BR-52"}, {"documents": [SupportingDocument(description="Timesheet")]}),
        ({"BR-54"}, line(attributes=[ItemAttribute(name="Colour")])),
        ({"BR-56"}, {"representative": PartyView(name="Agent", country="LT")}),
        (set(), {"representative": PartyView(name="Agent", country="LT", vat_id="LT5")}),
        ({"BR-17"}, {"payee": PartyView(legal_id="1")}),
        ({"BR-17"}, {"payee": PartyView(name="Mobilis"), **seller(trading_name="Mobilis")}),
        ({"BR-17"}, {"payee": PartyView(name="Factor", identifier="1"), **seller(identifier="1")}),
        (set(), {"payee": PartyView(name="Factor", identifier="1"), **seller(identifier="2")}),
        ({"BR-62"}, seller(endpoint_scheme="")),
        ({"BR-63"}, {"buyer": attrs.evolve(BUYER, endpoint_scheme="")}),
        ({"BR-64"}, line(standard_item="1")),
        (set(), line(standard_item="1", standard_scheme="0160", classifications=[Classification(code="1", scheme="STI")])),
        ({"BR-65"}, line(classifications=[Classification(code="1")])),
        ({"BR-23", "BR-22"}, line(quantity=None)),
        ({"BR-CO-26"}, seller(vat_id="", tax_registration="7", identifier="1", identifier_scheme="SEPA")),
        ({"PEPPOL-EN16931-R001", "PEPPOL-EN16931-R007"}, {"process": ""}),
        ({"PEPPOL-EN16931-R002"}, {"notes": ["one", "two"]}),
        (set(), {"notes": ["one", "two"], **GERMANS}),
        ({"PEPPOL-EN16931-R003"}, {"buyer_reference": ""}),
        (set(), {"buyer_reference": "", "order": "PO-7"}),
        ({"PEPPOL-EN16931-R004"}, {"specification": "urn:cen.eu:en16931:2017"}),
        ({"PEPPOL-EN16931-R007"}, {"process": "mine"}),
        ({"PEPPOL-EN16931-R010"}, {"buyer": attrs.evolve(BUYER, endpoint="")}),
        ({"PEPPOL-EN16931-R020"}, seller(endpoint="")),
        ({"PEPPOL-EN16931-R053", "PEPPOL-EN16931-R054", "BR-CO-18", "BR-S-01"}, {"taxes": ()}),
        ({"PEPPOL-EN16931-R054", "PEPPOL-EN16931-R055", "BR-53"}, {"tax_currency": "USD"}),
        ({"PEPPOL-EN16931-R061"}, {"payment": PaymentView(means="59")}),
        (set(), {"payment": PaymentView(means="59", mandate="M-1")}),
        ({"PEPPOL-EN16931-P0104", "BR-S-10"}, row(code="VATEX-EU-G")),
        ({"PEPPOL-EN16931-P0105", "BR-S-10"}, row(code="vatex-eu-o")),
        ({"PEPPOL-COMMON-R040"}, seller(endpoint="4012345000008")),
        ({"PEPPOL-COMMON-R040"}, {"payee": PartyView(name="Factor", identifier="x", identifier_scheme="0088")}),
        ({"PEPPOL-COMMON-R041"}, seller(legal_id="974760674", legal_scheme="0192")),
        (set(), seller(legal_id="974760673", legal_scheme="0192")),
        ({"PEPPOL-COMMON-R042"}, seller(legal_id="12345678", legal_scheme="0184")),
        ({"PEPPOL-COMMON-R043"}, seller(legal_id="0202239952", legal_scheme="0208")),
        ({"PEPPOL-COMMON-R049"}, seller(legal_id="556703748", legal_scheme="0007")),
        ({"PEPPOL-COMMON-R050"}, seller(legal_id="5182475355", legal_scheme="0151")),
    ],
)
def test_exactly_the_broken_rules_are_reported(rules, changes):
    """Each change breaks the rules that are named and no other."""
    assert broken(good(**changes)) - _of_nobody(changes) == rules


def _of_nobody(changes):
    """Return what a document without a seller breaks beside."""
    nobody = {"BR-06", "BR-08", "BR-CO-26", "PEPPOL-EN16931-R020", "BR-S-02", "BR-S-03", "BR-S-04"}
    return nobody if "seller" in changes and changes["seller"] is None else set()


def test_what_the_network_asks_is_asked_on_the_network_alone():
    """A document that does not travel over Peppol needs neither process nor addresses, and may be named rule by rule."""
    plain = good(process="", buyer_reference="", specification="urn:cen.eu:en16931:2017")
    assert {violation.rule for violation in check(plain, by=PEPPOL)} == {"BR-03"}
    assert {violation.rule for violation in check(plain, only=NETWORK_RULES)} == {f"PEPPOL-EN16931-R00{number}" for number in (1, 3, 4, 7)}
    assert set(RULES) >= NETWORK_RULES


def test_what_is_not_stated_breaks_the_rules_about_it():
    """A group without taxable amount or tax is neither their product nor their sum; an allowance without amount is not its percentage."""
    for category, rate in (("S", 21), ("E", 0)):
        for stated in ({"tax": "1.00"}, {"taxable": "1.00"}):
            wrong = Document(currency="EUR", taxes=[TaxRow(category=category, rate=rate, reason="why", **stated)])
            prefix = f"BR-{category}"
            expected = {f"{prefix}-09"} if "taxable" in stated else {f"{prefix}-08"}
            assert {violation.rule for violation in check(wrong, only=[f"{prefix}-08", f"{prefix}-09"])} >= expected
    lacking = Document(allowances=[Adjustment(base="10.00", percent=10)])
    assert [str(found) for found in check(lacking, only="PEPPOL-EN16931-R040")] == [
        "PEPPOL-EN16931-R040 at BG-20: 0 is stated, 1.00 is right"
    ]


def test_an_accounting_currency_that_is_the_documents_own_states_the_tax_twice():
    """One total tax stands in the document's currency (BR-CO-15); stated once, it is that of both (BR-53, R055)."""
    twice = good(tax_currency="EUR", tax_total_accounting="6.48")
    assert {"BR-CO-15", "PEPPOL-EN16931-R005"} <= broken(twice)
    assert broken(good(tax_currency="EUR")) == {"PEPPOL-EN16931-R005", "PEPPOL-EN16931-R054"}


def test_new_terms_survive_plain_data():
    """Classes, properties, schemes and supporting documents are written under their terms and read back."""
    stated = good(
        documents=[
            SupportingDocument(
                reference="T-1", location="https://example.org/t-1", content="MQ==", mime="application/pdf", filename="1.pdf"
            )
        ],
        object_id="1",
        object_scheme="AVF",
        **line(
            classifications=[Classification(code="1", scheme="STI", version="2008")],
            attributes=[ItemAttribute(name="Colour", value="black")],
        ),
    )
    data = terms(stated)
    assert (data["BG-24"], data["BT-18-1"], data["BG-25"][0]["BT-158"]) == (
        [
            {
                "BT-122": "T-1",
                "BT-124": "https://example.org/t-1",
                "BT-125": "MQ==",
                "BT-125-1": "application/pdf",
                "BT-125-2": "1.pdf",
            }
        ],
        "AVF",
        [{"BT-158": "1", "BT-158-1": "STI", "BT-158-2": "2008"}],
    )
    assert document_of(data) == stated
