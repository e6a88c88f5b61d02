"""Judge a request by a matrix: granted, in need of approval, or refused; always with every rule that fails.

Pure: earlier grants come in as records, and what is granted goes out as a reservation. `reserve` stores the reservation in one step
with a check that the records it was judged with are still all there are, so that two grants at the same time cannot overspend.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from billing_domain.discounts.authority import Agent, AuthorityMatrix, GrantReason, Limit
from billing_domain.discounts.reaches import against_window, in_order, reaches, shown, soonest
from billing_domain.discounts.requests import (
    RESERVED_FOR,
    FailedRule,
    Granted,
    GrantRecord,
    GrantRequest,
    Judgement,
    Nearest,
    NeedsApproval,
    RecordState,
    Refused,
)
from billing_domain.doors import door
from billing_domain.errors import InvalidPeriodError, RefusedError
from billing_domain.instants import later, utc
from billing_domain.money import money, share_of
from billing_domain.money.amounts import CONTEXT, minor_unit
from billing_domain.periods import checked_instant


@door
def judge(request: GrantRequest, matrix: AuthorityMatrix, *, granted: Iterable[GrantRecord] = ()) -> Judgement:
    """Answer a request.

    Args:
        request: What an agent wants to grant.
        matrix: Who may grant how much.
        granted: Earlier grants that the windows reach back to: to the account, and by the agent and the team to other accounts.

    Returns:
        `Granted` with a reservation, `NeedsApproval` with the roles that may approve, or `Refused`.
        Both of the latter name every rule that fails and the nearest thing that would pass.

    Example:
        See the how-to on authority.
    """
    records = in_order(granted)
    failed = _failures(request, matrix, records)
    if not failed:
        return _granted(request, matrix, ())
    nearest = _nearest(request, matrix, records, failed)
    limit = matrix.limit(request.agent.role, request.kind, request.currency)
    if limit is None or any(rule.final for rule in failed):
        return Refused(request, failed, nearest)
    roles = _approvers(request, matrix, limit, records)
    if not roles:
        return Refused(request, failed, nearest)
    return NeedsApproval(request, failed, roles, limit.approvals, nearest, (), matrix, records)


@door
def approve(answer: NeedsApproval, *, by: Agent, at: datetime, granted: Iterable[GrantRecord] | None = None) -> Granted | NeedsApproval:
    """Answer again after somebody approved; who may not approve changes nothing but the reasons.

    Args:
        answer: What needs approval; it holds for exactly this request.
        by: Who approves: active, not the one who asked, and able to grant this alone.
        at: When.
        granted: The records as they are now; those of the answer where None.

    Returns:
        `Granted` once enough people have approved, else `NeedsApproval`.

    Raises:
        NaiveInstantError: The instant has no zone.
        InvalidPeriodError: It lies before the request.
        RefusedError: The request has expired; it is made anew.
    """
    if utc(checked_instant(at, "the instant of an approval")) < utc(answer.request.at):
        raise InvalidPeriodError(at, "what is approved was asked for before", "give the instant of the approval")
    expires = answer.request.expires
    if expires is not None and utc(at) >= utc(expires):
        raise RefusedError(at.isoformat(), f"request {answer.request.id} could be approved before {expires.isoformat()}", "judge it anew")
    records = answer.granted if granted is None else in_order(granted)
    against = tuple(_against_approver(answer, by, at, records))
    plain = [rule for rule in answer.failed if rule.code not in APPROVING]
    if against:
        return attrs.evolve(answer, failed=[*plain, *against], granted=records)
    approved = (*answer.approved_by, by)
    if len(approved) >= answer.needed:
        return _granted(attrs.evolve(answer.request, at=at), answer.matrix, approved)
    waiting = FailedRule("approvals", str(len(approved)), str(answer.needed))
    return attrs.evolve(answer, approved_by=approved, failed=[*plain, waiting], granted=records)


APPROVING = frozenset({"same-person", "approver-role", "approver-limit", "approvals"})
"""The rules about approvals, which are told anew each time."""


def _against_approver(answer: NeedsApproval, by: Agent, at: datetime, records: Sequence[GrantRecord]) -> Iterator[FailedRule]:
    request = answer.request
    if by.id == request.agent.id or by.id in {agent.id for agent in answer.approved_by}:
        yield FailedRule("same-person", by.id)
    yield from _against_agent(by, request.account_id)
    if by.role not in answer.roles:
        yield FailedRule("approver-role", by.role, ", ".join(answer.roles))
        return
    own = attrs.evolve(request, agent=by, at=at)
    if any(rule.code != "four-eyes" for rule in _failures(own, answer.matrix, records)):
        yield FailedRule("approver-limit", by.role)


def _granted(request: GrantRequest, matrix: AuthorityMatrix, approved: tuple[Agent, ...]) -> Granted:
    agent = request.agent
    record = GrantRecord(
        request.id, request.account_id, agent.id, agent.team, request.kind, request.reason, request.value, request.at,
        RecordState.RESERVED, later(request.at, RESERVED_FOR), [each.id for each in approved],
    )  # fmt: skip
    return Granted(request, record, matrix.id, approved)


def _failures(request: GrantRequest, matrix: AuthorityMatrix, records: Sequence[GrantRecord]) -> tuple[FailedRule, ...]:
    """Return every rule that fails, in the order in which people check them."""
    limit = matrix.limit(request.agent.role, request.kind, request.currency)
    failed = [*_against_agent(request.agent, request.account_id)]
    if request.reason is GrantReason.CORRECTION:
        failed.append(FailedRule("correction", final=True))
    if limit is None:
        return (*failed, FailedRule("no-authority", request.agent.role, final=True))
    failed.extend(_against_case(request, limit))
    failed.extend(_against_limit(request, limit))
    for reach in reaches(request, limit, records):
        failed.extend(against_window(request, reach))
    return (*failed, FailedRule("four-eyes")) if limit.four_eyes else tuple(failed)


def _against_agent(agent: Agent, account_id: str) -> Iterator[FailedRule]:
    if not agent.active:
        yield FailedRule("inactive", agent.id, final=True)
    if not agent.on_shift:
        yield FailedRule("off-shift", agent.id, final=True)
    if account_id in agent.related:
        yield FailedRule("related", account_id, final=True)


def _against_case(request: GrantRequest, limit: Limit) -> Iterator[FailedRule]:
    if request.identity < limit.identity:
        yield FailedRule("identity", request.identity.name.lower(), limit.identity.name.lower(), final=True)
    if limit.reasons and request.reason not in limit.reasons:
        yield FailedRule("reason", request.reason.value, ", ".join(sorted(reason.value for reason in limit.reasons)), final=True)
    if limit.evidence and not request.evidence:
        yield FailedRule("evidence", final=True)


def _against_limit(request: GrantRequest, limit: Limit) -> Iterator[FailedRule]:
    if limit.amount is not None and request.value_amount > limit.amount.amount:
        yield FailedRule("single-amount", shown(request.value_amount, request), shown(limit.amount.amount, request))
    if limit.percent is not None and request.percent is not None and request.percent > limit.percent:
        yield FailedRule("percent", f"{request.percent:f}", f"{limit.percent:f}")
    if limit.periods is not None and request.periods > limit.periods:
        yield FailedRule("periods", str(request.periods), str(limit.periods))


def _approvers(request: GrantRequest, matrix: AuthorityMatrix, limit: Limit, records: Sequence[GrantRecord]) -> tuple[str, ...]:
    """Return the roles that may approve: those named whose own limit lets the request pass."""
    return tuple([role for role in limit.approvers if _may(role, request, matrix, records)])


def _may(role: str, request: GrantRequest, matrix: AuthorityMatrix, records: Sequence[GrantRecord]) -> bool:
    somebody = Agent("somebody else", role, request.agent.team)
    failed = _failures(attrs.evolve(request, agent=somebody), matrix, records)
    return all(rule.code == "four-eyes" for rule in failed)


def _nearest(
    request: GrantRequest, matrix: AuthorityMatrix, records: Sequence[GrantRecord], failed: Iterable[FailedRule]
) -> Nearest | None:
    """Return what would pass alone: lower, shorter, or later; it is judged itself before it is named."""
    limit = matrix.limit(request.agent.role, request.kind, request.currency)
    if limit is None or any(rule.final or rule.code == "four-eyes" for rule in failed):
        return None
    request = attrs.evolve(request, expires=None)  # what would pass alone waits for nobody
    at = soonest(request, limit, records)
    then = attrs.evolve(request, at=at)
    room: list[Decimal] = [
        CONTEXT.subtract(reach.amount, reach.used) for reach in reaches(then, limit, records) if reach.amount is not None
    ]
    if limit.amount is not None:
        room.append(limit.amount.amount)
    percent = request.percent if limit.percent is None or request.percent is None else min(request.percent, limit.percent)
    periods = request.periods if limit.periods is None else min(request.periods, limit.periods)
    amount = min([_in_proportion(request, percent, periods), *room])
    if amount <= 0 or not periods or percent == 0:
        return None
    wanted = attrs.evolve(then, value=money(amount, request.currency), percent=percent, periods=periods, grant=None)
    if _failures(wanted, matrix, records):
        return None
    return Nearest(wanted.value, percent, periods, None if at == request.at else at)


def _in_proportion(request: GrantRequest, percent: Decimal | None, periods: int) -> Decimal:
    """Return what the request gives in all at a lower percentage or for fewer periods."""
    step = minor_unit(request.currency)
    value = share_of(request.value_amount, Decimal(periods), Decimal(request.periods), step)
    return value if percent is None or request.percent is None else share_of(value, percent, request.percent, step)
