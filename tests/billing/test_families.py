"""Accounts that another one pays for."""

from datetime import date, datetime

import pytest

from billing_domain import AccountSnapshot, Money, Party, Subscription, UsageRecord, bill
from billing_domain.accounts import TaxProfile
from billing_domain.billing import (
    Billed,
    Halted,
    NoBillReason,
    NothingDue,
    bill_many,
    close,
    final_bill,
    forecast,
    next_billing_date,
    sections,
)
from billing_domain.catalog import Meter, Plan, Product, RecurringCharge, UsageCharge
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import DuplicateIdError, NoSuchResultError, RefusedError
from billing_domain.periods import BillingCycle
from billing_domain.subscriptions import Item, Order
from feature_host import VILNIUS, account, issued, net_by_key, rulebook, run

START = date(2026, 1, 1)
DATA = Meter("data")
PLAN = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Fee", "10"), UsageCharge("data", "Data", DATA, "1")])


def member(name, *, payer=None, on=START, **changes):
    """Return an account with one subscription."""
    known = {key: changes.pop(key) for key in ("usage", "orders", "grants") if key in changes}
    return AccountSnapshot(account(name, payer=payer, **changes), [Subscription.start(PLAN, id=f"S-{name}", on=on)], **known)


def child(name="B", **changes):
    """Return an account that A pays for."""
    return member(name, payer="A", **changes)


def test_lines_of_children_are_sections_of_the_payers_invoice():
    """Each account is rated alone, in its own cycle, and stands in a section of one invoice."""
    used = UsageRecord("U", "S-B", DATA, 3, datetime(2026, 1, 5, tzinfo=VILNIUS))
    family = member("A").add(child(usage=[used], cycle=BillingCycle.on_day(15)), child("C"))
    invoice = bill(family, through=date(2026, 1, 15), rules=rulebook()).invoice
    assert invoice.totals.payable == Money("37.52", "EUR")  # B: 10 · 14/31 until the 15th, 10 from then, 3 GB of those days
    assert [(section.account.id, [line.charge for line in section.lines]) for section in sections(invoice, family)] == [
        ("A", ["base"]), ("B", ["base", "base", "data"]), ("C", ["base"]),
    ]  # fmt: skip
    assert next_billing_date(family, after=START) == date(2026, 1, 15)


def test_a_second_run_of_a_family_is_empty_and_late_is_the_same():
    """Nothing is billed twice; one late run gives what many give; a child that leaves a plan is credited on the payer's documents."""
    family = member("A").add(child())
    known = family
    for month in (1, 2, 3):
        known = run(known, date(2026, month, 1))
        assert isinstance(bill(known, through=date(2026, month, 1), rules=rulebook()), NothingDue)
    assert net_by_key(known) == net_by_key(run(family, date(2026, 3, 1)))
    gone = known.children[0].add(known.children[0].subscriptions[0].cancel(on=date(2026, 3, 1)))
    result = bill(known.add(gone), through=date(2026, 3, 1), rules=rulebook())
    assert result.credit_notes[0].account_id == "A"


def test_grants_and_orders_are_each_accounts_own():
    """A discount of a child lowers its lines alone; its orders stand on the payer's invoice."""
    grant = Grant("G", "p@1", Percent("50"), START)
    order = Order("O", START, [Item(Product("thing", "Thing"), "4")])
    invoice = bill(member("A").add(child(grants=[grant], orders=[order])), through=START, rules=rulebook()).invoice
    assert [(line.facts.subscription_id, str(line.net_amount)) for line in invoice.lines] == [
        ("S-A", "10.00"),
        ("S-B", "5.00"),
        ("O", "2.00"),
    ]


def test_who_differs_gets_an_invoice_that_the_payer_pays():
    """Another currency, tax profile or documents of its own keep a child on invoices of its own."""
    abroad = child("B", holder=Party("B", "LV"))
    already = run(member("C"), START).add(account("C", payer="A"))
    result = bill(member("A").add(abroad, already), through=date(2026, 2, 1), rules=rulebook())
    assert [(draft.account_id, len(draft.lines)) for draft in result.invoices] == [("A", 3), ("B", 3), ("C", 2)]
    known = issued(member("A").add(abroad, already), Billed(result.account, result.invoices[:1]), date(2026, 2, 1))
    again = bill(known, through=date(2026, 2, 1), rules=rulebook())
    assert [draft.account_id for draft in again.invoices] == ["B", "C"]
    quiet = AccountSnapshot(account("A")).add(child("B", on=date(2026, 6, 1), holder=Party("B", "LV")))
    assert isinstance(bill(quiet, through=START, rules=rulebook()), NothingDue)


