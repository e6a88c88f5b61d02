"""The outcome of a condition, and the facts that it reads."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, overload

import attrs

from billing_domain.conditions.kinds import Amount, Stored, base_key, code_of, money_key, thaw
from billing_domain.errors import DuplicateIdError, InvalidTypeError, MissingFactError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
D = TypeVar("D")


class Outcome(Enum):
    """What a condition says: it holds, it does not hold, or a missing fact keeps it open.

    The three follow the logic of Kleene: what is not known stays not known unless the rest decides alone.

    Example:
        >>> Outcome.MET.grants, Outcome.UNKNOWN.grants
        (True, False)
    """

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"

    @property
    def grants(self) -> bool:
        """Whether something may be granted on it: only if MET."""
        return self is Outcome.MET

    def __bool__(self) -> bool:
        raise InvalidTypeError(self, "an outcome has three values, not two", "compare it with `is Outcome.MET`, or ask `.grants`")


class Readable(Protocol[T_co]):
    """What names one fact and its type; `Fact` is the one that users make."""

    @property
    def code(self) -> str:
        """Its name."""
        ...

    @property
    def key(self) -> str:
        """Its name and kind, under which its values are kept."""
        ...

    def freeze(self, value: object) -> Stored:
        """Return the stored form of a value, or raise if it is not of its kind."""
        ...

    def read(self, stored: Stored) -> T_co:
        """Return the value that a stored form stands for."""
        ...


def _stored_values(values: Mapping[Readable[Any], object]) -> dict[str, Stored]:
    stored: dict[str, Stored] = {}
    codes: set[str] = set()
    for fact, value in values.items():
        if fact.code in codes:
            raise DuplicateIdError(fact.code, "a fact is given once", "use one definition of it")
        codes.add(fact.code)
        stored[fact.key] = fact.freeze(value)
    return stored


def _comparable(kept: Mapping[str, Stored]) -> dict[str, Stored]:
    """Return each value under its key, and money under its key with the currency too, so that it compares as a number."""
    compared = dict(kept)
    for key, value in kept.items():
        if type(value) is Amount:
            compared[money_key(key, value.currency)] = value.amount
    return compared


@attrs.frozen(init=False, eq=False, repr=False)
class Facts:
    """What is known about one account at one moment, read once by the host and never changed.

    Reading is typed: `facts[TENURE_MONTHS]` is an `int` to the checker. A fact that is not there is not known; inside a
    condition this makes the outcome UNKNOWN and names the fact.

    Args:
        values: What is known, by fact. Leave out what is not known; there is no None.

    Raises:
        InvalidTypeError: A value is not of the kind of its fact.

    Example:
        >>> from billing_domain.conditions import SEGMENT, TENURE_MONTHS
        >>> facts = Facts({TENURE_MONTHS: 24, SEGMENT: "household"})
        >>> facts[TENURE_MONTHS] >= 12, SEGMENT in facts, facts.codes
        (True, True, ('segment', 'tenure_months'))
    """

    _values: Mapping[str, Stored]
    stored: Callable[[str], Stored | None]
    """The stored form by key, or None: the way compiled conditions read."""

    def __init__(self, values: Mapping[Readable[Any], object] = MappingProxyType({})) -> None:
        _keep(self, _stored_values(values))

    @classmethod
    def _of(cls, kept: Mapping[str, Stored]) -> "Facts":
        return _keep(cls.__new__(cls), kept)

    def __getitem__(self, fact: Readable[T]) -> T:
        stored = self.stored(fact.key)
        if stored is None:
            raise MissingFactError(fact.code, "the fact is not known", "give it in Facts; until then the outcome is UNKNOWN")
        return fact.read(stored)

    @overload
    def get(self, fact: Readable[T]) -> T | None: ...
    @overload
    def get(self, fact: Readable[T], default: D) -> T | D: ...
    def get(self, fact: Readable[Any], default: Any = None) -> Any:
        """Return the value, or the default where the fact is not known: for a fact that may be missing by intent."""
        stored = self.stored(fact.key)
        return default if stored is None else fact.read(stored)

    def __contains__(self, fact: Readable[Any]) -> bool:
        return self.stored(fact.key) is not None

    def add(self, values: Mapping[Readable[Any], object]) -> "Facts":
        """Return the facts with these known too; what was known before is replaced.

        Example:
            >>> from billing_domain.conditions import TENURE_MONTHS
            >>> Facts({TENURE_MONTHS: 1}).add({TENURE_MONTHS: 2})[TENURE_MONTHS]
            2
        """
        return Facts._of({**self._values, **_stored_values(values)})

    def updated(self, other: "Facts") -> "Facts":
        """Return the facts with those of another one known too, which count before these.

        Example:
            >>> from billing_domain.conditions import TENURE_MONTHS
            >>> Facts({TENURE_MONTHS: 1}).updated(Facts({TENURE_MONTHS: 2}))[TENURE_MONTHS]
            2
        """
        return Facts._of({**self._values, **other._values})  # noqa: SLF001  another of the same class

    def without(self, *facts: Readable[Any]) -> "Facts":
        """Return the facts with these no longer known."""
        gone = {fact.key for fact in facts}
        return Facts._of({key: value for key, value in self._values.items() if key not in gone})

    def recording(self, seen: dict[str, Stored | None]) -> "Facts":
        """Return the same facts, which note in `seen` the code and the stored value of every fact that is asked for."""

        def stored(key: str) -> Stored | None:
            seen[code_of(key)] = self.stored(base_key(key))
            return self.stored(key)

        return _keep(Facts.__new__(Facts), self._values, stored)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all facts that are known, sorted."""
        return tuple(sorted(map(code_of, self._values)))

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        return self._values == other._values if isinstance(other, Facts) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return "Facts({" + ", ".join(f"{code_of(key)}: {thaw(value)!r}" for key, value in sorted(self._values.items())) + "})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Facts._of, (dict(self._values),)


def _keep(facts: Facts, kept: Mapping[str, Stored], stored: Callable[[str], Stored | None] | None = None) -> Facts:
    object.__setattr__(facts, "_values", MappingProxyType(dict(kept)))
    object.__setattr__(facts, "stored", stored or _comparable(kept).get)
    return facts
