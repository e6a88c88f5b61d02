"""What no document may be: mixed prices, mixed currencies, a number used twice, names that nobody reads."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import attrs
import pytest

from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, Halted, Rulebook, bill
from billing_domain.catalog import Product
from billing_domain.errors import (
    CurrencyMismatchError,
    DuplicateIdError,
    ExceedsLimitError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    MissingRateError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import (
    Details,
    DocumentCharge,
    EntryKind,
    ForeignLine,
    Series,
    adjust,
    credit,
    describe,
    imported_invoice,
)
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxCategory, TaxClass, TaxRate, TaxTable, TaxTreatment

DAY = date(2026, 3, 1)
ONA = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)
OUTSIDE = TaxTreatment(TaxCategory.OUT_OF_SCOPE, exemption_reason="a fine")


def invoice(*, inclusive=False):
    """Return an invoice of one line."""
    line = ForeignLine(name="Fee", period=Period(DAY, date(2026, 4, 1)), treatment=STANDARD, price="10.00")
    return imported_invoice(
        number="MB-1",
        on=DAY,
        due=DAY,
        account_id="A-1",
        currency="EUR",
        seller=SELLER,
        buyer=ONA.holder,
        lines=[line],
        prices_include_tax=inclusive,
    )


def whole(made, number="KS-1"):
    """Return a credit note over all of an invoice."""
    note = credit(AccountSnapshot(ONA, invoices=[made]), made, kind=EntryKind.CORRECTION, reason="returned")
    return note.issue(number=number, on=DAY)


@pytest.mark.parametrize("inclusive", [False, True])
def test_prices_with_and_without_tax_never_share_a_document(inclusive):
    """A line with prices of the other kind is refused where the document is made, whoever makes it."""
    draft, other = invoice(inclusive=inclusive).draft, invoice(inclusive=not inclusive).draft
    with pytest.raises(InvalidValueError, match="include tax or do not"):
        attrs.evolve(draft, lines=[*draft.lines, attrs.evolve(other.lines[0], number=2)])


def test_currencies_never_share_a_document():
    """A line in another currency is refused."""
    draft = invoice().draft
    with pytest.raises(CurrencyMismatchError):
        attrs.evolve(draft, lines=[*draft.lines, attrs.evolve(draft.lines[0], number=2, currency="USD")])


def test_out_of_scope_never_joins_taxed_lines():
    """A run splits, and a charge that would mix is refused."""
    order = Order("O-1", DAY, [Item(Product("a", "A"), "25.00"), Item(Product("b", "B", TaxClass.OUT_OF_SCOPE), "5.00")])
    drafts = bill(AccountSnapshot(ONA, orders=[order]), through=DAY, rules=Rulebook(SELLER, presets.LT_VAT)).invoices
    assert [[line.charge for line in draft.lines] for draft in drafts] == [["a"], ["b"]]
    with pytest.raises(RefusedError, match="BR-O-11"):
        adjust(invoice().draft, charges=[DocumentCharge(treatment=OUTSIDE, amount=Money("1.00", "EUR"), reason="Fine")])


def test_a_rate_that_is_missing_at_the_tax_point_halts_the_account():
    """A class without a rate, and a day before the first rate, bill nothing and say why."""
    table = TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21", date(2026, 6, 1)))])
    for policy, kind in ((presets.LT_VAT, TaxClass("unheard-of")), (presets.LT_VAT.__class__(table), TaxClass.STANDARD)):
        order = Order("O-1", DAY, [Item(Product("a", "A", kind), "25.00")])
        result = bill(AccountSnapshot(ONA, orders=[order]), through=DAY, rules=Rulebook(SELLER, policy))
        assert isinstance(result, Halted)
        assert isinstance(result.problems[0].error, MissingRateError)


def test_an_exemption_states_its_reason():
    """A treatment without one does not construct, and one that must not have any neither."""
    for category in (TaxCategory.EXEMPT, TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY, TaxCategory.EXPORT):
        with pytest.raises(InvalidValueError, match="exemption reason"):
            TaxTreatment(category, 0)
    with pytest.raises(InvalidValueError, match="no exemption reason"):
        TaxTreatment(TaxCategory.STANDARD, 21, "because")


def test_no_more_is_credited_than_is_left():
    """After a full credit a cent is too much."""
    made = invoice()
    known = AccountSnapshot(ONA, invoices=[made], credit_notes=[whole(made)])
    with pytest.raises(ExceedsLimitError, match=r"0\.00 net left"):
        credit(known, made.part(made.lines[0], net=Money("0.01", "EUR")), kind=EntryKind.GOODWILL, reason="again")


def test_a_number_names_one_document():
    """Neither two invoices nor an invoice and a credit note bear one number; a series sees a second use."""
    made = invoice()
    with pytest.raises(DuplicateIdError):
        AccountSnapshot(ONA, invoices=[made, attrs.evolve(made, on=date(2026, 3, 2), due=date(2026, 3, 9))])
    with pytest.raises(DuplicateIdError, match="by an invoice or by a credit note"):
        AccountSnapshot(ONA, invoices=[made]).add(whole(made, number="MB-1"))
    with pytest.raises(DuplicateIdError):
        Series("MB-", next=3, width=1).check(["MB-1", "MB-2", "MB-2"])


def test_names_that_nobody_reads_are_refused():
    """Details of another kind, a reference without a place, a type code that is no number, and a table without classes."""
    with pytest.raises(InvalidTypeError):
        describe(invoice().draft, "thank you")
    with pytest.raises(UnknownReferenceError, match="purchase_order"):
        describe(invoice().draft, Details(), order_number="PO-7")
    with pytest.raises(InvalidValueError, match="UNTDID 1001"):
        Details(type_code="corrected")
    for pair in (TaxRate("21"), (TaxClass.STANDARD, 21), ("standard", TaxRate("21"))):
        with pytest.raises(InvalidTypeError, match="pairs classes with rates"):
            TaxTable("LT", [pair])


@pytest.mark.parametrize(
    ("number", "on", "due", "wrong"),
    [
        (7, DAY, DAY, InvalidTypeError),
        (" MB-2", DAY, DAY, InvalidValueError),
        ("", DAY, DAY, InvalidValueError),
        ("MB-2", datetime(2026, 3, 1, tzinfo=UTC), DAY, InvalidTypeError),
        ("MB-2", DAY, datetime(2026, 3, 1, tzinfo=UTC), InvalidTypeError),
        ("MB-2", DAY, date(2026, 2, 1), InvalidPeriodError),
    ],
)
def test_an_invoice_is_issued_under_a_number_on_days_only(number, on, due, wrong) -> None:
    """What makes a draft an invoice is a text and two days, the later one last."""
    with pytest.raises(wrong):
        invoice().draft.issue(number=number, on=on, due=due)
