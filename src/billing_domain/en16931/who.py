"""Who stands on our own documents, where things went and how to pay, in the terms of EN 16931."""

from collections.abc import Callable

import attrs

from billing_domain.accounts import Party
from billing_domain.en16931.parts import DeliveryView, PartyView, PaymentView, SupportingDocument
from billing_domain.invoicing import Details, DraftCreditNote, DraftInvoice
from billing_domain.tax import TaxCategory


def shown_view(party: Party) -> PartyView:
    """Return a party with all that is known of it."""
    address = party.address
    scheme, endpoint = party.electronic_address or ("", "")
    return PartyView(
        name=party.name,
        trading_name=party.trading_name,
        identifier=party.identifier,
        legal_id=party.legal_id,
        vat_id=party.vat_id,
        tax_registration=party.tax_registration,
        endpoint_scheme=scheme,
        endpoint=endpoint,
        street=address.street if address else "",
        extra=address.extra if address else "",
        city=address.city if address else "",
        postcode=address.postcode if address else "",
        region=address.region if address else "",
        country=address.country if address else party.country,
        contact=party.contact,
        phone=party.phone,
        email=party.email,
        identifier_scheme=party.identifier_scheme,
        legal_scheme=party.legal_scheme,
    )


def hidden_view(party: Party) -> PartyView:
    """Return a party without VAT id, as a document out of scope shows it; the number stays as a plain identifier."""
    return attrs.evolve(shown_view(party), vat_id="", identifier=party.identifier or party.vat_id)


def payee_view(party: Party | None) -> PartyView | None:
    """Return the payee with what BG-10 has a place for."""
    if party is None:
        return None
    return PartyView(
        name=party.name,
        identifier=party.identifier,
        legal_id=party.legal_id,
        identifier_scheme=party.identifier_scheme,
        legal_scheme=party.legal_scheme,
    )


def agent_view(party: Party | None, shown: Callable[[Party], PartyView]) -> PartyView | None:
    """Return the tax representative with what BG-11 and BG-12 have a place for."""
    if party is None:
        return None
    whole = shown(party)
    return PartyView(
        name=whole.name,
        vat_id=whole.vat_id,
        street=whole.street,
        extra=whole.extra,
        city=whole.city,
        postcode=whole.postcode,
        region=whole.region,
        country=whole.country,
    )


def delivery_view(draft: DraftInvoice | DraftCreditNote, details: Details) -> DeliveryView | None:
    """Return where it went: what is stated, or the buyer's address where goods went to another member state."""
    found, address = details.delivery, None if details.delivery is None else details.delivery.address
    if found is None and not any(group.category is TaxCategory.INTRA_COMMUNITY for group in draft.totals.groups):
        return None
    address = address or draft.buyer.address
    return DeliveryView(
        name=found.name if found else "",
        location=found.location if found else "",
        location_scheme=found.location_scheme if found else "",
        on=found.on if found else None,
        street=address.street if address else "",
        city=address.city if address else "",
        postcode=address.postcode if address else "",
        country=address.country if address else draft.buyer.country,
    )


def supporting_views(details: Details) -> list[SupportingDocument]:
    """Return the documents that go with a document, each with its location or the file itself."""
    return [
        SupportingDocument(
            reference=each.reference,
            description=each.description,
            location=each.location,
            content=each.content,
            mime=each.mime,
            filename=each.filename,
        )
        for each in details.attachments
    ]


def payment_view(details: Details, number: str) -> PaymentView | None:
    """Return how to pay; the payer quotes the number of the document unless told otherwise."""
    how = details.payment
    if how is None:
        return None
    return PaymentView(
        means=how.means,
        text=how.text,
        remittance=how.remittance or number,
        account=how.account,
        account_name=how.account_name,
        bank=how.bank,
        card=how.card,
        mandate=how.mandate,
        creditor=how.creditor,
        debited=how.debited,
    )
