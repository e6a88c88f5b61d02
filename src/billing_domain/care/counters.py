"""Counters of failures: what makes a wait, what ends a factor, and what locks an account.

Attempts are played in the order of time, so that what was tried while a wait or a lock ran never counts as passed.
Instants are kept in UTC, so that a wait is as long where clocks change.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from billing_domain.care.factors import FactorKind
from billing_domain.care.identity import VerificationPolicy
from billing_domain.care.secrets import Attempt
from billing_domain.instants import utc

DAY = timedelta(hours=24)
_LONGEST_DOUBLING = 30  # beyond it any wait is the longest

Key = tuple[FactorKind, str]
"""A factor, and who tried it: a representative does not reset the counter of the holder."""


class Stop(NamedTuple):
    """Nobody may try now.

    Args:
        until: When the next try is possible; None for not before the customer is reached on a contact on file.
        call_back: Whether reaching the customer so helps before then.
    """

    until: datetime | None
    call_back: bool


class Counters:
    """What the attempts on one account come to."""

    __slots__ = ("_policy", "failures", "in_a_row", "passed", "rows")

    def __init__(self, policy: VerificationPolicy) -> None:
        self._policy = policy
        self.failures: list[datetime] = []
        self.in_a_row = 0
        self.rows: dict[Key, list[datetime]] = {}
        self.passed: list[Attempt] = []

    def play(self, attempts: Iterable[Attempt], releases: Callable[[Attempt], bool]) -> "Counters":
        """Take up attempts; of several at one instant the wrong ones come first."""
        for tried in sorted(attempts, key=lambda tried: (utc(tried.at), tried.passed)):
            if not tried.passed:
                self._fail(tried)
            elif releases(tried):
                self._release(tried)
            elif self.stop(tried.at) is None and self.over(_key(tried), tried.at) is None:
                self._pass(tried)
        return self

    def _fail(self, tried: Attempt) -> None:
        at = utc(tried.at)
        self.failures.append(at)
        self.rows.setdefault(_key(tried), []).append(at)
        self.in_a_row += 1

    def _pass(self, tried: Attempt) -> None:
        self.rows.pop(_key(tried), None)
        self.in_a_row = 0
        self.passed.append(tried)

    def _release(self, tried: Attempt) -> None:
        self.failures.clear()
        self.rows.clear()
        self._pass(tried)

    def stop(self, at: datetime) -> Stop | None:
        """Return what keeps everybody from trying anything: a lock of the account, or a wait that doubles with each failure."""
        recent = _recent(self.failures, at)
        if self.in_a_row >= self._policy.most_failures:
            return Stop(None, call_back=True)
        if len(recent) >= self._policy.account_failures:
            return Stop(recent[-self._policy.account_failures] + DAY, call_back=True)
        row = max((len(_recent(times, at)) for times in self.rows.values()), default=0)
        if not row:
            return None
        free = recent[-1] + min(self._policy.longest_delay, self._policy.first_delay * 2 ** min(row - 1, _LONGEST_DOUBLING))
        return Stop(free, call_back=False) if at < free else None

    def over(self, key: Key, at: datetime) -> Stop | None:
        """Return until when a factor is over, because it failed too often in a row."""
        row = _recent(self.rows.get(key, ()), at)
        if len(row) < self._policy.factor_failures:
            return None
        until = row[-1] + self._policy.longest_delay
        return Stop(until, call_back=True) if at < until else None

    def counting(self, at: datetime) -> list[Attempt]:
        """Return what was passed with factors that are not over."""
        return [tried for tried in self.passed if self.over(_key(tried), at) is None]

    def any_over(self, at: datetime) -> Stop | None:
        """Return the longest time for which a factor is over."""
        return max((found for key in self.rows if (found := self.over(key, at)) is not None), default=None)


def _key(tried: Attempt) -> Key:
    return (tried.factor, tried.holder)


def _recent(times: Iterable[datetime], at: datetime) -> list[datetime]:
    return [time for time in times if at - time < DAY]
