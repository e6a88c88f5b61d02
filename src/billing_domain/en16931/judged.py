"""What a rule reads, and what it answers."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.en16931.model import Document
from billing_domain.en16931.rulesets import RuleSet
from billing_domain.money.amounts import CONTEXT


class Fault(NamedTuple):
    """What a rule found, before it is given the rule's name.

    Args:
        where: The place in the document.
        stated: What stands there.
        expected: What should stand there.
    """

    where: str
    stated: str
    expected: str


@attrs.frozen
class Violation:
    """One broken rule at one place.

    Args:
        rule: The official id.
        where: The place in the document.
        stated: What stands there; empty for nothing.
        expected: What the rule wants.

    Example:
        >>> print(Violation("BR-CO-10", "BT-106", "30.01", "30.00"))
        BR-CO-10 at BT-106: 30.01 is stated, 30.00 is right
    """

    rule: str
    where: str
    stated: str
    expected: str

    def __str__(self) -> str:
        return f"{self.rule} at {self.where}: {self.stated or 'nothing'} is stated, {self.expected} is right"


class Judged(NamedTuple):
    """A document with the rules that judge it.

    Args:
        document: The document.
        by: The rules.
        step: The smallest amount.
    """

    document: Document
    by: RuleSet
    step: Decimal

    def round(self, value: Decimal) -> Decimal:
        """Return the value in whole steps, half away from zero."""
        return value.quantize(self.step, context=CONTEXT)


Rule = Callable[[Judged], Iterator[Fault]]
"""Yields the faults of one document by one rule; nothing where it is kept."""


def differs(where: str, stated: Decimal | None, expected: Decimal, judged: Judged, *, within: Decimal) -> Iterator[Fault]:
    """Yield a fault where a stated amount is not the expected one, by more than a difference."""
    if stated is not None and CONTEXT.abs(CONTEXT.subtract(stated, expected)) > within:
        yield Fault(where, f"{stated:f}", f"{judged.round(expected):f}")


def missing(where: str, what: str) -> Fault:
    """Return the fault that something is not stated."""
    return Fault(where, "", what)
