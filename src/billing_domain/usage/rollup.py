"""From single records to measured quantities: what counts, how it is aggregated, and in which groups."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from billing_domain.catalog import Aggregation, Event, Measured, Meter
from billing_domain.errors import DuplicateIdError, InvalidValueError, UnknownReferenceError
from billing_domain.instants import utc
from billing_domain.money.amounts import CONTEXT, ONE, ZERO, add_up
from billing_domain.periods import start_of_day
from billing_domain.usage.model import UsageRecord

Properties = tuple[tuple[str, str], ...]
_LEVEL_STEP = Decimal("1E-20")
_MICROSECOND = timedelta(microseconds=1)
_new = tuple.__new__
_quantity = attrgetter("quantity")
_SUM = Aggregation.SUM


class DatedUsage(NamedTuple):
    """The records of one subscription and meter code, sorted by local day and instant, so that periods are cut by bisection.

    Args:
        days: The local day of each record.
        records: The records in the same order.
        zone: The zone in which days begin.
    """

    days: list[date]
    records: list[UsageRecord]
    zone: ZoneInfo | None = None

    def within(self, start: date, end: date) -> Sequence[UsageRecord]:
        """Return the records from `start` to before `end`."""
        return self.records[bisect_left(self.days, start) : bisect_left(self.days, end)]

    def before(self, end: date) -> Sequence[UsageRecord]:
        """Return all records before `end`."""
        return self.records[: bisect_left(self.days, end)]

    def sort(self) -> None:
        """Put the records in the order of their days and instants."""
        if len(self.days) > 1:
            ordered = sorted(zip(self.days, self.records, strict=True), key=lambda dated: (dated[0], utc(dated[1].at), dated[1].id))
            self.days[:], self.records[:] = [day for day, _ in ordered], [record for _, record in ordered]


class Window(NamedTuple):
    """The days whose levels a time-weighted meter averages, over a whole period.

    Args:
        start: The first day.
        end: The day after the last.
        whole_start: The first day of the whole period.
        whole_end: The day after its last.
        zone: The zone in which days begin.
    """

    start: date
    end: date
    whole_start: date
    whole_end: date
    zone: ZoneInfo


def by_subscription(records: Sequence[UsageRecord], zone: ZoneInfo) -> dict[str, dict[str, DatedUsage]]:
    """Return the records by subscription id and by meter code; those that were replaced or withdrawn are left out.

    Args:
        records: In any order; a late one counts for the day on which it happened.
        zone: The account's zone, in which days begin.

    Raises:
        DuplicateIdError: Two records replace the same one.
        InvalidValueError: A record replaces one of another subscription or meter, or records replace each other in a circle.
    """
    replaced = _replaced(records)
    found: dict[str, dict[str, DatedUsage]] = {}
    for record in records:
        if replaced and (record.withdrawn or record.id in replaced):
            continue
        day, name, code = record.at.astimezone(zone).date(), record.subscription_id, record.meter.code
        meters = found.get(name)
        if meters is None:
            meters = found[name] = {}
        dated = meters.get(code)
        if dated is None:
            meters[code] = _new(DatedUsage, ([day], [record], zone))
        else:
            dated.days.append(day)
            dated.records.append(record)
    if len(records) > 1:
        for meters in found.values():
            for dated in meters.values():
                dated.sort()
    return found


def _replaced(records: Sequence[UsageRecord]) -> Mapping[str, UsageRecord]:
    """Return the records that replace another one, by the id of that one."""
    found: dict[str, UsageRecord] = {}
    for record in records:
        wanted = record.replaces
        if wanted is None:
            continue
        other = found.setdefault(wanted, record)
        if other is not record:
            raise DuplicateIdError(wanted, f"a usage record is replaced once, and {other.id} does it", "replace the newer record")
    if found:
        _check_replaced(found, {record.id: record for record in records})
    return found


def _check_replaced(found: Mapping[str, UsageRecord], known: Mapping[str, UsageRecord]) -> None:
    for wanted, record in found.items():
        old = known.get(wanted)
        if old is not None and (old.subscription_id, old.meter.code) != (record.subscription_id, record.meter.code):
            raise InvalidValueError(
                record.id, f"a record replaces one of its own subscription and meter, not {wanted}", "withdraw that one"
            )
        seen, name = {record.id}, wanted
        while name in known and known[name].replaces is not None:
            if name in seen:
                raise InvalidValueError(record.id, "records do not replace each other in a circle", "let each replace an older one")
            seen.add(name)
            name = known[name].replaces or ""


def rollup(records: Sequence[UsageRecord], meter: Meter, where: Properties = (), *, window: Window | None = None) -> Measured:
    """Return one quantity for the records of a period.

    Args:
        records: In the order of their instants; for a time-weighted meter also those before the window: the last level holds at its start.
        meter: Says how they are aggregated.
        where: Only records with these properties count.
        window: The days to average; a time-weighted meter needs it.

    Raises:
        UnknownReferenceError: The meter is time-weighted and there is no window.

    Example:
        >>> from datetime import UTC, datetime
        >>> data = Meter("data", "GB")
        >>> rollup([UsageRecord(f"U-{n}", "S-1", data, n, datetime(2026, 3, n, tzinfo=UTC)) for n in (1, 2, 3)], data).quantity
        Decimal('6')
    """
    if where:
        wanted = set(where)
        records = [record for record in records if wanted <= set(record.properties)]
    aggregation = meter.aggregation
    if aggregation is _SUM:
        return Measured(add_up(map(_quantity, records)), _events(records))
    if aggregation is Aggregation.TIME_WEIGHTED:
        return _weighted(records, meter, window)
    if aggregation is Aggregation.COUNT:
        return Measured(Decimal(len(records)), tuple([Event(ONE, record.properties) for record in records]))
    return Measured(_aggregated(records, meter), _events(records))


def rollup_groups(
    records: Sequence[UsageRecord], meter: Meter, by: Sequence[str], where: Properties = (), *, window: Window | None = None
) -> dict[tuple[str, ...], Measured]:
    """Return one quantity for each combination of property values, in the order of the values; a missing value is an empty text.

    Example:
        >>> from datetime import UTC, datetime
        >>> data, at = Meter("data", "GB"), datetime(2026, 3, 1, tzinfo=UTC)
        >>> records = [UsageRecord(f"U-{n}", "S-1", data, 1, at, {"number": str(n % 2)}) for n in range(3)]
        >>> {values: str(measured.quantity) for values, measured in rollup_groups(records, data, ["number"]).items()}
        {('0',): '2', ('1',): '1'}
    """
    groups: dict[tuple[str, ...], list[UsageRecord]] = {}
    for record in records:
        known = dict(record.properties)
        groups.setdefault(tuple([known.get(name, "") for name in by]), []).append(record)
    return {values: rollup(groups[values], meter, where, window=window) for values in sorted(groups)}


def _events(records: Sequence[UsageRecord]) -> tuple[Event, ...]:
    return tuple([Event(record.quantity, record.properties) for record in records])


def _aggregated(records: Sequence[UsageRecord], meter: Meter) -> Decimal:
    match meter.aggregation:
        case Aggregation.MAX:
            return max((record.quantity for record in records), default=ZERO)
        case Aggregation.LATEST:
            return records[-1].quantity if records else ZERO
        case _:
            return Decimal(len({dict(record.properties).get(meter.distinct) for record in records}))


def _weighted(records: Sequence[UsageRecord], meter: Meter, window: Window | None) -> Measured:
    """Average the level over the whole period; each record sets the level from its instant on."""
    if window is None:
        raise UnknownReferenceError(meter.code, "a time-weighted meter needs the days it averages", "give window=")
    start, end = start_of_day(window.start, window.zone), start_of_day(window.end, window.zone)
    whole = start_of_day(window.whole_end, window.zone) - start_of_day(window.whole_start, window.zone)
    held = ZERO
    events: list[Event] = []
    edges = [*(utc(record.at) for record in records), end]
    for record, (since, until) in zip(records, pairwise(edges), strict=True):
        lasted = _overlap(since, until, start, end)
        if lasted:
            held = CONTEXT.add(held, CONTEXT.multiply(record.quantity, Decimal(lasted)))
            events.append(Event(_averaged(CONTEXT.multiply(record.quantity, Decimal(lasted)), whole), record.properties))
    return Measured(_averaged(held, whole), tuple(events))


def _overlap(since: datetime, until: datetime, start: datetime, end: datetime) -> int:
    """Return how many microseconds of the window a level held."""
    return max((min(until, end) - max(since, start)) // _MICROSECOND, 0)


def _averaged(held: Decimal, whole: timedelta) -> Decimal:
    """Return level × microseconds over the microseconds of the period, to twenty decimals and without idle zeros."""
    level = CONTEXT.divide(held, Decimal(whole // _MICROSECOND)).quantize(_LEVEL_STEP, context=CONTEXT)
    return level.quantize(ONE, context=CONTEXT) if level == level.to_integral_value() else level.normalize(CONTEXT)
