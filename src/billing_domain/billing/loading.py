"""Accounts of which a batch knows the keys, and that are loaded where they are billed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import dropwhile
from typing import Generic, TypeVar

import attrs

from billing_domain.billing.portions import portions
from billing_domain.billing.result import Halted
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.doors import ChecksItself
from billing_domain.errors import InvalidTypeError, InvalidValueError, UnknownReferenceError
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
        InvalidValueError: `at_once` is below one, or, when they are read, `load` returned fewer or more than it was asked for.

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
        if isinstance(self.keys, str | bytes) or not isinstance(self.keys, Iterable):
            raise InvalidTypeError(self.keys, "keys are a list or another iterable", "write [...] around a single one")
        if not callable(self.load):
            raise InvalidTypeError(self.load, "load is a function from keys to snapshots", "give the function itself")
        checked_whole(self.at_once, "keys are loaded so many at once, one or more", "give 500 or so", least=1)

    def __iter__(self) -> Iterator[AccountSnapshot | Halted]:
        for some in portions(self.keys, self.at_once, self.at_once):
            yield from self._loaded(some)

    def _loaded(self, some: list[K]) -> Iterator[AccountSnapshot | Halted]:
        loaded: object = self.load(some)
        if not isinstance(loaded, Iterable):
            raise InvalidTypeError(loaded, "load returns the snapshots of a list of keys", "return a list, or yield them")
        count = 0
        for snapshot in loaded:
            if not isinstance(snapshot, AccountSnapshot | Halted):
                raise InvalidTypeError(snapshot, "load returns an AccountSnapshot for each key, or a Halted", "check what it returns")
            count += 1
            yield snapshot
        if count != len(some):
            shown = f"{count} for {len(some)} keys"
            raise InvalidValueError(shown, "load returns an AccountSnapshot for each key, or a Halted", "say of each key what became of it")

    def chunks(self, size: int) -> Iterator["Loading[K]"]:
        """Return the same accounts so many at a time; each chunk holds its keys in a list, so that it can be sent to a worker.

        Raises:
            InvalidValueError: The size is below one.
        """
        checked_whole(size, "accounts are taken so many at once, one or more", "give 500 or so", least=1)
        for some in portions(self.keys, size, size):
            yield attrs.evolve(self, keys=some)

    def since(self, key: K) -> "Loading[K]":
        """Return the accounts that follow a key.

        Raises:
            UnknownReferenceError: When the keys are looked through and it is not among them.
        """
        return attrs.evolve(self, keys=_after(self.keys, key))


def _after(keys: Iterable[K], key: K) -> Iterator[K]:
    rest = dropwhile(lambda each: each != key, keys)
    for _ in rest:
        yield from rest
        return
    raise UnknownReferenceError(
        key, "accounts that are loaded are taken up after one of their keys", "give a key, and the same keys in the same order"
    )
