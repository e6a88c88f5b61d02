"""What came of a record, read off a snapshot, and what another policy would have cost and kept."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest

from billing_domain import Account, AccountSnapshot, Money, Party, Plan, Rulebook, Subscription, bill, credit, presets
from billing_domain.catalog import RecurringCharge
from billing_domain.discounts import TENURE_MONTHS, DiscountPolicy, Duration, Grant, Percent, Scope, Window
from billing_domain.errors import (
    CurrencyMismatchError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    NoSuchResultError,
    OutOfOrderError,
    RefusedError,
)
from billing_domain.invoicing import EntryKind, Void
from billing_domain.retention import (
    Arm,
    CannotEvaluate,
    Decider,
    Evaluated,
    Experiment,
    Exposure,
    Leaving,
    OfferRecord,
    PolicyVersion,
    Response,
    Unanswered,
    compare_practices,
    observe,
    replay,
)

VILNIUS = ZoneInfo("Europe/Vilnius")
PLAN = Plan("home", 1, "Home", "EUR", [RecurringCharge("base", "Monthly fee", "30.00")])
LARGER = Plan("home-xl", 1, "Home XL", "EUR", [RecurringCharge("base", "Monthly fee", "40.00")])
RULES = Rulebook(seller=Party("Mobilis, UAB", "LT", vat_id="LT100000000001"), tax=presets.LT_VAT)
TRIAL = Experiment("loyalty-2026", "7f3a", [Arm("offer", share="0.5"), Arm("hold-out", share="0.5")])
LOYAL = PolicyVersion("loyal", "1")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 13)]


def account(unit: str, currency: str = "EUR") -> Account:
    """Return an account of a made-up holder."""
    return Account(id=unit, currency=currency, zone=VILNIUS, locale="lt_LT", holder=Party("Ona Kazlauskienė", "LT"))


def grant(end: date | None = date(2026, 6, 1), **fields: object) -> Grant:
    """Return ten percent off from March to May."""
    return Grant("G-1", "loyal@1", Percent(10), date(2026, 3, 1), end, Scope.recurring(), "Loyalty", **fields)


def billed(unit: str, months: int, *grants: Grant, ends: date | None = None) -> AccountSnapshot:
    """Return an account that was billed on the first of each month of 2026."""
    subscription = Subscription.start(PLAN, id=f"S-{unit}", on=date(2026, 1, 1))
    if ends is not None:
        subscription = subscription.cancel(on=ends)
    snapshot = AccountSnapshot(account(unit), [subscription], grants=grants)
    for number, on in enumerate(MONTHS[:months]):
        for draft in bill(snapshot, through=on, rules=RULES).invoices:
            snapshot = snapshot.add(draft.issue(number=f"{unit}-{number}", on=on))
    return snapshot


def record(unit: str, response: Response | None = None) -> OfferRecord:
    """Return the record of a unit, drawn by its id."""
    drawn = TRIAL.assign_id(unit)
    given = response or (Response.ACCEPTED if drawn.arm == "offer" else Response.NOT_OFFERED)
    return OfferRecord(drawn, LOYAL, given, AT)


UNITS = {arm: [f"A-{n}" for n in range(40) if TRIAL.assign_id(f"A-{n}").arm == arm] for arm in ("offer", "hold-out")}
OFFERED = UNITS["offer"][0]


def test_one_still_there_is_followed_to_the_end() -> None:
    """Revenue and the cost of the discount are those of the invoices from time zero on, and nothing left."""
    found = observe(record(OFFERED), billed(OFFERED, 8, grant()), through=date(2026, 8, 31))
    assert (found.left, found.followed) == (None, timedelta(days=184))
    assert [(flow.after.days, flow.revenue, flow.cost) for flow in found.flows][:2] == [
        (0, Decimal("27.00"), Decimal("3.00")),
        (31, Decimal("27.00"), Decimal("3.00")),
    ]
    assert (found.revenue(found.followed), found.cost(found.followed)) == (Decimal("171.00"), Decimal("9.00"))
    assert found.discount_for == date(2026, 6, 1) - date(2026, 3, 1)
    assert found.honest_from == timedelta(days=92 + 31)


def test_leaving_is_the_last_end_of_all_subscriptions() -> None:
    """One of two subscriptions going on is staying; both ended is leaving, in the way that the host says."""
    snapshot = billed("A-1", 4, ends=date(2026, 5, 1))
    done = record("A-1", Response.ACCEPTED if TRIAL.assign_id("A-1").arm == "offer" else None)
    gone = observe(done, snapshot, through=date(2026, 8, 31), leaving=Leaving.MOVED, counts={"complaints": 2})
    assert (gone.left, gone.followed.days) == (Leaving.MOVED, 61)
    assert gone.happened == {"complaints": 2, "plan-changes": 0}
    assert observe(done, snapshot, through=date(2026, 4, 30)).left is None
    second = Subscription.start(PLAN, id="S-2", on=date(2026, 2, 1)).change_plan(LARGER, on=date(2026, 4, 1))
    stays = observe(done, snapshot.add(second), through=date(2026, 8, 31))
    assert (stays.left, stays.happened["plan-changes"]) == (None, 1)


def test_credits_and_voids_lower_revenue_and_cost() -> None:
    """A credit note takes revenue and the discount's share back on its day; a voided invoice counts for nothing."""
    snapshot = billed(OFFERED, 4, grant())
    march = snapshot.invoice(f"{OFFERED}-2")
    note = credit(snapshot, march.part(march.lines[0]), kind=EntryKind.CORRECTION, reason="wrong").issue(number="C-1", on=date(2026, 4, 10))
    found = observe(record(OFFERED), snapshot.add(note), through=date(2026, 4, 30))
    assert (found.revenue(found.followed), found.cost(found.followed)) == (Decimal("27.00"), Decimal("3.00"))
    assert observe(record(OFFERED), snapshot.add(note), through=date(2026, 4, 9)).flows[-1].revenue == Decimal("27.00")
    voided = snapshot.add(Void(f"{OFFERED}-3", date(2026, 4, 2), "sent twice"))
    again = observe(record(OFFERED), voided, through=date(2026, 4, 30))
    assert [flow.after.days for flow in again.flows] == [0]


