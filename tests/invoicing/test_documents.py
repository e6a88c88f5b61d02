"""Documents: what they state, what they are found by, and what they refuse."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from batch import MARCH, RULES, snapshot
from billing_domain.billing import bill
from billing_domain.errors import (
    ExceedsLimitError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    UnknownReferenceError,
)
from billing_domain.invoicing import EntryKind, EntryRef, History, LineRef, PaymentTerms, credit
from billing_domain.invoicing.history import discount_left
from billing_domain.money import Money
from billing_domain.periods import Period
from billing_domain.reasons import Reason


@pytest.fixture
def known():
    """Return a snapshot with one issued invoice."""
    first = snapshot(1)
    return first.add(bill(first, through=MARCH, rules=RULES).invoice.issue(number="I-1", on=MARCH))


def test_a_line_states_its_figures_as_money(known):
    """Lines and totals give fresh Money, and the working as one sum."""
    invoice = known.invoice("I-1")
    line = invoice.line("data")
    assert (line.name, line.period, line.net) == ("Mobile data", Period(date(2026, 2, 1), MARCH), Money("6.30", "EUR"))
    assert (line.amount, line.charged_amount) == (Money("6.30", "EUR"), Decimal("6.30"))
    assert line.working.text == "10 × 0 + 4.2 × 1.50 = 6.30"
    assert (line.quantity, line.unit_price, line.base_quantity) == (1, Decimal("6.30"), 1)
    assert line.key == ("S-1", "data", date(2026, 2, 1))
    totals = invoice.totals
    assert totals.gross == totals.payable == totals.net + totals.tax
    assert totals.line_total == totals.net
    assert {str(part.amount) for part in (totals.allowances, totals.charges, totals.prepaid, totals.rounding)} <= {"0", "0.00"}
    assert [(group.rate, group.category.value, group.net, group.tax) for group in totals.groups] == [
        (Decimal(21), "S", totals.net, totals.tax)
    ]
    assert (invoice.account_id, invoice.currency, invoice.through, invoice.due) == ("A-1", "EUR", MARCH, date(2026, 3, 15))


def test_a_line_is_found_by_number_id_or_charge(known):
    """A charge code that stands on several lines names none of them."""
    invoice = known.invoice("I-1")
    data = invoice.line("data")
    assert invoice.line(data.number) is invoice.line(data.id) is data
    for which in ("base", "nothing", 99):
        with pytest.raises(UnknownReferenceError, match="name one of them by its number"):
            invoice.line(which)
    with pytest.raises(UnknownReferenceError):
        known.invoice("I-9")
    with pytest.raises(UnknownReferenceError):
        known.subscription("S-9")


def test_parts_of_a_line(known):
    """A part is above zero, in whole cents, net or gross, and of this invoice."""
    invoice = known.invoice("I-1")
    line = invoice.line("data")
    assert invoice.part(line).is_whole
    assert invoice.part(line).ref == LineRef("I-1", line.number)
    assert not invoice.part(line, gross=Money("1.00", "EUR")).is_whole
    with pytest.raises(InvalidValueError, match="given net, gross"):
        invoice.part(line, net=Money(1, "EUR"), gross=Money(1, "EUR"))
    with pytest.raises(InvalidAmountError, match="above zero"):
        invoice.part(line, net=Money(0, "EUR"))
    with pytest.raises(InvalidAmountError, match="decimals of EUR"):
        invoice.part(line, net=Money("0.005", "EUR"))
    with pytest.raises(UnknownReferenceError, match="not on invoice"):
        invoice.part(attrs.evolve(line, number=99))
    with pytest.raises(ExceedsLimitError):
        invoice.part(line, net=Money("6.31", "EUR"))


def test_a_credit_note_states_what_it_lowers(known):
    """It names its invoice, sums its entries and is not issued before it."""
    invoice = known.invoice("I-1")
    base = invoice.lines[0]
    draft = credit(
        known, [invoice.part(base), invoice.part(invoice.line("data"))], kind=EntryKind.GOODWILL, reason=Reason.of("sorry", days=3)
    )
    assert (
        draft.id
        == credit(
            known, [invoice.part(base), invoice.part(invoice.line("data"))], kind=EntryKind.GOODWILL, reason=Reason.of("sorry", days=3)
        ).id
    )
    with pytest.raises(InvalidPeriodError, match="on or after its invoice"):
        draft.issue(number="CN-1", on=date(2026, 2, 1))
    note = draft.issue(number="CN-1", on=MARCH)
    entry = note.entries[0]
    assert (note.account_id, note.currency, note.invoice, note.through) == ("A-1", "EUR", "I-1", None)
    assert (entry.line, entry.name, entry.amount, entry.total) == (LineRef("I-1", 1), base.name, base.amount, entry.net + entry.tax)
    assert note.total == Money(sum(each.total_amount for each in note.entries), "EUR")
    history = History(known.add(note))
    assert history.entry(EntryRef("CN-1", 1)) == entry
    billed = history.line(LineRef("I-1", 1))
    assert (history.left(billed), discount_left(billed, history)) == (0, 0)
    assert discount_left(billed, History(known)) > 0
    assert len(list(history.entries())) == 2
    for look in (
        lambda: history.entry(EntryRef("CN-9", 1)),
        lambda: history.line(LineRef("I-1", 99)),
        lambda: history.line(LineRef("I-9", 1)),
    ):
        with pytest.raises(UnknownReferenceError):
            look()
    with pytest.raises(InvalidValueError, match="at least one entry"):
        attrs.evolve(draft, entries=())
    with pytest.raises(InvalidValueError, match="lowers one invoice"):
        attrs.evolve(draft, invoice="I-2")


def test_terms_and_due_days(known):
    """Terms count whole days from the issue; an invoice does not fall due before it."""
    draft = known.invoice("I-1").draft
    assert PaymentTerms(0).due(MARCH) == MARCH
    for days, kind in ((-1, InvalidValueError), ("14", InvalidTypeError), (True, InvalidTypeError)):
        with pytest.raises(kind):
            PaymentTerms(days)
    with pytest.raises(InvalidPeriodError, match="falls due"):
        draft.issue(number="I-2", on=MARCH, due=date(2026, 2, 1))
    assert draft.issue(number="I-2", on=MARCH, due=date(2026, 4, 1)).due == date(2026, 4, 1)
