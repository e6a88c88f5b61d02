"""Grants: what was promised to one account, frozen when it was decided."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar

import attrs

from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money import Amount, Money, Number, frozen_amount_or_none, not_negative
from billing_domain.money.amounts import HUNDRED
from billing_domain.periods import checked_day


@attrs.frozen
class AllowanceReason:
    """Why an allowance is given, as a code of UNCL5189 with its text (`EN 16931` BT-139, BT-140).

    Args:
        code: The code, such as `95`.
        text: What documents say.

    Example:
        >>> AllowanceReason.DISCOUNT.code
        '95'
    """

    code: str
    text: str

    DISCOUNT: ClassVar["AllowanceReason"]
    SPECIAL_AGREEMENT: ClassVar["AllowanceReason"]
    SPECIAL_REBATE: ClassVar["AllowanceReason"]
    FIXED_LONG_TERM: ClassVar["AllowanceReason"]
    TEMPORARY: ClassVar["AllowanceReason"]
    STANDARD: ClassVar["AllowanceReason"]
    YEARLY_TURNOVER: ClassVar["AllowanceReason"]

    def __attrs_post_init__(self) -> None:
        if not self.code and not self.text:
            raise InvalidValueError("", "an allowance has a reason (BR-33, BR-42)", "give a code of UNCL5189 or a text")


AllowanceReason.DISCOUNT = AllowanceReason("95", "Discount")
AllowanceReason.SPECIAL_AGREEMENT = AllowanceReason("64", "Special agreement")
AllowanceReason.SPECIAL_REBATE = AllowanceReason("100", "Special rebate")
AllowanceReason.FIXED_LONG_TERM = AllowanceReason("102", "Fixed long term")
AllowanceReason.TEMPORARY = AllowanceReason("103", "Temporary")
AllowanceReason.STANDARD = AllowanceReason("104", "Standard")
AllowanceReason.YEARLY_TURNOVER = AllowanceReason("105", "Yearly turnover")


def _percent(value: Number) -> Decimal:
    return not_negative(value, "a percentage")


@attrs.frozen
class Percent:
    """So many percent of what it applies to.

    Args:
        percent: Above 0, at most 100.

    Raises:
        InvalidAmountError: The percentage is not above 0 and at most 100.

    Example:
        >>> Percent("10").percent
        Decimal('10')
    """

    code = "percent"
    percent: Decimal = attrs.field(converter=_percent)

    def __attrs_post_init__(self) -> None:
        if not 0 < self.percent <= HUNDRED:
            raise InvalidAmountError(self.percent, "a discount is above 0 and at most 100 percent", "give the percentage, such as 10")


class ScopeKind(Enum):
    """Which charges a scope without names covers."""

    ALL = "all"
    RECURRING = "recurring"
    USAGE = "usage"
    ONE_OFF = "one-off"


_KINDS = {
    ScopeKind.ALL: tuple(ChargeKind),
    ScopeKind.RECURRING: (ChargeKind.RECURRING,),
    ScopeKind.USAGE: (ChargeKind.USAGE,),
    ScopeKind.ONE_OFF: (ChargeKind.ONE_OFF, ChargeKind.ORDER),
}


def _names(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "a scope names codes in a list", f"write [{values!r}]")
    return frozenset(values)


@attrs.frozen
class Scope:
    """Which lines a discount may touch; every condition that is stated must hold.

    Args:
        kind: Sorts of charges.
        charges: Codes of charges; all where empty.
        subscriptions: Ids of subscriptions; all where empty.
        plans: Codes of plans; all where empty.

    Example:
        >>> Scope.recurring().kind.value
        'recurring'
    """

    kind: ScopeKind = ScopeKind.ALL
    charges: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    subscriptions: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    plans: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    _kinds: tuple[ChargeKind, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_kinds", _KINDS[self.kind])

    @classmethod
    def recurring(cls) -> "Scope":
        """Return the scope of all recurring charges."""
        return cls(ScopeKind.RECURRING)

    def covers(self, facts: LineFacts) -> bool:
        """Say whether a line with these facts may be touched."""
        return (
            facts.kind in self._kinds
            and (not self.charges or facts.charge in self.charges)
            and (not self.subscriptions or facts.subscription_id in self.subscriptions)
            and (not self.plans or facts.plan.partition("@")[0] in self.plans)
        )


@attrs.frozen
class Grant:
    """A frozen decision: this account has this discount on these service dates.

    Args:
        id: The host's id.
        policy: Code and version of the policy that gave it, such as `acme:loyalty@1`.
        benefit: What it gives.
        start: The first service day it holds for.
        end: The first service day it no longer holds for; None without end.
        scope: Which lines it may touch.
        name: What documents call it.
        reason: Why, for the document.
        limit: The most it gives in all, before tax as prices are stated; None without limit.
        policy_hash: The content hash of the policy, so that its trace can be told to be the same.
        wording: What was promised, in the words that were used.

    Raises:
        InvalidPeriodError: The window ends before it starts.
        InvalidAmountError: The limit is negative.

    Example:
        >>> from datetime import date
        >>> grant = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 3, 1), date(2026, 6, 1), Scope.recurring(), "Loyalty")
        >>> grant.holds_on(date(2026, 5, 31)), grant.holds_on(date(2026, 6, 1))
        (True, False)
    """

    id: str
    policy: str
    benefit: Percent
    start: date
    end: date | None = None
    scope: Scope = Scope()
    name: str = "Discount"
    reason: AllowanceReason = AllowanceReason("95", "Discount")
    _limit: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="limit")
    policy_hash: str = ""
    wording: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a grant")
        checked_day(self.start, "the start of a grant")
        if self.end is not None and checked_day(self.end, "the end of a grant") <= self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "the window of a grant ends after it starts", "swap the days")
        if self._limit is not None:
            not_negative(self._limit.amount, "the limit of a grant")

    @property
    def limit(self) -> Money | None:
        """The most it gives in all."""
        return None if self._limit is None else self._limit.money

    def holds_on(self, day: date) -> bool:
        """Say whether it holds for a service that begins on the day."""
        return self.start <= day and (self.end is None or day < self.end)
