"""Who may grant how much alone, as data: agents, limits per role and kind, and the matrix that holds them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.accounts import IdentityLevel
from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, UnknownReferenceError
from billing_domain.ids import checked_id
from billing_domain.money import Amount, Money, Number, frozen_amount_or_none, not_negative
from billing_domain.money.amounts import HUNDRED
from billing_domain.whole import checked_whole


class GrantKind(Enum):
    """What sort of thing is granted."""

    CREDIT = "credit"
    """An amount once."""
    RECURRING_DISCOUNT = "recurring-discount"
    """Something off for several periods."""
    FEE_WAIVER = "fee-waiver"
    """A fee that is not charged."""
    CONTRACT_CONCESSION = "contract-concession"
    """Something off for the rest of a contract, or a change of its terms."""


class GrantReason(Enum):
    """Why something is granted; it is asked for each time and stored."""

    COMPLAINT = "complaint"
    SERVICE_FAILURE = "service-failure"
    DELAY = "delay"
    LOYALTY = "loyalty"
    RETENTION = "retention"
    HARDSHIP = "hardship"
    COMPETITOR_PRICE = "competitor-price"
    CORRECTION = "correction"
    """An error of the company: it is credited in full and uses no goodwill, so it is never granted."""


def _codes(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "codes stand in a list", f"write [{values!r}]")
    return frozenset(values)


@guarded
@attrs.frozen
class Agent:
    """Somebody who grants things on the phone.

    Args:
        id: The host's id.
        role: The name of a role of the matrix.
        team: The team whose budget is used; empty for none.
        active: Whether the agent may work at all.
        on_shift: Whether the agent is at work now.
        related: The accounts of the agent, of relatives and friends, which somebody else looks after.

    Example:
        >>> Agent("rasa", "agent", team="care-1").active
        True
    """

    id: str
    role: str
    team: str = ""
    active: bool = True
    on_shift: bool = True
    related: frozenset[str] = attrs.field(converter=_codes, default=frozenset())

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "an agent")
        checked_id(self.role, "a role")


def _whole(value: int | None, what: str) -> None:
    if value is not None:
        checked_whole(value, f"{what} is a whole number", "give an int")
    if value is not None and value < 0:
        raise InvalidValueError(value, f"{what} is zero or more", "leave it out for no limit")


@guarded
@attrs.frozen
class Budget:
    """How much may be granted within a stretch of days up to now.

    Args:
        days: How many days back, one or more.
        amount: How much in all; None without limit.
        count: How many grants; None without limit.

    Example:
        >>> Budget(365, Money("75.00", "EUR"), 3).days
        365
    """

    days: int
    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    count: int | None = None

    def __attrs_post_init__(self) -> None:
        _whole(self.days, "a window of days")
        _whole(self.count, "a number of grants")
        if self.days < 1:
            raise InvalidValueError(self.days, "a window is one day or more", "give the days")
        if self._amount is not None:
            not_negative(self._amount.amount, "a budget")

    @property
    def amount(self) -> Money | None:
        """How much in all."""
        return None if self._amount is None else self._amount.money

    @property
    def stretch(self) -> timedelta:
        """The days as a length of time."""
        return timedelta(days=self.days)


def _percent_or_none(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a percentage")


def _reasons(values: Iterable[GrantReason]) -> frozenset[GrantReason]:
    return frozenset(values)


def _roles(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "roles stand in a list", f"write [{values!r}]")
    return tuple(values)


@guarded
@attrs.frozen(kw_only=True)
class Limit:
    """What one role may grant alone, of one kind in one currency. None is no limit.

    Args:
        role: The role.
        kind: What sort of thing.
        currency: ISO 4217 code.
        amount: The most of a single grant: what it gives in all, a recurring one over all its periods.
        percent: The highest percentage.
        periods: The longest, in billing periods.
        customer: What one account may get, from whomever, within some days.
        agent: What one agent may give within some days.
        team: What one team may give within some days.
        reasons: For which reasons; for any where empty.
        cool_down: Days that must lie between two grants for the same reason to one account.
        same_reason: Days within which grants to one account for the same reason count as one, so that none is split to fit.
        approvers: Who may approve what is above the limit, in the order in which they are asked; nobody where empty.
        approvals: How many people have to approve what is above the limit.
        four_eyes: Whether somebody else approves each grant, whatever its size.
        identity: How sure one is of who is calling.
        evidence: Whether something must show why, such as a ticket.

    Raises:
        InvalidValueError: A number is negative.

    Example:
        >>> limit = Limit(role="agent", kind=GrantKind.CREDIT, currency="EUR", amount=Money("25.00", "EUR"), approvers=["senior"])
        >>> limit.amount.amount
        Decimal('25.00')
    """

    role: str
    kind: GrantKind
    currency: str
    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    percent: Decimal | None = attrs.field(converter=_percent_or_none, default=None)
    periods: int | None = None
    customer: Budget | None = None
    agent: Budget | None = None
    team: Budget | None = None
    reasons: frozenset[GrantReason] = attrs.field(converter=_reasons, default=frozenset())
    cool_down: int = 0
    same_reason: int = 30
    approvers: tuple[str, ...] = attrs.field(converter=_roles, default=())
    approvals: int = 1
    four_eyes: bool = False
    identity: IdentityLevel = IdentityLevel.VERIFIED
    evidence: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.role, "a role")
        for value, what in (
            (self.periods, "periods"),
            (self.cool_down, "a cool-down"),
            (self.same_reason, "days"),
            (self.approvals, "approvals"),
        ):
            _whole(value, what)
        if self.approvals < 1:
            raise InvalidValueError(self.approvals, "at least one approves", "give 1 or more")
        if self.percent is not None and self.percent > HUNDRED:
            raise InvalidValueError(self.percent, "a percentage is at most 100", "give None for no limit")
        if self._amount is not None:
            not_negative(self._amount.amount, "a limit")
        for name, money in (("amount", self.amount), *((name, budget.amount) for name, budget in self.budgets)):
            if money is not None and money.currency.code != self.currency:
                raise InvalidValueError(
                    money, f"the {name} of a limit is in its currency {self.currency}", "write a limit for each currency"
                )

    @property
    def amount(self) -> Money | None:
        """The most of a single grant."""
        return None if self._amount is None else self._amount.money

    @property
    def budgets(self) -> tuple[tuple[str, Budget], ...]:
        """The windows by whose they are: customer, agent, team."""
        named = (("customer", self.customer), ("agent", self.agent), ("team", self.team))
        return tuple([(name, budget) for name, budget in named if budget is not None])


def _once(values: Sequence[object], what: str) -> None:
    for value in values:
        if values.count(value) > 1:
            raise DuplicateIdError(str(value), f"{what} is there once", "leave one of the two out")


def _limits(values: Iterable[Limit]) -> tuple[Limit, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class AuthorityMatrix:
    """Who may grant how much alone: one limit per role, kind and currency.

    Args:
        code: A stable name.
        version: 1, 2, 3 and so on.
        roles: The roles, the one with the least authority first.
        limits: The limits; what has none may not be granted by that role.

    Raises:
        DuplicateIdError: A role or a limit is there twice.
        UnknownReferenceError: A limit names a role that is not there.

    Example:
        >>> matrix = AuthorityMatrix("acme", 1, ["agent"], [Limit(role="agent", kind=GrantKind.CREDIT, currency="EUR")])
        >>> matrix.limit("agent", GrantKind.CREDIT, "EUR").approvers
        ()
    """

    code: str
    version: int
    roles: tuple[str, ...] = attrs.field(converter=_roles)
    limits: tuple[Limit, ...] = attrs.field(converter=_limits)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a matrix")
        _once(self.roles, "a role")
        _once([(limit.role, limit.kind, limit.currency) for limit in self.limits], "a limit")
        for limit in self.limits:
            for role in (limit.role, *limit.approvers):
                if role not in self.roles:
                    raise UnknownReferenceError(role, "a limit names roles of its matrix", "add the role")

    @property
    def id(self) -> str:
        """Code and version."""
        return f"{self.code}@{self.version}"

    def limit(self, role: str, kind: GrantKind, currency: str) -> Limit | None:
        """Return what a role may grant; None where it may grant nothing of the kind in the currency."""
        for limit in self.limits:
            if limit.role == role and limit.kind is kind and limit.currency == currency:
                return limit
        return None

    def rank(self, role: str) -> int:
        """Return the place of a role, from 0 for the one with the least authority; -1 where it is not one of these."""
        return self.roles.index(role) if role in self.roles else -1