def test_a_wait_costs_nothing_and_a_grant_without_end_waits_for_nothing() -> None:
    """An exposure without a policy has no cost; an endless grant does not push the horizon away."""
    wait = Exposure("waits", OFFERED, "short", AT, decider=Decider.RULE)
    found = observe(wait, billed(OFFERED, 6, grant()), through=date(2026, 6, 30))
    assert (found.cost(found.followed), found.discount_for) == (0, timedelta(0))
    endless = observe(record(OFFERED), billed(OFFERED, 6, grant(None)), through=date(2026, 6, 30))
    assert (endless.discount_for, endless.cost(endless.followed)) == (timedelta(0), Decimal("12.00"))


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: observe(record(OFFERED), billed("Z-1", 2), through=date(2026, 4, 1)), InvalidValueError),
        (lambda: observe(record(OFFERED), billed(OFFERED, 2), through=date(2026, 2, 1)), OutOfOrderError),
        (lambda: observe(record(OFFERED), billed(OFFERED, 1, ends=date(2026, 2, 1)), through=date(2026, 4, 1)), OutOfOrderError),
        (lambda: observe(record(OFFERED), AccountSnapshot(account(OFFERED)), through=date(2026, 4, 1)), RefusedError),
    ],
)
def test_what_cannot_be_observed_is_refused(call, kind: type[Exception]) -> None:
    """Another account, a time zero after the end, a unit that had left, and an account that never began are typed errors."""
    with pytest.raises(kind):
        call()


@pytest.mark.parametrize("name", ["at", "decided"])
def test_instants_of_a_practice_have_a_zone(name: str) -> None:
    """Time zero, and the instant at which a practice was settled, are instants with a zone and no days."""
    for value, kind in ((AT.replace(tzinfo=None), NaiveInstantError), (AT.date(), InvalidTypeError)):
        with pytest.raises(kind):
            Exposure(**{"study": "waits", "unit": OFFERED, "practice": "short", "at": AT, name: value})


def history() -> list[tuple[OfferRecord, AccountSnapshot]]:
    """Return forty decisions: three of four offered stay, half of the others."""
    found = []
    for arm, share in (("offer", 4), ("hold-out", 2)):
        for place, unit in enumerate(UNITS[arm]):
            grants = (grant(),) if arm == "offer" else ()
            found.append((record(unit), billed(unit, 10, *grants, ends=date(2026, 5, 1) if place % share == 0 else None)))
    return found


HISTORY = history()


