"""Price models for one measured quantity: flat, per unit, graduated, volume, package and stairstep."""

from collections.abc import Callable, Iterable
from decimal import Decimal

import attrs

from billing_domain.catalog.protocols import PriceModel
from billing_domain.catalog.tiers import Ladder, Tier, as_price, as_size, checked_tiers, climb, ladder, packages, reached
from billing_domain.catalog.working import Measured, Step, Working, flat, single
from billing_domain.doors import guarded
from billing_domain.errors import InvalidTiersError
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import CONTEXT, ONE, ZERO

PriceOf = Callable[[Decimal], Working]
"""What a quantity costs."""


def _units(value: Number) -> Decimal:
    return not_negative(value, "a number of included units")


def beyond(quantity: Decimal, included: Decimal) -> Decimal:
    """Return what lies beyond the included units; zero where nothing does."""
    return CONTEXT.subtract(quantity, included) if quantity > included else ZERO


@guarded
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

    def work_out(self, measured: Measured) -> Working:
        """Return one step: one unit at the price."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:  # noqa: ARG002  it does not matter
        return self._working


@guarded
@attrs.frozen
class PerUnit:
    """The same price for each unit beyond those that are included.

    Args:
        price: Of one unit, exact.
        included: Units of each period that cost nothing.

    Example:
        >>> PerUnit("12.50").work_out(Measured(3)).text, PerUnit("12.50", included=2).work_out(Measured(3)).text
        ('3 × 12.50', '2 × 0 + 1 × 12.50')
    """

    code = "per-unit"
    price: Decimal = attrs.field(converter=as_price)
    included: Decimal = attrs.field(converter=_units, default=ZERO)

    def work_out(self, measured: Measured) -> Working:
        """Return the quantity at the price, after what is included."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:
        if not self.included:
            return single("units", quantity, self.price)
        paid = beyond(quantity, self.included)
        return Working((Step("included", CONTEXT.subtract(quantity, paid), ZERO), Step("units", paid, self.price)))


@guarded
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
    _ladder: Ladder = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_ladder", ladder(self.tiers))

    def work_out(self, measured: Measured) -> Working:
        """Return one step for each tier that is reached, with its flat fee, minimum and maximum."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:
        return climb(self._ladder, quantity)


@guarded
@attrs.frozen
class Volume:
    """The tier in which the quantity lies prices all of it.

    Args:
        tiers: From low to high; the last without an upper bound.

    Raises:
        InvalidTiersError: The tiers overlap, leave gaps or go backwards.

    Example:
        >>> Volume([Tier(5, 7), Tier(10, "6.5"), Tier(None, 6)]).work_out(Measured(20)).text
        '20 × 6'
    """

    code = "volume"
    tiers: tuple[Tier, ...] = attrs.field(converter=checked_tiers)

    def work_out(self, measured: Measured) -> Working:
        """Return the whole quantity at the price of its tier, with the tier's flat fee."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:
        code, tier = reached(self.tiers, quantity)
        return Working(tier.steps(code, quantity))


def _steps(values: Iterable[Tier]) -> tuple[Tier, ...]:
    tiers = checked_tiers(values)
    for tier in tiers:
        if tier.price:
            raise InvalidTiersError(tier.price, "a stair has a flat price, not one for each unit", "write Tier(up_to=50, flat=...)")
    return tiers


@guarded
@attrs.frozen
class Stairstep:
    """One flat price for the range in which the quantity lies.

    Args:
        tiers: From low to high, each with `flat`; the last without an upper bound.

    Raises:
        InvalidTiersError: A tier has a price for each unit, or the tiers overlap, leave gaps or go backwards.

    Example:
        >>> stairs = Stairstep([Tier(50), Tier(500, flat=49), Tier(None, flat=99)])
        >>> [str(stairs.work_out(Measured(quantity)).total) for quantity in (0, 50, 51, 501)]
        ['0', '0', '49', '99']
    """

    code = "stairstep"
    tiers: tuple[Tier, ...] = attrs.field(converter=_steps)

    def work_out(self, measured: Measured) -> Working:
        """Return one step: the flat price of the range."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:
        code, tier = reached(self.tiers, quantity)
        return single(f"{code}-flat", ONE, tier.flat)


@guarded
@attrs.frozen
class Package:
    """A price for each package of units; a started package is a whole one.

    Args:
        price: Of one package, exact.
        size: How many units are in one, above zero; named, as `included` is, so that nobody swaps it with the price.
        included: Units of each period that cost nothing.

    Raises:
        InvalidAmountError: The size is not above zero.

    Example:
        >>> Package(100, size=10, included=10).work_out(Measured(121)).total
        Decimal('1200')
    """

    code = "package"
    price: Decimal = attrs.field(converter=as_price)
    size: Decimal = attrs.field(converter=as_size, kw_only=True)
    included: Decimal = attrs.field(converter=_units, default=ZERO, kw_only=True)

    def work_out(self, measured: Measured) -> Working:
        """Return the packages that hold what lies beyond the included units."""
        return self._of(measured.quantity)

    def _of(self, quantity: Decimal) -> Working:
        paid = beyond(quantity, self.included)
        return single("packages", packages(paid, self.size), self.price)


_MODELS = (Flat, PerUnit, Graduated, Volume, Stairstep, Package)


def by_quantity(model: PriceModel) -> PriceOf | None:
    """Return what a quantity costs by one of the models here, which look at nothing else; None for any other model.

    Example:
        >>> by_quantity(PerUnit("12.50"))(Decimal(3)).text
        '3 × 12.50'
    """
    if isinstance(model, _MODELS) and model.__class__ in _MODELS:  # not one that a host made of it
        return model._of  # noqa: SLF001  of the models of this module
    return None
