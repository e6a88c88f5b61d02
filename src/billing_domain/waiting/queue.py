"""The queue of calls: a value that says whose turn it is, and the queue that is left.

Whoever has the earliest turn goes first. A turn is the arrival, put off by the policy's `ageing` for each class below the first:
a class 3 call that came at 9:00 and one of class 1 that comes at 9:04 have the same turn if `ageing` is two minutes.
So a call gains on every later one as it waits, and no call of class p is overtaken by one that comes `(p − 1) × ageing` after it or later.
The turn does not change with time, so the order never flips back and forth.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NoReturn

import attrs

from billing_domain.errors import DuplicateIdError, NoSuchResultError, OutOfOrderError, RefusedError, UnknownReferenceError
from billing_domain.instants import ZERO, checked_instant, elapsed, later, utc
from billing_domain.waiting.call_back import Pace
from billing_domain.waiting.model import CallBack, Waiting, skill_set
from billing_domain.waiting.policy import QueuePolicy, is_due, is_late


@attrs.frozen
class Serve:
    """Connect this call, or ring its caller if a call-back was promised; `queue` is what is left.

    Args:
        call: Whose turn it is.
        at: When.
        queue: The queue without the call.
    """

    call: Waiting
    at: datetime
    queue: "CallQueue"

    @property
    def waited(self) -> timedelta:
        """How long the caller has waited, from the arrival on, call-back or not."""
        return self.call.waited(self.at)

    @property
    def overdue(self) -> timedelta:
        """By how much a promised call-back is late; zero where the promise is kept or none was made."""
        promised = self.call.promised
        return max(ZERO, elapsed(promised.latest, self.at)) if promised else ZERO


@attrs.frozen
class OfferCallBack:
    """Offer this caller to be rung between `earliest` and `latest`; `queue` knows that the offer was made, and the caller keeps the place.

    Args:
        call: To whom.
        earliest: The start of the promised window.
        latest: Its end.
        queue: The queue after the offer; `accept` or doing nothing goes on from there.
    """

    call: Waiting
    earliest: datetime
    latest: datetime
    queue: "CallQueue"


@attrs.frozen
class Idle:
    """Nobody for this agent; `queue` is the queue as it was."""

    queue: "CallQueue"

    @property
    def call(self) -> NoReturn:
        """Raises `NoSuchResultError`, for there is none."""
        raise NoSuchResultError(self, "nobody waits whom this agent may take", "match the result, or ask again when a call joins")


@attrs.frozen
class Left:
    """A caller hung up, or gave up the call-back; `queue` is what is left.

    Args:
        call: Who left.
        at: When.
        queue: The queue without the call.
    """

    call: Waiting
    at: datetime
    queue: "CallQueue"

    @property
    def waited(self) -> timedelta:
        """How long the caller had waited."""
        return self.call.waited(self.at)


def _in_order(calls: Iterable[Waiting]) -> tuple[Waiting, ...]:
    return tuple(sorted(calls, key=lambda call: (utc(call.arrived), call.id)))


@attrs.frozen
class CallQueue:
    """The calls that wait, as a value: every step returns what to do and the queue that is left.

    Two queues that hold the same calls are equal, in whatever order these joined.

    Args:
        policy: How the calls are ordered.
        waiting: Who waits; kept by arrival, then id.

    Raises:
        DuplicateIdError: Two calls have one id.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from billing_domain.waiting import CallQueue, QueuePolicy, Waiting
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
        >>> queue = CallQueue(QueuePolicy(ageing=timedelta(minutes=2)))
        >>> queue = queue.join(Waiting(id="C-1", priority=2, arrived=nine)).join(Waiting(id="C-2", priority=1, arrived=nine))
        >>> queue.next(skills=set(), at=nine + timedelta(minutes=1)).call.id
        'C-2'
    """

    policy: QueuePolicy
    waiting: tuple[Waiting, ...] = attrs.field(default=(), converter=_in_order)

    def __attrs_post_init__(self) -> None:
        seen: set[str] = set()
        for call in self.waiting:
            if call.id in seen:
                raise DuplicateIdError(call.id, "a call waits once in a queue", "give each call its own id")
            seen.add(call.id)

    def join(self, call: Waiting) -> "CallQueue":
        """Return the queue with one more call.

        Raises:
            DuplicateIdError: A call with this id waits already.
        """
        return attrs.evolve(self, waiting=(*self.waiting, call))

    def next(self, *, skills: Iterable[str] | None, at: datetime, pace: Pace | None = None) -> "Serve | OfferCallBack | Idle":
        """Return what to do now.

        Args:
            skills: What the free agent can do; none where no agent is free and only call-backs can be offered.
            at: Now, not before the arrival of any call that waits.
            pace: How fast calls are answered, for offers made before the wait has become long, and for their windows.

        Returns:
            `Serve` where an agent is free and may take a call; else `OfferCallBack` to the next caller for whom one is due; else `Idle`.

        Raises:
            OutOfOrderError: `at` is before an arrival.
        """
        self._require_past(at)
        call = None if skills is None else self._first(skill_set(skills), at)
        if call is not None:
            return Serve(call, at, self._without(call))
        return self._offer(at, pace) or Idle(self)

    def accept(self, id: str, *, at: datetime) -> "CallQueue":  # noqa: A002  the name that ids have everywhere
        """Return the queue in which the caller has taken the offered call-back: off the line, in the same place.

        Raises:
            UnknownReferenceError: No such call waits.
            RefusedError: Nothing was offered, or its window has passed.
        """
        call = self.call(id)
        offer = call.call_back
        if offer is None or elapsed(offer.latest, checked_instant(at, "acceptance")) > ZERO:
            raise RefusedError(id, "a call-back is accepted after its offer and before its window ends", "ask next(...) for an offer")
        return self._with(call, attrs.evolve(offer, agreed=True))

    def leave(self, id: str, *, at: datetime) -> Left:  # noqa: A002
        """Return that the caller has hung up, and the queue that is left.

        Raises:
            UnknownReferenceError: No such call waits.
            OutOfOrderError: `at` is before the arrival.
        """
        call = self.call(id)
        self._require_past(at)
        return Left(call, at, self._without(call))

    def retry(self, call: Waiting, *, at: datetime) -> "CallQueue":
        """Return the queue with a call whose caller did not answer the call-back: in the old place, with a new window from now on.

        Raises:
            RefusedError: No call-back was agreed on, or all attempts are used: the case is closed, or a letter is due.
        """
        promised = call.promised
        if promised is None or promised.attempts + 1 >= self.policy.call_back_attempts:
            raise RefusedError(call.id, "a call-back is tried as often as the policy says", "write to the customer")
        window = CallBack(at, later(at, self.policy.call_back_window), agreed=True, attempts=promised.attempts + 1)
        return self.join(attrs.evolve(call, call_back=window))

    def call(self, id: str) -> Waiting:  # noqa: A002
        """Return the waiting call of this id.

        Raises:
            UnknownReferenceError: No such call waits.
        """
        for call in self.waiting:
            if call.id == id:
                return call
        raise UnknownReferenceError(id, "the call waits in this queue", "it may have been served, or have left")

    def ordered(self, *, at: datetime) -> tuple[Waiting, ...]:
        """Return the calls in the order of their turns, whatever skills they need."""
        return tuple(sorted(self.waiting, key=lambda call: self.policy.turn(call, at=at)))

    def overdue(self, *, at: datetime) -> tuple[Waiting, ...]:
        """Return the calls whose promised window has passed, in the order of their turns."""
        return tuple(call for call in self.ordered(at=at) if is_late(call, at))

    def longest_wait(self, *, at: datetime) -> timedelta | None:
        """Return how long the first of all has waited; none where nobody waits."""
        return self.waiting[0].waited(at) if self.waiting else None

    def _require_past(self, at: datetime) -> None:
        checked_instant(at, "the instant of a step")
        if self.waiting and self.waiting[-1].waited(at) < ZERO:
            raise OutOfOrderError(
                at.isoformat(), f"a step is not before the arrival of {self.waiting[-1].id!r}", "give the present instant"
            )

    def _first(self, skills: frozenset[str], at: datetime) -> Waiting | None:
        able = (call for call in self.waiting if is_due(call, at) and self.policy.may_take(call, skills, at=at))
        return min(able, key=lambda call: self.policy.turn(call, at=at), default=None)

    def _offer(self, at: datetime, pace: Pace | None) -> OfferCallBack | None:
        limit = self.policy.call_back_after
        if limit is None:
            return None
        for ahead, call in enumerate(self.ordered(at=at)):
            further = pace.mean_wait(ahead) if pace else ZERO
            if call.call_back is None and call.waited(at) + further >= limit:
                return self._offered(call, at, pace.window(ahead) if pace else (ZERO, self.policy.call_back_window))
        return None

    def _offered(self, call: Waiting, at: datetime, window: tuple[timedelta, timedelta]) -> OfferCallBack:
        offer = CallBack(later(at, window[0]), later(at, window[1]))
        return OfferCallBack(call, offer.earliest, offer.latest, self._with(call, offer))

    def _with(self, call: Waiting, call_back: CallBack) -> "CallQueue":
        return self._without(call).join(attrs.evolve(call, call_back=call_back))

    def _without(self, call: Waiting) -> "CallQueue":
        return attrs.evolve(self, waiting=tuple(other for other in self.waiting if other.id != call.id))
