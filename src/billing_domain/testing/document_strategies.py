"""Hypothesis strategies for what documents say beside their lines, and charge on them; all of it keeps the rules of EN 16931."""

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from billing_domain.accounts import Address, Party
from billing_domain.invoicing import (
    Accounting,
    Attachment,
    ChargeKind,
    Delivery,
    Details,
    DraftInvoice,
    ItemClass,
    LineCharge,
    LineDetails,
    PaymentInstructions,
    Preceding,
)
from billing_domain.money import Money
from billing_domain.money.amounts import minor_unit

_GLN, _OTHER_GLN, _GTIN = "4012345000009", "4012345000023", "4012345000016"
_IDENTIFIERS = (("", ""), ("", "C-77"), ("0088", _GLN), ("0060", "123456789"))
_REGISTRATIONS = (("", ""), ("", "HRB 7"), ("0200", "300000001"), ("0007", "5567037485"))
_ADDRESSES = (None, ("0088", _GLN), ("EM", "billing@example.org"), ("9937", "LT100000000001"))
_FILES = (
    ("application/pdf", "pdf"),
    ("image/png", "png"),
    ("image/jpeg", "jpeg"),
    ("text/csv", "csv"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
)


@st.composite
def parties(draw: st.DrawFn) -> Party:
    """Return companies and others, with identifiers, registrations and electronic addresses of several schemes, or without."""
    country, name = draw(st.sampled_from(["LT", "LV", "DE", "NO"])), draw(st.sampled_from(["Ona Kazlauskienė", "Ąžuolas, UAB"]))
    (scheme, number), (legal_scheme, legal) = draw(st.sampled_from(_IDENTIFIERS)), draw(st.sampled_from(_REGISTRATIONS))
    return Party(
        name,
        country,
        vat_id=draw(st.sampled_from(["", f"{country}100000000002"])),
        legal_id=legal,
        address=draw(st.sampled_from([None, Address(country, city="Vilnius"), Address(country, "Gedimino pr. 1", "Vilnius", "01103")])),
        trading_name=draw(st.sampled_from(["", "Oak"])),
        email=draw(st.sampled_from(["", "billing@example.org"])),
        electronic_address=draw(st.sampled_from(_ADDRESSES)),
        identifier=number,
        tax_registration=draw(st.sampled_from(["", "77"])),
        contact=draw(st.sampled_from(["", "Billing"])),
        phone=draw(st.sampled_from(["", "+37060000000"])),
        identifier_scheme=scheme,
        legal_scheme=legal_scheme,
    )


@st.composite
def attachments(draw: st.DrawFn, *, number: int = 1) -> Attachment:
    """Return a supporting document: its reference alone, its location, a file of any sort that receivers take, or both.

    `number` tells it from the others of its document.
    """
    reference, description = f"T-{number}", draw(st.sampled_from(["", "Time sheet"]))
    location = draw(st.sampled_from(["", f"https://example.org/t/{number}?of=march", f"ftp://files.example.org/t-{number}"]))
    content, (mime, ending) = draw(st.binary(max_size=40)), draw(st.sampled_from(_FILES))
    if not content:
        return Attachment(reference=reference, description=description, location=location)
    filename = f"žiniaraštis {number}.{ending}"
    return Attachment(reference=reference, description=description, location=location, content=content, mime=mime, filename=filename)


def line_details(line: int = 1) -> st.SearchStrategy[LineDetails]:
    """Return what a document says of a line: each thing, or not.

    Args:
        line: The number of the line.
    """
    objects = st.sampled_from([("", ""), ("+37060000001", ""), ("+37060000001", "AVF"), ("M-77", "MG")])

    def made(about: tuple[str, str], **given: object) -> LineDetails:
        return LineDetails(line=line, object=about[0], object_scheme=about[1], **given)  # type: ignore[arg-type]

    return st.builds(
        made,
        objects,
        note=st.sampled_from(["", "as agreed"]),
        order_line=st.sampled_from(["", "7"]),
        accounting=st.sampled_from(["", "6100"]),
        description=st.sampled_from(["", "More of it"]),
        buyer_item=st.sampled_from(["", "ART-7"]),
        standard_item=st.sampled_from([None, ("0160", _GTIN)]),
        classes=st.sampled_from([(), (ItemClass("STI", "64212000-5"),), (ItemClass("STI", "64212000-5", "2008"), ItemClass("HS", "8517"))]),
        origin=st.sampled_from(["", "LT"]),
        properties=st.sampled_from([(), (("Speed", "100 Mbit/s"), ("Colour", "black"))]),
        price_discount=st.sampled_from([None, "0.50"]),
    )


@st.composite
def details(draw: st.DrawFn, *, currency: str = "EUR", lines: Sequence[int] = (1,)) -> Details:
    """Return what a document in a currency says beside its lines, and of the lines with these numbers: each thing, or not."""
    place = draw(st.sampled_from([("", ""), ("LOC-1", ""), (_GLN, "0088")]))
    delivery = Delivery(date(2026, 3, 2), "Ona", Address("LT", city="Kaunas"), *place)
    factor = draw(st.sampled_from([("F-1", ""), (_OTHER_GLN, "0088")]))
    payee = Party("Factor, AB", "LT", legal_id="300000009", legal_scheme="0200", identifier=factor[0], identifier_scheme=factor[1])
    return Details(
        notes=draw(st.lists(st.sampled_from(["Thank you", "Ačiū"]), max_size=2)),
        preceding=draw(st.sampled_from([[], [Preceding("OLD-1", date(2026, 1, 5)), Preceding("OLD-2")]])),
        type_code=draw(st.sampled_from(["380", "380", "384"])),
        delivery=draw(st.sampled_from([None, delivery])),
        payment=draw(st.sampled_from([None, PaymentInstructions("58", "LT601010012345678901", account_name="Mobilis, UAB")])),
        payee=draw(st.sampled_from([None, payee])),
        accounting=draw(st.sampled_from([None, Accounting("EUR" if currency != "EUR" else "GBP", "0.8765")])),
        tax_point_code=draw(st.sampled_from(["", "", "432"])),
        lines=[draw(line_details(line)) for line in lines if draw(st.booleans())],
        attachments=[draw(attachments(number=number)) for number in range(1, draw(st.integers(0, 3)) + 1)],
    )


@st.composite
def line_charges(draw: st.DrawFn, draft: DraftInvoice, *, most: int = 3) -> list[LineCharge]:
    """Return charges of lines that a draft can bear, by amount and by percentage, at most so many, or none."""
    able = [line.number for line in draft.lines if line.list_amount and line.facts.kind is not ChargeKind.DOCUMENT]
    units = st.integers(1, 999)
    found = []
    for _ in range(draw(st.integers(0, most)) if able else 0):
        line, code = draw(st.sampled_from(able)), draw(st.sampled_from(["", "HD"]))
        if draw(st.booleans()):
            amount = Money(draw(units) * minor_unit(draft.currency), draft.currency)
            found.append(LineCharge(line=line, amount=amount, reason="Handling", code=code))
        else:
            found.append(LineCharge(line=line, percent=draw(st.sampled_from(["1.5", "10", "150"])), reason="Handling", code=code))
    return found
