"""Credit notes, tax and rounding as billing products publish them.

Origin: Lago, getlago/lago-api, commit 1b1c24a6a (credit notes, invoice totals);
Kill Bill, killbill/killbill (chains of credits);
public documents of Stripe, Chargebee and Wafeq (rounding, tax).
"""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot
from billing_domain.en16931 import AMOUNT_RULES, check
from billing_domain.invoicing import DocumentAllowance, EntryKind, ForeignLine, adjust, credit, imported_invoice
from billing_domain.money import Money, allocate, minor_unit, round_amount
from billing_domain.payments import Payment, statement
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


def test_a_coupon_of_one_plan_lowers_the_group_of_that_plan():
    """179.00 at 10 and 399.00 at 20 percent, 250.00 off the second alone: tax 47.70, total 375.70 (pipeline-005)."""
    ten, twenty = (TaxTreatment(TaxCategory.STANDARD, rate) for rate in (10, 20))
    lines = [ForeignLine(name="Fee", period=MARCH, treatment=kind, price=price) for kind, price in ((ten, "179.00"), (twenty, "399.00"))]
    known = {"account_id": "A-1", "currency": "EUR", "seller": ACCOUNT.holder, "buyer": ACCOUNT.holder}
    draft = imported_invoice(number="X", on=MARCH.start, due=MARCH.start, lines=lines, **known).draft
    lowered = adjust(draft, allowances=[DocumentAllowance(amount=eur(25000), reason="Coupon", treatment=twenty)])
    totals = lowered.totals
    assert (totals.line_total_amount, totals.allowance_total_amount) == (Decimal("578.00"), Decimal("250.00"))
    assert (totals.tax, totals.payable) == (eur(4770), eur(37570))
    assert check(lowered, only=AMOUNT_RULES) == ()


def test_a_chain_of_credits_grows_the_balance_of_the_account():
    """10.00 of 249.95, then all that is left, less a new fee of 9.63: credits of 10.00 and 240.32 (Kill Bill, cba-2)."""
    untaxed = TaxTreatment(TaxCategory.ZERO, 0)
    known = {
        "on": MARCH.start,
        "due": MARCH.start,
        "account_id": "A-1",
        "currency": "EUR",
        "seller": ACCOUNT.holder,
        "buyer": ACCOUNT.holder,
    }
    first, second = (
        imported_invoice(number=number, lines=[ForeignLine(name="Fee", period=MARCH, treatment=untaxed, price=price)], **known)
        for number, price in (("1", "249.95"), ("2", "9.63"))
    )
    snapshot = AccountSnapshot(ACCOUNT, invoices=[first]).add(Payment(id="P-1", amount=eur(24995), received=MARCH.start))
    item = credit(snapshot, first.part(first.lines[0], net=eur(1000)), kind=EntryKind.CORRECTION, reason="adjusted")
    snapshot = snapshot.add(item.issue(number="C-1", on=MARCH.start))
    assert statement(snapshot, as_of=MARCH.start).balance == eur(-1000)
    repair = credit(snapshot, first, kind=EntryKind.CORRECTION, reason="the plan had changed")
    assert repair.totals.payable == eur(23995)
    snapshot = snapshot.add(repair.issue(number="C-2", on=MARCH.start), second)
    assert statement(snapshot, as_of=MARCH.start).balance == eur(-24032)


@pytest.mark.parametrize(("rate", "step"), [("21", 1), ("5.5", 7), ("10", 333), ("25", 6832)])
@pytest.mark.parametrize("coupons", [[], [1000], [37, 4001]])
def test_chains_of_credits_end_at_the_invoice_whatever_rate_and_coupon(rate, step, coupons):
    """However a fee is credited away, in steps of any size, net and tax of all notes are those of the invoice."""
    invoice = invoice_of([6833, 1999, 20033], rate=rate, coupons=coupons)
    snapshot, returned = AccountSnapshot(ACCOUNT, invoices=[invoice]), [0, 0, 0]
    for place, line in enumerate(invoice.lines):
        left = int(line.net_amount.scaleb(2))
        while left:
            part = min(left, max(step, left // 3))
            snapshot, found = credited(snapshot, invoice, place, part)
            returned = [total + each for total, each in zip(returned, found, strict=True)]
            left -= part
    totals = invoice.totals
    assert returned == [int(each.scaleb(2)) for each in (totals.tax_exclusive_amount, totals.tax_total_amount, totals.payable_amount)]


@pytest.mark.parametrize(
    ("currency", "price", "quantity", "expected"),
    [
        ("JPY", "4.4556", "10.625", "47"),
        ("JPY", "0.5", "1", "1"),
        ("EUR", "0.005", "1", "0.01"),
        ("EUR", "0.0049", "1", "0.00"),
        ("EUR", "2.675", "1", "2.68"),
        ("BHD", "1.0005", "1", "1.001"),
        ("BHD", "0.0333", "3", "0.100"),
    ],
)
def test_a_line_is_rounded_once_half_up_in_the_decimals_of_its_currency(currency, price, quantity, expected):
    """Quantity and price keep all their digits; their product has those of the currency, a tie goes up."""
    line = ForeignLine(name="Fee", period=MARCH, treatment=TaxTreatment(TaxCategory.ZERO, 0), price=price, quantity=quantity)
    known = {"account_id": "A-1", "currency": currency, "seller": ACCOUNT.holder, "buyer": ACCOUNT.holder}
    made = imported_invoice(number="X", on=MARCH.start, due=MARCH.start, lines=[line], **known)
    assert str(made.totals.payable_amount) == expected


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
