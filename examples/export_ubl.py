"""Write a document as a UBL 2.1 invoice or credit note, with nothing but the standard library.

The library gives the plain view of a document in the terms of EN 16931; this script puts each term where UBL wants it.

    python examples/export_ubl.py > invoice.xml
"""

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill, presets
from billing_domain.accounts import Address
from billing_domain.catalog import Flat, RecurringCharge, Timing
from billing_domain.en16931 import Adjustment, Document, LineView, PartyView, SupportingDocument, TaxRow, check, view
from billing_domain.invoicing import Details, DocumentAllowance, LineCharge, PaymentInstructions, adjust, describe

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{}-2"


def export(document: Document) -> bytes:
    """Return the document as UBL, in UTF-8."""
    kind = "CreditNote" if document.is_credit_note else "Invoice"
    ET.register_namespace("", ROOT.format(kind))
    ET.register_namespace("cac", CAC)
    ET.register_namespace("cbc", CBC)
    root = ET.Element(f"{{{ROOT.format(kind)}}}{kind}")
    _header(root, document, kind)
    _references(root, document, kind)
    _party(_group(root, "AccountingSupplierParty/Party"), document.seller)
    _party(_group(root, "AccountingCustomerParty/Party"), document.buyer)
    if document.payee:
        payee = _group(root, "PayeeParty")
        _text(payee, "PartyIdentification/ID", document.payee.identifier, schemeID=document.payee.identifier_scheme)
        _text(payee, "PartyName/Name", document.payee.name)
        _text(payee, "PartyLegalEntity/CompanyID", document.payee.legal_id, schemeID=document.payee.legal_scheme)
    if document.representative:
        agent = _group(root, "TaxRepresentativeParty")
        _text(agent, "PartyName/Name", document.representative.name)
        _address(agent, document.representative)
        _tax_scheme(agent, document.representative.vat_id, "VAT")
    _delivery(root, document)
    _payment(root, document, kind)
    for number, each in enumerate((*document.allowances, *document.charges)):
        _adjustment(root, each, document.currency, raises=number >= len(document.allowances))
    _totals(root, document)
    for line in document.lines:
        _line(root, line, document.currency, kind)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _group(parent: ET.Element, path: str) -> ET.Element:
    """Add a chain of groups and return the last."""
    for name in path.split("/"):
        parent = ET.SubElement(parent, f"{{{CAC}}}{name}")
    return parent


def _text(parent: ET.Element, path: str, text: str, **attributes: str) -> None:
    """Add a text below a chain of groups, if there is one."""
    if text:
        groups, _, name = path.rpartition("/")
        stated = {key: value for key, value in attributes.items() if value}
        found = ET.SubElement(_group(parent, groups) if groups else parent, f"{{{CBC}}}{name}", stated)
        found.text = text


def _amount(parent: ET.Element, name: str, amount: Decimal | None, currency: str) -> None:
    if amount is not None:
        _text(parent, name, f"{amount:f}", currencyID=currency)


def _number(parent: ET.Element, name: str, number: Decimal | None, **attributes: str) -> None:
    if number is not None:
        _text(parent, name, f"{number:f}", **attributes)


def _day(parent: ET.Element, name: str, day: date | None) -> None:
    if day is not None:
        _text(parent, name, day.isoformat())


def _header(root: ET.Element, document: Document, kind: str) -> None:
    _text(root, "CustomizationID", document.specification)
    _text(root, "ProfileID", document.process)
    _text(root, "ID", document.number)
    _day(root, "IssueDate", document.on)
    if kind == "Invoice":
        _day(root, "DueDate", document.due)
    _text(root, f"{kind}TypeCode", document.type_code)
    for note in document.notes:
        _text(root, "Note", note)
    _day(root, "TaxPointDate", document.tax_point)
    _text(root, "DocumentCurrencyCode", document.currency)
    _text(root, "TaxCurrencyCode", document.tax_currency)
    _text(root, "AccountingCost", document.accounting)
    _text(root, "BuyerReference", document.buyer_reference)
    if document.first_day or document.last_day or document.tax_point_code:
        period = _group(root, "InvoicePeriod")
        _day(period, "StartDate", document.first_day)
        _day(period, "EndDate", document.last_day)
        _text(period, "DescriptionCode", document.tax_point_code)


