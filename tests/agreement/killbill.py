"""Kill Bill's cases on the public API: its words are translated, its arithmetic is not repeated."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from agreement.sweep import merge_items, net_items
from agreement.world import FREQUENCIES, CaseRefusedError, DifferenceError, account, day, day_or_none, owed, rounded, rules, same
from billing_domain import AccountSnapshot, Plan, Subscription, bill
from billing_domain.billing import next_billing_date
from billing_domain.catalog import Capacity, Event, Graduated, Level, Measured, Product, RecurringCharge, Tier, Timing, Volume
from billing_domain.errors import BillingError, OutOfOrderError
from billing_domain.money import add_up, exact, round_amount
from billing_domain.periods import ActualDays, BillingCycle, Days, FixedDays, Frequency, Schedule, Stretch
from billing_domain.subscriptions import Item, Order

Given = dict[str, Any]


def cycle_of(given: Given) -> BillingCycle:
    """Return the billing cycle; a cycle day of 0, or a period of days, hangs on the start."""
    return BillingCycle.on_day(given["bcd"]) if given.get("bcd") and FREQUENCIES[given["period"]].months else BillingCycle()


def subscription_of(given: Given, price: str = "1") -> Subscription:
    """Return one subscription to one recurring charge."""
    timing = Timing.IN_ADVANCE if given["billing_mode"] == "IN_ADVANCE" else Timing.IN_ARREARS
    charge = RecurringCharge("base", "Base", price, timing)
    plan = Plan("p", 1, "P", "EUR", [charge], FREQUENCIES[given["period"]])
    subscription = Subscription.start(plan, id="S", on=day(given["start"]), cycle=cycle_of(given))
    end = day_or_none(given.get("end"))
    return subscription if end is None else subscription.cancel(on=end)


def schedule_of(given: Given) -> Schedule:
    """Return the grid of periods."""
    return cycle_of(given).schedule(FREQUENCIES[given["period"]], start=day(given["start"]))


def owed_of(given: Given, price: str = "1") -> list[Any]:
    """Return what is owed up to the target; greedy arrears are billed once the period has begun before the target."""
    target = day(given["target"])
    if given.get("in_arrear_mode") == "GREEDY" and given["billing_mode"] == "IN_ARREAR":
        target = _greedy_end(given, target)
    return owed(AccountSnapshot(account(), [subscription_of(given, price)]), target)


def _greedy_end(given: Given, target: date) -> date:
    start = day(given["start"])
    return schedule_of(given).period_at(target - timedelta(days=1)).end if target > start else target


def cycle_count(given: Given, expect: Given, case: Given) -> None:
    """The shares of all periods that are due, each to nine places."""
    pieces = [piece for facts in owed_of(given) for piece in facts.pieces]
    same("cycles", add_up(rounded(Fraction(piece.part, piece.of), 9) for piece in pieces), Decimal(expect["cycles"]))
    if "terms" in expect:
        same("terms", sum(Fraction(piece.part, piece.of) for piece in pieces), sum(Fraction(term) for term in expect["terms"]))


def date_sequence_error(given: Given, expect: Given, case: Given) -> None:
    """An end before the start is refused; a target before the start is no mistake here."""
    try:
        found = owed_of(given)
    except OutOfOrderError:
        return
    if found:
        raise DifferenceError(f"ours bills {len(found)} periods, theirs refuses")
    raise CaseRefusedError("a run before the start answers that nothing is due: a batch may hold accounts that start later")


def interval_detail(given: Given, expect: Given, case: Given) -> None:
    """Where the grid begins, up to where is billed, and when the next run is worth while."""
    start, target, end = day(given["start"]), day(given["target"]), day_or_none(given.get("end"))
    schedule = schedule_of(given)
    number = schedule.number_at(start)
    first = start if schedule.boundary(number) == start else schedule.boundary(number + 1)
    facts = owed_of(given)
    upto = max((each.end for each in facts), default=None)
    if "first_bcd" in expect:
        same("first_bcd", first, day(expect["first_bcd"]))
    if "effective_end" in expect:
        same("effective_end", upto, day_or_none(expect["effective_end"]))
    if "has_something_to_bill" in expect:
        same("has_something_to_bill", upto is not None, expect["has_something_to_bill"])
    last = max((boundary for boundary in _boundaries(schedule, first, upto or first) if boundary <= (upto or first)), default=first)
    if "last_bcd" in expect:
        same("last_bcd", last, day_or_none(expect["last_bcd"]))
    if "next_bcd" in expect:
        since = upto if upto is not None else max(start, min(target, end or target))
        following = schedule.period_at(since).end
        same("next_bcd", upto if given["billing_mode"] == "IN_ADVANCE" and upto is not None else following, day_or_none(expect["next_bcd"]))
    if "whole_periods_first_to_last_bcd" in expect:
        same("whole periods", schedule.number_at(last) - schedule.number_at(first), expect["whole_periods_first_to_last_bcd"])


def _boundaries(schedule: Schedule, first: date, last: date) -> list[date]:
    return [schedule.boundary(number) for number in range(schedule.number_at(first), schedule.number_at(last) + 1)]


def period_list(given: Given, expect: Given, case: Given) -> None:
    """The stretches that are due."""
    same("periods", [[str(facts.start), str(facts.end)] for facts in owed_of(given)], expect["periods"])


def _convention(given: Given) -> Any:
    return FixedDays(given["fixed_days_in_month"]) if given.get("fixed_days_in_month") else ActualDays()


def _fraction(given: Given, start: date, end: date, whole: tuple[date, date]) -> Decimal:
    if (start, end) == whole:
        return Decimal("1.000000000")
    part, of = _convention(given).share(Stretch(start, end, *whole))
    return rounded(Fraction(part, of), 9)


def proration_leading(given: Given, expect: Given, case: Given) -> None:
    """The share of the period before the first boundary."""
    start, following = day(given["start"]), day(given["next_bcd"])
    before = Schedule(FREQUENCIES[given["period"]], following).boundary(-1)
    same("fraction", _fraction(given, start, following, (before, following)), rounded(Decimal(expect["fraction"]), 9))


def proration_trailing(given: Given, expect: Given, case: Given) -> None:
    """The share of the last period that was begun."""
    start, end = day(given["period_start"]), day(given["end"])
    following = Schedule(FREQUENCIES[given["period"]], start).boundary(1)
    same("fraction", _fraction(given, start, end, (start, following)), rounded(Decimal(expect["fraction"]), 9))


def fixed_days_between(given: Given, expect: Given, case: Given) -> None:
    """Days in months of a fixed length."""
    start, end = day(given["start"]), day(given["end"])
    if not given.get("fixed_days_in_month"):
        same("days", Days(start, end).days, expect["days"])
        return
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = Schedule(Frequency.monthly(), start).boundary(months)
    same("days", _convention(given).share(Stretch(start, end, start, whole)).part, expect["days"])


def whole_periods(given: Given, expect: Given, case: Given) -> None:
    """How many whole periods lie between two days."""
    schedule = Schedule(FREQUENCIES[given["period"]], day(given["start"]))
    same("count", schedule.number_at(day(given["end"])), expect["count"])


def step_periods(given: Given, expect: Given, case: Given) -> None:
    """The day so many periods on or back."""
    same("date", Schedule(FREQUENCIES[given["period"]], day(given["start"])).boundary(given["n"]), day(expect["date"]))


def recurring_event(given: Given, expect: Given, case: Given) -> None:
    """The items of one price, and the next day on which something falls due."""
    items = [
        {"type": "RECURRING", "start": str(facts.start), "end": str(facts.end), "amount": str(facts.amount)}
        for facts in owed_of(given, given["price"])
        if facts.amount or "items" not in expect or any(Decimal(item["amount"]) == 0 for item in expect["items"])
    ]
    if "items" in expect:
        same("items", items, [{key: item[key] for key in ("type", "start", "end", "amount")} for item in expect["items"]])
    if "next_notification" in expect:
        following = next_billing_date(AccountSnapshot(account(), [subscription_of(given, given["price"])]), after=day(given["target"]))
        same("next_notification", following, day_or_none(expect["next_notification"]))


def net_view(given: Given, expect: Given, case: Given) -> None:
    """What is still billed once repairs are applied: a day sweep over foreign items, exact and rounded once."""
    _compare_sweep(lambda: net_items(given["existing"]), expect)


def repair_merge(given: Given, expect: Given, case: Given) -> None:
    """What a history owes beyond foreign items: a day sweep, since foreign items name no charge and no period."""
    _compare_sweep(lambda: merge_items(given["existing"], given["proposed"]), expect)


def _compare_sweep(sweep: Any, expect: Given) -> None:
    try:
        items = sweep()
    except BillingError as error:
        if "error" not in expect:
            raise DifferenceError(f"ours refuses: {error}") from error
        return
    if "error" in expect:
        raise DifferenceError(f"theirs refuses with {expect['error']}, ours says {items}")
    same("items", _shown(items), _shown(expect["items"]))


def _shown(items: list[Given]) -> list[tuple[str, ...]]:
    return sorted((item["type"], item["start"], item.get("end") or item["start"], str(Decimal(item["amount"]))) for item in items)


# ------------------------------------------------------------------------------------------------------- invoice runs


def invoice_run(given: Given, expect: Given, case: Given) -> None:
    """Runs on one account, each with all that came before."""
    if given.get("existing_items"):
        if expect.get("error"):
            raise CaseRefusedError(
                "documents that bill a day twice are not a reason to stop: the next run credits what is billed beyond what is owed"
            )
        raise CaseRefusedError("items without charge and period are foreign documents: they enter as an opening, not as lines to reconcile")
    host = _Host(given)
    for number, (run, wanted) in enumerate(zip(given["runs"], expect["runs"], strict=False)):
        items = host.run(run)
        _compare_run(f"run {number + 1}", items, wanted)


def _compare_run(name: str, items: list[tuple[str, str, str, Decimal]], wanted: Given) -> None:
    if wanted.get("no_invoice"):
        same(f"{name} items", items, [])
        return
    if "item_count" in wanted:
        same(f"{name} count {items}", len(items), wanted["item_count"])
    if "invoice_total" in wanted:
        same(f"{name} total", add_up(item[3] for item in items), Decimal(wanted["invoice_total"]))
    for item in wanted.get("items", ()):
        keys = [key for key in ("type", "start", "end", "amount") if item.get(key) is not None]
        found = [_asked(each, keys) for each in items]
        mine = tuple(str(Decimal(item[key])) if key == "amount" else item[key] for key in keys)
        if mine not in found:
            raise DifferenceError(f"{name}: theirs has {mine}, ours {found}")


def _asked(item: tuple[str, str, str, Decimal], keys: list[str]) -> tuple[str, ...]:
    shown = {"type": item[0], "start": item[1], "end": item[2], "amount": str(item[3])}
    return tuple(shown[key] for key in keys)


class _Host:
    """A host that turns events into subscriptions and orders, and issues what billing proposes."""

    def __init__(self, given: Given) -> None:
        self.timing = Timing.IN_ADVANCE if given["billing_mode"] == "IN_ADVANCE" else Timing.IN_ARREARS
        self.currency = given.get("currency", "USD")
        self.rules = rules(proration=_convention(given))
        self.snapshot = AccountSnapshot(account(currency=self.currency))
        self.events: dict[str, Given] = {}
        self.serial = 0

    def run(self, run: Given) -> list[tuple[str, str, str, Decimal]]:
        """Enter the events and bill."""
        for event in run.get("new_events", ()):
            self._enter(event)
        result = bill(self.snapshot, through=day(run["target"]), rules=self.rules)
        items: list[tuple[str, str, str, Decimal]] = []
        for draft in (*result.invoices, *result.credit_notes):
            self.serial += 1
            for line in getattr(draft, "lines", ()):
                if line.facts.amount:
                    kind = "FIXED" if line.facts.kind.value == "order" else "RECURRING"
                    items.append((kind, str(line.facts.start), str(line.facts.end), line.facts.amount))
            items += [("REPAIR_ADJ", str(entry.facts.start), str(entry.facts.end), -entry.list_amount) for entry in draft.entries]
            on = max(day(run["target"]), getattr(draft, "invoice_on", day(run["target"])))
            self.snapshot = self.snapshot.add(draft.issue(number=f"N-{self.serial:04}", on=on))
        return items

    def _enter(self, event: Given) -> None:
        on = day(event["date"])
        if event.get("fixed") is not None and Decimal(event["fixed"]):
            self._fixed(event, on)
        before = self.events.get(event["sub"])
        self.events[event["sub"]] = event
        plan = self._plan(event)
        cycle = BillingCycle.on_day(event["bcd"]) if event.get("bcd") and FREQUENCIES[event["period"]].months else BillingCycle()
        if before is None:
            self.snapshot = self.snapshot.add(Subscription.start(plan, id=event["sub"], on=on, cycle=cycle))
            return
        subscription = self.snapshot.subscription(event["sub"])
        late = on if any(change.on is not None and change.on > on for change in subscription.changes) else None
        if on < subscription.start_on:
            raise CaseRefusedError("a subscription that began earlier than known is a new subscription, not a change")
        if (before.get("bcd"), before["period"]) != (event.get("bcd"), event["period"]):
            subscription = subscription.change_cycle(cycle, on=on, recorded=late)
        self.snapshot = self.snapshot.add(subscription.change_plan(plan, on=on, recorded=late))

    def _fixed(self, event: Given, on: date) -> None:
        product = Product(f"fixed-{event['sub']}", "Fixed")
        name = f"{event['sub']}/{on}/{event.get('plan')}/{event['fixed']}"
        self.snapshot = self.snapshot.add(Order(name, on, [Item(product, event["fixed"])]))

    def _plan(self, event: Given) -> Plan:
        name = f"{event.get('plan')}-{event.get('phase')}-{event.get('recurring')}"
        price = event.get("recurring")
        charges = [] if price is None else [RecurringCharge(f"base-{name}", "Base", price, self.timing)]
        return Plan(f"plan-{name}", 1, "Plan", self.currency, charges, FREQUENCIES[event["period"]])


# -------------------------------------------------------------------------------------------------------------- usage


def _model(policy: str, tiers: list[Given]) -> Graduated | Volume:
    bound, found = Decimal(0), []
    for number, tier in enumerate(tiers, 1):
        size = Decimal(tier["block_size"])
        last = number == len(tiers) or tier["max_blocks"] is None
        bound += size * Decimal(tier["max_blocks"] or 0)
        found.append(Tier(None if last else bound, tier["price_per_block"], package=size))
    return Graduated(found) if policy == "ALL_TIERS" else Volume(found)


def _steps(policy: str, tiers: list[Given], quantity: str | Decimal) -> list[Any]:
    with exact():
        return [step for step in _model(policy, tiers).work_out(Measured(quantity)).steps if step.quantity]


def usage_consumable(given: Given, expect: Given, case: Given) -> None:
    """Blocks of units in tiers: all tiers that are reached, or the top one for everything."""
    steps = _steps(given["policy"], given["tiers"], given["quantity"])
    if "tier_amounts" in expect:
        same("tiers", [step.amount for step in steps], [Decimal(amount) for amount in expect["tier_amounts"]])
    if "total" in expect:
        same("total", add_up(step.amount for step in steps), Decimal(expect["total"]))


def usage_consumable_multi(given: Given, expect: Given, case: Given) -> None:
    """Several units, each with tiers of its own."""
    found = [
        (unit, int(step.code.split("-")[1]), step.quantity, step.price, step.amount)
        for unit, asked in given["units"].items()
        for step in _steps(given["policy"], asked["tiers"], asked["quantity"])
    ]
    if "total" in expect:
        same("total", add_up(row[4] for row in found), Decimal(expect["total"]))
    if "details" in expect:
        wanted = [(row["unit"], row["tier"], *(Decimal(row[key]) for key in ("quantity", "price", "amount"))) for row in expect["details"]]
        same("details", sorted(found), sorted(wanted))


def usage_consumable_delta(given: Given, expect: Given, case: Given) -> None:
    """What is left to bill of tiers that were billed in part."""
    if "units" in given:
        raise CaseRefusedError("what was billed is compared by charge and period, not by unit and tier of another system's line")
    billed = {int(row["tier"]): Decimal(str(row["quantity"])) for row in _billed_rows(given)}
    rows = []
    for step in _steps(given["policy"], given["tiers"], given["quantity"]):
        number = int(step.code.split("-")[1])
        left = step.quantity - billed.get(number, Decimal(0))
        if left:
            rows.append((number, left, left * step.price))
    if "total" in expect:
        same("total", add_up(row[2] for row in rows), Decimal(expect["total"]))


def _billed_rows(given: Given) -> list[Given]:
    for key in ("already_billed", "billed", "existing", "already_billed_blocks"):
        if key in given:
            rows = given[key]
            return rows if isinstance(rows, list) else [{"tier": number, "quantity": quantity} for number, quantity in rows.items()]
    return []


def usage_delta_amount(given: Given, expect: Given, case: Given) -> None:
    """The amount of a period less what was billed of it, both rounded."""
    start, end = (day(text) for text in given["period"])
    quantity = add_up(Decimal(amount) for on, amount in given["records"] if start <= day(on) < end)
    full = round_amount(add_up(step.amount for step in _steps(given["policy"], given["tiers"], quantity)), given.get("currency", "USD"))
    left = full - Decimal(given.get("already_billed_amount") or "0")
    if "full_amount" in expect:
        same("full amount", full, round_amount(expect["full_amount"], "USD"))
    if "to_bill" in expect:
        same("to bill", left, round_amount(expect["to_bill"], "USD"))
    if "items" in expect:
        same("items", int(left != 0), expect["items"])


def usage_capacity(given: Given, expect: Given, case: Given) -> None:
    """The first tier that holds every peak."""
    levels = [
        Level(tier["price"], {unit: limit for unit, limit in tier["limits"].items() if limit is not None and number < len(given["tiers"])})
        for number, tier in enumerate(given["tiers"], 1)
    ]
    events = tuple(Event(Decimal(peak), (("unit", unit),)) for unit, peak in given["peak_usage"].items())
    amount = Capacity(levels, by="unit").work_out(Measured(0, events)).total - Decimal(given.get("already_billed_amount") or "0")
    if "amount" in expect:
        same("amount", amount, Decimal(expect["amount"]))
    if "items" in expect:
        same("items", int(amount != 0), expect["items"])


ADAPTERS = {
    adapter.__name__: adapter
    for adapter in (
        cycle_count,
        date_sequence_error,
        interval_detail,
        period_list,
        proration_leading,
        proration_trailing,
        fixed_days_between,
        whole_periods,
        step_periods,
        recurring_event,
        net_view,
        repair_merge,
        invoice_run,
        usage_consumable,
        usage_consumable_multi,
        usage_consumable_delta,
        usage_delta_amount,
        usage_capacity,
    )
}
