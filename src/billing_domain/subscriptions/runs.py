"""What rating asks of a subscription again and again, read off its terms once: whatever does not depend on the day of a run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.catalog import Aggregation, Charge, CommitmentCharge, Flat, OneOffCharge, Timing, UsageCharge
from billing_domain.catalog.prices import PriceOf, by_quantity
from billing_domain.errors import InvalidTypeError
from billing_domain.periods import BillingCycle, Frequency, Schedule
from billing_domain.periods.period import FOREVER
from billing_domain.subscriptions.timeline import Terms, frequency_of

Stay = tuple[int, date, date]
"""The number of one of the terms, the first of its days, and the day after the last."""


@attrs.frozen
class Grid:
    """Terms whose periods lie on one schedule.

    Args:
        frequency: How long a period is.
        cycle: The subscription's own cycle; None for the account's.
        origin: The day on which the periods started to count.
        schedule: The schedule of its own cycle; None where it is the account's.
        days: The days of each of the terms; then those of one that never begins.
        end: The day after the last day of the last one.
    """

    frequency: Frequency
    cycle: BillingCycle | None
    origin: date
    schedule: Schedule | None
    days: tuple[Stay, ...]
    end: date


AgreedTerm = tuple[int, Charge, Decimal, bool, str, str, bool]
"""What the lines of a charge in one of the terms have in common; a plain tuple, since rating reads it for every line.

It is the number of its price, the charge, the quantity, whether it is due in advance, its name, the plan, and whether prices contain tax.
Neighbouring terms have one number where nothing changes on which a price depends.
"""
UsedTerm = tuple[int, UsageCharge, PriceOf | None, str, str, str, bool]
"""The same for usage: the number of its price, the charge, the price of a sum of records, meter, name, plan, and whether with tax.

