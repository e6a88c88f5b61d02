"""Credit notes, tax and rounding as billing products publish them.

Origin: Lago, getlago/lago-api, commit 1b1c24a6a (credit notes, invoice totals);
public documents of Stripe, Chargebee and Wafeq (rounding, tax).
"""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot
from billing_domain.invoicing import DocumentAllowance, EntryKind, ForeignLine, adjust, credit, imported_invoice
from billing_domain.money import Money, allocate, minor_unit, round_amount
from billing_domain.periods import Period
from billing_domain.tax import TaxCategory, TaxRounding, TaxTreatment, tax_on_all

ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def eur(minor):
    """Return so many cents."""
    return Money(Decimal(minor).scaleb(-2), "EUR")


def invoice_of(fees, rate="20", coupons=()):
    """Return an invoice of fees in cents at one rate, less coupons in cents over all of them."""
    treatment = TaxTreatment(TaxCategory.STANDARD, rate)
    lines = [ForeignLine(name="Fee", period=MARCH, treatment=treatment, price=eur(fee).amount) for fee in fees]
    draft = imported_invoice(
        number="X",
        on=MARCH.start,
        due=MARCH.start,
        account_id="A-1",
        currency="EUR",
        seller=ACCOUNT.holder,
        buyer=ACCOUNT.holder,
        lines=lines,
    ).draft
    return adjust(draft, allowances=[DocumentAllowance(amount=eur(coupon), reason="Coupon") for coupon in coupons]).issue(
        number="MB-1", on=MARCH.start
    )


def credited(snapshot, invoice, place, net):
    """Return the snapshot with a credit note over so many cents of a fee after its coupon, and the note's figures in cents."""
    part = invoice.part(invoice.lines[place], net=eur(net))
    note = credit(snapshot, part, kind=EntryKind.CORRECTION, reason="x").issue(number=f"CN-{len(snapshot.credit_notes)}", on=MARCH.start)
    totals = note.totals
    return snapshot.add(note), tuple(
        int(amount.scaleb(2)) for amount in (totals.tax_exclusive_amount, totals.tax_total_amount, totals.payable_amount)
    )


@pytest.mark.parametrize(
    ("fees", "coupons", "place", "net", "expected"),
    [
        ([76900], [], 0, 72686, (72686, 14537, 87223)),  # creditnote-001
        ([6833, 6833], [], 0, 6833, (6833, 1367, 8200)),  # creditnote-006
        ([1999, 6833, 20033], [1000], 0, 1930, (1930, 386, 2316)),  # creditnote-011: 69 of the coupon stay with the fee
    ],
)
def test_a_first_credit_note_bears_its_own_tax(fees, coupons, place, net, expected):
    """Net, tax and total of a first credit note are those that Lago works out."""
    invoice = invoice_of(fees, coupons=coupons)
    assert credited(AccountSnapshot(ACCOUNT, invoices=[invoice]), invoice, place, net)[1] == expected


def test_a_chain_of_credit_notes_ends_at_the_tax_of_the_invoice():
    """Four fees of 68.33 bear 54.66; six notes return exactly that (creditnote-010, where Lago corrects the last note instead)."""
    invoice = invoice_of([6833] * 4)
    snapshot, figures = AccountSnapshot(ACCOUNT, invoices=[invoice]), []
    for place, net in ((0, 6833), (1, 6833), (2, 6833), (3, 1367), (3, 2233), (3, 3233)):
        snapshot, found = credited(snapshot, invoice, place, net)
        figures.append(found)
    assert figures[0] == (6833, 1367, 8200)
    assert [sum(column) for column in zip(*figures, strict=True)] == [27332, 5466, 32798]


def test_two_coupons_and_one_rate():
    """Six fees less two coupons of 10.00 at 10 percent (pipeline-006)."""
    invoice = invoice_of([99290, 299770, 3130, 6460, 3130, 1999], rate="10", coupons=[1000, 1000])
    assert (invoice.totals.tax, invoice.totals.payable) == (eur(41178), eur(452957))


def test_a_discount_is_split_to_the_cent():
    """5.00 off 10.00 and 20.00 is 1.67 and 3.33 by largest remainder (Stripe shows 1.66 and 3.34), 25.00 in all."""
    assert allocate("5.00", ["10.00", "20.00"], minor_unit("GBP")) == [Decimal("1.67"), Decimal("3.33")]


def test_half_a_minor_unit_goes_up():
    """0.025 is 0.03 (Stripe); 10.625 units at 4.4556 yen are 47 (Chargebee)."""
    assert round_amount("0.025", "GBP") == Decimal("0.03")
    assert round_amount(Decimal("10.625") * Decimal("4.4556"), "JPY") == 47


def test_tax_per_line_rounds_each_half_up():
    """45.30 at 5 and 33.45 at 10 percent bear 2.27 and 3.35 (Wafeq)."""
    cent = Decimal("0.01")
    taxes = [
        tax_on_all([Decimal(amount)], Decimal(rate), cent, inclusive=False, rounding=TaxRounding.PER_LINE)
        for amount, rate in (("45.30", 5), ("33.45", 10))
    ]
    assert [str(tax) for tax in taxes] == ["2.27", "3.35"]
