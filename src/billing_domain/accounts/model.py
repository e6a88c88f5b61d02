"""Who buys, who pays, and who may speak for them."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum, IntEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id, checked_scheme, coded_id
from billing_domain.money import exponent, parse_locale
from billing_domain.periods import BillingCycle, checked_day
from billing_domain.reasons import pairs

COUNTRY_LETTERS = 2


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def checked_country(value: str) -> str:
    """Return the code of a country if it has the form of ISO 3166-1; which codes there are, the rules of documents say."""
    if not (isinstance(value, str) and len(value) == COUNTRY_LETTERS and value.isascii() and value.isalpha() and value.isupper()):
        raise InvalidValueError(repr(value), "a country is a code of ISO 3166-1 in capitals", 'give two letters such as "LT"')
    return value


@guarded
@attrs.frozen
class Address:
    """Where somebody is (`EN 16931` BG-5, BG-8, BG-15).

    Args:
        country: ISO 3166-1 code.
        street: Street and number.
        city: The place.
        postcode: The postal code.
        region: State or county.
        extra: A second line.
    """

    country: str = attrs.field(converter=checked_country)
    street: str = ""
    city: str = ""
    postcode: str = ""
    region: str = ""
    extra: str = ""


def _electronic_address(value: tuple[str, str] | None) -> tuple[str, str] | None:
    return coded_id(value, "an electronic address")


@guarded
@attrs.frozen
class Party:
    """A seller, buyer or payee as documents name them (`EN 16931` BG-4, BG-7, BG-10).

    Args:
        name: The full legal name.
        country: ISO 3166-1 code.
        vat_id: VAT identifier with its country prefix; empty for none.
        legal_id: Registration number of a company; empty for none.
        address: The postal address; None where it is not known.
        trading_name: The name by which it is known, where another.
        email: For electronic documents.
        electronic_address: Scheme of the EAS list and id, such as `("0088", "4012345000009")` (BT-34, BT-49).
        identifier: An identifier that both sides know (BT-29, BT-46, BT-60).
        tax_registration: A local tax registration, for who has no VAT id (BT-32).
        contact: Whom to ask (BT-41, BT-56).
        phone: Where (BT-42, BT-57).
        identifier_scheme: What sort of number the identifier is, as a code of ISO 6523, such as `0088` for a GLN.
        legal_scheme: What sort of number the registration is, such as `0200` for a Lithuanian legal person.

    Raises:
        InvalidTypeError: The electronic address is no pair of texts.
        InvalidValueError: The name is blank, the country is not a code, or a scheme stands without its number.

    Example:
        >>> Party("Mobilis, UAB", "LT", vat_id="LT100000000001").country
        'LT'
    """

    name: str
    country: str = attrs.field(converter=checked_country)
    vat_id: str = ""
    legal_id: str = ""
    address: Address | None = None
    trading_name: str = ""
    email: str = ""
    electronic_address: tuple[str, str] | None = attrs.field(converter=_electronic_address, default=None)
    identifier: str = ""
    tax_registration: str = ""
    contact: str = ""
    phone: str = ""
    identifier_scheme: str = ""
    legal_scheme: str = ""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise InvalidValueError(repr(self.name), "a party has a name", "give the legal name")
        checked_scheme(self.identifier_scheme, self.identifier, "the identifier of a party")
        checked_scheme(self.legal_scheme, self.legal_id, "the registration of a party")


class IdentityLevel(IntEnum):
    """How sure one is of who is calling; each level allows what the ones before it allow."""

    ANONYMOUS = 0
    """Nobody in particular: public prices, taking in a complaint."""
    IDENTIFIED = 1
    """An account was named; nothing is proved, so nothing is told."""
    VERIFIED = 2
    """One strong factor: balance, explanation of a bill, a dispute."""
    STRONG = 3
    """Two factors of distinct categories: changes of contract, refunds."""
    HIGH = 4
    """Strong, confirmed by a second agent: contact and payout details, representatives, closing."""


class ContactKind(Enum):
    """How somebody is reached."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    APP = "app"


@guarded
@attrs.frozen
class Contact:
    """A way to reach the customer.

    Args:
        kind: How.
        value: The address or number.
        since: The day from which it is on file; None where it is not known.
        roles: What it is used for, such as `billing`.
        name: Whose it is, where not the holder's.
    """

    kind: ContactKind
    value: str
    since: date | None = None
    roles: tuple[str, ...] = attrs.field(converter=_texts, default=())
    name: str = ""


@attrs.frozen
class TaxProfile:
    """How the buyer stands towards tax, from a day on.

    Args:
        start: The first tax point it holds for.
        code: A name that the tax policy knows, such as `exempt-embassy`; empty for an ordinary buyer.
        vat_id: The buyer's VAT id from that day on; empty for none.
        country: Where the buyer is for tax; empty for the holder's country.
    """

    start: date
    code: str = ""
    vat_id: str = ""
    country: str = ""

    def __attrs_post_init__(self) -> None:
        checked_day(self.start, "the start of a tax profile")
        for value in (self.code, self.vat_id, self.country):  # no guard: a run makes one for each bill
            if not isinstance(value, str):
                raise InvalidTypeError(value, "a tax profile is told in texts", "give str")


