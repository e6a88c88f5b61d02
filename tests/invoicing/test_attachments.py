"""Documents that go with a document, what lines are about, and what sorts of numbers identify: values, view, rules and UBL."""

import importlib.util
from base64 import b64decode, b64encode
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot
from billing_domain.en16931 import Classification, ItemAttribute, SupportingDocument, check, document_of, terms, view
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, LoadError
from billing_domain.invoicing import (
    Attachment,
    Delivery,
    Details,
    EntryKind,
    ForeignLine,
    ItemClass,
    LineDetails,
    credit,
    describe,
    imported_invoice,
)
from billing_domain.periods import Period
from billing_domain.tax import TaxCategory, TaxTreatment
from billing_domain.testing import attachments

SPEC = importlib.util.spec_from_file_location("export_ubl", Path(__file__).parent.parent.parent / "examples" / "export_ubl.py")
EXPORT = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(EXPORT)

ONA = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
FEE = ForeignLine(name="Fee", period=MARCH, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="10.00")
SHEET = Attachment(reference="T-1", content=b"day,hours", mime="text/csv", filename="march.csv")
COMMON = {"cac": EXPORT.CAC, "cbc": EXPORT.CBC}


def draft(lines=2):
    """Return a draft of some lines."""
    return imported_invoice(
        number="X",
        on=MARCH.start,
        due=MARCH.start,
        account_id="A-1",
        currency="EUR",
        seller=Party("Mobilis, UAB", "LT", vat_id="LT1", legal_id="300000001", legal_scheme="0200"),
        buyer=ONA.holder,
        lines=[FEE] * lines,
    ).draft


def exported(document, path):
    """Return the elements at a path of the UBL of a document."""
    return ET.fromstring(EXPORT.export(view(document))).findall(path, COMMON)


