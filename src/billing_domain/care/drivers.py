"""Why a bill differs from another: drivers that sum exactly to the difference."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from billing_domain.care.driver_model import Driver, DriverKind, published_order
from billing_domain.care.driver_parts import Part, parts_between
from billing_domain.care.driver_sides import Document, Side, gross_of, listed, side_of
from billing_domain.errors import CurrencyMismatchError
from billing_domain.invoicing import ChargeKind, Line
from billing_domain.money import exact, minor_unit
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, places_of
from billing_domain.reasons import Fact

_RESIDUAL = (DriverKind.ROUNDING, DriverKind.UNEXPLAINED)
_NOTHING_LEFT = Decimal("1E-20")


def drivers_between(
    previous: Document | Iterable[Document], now: Document | Iterable[Document], *, carried_before: Decimal = ZERO, carried: Decimal = ZERO
) -> tuple[Driver, ...]:
    """Return why one bill differs from another, the largest reason first.

    Each charge is compared with itself: days, then quantity, then price, then discount, then tax. All is worked out exactly and brought
    to minor units by the largest remainder, so that the drivers sum to the difference and none is off by more than one minor unit.

    Args:
        previous: The earlier bill, as one document or several.
        now: This bill, as one document or several.
        carried_before: What was open from before on the earlier bill, in whole minor units.
        carried: The same on this bill.

    Returns:
        Drivers, none of them zero; none at all where the bills charge the same.

    Raises:
        CurrencyMismatchError: The bills are in two currencies.
        InvalidTypeError: Something is no document.
        InvalidValueError: There is no document.

    Example:
        See the explanation of drivers.
    """
    with exact():
        return between(listed(previous), listed(now), carried_before=carried_before, carried=carried)


def between(
    previous: Sequence[Document], now: Sequence[Document], *, carried_before: Decimal = ZERO, carried: Decimal = ZERO
) -> tuple[Driver, ...]:
    """Return why one bill differs from another, where one of them may be no bill at all; called within exact arithmetic."""
    currency = _currency([*previous, *now])
    old, new = side_of(previous, carried_before), side_of(now, carried)
    return _driven(parts_between(old, new), new.total - old.total, currency, _bound(old, new))


def first_bill(now: Document | Iterable[Document], *, carried: Decimal = ZERO) -> tuple[Driver, ...]:
    """Return what a first bill is made of: setup, part of a period, whole periods in advance, usage, and the rest.

    Args:
        now: The bill, as one document or several.
        carried: What was open from before.
    """
    with exact():
        documents = listed(now)
        side = side_of(documents, carried)
        parts = [_first(line.number, line.name, gross_of(line), _first_facts(line)) for line in side.lines]
        parts += [_first(0, entry.name, -entry.total_amount, {"sort": "credit"}) for entry in side.entries]
        parts += [
            Part(DriverKind.PREPAID, "", "", -side.prepaid, {}),
            Part(DriverKind.CARRIED, "", "", side.carried, {}),
            Part(DriverKind.ROUNDING, "", "", side.payable_rounding, {}),
        ]
        return _driven([part for part in parts if part.amount], side.total, _currency(documents), _bound(side, side))


def _first(number: int, name: str, amount: Decimal, facts: dict[str, Fact]) -> Part:
    return Part(DriverKind.FIRST_BILL, f"{name}/{number}", name, amount, facts, (number,) if number else ())


def _first_facts(line: Line) -> dict[str, Fact]:
    facts = line.facts
    if facts.kind is ChargeKind.USAGE:
        return {"sort": "usage"}
    if facts.kind in {ChargeKind.ONE_OFF, ChargeKind.ORDER, ChargeKind.DOCUMENT}:
        return {"sort": "setup"}
    piece = facts.pieces[-1]
    if piece.part != piece.of:
        return {"sort": "part", "part": piece.part, "of": piece.of}
    return {"sort": "advance" if facts.end > line.tax_point else "period"}


def _currency(documents: Sequence[Document]) -> str:
    currencies = sorted({document.currency for document in documents})
    if len(currencies) > 1:
        raise CurrencyMismatchError(", ".join(currencies), "bills are compared in one currency", "compare bills of one account")
    return currencies[0]


def _bound(old: Side, new: Side) -> int:
    """Return how many minor units rounding can make: one for each line, entry and tax group of both bills."""
    return sum(len(side.lines) + len(side.entries) + side.groups for side in (old, new))


class _Merged(NamedTuple):
    part: Part
    amount: Decimal


def _driven(parts: Sequence[Part], total: Decimal, currency: str, bound: int) -> tuple[Driver, ...]:
    step = minor_unit(currency)
    places = places_of(step)
    merged = [found for found in _merge(parts) if found.amount]
    settled = [found for found in merged if found.part.kind not in _RESIDUAL]
    paid_steps = add_up(found.amount for found in merged if found.part.kind is DriverKind.ROUNDING)
    unexplained = add_up(found.amount for found in merged if found.part.kind is DriverKind.UNEXPLAINED)
    units = [found.amount.scaleb(places).quantize(_NOTHING_LEFT, context=CONTEXT) for found in settled]
    wanted = int((total - paid_steps - unexplained).scaleb(places).to_integral_value(ROUND_HALF_EVEN))
    shares, rest = whole_units(units, wanted, bound)
    drivers = [_driver(found.part, Decimal(share).scaleb(-places), currency) for found, share in zip(settled, shares, strict=True) if share]
    left = total - add_up(driver.change_amount for driver in drivers)
    if left:
        strange = unexplained or abs(rest) > bound
        kind = DriverKind.UNEXPLAINED if strange else DriverKind.ROUNDING
        drivers.append(Driver(kind, "", "", left, currency))
    return tuple(sorted(drivers, key=_largest_first))


def _largest_first(driver: Driver) -> tuple[bool, Decimal, int, str]:
    return (driver.kind in _RESIDUAL, -abs(driver.change_amount), published_order(driver.kind), driver.subject)


def _driver(part: Part, amount: Decimal, currency: str) -> Driver:
    return Driver(part.kind, part.subject, part.name, amount, currency, part.facts, part.lines, part.earlier)


def _merge(parts: Iterable[Part]) -> list[_Merged]:
    """Return one part for each kind and subject; the largest of them gives name and facts."""
    found: dict[tuple[int, str], list[Part]] = {}
    for part in parts:
        found.setdefault((published_order(part.kind), part.subject), []).append(part)
    merged = []
    for name in sorted(found):
        members = found[name]
        largest = max(members, key=lambda part: abs(part.amount))
        lines = tuple(number for part in members for number in part.lines)
        earlier = tuple(number for part in members for number in part.earlier)
        merged.append(_Merged(largest._replace(lines=lines, earlier=earlier), add_up(part.amount for part in members)))
    return merged


def whole_units(exact_units: Sequence[Decimal], total: int, bound: int) -> tuple[list[int], int]:
    """Return each figure as its next whole number below or above, so that they sum to the total, and what can not be reached so.

    Args:
        exact_units: Exact figures in minor units.
        total: What they are to sum to.
        bound: How far off the total may be for rounding to explain it; where it is further off, each figure is rounded for itself.

    Returns:
        The whole figures in order, and the rest; the rest is zero wherever neighbours reach the total.

    Example:
        >>> whole_units([Decimal("363.4"), Decimal("120.4"), Decimal("-5.6")], 479, 10)
        ([364, 121, -6], 0)
    """
    rounded = [int(units.to_integral_value(ROUND_HALF_EVEN)) for units in exact_units]
    if abs(total - sum(rounded)) > bound + len(rounded):
        return rounded, total - sum(rounded)
    floors = [int(units.to_integral_value(ROUND_FLOOR)) for units in exact_units]
    open_places = [place for place, units in enumerate(exact_units) if units != floors[place]]
    raised = min(max(total - sum(floors), 0), len(open_places))
    by_remainder = sorted(open_places, key=lambda place: (floors[place] - exact_units[place], place))
    for place in by_remainder[:raised]:
        floors[place] += 1
    return floors, total - sum(floors)