def _profiles(values: Iterable[TaxProfile]) -> tuple[TaxProfile, ...]:
    return tuple(sorted(values, key=lambda profile: profile.start))


def _contacts(values: Iterable[Contact]) -> tuple[Contact, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class Account:
    """A customer who is billed: one currency, one zone, one holder.

    Args:
        id: The host's id.
        currency: ISO 4217 code; fixed once something is billed.
        zone: The zone in which its days begin; fixed once something is billed.
        locale: The language and region in which it is written to, such as `lt_LT`.
        holder: Who owes.
        cycle: From which day its periods count, where a subscription does not say otherwise.
        contacts: Ways to reach the holder.
        tax_profiles: Dated; the holder's own country and VAT id hold before the first.
        payer: The id of the account that pays for this one; None where it pays for itself.
        opened: The day on which it became a customer; None where the first subscription tells.
        traits: What discounts and studies may ask, such as `{"segment": "household"}`.
        references: What documents quote, such as `{"purchase_order": "PO-7"}` (`EN 16931` BT-10 to BT-19).

    Raises:
        InvalidTypeError: The zone is not a `ZoneInfo`, or the holder not a `Party`.
        InvalidValueError: The locale is not known, an account pays for itself by name, or references have `object_scheme` without `object`.
        UnknownCurrencyError: The currency is not known.

    Example:
        >>> zone, ona = ZoneInfo("Europe/Vilnius"), Party("Ona Kazlauskienė", "LT")
        >>> account = Account(id="A-1", currency="EUR", zone=zone, locale="lt_LT", holder=ona)
        >>> account.holder.name
        'Ona Kazlauskienė'
    """

    id: str
    currency: str
    zone: ZoneInfo
    locale: str
    holder: Party
    cycle: BillingCycle = BillingCycle()
    contacts: tuple[Contact, ...] = attrs.field(converter=_contacts, default=())
    tax_profiles: tuple[TaxProfile, ...] = attrs.field(converter=_profiles, default=())
    payer: str | None = None
    opened: date | None = None
    _traits: tuple[tuple[str, str], ...] = attrs.field(converter=pairs, default=(), alias="traits")
    _references: tuple[tuple[str, str], ...] = attrs.field(converter=pairs, default=(), alias="references")

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "an account")
        exponent(self.currency)
        parse_locale(self.locale)
        if not isinstance(self.zone, ZoneInfo):
            raise InvalidTypeError(self.zone, "the zone of an account is a ZoneInfo", 'give ZoneInfo("Europe/Vilnius")')
        if not isinstance(self.holder, Party):
            raise InvalidTypeError(self.holder, "the holder of an account is a Party", "give Party(name=..., country=...)")
        if not isinstance(self.cycle, BillingCycle):
            raise InvalidTypeError(self.cycle, "the cycle of an account is a BillingCycle", "give BillingCycle.on_day(15) or another one")
        if self.payer == self.id:
            raise InvalidValueError(self.id, "an account that pays for itself names no payer", "leave payer out")
        quoted = dict(self._references)  # hosts may quote what documents have no place for, so only what belongs together is checked
        checked_scheme(quoted.get("object_scheme", ""), quoted.get("object", ""), "an invoiced object")
        starts = [profile.start for profile in self.tax_profiles]
        if len(set(starts)) != len(starts):
            raise DuplicateIdError(self.id, "one tax profile starts on a day", "merge the two")

    @property
    def traits(self) -> Mapping[str, str]:
        """What is known of the customer by name, read only."""
        return MappingProxyType(dict(self._traits))

    @property
    def references(self) -> Mapping[str, str]:
        """What documents quote, by name, read only."""
        return MappingProxyType(dict(self._references))

    @property
    def reference_pairs(self) -> tuple[tuple[str, str], ...]:
        """What documents quote, as sorted pairs, the form in which documents hold it."""
        return self._references

    def tax_profile(self, on: date) -> TaxProfile:
        """Return the tax profile in force on a tax point, with the holder's own where none is.

        Example:
            >>> from billing_domain.accounts import Account, Party
            >>> zone, holder = ZoneInfo("Europe/Vilnius"), Party("UAB Ona", "LT", vat_id="LT1")
            >>> account = Account(id="A-1", currency="EUR", zone=zone, locale="lt_LT", holder=holder)
            >>> account.tax_profile(date(2026, 3, 1)).vat_id
            'LT1'
        """
        for profile in reversed(self.tax_profiles):
            if profile.start <= on:
                return profile if profile.country else attrs.evolve(profile, country=self.holder.country)
        return TaxProfile(date.min, "", self.holder.vat_id, self.holder.country)
