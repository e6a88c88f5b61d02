"""The rules of structure: what must be stated, and what must not stand together.

Source: `EN 16931 BR-01` to `BR-61`, `BR-CO-03` to `BR-CO-26`; Peppol BIS Billing 3 `R005`, `R110`, `R111`.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from billing_domain.en16931.codes import COUNTRIES, SEPA
from billing_domain.en16931.judged import Fault, Judged, Rule, missing
from billing_domain.en16931.model import Adjustment, Document
from billing_domain.en16931.parts import PartyView

_MEANS_WITH_ACCOUNT = frozenset({"30", "58"})
_GREECE = "EL"
_CARD_SIGNS = 10


def _stated(term: str, read: Callable[[Document], Any], what: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        value = read(judged.document)
        if value is None or value == "":
            yield missing(term, what)

    return rule


def _party(term: str, part: str, field: str, what: str) -> Rule:
    """Return the rule that a party, where there is one, states something; seller and buyer are always wanted."""

    def rule(judged: Judged) -> Iterator[Fault]:
        party: PartyView | None = getattr(judged.document, part)
        if not getattr(party, field) if party is not None else part in {"seller", "buyer"}:
            yield missing(term, what)

    return rule


def _address(term: str, part: str, what: str) -> Rule:
    """Return the rule that a party, where there is one, has an address of any kind; seller and buyer are always wanted."""

    def rule(judged: Judged) -> Iterator[Fault]:
        party: PartyView | None = getattr(judged.document, part)
        if party is None and part == "representative":
            return
        if party is None or not _placed(party):
            yield missing(term, what)

    return rule


def _country(term: str, part: str, what: str) -> Rule:
    """Return the rule that an address, where there is one, has a country."""

    def rule(judged: Judged) -> Iterator[Fault]:
        party: PartyView | None = getattr(judged.document, part)
        if party is not None and _placed(party) and not party.country:
            yield missing(term, what)

    return rule


def _placed(party: PartyView) -> bool:
    return bool(party.street or party.extra or party.city or party.postcode or party.region or party.country)


def _each_line(term: str, field: str, what: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for line in judged.document.lines:
            value = getattr(line, field)
            if value is None or value == "":
                yield missing(f"{term} of line {line.id}", what)

    return rule


def _units(judged: Judged) -> Iterator[Fault]:
    """A unit is that of a quantity; without one it says nothing."""
    for line in judged.document.lines:
        if not line.unit or line.quantity is None:
            yield missing(f"BT-130 of line {line.id}", "a unit")


def _has_lines(judged: Judged) -> Iterator[Fault]:
    if not judged.document.lines:
        yield missing("BG-25", "at least one line")


def _in_order(term: str, first: date | None, last: date | None) -> Iterator[Fault]:
    if first is not None and last is not None and last < first:
        yield Fault(term, last.isoformat(), f"{first.isoformat()} or later")


def _period(judged: Judged) -> Iterator[Fault]:
    yield from _in_order("BT-74", judged.document.first_day, judged.document.last_day)


def _line_periods(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        yield from _in_order(f"BT-135 of line {line.id}", line.first_day, line.last_day)


def _inside(judged: Judged, *, start: bool) -> Iterator[Fault]:
    document = judged.document
    for line in document.lines:
        day, bound = (line.first_day, document.first_day) if start else (line.last_day, document.last_day)
        if day is not None and bound is not None and (day < bound if start else day > bound):
            yield Fault(
                f"{'BT-134' if start else 'BT-135'} of line {line.id}",
                day.isoformat(),
                f"{bound.isoformat()} or {'later' if start else 'earlier'}",
            )


def _adjusted(term: str, read: Callable[[Document], Iterable[Adjustment]], fits: Callable[[Adjustment], bool], what: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for each in read(judged.document):
            if not fits(each):
                yield missing(term, what)

    return rule


def _has_amount(each: Adjustment) -> bool:
    return each.amount is not None


def _has_category(each: Adjustment) -> bool:
    return bool(each.category)


def _has_reason(each: Adjustment) -> bool:
    return bool(each.reason or each.code)


def _allowances(document: Document) -> Iterable[Adjustment]:
    return document.allowances


def _charges(document: Document) -> Iterable[Adjustment]:
    return document.charges


def _line_allowances(document: Document) -> Iterable[Adjustment]:
    return (each for line in document.lines for each in line.allowances)


def _line_charges(document: Document) -> Iterable[Adjustment]:
    return (each for line in document.lines for each in line.charges)


def _each_row(term: str, field: str, what: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        for row in judged.document.taxes:
            value = getattr(row, field)
            if (value is None or value == "") and not (field == "rate" and row.category == "O"):
                yield missing(f"{term} of {row.category}", what)

    return rule


def _accounting_total(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    stated = document.tax_total if document.tax_currency == document.currency else None
    if document.tax_currency and document.tax_total_accounting is None and stated is None:
        yield missing("BT-111", f"the tax in {judged.document.tax_currency}")


def _accounting_currency(judged: Judged) -> Iterator[Fault]:
    if judged.document.tax_currency and judged.document.tax_currency == judged.document.currency:
        yield Fault("BT-6", judged.document.tax_currency, "another currency than the document's, or none")


def _preceding(judged: Judged) -> Iterator[Fault]:
    for each in judged.document.preceding:
        if not each.number:
            yield missing("BT-25", "the number of the preceding document")


def _deliver_to(judged: Judged) -> Iterator[Fault]:
    delivery = judged.document.delivery
    if delivery is not None and (delivery.street or delivery.city or delivery.postcode) and not delivery.country:
        yield missing("BT-80", "the country to which it was delivered")


def _payee_differs(judged: Judged) -> Iterator[Fault]:
    """A payee is named, and is somebody else than the seller by trading name and identifier."""
    payee, seller = judged.document.payee, judged.document.seller or PartyView()
    if payee is None:
        return
    if not payee.name:
        yield missing("BT-59", "the payee's name")
    elif payee.name == seller.trading_name or (payee.identifier and payee.identifier == seller.identifier):
        yield Fault("BG-10", payee.name, "nothing where the seller is paid itself")


def _agent_registered(judged: Judged) -> Iterator[Fault]:
    agent = judged.document.representative
    if agent is not None and not agent.vat_id:
        yield missing("BT-63", "the tax representative's VAT id")


def _card(judged: Judged) -> Iterator[Fault]:
    """Of a card the last four to six digits are shown; the rule files let ten signs pass, for those who mask the rest."""
    payment = judged.document.payment
    if payment is not None and len(payment.card.strip()) > _CARD_SIGNS:
        yield Fault("BT-87", f"{len(payment.card)} signs", f"at most {_CARD_SIGNS}, of which four to six digits")


def _supporting(judged: Judged) -> Iterator[Fault]:
    for each in judged.document.documents:
        if not each.reference.strip():
            yield missing("BT-122", "the reference of the supporting document")


def _item_attributes(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        for each in line.attributes:
            if not (each.name and each.value):
                yield missing(f"BG-32 of line {line.id}", "name and value of the property")


def _endpoint_scheme(term: str, part: str) -> Rule:
    def rule(judged: Judged) -> Iterator[Fault]:
        party: PartyView | None = getattr(judged.document, part)
        if party is not None and party.endpoint and not party.endpoint_scheme:
            yield missing(term, "the scheme of the electronic address")

    return rule


def _standard_scheme(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.standard_item and not line.standard_scheme:
            yield missing(f"BT-157-1 of line {line.id}", "the scheme of the standard code")


def _classification_scheme(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        for each in line.classifications:
            if each.code and not each.scheme:
                yield missing(f"BT-158-1 of line {line.id}", "the list that the class is of")


def _payment_means(judged: Judged) -> Iterator[Fault]:
    if judged.document.payment is not None and not judged.document.payment.means:
        yield missing("BT-81", "a code of UNCL4461")


def _payment_account(judged: Judged) -> Iterator[Fault]:
    payment = judged.document.payment
    if payment is not None and payment.means in _MEANS_WITH_ACCOUNT and not payment.account:
        yield missing("BT-84", "the account to pay to")


def _account_stated(judged: Judged) -> Iterator[Fault]:
    payment = judged.document.payment
    if payment is not None and payment.means in _MEANS_WITH_ACCOUNT and (payment.account_name or payment.bank) and not payment.account:
        yield missing("BT-84", "the account to pay to")


def _one_tax_point(judged: Judged) -> Iterator[Fault]:
    if judged.document.tax_point is not None and judged.document.tax_point_code:
        yield Fault("BT-7, BT-8", "a day and a code", "one of them")


def _vat_prefixes(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    for term, party in (("BT-31", document.seller), ("BT-48", document.buyer), ("BT-63", document.representative)):
        prefix = (party.vat_id if party else "")[:2]
        if prefix and prefix != _GREECE and prefix not in COUNTRIES:
            yield Fault(term, prefix, f"the code of a country, or {_GREECE}")


def _breakdown(judged: Judged) -> Iterator[Fault]:
    if not judged.document.taxes:
        yield missing("BG-23", "at least one row of the VAT breakdown")


def _when_due(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    if document.is_credit_note or document.payable is None or document.payable <= 0:
        return
    if document.due is None and not document.terms:
        yield missing("BT-9, BT-20", "the due day or payment terms")


def _seller_known(judged: Judged) -> Iterator[Fault]:
    """The creditor of a direct debit is no identifier of the seller."""
    seller = judged.document.seller or PartyView()
    identifier = "" if seller.identifier_scheme == SEPA else seller.identifier
    if not (identifier or seller.legal_id or seller.vat_id):
        yield missing("BT-29, BT-30, BT-31", "an identifier, a registration or a VAT id of the seller")


STRUCTURE: dict[str, Rule] = {
    "BR-01": _stated("BT-24", lambda document: document.specification, "the specification"),
    "BR-02": _stated("BT-1", lambda document: document.number, "a number"),
    "BR-03": _stated("BT-2", lambda document: document.on, "the day of issue"),
    "BR-04": _stated("BT-3", lambda document: document.type_code, "a type code"),
    "BR-05": _stated("BT-5", lambda document: document.currency, "a currency"),
    "BR-06": _party("BT-27", "seller", "name", "the seller's name"),
    "BR-07": _party("BT-44", "buyer", "name", "the buyer's name"),
    "BR-08": _address("BG-5", "seller", "the seller's address"),
    "BR-09": _country("BT-40", "seller", "the seller's country"),
    "BR-10": _address("BG-8", "buyer", "the buyer's address"),
    "BR-11": _country("BT-55", "buyer", "the buyer's country"),
    "BR-12": _stated("BT-106", lambda document: document.line_total, "the sum of the lines"),
    "BR-13": _stated("BT-109", lambda document: document.tax_exclusive, "the total without tax"),
    "BR-14": _stated("BT-112", lambda document: document.tax_inclusive, "the total with tax"),
    "BR-15": _stated("BT-115", lambda document: document.payable, "what is to be paid"),
    "BR-16": _has_lines,
    "BR-17": _payee_differs,
    "BR-18": _party("BT-62", "representative", "name", "the tax representative's name"),
    "BR-19": _address("BG-12", "representative", "the tax representative's address"),
    "BR-20": _country("BT-69", "representative", "the tax representative's country"),
    "BR-21": _each_line("BT-126", "id", "an identifier"),
    "BR-22": _each_line("BT-129", "quantity", "a quantity"),
    "BR-23": _units,
    "BR-24": _each_line("BT-131", "net", "a net amount"),
    "BR-25": _each_line("BT-153", "name", "the name of the item"),
    "BR-26": _each_line("BT-146", "price", "a net price"),
    "BR-29": _period,
    "BR-30": _line_periods,
    "BR-31": _adjusted("BT-92", _allowances, _has_amount, "an amount"),
    "BR-32": _adjusted("BT-95", _allowances, _has_category, "a VAT category"),
    "BR-33": _adjusted("BT-97, BT-98", _allowances, _has_reason, "a reason"),
    "BR-36": _adjusted("BT-99", _charges, _has_amount, "an amount"),
    "BR-37": _adjusted("BT-102", _charges, _has_category, "a VAT category"),
    "BR-38": _adjusted("BT-104, BT-105", _charges, _has_reason, "a reason"),
    "BR-41": _adjusted("BT-136", _line_allowances, _has_amount, "an amount"),
    "BR-42": _adjusted("BT-139, BT-140", _line_allowances, _has_reason, "a reason"),
    "BR-43": _adjusted("BT-141", _line_charges, _has_amount, "an amount"),
    "BR-44": _adjusted("BT-144, BT-145", _line_charges, _has_reason, "a reason"),
    "BR-45": _each_row("BT-116", "taxable", "a taxable amount"),
    "BR-46": _each_row("BT-117", "tax", "the tax"),
    "BR-47": _each_row("BT-118", "category", "a VAT category"),
    "BR-48": _each_row("BT-119", "rate", "a rate"),
    "BR-49": _payment_means,
    "BR-50": _account_stated,
    "BR-51": _card,
    "BR-52": _supporting,
    "BR-53": _accounting_total,
    "BR-54": _item_attributes,
    "BR-55": _preceding,
    "BR-56": _agent_registered,
    "BR-57": _deliver_to,
    "BR-61": _payment_account,
    "BR-62": _endpoint_scheme("BT-34-1", "seller"),
    "BR-63": _endpoint_scheme("BT-49-1", "buyer"),
    "BR-64": _standard_scheme,
    "BR-65": _classification_scheme,
    "BR-CO-03": _one_tax_point,
    "BR-CO-04": _each_line("BT-151", "category", "a VAT category"),
    "BR-CO-09": _vat_prefixes,
    "BR-CO-18": _breakdown,
    "BR-CO-21": _adjusted("BT-97, BT-98", _allowances, _has_reason, "a reason"),
    "BR-CO-22": _adjusted("BT-104, BT-105", _charges, _has_reason, "a reason"),
    "BR-CO-23": _adjusted("BT-139, BT-140", _line_allowances, _has_reason, "a reason"),
    "BR-CO-24": _adjusted("BT-144, BT-145", _line_charges, _has_reason, "a reason"),
    "BR-CO-26": _seller_known,
}
"""The structure of EN 16931, by rule id."""

PEPPOL_STRUCTURE: dict[str, Rule] = {
    "BR-CO-25": _when_due,
    "PEPPOL-EN16931-R005": _accounting_currency,
    "PEPPOL-EN16931-R110": lambda judged: _inside(judged, start=True),
    "PEPPOL-EN16931-R111": lambda judged: _inside(judged, start=False),
}
"""The structure that Peppol BIS Billing 3 adds, by rule id; `BR-CO-25` is one of its own, since EN 16931 dropped it in 2026."""
