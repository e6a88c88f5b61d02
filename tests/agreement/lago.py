"""Lago's cases on the public API: its words are translated, its arithmetic is not repeated."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from agreement.world import CaseRefusedError, DifferenceError, OtherPartError, account, day, major, minor, owed, rounded, rules, same
from billing_domain import AccountSnapshot, Plan, Subscription, UsageRecord, bill
from billing_domain.catalog import (
    Bounded,
    CommitmentCharge,
    Event,
    Graduated,
    GraduatedPercentage,
    Measured,
    Meter,
    Package,
    Percentage,
    PercentTier,
    PerUnit,
    Phase,
    RecurringCharge,
    Step,
    Tier,
    Timing,
    UsageCharge,
    Volume,
    Working,
)
from billing_domain.money import add_up, exact
from billing_domain.periods import BillingCycle, Frequency, local_day, start_of_day
from billing_domain.subscriptions import Effective, effective_day

Given = dict[str, Any]
ONE_DAY = timedelta(days=1)
INTERVALS = {"weekly": Frequency.weekly(), "monthly": Frequency.monthly(), "quarterly": Frequency.quarterly(), "yearly": Frequency.yearly()}


def quirks(adapter: Any) -> Any:
    """Count a difference as refused where the case itself calls its figure a quirk of the source."""

    def judged(given: Given, expect: Given, case: Given) -> None:
        try:
            adapter(given, expect, case)
        except DifferenceError as difference:
            if any(word in str(case.get("note", "")).lower() for word in ("quirk", "defect", "float")):
                raise CaseRefusedError(f"the case calls its figure a quirk of the source: {case['note']}") from difference
            raise

    judged.__name__ = adapter.__name__
    return judged


# ------------------------------------------------------------------------------------------------------------- prices


def _number(value: Any) -> Decimal | None:
    return None if value is None or not Decimal(value) else Decimal(value)


def _up_to(ranges: list[Given], number: int) -> Decimal | None:
    return None if number == len(ranges) - 1 else Decimal(ranges[number]["to_value"])


def _tiers(ranges: list[Given]) -> list[Tier]:
    return [
        Tier(_up_to(ranges, number), each.get("per_unit_amount") or "0", each.get("flat_amount") or "0")
        for number, each in enumerate(ranges)
    ]


def _percent_tiers(ranges: list[Given]) -> list[PercentTier]:
    return [PercentTier(_up_to(ranges, number), each["rate"], each.get("flat_amount") or "0") for number, each in enumerate(ranges)]


def _percentage(properties: Given) -> Percentage:
    free = properties.get("free_units_per_events")
    return Percentage(
        properties["rate"],
        properties.get("fixed_amount") or "0",
        free_events=int(free) if free else None,
        free_amount=_number(properties.get("free_units_per_total_aggregation")),
        minimum=properties.get("per_transaction_min_amount") or "0",
        maximum=properties.get("per_transaction_max_amount"),
    )


def _ranges(properties: Given) -> list[Given]:
    return next(
        properties[name] for name in ("ranges", "graduated_ranges", "volume_ranges", "graduated_percentage_ranges") if name in properties
    )


def _model(given: Given) -> Any:
    properties = given["properties"]
    match given["model"]:
        case "standard":
            return PerUnit(properties["amount"])
        case "graduated":
            return Graduated(_tiers(_ranges(properties)))
        case "graduated_percentage":
            return GraduatedPercentage(_percent_tiers(_ranges(properties)))
        case "volume":
            return Volume(_tiers(_ranges(properties)))
        case "package":
            return Package(properties["amount"], size=properties["package_size"], included=properties.get("free_units") or "0")
        case "percentage":
            return _percentage(properties)
        case other:
            raise CaseRefusedError(f"a {other} amount is the host's own figure: a price model of its own, or an order")


def _events(given: Given) -> tuple[Event, ...]:
    """Return single events: those that are given, else those whose sums are, with the rest in one more."""
    units = Decimal(given["units"])
    if given.get("per_event_units"):
        return tuple(Event(Decimal(amount)) for amount in given["per_event_units"])
    if given["model"] != "percentage":
        return ()
    sums = [Decimal(0), *(Decimal(amount) for amount in given.get("running_totals") or ())]
    amounts = [later - before for before, later in pairwise(sums)]
    rest = max(int(given.get("events_count") or 1) - len(amounts), 0)
    return tuple(Event(amount) for amount in [*amounts, *([units - sums[-1]] if rest else []), *[Decimal(0)] * (rest - 1)])


@quirks
def charge_model(given: Given, expect: Given, case: Given) -> None:
    """A quantity at a price model: amount, amount of one unit, and what is free and paid."""
    units = Decimal(given["units"])
    if given["model"] == "percentage" and not units:
        same("amount", Decimal(0), Decimal(expect.get("amount", "0")))
        return
    events = _events(given)
    full = given.get("full_units")
    if given["model"] == "volume" and given.get("prorated") and full:
        working = _prorated_volume(given, Decimal(full), units)
    else:
        working = _model(given).work_out(Measured(units, events))
    if "amount" in expect:
        same("amount", working.total, Decimal(expect["amount"]))
    breakdown = expect.get("breakdown") or {}
    _breakdown(given, working, len(events), breakdown)
    paid = Decimal(breakdown["paid_units"]) if given["model"] == "package" and "paid_units" in breakdown else Decimal(full or units)
    _unit_amount(working.total, paid, expect)


def _prorated_volume(given: Given, full: Decimal, units: Decimal) -> Working:
    """Take the tier of all units, and price those that a part of the period bears."""
    reached = _model(given).work_out(Measured(full))
    return Working([step if step.code.endswith("-flat") else step._replace(quantity=units) for step in reached.steps])


def _unit_amount(total: Decimal, units: Decimal, expect: Given) -> None:
    with exact():
        each = total / units if units else Decimal(0)
    if "unit_amount" in expect:
        wanted = Decimal(expect["unit_amount"])
        places = max(-int(wanted.as_tuple().exponent), 0)
        same("unit amount", rounded(each, places), wanted)
    if "unit_amount_rounded" in expect:
        asked = expect["unit_amount_rounded"]
        same("unit amount", rounded(each, asked["places"]), rounded(Decimal(asked["value"]), asked["places"]))


def _breakdown(given: Given, working: Working, events: int, wanted: Given) -> None:
    steps = {step.code: step for step in working.steps}
    nothing = Step("", Decimal(0), Decimal(0))
    if given["model"] == "package":
        units, free = Decimal(given["units"]), Decimal(given["properties"].get("free_units") or "0")
        found = {"free_units": min(units, free), "paid_units": max(units - free, Decimal(0))}
    elif given["model"] == "percentage":
        fixed, rate = steps.get("fixed", nothing), steps.get("percentage", nothing)
        paid = fixed.quantity if "fixed" in steps else None
        found = {
            "free_units": steps.get("free", nothing).quantity,
            "paid_units": rate.quantity,
            "variable_amount": rate.amount,
            "fixed_total": fixed.amount,
        }
        if paid is not None:
            found |= {"paid_events": paid, "free_events": Decimal(events) - paid}
    else:
        return
    for name, ours in found.items():
        if name in wanted:
            same(name, ours, Decimal(wanted[name]))


@quirks
def charge_tier(given: Given, expect: Given, case: Given) -> None:
    """What one tier of several charges."""
    asked, units = given["range"], Decimal(given["total_units"])
    start, end = Decimal(asked["from_value"]), asked.get("to_value")
    lower = start if given["adjacent"] or not start else start - 1
    percent = "percentage" in given["model"]
    kind: Any = PercentTier if percent else Tier
    tiers = [kind(lower)] if lower > 0 else []
    tiers.append(kind(end, asked["rate"] if percent else asked["per_unit_amount"], asked.get("flat_amount") or "0"))
    tiers += [kind(None)] if end is not None else []
    model = GraduatedPercentage(tiers) if percent else Graduated(tiers)
    code = f"tier-{2 if lower > 0 else 1}"
    steps = {step.code: step for step in model.work_out(Measured(units)).steps}
    main, flat = steps.get(f"{code}-percent" if percent else code), steps.get(f"{code}-flat")
    found = {
        "units": main.quantity if main else Decimal(0),
        "variable_amount": main.amount if main else Decimal(0),
        "flat_amount": flat.amount if flat else Decimal(0),
    }
    found["total"] = found["variable_amount"] + found["flat_amount"]
    for name, wanted in expect.items():
        same(name, found[name], Decimal(wanted))


class ProratedGraduated:
    """A plugin: units fill the tiers whole, and each pays for the share of the period in which it was there."""

    code = "agreement:prorated-graduated"

    def __init__(self, tiers: list[Tier]) -> None:
        self.tiers = tiers

    def work_out(self, measured: Measured) -> Working:
        """Return a step for each event in each tier that it fills; an event states its share of the period."""
        steps, filled, touched = [Step("nothing", Decimal(0), Decimal(0))], Decimal(0), set[int]()
        for event in measured.events:
            share = Decimal(dict(event.properties)["prorated"]) / event.quantity if event.quantity else Decimal(0)
            low, high = sorted((filled, filled + event.quantity))
            sign = 1 if event.quantity >= 0 else -1
            for number, tier in enumerate(self.tiers):
                lower = self.tiers[number - 1].up_to if number else Decimal(0)
                inside = min(high, tier.up_to if tier.up_to is not None else high) - max(low, lower or Decimal(0))
                if inside > 0:
                    touched.add(number)
                    steps.append(Step(f"tier-{number + 1}", sign * inside * share, tier.price))
            filled += event.quantity
        steps += [Step(f"tier-{number + 1}-flat", Decimal(1), self.tiers[number].flat) for number in sorted(touched | {0})]
        return Working(steps)


@quirks
def prorated_graduated(given: Given, expect: Given, case: Given) -> None:
    """Units that come and go within a period, by a price model of the adapter's own."""
    pairs = zip(given["event_full_units"], given["event_prorated_units"], strict=True)
    events = tuple(Event(Decimal(full), (("prorated", prorated),)) for full, prorated in pairs)
    with exact():
        total = ProratedGraduated(_tiers(given["ranges"])).work_out(Measured(0, events)).total
    asked = expect["amount_rounded"]
    same("amount", rounded(total, asked["places"]), Decimal(asked["value"]))
    full = add_up(event.quantity for event in events)
    _unit_amount(total, full, expect)


