"""Counting in one pass and constant memory: what a million rows say needs only a few numbers per arm."""

from collections.abc import Hashable, Iterable, Mapping

import attrs

from billing_domain.errors import InvalidTypeError, UnknownReferenceError
from billing_domain.retention.stats.means import Moments


@attrs.frozen
class Tally:
    """How many of an arm were kept, and the moments of what they were worth.

    Args:
        kept: How many were kept.
        size: How many there were.
        worth: The moments of their worth, such as revenue less cost.
    """

    kept: int
    size: int
    worth: Moments

    def __add__(self, other: "Tally") -> "Tally":
        """Return both tallies together, as when each worker counted its own rows."""
        return Tally(self.kept + other.kept, self.size + other.size, self.worth + other.worth)


@attrs.frozen
class Tallies:
    """The tally of every arm that occurred.

    Args:
        arms: The tally by arm.
    """

    arms: Mapping[Hashable, Tally]

    def __getitem__(self, arm: Hashable) -> Tally:
        """Return the tally of an arm.

        Raises:
            UnknownReferenceError: No row names this arm.
        """
        try:
            return self.arms[arm]
        except KeyError:
            raise UnknownReferenceError(arm, f"no row names this arm; there are {sorted(map(str, self.arms))}", "check its code") from None


def tally(rows: Iterable[tuple[Hashable, bool, float]]) -> Tallies:
    """Return the tallies of a stream of (arm, kept, worth), reading each row once and keeping none.

    Args:
        rows: The arm, whether the unit was kept, and what it was worth.

    Raises:
        InvalidTypeError: Whether a unit was kept is not a boolean.

    Example:
        >>> from billing_domain.retention.stats.counting import tally
        >>> found = tally([("offer", True, 20.0), ("offer", False, 0.0), ("hold-out", False, 0.0)])
        >>> found["offer"].kept, found["offer"].worth.mean
        (1, 10.0)
    """
    sums: dict[Hashable, list[float]] = {}
    for arm, kept, worth in rows:
        if kept is not True and kept is not False:
            raise InvalidTypeError(kept, "whether a unit was kept is a boolean", "give True or False")
        found = sums.get(arm)
        if found is None:
            found = sums[arm] = [0, 0, 0.0, 0.0]
        found[0] += kept
        found[1] += 1
        gap = worth - found[2]
        found[2] += gap / found[1]
        found[3] += gap * (worth - found[2])
    return Tallies(
        {arm: Tally(int(kept), int(size), Moments(int(size), mean, squares)) for arm, (kept, size, mean, squares) in sums.items()}
    )
