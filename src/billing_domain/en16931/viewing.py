"""Our own documents in the terms of EN 16931: how paper shows shares, entries, charges and prices that include tax."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, assert_never

from billing_domain.doors import door
from billing_domain.en16931.line_views import entry_view, line_view, told_of
from billing_domain.en16931.model import Adjustment, Document, TaxRow
from billing_domain.en16931.parts import PrecedingInvoice
from billing_domain.en16931.who import agent_view, delivery_view, hidden_view, payee_view, payment_view, shown_view, supporting_views
from billing_domain.invoicing import (
    ChargeKind,
    CreditNote,
    Details,
    DraftCreditNote,
    DraftInvoice,
    Invoice,
    Line,
    Share,
    TaxGroup,
    Totals,
)
from billing_domain.money import add_up, exact
from billing_domain.money.amounts import CONTEXT, ONE, ZERO
from billing_domain.periods.period import ONE_DAY
from billing_domain.tax import TaxCategory

OurDocument = Invoice | CreditNote | DraftInvoice | DraftCreditNote
"""What this library makes."""

UNITS: Mapping[str, str] = MappingProxyType({
    "": "C62", "unit": "C62", "units": "C62", "piece": "H87", "GB": "E34", "MB": "4L", "TB": "E35", "kWh": "KWH", "MWh": "MWH",
    "s": "SEC", "min": "MIN", "h": "HUR", "day": "DAY", "month": "MON", "kg": "KGM", "m": "MTR", "km": "KMT", "m3": "MTQ", "l": "LTR",
})  # fmt: skip
"""Unit codes of Recommendation 20 for what quantities count in; a unit that is not here counts as one (C62)."""

_REFERENCES = {
    "buyer_reference": "buyer_reference",
    "project": "project",
    "contract": "contract",
    "purchase_order": "order",
    "sales_order": "sales_order",
    "receiving_advice": "receiving",
    "despatch_advice": "despatch",
    "tender": "tender",
    "object": "object_id",
    "object_scheme": "object_scheme",
    "buyer_accounting": "accounting",
}
_RIDING = CONTEXT.minus(ONE)
_add = CONTEXT.add


@door
def view(document: OurDocument, *, units: Mapping[str, str] = UNITS) -> Document:
    """Return one of our documents as EN 16931 sees it.

    A share is an allowance of its line, or of the document where it was given there; a surcharge is a charge of its line;
    an entry on an invoice is a line of quantity −1 whose invoice is named as preceding; prices that include tax are shown without it;
    a document out of scope shows no VAT ids.

    Args:
        document: An invoice or credit note, issued or not.
        units: Unit codes by what quantities count in.

    Raises:
        InvalidTypeError: It is none of our documents.

    Source: design of documents, rule 7; `EN 16931` BG-3, BG-20 to BG-28, `BR-27`, `BR-O-02`.

    Example:
        See the how-to on exporting.
    """
    with exact():
        match document:
            case Invoice():
                return _invoice(document.draft, units, number=document.number, on=document.on, due=document.due)
            case DraftInvoice():
                return _invoice(document, units)
            case CreditNote():
                return _credit_note(document.draft, number=document.number, on=document.on)
            case DraftCreditNote():
                return _credit_note(document)
            case _:
                assert_never(document)


def _invoice(
    draft: DraftInvoice, units: Mapping[str, str], *, number: str = "", on: date | None = None, due: date | None = None
) -> Document:
    plain = [line for line in draft.lines if line.facts.kind is not ChargeKind.DOCUMENT]
    told = {each.line: each for each in draft.details.lines}
    lines = [told_of(line_view(line, units), told.get(line.number)) for line in plain]
    lines += [entry_view(entry, len(draft.lines) + entry.number, _RIDING) for entry in draft.entries]
    preceding = [PrecedingInvoice(number=each.number, on=each.on) for each in draft.details.preceding]
    named = {each.number for each in preceding}
    preceding += [PrecedingInvoice(number=each) for each in sorted({entry.ref.invoice for entry in draft.entries} - named)]
    days = [(line.facts.start, line.facts.end) for line in plain] + [(entry.facts.start, entry.facts.end) for entry in draft.entries]
    tax_points = {line.tax_point for line in draft.lines}
    return Document(
        number=number,
        on=on,
        due=due,
        terms=draft.terms.text,
        tax_point=min(tax_points) if len(tax_points) == 1 and on not in tax_points and not draft.details.tax_point_code else None,
        preceding=preceding,
        allowances=_document_allowances(draft),
        charges=[_charge(line) for line in draft.lines if line.facts.kind is ChargeKind.DOCUMENT],
        lines=lines,
        **_head(draft, draft.details, days, number),
        **_figures(draft.totals, draft.details),
    )


def _credit_note(draft: DraftCreditNote, *, number: str = "", on: date | None = None) -> Document:
    days = [(entry.facts.start, entry.facts.end) for entry in draft.entries]
    told = {each.line: each for each in draft.details.lines}
    return Document(
        number=number,
        on=on,
        preceding=[PrecedingInvoice(number=draft.invoice, on=draft.invoice_on)],
        lines=[told_of(entry_view(entry, entry.number, ONE), told.get(entry.number)) for entry in draft.entries],
        **_head(draft, draft.details, days, number),
        **_figures(draft.totals, draft.details),
    )


def _head(draft: DraftInvoice | DraftCreditNote, details: Details, days: Iterable[tuple[date, date]], number: str) -> dict[str, Any]:
    spans = list(days)
    shown = hidden_view if _out_of_scope(draft.totals) else shown_view
    quoted = dict(draft.references)
    return {
        "type_code": details.type_code,
        "currency": draft.currency,
        "notes": details.notes,
        "tax_point_code": details.tax_point_code,
        "seller": shown(draft.seller),
        "buyer": shown(draft.buyer),
        "payee": payee_view(details.payee),
        "representative": agent_view(details.representative, shown),
        "delivery": delivery_view(draft, details),
        "payment": payment_view(details, number),
        "documents": supporting_views(details),
        "first_day": details.first_day or min((start for start, _ in spans), default=None),
        "last_day": details.last_day or max((end - ONE_DAY for _, end in spans), default=None),
        **{field: quoted[name] for name, field in _REFERENCES.items() if name in quoted},
    }


def _out_of_scope(totals: Totals) -> bool:
    return any(group.category is TaxCategory.OUT_OF_SCOPE for group in totals.groups)


def _figures(totals: Totals, details: Details) -> dict[str, Any]:
    accounting = details.accounting
    if accounting is not None and accounting.currency == totals.currency:
        accounting = None
    return {
        "tax_currency": "" if accounting is None else accounting.currency,
        "tax_total_accounting": None if accounting is None else accounting.of(totals.tax_total_amount),
        "line_total": totals.line_total_amount,
        "allowance_total": totals.allowance_total_amount or None,
        "charge_total": totals.charge_total_amount or None,
        "tax_exclusive": totals.tax_exclusive_amount,
        "tax_total": totals.tax_total_amount,
        "tax_inclusive": totals.tax_inclusive_amount,
        "prepaid": totals.prepaid_amount or None,
        "rounding": totals.rounding_amount or None,
        "payable": totals.payable_amount,
        "taxes": _taxes(totals.groups),
    }


def _taxes(groups: Iterable[TaxGroup]) -> list[TaxRow]:
    """Return one row for each category and rate; groups that differ in reason or country alone are one row."""
    rows: dict[tuple[str, Decimal | None], list[TaxGroup]] = {}
    for group in groups:
        rows.setdefault((group.category.value, group.rate), []).append(group)
    return [
        TaxRow(
            category=category,
            rate=rate,
            taxable=add_up(group.net_amount for group in same),
            tax=add_up(group.tax_amount for group in same),
            reason="; ".join(dict.fromkeys(group.treatment.exemption_reason for group in same if group.treatment.exemption_reason)),
            code=same[0].treatment.exemption_code,
        )
        for (category, rate), same in rows.items()
    ]


def _document_allowances(draft: DraftInvoice) -> list[Adjustment]:
    if draft.prices_include_tax:
        return []
    found: dict[tuple[str, Any], tuple[Share, Decimal]] = {}
    for line in draft.lines:
        for share in line.shares:
            if share.on_document:
                name = (share.grant_id, line.treatment)
                found[name] = (share, _add(found[name][1] if name in found else ZERO, share.amount))
    return [
        Adjustment(amount=amount, reason=share.name, code=share.reason_code, category=treatment.category.value, rate=treatment.rate)
        for (_, treatment), (share, amount) in found.items()
    ]


def _charge(line: Line) -> Adjustment:
    code = line.facts.charge.partition("/")[0]
    return Adjustment(
        amount=line.net_amount,
        reason=line.facts.name,
        code="" if code == "charge" else code,
        category=line.treatment.category.value,
        rate=line.treatment.rate,
    )