def _references(root: ET.Element, document: Document, kind: str) -> None:
    if document.order or document.sales_order:
        order = _group(root, "OrderReference")
        _text(order, "ID", document.order or "NA")
        _text(order, "SalesOrderID", document.sales_order)
    for each in document.preceding:
        preceding = _group(root, "BillingReference/InvoiceDocumentReference")
        _text(preceding, "ID", each.number)
        _day(preceding, "IssueDate", each.on)
    _text(root, "DespatchDocumentReference/ID", document.despatch)
    _text(root, "ReceiptDocumentReference/ID", document.receiving)
    if kind == "Invoice":  # a credit note has its tender further down, and its project among the additional documents
        _text(root, "OriginatorDocumentReference/ID", document.tender)
    _text(root, "ContractDocumentReference/ID", document.contract)
    _about(root, "AdditionalDocumentReference", document.object_id, document.object_scheme)
    for supporting in document.documents:
        _supporting(root, supporting)
    if kind == "Invoice":
        _text(root, "ProjectReference/ID", document.project)
    else:
        _about(root, "AdditionalDocumentReference", document.project, type_code="50")
        _text(root, "OriginatorDocumentReference/ID", document.tender)


def _about(parent: ET.Element, name: str, number: str, scheme: str = "", *, type_code: str = "130") -> None:
    """Add what something is about, or its project: a reference that its type code tells from supporting documents."""
    if number:
        about = _group(parent, name)
        _text(about, "ID", number, schemeID=scheme)
        _text(about, "DocumentTypeCode", type_code)


def _supporting(root: ET.Element, supporting: SupportingDocument) -> None:
    group = _group(root, "AdditionalDocumentReference")
    _text(group, "ID", supporting.reference)
    _text(group, "DocumentDescription", supporting.description)
    if supporting.content or supporting.location:
        attachment = _group(group, "Attachment")
        named = {"mimeCode": supporting.mime, "filename": supporting.filename}
        _text(attachment, "EmbeddedDocumentBinaryObject", supporting.content, **named)
        _text(attachment, "ExternalReference/URI", supporting.location)


def _party(party: ET.Element, who: PartyView | None) -> None:
    if who is None:
        return
    _text(party, "EndpointID", who.endpoint, schemeID=who.endpoint_scheme)
    _text(party, "PartyIdentification/ID", who.identifier, schemeID=who.identifier_scheme)
    _text(party, "PartyName/Name", who.trading_name)
    _address(party, who)
    _tax_scheme(party, who.vat_id, "VAT")
    _tax_scheme(party, who.tax_registration, "TAX")
    legal = _group(party, "PartyLegalEntity")
    _text(legal, "RegistrationName", who.name)
    _text(legal, "CompanyID", who.legal_id, schemeID=who.legal_scheme)
    if who.contact or who.phone or who.email:
        contact = _group(party, "Contact")
        _text(contact, "Name", who.contact)
        _text(contact, "Telephone", who.phone)
        _text(contact, "ElectronicMail", who.email)


def _tax_scheme(party: ET.Element, number: str, scheme: str) -> None:
    if number:
        group = _group(party, "PartyTaxScheme")
        _text(group, "CompanyID", number)
        _text(group, "TaxScheme/ID", scheme)


def _address(party: ET.Element, who: PartyView) -> None:
    if not (who.street or who.extra or who.city or who.postcode or who.region or who.country):
        return
    address = _group(party, "PostalAddress")
    _text(address, "StreetName", who.street)
    _text(address, "AdditionalStreetName", who.extra)
    _text(address, "CityName", who.city)
    _text(address, "PostalZone", who.postcode)
    _text(address, "CountrySubentity", who.region)
    _text(address, "Country/IdentificationCode", who.country)


