"""Putting charges on lines of a draft, before it is taxed again."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billing_domain.errors import RefusedError, UnknownReferenceError
from billing_domain.invoicing.adjustments import LineCharge
from billing_domain.invoicing.documents import DraftInvoice
from billing_domain.invoicing.lines import ChargeKind, Line, Surcharge, shared
from billing_domain.money.amounts import CONTEXT

_subtract = CONTEXT.subtract


def with_line_charges(draft: DraftInvoice, charges: Iterable[LineCharge]) -> list[Line]:
    """Return the lines of a draft with charges on them; nets and totals are not worked out again yet.

    Args:
        draft: A draft.
        charges: What raises its lines; what rounds to nothing is left out.

    Raises:
        UnknownReferenceError: There is no line of such a number.
        RefusedError: The line is a charge of the document, or charges nothing.
        CurrencyMismatchError: An amount is in another currency.
        InvalidAmountError: An amount is not in whole minor units.
    """
    lines = list(draft.lines)
    places = {line.number: place for place, line in enumerate(lines)}
    for charge in charges:
        place = places.get(charge.line)
        if place is None:
            raise UnknownReferenceError(charge.line, f"the document has the lines {sorted(places)}", "give the number of one of them")
        lines[place] = _raised(lines[place], charge)
    return lines


def _raised(line: Line, charge: LineCharge) -> Line:
    if line.facts.kind is ChargeKind.DOCUMENT:
        raise RefusedError(line.name, "a charge of the document bears no charge of its own", "add it to that charge, or to another line")
    if not line.facts.amount:
        raise RefusedError(line.name, f"line {line.number} charges nothing, so no credit could bring it back", "make it a DocumentCharge")
    base = _base(line)
    amount = charge.of(base, line.currency)
    if not amount:
        return line
    stated = (None, None) if charge.percent is None else (charge.percent, base)
    name = charge.reason or f"charge {charge.code}"
    last = line.surcharges[-1].number if line.surcharges else 0  # a reinstated line may lack the first of them
    added = Surcharge(last + 1, amount, name, charge.code, *stated)
    return attrs.evolve(line, surcharges=(*line.surcharges, added))


def _base(line: Line) -> Decimal:
    """Return what a line charges after its own discount, without what the document as a whole takes off and without surcharges."""
    own = tuple(share for share in line.shares if not share.on_document)
    return _subtract(line.facts.amount, shared(own))
