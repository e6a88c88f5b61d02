"""What paper shows of our documents, and the plain data of a view."""

import importlib.util
import json
from datetime import date
from decimal import Decimal, localcontext
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain.accounts import Account, Address, Party
from billing_domain.billing import AccountSnapshot, Rulebook, bill
from billing_domain.catalog import Catalog, Flat, Graduated, Plan, RecurringCharge, Tier, Timing
from billing_domain.discounts import Grant, Percent
from billing_domain.en16931 import (
    PEPPOL_NETWORK,
    PEPPOL_PROCESS,
    PEPPOL_SPECIFICATION,
    PaymentView,
    check,
    document_of,
    terms,
    view,
)
from billing_domain.errors import (
    DuplicateIdError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    LoadError,
    UnknownReferenceError,
)
from billing_domain.invoicing import (
    CreditNote,
    Details,
    EntryKind,
    ForeignLine,
    Invoice,
    LineDetails,
    PaymentInstructions,
    credit,
    describe,
    imported_invoice,
    note_for,
)
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.presets import LT_EU_VAT, LT_VAT
from billing_domain.serialization import rows
from billing_domain.subscriptions import Item, Order, Product, Subscription
from billing_domain.tax import NoTax, TaxCategory, TaxTreatment

SPEC = importlib.util.spec_from_file_location("en16931_documents", Path(__file__).parent / "documents.py")
DRAWN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(DRAWN)
SOME = settings(suppress_health_check=list(HealthCheck))

SELLER = Party(
    "Mobilis, UAB", "LT", vat_id="LT100000000001", electronic_address=("0088", "4012345000009"), address=Address("LT", city="Vilnius")
)
ONA = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
START = date(2026, 3, 1)
MARCH = Period(START, date(2026, 4, 1))


def bought(*items, rules=None, inclusive=False, account=ONA, grants=()):
    """Return the invoice of a sale."""
    order = Order("O-1", START, items, prices_include_tax=inclusive)
    rules = rules or Rulebook(SELLER, LT_VAT)
    return bill(AccountSnapshot(account, orders=[order], grants=grants), through=START, rules=rules).invoice.issue(number="MB-1", on=START)


class TestLines:
    """Quantity, price, discount and tax of a line."""

    def test_a_line_shows_quantity_price_and_discount(self):
        """Three at 9.95, ten percent off, are 26.86 on a line with one allowance that has a reason."""
        grant = Grant("G-1", "acme:spring@1", Percent(10), START, name="Spring")
        invoice = bought(Item(Product("cable", "Cable"), "9.95", 3), grants=[grant])
        line = view(invoice).lines[0]
        assert (line.quantity, line.price, line.net, line.category, line.rate) == (
            Decimal(3),
            Decimal("9.95"),
            Decimal("26.86"),
            "S",
            Decimal(21),
        )
        assert [(str(each.amount), each.reason, each.code) for each in line.allowances] == [("2.99", "Spring", "95")]

    def test_a_working_of_several_steps_is_one_unit(self):
        """Where no single product comes to the amount, the line is one unit at it."""
        price = Graduated([Tier(1, "5.00"), Tier(None, "3.00")])
        plan = Plan("p", 1, "P", "EUR", [RecurringCharge("seats", "Seats", price, Timing.IN_ADVANCE)])
        snapshot = AccountSnapshot(ONA, [Subscription.start(plan, id="S-1", on=START, quantity=3)])
        line = view(bill(snapshot, through=START, rules=Rulebook(SELLER, LT_VAT)).invoice).lines[0]
        assert (line.quantity, line.price, line.net) == (1, Decimal("11.00"), Decimal("11.00"))

    def test_prices_with_tax_are_shown_without_it(self):
        """The net of the line is what the tax left of the price; the discount is shown without tax as well."""
        grant = Grant("G-1", "acme:spring@1", Percent(50), START, name="Spring")
        invoice = bought(Item(Product("router", "Wi-Fi router"), "89.00", 2), inclusive=True, grants=[grant])
        line = view(invoice).lines[0]
        assert (line.quantity, line.net, [str(each.amount) for each in line.allowances]) == (Decimal(2), Decimal("73.55"), ["73.56"])
        assert check(invoice) == ()

    def test_a_share_that_leaves_no_trace_without_tax_is_not_shown(self):
        """A discount of one cent with tax may be nothing without it; the line then shows its net alone."""
        line = ForeignLine(
            name="Fee", period=MARCH, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="0.03", allowances=[("Spring", "0.01")]
        )
        invoice = imported_invoice(
            number="X",
            on=START,
            due=START,
            account_id="A-1",
            currency="EUR",
            seller=SELLER,
            buyer=ONA.holder,
            lines=[line],
            prices_include_tax=True,
        )
        shown = view(invoice).lines[0]
        assert (shown.allowances, shown.price, shown.net) == ((), Decimal("0.02"), Decimal("0.02"))
        assert check(invoice) == ()

    def test_no_quantity_too_large_for_a_price_of_eight_decimals(self):
        """Where no such price comes to the net, the line is one unit at it; the same without any quantity."""
        for quantity in (999_999_999, 0):
            line = ForeignLine(name="Bits", period=MARCH, treatment=TaxTreatment(TaxCategory.STANDARD, 21), price="0.01", quantity=quantity)
            invoice = imported_invoice(
                number="X",
                on=START,
                due=START,
                account_id="A-1",
                currency="EUR",
                seller=SELLER,
                buyer=ONA.holder,
                lines=[line],
                prices_include_tax=True,
            )
            assert check(invoice) == ()


