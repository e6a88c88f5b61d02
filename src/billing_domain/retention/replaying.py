"""Would another policy have been better: its cost on the past, and its effect where probabilities were logged."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

import attrs

from billing_domain.billing import AccountSnapshot
from billing_domain.billing.facts import facts
from billing_domain.discounts import NOTHING_GIVEN, Asked, DiscountPolicy, Grant, granted, share_out
from billing_domain.doors import door
from billing_domain.errors import CurrencyMismatchError, InvalidValueError, NoSuchResultError
from billing_domain.invoicing import Invoice
from billing_domain.money import Money, minor_unit, money
from billing_domain.money.amounts import add_up
from billing_domain.periods import local_day
from billing_domain.retention.observing import observe
from billing_domain.retention.offers import OfferRecord
from billing_domain.retention.protocols import ReplayedPolicy
from billing_domain.retention.stats import (
    Logged,
    PolicyValue,
    doubly_robust_value,
    inverse_propensity_value,
    self_normalised_value,
)


class Unanswered(Enum):
    """Why the effect of a policy cannot be told from a history."""

    NOT_FOLLOWED = "not-followed"
    """Some units were not followed to the horizon."""
    NO_SUPPORT = "no-support"
    """The policy never does what was done."""
    TOO_FEW = "too-few"
    """Fewer than two decisions."""


@attrs.frozen
class ReplayCost:
    """What a policy would have cost on the documents of the past.

    Args:
        decisions: How many decisions were replayed.
        granted: How many of them the policy would have granted.
        changed: How many it would have decided otherwise.
        currency: The currency.
        total_amount: What the grants would have taken off the lines that were invoiced since, before tax as prices are stated.
        over_budget: Whether that is above the budget; false where there is none.
    """

    decisions: int
    granted: int
    changed: int
    currency: str
    total_amount: Decimal
    over_budget: bool

    @property
    def total(self) -> Money:
        """What the grants would have taken off."""
        return money(self.total_amount, self.currency)


@attrs.frozen
class Evaluated:
    """The policy's effect could be told.

    Args:
        value: The share still there at the horizon under the policy, self-normalised.
        inverse: The same by inverse propensity alone.
        doubly_robust: The same, helped by the mean of each arm.
        cost: What it would have cost.
    """

    value: PolicyValue
    inverse: PolicyValue
    doubly_robust: PolicyValue
    cost: ReplayCost


@attrs.frozen
class CannotEvaluate:
    """The policy's effect could not be told; its cost could.

    Args:
        reason: Why.
        cost: What it would have cost.
    """

    reason: Unanswered
    cost: ReplayCost

    @property
    def value(self) -> PolicyValue:
        """There is none.

        Raises:
            NoSuchResultError: Always, with the reason.
        """
        raise NoSuchResultError(self, f"the effect cannot be told: {self.reason.value}", "follow every unit to the horizon")


class _Decision(NamedTuple):
    """One past decision beside what the policy would have done."""

    record: OfferRecord
    snapshot: AccountSnapshot
    grant: Grant | None


@door
def replay(
    policy: DiscountPolicy | ReplayedPolicy,
    history: Iterable[tuple[OfferRecord, AccountSnapshot]],
    *,
    through: date,
    horizon: timedelta,
    budget: Money | None = None,
    confidence: float = 0.95,
) -> Evaluated | CannotEvaluate:
    """Return what a policy would have cost on past decisions, and its effect where that can be told.

    Args:
        policy: The policy. A `DiscountPolicy` grants as it would in a run: window, scope and condition, on the first invoice from
            time zero on, as if nothing had been granted before. Anything else is asked once per decision, with the account as it
            is known now and the instant of the decision.
        history: The records, each with the account's snapshot.
        through: The last day of follow-up.
        horizon: How long after time zero customers are to be still there.
        budget: What the policy may cost; it changes no decision, the answer says whether it would have been kept.
        confidence: The level of the intervals.

    Raises:
        InvalidValueError: There is no decision.
        CurrencyMismatchError: The accounts are in several currencies, or the budget is in another.
    """
    decisions = tuple(_Decision(record, snapshot, _proposed(policy, snapshot, record.at)) for record, snapshot in history)
    cost = _cost(decisions, budget)
    rows = [_logged(decision, through, horizon) for decision in decisions]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows):
        return CannotEvaluate(Unanswered.NOT_FOLLOWED, cost)
    if len(known) < 2:
        return CannotEvaluate(Unanswered.TOO_FEW, cost)
    if not any(row.target for row in known):
        return CannotEvaluate(Unanswered.NO_SUPPORT, cost)
    helped = _with_means(known, [_offered(decision.record) for decision in decisions])
    return Evaluated(
        self_normalised_value(known, confidence), inverse_propensity_value(known, confidence), doubly_robust_value(helped, confidence), cost
    )


def _proposed(policy: DiscountPolicy | ReplayedPolicy, snapshot: AccountSnapshot, at: datetime) -> Grant | None:
    """Return the grant that a policy would have made at that instant."""
    if not isinstance(policy, DiscountPolicy):
        return policy.propose(snapshot, at)
    zero = local_day(at, snapshot.account.zone)
    lines = next(([line.facts for line in invoice.lines] for invoice in _valid(snapshot) if invoice.on >= zero), [])
    grants, _ = granted([policy], Asked(snapshot.account.id, at, lines, facts(snapshot, at), (), NOTHING_GIVEN))
    return grants[0] if grants else None


def _valid(snapshot: AccountSnapshot) -> Iterator[Invoice]:
    """Yield the invoices that were not voided, in their order."""
    voided = {void.invoice for void in snapshot.voids}
    return (invoice for invoice in snapshot.invoices if invoice.number not in voided)


def _offered(record: OfferRecord) -> bool:
    """Whether the unit was drawn into an arm that gets the offer."""
    return record.assignment.arm != record.kept_back


def _logged(decision: _Decision, through: date, horizon: timedelta) -> Logged | None:
    """Return the decision as the estimators read it; none where its unit was not followed to the horizon."""
    stayed = observe(decision.record, decision.snapshot, through=through).stayed(horizon)
    if stayed is None:
        return None
    agrees = _offered(decision.record) is (decision.grant is not None)
    return Logged(float(stayed), float(decision.record.assignment.probability), float(agrees))


def _with_means(rows: Sequence[Logged], offered: Sequence[bool]) -> list[Logged]:
    """Return the rows with the mean of each arm as what is expected of it; the policy chooses the other arm where it disagrees."""
    means = {}
    for arm in (True, False):
        rewards = [row.reward for row, given in zip(rows, offered, strict=True) if given is arm]
        means[arm] = sum(rewards) / len(rewards) if rewards else 0.0
    return [
        row._replace(expected=means[given], expected_target=means[given if row.target else not given])
        for row, given in zip(rows, offered, strict=True)
    ]


def _cost(decisions: Sequence[_Decision], budget: Money | None) -> ReplayCost:
    """Return what the grants would have taken off the lines that were invoiced since."""
    currencies = {decision.snapshot.account.currency for decision in decisions}
    if not currencies:
        raise InvalidValueError(0, "a replay reads at least one decision", "give the records with their snapshots")
    if len(currencies) > 1 or (budget is not None and str(budget.currency) not in currencies):
        raise CurrencyMismatchError(sorted(currencies), "a replay and its budget have one currency", "replay each currency apart")
    currency = currencies.pop()
    total = add_up(_given(decision.snapshot, decision.grant) for decision in decisions if decision.grant is not None)
    return ReplayCost(
        decisions=len(decisions),
        granted=sum(decision.grant is not None for decision in decisions),
        changed=sum(_offered(decision.record) is not (decision.grant is not None) for decision in decisions),
        currency=currency,
        total_amount=total,
        over_budget=budget is not None and total > budget.amount,
    )


def _given(snapshot: AccountSnapshot, grant: Grant) -> Decimal:
    """Return what a grant would have taken off the invoiced lines, within its limit, in order of the invoices."""
    step, used = minor_unit(snapshot.account.currency), Decimal(0)
    for invoice in _valid(snapshot):
        used = add_up((used, _off(invoice, grant, step, used)))
    return used


def _off(invoice: Invoice, grant: Grant, step: Decimal, used: Decimal) -> Decimal:
    shares = share_out([line.facts for line in invoice.lines], [grant], step, lambda _: used)
    return add_up(share.amount for row in shares for share in row)
