"""What is sold: meters, charges, immutable plan versions and the catalog that holds them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

import attrs

from billing_domain.catalog.combined import per_unit
from billing_domain.catalog.prices import Flat
from billing_domain.catalog.protocols import PriceModel
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, UnknownReferenceError
from billing_domain.ids import checked_id
from billing_domain.money import Number, exponent
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
        if (self.aggregation is Aggregation.UNIQUE) != bool(self.distinct):
            raise InvalidValueError(
                self.code, "a unique count, and nothing else, names the property it counts", 'give distinct="..." with Aggregation.UNIQUE'
            )


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

    code: str
    name: str
    tax: TaxClass = TaxClass.STANDARD
    goods: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a product")


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
        raise InvalidTypeError(value, "a price is a price model or a number", 'write Flat("9.90")')
    return value


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

    code: str
    name: str
    price: PriceModel = attrs.field(converter=as_model)
    timing: Timing = Timing.IN_ADVANCE
    frequency: Frequency | None = None
    tax: TaxClass = TaxClass.STANDARD
    proration: Proration | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a charge")


def _where(values: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(values.items() if isinstance(values, Mapping) else values))


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

    Example:
        >>> UsageCharge(code="data", name="Mobile data", meter=Meter("data", "GB"), price="1.50").price.code
        'per-unit'
    """

    code: str
    name: str
    meter: Meter
    price: PriceModel = attrs.field(converter=per_unit)
    frequency: Frequency | None = None
    tax: TaxClass = TaxClass.STANDARD
    where: tuple[tuple[str, str], ...] = attrs.field(converter=_where, default=())

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a charge")


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

    code: str
    name: str
    price: PriceModel = attrs.field(converter=as_model)
    tax: TaxClass = TaxClass.STANDARD

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a charge")


Charge = RecurringCharge | UsageCharge | OneOffCharge
"""Anything that a plan can charge."""


def _charges(values: Iterable[Charge]) -> tuple[Charge, ...]:
    return tuple(values)


@attrs.frozen
class Plan:
    """One immutable version of what is offered together.

    Args:
        code: Its name in the catalog.
        version: 1, 2, 3 and so on; what is sold under a version never changes.
        name: What documents call it.
        currency: ISO 4217 code of all its prices.
        charges: What is charged; codes are unique within the plan.
        frequency: How long its periods are.
        prices_include_tax: Whether the prices contain the tax.

    Raises:
        DuplicateIdError: Two charges have one code.
        UnknownCurrencyError: The currency is not known.
        InvalidValueError: The version is below one.

    Example:
        >>> plan = Plan(code="s", version=1, name="S", currency="EUR", charges=[RecurringCharge("base", "Monthly fee", "9.90")])
        >>> plan.key
        's@1'
    """

    code: str
    version: int
    name: str
    currency: str
    charges: tuple[Charge, ...] = attrs.field(converter=_charges)
    frequency: Frequency = Frequency.monthly()
    prices_include_tax: bool = False
    key: str = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a plan")
        exponent(self.currency)
        if isinstance(self.version, bool) or not isinstance(self.version, int) or self.version < 1:
            raise InvalidValueError(self.version, "the version of a plan is 1 or more", "count versions from 1")
        codes = [charge.code for charge in self.charges]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise DuplicateIdError(doubled[0], f"a code stands once in plan {self.code}", "rename one of the charges")
        object.__setattr__(self, "key", f"{self.code}@{self.version}")

    def charge(self, code: str) -> Charge:
        """Return the charge with this code.

        Raises:
            UnknownReferenceError: The plan has none.
        """
        for charge in self.charges:
            if charge.code == code:
                return charge
        raise UnknownReferenceError(code, f"plan {self.key} has the charges {', '.join(c.code for c in self.charges)}", "name one of them")


def _plans(values: Iterable[Plan]) -> tuple[Plan, ...]:
    return tuple(values)


@attrs.frozen
class Catalog:
    """All plan versions that a host sells or has sold.

    Args:
        plans: Each version once.

    Raises:
        DuplicateIdError: One version stands twice.

    Example:
        >>> catalog = Catalog([Plan("s", 1, "S", "EUR", []), Plan("s", 2, "S", "EUR", [])])
        >>> catalog.plan("s@1").version, catalog.latest("s").version
        (1, 2)
    """

    plans: tuple[Plan, ...] = attrs.field(converter=_plans)

    def __attrs_post_init__(self) -> None:
        keys = [plan.key for plan in self.plans]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise DuplicateIdError(doubled[0], "a plan version stands once in a catalog", "count the version up")

    @property
    def by_key(self) -> Mapping[str, Plan]:
        """The plans by `code@version`, read only."""
        return MappingProxyType({plan.key: plan for plan in self.plans})

    def plan(self, key: str) -> Plan:
        """Return the version `code@version`.

        Raises:
            UnknownReferenceError: The catalog does not have it.
        """
        found = self.by_key.get(key)
        if found is None:
            raise UnknownReferenceError(key, "a plan is in the catalog", "add the version, or name another")
        return found

    def latest(self, code: str) -> Plan:
        """Return the highest version of a plan.

        Raises:
            UnknownReferenceError: The catalog has no version of it.
        """
        versions = [plan for plan in self.plans if plan.code == code]
        if not versions:
            raise UnknownReferenceError(code, "a plan is in the catalog", "add it, or name another")
        return max(versions, key=lambda plan: plan.version)
