"""What every public door asks of what comes in: the kind that its signature names.

A type checker sees a plan where an account is needed; whoever has no checker, or gets values from elsewhere, is told at the door,
before anything is worked out.
Numbers have rules beyond their kind (finite, exact, signed), so the checks of those rules speak for them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, wraps
from inspect import Parameter, get_annotations, signature
from itertools import repeat, zip_longest
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from billing_domain.errors import BillingError, InvalidTypeError, NaiveInstantError

T = TypeVar("T", bound=Callable[..., Any])


Fits = Callable[[Any], bool]


class ChecksItself:
    """An iterable that checks what it gives, so that a door hands it on as it is."""

    __slots__ = ()


class Kind(NamedTuple):
    """What an argument may be.

    Args:
        shown: Its name with an article, such as `a Plan`.
        give: What to give, where a name says more than the kind does.
        fits: Whether a value is of it.
        each: What each thing in it must be, where it is a collection.
        at_once: Classes whose values are of it without a further look.
    """

    shown: str
    give: str
    fits: Fits
    each: "Kind | None" = None
    at_once: frozenset[type] = frozenset()

    def takes(self, value: Any) -> bool:
        """Say whether a value is of it, with all that is in it; what can be read only once is not read for that."""
        if not self.fits(value) or self.each is None or not isinstance(value, Collection):
            return self.fits(value)
        return all(map(self.each.takes, value))

    def check(self, value: Any, what: str) -> Any:
        """Return the value, or refuse it, as every naive instant; what can be read only once is checked while it is read."""
        if type(value) in self.at_once:
            return value
        if not self.fits(value):
            raise InvalidTypeError(value, f"{what} is {self.shown}", f"give {self.give}")
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise NaiveInstantError(value.isoformat(), f"{what} has a time zone", "add tzinfo=ZoneInfo(...) of the account")
        if self.each is None or not isinstance(value, Iterable):
            return value
        things: Iterable[Any] = value
        what = f"each of {what}"
        if not isinstance(value, Collection):
            return value if isinstance(value, ChecksItself) else map(self.each.check, things, repeat(what))
        for thing in things:
            self.each.check(thing, what)
        return value


def door(way: T) -> T:
    """Let a public function take nothing that its signature does not name; a decorator.

    Args:
        way: A function or method with type hints.

    Raises:
        InvalidTypeError: When it is called: an argument is of another kind; the argument and the function are named.

    Example:
        >>> @door
        ... def greet(name: str, *, times: int = 1) -> str:
        ...     return f"hello {name} " * times
        >>> greet(7)
        Traceback (most recent call last):
        billing_domain.errors.InvalidTypeError: 7: the name of greet is a text; give a str
    """

    @wraps(way)
    def entered(*args: Any, **kwargs: Any) -> Any:
        placed, named = _checked(way, args, kwargs)
        return way(*placed, **named)

    return cast("T", entered)


C = TypeVar("C", bound=type[Any])


def guarded(kind: C) -> C:
    """Let a class make nothing of what its fields do not name; a decorator, above `attrs.frozen`.

    What the class itself refuses, it says in its own words; this catches the rest.

    Raises:
        InvalidTypeError: When it is made: an argument is of another kind.

    Example:
        >>> import attrs
        >>> @guarded
        ... @attrs.frozen
        ... class Pair:
        ...     left: str
        ...     right: str
        >>> Pair("a", 1)
        Traceback (most recent call last):
        billing_domain.errors.InvalidTypeError: 1: the right of Pair is a text; give a str
    """
    make = kind.__init__

    @wraps(make)
    def entered(self: Any, *args: Any, **kwargs: Any) -> None:
        args, kwargs = tuple(map(_readable, args)), {name: _readable(value) for name, value in kwargs.items()}
        try:
            make(self, *args, **kwargs)
        except BillingError:
            raise
        except Exception:
            _checked(make, (self, *args), kwargs, kind.__name__)
            raise
        _checked(make, (self, *args), kwargs, kind.__name__)

    kind.__init__ = entered
    return kind


def _readable(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterator) else value


def _checked(way: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], name: str = "") -> tuple[list[Any], dict[str, Any]]:
    placed, named, rest = _asked(way)
    of = name or way.__name__
    checked = [_one(asked, value, of) for asked, value in zip_longest(placed[: len(args)], args, fillvalue=rest)]
    return checked, {key: _one(named.get(key), value, of) for key, value in kwargs.items()}


class _Asked(NamedTuple):
    placed: tuple[tuple[str, Kind] | None, ...]
    named: Mapping[str, tuple[str, Kind]]
    rest: tuple[str, Kind] | None


def _one(asked: tuple[str, Kind] | None, value: Any, of: str) -> Any:
    if asked is None or type(value) in asked[1].at_once:
        return value
    return asked[1].check(value, f"the {asked[0]} of {of}")


@cache
def _asked(way: Callable[..., Any]) -> _Asked:
    """Read the signature, once; the names in it are looked up when everything is imported."""
    hints = get_type_hints(way)
    kinds = {name: (name, kind) for name, hint in hints.items() if name != _SECRET and (kind := kind_of(hint)) is not None}
    parameters = signature(way, follow_wrapped=False).parameters.values()
    placed = tuple(kinds.get(one.name) for one in parameters if one.kind in _PLACED)
    rest = next((kinds.get(one.name) for one in parameters if one.kind is Parameter.VAR_POSITIONAL), None)
    return _Asked(placed, {one.name: kinds[one.name] for one in parameters if one.name in kinds and one.kind in _NAMED}, rest)


_SECRET = "secret"  # noqa: S105  the name of a parameter
"""The parameter that is never shown, not even in an error; functions that take one check it themselves."""
_PLACED = {Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD}
_NAMED = {Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY}


def checked_kind(value: Any, hint: Any, what: str) -> Any:
    """Return a value if it is what a type hint says; for a door with words of its own for the rest.

    Args:
        value: What came in.
        hint: A type hint.
        what: What it is, for the message.

    Raises:
        InvalidTypeError: It is of another kind.

    Example:
        >>> checked_kind("A-1", str, "the id of an account")
        'A-1'
    """
    kind = kind_of(hint)
    return value if kind is None else kind.check(value, what)


def kind_of(hint: Any) -> Kind | None:
    """Return what a type hint asks for; None where it asks for nothing, or where a rule of its own speaks for it.

    Example:
        >>> kind_of(str | None).shown
        'a text or None'
    """
    if hint in _ELSEWHERE or isinstance(hint, TypeVar):
        return None
    origin = get_origin(hint)
    if origin is Union or origin is UnionType:
        return _either(get_args(hint))
    if origin is not None:
        return _holding(origin, get_args(hint))
    return _class(hint) if isinstance(hint, type) else None


_ELSEWHERE = (Any, object, Decimal)


def _either(hints: tuple[Any, ...]) -> Kind | None:
    found = [kind for hint in hints if (kind := kind_of(hint)) is not None]
    if len(found) < len(hints):
        return None
    give = [kind.give for kind in found if kind.shown != "None"]
    at_once = frozenset().union(*(kind.at_once for kind in found))
    return Kind(_listed([kind.shown for kind in found]), _listed(give), _any_of(found), at_once=at_once)


def _listed(names: list[str]) -> str:
    if len(names) > _MOST:
        return " or ".join([", ".join(names[:_MOST]), "another of the kinds in the signature"])
    return " or ".join(dict.fromkeys(names))


_MOST = 4


def _holding(origin: Any, inside: tuple[Any, ...]) -> Kind | None:
    if not isinstance(origin, type):
        return None
    if issubclass(origin, Mapping):
        return Kind("a mapping", "a dict", _instances(Mapping))
    if origin is type:
        return Kind("a class", "the class itself", _instances(type))
    if not issubclass(origin, Iterable):
        return _class(origin)
    each = None if origin is tuple and inside[1:] != (...,) else kind_of(inside[0])
    shown = f"a collection, each {each.shown}" if each else "a collection"
    return Kind(shown, f"a list of them, each {each.give}" if each else "a list", _collections(origin), each)


def _instances(*kinds: type, but: type | tuple[type, ...] = ()) -> Fits:
    def fits(value: Any) -> bool:
        return isinstance(value, kinds) and not isinstance(value, but)

    return fits


def _collections(origin: type) -> Fits:
    asked = (Iterable,) if issubclass(origin, list | tuple | AbstractSet) else (origin,)
    return _instances(*asked, but=(str, bytes, Mapping))


def _any_of(kinds: list[Kind]) -> Fits:
    def fits(value: Any) -> bool:
        return any(kind.takes(value) for kind in kinds)

    return fits


def _having(names: frozenset[str]) -> Fits:
    def fits(value: Any) -> bool:
        return not isinstance(value, type) and all(_has(value, name) for name in names)

    return fits


def _class(hint: type) -> Kind | None:
    if getattr(hint, "_is_protocol", False):
        return _protocol(hint)
    shown = with_article(hint.__name__)
    give = _BETTER.get(hint.__name__) or _member(hint) or shown
    return _PLAIN.get(hint) or Kind(shown, give, _instances(hint), at_once=frozenset({hint}))


_PLAIN = {
    NoneType: Kind("None", "None", _instances(NoneType), at_once=frozenset({NoneType})),
    str: Kind("a text", "a str", _instances(str), at_once=frozenset({str})),
    int: Kind("a whole number", "an int", _instances(int, but=bool), at_once=frozenset({int})),
    float: Kind("a number", "a float", _instances(int, float, but=bool), at_once=frozenset({float, int})),
    date: Kind(
        "a day",
        "a datetime.date; local_day(instant, zone) makes one of an instant",
        _instances(date, but=datetime),
        at_once=frozenset({date}),
    ),
    datetime: Kind("an instant with a time zone", "a datetime with tzinfo", _instances(datetime)),
    bool: Kind("a truth value", "True or False", _instances(bool), at_once=frozenset({bool})),
    Callable: Kind("a function", "a function", callable),
}


def _member(hint: type) -> str:
    return f"one such as {next(iter(hint))}" if issubclass(hint, Enum) and len(hint) else ""


def _protocol(hint: type) -> Kind:
    names = frozenset(
        name
        for one in hint.__mro__
        if getattr(one, "_is_protocol", False)
        for name in {**one.__dict__, **get_annotations(one)}
        if not name.startswith("_")
    )
    usual = _USUAL.get(hint.__name__, "")
    shown = usual or with_article(hint.__name__)
    give = usual or f"an object with {', '.join(sorted(names))}"
    return Kind(shown, give, _having(names))


_USUAL: dict[str, str] = dict.fromkeys(("Documents", "Ledger", "Cases", "Closable"), "an AccountSnapshot")
"""What one nearly always gives where the signature names a protocol that it fits."""

_BETTER = {
    "AuthorityMatrix": "one such as presets.AUTHORITY",
    "DisputeRegime": 'one such as presets.regime("lt-consumer")',
    "Offer": "one of those that options(...) returns",
    "Rulebook": "Rulebook(seller=..., tax=...)",
    "VerificationPolicy": "one such as presets.IDENTITY",
    "VerifiedCaller": "the caller of verify(...)",
    "ZoneInfo": 'one such as ZoneInfo("Europe/Vilnius")',
}
"""Where things come from, when that is not their class."""


def _has(value: Any, name: str) -> bool:
    """Say whether a value has an attribute without reading it: a property may work something out."""
    return hasattr(type(value), name) or name in getattr(value, "__dict__", ())


def with_article(name: str) -> str:
    """Return a name with its article.

    Example:
        >>> with_article("Account"), with_article("Plan"), with_article("UsageRecord")
        ('an Account', 'a Plan', 'a UsageRecord')
    """
    return f"an {name}" if name[:1] in "AEIO" else f"a {name}"
