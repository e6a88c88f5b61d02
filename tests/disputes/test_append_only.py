"""A case keeps everything that happened to it: decisions, reopenings, and what was held on each day."""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import Money, presets
from billing_domain.disputes import (
    Calendar,
    Claim,
    Clock,
    ClockKind,
    ClockStart,
    ClockUnit,
    Dispute,
    DisputeKind,
    DisputeOutcome,
    DisputeReason,
    DisputeRegime,
    DisputeState,
    Ruling,
    breaches,
    deadlines_of,
    move,
    paused_days,
    reopen,
    settle,
    submit,
    withdraw,
)
from billing_domain.errors import BillingError, InvalidTypeError, InvalidValueError, RefusedError, UnknownReferenceError
from billing_domain.payments import DunningAction, DunningPolicy, DunningStep, Paused, balances, dun, statement
from billing_domain.periods import Frequency
from dispute_desk import FIRST, NOTE, NOW, PHOTO, SNAPSHOT, VISIT, opened, sold

CLAIM = Claim(VISIT, DisputeReason.WRONG_QUANTITY)
HOUSE = DisputeRegime(
    "house",
    "House rules",
    "LT",
    [Clock(ClockKind.RESOLVE, 14), Clock(ClockKind.REFER, 1, ClockUnit.MONTH)],
    "own promise",
    date(2026, 1, 1),
    grace_days=5,
)
CALLS = DunningPolicy("calls", 1, steps=[DunningStep(days_overdue=1, action=DunningAction.REMIND)])


def eur(amount: object) -> Money:
    """Return euros."""
    return Money(str(amount), "EUR")


def ruled(amount: str, **more: object) -> Ruling:
    """Return a ruling on the visit."""
    return Ruling(CLAIM, approved=eur(amount), evidence=[NOTE], **more)


def decided(case: Dispute, amount: str, days: int, **more: object) -> Dispute:
    """Return the case as it is decided so many days later."""
    return settle(SNAPSHOT, case, rulings=[ruled(amount, **more)], at=NOW + timedelta(days=days)).dispute


class TestRounds:
    """A reopened case is one case with two decisions."""

    def test_a_second_decision_adds_to_the_first(self) -> None:
        """6.00 of 14.00, and then 3.00 of the other 8.00: both decisions stay, and the outcome is that of their sum."""
        first = decided(opened(), "6.00", 1)
        again = reopen(first, at=NOW + timedelta(days=2), actor="customer", note="there is more", evidence=[PHOTO])
        assert again.lines == first.lines
        assert again.rulings == first.rulings
        assert (again.outcome, again.pay_by) == (DisputeOutcome.OPEN, None)
        second = decided(again, "3.00", 3)
        assert [ruling.approved_amount for ruling in second.rulings] == [eur("6.00").amount, eur("3.00").amount]
        assert second.outcome is DisputeOutcome.PARTIALLY_UPHELD
        assert second.steps[: len(first.steps)] == first.steps
        whole = decided(again, "8.00", 3)
        assert (whole.outcome, whole.pay_by) == (DisputeOutcome.UPHELD, None)
        with pytest.raises(RefusedError, match="approved or given"):
            reopen(whole, at=NOW + timedelta(days=4), actor="customer", note="more")

    def test_a_rejected_rest_does_not_undo_what_was_approved(self) -> None:
        """The case stays partially upheld, also where the customer takes the rest back."""
        again = reopen(decided(opened(), "6.00", 1), at=NOW + timedelta(days=2), actor="customer", note="more")
        assert decided(again, "0.00", 3).outcome is DisputeOutcome.PARTIALLY_UPHELD
        gone = withdraw(again, at=NOW + timedelta(days=3), actor="customer")
        assert gone.outcome is DisputeOutcome.PARTIALLY_UPHELD

    def test_new_evidence_is_new(self) -> None:
        """What a decision rests on, and what came in before, opens nothing after thirty days."""
        case = move(opened(), DisputeState.INVESTIGATING, at=NOW, actor="rasa", evidence=[PHOTO])
        case = decided(case, "6.00", 1)
        late = NOW + timedelta(days=40)
        for known in ([], [NOTE], [PHOTO, NOTE]):
            with pytest.raises(RefusedError, match="without new evidence"):
                reopen(case, at=late, actor="customer", note="late", evidence=known)
        assert reopen(case, at=late, actor="customer", note="late", evidence=[attrs.evolve(PHOTO, reference="photo-2")]).is_open

    def test_each_round_has_its_clocks(self) -> None:
        """Fourteen days from opening, and again from reopening; a breach of the first round stays one."""
        first = decided(opened(regime=HOUSE), "6.00", 20)
        again = reopen(first, at=NOW + timedelta(days=21), actor="customer", note="more")
        assert [due.day for due in deadlines_of(again, as_of=date(2026, 6, 1), calendar=Calendar())] == [date(2026, 6, 10)]
        assert [missed.day for missed in breaches(again, as_of=date(2026, 6, 1), calendar=Calendar())] == [date(2026, 5, 20)]
        assert [missed.day for missed in breaches(again, as_of=date(2026, 6, 11), calendar=Calendar())] == [
            date(2026, 5, 20),
            date(2026, 6, 10),
        ]
        asked = move(again, DisputeState.AWAITING_CUSTOMER, at=NOW + timedelta(days=22), actor="rasa")
        assert paused_days(asked, date(2026, 5, 30)) == 2

    def test_a_decision_may_be_referred_within_a_time(self) -> None:
        """The clock of a referral starts with the decision, is shown after it, and is no duty of the company."""
        case = opened(regime=HOUSE)
        assert [due.kind for due in deadlines_of(case, as_of=date(2026, 5, 7), calendar=Calendar())] == [ClockKind.RESOLVE]
        case = decided(case, "6.00", 2)
        [refer] = deadlines_of(case, as_of=date(2026, 5, 9), calendar=Calendar())
        assert (refer.kind, refer.clock.start, refer.day) == (ClockKind.REFER, ClockStart.DECIDED, date(2026, 6, 8))
        assert breaches(case, as_of=date(2027, 1, 1), calendar=Calendar()) == ()


