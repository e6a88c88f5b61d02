"""Grants: what was promised to one account, frozen when it was decided."""

from datetime import date
from operator import attrgetter
from typing import Any

import attrs

from billing_domain.discounts.benefits import Percent
from billing_domain.discounts.protocols import Benefit, is_benefit
from billing_domain.discounts.scope import Scope
from billing_domain.discounts.terms import NO_CAPS, Basis, Caps, Exclusive, Surplus
from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError, InvalidPeriodError, InvalidTypeError
from billing_domain.ids import checked_id
from billing_domain.invoicing import LineFacts
from billing_domain.invoicing.allowances import AllowanceReason
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, not_negative
from billing_domain.periods import checked_day


@guarded
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
        lane: The lane in which it is stacked; after all lanes where it is not one of the rulebook's.
        priority: The higher, the earlier in its lane; ties go by code of the policy, then id.
        base: Which amount of a line it is worked out on.
        caps: The most it takes off a line, a document and a period; the total is the limit.
        surplus: What becomes of the part of a fixed amount that finds nothing to be taken from.
        exclusive: Whether it stands alone.
        once: Whether it is for one document only.
        end_notice: How many days before its end the customer is told; None where nobody is.

    Raises:
        InvalidPeriodError: The window ends before it starts.
        InvalidAmountError: The limit is negative.
        InvalidTypeError: The benefit does not fit its protocol.
        CurrencyMismatchError: Limit and caps are in two currencies.

    Example:
        >>> from datetime import date
        >>> from billing_domain.discounts import Percent, Scope
        >>> grant = Grant("G-1", "acme:loyalty@1", Percent(10), date(2026, 3, 1), date(2026, 6, 1), Scope.recurring(), "Loyalty")
        >>> grant.holds_on(date(2026, 5, 31)), grant.holds_on(date(2026, 6, 1))
        (True, False)
    """

    id: str
    policy: str
    benefit: Benefit
    start: date
    end: date | None = None
    scope: Scope = Scope()
    name: str = "Discount"
    reason: AllowanceReason = AllowanceReason.DISCOUNT
    _limit: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="limit")
    policy_hash: str = ""
    wording: str = ""
    lane: str = ""
    priority: int = 0
    base: Basis = Basis.RUNNING
    caps: Caps = NO_CAPS
    surplus: Surplus = Surplus.LOST
    exclusive: Exclusive = Exclusive.NO
    once: bool = False
    end_notice: int | None = None
    plain: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether it is a percentage that needs neither lanes nor caps."""
    uncapped: bool = attrs.field(init=False, eq=False, repr=False)
    """Whether neither caps nor a limit bound it."""
    order: tuple[int, str, str] = attrs.field(init=False, eq=False, repr=False)
    """What puts it before others: priority, code of the policy, then its version; ties go by id."""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a grant")
        if not is_benefit(self.benefit):
            raise InvalidTypeError(self.benefit, "a grant has a benefit", "give Percent(10), or an object with code and propose")
        checked_day(self.start, "the start of a grant")
        if self.end is not None and checked_day(self.end, "the end of a grant") <= self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "the window of a grant ends after it starts", "swap the days")
        if self._limit is None and self.caps.total is not None:
            object.__setattr__(self, "_limit", frozen_amount(self.caps.total))
        if self._limit is not None:
            not_negative(self._limit.amount, "the limit of a grant")
            if self.caps.currency not in {"", self._limit.currency}:
                raise CurrencyMismatchError(
                    self._limit.currency, f"the caps of the grant are in {self.caps.currency}", "write both in one currency"
                )
        bare = self.caps.figures() == (None,) * 4
        object.__setattr__(self, "uncapped", bare and self._limit is None)
        object.__setattr__(self, "plain", bare and _is_plain(self))
        object.__setattr__(self, "order", (-self.priority, self.policy.partition("@")[0], self.policy))

    @property
    def limit(self) -> Money | None:
        """The most it gives in all."""
        return None if self._limit is None else self._limit.money

    @property
    def limit_amount(self) -> Amount | None:
        """The most it gives in all, as a value."""
        return self._limit

    @property
    def terms(self) -> tuple[Any, ...]:
        """All that another promise of the same may share: everything but id, days and wording; `promised` makes one of it."""
        values: tuple[Any, ...] = _read_terms(self)
        return values

    def holds_on(self, day: date) -> bool:
        """Say whether it holds for a service that begins on the day."""
        return self.start <= day and (self.end is None or day < self.end)

    def holds_from_to(self, first: date, last: date) -> bool:
        """Say whether it holds for all services that begin on one of these days or between them."""
        return self.start <= first and (self.end is None or last < self.end)

    def covers(self, facts: LineFacts) -> bool:
        """Say whether it holds for a line with these facts."""
        day = facts.start
        return self.start <= day and (self.end is None or day < self.end) and self.scope.covers(facts)


def _is_plain(grant: Grant) -> bool:
    benefit = grant.benefit
    if type(benefit) is not Percent or benefit.of or grant.lane or grant.priority or grant.once:
        return False
    return grant.base is Basis.RUNNING and grant.exclusive is Exclusive.NO


_CHANGED = ("id", "start", "end", "wording")
_TERMS = tuple([field.name for field in attrs.fields(Grant) if field.name not in _CHANGED])
_read_terms = attrgetter(*_TERMS)
_WRITE: tuple[Any, ...] = tuple([getattr(Grant, name).__set__ for name in (*_TERMS, *_CHANGED)])
"""What sets each field of a new grant, past `__setattr__`, which refuses."""


def promised(terms: tuple[Any, ...], id: str, start: date, end: date | None, wording: str) -> Grant:  # noqa: A002  as the field is called
    """Return a grant of terms that were checked when a grant first had them, for an id and days that the caller has checked."""
    made = Grant.__new__(Grant)
    for write, value in zip(_WRITE, (*terms, id, start, end, wording), strict=True):
        write(made, value)
    return made
