"""Billing with every feature: what is owed, billed, forecast, held and refused."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from billing_domain import AccountSnapshot, Money, Subscription, UsageRecord, bill, bill_many
from billing_domain.billing import (
    Billed,
    Bounds,
    Halted,
    MinimumAmount,
    NoBillReason,
    NothingDue,
    close,
    final_bill,
    forecast,
    next_billing_date,
    rate,
)
from billing_domain.billing.rating import measured_together
from billing_domain.catalog import (
    Aggregation,
    Bounded,
    CommitmentCharge,
    Graduated,
    Matrix,
    Meter,
    OneOffCharge,
    Phase,
    Plan,
    PriceList,
    Product,
    RecurringCharge,
    Tier,
    Timing,
    UsageCharge,
)
from billing_domain.discounts import Grant, Percent
from billing_domain.errors import (
    DuplicateIdError,
    InvalidTypeError,
    InvalidValueError,
    OutOfOrderError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.periods import BillingCycle, Frequency, NoProration, Thirty360, WholePeriods
from billing_domain.subscriptions import Contract, FlatFee, Item, Order, terminate
from billing_domain.tax import TaxClass
from feature_host import VILNIUS, account, amounts, day, issued, net_by_key, rulebook, run, snapshot

START = date(2026, 1, 1)
DATA = Meter("data", "GB")
SEATS = Meter("seats", "", Aggregation.TIME_WEIGHTED)
FEE = RecurringCharge("base", "Fee", "31")


def plan(*charges, code="s", **changes):
    """Return a plan."""
    return Plan(code, changes.pop("version", 1), "S", "EUR", charges, **changes)


def started(*charges, on=START, **changes):
    """Return a subscription from January on."""
    return Subscription.start(plan(*charges, **changes), id="S", on=on)


def used(name, quantity, text, meter=DATA, **more):
    """Return a record of a day in Vilnius."""
    return UsageRecord(name, "S", meter, quantity, datetime.fromisoformat(text).replace(tzinfo=VILNIUS), **more)


def owed(known, through, **changes):
    """Return amounts by charge and start."""
    return amounts(each.facts for each in rate(known, through=day(through), rules=rulebook(**changes)).values())


# --------------------------------------------------------------------------------------------------------- commitments


def test_a_commitment_charges_what_is_missing():
    """What the counted charges fall short of it is due after the period; for a part of a period its share."""
    charges = [FEE, UsageCharge("data", "Data", DATA, "1"), CommitmentCharge("least", "Least", "100")]
    known = snapshot(started(*charges, on=date(2026, 1, 17)), usage=[used("U", 9, "2026-02-03")])
    found = owed(known.add(known.subscriptions[0].change_cycle(BillingCycle.on_day(1), on=date(2026, 1, 17))), "2026-03-01")
    assert found["least", "2026-01-17"] == "33.39"  # 100 · 15/31 = 48.39, less 15.00
    assert found["least", "2026-02-01"] == "60.00"  # 100 less 31 and 9


def test_a_commitment_that_is_met_is_not_charged():
    """It is no line at all, and usage that comes late takes a true-up back."""
    charges = [UsageCharge("data", "Data", DATA, "1"), OneOffCharge("setup", "Setup", "500"), CommitmentCharge("least", "Least", "100")]
    known = run(snapshot(started(*charges)), date(2026, 2, 1))
    assert amounts(line.facts for line in known.invoices[0].lines)["least", "2026-01-01"] == "100.00"
    late = run(known.add(used("U", 130, "2026-01-20")), date(2026, 2, 1))
    assert late.invoices[1].entries[0].list_amount == 100
    assert late.invoices[1].lines[0].list_amount == 130
    assert isinstance(bill(late, through=date(2026, 2, 1), rules=rulebook()), NothingDue)
    assert ("least", "2026-01-01") not in owed(late, "2026-02-01")


def test_a_yearly_commitment_counts_twelve_months_and_survives_closing():
    """A period of a charge counts where it begins; a run after closing equals one on the full history."""
    charges = [UsageCharge("data", "Data", DATA, "1"), CommitmentCharge("year", "Year", "1000", Frequency.yearly(), "data")]
    records = [used(f"U{month}", 50, f"2026-{month:02}-15") for month in range(1, 13)]
    known = snapshot(started(*charges), usage=records)
    for month in range(2, 8):
        known = run(known, date(2026, month, 1))
    whole = run(known, date(2027, 1, 1))
    assert net_by_key(whole)["S", "year", START] == 400
    reopened = snapshot(*known.subscriptions, usage=records, opening=close(known, through=date(2026, 7, 1)))
    assert net_by_key(run(reopened, date(2027, 1, 1)))["S", "year", START] == 400


# ------------------------------------------------------------------------------------------------------- usage on a bill


def test_a_pause_does_not_restart_tiers_and_its_usage_is_free():
    """Usage around a pause is measured together; what was used in it does not count."""
    charge = UsageCharge("data", "Data", DATA, Graduated([Tier(10, 0), Tier(None, 1)]))
    subscription = started(charge).pause(on=date(2026, 1, 10)).resume(on=date(2026, 1, 20)).change_quantity(2, on=date(2026, 1, 25))
    records = [used("1", 8, "2026-01-05"), used("2", 100, "2026-01-15"), used("3", 8, "2026-01-25")]
    assert owed(snapshot(subscription, usage=records), "2026-02-01")["data", "2026-01-01"] == "6.00"


def test_a_new_price_in_mid_period_measures_anew():
    """Each price has the usage of its own days."""
    subscription = started(UsageCharge("data", "Data", DATA, "1")).override_price("data", "2", on=date(2026, 1, 20))
    records = [used("1", 3, "2026-01-05"), used("2", 4, "2026-01-25")]
    found = rate(snapshot(subscription, usage=records), through=date(2026, 2, 1), rules=rulebook())["S", "data", START]
    assert [str(piece.quantity) for piece in found.pieces] == ["3", "4"]
    assert found.amount == 11


def test_a_minimum_goes_by_the_days_of_the_charge():
    """A charge that began on the 17th has a minimum of 15/31, by the convention that it names."""
    minimum = UsageCharge("data", "Data", DATA, Bounded(1, minimum=31))
    known = snapshot(started(minimum, on=date(2026, 1, 17)).change_cycle(BillingCycle.on_day(1), on=date(2026, 1, 17)))
    assert owed(known, "2026-02-01")["data", "2026-01-17"] == "15.00"
    by_month = UsageCharge("data", "Data", DATA, Bounded(1, minimum=30), proration=Thirty360())
    known = snapshot(started(by_month, on=date(2026, 1, 17)).change_cycle(BillingCycle.on_day(1), on=date(2026, 1, 17)))
    assert owed(known, "2026-02-01")["data", "2026-01-17"] == "14.00"


def test_levels_are_averaged_on_a_bill():
    """Seats of before the period count in it; a pause takes its days out."""
    charge = UsageCharge("seats", "Seats", SEATS, "10")
    records = [used("1", 4, "2026-01-01", SEATS), used("2", 8, "2026-02-15", SEATS)]
    subscription = started(charge)
    assert owed(snapshot(subscription, usage=records), "2026-03-01") == {("seats", "2026-01-01"): "40.00", ("seats", "2026-02-01"): "60.00"}
    paused = subscription.pause(on=date(2026, 2, 15)).resume(on=date(2026, 2, 22))
    assert owed(snapshot(paused, usage=records), "2026-03-01")["seats", "2026-02-01"] == "40.00"
    assert owed(snapshot(subscription), "2026-02-01")["seats", "2026-01-01"] == "0.00"


def test_groups_stand_on_the_working():
    """Each value of the property is priced alone, and named on its steps."""
    charge = UsageCharge("data", "Data", DATA, Graduated([Tier(10, 0), Tier(None, 1)]), group_by="number")
    records = [used("1", 12, "2026-01-05", properties={"number": "a"}), used("2", 11, "2026-01-06", properties={"number": "b"})]
    found = rate(snapshot(started(charge), usage=records), through=date(2026, 2, 1), rules=rulebook())["S", "data", START]
    assert found.amount == 3
    assert [step.code for step in found.pieces[0].working.steps] == ["a/tier-1", "a/tier-2", "b/tier-1", "b/tier-2"]
    assert owed(snapshot(started(charge)), "2026-02-01")["data", "2026-01-01"] == "0.00"


def test_a_correction_of_usage_comes_back_on_the_next_bill():
    """Late, corrected and withdrawn records need no path of their own."""
    first = used("1", 10, "2026-01-05")
    known = run(snapshot(started(UsageCharge("data", "Data", DATA, "2")), usage=[first]), date(2026, 2, 1))
    less = run(known.add(first.correct(4, id="2")), date(2026, 2, 1))
    assert less.credit_notes[0].entries[0].list_amount == 12
    more = run(less.add(used("3", 1, "2026-01-31")), date(2026, 2, 1))
    assert more.invoices[-1].lines[0].list_amount == 2


def test_usage_outside_a_matrix_halts_the_account():
    """A combination without a price is named, and nothing is billed."""
    charge = UsageCharge("data", "Data", DATA, Matrix("zone", {"eu": 1}))
    result = bill(
        snapshot(started(charge), usage=[used("1", 1, "2026-01-05", properties={"zone": "moon"})]),
        through=date(2026, 2, 1),
        rules=rulebook(),
    )
    assert isinstance(result, Halted)
    assert (result.problems[0].code, result.problems[0].text[:5]) == ("MissingRateError", "moon:")


# -------------------------------------------------------------------------------------------- prorations, phases, add-ons


def test_without_proration_a_change_counts_from_the_next_period():
    """The period costs what held on its first day served, and a cancelled one is not given back."""
    subscription = started(FEE, on=date(2026, 1, 17)).change_cycle(BillingCycle.on_day(1), on=date(2026, 1, 17))
    changed = subscription.override_price("base", "62", on=date(2026, 2, 10)).cancel(on=date(2026, 3, 5))
    found = owed(snapshot(changed), "2026-03-05", proration=NoProration())
    assert found == {("base", "2026-01-17"): "31.00", ("base", "2026-02-01"): "31.00", ("base", "2026-03-01"): "62.00"}
    found = owed(snapshot(changed), "2026-03-05", proration=WholePeriods())
    assert found == {("base", "2026-01-17"): "0.00", ("base", "2026-02-01"): "31.00", ("base", "2026-03-01"): "0.00"}


def test_a_charge_has_a_convention_of_its_own():
    """It goes before the rulebook's, for a change too."""
    fee = RecurringCharge("base", "Fee", "30", proration=Thirty360())
    known = run(snapshot(started(fee, on=date(2026, 3, 1))), date(2026, 3, 1))
    ended = run(known.add(known.subscriptions[0].cancel(on=date(2026, 3, 11))), date(2026, 3, 1))
    entry = ended.credit_notes[0].entries[0]
    assert (entry.list_amount, entry.facts.exact) == (20, -20)
    dearer = run(known.add(known.subscriptions[0].override_price("base", "60", on=date(2026, 3, 11))), date(2026, 3, 1))
    assert [(line.list_amount, line.facts.exact) for line in dearer.invoices[1].lines] == [(20, 20)]


