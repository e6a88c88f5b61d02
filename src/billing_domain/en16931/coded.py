"""The rules about code lists: a code that is stated is one of its list; what is not stated, other rules ask for.

Source: `EN 16931 BR-CL-01` to `BR-CL-26`.
"""

from collections.abc import Callable, Iterable, Iterator

from billing_domain.en16931 import codes
from billing_domain.en16931.judged import Fault, Judged, Rule
from billing_domain.en16931.model import Adjustment, Document, LineView
from billing_domain.en16931.parts import PartyView

Stated = Iterable[tuple[str, str]]
"""Codes with the places where they stand."""

_SUBJECT_MARK = "#"


def listed(read: Callable[[Document], Stated], known: frozenset[str], what: str) -> Rule:
    """Return the rule that every code which is read is one of a list."""

    def rule(judged: Judged) -> Iterator[Fault]:
        for where, code in read(judged.document):
            if code not in known:
                yield Fault(where, code, f"a code of {what}")

    return rule


def _parties(document: Document) -> Iterator[tuple[str, PartyView]]:
    named = (("BG-4", document.seller), ("BG-7", document.buyer), ("BG-10", document.payee), ("BG-11", document.representative))
    return ((group, party) for group, party in named if party is not None)


def _of_lines(field: str, term: str) -> Callable[[Document], Stated]:
    return lambda document: _given((f"{term} of line {line.id}", getattr(line, field)) for line in document.lines)


def _given(stated: Stated) -> Stated:
    return ((where, code) for where, code in stated if code)


def amount_currencies(document: Document) -> Stated:
    """Return the currencies that the amounts bear: all the document's, the tax in the accounting currency that one."""
    yield "amounts", document.currency
    if document.tax_currency and document.tax_total_accounting is not None:
        yield "BT-111", document.tax_currency


def _countries(document: Document) -> Stated:
    found = [(f"{group} country", party.country) for group, party in _parties(document) if group != "BG-10"]
    return _given([*found, ("BT-80", document.delivery.country if document.delivery else "")])


def _object_schemes(document: Document) -> Stated:
    schemes = [("BT-18-1", document.object_scheme if document.object_id else "")]
    return _given(schemes + [(f"BT-128-1 of line {line.id}", line.object_scheme) for line in document.lines if line.object_id])


def _note_subjects(document: Document) -> Stated:
    """Return the subjects with which notes begin, between two marks."""
    for note in document.notes:
        parts = note.split(_SUBJECT_MARK)
        if len(parts) > 2 and len(parts[1]) == 3:
            yield "BT-21", parts[1]


def _identifier_schemes(document: Document) -> Stated:
    """Return the schemes of identifiers; the creditor of a direct debit has one of its own, with the seller and the payee only."""
    for group, party in _parties(document):
        creditor = party.identifier_scheme == codes.SEPA and group in {"BG-4", "BG-10"}
        if party.identifier and party.identifier_scheme and not creditor:
            yield f"{group} identifier", party.identifier_scheme


def _legal_schemes(document: Document) -> Stated:
    return _given((f"{group} registration", party.legal_scheme) for group, party in _parties(document) if party.legal_id)


def _address_schemes(document: Document) -> Stated:
    return _given((f"{group} electronic address", party.endpoint_scheme) for group, party in _parties(document) if party.endpoint)


def _standard_schemes(document: Document) -> Stated:
    return _given((f"BT-157-1 of line {line.id}", line.standard_scheme) for line in document.lines if line.standard_item)


def _classifications(document: Document) -> Stated:
    found = ((f"BT-158-1 of line {line.id}", each) for line in document.lines for each in line.classifications)
    return _given((where, each.scheme) for where, each in found if each.code)


def _means(document: Document) -> Stated:
    return _given([("BT-81", document.payment.means if document.payment else "")])


def _categories(document: Document) -> Stated:
    found = [("BT-118", row.category) for row in document.taxes]
    found += [("BT-95", each.category) for each in document.allowances]
    return _given(found + [("BT-102", each.category) for each in document.charges])


def allowance_reasons(document: Document) -> Stated:
    """Return the reason codes of all allowances."""
    return _reasons(document.allowances, ((line, line.allowances) for line in document.lines))