class TestHolds:
    """What is held on which day follows from the history, and closing or reopening changes no earlier day."""

    def test_closing_does_not_lengthen_the_hold(self) -> None:
        """The hold ends with the decision, however late the case is closed."""
        case = decided(opened(), "14.00", 1)
        closed = move(case, DisputeState.CLOSED, at=NOW + timedelta(days=30), actor="rasa")
        assert closed.ended_on == case.ended_on == date(2026, 5, 7)
        assert SNAPSHOT.add(closed).holds == SNAPSHOT.add(case).holds

    def test_what_is_left_owed_has_days_of_grace(self) -> None:
        """Ten days from the decision, nothing of it is chased, though it is open and collectable; after them it is."""
        case = decided(opened(), "6.00", 14)
        known = SNAPSHOT.add(case)
        assert case.pay_by == date(2026, 5, 30)
        position = statement(known, as_of=date(2026, 5, 30))
        assert (position.disputed.amount, position.collectable) == (0, position.balance)
        overdue = {}
        for last in (date(2026, 5, 30), date(2026, 5, 31)):
            answer = dun(known, policy=CALLS, as_of=last)
            overdue[last.day] = answer.amount.amount  # type: ignore[union-attr]
        assert overdue[31] - overdue[30] == eur("9.68").amount
        assert known.holds[-1].grace

    def test_only_the_case_is_waited_for(self) -> None:
        """Where nothing else is overdue, chasing is paused for the dispute until the day after the days of grace."""
        case = settle(
            SNAPSHOT,
            opened(Claim(VISIT, DisputeReason.WRONG_PRICE), Claim(FIRST.part(FIRST.line("router")), DisputeReason.WRONG_PRICE)),
            rulings=[Ruling(Claim(part, DisputeReason.WRONG_PRICE), approved=eur(0), evidence=[NOTE]) for part in FIRST_PARTS],
            at=NOW + timedelta(days=10),
        ).dispute
        alone = sold("O-1").add(case)
        answer = dun(alone, policy=CALLS, as_of=date(2026, 5, 20))
        assert isinstance(answer, Paused)
        assert (answer.reason.value, answer.until) == ("dispute", date(2026, 5, 27))

    def test_reopening_cuts_the_grace_short(self) -> None:
        """From then on the rest is held again."""
        again = reopen(decided(opened(), "6.00", 1), at=NOW + timedelta(days=3), actor="customer", note="more")
        spans = [(hold.since.day, hold.until and hold.until.day, str(hold.amount.amount), hold.grace) for hold in SNAPSHOT.add(again).holds]
        assert spans == [(6, 7, "16.94", False), (7, 9, "9.68", True), (9, None, "9.68", False)]

    def test_goodwill_lowers_what_is_left(self) -> None:
        """What was given is not asked for."""
        case = decided(opened(), "6.00", 1, goodwill=eur("2.00"))
        assert SNAPSHOT.add(case).holds[-1].amount == eur("7.26")


FIRST_PARTS = (VISIT, FIRST.part(FIRST.line("router")))
AMOUNTS = st.integers(1, 1400).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")