class TestDocuments:
    """What stands beside the lines."""

    def test_an_entry_is_a_line_of_minus_one_and_names_its_invoice(self):
        """What rides along is quantity −1 at its price, and the invoice that it lowers is a preceding document."""
        plan = Plan("p", 1, "P", "EUR", [RecurringCharge("base", "Fee", Flat("30.00"), Timing.IN_ADVANCE)])
        subscription = Subscription.start(plan, id="S-1", on=START)
        rules = Rulebook(SELLER, LT_VAT)
        first = bill(AccountSnapshot(ONA, [subscription]), through=START, rules=rules).invoice.issue(number="MB-1", on=START)
        changed = subscription.override_price("base", Flat("20.00"), on=date(2026, 3, 17))
        second = bill(AccountSnapshot(ONA, [changed], invoices=[first]), through=date(2026, 4, 1), rules=rules).invoice
        shown = view(second)
        assert [(line.quantity, line.price, line.net) for line in shown.lines][-1] == (-1, Decimal("4.84"), Decimal("-4.84"))
        assert [each.number for each in shown.preceding] == ["MB-1"]
        assert check(second) == ()

    def test_a_credit_note_is_positive_and_names_its_invoice(self):
        """Type 381, positive amounts, the invoice with its day."""
        invoice = bought(Item(Product("cable", "Cable"), "9.95", 3))
        note = credit(AccountSnapshot(ONA, invoices=[invoice]), invoice, kind=EntryKind.CORRECTION, reason="returned")
        shown = view(note)
        assert (shown.is_credit_note, shown.payable, shown.preceding[0].on) == (True, Decimal("36.12"), START)
        assert check(note) == ()
        assert check(note.issue(number="CN-1", on=START)) == ()

    def test_out_of_scope_shows_no_vat_ids(self):
        """The seller's number stays as a plain identifier, so that the seller is known (BR-O-02, BR-CO-26)."""
        invoice = bought(Item(Product("visit", "Visit"), "9.95"), rules=Rulebook(SELLER, NoTax("small enterprise")))
        shown = view(invoice)
        assert (shown.seller.vat_id, shown.seller.identifier, shown.taxes[0].reason) == ("", "LT100000000001", "small enterprise")
        assert check(invoice) == ()

    def test_goods_within_the_union_name_a_country_of_delivery(self):
        """Where no delivery is stated, it is the buyer's country."""
        latvian = attrs.evolve(ONA, holder=Party("SIA Ābele", "LV", vat_id="LV40000000000"))
        invoice = bought(Item(Product("router", "Router", goods=True), "89.00"), rules=Rulebook(SELLER, LT_EU_VAT), account=latvian)
        assert view(invoice).delivery.country == "LV"
        assert check(invoice) == ()

    def test_the_payer_quotes_the_number_unless_told_otherwise(self):
        """The remittance is the number of the document where none is given."""
        invoice = bought(Item(Product("cable", "Cable"), "9.95"))
        paid = describe(invoice.draft, Details(payment=PaymentInstructions("58", "LT1"))).issue(number="MB-7", on=START)
        assert view(paid).payment == PaymentView(means="58", account="LT1", remittance="MB-7")

    def test_a_line_says_what_its_document_tells_about_it(self):
        """References, codes and the price before a discount on it stand on the line, and change no amount."""
        invoice = bought(Item(Product("cable", "Cable"), "9.95", 3))
        told = LineDetails(line=1, note="black", order_line="7", accounting="6100", buyer_item="ART-7", price_discount="1.05")
        shown = view(describe(invoice.draft, Details(lines=[told]))).lines[0]
        assert (shown.note, shown.order_line, shown.accounting, shown.buyer_item) == ("black", "7", "6100", "ART-7")
        assert (shown.gross_price, shown.price, shown.net) == (Decimal("11.00"), Decimal("9.95"), Decimal("29.85"))
        coded = LineDetails(line=1, standard_item=("0160", "4012345000009"))
        shown = view(describe(invoice.draft, Details(lines=[coded]))).lines[0]
        assert (shown.standard_scheme, shown.standard_item, shown.gross_price) == ("0160", "4012345000009", None)
        assert check(describe(invoice.draft, Details(lines=[told]))) == ()

    def test_only_lines_that_are_there_are_described_and_each_once(self):
        """A number that no line has, one that is none, and two descriptions of one line are refused."""
        draft = bought(Item(Product("cable", "Cable"), "9.95")).draft
        with pytest.raises(UnknownReferenceError):
            describe(draft, Details(lines=[LineDetails(line=2)]))
        with pytest.raises(DuplicateIdError):
            Details(lines=[LineDetails(line=1), LineDetails(line=1, note="again")])
        for number, error in ((0, InvalidValueError), ("1", InvalidTypeError), (True, InvalidTypeError)):
            with pytest.raises(error):
                LineDetails(line=number)
        with pytest.raises(InvalidAmountError):
            LineDetails(line=1, price_discount="-1.00")

    def test_rows_of_one_category_and_rate_are_one(self):
        """Two reasons of one category are one row with both, since the rules want one row."""
        treatments = [
            TaxTreatment(TaxCategory.EXEMPT, 0, reason, code)
            for reason, code in (("Insurance", "VATEX-EU-135-1"), ("Health", "VATEX-EU-132"), ("Insurance", ""))
        ]
        lines = [ForeignLine(name="Fee", period=MARCH, treatment=treatment, price="10.00") for treatment in treatments]
        invoice = imported_invoice(
            number="X", on=START, due=START, account_id="A-1", currency="EUR", seller=SELLER, buyer=ONA.holder, lines=lines
        )
        assert [(row.taxable, row.reason, row.code) for row in view(invoice).taxes] == [
            (Decimal("30.00"), "Insurance; Health", "VATEX-EU-135-1")
        ]
        assert check(invoice) == ()

    def test_refuses_what_it_does_not_know(self):
        """A view is of an invoice or a credit note."""
        with pytest.raises(InvalidTypeError):
            view("MB-1")


