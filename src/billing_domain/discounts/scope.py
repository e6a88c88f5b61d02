"""Which lines a discount may touch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money.amounts import ONE, exact


class ScopeKind(Enum):
    """Which charges a scope without names covers."""

    ALL = "all"
    RECURRING = "recurring"
    USAGE = "usage"
    ONE_OFF = "one-off"


_KINDS = {
    ScopeKind.ALL: tuple(ChargeKind),
    ScopeKind.RECURRING: (ChargeKind.RECURRING,),
    ScopeKind.USAGE: (ChargeKind.USAGE,),
    ScopeKind.ONE_OFF: (ChargeKind.ONE_OFF, ChargeKind.ORDER),
}


NOTHING_TAKEN: Mapping[int, int] = MappingProxyType({})
"""Nothing was taken from any line."""


def _names(values: Iterable[str]) -> frozenset[str]:
    if isinstance(values, str):
        raise InvalidTypeError(values, "a scope names codes in a list", f"write [{values!r}]")
    return frozenset(values)


@guarded
@attrs.frozen(cache_hash=True)
class Scope:
    """Which lines a discount may touch; every condition that is stated must hold.

    Args:
        kind: Sorts of charges.
        charges: Codes of charges; all where empty.
        subscriptions: Ids of subscriptions; all where empty.
        plans: Codes of plans; all where empty.

    Example:
        >>> Scope.recurring().kind.value
        'recurring'
    """

    kind: ScopeKind = ScopeKind.ALL
    charges: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    subscriptions: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    plans: frozenset[str] = attrs.field(converter=_names, default=frozenset())
    _kinds: tuple[ChargeKind, ...] = attrs.field(init=False, eq=False, repr=False)
    _nameless: bool = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_kinds", _KINDS[self.kind])
        object.__setattr__(self, "_nameless", not (self.charges or self.subscriptions or self.plans))

    @classmethod
    def recurring(cls) -> "Scope":
        """Return the scope of all recurring charges."""
        return cls(ScopeKind.RECURRING)

    def covers(self, facts: LineFacts) -> bool:
        """Say whether a line with these facts may be touched."""
        return facts.kind in self._kinds and (self._nameless or self._names(facts))

    def _names(self, facts: LineFacts) -> bool:
        return (
            (not self.charges or facts.charge in self.charges)
            and (not self.subscriptions or facts.subscription_id in self.subscriptions)
            and (not self.plans or facts.plan.partition("@")[0] in self.plans)
        )

    def places(self, lines: Iterable[LineFacts], start: date = date.min, end: date | None = None) -> list[int]:
        """Return the places of the lines that it covers, that cost something and that begin on a day from `start` and before `end`."""
        with exact():
            return self.units(lines, start, end)[0]

    def units(
        self, lines: Iterable[LineFacts], start: date, end: date | None, units: Decimal = ONE, left: Mapping[int, int] = NOTHING_TAKEN
    ) -> tuple[list[int], list[int]]:
        """Return the places of the lines that it covers, and what each costs in whole units; it works in `money.exact()`.

        Args:
            lines: The lines of a document.
            start: The first day on which a line that is covered may begin.
            end: The day before which it begins; None without end.
            units: How many units go into one.
            left: What is left of lines from which something was taken, by place.
        """
        kinds, nameless = self._kinds, self._nameless
        places: list[int] = []
        found: list[int] = []
        for place, line in enumerate(lines):
            begins, amount = line[4], line[11]
            if line[7] in kinds and amount and start <= begins and (end is None or begins < end) and (nameless or self._names(line)):
                places.append(place)
                found.append(left[place] if place in left else int(amount * units))
        return places, found


class Covered(NamedTuple):
    """The lines of one document that a scope covers and that cost something.

    Args:
        places: Their places.
        first: The earliest day on which one of them begins.
        last: The latest.
    """

    places: list[int]
    first: date
    last: date


class Coverage(dict[Scope, Covered]):
    """The lines of one document, looked through once for each scope, however many discounts share it.

    Example:
        >>> Coverage([])[Scope.recurring()].places
        []
    """

    def __init__(self, lines: Sequence[LineFacts]) -> None:
        super().__init__()
        self.lines = lines

    def __missing__(self, scope: Scope) -> Covered:
        places = scope.places(self.lines)
        days = [self.lines[place].start for place in places]
        found = self[scope] = Covered(places, min(days, default=date.min), max(days, default=date.min))
        return found
