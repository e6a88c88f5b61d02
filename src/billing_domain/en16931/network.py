"""What the Peppol network asks of a document that travels over it: process, addresses, a reference, and numbers with check digits.

Source: Peppol BIS Billing 3, rules `PEPPOL-EN16931-R001` to `R130`, `CL*`, `P01*` and `PEPPOL-COMMON-R040` to `R050`.
The rules of single countries and those that are warnings are left out.
"""

import re
from collections.abc import Callable, Iterator

from billing_domain.en16931.coded import allowance_reasons, amount_currencies, charge_reasons, listed, tax_point_event
from billing_domain.en16931.codes import (
    ALLOWANCE_REASONS,
    CHARGE_REASONS,
    CURRENCIES,
    PEPPOL_CREDIT_NOTE_TYPES,
    PEPPOL_INVOICE_TYPES,
    TAX_POINT_EVENTS,
)
from billing_domain.en16931.judged import Fault, Judged, Rule, missing
from billing_domain.en16931.model import PEPPOL_PROCESS, PEPPOL_SPECIFICATION, Document
from billing_domain.en16931.parts import PartyView

_PROCESS = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:([0-9]{2}):1\.0")
_DIRECT_DEBITS = frozenset({"49", "59"})
_GERMAN_TYPES = frozenset({"326", "384"})


def _process(judged: Judged) -> Iterator[Fault]:
    if not judged.document.process:
        yield missing("BT-23", f"the business process, such as {PEPPOL_PROCESS}")


def _process_format(judged: Judged) -> Iterator[Fault]:
    if not _PROCESS.search(judged.document.process):
        yield Fault("BT-23", judged.document.process, PEPPOL_PROCESS)


def _german(document: Document) -> bool:
    """Say whether both sides are German."""
    return all(party is not None and (party.vat_id[:2] or party.country) == "DE" for party in (document.seller, document.buyer))


