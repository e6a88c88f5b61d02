"""What a line states: quantity, price and base quantity whose product is its amount, or one unit at it."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from billing_domain.catalog import Step, Working
from billing_domain.catalog.working import single
from billing_domain.invoicing import ChargeKind, CreditEntry, EntryKind, Line, LineFacts, LineRef, Piece, Row, Share, tax_document
from billing_domain.money import Money
from billing_domain.reasons import Reason
from billing_domain.tax import TaxCategory, TaxRounding, TaxTreatment

START, MIDDLE, END = date(2026, 3, 1), date(2026, 3, 17), date(2026, 4, 1)
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)


def seats(count, price="12.50"):
    """Return the working of so many seats."""
    return single("units", Decimal(count), Decimal(price))


def line(*pieces, amount, shares=()):
    """Return a line with pieces and amount."""
    facts = LineFacts("S-1", "seats", START, END, START, END, "Seats", ChargeKind.RECURRING, "p@1", "", pieces, Decimal(amount))
    net = Decimal(amount) - sum(share.amount for share in shares)
    return Line(1, facts, STANDARD, "EUR", tuple(shares), net, START)


def piece(working, part=1, of=1, instead_of=None):
    """Return a piece over the month."""
    return Piece(START, END, Decimal(1), working, part, of, instead_of)


@pytest.mark.parametrize(
    ("made", "stated"),
    [
        (line(piece(seats(3)), amount="37.50"), ("3", "12.50", "1")),
        (line(piece(seats(3), 17, 31), amount="20.56"), ("51", "12.50", "31")),
        (line(piece(seats(5), 17, 31, seats(3)), amount="13.71"), ("34", "12.50", "31")),
        (line(piece(seats(3)), amount="37.49"), ("1", "37.49", "1")),
        (line(piece(seats(3)), piece(seats(1)), amount="50.00"), ("1", "50.00", "1")),
        (line(piece(Working((Step("a", Decimal(1), Decimal(2)), Step("b", Decimal(1), Decimal(3))))), amount="5.00"), ("1", "5.00", "1")),
        (line(piece(seats(5), instead_of=seats(3, "10.00")), amount="32.50"), ("1", "32.50", "1")),
        (line(piece(seats(3), instead_of=seats(5)), amount="25.00"), ("1", "25.00", "1")),
    ],
)
def test_states_a_product_that_comes_to_the_amount_or_one_unit(made, stated):
    """Days are stated as quantity and base quantity; what is no single product is one unit at its amount."""
    assert tuple(str(found) for found in (made.quantity, made.unit_price, made.base_quantity)) == stated


def test_shows_its_working_as_a_sum():
    """A share of a period and a working that was billed before are both in the text, and the exact sum is that of the pieces."""
    first = Piece(START, MIDDLE, Decimal(1), seats(3), 16, 31)
    second = Piece(MIDDLE, END, Decimal(1), seats(5), 15, 31, seats(3))
    made = line(first, second, amount="31.45", shares=[Share("G-1", Decimal("1.45"), "Spring")])
    assert made.working.text == "(3 × 12.50) × 16/31 + (5 × 12.50 − (3 × 12.50)) × 15/31 = 31.45"
    assert made.facts.text == "(3 × 12.50) × 16/31 + (5 × 12.50 − (3 × 12.50)) × 15/31"
    assert made.facts.exact.quantize(Decimal("0.01")) == Decimal("31.45")
    assert (made.discount, made.net, made.amount) == (Money("1.45", "EUR"), Money("30.00", "EUR"), Money("31.45", "EUR"))
    assert (made.charged_amount, made.facts.key) == (Decimal("30.00"), ("S-1", "seats", START))


def test_an_entry_shows_what_it_lowers():
    """Amount, net, tax and total of an entry, and where it stands."""
    facts = line(piece(seats(1)), amount="12.50").facts
    entry = CreditEntry(
        1,
        LineRef("MB-1", 1),
        EntryKind.CORRECTION,
        Decimal("12.50"),
        (),
        Decimal("12.50"),
        Decimal("2.63"),
        STANDARD,
        "EUR",
        Reason("x"),
        facts,
    )
    assert (entry.amount, entry.net, entry.tax, entry.total) == tuple(
        Money(amount, "EUR") for amount in ("12.50", "12.50", "2.63", "15.13")
    )
    assert (entry.line, entry.name, entry.at(2).number, entry.charged_amount) == (LineRef("MB-1", 1), "Seats", 2, Decimal("12.50"))
    assert attrs.evolve(entry, shares=(Share("G-1", Decimal("0.50")),)).charged_amount == Decimal("12.00")


def test_a_document_is_taxed_once_per_group():
    """Rows of two rates and an entry come to one group each, in order of first appearance."""
    reduced = TaxTreatment(TaxCategory.STANDARD, 5)
    facts = line(piece(seats(1)), amount="12.50").facts
    rows = [Row(facts, treatment, (), Decimal("12.50")) for treatment in (STANDARD, reduced, STANDARD)]
    taxed = tax_document(rows, (), "EUR", Decimal("0.01"), inclusive=False, rounding=TaxRounding.PER_GROUP)
    assert [(group.rate, group.net, group.tax) for group in taxed.totals.groups] == [
        (Decimal(21), Money("25.00", "EUR"), Money("5.25", "EUR")),
        (Decimal(5), Money("12.50", "EUR"), Money("0.63", "EUR")),
    ]
    assert (taxed.nets, taxed.totals.tax) == ([Decimal("12.50")] * 3, Money("5.88", "EUR"))
