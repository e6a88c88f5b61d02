"""The rules of arithmetic: the chain of totals, the tax of each group, lines, allowances, decimals.

Source: `EN 16931 BR-CO-10` to `BR-CO-17` and `BR-DEC-*`; Peppol BIS Billing 3 `R040` to `R121`.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from billing_domain.en16931.judged import Fault, Judged, Rule, differs, missing
from billing_domain.en16931.model import Adjustment, Document, LineView, TaxRow, amount
from billing_domain.money.amounts import CONTEXT, HUNDRED, ONE, add_up, decimals, exponent

_add, _subtract = CONTEXT.add, CONTEXT.subtract
_multiply, _divide, _abs = CONTEXT.multiply, CONTEXT.divide, CONTEXT.abs
_HALF = Decimal("0.5")


def _stated_totals(document: Document) -> bool:
    """Say whether the document has totals at all; a fragment without them breaks no rule about them."""
    totals = (document.line_total, document.tax_exclusive, document.tax_inclusive, document.payable)
    return any(total is not None for total in totals)


def _is(term: str, stated: Decimal | None, expected: Decimal | None, judged: Judged) -> Iterator[Fault]:
    """Yield a fault where a total is not exactly what it should be, or where it, or what it comes from, is not stated."""
    if stated == expected and stated is not None:
        return
    if stated is not None or _stated_totals(judged.document):
        wanted = "what it is the sum of" if expected is None else f"{judged.round(expected):f}"
        yield Fault(term, "" if stated is None else f"{stated:f}", wanted)


def _line_total(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    yield from _is("BT-106", document.line_total, judged.round(add_up(amount(line.net) for line in document.lines)), judged)


def _sum_of(adjustments: Iterable[Adjustment]) -> Decimal:
    return add_up(amount(each.amount) for each in adjustments)


def _adjustment_total(term: str, stated: Decimal | None, adjustments: tuple[Adjustment, ...], judged: Judged) -> Iterator[Fault]:
    if stated is not None or adjustments:
        yield from _is(term, stated, judged.round(_sum_of(adjustments)), judged)


def _allowance_total(judged: Judged) -> Iterator[Fault]:
    yield from _adjustment_total("BT-107", judged.document.allowance_total, judged.document.allowances, judged)


def _charge_total(judged: Judged) -> Iterator[Fault]:
    yield from _adjustment_total("BT-108", judged.document.charge_total, judged.document.charges, judged)


def _tax_exclusive(judged: Judged) -> Iterator[Fault]:
    """Nothing is rounded where there is nothing to add or take off."""
    document = judged.document
    total = document.line_total
    if total is not None and (document.allowance_total is not None or document.charge_total is not None):
        total = judged.round(_add(_subtract(total, amount(document.allowance_total)), amount(document.charge_total)))
    yield from _is("BT-109", document.tax_exclusive, total, judged)


def _tax_total(judged: Judged) -> Iterator[Fault]:
    document = judged.document
    if document.taxes and (document.tax_total is not None or (_stated_totals(document) and judged.by.needs_tax_total)):
        yield from _is("BT-110", document.tax_total, judged.round(add_up(amount(row.tax) for row in document.taxes)), judged)


def _tax_inclusive(judged: Judged) -> Iterator[Fault]:
    """The total tax is stated once in the document's currency; an accounting currency that is the same would state it twice."""
    document = judged.document
    if document.tax_currency and document.tax_currency == document.currency and document.tax_total_accounting is not None:
        yield Fault("BT-111", f"{document.tax_total_accounting:f}", f"one total tax in {document.currency}")
        return
    lacks_tax = document.tax_total is None and judged.by.needs_tax_total
    total = None if document.tax_exclusive is None or lacks_tax else judged.round(_add(document.tax_exclusive, amount(document.tax_total)))
    yield from _is("BT-112", document.tax_inclusive, total, judged)


def _payable(judged: Judged) -> Iterator[Fault]:
    """A rounding is taken off what is payable before both sides are compared; nothing is rounded where nothing was prepaid."""
    document = judged.document
    due, payable = document.tax_inclusive, document.payable
    if due is not None and document.prepaid is not None:
        due = judged.round(_subtract(due, document.prepaid))
    if payable is not None and document.rounding is not None:
        payable = judged.round(_subtract(payable, document.rounding))
    for fault in _is("BT-115", payable, due, judged):
        expected = fault.expected if due is None else f"{_add(judged.round(due), amount(document.rounding)):f}"
        yield Fault("BT-115", "" if document.payable is None else f"{document.payable:f}", expected)


