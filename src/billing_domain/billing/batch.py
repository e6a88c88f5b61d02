"""Bill many accounts: streamed, in order, on one core or on any executor; a bad account never costs the rest."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeVar, overload

from billing_domain.billing.loading import Loading
from billing_domain.billing.portions import portions
from billing_domain.billing.result import Billed, BillingResult, Halted
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.together import Work, results_of
from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, RefusedError, UnknownReferenceError
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

    Snapshots are taken as they come, at most sixteen of them ahead, or a few chunks where there is a sink or an executor: memory does not
    grow with the number of accounts. Where the snapshots break off with an error, the results of those before it come first; where a
    worker loads them, those of the chunks before it.

    Args:
        snapshots: The accounts; any iterable, also one that loads as it goes. An account that can not even be loaded
            stands in it as a `Halted`, and comes out as it went in.
        through: The last day; what falls due on it is billed.
        rules: The seller's strategies.
        sink: What to do with the results of a chunk where they are made; its answers come back instead of the results. The results
            are gone over once: `list(results)` keeps them.
        on: The day that new documents will bear; `through` where None.
        executor: Any `concurrent.futures.Executor`; here and now where None. For a process pool `sink` and `rules` are pickled, and
            the snapshots, unless they are given as `Loading`.
        chunk: How many accounts one worker takes at a time, one or more.
        progress: Called after each chunk.
        after: The id of an account up to which an earlier batch over the same snapshots came; they are passed over. Keys of a `Loading`
            are compared with it, so they are ids of accounts then; for other keys give `loading.since(key)` instead. Without it
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
        snapshots = snapshots.since(after) if isinstance(snapshots, Loading) else _rest(snapshots, after)
    work = Work(through, through if on is None else checked_day(on, "on"), rules)
    if executor is None:
        return _here(snapshots, work, sink, chunk, progress) if sink is not None else _streamed(snapshots, work, chunk, progress)
    return _there(snapshots, work, sink, executor, chunk, progress)


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


class _Once:
    """Results that are gone over once; who begins again after the last one is told, and does not find nothing."""

    __slots__ = ("_gone", "_results")

    def __init__(self, results: Iterator[BillingResult]) -> None:
        self._results = results
        self._gone = False

    def __iter__(self) -> Iterator[BillingResult]:
        if self._gone:
            raise RefusedError(
                "results of a chunk", "a sink goes over its results once, since they are made as it goes", "keep list(results)"
            )
        return self

    def rest(self) -> Iterator[BillingResult]:
        """Return what was not gone over."""
        return self._results

    def __next__(self) -> BillingResult:
        result = next(self._results, None)
        if result is None:
            self._gone = True
            raise StopIteration
        return result


def _streamed(
    snapshots: Iterable[AccountSnapshot | Halted], work: Work, chunk: int, progress: Callable[[Progress], None] | None
) -> Iterator[BillingResult]:
    if progress is None:
        yield from results_of(snapshots, work)
        return
    counter, told = _Counter(), 0
    for result in counter.passing(results_of(snapshots, work)):
        yield result
        if counter.now.done - told >= chunk:
            told = counter.now.done
            progress(counter.now)
    if counter.now.done > told:
        progress(counter.now)


def _here(
    snapshots: Iterable[AccountSnapshot | Halted],
    work: Work,
    sink: Callable[[Iterable[BillingResult]], R],
    chunk: int,
    progress: Callable[[Progress], None] | None,
) -> Iterator[R]:
    counter = _Counter()
    for taken in portions(snapshots, chunk, chunk):
        answer, counted = finish(taken, work, sink)
        counter.add(counted)
        if progress is not None:
            progress(counter.now)
        yield answer


def finish(snapshots: Iterable[AccountSnapshot | Halted], work: Work, sink: Callable[[Iterable[BillingResult]], R]) -> tuple[R, Progress]:
    """Bill one chunk and hand its results to the sink, in the worker."""
    counter = _Counter()
    results = _Once(counter.passing(results_of(snapshots, work)))
    answer = sink(results)
    deque(results.rest(), 0)  # what the sink did not take is billed and counted all the same
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
    """Keep a few chunks in flight, so that a fast reader waits and a slow one does not pile results up.

    Where the stream breaks, what was sent before comes back first. Where nobody wants more, what did not begin is called off.
    """
    counter, broken = _Counter(), None
    chunks = snapshots.chunks(chunk) if isinstance(snapshots, Loading) else portions(snapshots, chunk, chunk)
    sent = (executor.submit(finish, taken, work, sink) for taken in chunks)
    flying: deque[Future[tuple[R, Progress]]] = deque()
    try:
        while True:
            try:
                flying.extend(islice(sent, IN_FLIGHT - len(flying)))
            except Exception as error:  # noqa: BLE001  told below, once the rest is in
                broken = error
            if not flying:
                break
            answer, counted = flying.popleft().result()
            counter.add(counted)
            if progress is not None:
                progress(counter.now)
            yield answer
    finally:
        for future in flying:
            future.cancel()
    if broken is not None:
        raise broken


IN_FLIGHT = 16
"""How many chunks wait in an executor at a time."""
