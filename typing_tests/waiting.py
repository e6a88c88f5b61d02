"""What type checkers must accept and refuse of `billing_domain.waiting`; checked, never run."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import assert_never, assert_type

from billing_domain.waiting import (
    CallQueue,
    Demand,
    Idle,
    OfferCallBack,
    Outlook,
    Overloaded,
    QueuePolicy,
    Serve,
    ServiceLevel,
    Shift,
    Target,
    Waiting,
    erlang_b,
    erlang_c,
    predict,
    staff,
)

now = datetime(2026, 3, 2, 9, tzinfo=UTC)
demand = Demand(now, calls="100", handling_time=timedelta(minutes=3))
level = ServiceLevel(percent=80, within=timedelta(seconds=20))

# Numbers may be written as text or whole numbers, and are Decimals inside; no float.
assert_type(demand.calls, Decimal)
assert_type(level.percent, Decimal)
ServiceLevel(percent=0.8, within=timedelta(seconds=20))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
staff([demand], target=level, shrinkage=0.3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# Overload is a member of the answer; the outlook behind it raises where there is none.
assert_type(erlang_b(10, 14), float)
assert_type(erlang_c(10, 14), float | Overloaded)
assert_type(predict(demand, agents=14), Outlook | Overloaded)
assert_type(predict(demand, agents=14).outlook, Outlook)
unchecked = predict(demand, agents=14).waits  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue]

# A shift may have no average.
shifts = staff([demand], target=level, shrinkage="0.30", most=20)
assert_type(shifts, list[Shift])
assert_type(shifts[0].average_wait, timedelta | None)
assert_type(shifts[0].service_level, float | None)


class Fast:
    """A host's own target."""

    def met(self, outlook: Outlook) -> bool:
        """Tell whether hardly anybody waits."""
        return outlook.waits < 0.01


target: Target = Fast()
staff([demand], target=target)

# The step of the queue is a closed union, and skills may be any codes.
queue = CallQueue(QueuePolicy(ageing=timedelta(minutes=2), call_back_after=timedelta(minutes=5)))
queue = queue.join(Waiting(id="C-1", priority=2, arrived=now, skills={"billing"}, prefers=["lithuanian"]))
match queue.next(skills={"billing"}, at=now):
    case Serve(call=call, queue=queue):
        assert_type(call, Waiting)
    case OfferCallBack(call=call, earliest=earliest, latest=latest, queue=queue):
        assert_type(earliest, datetime)
    case Idle():
        pass
    case never:
        assert_never(never)
