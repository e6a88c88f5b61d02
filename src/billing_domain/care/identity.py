"""Who is calling: what each action needs, who may speak for whom, and the caller that `verify` makes."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from types import MappingProxyType

import attrs

from billing_domain.accounts import IdentityLevel
from billing_domain.doors import guarded
from billing_domain.errors import AccessError, InvalidPeriodError, InvalidTypeError, InvalidValueError, RefusedError
from billing_domain.ids import checked_id
from billing_domain.instants import utc
from billing_domain.money import Amount, Money, frozen_amount_or_none, not_negative
from billing_domain.periods import checked_day, checked_instant


class Action(Enum):
    """What a caller may ask for; a policy says which level each needs."""

    COMPLAIN = "complain"
    HEAR_STATUS = "hear-status"
    HEAR_BALANCE = "hear-balance"
    EXPLAIN_BILL = "explain-bill"
    OPEN_DISPUTE = "open-dispute"
    ACCEPT_CREDIT = "accept-credit"
    SEE_USAGE = "see-usage"
    GRANT_DISCOUNT = "grant-discount"
    CHANGE_CONTRACT = "change-contract"
    REFUND = "refund"
    CHANGE_CONTACT = "change-contact"
    ADD_REPRESENTATIVE = "add-representative"
    CLOSE_ACCOUNT = "close-account"


DEFAULT_LEVELS: Mapping[Action, IdentityLevel] = MappingProxyType(
    {
        Action.COMPLAIN: IdentityLevel.ANONYMOUS,
        Action.HEAR_STATUS: IdentityLevel.IDENTIFIED,
        Action.HEAR_BALANCE: IdentityLevel.VERIFIED,
        Action.EXPLAIN_BILL: IdentityLevel.VERIFIED,
        Action.OPEN_DISPUTE: IdentityLevel.VERIFIED,
        Action.ACCEPT_CREDIT: IdentityLevel.VERIFIED,
        Action.GRANT_DISCOUNT: IdentityLevel.VERIFIED,
        Action.SEE_USAGE: IdentityLevel.STRONG,
        Action.CHANGE_CONTRACT: IdentityLevel.STRONG,
        Action.REFUND: IdentityLevel.STRONG,
        Action.CHANGE_CONTACT: IdentityLevel.HIGH,
        Action.ADD_REPRESENTATIVE: IdentityLevel.HIGH,
        Action.CLOSE_ACCOUNT: IdentityLevel.HIGH,
    }
)
"""What each action needs where a policy does not say otherwise."""


def _levels(values: Mapping[Action, IdentityLevel] | Iterable[tuple[Action, IdentityLevel]]) -> tuple[tuple[Action, IdentityLevel], ...]:
    given = dict(values.items() if isinstance(values, Mapping) else values)
    for action, level in given.items():
        if not isinstance(action, Action) or not isinstance(level, IdentityLevel):
            raise InvalidTypeError((action, level), "levels go by Action", "write {Action.EXPLAIN_BILL: IdentityLevel.STRONG}")
    return tuple((action, given.get(action, level)) for action, level in DEFAULT_LEVELS.items())


@guarded
@attrs.frozen
class VerificationPolicy:
    """How callers prove who they are.

    Args:
        code: A short code.
        version: 1, 2, 3 and so on.
        levels: The level that an action needs, where not the default.
        contact_days: For how many days a contact must have been on file before a code sent to it counts.
        lasts: How long a verification holds, and how long ago a factor may have been passed when it is made.
        factor_failures: After how many failures in a row a factor is over for the longest wait; others still count.
        account_failures: After how many failures within a day the account is locked to call-back or letter.
        most_failures: After how many failures in a row, over all that is known, it stays locked until then.
        first_delay: How long one waits after the first failure; it doubles with each further one.
        longest_delay: The longest wait between two tries.

    Raises:
        InvalidValueError: A limit is below one.

    Example:
        >>> VerificationPolicy("house", 1).level_of(Action.EXPLAIN_BILL).name
        'VERIFIED'
    """

    code: str
    version: int
    _levels: tuple[tuple[Action, IdentityLevel], ...] = attrs.field(converter=_levels, default=(), alias="levels")
    contact_days: int = 30
    lasts: timedelta = timedelta(minutes=30)
    factor_failures: int = 3
    account_failures: int = 5
    first_delay: timedelta = timedelta(seconds=30)
    longest_delay: timedelta = timedelta(hours=1)
    most_failures: int = 100

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a verification policy")
        if min(self.factor_failures, self.account_failures, self.most_failures) < 1 or self.contact_days < 0:
            raise InvalidValueError(self.code, "limits of failures are one or more, days zero or more", "check the policy")
        if self.lasts <= timedelta(0):
            raise InvalidPeriodError(self.lasts, "a verification lasts some time", "give thirty minutes or so")
        if not timedelta(0) <= self.first_delay <= self.longest_delay:
            raise InvalidPeriodError(self.first_delay, "the first wait is zero or more, and no longer than the longest", "check the policy")

    def level_of(self, action: Action) -> IdentityLevel:
        """Return the level that an action needs."""
        return dict(self._levels)[action]


def _scopes(values: Iterable[Action]) -> frozenset[Action]:
    found = frozenset(values)
    for scope in found:
        if not isinstance(scope, Action):
            raise InvalidTypeError(scope, "scopes of an authorisation are Actions", "write [Action.EXPLAIN_BILL]")
    return found


@guarded
@attrs.frozen
class Authorisation:
    """Somebody else may speak for an account, for some things, for a while.

    Args:
        account_id: For whom.
        holder: Who may; he proves himself as himself.
        scopes: What he may ask for.
        start: The first day.
        end: The first day on which he no longer may; None until it is revoked.
        limit: The most that one action of his may be worth; None without limit.
        evidence: Where the host keeps the proof.

    Raises:
        InvalidPeriodError: It ends before it starts.
        InvalidTypeError: A scope is not an `Action`.
    """

    account_id: str
    holder: str
    scopes: frozenset[Action] = attrs.field(converter=_scopes)
    start: date
    end: date | None = None
    _limit: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="limit")
    evidence: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.account_id, "an account")
        checked_id(self.holder, "a representative")
        checked_day(self.start, "the start of an authorisation")
        if self._limit is not None:
            not_negative(self._limit.amount, "a limit")
        if self.end is not None and checked_day(self.end, "the end of an authorisation") <= self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "an authorisation ends after it starts", "swap the days")

    @property
    def limit(self) -> Money | None:
        """The most that one action may be worth."""
        return None if self._limit is None else self._limit.money

    def holds(self, day: date) -> bool:
        """Say whether it is in force on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Seal:
    """What `verify` puts on the caller that it makes: it fits what the caller says, and nothing else."""

    __slots__ = ("_content",)

    def __init__(self, content: tuple[object, ...]) -> None:
        self._content = content

    def fits(self, content: tuple[object, ...]) -> bool:
        """Say whether it was made for this."""
        return self._content == content