class TestAttachments:
    """BG-24: a reference, a location, or the file itself."""

    @given(st.binary(min_size=1, max_size=300), st.integers(1, 80))
    def test_bytes_and_their_base64_are_one_content(self, data, width):
        """Bytes, base64 in one line and base64 in lines of any width give the same value, and the bytes come back."""
        text = b64encode(data).decode()
        lines = "\r\n".join(text[place : place + width] for place in range(0, len(text), width))
        given_ways = [attrs.evolve(SHEET, content=content) for content in (data, text, f" {lines}\n")]
        assert set(given_ways) == {given_ways[0]}
        assert (given_ways[0].content, given_ways[0].data) == (text, data)

    @given(attachments())
    def test_what_is_drawn_keeps_the_rules(self, attachment):
        """Any attachment is shown as it is, breaks no rule, and comes back from plain data."""
        made = describe(draft(), Details(attachments=[attachment]))
        shown = view(made)
        assert check(made) == ()
        assert shown.documents == (SupportingDocument(**attrs.asdict(attachment)),)
        assert document_of(terms(shown)) == shown

    def test_stands_in_its_own_terms_and_in_ubl(self):
        """The file is BT-125 with its sort and name; in UBL it is embedded before the place where it is to be found."""
        found = attrs.evolve(SHEET, location="https://example.org/t-1", description="Hours")
        made = describe(draft(), Details(attachments=[found]), object="+37060000001", object_scheme="AVF")
        assert terms(view(made))["BG-24"] == [
            {
                "BT-122": "T-1",
                "BT-123": "Hours",
                "BT-124": "https://example.org/t-1",
                "BT-125": "ZGF5LGhvdXJz",
                "BT-125-1": "text/csv",
                "BT-125-2": "march.csv",
            }
        ]
        about, sheet = exported(made, "cac:AdditionalDocumentReference")
        assert about.find("cbc:DocumentTypeCode", COMMON).text == "130"
        assert sheet.find("cbc:DocumentTypeCode", COMMON) is None
        embedded, external = sheet.find("cac:Attachment", COMMON)
        assert embedded.attrib == {"mimeCode": "text/csv", "filename": "march.csv"}
        assert b64decode(embedded.text) == SHEET.data
        assert external.find("cbc:URI", COMMON).text == "https://example.org/t-1"

    def test_a_sort_that_receivers_need_not_take_is_named_by_its_rule(self):
        """A MIME type beyond the six is kept, and reported (BR-CL-24)."""
        made = describe(draft(), Details(attachments=[attrs.evolve(SHEET, mime="application/xml")]))
        assert [str(found) for found in check(made)] == [
            "BR-CL-24 at BT-125-1 of T-1: application/xml is stated, a code of the MIME types that receivers take is right"
        ]

    def test_is_not_shown_in_full(self):
        """What is printed of an attachment does not hold its content."""
        assert "ZGF5LGhvdXJz" not in repr(SHEET)
        assert "<12 signs>" in repr(SHEET)

    def test_a_credit_note_does_not_take_them_over(self):
        """What proves the invoice does not prove the credit; its own are added to its details."""
        invoice = describe(draft(), Details(attachments=[SHEET])).issue(number="MB-1", on=MARCH.start)
        note = credit(AccountSnapshot(ONA, invoices=[invoice]), invoice, kind=EntryKind.CORRECTION, reason="returned")
        assert view(note).documents == ()
        own = attrs.evolve(note, details=attrs.evolve(note.details, attachments=[SHEET]))
        assert [each.reference for each in view(own).documents] == ["T-1"]
        assert check(own) == ()

    @pytest.mark.parametrize(
        ("more", "error"),
        [
            ({"reference": ""}, InvalidValueError),
            ({"reference": " T-1"}, InvalidValueError),
            ({"reference": 7}, InvalidTypeError),
            ({"location": "example.org/t-1"}, InvalidValueError),
            ({"location": "file:///etc/t-1"}, InvalidValueError),
            ({"location": "https://example.org/a b"}, InvalidValueError),
            ({"content": 7}, InvalidTypeError),
            ({"content": None}, InvalidTypeError),
            ({"content": bytearray(b"day,hours")}, InvalidTypeError),
            ({"content": "ZGF5LGhvdXJ"}, InvalidValueError),
            ({"content": "ZGF5LGhvdXK="}, InvalidValueError),
            ({"content": "žiniaraštis"}, InvalidValueError),
            ({"content": "day,hours"}, InvalidValueError),
            ({"content": ""}, InvalidValueError),
            ({"content": b""}, InvalidValueError),
            ({"mime": ""}, InvalidValueError),
            ({"mime": "csv"}, InvalidValueError),
            ({"mime": "text/csv; charset=utf-8"}, InvalidValueError),
            ({"filename": ""}, InvalidValueError),
            ({"filename": "../march.csv"}, InvalidValueError),
            ({"filename": "C:\\march.csv"}, InvalidValueError),
            ({"filename": ".."}, InvalidValueError),
            ({"filename": "march.csv "}, InvalidValueError),
            ({"filename": "march\n.csv"}, InvalidValueError),
            ({"description": 7}, InvalidTypeError),
        ],
    )
    def test_refuses_what_no_document_carries(self, more, error):
        """A blank reference, a location that leads nowhere, a file in parts, and a name with a folder are refused."""
        with pytest.raises(error):
            attrs.evolve(SHEET, **more)

    def test_references_and_names_of_files_are_used_once(self):
        """Two files of one name would be saved over each other, and one reference would name two things; files may be left out."""
        with pytest.raises(DuplicateIdError, match=r"^march\.csv: attached files of a document have names of their own"):
            Details(attachments=[SHEET, attrs.evolve(SHEET, reference="T-2")])
        with pytest.raises(DuplicateIdError, match=r"^T-1: .* references of their own \(BT-122\); name them apart"):
            Details(attachments=[SHEET, Attachment(reference="T-1")])
        assert len(Details(attachments=[Attachment(reference="T-1"), Attachment(reference="T-2")]).attachments) == 2
        with pytest.raises(InvalidTypeError):
            Details(attachments=["T-1"])


