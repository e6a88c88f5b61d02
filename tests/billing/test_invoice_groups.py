"""A host's own grouping: subscriptions and orders of one invoice group share documents, and nothing else stands on them."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AccountSnapshot, NothingDue, Rulebook, bill
from billing_domain.catalog import Flat, PerUnit, Plan, Product, RecurringCharge, Timing
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.subscriptions import Item, Order, Subscription
from billing_domain.tax import TaxClass

START, APRIL = date(2026, 3, 1), date(2026, 4, 1)
RULES = Rulebook(Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), presets.LT_VAT)
ACCOUNT = Account(id="A-1", currency="EUR", zone=ZoneInfo("Europe/Vilnius"), locale="lt_LT", holder=Party("UAB Ąžuolas", "LT"))
SEATS = Plan("seats", 1, "Seats", "EUR", [RecurringCharge("base", "Seats", PerUnit("10.00"), Timing.IN_ADVANCE)])


def seats(number, group="", quantity=1):
    """Return a subscription of a group."""
    return Subscription.start(SEATS, id=f"S-{number}", on=START, quantity=quantity, invoice_group=group)


def sold(group, tax=TaxClass.STANDARD):
    """Return an order of a group."""
    return Order("O-1", START, [Item(Product("router", "Router", tax, goods=True), "89.00")], invoice_group=group)


def names(result):
    """Return group and subscriptions of each draft."""
    return [(draft.invoice_group, sorted({line.facts.subscription_id for line in draft.lines})) for draft in result.invoices]


def test_each_group_has_its_document():
    """Two branches and what belongs to none are three drafts; a sale of a branch stands with its subscriptions."""
    known = AccountSnapshot(ACCOUNT, [seats(1, "north"), seats(2, "south"), seats(3), seats(4, "north")], orders=[sold("south")])
    result = bill(known, through=START, rules=RULES)
    assert names(result) == [("", ["S-3"]), ("north", ["S-1", "S-4"]), ("south", ["O-1", "S-2"])]
    assert [draft.totals.payable_amount for draft in result.invoices] == [Decimal("12.10"), Decimal("24.20"), Decimal("119.79")]


def test_a_group_never_mixes_what_is_out_of_scope():
    """Within a group, what is out of scope still has a document of its own."""
    known = AccountSnapshot(ACCOUNT, [seats(1, "north")], orders=[sold("north", TaxClass.OUT_OF_SCOPE)])
    assert names(bill(known, through=START, rules=RULES)) == [("north", ["S-1"]), ("north", ["O-1"])]


def test_a_credit_rides_with_its_group():
    """What is taken back from the south rides on the south's next invoice, though the north's comes first and is large enough."""
    south = seats(2, "south", 5)
    known = AccountSnapshot(ACCOUNT, [seats(1, "north", 9), south])
    issued = [draft.issue(number=f"MB-{number}", on=START) for number, draft in enumerate(bill(known, through=START, rules=RULES).invoices)]
    known = known.add(*issued, south.change_quantity(4, on=date(2026, 3, 17)))
    north, other = bill(known, through=APRIL, rules=RULES).invoices
    assert (north.entries, [entry.facts.subscription_id for entry in other.entries]) == ((), ["S-2"])


def test_a_credit_of_a_group_without_a_next_document_stands_on_a_note():
    """Where the group has nothing to bill, the credit is a credit note on its own invoice."""
    south = seats(2, "south", 5)
    known = AccountSnapshot(ACCOUNT, [seats(1, "north", 9), south])
    issued = [draft.issue(number=f"MB-{number}", on=START) for number, draft in enumerate(bill(known, through=START, rules=RULES).invoices)]
    result = bill(known.add(*issued, south.cancel(on=date(2026, 3, 17))), through=APRIL, rules=RULES)
    assert [(draft.invoice_group, draft.entries) for draft in result.invoices] == [("north", ())]
    assert [note.invoice for note in result.credit_notes] == ["MB-1"]


def test_children_on_the_invoice_of_their_payer_have_groups_too():
    """The branch of a child account has a document of its own among the payer's."""
    child = attrs.evolve(ACCOUNT, id="A-2", payer="A-1")
    known = AccountSnapshot(ACCOUNT, [seats(1)], children=[AccountSnapshot(child, [seats(2, "north")])])
    assert names(bill(known, through=START, rules=RULES)) == [("", ["S-1"]), ("north", ["S-2"])]


def test_add_ons_stand_with_what_they_hang_on():
    """An add-on takes the group over."""
    assert seats(1, "north").add_on(SEATS, id="S-9", on=START).invoice_group == "north"


@given(groups=st.lists(st.sampled_from(["", "north", "south"]), min_size=1, max_size=5), later=st.sampled_from(["", "east"]))
def test_groups_move_lines_and_change_no_amount(groups, later):
    """Whatever the groups, the same lines come to the same net, a second run is empty, and a new group moves nothing that is billed."""
    subscriptions = [seats(number, group, number + 1) for number, group in enumerate(groups)]
    known = AccountSnapshot(ACCOUNT, subscriptions)
    drafts = bill(known, through=START, rules=RULES).invoices
    plain = bill(AccountSnapshot(ACCOUNT, [attrs.evolve(each, invoice_group="") for each in subscriptions]), through=START, rules=RULES)
    assert sum(draft.totals.tax_exclusive_amount for draft in drafts) == plain.invoice.totals.tax_exclusive_amount
    assert [draft.invoice_group for draft in drafts] == sorted(set(groups))
    issued = [draft.issue(number=f"MB-{number}", on=START) for number, draft in enumerate(drafts)]
    moved = known.add(*issued, attrs.evolve(subscriptions[0], invoice_group=later))
    assert isinstance(bill(moved, through=START, rules=RULES), NothingDue)


@pytest.mark.parametrize(("group", "error"), [(7, InvalidTypeError), (None, InvalidTypeError), (" north", InvalidValueError)])
def test_a_group_is_a_plain_text(group, error):
    """A group that is no text, or has blanks around it, is refused where it enters."""
    with pytest.raises(error):
        seats(1, group)
    with pytest.raises(error):
        sold(group)


def test_the_price_model_plays_no_part():
    """A flat plan in a group bills as it does without one."""
    flat = Plan("flat", 1, "Flat", "EUR", [RecurringCharge("base", "Fee", Flat("9.90"), Timing.IN_ADVANCE)])
    with_group = Subscription.start(flat, id="S-1", on=START, invoice_group="north")
    draft = bill(AccountSnapshot(ACCOUNT, [with_group]), through=START, rules=RULES).invoice
    assert (draft.invoice_group, draft.totals.payable_amount) == ("north", Decimal("11.98"))
