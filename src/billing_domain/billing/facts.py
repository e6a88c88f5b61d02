"""What is known of an account at one moment, as the facts that conditions read; nothing is guessed."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.conditions import (
    ACCOUNT_ID,
    ARREARS,
    AT,
    BUSINESS,
    CATALOGUE,
    COMPLAINTS,
    CONTRACT_END,
    CONTRACT_MONTHS_LEFT,
    CONTRACT_START,
    COUNTRY,
    CUSTOMER_SINCE,
    DAY,
    GRANTED,
    GRANTED_POLICIES,
    GRANTS,
    LAST_GRANT,
    MONTHLY_SPEND,
    NOTICE_GIVEN,
    OPEN_DISPUTES,
    OVERDUE_DAYS,
    PLAN,
    PRODUCTS,
    SUBSCRIPTIONS,
    TENURE_MONTHS,
    YEARLY_SPEND,
    Facts,
    Readable,
)
from billing_domain.doors import door
from billing_domain.invoicing import History
from billing_domain.money import money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, minor_unit
from billing_domain.payments import balances
from billing_domain.periods import Frequency, Schedule, checked_instant, local_day
from billing_domain.subscriptions import Subscription

_Known = dict[Readable[Any], object]
_TEXTS = {fact.code: fact for fact in CATALOGUE if fact.holds is str}
MONTHS = 12
"""How many months "in 12 months" looks back."""


@door
def facts(snapshot: AccountSnapshot, at: datetime) -> Facts:
    """Return what is known of an account at an instant, as conditions read it.

    Read off the snapshot: the day, tenure, plans, contract, spend, arrears, disputes and grants. A trait of the account with the
    code of a text fact, such as `segment`, is that fact. What the host adds to the snapshot as `Facts` counts before all of it.

    Args:
        snapshot: The account.
        at: The instant of the decision.

    Returns:
        The facts; what cannot be told is not there, so that a condition that reads it is UNKNOWN.

    Raises:
        NaiveInstantError: The instant has no zone.
    """
    return facts_of(snapshot, checked_instant(at, "the instant of a decision"), History(snapshot))


def facts_of(snapshot: AccountSnapshot, at: datetime, history: History) -> Facts:
    """Return the facts, where the history is there already."""
    account = snapshot.account
    day = local_day(at, account.zone)
    known: _Known = {AT: at, DAY: day, ACCOUNT_ID: account.id, COUNTRY: account.holder.country}
    known[BUSINESS] = bool(account.holder.vat_id or account.holder.legal_id)
    known |= {_TEXTS[name]: value for name, value in account.traits.items() if name in _TEXTS}
    known |= _agreed(snapshot, day)
    known |= _spent(snapshot, day, history)
    known |= _granted(snapshot, day, history)
    known |= _owing(snapshot, day)
    gathered = Facts(known)
    return gathered.updated(snapshot.facts) if len(snapshot.facts) else gathered


def months_between(start: date, day: date) -> int:
    """Return how many whole months lie between two days; zero where the second is not later.

    Example:
        >>> months_between(date(2024, 1, 31), date(2024, 2, 28)), months_between(date(2024, 1, 31), date(2024, 2, 29))
        (0, 1)
    """
    return max(0, Schedule(Frequency.monthly(), start).number_at(day))


def _back(day: date, months: int) -> date:
    return Schedule(Frequency.monthly(), day).boundary(-months)


def _agreed(snapshot: AccountSnapshot, day: date) -> _Known:
    """Return what subscriptions tell: tenure, plans, contract, notice."""
    known: _Known = {}
    starts = [subscription.start_on for subscription in snapshot.subscriptions]
    since = snapshot.account.opened or min(starts, default=None)
    if since is not None:
        known |= {CUSTOMER_SINCE: since, TENURE_MONTHS: months_between(since, day)}
    active = [found for found in snapshot.subscriptions if found.start_on <= day and (found.ends_on is None or day < found.ends_on)]
    plans = {_plan(found, day) for found in active}
    known |= {SUBSCRIPTIONS: len(active), PRODUCTS: frozenset(plans), NOTICE_GIVEN: any(found.ends_on is not None for found in active)}
    if len(plans) == 1:
        known[PLAN] = next(iter(plans))
    return known | _contract(active, day)


def _plan(subscription: Subscription, day: date) -> str:
    """Return the code of the plan in force on a day; that of the last one where it is paused."""
    plan = subscription.plan
    for terms in subscription.terms:
        if terms.start <= day:
            plan = terms.plan
    return plan.code


def _contract(active: Iterable[Subscription], day: date) -> _Known:
    """Return the term that ends last."""
    terms = [found.contract.term_at(day) for found in active if found.contract is not None]
    running = [term for term in terms if term is not None]
    if not running:
        return {}
    latest = max(running, key=lambda term: (term.end, term.start))
    return {CONTRACT_START: latest.start, CONTRACT_END: latest.end, CONTRACT_MONTHS_LEFT: months_between(day, latest.end)}


def _spent(snapshot: AccountSnapshot, day: date, history: History) -> _Known:
    """Return what documents of the last 12 months charge without tax, less credits."""
    since, currency = _back(day, MONTHS), snapshot.account.currency
    charged = [invoice.totals.line_total_amount for invoice in history.by_number.values() if since < invoice.on <= day]
    credited = [note.totals.line_total_amount for note in snapshot.credit_notes if since < note.on <= day]
    total = CONTEXT.subtract(add_up(charged), add_up(credited))
    first = min([invoice.on for invoice in history.by_number.values()], default=None)
    known: _Known = {YEARLY_SPEND: money(total, currency)}
    if first is not None and first <= day:
        months = min(MONTHS, months_between(first, day) + 1)
        known[MONTHLY_SPEND] = money(CONTEXT.divide(total, Decimal(months)).quantize(minor_unit(currency), context=CONTEXT), currency)
    return known


def _granted(snapshot: AccountSnapshot, day: date, history: History) -> _Known:
    """Return what discounts the account was granted: those of the last 12 months, and all policies ever."""
    since = _back(day, MONTHS)
    recent = [grant for grant in snapshot.grants if since < grant.start <= day]
    before = {} if snapshot.opening is None else snapshot.opening.used
    used = add_up([CONTEXT.add(history.used(grant.id), before.get(grant.id, ZERO)) for grant in recent])
    known: _Known = {GRANTS: len(recent), GRANTED: money(used, snapshot.account.currency)}
    known[GRANTED_POLICIES] = frozenset(grant.policy.partition("@")[0] for grant in snapshot.grants)
    if recent:
        known[LAST_GRANT] = max(grant.start for grant in recent)
    return known


def _owing(snapshot: AccountSnapshot, day: date) -> _Known:
    """Return what is overdue and not disputed, and the open cases."""
    late = [item for item in balances(snapshot, as_of=day).items if item.collectable > 0 and item.days_overdue(day) > 0]
    since = _back(day, MONTHS)
    return {
        ARREARS: money(add_up([item.collectable for item in late]), snapshot.account.currency),
        OVERDUE_DAYS: max([item.days_overdue(day) for item in late], default=0),
        OPEN_DISPUTES: sum(case.is_open for case in snapshot.disputes),
        COMPLAINTS: sum(since < case.opened_on <= day for case in snapshot.disputes),
    }
