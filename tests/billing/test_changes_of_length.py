"""A plan with periods of another length under the same charge code: what happens to the money."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import Money, Plan, Subscription, bill
from billing_domain.billing import Billed, NothingDue, close, next_billing_date
from billing_domain.catalog import Meter, RecurringCharge, Timing, UsageCharge
from billing_domain.invoicing import EntryKind, EntryRef, Reinstatement, credit
from billing_domain.periods import BillingCycle, FixedDays, Frequency
from billing_domain.usage import UsageRecord
from feature_host import VILNIUS, amounts, day, issued, net_by_key, rulebook, run, snapshot

MONTH, QUARTER, YEAR = Frequency.monthly(), Frequency.quarterly(), Frequency.yearly()
NEW_YEAR, NOON = date(2026, 1, 1), time(12)


def plan(code, price, frequency, timing=Timing.IN_ADVANCE):
    """Return a plan whose one charge has the code that all plans use."""
    return Plan(code, 1, code, "EUR", [RecurringCharge("base", "Fee", price, timing)], frequency)


MONTHLY, YEARLY = plan("monthly", "10", MONTH), plan("yearly", "100", YEAR)


def by_start(known):
    """Return what is billed by the day of the key."""
    return {str(slot): str(amount) for (_, _, slot), amount in net_by_key(known).items()}


def test_a_year_that_a_change_begins_has_a_key_of_its_own():
    """From month to year: months before the change stay, and the year is charged for its 306 of 365 days, on the day of the change."""
    known = snapshot(Subscription.start(MONTHLY, id="S", on=NEW_YEAR).change_plan(YEARLY, on=date(2026, 3, 1)))
    for on in ("2026-01-01", "2026-02-01"):
        known = run(known, day(on))
        assert next_billing_date(known, after=day(on)) == (date(2026, 2, 1) if on == "2026-01-01" else date(2026, 3, 1))
    assert by_start(known) == {"2026-01-01": "10.00", "2026-02-01": "10.00"}
    known = run(known, date(2026, 3, 1))
    assert by_start(known) == {"2026-01-01": "10.00", "2026-02-01": "10.00", "2026-03-01": "83.84"}
    assert amounts(known.invoices[-1].lines[0].facts for _ in "1") == {("base", "2026-03-01"): "83.84"}
    assert by_start(run(known, NEW_YEAR.replace(year=2027)))["2027-01-01"] == "100.00"


def test_a_month_in_arrears_does_not_wait_for_the_year_that_follows():
    """A month in arrears is due after its last day, whatever follows it."""
    arrears = [plan("m", "10", MONTH, Timing.IN_ARREARS), plan("y", "100", YEAR, Timing.IN_ARREARS)]
    known = snapshot(Subscription.start(arrears[0], id="S", on=NEW_YEAR).change_plan(arrears[1], on=date(2026, 3, 1)))
    assert by_start(run(known, date(2026, 3, 1))) == {"2026-01-01": "10.00", "2026-02-01": "10.00"}
    assert by_start(run(known, date(2027, 1, 1)))["2026-03-01"] == "83.84"


@pytest.mark.parametrize("timing", Timing)
def test_a_year_that_should_have_been_months(timing):
    """A billed year that turns out to have been months comes back whole, the months are billed, and nothing is stuck."""
    year, month = plan("y", "100", YEAR, timing), plan("m", "10", MONTH, timing)
    subscription = Subscription.start(year, id="S", on=NEW_YEAR)
    known = run(run(snapshot(subscription), NEW_YEAR), date(2027, 1, 1))
    corrected = subscription.change_plan(month, on=NEW_YEAR, recorded=date(2027, 1, 2))
    known = run(known.add(corrected), date(2027, 1, 1))
    months = {f"2026-{number:02}-01": "10.00" for number in range(1, 13)}
    assert by_start(known) == (months | {"2027-01-01": "10.00"} if timing is Timing.IN_ADVANCE else months)
    assert isinstance(bill(known, through=date(2027, 1, 1), rules=rulebook()), NothingDue)
    gone = run(known.add(corrected.cancel(on=NEW_YEAR, recorded=date(2027, 1, 3))), date(2027, 1, 1))
    assert by_start(gone) == {}


def test_months_that_should_have_been_a_year():
    """The other way round: months come back, and the year stands under its own first day."""
    subscription = Subscription.start(MONTHLY, id="S", on=NEW_YEAR)
    known = run(run(snapshot(subscription), NEW_YEAR), date(2026, 2, 1))
    known = run(known.add(subscription.change_plan(YEARLY, on=NEW_YEAR, recorded=date(2026, 2, 5))), date(2026, 2, 1))
    assert by_start(known) == {"2026-01-01": "100.00"}


def test_a_correction_on_a_year_is_not_billed_back_by_its_months():
    """What a person took off a year that came back holds its key's month down, and is reported."""
    subscription = Subscription.start(YEARLY, id="S", on=NEW_YEAR)
    known = run(snapshot(subscription), NEW_YEAR)
    invoice = known.invoices[0]
    note = credit(known, invoice.part(invoice.lines[0], net=Money("4.00", "EUR")), kind=EntryKind.CORRECTION, reason="an error")
    known = known.add(note.issue(number="C-1", on=NEW_YEAR))
    known = known.add(subscription.change_plan(MONTHLY, on=NEW_YEAR, recorded=date(2026, 1, 5)))
    result = bill(known, through=NEW_YEAR, rules=rulebook())
    assert isinstance(result, Billed)
    entries = [entry for document in (*result.invoices, *result.credit_notes) for entry in document.entries]
    assert [str(entry.list_amount) for entry in entries] == ["96.00"]
    assert [str(line.list_amount) for line in result.invoices[0].lines] == ["6.00"]
    assert [str(found.amount_held) for found in result.pending] == ["4.00"]


