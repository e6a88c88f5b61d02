"""A document as plain data keyed by business terms, and back: for a log, a database or another program."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.doors import door
from billing_domain.en16931.model import Adjustment, Document, LineView, TaxRow
from billing_domain.en16931.parts import (
    TERM,
    Classification,
    DeliveryView,
    ItemAttribute,
    PartyView,
    PaymentView,
    PrecedingInvoice,
    SupportingDocument,
)
from billing_domain.errors import LoadError
from billing_domain.money import to_decimal

_PARTY = ("name", "trading_name", "identifier", "legal_id", "vat_id", "tax_registration", "endpoint_scheme", "endpoint",
          "street", "extra", "city", "postcode", "region", "country", "contact", "phone", "email",
          "identifier_scheme", "legal_scheme")  # fmt: skip
_ADJUSTMENT = ("amount", "base", "percent", "category", "rate", "reason", "code")


def _numbered(names: Sequence[str], *numbers: str) -> dict[str, str]:
    return {name: f"BT-{number}" for name, number in zip(names, numbers, strict=True) if number}


_BY_PLACE: dict[str, dict[str, str]] = {
    "BG-4": _numbered(
        _PARTY, "27", "28", "29", "30", "31", "32", "34-1", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "29-1", "30-1"
    ),
    "BG-7": _numbered(
        _PARTY, "44", "45", "46", "47", "48", "", "49-1", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "46-1", "47-1"
    ),
    "BG-10": _numbered(_PARTY, "59", "", "60", "61", *[""] * 13, "60-1", "61-1"),
    "BG-11": _numbered(_PARTY, "62", "", "", "", "63", "", "", "", "64", "65", "66", "67", "68", "69", "", "", "", "", ""),
    "BG-20": _numbered(_ADJUSTMENT, "92", "93", "94", "95", "96", "97", "98"),
    "BG-21": _numbered(_ADJUSTMENT, "99", "100", "101", "102", "103", "104", "105"),
    "BG-27": _numbered(_ADJUSTMENT, "136", "137", "138", "", "", "139", "140"),
    "BG-28": _numbered(_ADJUSTMENT, "141", "142", "143", "", "", "144", "145"),
}
"""The terms of the fields of a value that means something else in each place."""

_KINDS: dict[str, type] = {
    "BG-3": PrecedingInvoice,
    "BG-4": PartyView,
    "BG-7": PartyView,
    "BG-10": PartyView,
    "BG-11": PartyView,
    "BG-13": DeliveryView,
    "BG-16": PaymentView,
    "BG-20": Adjustment,
    "BG-21": Adjustment,
    "BG-23": TaxRow,
    "BG-25": LineView,
    "BG-27": Adjustment,
    "BG-28": Adjustment,
    "BG-24": SupportingDocument,
    "BG-32": ItemAttribute,
    "BT-158": Classification,
}


@door
def terms(document: Document) -> dict[str, Any]:
    """Return a document as plain data: texts, lists and mappings keyed by business terms; what is not stated is left out.

    Args:
        document: A view.

    Returns:
        Amounts as text with all their digits, days as ISO; ready for JSON.

    Example:
        >>> plain = Document(number="MB-1", lines=[LineView(id="1", net="30.00")])
        >>> terms(plain)["BG-25"]
        [{'BT-126': '1', 'BT-131': '30.00'}]
    """
    return _plain(document, "")


def _fields(cls: type, place: str) -> dict[str, str]:
    named = _BY_PLACE.get(place)
    return named if named is not None else {field.name: field.metadata[TERM] for field in attrs.fields(cls)}


def _plain(value: Any, place: str) -> dict[str, Any]:
    found = {}
    for name, term in _fields(type(value), place).items():
        part = getattr(value, name)
        if part is not None and part not in {"", ()}:
            found[term] = _simple(part, term)
    return found


def _simple(part: Any, term: str) -> Any:
    match part:
        case Decimal():
            return f"{part:f}"
        case date():
            return part.isoformat()
        case str():
            return part
        case tuple():
            return [_simple(each, term) for each in part]
        case _:
            return _plain(part, term)


def document_of(data: Mapping[str, Any]) -> Document:
    """Return the document that plain data keyed by business terms describe.

    Raises:
        LoadError: Terms are not known in their place, or values are not what they should be; all faults at once, each with its path.

    Example:
        >>> document_of({"BT-1": "MB-1", "BG-25": [{"BT-126": "1", "BT-131": "30.00"}]}).lines[0].net
        Decimal('30.00')
    """
    faults: list[tuple[str, str]] = []
    document = _built(Document, data, "", "", faults)
    if faults or not isinstance(document, Document):
        raise LoadError("document", "plain data are keyed by the terms of EN 16931", "mend what is named", tuple(faults))
    return document


def _built(cls: type, data: Any, place: str, path: str, faults: list[tuple[str, str]]) -> Any:
    if not isinstance(data, Mapping):
        faults.append((path or "document", f"a mapping is wanted, not {type(data).__name__}"))
        return None
    names = {term: name for name, term in _fields(cls, place).items()}
    kinds = {field.name: field for field in attrs.fields(cls)}
    given: dict[str, Any] = {}
    for term, value in data.items():
        here = f"{path}/{term}" if path else str(term)
        name = names.get(term)
        if name is None:
            faults.append((here, "no such term here"))
        else:
            given[name] = _loaded(kinds[name], value, term, here, faults)
    return cls(**given)


def _loaded(field: "attrs.Attribute[Any]", value: Any, term: str, path: str, faults: list[tuple[str, str]]) -> Any:
    kind = None if field.type is str else _KINDS.get(term)
    if field.default == ():
        if not isinstance(value, Sequence) or isinstance(value, str):
            faults.append((path, "a list is wanted"))
            return ()
        made = [each if kind is None else _built(kind, each, term, f"{path}/{place}", faults) for place, each in enumerate(value)]
        return [each for each in made if each is not None]
    if kind is not None:
        return _built(kind, value, term, path, faults)
    return _day(value, path, faults) if "date" in str(field.type) else _value(field, value, path, faults)


def _day(value: Any, path: str, faults: list[tuple[str, str]]) -> date | None:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        faults.append((path, "a day is wanted as ISO text, such as 2026-03-01"))
        return None


def _value(field: "attrs.Attribute[Any]", value: Any, path: str, faults: list[tuple[str, str]]) -> Any:
    if "Decimal" in str(field.type):
        try:
            return to_decimal(value)
        except (ValueError, TypeError) as error:
            faults.append((path, str(error)))
            return None
    if not isinstance(value, str):
        faults.append((path, f"text is wanted, not {type(value).__name__}"))
        return ""
    return value