class Everybody:
    """A policy that gives everybody a discount."""

    code, version = "loyal", "2"

    def __init__(self, **fields: object) -> None:
        """Keep what the grant shall say."""
        self.fields = fields

    def propose(self, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
        """Return the grant."""
        return grant(**self.fields)


class Nobody(Everybody):
    """A policy that gives nobody one."""

    def propose(self, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
        """Return none."""
        return None


THROUGH, HORIZON = date(2026, 10, 31), timedelta(days=180)


def test_records_and_snapshots_make_a_causal_study() -> None:
    """From draws to a study: observed outcomes compare by offer, and the answer is causal."""
    study = compare_practices(
        (observe(done, snapshot, through=THROUGH) for done, snapshot in HISTORY), arm="offer", against="hold-out", horizon=HORIZON
    )
    assert study.estimate.standing.value == "causal"
    assert study.arm.cost == sum(3 * (3 if place % 4 else 2) for place in range(len(UNITS["offer"])))
    assert study.worth is not None


def test_a_unit_moved_to_another_arm_is_found() -> None:
    """With the experiment at hand each unit is drawn again, and one that is in another arm is named."""
    rows = [observe(done, snapshot, through=THROUGH) for done, snapshot in HISTORY]
    study = compare_practices(rows, arm="offer", against="hold-out", horizon=HORIZON, experiment=TRIAL)
    assert study.arm.size == len(UNITS["offer"])
    moved = attrs.evolve(rows[0], exposure=attrs.evolve(rows[0].exposure, practice="hold-out"))
    with pytest.raises(InvalidValueError, match="draws this unit into 'offer'"):
        compare_practices([moved, *rows[1:]], arm="offer", against="hold-out", horizon=HORIZON, experiment=TRIAL)


def test_a_policy_for_everybody_is_worth_what_the_offered_did() -> None:
    """Its value is the share of the offered who stayed, and its cost is ten percent of what all were billed in the window."""
    found = replay(Everybody(), HISTORY, through=THROUGH, horizon=HORIZON, budget=Money("100", "EUR"))
    assert isinstance(found, Evaluated)
    stayed = sum(place % 4 > 0 for place in range(len(UNITS["offer"]))) / len(UNITS["offer"])
    assert found.value.value == pytest.approx(stayed)
    assert found.doubly_robust.value == pytest.approx(stayed)
    assert found.value.interval.holds(found.inverse.value)
    months = [3 if place % 4 else 2 for place in range(len(UNITS["offer"]))] + [
        3 if place % 2 else 2 for place in range(len(UNITS["hold-out"]))
    ]
    assert found.cost.total == Money(3 * sum(months), "EUR")
    assert (found.cost.decisions, found.cost.granted, found.cost.changed) == (40, 40, len(UNITS["hold-out"]))
    assert found.cost.over_budget


def test_a_discount_policy_replays_as_it_would_have_granted() -> None:
    """Window, condition and scope decide; the grant holds for its periods, and costs what it would have taken off."""
    policy = DiscountPolicy(
        code="loyal",
        version=2,
        name="Loyalty",
        benefit=Percent(10),
        scope=Scope.recurring(),
        condition=TENURE_MONTHS >= 2,
        duration=Duration.periods(3),
    )
    everybody = replay(policy, HISTORY, through=THROUGH, horizon=HORIZON)
    assert everybody.cost == replay(Everybody(), HISTORY, through=THROUGH, horizon=HORIZON).cost
    longer = attrs.evolve(policy, condition=TENURE_MONTHS >= 24)
    assert replay(longer, HISTORY, through=THROUGH, horizon=HORIZON).cost.granted == 0
    closed = attrs.evolve(policy, window=Window(end=AT))
    assert replay(closed, HISTORY, through=THROUGH, horizon=HORIZON).cost.granted == 0
    unit = UNITS["offer"][1]
    assert replay(policy, [(record(unit), billed(unit, 2))], through=THROUGH, horizon=HORIZON).cost.granted == 0


def test_limits_and_voids_hold_in_a_replay() -> None:
    """A grant gives no more than its limit over all invoices, and nothing on one that was voided."""
    unit = UNITS["hold-out"][1]
    snapshot = billed(unit, 6)
    whole = replay(Everybody(), [(record(unit), snapshot)], through=THROUGH, horizon=HORIZON)
    assert (whole.reason, whole.cost.total_amount) == (Unanswered.TOO_FEW, Decimal("9.00"))
    limited = replay(Everybody(limit=Money("4.50", "EUR")), [(record(unit), snapshot)], through=THROUGH, horizon=HORIZON)
    assert limited.cost.total_amount == Decimal("4.50")
    voided = snapshot.add(Void(f"{unit}-3", date(2026, 4, 2), "sent twice"))
    assert replay(Everybody(), [(record(unit), voided)], through=THROUGH, horizon=HORIZON).cost.total_amount == Decimal("6.00")


def test_a_policy_for_nobody_costs_nothing() -> None:
    """It changes the decisions of the offered, and is worth what the hold-out did."""
    found = replay(Nobody(), HISTORY, through=THROUGH, horizon=HORIZON)
    assert (found.cost.total_amount, found.cost.changed) == (0, len(UNITS["offer"]))
    assert found.value.value == pytest.approx(sum(place % 2 > 0 for place in range(len(UNITS["hold-out"]))) / len(UNITS["hold-out"]))


def test_what_cannot_be_evaluated_still_has_its_cost() -> None:
    """Units not followed, and a policy that never does what was done, are named; the missing value raises with the reason."""
    early = replay(Everybody(), HISTORY, through=date(2026, 6, 30), horizon=HORIZON)
    assert isinstance(early, CannotEvaluate)
    assert early.reason is Unanswered.NOT_FOLLOWED
    assert early.cost.total_amount > 0
    offered = [row for row in HISTORY if row[0].assignment.arm == "offer"]
    unsupported = replay(Nobody(), offered, through=THROUGH, horizon=HORIZON)
    assert unsupported.reason is Unanswered.NO_SUPPORT
    with pytest.raises(NoSuchResultError, match="no-support"):
        _ = unsupported.value
    only = replay(Everybody(), offered, through=THROUGH, horizon=HORIZON)
    assert only.value.value == pytest.approx(only.value.logged)


def test_impossible_replays_are_refused() -> None:
    """No decisions, and a budget in another currency, are typed errors."""
    with pytest.raises(InvalidValueError, match="at least one decision"):
        replay(Everybody(), [], through=THROUGH, horizon=HORIZON)
    with pytest.raises(CurrencyMismatchError):
        replay(Everybody(), HISTORY, through=THROUGH, horizon=HORIZON, budget=Money("1", "USD"))
