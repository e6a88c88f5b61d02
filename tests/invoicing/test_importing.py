"""Documents of other systems: their figures are kept, and they can be credited, reconciled and closed like our own."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, Billed, NothingDue, Opening, Rulebook, bill
from billing_domain.catalog import Flat, Plan, RecurringCharge, Timing
from billing_domain.en16931 import check, view
from billing_domain.errors import ExceedsLimitError, InvalidAmountError, InvalidTypeError, InvalidValueError
from billing_domain.invoicing import EntryKind, ForeignAdjustment, ForeignLine, Totals, credit, imported_invoice
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.presets import LT_VAT
from billing_domain.subscriptions import Subscription
from billing_domain.tax import TaxCategory, TaxTreatment

SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
FEE = ForeignLine(name="Fee", period=MARCH, treatment=STANDARD, price="9.90")


def imported(*lines, **more):
    """Return an imported invoice over March."""
    given = {
        "number": "OLD-1",
        "on": MARCH.start,
        "due": date(2026, 3, 15),
        "account_id": "A-1",
        "currency": "EUR",
        "seller": SELLER,
        "buyer": ACCOUNT.holder,
        **more,
    }
    return imported_invoice(lines=lines, **given)


def test_works_out_lines_from_quantity_price_and_base():
    """Seventeen days of a price for thirty-one, less an allowance, come out as on paper."""
    line = attrs.evolve(FEE, quantity=17, price="30.00", base_quantity=31, allowances=[("Loyalty", "1.45"), ("Nothing", 0)])
    invoice = imported(line)
    made = invoice.lines[0]
    assert (made.list_amount, made.net_amount, made.quantity, made.base_quantity) == (
        Decimal("16.45"),
        Decimal("15.00"),
        Decimal(17),
        Decimal(31),
    )
    assert [(share.name, str(share.amount)) for share in made.shares] == [("Loyalty", "1.45")]
    assert check(invoice) == ()


def test_allowances_keep_their_codes():
    """The code of an allowance stands on the view and is judged there (BR-CL-19); a value and a row of its parts are the same."""
    coded = imported(
        attrs.evolve(FEE, allowances=[ForeignAdjustment("Loyalty", "1.00", "95"), ("Bonus", "0.50"), ("Sample", "0.10", "67")])
    )
    assert [(each.reason, str(each.amount), each.code) for each in view(coded).lines[0].allowances] == [
        ("Loyalty", "1.00", "95"),
        ("Bonus", "0.50", ""),
        ("Sample", "0.10", "67"),
    ]
    assert check(coded) == ()
    wrong = imported(attrs.evolve(FEE, allowances=[("Freight", "1.00", "FC")]))
    assert [(found.rule, found.stated) for found in check(wrong)] == [("BR-CL-19", "FC")]
    assert attrs.evolve(FEE, allowances=[("A", 1, "95")]) == attrs.evolve(FEE, allowances=[ForeignAdjustment("A", "1", "95")])


def test_charges_stand_on_the_line_beside_its_price():
    """What a line charges beside its price is shown with its reason and code, is taxed like the line, and comes back with a credit."""
    line = attrs.evolve(
        FEE, allowances=[("Loyalty", "1.90", "95")], charges=[("Packing", "2.00", "PC"), ("Nothing", 0), ("Handling", "0.50")]
    )
    invoice = imported(line)
    shown = view(invoice).lines[0]
    assert (shown.net, shown.price) == (Decimal("10.50"), Decimal("9.90"))
    assert [(each.reason, str(each.amount), each.code) for each in shown.charges] == [("Packing", "2.00", "PC"), ("Handling", "0.50", "")]
    assert check(invoice) == ()
    note = credit(AccountSnapshot(ACCOUNT, invoices=[invoice]), invoice, kind=EntryKind.CORRECTION, reason="never used")
    assert note.totals.payable == invoice.totals.payable
    assert imported(attrs.evolve(line, net="10.50")).lines == invoice.lines


def test_what_a_charge_lacks_is_named_by_its_rule():
    """A charge with the code of an allowance, and one without any reason, are kept and reported (BR-CL-20, BR-44)."""
    wrong = imported(attrs.evolve(FEE, charges=[("Packing", "2.00", "95"), ("", "0.50")]))
    assert {found.rule for found in check(wrong)} == {"BR-CL-20", "BR-44", "BR-CO-24"}


def test_a_stated_net_holds_the_charges():
    """Where the net does not follow, the price is what is left of it; a net below the charges is refused."""
    made = imported(attrs.evolve(FEE, quantity=3, net="29.00", charges=[("Packing", "2.00")])).lines[0]
    assert (made.net_amount, made.quantity, made.unit_price, made.surcharge) == (
        Decimal("29.00"),
        1,
        Decimal("27.00"),
        Money("2.00", "EUR"),
    )
    with pytest.raises(ExceedsLimitError, match="holds all charges"):
        imported(attrs.evolve(FEE, net="1.00", charges=[("Packing", "2.00")]))


def test_a_free_item_with_a_charge_is_one_unit_at_the_charge():
    """So its charge can be credited like any price."""
    invoice = imported(attrs.evolve(FEE, price=0, charges=[("Packing", "2.00")]))
    line = invoice.lines[0]
    assert (line.net_amount, line.quantity, line.unit_price, line.surcharges) == (Decimal("2.00"), 1, Decimal("2.00"), ())
    assert check(invoice) == ()


@pytest.mark.parametrize(("price", "due"), [("0.00", None), ("12.00", Money("12.00", "EUR"))])
def test_a_charge_beside_a_free_month_is_not_taken_back(price, due):
    """What a line of a subscription charges beside a price of nothing is no part of what a run compares."""
    subscription = Subscription.start(
        Plan("m", 1, "M", "EUR", [RecurringCharge("base", "Fee", Flat(price), Timing.IN_ADVANCE)]), id="S-1", on=MARCH.start
    )
    named = attrs.evolve(FEE, price=0, charges=[("Packing", "2.00")], subscription_id="S-1", charge="base", slot=MARCH, plan="m@1")
    result = bill(AccountSnapshot(ACCOUNT, [subscription], invoices=[imported(named)]), through=MARCH.start, rules=Rulebook(SELLER, LT_VAT))
    assert isinstance(result, NothingDue) if due is None else result.invoice.totals.net == due
    assert isinstance(result, NothingDue) or not result.credit_notes


def test_takes_a_stated_net_as_given():
    """Where the net does not follow from the rest, the line is one unit at it."""
    made = imported(attrs.evolve(FEE, quantity=3, net="29.00")).lines[0]
    assert (made.net_amount, made.quantity, made.unit_price) == (Decimal("29.00"), Decimal(1), Decimal("29.00"))
    assert imported(attrs.evolve(FEE, net="9.90")).lines[0].unit_price == Decimal("9.90")


def test_keeps_stated_totals_even_if_they_are_wrong():
    """A wrong tax stays on record, so that a review can find it and `check` names the rule."""
    right = imported(FEE).totals
    wrong = attrs.evolve(right, groups=(attrs.evolve(right.groups[0], tax_amount=Decimal("3.08")),), tax_total_amount=Decimal("3.08"))
    invoice = imported(FEE, stated=wrong)
    assert invoice.totals == wrong
    assert {found.rule for found in check(invoice)} == {"BR-CO-17", "BR-S-09"}


def test_is_left_alone_by_billing_unless_it_names_a_subscription():
    """A line without subscription is never reconciled; one that names key and plan counts as billed."""
    plan = Plan("m", 1, "M", "EUR", [RecurringCharge("base", "Fee", Flat("12.00"), Timing.IN_ADVANCE)])
    subscription = Subscription.start(plan, id="S-1", on=MARCH.start)
    rules = Rulebook(SELLER, LT_VAT)
    apart = AccountSnapshot(ACCOUNT, invoices=[imported(FEE)])
    assert isinstance(bill(apart, through=date(2026, 6, 1), rules=rules), NothingDue)
    named = imported(attrs.evolve(FEE, subscription_id="S-1", charge="base", slot=MARCH, plan="m@1"))
    result = bill(AccountSnapshot(ACCOUNT, [subscription], invoices=[named]), through=MARCH.start, rules=rules)
    assert isinstance(result, Billed)
    assert [line.net_amount for line in result.invoice.lines] == [Decimal("2.10")]


def test_can_open_an_account_and_be_credited():
    """An opening holds foreign documents, and a credit lowers one of them with its own tax."""
    invoice = imported(FEE, through=date(2026, 3, 31))
    snapshot = AccountSnapshot(ACCOUNT, opening=Opening(date(2026, 3, 31), documents=[invoice]))
    note = credit(snapshot, snapshot.invoice("OLD-1"), kind=EntryKind.CORRECTION, reason="never used")
    assert note.totals.payable == Money("11.98", "EUR")


def test_of_inclusive_prices_shows_lines_without_tax():
    """Four pieces at 25.00 with tax are 100.00 with tax, and the view states a price that comes to the net."""
    invoice = imported(attrs.evolve(FEE, quantity=4, price="25.00"), prices_include_tax=True)
    assert (invoice.totals.gross, invoice.totals.net) == (Money("100.00", "EUR"), Money("82.64", "EUR"))
    shown = view(invoice).lines[0]
    assert (shown.quantity, shown.price, shown.net) == (Decimal(4), Decimal("20.66"), Decimal("82.64"))
    assert check(invoice) == ()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: attrs.evolve(FEE, price="-1"), InvalidAmountError),
        (lambda: attrs.evolve(FEE, quantity=-1), InvalidAmountError),
        (lambda: attrs.evolve(FEE, base_quantity=0), InvalidAmountError),
        (lambda: attrs.evolve(FEE, subscription_id="S-1"), InvalidValueError),
        (lambda: attrs.evolve(FEE, charge="base"), InvalidValueError),
        (lambda: attrs.evolve(FEE, period=(MARCH.start, MARCH.end)), InvalidTypeError),
        (lambda: attrs.evolve(FEE, price=9.9), InvalidTypeError),
        (lambda: attrs.evolve(FEE, allowances=["A"]), InvalidTypeError),
        (lambda: attrs.evolve(FEE, allowances=[("A",)]), InvalidTypeError),
        (lambda: attrs.evolve(FEE, allowances=[{"A": 1}]), InvalidTypeError),
        (lambda: attrs.evolve(FEE, allowances=[("A", 1, 95)]), InvalidTypeError),
        (lambda: attrs.evolve(FEE, allowances=[("A", "-1")]), InvalidAmountError),
        (lambda: attrs.evolve(FEE, charges=[("A", "-1")]), InvalidAmountError),
        (lambda: attrs.evolve(FEE, charges=["A"]), InvalidTypeError),
        (lambda: imported(attrs.evolve(FEE, charges=[("A", "0.001")])), InvalidAmountError),
        (lambda: imported(attrs.evolve(FEE, allowances=[("A", "9.91")], charges=[("B", "5.00")])), ExceedsLimitError),
        (lambda: imported(), InvalidValueError),
        (lambda: imported(attrs.evolve(FEE, allowances=[("A", "9.91")])), ExceedsLimitError),
        (lambda: imported(attrs.evolve(FEE, allowances=[("A", "0.001")])), InvalidAmountError),
        (lambda: imported(attrs.evolve(FEE, net="-1.00")), InvalidAmountError),
        (lambda: imported(FEE, stated=Totals("USD", (), Decimal(1), Decimal(0))), InvalidValueError),
    ],
)
def test_refuses_bad_input(make, error):
    """What no invoice may say is refused where it enters."""
    with pytest.raises(error):
        make()
