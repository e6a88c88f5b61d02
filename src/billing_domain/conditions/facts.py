"""A fact, what it is called, and the comparisons that it takes part in."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Never, TypeVar

import attrs

from billing_domain.conditions.deciding import Decider, Test, decider, test_of
from billing_domain.conditions.kinds import LISTED, MEMBERS, TEXT, TEXTS, Kind, Operator, Stored, kind_of, thaw, titles_by_language
from billing_domain.conditions.model import Facts, Outcome
from billing_domain.conditions.protocols import Finding
from billing_domain.conditions.tracing import Row, findings_of
from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError, InvalidTypeError, InvalidValueError
from billing_domain.money import Money

T = TypeVar("T")
Ordered = TypeVar("Ordered", bound=int | Decimal | Money | date)
Listed = TypeVar("Listed", bound=int | str | date)

_CODE = re.compile(r"[a-z][a-z0-9_-]*(:[a-z][a-z0-9_-]*)*")


@guarded
@attrs.frozen(order=False)
class Fact(Generic[T]):
    """One thing that can be known about an account, with its type.

    Comparing a fact with a value makes a condition; `==` is not a comparison, `is_` and `is_not` are.

    Args:
        code: A stable name in lower case; a host's own carries a namespace, as in `acme:score`.
        holds: The type of its values: int, Decimal, Money, date, datetime, bool, str or frozenset (of texts).
        title: How people call it, in English and in the singular.
        titles: The same in other languages, by language code.
        unit: `month`, `day`, `percent`, `hour`, or a word of the host's own; empty if there is none.
        choices: The only texts that it may hold; empty for any.

    Raises:
        InvalidValueError: The code is not one.
        InvalidTypeError: A fact cannot hold the type.

    Example:
        >>> score = Fact("acme:score", int, title="score")
        >>> print((score >= 700).code)
        acme:score >=
    """

    code: str
    holds: type[T]
    title: str = attrs.field(kw_only=True)
    titles: tuple[tuple[str, str], ...] = attrs.field(kw_only=True, default=(), converter=titles_by_language)
    unit: str = attrs.field(kw_only=True, default="")
    choices: tuple[str, ...] = attrs.field(kw_only=True, default=())
    kind: Kind = attrs.field(init=False, eq=False, repr=False)
    key: str = attrs.field(init=False, eq=False, repr=False)
    label: str = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.code, str) or not _CODE.fullmatch(self.code):
            raise InvalidValueError(self.code, "the code of a fact is lower case, with a namespace before a colon", 'write "acme:score"')
        kind = kind_of(self.holds)
        if self.choices and kind not in {TEXT, TEXTS}:
            raise InvalidTypeError(self.choices, f"only a text has choices, not a {kind.name}", "leave out the choices")
        for name, value in (("kind", kind), ("key", f"{self.code}/{kind.name}"), ("label", f"fact {self.code!r}")):
            object.__setattr__(self, name, value)

    def freeze(self, value: object) -> Stored:
        """Return the stored form of a value, or raise if it is not of this kind."""
        stored = self.kind.freeze(value, self.label)
        if self.choices and any(each not in self.choices for each in (stored if isinstance(stored, tuple) else (stored,))):
            raise InvalidValueError(value, f"fact {self.code!r} is one of {', '.join(self.choices)}", "give one of these")
        return stored

    def read(self, stored: Stored) -> T:
        """Return the value that a stored form stands for, a fresh one if it is a `Money`."""
        value: T = thaw(stored)
        return value

    def is_(self, wanted: T) -> "Comparison":
        """Return the condition that the fact is exactly this."""
        return Comparison(self, Operator.IS, wanted)

    def is_not(self, wanted: T) -> "Comparison":
        """Return the condition that the fact is known and is not this."""
        return Comparison(self, Operator.IS_NOT, wanted)

    def is_true(self: "Fact[bool]") -> "Comparison":
        """Return the condition that a yes-or-no fact is yes."""
        return Comparison(self, Operator.IS, operand=True)

    def is_false(self: "Fact[bool]") -> "Comparison":
        """Return the condition that a yes-or-no fact is no."""
        return Comparison(self, Operator.IS, operand=False)

    def __lt__(self: "Fact[Ordered]", wanted: Ordered) -> "Comparison":
        return Comparison(self, Operator.LESS, wanted)

    def __le__(self: "Fact[Ordered]", wanted: Ordered) -> "Comparison":
        return Comparison(self, Operator.AT_MOST, wanted)

    def __gt__(self: "Fact[Ordered]", wanted: Ordered) -> "Comparison":
        return Comparison(self, Operator.MORE, wanted)

    def __ge__(self: "Fact[Ordered]", wanted: Ordered) -> "Comparison":
        return Comparison(self, Operator.AT_LEAST, wanted)

    def between(self: "Fact[Ordered]", low: Ordered, high: Ordered) -> "Comparison":
        """Return the condition that the fact lies from low to high, both included."""
        return Comparison(self, Operator.BETWEEN, (low, high))

    def one_of(self: "Fact[Listed]", *wanted: Listed) -> "Comparison":
        """Return the condition that the fact is one of these."""
        return Comparison(self, Operator.ONE_OF, wanted)

    def none_of(self: "Fact[Listed]", *wanted: Listed) -> "Comparison":
        """Return the condition that the fact is known and none of these."""
        return Comparison(self, Operator.NONE_OF, wanted)

    def contains(self: "Fact[frozenset[str]]", wanted: str) -> "Comparison":
        """Return the condition that the set holds this text."""
        return Comparison(self, Operator.CONTAINS, wanted)

    def lacks(self: "Fact[frozenset[str]]", wanted: str) -> "Comparison":
        """Return the condition that the set is known and does not hold this text."""
        return Comparison(self, Operator.LACKS, wanted)


def _operand(fact: Fact[Any], operator: Operator, wanted: Any) -> Stored:
    if operator in MEMBERS:
        return fact.freeze(frozenset({TEXT.freeze(wanted, fact.label)}))[0]
    if operator not in LISTED | {Operator.BETWEEN}:
        return fact.freeze(wanted)
    if not isinstance(wanted, tuple | list):
        raise InvalidTypeError(wanted, f"operator {operator} takes several values", "give a list of values")
    values = tuple(fact.freeze(each) for each in wanted)
    return _range(values) if operator is Operator.BETWEEN else _choice(values)


def _choice(values: tuple[Stored, ...]) -> tuple[Stored, ...]:
    if not values:
        raise InvalidValueError("no value", "a list to choose from is not empty", "give at least one value")
    return tuple(sorted(set(values)))


def _range(values: tuple[Stored, ...]) -> tuple[Stored, ...]:
    if len(values) != 2:
        raise InvalidValueError(len(values), "a range has a lowest and a highest value", "give two values")
    if len({type(each) is not type(values[0]) or getattr(each, "currency", "") for each in values}) > 1:
        raise CurrencyMismatchError(values, "a range has one currency", "give both ends in the same currency")
    if values[0] > values[1]:
        raise InvalidValueError(f"{values[0]} to {values[1]}", "a range goes up, both ends included", "swap the ends")
    return values


def _wanted(operator: Operator, operand: Stored) -> Any:
    return tuple(map(thaw, operand)) if operator in LISTED | {Operator.BETWEEN} else thaw(operand)


@attrs.frozen(order=False)
class Comparison:
    """The condition that compares one fact with a value; the operators and methods of `Fact` make it.

    A fact that is not known, or an amount in another currency than the one asked for, makes it UNKNOWN.

    Args:
        fact: What is compared.
        operator: How.
        operand: With what: a value, a range of two, or a list; kept in the stored form, and given back by `wanted`.

    Raises:
        InvalidTypeError: The operator does not fit the kind, or the value is not of that kind.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS
        >>> (TENURE_MONTHS >= 12).outcome(Facts({TENURE_MONTHS: 10}))
        <Outcome.UNMET: 'unmet'>
    """

    fact: Fact[Any]
    operator: Operator
    operand: Stored
    test: Test = attrs.field(init=False, eq=False, repr=False)
    decide: Decider = attrs.field(init=False, eq=False, repr=False)
    row: Row = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.operator not in self.fact.kind.operators:
            fitting = ", ".join(each for each in Operator if each in self.fact.kind.operators)
            raise InvalidTypeError(self.operator, f"it does not fit {self.fact.code!r}, a {self.fact.kind.name}", f"use one of {fitting}")
        operand = _operand(self.fact, self.operator, self.operand)
        test = test_of(self.fact.key, self.operator, operand)
        row = (self, self.fact.code, self.fact.key, *test)
        for name, value in (("operand", operand), ("test", test), ("decide", decider(test)), ("row", row)):
            object.__setattr__(self, name, value)

    @property
    def code(self) -> str:
        """The code of the fact and the operator."""
        return f"{self.fact.code} {self.operator}"

    @property
    def wanted(self) -> Any:
        """The value asked for: one, a tuple of two for a range, or a tuple for a list."""
        return _wanted(self.operator, self.operand)

    def outcome(self, facts: Facts) -> Outcome:
        """Return what the comparison says about these facts."""
        return self.decide(facts)

    def finding(self, facts: Facts) -> Finding:
        """Return the outcome with the value that was observed."""
        return findings_of((self.row,), facts)[0][0]

    def __bool__(self) -> Never:
        raise InvalidTypeError(
            self.code, "a condition is neither true nor false before it sees facts", "join conditions with all_of, any_of or between"
        )

    def __reduce__(self) -> tuple[Callable[..., "Comparison"], tuple[Any, ...]]:
        return Comparison, (self.fact, self.operator, self.wanted)
