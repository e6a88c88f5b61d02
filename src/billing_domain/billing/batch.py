"""Bill many accounts: streamed, in order, on one core or on any executor; a bad account never costs the rest."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeVar, overload

from billing_domain.billing.result import Billed, BillingResult, Halted, NothingDue, Problem
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.run import Begun, Compared, begin, compare, conclude
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.treatments import Treatments
from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, UnknownReferenceError
from billing_domain.money.amounts import exact
from billing_domain.periods import checked_day

R = TypeVar("R")
Sink = Callable[[Iterable[BillingResult]], R]
"""What a host does with the results of one chunk, in the worker that made them."""


class Progress(NamedTuple):
    """How far a batch is.

    Args:
        done: Accounts finished.
        billed: Accounts with at least one document.
        halted: Accounts that could not be billed.
        last: The id of the last account finished; give it as `after=` to take an interrupted batch up again.
    """

    done: int = 0
    billed: int = 0
    halted: int = 0
    last: str | None = None


@overload
def bill_many(
    snapshots: Iterable[AccountSnapshot | Halted],
    *,
    through: date,
    rules: Rulebook,
    on: date | None = None,
    executor: Executor | None = None,
    chunk: int = 500,
    progress: Callable[[Progress], None] | None = None,
    after: str | None = None,
) -> Iterator[BillingResult]: ...
@overload
def bill_many(
    snapshots: Iterable[AccountSnapshot | Halted],
    *,
    through: date,
    rules: Rulebook,
    sink: Callable[[Iterable[BillingResult]], R],
    on: date | None = None,
    executor: Executor | None = None,
    chunk: int = 500,
    progress: Callable[[Progress], None] | None = None,
    after: str | None = None,
) -> Iterator[R]: ...
@door
def bill_many(
    snapshots: Iterable[AccountSnapshot | Halted],
    *,
    through: date,
    rules: Rulebook,
    sink: Callable[[Iterable[BillingResult]], R] | None = None,
    on: date | None = None,
    executor: Executor | None = None,
    chunk: int = 500,
    progress: Callable[[Progress], None] | None = None,
    after: str | None = None,
) -> Iterator[BillingResult] | Iterator[R]:
    """Return the results of many accounts, in the order of the snapshots.

    Snapshots are taken as they come, at most 32 of them ahead: memory does not grow with the number of accounts.

    Args:
        snapshots: The accounts; any iterable, also one that loads as it goes. An account that can not even be loaded
            stands in it as a `Halted`, and comes out as it went in.
        through: The last day; what falls due on it is billed.
        rules: The seller's strategies.
        sink: What to do with the results of a chunk where they are made; its answers come back instead of the results.
        on: The day that new documents will bear; `through` where None.
        executor: Any `concurrent.futures.Executor`; here and now where None. For a process pool `sink` and `rules` are pickled.
        chunk: How many accounts one worker takes at a time, one or more.
        progress: Called after each chunk.
        after: The id of an account up to which an earlier batch over the same snapshots came; they are passed over. Without it
            a second batch is as right, since what is stored is not billed again, but works everything out anew.

    Returns:
        An iterator of `BillingResult`, or of what the sink returns, one a chunk. An account that can not be billed is a `Halted`.

    Raises:
        InvalidTypeError: The rules, the sink, the executor or what stands among the snapshots is of another kind.
        InvalidValueError: The chunk is below one.

    Example:
        See the how-to on many accounts.
    """
    checked_day(through, "through")
    if chunk < 1:
        raise InvalidValueError(chunk, "a chunk holds one account or more", "give 500 or so")
    if after is not None:
        snapshots = _rest(snapshots, after)
    work = Work(through, through if on is None else checked_day(on, "on"), rules)
    if executor is None:
        return _here(snapshots, work, sink, chunk, progress) if sink is not None else _streamed(snapshots, work, chunk, progress)
    return _there(snapshots, work, sink, executor, chunk, progress)


class Work(NamedTuple):
    """What is the same for every account of a batch.

    Args:
        through: The last day.
        on: The day that new documents will bear.
        rules: The seller's strategies.
    """

    through: date
    on: date
    rules: Rulebook


def _rest(snapshots: Iterable[AccountSnapshot | Halted], after: str) -> Iterator[AccountSnapshot | Halted]:
    """Return the snapshots that follow an account.

    Raises:
        UnknownReferenceError: The account is not among them; no account is billed then.
    """
    stream = iter(snapshots)
    for snapshot in stream:
        if snapshot.account.id == after:
            yield from stream
            return
    raise UnknownReferenceError(after, "a batch is taken up after one of its accounts", "give the same snapshots in the same order")


TOGETHER = 32
"""How many accounts are billed step by step together: enough to gain by it, few enough to hold."""

_DONE = (NothingDue, Halted)
T = TypeVar("T", AccountSnapshot, Begun, Compared)
U = TypeVar("U", Begun, Compared, Billed)


def _results(snapshots: Iterable[AccountSnapshot | Halted], work: Work) -> Iterator[BillingResult]:
    treatments = Treatments(work.rules)
    for some in _few_at_a_time(snapshots):
        yield from _together(some, work, treatments)


def _few_at_a_time(snapshots: Iterable[AccountSnapshot | Halted]) -> Iterator[list[AccountSnapshot | Halted]]:
    """Yield one snapshot, so that the first result is there at once, then more together; what a stream gave before it broke comes too."""
    stream, size = iter(snapshots), 1
    while True:
        some: list[AccountSnapshot | Halted] = []
        try:
            for snapshot in islice(stream, size):
                some.append(snapshot)  # noqa: PERF402  what was taken is kept where the next one breaks
        except Exception:
            yield some
            raise
        if not some:
            return
        yield some
        size = min(2 * size, TOGETHER)


def _together(snapshots: Iterable[AccountSnapshot | Halted], work: Work, treatments: Treatments) -> Iterable[BillingResult]:
    """Bill some accounts step by step: code that runs for one account after the other stays in the processor's caches."""
    through, on, rules = work

    def first(snapshot: AccountSnapshot) -> Begun | NothingDue:
        return begin(snapshot, through, on, rules, treatments)

    with exact():
        return _each(conclude, _each(compare, _each(first, snapshots)))


