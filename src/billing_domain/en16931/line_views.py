"""Lines and credit entries in the terms of EN 16931: quantity, price, allowances and charges without tax."""

from collections.abc import Mapping
from decimal import Decimal

import attrs

from billing_domain.en16931.model import Adjustment, LineView
from billing_domain.en16931.parts import Classification, ItemAttribute
from billing_domain.invoicing import CreditEntry, Line, LineDetails, Share
from billing_domain.invoicing.lines import surcharged
from billing_domain.money import add_up, allocate, minor_unit
from billing_domain.money.amounts import CONTEXT, ONE, ZERO
from billing_domain.periods.period import ONE_DAY
from billing_domain.tax import tax_on

_add, _subtract = CONTEXT.add, CONTEXT.subtract


def line_view(line: Line, units: Mapping[str, str]) -> LineView:
    """Return one of our lines as EN 16931 sees it: shares as its allowances, surcharges as its charges, all without tax.

    Args:
        line: The line.
        units: Unit codes by what quantities count in.
    """
    facts = line.facts
    quantity, price, base, allowances, charges, net = _inclusive(line) if line.prices_include_tax else _exclusive(line)
    return LineView(
        id=str(line.number),
        object_id=facts.subscription_id,
        quantity=quantity,
        unit=units.get(facts.unit, "C62"),
        net=net,
        first_day=facts.start,
        last_day=facts.end - ONE_DAY,
        allowances=allowances,
        charges=charges,
        price=price,
        base_quantity=None if base == 1 else base,
        category=line.treatment.category.value,
        rate=line.treatment.rate,
        name=facts.name,
        seller_item=facts.charge,
    )


def told_of(line: LineView, details: LineDetails | None) -> LineView:
    """Return a line with what its document says about it beside; the gross price is its price before the discount on it."""
    if details is None:
        return line
    off, scheme = details.price_discount, details.standard_item or ("", "")
    return attrs.evolve(
        line,
        note=details.note,
        object_id=details.object or line.object_id,
        object_scheme=details.object_scheme,
        order_line=details.order_line,
        accounting=details.accounting,
        description=details.description,
        buyer_item=details.buyer_item,
        standard_scheme=scheme[0],
        standard_item=scheme[1],
        classifications=[Classification(code=each.code, scheme=each.scheme, version=each.version) for each in details.classes],
        origin=details.origin,
        attributes=[ItemAttribute(name=name, value=value) for name, value in details.properties],
        price_discount=off,
        gross_price=None if off is None or line.price is None else _add(line.price, off),
    )


_Stated = tuple[Decimal, Decimal, Decimal, list[Adjustment], list[Adjustment], Decimal]


def _exclusive(line: Line) -> _Stated:
    """Return quantity and price as they are; what the document takes off as a whole is not taken off the line's stored net."""
    allowances = [_allowance(share, share.amount) for share in line.shares if not share.on_document]
    net = _add(line.net_amount, add_up(share.amount for share in line.shares if share.on_document))
    charges = [
        Adjustment(amount=each.amount, reason=each.name, code=each.reason_code, percent=each.percent, base=each.base)
        for each in line.surcharges
    ]
    return line.quantity, line.unit_price, line.base_quantity, allowances, charges, net


def _inclusive(line: Line) -> _Stated:
    """Return quantity and price without tax; the discount is what the line would bear without it, less its net without its charges."""
    step, net = minor_unit(line.currency), line.net_amount
    whole = _without_tax(line.facts.amount, line, step)
    charges = _charges_without_tax(line, step)
    own = _subtract(net, add_up(each.amount or ZERO for each in charges))
    off = _subtract(whole, own)
    allowances = []
    if line.shares and off > 0:
        parts = allocate(off, [share.amount for share in line.shares], step)
        allowances = [_allowance(share, part) for share, part in zip(line.shares, parts, strict=True) if part]
    else:
        whole = own
    return *_priced(line, whole, step), allowances, charges, net


def _without_tax(amount: Decimal, line: Line, step: Decimal) -> Decimal:
    return _subtract(amount, tax_on(amount, line.treatment.rate, step, inclusive=True))


def _charges_without_tax(line: Line, step: Decimal) -> list[Adjustment]:
    """Return the charges of a line without tax, together never above its net; a percentage of a price with tax is not stated."""
    if not line.surcharges:
        return []
    raised = min(_without_tax(surcharged(line.surcharges), line, step), line.net_amount)
    parts = allocate(raised, [each.amount for each in line.surcharges], step)
    return [
        Adjustment(amount=part, reason=each.name, code=each.reason_code) for each, part in zip(line.surcharges, parts, strict=True) if part
    ]


def _priced(line: Line, whole: Decimal, step: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return quantity, price and base quantity for an amount without tax; one unit at it where no price of eight decimals comes to it."""
    quantity, base = line.quantity, line.base_quantity
    if quantity > 0:
        price = CONTEXT.divide(CONTEXT.multiply(whole, base), quantity).quantize(step.scaleb(-6, CONTEXT), context=CONTEXT)
        if CONTEXT.divide(CONTEXT.multiply(quantity, price), base).quantize(step, context=CONTEXT) == whole:
            return quantity, price.normalize(CONTEXT), base
    return ONE, whole, ONE


def _allowance(share: Share, amount: Decimal) -> Adjustment:
    return Adjustment(amount=amount, reason=share.name or "Discount", code=share.reason_code)


def entry_view(entry: CreditEntry, number: int, sign: Decimal) -> LineView:
    """Return a credit entry as a line of one unit at what it lowers; on an invoice its sign is −1.

    Args:
        entry: The entry.
        number: The number of the line on the document that carries it.
        sign: 1 on a credit note, −1 on an invoice.
    """
    facts = entry.facts
    return LineView(
        id=str(number),
        object_id=facts.subscription_id,
        quantity=sign,
        unit="C62",
        net=CONTEXT.multiply(sign, entry.net_amount),
        first_day=facts.start,
        last_day=facts.end - ONE_DAY,
        price=entry.net_amount,
        category=entry.treatment.category.value,
        rate=entry.treatment.rate,
        name=facts.name,
        seller_item=facts.charge,
    )
