"""Authority: who may grant how much alone, with every failing rule and the nearest thing that would pass."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from authority import AT, JONAS, RASA, codes, earlier, limit, limits, wants
from hypothesis import given
from hypothesis import strategies as st
from made import eur, promise

from billing_domain import presets
from billing_domain.accounts import IdentityLevel
from billing_domain.discounts import (
    Agent,
    Budget,
    Granted,
    GrantReason,
    MatrixFault,
    NeedsApproval,
    RecordState,
    Refused,
    approve,
    check_matrix,
    judge,
    whole_value,
)
from billing_domain.errors import (
    DuplicateIdError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    NoSuchResultError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.money import Money

EGLE = Agent("egle", "supervisor")
MATRIX = presets.AUTHORITY


def test_within_the_limits_it_is_granted():
    """A small credit is granted, with a reservation that expires unless it is stored."""
    answer = judge(wants(grant=promise()), MATRIX)
    assert isinstance(answer, Granted)
    assert answer.grant == promise()
    assert (answer.record.state, answer.record.expires, answer.matrix) == (RecordState.RESERVED, AT + timedelta(minutes=15), "example@1")
    with pytest.raises(NoSuchResultError):
        _ = judge(wants(), MATRIX).grant


def test_days_of_a_cool_down_are_the_account_s():
    """A grant at 22:30 in UTC was on the next day in Vilnius; without a zone days are those of the request, whoever wrote the record."""
    late = attrs.evolve(earlier(), at=datetime(2026, 6, 12, 22, 30, tzinfo=UTC))
    matrix = limits(limit(amount=eur("25.00"), cool_down=30, approvers=["senior"]), limit(role="senior"))
    for zone, record, day in (
        (ZoneInfo("Europe/Vilnius"), late, 13),
        (None, late, 12),
        (None, attrs.evolve(late, at=late.at.astimezone(ZoneInfo("Asia/Tokyo"))), 12),
    ):
        [failed] = [rule for rule in judge(wants(zone=zone), matrix, granted=[record]).failed if rule.code == "cool-down"]
        assert (failed.asked, failed.allowed) == (f"2026-06-{day}", f"2026-07-{day}")


@given(st.integers(1, 10_000), st.integers(-10_000, 10_000))
def test_a_request_is_approved_before_it_expires_or_never(minutes, off):
    """Up to the instant at which it expires it may be approved, from then on it is refused, and the nearest thing is what it was."""
    expires = AT + timedelta(minutes=minutes)
    answer = judge(wants("40.00", expires=expires), MATRIX, granted=[earlier(days=3)])
    at = max(AT, expires + timedelta(minutes=off))
    assert (answer.expires, answer.nearest) == (expires, judge(wants("40.00"), MATRIX, granted=[earlier(days=3)]).nearest)
    waiting = judge(wants("40.00", expires=expires), MATRIX)
    if at < expires:
        assert isinstance(approve(waiting, by=JONAS, at=at), Granted)
    else:
        with pytest.raises(RefusedError, match=r"request G-1 could be approved before 2026-.*; judge it anew"):
            approve(waiting, by=JONAS, at=at)


def test_a_request_does_not_expire_before_it_is_made():
    """The end lies after the beginning, and is an instant with a zone; without one it never expires."""
    with pytest.raises(InvalidPeriodError, match="expires after it is made"):
        wants(expires=AT)
    with pytest.raises(NaiveInstantError):
        wants(expires=AT.replace(tzinfo=None))
    assert judge(wants("40.00"), MATRIX).expires is None


def test_every_rule_that_fails_is_told():
    """Four rules fail at once, and all four are told, in both languages."""
    answer = judge(wants("40.00", percent=20, periods=6), MATRIX, granted=[earlier(days=3)])
    assert codes(answer) == ["single-amount", "percent", "periods", "splitting", "cool-down"]
    assert answer.failed[0].text == "the amount 40.00 EUR is above 25.00 EUR"
    assert answer.failed[1].say(locale="lt_LT") == "20 % viršija leistiną 10 %"
    assert (answer.roles, answer.needed) == (("director",), 1)
    with pytest.raises(NoSuchResultError, match=r"above 25\.00 EUR"):
        _ = answer.grant


def test_who_may_approve_is_who_could_grant_it():
    """Above the agent's limit, only roles whose own limit lets it pass may approve."""
    assert judge(wants("60.00"), MATRIX).roles == ("senior", "supervisor", "manager", "director")
    assert judge(wants("300.00"), MATRIX).roles == ("manager", "director")


