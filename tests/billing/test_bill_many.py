"""Many accounts: streamed, in order, on any executor; a bad account costs only itself."""

import gc
import pickle
import weakref
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Context, Decimal, Inexact, getcontext, setcontext
from itertools import count
from multiprocessing import get_context
from threading import Event

import pytest

from batch import MARCH, RULES, accounts, broken, first_only, loaded, names_of, snapshot, totals
from billing_domain import testing
from billing_domain.billing import Billed, Halted, Loading, Problem, bill, bill_many
from billing_domain.billing.together import TOGETHER
from billing_domain.catalog.working import single
from billing_domain.errors import (
    DuplicateIdError,
    InvalidTypeError,
    InvalidValueError,
    NoSuchResultError,
    PluginError,
    RefusedError,
    UnknownReferenceError,
)
from billing_domain.testing import an_account


def processes():
    """Return a pool of one process that starts clean."""
    return ProcessPoolExecutor(1, mp_context=get_context("forkserver"))


def test_results_come_in_order_and_equal_single_bills():
    """The batch answers what `bill` answers, in the order of the snapshots."""
    results = list(bill_many(accounts(7), through=MARCH, rules=RULES))
    assert results == [bill(each, through=MARCH, rules=RULES) for each in accounts(7)]
    assert [result.account.id for result in results] == [f"A-{number}" for number in range(7)]


def test_results_are_streamed():
    """The first result is there after one snapshot, few are taken ahead of the results asked for, and no result is held."""
    taken = []

    def stream():
        for number in range(1_000_000):
            taken.append(number)
            yield snapshot(number)

    results = bill_many(stream(), through=MARCH, rules=RULES)
    assert taken == []
    first = next(results)
    assert taken == [0]
    gone = weakref.ref(first) if hasattr(first, "__weakref__") else None
    del first
    assert next(results).account.id == "A-1"
    assert gone is None or gone() is None
    for asked in range(3, 500):
        next(results)
        assert asked <= len(taken) < asked + TOGETHER


def test_who_keeps_a_halted_result_keeps_no_other_account():
    """The error in a result holds what it came from, the last account billed with it, and what the stream holds."""
    seen = []

    def stream():
        for each in accounts(48, bad={3, 20, 40}):
            seen.append(weakref.ref(each))
            yield each

    kept = [result for result in bill_many(stream(), through=MARCH, rules=RULES) if isinstance(result, Halted)]
    gc.collect()
    assert len(kept) == 3
    assert sum(each() is not None for each in seen) <= 2 * len(kept) + 1


def breaking(sound):
    """Yield accounts, then fail as a database would."""
    yield from accounts(sound)
    raise ConnectionError("gone")


@pytest.mark.parametrize("sound", [0, 1, 2, 40])
def test_a_stream_that_breaks_keeps_what_it_gave(sound):
    """Where loading the next account fails, all results before it come out, then the host's own error."""

    results = bill_many(breaking(sound), through=MARCH, rules=RULES)
    assert [next(results).account.id for _ in range(sound)] == [f"A-{number}" for number in range(sound)]
    with pytest.raises(ConnectionError, match="gone"):
        next(results)


@pytest.mark.parametrize("sound", [0, 1, 2, 5, 60])
@pytest.mark.parametrize("threads", [False, True])
def test_a_sink_gets_all_that_came_before_a_stream_broke(sound, threads):
    """A chunk that was begun is finished and told, as are all chunks in flight; then the host's own error comes."""
    told = []
    with ThreadPoolExecutor(2) as pool:
        how = {"executor": pool} if threads else {}
        answers = bill_many(breaking(sound), through=MARCH, rules=RULES, sink=totals, chunk=2, progress=told.append, **how)
        stored = [name for _ in range((sound + 1) // 2) for name, _ in next(answers)]
        with pytest.raises(ConnectionError, match="gone"):
            next(answers)
    assert stored == [f"A-{number}" for number in range(sound)]
    assert [now.done for now in told[-1:]] == [sound][: len(told)]


def test_chunks_that_nobody_wants_any_more_are_called_off():
    """Who closes the batch has no further chunk billed but those that have begun."""
    stored, go_on = [], Event()

    def sink(results):
        stored.extend(result.account.id for result in results)
        assert stored == ["A-0"] or go_on.wait(10)

    with ThreadPoolExecutor(1) as pool:
        answers = bill_many(accounts(50), through=MARCH, rules=RULES, sink=sink, executor=pool, chunk=1)
        next(answers)
        answers.close()
        go_on.set()
    assert stored in (["A-0"], ["A-0", "A-1"])


class Careless:
    """A price model that leaves the context of decimals changed."""

    code = "acme:careless"

    def __init__(self, change):
        self.change = change

    def work_out(self, measured):
        """Return a price, and leave a mess."""
        self.change()
        return single("acme:careless", Decimal(1), Decimal("9.90"))


@pytest.mark.parametrize(
    "change",
    [
        lambda: setattr(getcontext(), "prec", 3),
        lambda: setattr(getcontext(), "rounding", ROUND_DOWN),
        lambda: getcontext().traps.__setitem__(Inexact, True),
        lambda: setcontext(Context(prec=2)),
    ],
)
def test_a_plugin_that_changes_the_context_of_decimals_halts_its_account_alone(change):
    """Whatever accounts are billed together, what it leaves behind reaches no other one, nor the caller."""
    before = getcontext()
    mixed = [snapshot(number, Careless(change) if number in {0, 4} else "1234567.89") for number in range(9)]
    results = list(bill_many(mixed, through=MARCH, rules=RULES))
    assert [number for number, result in enumerate(results) if isinstance(result, Halted)] == [0, 4]
    assert [results[number].problems[0].code for number in (0, 4)] == ["RefusedError"] * 2
    sound = [number for number in range(9) if number not in {0, 4}]
    assert [results[number] for number in sound] == [bill(mixed[number], through=MARCH, rules=RULES) for number in sound]
    assert getcontext() is before


@pytest.mark.parametrize("digits", [9, 1])
def test_one_account_alone_is_halted_by_a_changed_context_too(digits):
    """A bill whose amounts may have been worked out with too few digits is none, also where that made the arithmetic fail."""
    result = bill(snapshot(0, Careless(lambda: setattr(getcontext(), "prec", digits))), through=MARCH, rules=RULES)
    assert isinstance(result, Halted)
    assert "leaves the context of decimals as it finds it" in result.problems[0].text


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor, processes])
def test_a_sink_gets_each_chunk(executor):
    """A sink answers once a chunk, in order, here, in threads and in processes; the batch gives back its answers."""
    pool = executor() if executor else None
    try:
        answers = list(bill_many(accounts(5, bad={3}), through=MARCH, rules=RULES, sink=totals, executor=pool, chunk=2))
    finally:
        if pool:
            pool.shutdown()
    gross = totals(bill_many(accounts(1), through=MARCH, rules=RULES))[0][1]
    assert answers == [[("A-0", gross), ("A-1", gross)], [("A-2", gross), ("A-3", "PluginError")], [("A-4", gross)]]


