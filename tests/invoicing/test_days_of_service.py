"""Credits of days of service: what tiles a line adds up to it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot
from billing_domain.catalog.working import flat
from billing_domain.errors import InvalidPeriodError, InvalidValueError
from billing_domain.invoicing import EntryKind, ForeignLine, Invoice, Piece, credit, imported_invoice
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.tax import TaxCategory, TaxTreatment

ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)


def invoice_of(price, allowances=(), *, inclusive=False):
    """Return an invoice with one line over March."""
    line = ForeignLine(name="Fee", period=MARCH, treatment=STANDARD, price=price, allowances=allowances)
    return imported_invoice(
        number="MB-1",
        on=MARCH.start,
        due=MARCH.start,
        account_id="A-1",
        currency="EUR",
        seller=ACCOUNT.holder,
        buyer=ACCOUNT.holder,
        lines=[line],
        prices_include_tax=inclusive,
    )


def with_pieces(invoice, *pieces):
    """Return the invoice with other pieces on its line."""
    line = attrs.evolve(invoice.lines[0], facts=invoice.lines[0].facts._replace(pieces=pieces))
    return Invoice(invoice.number, invoice.on, invoice.due, attrs.evolve(invoice.draft, lines=[line]))


@given(
    cents=st.integers(31, 100_000),
    off=st.integers(0, 30),
    cuts=st.sets(st.integers(1, 30), max_size=4),
    order=st.randoms(use_true_random=False),
    inclusive=st.booleans(),
)
def test_days_that_tile_a_line_return_it(cents, off, cuts, order, inclusive):
    """Credits of stretches of days, in any order, add up to the invoice with its tax and its allowance."""
    allowances = [("Loyalty", Decimal(off).scaleb(-2))] if off else []
    invoice = invoice_of(Decimal(cents).scaleb(-2), allowances, inclusive=inclusive)
    snapshot = AccountSnapshot(ACCOUNT, invoices=[invoice])
    bounds = [0, *sorted(cuts), 31]
    stretches = [Period(MARCH.start + timedelta(first), MARCH.start + timedelta(last)) for first, last in pairwise(bounds)]
    order.shuffle(stretches)
    for number, days in enumerate(stretches):
        part = invoice.part(invoice.lines[0], days=days)
        assert not part.is_whole
        snapshot = snapshot.add(
            credit(snapshot, part, kind=EntryKind.CORRECTION, reason="no service").issue(number=f"CN-{number}", on=MARCH.start)
        )
    assert sum(note.totals.payable_amount for note in snapshot.credit_notes) == invoice.totals.payable_amount


def test_each_day_bears_its_own_piece():
    """Where half a month cost 10.00 and the other half 20.00, days of the second half bring back more."""
    middle = date(2026, 3, 17)
    invoice = with_pieces(
        invoice_of("30.00"),
        Piece(MARCH.start, middle, Decimal(1), flat(Decimal("10.00"))),
        Piece(middle, MARCH.end, Decimal(1), flat(Decimal("20.00"))),
    )
    snapshot = AccountSnapshot(ACCOUNT, invoices=[invoice])
    first, second = (
        credit(snapshot, invoice.part(invoice.lines[0], days=Period(*days)), kind=EntryKind.CORRECTION, reason="x")
        for days in ((MARCH.start, middle), (middle, MARCH.end))
    )
    assert (first.totals.net, second.totals.net) == (Money("10.00", "EUR"), Money("20.00", "EUR"))


def test_counts_plain_days_where_a_piece_takes_something_back():
    """A difference of two prices has no share for each day of its own; days count alike."""
    invoice = with_pieces(invoice_of("31.00"), Piece(MARCH.start, MARCH.end, Decimal(1), flat(Decimal("0.00"))))
    note = credit(
        AccountSnapshot(ACCOUNT, invoices=[invoice]),
        invoice.part(invoice.lines[0], days=Period(date(2026, 3, 30), MARCH.end)),
        kind=EntryKind.GOODWILL,
        reason="x",
    )
    assert note.totals.net == Money("2.00", "EUR")


def test_refuses_days_of_another_month_and_two_ways_at_once():
    """A part is of days that the line serves, and is named in one way."""
    invoice = invoice_of("30.00")
    with pytest.raises(InvalidPeriodError):
        invoice.part(invoice.lines[0], days=Period(date(2026, 3, 31), date(2026, 4, 2)))
    with pytest.raises(InvalidValueError):
        invoice.part(invoice.lines[0], days=MARCH, net=Money("1.00", "EUR"))
