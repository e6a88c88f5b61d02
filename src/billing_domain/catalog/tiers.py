"""Tiers: ranges of quantities with a price each, and what one tier charges."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

import attrs

from billing_domain.catalog.working import Step, Working, summed
from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidTiersError, InvalidTypeError
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import CONTEXT, HUNDRED, LOWERS, ONE, ZERO, add_up

_new = tuple.__new__
_fma = CONTEXT.fma
_subtract = CONTEXT.subtract


def as_price(value: Number) -> Decimal:
    """Return a unit price: exact, zero or more, never rounded.

    Example:
        >>> as_price("0.0125")
        Decimal('0.0125')
    """
    return not_negative(value, "a price", LOWERS)


def as_price_or_none(value: Number | None) -> Decimal | None:
    """Return a price as `as_price` does, and None as None."""
    return None if value is None else as_price(value)


def as_percent(value: Number) -> Decimal:
    """Return a percentage, zero or more; `"1.3"` is 1.3 %."""
    return not_negative(value, "a percentage")


def _bound(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "the upper bound of a tier")


def as_size(value: Number) -> Decimal:
    """Return how many units one price is for: above zero.

    Raises:
        InvalidAmountError: It is zero or less.
    """
    size = not_negative(value, "the size of a package")
    if not size:
        raise InvalidAmountError(value, "a package holds more than nothing", "give the number of units in one package")
    return size


def as_size_or_none(value: Number | None) -> Decimal | None:
    """Return a size as `as_size` does, and None as None."""
    return None if value is None else as_size(value)


def packages(units: Decimal, size: Decimal) -> Decimal:
    """Return how many packages hold the units; a started one is a whole one.

    Example:
        >>> packages(Decimal("4500"), Decimal("1000"))
        Decimal('5')
    """
    return CONTEXT.divide(units, size).to_integral_value(rounding=ROUND_CEILING)


def clip_step(code: str, amount: Decimal, minimum: Decimal, maximum: Decimal | None) -> list[Step]:
    """Return the step that lifts an amount to its minimum or lowers it to its maximum; none where it lies between.

    Example:
        >>> [(step.code, str(step.amount)) for step in clip_step("tier-1", Decimal(300), Decimal(120), Decimal(240))]
        [('tier-1-maximum', '-60')]
    """
    if amount < minimum:
        return [Step(f"{code}-minimum" if code else "minimum", ONE, CONTEXT.subtract(minimum, amount))]
    if maximum is not None and amount > maximum:
        return [Step(f"{code}-maximum" if code else "maximum", ONE, CONTEXT.subtract(maximum, amount))]
    return []


def check_bounds(minimum: Decimal, maximum: Decimal | None) -> None:
    """Check that a maximum is not below its minimum.

    Raises:
        InvalidAmountError: It is.
    """
    if maximum is not None and maximum < minimum:
        raise InvalidAmountError(maximum, f"a maximum is not below the minimum of {minimum}", "swap the two, or leave one out")


@guarded
@attrs.frozen
class Tier:
    """A range of quantities up to an inclusive upper bound.

    Args:
        up_to: The last quantity that belongs to it; None for the last tier.
        price: Of one unit, or of one package where `package` is given; exact.
        flat: What is charged once when the tier is reached.
        package: How many units one price is for; a started package is a whole one. None prices the exact quantity.
        minimum: The least that the units in the tier cost, once it is reached.
        maximum: The most that they cost; None without limit.

    Example:
        >>> Tier(up_to=10, price=0).up_to
        Decimal('10')
    """

    up_to: Decimal | None = attrs.field(converter=_bound)
    price: Decimal = attrs.field(converter=as_price, default=ZERO)
    flat: Decimal = attrs.field(converter=as_price, default=ZERO)
    package: Decimal | None = attrs.field(converter=as_size_or_none, default=None)
    minimum: Decimal = attrs.field(converter=as_price, default=ZERO)
    maximum: Decimal | None = attrs.field(converter=as_price_or_none, default=None)

    def __attrs_post_init__(self) -> None:
        check_bounds(self.minimum, self.maximum)

    def steps(self, code: str, units: Decimal) -> list[Step]:
        """Return what the tier charges for the units that lie within it."""
        step = _new(Step, (code, units, self.price))
        if self.package is not None and self.price:
            step = Step(f"{code}-packages", packages(units, self.package), self.price)
        found = [step]
        if self.minimum or self.maximum is not None:
            found += clip_step(code, step.amount, self.minimum if units else ZERO, self.maximum)
        if self.flat:
            found.append(Step(f"{code}-flat", ONE, self.flat))
        return found


@guarded
@attrs.frozen
class PercentTier:
    """A range of amounts up to an inclusive upper bound, with a percentage of what lies within it.

    Args:
        up_to: The last amount that belongs to it; None for the last tier.
        percent: `"2.9"` is 2.9 %.
        flat: What is charged once when the tier is reached.

    Example:
        >>> PercentTier(None, "2.9").percent
        Decimal('2.9')
    """

    up_to: Decimal | None = attrs.field(converter=_bound)
    percent: Decimal = attrs.field(converter=as_percent, default=ZERO)
    flat: Decimal = attrs.field(converter=as_price, default=ZERO)

    def steps(self, code: str, units: Decimal) -> list[Step]:
        """Return what the tier charges for the amount that lies within it."""
        found = [Step(f"{code}-percent", units, percentage_price(self.percent))]
        return [*found, Step(f"{code}-flat", ONE, self.flat)] if self.flat else found


def percentage_price(percent: Decimal) -> Decimal:
    """Return the price of one unit of currency at a percentage, exact.

    Example:
        >>> percentage_price(Decimal("1.3"))
        Decimal('0.013')
    """
    return CONTEXT.divide(percent, HUNDRED)


AnyTier = TypeVar("AnyTier", bound=Tier | PercentTier)


def checked_tiers(values: Iterable[Tier]) -> tuple[Tier, ...]:
    """Return the tiers if their bounds rise and only the last has none.

    Raises:
        InvalidTiersError: There are none, they overlap or go backwards, or the last one ends.

    Example:
        >>> len(checked_tiers([Tier(10, 1), Tier(None, 2)]))
        2
    """
    return check_tiers(tuple(values), Tier)


def check_tiers(tiers: tuple[AnyTier, ...], kind: type[AnyTier]) -> tuple[AnyTier, ...]:
    """Return tiers of one kind if their bounds rise and only the last has none.

    Raises:
        InvalidTypeError: One of them is of another kind.
        InvalidTiersError: There are none, they overlap or go backwards, or the last one ends.
    """
    for tier in tiers:
        if not isinstance(tier, kind):
            raise InvalidTypeError(tier, f"a tier is a {kind.__name__}", f"write {kind.__name__}(up_to=10, ...)")
    bounds = [tier.up_to for tier in tiers]
    if not tiers or bounds[-1] is not None:
        raise InvalidTiersError(_shown(bounds), "the last tier has no upper bound", f"end with {kind.__name__}(up_to=None, ...)")
    inner: list[Decimal] = [bound for bound in bounds[:-1] if bound is not None]
    if len(inner) != len(tiers) - 1:
        raise InvalidTiersError(_shown(bounds), "only the last tier has no upper bound", "give the bound of each tier before it")
    if any(high <= low for low, high in zip([ZERO, *inner], inner, strict=False)):
        raise InvalidTiersError(_shown(bounds), "each tier ends above the one before it", "sort the tiers and remove doubles")
    return tiers


def _shown(bounds: list[Decimal | None]) -> str:
    return ", ".join("no bound" if bound is None else f"{bound:f}" for bound in bounds) or "no tiers"


@attrs.frozen
class Rung:
    """A tier with all that lies below it, worked out once when the price is made.

    Args:
        code: What its step is called.
        tier: The tier.
        price: Of one unit, where the tier has nothing else; None where it has.
        lower: The quantity above which it begins.
        below: The steps of the tiers below it, each full.
        below_total: Their sum.
    """

    code: str
    tier: Tier | PercentTier
    price: Decimal | None
    lower: Decimal
    below: tuple[Step, ...]
    below_total: Decimal


Ladder = tuple[tuple[Decimal, ...], tuple[Rung, ...]]
"""The upper bounds of graduated tiers, which the last one has not, and their rungs."""


def ladder(tiers: Sequence[Tier | PercentTier]) -> Ladder:
    """Return graduated tiers with what lies below each."""
    bounds: list[Decimal] = []
    found: list[Rung] = []
    lower, below = ZERO, tuple[Step, ...]()
    for number, tier in enumerate(tiers, 1):
        rung = Rung(f"tier-{number}", tier, _only_price(tier), lower, below, add_up([step.amount for step in below]))
        found.append(rung)
        if tier.up_to is not None:
            below += tuple(tier.steps(rung.code, CONTEXT.subtract(tier.up_to, lower)))
            lower = tier.up_to
            bounds.append(lower)
    return tuple(bounds), tuple(found)


def _only_price(tier: Tier | PercentTier) -> Decimal | None:
    if isinstance(tier, PercentTier) or tier.package is not None or tier.flat or tier.minimum or tier.maximum is not None:
        return None
    return tier.price


def climb(known: Ladder, quantity: Decimal) -> Working:
    """Return the working of every tier that a quantity reaches; the first is reached even by nothing."""
    bounds, rungs = known
    rung = rungs[bisect_left(bounds, quantity)]
    units, price, total = _subtract(quantity, rung.lower), rung.price, rung.below_total
    if price is not None:
        return summed((*rung.below, _new(Step, (rung.code, units, price))), _fma(units, price, total))
    steps = rung.tier.steps(rung.code, units)
    for _, counted, each in steps:
        total = _fma(counted, each, total)
    return summed((*rung.below, *steps), total)


def reached(tiers: Sequence[Tier], quantity: Decimal) -> tuple[str, Tier]:
    """Return the tier in which a quantity lies, with its code."""
    for number, tier in enumerate(tiers[:-1], 1):
        if tier.up_to is not None and quantity <= tier.up_to:
            return f"tier-{number}", tier
    return f"tier-{len(tiers)}", tiers[-1]