def test_a_trial_is_not_billed_and_a_ramp_is():
    """A trial of 14 days leaves 17 of January; the ramp and then the plan's price follow."""
    phases = [Phase.trial(days=14), Phase.ramp("ramp", Frequency.monthly(), {"base": "15.50"})]
    known = snapshot(started(FEE, OneOffCharge("setup", "Setup", "5"), phases=phases))
    assert owed(known, "2026-03-01") == {
        ("setup", "2026-01-01"): "5.00",
        ("base", "2026-01-15"): "8.50",  # 15.50 · 17/31
        ("base", "2026-02-01"): "23.25",  # 15.50 · 14/28 + 31 · 14/28
        ("base", "2026-03-01"): "31.00",
    }


def test_an_add_on_is_billed_in_the_periods_of_its_base():
    """From the 17th it bears 15 of 31 days, and it ends with the base."""
    base = started(FEE)
    extra = base.add_on(plan(RecurringCharge("extra", "Extra", "31"), code="x"), id="X", on=date(2026, 1, 17))
    known = run(snapshot(base, extra), date(2026, 2, 1))
    assert net_by_key(known)["X", "extra", START] == 15
    assert next_billing_date(known, after=date(2026, 2, 1)) == date(2026, 3, 1)
    ended = run(known.add(base.cancel(on=date(2026, 2, 15))), date(2026, 2, 15))
    assert net_by_key(ended)["X", "extra", date(2026, 2, 1)] == Decimal("15.50")
    alone = bill(snapshot(extra), through=date(2026, 2, 1), rules=rulebook())
    assert alone.problems[0].code == "UnknownReferenceError"


