"""What policies an account gets by itself on one document, and the grants that they become.

What does not depend on the policy alone is worked out once for the document: which lines a scope covers, what was granted before,
from when to when a duration holds. So a policy costs little more than its condition.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from billing_domain.conditions import CONTRACT_END, Condition, Facts, Finding, Outcome
from billing_domain.conditions.combinators import Combination
from billing_domain.conditions.facts import Comparison
from billing_domain.conditions.functions import FunctionCondition, asked, found_by
from billing_domain.discounts.choosing import Asked
from billing_domain.discounts.duration import ALWAYS, Duration, DurationKind
from billing_domain.discounts.model import Grant
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Given
from billing_domain.discounts.records import DiscountRecord, Stage
from billing_domain.discounts.scope import Coverage, Scope
from billing_domain.errors import RefusedError
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money.amounts import ZERO
from billing_domain.periods import Frequency, FrequencyUnit, Schedule, checked_instant
from billing_domain.periods.period import ONE_DAY

_MET = Outcome.MET
_UNMET = Outcome.UNMET
_OWN = (Comparison, Combination, FunctionCondition)
_WINDOW, _SCOPE, _GIVEN, _CONDITION = Stage.WINDOW, Stage.SCOPE, Stage.GIVEN, Stage.CONDITION
_NO_END = "no-contract-end"
_new = tuple.__new__


class Considered(NamedTuple):
    """What became of policies on one document.

    Args:
        grants: The grants that they make; a grant is one in name until it takes something off.
        refused: A record of each policy that makes none.
        findings: What the condition of each grant found, by its id; only where a trace was asked for.
    """

    grants: list[Grant]
    refused: list[DiscountRecord]
    findings: dict[str, Finding]


def granted(policies: Iterable[DiscountPolicy], document: Asked) -> tuple[list[Grant], list[DiscountRecord]]:
    """Return the grants that policies make on a document, and a record of each policy that makes none.

    Stages: window, scope, already given, condition, promise. A grant is one in name until it takes something off.

    Args:
        policies: The policies.
        document: The document.

    Raises:
        PluginError: A condition raised something else than the absence of a fact.
    """
    found = consider(policies, document)
    return found.grants, found.refused


def consider(policies: Iterable[DiscountPolicy], document: Asked) -> Considered:
    """Return what becomes of policies on a document.

    Args:
        policies: The policies.
        document: The document.

    Raises:
        PluginError: A condition raised something else than the absence of a fact.
    """
    found = Considered([], [], {})
    desk = _Desk(document, found.findings)
    for policy in policies:
        answer = desk.consider(policy)
        if isinstance(answer, Grant):
            found.grants.append(answer)
        else:
            found.refused.append(answer)
    return found


def decide(condition: Condition, facts: Facts) -> Outcome:
    """Return what a condition says, and refuse an answer that is none.

    Raises:
        PluginError: A condition written by others raised, or answered with something else than an outcome.
    """
    if isinstance(condition, _OWN):
        return condition.decide(facts)
    return asked(condition)(facts)


class _Desk:
    """One document, and what was worked out for it so far."""

    __slots__ = ("_before", "_coverage", "_document", "_findings", "_ids", "_promises")

    def __init__(self, document: Asked, findings: dict[str, Finding]) -> None:
        checked_instant(document.at, "the instant of a decision")
        self._document = document
        self._findings = findings
        self._coverage = Coverage(document.lines)
        self._promises: dict[tuple[Scope, Duration], tuple[date, date | None, str] | str] = {}
        self._ids = {grant.id for grant in document.grants}
        self._before = _before(document)

    def consider(self, policy: DiscountPolicy) -> Grant | DiscountRecord:
        """Return the grant that a policy makes, or the record of how far it came."""
        document = self._document
        if policy.window is not ALWAYS and not policy.window.holds(document.at):
            return _refused(policy, _WINDOW, "not-open")
        places = self._coverage[policy.scope].places
        if not places:
            return _refused(policy, _SCOPE, "no-line")
        if self._before and (earlier := self._earlier(policy, places)):
            return _refused(policy, _GIVEN, "given", earlier)
        condition, finding = policy.condition, None
        if condition is not None:
            outcome = decide(condition, document.facts)
            if document.traced:
                finding = found_by(condition, document.facts)
            if outcome is not _MET:
                return _unmet(policy, condition, outcome, document.facts, finding)
        return self._promised(policy, places, finding)

    def _earlier(self, policy: DiscountPolicy, places: Sequence[int]) -> tuple[str, ...]:
        """Return the grants because of which a policy is not granted again."""
        grants, seen = self._before.get(policy.code, _NOTHING)
        if not policy.repeatable:
            return tuple([grant.id for grant in grants]) or tuple(sorted(seen))
        covered, given = [self._document.lines[place] for place in places], self._document.given
        return tuple([grant.id for grant in grants if not _over(grant, covered, given)])

    def _promised(self, policy: DiscountPolicy, places: Sequence[int], finding: Finding | None) -> Grant | DiscountRecord:
        held = (policy.scope, policy.duration)
        days = self._promises.get(held)
        if days is None:
            days = self._promises[held] = self._days(policy, [self._document.lines[place] for place in places])
        if isinstance(days, str):
            missing = (CONTRACT_END.code,) if days == _NO_END else ()
            return _refused(policy, Stage.PROMISE, days)._replace(missing=missing)
        start, end, shown = days
        grant_id = f"{self._document.account_id}/{policy.id}/{shown}"
        if grant_id in self._ids:
            return _refused(policy, _GIVEN, "given", (grant_id,))
        if finding is not None:
            self._findings[grant_id] = finding
        return policy.promised(grant_id, start, end)

    def _days(self, policy: DiscountPolicy, covered: Sequence[LineFacts]) -> tuple[date, date | None, str] | str:
        """Return from when to when a promise holds, and its start as text; or why it cannot be made."""
        schedule = None
        start = min([line.start for line in covered])
        if policy.duration.kind is not DurationKind.ONCE:
            latest = max(covered, key=_recurring_first)
            schedule = schedule_of(latest)
            start = min([line.start for line in covered if line.slot == latest.slot])
        contract_end = self._document.facts.get(CONTRACT_END)
        try:
            return start, policy.ends(start, schedule, contract_end), start.isoformat()
        except RefusedError:
            return _NO_END if contract_end is None and policy.duration.day is None else "ended"


_NOTHING: tuple[list[Grant], list[str]] = ([], [])


def _before(document: Asked) -> dict[str, tuple[list[Grant], list[str]]]:
    """Return what an account was granted before, by policy: its grants, and ids that only shares on documents still name."""
    found: dict[str, tuple[list[Grant], list[str]]] = {}
    for grant in document.grants:
        found.setdefault(grant.order[1], ([], []))[0].append(grant)
    own = f"{document.account_id}/"
    for grant_id in document.seen:
        if grant_id.startswith(own):
            found.setdefault(grant_id[len(own) :].partition("@")[0], ([], []))[1].append(grant_id)
    return found


def _refused(policy: DiscountPolicy, stage: Stage, reason: str, by: tuple[str, ...] = ()) -> DiscountRecord:
    return _new(DiscountRecord, (policy.id, "", policy.lane, stage, ZERO, ZERO, (), reason, by, (), None))


def _unmet(policy: DiscountPolicy, condition: Condition, outcome: Outcome, facts: Facts, traced: Finding | None) -> DiscountRecord:
    if outcome is _UNMET:
        return _new(DiscountRecord, (policy.id, "", policy.lane, _CONDITION, ZERO, ZERO, (), "unmet", (), (), traced))
    missing = (traced or found_by(condition, facts)).missing
    return _new(DiscountRecord, (policy.id, "", policy.lane, _CONDITION, ZERO, ZERO, (), "unknown", (), missing, traced))


def _over(grant: Grant, covered: Sequence[LineFacts], given: Given) -> bool:
    """Say whether a grant has ended for the lines, or was for one document that had it."""
    if grant.once:
        return given.times(grant.id) > 0
    if grant.limit is not None and given.total(grant.id) >= grant.limit.amount:
        return True
    return not any([grant.holds_on(line.start) for line in covered])


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