class TestObjects:
    """BT-18 and BT-128: one for the document, and one for each line."""

    def test_the_document_and_each_line_have_one(self):
        """The document's object has its scheme, each line one of its own; a line of which nothing is said keeps what it belongs to."""
        told = [LineDetails(line=1, object="M-77", object_scheme="MG")]
        made = describe(draft(), Details(lines=told), object="+37060000001", object_scheme="AVF")
        shown = view(made)
        assert (shown.object_id, shown.object_scheme) == ("+37060000001", "AVF")
        assert [(line.object_id, line.object_scheme) for line in shown.lines] == [("M-77", "MG"), ("X", "")]
        assert check(made) == ()
        first, second = exported(made, "cac:InvoiceLine")
        assert [each.find("cac:DocumentReference/cbc:ID", COMMON).attrib for each in (first, second)] == [{"schemeID": "MG"}, {}]

    def test_an_account_quotes_its_object_on_all_its_documents(self):
        """Object and scheme of the account's references stand together; the scheme alone says nothing."""
        known = attrs.evolve(ONA, references={"object": "+37060000001", "object_scheme": "AVF"})
        shown = view(attrs.evolve(draft(), references=known.reference_pairs))
        assert (shown.object_id, shown.object_scheme) == ("+37060000001", "AVF")
        with pytest.raises(InvalidValueError, match="sort of number"):
            attrs.evolve(ONA, references={"object_scheme": "AVF"})

    def test_a_scheme_that_no_list_has_is_named_by_its_rule(self):
        """Schemes of the document's object and of a line's are of UNTDID 1153 (BR-CL-07)."""
        told = [LineDetails(line=2, object="M-77", object_scheme="meter")]
        made = describe(draft(), Details(lines=told), object="1", object_scheme="phone")
        assert [(found.rule, found.where) for found in check(made)] == [("BR-CL-07", "BT-18-1"), ("BR-CL-07", "BT-128-1 of line 2")]

    @pytest.mark.parametrize("path", [("BT-18",), ("BG-25", 0, "BT-128")])
    def test_two_objects_in_one_place_are_refused(self, path):
        """The standard has a place for one on the document and one on a line; plain data with a list there are not read."""
        data = terms(view(describe(draft(), Details(), object="1")))
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = ["1", "2"]
        with pytest.raises(LoadError, match="text is wanted"):
            document_of(data)

    def test_a_credited_line_is_about_the_same(self):
        """An entry names object, item and codes of the line that it lowers, but neither its note nor its price discount."""
        told = LineDetails(
            line=2,
            note="black",
            object="M-77",
            object_scheme="MG",
            standard_item=("0160", "4012345000016"),
            classes=[ItemClass("STI", "64212000-5", "2008")],
            origin="LT",
            properties=[("Colour", "black")],
            price_discount="1.00",
        )
        invoice = describe(draft(), Details(lines=[told]), project="P-1", tender="L-2").issue(number="MB-1", on=MARCH.start)
        snapshot = AccountSnapshot(ONA, invoices=[invoice])
        note = credit(snapshot, invoice.part(invoice.lines[1]), kind=EntryKind.CORRECTION, reason="returned")
        line = view(note).lines[0]
        assert (line.id, line.note, line.object_id, line.object_scheme, line.gross_price) == ("1", "", "M-77", "MG", None)
        assert (line.standard_item, line.classifications) == (
            "4012345000016",
            (Classification(code="64212000-5", scheme="STI", version="2008"),),
        )
        assert (line.origin, line.attributes) == ("LT", (ItemAttribute(name="Colour", value="black"),))
        assert check(note) == ()
        code = exported(note, "cac:CreditNoteLine/cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode")[0]
        assert (code.text, code.attrib) == ("64212000-5", {"listID": "STI", "listVersionID": "2008"})
        assert [each.tag.rpartition("}")[2] for each in exported(note, "*") if "DocumentReference" in each.tag] == [
            "AdditionalDocumentReference",
            "OriginatorDocumentReference",
        ]
        assert exported(note, "cac:AdditionalDocumentReference/cbc:DocumentTypeCode")[0].text == "50"