@SOME
@given(document=DRAWN.documents())
def test_every_document_keeps_every_rule(document):
    """Documents with all features mixed break no rule of ours, in any decimal context, and survive plain data."""
    shown = view(document)
    assert check(document) == ()
    with localcontext(prec=3, rounding="ROUND_DOWN"):
        assert view(document) == shown
        assert check(document) == ()
    assert document_of(json.loads(json.dumps(terms(shown)))) == shown


@SOME
@given(document=DRAWN.documents(), data=st.data())
def test_a_net_that_was_damaged_is_noticed(document, data):
    """A line that states another net than its document adds up breaks a rule, whatever the document takes off and charges."""
    draft = document.draft
    parts = draft.entries if isinstance(document, CreditNote) else draft.lines
    at = data.draw(st.integers(0, len(parts) - 1))
    wrong = attrs.evolve(parts[at], net_amount=parts[at].net_amount + data.draw(st.sampled_from([-1, 1, 7])))
    name = "entries" if isinstance(document, CreditNote) else "lines"
    damaged = attrs.evolve(document, draft=attrs.evolve(draft, **{name: (*parts[:at], wrong, *parts[at + 1 :])}))
    assert {"BR-CO-10", "BR-CO-12"} & {found.rule for found in check(damaged)}


def test_a_loaded_net_is_judged_as_it_is_stored():
    """A line's net that plain data states wrongly stands on the view, and does not come to the sum of the document."""
    converter = rows(catalog=Catalog([]))
    plain = converter.unstructure(bought(Item(Product("cable", "Cable"), "9.95", 3)))
    plain["draft"]["lines"][0]["net_amount"] = "999.00"
    loaded = converter.structure(plain, Invoice)
    assert view(loaded).lines[0].net == Decimal("999.00")
    assert {"BR-CO-10", "BR-S-08", "PEPPOL-EN16931-R120"} <= {found.rule for found in check(loaded)}


