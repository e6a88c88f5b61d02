"""What is counted and charged: meters, products and charges."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.catalog.combined import per_unit
from billing_domain.catalog.phases import Price
from billing_domain.catalog.prices import Flat
from billing_domain.catalog.protocols import PriceModel
from billing_domain.catalog.tiers import as_price
from billing_domain.doors import guarded
from billing_domain.errors import (
    InvalidTypeError,
    InvalidValueError,
)
from billing_domain.ids import checked_id
from billing_domain.money import Number
from billing_domain.periods import Frequency, Proration
from billing_domain.tax import TaxClass


class Timing(Enum):
    """When a recurring charge is due."""

    IN_ADVANCE = "in-advance"
    """On the first day of the period."""
    IN_ARREARS = "in-arrears"
    """On the day after its last day."""


class Aggregation(Enum):
    """How usage records of one period become one quantity."""

    SUM = "sum"
    MAX = "max"
    LATEST = "latest"
    COUNT = "count"
    UNIQUE = "unique"
    TIME_WEIGHTED = "time-weighted"


def _checked_kind(value: object, kind: type, what: str, remedy: str) -> None:
    if not isinstance(value, kind):
        raise InvalidTypeError(value, f"{what} is a {kind.__name__}", remedy)


def _checked_charge(code: str, tax: TaxClass, frequency: Frequency | None) -> None:
    checked_id(code, "a charge")
    _checked_kind(tax, TaxClass, f"the tax class of charge {code}", "give TaxClass.STANDARD or another one")
    if frequency is not None:
        _checked_kind(frequency, Frequency, f"the frequency of charge {code}", "give Frequency.monthly() or another one")


@guarded
@attrs.frozen
class Meter:
    """Something that is counted.

    Args:
        code: Its name among the host's meters.
        unit: What it counts in, such as `GB`; shown to people.
        aggregation: How the records of a period become one quantity.
        distinct: For a unique count: the property whose values are counted.

    Example:
        >>> Meter(code="data", unit="GB").aggregation.value
        'sum'
    """

    code: str
    unit: str = ""
    aggregation: Aggregation = Aggregation.SUM
    distinct: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a meter")
        _checked_kind(self.aggregation, Aggregation, f"the aggregation of meter {self.code}", "give Aggregation.SUM or another member")
        if (self.aggregation is Aggregation.UNIQUE) != bool(self.distinct):
            raise InvalidValueError(
                self.code, "a unique count, and nothing else, names the property it counts", 'give distinct="..." with Aggregation.UNIQUE'
            )


@guarded
@attrs.frozen
class Product:
    """A thing or service that is sold one by one.

    Args:
        code: Its name in the catalog.
        name: What documents call it.
        tax: What it is to the tax table.
        goods: Whether it is goods; a service where False.

    Example:
        >>> Product(code="router", name="Wi-Fi router").tax.code
        'standard'
    """

    proration = None
    code: str
    name: str
    tax: TaxClass = TaxClass.STANDARD
    goods: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a product")
        _checked_kind(self.tax, TaxClass, f"the tax class of product {self.code}", "give TaxClass.STANDARD or another one")


def as_model(value: PriceModel | Number) -> PriceModel:
    """Return a price model; a bare number is a flat price.

    Raises:
        InvalidTypeError: It is neither.

    Example:
        >>> as_model("9.90").code
        'flat'
    """
    if isinstance(value, Decimal | int | str):
        return Flat(value)
    if not isinstance(value, PriceModel):
        raise InvalidTypeError(value, "a price is a price model, a Decimal, an int or text, never float or Money", 'write "9.90"')
    return value


@guarded
@attrs.frozen
class RecurringCharge:
    """A price for each period.

    Args:
        code: Its name within the plan; the same code in another plan continues the same charge.
        name: What documents call it.
        price: A price model; a bare number is a flat price.
        timing: When it is due.
        frequency: How long its periods are; the plan's own where None.
        tax: What it is to the tax table.
        proration: How a part of a period is charged; the rulebook's own where None.

    Example:
        >>> RecurringCharge(code="base", name="Monthly fee", price="9.90").timing.value
        'in-advance'
    """

    goods = False
    code: str
    name: str
    price: PriceModel = attrs.field(converter=as_model)
    timing: Timing = Timing.IN_ADVANCE
    frequency: Frequency | None = None
    tax: TaxClass = TaxClass.STANDARD
    proration: Proration | None = None

    def __attrs_post_init__(self) -> None:
        _checked_charge(self.code, self.tax, self.frequency)
        _checked_kind(self.timing, Timing, f"the timing of charge {self.code}", "give Timing.IN_ADVANCE or Timing.IN_ARREARS")


def _where(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(values).items()))


def _group_by(values: Iterable[str] | str) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


@guarded
@attrs.frozen
class UsageCharge:
    """A price for what was consumed in a period, due after its last day.

    Args:
        code: Its name within the plan.
        name: What documents call it.
        meter: What is counted.
        price: A price model; a bare number is a price per unit.
        frequency: How long its periods are; the plan's own where None.
        tax: What it is to the tax table.
        where: Only records with these properties count.
        group_by: Properties whose values are measured and priced each on their own, such as a telephone number.
        proration: How an agreed minimum or maximum of a price is shared out over a part of a period; the rulebook's own where None.

    Example:
        >>> UsageCharge(code="data", name="Mobile data", meter=Meter("data", "GB"), price="1.50").price.code
        'per-unit'
    """

    timing = Timing.IN_ARREARS
    goods = False
    code: str
    name: str
    meter: Meter
    price: PriceModel = attrs.field(converter=per_unit)
    frequency: Frequency | None = None
    tax: TaxClass = TaxClass.STANDARD
    where: tuple[tuple[str, str], ...] = attrs.field(converter=_where, default=())
    group_by: tuple[str, ...] = attrs.field(converter=_group_by, default=())
    proration: Proration | None = None

    def __attrs_post_init__(self) -> None:
        _checked_charge(self.code, self.tax, self.frequency)
        _checked_kind(self.meter, Meter, f"what charge {self.code} counts", "give the meter itself, not its code")


@guarded
@attrs.frozen
class OneOffCharge:
    """A price that is due once, on the day a plan begins; never prorated.

    Args:
        code: Its name within the plan.
        name: What documents call it.
        price: A price model; a bare number is a flat price.
        tax: What it is to the tax table; stated, since a fee has no default treatment.

    Example:
        >>> OneOffCharge(code="setup", name="Setup", price="25.00", tax=TaxClass.STANDARD).price.code
        'flat'
    """

    timing = Timing.IN_ADVANCE
    goods = False
    proration = None
    code: str
    name: str
    price: PriceModel = attrs.field(converter=as_model)
    tax: TaxClass = TaxClass.STANDARD

    def __attrs_post_init__(self) -> None:
        _checked_charge(self.code, self.tax, None)


@guarded
@attrs.frozen
class CommitmentCharge:
    """A least amount for each period: what other charges fall short of it is charged after the last day.

    Compared are amounts before discount, each rounded; for a part of a period the commitment is that share of itself.

    Args:
        code: Its name within the plan.
        name: What documents call it.
        amount: The commitment for a whole period, exact.
        frequency: How long its periods are; the plan's own where None. A period of a charge counts where it begins.
        charges: The codes of the charges that count towards it; all others of the plan where empty.
        tax: What it is to the tax table.
        proration: How a part of a period is charged; the rulebook's own where None.

    Example:
        >>> CommitmentCharge(code="minimum", name="Minimum spend", amount="100").amount
        Decimal('100')
    """

    timing = Timing.IN_ARREARS
    goods = False
    code: str
    name: str
    amount: Decimal = attrs.field(converter=as_price)
    frequency: Frequency | None = None
    charges: tuple[str, ...] = attrs.field(converter=_group_by, default=())
    tax: TaxClass = TaxClass.STANDARD
    proration: Proration | None = None

    def __attrs_post_init__(self) -> None:
        _checked_charge(self.code, self.tax, self.frequency)


Charge = RecurringCharge | UsageCharge | OneOffCharge | CommitmentCharge
"""Anything that a plan can charge."""


def priced(charge: Charge, price: Price) -> Charge:
    """Return the charge at another price; a bare number is read as the charge reads it, and a commitment takes a number or a flat price."""
    if not isinstance(charge, CommitmentCharge):
        return attrs.evolve(charge, price=price)
    amount = price.price if isinstance(price, Flat) else price
    if not isinstance(amount, Decimal):
        raise InvalidTypeError(price, f"commitment {charge.code} is a number", "give the amount")
    return attrs.evolve(charge, amount=amount)
