"""What is nearest: which single facts stand between an account and a condition, and by how much."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import attrs

from billing_domain.conditions.catalogue import CATALOGUE
from billing_domain.conditions.combinators import Combination, Join
from billing_domain.conditions.facts import Comparison
from billing_domain.conditions.kinds import Operator
from billing_domain.conditions.model import Outcome
from billing_domain.conditions.phrases import phrases
from billing_domain.conditions.protocols import Condition, Finding
from billing_domain.conditions.sentences import clause, shown, title_of
from billing_domain.doors import door
from billing_domain.money import Money, exact

_BY_CODE = {fact.code: fact for fact in CATALOGUE}

Distance = int | Decimal | Money | timedelta
"""How far a value is from the one wanted, never negative."""


@attrs.frozen
class Miss:
    """One condition that alone keeps the whole from being met.

    Args:
        finding: What it found.
        wanted: The outcome that would do: MET, or UNMET for what stands inside a `not_`.
        distance: How far the observed value is from the one that would do, where that can be measured.
    """

    finding: Finding
    wanted: Outcome
    distance: Distance | None

    @property
    def condition(self) -> Condition:
        """The condition that stands in the way."""
        return self.finding.condition

    @property
    def missing(self) -> tuple[str, ...]:
        """The codes of the facts that would have to be known to decide it."""
        return self.finding.missing

    def text(self, *, locale: str) -> str:
        """Return the miss in words, such as "tenure: 10 months, short by 2 months"."""
        return _text(self, locale)


@door
def nearest_misses(finding: Finding) -> tuple[Miss, ...]:
    """Return the conditions of which any single one, turned round, would make the whole MET.

    Args:
        finding: The finding of the whole condition, which is not MET.

    Returns:
        The misses in the order of the rule; none if it is MET, or if more than one thing stands in the way.

    Example:
        >>> from billing_domain.conditions import SEGMENT, TENURE_MONTHS, Facts, all_of
        >>> rule = all_of(TENURE_MONTHS >= 12, SEGMENT.is_("student"))
        >>> found = rule.finding(Facts({TENURE_MONTHS: 10, SEGMENT: "student"}))
        >>> [(miss.distance, miss.text(locale="en_GB")) for miss in nearest_misses(found)]
        [(2, 'tenure: 10 months, short by 2 months')]
    """
    return tuple(_levers(finding, Outcome.MET))


def _levers(finding: Finding, wanted: Outcome) -> Iterator[Miss]:
    if finding.outcome is wanted:
        return
    if not isinstance(finding.condition, Combination):
        yield Miss(finding, wanted, _distance(finding, wanted))
        return
    if finding.condition.join is Join.NOT:
        yield from _levers(finding.parts[0], _other(wanted))
        return
    needed = finding.condition.needed if wanted is Outcome.MET else len(finding.parts) - finding.condition.needed + 1
    if sum(part.outcome is wanted for part in finding.parts) == needed - 1:
        for part in finding.parts:
            yield from _levers(part, wanted)


def _other(outcome: Outcome) -> Outcome:
    return Outcome.UNMET if outcome is Outcome.MET else Outcome.MET


def _distance(finding: Finding, wanted: Outcome) -> Distance | None:
    condition = finding.condition
    if not isinstance(condition, Comparison) or finding.outcome is Outcome.UNKNOWN:
        return None
    observed = finding.observed[condition.fact.code]
    goal = _goal(condition, observed, wanted)
    return None if goal is None else _between(observed, goal)


def _goal(condition: Comparison, observed: Any, wanted: Outcome) -> Any:
    """Return the value to reach: an end of what is asked for, or the value to get past; None where nothing can be measured."""
    if condition.operator in {Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST}:
        return condition.wanted
    if condition.operator is Operator.BETWEEN and wanted is Outcome.MET:
        low, high = condition.wanted
        return low if observed < low else high
    return None


def _between(observed: Any, goal: Any) -> Distance:
    with exact():
        distance: Distance = max(observed, goal) - min(observed, goal)
    return distance


def _named(code: str, locale: str) -> str:
    return title_of(_BY_CODE[code], locale) if code in _BY_CODE else code


def _text(miss: Miss, locale: str) -> str:
    words, condition, finding = phrases(locale), miss.condition, miss.finding
    if not isinstance(condition, Comparison):
        missing = ", ".join(_named(code, locale) for code in finding.missing)
        how = "unmet" if miss.wanted is Outcome.MET else "met"
        return words["unknown"].format(fact=missing) if missing else words[how].format(title=title_of(condition, locale))
    fact, observed = title_of(condition.fact, locale), finding.observed[condition.fact.code]
    if observed is None:
        return words["unknown"].format(fact=fact)
    seen, rule = shown(condition.fact, observed, locale), clause(condition, locale)
    if finding.outcome is Outcome.UNKNOWN:
        return words["foreign"].format(fact=fact, observed=seen, rule=rule)
    if not miss.distance:
        negated = rule if miss.wanted is Outcome.MET else words["not"].format(part=rule)
        return words["miss"].format(fact=fact, observed=seen, rule=negated)
    side = "short" if observed < _goal(condition, observed, miss.wanted) else "over"
    return words[side].format(fact=fact, observed=seen, distance=shown(condition.fact, miss.distance, locale))
