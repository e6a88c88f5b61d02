"""Verify who is calling: factors of distinct categories make levels, failures make waits and locks.

The answer never says which factor failed, and is the same for accounts that do not exist.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NoReturn

import attrs

from billing_domain.accounts import Account, IdentityLevel
from billing_domain.care.identity import SEAL, Authorisation, VerificationPolicy, VerifiedCaller
from billing_domain.care.secrets import Attempt, FactorCategory
from billing_domain.errors import AccessError
from billing_domain.periods import checked_instant, local_day

DAY = timedelta(hours=24)


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
        until: When the next try is possible.
        call_back: Whether only a call-back or a letter helps before then.
    """

    until: datetime
    call_back: bool

    @property
    def caller(self) -> VerifiedCaller:
        """There is none.

        Raises:
            AccessError: Always.
        """
        remedy = "call the customer back on a number on file" if self.call_back else "try again then"
        return _nobody(f"no more tries before {self.until.isoformat()}", remedy)


def _nobody(rule: str, remedy: str) -> NoReturn:
    raise AccessError("the caller", rule, remedy)


Verification = Verified | MoreNeeded | LockedOut
"""What `verify` answers."""


def verify(
    account: Account | None,
    attempts: Sequence[Attempt],
    *,
    policy: VerificationPolicy,
    at: datetime,
    level: IdentityLevel = IdentityLevel.VERIFIED,
    acting_for: Authorisation | None = None,
    second_agent: str = "",
) -> Verification:
    """Return the caller if the attempts prove who it is.

    Args:
        account: The account that was named; None where it is not known, which looks like a wrong secret.
        attempts: This contact's attempts and those of the last day, in any order; those of other accounts do not count.
        policy: What counts and what locks.
        at: Now.
        level: The level that is asked for.
        acting_for: Where a representative calls: what he may do; his own attempts count.
        second_agent: Who confirms, for the highest level; another person than the agents of the attempts.

    Returns:
        `Verified` with the caller, `MoreNeeded`, or `LockedOut` with the next possible instant.

    Raises:
        AccessError: The authorisation is of another account, or not in force.

    Example:
        See the tutorial.
    """
    checked_instant(at, "now")
    _check_authorisation(account, acting_for, at)
    known = [] if account is None else [tried for tried in attempts if tried.account_id == account.id and tried.at <= at]
    locked = _lock(attempts if account is None else known, policy, at)
    if locked is not None:
        return locked
    holder = "" if acting_for is None else acting_for.holder
    passed = [tried for tried in known if _counts(tried, account, policy, at, holder)]
    reached = _reached(passed, second_agent)
    if account is None or reached < level:
        return MoreNeeded(level, FactorCategory)
    evidence = tuple(f"{tried.factor.value} at {tried.at.isoformat()}" for tried in sorted(passed, key=lambda tried: tried.at))
    return Verified(VerifiedCaller(account.id, reached, at, at + policy.lasts, policy, evidence, acting_for, SEAL))


def _check_authorisation(account: Account | None, acting_for: Authorisation | None, at: datetime) -> None:
    if account is None or acting_for is None:
        return
    if acting_for.account_id != account.id:
        raise AccessError(acting_for.holder, f"the authorisation is for account {acting_for.account_id}", "ask for one for this account")
    if not acting_for.holds(local_day(at, account.zone)):
        raise AccessError(acting_for.holder, "the authorisation is not in force on this day", "ask the holder for a new one")


def _counts(tried: Attempt, account: Account | None, policy: VerificationPolicy, at: datetime, holder: str) -> bool:
    return (
        tried.passed
        and account is not None
        and tried.holder == holder
        and at - tried.at < policy.lasts
        and tried.rests_on(account, policy.contact_days)
    )


def _reached(passed: Sequence[Attempt], second_agent: str) -> IdentityLevel:
    categories = {tried.factor.category for tried in passed}
    if len(categories) > 1:
        confirmed = second_agent and second_agent not in {tried.agent for tried in passed}
        return IdentityLevel.HIGH if confirmed else IdentityLevel.STRONG
    return IdentityLevel.VERIFIED if categories else IdentityLevel.IDENTIFIED


def _lock(attempts: Sequence[Attempt], policy: VerificationPolicy, at: datetime) -> LockedOut | None:
    recent = sorted((tried for tried in attempts if at - tried.at < DAY), key=lambda tried: tried.at)
    failures = [tried for tried in recent if not tried.passed]
    if len(failures) >= policy.account_failures:
        return LockedOut(failures[-policy.account_failures].at + DAY, call_back=True)
    row = _failed_in_a_row(recent)
    if row >= policy.factor_failures:
        return LockedOut(failures[-1].at + policy.longest_delay, call_back=True)
    if row:
        free = failures[-1].at + min(policy.longest_delay, policy.first_delay * 2 ** (row - 1))
        if at < free:
            return LockedOut(free, call_back=False)
    return None


def _failed_in_a_row(recent: Sequence[Attempt]) -> int:
    """Return the longest run of failures of one factor since it was last passed."""
    row: dict[object, int] = {}
    for tried in recent:
        row[tried.factor] = 0 if tried.passed else row.get(tried.factor, 0) + 1
    return max(row.values(), default=0)
