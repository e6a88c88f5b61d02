"""Conditions made of conditions: all of them, any of them, not this one, at least so many.

What is not known stays open only as long as it matters: one part that is UNMET makes `all_of` UNMET whatever else is missing.
So the order of the parts never changes an outcome.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, Never, TypeGuard

import attrs

from billing_domain.conditions.deciding import Decider, all_decider, any_decider, at_least_decider, decider, not_decider, opposite
from billing_domain.conditions.facts import Comparison
from billing_domain.conditions.functions import FunctionCondition, asked, found_by
from billing_domain.conditions.model import Facts, Outcome
from billing_domain.conditions.protocols import Condition, Finding
from billing_domain.conditions.tracing import Row, findings_of
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.whole import checked_whole

_MET = Outcome.MET
_UNMET = Outcome.UNMET
_UNKNOWN = Outcome.UNKNOWN
_new = tuple.__new__


class Join(StrEnum):
    """How parts are joined, in the words that plain data uses."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    AT_LEAST = "at_least"


_NOT = Join.NOT


def is_condition(value: object) -> TypeGuard[Condition]:
    """Whether the value has a code, an outcome and a finding, as a condition has; a class is not a condition yet.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS
        >>> is_condition(TENURE_MONTHS >= 12), is_condition(TENURE_MONTHS)
        (True, False)
    """
    named = not isinstance(value, type) and isinstance(getattr(value, "code", None), str)
    return named and callable(getattr(value, "outcome", None)) and callable(getattr(value, "finding", None))


def _checked(parts: Iterable[Condition]) -> tuple[Condition, ...]:
    checked = tuple(parts)
    for part in checked:
        if not is_condition(part):
            raise InvalidTypeError(part, "a part is a condition", "compare a fact: `>=`, `.is_(...)`, `.one_of(...)`")
    if not checked:
        raise InvalidValueError("no parts", "a condition has at least one part", "give the conditions as arguments")
    return checked


def _decider(condition: Condition) -> Decider:
    own = isinstance(condition, Comparison | Combination | FunctionCondition)
    return condition.decide if own else asked(condition)  # type: ignore[attr-defined]


def _rows(parts: Sequence[Condition]) -> tuple[Row, ...]:
    rows = tuple([part.row for part in parts if isinstance(part, Comparison)])
    return rows if len(rows) == len(parts) else ()


def _joined(join: Join, number: int, parts: Sequence[Condition]) -> Decider:
    tests = tuple([part.test for part in parts if isinstance(part, Comparison)])
    others = tuple([_decider(part) for part in parts if not isinstance(part, Comparison)])
    match join:
        case Join.ALL:
            return all_decider(tests, others)
        case Join.ANY:
            return any_decider(tests, others)
        case Join.NOT:
            return not_decider(_decider(parts[0]))
        case _:
            return at_least_decider(number, (*map(decider, tests), *others))


def _all_findings(parts: Iterable[Condition], facts: Facts) -> tuple[list[Finding], int, int]:
    findings = [found_by(part, facts) for part in parts]
    outcomes = [finding.outcome for finding in findings]
    return findings, outcomes.count(_MET), outcomes.count(_UNMET)


