"""Asking plugins for prices and shares, checking what they answer, and keeping it for a batch, with the periods of schedules."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from billing_domain.catalog import Charge, CommitmentCharge, Measured, PriceModel, Working
from billing_domain.catalog.working import flat
from billing_domain.errors import MissingRateError, PluginError
from billing_domain.money import Rounding
from billing_domain.periods import ActualDays, Proration, Schedule, Share, Stretch


def work_out(model: PriceModel, measured: Measured) -> Working:
    """Ask a price model for its working and check the answer.

    Raises:
        PluginError: It raised, or returned something else than a `Working`.
        MissingRateError: It has no price for what was measured.
    """
    try:
        working = model.work_out(measured)
    except MissingRateError:
        raise
    except Exception as error:
        raise PluginError(
            error, "a price model does not raise", "handle the quantity, or refuse it when the plan is made", _code(model), "work_out"
        ) from error
    if not isinstance(working, Working):
        raise PluginError(working, "a price model returns a Working", "return Working([Step(...)])", _code(model), "work_out")
    return working


MOST_KEPT = 1 << 12
"""How many prices, and how many periods, are kept at a time: enough for those that accounts share, little beside one batch."""


Priced = tuple[Charge, Decimal, Working, Decimal]
"""What a charge costs for a whole period: the charge, the quantity as it was agreed, how the price comes about, and the price, rounded.

The charge is held, so that its `id` stays its own while it is a name.
"""


Periods = tuple[tuple[date, date], ...]
"""Start and end of periods that follow each other."""


class Workings:
    """What charges cost for agreed quantities in one currency, and which periods schedules have, kept for one run or one batch.

    A price model answers the same for the same quantity, so each is asked once. Quantities are told apart as they are written:
    3 and 3.0 cost the same, but a working shows them as they were agreed.

    Args:
        step: The currency's smallest amount.
        rounding: How amounts are rounded.
    """

    __slots__ = ("_kept", "_mode", "_periods", "_periods_kept", "rounding", "step")

    def __init__(self, step: Decimal, rounding: Rounding) -> None:
        self.step = step
        self.rounding = rounding
        self._mode = rounding.value
        self._kept: dict[tuple[int, Decimal], Priced] = {}
        self._periods: dict[tuple[int, date, date, date], tuple[Schedule, Periods]] = {}
        self._periods_kept = 0

    def of(self, charge: Charge, quantity: Decimal) -> Priced:
        """Return the price of an agreed quantity for a whole period; that of a commitment is its amount.

        Raises:
            PluginError: See `work_out`.
        """
        name = (id(charge), quantity)
        kept = self._kept.get(name)
        if kept is not None and (kept[1] is quantity or kept[1].same_quantum(quantity)):
            return kept
        kept = self._kept[name] = self._ask(charge, quantity)
        return kept

    def _ask(self, charge: Charge, quantity: Decimal) -> Priced:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        working = flat(charge.amount) if isinstance(charge, CommitmentCharge) else work_out(charge.price, Measured(quantity))
        return charge, quantity, working, self.rounded(working)

    def rounded(self, working: Working) -> Decimal:
        """Return what a working comes to, inside `money.exact()`."""
        return working.total.quantize(self.step, self._mode)

    def periods(self, schedule: Schedule, first: date, end: date, through: date) -> Periods:
        """Return the periods of a schedule that have begun, from the one that holds a day.

        Args:
            schedule: The schedule.
            first: The day.
            end: The day before which they begin.
            through: The last day on which they begin.

        Raises:
            InvalidPeriodError: A period lies outside the years 1 to 9999.
        """
        name = (id(schedule), first, end, through)
        kept = self._periods.get(name)
        if kept is None:
            found = tuple(_periods(schedule, first, end, through))
            if self._periods_kept >= MOST_KEPT:
                self._periods.clear()
                self._periods_kept = 0
            self._periods_kept += len(found) + 1
            kept = self._periods[name] = schedule, found  # which holds the schedule, so that its `id` stays its own
        return kept[1]


def _periods(schedule: Schedule, first: date, until: date, through: date) -> Iterator[tuple[date, date]]:
    boundaries = schedule.boundaries(first)
    start, end = next(boundaries), next(boundaries)
    while start < until and start <= through:
        yield start, end
        if until <= end:
            break
        start, end = end, next(boundaries)


def share_of_period(
    proration: Proration, start: date, end: date, whole: tuple[date, date], served: tuple[date, date] | None = None
) -> Share:
    """Ask a proration for its share and check the answer; the default one needs no asking.

    Args:
        proration: The rule.
        start: The first day of the part.
        end: The day after its last.
        whole: Start and end of the whole period.
        served: The first day on which the charge is served in the period, and the day after the last; the period's own where None.

    Raises:
        PluginError: It raised, or returned something else than a share between 0 and 1.
    """
    if proration.__class__ is ActualDays:
        return Share((end - start).days, (whole[1] - whole[0]).days)
    stretch = Stretch(start, end, *whole, *(served or whole))
    try:
        share = proration.share(stretch)
        part, of = share
        sound = type(part) is int and type(of) is int and 0 <= part <= of and of > 0
    except Exception as error:
        raise PluginError(
            error, "a proration returns a Share and does not raise", "return Share(part, of=whole)", _code(proration), "share"
        ) from error
    if not sound:
        raise PluginError(share, "a share is two whole numbers, 0 <= part <= of", "return Share(part, of=whole)", _code(proration), "share")
    return share


def _code(plugin: PriceModel | Proration) -> str:
    return str(getattr(plugin, "code", type(plugin).__name__))