def _one_note(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    if len(document.notes) > 1 and not _german(document):
        yield Fault("BT-22", f"{len(document.notes)} notes", "one note")


def _quoted(judged: Judged) -> Iterator[Fault]:
    if not (judged.document.buyer_reference or judged.document.order):
        yield missing("BT-10, BT-13", "a reference of the buyer, or the number of its order")


def _specification(judged: Judged) -> Iterator[Fault]:
    if not judged.document.specification.startswith(PEPPOL_SPECIFICATION):
        yield Fault("BT-24", judged.document.specification, PEPPOL_SPECIFICATION)


def _address(term: str, part: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        party: PartyView | None = getattr(judged.document, part)
        if party is None or not party.endpoint:
            yield missing(term, "an electronic address")

    return rule


def _breakdown(judged: Judged) -> Iterator[Fault]:
    if not judged.document.taxes:
        yield missing("BG-23", "a VAT breakdown")


def _accounting(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    without_rows = document.tax_total is not None and not document.taxes
    if without_rows or bool(document.tax_currency) is not (document.tax_total_accounting is not None):
        yield missing("BT-6, BT-111", "currency and tax, or neither, beside one total with its breakdown")


def _mandate(judged: Judged) -> Iterator[Fault]:
    payment = judged.document.payment
    if payment is not None and payment.means in _DIRECT_DEBITS and not payment.mandate:
        yield missing("BT-89", "the mandate of a direct debit")


def _base_units(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.base_quantity is not None and line.base_unit and line.quantity is not None and line.base_unit != line.unit:
            yield Fault(f"BT-150 of line {line.id}", line.base_unit, line.unit)


def _billing(document: Document) -> bool:
    found = _PROCESS.search(document.process)
    return found is not None and found[1] == "01"


def _type_of(known: frozenset[str], *, credit: bool) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        document = judged.document
        if _billing(document) and document.is_credit_note is credit and document.type_code not in known:
            yield Fault("BT-3", document.type_code, f"one of {', '.join(sorted(known, key=int))}")

    return rule


def _german_types(judged: Judged) -> Iterator[Fault]:
    if judged.document.type_code in _GERMAN_TYPES and not _german(judged.document):
        yield Fault("BT-3", judged.document.type_code, "380, except between two German companies")


def _category_of(reason: str, category: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for row in judged.document.taxes:
            if row.code.upper() == reason and row.category != category:
                yield Fault(f"BT-118 beside {reason}", row.category, category)

    return rule


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Return the sum of the digits before the last, each times its weight, from the right."""
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(reversed(digits[:-1])))


def is_gln(text: str) -> bool:
    """Say whether a number has the check digit of GS1: weights 3 and 1 from the right, modulo 10.

    Example:
        >>> is_gln("4012345000009"), is_gln("4012345000008")
        (True, False)
    """
    return _digits(text) and (10 - _weighted(text, (3, 1)) % 10) % 10 == int(text[-1])


def is_norwegian(text: str) -> bool:
    """Say whether it is a Norwegian organisation number: nine digits, weights 2 to 7 from the right, modulo 11.

    Example:
        >>> is_norwegian("974760673"), is_norwegian("974760674")
        (True, False)
    """
    return _digits(text, 9) and int(text) > 0 and (11 - _weighted(text, (2, 3, 4, 5, 6, 7)) % 11) % 11 == int(text[-1])


def is_danish(text: str) -> bool:
    """Say whether it is a Danish CVR number: DK and eight digits.

    Example:
        >>> is_danish("DK12345678"), is_danish("12345678")
        (True, False)
    """
    return text[:2] == "DK" and _digits(text[2:], 8)


def is_belgian(text: str) -> bool:
    """Say whether it is a Belgian enterprise number: ten digits, the last two 97 less the rest modulo 97.

    Example:
        >>> is_belgian("0202239951"), is_belgian("0202239952")
        (True, False)
    """
    return _digits(text, 10) and 97 - int(text[:8]) % 97 == int(text[8:])


def is_swedish(text: str) -> bool:
    """Say whether it is a Swedish organisation number: ten digits, the last by Luhn.

    Example:
        >>> is_swedish("5567037485"), is_swedish("5567037486")
        (True, False)
    """
    if not _digits(text, 10):
        return False
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(text[:9])]
    return (10 - sum(value // 10 + value % 10 for value in doubled) % 10) % 10 == int(text[9])


_ABN_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)


def is_australian(text: str) -> bool:
    """Say whether it is an Australian Business Number: eleven digits, modulo 89 after one is taken off the first.

    Example:
        >>> is_australian("51824753556"), is_australian("51824753557")
        (True, False)
    """
    if not _digits(text, 11):
        return False
    return (sum(int(digit) * weight for digit, weight in zip(text, _ABN_WEIGHTS, strict=True)) - _ABN_WEIGHTS[0]) % 89 == 0


def _digits(text: str, count: int | None = None) -> bool:
    return text.isascii() and text.isdigit() and count in {None, len(text)}


def _checked_number(scheme: str, fits: Callable[[str], bool], what: str) -> Rule:
    """Return the rule that identifiers, registrations and addresses of a scheme are numbers of it."""

    def rule(judged: Judged) -> Iterator[Fault]:
        document = judged.document
        for party in (document.seller, document.buyer, document.payee):
            for found, number in () if party is None else _numbers(party):
                if found == scheme and number and not fits(number.strip()):
                    yield Fault(f"number of scheme {scheme}", number, what)

    return rule


def _numbers(party: PartyView) -> tuple[tuple[str, str], ...]:
    return (
        (party.endpoint_scheme, party.endpoint),
        (party.identifier_scheme, party.identifier),
        (party.legal_scheme, party.legal_id),
    )


PEPPOL_NETWORK_RULES: dict[str, Rule] = {
    "PEPPOL-EN16931-R001": _process,
    "PEPPOL-EN16931-R002": _one_note,
    "PEPPOL-EN16931-R003": _quoted,
    "PEPPOL-EN16931-R004": _specification,
    "PEPPOL-EN16931-R007": _process_format,
    "PEPPOL-EN16931-R010": _address("BT-49", "buyer"),
    "PEPPOL-EN16931-R020": _address("BT-34", "seller"),
    "PEPPOL-EN16931-R053": _breakdown,
    "PEPPOL-EN16931-R054": _accounting,
    "PEPPOL-EN16931-R061": _mandate,
    "PEPPOL-EN16931-R130": _base_units,
    "PEPPOL-EN16931-CL002": listed(allowance_reasons, ALLOWANCE_REASONS, "UNCL5189"),
    "PEPPOL-EN16931-CL003": listed(charge_reasons, CHARGE_REASONS, "UNCL7161"),
    "PEPPOL-EN16931-CL006": listed(tax_point_event, TAX_POINT_EVENTS, "UNCL2005"),
    "PEPPOL-EN16931-CL007": listed(amount_currencies, CURRENCIES, "ISO 4217"),
    "PEPPOL-EN16931-P0100": _type_of(PEPPOL_INVOICE_TYPES, credit=False),
    "PEPPOL-EN16931-P0101": _type_of(PEPPOL_CREDIT_NOTE_TYPES, credit=True),
    "PEPPOL-EN16931-P0104": _category_of("VATEX-EU-G", "G"),
    "PEPPOL-EN16931-P0105": _category_of("VATEX-EU-O", "O"),
    "PEPPOL-EN16931-P0106": _category_of("VATEX-EU-IC", "K"),
    "PEPPOL-EN16931-P0107": _category_of("VATEX-EU-AE", "AE"),
    "PEPPOL-EN16931-P0108": _category_of("VATEX-EU-D", "E"),
    "PEPPOL-EN16931-P0109": _category_of("VATEX-EU-F", "E"),
    "PEPPOL-EN16931-P0110": _category_of("VATEX-EU-I", "E"),
    "PEPPOL-EN16931-P0111": _category_of("VATEX-EU-J", "E"),
    "PEPPOL-EN16931-P0112": _german_types,
    "PEPPOL-COMMON-R040": _checked_number("0088", is_gln, "a GLN with its check digit"),
    "PEPPOL-COMMON-R041": _checked_number("0192", is_norwegian, "a Norwegian organisation number"),
    "PEPPOL-COMMON-R042": _checked_number("0184", is_danish, "DK and eight digits"),
    "PEPPOL-COMMON-R043": _checked_number("0208", is_belgian, "a Belgian enterprise number"),
    "PEPPOL-COMMON-R049": _checked_number("0007", is_swedish, "a Swedish organisation number"),
    "PEPPOL-COMMON-R050": _checked_number("0151", is_australian, "an Australian Business Number"),
}
"""What the Peppol network asks beside, by rule id."""
