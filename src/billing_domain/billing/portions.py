"""A stream by portions; what it gave before it broke is not lost."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def portions(things: Iterable[T], size: int, most: int) -> Iterator[list[T]]:
    """Yield some things at a time; what a stream gave before it broke comes too, before its error.

    Args:
        things: A stream of them.
        size: How many the first portion has; each further one has twice as many as the one before it.
        most: The most that one has.
    """
    stream = iter(things)
    while True:
        some: list[T] = []
        try:
            for thing in islice(stream, size):
                some.append(thing)  # noqa: PERF402  what was taken is kept where the next one breaks
        except Exception:
            if some:
                yield some
            raise
        if not some:
            return
        yield some
        size = min(2 * size, most)