NAMES = [f"A-{number}" for number in range(7)]


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor, processes])
def test_accounts_are_loaded_where_they_are_billed(executor):
    """By their keys accounts are billed as if they were loaded before, here, in threads and in processes, and may be taken up again."""
    pool = executor() if executor else None
    try:
        there = list(bill_many(Loading(NAMES, loaded, 2), through=MARCH, rules=RULES, sink=names_of, executor=pool, chunk=3))
        again = Loading(iter(NAMES), loaded)
        rest = list(bill_many(again, through=MARCH, rules=RULES, sink=names_of, executor=pool, chunk=3, after="A-4"))
    finally:
        if pool:
            pool.shutdown()
    assert there == list(bill_many(loaded(NAMES), through=MARCH, rules=RULES, sink=names_of, chunk=3))
    assert [[name for name, _ in answer] for answer in there] == [NAMES[:3], NAMES[3:6], NAMES[6:]]
    assert [[name for name, _ in answer] for answer in rest] == [["A-5", "A-6"]]


def test_loading_takes_keys_as_they_come():
    """No more keys are read than one load takes, and what it returns is looked at."""
    asked = []

    def load(numbers):
        asked.append(numbers)
        return [snapshot(number) for number in numbers]

    results = bill_many(Loading(count(), load, at_once=2), through=MARCH, rules=RULES)
    assert [next(results).account.id for _ in range(2)] == ["A-0", "A-1"]
    assert asked == [[0, 1], [2, 3]]


def test_keys_that_break_off_keep_what_they_gave():
    """Where the keys themselves break, the accounts of those before come out, then the host's own error."""

    def keys():
        yield from NAMES[:5]
        raise ConnectionError("gone")

    for size in (2, 500):
        results = bill_many(Loading(keys(), loaded, size), through=MARCH, rules=RULES)
        assert [next(results).account.id for _ in range(5)] == NAMES[:5]
        with pytest.raises(ConnectionError, match="gone"):
            next(results)


def test_a_sink_that_begins_again_is_told():
    """Results are gone over once: a second pass is refused, for it would find nothing; a list of them may be gone over again."""

    def twice(results):
        return [result.account.id for result in results] + [result.account.id for result in results]

    with pytest.raises(RefusedError, match="keep list"):
        list(bill_many(accounts(3), through=MARCH, rules=RULES, sink=twice))
    assert list(bill_many(accounts(1), through=MARCH, rules=RULES, sink=lambda results: twice(list(results)))) == [["A-0", "A-0"]]


class OddError(Exception):
    """An error that can not be made again of what it says."""

    def __init__(self, one, other):
        super().__init__(f"{one} and {other}")


def test_problems_travel_to_other_processes():
    """An error that can not be pickled arrives as what it said, and one that can as itself."""
    for error, arrives in ((OddError(1, 2), RefusedError), (ValueError("row 1"), ValueError), (RefusedError("a", "b", "c"), RefusedError)):
        problem = Problem.of(error)
        again = pickle.loads(pickle.dumps(problem))
        assert again == problem
        assert type(again.error) is arrives
        assert str(error) in str(again.error)