# ------------------------------------------------------------------------------------------------------ subscriptions


def _plan(code: str, given: Given, amount: int, *charges: Any) -> Plan:
    timing = Timing.IN_ADVANCE if given.get("pay_in_advance") else Timing.IN_ARREARS
    phases = [Phase.trial(days=int(given["trial_days"]))] if given.get("trial_days") else []
    base = RecurringCharge(f"base-{code}", "Plan", major(amount), timing)
    return Plan(code, 1, "Plan", "EUR", [base, *charges], INTERVALS[given["interval"]], phases=phases)


def _cycle(given: Given) -> BillingCycle:
    return BillingCycle.calendar() if given.get("billing_time") == "calendar" else BillingCycle.anniversary()


@quirks
def subscription_fee(given: Given, expect: Given, case: Given) -> None:
    """The fee of one period."""
    if given.get("adjustment"):
        raise CaseRefusedError("an amount that a person writes over a computed one is a correction on a document, not a fee")
    first, last = (day(text) for text in given["period"])
    subscription = Subscription.start(
        _plan("p", given, given["plan_amount_minor"]), id="S", on=day(given["started_at"]), cycle=_cycle(given)
    )
    if given.get("terminated") or given.get("replaced_by_upgrade"):
        subscription = subscription.cancel(on=last if given.get("replaced_by_upgrade") else last + ONE_DAY)
    facts = [each for each in owed(AccountSnapshot(account(), [subscription]), last + ONE_DAY) if each.start <= last and each.end > first]
    same("fee", minor(add_up(each.amount for each in facts)), expect["amount_minor"])
    if "precise_minor" in expect:
        wanted = Decimal(expect["precise_minor"])
        with exact():
            same("exact fee", abs(add_up(each.exact for each in facts) * 100 - wanted) < Decimal("1e-9"), True)


