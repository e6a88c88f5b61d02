"""Lanes, in which discounts compete or add up, one lane after the other."""

from collections.abc import Callable, Sequence
from enum import Enum

import attrs

from billing_domain.discounts.protocols import Bid, Stacking
from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError
from billing_domain.ids import checked_id


def _order(bid: Bid) -> tuple[int, str, str, str]:
    """Return what a bid is sorted by: the code before its version, since `acme:a@1` comes before `acme:a1@1`."""
    return (-bid.priority, bid.policy.partition("@")[0], bid.policy, bid.id)


def _apart(bids: Sequence[Bid]) -> list[Bid]:
    """Keep each bid that touches no line of one kept before it."""
    kept: list[Bid] = []
    taken: set[int] = set()
    for bid in bids:
        if bid.amount > 0 and taken.isdisjoint(bid.lines):
            kept.append(bid)
            taken |= bid.lines
    return kept


def _greatest(bids: Sequence[Bid]) -> list[Bid]:
    return _apart(sorted(bids, key=lambda bid: (-bid.amount, *_order(bid))))


def _least(bids: Sequence[Bid]) -> list[Bid]:
    return _apart(sorted(bids, key=lambda bid: (bid.amount, *_order(bid))))


def _first(bids: Sequence[Bid]) -> list[Bid]:
    return _apart(sorted(bids, key=_order))


def _every(bids: Sequence[Bid]) -> list[Bid]:
    return sorted(bids, key=_order)


class Stack(Enum):
    """How the discounts of one lane go together; ties are broken by priority, then code of the policy, then id.

    Each case shows a line of 100.00 with 10 % (priority 1) and 20.00 off.
    """

    BEST_OF = "best-of"
    """The one that takes off most, among those that touch the same lines: 80.00."""
    FIRST = "first"
    """The one that comes first by priority: 90.00."""
    SEQUENTIAL = "sequential"
    """One after the other, each on what is left: 100.00, 90.00, 70.00."""
    ADDITIVE = "additive"
    """All on what the lane began with, added up: 100.00 less 10.00 and 20.00 is 70.00; 10 % and 5 % are 15 %."""
    LOWEST = "lowest"
    """The one that takes off least: 90.00."""

    @property
    def code(self) -> str:
        """Its name in plain data."""
        return self.value

    @property
    def running(self) -> bool:
        """Whether each works on what the ones before it left."""
        return self is Stack.SEQUENTIAL

    def choose(self, bids: Sequence[Bid]) -> Sequence[Bid]:
        """Return the bids that apply, in order."""
        return _CHOICES[self](bids)


_CHOICES: dict[Stack, Callable[[Sequence[Bid]], list[Bid]]] = {
    Stack.BEST_OF: _greatest,
    Stack.FIRST: _first,
    Stack.SEQUENTIAL: _every,
    Stack.ADDITIVE: _every,
    Stack.LOWEST: _least,
}


@guarded
@attrs.frozen
class Lane:
    """A step in which some discounts meet; lanes follow each other, each on what the ones before it left.

    Args:
        code: Its name.
        stack: How its discounts go together; a `Stack`, or a strategy of the host's own.

    Example:
        >>> Lane("campaign", Stack.BEST_OF).stack.running
        False
    """

    code: str
    stack: Stacking = Stack.SEQUENTIAL

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a lane")
        if isinstance(self.stack, type) or not isinstance(self.stack, Stacking):
            raise InvalidTypeError(
                self.stack, "a lane has a way of stacking", "give one of Stack, or an object with code, running and choose"
            )
