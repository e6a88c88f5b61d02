"""A history that is cut: the same bills come, the same is open, and the same money waits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Plan, Rulebook, Subscription, bill, presets
from billing_domain.billing import reopen
from billing_domain.catalog import RecurringCharge, Timing
from billing_domain.errors import RefusedError
from billing_domain.invoicing import Void
from billing_domain.payments import Hold, Payment, Refund, balances
from billing_domain.periods import Frequency
from desk import ONA, SELLER, eur

RULES = Rulebook(seller=SELLER, tax=presets.LT_VAT)
PLAN = Plan(
    "home",
    1,
    "Home",
    "EUR",
    [
        RecurringCharge("base", "Home internet", "10.00"),
        RecurringCharge("router", "Router", "5.00", timing=Timing.IN_ARREARS),
        RecurringCharge("domain", "Domain, a year", "12.00", frequency=Frequency.yearly()),
    ],
)


def months(count):
    """Return an account that was billed for so many months of 2026, invoices M-1 and on."""
    known = AccountSnapshot(ONA, [Subscription.start(PLAN, id="S-1", on=date(2026, 1, 1))])
    for month in range(1, count + 1):
        first = date(2026, month, 1)
        known = known.add(bill(known, through=first, rules=RULES).invoice.issue(number=f"M-{month}", on=first))
    return known


BILLED = months(6)
payments = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 5000), st.booleans()), max_size=8)


def paid(listed):
    """Return the account with these payments: month, cents, and whether it names that month's bill."""
    facts = [
        Payment(f"P-{number}", eur(cents / 100), date(2026, month, 20), [f"M-{month}"] if named else [])
        for number, (month, cents, named) in enumerate(listed)
    ]
    return BILLED.add(*facts)


@given(payments)
def test_a_cut_history_owes_and_bills_the_same(listed):
    """After the cut the same documents are open, the same money waits, and the next bill is the same."""
    whole, day = paid(listed), date(2026, 6, 30)
    cut = reopen(whole, through=date(2026, 6, 1), as_of=day)
    before, after = balances(whole, as_of=day), balances(cut, as_of=day)
    assert after.balance == before.balance
    assert [item for item in after.items if item.open] == [item for item in before.items if item.open]
    assert [item for item in after.money if item.unapplied] == [item for item in before.money if item.unapplied]
    assert bill(cut, through=date(2026, 7, 1), rules=RULES).invoice == bill(whole, through=date(2026, 7, 1), rules=RULES).invoice


def test_what_is_settled_is_let_go():
    """Bills that are paid, and the payments that paid them, are left out, but for the one whose yearly line goes on."""
    totals = {invoice.number: invoice.totals.payable for invoice in BILLED.invoices}
    whole = BILLED.add(*(Payment(f"P-{number}", amount, date(2026, 6, 20), [number]) for number, amount in totals.items()))
    cut = reopen(whole, through=date(2026, 6, 1), as_of=date(2026, 6, 30))
    assert [invoice.number for invoice in cut.invoices] == ["M-1", "M-6"]
    assert [fact.id for fact in cut.ledger] == ["P-M-1", "P-M-6"]
    assert balances(cut, as_of=date(2026, 6, 30)).balance.amount == 0


def test_what_is_held_or_was_given_back_is_kept():
    """Holds of documents that are kept stay, and so do a void and a refund of money that still matters."""
    whole = BILLED.add(Hold("M-5", 1, eur(5), date(2026, 5, 3)), Hold("M-2", 1, eur(5), date(2026, 2, 3)))
    whole = whole.add(
        *(Payment(f"P-{month}", BILLED.invoices[month - 1].totals.payable, date(2026, month, 9), [f"M-{month}"]) for month in (1, 2, 3))
    )
    whole = whole.add(Refund("F-1", eur(1), "P-3", date(2026, 6, 2)), Void("M-4", date(2026, 4, 2), "wrong address"))
    cut = reopen(whole, through=date(2026, 6, 1), as_of=date(2026, 6, 30))
    assert [hold.invoice for hold in cut.holds] == ["M-5"]
    assert {fact.id for fact in cut.ledger} == {"P-1", "P-3", "F-1"}
    assert balances(cut, as_of=date(2026, 6, 30)).balance == balances(whole, as_of=date(2026, 6, 30)).balance
    assert cut.voids == ()


def test_only_what_was_billed_is_cut():
    """A day up to which nothing was billed can not be closed."""
    with pytest.raises(RefusedError):
        reopen(BILLED, through=date(2026, 8, 1))