def tax_is_off(row: TaxRow, judged: Judged) -> Iterator[Fault]:
    """Yield a fault where the tax of a group is not its taxable amount times its rate, within what the rules let pass."""
    if row.tax is None or row.taxable is None:
        yield _wrong_tax(row, judged)
        return
    tax, taxable = (row.tax, row.taxable) if judged.by.signed else (_abs(row.tax), _abs(row.taxable))
    expected = judged.round(_divide(_multiply(taxable, amount(row.rate)), HUNDRED))
    difference = _abs(_subtract(tax, expected))
    limit = judged.by.tax
    if difference > limit or (difference == limit and limit and not judged.by.tax_reaches):
        yield _wrong_tax(row, judged)


def _wrong_tax(row: TaxRow, judged: Judged) -> Fault:
    expected = judged.round(_divide(_multiply(amount(row.taxable), amount(row.rate)), HUNDRED))
    return Fault(f"BT-117 of {row.category} {amount(row.rate):f}", "" if row.tax is None else f"{row.tax:f}", f"{expected:f}")


def _tax_of_groups(judged: Judged) -> Iterator[Fault]:
    """A rate below one half, or none, lets pass what rounds to no whole unit; any other rate what is near enough."""
    for row in judged.document.taxes:
        if judged.by.signed or amount(row.rate) >= _HALF:
            yield from tax_is_off(row, judged)
        elif row.tax is None or not -_HALF <= row.tax < _HALF:
            yield _wrong_tax(row, judged)


def line_amount(line: LineView, step: Decimal) -> Decimal | None:
    """Return what quantity, price, allowances and charges make of a line; None where price or quantity is not stated.

    The product is rounded by itself; allowances and charges are rounded already.
    """
    if line.quantity is None or line.price is None or line.base_quantity == 0:
        return None
    base = ONE if line.base_quantity is None else line.base_quantity
    product = _divide(_multiply(line.quantity, line.price), base).quantize(step, context=CONTEXT)
    return _subtract(_add(product, _sum_of(line.charges)), _sum_of(line.allowances))