class _Host:
    """A host that enters changes and issues what billing proposes."""

    def __init__(self, given: Given, tax: str) -> None:
        self.rules, self.serial = rules(tax=tax), 0
        self.zone = ZoneInfo(given.get("timezone", "UTC"))
        self.snapshot = AccountSnapshot(account(zone=self.zone, cycle=_cycle(given)))
        self.fees: list[int] = []
        self.credits: list[Any] = []
        self.invoices: list[int] = []

    def day(self, text: str) -> date:
        """Return the local day of an instant or a day."""
        if "T" not in text:
            return day(text)
        instant = datetime.fromisoformat(text)
        return local_day(instant if instant.tzinfo else instant.replace(tzinfo=UTC), self.zone)

    def enter(self, subscription: Subscription) -> None:
        """Enter a subscription."""
        self.snapshot = self.snapshot.add(subscription)

    def bill(self, on: date) -> None:
        """Bill, and issue."""
        result = bill(self.snapshot, through=on, rules=self.rules)
        for draft in (*result.invoices, *result.credit_notes):
            self.serial += 1
            self.fees += [minor(line.list_amount) for line in getattr(draft, "lines", ()) if line.list_amount]
            self.credits += draft.entries
            if hasattr(draft, "lines"):
                self.invoices.append(minor(draft.totals.payable_amount) + sum(minor(entry.total_amount) for entry in draft.entries))
            self.snapshot = self.snapshot.add(draft.issue(number=f"N-{self.serial:03}", on=max(on, getattr(draft, "invoice_on", on))))


