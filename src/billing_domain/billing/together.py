"""Bill some accounts step by step together, which gains speed and changes no result."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeVar

from billing_domain.billing.result import Billed, BillingResult, Halted, NothingDue, Problem
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.run import Begun, Compared, begin, compare, conclude, undisturbed
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.treatments import Treatments
from billing_domain.errors import RefusedError
from billing_domain.money.amounts import exact, is_exact

TOGETHER = 8
"""How many accounts are billed step by step together: enough to gain by it, so few that they are done before Python collects garbage."""

_DONE = (NothingDue, Halted)
T = TypeVar("T", AccountSnapshot, Begun, Compared)
U = TypeVar("U", Begun, Compared, Billed)


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


def portions(snapshots: Iterable[AccountSnapshot | Halted], size: int, most: int) -> Iterator[list[AccountSnapshot | Halted]]:
    """Yield some snapshots at a time; what a stream gave before it broke comes too, before its error.

    Args:
        snapshots: A stream of them.
        size: How many the first portion has; each further one has twice as many as the one before it.
        most: The most that one has.
    """
    stream = iter(snapshots)
    while True:
        some: list[AccountSnapshot | Halted] = []
        try:
            for snapshot in islice(stream, size):
                some.append(snapshot)  # noqa: PERF402  what was taken is kept where the next one breaks
        except Exception:
            if some:
                yield some
            raise
        if not some:
            return
        yield some
        size = min(2 * size, most)


def results_of(snapshots: Iterable[AccountSnapshot | Halted], work: Work) -> Iterator[BillingResult]:
    """Yield the result of each account, in order; the first one waits for no other account.

    Where a plugin changed the context of decimals and left it so, the accounts are billed again, each alone: its fault halts no other.
    """
    treatments = Treatments(work.rules)
    for some in portions(snapshots, 1, TOGETHER):
        with exact() as context:
            results = _together(some, work, treatments)
            sound = is_exact(context)
        if not sound:
            results = [result for each in some for result in _alone(each, work)]
            treatments = Treatments(work.rules)
        yield from results


def _alone(snapshot: AccountSnapshot | Halted, work: Work) -> list[BillingResult]:
    try:
        with undisturbed():
            return _together([snapshot], work, Treatments(work.rules))
    except RefusedError as error:
        return [Halted(snapshot.account, (Problem.of(error),))]


def _together(snapshots: Iterable[AccountSnapshot | Halted], work: Work, treatments: Treatments) -> list[BillingResult]:
    """Bill some accounts step by step: code that runs for one account after the other stays in the processor's caches."""
    through, on, rules = work

    def first(snapshot: AccountSnapshot) -> Begun | NothingDue:
        return begin(snapshot, through, on, rules, treatments)

    return [*_each(conclude, _each(compare, _each(first, snapshots)))]


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
