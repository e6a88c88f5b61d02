"""What is sold: immutable plan versions and the catalog that holds them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import attrs

from billing_domain.catalog.charges import Charge, CommitmentCharge, priced
from billing_domain.catalog.phases import Phase, Price, PriceList, Release, checked_phases
from billing_domain.doors import guarded
from billing_domain.errors import (
    DuplicateIdError,
    InvalidTypeError,
    MissingRateError,
    OutOfOrderError,
    UnknownReferenceError,
)
from billing_domain.ids import checked_id
from billing_domain.money import exponent
from billing_domain.periods import Frequency
from billing_domain.whole import checked_whole


def _listed(prices: Mapping[str, Price], name: str, currency: str) -> Price:
    found = prices.get(name)
    if found is None:
        raise MissingRateError(name, f"the price list in {currency} prices every charge", "add its price")
    return found


def _price_lists(values: Iterable[PriceList]) -> tuple[PriceList, ...]:
    return tuple(values)


def _charges(values: Iterable[Charge]) -> tuple[Charge, ...]:
    return tuple(values)


@guarded
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
        phases: Stretches of a subscription's life with prices of their own, in order; after them the plan's own prices hold.
        price_lists: The prices in other currencies.

    Raises:
        DuplicateIdError: Two charges have one code, or two price lists one currency.
        InvalidPeriodError: A phase follows one that is without end.
        UnknownReferenceError: A phase or a commitment names a charge that the plan has not.
        MissingRateError: A price list leaves a price out.
        UnknownCurrencyError: The currency is not known.
        InvalidValueError: The version is below one.

    Example:
        >>> from billing_domain.catalog import RecurringCharge
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
    phases: tuple[Phase, ...] = attrs.field(converter=checked_phases, default=())
    price_lists: tuple[PriceList, ...] = attrs.field(converter=_price_lists, default=())
    key: str = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a plan")
        exponent(self.currency)
        checked_whole(self.version, "the version of a plan is a whole number from 1 on", "count versions from 1", least=1)
        if not isinstance(self.frequency, Frequency):
            rule = f"the frequency of plan {self.code} is a Frequency"
            raise InvalidTypeError(self.frequency, rule, "give Frequency.monthly() or another one")
        for charge in self.charges:
            if not isinstance(charge, Charge):
                raise InvalidTypeError(
                    charge, f"a charge of plan {self.code} is one of the catalog's", "give a RecurringCharge or another one"
                )
        codes = [charge.code for charge in self.charges]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise DuplicateIdError(doubled[0], f"a code stands once in plan {self.code}", "rename one of the charges")
        object.__setattr__(self, "key", f"{self.code}@{self.version}")
        self._check_names(codes)
        for price_list in self.price_lists:
            self.in_currency(price_list.currency)

    def _check_names(self, codes: Sequence[str]) -> None:
        named = [name for phase in self.phases for name, _ in phase.prices]
        named += [name for charge in self.charges if isinstance(charge, CommitmentCharge) for name in charge.charges]
        unknown = sorted(set(named) - set(codes))
        if unknown:
            raise UnknownReferenceError(unknown[0], f"plan {self.key} has the charges {', '.join(codes)}", "name one of them")
        currencies = [self.currency, *(price_list.currency for price_list in self.price_lists)]
        if len(set(currencies)) != len(currencies):
            raise DuplicateIdError(self.key, "a plan has one list of prices in each currency", "merge the lists")

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies it is sold in, its own first."""
        return (self.currency, *(price_list.currency for price_list in self.price_lists))

    def in_currency(self, currency: str) -> "Plan":
        """Return the same version with its prices in one of its currencies.

        Raises:
            MissingRateError: The plan has no prices in the currency, or one of them is missing.

        Example:
            >>> from billing_domain.catalog import RecurringCharge
            >>> dollars = PriceList("USD", {"base": "10.90"})
            >>> plan = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Monthly fee", "9.90")], price_lists=[dollars])
            >>> plan.in_currency("USD").charges[0].price
            Flat(price=Decimal('10.90'))
        """
        if currency == self.currency:
            return self
        prices = next((dict(found.prices) for found in self.price_lists if found.currency == currency), None)
        if prices is None:
            raise MissingRateError(currency, f"plan {self.key} is priced in {', '.join(self.currencies)}", "add a price list")
        charges = [priced(charge, _listed(prices, charge.code, currency)) for charge in self.charges]
        phases = [
            attrs.evolve(phase, prices=[(name, _listed(prices, f"{phase.code}/{name}", currency)) for name, _ in phase.prices])
            for phase in self.phases
        ]
        return attrs.evolve(self, currency=currency, charges=charges, phases=phases, price_lists=())

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


def _releases(values: Iterable[Release]) -> tuple[Release, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class Catalog:
    """All plan versions that a host sells or has sold.

    Args:
        plans: Each version once.
        releases: From which day versions are sold, and who moves to them.

    Raises:
        DuplicateIdError: One version stands twice.
        UnknownReferenceError: A release is of a version that is not here.
        OutOfOrderError: A higher version is sold before, or on the same day as, a lower one.

    Example:
        >>> catalog = Catalog([Plan("s", 1, "S", "EUR", []), Plan("s", 2, "S", "EUR", [])])
        >>> catalog.plan("s@1").version, catalog.latest("s").version
        (1, 2)
    """

    plans: tuple[Plan, ...] = attrs.field(converter=_plans)
    releases: tuple[Release, ...] = attrs.field(converter=_releases, default=())

    def __attrs_post_init__(self) -> None:
        keys = [plan.key for plan in self.plans]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise DuplicateIdError(doubled[0], "a plan version stands once in a catalog", "count the version up")
        for release in self.releases:
            self.plan(release.plan)
        self._check_order()

    def _check_order(self) -> None:
        """Check that a higher version is sold from a later day on."""
        sold: dict[str, tuple[int, date]] = {}
        for plan, release in sorted(((self.plan(found.plan), found) for found in self.releases), key=lambda pair: pair[0].version):
            before = sold.get(plan.code)
            if before is not None and (before[0] == plan.version or release.sold_from <= before[1]):
                raise OutOfOrderError(
                    f"{plan.key} from {release.sold_from}",
                    f"version {before[0]} is sold from {before[1]}",
                    "release each version once, and later ones later",
                )
            sold[plan.code] = (plan.version, release.sold_from)

    def on_sale(self, code: str, *, on: date) -> Plan:
        """Return the version that new subscriptions get on a day.

        Raises:
            UnknownReferenceError: No version of the plan is sold yet.

        Example:
            >>> from datetime import date
            >>> plans = [Plan("s", 1, "S", "EUR", []), Plan("s", 2, "S", "EUR", [])]
            >>> catalog = Catalog(plans, [Release("s@1", date(2026, 1, 1)), Release("s@2", date(2026, 4, 1))])
            >>> catalog.on_sale("s", on=date(2026, 3, 31)).version
            1
        """
        sold = [release for release in self.releases if release.sold_from <= on and self.plan(release.plan).code == code]
        if not sold:
            raise UnknownReferenceError(code, f"a version of the plan is sold on {on}", "add a release")
        return self.plan(max(sold, key=lambda release: release.sold_from).plan)

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
