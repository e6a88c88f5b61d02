"""From single records to one measured quantity."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from billing_domain.catalog import Aggregation, Event, Measured, Meter
from billing_domain.errors import InvalidValueError
from billing_domain.money.amounts import ZERO
from billing_domain.periods import local_day
from billing_domain.usage.model import UsageRecord

Properties = tuple[tuple[str, str], ...]


class DatedUsage(NamedTuple):
    """The records of one subscription and meter code, sorted by local day and instant, so that periods are cut by bisection.

    Args:
        days: The local day of each record.
        records: The records in the same order.
    """

    days: list[date]
    records: list[UsageRecord]

    def within(self, start: date, end: date) -> Sequence[UsageRecord]:
        """Return the records from `start` to before `end`."""
        return self.records[bisect_left(self.days, start) : bisect_left(self.days, end)]


def by_subscription(records: Iterable[UsageRecord], zone: ZoneInfo) -> dict[tuple[str, str], DatedUsage]:
    """Return the records by (subscription id, meter code); those that were replaced are left out.

    Args:
        records: In any order.
        zone: The account's zone, in which days begin.
    """
    listed = list(records)
    replaced = {record.replaces for record in listed if record.replaces}
    groups: dict[tuple[str, str], list[tuple[date, UsageRecord]]] = {}
    for record in listed:
        if record.id not in replaced:
            groups.setdefault((record.subscription_id, record.meter.code), []).append((local_day(record.at, zone), record))
    return {key: _sorted(group) for key, group in groups.items()}


def _sorted(group: list[tuple[date, UsageRecord]]) -> DatedUsage:
    if len(group) > 1:
        group.sort(key=lambda dated: (dated[0], dated[1].at, dated[1].id))
    return DatedUsage([day for day, _ in group], [record for _, record in group])


def rollup(records: Sequence[UsageRecord], meter: Meter, where: Properties = ()) -> Measured:
    """Return one quantity for the records of a period.

    Args:
        records: In the order of their instants.
        meter: Says how they are aggregated.
        where: Only records with these properties count.

    Example:
        >>> from datetime import UTC, datetime
        >>> data = Meter("data", "GB")
        >>> rollup([UsageRecord(f"U-{n}", "S-1", data, n, datetime(2026, 3, n, tzinfo=UTC)) for n in (1, 2, 3)], data).quantity
        Decimal('6')
    """
    if where:
        wanted = set(where)
        records = [record for record in records if wanted <= set(record.properties)]
    return Measured(_aggregated(records, meter), tuple(Event(record.quantity, record.properties) for record in records))


def _aggregated(records: Sequence[UsageRecord], meter: Meter) -> Decimal:
    match meter.aggregation:
        case Aggregation.SUM:
            return sum((record.quantity for record in records), start=ZERO)
        case Aggregation.MAX:
            return max((record.quantity for record in records), default=ZERO)
        case Aggregation.LATEST:
            return records[-1].quantity if records else ZERO
        case Aggregation.COUNT:
            return Decimal(len(records))
        case Aggregation.UNIQUE:
            return Decimal(len({dict(record.properties).get(meter.distinct) for record in records}))
        case Aggregation.TIME_WEIGHTED:
            raise InvalidValueError(meter.code, "a time-weighted meter needs the period", "use another aggregation")
