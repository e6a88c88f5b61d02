"""The working of a price: the steps that make an amount, which is all that a price model returns."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.errors import InvalidAmountError, InvalidTypeError
from billing_domain.money import Number, to_decimal
from billing_domain.money.amounts import CONTEXT, ONE, ZERO, add_up

_multiply = CONTEXT.multiply
_fma = CONTEXT.fma
_new_tuple = tuple.__new__


class Step(NamedTuple):
    """One multiplication of a working: a quantity at a price.

    Args:
        code: What the step is, such as `tier-2` or `night`.
        quantity: How much; exact.
        price: What one of it costs; exact, never rounded.
    """

    code: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity times price, exact."""
        return _multiply(self.quantity, self.price)


def _steps(values: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(values)


@attrs.frozen
class Working:
    """How an amount comes about: steps that the core adds up.

    Args:
        steps: At least one; their amounts sum to the exact price of a whole period.

    Raises:
        InvalidTypeError: A step holds something else than Decimals.
        InvalidAmountError: There is no step, or the sum is negative or not finite.

    Example:
        >>> Working([Step("included", Decimal(10), Decimal(0)), Step("tier-2", Decimal("4.2"), Decimal("1.50"))]).total
        Decimal('6.300')
    """

    steps: tuple[Step, ...] = attrs.field(converter=_steps)
    total: Decimal = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        total = ZERO
        try:
            for step in self.steps:
                total = _fma(step.quantity, step.price, total)
        except (TypeError, AttributeError):
            raise InvalidTypeError(self.steps, "a step is Step(code, quantity, price) with Decimals", "convert the numbers first") from None
        except ArithmeticError:
            raise InvalidAmountError(self.steps, "the steps of a working have a finite sum", "give real quantities and prices") from None
        if not self.steps or not total.is_finite() or total < 0:
            raise InvalidAmountError(total, "a working has steps with a finite sum that is not negative", "return at least one step")
        object.__setattr__(self, "total", total)

    @property
    def text(self) -> str:
        """The steps as a sum, such as `10 × 0 + 4.2 × 1.50`."""
        return " + ".join(f"{step.quantity:f} × {step.price:f}" for step in self.steps)


_new = object.__new__
_set_steps, _set_total = vars(Working)["steps"].__set__, vars(Working)["total"].__set__


def summed(steps: tuple[Step, ...], total: Decimal) -> Working:
    """Return the working of sound steps whose sum is known already: for prices that add up once what many quantities share.

    Args:
        steps: At least one.
        total: Their exact sum.

    Raises:
        InvalidAmountError: The sum is negative or not finite.

    Example:
        >>> step = Step("units", Decimal(3), Decimal("12.50"))
        >>> summed((step,), Decimal("37.50")) == Working([step])
        True
    """
    if not total.is_finite() or total < ZERO:
        return Working(steps)  # which says what is wrong
    working = _new(Working)
    _set_steps(working, steps)
    _set_total(working, total)
    return working


@attrs.frozen
class Event:
    """One usage record as a price model sees it.

    Args:
        quantity: How much.
        properties: Pairs of name and value.
    """

    quantity: Decimal
    properties: tuple[tuple[str, str], ...] = ()


def _quantity(value: Number) -> Decimal:
    return value if type(value) is Decimal and value.is_finite() else to_decimal(value, "quantity")


@attrs.frozen
class Measured:
    """What a price model is asked about: how much there is of a thing in a period.

    Args:
        quantity: The quantity after aggregation; for a recurring charge the number of units agreed.
        events: The single records of usage, in the order of their instants; empty for what is not usage.
        part: Which share of a whole period was measured, as `part` of `of`; what is agreed for a period, such as a minimum, goes by it.
        of: See `part`.

    Example:
        >>> measured = Measured(3, (Event(Decimal(2), (("tariff", "day"),)), Event(Decimal(1), (("tariff", "night"),))))
        >>> measured.where(tariff="night")
        Decimal('1')
    """

    quantity: Decimal = attrs.field(converter=_quantity)
    events: tuple[Event, ...] = ()
    part: int = 1
    of: int = 1

    def share(self, amount: Decimal) -> Decimal:
        """Return the share of an amount for a whole period that the measured part bears.

        Example:
            >>> Measured(3, (), 1, 4).share(Decimal(10))
            Decimal('2.5')
        """
        return amount if self.part == self.of else CONTEXT.divide(_multiply(amount, Decimal(self.part)), Decimal(self.of))

    def where(self, **properties: str) -> Decimal:
        """Return the sum of the records that have all these properties."""
        wanted = properties.items()
        found = (event.quantity for event in self.events if wanted <= dict(event.properties).items())
        return add_up(found)

    def by(self, name: str) -> Mapping[str, Decimal]:
        """Return the sums of the records by the value of one property; records without it are under an empty text."""
        sums: dict[str, Decimal] = {}
        for event in self.events:
            value = dict(event.properties).get(name, "")
            sums[value] = CONTEXT.add(sums.get(value, ZERO), event.quantity)
        return sums

    def groups(self, names: Sequence[str]) -> Mapping[tuple[str, ...], "Measured"]:
        """Return the records by the values of several properties, each group with its own sum; a missing value is an empty text.

        Example:
            >>> measured = Measured(3, (Event(Decimal(2), (("zone", "eu"),)), Event(Decimal(1))))
            >>> {values: str(group.quantity) for values, group in measured.groups(["zone"]).items()}
            {('eu',): '2', ('',): '1'}
        """
        found: dict[tuple[str, ...], list[Event]] = {}
        for event in self.events:
            known = dict(event.properties)
            found.setdefault(tuple([known.get(name, "") for name in names]), []).append(event)
        return {
            values: Measured(add_up(event.quantity for event in events), tuple(events), self.part, self.of)
            for values, events in found.items()
        }


def single(code: str, quantity: Decimal, price: Decimal) -> Working:
    """Return the working of one step."""
    return summed((_new_tuple(Step, (code, quantity, price)),), _fma(quantity, price, ZERO))


def flat(price: Decimal) -> Working:
    """Return the working of one unit at a price."""
    return single("flat", ONE, price)
