"""The totals of a document: the named chain of EN 16931, computed once from lines and entries."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.invoicing.lines import CreditEntry, LineFacts, Share
from billing_domain.money import Money, allocate_units, money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, exact, units_of
from billing_domain.tax import TaxCategory, TaxRounding, TaxTreatment, tax_on
from billing_domain.tax.function import tax_of
from billing_domain.unchecked import unchecked

_add = CONTEXT.add
_multiply = CONTEXT.multiply
_subtract = CONTEXT.subtract
_new = tuple.__new__
_PER_LINE = TaxRounding.PER_LINE


class Row(NamedTuple):
    """A line before its document is known: facts, treatment and shares.

    Args:
        facts: What made it.
        treatment: How it is taxed.
        shares: What grants take off it.
        charged: Its amount after discount, in the terms of its price.
    """

    facts: LineFacts
    treatment: TaxTreatment
    shares: tuple[Share, ...]
    charged: Decimal


@attrs.frozen
class TaxGroup:
    """Everything on a document with one category and rate (`EN 16931` BG-23).

    Args:
        treatment: Category, rate and exemption reason.
        net_amount: The taxable amount (BT-116).
        tax_amount: The tax (BT-117).
        currency: The document's currency.
    """

    treatment: TaxTreatment
    net_amount: Decimal
    tax_amount: Decimal
    currency: str

    @property
    def category(self) -> TaxCategory:
        """The category (BT-118)."""
        return self.treatment.category

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent (BT-119)."""
        return self.treatment.rate

    @property
    def net(self) -> Money:
        """The taxable amount."""
        return money(self.net_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax."""
        return money(self.tax_amount, self.currency)


@attrs.frozen
class Totals:
    """The totals chain: line total, allowances, charges, tax exclusive, tax, tax inclusive, prepaid, rounding, payable.

    Args:
        currency: The document's currency.
        groups: Tax by category and rate, in order of first appearance.
        line_total_amount: Sum of line nets less entries that ride along (BT-106).
        tax_total_amount: Sum of the tax of the groups (BT-110).
        allowance_total_amount: Sum of document allowances (BT-107).
        charge_total_amount: Sum of document charges (BT-108).
        prepaid_amount: Paid before (BT-113).
        rounding_amount: Added to reach a payable step (BT-114).

    Example:
        >>> totals = Totals("EUR", (), Decimal("45.55"), Decimal("9.57"))
        >>> totals.payable_amount
        Decimal('55.12')
    """

    currency: str
    groups: tuple[TaxGroup, ...]
    line_total_amount: Decimal
    tax_total_amount: Decimal
    allowance_total_amount: Decimal = ZERO
    charge_total_amount: Decimal = ZERO
    prepaid_amount: Decimal = ZERO
    rounding_amount: Decimal = ZERO

    @property
    def tax_exclusive_amount(self) -> Decimal:
        """Line total less allowances plus charges (BT-109, `BR-CO-13`)."""
        return _add(_subtract(self.line_total_amount, self.allowance_total_amount), self.charge_total_amount)

    @property
    def tax_inclusive_amount(self) -> Decimal:
        """Tax exclusive plus tax (BT-112, `BR-CO-15`)."""
        return _add(self.tax_exclusive_amount, self.tax_total_amount)

    @property
    def payable_amount(self) -> Decimal:
        """Tax inclusive less prepaid plus rounding (BT-115, `BR-CO-16`)."""
        return _add(_subtract(self.tax_inclusive_amount, self.prepaid_amount), self.rounding_amount)

    @property
    def line_total(self) -> Money:
        """Sum of line nets (BT-106)."""
        return money(self.line_total_amount, self.currency)

    @property
    def allowances(self) -> Money:
        """Sum of document allowances (BT-107)."""
        return money(self.allowance_total_amount, self.currency)

    @property
    def charges(self) -> Money:
        """Sum of document charges (BT-108)."""
        return money(self.charge_total_amount, self.currency)

    @property
    def net(self) -> Money:
        """The total without tax (BT-109)."""
        return money(self.tax_exclusive_amount, self.currency)

    @property
    def tax(self) -> Money:
        """The tax total (BT-110)."""
        return money(self.tax_total_amount, self.currency)

    @property
    def gross(self) -> Money:
        """The total with tax (BT-112)."""
        return money(self.tax_inclusive_amount, self.currency)

    @property
    def prepaid(self) -> Money:
        """Paid before (BT-113)."""
        return money(self.prepaid_amount, self.currency)

    @property
    def rounding(self) -> Money:
        """Added to reach a payable step (BT-114)."""
        return money(self.rounding_amount, self.currency)

    @property
    def payable(self) -> Money:
        """What is to be paid (BT-115)."""
        return money(self.payable_amount, self.currency)


_group, _stated = unchecked(TaxGroup), unchecked(Totals)


class Taxed(NamedTuple):
    """What taxing a document's rows gives.

    Args:
        nets: The net of each row, in order.
        totals: The totals of the document.
    """

    nets: Sequence[Decimal]
    totals: Totals


def tax_document(
    rows: Sequence[Row], entries: Sequence[CreditEntry], currency: str, step: Decimal, *, inclusive: bool, rounding: TaxRounding
) -> Taxed:
    """Tax the rows of one document and add everything up.

    Tax is computed once for each group of lines; entries lower their group by their own figures and are not taxed again.

    Args:
        rows: The lines to be.
        entries: Credit entries that ride along.
        currency: The document's currency.
        step: Its smallest amount.
        inclusive: Whether the rows' prices contain the tax.
        rounding: Where tax is rounded.

    Source: `EN 16931 BR-CO-10`, `BR-CO-14`, `BR-CO-17`, `BR-S-08`.
    """
    with exact():
        rated = tax_rows([row.treatment for row in rows], [row.charged for row in rows], step, inclusive=inclusive, rounding=rounding)
    return Taxed(rated.nets, totals_of(rated, entries, currency))


Group = tuple[TaxTreatment, Decimal, Decimal]
"""Treatment, net and tax."""


class TaxedRows(NamedTuple):
    """What taxing rows gives, before entries ride along.

    Args:
        nets: The net of each row, in order.
        groups: Treatment, net and tax of each group, in order of first appearance.
    """

    nets: Sequence[Decimal]
    groups: list[Group]

    @property
    def gross(self) -> Decimal:
        """The sum of nets and taxes."""
        return add_up([_add(net, tax) for _, net, tax in self.groups])


def tax_rows(
    treatments: Sequence[TaxTreatment], charged: Sequence[Decimal], step: Decimal, *, inclusive: bool, rounding: TaxRounding
) -> TaxedRows:
    """Tax rows once for each group; it works in `money.exact()`.

    Args:
        treatments: How each row is taxed.
        charged: What each row charges after discount, in the terms of its price.
        step: The currency's smallest amount.
        inclusive: Whether the amounts contain the tax.
        rounding: Where tax is rounded.
    """
    if not inclusive and treatments and treatments.count(treatments[0]) == len(treatments):  # one group: what most documents have
        rate, total = treatments[0].rate, sum(charged, ZERO)
        tax = tax_of(charged if rounding is _PER_LINE else (total,), rate, step, inclusive)
        return _new(TaxedRows, (charged, [(treatments[0], total, tax)]))
    nets = list(charged)
    groups: list[Group] = []
    for treatment, indexes in _members(treatments).items():
        amounts = [nets[index] for index in indexes]
        total = sum(amounts, ZERO)
        tax = tax_of(amounts if rounding is _PER_LINE else (total,), treatment.rate, step, inclusive)
        if inclusive:
            total -= tax
            split = _nets(total, amounts, treatment, step, rounding)
            for index, net in zip(indexes, split, strict=True):
                nets[index] = net
        groups.append((treatment, total, tax))
    return _new(TaxedRows, (nets, groups))


def _members(treatments: Sequence[TaxTreatment]) -> dict[TaxTreatment, list[int]]:
    """Return the places of the rows of each group."""
    members: dict[TaxTreatment, list[int]] = {}
    for index, treatment in enumerate(treatments):
        members.setdefault(treatment, []).append(index)
    return members


def totals_of(taxed: TaxedRows, entries: Sequence[CreditEntry], currency: str) -> Totals:
    """Return the totals of taxed rows with the entries that ride along."""
    groups = taxed[1]
    if entries:
        groups = groups[:]
        for entry in entries:
            _count(groups, entry, _subtract)
    if len(groups) == 1:  # what most documents have
        treatment, net, tax = groups[0]
        return _stated(currency, (_group(treatment, net, tax, currency),), net, tax)
    return _totals(groups, currency)


def _count(groups: list[Group], entry: CreditEntry, count: Callable[[Decimal, Decimal], Decimal]) -> None:
    """Add an entry to its group, or take it off; there are so few groups that looking for it beats a table."""
    treatment = entry.treatment
    for place, (known, net, tax) in enumerate(groups):
        if known is treatment or known == treatment:
            groups[place] = (known, count(net, entry.net_amount), count(tax, entry.tax_amount))
            return
    groups.append((treatment, count(ZERO, entry.net_amount), count(ZERO, entry.tax_amount)))


def _totals(groups: Sequence[Group], currency: str) -> Totals:
    listed = tuple([_group(treatment, net, tax, currency) for treatment, net, tax in groups])
    return _stated(currency, listed, add_up([net for _, net, _ in groups]), add_up([tax for _, _, tax in groups]))


def _nets(total: Decimal, charged: Sequence[Decimal], treatment: TaxTreatment, step: Decimal, rounding: TaxRounding) -> list[Decimal]:
    if rounding is TaxRounding.PER_LINE:
        return [_subtract(amount, tax_on(amount, treatment.rate, step, inclusive=True)) for amount in charged]
    return split_net(total, charged, step)


def split_net(total: Decimal, charged: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Split the net of a group over its lines in proportion to what they charge with tax, exactly.

    Example:
        >>> [str(net) for net in split_net(Decimal("82.64"), [Decimal("25.00")] * 4, Decimal("0.01"))]
        ['20.66', '20.66', '20.66', '20.66']
    """
    units, unit = units_of(step)
    parts = allocate_units(int(_multiply(total, units)), [int(_multiply(amount, units)) for amount in charged])
    return [_multiply(part, unit) for part in parts]


def credit_totals(entries: Iterable[CreditEntry], currency: str) -> Totals:
    """Return the totals of a credit note: positive sums of its entries by group."""
    groups: list[Group] = []
    for entry in entries:
        _count(groups, entry, _add)
    return _totals(groups, currency)
