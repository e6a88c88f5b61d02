"""Details of documents: what is refused, what the view shows, what a credit note takes over."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing_domain.accounts import Account, Address, Party
from billing_domain.billing import AccountSnapshot
from billing_domain.en16931 import view
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError, UnknownCurrencyError
from billing_domain.invoicing import (
    Accounting,
    Delivery,
    Details,
    EntryKind,
    ForeignLine,
    PaymentInstructions,
    Preceding,
    credit,
    describe,
    imported_invoice,
)
from billing_domain.periods import Period
from billing_domain.tax import TaxCategory, TaxTreatment

ACCOUNT = Account(id="A-1", currency="SEK", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
LINE = ForeignLine(name="Fee", period=MARCH, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="100.00")
DRAFT = imported_invoice(
    number="X",
    on=MARCH.start,
    due=MARCH.start,
    account_id="A-1",
    currency="SEK",
    seller=Party("Mobilis, UAB", "LT", vat_id="LT1"),
    buyer=ACCOUNT.holder,
    lines=[LINE],
).draft


def test_a_corrected_invoice_names_what_it_corrects():
    """Type 384, the preceding document, and every reference stand in their own terms."""
    details = Details(type_code="384", preceding=[Preceding("MB-1", date(2026, 3, 1))], notes=["Corrected"])
    shown = view(describe(DRAFT, details, purchase_order="PO-7", object="+37060000001"))
    assert (shown.type_code, shown.order, shown.object_id, shown.notes) == ("384", "PO-7", "+37060000001", ("Corrected",))
    assert [(each.number, each.on) for each in shown.preceding] == [("MB-1", date(2026, 3, 1))]


def test_a_credit_note_takes_over_what_holds_for_both():
    """Accounting currency, representative, delivery and references are those of the invoice, payment is not."""
    agent = Party("Agent, UAB", "LT", vat_id="LT2")
    details = Details(
        accounting=Accounting("EUR", "0.0900"),
        representative=agent,
        delivery=Delivery(address=Address("LT")),
        payment=PaymentInstructions("48"),
    )
    invoice = describe(DRAFT, details, contract="C-1").issue(number="MB-1", on=MARCH.start)
    note = credit(AccountSnapshot(ACCOUNT, invoices=[invoice]), invoice, kind=EntryKind.CORRECTION, reason="x").issue(
        number="CN-1", on=MARCH.start
    )
    shown = view(note)
    assert (shown.tax_currency, shown.tax_total_accounting, shown.contract, shown.payment) == ("EUR", Decimal("1.89"), "C-1", None)
    assert (shown.representative.vat_id, shown.delivery.country, shown.type_code) == ("LT2", "LT", "381")


def test_tax_in_the_documents_own_currency_is_not_stated_twice():
    """An accounting currency that is the document's own adds nothing."""
    shown = view(describe(DRAFT, Details(accounting=Accounting("SEK", 1))))
    assert (shown.tax_currency, shown.tax_total_accounting) == ("", None)


def test_a_day_or_an_event_makes_tax_due_never_both():
    """A tax point of its own is shown as a day, unless a code says what makes tax due (BR-CO-03)."""
    later = DRAFT.issue(number="MB-1", on=date(2026, 3, 9))
    assert (view(later).tax_point, view(later).tax_point_code) == (MARCH.start, "")
    paid = describe(DRAFT, Details(tax_point_code="432")).issue(number="MB-1", on=date(2026, 3, 9))
    assert (view(paid).tax_point, view(paid).tax_point_code) == (None, "432")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Details(notes="one"), InvalidTypeError),
        (lambda: Details(tax_point_code="9"), InvalidValueError),
        (lambda: Details(first_day=date(2026, 3, 2), last_day=date(2026, 3, 1)), InvalidPeriodError),
        (lambda: PaymentInstructions(""), InvalidValueError),
        (lambda: PaymentInstructions("30"), InvalidValueError),
        (lambda: PaymentInstructions("48", card="1234567"), InvalidValueError),
        (lambda: Preceding(""), InvalidValueError),
        (lambda: Accounting("EUR", 0), InvalidAmountError),
        (lambda: Accounting("EUR", -1), InvalidAmountError),
        (lambda: Accounting("EURO", 1), UnknownCurrencyError),
        (lambda: Delivery("2026-03-01"), InvalidTypeError),
    ],
)
def test_refuses_bad_input(make, error):
    """What the rules of documents do not allow is refused where it enters."""
    with pytest.raises(error):
        make()
