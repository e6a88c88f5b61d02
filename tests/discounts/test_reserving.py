"""Windows that clocks and colleagues share: reservations at once, approvers' budgets, and nights on which clocks change."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Lock, Thread
from zoneinfo import ZoneInfo

import attrs
import pytest
from authority import AT, JONAS, codes, earlier, limit, limits, wants
from hypothesis import given
from hypothesis import strategies as st
from made import eur, promise

from billing_domain.discounts import Agent, Budget, Granted, GrantRecord, NeedsApproval, Percent, RecordState, approve, judge, reserve
from billing_domain.errors import InvalidPeriodError, InvalidTypeError, InvalidValueError, RefusedError

VILNIUS = ZoneInfo("Europe/Vilnius")
CAMPAIGN = limits(limit(team=Budget(30, eur(70)), same_reason=0))


class ToyStore:
    """A store in memory that is safe with threads."""

    def __init__(self):
        """Start empty."""
        self.kept, self.lock = [], Lock()

    def read(self, request):
        """Return all records of the agent's team."""
        return tuple([record for record in self.kept if record.team == request.agent.team])

    def add(self, record, *, seen):
        """Store if nothing came between."""
        with self.lock:
            if tuple([kept for kept in self.kept if kept.team == record.team]) != seen:
                return False
            self.kept.append(record)
            return True


def test_parallel_grants_never_overspend():
    """Twelve agents grant 10.00 each at once from a team's 70.00: seven are granted, the others told which window is full."""
    store, gate, answers = ToyStore(), Barrier(12), []

    def ask(number):
        request = wants(agent=Agent(f"a-{number}", "agent", team="care-1"), id=f"G-{number}", account_id=f"A-{number}")
        gate.wait()
        answers.append(reserve(store, request, lambda records: judge(request, CAMPAIGN, granted=records)))

    threads = [Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, Granted) for answer in answers) == len(store.kept) == 7
    assert {rule.code for answer in answers if not isinstance(answer, Granted) for rule in answer.failed} == {"team-amount"}


def test_a_store_that_never_agrees_is_given_up():
    """Somebody who is slower every time is refused after so many attempts, with nothing stored."""
    store = ToyStore()
    store.add = lambda record, *, seen: False
    with pytest.raises(RefusedError):
        reserve(store, wants(), lambda records: judge(wants(), CAMPAIGN, granted=records), attempts=3)
    assert store.kept == []


def test_approving_uses_the_approvers_window_too():
    """A senior with 100.00 a month who approved 60.00 for others has 40.00 left, to grant and to approve."""
    matrix = limits(limit(amount=eur(5), approvers=["senior"]), limit("senior", agent=Budget(30, eur(100))))
    first = approve(judge(wants("60.00"), matrix), by=JONAS, at=AT)
    assert first.record.approved_by == ("jonas",)
    waiting = judge(wants("60.00", id="G-2", account_id="A-2"), matrix, granted=[first.record])
    assert codes(approve(waiting, by=JONAS, at=AT, granted=[first.record]))[-1] == "approver-limit"
    assert codes(judge(wants("50.00", JONAS, id="G-3", account_id="A-3"), matrix, granted=[first.record])) == ["agent-amount"]
    assert isinstance(judge(wants("40.00", JONAS, id="G-3", account_id="A-3"), matrix, granted=[first.record]), Granted)
    with pytest.raises(InvalidTypeError):
        attrs.evolve(first.record, approved_by="jonas")


def test_nobody_approves_before_it_is_asked():
    """An approval that lies before its request is an error, and waiting approves nothing."""
    matrix = limits(limit(amount=eur(5), approvers=["senior"]), limit("senior"))
    answer = judge(wants("60.00"), matrix)
    assert isinstance(answer, NeedsApproval)
    with pytest.raises(InvalidPeriodError):
        approve(answer, by=JONAS, at=AT - timedelta(microseconds=1))


def test_limits_see_the_percentage_that_is_promised():
    """A request takes the percentage of its promise, and one that says another is refused."""
    matrix = limits(limit(percent=10))
    assert codes(judge(wants(grant=promise(benefit=Percent(50))), matrix)) == ["percent"]
    assert judge(wants(grant=promise(benefit=Percent(50))), matrix).nearest.percent == 10
    with pytest.raises(InvalidValueError):
        wants(percent=10, grant=promise(benefit=Percent(50)))


def test_a_reservation_holds_a_quarter_of_an_hour_in_every_night():
    """Where clocks go back, fifteen minutes are fifteen minutes."""
    before = datetime(2026, 10, 25, 3, 55, tzinfo=VILNIUS)
    record = judge(wants(at=before), limits(limit())).record
    assert record.expires.astimezone(UTC) - before.astimezone(UTC) == timedelta(minutes=15)
    assert record.counts(before + timedelta(minutes=4))
    assert not record.counts(record.expires)


instants = st.datetimes(datetime(2026, 9, 20), datetime(2026, 11, 20)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
zoned = st.builds(lambda at, zone: at.astimezone(zone), instants, st.sampled_from([UTC, VILNIUS, ZoneInfo("America/New_York")]))
known = st.builds(
    lambda record, at, number: attrs.evolve(record, at=at, id=f"R-{number}"),
    st.sampled_from([earlier("4.00"), earlier("9.00"), earlier("2.00", state=RecordState.RELEASED)]),
    zoned,
    st.integers(0, 9),
)


@given(zoned, st.lists(known, max_size=5, unique_by=lambda record: record.id), st.integers(1, 20), st.integers(0, 40))
def test_zones_and_clocks_change_no_answer(at, records, days, cool_down):
    """The same instants in other zones give the same answer, and what is near passes in all of them."""
    matrix = limits(limit(amount=eur(10), percent=20, customer=Budget(days, eur(12), 2), cool_down=cool_down, same_reason=days))
    asked = wants("15.00", at=at, grant=promise(benefit=Percent(30)))
    answer = judge(asked, matrix, granted=records)
    moved = [attrs.evolve(record, at=record.at.astimezone(UTC)) for record in records]
    elsewhere = judge(attrs.evolve(asked, at=at.astimezone(UTC)), matrix, granted=moved)
    assert codes(answer) == codes(elsewhere)
    near, other = answer.nearest, elsewhere.nearest
    assert (near is None) == (other is None)
    if near is not None:
        assert (near.value, near.at is None) == (other.value, other.at is None)
        again = attrs.evolve(asked, value=near.value, percent=near.percent, grant=None, at=near.at or at)
        assert isinstance(judge(again, matrix, granted=records), Granted)


def test_a_record_is_a_grant_record():
    """What is reserved is stored as a record of the grant under its id."""
    record = judge(wants(), limits(limit())).record
    assert (type(record), record.id, record.approved_by) == (GrantRecord, "G-1", ())