def _missing(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(sorted(set(chain.from_iterable(finding.missing for finding in findings))))


@attrs.frozen(order=False)
class Combination:
    """Conditions joined into one; `all_of`, `any_of`, `not_` and `at_least` make it.

    Args:
        join: How the parts are joined.
        parts: The conditions, in the order in which they are asked; `not` has one.
        number: How many of them have to be MET, for `at_least` only.
    """

    join: Join
    parts: tuple[Condition, ...] = attrs.field(converter=_checked)
    number: int = 0
    needed: int = attrs.field(init=False, eq=False, repr=False)
    decide: Decider = attrs.field(init=False, eq=False, repr=False)
    rows: tuple[Row, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._check()
        needed = {Join.ALL: len(self.parts), Join.AT_LEAST: self.number}.get(self.join, 1)
        object.__setattr__(self, "needed", needed)
        object.__setattr__(self, "decide", _joined(self.join, needed, self.parts))
        object.__setattr__(self, "rows", _rows(self.parts))

    def _check(self) -> None:
        if self.join is Join.NOT and len(self.parts) != 1:
            raise InvalidValueError(len(self.parts), "not_ takes one condition", "join them with all_of or any_of first")
        if self.join is not Join.AT_LEAST:
            return
        checked_whole(self.number, "at_least starts with a whole number", "write at_least(2, first, second, third)")
        if not 1 <= self.number <= len(self.parts):
            raise InvalidValueError(
                self.number, f"at_least asks for 1 to {len(self.parts)} of {len(self.parts)} conditions", "lower the number"
            )

    @property
    def code(self) -> str:
        """How the parts are joined."""
        return self.join.value

    def outcome(self, facts: Facts) -> Outcome:
        """Return what the parts make together."""
        return self.decide(facts)

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with the findings of all parts, also of those that did not matter."""
        rows = self.rows
        findings, met, unmet = findings_of(rows, facts) if rows else _all_findings(self.parts, facts)
        outcome = _MET if met >= self.needed else _UNMET if unmet > len(findings) - self.needed else _UNKNOWN
        if self.join is _NOT:
            outcome = opposite(outcome)
        return _new(Finding, (outcome, self, (), _missing(findings) if outcome is _UNKNOWN else (), tuple(findings)))

    def __bool__(self) -> Never:
        raise InvalidTypeError(
            self.code, "a condition is neither true nor false before it sees facts", "join conditions with all_of or any_of"
        )

    def __reduce__(self) -> tuple[Callable[..., "Combination"], tuple[Any, ...]]:
        return Combination, (self.join, self.parts, self.number)


def all_of(*parts: Condition) -> Combination:
    """Return the condition that every one of these is met.

    Raises:
        InvalidTypeError: A part is not a condition.
        InvalidValueError: There is no part.

    Example:
        >>> from billing_domain.conditions import SEGMENT, TENURE_MONTHS, Facts
        >>> both = all_of(TENURE_MONTHS >= 12, SEGMENT.is_("student"))
        >>> both.outcome(Facts({TENURE_MONTHS: 3}))
        <Outcome.UNMET: 'unmet'>
        >>> both.finding(Facts({TENURE_MONTHS: 30})).missing
        ('segment',)
    """
    return Combination(Join.ALL, parts)


def any_of(*parts: Condition) -> Combination:
    """Return the condition that one of these is met.

    Example:
        >>> from billing_domain.conditions import SEGMENT, TENURE_MONTHS, Facts
        >>> any_of(TENURE_MONTHS >= 12, SEGMENT.is_("student")).outcome(Facts({TENURE_MONTHS: 30}))
        <Outcome.MET: 'met'>
    """
    return Combination(Join.ANY, parts)


def not_(part: Condition) -> Combination:
    """Return the condition that this one is UNMET; what is not known stays not known.

    Example:
        >>> from billing_domain.conditions import SEGMENT, Facts
        >>> not_(SEGMENT.is_("student")).outcome(Facts())
        <Outcome.UNKNOWN: 'unknown'>
    """
    return Combination(Join.NOT, (part,))


def at_least(number: int, /, *parts: Condition) -> Combination:
    """Return the condition that so many of these are met.

    Raises:
        InvalidValueError: The number is below one or above the number of conditions.

    Example:
        >>> from billing_domain.conditions import AUTOPAY, PAPERLESS, TENURE_MONTHS, Facts
        >>> two = at_least(2, TENURE_MONTHS >= 12, AUTOPAY.is_true(), PAPERLESS.is_true())
        >>> two.outcome(Facts({TENURE_MONTHS: 30, AUTOPAY: True}))
        <Outcome.MET: 'met'>
    """
    return Combination(Join.AT_LEAST, parts, number)