class TestSchemes:
    """What sort of number identifies somebody or something."""

    def test_stand_beside_their_numbers(self):
        """Seller, buyer and payee show identifier and registration with their schemes; so does the place of delivery."""
        known = Party("Factor, AB", "LT", identifier="4012345000023", identifier_scheme="0088", legal_id="300000009", legal_scheme="0200")
        place = Delivery(location="4012345000009", location_scheme="0088")
        made = describe(attrs.evolve(draft(), buyer=known), Details(payee=known, delivery=place))
        shown = view(made)
        for party in (shown.buyer, shown.payee):
            assert (party.identifier_scheme, party.identifier) == ("0088", "4012345000023")
            assert (party.legal_scheme, party.legal_id) == ("0200", "300000009")
        assert (shown.seller.legal_scheme, shown.delivery.location_scheme) == ("0200", "0088")
        data = terms(shown)
        assert (data["BG-4"]["BT-30-1"], data["BG-7"]["BT-46-1"], data["BG-10"]["BT-60-1"]) == ("0200", "0088", "0088")
        assert data["BG-13"]["BT-71-1"] == "0088"
        assert check(made) == ()

    @pytest.mark.parametrize(
        ("rule", "party"),
        [
            ("BR-CL-10", {"identifier": "1", "identifier_scheme": "9999"}),
            ("BR-CL-11", {"legal_id": "1", "legal_scheme": "9999"}),
            ("BR-CL-25", {"electronic_address": ("9999", "1")}),
        ],
    )
    def test_schemes_of_parties_that_no_list_has_are_named_by_their_rule(self, rule, party):
        """Whatever the form of a scheme, `check` knows the lists."""
        made = attrs.evolve(draft(), buyer=attrs.evolve(ONA.holder, **party))
        assert {found.rule for found in check(made)} == {rule}

    @pytest.mark.parametrize(
        ("rule", "details"),
        [
            ("BR-CL-13", Details(lines=[LineDetails(line=1, classes=[ItemClass("mine", "1")])])),
            ("BR-CL-15", Details(lines=[LineDetails(line=1, origin="XX")])),
            ("BR-CL-21", Details(lines=[LineDetails(line=1, standard_item=("9999", "1"))])),
            ("BR-CL-26", Details(delivery=Delivery(location="1", location_scheme="9999"))),
        ],
    )
    def test_schemes_of_items_and_places_that_no_list_has_are_named_by_their_rule(self, rule, details):
        """The same for classes, countries of origin, standard codes and places."""
        assert {found.rule for found in check(describe(draft(), details))} == {rule}

    @pytest.mark.parametrize(
        ("make", "error"),
        [
            (lambda: Party("Ona", "LT", identifier_scheme="0088"), InvalidValueError),
            (lambda: Party("Ona", "LT", legal_scheme="0200"), InvalidValueError),
            (lambda: Party("Ona", "LT", legal_id="1", legal_scheme="02 00"), InvalidValueError),
            (lambda: Party("Ona", "LT", identifier="1", identifier_scheme=88), InvalidTypeError),
            (lambda: Party("Ona", "LT", electronic_address="0088:1"), InvalidTypeError),
            (lambda: Party("Ona", "LT", electronic_address=("0088",)), InvalidTypeError),
            (lambda: Party("Ona", "LT", electronic_address=("0088", 1)), InvalidTypeError),
            (lambda: Party("Ona", "LT", electronic_address=("", "1")), InvalidValueError),
            (lambda: Party("Ona", "LT", electronic_address=("0088", " ")), InvalidValueError),
            (lambda: Delivery(location_scheme="0088"), InvalidValueError),
            (lambda: LineDetails(line=1, object_scheme="AVF"), InvalidValueError),
            (lambda: LineDetails(line=1, standard_item=("0160", "")), InvalidValueError),
            (lambda: LineDetails(line=1, standard_item="4012345000016"), InvalidTypeError),
            (lambda: LineDetails(line=1, origin="LTU"), InvalidValueError),
            (lambda: LineDetails(line=1, properties=["black"]), InvalidTypeError),
            (lambda: LineDetails(line=1, properties=[("Colour", "")]), InvalidValueError),
            (lambda: LineDetails(line=1, classes=[("STI", "1")]), InvalidTypeError),
            (lambda: ItemClass("", "1"), InvalidValueError),
            (lambda: ItemClass("STI", ""), InvalidValueError),
            (lambda: describe(draft(), Details(), object_scheme="AVF"), InvalidValueError),
        ],
    )
    def test_refuse_half_of_what_belongs_together(self, make, error):
        """A scheme without its number, a number without the scheme that it needs, and pairs that are none are refused."""
        with pytest.raises(error):
            make()

    def test_a_pair_may_come_as_a_list(self):
        """Pairs out of JSON become tuples, so that a party stays hashable."""
        party = Party("Ona", "LT", electronic_address=["EM", "ona@example.org"])
        assert party.electronic_address == ("EM", "ona@example.org")
        assert hash(party) == hash(attrs.evolve(party))
