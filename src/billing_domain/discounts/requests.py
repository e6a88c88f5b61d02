"""What is asked for and what is answered when somebody grants something: request, record, granted, needs approval, refused."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import NoReturn
from zoneinfo import ZoneInfo

import attrs

from billing_domain.accounts import IdentityLevel
from billing_domain.discounts.authority import Agent, AuthorityMatrix, GrantKind, GrantReason
from billing_domain.discounts.authority_phrases import rule_text
from billing_domain.discounts.benefits import Percent
from billing_domain.discounts.model import Grant
from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidTypeError, InvalidValueError, NoSuchResultError, RefusedError
from billing_domain.ids import checked_id
from billing_domain.instants import utc
from billing_domain.money import Amount, Money, Number, frozen_amount, not_negative, to_decimal
from billing_domain.money.amounts import CONTEXT
from billing_domain.periods import checked_instant
from billing_domain.whole import checked_whole


def _percent(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a percentage")


def _evidence(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "evidence stands in a list", f"write [{values!r}]")
    return tuple(values)


@guarded
@attrs.frozen(kw_only=True)
class GrantRequest:
    """Something that an agent wants to grant.

    Args:
        id: The host's id of the grant.
        agent: Who wants to.
        account_id: To whom.
        kind: What sort of thing.
        reason: Why.
        value: What it gives in all: a recurring discount over all its periods.
        percent: The percentage, where it is one; that of the promise where left out.
        periods: For how many billing periods; 1 for once.
        at: When.
        identity: How sure one is of who is calling.
        evidence: What shows why, such as ticket numbers.
        grant: The promise itself; None where something else than a discount on lines is granted.
        zone: The account's zone, in which days are told; that of `at` where None.
        expires: The first instant at which nobody may approve it any more; None without end.

    Raises:
        InvalidAmountError: The value or the percentage is negative.
        NaiveInstantError: The instant has no zone.
        InvalidValueError: The percentage is another than that of the promise.
        InvalidPeriodError: It expires before it is made.
    """

    id: str
    agent: Agent
    account_id: str
    kind: GrantKind
    reason: GrantReason
    _value: Amount = attrs.field(converter=frozen_amount, alias="value")
    percent: Decimal | None = attrs.field(converter=_percent, default=None)
    periods: int = 1
    at: datetime
    identity: IdentityLevel = IdentityLevel.ANONYMOUS
    evidence: tuple[str, ...] = attrs.field(converter=_evidence, default=())
    grant: Grant | None = None
    zone: ZoneInfo | None = None
    expires: datetime | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a grant")
        checked_id(self.account_id, "an account")
        checked_instant(self.at, "the instant of a request")
        not_negative(self._value.amount, "the value of a grant")
        if self.expires is not None and utc(checked_instant(self.expires, "the end of a request")) <= utc(self.at):
            raise InvalidPeriodError(self.expires.isoformat(), "a request expires after it is made", "give a later instant, or none")
        for value, kind in ((self.agent, Agent), (self.kind, GrantKind), (self.reason, GrantReason)):
            if not isinstance(value, kind):
                raise InvalidTypeError(value, f"a request names its {kind.__name__}", f"give a {kind.__name__}")
        checked_whole(self.periods, "a grant is for a whole number of periods, one or more", "give 1 for once", least=1)
        if self.grant is not None and isinstance(self.grant.benefit, Percent):
            self._agree(self.grant.benefit.percent)

    def _agree(self, percent: Decimal) -> None:
        """Take the percentage of the promise, so that limits see what is promised and not what is said of it."""
        if self.percent not in {None, percent}:
            raise InvalidValueError(self.percent, f"the promise gives {percent:f} percent", "leave the percentage of the request out")
        object.__setattr__(self, "percent", percent)

    def day_of(self, instant: datetime) -> date:
        """Return the day of an instant as it is told to the customer."""
        return instant.astimezone(self.zone or self.at.tzinfo).date()

    @property
    def value(self) -> Money:
        """What it gives in all."""
        return self._value.money

    @property
    def value_amount(self) -> Decimal:
        """What it gives in all, exact."""
        return self._value.amount

    @property
    def currency(self) -> str:
        """The currency of the value."""
        return self._value.currency


def whole_value(per_period: Money, periods: int) -> Money:
    """Return what a recurring discount gives over all its periods, which is what limits are compared with.

    Example:
        >>> whole_value(Money("3.00", "EUR"), 6).amount
        Decimal('18.00')
    """
    return Money(CONTEXT.multiply(to_decimal(per_period.amount), Decimal(periods)), per_period.currency)


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "who approved stands in a list", f"write [{values!r}]")
    return tuple(values)


class RecordState(Enum):
    """Where a grant stands for budgets."""

    RESERVED = "reserved"
    """It was answered and is not stored yet; it counts until it expires."""
    COMMITTED = "committed"
    """It is stored."""
    RELEASED = "released"
    """It was given up or taken back before it gave anything."""


@guarded
@attrs.frozen
class GrantRecord:
    """A grant as budgets and cool-downs read it; the host stores it in one step with a check that no other was stored meanwhile.

    Args:
        id: The id of the grant.
        account_id: To whom.
        agent_id: By whom.
        team: The agent's team.
        kind: What sort of thing.
        reason: Why.
        value: What it gives in all.
        at: When.
        state: Where it stands.
        expires: When a reservation stops counting.
        approved_by: The ids of those who approved it; it uses the windows of these agents too.
    """

    id: str
    account_id: str
    agent_id: str
    team: str
    kind: GrantKind
    reason: GrantReason
    _value: Amount = attrs.field(converter=frozen_amount, alias="value")
    at: datetime
    state: RecordState = RecordState.COMMITTED
    expires: datetime | None = None
    approved_by: tuple[str, ...] = attrs.field(converter=_ids, default=())

    @property
    def value(self) -> Money:
        """What it gives in all."""
        return self._value.money

    @property
    def value_amount(self) -> Decimal:
        """What it gives in all, exact."""
        return self._value.amount

    @property
    def currency(self) -> str:
        """The currency of the value."""
        return self._value.currency

    def counts(self, at: datetime) -> bool:
        """Say whether it uses budgets at an instant."""
        if self.state is RecordState.RESERVED:
            return self.expires is None or utc(at) < utc(self.expires)
        return self.state is RecordState.COMMITTED

    def commit(self, *, at: datetime) -> "GrantRecord":
        """Return it as stored.

        Raises:
            RefusedError: The reservation has expired or was released; ask again.
        """
        if self.state is RecordState.COMMITTED:
            return self
        if not self.counts(at):
            raise RefusedError(self.id, "a reservation is stored before it expires or is released", "judge the request again")
        return attrs.evolve(self, state=RecordState.COMMITTED, expires=None)

    def release(self) -> "GrantRecord":
        """Return it as given up; it uses no budget."""
        return attrs.evolve(self, state=RecordState.RELEASED, expires=None)


@attrs.frozen
class FailedRule:
    """One rule that a request breaks, with what would keep it.

    Args:
        code: The rule.
        asked: What the request has, as text.
        allowed: What would keep the rule, as text; empty where nothing would.
        final: Whether nobody's approval helps.
    """

    code: str
    asked: str = ""
    allowed: str = ""
    final: bool = False

    @property
    def text(self) -> str:
        """The rule in English."""
        return self.say(locale="en")

    def say(self, *, locale: str) -> str:
        """Return the rule in words.

        Example:
            >>> FailedRule("single-amount", "40.00 EUR", "25.00 EUR").say(locale="lt_LT")
            'suma 40.00 EUR viršija leistiną 25.00 EUR'
        """
        return rule_text(self.code, self.asked, self.allowed, locale)


@attrs.frozen
class Nearest:
    """The nearest thing that would pass without anybody's approval.

    Args:
        value: What it would give in all.
        percent: The percentage.
        periods: For how many periods.
        at: From when on; None for at once.
    """

    _value: Amount = attrs.field(converter=frozen_amount, alias="value")
    percent: Decimal | None = None
    periods: int = 1
    at: datetime | None = None

    @property
    def value(self) -> Money:
        """What it would give in all."""
        return self._value.money


def _failed(values: Iterable[FailedRule]) -> tuple[FailedRule, ...]:
    return tuple(values)


def _agents(values: Iterable[Agent]) -> tuple[Agent, ...]:
    return tuple(values)


def _records(values: Iterable[GrantRecord]) -> tuple[GrantRecord, ...]:
    return tuple(values)


def _none_granted(answer: object, failed: Iterable[FailedRule], remedy: str) -> NoReturn:
    raise NoSuchResultError(answer, "; ".join(rule.text for rule in failed), remedy)


@attrs.frozen
class Granted:
    """It is granted.

    Args:
        request: What was asked for.
        record: The reservation that the host stores, and commits with the grant.
        matrix: Code and version of the limits that it was judged by.
        approved_by: Who approved it; empty where nobody had to.
    """

    request: GrantRequest
    record: GrantRecord
    matrix: str
    approved_by: tuple[Agent, ...] = attrs.field(converter=_agents, default=())

    @property
    def grant(self) -> Grant:
        """The promise, to be added to the snapshot.

        Raises:
            NoSuchResultError: Something else than a discount on lines was granted.
        """
        if self.request.grant is None:
            raise NoSuchResultError(self, "no discount on lines was asked for", "read .request and .record")
        return self.request.grant


@attrs.frozen
class NeedsApproval:
    """Somebody with more authority has to say yes, before the request expires; silence is no approval.

    Args:
        request: What was asked for.
        failed: Every rule that it breaks.
        roles: Who may approve it, in the order in which they are asked.
        needed: How many people have to approve it.
        nearest: What would pass without approval; None where nothing would.
        approved_by: Who has approved so far.
        matrix: The limits that it is judged by.
        granted: The records that it was judged with.
    """

    request: GrantRequest
    failed: tuple[FailedRule, ...] = attrs.field(converter=_failed)
    roles: tuple[str, ...]
    needed: int
    nearest: Nearest | None
    approved_by: tuple[Agent, ...] = attrs.field(converter=_agents)
    matrix: AuthorityMatrix = attrs.field(repr=False)
    granted: tuple[GrantRecord, ...] = attrs.field(converter=_records, default=(), repr=False)

    @property
    def expires(self) -> datetime | None:
        """The first instant at which nobody may approve it any more; None without end."""
        return self.request.expires

    @property
    def grant(self) -> Grant:
        """There is none yet.

        Raises:
            NoSuchResultError: Always, with the rules.
        """
        _none_granted(self, self.failed, f"let {' or '.join(self.roles)} approve it")


@attrs.frozen
class Refused:
    """It may not be granted, whoever approves it.

    Args:
        request: What was asked for.
        failed: Every rule that it breaks.
        nearest: What would pass; None where nothing would.
    """

    request: GrantRequest
    failed: tuple[FailedRule, ...] = attrs.field(converter=_failed)
    nearest: Nearest | None = None

    @property
    def grant(self) -> Grant:
        """There is none.

        Raises:
            NoSuchResultError: Always, with the rules.
        """
        _none_granted(self, self.failed, "offer the nearest thing that would pass, if there is one")


Judgement = Granted | NeedsApproval | Refused
"""What is answered to a request."""

RESERVED_FOR = timedelta(minutes=15)
"""How long a reservation counts if it is not stored."""
