"""The kinds of value that a fact can hold: how each is checked, kept, written as plain data and compared.

A value is kept in a stored form that compares fast and cannot be changed: money as amount and currency, an instant in UTC,
a set of texts sorted. `thaw` gives the value back as a user wrote it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import attrs

from billing_domain.errors import InvalidTypeError, InvalidValueError, NaiveInstantError
from billing_domain.money import Money, amount_of, money, to_decimal

Stored = Any
"""A value in its stored form: hashable, never None."""
Digits = Callable[[Decimal], str]
"""Writes a number in digits."""


class Operator(StrEnum):
    """How a fact is compared, in the words that plain data uses."""

    IS = "=="
    IS_NOT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    BETWEEN = "between"
    ONE_OF = "in"
    NONE_OF = "not in"
    CONTAINS = "contains"
    LACKS = "lacks"


EQUAL = frozenset({Operator.IS, Operator.IS_NOT})
LISTED = frozenset({Operator.ONE_OF, Operator.NONE_OF})
ORDERED = EQUAL | {Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST, Operator.BETWEEN}
MEMBERS = frozenset({Operator.CONTAINS, Operator.LACKS})


class Amount(NamedTuple):
    """The stored form of a `Money`, which itself is mutable."""

    amount: Decimal
    currency: str


@attrs.frozen
class Kind:
    """What a kind of value can do.

    Args:
        name: Its name in plain data and messages.
        freeze: Turns a user's value into the stored form, or raises.
        parse: Turns the value of a comparison in plain data into a user's value, or raises; for a set this is one text.
        plain: Turns the stored value of a comparison into plain data, numbers by the function that is given.
        operators: Which comparisons fit.
    """

    name: str
    freeze: Callable[[object, str], Stored]
    parse: Callable[[object, str], object]
    plain: Callable[[Stored, "Digits"], Any]
    operators: frozenset[Operator]


def code_of(key: str) -> str:
    """Return the code of the fact in a key, which is made of code, kind and, for money, a currency."""
    return key.partition("/")[0]


def base_key(key: str) -> str:
    """Return the key without the currency."""
    return "/".join(key.split("/")[:2])


def money_key(key: str, currency: str) -> str:
    """Return the key under which only an amount in this currency is found."""
    return f"{key}/{currency}"


def thaw(stored: Stored) -> Any:
    """Return the value as a user reads it: a fresh `Money`, a frozenset, or the value itself."""
    if type(stored) is Amount:
        return money(stored.amount, stored.currency)
    if type(stored) is tuple:
        return frozenset(stored)
    return stored


def titles_by_language(value: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return titles as pairs of language and title, sorted."""
    return tuple(sorted(dict(value).items()))


def _wrong(value: object, what: str, wanted: str, remedy: str) -> InvalidTypeError:
    return InvalidTypeError(value, f"{what} is {wanted}, never {type(value).__name__}", remedy)