def test_a_correction_that_is_taken_back_stands_in_the_period_as_it_is_now():
    """What is reinstated of a year that became months is billed once, and the next run is empty."""
    subscription = Subscription.start(YEARLY, id="S", on=NEW_YEAR)
    known = run(snapshot(subscription), NEW_YEAR)
    invoice = known.invoices[0]
    note = credit(known, invoice.part(invoice.lines[0], net=Money("4.00", "EUR")), kind=EntryKind.CORRECTION, reason="an error")
    known = known.add(note.issue(number="C-1", on=NEW_YEAR), Reinstatement(EntryRef("C-1", 1), NEW_YEAR, "it was none"))
    known = run(known.add(subscription.change_plan(MONTHLY, on=NEW_YEAR, recorded=date(2026, 1, 5))), NEW_YEAR)
    last = known.invoices[-1]
    assert [(str(line.list_amount), line.facts.reinstates is None) for line in last.lines] == [("6.00", True), ("4.00", False)]
    assert isinstance(bill(known, through=NEW_YEAR, rules=rulebook()), NothingDue)


def test_a_year_cut_short_goes_by_the_days_of_the_year():
    """A quantity that changes in a year which a change began is shared out over the whole year, by every convention."""
    for proration, expected in ((None, "43.84"), (FixedDays(30), "43.06")):
        rules = rulebook() if proration is None else rulebook(proration=proration)
        subscription = Subscription.start(MONTHLY, id="S", on=NEW_YEAR).change_plan(YEARLY, on=date(2026, 3, 1))
        known = run(run(snapshot(subscription), NEW_YEAR, rules), date(2026, 3, 1), rules)
        ended = subscription.cancel(on=date(2026, 3, 1) + timedelta(days=160 if proration is None else 158))
        known = run(known.add(ended), date(2026, 3, 1), rules)
        assert by_start(known)["2026-03-01"] == expected
        entry = known.credit_notes[-1].entries[0] if known.credit_notes else known.invoices[-1].entries[0]
        assert entry.facts.start == ended.ends_on
        assert abs(-entry.facts.exact - entry.list_amount) < 1


def test_a_new_anchor_names_its_first_period_by_the_day_of_the_change():
    """A cycle that changes within a period begins a period of its own, and one that changes nothing begins none."""
    subscription = Subscription.start(MONTHLY, id="S", on=NEW_YEAR)
    moved = snapshot(subscription.change_cycle(BillingCycle.on_day(31), on=date(2026, 1, 31)))
    assert by_start(run(moved, date(2026, 2, 27))) == {"2026-01-01": "9.68", "2026-01-31": "10.00"}
    cut = snapshot(subscription.change_cycle(BillingCycle.on_day(15), on=date(2026, 2, 20)))
    assert by_start(run(cut, date(2026, 2, 20))) == {"2026-01-01": "10.00", "2026-02-01": "6.79", "2026-02-20": "8.21"}
    same = snapshot(subscription.change_cycle(BillingCycle.on_day(1), on=date(2026, 2, 20)))
    assert by_start(run(same, date(2026, 2, 20))) == {"2026-01-01": "10.00", "2026-02-01": "10.00"}