def test_the_currency_of_the_account_picks_the_prices():
    """A plan with a price list is billed in the account's currency; one without is refused."""
    dollars = account(currency="USD")
    known = AccountSnapshot(dollars, [started(FEE, price_lists=[PriceList("USD", {"base": "40"})])])
    assert bill(known, through=START, rules=rulebook()).invoice.totals.payable == Money("40.00", "USD")
    both = known.add(Subscription.start(plan(FEE, price_lists=[PriceList("USD", {"base": "40"})]), id="T", on=START, currency="USD"))
    assert len(bill(both, through=START, rules=rulebook()).invoice.lines) == 2
    with pytest.raises(InvalidValueError, match="account A-1 is in USD"):
        AccountSnapshot(dollars, [started(FEE)])


def test_a_fee_for_leaving_early_reaches_the_bill():
    """The subscription with its end, and the fee, are two facts of one snapshot."""
    contract = Contract(START, Frequency.yearly(), fee=FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD))
    subscription = Subscription.start(plan(FEE), id="S", on=START, contract=contract)
    known = run(snapshot(subscription), date(2026, 3, 1))
    left = terminate(subscription, on=date(2026, 3, 17), given=date(2026, 3, 10), order_id="O")
    draft = bill(known.add(left.subscription, left.fee), through=date(2026, 3, 17), rules=rulebook()).invoice
    assert (draft.lines[0].list_amount, draft.entries[0].list_amount) == (50, 15)