def test_a_child_that_was_joined_keeps_its_profile_or_halts():
    """A tax profile that changes later would split what is billed together; the account is halted, never billed twice."""
    known = run(member("A").add(child()), START)
    other = account("B", payer="A", tax_profiles=[TaxProfile(date(2026, 2, 1), "exempt-embassy")])
    result = bill(known.add(known.children[0].add(other)), through=date(2026, 2, 1), rules=rulebook())
    assert isinstance(result, Halted)
    assert "has its currency and tax profile" in result.problems[0].text


def test_a_forecast_issues_each_document_to_its_account():
    """What a child gets on its own counts as billed to it, credits too; a member without lines has no section."""
    latvian = Party("B", "LV")
    abroad = run(member("B", holder=latvian), START).add(account("B", payer="A", holder=latvian))
    dearer = abroad.add(abroad.subscriptions[0].override_price("base", "4", on=START).cancel(on=date(2026, 3, 1)))
    found = forecast(member("A").add(dearer), bills=3, after=START, rules=rulebook())
    assert [[document.account_id for document in (*each.result.invoices, *each.result.credit_notes)] for each in found] == [
        ["A", "B", "B"],
        ["A"],
        ["A"],
    ]
    assert found[0].result.credit_notes[0].entries[0].list_amount == 6
    assert [section.account.id for section in sections(found[2].result.invoices[0], member("A").add(dearer))] == ["A"]


def test_a_child_is_billed_with_its_payer_and_never_alone():
    """A child that is handed over beside its payer, or alone, answers that it waits; nothing is billed twice."""
    family = member("A").add(child())
    results = list(bill_many([family, child()], through=START, rules=rulebook()))
    assert [line.facts.subscription_id for draft in results[0].invoices for line in draft.lines] == ["S-A", "S-B"]
    for answer in (results[1], bill(child(), through=START, rules=rulebook())):
        assert isinstance(answer, NothingDue)
        assert (answer.reason, answer.next_on) == (NoBillReason.WITH_PAYER, None)
    with pytest.raises(NoSuchResultError, match="with-payer"):
        _ = results[1].invoice
    for question in (
        lambda: forecast(child(), bills=1, after=START, rules=rulebook()),
        lambda: final_bill(child(), on=START, rules=rulebook()),
    ):
        with pytest.raises(RefusedError, match="its bills are those of its payer A"):
            question()


def test_a_halted_child_halts_its_payer():
    """Nothing is billed for a family in part."""
    broken = child("B", holder=Party("B", "LV")).add(UsageRecord("U", "S-B", Meter("other"), 1, datetime(2026, 1, 1, tzinfo=VILNIUS)))
    result = bill(member("A").add(broken), through=START, rules=rulebook())
    assert isinstance(result, Halted)
    assert result.account.id == "A"


def test_a_family_can_be_closed():
    """A run after closing equals one on the full history, for children too."""
    known = member("A").add(child())
    for month in (1, 2, 3):
        known = run(known, date(2026, month, 1))
    closed = AccountSnapshot(known.account, known.subscriptions, opening=close(known, through=date(2026, 3, 1)), children=known.children)
    assert [len(bill(each, through=date(2026, 4, 1), rules=rulebook()).invoice.lines) for each in (known, closed)] == [4, 4]


def test_one_level_of_payers():
    """A parent of a parent, a child of another payer, and ids that stand twice are refused."""
    with pytest.raises(RefusedError, match="keep one level"):
        AccountSnapshot(account("A", payer="Z"), children=[child()])
    with pytest.raises(RefusedError, match="names it as payer"):
        member("A").add(member("B", payer="Z"))
    with pytest.raises(RefusedError, match="names it as payer"):
        member("A").add(AccountSnapshot(account("B"), children=[member("C", payer="B")]))
    twice = AccountSnapshot(account("B", payer="A"), [Subscription.start(PLAN, id="S-A", on=START)])
    with pytest.raises(DuplicateIdError, match="ids are unique"):
        member("A").add(twice)