@pytest.mark.parametrize("problems", [[ValueError("x")], Problem.of(ValueError("x")), None])
def test_what_halts_an_account_is_a_list_of_problems(problems):
    """Errors themselves, or a problem alone, are refused where the result is made."""
    with pytest.raises(InvalidTypeError, match="list of problems"):
        Halted(an_account(), problems)


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (lambda: Loading("A-1", loaded), InvalidTypeError),
        (lambda: Loading(7, loaded), InvalidTypeError),
        (lambda: Loading(NAMES, "load"), InvalidTypeError),
        (lambda: Loading(NAMES, loaded, 2.5), InvalidTypeError),
        (lambda: Loading(NAMES, loaded, 0), InvalidValueError),
        (lambda: list(Loading(NAMES, lambda names: names)), InvalidTypeError),
        (lambda: list(Loading(NAMES, lambda _: None)), InvalidTypeError),
        (lambda: list(Loading(NAMES, lambda names: loaded(names[1:]))), InvalidValueError),
        (lambda: list(Loading(NAMES, lambda names: loaded([*names, "A-9"]), 2)), InvalidValueError),
        (lambda: list(Loading(NAMES, loaded).since("A-9")), UnknownReferenceError),
        (lambda: list(bill_many(Loading(NAMES, loaded), through=MARCH, rules=RULES, after="A-9")), UnknownReferenceError),
    ],
)
def test_loading_refuses_what_it_can_not_use(made, error):
    """Keys, the function, how many at once, what it returns, and an account to go on after that is not there."""
    with pytest.raises(error):
        made()


def test_results_come_back_from_threads_one_by_one():
    """Without a sink an executor gives results, in order, also when there are more chunks than fly at a time."""
    with ThreadPoolExecutor(3) as pool:
        results = list(bill_many(accounts(41), through=MARCH, rules=RULES, executor=pool, chunk=2))
    assert results == list(bill_many(accounts(41), through=MARCH, rules=RULES))


def test_progress_is_told_after_each_chunk():
    """Progress counts accounts, those with documents and those that were halted, streaming, with a sink and on an executor."""
    expected = [(2, 1, 1), (4, 3, 1), (5, 4, 1)]
    with ThreadPoolExecutor() as pool:
        for more in ({}, {"sink": totals}, {"sink": first_only}, {"executor": pool}, {"sink": totals, "executor": pool}):
            told = []
            list(
                bill_many(
                    accounts(5, bad={0}), through=MARCH, rules=RULES, chunk=2, progress=lambda now, told=told: told.append(now), **more
                )
            )
            assert [(now.done, now.billed, now.halted) for now in told] == expected
        even = []
        list(bill_many(accounts(4), through=MARCH, rules=RULES, chunk=2, progress=even.append))
        assert [now.done for now in even] == [2, 4]


def test_a_batch_is_taken_up_again():
    """After an account, the rest is billed; an account that is not there bills nobody."""
    assert [result.account.id for result in bill_many(accounts(4), through=MARCH, rules=RULES, after="A-1")] == ["A-2", "A-3"]
    with pytest.raises(LookupError, match="A-9"):
        list(bill_many(accounts(4), through=MARCH, rules=RULES, after="A-9"))


def test_a_bad_account_is_a_result_with_its_evidence():
    """The error names plugin and hook; whoever asks the result for an invoice gets the same reasons."""
    good, bad, other = bill_many(accounts(3, bad={1}), through=MARCH, rules=RULES)
    assert isinstance(good, Billed)
    assert isinstance(other, Billed)
    assert isinstance(bad, Halted)
    problem = bad.problems[0]
    assert isinstance(problem.error, PluginError)
    assert (problem.error.plugin, problem.error.hook) == ("acme:angry", "work_out")
    assert "no price today" in problem.text
    for name in ("invoice", "invoices", "credit_notes"):
        with pytest.raises(NoSuchResultError, match="acme:angry"):
            getattr(bad, name)


def test_what_is_wrong_with_the_batch_itself_raises():
    """A chunk of nothing, a moment for a day and a broken sink are the host's, and raise."""
    with pytest.raises(InvalidValueError, match="one account or more"):
        bill_many([], through=MARCH, rules=RULES, chunk=0)
    with pytest.raises(InvalidTypeError, match="the through of bill_many is a day"):
        bill_many([], through=datetime(2026, 3, 1, tzinfo=UTC), rules=RULES)
    with pytest.raises(OSError, match="disk"):
        list(bill_many(accounts(1), through=MARCH, rules=RULES, sink=broken))
    assert list(bill_many([], through=MARCH, rules=RULES, sink=totals)) == []


def test_an_account_that_can_not_be_loaded_is_a_result_too():
    """A host that can not make a snapshot puts the refusal into the stream, and it comes out in its place."""
    good = testing.a_snapshot()
    error = DuplicateIdError("S-1", "one id names one subscription", "give the other another id")
    broken = Halted(testing.an_account("A-2"), [Problem.of(error)])
    results = list(bill_many([good, broken, good], through=date(2026, 3, 1), rules=testing.rules()))
    assert [type(result).__name__ for result in results] == ["Billed", "Halted", "Billed"]
    assert results[1] is broken