class TestProperties:
    """What holds whatever is claimed and decided."""

    @given(AMOUNTS, st.integers(0, 40))
    def test_opening_and_withdrawing_restores_every_balance(self, amount: str, days: int) -> None:
        """On no later day is anything different from an account without the case."""
        case = opened(Claim(FIRST.part(FIRST.line("visit"), net=eur(amount)), DisputeReason.ARITHMETIC))
        gone = SNAPSHOT.add(withdraw(case, at=NOW, actor="customer"))
        day = date(2026, 5, 6) + timedelta(days=days)
        assert balances(gone, as_of=day) == balances(SNAPSHOT, as_of=day)
        assert dun(gone, policy=CALLS, as_of=day) == dun(SNAPSHOT, policy=CALLS, as_of=day)
        held = statement(SNAPSHOT.add(case), as_of=day)
        assert held.disputed + held.collectable == held.balance

    @given(st.lists(AMOUNTS, min_size=1, max_size=4))
    def test_approved_never_exceeds_claimed(self, amounts: list[str]) -> None:
        """Whatever is ruled, over any number of rounds, the sum stays within the claim, and what is left adds up to it."""
        case, at = opened(), NOW
        for amount in amounts:
            at += timedelta(days=1)
            try:
                case = settle(SNAPSHOT, case, rulings=[ruled(amount)], at=at).dispute
                case = reopen(case, at=at, actor="customer", note="more")
            except BillingError:
                continue
        approved = sum(ruling.approved_amount for ruling in case.rulings)
        assert approved <= case.lines[0].net_amount
        assert approved + sum(line.net_amount for line in case.claimed) == (case.lines[0].net_amount if case.is_open else approved)

    @given(st.integers(1, 30), st.sampled_from(list(ClockUnit)), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
    def test_a_first_day_that_counts_ends_no_later(self, count: int, unit: ClockUnit, start: date) -> None:
        """Day 1 instead of day 0 never gives more time."""
        cycles = SNAPSHOT.account.cycle.schedule(Frequency.monthly(), start=date(2026, 1, 15))
        calendar = Calendar(cycles=cycles)
        later = Clock(ClockKind.RESOLVE, count, unit).last_day(start, calendar)
        assert Clock(ClockKind.RESOLVE, count, unit, counts_first=True).last_day(start, calendar) <= later


class TestBadInput:
    """Each is a typed error."""

    def test_regimes(self) -> None:
        """A code instead of a regime, an unknown code, one that is not in force, and one without a source."""
        with pytest.raises(InvalidTypeError, match=r"presets\.regime"):
            opened(regime="lt-consumer")
        with pytest.raises(InvalidTypeError, match="DisputeRegime"):
            attrs.evolve(opened(), regime="lt-consumer")
        assert presets.regime("lt-consumer") is presets.LT_CONSUMER
        assert presets.regime("uk-ofcom-c4", on=date(2026, 4, 7)) is presets.UK_OFCOM
        with pytest.raises(UnknownReferenceError, match="uk-fca-disp"):
            presets.regime("lt")
        with pytest.raises(RefusedError, match="not in force on 2026-04-08"):
            presets.regime("uk-ofcom-c4", on=date(2026, 4, 8))
        with pytest.raises(InvalidValueError, match="where its rules are stated"):
            DisputeRegime("x", "X", "LT", [], " ", date(2026, 1, 1))

    def test_claims_and_kinds(self) -> None:
        """A single claim instead of a list, a part instead of a claim, and a kind in words."""
        for claims in (CLAIM, [VISIT]):
            with pytest.raises(InvalidTypeError):
                submit(SNAPSHOT, claims, id="D-1", regime=HOUSE, at=NOW, actor="customer")  # type: ignore[arg-type]
        with pytest.raises(InvalidTypeError, match="DisputeKind"):
            opened(kind="complaint")
        assert opened(kind=DisputeKind.COMPLAINT).kind is DisputeKind.COMPLAINT

    def test_clocks(self) -> None:
        """Half a day, a yes, and members of other enumerations."""
        for bad in ({"count": 1.5}, {"count": True}, {"kind": "resolve"}, {"unit": "day"}, {"roll": "none"}):
            with pytest.raises(InvalidTypeError):
                Clock(**{"kind": ClockKind.RESOLVE, "count": 1, **bad})  # type: ignore[arg-type]

    def test_instants_without_a_zone(self) -> None:
        """A settlement at no stated zone is refused."""
        with pytest.raises(InvalidValueError):
            settle(SNAPSHOT, opened(), rulings=[ruled("1.00")], at=datetime(2026, 5, 7))  # noqa: DTZ001  naive on purpose
        assert settle(SNAPSHOT, opened(), rulings=[ruled("1.00")], at=datetime(2026, 5, 7, tzinfo=UTC)).credit_note
