"""The queue starves nobody, depends on nothing but its calls, and keeps its promises to call back."""

import random
from datetime import UTC, datetime, timedelta, timezone
from math import log
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import (
    BillingError,
    DuplicateIdError,
    ExceedsLimitError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    NoSuchResultError,
    OutOfOrderError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.waiting import (
    CallBack,
    CallQueue,
    Contact,
    Demand,
    Idle,
    OfferCallBack,
    Pace,
    QueuePolicy,
    Serve,
    Waiting,
    measure,
    predict,
)
from billing_domain.waiting.policy import is_due

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
EAST = timezone(timedelta(hours=2))
UNIT = timedelta(minutes=2)
POLICY = QueuePolicy(ageing=UNIT)
OFFERING = QueuePolicy(ageing=UNIT, call_back_after=timedelta(minutes=5))
SKILLS = st.frozensets(st.sampled_from(["billing", "lithuanian", "fraud"]), max_size=2)


def later(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def call(name: str, priority: int = 1, minutes: float = 0, **more) -> Waiting:
    return Waiting(id=name, priority=priority, arrived=later(minutes), **more)


def order(queue: CallQueue, skills, at: datetime) -> list[str]:
    """The ids in the order in which one agent would take them, all at once."""
    served = []
    while isinstance(step := queue.next(skills=skills, at=at), Serve):
        served.append(step.call.id)
        queue = step.queue
    return served


CALLS = st.lists(
    st.builds(
        lambda priority, minutes, skills, prefers, call_back: {
            "priority": priority,
            "minutes": minutes,
            "skills": skills,
            "prefers": prefers,
            "call_back": call_back,
        },
        st.integers(1, 5),
        st.integers(0, 20),
        SKILLS,
        SKILLS,
        st.none() | st.builds(lambda start, length: CallBack(later(start), later(start + length), agreed=True), *[st.integers(0, 20)] * 2),
    ),
    max_size=12,
).map(lambda rows: [call(f"C-{place}", **row) for place, row in enumerate(rows)])


@given(calls=CALLS, steps=st.lists(st.tuples(SKILLS, st.integers(0, 4)), max_size=30))
def test_nobody_is_overtaken_beyond_the_bound(calls, steps):
    """No agent takes a call that came the bound or more after one that the agent could have taken instead."""
    queue, coming, now = CallQueue(POLICY), sorted(calls, key=lambda one: one.arrived), NINE
    for skills, minutes in steps:
        now += timedelta(minutes=minutes)
        while coming and coming[0].arrived <= now:
            queue = queue.join(coming.pop(0))
        step = queue.next(skills=skills, at=now)
        if isinstance(step, Serve):
            assert step.call.skills <= skills
            for passed in step.queue.waiting:
                if passed.arrived < step.call.arrived and is_due(passed, now) and POLICY.may_take(passed, skills, at=now):
                    assert step.call.arrived < passed.arrived + (passed.priority - 1) * UNIT
            queue = step.queue


@given(priority=st.integers(1, 6), others=st.lists(st.integers(0, 12), max_size=40))
def test_no_starvation(priority, others):
    """However many urgent calls come, a call of class p is taken before every one that comes (p − 1) units after it or later."""
    queue = CallQueue(POLICY).join(call("patient", priority))
    for place, minutes in enumerate(others):
        queue = queue.join(call(f"urgent-{place}", 1, minutes))
    before = order(queue, set(), later(60)).index("patient")
    assert before <= sum(minutes < (priority - 1) * 2 or minutes == 0 for minutes in others)
    assert before >= sum(minutes < (priority - 1) * 2 and minutes > 0 for minutes in others)


@given(calls=CALLS, data=st.data())
def test_the_order_of_joining_is_free(calls, data):
    """The same calls make equal queues and are served in the same order, however they joined."""
    shuffled = data.draw(st.permutations(calls))
    one, other = CallQueue(POLICY), CallQueue(POLICY, shuffled)
    for each in calls:
        one = one.join(each)
    assert one == other
    everything = {"billing", "lithuanian", "fraud"}
    assert order(one, everything, later(30)) == order(other, everything, later(30))


def test_simultaneous_calls_of_one_class_go_by_id():
    """Calls of one class that came at the same instant are taken by id."""
    queue = CallQueue(POLICY, [call("C-3"), call("C-1"), call("C-2")])
    assert order(queue, set(), NINE) == ["C-1", "C-2", "C-3"]


@given(calls=CALLS, minutes=st.integers(20, 60))
def test_the_order_never_flips(calls, minutes):
    """Time alone never changes who goes before whom, but for a promise that is broken."""
    queue = CallQueue(POLICY, [attrs.evolve(one, call_back=None) for one in calls])
    assert queue.ordered(at=later(minutes)) == queue.ordered(at=later(20))


@given(calls=CALLS, skills=SKILLS)
def test_a_step_is_a_function(calls, skills):
    """The same queue asked twice gives the same answer and is not changed by it."""
    queue = CallQueue(OFFERING, calls)
    copy = CallQueue(OFFERING, calls)
    assert queue.next(skills=skills, at=later(30)) == queue.next(skills=skills, at=later(30))
    assert queue == copy


@given(calls=CALLS)
def test_every_call_is_served_once(calls):
    """An agent who can do everything empties the queue, each call once."""
    served = order(CallQueue(POLICY, calls), {"billing", "lithuanian", "fraud"}, later(60))
    assert sorted(served) == sorted(one.id for one in calls)


def test_the_bound_is_a_unit_per_class():
    """A first class call is never overtaken, one of class p by none that comes p − 1 units later."""
    assert [POLICY.bound(priority=priority) for priority in (1, 2, 4)] == [timedelta(0), UNIT, 3 * UNIT]
    for bad in (0, -1, 1001, 1.5, True):
        with pytest.raises((InvalidValueError, InvalidTypeError), match="priority"):
            POLICY.bound(priority=bad)


def test_one_attempt_is_enough_for_a_policy():
    """A policy may ring once and then write a letter."""
    queue = CallQueue(QueuePolicy(ageing=UNIT, call_back_attempts=1))
    with pytest.raises(RefusedError, match="as often as the policy says"):
        queue.retry(call("C-1", call_back=CallBack(NINE, later(1), agreed=True)), at=later(1))


def test_classes_and_ageing():
    """An urgent call goes first, unless the other has waited a unit per class between them."""
    queue = CallQueue(POLICY, [call("old", 2, 0), call("urgent", 1, 1)])
    assert order(queue, set(), later(3)) == ["urgent", "old"]
    queue = CallQueue(POLICY, [call("old", 2, 0), call("urgent", 1, 2)])
    assert order(queue, set(), later(3)) == ["old", "urgent"]


def test_skills_and_preferences():
    """A call that needs a skill waits for it; one that only prefers it goes to anybody after a minute."""
    queue = CallQueue(POLICY, [call("needs", 1, 0, skills={"fraud"}), call("prefers", 1, 0, prefers={"lithuanian"})])
    assert order(queue, {"billing"}, NINE) == []
    assert order(queue, {"lithuanian"}, NINE) == ["prefers"]
    assert order(queue, {"billing"}, later(1)) == ["prefers"]
    assert order(queue, {"fraud"}, later(1)) == ["needs", "prefers"]


def test_real_time_counts_when_the_clocks_change():
    """In the hour that the clocks repeat, who came first in real time goes first."""
    riga = ZoneInfo("Europe/Riga")
    first = Waiting(id="Z", priority=1, arrived=datetime(2026, 10, 25, 3, 50, tzinfo=riga))
    second = Waiting(id="A", priority=1, arrived=datetime(2026, 10, 25, 3, 10, fold=1, tzinfo=riga))
    queue = CallQueue(POLICY, [second, first])
    at = datetime(2026, 10, 25, 3, 20, fold=1, tzinfo=riga)
    assert order(queue, set(), at) == ["Z", "A"]
    assert queue.longest_wait(at=at) == timedelta(minutes=30)


def test_nobody_waits():
    """An empty queue is idle, has no longest wait, and its call raises with the reason."""
    queue = CallQueue(OFFERING)
    idle = queue.next(skills={"billing"}, at=NINE)
    assert idle == Idle(queue)
    assert queue.longest_wait(at=NINE) is None
    with pytest.raises(NoSuchResultError, match="nobody waits"):
        _ = idle.call


def test_leaving():
    """Who hangs up is out of the queue and leaves a record of the wait."""
    left = CallQueue(POLICY, [call("C-1"), call("C-2")]).leave("C-1", at=later(3))
    assert (left.call.id, left.waited, [one.id for one in left.queue.waiting]) == ("C-1", timedelta(minutes=3), ["C-2"])


def test_a_call_back_is_offered_once_and_keeps_the_place():
    """After the wait of the policy the first caller gets an offer, once, and is still on the line."""
    queue = CallQueue(OFFERING, [call("C-1", 2), call("C-2", 2, 1)])
    assert isinstance(queue.next(skills=None, at=later(4)), Idle)
    offer = queue.next(skills=None, at=later(5))
    assert isinstance(offer, OfferCallBack)
    assert (offer.call.id, offer.earliest, offer.latest) == ("C-1", later(5), later(65))
    assert isinstance(offer.queue.next(skills=None, at=later(5)), Idle)
    second = offer.queue.next(skills=None, at=later(6))
    assert second.call.id == "C-2"
    assert order(second.queue, set(), later(6)) == ["C-1", "C-2"]


def test_an_agent_comes_before_an_offer():
    """Whoever can be connected is, and only else is a call-back offered."""
    queue = CallQueue(OFFERING, [call("C-1", skills={"fraud"}), call("C-2")])
    step = queue.next(skills={"billing"}, at=later(6))
    assert isinstance(step, Serve)
    assert (step.call.id, step.waited, step.overdue) == ("C-2", timedelta(minutes=6), timedelta(0))
    assert isinstance(step.queue.next(skills={"billing"}, at=later(6)), OfferCallBack)


def test_a_promised_window_is_kept():
    """A caller who took the offer is rung no earlier than the window begins, and in the old place then."""
    pace = Pace(agents=2, handling_time=timedelta(minutes=4))
    queue = CallQueue(OFFERING, [call("C-1", 3), *(call(f"B-{place}", 1) for place in range(4))])
    offer = queue.next(skills=None, at=later(1), pace=pace)
    assert isinstance(offer, OfferCallBack)
    assert offer.call.id == "B-1"
    assert offer.earliest == later(1) + pace.wait(1, 50)
    assert offer.latest == later(1) + pace.wait(1, 90)
    kept = offer.queue.accept("B-1", at=later(2))
    assert order(kept, set(), later(2)) == ["B-0", "B-2", "B-3", "C-1"]
    assert order(kept, set(), offer.earliest) == ["B-0", "B-1", "B-2", "B-3", "C-1"]


def test_an_offer_is_made_early_where_the_pace_tells_of_a_long_wait():
    """With a pace the offer comes as soon as the wait will be too long, without one only when it has been."""
    queue = CallQueue(OFFERING, [call("C-1"), call("C-2")])
    slow = Pace(agents=1, handling_time=timedelta(minutes=3))
    offer = queue.next(skills=None, at=NINE, pace=slow)
    assert isinstance(offer, OfferCallBack)
    assert offer.call.id == "C-2"
    assert isinstance(queue.next(skills=None, at=NINE), Idle)


def test_a_broken_promise_is_told_and_goes_first():
    """Once its window has passed a promised call counts as first class, and the delay is in the result."""
    promised = call("C-1", 5, call_back=CallBack(later(5), later(9), agreed=True))
    queue = CallQueue(POLICY, [promised, call("C-2", 1, 3)])
    assert order(queue, set(), later(9)) == ["C-2", "C-1"]
    assert queue.overdue(at=later(9)) == ()
    assert order(queue, set(), later(10)) == ["C-1", "C-2"]
    assert queue.overdue(at=later(10)) == (promised,)
    assert queue.next(skills=set(), at=later(10)).overdue == timedelta(minutes=1)


def test_a_call_back_that_nobody_answers_is_tried_again():
    """A caller who is not reached keeps the place for as many attempts as the policy has, then the case ends."""
    policy = attrs.evolve(OFFERING, call_back_attempts=2)
    queue = CallQueue(policy, [call("C-1", call_back=CallBack(later(5), later(9), agreed=True))])
    served = queue.next(skills=set(), at=later(6))
    again = served.queue.retry(served.call, at=later(7))
    assert again.call("C-1").call_back == CallBack(later(7), later(67), agreed=True, attempts=1)
    served = again.next(skills=set(), at=later(8))
    with pytest.raises(RefusedError, match="as often as the policy says"):
        served.queue.retry(served.call, at=later(9))
    with pytest.raises(RefusedError, match="as often as the policy says"):
        queue.retry(call("C-9"), at=later(9))


def test_an_offer_is_accepted_in_time():
    """Nobody accepts what was not offered, or whose window has passed."""
    queue = CallQueue(OFFERING, [call("C-1")])
    with pytest.raises(RefusedError, match="after its offer"):
        queue.accept("C-1", at=later(1))
    offer = queue.next(skills=None, at=later(5))
    assert offer.queue.accept("C-1", at=offer.latest).call("C-1").promised is not None
    with pytest.raises(RefusedError, match="before its window ends"):
        offer.queue.accept("C-1", at=later(66))


def test_a_queue_agrees_with_erlang():
    """Two agents and twenty thousand random calls wait as long on average as Erlang C says, within three percent."""
    dice = random.Random(7)
    hour = Demand(NINE, calls=30, handling_time=timedelta(minutes=2), lasts=timedelta(hours=1))
    expected = predict(hour, agents=2).outlook
    queue, free, now, records = CallQueue(POLICY), [NINE, NINE], NINE, []
    for place in range(20_000):
        now -= timedelta(minutes=2) * log(1 - dice.random())
        queue = _serve(queue, free, now, dice, records)
        queue = queue.join(Waiting(id=f"C-{place}", priority=1, arrived=now))
    found = measure(records, within=timedelta(seconds=20))
    assert found.average_wait / expected.average_wait == pytest.approx(1, abs=0.03)
    assert float(found.level().share) == pytest.approx(expected.service_level(timedelta(seconds=20)), abs=0.01)


def _serve(queue, free, until, dice, records):
    """Let the agents take whoever they reach before the next call comes."""
    while queue.waiting:
        start = max(min(free), queue.waiting[0].arrived)
        at = max(start, queue.waiting[-1].arrived)
        if start > until:
            return queue
        step = queue.next(skills=set(), at=at)
        records.append(Contact.of(step))
        free[free.index(min(free))] = start - timedelta(minutes=2) * log(1 - dice.random())
        queue = step.queue
    return queue


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: CallQueue(POLICY, [call("C-1"), call("C-1", 2)]), DuplicateIdError),
        (lambda: CallQueue(POLICY).join(call("C-1")).join(call("C-1", 2, 3)), DuplicateIdError),
        (lambda: CallQueue(POLICY).leave("C-1", at=NINE), UnknownReferenceError),
        (lambda: CallQueue(POLICY).accept("C-1", at=NINE), UnknownReferenceError),
        (lambda: CallQueue(POLICY, [call("C-1", 1, 5)]).next(skills=set(), at=NINE), OutOfOrderError),
        (lambda: CallQueue(POLICY, [call("C-1", 1, 5)]).leave("C-1", at=NINE), OutOfOrderError),
        (lambda: CallQueue(POLICY).next(skills=set(), at=NINE.replace(tzinfo=None)), NaiveInstantError),
        (lambda: call("C-1", 0), InvalidValueError),
        (lambda: call("C-1", 1_001), InvalidValueError),
        (lambda: call("C-1", True), InvalidTypeError),
        (lambda: call("C-1", 1.0), InvalidTypeError),
        (lambda: call(" "), InvalidValueError),
        (lambda: call("C-1", skills="billing"), InvalidTypeError),
        (lambda: CallQueue(POLICY).next(skills="billing", at=NINE), InvalidTypeError),
        (lambda: call("C-1", skills={""}), InvalidValueError),
        (lambda: Waiting(id="C-1", priority=1, arrived=NINE.replace(tzinfo=None)), NaiveInstantError),
        (lambda: Waiting(id="C-1", priority=1, arrived="9:00"), InvalidTypeError),
        (lambda: CallBack(later(2), later(1)), InvalidPeriodError),
        (lambda: QueuePolicy(ageing=timedelta(0)), InvalidValueError),
        (lambda: QueuePolicy(ageing=UNIT, call_back_after=-UNIT), InvalidValueError),
        (lambda: QueuePolicy(ageing=UNIT, call_back_attempts=0), InvalidValueError),
        (lambda: QueuePolicy(ageing=UNIT, call_back_attempts=1.5), InvalidTypeError),
        (lambda: QueuePolicy(ageing=UNIT, call_back_attempts=True), InvalidTypeError),
        (lambda: QueuePolicy(ageing=timedelta(days=31)), ExceedsLimitError),
        (lambda: Pace(agents=1, handling_time=timedelta.max).mean_wait(1), ExceedsLimitError),
        (lambda: Waiting(id="C-1", priority=1, arrived=datetime.min.replace(tzinfo=EAST)).waited(NINE), ExceedsLimitError),
        (lambda: Demand(datetime.max.replace(tzinfo=UTC), calls=1, handling_time=UNIT).end, ExceedsLimitError),
        (lambda: Pace(agents=0, handling_time=UNIT), InvalidValueError),
        (lambda: Pace(agents=1, handling_time=timedelta(0)), InvalidValueError),
        (lambda: Pace(agents=1, handling_time=UNIT).mean_wait(-1), InvalidValueError),
    ],
)
def test_bad_input_is_refused(make, error):
    """Duplicate ids, unknown calls, steps into the past, naive instants and classes below one are errors of their own kind."""
    with pytest.raises(error) as caught:
        make()
    assert isinstance(caught.value, BillingError)
    assert caught.value.remedy