def _delivery(root: ET.Element, document: Document) -> None:
    where = document.delivery
    if where is None:
        return
    delivery = _group(root, "Delivery")
    _day(delivery, "ActualDeliveryDate", where.on)
    placed = where.street or where.city or where.postcode or where.country
    if where.location or placed:
        location = _group(delivery, "DeliveryLocation")
        _text(location, "ID", where.location, schemeID=where.location_scheme)
        if placed:
            address = _group(location, "Address")
            _text(address, "StreetName", where.street)
            _text(address, "CityName", where.city)
            _text(address, "PostalZone", where.postcode)
            _text(address, "Country/IdentificationCode", where.country)
    _text(delivery, "DeliveryParty/PartyName/Name", where.name)


def _payment(root: ET.Element, document: Document, kind: str) -> None:
    how = document.payment
    if how is not None:
        means = _group(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", how.means, **({"name": how.text} if how.text else {}))
        if kind == "CreditNote":
            _day(means, "PaymentDueDate", document.due)
        _text(means, "PaymentID", how.remittance)
        if how.card:
            card = _group(means, "CardAccount")
            _text(card, "PrimaryAccountNumberID", how.card)
            _text(card, "NetworkID", "NA")
        if how.account or how.account_name or how.bank:
            account = _group(means, "PayeeFinancialAccount")
            _text(account, "ID", how.account)
            _text(account, "Name", how.account_name)
            _text(account, "FinancialInstitutionBranch/ID", how.bank)
        if how.mandate:
            mandate = _group(means, "PaymentMandate")
            _text(mandate, "ID", how.mandate)
            _text(mandate, "PayerFinancialAccount/ID", how.debited)
    _text(root, "PaymentTerms/Note", document.terms)


def _adjustment(parent: ET.Element, each: Adjustment, currency: str, *, raises: bool) -> None:
    group = _group(parent, "AllowanceCharge")
    _text(group, "ChargeIndicator", "true" if raises else "false")
    _text(group, "AllowanceChargeReasonCode", each.code)
    _text(group, "AllowanceChargeReason", each.reason)
    _number(group, "MultiplierFactorNumeric", each.percent)
    _amount(group, "Amount", each.amount, currency)
    _amount(group, "BaseAmount", each.base, currency)
    if each.category and not parent.tag.endswith("Line"):  # on a line it bears the line's own
        _category(group, "TaxCategory", each.category, each.rate)


def _category(parent: ET.Element, name: str, category: str, rate: Decimal | None, row: TaxRow | None = None) -> None:
    group = _group(parent, name)
    _text(group, "ID", category)
    _number(group, "Percent", rate)
    if row is not None:
        _text(group, "TaxExemptionReasonCode", row.code)
        _text(group, "TaxExemptionReason", row.reason)
    _text(group, "TaxScheme/ID", "VAT")


def _totals(root: ET.Element, document: Document) -> None:
    tax = _group(root, "TaxTotal")
    _amount(tax, "TaxAmount", document.tax_total, document.currency)
    for row in document.taxes:
        group = _group(tax, "TaxSubtotal")
        _amount(group, "TaxableAmount", row.taxable, document.currency)
        _amount(group, "TaxAmount", row.tax, document.currency)
        _category(group, "TaxCategory", row.category, row.rate, row)
    if document.tax_currency and document.tax_total_accounting is not None:
        _amount(_group(root, "TaxTotal"), "TaxAmount", document.tax_total_accounting, document.tax_currency)
    total = _group(root, "LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", document.line_total),
        ("TaxExclusiveAmount", document.tax_exclusive),
        ("TaxInclusiveAmount", document.tax_inclusive),
        ("AllowanceTotalAmount", document.allowance_total),
        ("ChargeTotalAmount", document.charge_total),
        ("PrepaidAmount", document.prepaid),
        ("PayableRoundingAmount", document.rounding),
        ("PayableAmount", document.payable),
    ):
        _amount(total, name, amount, document.currency)


