"""How conditions decide fast: each is turned once into a function of the facts, without a trace.

A comparison is a test: a key, a function of two values, and the value wanted. Where conditions are joined, their comparisons are
tried first, in one loop; conditions written by others are asked only if the comparisons leave the answer open.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from billing_domain.conditions.kinds import Amount, Operator, Stored, money_key
from billing_domain.conditions.model import Facts, Outcome

Decider = Callable[[Facts], Outcome]

_MET = Outcome.MET
_UNMET = Outcome.UNMET
_UNKNOWN = Outcome.UNKNOWN


Test = tuple[str, Callable[[Any, Any], bool], Any]
"""One comparison, ready to run: a key, what holds, and the value wanted. A plain tuple unpacks faster than a named one."""


def _between(value: Any, ends: tuple[Any, Any]) -> bool:
    return bool(ends[0] <= value <= ends[1])


def _among(value: Stored, listed: frozenset[Stored]) -> bool:
    return value in listed


def _not_among(value: Stored, listed: frozenset[Stored]) -> bool:
    return value not in listed


def _lacks(value: tuple[str, ...], text: str) -> bool:
    return text not in value


_HOLDS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.IS: operator.eq,
    Operator.IS_NOT: operator.ne,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.BETWEEN: _between,
    Operator.ONE_OF: _among,
    Operator.NONE_OF: _not_among,
    Operator.CONTAINS: operator.contains,
    Operator.LACKS: _lacks,
}


def test_of(key: str, compared: Operator, operand: Stored) -> Test:
    """Return the comparison of the fact with this key, ready to run; money is compared in its currency only."""
    holds = _HOLDS[compared]
    if type(operand) is Amount:
        return (money_key(key, operand.currency), holds, operand.amount)
    if compared is Operator.BETWEEN and type(operand[0]) is Amount:
        return (money_key(key, operand[0].currency), holds, (operand[0].amount, operand[1].amount))
    if compared in {Operator.ONE_OF, Operator.NONE_OF}:
        return (key, holds, frozenset(operand))
    return (key, holds, operand)


def decider(test: Test) -> Decider:
    """Return the function that decides one comparison."""
    key, holds, wanted = test

    def decide(facts: Facts) -> Outcome:
        value = facts.stored(key)
        if value is None:
            return _UNKNOWN
        return _MET if holds(value, wanted) else _UNMET

    return decide


def all_decider(tests: Sequence[Test], others: Sequence[Decider]) -> Decider:
    """Return the function that is UNMET if one part is, else UNKNOWN if one part is, else MET."""

    def decide(facts: Facts) -> Outcome:
        outcome = _MET
        stored = facts.stored
        for key, holds, wanted in tests:
            value = stored(key)
            if value is None:
                outcome = _UNKNOWN
            elif not holds(value, wanted):
                return _UNMET
        for other in others:
            found = other(facts)
            if found is _UNMET:
                return found
            if found is _UNKNOWN:
                outcome = found
        return outcome

    return decide


def any_decider(tests: Sequence[Test], others: Sequence[Decider]) -> Decider:
    """Return the function that is MET if one part is, else UNKNOWN if one part is, else UNMET."""

    def decide(facts: Facts) -> Outcome:
        outcome = _UNMET
        stored = facts.stored
        for key, holds, wanted in tests:
            value = stored(key)
            if value is None:
                outcome = _UNKNOWN
            elif holds(value, wanted):
                return _MET
        for other in others:
            found = other(facts)
            if found is _MET:
                return found
            if found is _UNKNOWN:
                outcome = found
        return outcome

    return decide


def not_decider(part: Decider) -> Decider:
    """Return the function that turns MET and UNMET round and leaves UNKNOWN as it is."""

    def decide(facts: Facts) -> Outcome:
        return opposite(part(facts))

    return decide


def opposite(outcome: Outcome) -> Outcome:
    """Return the other of MET and UNMET; UNKNOWN stays UNKNOWN."""
    if outcome is _UNKNOWN:
        return outcome
    return _UNMET if outcome is _MET else _MET


def at_least_decider(number: int, parts: Sequence[Decider]) -> Decider:
    """Return the function that counts: MET once enough parts are, UNMET once too many are not."""
    spare = len(parts) - number

    def decide(facts: Facts) -> Outcome:
        met = unmet = 0
        for part in parts:
            found = part(facts)
            if found is _MET:
                met += 1
                if met == number:
                    return found
            elif found is _UNMET:
                unmet += 1
                if unmet > spare:
                    return found
        return _UNKNOWN

    return decide
