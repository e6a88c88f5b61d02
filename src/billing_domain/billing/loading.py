"""Accounts of which a batch knows the keys, and that are loaded where they are billed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile, islice
from typing import Generic, TypeVar

import attrs

from billing_domain.billing.result import Halted
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.doors import ChecksItself
from billing_domain.errors import InvalidTypeError, UnknownReferenceError
from billing_domain.whole import checked_whole

K = TypeVar("K")


@attrs.frozen
class Loading(ChecksItself, Generic[K]):
    """Accounts by their keys, for `bill_many`: with an executor the keys travel, and each worker loads its own accounts.

    It is an iterable of snapshots like any other. Moving a snapshot to another process costs as much as billing it; a key costs nothing.

    Args:
        keys: What the host knows accounts by, such as their ids; any iterable, taken as it comes.
        load: Returns the snapshots of a list of keys, in their order. An account that can not be loaded stands among them as a `Halted`.
            For a process pool it is a function at the top of a module.
        at_once: How many keys it is given at a time, one or more.

    Raises:
        InvalidTypeError: The keys are no iterable, or `load` can not be called, or, when they are read, it returned something else.
        InvalidValueError: `at_once` is below one.

    Example:
        >>> from billing_domain.testing import a_plan, a_snapshot, an_account
        >>> accounts = Loading(["A-1", "A-2", "A-3"], lambda names: [a_snapshot(a_plan(), account=an_account(name)) for name in names])
        >>> [snapshot.id for snapshot in accounts.since("A-1")]
        ['A-2', 'A-3']
    """

    keys: Iterable[K] = attrs.field(repr=False)
    load: Callable[[list[K]], Iterable[AccountSnapshot | Halted]]
    at_once: int = 500

    def __attrs_post_init__(self) -> None:
        if isinstance(self.keys, str) or not isinstance(self.keys, Iterable):
            raise InvalidTypeError(self.keys, "keys are a list or another iterable", "write [...] around a single one")
        if not callable(self.load):
            raise InvalidTypeError(self.load, "load is a function from keys to snapshots", "give the function itself")
        checked_whole(self.at_once, "keys are loaded so many at once, one or more", "give 500 or so", least=1)

    def __iter__(self) -> Iterator[AccountSnapshot | Halted]:
        for some in self._in_lists(self.at_once):
            for loaded in self.load(some):
                if not isinstance(loaded, AccountSnapshot | Halted):
                    raise InvalidTypeError(loaded, "load returns an AccountSnapshot for each key, or a Halted", "check what it returns")
                yield loaded

    def chunks(self, size: int) -> Iterator["Loading[K]"]:
        """Return the same accounts so many at a time; each chunk holds its keys in a list, so that it can be sent to a worker."""
        for some in self._in_lists(size):
            yield attrs.evolve(self, keys=some)

    def since(self, key: K) -> "Loading[K]":
        """Return the accounts that follow a key.

        Raises:
            UnknownReferenceError: When the keys are looked through and it is not among them.
        """
        return attrs.evolve(self, keys=_after(self.keys, key))

    def _in_lists(self, size: int) -> Iterator[list[K]]:
        keys = iter(self.keys)
        while some := list(islice(keys, size)):
            yield some


def _after(keys: Iterable[K], key: K) -> Iterator[K]:
    rest = dropwhile(lambda each: each != key, keys)
    for _ in rest:
        yield from rest
        return
    raise UnknownReferenceError(key, "a batch is taken up after one of its accounts", "give the same keys in the same order")