def _each(step: Callable[[T], U | NothingDue | Halted], accounts: Iterable[T | NothingDue | Halted]) -> list[U | NothingDue | Halted]:
    """Do one step for each account that needs it; whatever breaks in one is its result, never a lost run."""
    done: list[U | NothingDue | Halted] = []
    for account in accounts:
        if isinstance(account, _DONE):
            done.append(account)
            continue
        try:
            done.append(step(account))
        except Exception as error:  # noqa: BLE001  see above
            done.append(Halted(account.account, (Problem.of(error),)))
    return done


class _Counter:
    """Counts results that pass by."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = Progress()

    def passing(self, results: Iterable[BillingResult]) -> Iterator[BillingResult]:
        done, billed, halted, _ = self.now
        for result in results:
            done += 1
            billed += isinstance(result, Billed)
            halted += isinstance(result, Halted)
            self.now = Progress(done, billed, halted, result.account.id)
            yield result

    def add(self, other: Progress) -> None:
        now = self.now
        self.now = Progress(now.done + other.done, now.billed + other.billed, now.halted + other.halted, other.last)


def _streamed(
    snapshots: Iterable[AccountSnapshot | Halted], work: Work, chunk: int, progress: Callable[[Progress], None] | None
) -> Iterator[BillingResult]:
    if progress is None:
        yield from _results(snapshots, work)
        return
    counter, told = _Counter(), 0
    for result in counter.passing(_results(snapshots, work)):
        yield result
        if counter.now.done - told >= chunk:
            told = counter.now.done
            progress(counter.now)
    if counter.now.done > told:
        progress(counter.now)


def _chunks(snapshots: Iterable[AccountSnapshot | Halted], size: int) -> Iterator[list[AccountSnapshot | Halted]]:
    stream = iter(snapshots)
    while taken := list(islice(stream, size)):
        yield taken


def _here(
    snapshots: Iterable[AccountSnapshot | Halted],
    work: Work,
    sink: Callable[[Iterable[BillingResult]], R],
    chunk: int,
    progress: Callable[[Progress], None] | None,
) -> Iterator[R]:
    counter = _Counter()
    for taken in _chunks(snapshots, chunk):
        answer, counted = finish(taken, work, sink)
        counter.add(counted)
        if progress is not None:
            progress(counter.now)
        yield answer


def finish(snapshots: list[AccountSnapshot | Halted], work: Work, sink: Callable[[Iterable[BillingResult]], R]) -> tuple[R, Progress]:
    """Bill one chunk and hand its results to the sink, in the worker."""
    counter = _Counter()
    results = counter.passing(_results(snapshots, work))
    answer = sink(results)
    for _ in results:  # what the sink did not take is billed and counted all the same
        pass
    return answer, counter.now


def _there(
    snapshots: Iterable[AccountSnapshot | Halted],
    work: Work,
    sink: Callable[[Iterable[BillingResult]], R] | None,
    executor: Executor,
    chunk: int,
    progress: Callable[[Progress], None] | None,
) -> Iterator[BillingResult] | Iterator[R]:
    if sink is None:
        lists = _answers(snapshots, work, list, executor, chunk, progress)
        return (result for results in lists for result in results)
    return _answers(snapshots, work, sink, executor, chunk, progress)


def _answers(
    snapshots: Iterable[AccountSnapshot | Halted],
    work: Work,
    sink: Callable[[Iterable[BillingResult]], R],
    executor: Executor,
    chunk: int,
    progress: Callable[[Progress], None] | None,
) -> Iterator[R]:
    """Keep a few chunks in flight, so that a fast reader waits and a slow one does not pile results up."""
    counter = _Counter()
    stream = _chunks(snapshots, chunk)
    flying: deque[Future[tuple[R, Progress]]] = deque()
    for taken in islice(stream, IN_FLIGHT):
        flying.append(executor.submit(finish, taken, work, sink))
    while flying:
        answer, counted = flying.popleft().result()
        for taken in islice(stream, 1):
            flying.append(executor.submit(finish, taken, work, sink))
        counter.add(counted)
        if progress is not None:
            progress(counter.now)
        yield answer


IN_FLIGHT = 16
"""How many chunks wait in an executor at a time."""
