"""Reservations on budgets that many people use at once: judged and stored in one step, by compare-and-set.

A library cannot lock. So a host says whether the records are still those that a request was judged with, and it is judged again if not.
"""

from collections.abc import Callable
from typing import Protocol

from billing_domain.discounts.requests import Granted, GrantRecord, GrantRequest, Judgement
from billing_domain.doors import door
from billing_domain.errors import RefusedError


class GrantStore(Protocol):
    """**Protocol:** where a host keeps records of grants; `reserve` calls it, and it must survive any number of callers at once."""

    def read(self, request: GrantRequest) -> tuple[GrantRecord, ...]:
        """Return the records that the windows of a request reach back to: of its account, its agent and the agent's team."""
        ...

    def add(self, record: GrantRecord, *, seen: tuple[GrantRecord, ...]) -> bool:
        """Store a record if `read` would still return what was seen, in one step; say whether it did."""
        ...


@door
def reserve(
    store: GrantStore, request: GrantRequest, decide: Callable[[tuple[GrantRecord, ...]], Judgement], *, attempts: int = 100
) -> Judgement:
    """Judge a request and store the reservation that it gets, again and again until nobody else was faster.

    Args:
        store: The host's store.
        request: What is asked for.
        decide: Judges it by the records of the moment: `judge`, or `approve` for what waited for approval.
        attempts: How often to try.

    Returns:
        The answer; a reservation is stored where it is `Granted`, and nothing where it is not.

    Raises:
        RefusedError: Somebody else was faster each time.
    """
    for _ in range(attempts):
        seen = store.read(request)
        answer = decide(seen)
        if not isinstance(answer, Granted) or store.add(answer.record, seen=seen):
            return answer
    raise RefusedError(request.id, f"a reservation is stored within {attempts} attempts", "try again when fewer do at once")
