"""The deadlines of a case: which still run, and which were missed."""

from datetime import date

from billing_domain.disputes.model import Dispute, DisputeState, Round
from billing_domain.disputes.regimes import Calendar, ClockKind, Deadline, deadlines
from billing_domain.doors import door
from billing_domain.periods import local_day


@door
def paused_days(dispute: Dispute, as_of: date) -> int:
    """Return on how many days the customer was being asked for something, since the case was opened or last reopened."""
    return _paused(dispute, dispute.rounds[-1], as_of)


def _paused(dispute: Dispute, stretch: Round, as_of: date) -> int:
    days = 0
    for step, following in zip(stretch.steps, [*stretch.steps[1:], None], strict=True):
        if step.state is DisputeState.AWAITING_CUSTOMER:
            end = as_of if following is None else min(as_of, local_day(following.at, dispute.zone))
            days += max(0, (end - local_day(step.at, dispute.zone)).days)
    return days


@door
def deadlines_of(dispute: Dispute, *, as_of: date, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the deadlines of a case that are still to be met or were missed, the earliest first.

    A reopened case has its clocks anew, from the day on which it was reopened.
    """
    stretch = dispute.rounds[-1]
    due = _due(dispute, stretch, as_of, calendar)
    return tuple(deadline for deadline in due if _met_on(dispute, stretch, deadline.kind) is None)


@door
def breaches(dispute: Dispute, *, as_of: date, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the deadlines that the company missed, met late or not met by the day, over all rounds of a case."""
    missed = []
    for stretch in dispute.rounds:
        for deadline in _due(dispute, stretch, as_of, calendar):
            met = _met_on(dispute, stretch, deadline.kind)
            if deadline.kind.is_duty and (as_of if met is None else met) > deadline.day:
                missed.append(deadline)
    return tuple(missed)


def _due(dispute: Dispute, stretch: Round, as_of: date, calendar: Calendar) -> tuple[Deadline, ...]:
    opened = local_day(stretch.opened_at, dispute.zone)
    decided = None if stretch.ended_at is None else local_day(stretch.ended_at, dispute.zone)
    return deadlines(dispute.regime, opened, calendar, _paused(dispute, stretch, as_of), decided_on=decided)


_MEETS: dict[ClockKind, frozenset[DisputeState]] = {
    ClockKind.ACKNOWLEDGE: frozenset(DisputeState) - {DisputeState.SUBMITTED},
    ClockKind.RESOLVE: frozenset({DisputeState.RESOLVED, DisputeState.CLOSED, DisputeState.WITHDRAWN, DisputeState.INELIGIBLE}),
}


def _met_on(dispute: Dispute, stretch: Round, kind: ClockKind) -> date | None:
    for step in stretch.steps:
        if step.state in _MEETS.get(kind, frozenset()):
            return local_day(step.at, dispute.zone)
    return None