KNOWN_CHANGES = {"fees_minor_in_order", "credit_notes_minor_in_order", "credit_notes_count", "invoices_count"}


@quirks
def plan_change(given: Given, expect: Given, case: Given) -> None:
    """Upgrades at once, downgrades at the end of the period, each billed on its day."""
    unread = sorted(set(expect) - KNOWN_CHANGES)
    if unread:
        raise OtherPartError(f"the adapter does not read {', '.join(unread)}")
    host = _Host(given, given.get("tax_rate", "0"))
    subscription: Any = None
    for number, step in enumerate(given["steps"]):
        on = host.day(step["on"])
        plan = _plan(f"p{number}", step["plan"], step["plan"]["amount_minor"]) if "plan" in step else None
        subscription = _stepped(subscription, step["action"], plan, on, _cycle(given))
        host.enter(subscription)
        host.bill(on)
    found = {"fees_minor_in_order": host.fees, "credit_notes_minor_in_order": [minor(entry.total_amount) for entry in host.credits],
             "credit_notes_count": len(host.credits), "invoices_count": len(host.invoices)}  # fmt: skip
    for name, wanted in expect.items():
        same(name, found[name], wanted)


def _stepped(subscription: Any, action: str, plan: Any, on: date, cycle: BillingCycle) -> Subscription:
    match action:
        case "start":
            return Subscription.start(plan, id="S", on=on)
        case "upgrade":
            return subscription.change_plan(plan, on=on)
        case "downgrade":
            return subscription.change_plan(plan, on=effective_day(subscription, Effective.AT_PERIOD_END, asked=on, cycle=cycle))
        case "terminate":
            return subscription.cancel(on=on + ONE_DAY)
        case _:
            return subscription


def fixed_charge_upgrade(given: Given, expect: Given, case: Given) -> None:
    """Items that are billed by the old plan and by the new one for the same days."""
    raise CaseRefusedError("an item that both plans have is billed once for a day, and what is not used of it comes back")


@quirks
def termination_credit(given: Given, expect: Given, case: Given) -> None:
    """What comes back for paid days after the last one."""
    host = _Host(given, given.get("tax_rate", "0"))
    start, end = host.day(given["started_at"]), host.day(given["terminated_at"])
    subscription = Subscription.start(_plan("p", given, given["plan_amount_minor"]), id="S", on=start)
    host.enter(subscription)
    host.bill(start)
    first = list(host.invoices)
    on = end + ONE_DAY
    if given.get("unused") == "skip":
        on = effective_day(subscription, Effective.AT_PERIOD_END, asked=end, cycle=_cycle(given))
    host.enter(subscription.cancel(on=on))
    host.bill(end)
    found = {
        "first_invoice_total_minor": sum(first),
        "termination_invoice_total_minor": sum(host.invoices) - sum(first),
        "credit_note_subtotal_minor": sum(minor(entry.net_amount) for entry in host.credits),
        "credit_note_tax_minor": sum(minor(entry.tax_amount) for entry in host.credits),
        "credit_note_total_minor": sum(minor(entry.total_amount) for entry in host.credits),
    }
    read = [name for name in expect if name in found]
    if not read:
        raise OtherPartError("how a credit is paid out is the host's decision on a credit note")
    for name in read:
        same(name, found[name], expect[name] or 0)