def test_approval_grants():
    """A senior approves what is above the agent's limit; the grant remembers who."""
    answer = approve(judge(wants("60.00", grant=promise()), MATRIX), by=JONAS, at=AT + timedelta(minutes=5))
    assert isinstance(answer, Granted)
    assert (answer.approved_by, answer.record.agent_id, answer.request.at) == ((JONAS,), "rasa", AT + timedelta(minutes=5))


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (RASA, "same-person"),
        (attrs.evolve(JONAS, role="agent"), "approver-role"),
        (attrs.evolve(JONAS, active=False), "inactive"),
        (attrs.evolve(JONAS, on_shift=False), "off-shift"),
        (attrs.evolve(JONAS, related=["A-1"]), "related"),
    ],
)
def test_who_may_not_approve_changes_nothing(by, code):
    """The one who asks, a role without authority, who is away or related does not approve; it stays open with the reason."""
    answer = approve(judge(wants("60.00"), MATRIX), by=by, at=AT)
    assert isinstance(answer, NeedsApproval)
    assert code in codes(answer)
    assert "single-amount" in codes(answer)
    assert isinstance(approve(answer, by=JONAS, at=AT), Granted)


def test_an_approver_whose_own_budget_is_spent_does_not_approve():
    """What the records say at the time of the approval counts."""
    spent = [earlier("74.00", days=1, id=f"X-{n}", account=f"B-{n}", agent="jonas", team="") for n in range(21)]
    answer = approve(judge(wants("60.00"), MATRIX), by=JONAS, at=AT, granted=spent)
    assert "approver-limit" in codes(answer)


def test_a_director_needs_two_more_directors():
    """Four eyes: even without limit a director's grant waits for two others, each once."""
    first, second, third = (Agent(name, "director") for name in ("a", "b", "c"))
    answer = judge(wants("9000.00", first), MATRIX)
    assert (codes(answer), answer.roles, answer.needed, answer.nearest) == (["four-eyes"], ("director",), 2, None)
    once = approve(answer, by=second, at=AT)
    assert codes(once) == ["four-eyes", "approvals"]
    assert "same-person" in codes(approve(once, by=second, at=AT))
    assert isinstance(approve(once, by=third, at=AT), Granted)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (wants(reason=GrantReason.CORRECTION), "correction"),
        (wants(identity=IdentityLevel.IDENTIFIED), "identity"),
        (wants(agent=attrs.evolve(RASA, active=False)), "inactive"),
        (wants(agent=attrs.evolve(RASA, on_shift=False)), "off-shift"),
        (wants(agent=attrs.evolve(RASA, related=["A-1"])), "related"),
        (wants(agent=Agent("x", "intern")), "no-authority"),
    ],
)
def test_some_things_nobody_may_grant(request_, code):
    """A correction is no goodwill; and no approval helps where the caller is not known or the agent may not act."""
    answer = judge(request_, MATRIX)
    assert isinstance(answer, Refused)
    assert code in codes(answer)
    assert answer.nearest is None
    with pytest.raises(NoSuchResultError):
        _ = answer.grant


def test_reasons_and_evidence_are_asked_for():
    """A limit may be for some reasons, and ask for something to show."""
    matrix = limits(limit(reasons=[GrantReason.DELAY], evidence=True))
    assert codes(judge(wants(), matrix)) == ["reason", "evidence"]
    assert isinstance(judge(wants(reason=GrantReason.DELAY, evidence=["T-1"]), matrix), Granted)


def test_without_an_approver_it_is_refused():
    """Above the limit where nobody may approve, or nobody's limit is high enough, the answer is no."""
    assert isinstance(judge(wants("30.00"), limits(limit(amount=eur(25)))), Refused)
    low = limits(limit(amount=eur(25), approvers=["senior"]), limit("senior", amount=eur(26)))
    assert isinstance(judge(wants("30.00"), low), Refused)
    assert judge(wants("30.00"), low).nearest.value.amount == Decimal(25)