def test_a_change_that_changes_no_period_keeps_the_name_that_an_earlier_change_gave():
    """A year that began with a change keeps its key when its cycle is restated, and stays apart from the month of its first day."""
    subscription = Subscription.start(MONTHLY, id="S", on=NEW_YEAR).change_plan(YEARLY, on=date(2026, 3, 1))
    restated = subscription.change_cycle(BillingCycle.calendar(), on=date(2026, 4, 10)).change_quantity(2, on=date(2026, 5, 1))
    for known in (snapshot(subscription), snapshot(restated)):
        assert by_start(run(known, date(2026, 6, 1))) == {"2026-01-01": "10.00", "2026-02-01": "10.00", "2026-03-01": "83.84"}


def test_usage_of_a_month_and_of_a_quarter_are_measured_apart():
    """A meter counted by the month and then by the quarter starts its allowance anew with the quarter."""
    data = Meter("data")
    plans = [Plan(f"p{each.months}", 1, "P", "EUR", [UsageCharge("data", "Data", data, "1")], each) for each in (MONTH, QUARTER)]
    subscription = Subscription.start(plans[0], id="S", on=NEW_YEAR).change_plan(plans[1], on=date(2026, 2, 10))
    days = [date(2026, 1, 20), date(2026, 2, 9), date(2026, 2, 10), date(2026, 3, 31)]
    usage = [UsageRecord(f"U{number}", "S", data, 10**number, datetime.combine(on, NOON, VILNIUS)) for number, on in enumerate(days)]
    known = snapshot(subscription, usage=usage)
    assert by_start(run(known, date(2026, 2, 10))) == {"2026-01-01": "1.00", "2026-02-01": "10.00"}
    assert by_start(run(known, date(2026, 4, 1))) == {"2026-01-01": "1.00", "2026-02-01": "10.00", "2026-02-10": "1100.00"}


def test_an_opening_between_month_and_year_changes_nothing():
    """After the books are closed in the year, the same is billed and credited as on the whole history."""
    subscription = Subscription.start(MONTHLY, id="S", on=NEW_YEAR).change_plan(YEARLY, on=date(2026, 3, 1))
    known = snapshot(subscription)
    for on in ("2026-01-01", "2026-02-01", "2026-03-01"):
        known = run(known, day(on))
    opening = close(known, through=date(2026, 3, 1))
    cut = snapshot(subscription.cancel(on=date(2026, 6, 1)), opening=opening)
    whole = known.add(subscription.cancel(on=date(2026, 6, 1)))
    for each in (cut, whole):
        result = bill(each, through=date(2026, 6, 1), rules=rulebook())
        assert [str(entry.list_amount) for note in result.credit_notes for entry in note.entries] == ["58.63"]


changes = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from([MONTH, QUARTER, YEAR, Frequency.weekly()]), st.booleans()), min_size=1, max_size=6
)


@given(changes, st.sampled_from([BillingCycle.anniversary(), BillingCycle.calendar(), BillingCycle.on_day(31)]), st.sampled_from(Timing))
def test_lengths_that_change_in_time_or_late_end_where_one_run_ends(changed, cycle, timing):
    """However lengths change, and whenever that becomes known, many runs bill what one late run bills, and none is stuck."""
    plans = {each: plan(f"p{each.unit.value}", "33.33", each, timing) for each in [MONTH, QUARTER, YEAR, Frequency.weekly()]}
    subscription = Subscription.start(plans[MONTH], id="S", on=date(2026, 1, 31), cycle=cycle)
    known, today = snapshot(subscription), date(2026, 1, 31)
    for days, frequency, late in changed:
        on = subscription.start_on + timedelta(days=days)
        today = max(today, on)
        latest = max([change.on for change in subscription.changes], default=subscription.start_on)
        subscription = subscription.change_plan(plans[frequency], on=on, recorded=today if late or on < latest else None)
        known = run(known.add(subscription), today)
        assert isinstance(bill(known, through=today, rules=rulebook()), NothingDue)
    ended = subscription.cancel(on=max([today, *[change.on for change in subscription.changes]]) + timedelta(days=1))
    known, fresh = run(known.add(ended), ended.ends_on), snapshot(ended)
    assert net_by_key(known) == net_by_key(issued(fresh, bill(fresh, through=ended.ends_on, rules=rulebook()), ended.ends_on))
