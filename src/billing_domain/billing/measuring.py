"""What usage of a period comes to: records measured, grouped and priced, as pieces."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from operator import attrgetter

from billing_domain.billing.asking import share_of_period, work_out
from billing_domain.catalog import Aggregation, Measured, Step, UsageCharge, Working
from billing_domain.catalog.prices import PriceOf
from billing_domain.invoicing import Piece
from billing_domain.money.amounts import ZERO, add_up
from billing_domain.periods import Proration
from billing_domain.usage import UsageRecord, Window, rollup, rollup_groups
from billing_domain.usage.rollup import DatedUsage

_new = tuple.__new__
_quantity = attrgetter("quantity")
_NO_USAGE = DatedUsage([], [])
_TIME_WEIGHTED = Aggregation.TIME_WEIGHTED

Days = tuple[date, date]
"""Days on which a charge held, from the first to before the second; a plain tuple, since a run makes many of them."""
Whole = tuple[date, date]
"""Start and end of the aligned period."""


def piece_of_sum(price: PriceOf, start: date, end: date, usage: DatedUsage | None) -> Piece:
    """Return the piece of a usage charge for a whole period whose price wants nothing but the sum; it works in `money.exact()`.

    Args:
        price: What a quantity costs.
        start: The first day.
        end: The day after the last.
        usage: The records of the subscription and meter.
    """
    quantity = ZERO if usage is None else sum(map(_quantity, usage.within(start, end)), ZERO)
    return _new(Piece, (start, end, quantity, price(quantity), 1, 1, None))


def used_piece(charge: UsageCharge, days: Sequence[Days], whole: Whole, usage: DatedUsage | None, proration: Proration) -> Piece:
    """Return the piece of a usage charge: what was measured on its days, at its price.

    Days around a pause are measured together, so that a pause does not restart tiers and allowances; usage in the pause does not count.

    Args:
        charge: The charge.
        days: The days on which it held, in order.
        whole: The aligned period.
        usage: The records of the subscription and meter.
        proration: How an agreed minimum or maximum is shared out over a part of the period, where the charge does not say otherwise.
    """
    known = usage or _NO_USAGE
    start, end = whole
    if days[0] == whole and not charge.group_by and charge.meter.aggregation is not _TIME_WEIGHTED:
        measured = rollup(known.within(start, end), charge.meter, charge.where)  # the ordinary case: one sum for all days of the period
        return _new(Piece, (start, end, measured.quantity, work_out(charge.price, measured), 1, 1, None))
    groups = _measured(charge, days, whole, known)
    part, of = _share(days, whole, charge.proration or proration)
    if part != of:
        groups = {values: Measured(measured.quantity, measured.events, part, of) for values, measured in groups.items()}
    quantity = add_up(measured.quantity for measured in groups.values())
    return Piece(days[0][0], days[-1][1], quantity, _priced(charge, groups))


def _share(days: Sequence[Days], whole: Whole, proration: Proration) -> tuple[int, int]:
    if days[0] == whole:
        return 1, 1
    served = days[0][0], days[-1][1]
    total = Fraction(0)
    for start, end in days:
        part, of = share_of_period(proration, start, end, whole, served)
        total += Fraction(part, of)
    return total.numerator, total.denominator


def _measured(charge: UsageCharge, days: Sequence[Days], whole: Whole, usage: DatedUsage) -> Mapping[tuple[str, ...], Measured]:
    if charge.meter.aggregation is Aggregation.TIME_WEIGHTED:
        return _averaged(charge, days, whole, usage)
    records: Sequence[UsageRecord] = usage.within(*days[0])
    if len(days) > 1:
        records = [record for stretch in days for record in usage.within(*stretch)]
    return _grouped(charge, records, None)


def _grouped(charge: UsageCharge, records: Sequence[UsageRecord], window: Window | None) -> Mapping[tuple[str, ...], Measured]:
    if not charge.group_by:
        return {(): rollup(records, charge.meter, charge.where, window=window)}
    found = rollup_groups(records, charge.meter, charge.group_by, charge.where, window=window)
    return found or {(): Measured(ZERO)}


def _averaged(charge: UsageCharge, days: Sequence[Days], whole: Whole, usage: DatedUsage) -> Mapping[tuple[str, ...], Measured]:
    """Add the averages of each stretch up: each is over the whole period, so that they sum to what was held."""
    if usage.zone is None:
        return {(): Measured(ZERO)}
    sums: dict[tuple[str, ...], Measured] = {}
    for start, end in days:
        window = Window(start, end, *whole, usage.zone)
        for values, found in _grouped(charge, usage.before(end), window).items():
            before = sums.get(values, Measured(ZERO))
            sums[values] = Measured(add_up((before.quantity, found.quantity)), (*before.events, *found.events))
    return sums


def _priced(charge: UsageCharge, groups: Mapping[tuple[str, ...], Measured]) -> Working:
    if len(groups) == 1 and () in groups:
        return work_out(charge.price, groups[()])
    steps: list[Step] = []
    for values, measured in groups.items():
        name = "/".join(values)
        steps += [step._replace(code=f"{name}/{step.code}") for step in work_out(charge.price, measured).steps]
    return Working(steps)