def _whole(value: object, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(value, what, "a whole number", "give an int, such as 12")
    return int(value)


def _decimal(value: object, what: str) -> Decimal:
    return to_decimal(value, what)  # type: ignore[arg-type]


def _amount(value: object, what: str) -> Amount:
    if not isinstance(value, Money):
        raise _wrong(value, what, "a Money", 'write Money("3.00", "EUR")')
    currency = value.currency.code
    return Amount(amount_of(value, currency, what), currency)


def _day(value: object, what: str) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _wrong(value, what, "a day", "give a date without a time of day")
    return value


def _instant(value: object, what: str) -> datetime:
    if not isinstance(value, datetime):
        raise _wrong(value, what, "an instant", "give a datetime with a zone")
    if value.utcoffset() is None:
        raise NaiveInstantError(value, f"{what} has a time zone", "give tzinfo")
    return value.astimezone(UTC)


def _flag(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, what, "True or False", "give a bool")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise _wrong(value, what, "a text", "give a str")
    return str.__str__(value)


def _texts(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, frozenset | set):
        raise _wrong(value, what, "a set of texts", 'write frozenset({"tv"})')
    return tuple(sorted(_text(each, what) for each in value))


def _same(value: Any, _: object) -> Any:
    return value


NUMBER_PATTERN = r"-?[0-9]+(\.[0-9]+)?"
DAY_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT_PATTERN = DAY_PATTERN + r"T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)"
"""How plain data writes numbers, days and instants, and no other way: so a schema accepts what is read."""

_NUMBER, _DAY, _INSTANT = re.compile(NUMBER_PATTERN), re.compile(DAY_PATTERN), re.compile(f"{INSTANT_PATTERN}?")


def _decimal_text(value: object, what: str) -> Decimal:
    if not isinstance(value, str):
        raise _wrong(value, what, "a number written as text", 'write it as text, such as "12.5"')
    if not _NUMBER.fullmatch(value):
        raise InvalidValueError(value, f"{what} is a number in digits, with a point", 'write it as "12.5"')
    return to_decimal(value, what)


def number_text(value: Decimal) -> str:
    """Return a number in digits, as plain data writes it: never with an exponent."""
    return format(value, "f")


def shortest_text(value: Decimal) -> str:
    """Return a number in as few digits as say it, so that equal numbers are written alike."""
    text = number_text(value or Decimal(0))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money_data(value: object, what: str) -> Money:
    if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
        raise _wrong(value, what, "an amount with its currency", 'write {"amount": "5.00", "currency": "EUR"}')
    amount = _decimal_text(value["amount"], f"the amount of {what}")
    return money(amount, _text(value["currency"], f"the currency of {what}"))


def _iso_day(value: object, what: str) -> date:
    text = _text(value, what)
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise InvalidValueError(value, f"{what} is a day", 'write it as "2026-03-31"') from None


def _iso_instant(value: object, what: str) -> datetime:
    text = _text(value, what)
    try:
        return datetime.fromisoformat(text if _INSTANT.fullmatch(text) else "")
    except ValueError:
        raise InvalidValueError(value, f"{what} is an instant", 'write it as "2026-03-31T12:00:00+02:00"') from None


def _number_data(stored: Decimal, digits: Digits) -> str:
    return digits(stored)


def _amount_data(stored: Amount, digits: Digits) -> dict[str, str]:
    return {"amount": digits(stored.amount), "currency": stored.currency}


def _iso(stored: date, _: object) -> str:
    return stored.isoformat()


WHOLE = Kind("whole number", _whole, _same, _same, ORDERED | LISTED)
DECIMAL = Kind("decimal", _decimal, _decimal_text, _number_data, ORDERED)
MONEY = Kind("money", _amount, _money_data, _amount_data, ORDERED)
DAY = Kind("day", _day, _iso_day, _iso, ORDERED | LISTED)
INSTANT = Kind("instant", _instant, _iso_instant, _iso, ORDERED)
FLAG = Kind("yes or no", _flag, _same, _same, EQUAL)
TEXT = Kind("text", _text, _same, _same, EQUAL | LISTED)
TEXTS = Kind("set of texts", _texts, _text, _same, MEMBERS)

KINDS: dict[type, Kind] = {
    int: WHOLE, Decimal: DECIMAL, Money: MONEY, date: DAY, datetime: INSTANT, bool: FLAG, str: TEXT, frozenset: TEXTS,
}  # fmt: skip


def kind_of(holds: object) -> Kind:
    """Return the kind of a Python type.

    Raises:
        InvalidTypeError: A fact cannot hold it.

    Example:
        >>> kind_of(int).name
        'whole number'
    """
    kind = KINDS.get(holds) if isinstance(holds, type) else None
    if kind is None:
        raise InvalidTypeError(holds, "a fact holds int, Decimal, Money, date, datetime, bool, str or frozenset", "give one of these types")
    return kind
