"""A seller in the European Union: at home, to businesses and consumers in other member states, and beyond."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError
from billing_domain.tax.model import TaxCategory, TaxClass, TaxTable, TaxTreatment
from billing_domain.tax.protocols import Supply

_GREECE = {"GR": "EL"}

INTRA_COMMUNITY = TaxTreatment(TaxCategory.INTRA_COMMUNITY, 0, "Intra-Community supply", "VATEX-EU-IC")
"""Goods to a business in another member state."""
REVERSE_CHARGE = TaxTreatment(TaxCategory.REVERSE_CHARGE, 0, "Reverse charge", "VATEX-EU-AE")
"""Services to a business in another member state."""
EXPORT = TaxTreatment(TaxCategory.EXPORT, 0, "Export outside the EU", "VATEX-EU-G")
"""Goods that leave the Union."""
OUTSIDE = TaxTreatment(TaxCategory.OUT_OF_SCOPE, None, "Not subject to VAT", "VATEX-EU-O")
"""Services to who is outside the Union, and what is no supply at all."""


def _countries(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "the countries of a union are a list of codes", f"write [{values!r}]")
    return frozenset(values)


def _tables(values: Iterable[TaxTable]) -> tuple[TaxTable, ...]:
    return tuple(values)


_Treated = Mapping[str, TaxTreatment] | Iterable[tuple[str, TaxTreatment]]


def _treated(values: _Treated) -> tuple[tuple[str, TaxTreatment], ...]:
    return tuple(sorted(dict(values).items(), key=_code))


def _code(pair: tuple[str, TaxTreatment]) -> str:
    return pair[0]


@guarded
@attrs.frozen
class UnionTax:
    """VAT of a seller in the European Union, by who buys what and where.

    At home, and to consumers in other member states without a table here, the home table holds. A business in another member state,
    told by a VAT id of that state, gets goods as intra-community supply and services by reverse charge. A consumer in a member state
    with a table here pays the rate of that state (one-stop shop). Goods to who is outside the Union are exported, services out of scope.

    Args:
        home: The seller's table.
        union: The countries of the Union, as ISO 3166 codes.
        one_stop_shop: Tables of other member states whose rates their consumers pay.
        classes: Treatments by the code of a tax class, such as an exemption of insurance; they hold at home and for consumers in the Union.
        profiles: Treatments by the code of a buyer's tax profile, such as an embassy's exemption; they come first.
        code: The name under which documents remember it.

    Raises:
        DuplicateIdError: Two tables of one country.

    Source: Directive 2006/112/EC, articles 33, 44, 58, 138, 146, 196; VATEX codes of the European Commission's code list.

    Example:
        >>> from datetime import date
        >>> from billing_domain.tax import TaxRate
        >>> home = TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21"))])
        >>> policy = UnionTax(home, union=["LT", "LV", "DE"])
        >>> ids = {"buyer_vat_id": "LV40000000000", "seller_vat_id": "LT100000000001"}
        >>> sale = Supply(TaxClass.STANDARD, date(2026, 3, 1), "LT", "LV", goods=True, **ids)
        >>> policy.treat(sale).category.value, policy.treat(attrs.evolve(sale, goods=False)).category.value
        ('K', 'AE')
    """

    home: TaxTable
    union: frozenset[str] = attrs.field(converter=_countries)
    one_stop_shop: tuple[TaxTable, ...] = attrs.field(converter=_tables, default=())
    _classes: tuple[tuple[str, TaxTreatment], ...] = attrs.field(converter=_treated, default=(), alias="classes")
    _profiles: tuple[tuple[str, TaxTreatment], ...] = attrs.field(converter=_treated, default=(), alias="profiles")
    code: str = "eu-vat"

    def __attrs_post_init__(self) -> None:
        countries = [table.country for table in (self.home, *self.one_stop_shop)]
        if len(set(countries)) != len(countries):
            raise DuplicateIdError(", ".join(sorted(countries)), "a country has one table", "merge the two")

    @property
    def classes(self) -> Mapping[str, TaxTreatment]:
        """Treatments by the code of a tax class, read only."""
        return MappingProxyType(dict(self._classes))

    @property
    def profiles(self) -> Mapping[str, TaxTreatment]:
        """Treatments by the code of a buyer's tax profile, read only."""
        return MappingProxyType(dict(self._profiles))

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return how a supply is taxed.

        Raises:
            InvalidValueError: Tax passes to the buyer, or goods leave the country, and the seller has no VAT id.
            MissingRateError: The table that holds has no rate.
        """
        if supply.tax == TaxClass.OUT_OF_SCOPE:
            return OUTSIDE
        profile = self.profiles.get(supply.buyer_profile)
        if profile is not None:
            return profile
        if supply.buyer_country not in {self.home.country, *self.union}:
            return _registered(EXPORT, supply) if supply.goods else OUTSIDE
        if supply.buyer_country != self.home.country and _is_business(supply):
            return _registered(INTRA_COMMUNITY if supply.goods else REVERSE_CHARGE, supply)
        return self.classes.get(supply.tax.code) or self._rated(supply)

    def _rated(self, supply: Supply) -> TaxTreatment:
        for table in self.one_stop_shop:
            if table.country == supply.buyer_country:
                return _at(table, supply, table.country)
        return _at(self.home, supply, "")


def _at(table: TaxTable, supply: Supply, country: str) -> TaxTreatment:
    rate = table.rate(supply.tax, on=supply.tax_point)
    return TaxTreatment(TaxCategory.STANDARD if rate else TaxCategory.ZERO, rate, country=country)


def _is_business(supply: Supply) -> bool:
    """Say whether the buyer's VAT id is one of the country where the buyer is."""
    return supply.buyer_vat_id.startswith(_GREECE.get(supply.buyer_country, supply.buyer_country))


def _registered(treatment: TaxTreatment, supply: Supply) -> TaxTreatment:
    if not supply.seller_vat_id:
        category = treatment.category.value
        raise InvalidValueError(
            category, f"a sale in category {category} names the seller's VAT id (BR-AE-02, BR-IC-02, BR-G-02)", "give the seller a vat_id"
        )
    return treatment
