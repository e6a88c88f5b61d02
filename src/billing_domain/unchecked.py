"""A quick way to make a frozen thing of values that are sound already, at a third of the cost."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import attrs

P = ParamSpec("P")
T = TypeVar("T")


def unchecked(kind: Callable[P, T]) -> Callable[P, T]:
    """Return what makes the same things as a frozen class, but converts and checks nothing: a tuple must be given as a tuple.

    What the class does after it is made is left out too, and fields that it makes itself have their defaults.

    A frozen class must get past its own guard for each field that it sets. What is made here begins as an open twin,
    whose fields are simply set, and then becomes a frozen thing of the class: nobody ever sees the twin.

    Args:
        kind: A class made by `attrs.frozen`; a field without a default must be given.

    Example:
        >>> @attrs.frozen
        ... class Pair:
        ...     left: int
        ...     right: int = attrs.field(converter=int, default=0)
        >>> unchecked(Pair)(1, 2) == Pair(1, "2"), type(unchecked(Pair)(1)) is Pair
        (True, True)
    """
    frozen = cast("type[Any]", kind)

    def close(self: Any) -> None:
        self.__class__ = frozen

    fields = {field.name: attrs.field(default=field.default) for field in attrs.fields(frozen)}
    opened = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__, "__attrs_post_init__": close}
    twin = attrs.make_class(
        frozen.__name__, fields, bases=(frozen,), class_body=opened, slots=True, weakref_slot=False, eq=False, repr=False
    )
    return cast("Callable[P, T]", twin)