def _line(root: ET.Element, line: LineView, currency: str, kind: str) -> None:
    group = _group(root, f"{kind}Line")
    _text(group, "ID", line.id)
    _text(group, "Note", line.note)
    _number(group, "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity", line.quantity, unitCode=line.unit)
    _amount(group, "LineExtensionAmount", line.net, currency)
    _text(group, "AccountingCost", line.accounting)
    if line.first_day or line.last_day:
        period = _group(group, "InvoicePeriod")
        _day(period, "StartDate", line.first_day)
        _day(period, "EndDate", line.last_day)
    _text(group, "OrderLineReference/LineID", line.order_line)
    _about(group, "DocumentReference", line.object_id, line.object_scheme)
    for each, raises in _adjustments(line):
        _adjustment(group, each, currency, raises=raises)
    item = _group(group, "Item")
    _text(item, "Description", line.description)
    _text(item, "Name", line.name)
    _text(item, "BuyersItemIdentification/ID", line.buyer_item)
    _text(item, "SellersItemIdentification/ID", line.seller_item)
    _text(item, "StandardItemIdentification/ID", line.standard_item, schemeID=line.standard_scheme)
    _text(item, "OriginCountry/IdentificationCode", line.origin)
    for found in line.classifications:
        _text(item, "CommodityClassification/ItemClassificationCode", found.code, listID=found.scheme, listVersionID=found.version)
    _category(item, "ClassifiedTaxCategory", line.category, line.rate)
    for each in line.attributes:
        group_of = _group(item, "AdditionalItemProperty")
        _text(group_of, "Name", each.name)
        _text(group_of, "Value", each.value)
    price = _group(group, "Price")
    _amount(price, "PriceAmount", line.price, currency)
    _number(price, "BaseQuantity", line.base_quantity, unitCode=line.base_unit or line.unit)
    if line.gross_price is not None:
        discount = _group(price, "AllowanceCharge")
        _text(discount, "ChargeIndicator", "false")
        _amount(discount, "Amount", line.price_discount or Decimal(0), currency)
        _amount(discount, "BaseAmount", line.gross_price, currency)


def _adjustments(line: LineView) -> Iterator[tuple[Adjustment, bool]]:
    yield from ((each, False) for each in line.allowances)
    yield from ((each, True) for each in line.charges)


def sample() -> Document:
    """Return the view of an invoice with a discount for the whole document and a charge on its line."""
    vilnius = Address("LT", street="Gedimino pr. 1", city="Vilnius", postcode="01103")
    mobilis = Party(name="Mobilis, UAB", country="LT", vat_id="LT100000000001", address=vilnius)
    plan = Plan(
        code="mobile-s",
        version=1,
        name="Mobile S",
        currency="EUR",
        charges=[RecurringCharge(code="base", name="Monthly fee", price=Flat("9.90"), timing=Timing.IN_ADVANCE)],
    )
    ona = Account(
        id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party(name="Ona Kazlauskienė", country="LT")
    )
    snapshot = AccountSnapshot(account=ona, subscriptions=[Subscription.start(plan, id="S-1", on=date(2026, 3, 1))])
    draft = bill(snapshot, through=date(2026, 3, 1), rules=Rulebook(seller=mobilis, tax=presets.LT_VAT)).invoice
    draft = adjust(
        draft,
        allowances=[DocumentAllowance(amount=Money("0.90", "EUR"), reason="Spring")],
        line_charges=[LineCharge(line=1, amount=Money("0.50", "EUR"), reason="Handling", code="HD")],
    )
    draft = describe(draft, Details(payment=PaymentInstructions("58", "LT601010012345678901")), buyer_reference="ONA")
    invoice = draft.issue(number="MB-000123", on=date(2026, 3, 1))
    for violation in check(invoice):
        raise SystemExit(str(violation))
    return view(invoice)


if __name__ == "__main__":
    sys.stdout.buffer.write(export(sample()) + b"\n")
