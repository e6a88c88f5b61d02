"""The queue under any sequence of steps: nobody is lost, nobody is doubled, no promise is forgotten."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from billing_domain.waiting import CallQueue, Contact, Ending, OfferCallBack, Pace, QueuePolicy, Serve, Waiting, measure
from billing_domain.waiting.policy import is_due

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = QueuePolicy(ageing=timedelta(minutes=2), call_back_after=timedelta(minutes=5), call_back_attempts=2)
SKILLS = st.frozensets(st.sampled_from(["billing", "fraud"]))
PACES = st.none() | st.builds(Pace, agents=st.integers(1, 5), handling_time=st.just(timedelta(minutes=3)))


class CallCentre(RuleBasedStateMachine):
    """Calls come, wait, leave, are connected, take call-backs and are missed, in any order."""

    def __init__(self):
        super().__init__()
        self.queue, self.now, self.joined, self.records = CallQueue(POLICY), NINE, 0, []

    @rule(minutes=st.integers(0, 10))
    def pass_time(self, minutes):
        """Time goes on."""
        self.now += timedelta(minutes=minutes)

    @rule(priority=st.integers(1, 4), skills=SKILLS, prefers=SKILLS)
    def join(self, priority, skills, prefers):
        """A call comes in."""
        self.joined += 1
        call = Waiting(id=f"C-{self.joined}", priority=priority, arrived=self.now, skills=skills, prefers=prefers)
        self.queue = self.queue.join(call)

    @rule(skills=st.none() | SKILLS, pace=PACES, takes=st.booleans(), reached=st.booleans())
    def step(self, skills, pace, takes, reached):
        """An agent is free, or none is; an offer is taken or not, and a caller who is rung answers or not."""
        answer = self.queue.next(skills=skills, at=self.now, pace=pace)
        if isinstance(answer, Serve):
            self._connect(answer, skills, reached)
        elif isinstance(answer, OfferCallBack):
            assert answer.call.call_back is None
            assert self.now <= answer.earliest <= answer.latest
            self.queue = answer.queue.accept(answer.call.id, at=self.now) if takes else answer.queue
        else:
            assert answer.queue is self.queue

    def _connect(self, answer, skills, reached):
        call, promised = answer.call, answer.call.promised
        assert is_due(call, self.now)
        assert answer.waited >= timedelta(0)
        for passed in answer.queue.waiting:
            if passed.arrived < call.arrived and is_due(passed, self.now) and POLICY.may_take(passed, skills, at=self.now):
                assert call.arrived < passed.arrived + POLICY.bound(priority=passed.priority)
        self.queue = answer.queue
        if promised and not reached and promised.attempts + 1 < POLICY.call_back_attempts:
            self.queue = self.queue.retry(call, at=self.now)
        else:
            self.records.append(Contact.of(answer))

    @precondition(lambda self: self.queue.waiting)
    @rule(data=st.data())
    def leave(self, data):
        """A caller hangs up, or gives up the call-back."""
        left = self.queue.leave(data.draw(st.sampled_from(self.queue.waiting)).id, at=self.now)
        self.queue = left.queue
        self.records.append(Contact.of(left))

    @invariant()
    def nobody_is_lost(self):
        """Every call that joined waits or is over, once."""
        ids = [call.id for call in self.queue.waiting] + [record.id for record in self.records]
        assert sorted(ids) == sorted(f"C-{place}" for place in range(1, self.joined + 1))

    @invariant()
    def the_queue_is_in_order(self):
        """The queue equals one that is made of its calls the other way round, and its orders hold the same calls."""
        assert self.queue == CallQueue(POLICY, reversed(self.queue.waiting))
        assert set(self.queue.ordered(at=self.now)) == set(self.queue.waiting)
        assert set(self.queue.overdue(at=self.now)) <= {call for call in self.queue.waiting if call.promised}

    @invariant()
    def the_metrics_add_up(self):
        """What is over is answered, rung back or given up."""
        found = measure(self.records, within=timedelta(minutes=1))
        assert found.answered + found.abandoned == len(self.records)
        assert found.called_back == sum(record.ending is Ending.CALLED_BACK for record in self.records)


TestCallCentre = CallCentre.TestCase
TestCallCentre.__doc__ = "Any sequence of joining, serving, offering, calling back and leaving keeps every call exactly once."
