"""Document numbers: order, years, blocks, gaps and reuse."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.accounts import Party
from billing_domain.errors import DuplicateIdError, ExceedsLimitError, InvalidTypeError, InvalidValueError, OutOfOrderError
from billing_domain.invoicing import EntryKind, ForeignLine, Series, imported_invoice
from billing_domain.invoicing.credits import make_entry, note_for
from billing_domain.invoicing.history import BilledLine, History
from billing_domain.periods import Period
from billing_domain.reasons import Reason
from billing_domain.tax import TaxCategory, TaxTreatment

DAY = date(2026, 3, 1)
STANDARD = TaxTreatment(TaxCategory.STANDARD, 21)


def draft(account="A-1", price="9.90"):
    """Return a draft of an account."""
    line = ForeignLine(name="Fee", period=Period(DAY, date(2026, 4, 1)), treatment=STANDARD, price=price)
    party = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
    return imported_invoice(number="X", on=DAY, due=DAY, account_id=account, currency="EUR", seller=party, buyer=party, lines=[line]).draft


class TestNumbering:
    """The second pass over drafts."""

    @given(st.permutations([draft(account, price) for account in ("A-1", "A-2", "A-3") for price in ("1.00", "2.00")]))
    def test_does_not_depend_on_the_order_of_drafts(self, drafts):
        """The same drafts get the same numbers in any order, sorted by account."""
        numbered = Series("MB-", next=5).number(drafts, on=DAY)
        assert [document.number for document in numbered.documents] == [f"MB-{number:06d}" for number in range(5, 11)]
        assert [document.account_id for document in numbered.documents] == ["A-1", "A-1", "A-2", "A-2", "A-3", "A-3"]
        assert numbered.documents == Series("MB-", next=5).number(sorted(drafts, key=lambda each: each.id), on=DAY).documents
        assert numbered.series == Series("MB-", next=11)

    def test_takes_days_first(self):
        """An earlier day gets the lower number, whatever the account."""
        days = {"A-1": date(2026, 3, 2), "A-2": DAY}
        numbered = Series().number([draft("A-1"), draft("A-2")], on=lambda each: days[each.account_id])
        assert [(document.account_id, document.on) for document in numbered.documents] == [("A-2", DAY), ("A-1", date(2026, 3, 2))]

    def test_numbers_credit_notes_too(self):
        """A series of credit notes is like any other, ordered by account and invoice."""
        invoice = draft().issue(number="MB-1", on=DAY)
        snapshot = _Documents((invoice,))
        entry = make_entry(
            BilledLine(invoice, invoice.lines[0]), invoice.lines[0].facts.amount, EntryKind.CORRECTION, Reason("x"), History(snapshot)
        )
        numbered = Series("CN-").number([note_for(_Account("A-1"), invoice, [entry])], on=DAY)
        assert [document.number for document in numbered.documents] == ["CN-000001"]

    def test_refuses_the_same_draft_twice(self):
        """A draft is issued once."""
        with pytest.raises(DuplicateIdError):
            Series().number([draft(), draft()], on=DAY)


class _Account:
    def __init__(self, id_):
        self.id = id_


class _Documents:
    credit_notes = voids = reinstatements = ()

    def __init__(self, invoices):
        self.invoices = invoices


class TestYears:
    """Numbers that begin anew each year."""

    def test_begins_at_one_in_a_new_year(self):
        """The year of issue stands in the number, and the next year begins at 1."""
        first, series = Series("MB-{year}-", yearly=True, width=3).take(date(2025, 12, 31))
        second, series = series.take(date(2026, 1, 1))
        third, series = series.take(date(2026, 1, 1))
        assert (first, second, third) == ("MB-2025-001", "MB-2026-001", "MB-2026-002")
        with pytest.raises(OutOfOrderError):
            series.take(date(2025, 12, 31))

    def test_refuses_a_prefix_without_the_year(self):
        """Without the year the same number would be used again."""
        with pytest.raises(InvalidValueError):
            Series("MB-", yearly=True)

    def test_keeps_blocks_inside_a_year(self):
        """A block of one year holds no numbers of the next."""
        _, series = Series("{year}/", yearly=True).take(date(2025, 12, 30))
        block, _ = series.block(5)
        with pytest.raises(ExceedsLimitError):
            block.take(date(2026, 1, 1))
        fresh, _ = Series("{year}/", yearly=True).block(5)
        assert fresh.take(date(2026, 1, 1))[0] == "2026/000001"


class TestBlocks:
    """Numbers for workers."""

    @given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    def test_blocks_are_apart_and_leave_no_gap_between_them(self, sizes):
        """Blocks tile the series, and the series goes on after them."""
        series, used = Series("MB-"), []
        for size in sizes:
            block, series = series.block(size)
            while block.unused:
                number, block = block.take(DAY)
                used.append(number)
        series.check(used)
        assert series.next == sum(sizes) + 1

    def test_end(self):
        """A block that is used up gives no more numbers, and no larger part."""
        block, _ = Series().block(1)
        assert (block.unused, Series().unused) == (1, None)
        _, block = block.take(DAY)
        with pytest.raises(ExceedsLimitError):
            block.take(DAY)
        with pytest.raises(ExceedsLimitError):
            block.block(1)
        with pytest.raises(InvalidValueError):
            Series().block(0)


class TestCheck:
    """Gaps and reuse within what is given."""

    def test_refuses_a_gap_a_reuse_and_a_series_left_behind(self):
        """Each number from the first to the one before the next is there once."""
        series = Series("MB-", next=4, width=1)
        series.check(["MB-3", "MB-1", "MB-2", "CN-9", "MB-x"])
        with pytest.raises(InvalidValueError, match="MB-2"):
            series.check(["MB-1", "MB-3"])
        with pytest.raises(DuplicateIdError, match="MB-2"):
            series.check(["MB-1", "MB-2", "MB-2", "MB-3"])
        with pytest.raises(InvalidValueError, match="MB-4"):
            series.check(["MB-1", "MB-2", "MB-3", "MB-4"])
        series.check(["MB-2", "MB-3"], since=2)
        series.check([])

    def test_looks_at_each_year_by_itself(self):
        """A year that is over is checked up to its last number, the open one up to the next."""
        series = Series("{year}-", next=2, width=1, yearly=True, year=2026)
        series.check(["2025-1", "2025-2", "2026-1", "26-1", "2026/1"])
        with pytest.raises(InvalidValueError, match="2025-1"):
            series.check(["2025-2", "2026-1"])

    def test_reads_a_year_that_is_only_shown(self):
        """Where the year only stands in the prefix, numbers run on over it."""
        series = Series("{year}-", next=3, width=1)
        series.check(["2025-1", "2026-2"])


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Series(next=0), InvalidValueError),
        (lambda: Series(width=0), InvalidValueError),
        (lambda: Series(next="1"), InvalidTypeError),
        (lambda: Series(next=True), InvalidTypeError),
        (lambda: Series(" MB-"), InvalidValueError),
        (lambda: Series("{month}-"), InvalidValueError),
    ],
)
def test_refuses_bad_series(make, error):
    """Numbers and digits count from 1, and a prefix is plain text."""
    with pytest.raises(error):
        make()
