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


def findings_of(rows: Iterable[Row], facts: Facts) -> list[Finding]:
    """Return the finding of each comparison; a test of money has a key of its own, so what was observed is read again."""
    findings: list[Finding] = []
    add = findings.append
    stored = facts.stored
    for comparison, code, key, compared, holds, wanted in rows:
        value = stored(compared)
        if value is None:
            add(Finding(_UNKNOWN, comparison, ((code, stored(key)),), (code,)))
            continue
        outcome = _MET if holds(value, wanted) else _UNMET
        seen = value if compared is key else stored(key)
        add(_new(Finding, (outcome, comparison, ((code, seen),), (), ())))
    return findings
