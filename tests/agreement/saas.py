"""Worked examples of commercial products on the public API."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from agreement.world import CaseRefusedError, OtherPartError, account, day, owed, rules, same
from billing_domain import AccountSnapshot, Plan, Subscription, UsageRecord, bill
from billing_domain.billing import next_billing_date
from billing_domain.catalog import (
    Bounded,
    CommitmentCharge,
    Graduated,
    GraduatedPercentage,
    Measured,
    Meter,
    Package,
    PercentTier,
    RecurringCharge,
    Stairstep,
    Tier,
    UsageCharge,
    Volume,
)
from billing_domain.money import round_amount, round_decimal
from billing_domain.periods import ActualDays, BillingCycle, FixedDays, Frequency, FrequencyUnit, Schedule, Stretch, Thirty360, start_of_day
from billing_domain.subscriptions import Contract

Given = dict[str, Any]
CONVENTIONS = {"actual": ActualDays(), "30_actual_360": Thirty360(), "30_strict_360": FixedDays(30)}
FREQUENCIES = {
    "day": Frequency.daily(),
    "week": Frequency.weekly(),
    "month": Frequency.monthly(),
    "quarter": Frequency.quarterly(),
    "year": Frequency.yearly(),
}


def _bounded_tiers(tiers: list[Given], mode: str) -> list[Tier]:
    return [
        Tier(
            None if number == len(tiers) else each.get("up_to", each.get("to")),
            "0" if mode == "stairstep" else each.get("unit") or "0",
            each.get("flat") or each.get("flat_fee") or "0",
        )
        for number, each in enumerate(tiers, 1)
    ]


def tier_price(given: Given, expect: Given, case: Given) -> None:
    """Quantities in tiers of each kind."""
    mode = given["mode"]
    tiers = _bounded_tiers(given.get("tiers") or given["steps"], mode)
    model = Stairstep(tiers) if mode == "stairstep" else Volume(tiers) if mode.startswith("volume") else Graduated(tiers)
    quantities = given.get("quantities") or [given["quantity"]]
    wanted = expect.get("totals") or [expect["total"]]
    same("totals", [model.work_out(Measured(quantity)).total for quantity in quantities], [Decimal(each) for each in wanted])


def tier_percentage(given: Given, expect: Given, case: Given) -> None:
    """Bands of percentages of an amount."""
    tiers = given["tiers"]
    bands = [
        PercentTier(None if number == len(tiers) else each.get("up_to"), str(each.get("rate") or each.get("percent")).rstrip("%"))
        for number, each in enumerate(tiers, 1)
    ]
    amount = given.get("amount") or given["quantity"]
    same("total", GraduatedPercentage(bands).work_out(Measured(amount)).total, Decimal(expect["total"]))


def package_price(given: Given, expect: Given, case: Given) -> None:
    """Whole packages, rounded up."""
    size = given.get("package_size")
    if size is None:
        size = Decimal(given["quantity"]) / Decimal(given["packages_exact"])
    working = Package(given["package_price"], size=size).work_out(Measured(given["quantity"]))
    if "packages" in expect:
        same("packages", working.steps[0].quantity, expect["packages"])
    if "total" in expect:
        same("total", working.total, Decimal(expect["total"]))


def charge_min_max(given: Given, expect: Given, case: Given) -> None:
    """A floor and a ceiling of one charge."""
    if "unit" not in given:
        raise OtherPartError("the adapter reads one charge at one price")
    working = Bounded(given["unit"], given.get("min") or "0", given.get("max")).work_out(Measured(given["quantity"]))
    if "raw" in expect:
        same("raw", working.steps[0].amount, Decimal(expect["raw"]))
    same("charge", working.total, Decimal(expect["charge"]))


def rounding(given: Given, expect: Given, case: Given) -> None:
    """One rounding, half up."""
    if "value" in given:
        step = Decimal(1).scaleb(-int(given["minor_digits"]))
        same("rounded", round_decimal(Decimal(given["value"]), step), Decimal(expect["rounded"]))
        return
    exact = Decimal(given["unit_price"]) * Decimal(given["quantity"])
    if "unrounded" in expect:
        same("exact", exact, Decimal(expect["unrounded"]))
    same("amount", round_amount(exact, given["currency"]), Decimal(expect["line_amount"]))


def proration_ratio(given: Given, expect: Given, case: Given) -> None:
    """The share of a month that some of its days are, by each convention."""
    start, end = day(given["from"]), day(given["to_inclusive"]) + timedelta(days=1)
    first = start.replace(day=1)
    whole = (first, Schedule(Frequency.monthly(), first).boundary(1))
    if end > whole[1]:
        raise OtherPartError("the adapter reads days of one month")
    for name, wanted in expect.items():
        part, of = (Fraction(text) for text in wanted.split("/"))
        if part > of:
            raise CaseRefusedError(f"{name}: a part of a period never costs more than the whole, {wanted} of it would")
        same(name, Fraction(*CONVENTIONS[name].share(Stretch(start, end, *whole))), part / of)


def minimum_commit(given: Given, expect: Given, case: Given) -> None:
    """What a year of quarterly bills falls short of a commitment."""
    count, unit = given["period"].split()
    length = Frequency(FrequencyUnit(unit), int(count))
    spent = Meter("spend")
    every = {"monthly": Frequency.monthly(), "quarterly": Frequency.quarterly()}.get(given.get("billed", "monthly"), length)
    charges = [
        UsageCharge("spend", "Spend", spent, "1", every),
        CommitmentCharge("commitment", "Commitment", given["commitment"], length),
    ]
    start = date(2026, 1, 1)
    subscription = Subscription.start(Plan("p", 1, "P", "USD", charges), id="S", on=start)
    record = UsageRecord("U", "S", spent, given["actual_spend"], start_of_day(start, account().zone))
    found = owed(AccountSnapshot(account(currency="USD"), [subscription], [record]), Schedule(length, start).boundary(1))
    same("true-up", sum(each.amount for each in found if each.charge == "commitment"), Decimal(expect["true_up_at_term_end"]))


def proration_credit_window(given: Given, expect: Given, case: Given) -> None:
    """The days that a cancelled period gives back."""
    if not (given.get("bill_partial_month", True) and given.get("prorate_partial_period", True)):
        raise CaseRefusedError(
            "a cancelled period gives back every day that is not served; whole months only would charge days twice in a new contract"
        )
    start = day(given["billed"][0])
    plan = Plan("p", 1, "P", "USD", [RecurringCharge("base", "Base", "90")], FREQUENCIES[given["billing_period"]])
    subscription = Subscription.start(plan, id="S", on=start)
    snapshot = AccountSnapshot(account(currency="USD"), [subscription])
    invoice = bill(snapshot, through=start, rules=rules()).invoice.issue(number="1", on=start)
    result = bill(snapshot.add(invoice, subscription.cancel(on=day(given["cancel_on"]))), through=start, rules=rules())
    facts = result.credit_notes[0].entries[0].facts
    same("credit from", facts.start, day(expect["credit_from"]))
    same("credit to", facts.end - timedelta(days=1), day(expect["credit_to"]))


def billing_date(given: Given, expect: Given, case: Given) -> None:
    """The next day on which something falls due."""
    year = "2026-" if len(given["signup"]) == 5 else ""
    signup = date.fromisoformat(year + given["signup"])
    plan = Plan("p", 1, "P", "USD", [RecurringCharge("base", "Base", "10")], FREQUENCIES[given["frequency"]])
    snapshot = AccountSnapshot(account(currency="USD"), [Subscription.start(plan, id="S", on=signup)])
    found = next_billing_date(snapshot, after=signup)
    same("next billing", found.isoformat()[5 if year else 0 :] if found else None, expect["next_billing"])


def pause_resume(given: Given, expect: Given, case: Given) -> None:
    """Days of a pause within a paid period."""
    if not given.get("same_term") or expect.get("new_charges") != "none":
        raise CaseRefusedError("the anchor stays where it is after a pause: a new anchor is entered as a change of the cycle")
    first = date(2026, 3, given["renewal_day"])
    plan = Plan("p", 1, "P", "USD", [RecurringCharge("base", "Base", "31")])
    subscription = Subscription.start(plan, id="S", on=first, cycle=BillingCycle.anniversary())
    snapshot = AccountSnapshot(account(currency="USD"), [subscription])
    paid = bill(snapshot, through=first, rules=rules()).invoice.issue(number="1", on=first)
    stopped = subscription.pause(on=first.replace(day=given["paused_on_day"]))
    known = snapshot.add(paid, stopped.resume(on=first.replace(day=given["resumed_on_day"])))
    same("new charges", bill(known, through=first.replace(day=given["resumed_on_day"]), rules=rules()).invoices, ())


def contract_term(given: Given, expect: Given, case: Given) -> None:
    """How long a term of so many cycles is."""
    start = date(2026, 1, 1)
    term = Contract(start, Frequency(FrequencyUnit.MONTH, given["plan_months"] * given["billing_cycles"])).term_at(start)
    same("months", (term.end.year - start.year) * 12 + term.end.month - start.month, expect["term_months"])


ADAPTERS = {
    adapter.__name__: adapter
    for adapter in (
        tier_price, tier_percentage, package_price, charge_min_max, rounding, proration_ratio, minimum_commit, proration_credit_window,
        billing_date, pause_resume, contract_term,
    )
}  # fmt: skip
