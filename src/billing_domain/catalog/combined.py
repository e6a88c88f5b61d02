"""Price models that look at more than one figure: bounds, matrices by the properties of usage, and capacity."""

import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from billing_domain.catalog.prices import PerUnit
from billing_domain.catalog.protocols import PriceModel
from billing_domain.catalog.tiers import as_price, as_price_or_none, check_bounds, clip_step
from billing_domain.catalog.working import Measured, Step, Working, single
from billing_domain.doors import guarded
from billing_domain.errors import InvalidTiersError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import CONTEXT, ONE, ZERO


def per_unit(value: PriceModel | Number) -> PriceModel:
    """Return a price model; a bare number is a price for each unit.

    Raises:
        InvalidTypeError: It is neither.

    Example:
        >>> per_unit("1.50").code
        'per-unit'
    """
    if isinstance(value, Decimal | int | str):
        return PerUnit(value)
    if not isinstance(value, PriceModel):
        raise InvalidTypeError(value, "a price is a price model, a Decimal, an int or text, never float or Money", 'write "1.50"')
    return value


@guarded
@attrs.frozen
class Bounded:
    """Another price model with a minimum and a maximum for each period.

    Where only a part of a period is measured, the minimum and the maximum are that share of it.

    Args:
        price: The price model; a bare number is a price for each unit.
        minimum: The least that a whole period costs, even if nothing was consumed.
        maximum: The most that it costs; None without limit.

    Raises:
        InvalidAmountError: The maximum is below the minimum.

    Example:
        >>> Bounded(12, minimum=120, maximum=240).work_out(Measured(25)).text
        '25 × 12 + 1 × -60'
    """

    code = "bounded"
    price: PriceModel = attrs.field(converter=per_unit)
    minimum: Decimal = attrs.field(converter=as_price, default=ZERO)
    maximum: Decimal | None = attrs.field(converter=as_price_or_none, default=None)

    def __attrs_post_init__(self) -> None:
        check_bounds(self.minimum, self.maximum)

    def work_out(self, measured: Measured) -> Working:
        """Return the steps of the price and, where it lies outside the bounds, one that brings it back."""
        working = self.price.work_out(measured)
        maximum = None if self.maximum is None else measured.share(self.maximum)
        return Working((*working.steps, *clip_step("", working.total, measured.share(self.minimum), maximum)))


Cells = tuple[tuple[tuple[str, ...], PriceModel], ...]


def _cells(values: Mapping[tuple[str, ...] | str, PriceModel | Number] | Cells) -> Cells:
    items = values.items() if isinstance(values, Mapping) else values
    cells = [((key,) if isinstance(key, str) else tuple(key), per_unit(price)) for key, price in items]
    return tuple(sorted(cells, key=_values))


def _values(cell: tuple[tuple[str, ...], PriceModel]) -> tuple[str, ...]:
    return cell[0]


def _names(values: Iterable[str] | str) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _otherwise(value: PriceModel | Number | None) -> PriceModel | None:
    return None if value is None else per_unit(value)


