"""A plain view of any document, ours or foreign, in the terms of EN 16931.

Every field names its business term (BT) or group (BG); nothing is required, so that a document with faults can be looked at.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.en16931.codes import CREDIT_NOTE_TYPES
from billing_domain.en16931.parts import (
    TERM,
    Classification,
    DeliveryView,
    ItemAttribute,
    PartyView,
    PaymentView,
    PrecedingInvoice,
    SupportingDocument,
)
from billing_domain.errors import InvalidTypeError
from billing_domain.money import Number, to_decimal
from billing_domain.money.amounts import ZERO


def _number(value: Number | None) -> Decimal | None:
    return None if value is None else to_decimal(value)


def _many(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


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
        standard_scheme: What sort of code that is, as a code of ISO 6523; 0160 for a GTIN.
        classifications: Classes of the item.
        origin: The country that it comes from.
        attributes: Properties of the item.
        base_unit: The unit of the base quantity; that of the quantity where it is not stated.
        object_scheme: What sort of number the object's is, as a code of UNTDID 1153.

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
    standard_scheme: str = attrs.field(default="", metadata={TERM: "BT-157-1"})
    classifications: tuple[Classification, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BT-158"})
    origin: str = attrs.field(default="", metadata={TERM: "BT-159"})
    attributes: tuple[ItemAttribute, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-32"})
    base_unit: str = attrs.field(default="", metadata={TERM: "BT-150"})
    object_scheme: str = attrs.field(default="", metadata={TERM: "BT-128-1"})


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


CREDIT_NOTES = CREDIT_NOTE_TYPES
"""Type codes of credit notes (UNTDID 1001)."""

PEPPOL_SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
"""What a document for the Peppol network states as its specification (BT-24)."""

PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
"""What it states as its process (BT-23)."""


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
        process: The business process that it is part of.
        documents: Documents that go with it.
        object_scheme: What sort of number the object's is, as a code of UNTDID 1153.

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
    process: str = attrs.field(default="", metadata={TERM: "BT-23"})
    documents: tuple[SupportingDocument, ...] = attrs.field(default=(), converter=_many, metadata={TERM: "BG-24"})
    object_scheme: str = attrs.field(default="", metadata={TERM: "BT-18-1"})

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
