"""Metrics count exactly, name their definition, and do not depend on order."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import (
    BillingError,
    DuplicateIdError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    OutOfOrderError,
)
from billing_domain.waiting import CallBack, CallQueue, Contact, Ending, LevelDefinition, QueuePolicy, ServiceLevel, Waiting, measure

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TWENTY = timedelta(seconds=20)


def contact(name: str, seconds: int, ending: Ending = Ending.ANSWERED) -> Contact:
    return Contact(name, NINE, NINE + timedelta(seconds=seconds), ending)


def many(count: int, seconds: int, ending: Ending) -> list[Contact]:
    return [contact(f"{ending.value}-{seconds}-{place}", seconds, ending) for place in range(count)]


CONTACTS = st.lists(st.tuples(st.integers(0, 100), st.sampled_from(Ending)), max_size=30).map(
    lambda rows: [contact(f"C-{place}", seconds, ending) for place, (seconds, ending) in enumerate(rows)]
)


def test_the_three_definitions():
    """Of a hundred calls, seventy answered in time, ten later and twenty lost, five in time, each definition says another share."""
    calls = [
        *many(70, 20, Ending.ANSWERED),
        *many(10, 21, Ending.ANSWERED),
        *many(5, 20, Ending.ABANDONED),
        *many(15, 90, Ending.ABANDONED),
    ]
    found = measure(calls, within=TWENTY)
    shares = {definition: found.level(definition).share for definition in LevelDefinition}
    assert shares == {
        LevelDefinition.OF_OFFERED: Fraction(70, 100),
        LevelDefinition.OF_ANSWERED: Fraction(70, 80),
        LevelDefinition.WITHOUT_SHORT_ABANDONS: Fraction(70, 95),
    }
    assert found.meets(ServiceLevel(70, TWENTY)) is True
    assert found.meets(ServiceLevel("70.01", TWENTY)) is False
    assert found.meets(ServiceLevel(87, TWENTY, LevelDefinition.OF_ANSWERED)) is True


@given(calls=CONTACTS, data=st.data())
def test_every_call_is_counted_once(calls, data):
    """Answered, lost and busy calls add up to the offered, in any order, and the levels are ordered."""
    found = measure(calls, within=TWENTY)
    assert found == measure(data.draw(st.permutations(calls)), within=TWENTY)
    assert found.answered + found.abandoned + found.busy == found.offered == len(calls)
    assert found.answered_within <= found.answered
    assert found.called_back <= found.answered
    levels = [found.level(definition).share for definition in LevelDefinition]
    if None not in levels:
        assert levels[0] <= min(levels[1:]) <= 1


def test_call_backs_and_busy_signals():
    """A call-back counts with the time until it is made; a busy signal is an offered call that nobody answered."""
    found = measure([contact("C-1", 10), contact("C-2", 50, Ending.CALLED_BACK), contact("C-3", 0, Ending.BUSY)], within=TWENTY)
    assert (found.answered, found.called_back, found.busy, found.offered) == (2, 1, 1, 3)
    assert (found.average_wait, found.longest_wait) == (timedelta(seconds=30), timedelta(seconds=50))


def test_no_calls_no_level():
    """Where no call counts there is no share, no mean and no verdict, rather than a zero."""
    found = measure([], within=TWENTY)
    assert (found.average_wait, found.longest_wait, found.level().share, found.meets(ServiceLevel(80, TWENTY))) == (None, None, None, None)
    lost = measure([contact("C-1", 5, Ending.ABANDONED)], within=TWENTY)
    assert lost.level().share == 0
    assert lost.level(LevelDefinition.OF_ANSWERED).share is None


def test_the_ends_of_the_scale():
    """Every level reaches zero percent, and only a full one a hundred."""
    found = measure([contact("C-1", 5), contact("C-2", 50)], within=TWENTY).level()
    assert (found.reaches(0), found.reaches(50), found.reaches(100)) == (True, True, False)


def test_steps_of_the_queue_become_records():
    """What the queue served and who left is measured without writing anything by hand."""
    kept = CallBack(NINE, NINE + timedelta(minutes=9), agreed=True)
    calls = [Waiting(id=name, priority=1, arrived=NINE) for name in ("C-1", "C-2")]
    queue = CallQueue(QueuePolicy(ageing=timedelta(minutes=2)), [*calls, Waiting(id="C-3", priority=1, arrived=NINE, call_back=kept)])
    left = queue.leave("C-2", at=NINE + TWENTY)
    first = left.queue.next(skills=set(), at=NINE + TWENTY)
    second = first.queue.next(skills=set(), at=NINE + TWENTY)
    records = [Contact.of(step) for step in (left, first, second)]
    assert [(record.id, record.ending) for record in records] == [
        ("C-2", Ending.ABANDONED),
        ("C-1", Ending.ANSWERED),
        ("C-3", Ending.CALLED_BACK),
    ]
    assert {record.waited for record in records} == {TWENTY}


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: contact("C-1", -1), OutOfOrderError),
        (lambda: contact("", 1), InvalidValueError),
        (lambda: Contact("C-1", NINE, NINE, "answered"), InvalidTypeError),
        (lambda: measure([], within=TWENTY).level("of-offered"), InvalidTypeError),
        (lambda: Contact("C-1", NINE.replace(tzinfo=None), NINE, Ending.BUSY), NaiveInstantError),
        (lambda: measure([contact("C-1", 1), contact("C-1", 2)], within=TWENTY), DuplicateIdError),
        (lambda: measure([], within=-TWENTY), InvalidValueError),
        (lambda: measure([], within=TWENTY).meets(ServiceLevel(80, TWENTY * 2)), InvalidValueError),
        (lambda: measure([], within=TWENTY).level().reaches(101), InvalidAmountError),
    ],
)
def test_bad_input_is_refused(make, error):
    """Waits that end before they begin, calls counted twice and other thresholds are errors."""
    with pytest.raises(error) as caught:
        make()
    assert isinstance(caught.value, BillingError)
