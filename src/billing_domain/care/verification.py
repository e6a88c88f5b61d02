"""Verify who is calling: factors of distinct categories make levels, failures make waits and locks.

The answer never says which factor failed, and is the same for accounts that do not exist.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NoReturn

import attrs

from billing_domain.accounts import Account, IdentityLevel
from billing_domain.care.counters import Counters, Stop
from billing_domain.care.factors import PROVING, FactorCategory
from billing_domain.care.identity import Authorisation, Seal, VerificationPolicy, VerifiedCaller
from billing_domain.care.secrets import Attempt
from billing_domain.doors import door
from billing_domain.errors import AccessError
from billing_domain.instants import elapsed, later, utc
from billing_domain.periods import checked_instant, local_day, start_of_day


def _categories(values: Iterable[FactorCategory]) -> tuple[FactorCategory, ...]:
    return tuple(sorted(values, key=lambda category: category.value))


@attrs.frozen
class Verified:
    """The caller is known.

    Args:
        caller: Who it is, for one account and a while.
    """

    caller: VerifiedCaller


@attrs.frozen
class MoreNeeded:
    """Not enough was proved for the level that was asked for.

    Args:
        wanted: The level that was asked for.
        possible: Sorts of proof that would still count; the same whatever was right or wrong.
    """

    wanted: IdentityLevel
    possible: tuple[FactorCategory, ...] = attrs.field(converter=_categories)

    @property
    def caller(self) -> VerifiedCaller:
        """There is none.

        Raises:
            AccessError: Always.
        """
        return _nobody(f"level {self.wanted.name.lower()} is not reached", "ask for a factor of another category")


@attrs.frozen
class LockedOut:
    """Too many failures.

    Args:
        until: When the next try is possible; None for not before the customer is reached on a contact on file.
        call_back: Whether only a call-back or a letter helps before then.
    """

    until: datetime | None
    call_back: bool

    @property
    def caller(self) -> VerifiedCaller:
        """There is none.

        Raises:
            AccessError: Always.
        """
        remedy = "call the customer back on a number on file, or write" if self.call_back else "try again then"
        when = "the customer is reached on a contact on file" if self.until is None else self.until.isoformat()
        return _nobody(f"no more tries before {when}", remedy)


def _nobody(rule: str, remedy: str) -> NoReturn:
    raise AccessError("the caller", rule, remedy)


Verification = Verified | MoreNeeded | LockedOut
"""What `verify` answers."""


@door
def verify(
    account: Account | None,
    attempts: Sequence[Attempt],
    *,
    policy: VerificationPolicy,
    at: datetime,
    level: IdentityLevel = IdentityLevel.VERIFIED,
    acting_for: Authorisation | None = None,
    second_agent: str = "",
    call: str = "",
) -> Verification:
    """Return the caller if the attempts prove who it is.

    Failures make waits that double; too many end a factor, then lock the account; a call-back or a letter to a contact
    that has been on file long enough ends all of them. The answer never says which factor failed. Levels up to `IDENTIFIED`
    need no proof and so tell that an account exists: ask for them only where that may be told.

    Args:
        account: The account that was named; None where it is not known, which looks like a wrong secret.
        attempts: The attempts on this account, of the last day and longer where you have them, in any order;
            those on other accounts do not count.
        policy: What counts and what locks.
        at: Now.
        level: The level that is asked for.
        acting_for: Where a representative calls: what he may do; his own attempts count.
        second_agent: Who confirms, for the highest level; another person than the agents of the attempts.
        call: The host's id of this call or visit; only what was passed in it counts, so that nobody rides on the call before.

    Returns:
        `Verified` with the caller, `MoreNeeded`, or `LockedOut` with the next possible instant.

    Raises:
        AccessError: The authorisation is of another account, or not in force.
        NaiveInstantError: `at` has no zone.

    Example:
        See the tutorial.
    """
    checked_instant(at, "now")
    _check_authorisation(account, acting_for, at)
    known = [tried for tried in attempts if utc(tried.at) <= utc(at) and (account is None or tried.account_id == account.id)]
    counters = Counters(policy).play(known, _releases(account, policy))
    stop = counters.stop(at)
    if stop is not None:
        return _locked(stop, at)
    holder = "" if acting_for is None else acting_for.holder
    passed = [tried for tried in counters.counting(at) if tried.call == call and _counts(tried, account, policy, at, holder)]
    reached = _reached(passed, second_agent)
    if account is None or reached < level:
        over = counters.any_over(at)
        return MoreNeeded(level, PROVING) if over is None else _locked(over, at)
    return Verified(_caller(account, reached, passed, policy, at, acting_for, second_agent))


def _locked(stop: Stop, at: datetime) -> LockedOut:
    """Return the answer, with its instant in the zone in which was asked."""
    return LockedOut(None if stop.until is None else stop.until.astimezone(at.tzinfo), stop.call_back)


def _caller(
    account: Account,
    level: IdentityLevel,
    passed: Sequence[Attempt],
    policy: VerificationPolicy,
    at: datetime,
    acting_for: Authorisation | None,
    second_agent: str,
) -> VerifiedCaller:
    evidence = [f"{tried.factor.code} at {tried.at.isoformat()}" for tried in sorted(passed, key=lambda tried: utc(tried.at))]
    if level is IdentityLevel.HIGH:
        evidence.append(f"confirmed by {second_agent}")
    expires = later(at, policy.lasts)
    if acting_for is not None and acting_for.end is not None:
        expires = min(expires, start_of_day(acting_for.end, account.zone).astimezone(account.zone), key=utc)
    stated = (account.id, level, at, expires, policy, tuple(evidence), acting_for)
    return VerifiedCaller(*stated, Seal(stated))


def _releases(account: Account | None, policy: VerificationPolicy) -> Callable[[Attempt], bool]:
    """Return what tells whether by an attempt the company reached the customer on a contact that has been on file long enough."""

    def releases(tried: Attempt) -> bool:
        return account is not None and tried.factor.releases and tried.rests_on(account, policy.contact_days)

    return releases


def _check_authorisation(account: Account | None, acting_for: Authorisation | None, at: datetime) -> None:
    if account is None or acting_for is None:
        return
    if acting_for.account_id != account.id:
        raise AccessError(acting_for.holder, f"the authorisation is for account {acting_for.account_id}", "ask for one for this account")
    if not acting_for.holds(local_day(at, account.zone)):
        raise AccessError(acting_for.holder, "the authorisation is not in force on this day", "ask the holder for a new one")


def _counts(tried: Attempt, account: Account | None, policy: VerificationPolicy, at: datetime, holder: str) -> bool:
    return (
        account is not None
        and tried.holder == holder
        and tried.factor.category.proves
        and elapsed(tried.at, at) < policy.lasts
        and tried.rests_on(account, policy.contact_days)
    )


def _reached(passed: Sequence[Attempt], second_agent: str) -> IdentityLevel:
    categories = {tried.factor.category for tried in passed}
    if len(categories) > 1:
        first = {tried.agent for tried in passed if tried.agent}
        confirmed = first and second_agent.strip() and second_agent not in first
        return IdentityLevel.HIGH if confirmed else IdentityLevel.STRONG
    return IdentityLevel.VERIFIED if categories else IdentityLevel.IDENTIFIED
