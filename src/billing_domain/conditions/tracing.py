"""How comparisons explain themselves: all of them, one after the other, in one loop without short cuts."""

from collections.abc import Callable, Iterable
from typing import Any

from billing_domain.conditions.model import Facts, Outcome
from billing_domain.conditions.protocols import Condition, Finding

Row = tuple[Condition, str, str, str, Callable[[Any, Any], bool], Any]
"""A comparison, the code and key of its fact, and its test: the key compared, what holds, and the value wanted."""

_MET = Outcome.MET
_UNMET = Outcome.UNMET
_UNKNOWN = Outcome.UNKNOWN
_new = tuple.__new__


def findings_of(rows: Iterable[Row], facts: Facts) -> tuple[list[Finding], int, int]:
    """Return the finding of each comparison, how many are MET and how many UNMET; what was observed of money is read again."""
    findings: list[Finding] = []
    add, stored, met, unmet = findings.append, facts.stored, 0, 0
    for comparison, code, key, compared, holds, wanted in rows:
        value = stored(compared)
        if value is None:
            add(_new(Finding, (_UNKNOWN, comparison, ((code, stored(key)),), (code,), ())))
        elif holds(value, wanted):
            met += 1
            add(_new(Finding, (_MET, comparison, ((code, value if compared is key else stored(key)),), (), ())))
        else:
            unmet += 1
            add(_new(Finding, (_UNMET, comparison, ((code, value if compared is key else stored(key)),), (), ())))
    return findings, met, unmet
