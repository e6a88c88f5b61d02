"""Tax categories, classes, dated rates, and how one supply is treated."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.money import Number, not_negative
from billing_domain.periods import checked_day


class TaxCategory(Enum):
    """The VAT category codes of UNCL5305 as `EN 16931` uses them (BT-118, BT-151)."""

    STANDARD = "S"
    """Taxed at a rate above zero; reduced rates are S too."""
    ZERO = "Z"
    """Zero rated."""
    EXEMPT = "E"
    """Exempt; needs an exemption reason."""
    REVERSE_CHARGE = "AE"
    """The buyer accounts for the tax; needs the VAT ids of both."""
    INTRA_COMMUNITY = "K"
    """Intra-community supply of goods; needs the VAT ids of both and a delivery."""
    EXPORT = "G"
    """Export outside the Union."""
    OUT_OF_SCOPE = "O"
    """Not subject to VAT; has no rate and never shares a document with another category."""
    CANARY_ISLANDS = "L"
    """Canary Islands general indirect tax (IGIC)."""
    CEUTA_MELILLA = "M"
    """Tax of Ceuta and Melilla (IPSI)."""
    SPLIT_PAYMENT = "B"
    """Italian split payment."""

    @property
    def may_have_rate(self) -> bool:
        """Whether a rate above zero is possible."""
        return self in _RATED

    @property
    def needs_reason(self) -> bool:
        """Whether an exemption reason is required (`EN 16931 BR-E-10`, `BR-AE-10`, `BR-IC-10`, `BR-G-10`, `BR-O-10`)."""
        return self in _REASONED


_RATED = frozenset({TaxCategory.STANDARD, TaxCategory.CANARY_ISLANDS, TaxCategory.CEUTA_MELILLA, TaxCategory.SPLIT_PAYMENT})
_UNREASONED = frozenset({TaxCategory.STANDARD, TaxCategory.ZERO, TaxCategory.CANARY_ISLANDS, TaxCategory.CEUTA_MELILLA})
_REASONED = frozenset(
    {TaxCategory.EXEMPT, TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY, TaxCategory.EXPORT, TaxCategory.OUT_OF_SCOPE}
)


@guarded
@attrs.frozen
class TaxClass:
    """What a thing is in the eyes of a tax table: an open value, to which hosts add their own.

    Args:
        code: A short code, such as `books`.

    Example:
        >>> TaxClass("district-heating") == TaxClass("district-heating"), TaxClass.BOOKS.code
        (True, 'books')
    """

    code: str

    STANDARD: ClassVar["TaxClass"]
    BOOKS: ClassVar["TaxClass"]
    MEDICINES: ClassVar["TaxClass"]
    ACCOMMODATION: ClassVar["TaxClass"]
    PASSENGER_TRANSPORT: ClassVar["TaxClass"]
    CULTURE: ClassVar["TaxClass"]
    HEATING: ClassVar["TaxClass"]
    OUT_OF_SCOPE: ClassVar["TaxClass"]

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.code, str) or not self.code:
            raise InvalidTypeError(self.code, "a tax class has a code", "give a short text")


TaxClass.STANDARD = TaxClass("standard")
TaxClass.BOOKS = TaxClass("books")
TaxClass.MEDICINES = TaxClass("medicines")
TaxClass.ACCOMMODATION = TaxClass("accommodation")
TaxClass.PASSENGER_TRANSPORT = TaxClass("passenger-transport")
TaxClass.CULTURE = TaxClass("culture")
TaxClass.HEATING = TaxClass("heating")
TaxClass.OUT_OF_SCOPE = TaxClass("out-of-scope")


def _rate(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a tax rate")


@attrs.frozen(eq=False)
class TaxTreatment:
    """How one supply is taxed: category, rate, and the reason where no tax is due.

    Args:
        category: The VAT category.
        rate: The rate in percent; None only where the category is out of scope.
        exemption_reason: Why no tax is due, in words (BT-120).
        exemption_code: The same as a code of the VATEX list (BT-121).
        country: Whose tax it is, as an ISO 3166 code; empty for the seller's own.

    Raises:
        InvalidAmountError: The rate does not fit the category.
        InvalidValueError: The category needs an exemption reason and there is none, or the other way round.

    Example:
        >>> TaxTreatment(TaxCategory.STANDARD, "21").rate
        Decimal('21')
    """

    category: TaxCategory
    rate: Decimal | None = attrs.field(converter=_rate, default=None)
    exemption_reason: str = ""
    exemption_code: str = ""
    country: str = ""
    _says: tuple[object, ...] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.category, TaxCategory):
            raise InvalidTypeError(self.category, "a tax category is a TaxCategory", "give TaxCategory.STANDARD or another member")
        _check_rate(self.category, self.rate)
        _check_exemption(self)
        says = (self.category.value, self.rate, self.exemption_code, self.exemption_reason, self.country)
        object.__setattr__(self, "_says", says)

    # documents group their lines by treatment, and billing asks of each line whether its own still holds
    def __eq__(self, other: object) -> bool:
        return self._says == other._says if isinstance(other, TaxTreatment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._says)

    @property
    def has_reason(self) -> bool:
        """Whether an exemption reason is stated."""
        return bool(self.exemption_reason or self.exemption_code)


def _check_rate(category: TaxCategory, rate: Decimal | None) -> None:
    if category is TaxCategory.OUT_OF_SCOPE:
        if rate is not None:
            raise InvalidAmountError(rate, "what is out of scope has no rate (BR-O-05)", "leave the rate out")
    elif rate is None:
        raise InvalidAmountError(category.value, "a tax category other than O has a rate", "give it in percent, 0 where none is due")
    elif category is TaxCategory.STANDARD and not rate:
        raise InvalidAmountError(rate, "a standard rate is above zero (BR-S-05)", "use TaxCategory.ZERO")
    elif rate and not category.may_have_rate:
        raise InvalidAmountError(rate, f"category {category.value} has the rate 0", "give 0, or another category")


def _check_exemption(treatment: TaxTreatment) -> None:
    category = treatment.category
    if category.needs_reason and not treatment.has_reason:
        raise InvalidValueError(
            category.value,
            f"category {category.value} states an exemption reason (BR-{category.value}-10)",
            "give exemption_reason or exemption_code",
        )
    if category in _UNREASONED and treatment.has_reason:
        raise InvalidValueError(
            treatment.exemption_reason or treatment.exemption_code, f"category {category.value} has no exemption reason", "leave it out"
        )


def _percent(value: Number) -> Decimal:
    return not_negative(value, "a tax rate")


@guarded
@attrs.frozen
class TaxRate:
    """One rate of one class, from a day on.

    Args:
        percent: The rate in percent.
        start: The first tax point it holds for.
        end: The first tax point it no longer holds for; None while it is in force.

    Raises:
        InvalidPeriodError: The end is not after the start.

    Example:
        >>> TaxRate("21", date(2009, 9, 1)).holds(date(2026, 3, 1))
        True
    """

    percent: Decimal = attrs.field(converter=_percent)
    start: date = date.min
    end: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_day(self.start, "the start of a tax rate")
        if self.end is not None and checked_day(self.end, "the end of a tax rate") <= self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "a tax rate ends after it starts", "swap them")

    def holds(self, tax_point: date) -> bool:
        """Say whether it is in force on the tax point."""
        return self.start <= tax_point and (self.end is None or tax_point < self.end)


def _by_class(rates: Iterable[tuple[TaxClass, TaxRate]]) -> tuple[tuple[TaxClass, TaxRate], ...]:
    found = tuple(rates)
    for each in found:
        match each:
            case (TaxClass(), TaxRate()):
                continue
        raise InvalidTypeError(each, "a table pairs classes with rates", 'give [(TaxClass.STANDARD, TaxRate("21"))]')
    return found


@guarded
@attrs.frozen
class TaxTable:
    """The dated rates of one country, by class.

    Args:
        country: The ISO 3166 code.
        rates: Pairs of class and rate; the rates of one class do not overlap.
        source: Where the rates are stated.

    Raises:
        InvalidTypeError: A rate stands without its class.
        InvalidPeriodError: Two rates of one class hold on one day.

    Example:
        >>> table = TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21", date(2009, 9, 1)))])
        >>> table.rate(TaxClass.STANDARD, on=date(2026, 3, 1))
        Decimal('21')
    """

    country: str
    rates: tuple[tuple[TaxClass, TaxRate], ...] = attrs.field(converter=_by_class)
    source: str = ""

    def __attrs_post_init__(self) -> None:
        for index, (kind, rate) in enumerate(self.rates):
            for other_kind, other in self.rates[:index]:
                if other_kind == kind and (other.holds(rate.start) or rate.holds(other.start)):
                    raise InvalidPeriodError(
                        f"{kind.code} from {rate.start}", "one class has one rate on a day", "end the older rate first"
                    )

    def rate(self, kind: TaxClass, *, on: date, country: str = "") -> Decimal:
        """Return the rate of a class on a tax point.

        Args:
            kind: The class.
            on: The tax point.
            country: Checked against the table's own where it is given.

        Raises:
            MissingRateError: The table has no rate for it.
        """
        if country and country != self.country:
            raise MissingRateError(country, f"the table holds the rates of {self.country}", "look it up in the table of that country")
        for found, rate in self.rates:
            if found == kind and rate.holds(on):
                return rate.percent
        raise MissingRateError(
            f"{kind.code} on {on}", f"the table of {self.country} has a rate for what is sold", "add the rate, or another tax class"
        )
