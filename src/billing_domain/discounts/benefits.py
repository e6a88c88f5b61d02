"""The benefits that ship with the library: percent, fixed amount, fixed price, free units, free periods, waived fee, tiered percent."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise

import attrs

from billing_domain.discounts.protocols import Base, BaseLine, Proposal
from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidTiersError, InvalidTypeError, InvalidValueError
from billing_domain.invoicing import ChargeKind, LineFacts, Piece
from billing_domain.money import Amount, Money, Number, add_up, frozen_amount, not_negative
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO
from billing_domain.whole import checked_whole

_divide = CONTEXT.divide
_multiply = CONTEXT.multiply

OTHER_CURRENCY = "other-currency"
"""Why an amount in another currency takes nothing off."""


def _percent(value: Number) -> Decimal:
    return not_negative(value, "a percentage")


def _checked_percent(value: Decimal) -> None:
    if not 0 < value <= HUNDRED:
        raise InvalidAmountError(value, "a discount is above 0 and at most 100 percent", "give the percentage, such as 10")


def _codes(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "codes of charges stand in a list", f"write [{values!r}]")
    return frozenset(values)


def _of_lines(base: Base, part: Callable[[BaseLine], Decimal]) -> Proposal:
    """Return the proposal that takes from each line what a function says, at most all of it."""
    parts = [min(part(line), line.amount) for line in base.lines]
    return Proposal(add_up(parts), parts)


@guarded
@attrs.frozen
class Percent:
    """So many percent of what it applies to.

    Args:
        percent: Above 0, at most 100.
        of: The codes of the charges it is of; all that the scope covers where empty.

    Raises:
        InvalidAmountError: The percentage is not above 0 and at most 100.

    Example:
        >>> Percent("10").percent
        Decimal('10')
    """

    code = "percent"
    percent: Decimal = attrs.field(converter=_percent)
    of: frozenset[str] = attrs.field(converter=_codes, default=frozenset())

    ratio: tuple[int, int] = attrs.field(init=False, eq=False, repr=False)
    """The same as a ratio of two whole numbers."""

    def __attrs_post_init__(self) -> None:
        _checked_percent(self.percent)
        part, of = self.percent.as_integer_ratio()
        object.__setattr__(self, "ratio", (part, of * 100))

    def propose(self, base: Base) -> Proposal:
        """Return the percentage of each line."""
        return _of_lines(base, self._of)

    def units(self, base: int) -> int:
        """Return the percentage of so many minor units, rounded half up.

        Example:
            >>> Percent(10).units(3005)
            301
        """
        part, of = self.ratio
        return (2 * base * part + of) // (2 * of)

    def _of(self, line: BaseLine) -> Decimal:
        if self.of and line.facts.charge not in self.of:
            return ZERO
        return _divide(_multiply(line.amount, self.percent), HUNDRED)


@guarded
@attrs.frozen
class FixedAmount:
    """So much off each document, as far as there is something to take it from.

    Args:
        amount: Above zero. In another currency than the document's it takes nothing off, and the record says so.

    Raises:
        InvalidAmountError: The amount is not above zero.

    Example:
        >>> FixedAmount(Money("5.00", "EUR")).propose(Base(currency="EUR")).amount
        Decimal('5.00')
    """

    code = "fixed-amount"
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")

    def __attrs_post_init__(self) -> None:
        if self._amount.amount <= 0:
            raise InvalidAmountError(self._amount.amount, "a discount is above zero", "leave it out")

    @property
    def amount(self) -> Money:
        """So much."""
        return self._amount.money

    def propose(self, base: Base) -> Proposal:
        """Return the amount, or nothing in another currency."""
        off = self.off(base.currency)
        return Proposal(off, (), "" if off else OTHER_CURRENCY)

    def off(self, currency: str) -> Decimal:
        """Return the amount for a document in a currency, nothing in another one; empty stands for a currency that is not known."""
        return self._amount.amount if currency in {"", self._amount.currency} else ZERO


def _share_of_period(pieces: Iterable[Piece]) -> tuple[Decimal, Decimal]:
    """Return which share of its period a line charges, as two numbers."""
    part, of = Decimal(0), Decimal(1)
    for piece in pieces:
        part = CONTEXT.add(_multiply(part, Decimal(piece.of)), _multiply(Decimal(piece.part), of))
        of = _multiply(of, Decimal(piece.of))
    return part, of


@guarded
@attrs.frozen
class FixedPrice:
    """Another price for a whole period of a line, where that is lower; a part of a period costs that part of it.

    Args:
        price: What each line costs, zero or more. In another currency than the document's it changes nothing.

    Example:
        >>> FixedPrice(Money("5.00", "EUR")).price.amount
        Decimal('5.00')
    """

    code = "fixed-price"
    _price: Amount = attrs.field(converter=frozen_amount, alias="price")

    def __attrs_post_init__(self) -> None:
        not_negative(self._price.amount, "a fixed price")

    @property
    def price(self) -> Money:
        """What each line costs."""
        return self._price.money

    def propose(self, base: Base) -> Proposal:
        """Return what each line costs above the price."""
        if base.currency and base.currency != self._price.currency:
            return Proposal(ZERO, (), OTHER_CURRENCY)
        return _of_lines(base, self._above)

    def _above(self, line: BaseLine) -> Decimal:
        part, of = _share_of_period(line.facts.pieces)
        return max(ZERO, CONTEXT.subtract(line.amount, _divide(_multiply(self._price.amount, part), of)))


@guarded
@attrs.frozen
class FreeUnits:
    """So many units of usage free on each line: the last ones measured, at what they cost.

    Args:
        units: How many, above zero.
        charges: The codes of the usage charges; all that the scope covers where empty.

    Example:
        >>> FreeUnits(5).units
        Decimal('5')
    """

    code = "free-units"
    units: Decimal = attrs.field(converter=_percent)
    charges: frozenset[str] = attrs.field(converter=_codes, default=frozenset())

    def __attrs_post_init__(self) -> None:
        if not self.units:
            raise InvalidAmountError(self.units, "free units are above zero", "leave the benefit out")

    def propose(self, base: Base) -> Proposal:
        """Return what the last units of each usage line cost."""
        return _of_lines(base, self._worth)

    def _worth(self, line: BaseLine) -> Decimal:
        facts = line.facts
        if facts.kind is not ChargeKind.USAGE or (self.charges and facts.charge not in self.charges):
            return ZERO
        value = _value_of_last(facts, self.units)
        return value if line.amount == facts.amount else _divide(_multiply(value, line.amount), facts.amount)


def _value_of_last(facts: LineFacts, units: Decimal) -> Decimal:
    value, left = ZERO, units
    for piece in reversed(facts.pieces):
        for step in reversed(piece.working.steps):
            taken = min(left, step.quantity)
            share = _divide(Decimal(piece.part), Decimal(piece.of))
            value = CONTEXT.add(value, _multiply(_multiply(taken, step.price), share))
            left = CONTEXT.subtract(left, taken)
    return value


@guarded
@attrs.frozen
class FreePeriods:
    """The first periods free: all of what it covers, for a window that ends with them.

    Args:
        periods: How many, one or more; a policy with it needs no duration.

    Example:
        >>> FreePeriods(2).periods
        2
    """

    code = "free-periods"
    periods: int = 1

    def __attrs_post_init__(self) -> None:
        checked_whole(self.periods, "periods are counted in whole numbers", "give an int")
        if self.periods < 1:
            raise InvalidValueError(self.periods, "at least one period is free", "leave the benefit out")

    def propose(self, base: Base) -> Proposal:
        """Return all of it."""
        return _of_lines(base, lambda line: line.amount)


@guarded
@attrs.frozen
class WaivedFee:
    """Fees that are not charged.

    Args:
        charges: The codes of the fees; all one-off charges that the scope covers where empty.

    Example:
        >>> sorted(WaivedFee(["setup"]).charges)
        ['setup']
    """

    code = "waived-fee"
    charges: frozenset[str] = attrs.field(converter=_codes, default=frozenset())

    def propose(self, base: Base) -> Proposal:
        """Return the fees."""
        return _of_lines(base, self._fee)

    def _fee(self, line: BaseLine) -> Decimal:
        waived = line.facts.charge in self.charges if self.charges else line.facts.kind is ChargeKind.ONE_OFF
        return line.amount if waived else ZERO


def _bound(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a bound")


@attrs.frozen
class PercentTier:
    """A band of amounts with a percentage.

    Args:
        up_to: The inclusive upper bound, in the currency of the document; None for no bound.
        percent: The percentage in the band, 0 to 100.
    """

    up_to: Decimal | None = attrs.field(converter=_bound)
    percent: Decimal = attrs.field(converter=_percent)

    def __attrs_post_init__(self) -> None:
        if self.percent:
            _checked_percent(self.percent)


def _tiers(values: Iterable[PercentTier]) -> tuple[PercentTier, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class TieredPercent:
    """A percentage that grows with the amount: the band of the whole amount tells, and holds for all of it.

    Args:
        tiers: The bands in order; only the last is without bound.
        currency: The currency of the bounds; in another one it takes nothing off. Any where empty.

    Raises:
        InvalidTiersError: The bands are not in order, or the last has a bound.

    Example:
        >>> benefit = TieredPercent([PercentTier("99.99", 0), PercentTier(None, 10)])
        >>> benefit.percent_of(Decimal("99.99")), benefit.percent_of(Decimal(100))
        (Decimal('0'), Decimal('10'))
    """

    code = "tiered-percent"
    tiers: tuple[PercentTier, ...] = attrs.field(converter=_tiers)
    currency: str = ""

    def __attrs_post_init__(self) -> None:
        bounds = [tier.up_to for tier in self.tiers]
        ordered = [bound for bound in bounds[:-1] if bound is not None]
        if not bounds or bounds[-1] is not None or len(ordered) != len(bounds) - 1 or any(b >= a for b, a in pairwise(ordered)):
            raise InvalidTiersError(bounds, "bands go up, and the last alone has no bound", "sort them and end with PercentTier(None, ...)")

    def percent_of(self, total: Decimal) -> Decimal:
        """Return the percentage for an amount."""
        for tier in self.tiers[:-1]:
            if tier.up_to is not None and total <= tier.up_to:
                return tier.percent
        return self.tiers[-1].percent

    def propose(self, base: Base) -> Proposal:
        """Return the percentage of the band of the whole amount."""
        if self.currency and base.currency and base.currency != self.currency:
            return Proposal(ZERO, (), OTHER_CURRENCY)
        percent = self.percent_of(base.total)
        return _of_lines(base, lambda line: _divide(_multiply(line.amount, percent), HUNDRED))