def _lines(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        expected = line_amount(line, judged.step)
        if expected is not None:
            yield from differs(f"BT-131 of line {line.id}", line.net, expected, judged, within=judged.by.line)


def adjustments(document: Document) -> Iterator[tuple[str, Adjustment]]:
    """Yield every allowance and charge of the document and of its lines, with its place."""
    for each in document.allowances:
        yield "BG-20", each
    for each in document.charges:
        yield "BG-21", each
    for line in document.lines:
        for each in line.allowances:
            yield f"BG-27 of line {line.id}", each
        for each in line.charges:
            yield f"BG-28 of line {line.id}", each


def _percentages(judged: Judged) -> Iterator[Fault]:
    for where, each in adjustments(judged.document):
        if each.base is not None and each.percent is not None:
            expected = _divide(_multiply(each.base, each.percent), HUNDRED)
            yield from differs(where, amount(each.amount), judged.round(expected), judged, within=judged.by.line)


def _percent_needs_base(judged: Judged) -> Iterator[Fault]:
    for where, each in adjustments(judged.document):
        if each.percent is not None and each.base is None:
            yield missing(where, "the base of the percentage")


def _base_needs_percent(judged: Judged) -> Iterator[Fault]:
    for where, each in adjustments(judged.document):
        if each.base is not None and each.percent is None:
            yield missing(where, "the percentage of the base")


def _gross_prices(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.gross_price is not None:
            expected = _subtract(line.gross_price, amount(line.price_discount))
            if expected != line.price:
                yield Fault(f"BT-146 of line {line.id}", "" if line.price is None else f"{line.price:f}", f"{expected:f}")


def _base_quantities(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.base_quantity is not None and line.base_quantity <= 0:
            yield Fault(f"BT-149 of line {line.id}", f"{line.base_quantity:f}", "above zero")


def _price_not_negative(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.price is None or line.price < 0:
            yield Fault(f"BT-146 of line {line.id}", "" if line.price is None else f"{line.price:f}", "zero or more")


def _gross_price_not_negative(judged: Judged) -> Iterator[Fault]:
    for line in judged.document.lines:
        if line.gross_price is not None and line.gross_price < 0:
            yield Fault(f"BT-148 of line {line.id}", f"{line.gross_price:f}", "zero or more")


def _same_sign(judged: Judged) -> Iterator[Fault]:
    """Where an accounting currency is stated, both totals are, with one sign."""
    document = judged.document
    tax, other = document.tax_total, document.tax_total_accounting
    if other is None and document.tax_currency == document.currency:
        other = tax
    if document.tax_currency and (tax is None or other is None or _multiply(tax, other) < 0):
        yield Fault("BT-111", "" if other is None else f"{other:f}", "the sign of BT-110")


_Amounts = Callable[[Document], Iterable[Decimal | None]]


def _at_most(read: _Amounts, term: str) -> Rule:
    """Return the rule that no amount of a term has more decimals than the document may have."""

    def rule(judged: Judged) -> Iterator[Fault]:
        most = decimals(judged.step)
        for value in read(judged.document):
            if value is not None and decimals(value) > most:
                yield Fault(term, f"{value:f}", f"at most {most} decimals")

    return rule


def _of_lines(read: Callable[[LineView], Iterable[Adjustment]], name: str) -> _Amounts:
    return lambda document: (getattr(each, name) for line in document.lines for each in read(line))


def _field(name: str) -> _Amounts:
    return lambda document: [getattr(document, name)]


def _accounting_decimals(judged: Judged) -> Iterator[Fault]:
    """The accounting currency has decimals of its own where the set takes those of the currency."""
    document, most = judged.document, decimals(judged.step)
    if judged.by.decimals is None and document.tax_currency:
        most = exponent(document.tax_currency)
    value = document.tax_total_accounting
    if value is not None and decimals(value) > most:
        yield Fault("BT-111", f"{value:f}", f"at most {most} decimals")


_DECIMALS: dict[str, Rule] = {
    "BR-DEC-01": _at_most(lambda document: (each.amount for each in document.allowances), "BT-92"),
    "BR-DEC-02": _at_most(lambda document: (each.base for each in document.allowances), "BT-93"),
    "BR-DEC-05": _at_most(lambda document: (each.amount for each in document.charges), "BT-99"),
    "BR-DEC-06": _at_most(lambda document: (each.base for each in document.charges), "BT-100"),
    "BR-DEC-09": _at_most(_field("line_total"), "BT-106"),
    "BR-DEC-10": _at_most(_field("allowance_total"), "BT-107"),
    "BR-DEC-11": _at_most(_field("charge_total"), "BT-108"),
    "BR-DEC-12": _at_most(_field("tax_exclusive"), "BT-109"),
    "BR-DEC-13": _at_most(_field("tax_total"), "BT-110"),
    "BR-DEC-14": _at_most(_field("tax_inclusive"), "BT-112"),
    "BR-DEC-15": _accounting_decimals,
    "BR-DEC-16": _at_most(_field("prepaid"), "BT-113"),
    "BR-DEC-17": _at_most(_field("rounding"), "BT-114"),
    "BR-DEC-18": _at_most(_field("payable"), "BT-115"),
    "BR-DEC-19": _at_most(lambda document: (row.taxable for row in document.taxes), "BT-116"),
    "BR-DEC-20": _at_most(lambda document: (row.tax for row in document.taxes), "BT-117"),
    "BR-DEC-23": _at_most(lambda document: (line.net for line in document.lines), "BT-131"),
    "BR-DEC-24": _at_most(_of_lines(lambda line: line.allowances, "amount"), "BT-136"),
    "BR-DEC-25": _at_most(_of_lines(lambda line: line.allowances, "base"), "BT-137"),
    "BR-DEC-27": _at_most(_of_lines(lambda line: line.charges, "amount"), "BT-141"),
    "BR-DEC-28": _at_most(_of_lines(lambda line: line.charges, "base"), "BT-142"),
}

ARITHMETIC: dict[str, Rule] = {
    "BR-27": _price_not_negative,
    "BR-28": _gross_price_not_negative,
    "BR-CO-10": _line_total,
    "BR-CO-11": _allowance_total,
    "BR-CO-12": _charge_total,
    "BR-CO-13": _tax_exclusive,
    "BR-CO-14": _tax_total,
    "BR-CO-15": _tax_inclusive,
    "BR-CO-16": _payable,
    "BR-CO-17": _tax_of_groups,
    **_DECIMALS,
}
"""The arithmetic of EN 16931, by rule id."""

PEPPOL_ARITHMETIC: dict[str, Rule] = {
    "PEPPOL-EN16931-R040": _percentages,
    "PEPPOL-EN16931-R041": _percent_needs_base,
    "PEPPOL-EN16931-R042": _base_needs_percent,
    "PEPPOL-EN16931-R046": _gross_prices,
    "PEPPOL-EN16931-R055": _same_sign,
    "PEPPOL-EN16931-R120": _lines,
    "PEPPOL-EN16931-R121": _base_quantities,
}
"""The arithmetic that Peppol BIS Billing 3 adds, by rule id."""