# --------------------------------------------------------------------------------------- bounds, holds, what comes, batches


def test_a_target_years_ahead_is_refused():
    """A run far beyond its documents, over too many years or with too many lines halts the account."""
    known = snapshot(started(FEE))
    for through, on, bounds in (
        (date(2031, 1, 1), date(2026, 1, 1), Bounds()),
        (date(2090, 1, 1), None, Bounds()),
        (date(2026, 6, 1), None, Bounds(lines=5)),
    ):
        result = bill(known, through=through, on=on, rules=rulebook(bounds=bounds))
        assert isinstance(result, Halted)
        assert result.problems[0].code == "ExceedsLimitError"
    assert isinstance(bill(known, through=date(2028, 12, 1), on=START, rules=rulebook()), Billed)
    assert isinstance(bill(snapshot(), through=date(2090, 1, 1), rules=rulebook()), NothingDue)
    for wrong, error in ((0, InvalidValueError), ("5", InvalidTypeError)):
        with pytest.raises(error):
            Bounds(lines=wrong)


def test_a_small_bill_waits_but_a_final_one_does_not():
    """Below the minimum a draft waits for the next; where nothing follows it goes out."""
    small = rulebook(hold=MinimumAmount(Money("50.00", "EUR")))
    known = snapshot(started(FEE))
    held = bill(known, through=START, rules=small)
    assert (held.reason, held.next_on) == (NoBillReason.HELD, date(2026, 2, 1))
    assert bill(known, through=date(2026, 2, 1), rules=small).invoice.totals.payable == Money("62.00", "EUR")
    last = final_bill(known, on=date(2026, 1, 17), rules=small)
    assert last.result.invoice.totals.payable == Money("16.00", "EUR")
    assert last.snapshot.subscriptions[0].ends_on == date(2026, 1, 17)
    assert MinimumAmount(Money("50.00", "EUR")).amount == Money("50.00", "EUR")
    dollars = rulebook(hold=MinimumAmount(Money("50.00", "USD")))
    assert isinstance(bill(known, through=START, rules=dollars), Billed)
    with pytest.raises(InvalidValueError):
        MinimumAmount(Money("-1.00", "EUR"))


