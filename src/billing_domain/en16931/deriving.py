"""Build a document from its facts: line nets, groups of tax and the chain of totals."""

from decimal import Decimal
from typing import Any

import attrs

from billing_domain.doors import door
from billing_domain.en16931.arithmetic import line_amount
from billing_domain.en16931.model import Adjustment, Document, LineView, TaxRow, amount
from billing_domain.errors import InvalidValueError
from billing_domain.invoicing import Totals
from billing_domain.money import add_up, exact, minor_unit
from billing_domain.money.amounts import CONTEXT, HUNDRED
from billing_domain.tax import tax_on

_Group = tuple[str, Decimal | None]


@door
def derive(document: Document) -> Document:
    """Return the document with every amount that follows from its facts.

    A line's net and an adjustment's amount are worked out where they are not stated; groups of tax and totals always are,
    in the currency's own decimals, half up, with no tolerance.

    Args:
        document: Lines with quantity and price or a net amount, allowances and charges, prepaid and rounding.

    Returns:
        The same document with nets, breakdown and totals; exemption reasons of its own breakdown are kept.

    Raises:
        InvalidValueError: A line has neither a net amount nor quantity and price, or an adjustment neither amount nor base and percentage.

    Source: `EN 16931 BR-CO-10` to `BR-CO-17`, `BR-S-08`.

    Example:
        >>> plain = Document(currency="EUR", lines=[LineView(id="1", quantity=3, price="9.95", category="S", rate=21)])
        >>> built = derive(plain)
        >>> str(built.tax_exclusive), str(built.tax_total), str(built.payable)
        ('29.85', '6.27', '36.12')
    """
    step = minor_unit(document.currency)
    with exact():
        lines = tuple(_line(line, step) for line in document.lines)
        allowances = tuple(_amounted(each, step) for each in document.allowances)
        charges = tuple(_amounted(each, step) for each in document.charges)
        stated = attrs.evolve(document, lines=lines, allowances=allowances, charges=charges)
        taxes = _taxes(stated, step)
        return attrs.evolve(stated, taxes=taxes, **_totals(stated, taxes, step))


def _line(line: LineView, step: Decimal) -> LineView:
    line = attrs.evolve(
        line,
        allowances=tuple(_amounted(each, step) for each in line.allowances),
        charges=tuple(_amounted(each, step) for each in line.charges),
    )
    if line.net is not None:
        return line
    net = line_amount(line, step)
    if net is None:
        raise InvalidValueError(line.id, "a line states its net amount, or quantity and price", "give price and quantity")
    return attrs.evolve(line, net=net)


def _amounted(each: Adjustment, step: Decimal) -> Adjustment:
    if each.amount is not None:
        return each
    if each.base is None or each.percent is None:
        raise InvalidValueError(each.reason, "an allowance or charge states its amount, or base and percentage", "give one of the two")
    value = CONTEXT.divide(CONTEXT.multiply(each.base, each.percent), HUNDRED)
    return attrs.evolve(each, amount=value.quantize(step, context=CONTEXT))


def _taxes(document: Document, step: Decimal) -> tuple[TaxRow, ...]:
    groups: dict[_Group, Decimal] = {}
    for line in document.lines:
        _add(groups, (line.category, line.rate), amount(line.net))
    for each in document.allowances:
        _add(groups, (each.category, each.rate), CONTEXT.minus(amount(each.amount)))
    for each in document.charges:
        _add(groups, (each.category, each.rate), amount(each.amount))
    reasons = {row.category: row for row in document.taxes}
    return tuple(_row(category, rate, taxable, reasons.get(category, TaxRow()), step) for (category, rate), taxable in groups.items())


def _add(groups: dict[_Group, Decimal], group: _Group, value: Decimal) -> None:
    groups[group] = CONTEXT.add(groups[group], value) if group in groups else value


def _row(category: str, rate: Decimal | None, taxable: Decimal, stated: TaxRow, step: Decimal) -> TaxRow:
    tax = tax_on(taxable, rate, step)
    return TaxRow(
        category=category, rate=rate, taxable=taxable.quantize(step, context=CONTEXT), tax=tax, reason=stated.reason, code=stated.code
    )


def _totals(document: Document, taxes: tuple[TaxRow, ...], step: Decimal) -> dict[str, Any]:
    totals = Totals(
        document.currency,
        (),
        add_up(amount(line.net) for line in document.lines).quantize(step, context=CONTEXT),
        add_up(amount(row.tax) for row in taxes).quantize(step, context=CONTEXT),
        add_up(amount(each.amount) for each in document.allowances),
        add_up(amount(each.amount) for each in document.charges),
        amount(document.prepaid),
        amount(document.rounding),
    )
    return {
        "line_total": totals.line_total_amount,
        "allowance_total": totals.allowance_total_amount if document.allowances else None,
        "charge_total": totals.charge_total_amount if document.charges else None,
        "tax_exclusive": totals.tax_exclusive_amount,
        "tax_total": totals.tax_total_amount,
        "tax_inclusive": totals.tax_inclusive_amount,
        "payable": totals.payable_amount,
    }