@guarded
@attrs.frozen
class Matrix:
    """A price for each combination of properties that usage records carry.

    Args:
        by: The property, or the properties in order.
        cells: For each value, or each tuple of values, a price model; a bare number is a price for each unit.
        otherwise: The price of all other combinations together; None refuses them.

    Raises:
        InvalidValueError: A cell does not name one value for each property, or stands twice.

    Example:
        >>> from billing_domain.catalog.working import Event
        >>> night = Event(Decimal(3), (("tariff", "night"),))
        >>> Matrix("tariff", {"day": "0.20", "night": "0.10"}).work_out(Measured(3, (night,))).total
        Decimal('0.30')
    """

    code = "matrix"
    by: tuple[str, ...] = attrs.field(converter=_names)
    cells: Cells = attrs.field(converter=_cells)
    otherwise: PriceModel | None = attrs.field(converter=_otherwise, default=None)

    def __attrs_post_init__(self) -> None:
        keys = [key for key, _ in self.cells]
        wrong = [key for key in keys if len(key) != len(self.by)]
        if wrong or not self.by:
            raise InvalidValueError(
                ", ".join(wrong[0]) if wrong else "no properties", f"a cell names {len(self.by)} values", "name a value for each property"
            )
        doubled = [key for key, other in itertools.pairwise(keys) if key == other]
        if doubled:
            raise InvalidValueError(", ".join(doubled[0]), "a combination stands once in a matrix", "remove one of the two")

    def work_out(self, measured: Measured) -> Working:
        """Return the steps of each combination that occurs, in the order of the values.

        Raises:
            MissingRateError: Usage lies outside the matrix, and nothing else prices it.
        """
        cells, found, others = dict(self.cells), list[Step](), list[Measured]()
        for values, group in sorted(measured.groups(self.by).items()):
            price = cells.get(values)
            if price is None:
                others.append(group)
                if self.otherwise is None:
                    raise MissingRateError(
                        ", ".join(values), f"the matrix by {', '.join(self.by)} has a cell for usage", "add a cell, or otherwise="
                    )
            else:
                found += _named("/".join(values), price.work_out(group))
        if others and self.otherwise is not None:
            found += _named("otherwise", self.otherwise.work_out(_together(others)))
        return Working(found or (Step("nothing", ZERO, ZERO),))


def _together(groups: list[Measured]) -> Measured:
    quantity = ZERO
    for group in groups:
        quantity = CONTEXT.add(quantity, group.quantity)
    return Measured(quantity, tuple(event for group in groups for event in group.events), groups[0].part, groups[0].of)


def _named(name: str, working: Working) -> list[Step]:
    return [step._replace(code=f"{name}/{step.code}") for step in working.steps]


def _limits(values: Mapping[str, Number] | Iterable[tuple[str, Number]]) -> tuple[tuple[str, Decimal], ...]:
    items = dict(values).items()
    return tuple(sorted((name, not_negative(limit, "a limit")) for name, limit in items))


@guarded
@attrs.frozen
class Level:
    """A capacity that one price buys.

    Args:
        price: For the period, exact.
        limits: The highest peak of each unit that it holds; a unit that is not named is without limit.

    Example:
        >>> Level(10, {"seats": 5, "storage": 100}).holds({"seats": Decimal(5)})
        True
    """

    price: Decimal = attrs.field(converter=as_price)
    limits: tuple[tuple[str, Decimal], ...] = attrs.field(converter=_limits, default=())

    def holds(self, peaks: Mapping[str, Decimal]) -> bool:
        """Say whether every peak lies within the limits."""
        return all(peaks.get(name, ZERO) <= limit for name, limit in self.limits)


def _levels(values: Iterable[Level]) -> tuple[Level, ...]:
    levels = tuple(values)
    if not levels or levels[-1].limits:
        raise InvalidTiersError(
            levels[-1].limits if levels else "no levels", "the last level of a capacity has no limits", "end with Level(price)"
        )
    return levels


@guarded
@attrs.frozen
class Capacity:
    """One price for the first level that holds the peak of every unit.

    Args:
        levels: From small to large; the last without limits.
        by: The property that names the unit of a record; empty where all records are of one unit, named by an empty text in the limits.

    Raises:
        InvalidTiersError: There is no level, or the last one has limits.

    Example:
        >>> Capacity([Level(10, {"": 100}), Level(25)]).work_out(Measured(101)).total
        Decimal('25')
    """

    code = "capacity"
    levels: tuple[Level, ...] = attrs.field(converter=_levels)
    by: str = ""

    def work_out(self, measured: Measured) -> Working:
        """Return one step: the price of the level."""
        peaks = {"": measured.quantity}
        if self.by:
            peaks = {values[0]: max(event.quantity for event in group.events) for values, group in measured.groups((self.by,)).items()}
        number, level = next((number, level) for number, level in enumerate(self.levels, 1) if level.holds(peaks))
        return single(f"level-{number}", ONE, level.price)