There is no price of a sum where more than that counts.
"""


@attrs.frozen
class AgreedRun:
    """A charge that is agreed for each period.

    Args:
        code: Its code.
        terms: What holds in each of the terms.
    """

    code: str
    terms: tuple[AgreedTerm, ...]


@attrs.frozen
class CommittedRun:
    """A commitment.

    Args:
        agreed: The commitment as a charge of its own.
        counted: The codes of the charges that count towards it; all others where empty.
    """

    agreed: AgreedRun
    counted: tuple[str, ...]


@attrs.frozen
class UsedRun:
    """A usage charge.

    Args:
        code: Its code.
        terms: What holds in each of the terms.
        charges: The charge in each of them.
    """

    code: str
    terms: tuple[UsedTerm, ...]
    charges: tuple[Charge, ...]


@attrs.frozen
class OnceRun:
    """A one-off charge.

    Args:
        charges: The charge in each of the terms.
    """

    charges: tuple[OneOffCharge, ...]


ChargeRun = AgreedRun | UsedRun | OnceRun | CommittedRun


@attrs.frozen
class ChargeRuns:
    """Charges that hold on the same days with the same frequency, so that their periods are the same.

    Args:
        terms: The terms in which they hold, in order of days.
        grids: The same terms by the schedule of their periods, in order of days.
        charges: Each of them in those terms.
    """

    terms: tuple[Terms, ...]
    grids: tuple[Grid, ...]
    charges: tuple[ChargeRun, ...]


def charge_runs(terms: Sequence[Terms]) -> tuple[ChargeRuns, ...]:
    """Return the charges of a timeline, those with the same periods together, in order of first appearance.

    Raises:
        InvalidTypeError: A code is of one kind of charge in one plan and of another in the next.
    """
    found: dict[str, list[tuple[int, Charge]]] = {}
    for index, term in enumerate(terms):
        for charge in term.charges:
            found.setdefault(charge.code, []).append((index, charge))
    groups: dict[tuple[tuple[int, Frequency], ...], list[tuple[Charge, ...]]] = {}
    for code, runs in found.items():
        if len({type(charge) for _, charge in runs}) > 1:
            raise InvalidTypeError(code, "a charge code keeps its kind from plan to plan", "give one of the charges another code")
        name = tuple([(index, frequency_of(charge, terms[index].plan)) for index, charge in runs])
        groups.setdefault(name, []).append(tuple([charge for _, charge in runs]))
    return tuple([_runs([terms[index] for index, _ in name], [found for _, found in name], charges) for name, charges in groups.items()])


def _runs(terms: Sequence[Terms], frequencies: Sequence[Frequency], charges: Iterable[tuple[Charge, ...]]) -> ChargeRuns:
    grids: list[tuple[Frequency, BillingCycle | None, date]] = []
    days: list[list[Stay]] = []
    for place, (held, frequency) in enumerate(zip(terms, frequencies, strict=True)):
        name = (frequency, held.cycle, held.grid)
        if not grids or grids[-1] != name:
            grids.append(name)
            days.append([])
        days[-1].append((place, held.start, held.end))
    return ChargeRuns(
        tuple(terms),
        tuple([_grid(*name, found) for name, found in zip(grids, days, strict=True)]),
        tuple([_charge_run(found, terms) for found in charges]),
    )


def _grid(frequency: Frequency, cycle: BillingCycle | None, origin: date, days: Sequence[Stay]) -> Grid:
    schedule = None if cycle is None else cycle.schedule(frequency, start=origin)
    return Grid(frequency, cycle, origin, schedule, (*days, (len(days), FOREVER, FOREVER)), days[-1][2])


def _charge_run(charges: tuple[Charge, ...], terms: Sequence[Terms]) -> ChargeRun:
    used = [charge for charge in charges if isinstance(charge, UsageCharge)]
    once = [charge for charge in charges if isinstance(charge, OneOffCharge)]
    if once:
        return OnceRun(tuple(once))
    if used:
        return UsedRun(used[0].code, _used_terms(used, terms), charges)
    agreed = AgreedRun(charges[0].code, _agreed_terms(charges, terms))
    return CommittedRun(agreed, charges[-1].charges) if isinstance(charges[-1], CommitmentCharge) else agreed


def _agreed_terms(charges: Sequence[Charge], terms: Sequence[Terms]) -> tuple[AgreedTerm, ...]:
    found: list[AgreedTerm] = []
    held: tuple[Charge, object] | None = None
    price = 0
    for charge, (_, _, plan, quantity, *_) in zip(charges, terms, strict=True):
        depends_on = None if _is_flat(charge) else quantity.as_tuple()
        if held is None or held[0] is not charge or held[1] != depends_on:
            held, price = (charge, depends_on), len(found)
        found.append((price, charge, quantity, charge.timing is Timing.IN_ADVANCE, charge.name, plan.key, plan.prices_include_tax))
    return tuple(found)


def _is_flat(charge: Charge) -> bool:
    return isinstance(charge, CommitmentCharge) or charge.price.__class__ is Flat


def _used_terms(charges: Sequence[UsageCharge], terms: Sequence[Terms]) -> tuple[UsedTerm, ...]:
    found: list[UsedTerm] = []
    for place, (charge, (_, _, plan, *_)) in enumerate(zip(charges, terms, strict=True)):
        meter = charge.meter
        price = found[-1][0] if found and found[-1][1] is charge else place
        plain = meter.aggregation is Aggregation.SUM and not charge.where and not charge.group_by
        of_sum = by_quantity(charge.price) if plain else None
        found.append((price, charge, of_sum, meter.code, charge.name, plan.key, plan.prices_include_tax))
    return tuple(found)


def counted_days(terms: Iterable[Terms]) -> Mapping[str, Sequence[tuple[date, date]]]:
    """Return by meter the days on which a charge counts every record, whatever its properties: from the first to before the second."""
    found: dict[str, list[tuple[date, date]]] = {}
    for held in terms:
        for code in {charge.meter.code for charge in held.charges if isinstance(charge, UsageCharge) and not charge.where}:
            stretches = found.setdefault(code, [])
            if stretches and stretches[-1][1] == held.start:
                stretches[-1] = (stretches[-1][0], held.end)
            else:
                stretches.append((held.start, held.end))
    return found
