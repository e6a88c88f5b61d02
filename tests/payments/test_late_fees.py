"""Late fees and interest: proposals that keep what they were computed on, and are never charged twice."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import AccountSnapshot, Party, Rulebook, bill, presets
from billing_domain.payments import (
    LATE_FEE,
    DayCount,
    Delivery,
    DueDateChange,
    FeeSegment,
    FlagKind,
    Hold,
    HoldFlag,
    Instalment,
    InstalmentPlan,
    LateFeePolicy,
    Payment,
    PromiseToPay,
    balances,
    fee_on,
    instalments,
    late_fees,
)
from billing_domain.payments.replay import Replay
from billing_domain.payments.standing import Arrangements
from billing_domain.tax import TaxCategory
from desk import CENT, ONA, START, day, desks, eur, make_invoice, played, simple_steps, sums, with_invoices

FLAT = LateFeePolicy("flat", 1, flat=eur(5), grace_days=5)
INTEREST = LateFeePolicy("interest", 1, annual_rate=12)
SNAPSHOT = with_invoices(make_invoice("I-1", 1000, day(0), day(10)))


def fees(snapshot, number, policy):
    """Return the amounts that are proposed on a day."""
    return [fee.decimal_amount for fee in late_fees(snapshot, policy=policy, as_of=day(number))]


def test_a_flat_fee_comes_after_grace():
    """Five days of grace: nothing on the fifth day overdue, five euros on the sixth, once (Zuora's late fee workflow)."""
    assert fees(SNAPSHOT, 15, FLAT) == []
    assert fees(SNAPSHOT, 16, FLAT) == [Decimal(5)]
    assert fees(SNAPSHOT, 90, FLAT) == [Decimal(5)]
    [fee] = late_fees(SNAPSHOT, policy=FLAT, as_of=day(16))
    assert fees(SNAPSHOT.add(fee), 16, FLAT) == fees(SNAPSHOT.add(fee), 90, FLAT) == []
    assert fees(SNAPSHOT.add(fee.waive()), 90, FLAT) == []


def test_paying_within_grace_costs_nothing():
    """What is paid on the last day of grace bears no fee; a day later it does."""
    assert fees(SNAPSHOT.add(Payment("P-1", eur(1000), day(15))), 90, FLAT) == []
    assert fees(SNAPSHOT.add(Payment("P-1", eur(1000), day(16))), 90, FLAT) == [Decimal(5)]


def test_interest_counts_from_the_day_after_the_due_day():
    """Twelve percent a year on 1000 for 73 days of 2026 is 24.00; a day more is a day's interest more (Oracle's daily rate)."""
    assert fees(SNAPSHOT, 83, INTEREST) == [Decimal("24.00")]
    [fee] = late_fees(SNAPSHOT, policy=INTEREST, as_of=day(83))
    assert fee.segments == (FeeSegment("interest", Decimal("1000.00"), day(11), day(84), Decimal(12), Decimal(24)),)
    assert fee.segments[0].days == 73
    assert fees(SNAPSHOT, 10, INTEREST) == []


def test_grace_that_is_missed_counts_from_the_day_after_the_due_day():
    """With grace, interest is nothing until grace is over, and then counts all days since the due day."""
    policy = LateFeePolicy("interest", 1, annual_rate="36.5", grace_days=10)
    assert fees(SNAPSHOT, 20, policy) == []
    assert fees(SNAPSHOT, 21, policy) == [Decimal("11.00")]


def test_interest_follows_what_is_open():
    """Part payments make segments of their own, and each keeps what it was computed on."""
    known = SNAPSHOT.add(Payment("P-1", eur(400), day(20)), Payment("P-2", eur(600), day(30)))
    policy = LateFeePolicy("interest", 1, annual_rate="36.5")
    [fee] = late_fees(known, policy=policy, as_of=day(60))
    assert [(segment.base, segment.days, segment.exact) for segment in fee.segments] == [(1000, 10, 10), (600, 10, 6)]
    assert fee.amount == eur(16)


def test_earlier_fees_are_taken_off():
    """Interest decided before is taken off the whole, so that many decisions come to the same as one."""
    policy = LateFeePolicy("interest", 1, annual_rate="10")
    known, total = SNAPSHOT, Decimal(0)
    for number in range(20, 101, 8):
        for fee in late_fees(known, policy=policy, as_of=day(number)):
            known, total = known.add(fee), total + fee.decimal_amount
    assert total == fees(SNAPSHOT, 100, policy)[0]


@given(sums, st.integers(1, 90), st.integers(1, 90), st.sampled_from(DayCount))
def test_deciding_often_or_once_comes_to_the_same(amount, first, more, count):
    """However often interest is decided, the sum is that of one decision."""
    policy = LateFeePolicy("interest", 1, annual_rate="9.5", day_count=count)
    known = with_invoices(make_invoice("I-1", amount, day(0), day(0)))
    early = late_fees(known, policy=policy, as_of=day(first))
    late = late_fees(known.add(*early), policy=policy, as_of=day(first + more))
    once = fees(known, first + more, policy)
    assert sum(fee.decimal_amount for fee in (*early, *late)) == sum(once)


def test_days_of_the_year_are_a_choice():
    """A day of 2028 is a 366th of a year by actual days, a 365th or a 360th where the policy says so."""
    invoice = make_invoice("I-1", "36600.00", date(2027, 12, 1), date(2027, 12, 30))
    known = with_invoices(invoice)
    found = {}
    for count in DayCount:
        [fee] = late_fees(known, policy=LateFeePolicy("i", 1, annual_rate=10, day_count=count), as_of=date(2028, 1, 1))
        found[count] = fee.amount.amount
    assert found == {DayCount.ACTUAL: Decimal("20.03"), DayCount.FIXED_365: Decimal("20.05"), DayCount.FIXED_360: Decimal("20.33")}


def test_a_percentage_is_of_what_was_open_when_grace_had_passed():
    """Two percent of what was open, whatever is paid later."""
    policy = LateFeePolicy("percent", 1, percent=2, grace_days=5)
    known = SNAPSHOT.add(Payment("P-1", eur(400), day(14)), Payment("P-2", eur(100), day(40)))
    assert fees(known, 60, policy) == [Decimal("12.00")]


def test_caps_and_minimums_bound_what_is_proposed():
    """A cap in money or in percent of the document bounds all fees on it; less than the minimum waits."""
    assert fees(SNAPSHOT, 83, LateFeePolicy("i", 1, annual_rate=12, cap=eur(20))) == [Decimal(20)]
    assert fees(SNAPSHOT, 83, LateFeePolicy("i", 1, annual_rate=12, cap_percent="1.5")) == [Decimal("15.00")]
    assert fees(SNAPSHOT, 83, LateFeePolicy("i", 1, annual_rate=12, flat=eur(5), percent=1)) == [Decimal("39.00")]
    assert fees(SNAPSHOT, 83, LateFeePolicy("i", 1, annual_rate=12, minimum=eur("24.01"))) == []
    policy = LateFeePolicy("i", 1, annual_rate=12, cap=eur(20), minimum=eur(1), flat=eur(5))
    assert (policy.cap, policy.minimum, policy.flat) == (eur(20), eur(1), eur(5))
    assert (INTEREST.cap, INTEREST.minimum, INTEREST.flat) == (None, None, None)


def test_what_is_held_bears_nothing():
    """Interest runs on the undisputed part alone, and on nothing while all of it is held."""
    policy = LateFeePolicy("interest", 1, annual_rate="36.5")
    partly = SNAPSHOT.add(Hold("I-1", 1, eur(400), day(5), day(20)))
    [fee] = late_fees(partly, policy=policy, as_of=day(30))
    assert [(segment.base, segment.days) for segment in fee.segments] == [(600, 10), (1000, 10)]
    assert fees(SNAPSHOT.add(Hold("I-1", 1, eur(1000), day(5))), 90, FLAT) == []
    wholly = SNAPSHOT.add(Hold("I-1", 1, eur(1000), day(5), day(20)))
    assert fees(wholly, 30, policy) == [Decimal("10.00")]


def test_what_is_arranged_or_flagged_bears_nothing():
    """No fee on instalments that are kept, on what was promised, or under a flag."""
    plan = InstalmentPlan("N-1", day(5), ["I-1"], [Instalment(day(60), eur(1000))])
    assert fees(SNAPSHOT.add(plan), 60, FLAT) == []
    assert fees(SNAPSHOT.add(PromiseToPay("T-1", eur(1000), day(5), day(60))), 60, FLAT) == []
    assert fees(SNAPSHOT.add(HoldFlag("H-1", FlagKind.VULNERABLE, day(5))), 60, FLAT) == []
    lifted = SNAPSHOT.add(HoldFlag("H-1", FlagKind.VULNERABLE, day(5), day(40)))
    assert fees(lifted, 60, FLAT) == [Decimal(5)]


def test_a_bill_that_came_late_bears_nothing():
    """A bill that was delivered with less notice than the policy promises bears no fee; a later due day mends that."""
    policy = LateFeePolicy("flat", 1, flat=eur(5), notice_days=7)
    assert fees(SNAPSHOT, 60, policy) == [Decimal(5)]
    assert fees(SNAPSHOT.add(Delivery("D-1", day(3), "I-1")), 60, policy) == [Decimal(5)]
    late = SNAPSHOT.add(Delivery("D-1", day(4), "I-1"))
    assert fees(late, 60, policy) == []
    assert fees(late, 60, FLAT) == [Decimal(5)]
    assert fees(late.add(DueDateChange("D-2", day(5), "I-1", day(20), "late post")), 60, policy) == [Decimal(5)]


def test_a_fee_reaches_the_bill_as_a_document_of_its_own():
    """The order of a fee is out of scope of tax, is billed apart, and bears no fee itself."""
    [fee] = late_fees(SNAPSHOT, policy=FLAT, as_of=day(16))
    rules = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
    order = fee.order(on=day(20))
    assert order.id == fee.order().id
    invoice = bill(AccountSnapshot(ONA, orders=[order]), through=day(20), rules=rules).invoice.issue(number="I-2", on=day(20))
    assert (invoice.totals.payable, invoice.totals.groups[0].category) == (eur(5), TaxCategory.OUT_OF_SCOPE)
    assert invoice.lines[0].charge == LATE_FEE.code
    assert fees(with_invoices(invoice), 90, FLAT) == []


@pytest.mark.parametrize("rate", ["0", "0.01"])
def test_interest_below_a_cent_is_not_proposed(rate):
    """What rounds to nothing is no fee."""
    assert fees(with_invoices(make_invoice("I-1", 1, day(0), day(10))), 20, LateFeePolicy("i", 1, annual_rate=rate)) == []


@given(desks, st.integers(1, 20), st.integers(0, 9))
def test_what_may_be_chased_changes_on_marked_days_alone(desk, length, later):
    """Between two marked days the free part of every document stays as it is."""
    first = desk.today + timedelta(days=1)
    known = desk.snapshot.add(
        PromiseToPay("T-1", eur(20), desk.today, first + timedelta(days=length)),
        HoldFlag("H-1", FlagKind.LEGAL, first, first + timedelta(days=later + 1)),
        *(instalments(desk.snapshot, [item.number], id=f"N-{item.number}", on=desk.today, first=first, parts=2, grace_days=later)
          for item in desk.now().items[:1] if item.collectable > 1),
    )  # fmt: skip
    last = first + timedelta(days=60)
    asked = Arrangements(known, Replay(known, last))
    marks = asked.marks()
    for number in range((last - START).days):
        today = START + timedelta(days=number)
        marked = max((mark for mark in marks if mark <= today), default=START)
        free = [{standing.number: standing.free for standing in asked.standings(when)} for when in (today, marked)]
        assert free[0] == free[1]
        assert (asked.flag(today) is None) == (asked.flag(marked) is None)


@given(st.lists(simple_steps, max_size=8).map(played), st.integers(1, 40))
def test_interest_is_that_of_each_day(desk, more):
    """Added up day by day from the balances of the evening before, interest comes to the same, for every document."""
    last = desk.today + timedelta(days=more)
    policy = LateFeePolicy("interest", 1, annual_rate="36.5", day_count=DayCount.FIXED_365)
    proposed = {fee.invoice: fee.decimal_amount for fee in late_fees(desk.snapshot, policy=policy, as_of=last)}
    expected = {}
    for number in range((last - START).days + 1):
        today = START + timedelta(days=number)
        for item in balances(desk.snapshot, as_of=today - timedelta(days=1)).items:
            if today > item.due:
                expected[item.number] = expected.get(item.number, 0) + item.collectable / 1000
    rounded = {number: amount.quantize(CENT, ROUND_HALF_UP) for number, amount in expected.items()}
    assert proposed == {number: amount for number, amount in rounded.items() if amount}


def test_a_fee_on_what_was_not_owed_goes_back():
    """Interest goes back in proportion to what was not owed; a flat fee only where nothing was."""
    policy = LateFeePolicy("both", 1, annual_rate="36.5", flat=eur(5))
    [fee] = late_fees(SNAPSHOT, policy=policy, as_of=day(20))
    assert fee.amount == eur(15)
    assert (fee_on(fee, eur(0)), fee_on(fee, eur(250)), fee_on(fee, eur(1000)), fee_on(fee, eur(2000))) == (
        eur(0),
        eur("2.50"),
        eur(15),
        eur(15),
    )
    [later] = late_fees(SNAPSHOT.add(fee), policy=policy, as_of=day(30))
    assert (later.amount, fee_on(later, eur(1000))) == (eur(10), eur(10))
    unexplained = attrs.evolve(fee, segments=())
    assert (fee_on(unexplained, eur(0)), fee_on(unexplained, eur(1000))) == (eur(0), eur(0))


@given(sums, sums, st.integers(1, 60))
def test_no_more_goes_back_than_was_charged(total, wrong, length):
    """What goes back grows with what was not owed, and is the whole fee where nothing was owed."""
    policy = LateFeePolicy("i", 1, annual_rate="36.5", percent=1)
    for fee in late_fees(with_invoices(make_invoice("I-1", total, day(0), day(0))), policy=policy, as_of=day(length)):
        back = fee_on(fee, eur(min(wrong, total)))
        assert 0 <= back.amount <= fee.decimal_amount
        assert fee_on(fee, eur(total)) == fee.amount
