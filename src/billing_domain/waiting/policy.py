"""The order of a queue: what a class is worth, and when a call-back is offered."""

from datetime import datetime, timedelta

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import ExceedsLimitError
from billing_domain.instants import ZERO, elapsed, span, utc
from billing_domain.waiting.model import Waiting, require_priority
from billing_domain.whole import checked_whole

LONGEST_AGEING = timedelta(days=30)

Turn = tuple[datetime, datetime, str]


@guarded
@attrs.frozen
class QueuePolicy:
    """How a queue orders its calls and when it offers to ring back.

    Args:
        ageing: What one class is worth, at most thirty days: a call overtakes none that came so much earlier per class between them.
        call_back_after: Offer a call-back once a caller has waited so long, or by the pace will have; none for no offers.
        call_back_window: How long the promised window is where no pace is known.
        call_back_attempts: How often the company rings a caller who does not answer.
        widen_after: When an agent without the preferred skills may take a call.

    Raises:
        InvalidValueError: A span or the number of attempts that is not above zero.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.waiting import QueuePolicy
        >>> str(QueuePolicy(ageing=timedelta(minutes=2)).bound(priority=3))
        '0:04:00'
    """

    ageing: timedelta
    call_back_after: timedelta | None = None
    call_back_window: timedelta = timedelta(hours=1)
    call_back_attempts: int = 3
    widen_after: timedelta = timedelta(minutes=1)

    def __attrs_post_init__(self) -> None:
        if span(self.ageing, "ageing", above=True) > LONGEST_AGEING:
            raise ExceedsLimitError(str(self.ageing), f"ageing is at most {LONGEST_AGEING.days} days", "give a shorter span")
        span(self.call_back_window, "call-back window", above=True)
        span(self.widen_after, "widening")
        if self.call_back_after is not None:
            span(self.call_back_after, "wait before a call-back is offered")
        checked_whole(
            self.call_back_attempts, "a promised call-back is tried a whole number of times, at least once", "give 1 or more", least=1
        )

    def bound(self, *, priority: int) -> timedelta:
        """Return how much later a call may come and still be taken before one of this class.

        Raises:
            InvalidTypeError: The priority is not a whole number.
            InvalidValueError: It is not from 1 to 1000.
        """
        require_priority(priority)
        return (priority - 1) * self.ageing

    def turn(self, call: Waiting, *, at: datetime) -> Turn:
        """Return what calls are ordered by, the smallest first.

        It is the arrival put off by the bound of the call's class; a broken promise makes a call first class.
        Ties go to who came first, then by id.
        """
        arrived = utc(call.arrived)
        grace = ZERO if is_late(call, at) else self.bound(priority=call.priority)
        return arrived + grace, arrived, call.id

    def may_take(self, call: Waiting, skills: frozenset[str], *, at: datetime) -> bool:
        """Return whether an agent with these skills may take the call by now."""
        return call.skills <= skills and (call.prefers <= skills or call.waited(at) >= self.widen_after)


def is_late(call: Waiting, at: datetime) -> bool:
    """Whether a promised window has passed."""
    return call.promised is not None and elapsed(call.promised.latest, at) > ZERO


def is_due(call: Waiting, at: datetime) -> bool:
    """Whether the caller is on the line, or the promised window has begun."""
    return call.promised is None or elapsed(call.promised.earliest, at) >= ZERO