@pytest.mark.parametrize("whose", ["customer", "agent", "team"])
def test_windows_count_amounts_and_grants(whose):
    """Customer, agent and team each have a window of amount and count; what is older, or expired, does not count."""
    by_amount = limits(limit(same_reason=0, **{whose: Budget(30, eur(15))}))
    by_count = limits(limit(same_reason=0, **{whose: Budget(30, count=1)}))
    for matrix, code in ((by_amount, f"{whose}-amount"), (by_count, f"{whose}-count")):
        assert codes(judge(wants(), matrix, granted=[earlier(days=29)])) == [code]
        assert isinstance(judge(wants(), matrix, granted=[earlier(days=30)]), Granted)
        expired = earlier(days=1, state=RecordState.RESERVED, expires=AT)
        assert isinstance(judge(wants(), matrix, granted=[expired, earlier(days=1, state=RecordState.RELEASED)]), Granted)
        waiting = earlier(days=1, state=RecordState.RESERVED, expires=AT + timedelta(minutes=1))
        assert codes(judge(wants(), matrix, granted=[waiting])) == [code]


def test_windows_belong_to_somebody():
    """Grants of others to others count in nobody's window, nor does a team of nobody, nor the grant itself."""
    matrix = limits(limit(customer=Budget(30, eur(15)), agent=Budget(30, eur(15)), team=Budget(30, eur(15))))
    others = earlier(account="A-2", agent="x", team="care-2", days=1)
    assert isinstance(judge(wants(), matrix, granted=[others, earlier(id="G-1", days=1)]), Granted)
    alone = attrs.evolve(RASA, team="")
    assert isinstance(judge(wants(agent=alone), matrix, granted=[attrs.evolve(others, team="")]), Granted)


def test_splitting_does_not_help():
    """Three times 10.00 for one reason within a month is 30.00, above 25.00; another reason is another matter."""
    matrix = limits(limit(amount=eur(25), approvers=["senior"]), limit("senior", amount=eur(100)))
    twice = [earlier(days=1, id="G-a"), earlier(days=2, id="G-b")]
    answer = judge(wants(), matrix, granted=twice)
    assert (codes(answer), answer.nearest.value.amount) == (["splitting"], Decimal(5))
    assert isinstance(judge(wants(reason=GrantReason.DELAY), matrix, granted=twice), Granted)


def test_a_cool_down_says_when_it_ends():
    """The nearest thing after a grant for the same reason is the same later."""
    matrix = limits(limit(cool_down=180, same_reason=0))
    answer = judge(wants(), matrix, granted=[earlier(days=10)])
    assert answer.failed[0].text == "the last grant for this reason was on 2026-06-05; the next may be on 2026-12-02"
    assert answer.nearest.at == AT + timedelta(days=170)


@pytest.mark.parametrize("nothing", [{"amount": eur(0)}, {"customer": Budget(30, count=0)}, {"periods": 0}])
def test_where_nothing_would_pass_nothing_is_near(nothing):
    """A limit of nothing has no nearest thing, and a full window names the day on which it has room again."""
    assert judge(wants(), limits(limit(**nothing))).nearest is None
    full = limits(limit(same_reason=0, customer=Budget(30, eur(10))))
    assert judge(wants(), full, granted=[earlier(days=10)]).nearest.at == AT + timedelta(days=20)


records = st.builds(
    earlier,
    st.integers(1, 4_000).map(lambda cents: str(Decimal(cents) / 100)),
    st.integers(0, 60),
    st.integers(0, 5).map("R-{}".format),
    st.sampled_from(["A-1", "A-2"]),
    st.sampled_from(["rasa", "x"]),
    st.sampled_from(GrantReason),
    state=st.sampled_from(RecordState),
)
budgets = st.none() | st.builds(Budget, st.integers(1, 60), st.none() | st.integers(1, 60).map(eur), st.none() | st.integers(1, 4))
matrices = st.builds(
    lambda **more: limits(limit(**more)),
    amount=st.none() | st.integers(1, 50).map(eur),
    percent=st.none() | st.integers(1, 50),
    periods=st.none() | st.integers(1, 6),
    customer=budgets,
    agent=budgets,
    team=budgets,
    cool_down=st.integers(0, 60),
    same_reason=st.integers(0, 60),
)


