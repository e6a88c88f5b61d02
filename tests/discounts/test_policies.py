"""Policies: when they are granted by themselves, and what a grant promises."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import APRIL, MARCH, NOON, Gave, decided, eur, line, offer, promise

from billing_domain.conditions import ARREARS, CONTRACT_END, SEGMENT, TENURE_MONTHS, Facts, Outcome, all_of, observe
from billing_domain.discounts import (
    AllowanceReason,
    Caps,
    DiscountPolicy,
    Discounts,
    Duration,
    DurationKind,
    Exclusive,
    FixedAmount,
    FreePeriods,
    FreeUnits,
    Grant,
    Lane,
    Percent,
    PercentTier,
    Scope,
    Stage,
    Surplus,
    TieredPercent,
    Window,
    dump_policy,
)
from billing_domain.discounts.considering import schedule_of
from billing_domain.discounts.given import OnlyTotals
from billing_domain.errors import (
    BillingError,
    CurrencyMismatchError,
    DuplicateIdError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTiersError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    PluginError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.invoicing import ChargeKind
from billing_domain.money import Money
from billing_domain.periods import Frequency, Schedule

VILNIUS = ZoneInfo("Europe/Vilnius")
LOYAL = all_of(TENURE_MONTHS >= 12, ARREARS <= eur(0))  # noqa: SIM300  a fact is no constant


@given(st.sampled_from([-1, 0, 1]), st.sampled_from(["Europe/Vilnius", "America/Sao_Paulo", "UTC"]))
def test_windows_are_half_open_to_the_microsecond(shift, zone):
    """A window holds at its start and not at its end, to the microsecond, in any zone and across changes of the clock."""
    window = Window.days(date(2026, 3, 29), date(2026, 10, 25), ZoneInfo(zone))
    step = timedelta(microseconds=shift)
    assert window.holds(window.start.astimezone(UTC) + step) is (shift >= 0)
    assert window.holds(window.end.astimezone(UTC) + step) is (shift < 0)


@given(st.sampled_from([0, 1]), st.integers(0, 119), st.sampled_from([0, 1]), st.integers(0, 119))
def test_windows_know_the_hour_that_comes_twice(fold, minute, other_fold, other_minute):
    """Where clocks go back, a window holds by the instant and not by the wall, in whatever zone it is asked."""
    twice = datetime(2026, 10, 25, 3, tzinfo=VILNIUS)
    start, at = (
        twice.replace(hour=3 + minutes // 60, minute=minutes % 60, fold=late)
        for late, minutes in ((fold, minute), (other_fold, other_minute))
    )
    passed = at.astimezone(UTC) >= start.astimezone(UTC)
    assert Window(start).holds(at) is passed
    assert Window(start).holds(at.astimezone(UTC)) is passed
    assert Window(end=start).holds(at) is not passed
    assert (Window(start) == Window(at)) is (start.astimezone(UTC) == at.astimezone(UTC))
    assert Window(start) == Window(start.astimezone(UTC))
    assert hash(Window(start)) == hash(Window(start.astimezone(UTC)))


def test_windows_over_the_hour_that_comes_twice():
    """A window may start later by the wall than it ends; the other way round it is refused."""
    early, late = datetime(2026, 10, 25, 3, 45, tzinfo=VILNIUS), datetime(2026, 10, 25, 3, 30, fold=1, tzinfo=VILNIUS)
    assert Window(early, late).holds(datetime(2026, 10, 25, 3, 15, fold=1, tzinfo=VILNIUS))
    with pytest.raises(InvalidPeriodError):
        Window(late, early)


def test_windows_are_checked():
    """An instant needs a zone, and an end after the start."""
    with pytest.raises(NaiveInstantError):
        Window().holds(datetime(2026, 3, 1))  # noqa: DTZ001  that is the mistake
    with pytest.raises(NaiveInstantError):
        Window(datetime(2026, 3, 1))  # noqa: DTZ001  that is the mistake
    with pytest.raises(InvalidPeriodError):
        Window(NOON, NOON)


def test_durations_say_when_they_end():
    """Each duration becomes a day, or none."""
    monthly = Schedule(Frequency.monthly(), date(2026, 1, 31))
    assert Duration.periods(2).end(date(2026, 2, 28), monthly) == date(2026, 4, 30)
    assert Duration.until(APRIL).end(MARCH, monthly) == APRIL
    assert Duration.for_contract().end(MARCH, monthly, APRIL) == APRIL
    assert Duration.forever().end(MARCH, monthly) is None
    assert Duration.once().end(MARCH, monthly) is None


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Duration.periods(0), InvalidValueError),
        (lambda: Duration.periods(True), InvalidTypeError),
        (lambda: Duration(DurationKind.UNTIL), InvalidValueError),
        (lambda: Duration.until("2026-03-01"), InvalidTypeError),
        (lambda: FreePeriods(0), InvalidValueError),
        (lambda: FreePeriods("2"), InvalidTypeError),
        (lambda: FreeUnits(0), InvalidAmountError),
        (lambda: Percent(0), InvalidAmountError),
        (lambda: Percent(101), InvalidAmountError),
        (lambda: Percent(10, of="base"), InvalidTypeError),
        (lambda: FixedAmount(eur(0)), InvalidAmountError),
        (lambda: PercentTier(None, 101), InvalidAmountError),
        (lambda: TieredPercent([]), InvalidTiersError),
        (lambda: TieredPercent([PercentTier(5, 1)]), InvalidTiersError),
        (lambda: TieredPercent([PercentTier(None, 1), PercentTier(None, 2)]), InvalidTiersError),
        (lambda: TieredPercent([PercentTier(5, 1), PercentTier(5, 2), PercentTier(None, 3)]), InvalidTiersError),
        (lambda: Caps(line=eur(-1)), InvalidAmountError),
        (lambda: Caps(line=eur(1), document=Money(1, "NOK")), CurrencyMismatchError),
        (lambda: Scope(charges="base"), InvalidTypeError),
        (lambda: AllowanceReason("", ""), InvalidValueError),
        (lambda: promise(benefit=Percent), InvalidTypeError),
        (lambda: promise(caps=Caps(line=eur(1)), limit=Money(1, "NOK")), CurrencyMismatchError),
        (lambda: promise(limit=eur(-1)), InvalidAmountError),
        (lambda: promise(end=MARCH), InvalidPeriodError),
        (lambda: offer("acme:p@1"), InvalidValueError),
        (lambda: offer(""), InvalidValueError),
        (lambda: offer(version=0), InvalidValueError),
        (lambda: offer(version="1"), InvalidTypeError),
        (lambda: offer(priority=True), InvalidTypeError),
        (lambda: offer(end_notice=-1), InvalidValueError),
        (lambda: offer(uses=0), InvalidValueError),
        (lambda: offer(budget=eur(-1)), InvalidAmountError),
        (lambda: offer(benefit=Percent), InvalidTypeError),
        (lambda: offer(benefit=10), InvalidTypeError),
        (lambda: offer(condition=TENURE_MONTHS), InvalidTypeError),
        (lambda: offer(window="2026"), InvalidTypeError),
        (lambda: offer(base="running"), InvalidTypeError),
        (lambda: offer(benefit=FreePeriods(2), duration=Duration.forever()), InvalidValueError),
        (lambda: Discounts([offer(), offer(version=2)]), DuplicateIdError),
        (lambda: Discounts([], [Lane("one"), Lane("one")]), DuplicateIdError),
        (lambda: Discounts([offer(lane="one")]), UnknownReferenceError),
        (lambda: Discounts([promise()]), InvalidTypeError),
        (lambda: Discounts().policy("acme:p"), UnknownReferenceError),
    ],
)
def test_illegal_values_do_not_construct(make, error):
    """What breaks a rule is refused where it is made."""
    with pytest.raises(error) as caught:
        make()
    assert isinstance(caught.value, BillingError)


def test_a_promise_keeps_all_terms_of_its_policy():
    """A grant carries code, version and hash of its policy and every term that the engine reads."""
    policy = offer(
        benefit=Percent(20), lane="one", duration=Duration.periods(3), caps=Caps(total=eur(30), line=eur(9)), priority=4,
        exclusive=Exclusive.BY_PRIORITY, wording="20 % for three months", end_notice=14, scope=Scope.recurring(),
    )  # fmt: skip
    grant = policy.promise(id="G-1", start=date(2026, 3, 5), schedule=Schedule(Frequency.monthly(), MARCH))
    assert (grant.policy, grant.policy_hash, grant.end) == ("acme:p@1", policy.content_hash, date(2026, 6, 1))
    assert (grant.limit.amount, grant.lane, grant.priority, grant.exclusive) == (Decimal(30), "one", 4, Exclusive.BY_PRIORITY)
    assert (grant.wording, grant.end_notice, grant.once, grant.scope) == ("20 % for three months", 14, False, Scope.recurring())
    assert policy.promise(id="G-1", start=MARCH, end=APRIL, wording="as told").wording == "as told"
    assert not policy.limited
    assert offer(uses=3).limited


def test_promises_that_cannot_be_made_are_refused():
    """A duration needs what it counts in, and may not have ended."""
    with pytest.raises(InvalidTypeError):
        offer(duration=Duration.periods(3)).promise(id="G-1", start=MARCH)
    with pytest.raises(RefusedError, match="contract"):
        offer(duration=Duration.for_contract()).promise(id="G-1", start=MARCH)
    with pytest.raises(RefusedError, match="ended"):
        offer(duration=Duration.until(MARCH)).promise(id="G-1", start=APRIL)


def test_once_and_carried_make_a_limit():
    """A fixed amount for one document whose surplus is carried is a limit instead: it lasts until it is used up."""
    carried = offer(benefit=FixedAmount(eur(12)), surplus=Surplus.CARRIED).promise(id="G-1", start=MARCH)
    assert (carried.once, carried.limit.amount) == (False, Decimal(12))
    assert offer(benefit=FixedAmount(eur(12))).promise(id="G-1", start=MARCH).once
    assert offer(surplus=Surplus.CARRIED).promise(id="G-1", start=MARCH).limit is None


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"name": "Other"}, False),
        ({"benefit": Percent(11)}, False),
        ({"condition": TENURE_MONTHS >= 12}, False),
        ({"version": 2}, False),
    ],
)
def test_the_hash_tells_content(change, same):
    """Anything that a policy says changes its hash; an equal policy has the same."""
    import attrs

    assert (offer().content_hash == attrs.evolve(offer(), **change).content_hash) is same


@given(st.decimals("0.1", "50", places=1), st.integers(0, 3))
def test_equal_policies_have_one_hash_however_numbers_are_written(number, zeros):
    """Idle zeros in benefits, conditions and caps change no hash, as they change no policy; plain data keeps them."""
    longer = number.quantize(Decimal(1).scaleb(-1 - zeros))
    policies = [
        offer(benefit=benefit(each), condition=TENURE_MONTHS >= 12, caps=Caps(document=Money(each, "EUR")))
        for benefit in (Percent, FreeUnits, lambda n: TieredPercent([PercentTier(n, 0), PercentTier(None, n)]))
        for each in (number, longer, number.normalize())
    ]
    for first, second, third in zip(policies[::3], policies[1::3], policies[2::3], strict=True):
        assert first == second == third
        assert first.content_hash == second.content_hash == third.content_hash
    assert dump_policy(policies[1])["benefit"]["percent"] == f"{longer:f}"


def test_conditions_decide_and_unknown_never_grants():
    """MET grants; UNMET and UNKNOWN do not, and UNKNOWN names what is missing."""
    policy = offer(condition=LOYAL)
    met = Facts({TENURE_MONTHS: 12, ARREARS: eur(0)})
    assert len(decided([policy], [line("10.00")], met)[0]) == 1
    unmet = decided([policy], [line("10.00")], met.add({TENURE_MONTHS: 11}))[1]["acme:p@1"]
    assert (unmet.stage, unmet.reason, unmet.missing, unmet.finding) == (Stage.CONDITION, "unmet", (), None)
    unknown = decided([policy], [line("10.00")], met.without(ARREARS))[1]["acme:p@1"]
    assert (unknown.reason, unknown.missing) == ("unknown", ("arrears",))
    traced = decided([policy], [line("10.00")], met.add({TENURE_MONTHS: 11}), traced=True)[1]["acme:p@1"]
    assert [part.outcome for part in traced.finding.parts] == [Outcome.UNMET, Outcome.MET]


class Old:
    """A condition written as a class."""

    code = "acme:old"

    def outcome(self, facts):
        """Compare the tenure."""
        return Outcome.MET if facts[TENURE_MONTHS] > 100 else Outcome.UNMET

    def finding(self, facts):
        """Observe."""
        return observe(self, facts)


class Broken(Old):
    """A condition that raises."""

    def outcome(self, facts):
        """Raise."""
        raise ZeroDivisionError


def test_conditions_of_others_are_guarded():
    """A class as a condition is asked like any other; one that raises is an error that names it."""
    assert len(decided([offer(condition=Old())], [line("10.00")], Facts({TENURE_MONTHS: 101}))[0]) == 1
    assert decided([offer(condition=Old())], [line("10.00")])[1]["acme:p@1"].missing == ("tenure_months",)
    with pytest.raises(PluginError, match="acme:old"):
        decided([offer(condition=Broken())], [line("10.00")])


def test_each_stage_that_keeps_a_policy_out_is_recorded():
    """Window, scope, promise: each names itself; none is silent."""
    assert decided([offer(window=Window(end=NOON))], [line("10.00")])[1]["acme:p@1"].stage is Stage.WINDOW
    assert decided([offer(scope=Scope(charges=["data"]))], [line("10.00")])[1]["acme:p@1"].stage is Stage.SCOPE
    ended = decided([offer(duration=Duration.until(MARCH))], [line("10.00")])[1]["acme:p@1"]
    assert (ended.stage, ended.reason, ended.missing) == (Stage.PROMISE, "ended", ())
    contract = decided([offer(duration=Duration.for_contract())], [line("10.00")])[1]["acme:p@1"]
    assert (contract.stage, contract.reason, contract.missing) == (Stage.PROMISE, "no-contract-end", ("contract_end",))


def test_what_was_given_is_not_given_again():
    """A policy is granted once to an account, in any version, also where the host did not store the grant."""
    for earlier in ({"grants": [promise(policy="acme:p@7")]}, {"seen": ["A-1/acme:p@1/2025-01-01"]}):
        record = decided([offer()], [line("10.00")], **earlier)[1]["acme:p@1"]
        assert (record.stage, len(record.by)) == (Stage.GIVEN, 1)
    assert len(decided([offer()], [line("10.00")], grants=[promise(policy="acme:other@1")])[0]) == 1


@pytest.mark.parametrize(
    ("earlier", "gave", "again"),
    [
        (promise(policy="acme:p@1", end=date(2026, 3, 2)), Gave(), False),
        (promise(policy="acme:p@1", start=date(2026, 1, 1), end=date(2026, 2, 1)), Gave(), True),
        (promise(policy="acme:p@1", start=date(2026, 1, 1), once=True), Gave(times={"G-1": 1}), True),
        (promise(policy="acme:p@1", start=date(2026, 1, 1), once=True), Gave(), False),
        (promise(policy="acme:p@1", start=date(2026, 1, 1), limit=Money(5, "EUR")), Gave({"G-1": 5}), True),
        (promise("A-1/acme:p@1/2026-03-01", policy="acme:p@1", once=True), Gave(times={"A-1/acme:p@1/2026-03-01": 1}), False),
    ],
)
def test_a_repeatable_policy_waits_for_the_end_of_the_earlier_grant(earlier, gave, again):
    """What may be repeated is granted again once the earlier grant has ended, was used, or has reached its limit, once a period."""
    grants, _ = decided([offer(repeatable=True)], [line("10.00")], grants=[earlier], given=gave)
    assert bool(grants) is again


def test_periods_count_from_the_latest_period_on_the_document():
    """Three periods are April, May and June where a document bears April's fee and March's usage: the same number for each charge."""
    lines = [line("30.00", start=APRIL, end=date(2026, 5, 1)), line("18.55", "data", ChargeKind.USAGE)]
    (grant,), _ = decided([offer(duration=Duration.periods(3))], lines)
    assert (grant.id, grant.start, grant.end) == ("A-1/acme:p@1/2026-04-01", APRIL, date(2026, 7, 1))
    (free,), _ = decided([offer(benefit=FreePeriods(2))], lines)
    assert free.end == date(2026, 6, 1)


def test_what_is_for_one_document_covers_all_of_it():
    """A discount for one document begins with the first day on it."""
    (grant,), _ = decided([offer()], [line("30.00", start=APRIL, end=date(2026, 5, 1)), line("18.55", "data", ChargeKind.USAGE)])
    assert (grant.start, grant.once) == (MARCH, True)


def test_a_discount_for_the_contract_ends_with_it():
    """The end of the contract is a fact."""
    (grant,), _ = decided([offer(duration=Duration.for_contract())], [line("10.00")], Facts({CONTRACT_END: date(2027, 1, 1)}))
    assert grant.end == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("facts", "after_two"),
    [
        (line("1", start=date(2026, 2, 28), end=date(2026, 3, 31)), date(2026, 4, 30)),
        (line("1", start=date(2026, 1, 15), end=date(2027, 1, 15)), date(2028, 1, 15)),
        (line("1", start=date(2026, 3, 2), end=date(2026, 3, 9)), date(2026, 3, 16)),
        (line("1", start=date(2026, 3, 25), end=date(2026, 4, 8)), date(2026, 4, 22)),
        (line("1", kind=ChargeKind.ORDER, end=date(2026, 3, 2)), date(2026, 5, 1)),
    ],
)
def test_periods_are_read_off_a_line(facts, after_two):
    """Months keep their anchor day; weeks and days count as such; a sale counts in months."""
    assert schedule_of(facts).boundary(2) == after_two


def test_discounts_without_some():
    """A policy whose budget is spent is left out by its code."""
    both = Discounts([offer("acme:a"), offer("acme:b", lane="one")], [Lane("one")])
    assert [policy.code for policy in both.without("acme:a").policies] == ["acme:b"]
    assert both.policy("acme:b").lane == "one"


def test_only_totals_tell_what_they_can():
    """Where only totals are known, a grant with a total stands on a document."""
    totals = OnlyTotals(lambda grant_id: Decimal(3))
    assert (totals.times("G"), totals.in_period("G", MARCH), totals.documents(promise())) == (1, 0, 0)


def test_segments_read_well():
    """A grant is a frozen value that compares by content."""
    assert promise() == promise()
    assert isinstance(promise(), Grant)
    assert offer(condition=SEGMENT.is_("student")) == offer(condition=SEGMENT.is_("student"))
    assert isinstance(offer(), DiscountPolicy)