@SOME
@given(document=DRAWN.documents())
def test_every_document_travels_over_peppol(document):
    """With process, one note and a reference of the buyer, they break no rule of the network but that of addresses they do not have."""
    shown = view(document)
    sent = attrs.evolve(
        shown,
        type_code="380" if shown.type_code == "384" else shown.type_code,
        notes=shown.notes[:1],
        process=PEPPOL_PROCESS,
        specification=PEPPOL_SPECIFICATION,
        buyer_reference="K-3",
    )
    assert {found.rule for found in check(sent, by=PEPPOL_NETWORK)} <= {"PEPPOL-EN16931-R010", "PEPPOL-EN16931-R020"}


@SOME
@given(document=DRAWN.foreign(currency="JPY"))
def test_yen_have_no_decimals(document):
    """A currency without decimals is judged in its own."""
    assert check(document) == ()


@SOME
@given(document=DRAWN.foreign(currency="BHD"))
def test_dinars_have_three(document):
    """A currency with three decimals is judged in its own."""
    assert check(document) == ()


class TestPlainData:
    """Business terms as keys."""

    def test_names_terms_by_place(self):
        """A name is BT-27 of the seller and BT-44 of the buyer."""
        data = terms(view(bought(Item(Product("cable", "Cable"), "9.95"))))
        assert (data["BG-4"]["BT-27"], data["BG-7"]["BT-44"], data["BG-23"][0]["BT-119"], data["BT-2"]) == (
            "Mobilis, UAB",
            "Ona Kazlauskienė",
            "21",
            "2026-03-01",
        )

    def test_reports_all_faults_at_once_with_their_paths(self):
        """Unknown terms, wrong kinds and wrong numbers are all named."""
        with pytest.raises(LoadError) as caught:
            document_of(
                {
                    "BT-999": "x",
                    "BT-1": 7,
                    "BT-2": "1 March",
                    "BT-73": 5,
                    "BT-106": "much",
                    "BG-4": "Mobilis",
                    "BG-23": {"BT-116": "1.00"},
                    "BG-25": [{"BT-131": 1.5}, "a line"],
                    "BT-22": "one note",
                }
            )
        assert dict(caught.value.faults).keys() == {
            "BT-999",
            "BT-1",
            "BT-2",
            "BT-73",
            "BT-106",
            "BG-4",
            "BG-23",
            "BG-25/0/BT-131",
            "BG-25/1",
            "BT-22",
        }
        with pytest.raises(LoadError):
            document_of(["BT-1"])

    def test_notes_are_plain_texts(self):
        """A list of texts stays one."""
        assert document_of({"BT-22": ["one", "two"]}).notes == ("one", "two")
        assert view(bought(Item(Product("cable", "Cable"), Money("9.95", "EUR").amount))).notes == ()


@SOME
@given(life=DRAWN.lives())
def test_each_placement_of_an_entry_gives_the_same_amounts(life):
    """What rides on an invoice would bear the same net and tax on a credit note of its own, so the placement changes no amount."""
    for document in life.documents:
        for entry in document.entries:
            lowered = life.snapshot.invoice(entry.ref.invoice)
            assert entry.net_amount <= lowered.lines[entry.ref.line - 1].net_amount
        by_invoice = {entry.ref.invoice for entry in document.entries}
        for number in by_invoice:
            own = [entry for entry in document.entries if entry.ref.invoice == number]
            note = note_for(life.snapshot.account, life.snapshot.invoice(number), own)
            assert [(entry.net_amount, entry.tax_amount) for entry in note.entries] == [
                (entry.net_amount, entry.tax_amount) for entry in own
            ]
            assert note.totals.payable_amount == sum(entry.total_amount for entry in own)
            assert check(note) == ()