@given(
    matrices,
    st.lists(records, max_size=6, unique_by=lambda record: record.id),
    st.integers(1, 9_000),
    st.integers(1, 60),
    st.integers(1, 9),
)
def test_the_nearest_thing_passes(matrix, known, cents, percent, periods):
    """Whatever fails: the nearest thing that is named is granted when it is asked for, and the order of records is free."""
    asked = wants(str(Decimal(cents) / 100), percent=percent, periods=periods)
    answer = judge(asked, matrix, granted=known)
    assert judge(asked, matrix, granted=known[::-1]) == answer
    if isinstance(answer, Granted):
        return
    assert answer.failed
    assert all(rule.text for rule in answer.failed)
    near = answer.nearest
    if near is not None:
        again = attrs.evolve(asked, value=near.value, percent=near.percent, periods=near.periods, at=near.at or asked.at)
        assert isinstance(judge(again, matrix, granted=known), Granted)
        assert near.value.amount <= asked.value_amount
        assert near.percent <= asked.percent


def test_the_nearest_thing_gives_less_at_a_lower_percentage_and_for_fewer_periods():
    """20 percent for six periods worth 36.00 are 10 percent for three worth 9.00, not the same money under a smaller name."""
    near = judge(wants("36.00", percent=20, periods=6), limits(limit(amount=eur(100), percent=10, periods=3))).nearest
    assert (near.value.amount, near.percent, near.periods) == (Decimal(9), Decimal(10), 3)


@given(matrices, st.lists(st.tuples(st.integers(1, 3_000), st.integers(0, 5)), max_size=8))
def test_grants_one_after_the_other_keep_every_budget(matrix, asks):
    """However grants follow each other, what is granted stays within the windows."""
    kept, at = [], AT
    for number, (cents, days) in enumerate(asks):
        at += timedelta(days=days)
        answer = judge(wants(str(Decimal(cents) / 100), id=f"N-{number}", at=at), matrix, granted=kept)
        if isinstance(answer, Granted):
            kept.append(answer.record.commit(at=at))
        for _, budget in matrix.limits[0].budgets:
            inside = [record.value_amount for record in kept if record.at > at - budget.stretch]
            assert budget.amount is None or sum(inside) <= budget.amount.amount
            assert budget.count is None or len(inside) <= budget.count


def test_reservations_are_stored_once():
    """A reservation is committed before it expires, again without effect, and never after."""
    record = judge(wants(), MATRIX).record
    stored = record.commit(at=AT)
    assert (stored.state, stored.commit(at=AT + timedelta(days=9))) == (RecordState.COMMITTED, stored)
    for gone in (record, record.release()):
        with pytest.raises(RefusedError):
            gone.commit(at=AT + timedelta(minutes=15))
    assert record.value == eur("10.00")
    assert record.currency == "EUR"


def test_whole_values():
    """A recurring discount is worth what it gives over all its periods."""
    assert whole_value(eur("3.00"), 6) == eur("18.00")


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: wants("-1"), InvalidAmountError),
        (lambda: wants(at=AT.replace(tzinfo=None)), NaiveInstantError),
        (lambda: wants(reason="complaint"), InvalidTypeError),
        (lambda: wants(kind="credit"), InvalidTypeError),
        (lambda: wants(agent="rasa"), InvalidTypeError),
        (lambda: wants(periods=0), InvalidValueError),
        (lambda: wants(evidence="T-1"), InvalidTypeError),
        (lambda: Agent("rasa", "agent", related="A-1"), InvalidTypeError),
        (lambda: Budget(0), InvalidValueError),
        (lambda: Budget(1.5), InvalidTypeError),
        (lambda: Budget(1, count=-1), InvalidValueError),
        (lambda: limit(approvals=0), InvalidValueError),
        (lambda: limit(percent=101), InvalidValueError),
        (lambda: limit(approvers="senior"), InvalidTypeError),
        (lambda: limit(amount=Money(1, "NOK")), InvalidValueError),
        (lambda: limits(limit(), limit()), DuplicateIdError),
        (lambda: limits(roles=("agent", "agent")), DuplicateIdError),
        (lambda: limits(limit("chief")), UnknownReferenceError),
        (lambda: limits(limit(approvers=["chief"])), UnknownReferenceError),
        (lambda: approve(judge(wants("60.00"), MATRIX), by=JONAS, at=AT.replace(tzinfo=None)), NaiveInstantError),
    ],
)
def test_illegal_requests_do_not_construct(make, error):
    """What breaks a rule is refused where it is made."""
    with pytest.raises(error):
        make()


