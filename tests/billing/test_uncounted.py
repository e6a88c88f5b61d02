"""Usage that no charge counts is named on the result, never dropped without a word."""

from datetime import date, datetime

import pytest

from billing_domain import AccountSnapshot, Party, Plan, Subscription, UsageRecord, bill
from billing_domain.billing import Billed, NothingDue, Uncounted, UncountedReason, rate
from billing_domain.catalog import Aggregation, Meter, RecurringCharge, UsageCharge
from billing_domain.errors import UnknownReferenceError
from feature_host import VILNIUS, account, rulebook, run, snapshot

START = date(2026, 1, 1)
DATA = Meter("data")
CHARGE = UsageCharge("data", "Data", DATA, "1")
PLAN = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Fee", "10"), CHARGE])
NOT_SERVED, NOT_PRICED = UncountedReason.NOT_SERVED, UncountedReason.NOT_PRICED


def used(month, day, *, meter=DATA, of="S", **properties):
    """Return a record at noon."""
    return UsageRecord(f"U-{of}-{month}-{day}", of, meter, 5, datetime(2026, month, day, 12, tzinfo=VILNIUS), properties)


def reported(known, through=date(2026, 3, 1)):
    """Return what a run does not count, by day."""
    return [(f"{found.record.at:%m-%d}", found.reason) for found in bill(known, through=through, rules=rulebook()).uncounted]


def test_usage_before_the_start_in_a_pause_and_after_the_end():
    """What happened while nothing was served is named with its reason; what lies in days of service is not."""
    paused = Subscription.start(PLAN, id="S", on=date(2026, 1, 10)).pause(on=date(2026, 1, 20)).resume(on=date(2026, 2, 1))
    known = snapshot(paused.cancel(on=date(2026, 2, 15)), usage=[used(1, 9), used(1, 10), used(1, 25), used(2, 14), used(2, 15)])
    assert reported(known) == [("01-09", NOT_SERVED), ("01-25", NOT_SERVED), ("02-15", NOT_SERVED)]
    done = run(known, date(2026, 3, 1))
    again = bill(done, through=date(2026, 3, 1), rules=rulebook())
    assert isinstance(again, NothingDue)
    assert len(again.uncounted) == 3
    assert sum(line.list_amount for invoice in done.invoices for line in invoice.lines if line.facts.charge == "data") == 10


def test_ordinary_usage_is_counted_and_future_usage_waits():
    """Usage within service is never named, also where it is not due yet."""
    known = snapshot(Subscription.start(PLAN, id="S", on=START), usage=[used(1, 1), used(2, 28), used(9, 1)])
    assert reported(known) == []


def test_a_plan_that_does_not_price_the_meter():
    """Usage on days whose plan does not count it, or with properties that no charge takes, is not priced."""
    bare = Plan("bare", 1, "Bare", "EUR", [RecurringCharge("base", "Fee", "5")])
    left = Subscription.start(PLAN, id="S", on=START).change_plan(bare, on=date(2026, 2, 1))
    assert reported(snapshot(left, usage=[used(1, 31), used(2, 1)])) == [("02-01", NOT_PRICED)]
    empty = Plan("empty", 1, "Empty", "EUR", [])
    assert reported(snapshot(left.change_plan(empty, on=date(2026, 2, 5)), usage=[used(2, 6)])) == [("02-06", NOT_PRICED)]
    day, night = (UsageCharge(name, name, DATA, "1", where={"tariff": name}) for name in ("day", "night"))
    split = Subscription.start(Plan("n", 1, "N", "EUR", [day, night]), id="S", on=START)
    usage = [used(1, 2, tariff="day"), used(1, 3, tariff="night"), used(1, 4, tariff="dawn"), used(1, 5)]
    assert reported(snapshot(split, usage=usage)) == [("01-04", NOT_PRICED), ("01-05", NOT_PRICED)]


def test_a_level_set_before_the_start_counts_from_the_start():
    """A time-weighted record sets a level that holds on, so it counts from a day before service, and only after the end it does not."""
    seats = Meter("seats", "", Aggregation.TIME_WEIGHTED)
    plan = Plan("t", 1, "T", "EUR", [UsageCharge("seats", "Seats", seats, "1")])
    subscription = Subscription.start(plan, id="S", on=date(2026, 1, 10)).cancel(on=date(2026, 2, 1))
    known = snapshot(subscription, usage=[used(1, 1, meter=seats), used(2, 3, meter=seats)])
    assert reported(known) == [("02-03", NOT_SERVED)]


def test_an_add_on_is_served_while_its_base_is():
    """Usage of an add-on after the end of its base is not served."""
    base = Subscription.start(Plan("b", 1, "B", "EUR", []), id="B", on=START).cancel(on=date(2026, 1, 10))
    extra = base.add_on(Plan("x", 1, "X", "EUR", [CHARGE]), id="S", on=START)
    assert reported(snapshot(base, extra, usage=[used(1, 9), used(1, 10)])) == [("01-10", NOT_SERVED)]


def test_a_subscription_that_was_never_served():
    """One that was cancelled from its first day has usage that is not served; a meter that no plan ever had is refused."""
    known = snapshot(Subscription.start(PLAN, id="S", on=START).cancel(on=START), usage=[used(1, 1)])
    assert reported(known) == [("01-01", NOT_SERVED)]
    changed = Subscription.start(Plan("b", 1, "B", "EUR", []), id="S", on=START).change_plan(PLAN, on=date(2026, 2, 1))
    assert reported(snapshot(changed.cancel(on=START, recorded=date(2026, 2, 2)), usage=[used(1, 1)])) == [("01-01", NOT_SERVED)]
    wrong = snapshot(Subscription.start(PLAN, id="S", on=START), usage=[used(1, 1, meter=Meter("other"))])
    with pytest.raises(UnknownReferenceError, match="no charge of subscription S counts this meter"):
        rate(wrong, through=START, rules=rulebook())


def test_usage_of_children_is_named_on_the_result_of_the_payer():
    """What a child's charges do not count is on the payer's result, whether it is billed with it or on its own invoice."""
    late = [used(2, 1, of="C")]
    for holder in (Party("Ona", "LT"), Party("Ieva", "LV")):
        ended = Subscription.start(PLAN, id="C", on=START).cancel(on=date(2026, 2, 1))
        child = AccountSnapshot(account("B", payer="A-1", holder=holder), [ended], usage=late)
        payer = snapshot(Subscription.start(PLAN, id="P", on=START), children=[child])
        result = bill(payer, through=date(2026, 3, 1), rules=rulebook())
        assert isinstance(result, Billed)
        assert result.uncounted == (Uncounted(late[0], NOT_SERVED),)
        quiet = AccountSnapshot(account(), children=[AccountSnapshot(child.account, [ended.cancel(on=START)], usage=late)])
        answer = bill(quiet, through=date(2026, 3, 1), rules=rulebook())
        assert isinstance(answer, NothingDue)
        assert answer.uncounted == (Uncounted(late[0], NOT_SERVED),)
