"""Discount policies: what a company offers, never edited; a change makes the next version."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from billing_domain.conditions import Condition, is_condition
from billing_domain.discounts.benefits import FreePeriods
from billing_domain.discounts.dumping import content_hash
from billing_domain.discounts.duration import ALWAYS, Duration, DurationKind, Window
from billing_domain.discounts.model import Grant, promised
from billing_domain.discounts.protocols import Benefit, is_benefit
from billing_domain.discounts.scope import Scope
from billing_domain.discounts.terms import NO_CAPS, Basis, Caps, Exclusive, Surplus
from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError, InvalidValueError, RefusedError
from billing_domain.ids import checked_id
from billing_domain.invoicing.allowances import AllowanceReason
from billing_domain.money import Amount, Money, frozen_amount_or_none, not_negative
from billing_domain.periods import Schedule, checked_day
from billing_domain.whole import checked_whole


def _titles(value: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(dict(value).items()))


@guarded
@attrs.frozen(kw_only=True)
class DiscountPolicy:
    """A discount that a company offers: when, to whom, what, how long, how much at most, and beside which others.

    In a rulebook it is granted by itself when its window is open and its condition is MET; on a call an agent grants it.

    Args:
        code: A stable name, with a namespace; it is stored.
        version: 1, 2, 3 and so on; what is granted under a version never changes.
        name: What documents call it.
        benefit: What it takes off.
        lane: The lane in which it is stacked.
        reason: Why, for the document (UNCL5189).
        window: When it may be granted.
        scope: Which lines it may touch.
        condition: To whom; None for everybody. UNKNOWN never grants.
        duration: How long a grant holds; with `FreePeriods` as many periods as are free.
        caps: The most it takes off.
        surplus: What becomes of the part of a fixed amount that finds nothing to be taken from.
        base: Which amount of a line it is worked out on.
        priority: The higher, the earlier; ties go by code.
        exclusive: Whether it stands alone.
        repeatable: Whether an account may have it again once an earlier grant of it has ended.
        wording: What is promised, in words; empty for none.
        end_notice: How many days before its end the customer is told; None where nobody is.
        budget: The most that all its grants may give together; the host holds claims against it. None without limit.
        uses: How many grants there may be over all accounts; None without limit.
        names: The name in other languages, by language code.

    Raises:
        InvalidTypeError: A part is of another kind.
        InvalidValueError: The version is below one, or free periods meet another duration.

    Example:
        >>> from billing_domain.discounts import Percent
        >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10))
        >>> spring.id, len(spring.content_hash)
        ('acme:spring@1', 16)
    """

    code: str
    version: int
    name: str
    benefit: Benefit
    lane: str = ""
    reason: AllowanceReason = AllowanceReason.DISCOUNT
    window: Window = ALWAYS
    scope: Scope = Scope()
    condition: Condition | None = None
    duration: Duration = Duration()
    caps: Caps = NO_CAPS
    surplus: Surplus = Surplus.LOST
    base: Basis = Basis.RUNNING
    priority: int = 0
    exclusive: Exclusive = Exclusive.NO
    repeatable: bool = False
    wording: str = ""
    end_notice: int | None = None
    _budget: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="budget")
    uses: int | None = None
    names: tuple[tuple[str, str], ...] = attrs.field(converter=_titles, default=())
    id: str = attrs.field(init=False, eq=False, repr=False)
    content_hash: str = attrs.field(init=False, eq=False, repr=False)
    _terms: tuple[Any, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a policy")
        if "@" in self.code:
            raise InvalidValueError(self.code, "the code of a policy has no @", 'write "acme:spring" and version=1')
        _check_numbers(self)
        _check_parts(self)
        if isinstance(self.benefit, FreePeriods):
            _fit_duration(self, self.benefit)
        object.__setattr__(self, "id", f"{self.code}@{self.version}")
        object.__setattr__(self, "content_hash", content_hash(self))
        object.__setattr__(self, "_terms", _grant_of(self).terms)

    @property
    def budget(self) -> Money | None:
        """The most that all its grants may give together."""
        return None if self._budget is None else self._budget.money

    @property
    def limited(self) -> bool:
        """Whether grants of it are claimed against a budget or a number of uses."""
        return self._budget is not None or self.uses is not None

    def promise(
        self,
        *,
        id: str,  # noqa: A002  the public name
        start: date,
        schedule: Schedule | None = None,
        end: date | None = None,
        contract_end: date | None = None,
        wording: str = "",
    ) -> Grant:
        """Return the grant that this policy makes: the promise to one account, which no later version changes.

        Args:
            id: The host's id of the grant.
            start: The first service day.
            schedule: The billing periods that a duration counts in.
            end: The first service day it no longer holds for, where that is worked out already.
            contract_end: The first day after the contract.
            wording: What was said, where not the policy's own words.

        Raises:
            InvalidTypeError: The duration counts periods and no schedule is given.
            RefusedError: It holds for a contract whose end is not known, or ends before it starts.

        Example:
            >>> from billing_domain.discounts import Percent
            >>> until = Duration.until(date(2026, 6, 1))
            >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10), duration=until)
            >>> spring.promise(id="G-1", start=date(2026, 3, 1)).end
            datetime.date(2026, 6, 1)
        """
        checked_id(id, "a grant")
        return self.promised(id, start, self.ends(checked_day(start, "the start of a grant"), schedule, contract_end, end), wording)

    def promised(self, id: str, start: date, end: date | None, wording: str = "") -> Grant:  # noqa: A002  as in promise
        """Return the grant for days that `ends` has told."""
        return promised(self._terms, id, start, end, wording or self.wording)

    def ends(self, start: date, schedule: Schedule | None = None, contract_end: date | None = None, end: date | None = None) -> date | None:
        """Return the first service day that a grant no longer holds for; None without end.

        Args:
            start: The first service day.
            schedule: The billing periods that a duration counts in.
            contract_end: The first day after the contract.
            end: The day, where it is worked out already.

        Raises:
            InvalidTypeError: The duration counts periods and no schedule is given.
            RefusedError: It holds for a contract whose end is not known, or ends before it starts.
        """
        last = self._end(start, schedule, contract_end) if end is None else checked_day(end, "the end of a grant")
        if last is not None and last <= start:
            raise RefusedError(f"{start} to {last}", f"what {self.id} promises has ended before that day", "offer something else")
        return last

    def _end(self, start: date, schedule: Schedule | None, contract_end: date | None) -> date | None:
        kind = self.duration.kind
        if kind is DurationKind.PERIODS:
            if schedule is None:
                raise InvalidTypeError(schedule, f"{self.id} counts periods", "give the schedule of the subscription")
            return self.duration.end(start, schedule)
        if kind is DurationKind.CONTRACT and contract_end is None:
            raise RefusedError(self.id, "it holds for the contract, whose end is not known", "give the end of the contract")
        return contract_end if kind is DurationKind.CONTRACT else self.duration.day


def _grant_of(policy: DiscountPolicy) -> Grant:
    """Return a grant of the policy to nobody, which each promise repeats; so terms that no grant can have are refused at once."""
    once = policy.duration.kind is DurationKind.ONCE
    carried = policy.surplus is Surplus.CARRIED
    total = policy.caps.total
    if total is None and once and carried:
        total = getattr(policy.benefit, "amount", None)
    return Grant(
        policy.id, policy.id, policy.benefit, date.min, None, policy.scope, policy.name, policy.reason, total, policy.content_hash,
        policy.wording, policy.lane, policy.priority, policy.base, policy.caps, policy.surplus, policy.exclusive, once and not carried,
        policy.end_notice,
    )  # fmt: skip


def _check_numbers(policy: DiscountPolicy) -> None:
    for value, what in (
        (policy.version, "the version"),
        (policy.priority, "the priority"),
        (policy.end_notice, "an end notice"),
        (policy.uses, "uses"),
    ):
        if value is not None:
            checked_whole(value, f"{what} of a policy is a whole number", "give an int")
    if policy.version < 1:
        raise InvalidValueError(policy.version, "versions count from 1", "give 1 or more")
    if policy.end_notice is not None and policy.end_notice < 0:
        raise InvalidValueError(policy.end_notice, "an end notice comes so many days before the end", "give zero or more")
    if policy.uses is not None and policy.uses < 1:
        raise InvalidValueError(policy.uses, "a policy may be used once or more", "give None for no limit")
    if policy.budget is not None:
        not_negative(policy.budget.amount, "a budget")


def _check_parts(policy: DiscountPolicy) -> None:
    if not is_benefit(policy.benefit):
        raise InvalidTypeError(policy.benefit, "a policy has a benefit", "give Percent(10), or an object with code and propose")
    if policy.condition is not None and not is_condition(policy.condition):
        raise InvalidTypeError(
            policy.condition, "a policy has a condition or None", "compare a fact, or decorate a function with @condition"
        )
    for name, kind in (("window", Window), ("scope", Scope), ("duration", Duration), ("caps", Caps), ("reason", AllowanceReason)):
        if not isinstance(getattr(policy, name), kind):
            raise InvalidTypeError(getattr(policy, name), f"the {name} of a policy is a {kind.__name__}", f"give a {kind.__name__}")
    for name, choices in (("base", Basis), ("surplus", Surplus), ("exclusive", Exclusive)):
        if not isinstance(getattr(policy, name), choices):
            raise InvalidTypeError(getattr(policy, name), f"{name} of a policy is one of {choices.__name__}", f"give a {choices.__name__}")


def _fit_duration(policy: DiscountPolicy, benefit: FreePeriods) -> None:
    wanted = Duration.periods(benefit.periods)
    if policy.duration not in (Duration(), wanted):
        raise InvalidValueError(policy.duration, "free periods tell the duration themselves", "leave the duration out")
    object.__setattr__(policy, "duration", wanted)