def test_the_example_matrix_is_sound():
    """The linter finds nothing in the example."""
    assert check_matrix(MATRIX) == ()
    assert MATRIX.rank("intern") == -1


def _windowed(amount, count, role="agent", days=30):
    approvers = ["senior"] if role == "agent" else []
    bound = eur(10) if role == "agent" else eur(20)
    return limit(role, amount=bound, approvers=approvers, customer=Budget(days, amount, count))


@pytest.mark.parametrize(
    ("matrix", "faults"),
    [
        (limits(limit(amount=eur(50)), limit("senior", amount=eur(25))), ["no-approver agent", "inversion senior"]),
        (limits(limit(percent=50, approvers=["senior"]), limit("senior", percent=20)), ["approver-inversion agent", "inversion senior"]),
        (limits(limit(), limit("senior", periods=3)), ["inversion senior"]),
        (limits(limit(approvers=["senior"])), ["no-approver agent", "gap senior"]),
        (limits(limit(amount=eur(10), approvers=["senior"]), limit("senior", amount=eur(101))), ["cliff senior"]),
        (limits(limit("senior", amount=eur(50), customer=Budget(30, eur(40)))), ["unreachable senior"]),
        (limits(limit("senior", customer=Budget(30, eur(40)))), ["unreachable senior"]),
        (limits(limit("senior", amount=eur(0))), ["nothing senior"]),
        (limits(limit("senior", customer=Budget(30, count=0))), ["nothing senior"]),
        (limits(limit("senior"), limit(four_eyes=True)), ["no-approver agent"]),
        (limits(limit(amount=eur(10), approvers=["agent"]), roles=("agent",)), ["approver-inversion agent"]),
        (
            limits(limit(amount=eur(10), approvers=["senior"]), limit("senior", amount=eur(10))),
            ["approver-inversion agent", "unreachable senior"],
        ),
        (limits(limit(reasons=[]), limit("senior", reasons=[GrantReason.DELAY])), ["inversion senior"]),
        (limits(limit(reasons=[GrantReason.DELAY]), limit("senior")), []),
        (limits(limit(amount=eur(10), reasons=[GrantReason.DELAY], approvers=["senior"]), limit("senior", amount=eur(10))), []),
        (limits(_windowed(eur(90), 5), _windowed(eur(80), 5, "senior")), ["approver-inversion agent", "inversion senior"]),
        (limits(_windowed(eur(80), 5), _windowed(eur(90), 4, "senior")), ["approver-inversion agent", "inversion senior"]),
        (limits(_windowed(eur(80), 5), _windowed(eur(80), 5, "senior", days=60)), []),
        (
            limits(
                limit(amount=eur(10), approvers=["senior"]),
                limit("senior", amount=eur(50), approvers=["chief"]),
                limit("chief", amount=eur(90)),
                roles=("agent", "senior", "chief"),
            ),
            ["gap agent"],
        ),
        (limits(), []),
    ],
)
def test_the_linter_finds_what_is_wrong(matrix, faults):
    """Inversions, gaps, cliffs, and bands that nobody reaches are told with the role."""
    assert [f"{found.fault.value} {found.role}" for found in check_matrix(matrix)] == faults
    assert all(found.text and isinstance(found.fault, MatrixFault) for found in check_matrix(matrix))