def test_a_final_bill_gives_back_and_charges_what_is_left():
    """What has ended stays as it is, what has not begun never does, and known changes of later days are named."""
    charges = [FEE, UsageCharge("data", "Data", DATA, "1")]
    known = run(snapshot(started(*charges), usage=[used("1", 7, "2026-01-05")]), START)
    last = final_bill(known, on=date(2026, 1, 17), rules=rulebook())
    assert (len(last.result.invoices), len(last.result.credit_notes)) == (1, 1)
    assert net_by_key(issued(last.snapshot, last.result, date(2026, 1, 17))) == {("S", "base", START): 16, ("S", "data", START): 7}
    again = final_bill(issued(last.snapshot, last.result, date(2026, 1, 17)), on=date(2026, 1, 17), rules=rulebook())
    assert isinstance(again.result, NothingDue)
    future = final_bill(snapshot(started(FEE, on=date(2026, 6, 1))), on=date(2026, 1, 17), rules=rulebook())
    assert future.snapshot.subscriptions[0].terms == ()
    with pytest.raises(OutOfOrderError):
        final_bill(snapshot(started(FEE).change_quantity(2, on=date(2026, 3, 1))), on=date(2026, 1, 17), rules=rulebook())


def test_a_forecast_is_the_bills_to_come():
    """Each is what the run of its day will answer if nothing else happens; runs without documents are left out."""
    yearly = RecurringCharge("year", "Year", "120", Timing.IN_ARREARS, Frequency.yearly())
    known = snapshot(started(FEE, yearly).cancel(on=date(2026, 3, 15)))
    found = forecast(known, bills=9, after=date(2025, 12, 31), rules=rulebook())
    assert [(str(each.on), str(each.result.invoice.totals.payable.amount)) for each in found] == [
        ("2026-01-01", "31.00"), ("2026-02-01", "31.00"), ("2026-03-01", "14.00"), ("2026-03-15", "24.00"),
    ]  # fmt: skip
    for each in found:
        result = bill(known, through=each.on, rules=rulebook())
        assert result == each.result
        known = issued(known, result, each.on)
    assert forecast(known, bills=1, after=date(2026, 3, 15), rules=rulebook()) == ()
    assert [len(forecast(snapshot(started(FEE)), bills=count, after=START, rules=rulebook())) for count in (1, 3)] == [1, 3]


def test_a_forecast_credits_and_halts_as_bills_do():
    """A credit note stands in it, a free period is left out, and it stops where a bill would."""
    known = run(snapshot(started(FEE)), date(2026, 2, 1))
    less = known.add(known.subscriptions[0].override_price("base", "1", on=START))
    found = forecast(less, bills=2, after=date(2026, 2, 1), rules=rulebook())
    assert found[0].result.invoices[0].entries or found[0].result.credit_notes
    assert len(found) == 2
    free = snapshot(started(RecurringCharge("base", "Fee", "0")).cancel(on=date(2026, 4, 1)))
    assert forecast(free, bills=2, after=date(2025, 12, 31), rules=rulebook()) == ()
    charges = (FEE, UsageCharge("data", "Data", DATA, Matrix("zone", {"eu": 1})))
    halted = forecast(snapshot(started(*charges), usage=[used("1", 1, "2026-01-05")]), bills=9, after=date(2025, 12, 31), rules=rulebook())
    assert [type(each.result) for each in halted] == [Billed, Halted]
    for wrong, error in ((0, InvalidValueError), ("2", InvalidTypeError)):
        with pytest.raises(error):
            forecast(known, bills=wrong, after=START, rules=rulebook())


def test_an_interrupted_batch_is_taken_up_again():
    """Progress names the last account; the batch goes on after it, and refuses one that is not there."""
    many = [AccountSnapshot(account(f"A-{n}"), [started(FEE)]) for n in range(7)]
    told = []
    first = list(zip(range(3), bill_many(many, through=START, rules=rulebook(), chunk=3, progress=told.append), strict=False))
    assert [result.account.id for _, result in first] == ["A-0", "A-1", "A-2"]
    rest = list(bill_many(many, through=START, rules=rulebook(), chunk=3, progress=told.append, after="A-2"))
    assert [result.account.id for result in rest] == ["A-3", "A-4", "A-5", "A-6"]
    assert (told[-1].last, told[-1].done) == ("A-6", 4)
    assert list(bill_many(many, through=START, rules=rulebook(), sink=lambda results: len(list(results)), chunk=3, after="A-2")) == [3, 1]
    with pytest.raises(UnknownReferenceError):
        list(bill_many(many, through=START, rules=rulebook(), after="gone"))


