"""The parts of a view that bear no amounts: parties, delivery, how to pay, what precedes, what an item is."""

from datetime import date

import attrs

TERM = "term"


@attrs.frozen(kw_only=True)
class PartyView:
    """A party as a document names it: seller, buyer, payee or tax representative.

    Args:
        name: The name (BT-27, BT-44, BT-59, BT-62).
        trading_name: Another name by which it is known (BT-28, BT-45).
        identifier: An identifier (BT-29, BT-46, BT-60).
        legal_id: The legal registration (BT-30, BT-47, BT-61).
        vat_id: The VAT identifier (BT-31, BT-48, BT-63).
        tax_registration: The local tax registration (BT-32).
        endpoint_scheme: The scheme of the electronic address.
        endpoint: The electronic address (BT-34, BT-49).
        street: First line of the address.
        extra: Second line.
        city: The place.
        postcode: The postal code.
        region: State or county.
        country: ISO 3166-1 code (BT-40, BT-55, BT-69).
        contact: Whom to ask (BT-41, BT-56).
        phone: Where (BT-42, BT-57).
        email: Where (BT-43, BT-58).
        identifier_scheme: The scheme of the identifier, as a code of ISO 6523 (BT-29-1, BT-46-1, BT-60-1).
        legal_scheme: The scheme of the registration, as a code of ISO 6523 (BT-30-1, BT-47-1, BT-61-1).

    Example:
        >>> PartyView(name="Mobilis, UAB", country="LT").name
        'Mobilis, UAB'
    """

    name: str = attrs.field(default="", metadata={TERM: "name"})
    trading_name: str = attrs.field(default="", metadata={TERM: "trading_name"})
    identifier: str = attrs.field(default="", metadata={TERM: "identifier"})
    legal_id: str = attrs.field(default="", metadata={TERM: "legal_id"})
    vat_id: str = attrs.field(default="", metadata={TERM: "vat_id"})
    tax_registration: str = attrs.field(default="", metadata={TERM: "tax_registration"})
    endpoint_scheme: str = attrs.field(default="", metadata={TERM: "endpoint_scheme"})
    endpoint: str = attrs.field(default="", metadata={TERM: "endpoint"})
    street: str = attrs.field(default="", metadata={TERM: "street"})
    extra: str = attrs.field(default="", metadata={TERM: "extra"})
    city: str = attrs.field(default="", metadata={TERM: "city"})
    postcode: str = attrs.field(default="", metadata={TERM: "postcode"})
    region: str = attrs.field(default="", metadata={TERM: "region"})
    country: str = attrs.field(default="", metadata={TERM: "country"})
    contact: str = attrs.field(default="", metadata={TERM: "contact"})
    phone: str = attrs.field(default="", metadata={TERM: "phone"})
    email: str = attrs.field(default="", metadata={TERM: "email"})
    identifier_scheme: str = attrs.field(default="", metadata={TERM: "identifier_scheme"})
    legal_scheme: str = attrs.field(default="", metadata={TERM: "legal_scheme"})


@attrs.frozen(kw_only=True)
class Classification:
    """A class of an item in a list that others keep (BT-158).

    Args:
        code: The class.
        scheme: The list, as a code of UNTDID 7143, such as STI for CPV (BT-158-1).
        version: The edition of the list.
    """

    code: str = attrs.field(default="", metadata={TERM: "BT-158"})
    scheme: str = attrs.field(default="", metadata={TERM: "BT-158-1"})
    version: str = attrs.field(default="", metadata={TERM: "BT-158-2"})


@attrs.frozen(kw_only=True)
class ItemAttribute:
    """A property of an item (BG-32).

    Args:
        name: What it is, such as "colour".
        value: How it is, such as "black".
    """

    name: str = attrs.field(default="", metadata={TERM: "BT-160"})
    value: str = attrs.field(default="", metadata={TERM: "BT-161"})


@attrs.frozen(kw_only=True)
class PrecedingInvoice:
    """A document that this one follows: what a credit note lowers, what a corrected invoice replaces (BG-3).

    Args:
        number: Its number.
        on: Its day of issue.
    """

    number: str = attrs.field(default="", metadata={TERM: "BT-25"})
    on: date | None = attrs.field(default=None, metadata={TERM: "BT-26"})


@attrs.frozen(kw_only=True)
class DeliveryView:
    """To whom, where and when something was delivered (BG-13).

    Args:
        name: To whom.
        location: An identifier of the place.
        on: The day.
        street: First line of the address.
        city: The place.
        postcode: The postal code.
        country: ISO 3166-1 code.
        location_scheme: The scheme of that identifier, as a code of ISO 6523.
    """

    name: str = attrs.field(default="", metadata={TERM: "BT-70"})
    location: str = attrs.field(default="", metadata={TERM: "BT-71"})
    on: date | None = attrs.field(default=None, metadata={TERM: "BT-72"})
    street: str = attrs.field(default="", metadata={TERM: "BT-75"})
    city: str = attrs.field(default="", metadata={TERM: "BT-77"})
    postcode: str = attrs.field(default="", metadata={TERM: "BT-78"})
    country: str = attrs.field(default="", metadata={TERM: "BT-80"})
    location_scheme: str = attrs.field(default="", metadata={TERM: "BT-71-1"})


@attrs.frozen(kw_only=True)
class SupportingDocument:
    """A document that goes with this one (BG-24).

    Args:
        reference: Its identifier.
        description: What it is.
        location: Where it is to be found, as a URL.
        content: The file itself, as base64.
        mime: What sort of file it is, such as `application/pdf`.
        filename: What the file is called.
    """

    reference: str = attrs.field(default="", metadata={TERM: "BT-122"})
    description: str = attrs.field(default="", metadata={TERM: "BT-123"})
    location: str = attrs.field(default="", metadata={TERM: "BT-124"})
    content: str = attrs.field(default="", metadata={TERM: "BT-125"})
    mime: str = attrs.field(default="", metadata={TERM: "BT-125-1"})
    filename: str = attrs.field(default="", metadata={TERM: "BT-125-2"})


@attrs.frozen(kw_only=True)
class PaymentView:
    """How to pay (BG-16 to BG-19).

    Args:
        means: Code of UNCL4461, such as 30 for a credit transfer, 58 for a SEPA transfer, 59 for a SEPA direct debit.
        text: The same in words.
        remittance: What the payer is to quote.
        account: The account to pay to.
        account_name: Whose it is.
        bank: Its bank.
        card: The last digits of a card.
        mandate: The mandate of a direct debit.
        creditor: The creditor of a direct debit.
        debited: The account that is debited.
    """

    means: str = attrs.field(default="", metadata={TERM: "BT-81"})
    text: str = attrs.field(default="", metadata={TERM: "BT-82"})
    remittance: str = attrs.field(default="", metadata={TERM: "BT-83"})
    account: str = attrs.field(default="", metadata={TERM: "BT-84"})
    account_name: str = attrs.field(default="", metadata={TERM: "BT-85"})
    bank: str = attrs.field(default="", metadata={TERM: "BT-86"})
    card: str = attrs.field(default="", metadata={TERM: "BT-87"})
    mandate: str = attrs.field(default="", metadata={TERM: "BT-89"})
    creditor: str = attrs.field(default="", metadata={TERM: "BT-90"})
    debited: str = attrs.field(default="", metadata={TERM: "BT-91"})
