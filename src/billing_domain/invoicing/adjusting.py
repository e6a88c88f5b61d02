"""Allowances and charges of a document as a whole, charges of its lines, what was paid before, and a payable rounding.

An allowance of the document is held as shares of its lines, a charge as a line of its own kind, and a charge of a line as its surcharge:
so credits return them like anything else, to the cent and in any order. Paper shows them as BG-20, BG-21 and BG-28.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count

import attrs

from billing_domain.catalog.working import flat
from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, RefusedError, UnknownReferenceError
from billing_domain.ids import checked_scheme
from billing_domain.invoicing.adjustments import DocumentAllowance, DocumentCharge, LineCharge
from billing_domain.invoicing.details import REFERENCES, Details
from billing_domain.invoicing.documents import DraftInvoice
from billing_domain.invoicing.lines import ChargeKind, Line, LineFacts, Piece, Share, surcharged
from billing_domain.invoicing.surcharges import with_line_charges
from billing_domain.invoicing.totals import Totals, tax_rows, totals_of
from billing_domain.money import Money, Number, add_up, allocate, amount_of, exact, minor_unit, not_negative, require_whole, round_decimal
from billing_domain.money.amounts import CONTEXT, ONE, ZERO
from billing_domain.periods.period import ONE_DAY
from billing_domain.tax import TaxCategory

_subtract, _add = CONTEXT.subtract, CONTEXT.add


@door
def adjust(
    draft: DraftInvoice,
    *,
    allowances: Iterable[DocumentAllowance] = (),
    charges: Iterable[DocumentCharge] = (),
    line_charges: Iterable[LineCharge] = (),
    prepaid: Money | None = None,
    payable_step: Number | None = None,
) -> DraftInvoice:
    """Return the draft with allowances and charges of the document, charges of lines, what was paid before, and a payable rounding.

    Charges of lines come first and work on what their lines charge after their own discount.
    Allowances work on what the lines charge after discount, one after the other; they lower no charge, of the document or of a line.
    Charges of the document work on what the lines charged before allowances, with the charges of lines.
    What rounds to nothing is left out.

    Args:
        draft: A draft.
        allowances: What lowers it, each split over its lines by the largest remainder.
        charges: What raises it.
        line_charges: What raises single lines (BG-28).
        prepaid: What was paid before (BT-113), at most the total with tax.
        payable_step: The step in which it is paid, such as 0.05 (BT-114), half up; None changes nothing.

    Raises:
        UnknownReferenceError: There is no line of such a number.
        ExceedsLimitError: An allowance is above what the lines charge, or the entries that ride along would bring the total below zero,
            or more was prepaid than the total.
        RefusedError: A charge that is out of scope would share the document with taxed lines, or the other way round;
            or the line that is to bear a charge is itself a charge of the document, or charges nothing.
        CurrencyMismatchError: An amount is in another currency.
        InvalidTypeError: It is no draft: an issued invoice never changes.

    Source: `EN 16931 BR-CO-11` to `BR-CO-16`, `BR-O-11`, BG-28.

    Example:
        See the how-to on exporting.
    """
    with exact():
        lines = with_line_charges(draft, line_charges)
        base = add_up(line.charged_amount for line in lines)
        for allowance in allowances:
            lines = _lowered(lines, allowance, draft.currency)
        for charge in charges:
            lines += _charge_lines(draft, charge, len(lines) + 1, base)
        _check_scope(lines)
        return _with_totals(draft, lines, draft.totals.prepaid if prepaid is None else prepaid, payable_step)


@door
def describe(draft: DraftInvoice, details: Details, **references: str) -> DraftInvoice:
    """Return the draft with details, and with references added to those that it has.

    The event that makes tax due stays as the seller's rule set it, unless the details name one.

    Args:
        draft: A draft.
        details: What it says beside its lines.
        **references: What it quotes, by the names in `REFERENCES`, such as `purchase_order`.

    Raises:
        UnknownReferenceError: There is no reference of such a name, or no line of such a number.
        InvalidValueError: `object_scheme` says what sort of number an object has that is not named.

    Example:
        See the how-to on exporting.
    """
    known = {line.number for line in draft.lines}
    for each in details.lines:
        if each.line not in known:
            raise UnknownReferenceError(each.line, f"the document has the lines {sorted(known)}", "give the number of one of them")
    for name in references:
        if name not in REFERENCES:
            raise UnknownReferenceError(name, f"a document quotes {', '.join(REFERENCES)}", "take one of these, or write a note")
    named = {**dict(draft.references), **references}
    checked_scheme(named.get("object_scheme", ""), named.get("object", ""), "an invoiced object")
    if draft.details.tax_point_code and not details.tax_point_code:
        details = attrs.evolve(details, tax_point_code=draft.details.tax_point_code)
    return attrs.evolve(draft, details=details, references=tuple(sorted(named.items())))


def _lowered(lines: Sequence[Line], allowance: DocumentAllowance, currency: str) -> list[Line]:
    room = [_subtract(line.charged_amount, surcharged(line.surcharges)) if _may_lower(allowance, line) else ZERO for line in lines]
    base = add_up(room)
    total = allowance.of(base, currency)
    if total > base:
        raise ExceedsLimitError(total, f"the lines that it lowers charge {base}", "give no more than that")
    parts = allocate(total, room, minor_unit(currency), room) if total else [ZERO] * len(room)
    name = allowance.reason or f"allowance {allowance.code}"
    known = {share.grant_id for line in lines for share in line.shares}
    own = next(each for number in count(1) if (each := f"document/{number}") not in known)
    return [
        attrs.evolve(line, shares=(*line.shares, Share(own, part, name, allowance.code, True))) if part else line
        for line, part in zip(lines, parts, strict=True)
    ]


def _may_lower(allowance: DocumentAllowance, line: Line) -> bool:
    return line.facts.kind is not ChargeKind.DOCUMENT and allowance.treatment in {None, line.treatment}


def _charge_lines(draft: DraftInvoice, charge: DocumentCharge, number: int, base: Decimal) -> list[Line]:
    amount = charge.of(base, draft.currency)
    if not amount:
        return []
    day = draft.through
    end = day + ONE_DAY
    piece = Piece(day, end, ONE, flat(amount))
    name = charge.reason or f"charge {charge.code}"
    facts = LineFacts(
        "document", f"{charge.code or 'charge'}/{number}", day, end, day, end, name, ChargeKind.DOCUMENT, "", "", (piece,), amount
    )
    return [Line(number, facts, charge.treatment, draft.currency, (), amount, _tax_point(draft, day), draft.prices_include_tax)]


def _tax_point(draft: DraftInvoice, day: date) -> date:
    return max((line.tax_point for line in draft.lines), default=day)


def _check_scope(lines: Sequence[Line]) -> None:
    scopes = {line.treatment.category is TaxCategory.OUT_OF_SCOPE for line in lines}
    if len(scopes) > 1:
        raise RefusedError(
            "O", "what is out of scope never shares a document with another category (BR-O-11)", "put it on a document of its own"
        )


def _with_totals(draft: DraftInvoice, lines: Sequence[Line], prepaid: Money, payable_step: Number | None) -> DraftInvoice:
    step = minor_unit(draft.currency)
    charged = [line.charged_amount for line in lines]
    with exact():
        taxed = tax_rows([line.treatment for line in lines], charged, step, inclusive=draft.prices_include_tax, rounding=draft.tax_rounding)
    lines = [attrs.evolve(line, net_amount=net) for line, net in zip(lines, taxed.nets, strict=True)]
    totals = totals_of(taxed, draft.entries, draft.currency)
    totals = _chain(draft, totals, lines)
    totals = _settled(totals, prepaid, payable_step)
    return attrs.evolve(draft, lines=lines, totals=totals)


def _chain(draft: DraftInvoice, totals: Totals, lines: Sequence[Line]) -> Totals:
    lowered = ZERO if draft.prices_include_tax else add_up(share.amount for line in lines for share in line.shares if share.on_document)
    raised = add_up(line.net_amount for line in lines if line.facts.kind is ChargeKind.DOCUMENT)
    line_total = _subtract(_add(totals.line_total_amount, lowered), raised)
    return attrs.evolve(totals, line_total_amount=line_total, allowance_total_amount=lowered, charge_total_amount=raised)


def _settled(totals: Totals, prepaid: Money, payable_step: Number | None) -> Totals:
    amount = require_whole(amount_of(prepaid, totals.currency, "what was prepaid"), totals.currency, "what was prepaid")
    if totals.tax_inclusive_amount < 0:
        raise ExceedsLimitError(totals.tax_inclusive_amount, "an invoice is not below zero with the entries that ride on it", "allow less")
    if not 0 <= amount <= totals.tax_inclusive_amount:
        raise ExceedsLimitError(
            amount, f"at most the total of {totals.tax_inclusive_amount} was prepaid", "keep the rest as a credit of the account"
        )
    if amount:
        totals = attrs.evolve(totals, prepaid_amount=amount)
    if payable_step is not None:
        step = not_negative(payable_step, "a payable step")
        due = _subtract(totals.tax_inclusive_amount, totals.prepaid_amount)
        rounding = _subtract(round_decimal(due, step), due)
        totals = attrs.evolve(totals, rounding_amount=require_whole(rounding, totals.currency, "a payable rounding"))
    return totals
