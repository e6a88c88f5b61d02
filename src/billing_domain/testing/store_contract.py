"""Contract of the store of claims: a compare-and-set that holds against many callers at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import ClassVar

from billing_domain.discounts import BudgetClaim, Claimed, ClaimStore, commit
from billing_domain.errors import ExceedsLimitError
from billing_domain.money import Money

CALLERS = 8
POLICY = "kit:limited"


class ThreadedClaims:
    """A store in memory, for tests: what is stored is replaced under a lock, and only if nobody else was faster.

    Args:
        claimed: What is stored at the beginning.

    Example:
        >>> store = ThreadedClaims(Claimed("acme:spring", Money("10.00", "EUR")))
        >>> commit(store, BudgetClaim("acme:spring", "G-1", "N-1", "7.00", "EUR")).left.amount
        Decimal('3.00')
    """

    def __init__(self, *claimed: Claimed) -> None:
        self._lock = threading.Lock()
        self._kept = {each.policy: each for each in claimed}

    def read(self, policy: str) -> Claimed:
        """Return all claims on a policy."""
        with self._lock:
            return self._kept[policy]

    def replace(self, before: Claimed, after: Claimed) -> bool:
        """Store what is after if what is stored still is what was before."""
        with self._lock:
            if self._kept[before.policy] != before:
                return False
            self._kept[before.policy] = after
            return True


class ClaimStoreContract:
    """What a store of claims promises: what was replaced is read, what is stale replaces nothing, and no claim is lost among many callers.

    Attributes:
        store: Makes a store that holds what it is given, for one test.

    Example:
        >>> class TestClaims(ClaimStoreContract):
        ...     store = ThreadedClaims
        >>> TestClaims().test_a_budget_holds_against_many_callers()
    """

    store: ClassVar[Callable[[Claimed], ClaimStore]]

    def made(self, claimed: Claimed) -> ClaimStore:
        """Return a store for one test."""
        return type(self).store(claimed)

    def test_it_reads_what_it_was_given(self) -> None:
        """Nothing is lost on the way to the store and back: budget, uses and claims."""
        full = Claimed(POLICY, Money("10.00", "EUR"), 3, [_claim(1, "2.505")])
        assert self.made(full).read(POLICY) == full, "what is read equals what was stored"

    def test_it_replaces_what_still_is_so(self) -> None:
        """Who read last may write."""
        store = self.made(_limited("10.00"))
        after = _limited("10.00").take(_claim(1, "2.00"))
        assert store.replace(store.read(POLICY), after) is True, "say True where it was stored"
        assert store.read(POLICY) == after, "what is read is what was stored last"

    def test_it_refuses_what_is_stale(self) -> None:
        """Who read before somebody else wrote may not write."""
        store = self.made(_limited("10.00"))
        stale = store.read(POLICY)
        first = stale.take(_claim(1, "2.00"))
        store.replace(stale, first)
        assert store.replace(stale, stale.take(_claim(2, "3.00"))) is False, "say False where somebody else was faster"
        assert store.read(POLICY) == first, "what is stale replaces nothing"

    def test_a_budget_holds_against_many_callers(self) -> None:
        """Of sixty callers at once with 1.00 each, exactly as many succeed as the budget holds."""
        store = self.made(_limited("25.00"))
        stored = _at_once([lambda number=number: _tried(store, _claim(number, "1.00")) for number in range(60)])  # type: ignore[misc]
        assert sum(stored) == 25, "no claim is lost, and none is above the budget"
        assert store.read(POLICY).left == Money("0.00", "EUR"), "what is left is the budget less what was claimed"

    def test_uses_hold_against_many_callers(self) -> None:
        """Of forty grants at once, exactly as many succeed as there are uses."""
        store = self.made(Claimed(POLICY, None, 10))
        stored = _at_once([lambda number=number: _tried(store, _claim(number, "1.00")) for number in range(40)])  # type: ignore[misc]
        assert (sum(stored), store.read(POLICY).used) == (10, 10), "no more grants claim than there are uses"

    def test_the_same_claim_is_one_claim(self) -> None:
        """Twenty callers with one claim make one claim; taking it back leaves nothing."""
        store = self.made(_limited("10.00"))
        _at_once([lambda: _tried(store, _claim(1, "4.00"))] * 20)
        assert store.read(POLICY).left == Money("6.00", "EUR"), "the same claim again is the same claim"
        commit(store, _claim(1, "4.00").released())
        assert store.read(POLICY) == _limited("10.00"), "a claim of zero takes it back"


def _limited(budget: str) -> Claimed:
    return Claimed(POLICY, Money(budget, "EUR"))


def _claim(number: int, amount: str) -> BudgetClaim:
    return BudgetClaim(POLICY, f"G-{number}", f"N-{number}", Decimal(amount), "EUR")


def _tried(store: ClaimStore, claim: BudgetClaim) -> bool:
    try:
        commit(store, claim, attempts=10_000)
    except ExceedsLimitError:
        return False
    return True


def _at_once(calls: list[Callable[[], bool]]) -> list[bool]:
    """Make calls in many threads that start together."""
    ready = threading.Barrier(CALLERS)

    def start() -> None:
        ready.wait()

    with ThreadPoolExecutor(CALLERS, initializer=start) as pool:
        return [done.result() for done in [pool.submit(call) for call in calls]]
