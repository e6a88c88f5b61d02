"""What an agent may offer a caller now, and granting it: promise by policy, limits by authority."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs

from billing_domain.billing import AccountSnapshot, Rulebook, bill, facts, next_billing_date
from billing_domain.billing.discounting import GivenSoFar
from billing_domain.care.identity import Action, VerifiedCaller
from billing_domain.discounts import (
    Agent,
    Asked,
    AuthorityMatrix,
    Budget,
    DiscountPolicy,
    Discounts,
    DurationKind,
    Grant,
    GrantKind,
    GrantReason,
    GrantRecord,
    GrantRequest,
    Judgement,
    NeedsApproval,
    Percent,
    granted,
    judge,
    whole_value,
)
from billing_domain.discounts import approve as approved
from billing_domain.doors import door
from billing_domain.errors import AccessError
from billing_domain.instants import ZERO as NO_TIME
from billing_domain.instants import elapsed, utc
from billing_domain.invoicing import History
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.periods import Frequency, Schedule, local_day

ENDLESS = 24
"""As how many periods a promise without end counts when its whole value is compared with a limit."""


@attrs.frozen
class Offer:
    """Something that this agent may offer this caller now; nothing is promised yet.

    Args:
        policy: What is offered.
        promise: The grant that would be made, under a provisional id.
        caller: Who was verified.
        agent: Who offers.
        kind: What sort of thing it is to the limits.
        saving: What it takes off the next bill, before tax.
        value: What it takes off in all, as limits count it.
        periods: For how many billing periods; 1 for once.
        remaining: What the agent's, the team's and the customer's budgets leave; None where there are none.
        authority: Who may grant how much.
        records: The earlier grants that limits are compared with.
        zone: The account's zone, in which days are told.
    """

    policy: DiscountPolicy
    promise: Grant
    caller: VerifiedCaller
    agent: Agent
    kind: GrantKind
    _saving: Amount = attrs.field(converter=frozen_amount, alias="saving")
    _value: Amount = attrs.field(converter=frozen_amount, alias="value")
    periods: int
    _remaining: Amount | None = attrs.field(converter=frozen_amount_or_none, alias="remaining")
    authority: AuthorityMatrix = attrs.field(repr=False)
    records: tuple[GrantRecord, ...] = attrs.field(repr=False)
    zone: ZoneInfo | None = attrs.field(default=None, repr=False)

    @property
    def saving(self) -> Money:
        """What it takes off the next bill, before tax."""
        return self._saving.money

    @property
    def value(self) -> Money:
        """What it takes off in all."""
        return self._value.money

    @property
    def remaining(self) -> Money | None:
        """What the tightest budget leaves."""
        return None if self._remaining is None else self._remaining.money

    @property
    def percent(self) -> Decimal | None:
        """The percentage, where it is one."""
        benefit = self.policy.benefit
        return benefit.percent if isinstance(benefit, Percent) else None


@door
def options(
    snapshot: AccountSnapshot,
    policies: Iterable[DiscountPolicy],
    *,
    agent: Agent,
    caller: VerifiedCaller,
    authority: AuthorityMatrix,
    rules: Rulebook,
    at: datetime,
    granted: Iterable[GrantRecord] = (),
) -> tuple[Offer, ...]:
    """Return what an agent may offer a caller now, the largest saving first.

    A policy is offered where its window is open, its condition is MET, it takes something off the next bill,
    and the agent's role has a limit for it; whether it fits the limit is answered by `grant`.

    Args:
        snapshot: The account.
        policies: What the company offers on the phone.
        agent: Who offers.
        caller: Who asks; the account, the level and the expiry are checked.
        authority: Who may grant how much.
        rules: The seller's strategies.
        at: Now.
        granted: Earlier grants to the account, and by the agent and the team to others.

    Raises:
        AccessError: The caller is of another account, of too low a level, out of scope, or expired;
            or the agent may offer nothing to this account now.
    """
    caller.require(Action.GRANT_DISCOUNT, account_id=snapshot.account.id, at=at)
    _may_offer(agent, snapshot.account.id)
    records = tuple(sorted(granted, key=lambda record: (utc(record.at), record.id)))
    snapshot = _paying(snapshot)
    through = next_billing_date(snapshot, after=snapshot.billed_through or local_day(at, snapshot.account.zone))
    if through is None:
        return ()
    found = [
        offer
        for policy in policies
        if (promise := _promise(snapshot, policy, rules, through, at)) is not None
        and (offer := _offer(snapshot, policy, promise, rules, through, agent, caller, authority, records, at)) is not None
    ]
    return tuple(sorted(found, key=lambda offer: (-offer.value.amount, offer.policy.id)))


def _paying(snapshot: AccountSnapshot) -> AccountSnapshot:
    """Return the account as if it paid for itself: a promise to a child is worked out on its own bill."""
    if snapshot.account.payer is None:
        return snapshot
    return attrs.evolve(snapshot, account=attrs.evolve(snapshot.account, payer=None))


def _may_offer(agent: Agent, account_id: str) -> None:
    """Refuse an agent who may grant nothing, whatever the policy: `grant` would refuse each of the offers."""
    if not (agent.active and agent.on_shift):
        raise AccessError(agent.id, "an agent who is not at work offers nothing", "let somebody who is take the call")
    if account_id in agent.related:
        raise AccessError(agent.id, f"account {account_id} is the agent's own, or of somebody close", "hand the call over")


def _without_policies(rules: Rulebook) -> Rulebook:
    return attrs.evolve(rules, discounts=Discounts(lanes=rules.discounts.lanes)) if rules.discounts.policies else rules


def _promise(snapshot: AccountSnapshot, policy: DiscountPolicy, rules: Rulebook, through: date, at: datetime) -> Grant | None:
    """Return the grant that the policy makes on the next bill, if it makes one."""
    drafts = bill(snapshot, through=through, rules=_without_policies(rules)).invoices
    lines = [line.facts for draft in drafts for line in draft.lines]
    given = GivenSoFar(History(snapshot), snapshot)
    asked = Asked(snapshot.account.id, at, lines, facts(snapshot, at), snapshot.grants, given, given.seen)
    grants, _ = granted([policy], asked)
    return grants[0] if grants else None


def _offer(
    snapshot: AccountSnapshot,
    policy: DiscountPolicy,
    promise: Grant,
    rules: Rulebook,
    through: date,
    agent: Agent,
    caller: VerifiedCaller,
    authority: AuthorityMatrix,
    records: tuple[GrantRecord, ...],
    at: datetime,
) -> Offer | None:
    saving = _saved(snapshot, promise, rules, through)
    periods = _periods(policy, promise, snapshot)
    kind = _kind(policy, periods)
    limit = authority.limit(agent.role, kind, snapshot.account.currency)
    if not saving.amount or limit is None:
        return None
    used = {"customer": ("account_id", snapshot.account.id), "agent": ("agent_id", agent.id), "team": ("team", agent.team)}
    rooms = [room for name, budget in limit.budgets if (room := _room(budget, records, *used[name], at)) is not None]
    remaining = min(rooms, key=lambda room: room.amount, default=None)
    value = whole_value(saving, periods)
    return Offer(policy, promise, caller, agent, kind, saving, value, periods, remaining, authority, records, snapshot.account.zone)


def _saved(snapshot: AccountSnapshot, promise: Grant, rules: Rulebook, through: date) -> Money:
    plain = _without_policies(rules)
    before, after = (_net(known, plain, through) for known in (snapshot, snapshot.add(promise)))
    return money(CONTEXT.subtract(before, after), snapshot.account.currency)


def _net(snapshot: AccountSnapshot, rules: Rulebook, through: date) -> Decimal:
    return add_up(line.net_amount for draft in bill(snapshot, through=through, rules=rules).invoices for line in draft.lines)


def _periods(policy: DiscountPolicy, promise: Grant, snapshot: AccountSnapshot) -> int:
    """Return for how many billing periods the promise holds."""
    duration = policy.duration
    if duration.kind is DurationKind.ONCE:
        return 1
    if duration.kind is DurationKind.PERIODS and duration.count:
        return duration.count
    if promise.end is None:
        return ENDLESS
    frequency = snapshot.subscriptions[0].plan.frequency if snapshot.subscriptions else Frequency.monthly()
    return max(1, Schedule(frequency, promise.start).number_at(promise.end))


def _kind(policy: DiscountPolicy, periods: int) -> GrantKind:
    if policy.duration.kind is DurationKind.CONTRACT:
        return GrantKind.CONTRACT_CONCESSION
    if policy.benefit.code == "waived-fee":
        return GrantKind.FEE_WAIVER
    return GrantKind.CREDIT if periods == 1 else GrantKind.RECURRING_DISCOUNT


def _room(budget: Budget, records: Sequence[GrantRecord], name: str, value: str, at: datetime) -> Money | None:
    if budget.amount is None:
        return None
    used = add_up(
        record.value_amount
        for record in records
        if getattr(record, name) == value
        and record.currency == budget.amount.currency.code
        and record.counts(at)
        and NO_TIME <= elapsed(record.at, at) < budget.stretch
    )
    return money(max(ZERO, CONTEXT.subtract(budget.amount.amount, used)), budget.amount.currency.code)


@door
def grant(
    offer: Offer,
    *,
    id: str,  # noqa: A002  the public name
    reason: GrantReason,
    at: datetime,
    evidence: Iterable[str] = (),
    granted: Iterable[GrantRecord] | None = None,
    expires: datetime | None = None,
) -> Judgement:
    """Grant an offer, if the agent may. Asking does nothing by itself, so it also tells whether somebody would have to approve.

    Args:
        offer: One of the `options` of this call.
        id: The host's id of the grant.
        reason: Why it is granted; correcting an error is no grant, it is a credit.
        at: Now.
        evidence: What shows why, such as the number of a ticket.
        granted: The records as they are now, with what was granted on this call; those of the offer where None.
        expires: The first instant at which nobody may approve it any more, where it needs approval; None without end.

    Returns:
        `Granted` with the promise and a reservation for the host to store, `NeedsApproval`, or `Refused`;
        the latter two with every rule that fails and the nearest thing that would pass.

    Raises:
        AccessError: The caller's verification has expired since, or a representative may not go as far.
    """
    caller = offer.caller
    caller.require(Action.GRANT_DISCOUNT, at=at, worth=offer.value)
    request = GrantRequest(
        id=id,
        agent=offer.agent,
        account_id=caller.account_id,
        kind=offer.kind,
        reason=reason,
        value=offer.value,
        percent=offer.percent,
        periods=offer.periods,
        at=at,
        identity=caller.level,
        evidence=evidence,
        grant=attrs.evolve(offer.promise, id=id),
        zone=offer.zone,
        expires=expires,
    )
    return judge(request, offer.authority, granted=offer.records if granted is None else granted)


@door
def approve(answer: Judgement, *, by: Agent, at: datetime, granted: Iterable[GrantRecord] | None = None) -> Judgement:
    """Let somebody with more authority approve what needs approval.

    Args:
        answer: What `grant` or an earlier `approve` answered.
        by: Who approves: another person than the one who asked.
        at: When.
        granted: The records as they are now; those of the answer where None.

    Returns:
        `Granted` once enough people have approved, else `NeedsApproval` with the rules that still fail.

    Raises:
        AccessError: The answer does not wait for approval.
        RefusedError: The request has expired.
    """
    if not isinstance(answer, NeedsApproval):
        raise AccessError(type(answer).__name__, "only what needs approval is approved", "match the answer first")
    return approved(answer, by=by, at=at, granted=granted)
