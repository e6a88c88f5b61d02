"""Which policies of a rulebook an account gets by itself, and the grants that they become."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

import attrs

from billing_domain.conditions import CONTRACT_END, Condition, Fact, Facts, Outcome
from billing_domain.conditions.combinators import Combination
from billing_domain.conditions.facts import Comparison
from billing_domain.conditions.functions import FunctionCondition, asked, found_by
from billing_domain.discounts.duration import DurationKind
from billing_domain.discounts.lanes import Lane
from billing_domain.discounts.model import Grant
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Given
from billing_domain.discounts.records import DiscountRecord, Stage
from billing_domain.errors import DuplicateIdError, InvalidTypeError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money import Money
from billing_domain.money.amounts import ZERO
from billing_domain.periods import Frequency, FrequencyUnit, Schedule
from billing_domain.periods.period import ONE_DAY

DOCUMENT_TOTAL = Fact("document_total", Money, title="total of the document before discounts", titles={"lt": "dokumento suma be nuolaidų"})
"""What the lines of the document come to before any discount, as prices are stated: for a minimum spend."""


def _policies(values: Iterable[DiscountPolicy]) -> tuple[DiscountPolicy, ...]:
    listed = tuple(values)
    for value in listed:
        if not isinstance(value, DiscountPolicy):
            raise InvalidTypeError(value, "discounts are made of policies", "give DiscountPolicy(...)")
    return tuple(sorted(listed, key=lambda policy: (-policy.priority, policy.code, policy.version)))


def _lanes(values: Iterable[Lane]) -> tuple[Lane, ...]:
    return tuple(values)


@attrs.frozen
class Discounts:
    """The policies that a seller grants by themselves, and the lanes in which all discounts meet.

    Args:
        policies: The policies, in any order, one version of each; empty where discounts are granted by people alone.
        lanes: The lanes, in order; a policy without a lane comes after them.

    Raises:
        DuplicateIdError: A policy or a lane is there twice.
        UnknownReferenceError: A policy names a lane that is not there.

    Example:
        >>> from billing_domain.discounts import DiscountPolicy, Percent
        >>> spring = DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10), lane="campaign")
        >>> Discounts([spring], [Lane("campaign")]).policy("acme:spring").name
        'Spring offer'
    """

    policies: tuple[DiscountPolicy, ...] = attrs.field(converter=_policies, default=())
    lanes: tuple[Lane, ...] = attrs.field(converter=_lanes, default=())

    def __attrs_post_init__(self) -> None:
        lanes = [lane.code for lane in self.lanes]
        for codes, what in ((lanes, "a lane"), ([policy.code for policy in self.policies], "a policy")):
            for code in sorted(set(codes)):
                if codes.count(code) > 1:
                    raise DuplicateIdError(code, f"{what} is there once", "leave one of the two out")
        for policy in self.policies:
            if policy.lane and policy.lane not in lanes:
                raise UnknownReferenceError(policy.lane, f"policy {policy.id} stands in one of the lanes", "add the lane")

    def policy(self, code: str) -> DiscountPolicy:
        """Return the policy with this code.

        Raises:
            UnknownReferenceError: It is not here.
        """
        for policy in self.policies:
            if policy.code == code:
                return policy
        raise UnknownReferenceError(code, "the policy is one of these discounts", "check the code")

    def without(self, *codes: str) -> "Discounts":
        """Return the discounts without some policies, for example one whose budget is spent."""
        return Discounts([policy for policy in self.policies if policy.code not in codes], self.lanes)


NO_DISCOUNTS = Discounts()
"""Nothing is granted by itself."""


class Asked(NamedTuple):
    """One document of an account, for which policies are asked.

    Args:
        account_id: The account.
        at: The instant of the decision.
        lines: The lines that are billed for the first time.
        facts: What is known of the account.
        grants: What the account was granted before.
        given: What these gave.
        seen: The ids of all grants that earlier documents bear shares of, also of those that were not stored.
        traced: Whether the finding of each condition is wanted.
    """

    account_id: str
    at: datetime
    lines: Sequence[LineFacts]
    facts: Facts
    grants: Sequence[Grant]
    given: Given
    seen: frozenset[str] = frozenset()
    traced: bool = False


def granted(policies: Iterable[DiscountPolicy], document: Asked) -> tuple[list[Grant], list[DiscountRecord]]:
    """Return the grants that policies make on a document, and a record of each policy that makes none.

    Stages: already given, window, scope, condition, promise. A grant is one in name until it takes something off.

    Args:
        policies: The policies.
        document: The document.

    Raises:
        PluginError: A condition raised something else than the absence of a fact.
    """
    grants: list[Grant] = []
    refused: list[DiscountRecord] = []
    for policy in policies:
        found = _consider(policy, document)
        if isinstance(found, Grant):
            grants.append(found)
        else:
            refused.append(found)
    return grants, refused


def _consider(policy: DiscountPolicy, document: Asked) -> Grant | DiscountRecord:
    if not policy.window.holds(document.at):
        return _refused(policy, Stage.WINDOW, "not-open")
    covered = [line for line in document.lines if line.amount and policy.scope.covers(line)]
    if not covered:
        return _refused(policy, Stage.SCOPE, "no-line")
    if earlier := _earlier(policy, covered, document):
        return _refused(policy, Stage.GIVEN, "given", earlier)
    if policy.condition is not None:
        outcome = decide(policy.condition, document.facts)
        if outcome is not Outcome.MET:
            return _unmet(policy, policy.condition, outcome, document)
    return _promised(policy, covered, document)


def decide(condition: Condition, facts: Facts) -> Outcome:
    """Return what a condition says, and refuse an answer that is none.

    Raises:
        PluginError: A condition written by others raised, or answered with something else than an outcome.
    """
    if isinstance(condition, Comparison | Combination | FunctionCondition):
        return condition.outcome(facts)
    return asked(condition)(facts)


def _refused(policy: DiscountPolicy, stage: Stage, reason: str, by: tuple[str, ...] = ()) -> DiscountRecord:
    return DiscountRecord(policy.id, "", policy.lane, stage, ZERO, ZERO, (), reason, by)


def _unmet(policy: DiscountPolicy, condition: Condition, outcome: Outcome, document: Asked) -> DiscountRecord:
    if not document.traced and outcome is Outcome.UNMET:
        return _refused(policy, Stage.CONDITION, outcome.value)
    finding = found_by(condition, document.facts)
    shown = finding if document.traced else None
    return DiscountRecord(policy.id, "", policy.lane, Stage.CONDITION, ZERO, ZERO, (), outcome.value, (), finding.missing, shown)


def _earlier(policy: DiscountPolicy, covered: Sequence[LineFacts], document: Asked) -> tuple[str, ...]:
    """Return the grants because of which a policy is not granted again."""
    same = [grant for grant in document.grants if grant.policy.partition("@")[0] == policy.code]
    if policy.repeatable:
        return tuple([grant.id for grant in same if not _over(grant, covered, document.given)])
    if same or not document.seen:
        return tuple([grant.id for grant in same])
    own = f"{document.account_id}/{policy.code}@"
    return tuple(sorted([grant_id for grant_id in document.seen if grant_id.startswith(own)]))


def _over(grant: Grant, covered: Sequence[LineFacts], given: Given) -> bool:
    """Say whether a grant has ended for the lines, or was for one document that had it."""
    if grant.once:
        return given.times(grant.id) > 0
    if grant.limit is not None and given.total(grant.id) >= grant.limit.amount:
        return True
    return not any([grant.holds_on(line.start) for line in covered])


def _promised(policy: DiscountPolicy, covered: Sequence[LineFacts], document: Asked) -> Grant | DiscountRecord:
    if policy.duration.kind is DurationKind.ONCE:
        start, end = min([line.start for line in covered]), None
        schedule = None
    else:
        latest = max(covered, key=_recurring_first)
        start, end, schedule = latest.slot, None, schedule_of(latest)
        start = min([line.start for line in covered if line.slot == start])
    known = CONTRACT_END in document.facts
    contract_end = document.facts[CONTRACT_END] if known else None
    grant_id = f"{document.account_id}/{policy.id}/{start.isoformat()}"
    if any([grant.id == grant_id for grant in document.grants]):
        return _refused(policy, Stage.GIVEN, "given", (grant_id,))
    try:
        return policy.promise(id=grant_id, start=start, schedule=schedule, end=end, contract_end=contract_end)
    except RefusedError:
        return _refused(policy, Stage.PROMISE, "ended" if known or policy.duration.day else "no-contract-end")


_PERIODIC = (ChargeKind.RECURRING, ChargeKind.USAGE)


def _recurring_first(line: LineFacts) -> tuple[bool, date, date]:
    return (line.kind in _PERIODIC, line.slot, line.slot_end)


def schedule_of(line: LineFacts) -> Schedule:
    """Return the billing periods in which a line stands, read off its aligned period; months where it has none of its own.

    Example:
        >>> from decimal import Decimal
        >>> line = LineFacts("S-1", "base", date(2026, 2, 28), date(2026, 3, 31), date(2026, 2, 28), date(2026, 3, 31), "Fee",
        ...                  ChargeKind.RECURRING, "s@1", "", (), Decimal("9.90"))
        >>> schedule_of(line).boundary(3)
        datetime.date(2026, 5, 31)
    """
    start, end = line.slot, line.slot_end
    anchor = max(start.day, end.day)
    months = (end.year - start.year) * 12 + end.month - start.month
    if line.kind not in _PERIODIC:
        return Schedule(Frequency.monthly(), start)
    if months:
        monthly = Schedule(Frequency(FrequencyUnit.MONTH, months), start, anchor)
        if (monthly.boundary(0), monthly.boundary(1)) == (start, end):
            return monthly
    return Schedule(Frequency(FrequencyUnit.DAY, (end - start) // ONE_DAY), start)
