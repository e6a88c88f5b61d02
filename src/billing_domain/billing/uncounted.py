"""Usage that no charge counts: outside the days of service, or on days whose plan does not price it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import NamedTuple

from billing_domain.catalog import Aggregation, UsageCharge
from billing_domain.errors import UnknownReferenceError
from billing_domain.subscriptions import Subscription
from billing_domain.subscriptions.timeline import Terms
from billing_domain.usage import UsageRecord
from billing_domain.usage.rollup import DatedUsage

Counted = Mapping[str, Sequence[tuple[date, date]]]
"""The days on which every record of a meter is counted, from the first to before the second."""


class UncountedReason(Enum):
    """Why no charge counts a usage record."""

    NOT_SERVED = "not-served"
    """The subscription is not served on the day: before its start, in a pause, or after its end."""
    NOT_PRICED = "not-priced"
    """The subscription is served on the day, but no charge of its plan counts the meter with these properties."""


class Uncounted(NamedTuple):
    """A usage record that no charge counts, and why.

    Args:
        record: The record; correct it, or the dates of the subscription, or leave it.
        reason: Why.
    """

    record: UsageRecord
    reason: UncountedReason


class _Counting(NamedTuple):
    """Days on which a charge counts a meter.

    Args:
        start: The first day.
        end: The day after the last.
        where: The properties that a record must have.
        level: Whether a record sets a level that holds on until the next one, so that it counts before `start` too.
    """

    start: date
    end: date
    where: frozenset[tuple[str, str]]
    level: bool


def note_uncounted(
    subscription: Subscription, terms: Sequence[Terms], counted: Counted, meters: Mapping[str, DatedUsage], outside: list[Uncounted]
) -> None:
    """Add the records of a subscription that no charge counts, by meter in order of days.

    Args:
        subscription: Whose usage is looked at.
        terms: What holds on the days on which it is served.
        counted: The days on which its charges count every record, by meter.
        meters: Its records by meter.
        outside: Where they are added.

    Raises:
        UnknownReferenceError: A meter is counted by no charge that the subscription ever had.
    """
    for meter, dated in meters.items():
        first, last = dated.days[0], dated.days[-1]
        for start, end in counted.get(meter, ()):
            if start <= first and last < end:  # the ordinary case
                break
        else:
            counting = list(_counting(terms, meter))
            if not counting:
                _check_meter(meter, subscription)
            outside.extend(_outside(counting, terms, dated))


def _counting(terms: Sequence[Terms], meter: str) -> Iterator[_Counting]:
    for found in terms:
        for charge in found.charges:
            if isinstance(charge, UsageCharge) and charge.meter.code == meter:
                yield _Counting(found.start, found.end, frozenset(charge.where), charge.meter.aggregation is Aggregation.TIME_WEIGHTED)


def _check_meter(meter: str, subscription: Subscription) -> None:
    if not any(isinstance(charge, UsageCharge) and charge.meter.code == meter for plan in subscription.plans for charge in plan.charges):
        raise UnknownReferenceError(
            meter, f"no charge of subscription {subscription.id} counts this meter", "add a usage charge, or correct the record"
        )


def _outside(counting: Sequence[_Counting], terms: Sequence[Terms], dated: DatedUsage) -> Iterator[Uncounted]:
    for day, record in zip(dated.days, dated.records, strict=True):
        if not any(
            (found.level or found.start <= day) and day < found.end and found.where.issubset(record.properties) for found in counting
        ):
            inside = any(found.start <= day < found.end for found in terms)
            yield Uncounted(record, UncountedReason.NOT_PRICED if inside else UncountedReason.NOT_SERVED)
