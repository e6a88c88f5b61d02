"""What is made without checks is the same thing as what is made with them."""

import copy
import pickle
import weakref

import attrs
import pytest

from billing_domain.unchecked import unchecked


def _doubled(value: int) -> int:
    return 2 * value


@attrs.frozen
class Pair:
    """A class with all that costs time: a converter, a default and a check."""

    left: int
    right: int = attrs.field(converter=_doubled, default=0)

    def __attrs_post_init__(self) -> None:
        if self.left < 0:
            raise ValueError(self.left)


make = unchecked(Pair)


def test_a_thing_made_without_checks_is_of_the_class_and_equal() -> None:
    """Class, equality, hash and text tell nothing of how a thing was made."""
    quick, slow = make(1, 6), Pair(1, 3)
    assert type(quick) is Pair
    assert (quick, hash(quick), repr(quick)) == (slow, hash(slow), repr(slow))
    assert make(left=1) == Pair(1)


def test_nothing_is_converted_and_nothing_checked() -> None:
    """That is what makes it quick; so it takes only what is known to be sound."""
    assert attrs.astuple(make(-1, 3)) == (-1, 3)


def test_a_thing_made_without_checks_is_frozen() -> None:
    """Its fields are neither set nor deleted, and there is no place for others."""
    quick = make(1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        quick.left = 2  # type: ignore[misc]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del quick.left  # type: ignore[misc]
    assert not hasattr(quick, "__dict__")


def test_a_thing_made_without_checks_is_copied_pickled_and_referred_to() -> None:
    """It goes wherever others go."""
    quick = make(1, 6)
    assert copy.deepcopy(quick) == pickle.loads(pickle.dumps(quick)) == attrs.evolve(quick, right=3) == weakref.ref(quick)() == quick