def test_currency_and_zone_are_fixed_once_billed():
    """A newer state of the account replaces the older; what is fixed is refused, and so is another account."""
    known = snapshot(started(FEE))
    moved = known.add(account(zone=ZoneInfo("Asia/Tokyo")))
    assert moved.account.zone.key == "Asia/Tokyo"
    billed = run(known, START)
    assert billed.add(account(locale="en_GB")).account.locale == "en_GB"
    for changed in (account(zone=ZoneInfo("Asia/Tokyo")), account(currency="USD"), account("A-2")):
        with pytest.raises(RefusedError):
            billed.add(changed)


# ------------------------------------------------------------------------------------------------------------- bad input


class Mutating:
    """A price model that writes to what it is asked about."""

    code = "test:mutating"

    def work_out(self, measured):
        """Try to make the quantity cheaper."""
        measured.quantity = Decimal(0)


class Tampering(Mutating):
    """A convention that writes to the stretch."""

    def share(self, stretch):
        """Try to make the period longer."""
        stretch.whole_end = date(2099, 1, 1)


class Wrong:
    """A plugin that answers something else."""

    code = "test:wrong"

    def work_out(self, measured):
        """Return an amount."""
        return Decimal(1)

    def share(self, stretch):
        """Return more than the whole."""
        return (32, 31)


@pytest.mark.parametrize("plugin", [Mutating(), Tampering(), Wrong()])
def test_a_plugin_that_misbehaves_halts_the_account(plugin):
    """What a plugin is asked about can not be written to; it is named, and nothing is billed."""
    late = started(FEE, on=date(2026, 1, 17)).change_cycle(BillingCycle.on_day(1), on=date(2026, 1, 17))
    for known, rules in (
        (snapshot(started(RecurringCharge("base", "Fee", plugin))), rulebook()),
        (snapshot(late), rulebook(proration=plugin) if hasattr(plugin, "share") else None),
    ):
        if rules is not None:
            result = bill(known, through=date(2026, 2, 1), rules=rules)
            assert isinstance(result, Halted)
            assert result.problems[0].code == "PluginError"
            assert plugin.code in result.problems[0].text


def test_history_that_contradicts_what_was_issued_is_refused():
    """A number names one document for ever, and a document that was changed is another one."""
    known = run(snapshot(started(FEE)), START)
    other = run(snapshot(started(RecurringCharge("base", "Fee", "99"))), START).invoices[0]
    with pytest.raises(DuplicateIdError, match="what was issued never changes"):
        known.add(other)


def test_a_promise_stays_as_it_was_made():
    """A grant that is added again changes nothing; another promise under its id is refused, and taken under an id of its own."""
    promise = Grant("G-1", "acme:spring@1", Percent(10), START)
    known = snapshot(started(FEE)).add(promise)
    assert known.add(attrs.evolve(promise)) == known
    dearer = attrs.evolve(promise, benefit=Percent(50))
    with pytest.raises(DuplicateIdError, match="G-1: one id names one Grant; give the other another id"):
        known.add(dearer)
    assert [grant.id for grant in known.add(attrs.evolve(dearer, id="G-2")).grants] == ["G-1", "G-2"]


def test_what_documents_bill_and_the_snapshot_does_not_hold_halts_the_account():
    """A subscription, order or child that was left out of the snapshot is not credited; one that ended is."""
    order = Order("O", START, [Item(Product("visit", "Visit"), "30")])
    child = AccountSnapshot(account("B", payer="A-1"), [Subscription.start(plan(FEE), id="S-B", on=START)])
    known = run(snapshot(started(FEE), orders=[order], children=[child]), START)
    for name, left_out in (("S", {"subscriptions": ()}), ("O", {"orders": ()}), ("S-B", {"children": ()})):
        result = bill(attrs.evolve(known, **left_out), through=START, rules=rulebook())
        assert isinstance(result, Halted)
        assert result.problems[0].code == "UnknownReferenceError"
        assert result.problems[0].text.startswith(f"{name}: documents of account A-1 bill it")
    ended = bill(known.add(started(FEE).cancel(on=START)), through=START, rules=rulebook())
    assert [entry.facts.subscription_id for note in ended.credit_notes for entry in note.entries] == ["S"]


def test_a_charge_keeps_its_kind():
    """Usage is measured for a usage charge alone."""
    with pytest.raises(InvalidTypeError, match="keeps its kind"):
        measured_together([(0, START, date(2026, 2, 1))], [FEE])
