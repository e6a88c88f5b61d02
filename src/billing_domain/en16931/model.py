"""A plain view of any document, ours or foreign, in the terms of EN 16931.

Every field names its business term (BT) or group (BG); nothing is required, so that a document with faults can be looked at.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.errors import InvalidTypeError
from billing_domain.money import Number, to_decimal
from billing_domain.money.amounts import ZERO

TERM = "term"


def _number(value: Number | None) -> Decimal | None:
    return None if value is None else to_decimal(value)


def _many(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


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


@attrs.frozen(kw_only=True)
class Adjustment:
    """An allowance or a charge, of the document (BG-20, BG-21) or of a line (BG-27, BG-28).

    Args:
        amount: How much (BT-92, BT-99, BT-136, BT-141).
        base: What the percentage is of (BT-93, BT-100, BT-137, BT-142).
        percent: The percentage (BT-94, BT-101, BT-138, BT-143).
        category: Its VAT category, on the document only (BT-95, BT-102).
        rate: Its VAT rate, on the document only (BT-96, BT-103).
        reason: Why (BT-97, BT-104, BT-139, BT-144).
        code: Why, as a code of UNCL5189 or UNCL7161 (BT-98, BT-105, BT-140, BT-145).

    Example:
        >>> Adjustment(amount="2.00", reason="Loyalty", code="95").amount
        Decimal('2.00')
    """

    amount: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "amount"})
    base: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "base"})
    percent: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "percent"})
    category: str = attrs.field(default="", metadata={TERM: "category"})
    rate: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "rate"})
    reason: str = attrs.field(default="", metadata={TERM: "reason"})
    code: str = attrs.field(default="", metadata={TERM: "code"})


@attrs.frozen(kw_only=True)
class LineView:
    """A line (BG-25) with its period (BG-26), price (BG-29), tax (BG-30) and item (BG-31).

    Args:
        id: Its identifier on the document.
        note: A note.
        object_id: What it is about, such as a subscription or a meter.
        quantity: How much was supplied.
        unit: Unit code of Recommendation 20.
        net: The net amount of the line.
        order_line: The line of the buyer's order.
        accounting: Where the buyer books it.
        first_day: The first day served.
        last_day: The last day served, included.
        allowances: What lowers the line.
        charges: What raises it.
        price: The net price of `base_quantity` units.
        price_discount: What was taken off the gross price.
        gross_price: The price before that.
        base_quantity: How many units the price is for; 1 where it is not stated.
        category: The VAT category.
        rate: The VAT rate in percent.
        name: What was sold.
        description: More about it.
        seller_item: The seller's code of it.
        buyer_item: The buyer's code of it.
        standard_item: A standard code of it, such as a GTIN.

    Example:
        >>> LineView(id="1", quantity=3, price="10.00", net="30.00", category="S", rate=21).net
        Decimal('30.00')
    """

    id: str = attrs.field(default="", metadata={TERM: "BT-126"})
    note: str = attrs.field(default="", metadata={TERM: "BT-127"})
    object_id: str = attrs.field(default="", metadata={TERM: "BT-128"})
    quantity: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-129"})
    unit: str = attrs.field(default="", metadata={TERM: "BT-130"})
    net: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-131"})
    order_line: str = attrs.field(default="", metadata={TERM: "BT-132"})
    accounting: str = attrs.field(default="", metadata={TERM: "BT-133"})
    first_day: date | None = attrs.field(default=None, metadata={TERM: "BT-134"})
    last_day: date | None = attrs.field(default=None, metadata={TERM: "BT-135"})
    allowances: tuple[Adjustment, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-27"})
    charges: tuple[Adjustment, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-28"})
    price: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-146"})
    price_discount: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-147"})
    gross_price: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-148"})
    base_quantity: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-149"})
    category: str = attrs.field(default="", metadata={TERM: "BT-151"})
    rate: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-152"})
    name: str = attrs.field(default="", metadata={TERM: "BT-153"})
    description: str = attrs.field(default="", metadata={TERM: "BT-154"})
    seller_item: str = attrs.field(default="", metadata={TERM: "BT-155"})
    buyer_item: str = attrs.field(default="", metadata={TERM: "BT-156"})
    standard_item: str = attrs.field(default="", metadata={TERM: "BT-157"})


@attrs.frozen(kw_only=True)
class TaxRow:
    """One row of the VAT breakdown (BG-23).

    Args:
        taxable: The taxable amount.
        tax: The tax.
        category: The VAT category.
        rate: The rate in percent.
        reason: Why no tax is due.
        code: Why no tax is due, as a code of the VATEX list.

    Example:
        >>> TaxRow(taxable="30.00", tax="6.30", category="S", rate=21).tax
        Decimal('6.30')
    """

    taxable: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-116"})
    tax: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-117"})
    category: str = attrs.field(default="", metadata={TERM: "BT-118"})
    rate: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-119"})
    reason: str = attrs.field(default="", metadata={TERM: "BT-120"})
    code: str = attrs.field(default="", metadata={TERM: "BT-121"})


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
    """

    name: str = attrs.field(default="", metadata={TERM: "BT-70"})
    location: str = attrs.field(default="", metadata={TERM: "BT-71"})
    on: date | None = attrs.field(default=None, metadata={TERM: "BT-72"})
    street: str = attrs.field(default="", metadata={TERM: "BT-75"})
    city: str = attrs.field(default="", metadata={TERM: "BT-77"})
    postcode: str = attrs.field(default="", metadata={TERM: "BT-78"})
    country: str = attrs.field(default="", metadata={TERM: "BT-80"})


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


CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""Type codes of credit notes (UNTDID 1001)."""


@attrs.frozen(kw_only=True)
class Document:
    """A whole invoice or credit note as EN 16931 sees it; nothing in it is derived by itself, `derive` and `check` read it.

    Args:
        number: The number.
        on: The day of issue.
        type_code: 380 invoice, 381 credit note, 384 corrected invoice and others of UNTDID 1001.
        currency: ISO 4217 code.
        tax_currency: The currency in which tax is accounted, where it is another.
        tax_point: The day on which tax is due.
        tax_point_code: Which event makes it due, instead of a day: 3 issue, 35 delivery, 432 payment.
        due: The day on which it falls due.
        buyer_reference: What the buyer wants quoted.
        project: The project.
        contract: The contract.
        order: The buyer's order.
        sales_order: The seller's order.
        receiving: The receiving advice.
        despatch: The despatch advice.
        tender: The tender or lot.
        object_id: What the document is about, such as a phone number or a meter.
        accounting: Where the buyer books it.
        terms: Payment terms in words.
        notes: Notes.
        preceding: Documents that this one follows.
        seller: Who sells.
        buyer: Who owes.
        payee: Who is paid, where not the seller.
        representative: The seller's tax representative.
        delivery: To whom, where and when.
        first_day: The first day of the invoicing period.
        last_day: Its last day, included.
        payment: How to pay.
        allowances: What lowers the document.
        charges: What raises it.
        line_total: Sum of the lines.
        allowance_total: Sum of the allowances.
        charge_total: Sum of the charges.
        tax_exclusive: Total without tax.
        tax_total: Total tax.
        tax_total_accounting: Total tax in the accounting currency.
        tax_inclusive: Total with tax.
        prepaid: Paid before.
        rounding: Added to reach a payable amount.
        payable: What is to be paid.
        taxes: The VAT breakdown.
        lines: The lines.
        specification: The rules that it claims to follow.

    Example:
        >>> document = Document(number="MB-1", lines=[LineView(id="1", net="30.00")])
        >>> len(document.lines), document.payable
        (1, None)
    """

    number: str = attrs.field(default="", metadata={TERM: "BT-1"})
    on: date | None = attrs.field(default=None, metadata={TERM: "BT-2"})
    type_code: str = attrs.field(default="", metadata={TERM: "BT-3"})
    currency: str = attrs.field(default="", metadata={TERM: "BT-5"})
    tax_currency: str = attrs.field(default="", metadata={TERM: "BT-6"})
    tax_point: date | None = attrs.field(default=None, metadata={TERM: "BT-7"})
    tax_point_code: str = attrs.field(default="", metadata={TERM: "BT-8"})
    due: date | None = attrs.field(default=None, metadata={TERM: "BT-9"})
    buyer_reference: str = attrs.field(default="", metadata={TERM: "BT-10"})
    project: str = attrs.field(default="", metadata={TERM: "BT-11"})
    contract: str = attrs.field(default="", metadata={TERM: "BT-12"})
    order: str = attrs.field(default="", metadata={TERM: "BT-13"})
    sales_order: str = attrs.field(default="", metadata={TERM: "BT-14"})
    receiving: str = attrs.field(default="", metadata={TERM: "BT-15"})
    despatch: str = attrs.field(default="", metadata={TERM: "BT-16"})
    tender: str = attrs.field(default="", metadata={TERM: "BT-17"})
    object_id: str = attrs.field(default="", metadata={TERM: "BT-18"})
    accounting: str = attrs.field(default="", metadata={TERM: "BT-19"})
    terms: str = attrs.field(default="", metadata={TERM: "BT-20"})
    notes: tuple[str, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BT-22"})
    preceding: tuple[PrecedingInvoice, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-3"})
    seller: PartyView | None = attrs.field(default=None, metadata={TERM: "BG-4"})
    buyer: PartyView | None = attrs.field(default=None, metadata={TERM: "BG-7"})
    payee: PartyView | None = attrs.field(default=None, metadata={TERM: "BG-10"})
    representative: PartyView | None = attrs.field(default=None, metadata={TERM: "BG-11"})
    delivery: DeliveryView | None = attrs.field(default=None, metadata={TERM: "BG-13"})
    first_day: date | None = attrs.field(default=None, metadata={TERM: "BT-73"})
    last_day: date | None = attrs.field(default=None, metadata={TERM: "BT-74"})
    payment: PaymentView | None = attrs.field(default=None, metadata={TERM: "BG-16"})
    allowances: tuple[Adjustment, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-20"})
    charges: tuple[Adjustment, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-21"})
    line_total: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-106"})
    allowance_total: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-107"})
    charge_total: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-108"})
    tax_exclusive: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-109"})
    tax_total: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-110"})
    tax_total_accounting: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-111"})
    tax_inclusive: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-112"})
    prepaid: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-113"})
    rounding: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-114"})
    payable: Decimal | None = attrs.field(default=None, converter=_number, metadata={TERM: "BT-115"})
    taxes: tuple[TaxRow, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-23"})
    lines: tuple[LineView, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-25"})
    specification: str = attrs.field(default="urn:cen.eu:en16931:2017", metadata={TERM: "BT-24"})

    def __attrs_post_init__(self) -> None:
        for name, kind in (("lines", LineView), ("taxes", TaxRow), ("allowances", Adjustment), ("charges", Adjustment)):
            for part in getattr(self, name):
                if not isinstance(part, kind):
                    raise InvalidTypeError(part, f"{name} of a document are {kind.__name__} values", "make one first")

    @property
    def is_credit_note(self) -> bool:
        """Whether it is a credit note, whose positive amounts lower what is owed."""
        return self.type_code in CREDIT_NOTES


def amount(value: Decimal | None) -> Decimal:
    """Return a stated amount, zero where none is stated."""
    return ZERO if value is None else value