def charge_reasons(document: Document) -> Stated:
    """Return the reason codes of all charges."""
    return _reasons(document.charges, ((line, line.charges) for line in document.lines))


def _reasons(on_document: Iterable[Adjustment], on_lines: Iterable[tuple[LineView, Iterable[Adjustment]]]) -> Stated:
    found = [("reason code", each.code) for each in on_document]
    return _given(found + [(f"reason code of line {line.id}", each.code) for line, parts in on_lines for each in parts])


def _exemptions(document: Document) -> Stated:
    return _given(("BT-121", row.code.upper()) for row in document.taxes)


def _units(document: Document) -> Stated:
    found = [(f"BT-130 of line {line.id}", line.unit) for line in document.lines if line.quantity is not None]
    return _given(found + [(f"BT-150 of line {line.id}", line.base_unit) for line in document.lines if line.base_quantity is not None])


def _field(term: str, name: str) -> Callable[[Document], Stated]:
    return lambda document: _given([(term, getattr(document, name))])


def _location(document: Document) -> Stated:
    found = document.delivery
    return _given([("BT-71-1", found.location_scheme if found and found.location else "")])


def _file_types(document: Document) -> Stated:
    return _given((f"BT-125-1 of {each.reference}", each.mime) for each in document.documents if each.content)


def tax_point_event(document: Document) -> Stated:
    """Return the event that makes tax due."""
    return _given([("BT-8", document.tax_point_code)])


CODED: dict[str, Rule] = {
    "BR-CL-01": listed(_field("BT-3", "type_code"), codes.INVOICE_TYPES | codes.CREDIT_NOTE_TYPES, "UNTDID 1001"),
    "BR-CL-03": listed(amount_currencies, codes.CURRENCIES, "ISO 4217"),
    "BR-CL-04": listed(_field("BT-5", "currency"), codes.CURRENCIES, "ISO 4217"),
    "BR-CL-05": listed(_field("BT-6", "tax_currency"), codes.CURRENCIES, "ISO 4217"),
    "BR-CL-06": listed(tax_point_event, codes.TAX_POINT_EVENTS, "UNCL2005: 3, 35 or 432"),
    "BR-CL-07": listed(_object_schemes, codes.OBJECT_SCHEMES, "UNTDID 1153"),
    "BR-CL-08": listed(_note_subjects, codes.NOTE_SUBJECTS, "UNTDID 4451"),
    "BR-CL-10": listed(_identifier_schemes, codes.IDENTIFIER_SCHEMES, "ISO 6523"),
    "BR-CL-11": listed(_legal_schemes, codes.IDENTIFIER_SCHEMES, "ISO 6523"),
    "BR-CL-13": listed(_classifications, codes.CLASSIFICATION_SCHEMES, "UNTDID 7143"),
    "BR-CL-14": listed(_countries, codes.COUNTRIES, "ISO 3166-1"),
    "BR-CL-15": listed(_of_lines("origin", "BT-159"), codes.COUNTRIES, "ISO 3166-1"),
    "BR-CL-16": listed(_means, codes.PAYMENT_MEANS, "UNCL4461"),
    "BR-CL-17": listed(_categories, codes.TAX_CATEGORIES, "UNCL5305"),
    "BR-CL-18": listed(_of_lines("category", "BT-151"), codes.TAX_CATEGORIES, "UNCL5305"),
    "BR-CL-19": listed(allowance_reasons, codes.ALLOWANCE_REASONS, "UNCL5189"),
    "BR-CL-20": listed(charge_reasons, codes.CHARGE_REASONS, "UNCL7161"),
    "BR-CL-21": listed(_standard_schemes, codes.IDENTIFIER_SCHEMES, "ISO 6523"),
    "BR-CL-22": listed(_exemptions, codes.EXEMPTION_REASONS, "the VATEX list"),
    "BR-CL-23": listed(_units, codes.UNITS, "Recommendation 20 or 21"),
    "BR-CL-24": listed(_file_types, codes.FILE_TYPES, "the MIME types that receivers take"),
    "BR-CL-25": listed(_address_schemes, codes.ADDRESS_SCHEMES, "the EAS list"),
    "BR-CL-26": listed(_location, codes.IDENTIFIER_SCHEMES, "ISO 6523"),
}
"""The closed code lists of EN 16931, by rule id."""
