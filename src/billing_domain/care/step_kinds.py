"""What the codes of the steps of a price say: the words and the drivers of a bill both read them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from billing_domain.catalog import Step
from billing_domain.money.amounts import CONTEXT, ONE

_FREE = frozenset({"included", "free"})
_RUNGS = frozenset({"included", "free", "tier", "units"})
_CLIPS = frozenset({"minimum", "maximum"})
_PREFIXES = frozenset({"tier", "level", "event"})


class StepKind(NamedTuple):
    """What the code of a step says.

    Args:
        kind: What it charges for, such as `tier`, `flat` or `minimum`; the whole code for a step of a plugin.
        number: The number of the tier or level; empty where it has none.
        cell: The values of a matrix that it belongs to, divided by a slash; empty where it belongs to none.
    """

    kind: str
    number: str = ""
    cell: str = ""

    def is_free(self, step: Step) -> bool:
        """Say whether a step counts what is included in another price."""
        return self.kind in _FREE or (self.kind == "tier" and not step.price)

    @property
    def is_rung(self) -> bool:
        """Whether it counts units at one price, one tier above the other."""
        return self.kind in _RUNGS

    @property
    def is_clip(self) -> bool:
        """Whether it brings an amount back to its minimum or maximum."""
        return self.kind in _CLIPS


def kind_of(code: str) -> StepKind:
    """Return what the code of a step says.

    Example:
        >>> kind_of("eu/tier-2-flat")
        StepKind(kind='flat', number='2', cell='eu')
    """
    cell, _, base = code.rpartition("/")
    first, *rest = base.split("-")
    if ":" in base or (rest and first not in _PREFIXES):
        return StepKind(code)
    number = rest[0] if rest and rest[0].isdigit() else ""
    kinds = [word for word in rest if word != number]
    return StepKind("-".join(kinds) or first, number, cell)


def together(steps: Iterable[Step]) -> list[Step]:
    """Return steps of one code and price as one, in order of appearance; of minimums and maximums the sum."""
    found: dict[tuple[str, Decimal | None], Step] = {}
    for step in steps:
        clip = kind_of(step.code).is_clip
        name = (step.code, None if clip else step.price)
        before = found.get(name)
        if before is None:
            found[name] = step
        elif clip:
            found[name] = Step(step.code, ONE, CONTEXT.add(before.amount, step.amount))
        else:
            found[name] = step._replace(quantity=CONTEXT.add(before.quantity, step.quantity))
    return list(found.values())