@attrs.frozen
class VerifiedCaller:
    """Somebody who has proved who he is, for one account and a while; only `verify` makes one.

    Args:
        account_id: For which account.
        level: How sure one is.
        at: When it was proved.
        expires: Until when it holds.
        policy: The policy, which says what each action needs.
        evidence: Which factors were passed and when, as text without secrets.
        acting_for: The authorisation of a representative; None for the holder.
        seal: What only `verify` has; it does not fit a caller that was changed.
    """

    account_id: str
    level: IdentityLevel
    at: datetime
    expires: datetime
    policy: VerificationPolicy
    evidence: tuple[str, ...]
    acting_for: Authorisation | None = None
    _seal: object = attrs.field(default=None, repr=False, eq=False, alias="seal", metadata={"secret": True})

    def __attrs_post_init__(self) -> None:
        if not (isinstance(self._seal, Seal) and self._seal.fits(self._content)):
            raise RefusedError("VerifiedCaller", "only verify(...) makes a verified caller, and nobody changes one", "verify the caller")

    @property
    def _content(self) -> tuple[object, ...]:
        return (self.account_id, self.level, self.at, self.expires, self.policy, self.evidence, self.acting_for)

    @property
    def name(self) -> str:
        """Who it is, for histories: `customer`, or the representative."""
        return "customer" if self.acting_for is None else self.acting_for.holder

    def may(self, action: Action) -> bool:
        """Say whether the level and the scope allow an action."""
        allowed = self.acting_for is None or action in self.acting_for.scopes
        return allowed and self.level >= self.policy.level_of(action)

    def require(self, action: Action, *, account_id: str | None = None, at: datetime | None = None, worth: Money | None = None) -> None:
        """Do nothing if the action is allowed.

        Args:
            action: What is asked for.
            account_id: The account that it is about; checked where given.
            at: When; checked against the expiry where given.
            worth: What it is worth; checked against a representative's limit where given.

        Raises:
            AccessError: Another account, a level too low, out of scope, above the limit, or expired.
        """
        if account_id is not None and account_id != self.account_id:
            raise AccessError(account_id, f"the caller is verified for {self.account_id} alone", "verify for the other account")
        if at is not None and not utc(self.at) <= utc(checked_instant(at, "now")) < utc(self.expires):
            raise AccessError(
                at.isoformat(), f"the verification holds from {self.at.isoformat()} to before {self.expires.isoformat()}", "verify again"
            )
        if not self.may(action):
            needed = self.policy.level_of(action)
            raise AccessError(
                action.value,
                f"it needs level {needed.name.lower()} and a scope that holds it; this is {self.level.name.lower()}",
                "ask for another factor, or for the holder",
            )
        self._within_limit(worth)

    def _within_limit(self, worth: Money | None) -> None:
        limit = None if self.acting_for is None else self.acting_for.limit
        if worth is not None and limit is not None and (worth.currency != limit.currency or worth.amount > limit.amount):
            raise AccessError(
                f"{worth.amount} {worth.currency.code}",
                f"the representative may act up to {limit.amount} {limit.currency.code}",
                "ask the holder",
            )