@quirks
def commitment_true_up(given: Given, expect: Given, case: Given) -> None:
    """What a period falls short of a commitment, before discount."""
    meter = Meter("other")
    other = UsageCharge("other", "Other fees", meter, "0.01")
    commitment = CommitmentCharge("commitment", "Minimum", major(given["commitment_minor"]))
    plan = _plan("p", given, given["plan_amount_minor"], other, commitment)
    cycle, start = _cycle(given), day(given["started_at"])
    subscription = Subscription.start(plan, id="S", on=start, cycle=cycle)
    schedule = cycle.schedule(INTERVALS[given["interval"]], start=start)
    if "billed_on" in given:
        period = schedule.period_at(day(given["billed_on"]) - ONE_DAY)
    else:
        period = schedule.period(schedule.number_at(start) + given["period_number"] - 1)
    at = start_of_day(max(start, period.start), ZoneInfo("UTC"))
    record = UsageRecord("U", "S", meter, given.get("other_fees_minor") or 0, at)
    facts = [each for each in owed(AccountSnapshot(account(), [subscription], [record]), period.end) if each.slot == period.start]
    found = {each.charge: minor(each.amount) for each in facts}
    same("true-up", found.get("commitment", 0), expect["true_up_minor"] or 0)
    if "subscription_fee_minor" in expect:
        same("fee", found["base-p"], expect["subscription_fee_minor"])
    if "invoice_total_minor" in expect:
        same("invoice", sum(found.values()), expect["invoice_total_minor"])


@quirks
def charge_minimum_true_up(given: Given, expect: Given, case: Given) -> None:
    """What a charge falls short of its minimum, for a part of a period its share."""
    if given.get("pricing_unit_conversion_rate"):
        raise CaseRefusedError("a currency of a seller's own is a price: one unit at its rate, with the minimum in money")
    first, last = (day(text) for text in given["period"])
    days, of = (last - first).days + 1, given["full_period_days"]
    used = major(given["used_minor"])
    working = Bounded(PerUnit(used), minimum=major(given["minimum_minor"])).work_out(Measured(1, (), days, of))
    with exact():
        missing = (working.total - used) * 100
    same("true-up", int(rounded(missing, 0)) or None, expect["true_up_minor"] or None)
    if "precise_minor" in expect:
        with exact():
            same("exact true-up", abs(missing - Decimal(expect["precise_minor"])) < Decimal("1e-6"), True)


@quirks
def billing_period(given: Given, expect: Given, case: Given) -> None:
    """The first or the last instant of the period that is billed on a day."""
    zone = ZoneInfo(given.get("timezone", "UTC"))
    start, asked = day(given["subscription_at"]), day(given["billing_at"])
    schedule = _cycle(given).schedule(INTERVALS[given["interval"]], start=start)
    if given.get("terminated_at"):
        period = schedule.period_at(day(given["terminated_at"]) - (timedelta() if given.get("pay_in_advance") else ONE_DAY))
    else:
        period = schedule.period_at(asked if given.get("pay_in_advance") else asked - ONE_DAY)
    if "from_utc" in expect:
        same("from", f"{start_of_day(max(period.start, start), zone):%Y-%m-%dT%H:%M:%SZ}", expect["from_utc"])
    if "to_utc" in expect:
        end = period.end if not given.get("terminated_at") else min(period.end, day(given["terminated_at"]) + ONE_DAY)
        same("to", f"{start_of_day(end, zone) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}", expect["to_utc"])


ADAPTERS = {
    adapter.__name__: adapter
    for adapter in (
        charge_model, charge_tier, prorated_graduated, subscription_fee, plan_change, fixed_charge_upgrade, termination_credit,
        commitment_true_up, charge_minimum_true_up, billing_period,
    )
}  # fmt: skip
