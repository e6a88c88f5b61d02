"""Price models that ship: flat, per unit and graduated."""

from collections.abc import Iterable
from decimal import Decimal

import attrs

from billing_domain.catalog.working import Measured, Step, Working, flat, single
from billing_domain.errors import InvalidTiersError, InvalidTypeError
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import ONE, ZERO


def as_price(value: Number) -> Decimal:
    """Return a unit price: exact, zero or more, never rounded.

    Example:
        >>> as_price("0.0125")
        Decimal('0.0125')
    """
    return not_negative(value, "a price")


@attrs.frozen
class Flat:
    """One price for the period, whatever the quantity.

    Args:
        price: In the plan's currency; zero or more, exact.

    Example:
        >>> Flat("9.90").work_out(Measured(5)).total
        Decimal('9.90')
    """

    code = "flat"
    price: Decimal = attrs.field(converter=as_price)
    _working: Working = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_working", flat(self.price))

    def work_out(self, measured: Measured) -> Working:  # noqa: ARG002  the quantity does not matter
        """Return one step: one unit at the price."""
        return self._working


@attrs.frozen
class PerUnit:
    """The same price for each unit.

    Args:
        price: Of one unit, exact.

    Example:
        >>> PerUnit("12.50").work_out(Measured(3)).text
        '3 × 12.50'
    """

    code = "per-unit"
    price: Decimal = attrs.field(converter=as_price)

    def work_out(self, measured: Measured) -> Working:
        """Return one step: the quantity at the price."""
        return single("units", measured.quantity, self.price)


def _bound(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "the upper bound of a tier")


@attrs.frozen
class Tier:
    """A range of quantities up to an inclusive upper bound.

    Args:
        up_to: The last quantity that belongs to it; None for the last tier.
        price: Of one unit, exact.
        flat: What is charged once when the tier is reached.

    Example:
        >>> Tier(up_to=10, price=0).up_to
        Decimal('10')
    """

    up_to: Decimal | None = attrs.field(converter=_bound)
    price: Decimal = attrs.field(converter=as_price, default=ZERO)
    flat: Decimal = attrs.field(converter=as_price, default=ZERO)


def checked_tiers(values: Iterable[Tier]) -> tuple[Tier, ...]:
    """Return the tiers if their bounds rise and only the last has none.

    Raises:
        InvalidTiersError: There are none, they overlap or go backwards, or the last one ends.

    Example:
        >>> len(checked_tiers([Tier(10, 1), Tier(None, 2)]))
        2
    """
    tiers = tuple(values)
    for tier in tiers:
        if not isinstance(tier, Tier):
            raise InvalidTypeError(tier, "a tier is a Tier", "write Tier(up_to=10, price=...)")
    bounds = [tier.up_to for tier in tiers]
    if not tiers or bounds[-1] is not None:
        raise InvalidTiersError(_shown(bounds), "the last tier has no upper bound", "end with Tier(up_to=None, price=...)")
    inner = [bound for bound in bounds[:-1] if bound is not None]
    if len(inner) != len(tiers) - 1:
        raise InvalidTiersError(_shown(bounds), "only the last tier has no upper bound", "give the bound of each tier before it")
    if any(high <= low for low, high in zip([ZERO, *inner], inner, strict=False)):
        raise InvalidTiersError(_shown(bounds), "each tier ends above the one before it", "sort the tiers and remove doubles")
    return tiers


def _shown(bounds: list[Decimal | None]) -> str:
    return ", ".join("no bound" if bound is None else f"{bound:f}" for bound in bounds) or "no tiers"


@attrs.frozen
class Graduated:
    """Each tier prices the part of the quantity that lies within it.

    Args:
        tiers: From low to high; the last without an upper bound.

    Raises:
        InvalidTiersError: The tiers overlap, leave gaps or go backwards.

    Example:
        >>> working = Graduated([Tier(up_to=10, price=0), Tier(up_to=None, price="1.50")]).work_out(Measured("14.2"))
        >>> working.text, working.total
        ('10 × 0 + 4.2 × 1.50', Decimal('6.300'))
    """

    code = "graduated"
    tiers: tuple[Tier, ...] = attrs.field(converter=checked_tiers)

    def work_out(self, measured: Measured) -> Working:
        """Return one step for each tier that is reached, and one for its flat fee."""
        quantity, lower, steps = measured.quantity, ZERO, []
        for number, tier in enumerate(self.tiers, 1):
            upper = tier.up_to
            if upper is None or quantity <= upper:
                upper = quantity
            steps.append(Step(f"tier-{number}", upper - lower, tier.price))
            if tier.flat:
                steps.append(Step(f"tier-{number}-flat", ONE, tier.flat))
            lower = upper
            if upper == quantity:
                break
        return Working(steps)
