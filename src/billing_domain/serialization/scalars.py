"""Single values as plain data: numbers as text, days and instants in ISO 8601, everything exact and read strictly."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from math import inf, isfinite, isnan, nan
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from billing_domain.errors import InvalidTypeError, InvalidValueError, NaiveInstantError, UnknownReferenceError
from billing_domain.money import Amount, Money, frozen_amount

_NUMBER = re.compile(r"-?[0-9]{1,200}(\.[0-9]{1,200})?(E[+-]?[0-9]{1,3})?", re.ASCII)
_ZONED = re.compile(r"([^\[\]]+)(?:\[([A-Za-z0-9_+/-]+)\])?", re.ASCII)
_LENGTH = re.compile(r"(-?)P([0-9]{1,9})DT([0-9]{1,5})(?:\.([0-9]{6}))?S", re.ASCII)
_HEX = re.compile(r"([0-9a-f]{2})*", re.ASCII)
_ODD = {"infinity": inf, "-infinity": -inf, "not a number": nan}

E = TypeVar("E", bound=Enum)


class Scalar(NamedTuple):
    """How values of one type are written and read.

    Args:
        write: From a value to plain data; refuses what is of another type.
        read: From plain data to a value; refuses what is not exactly such a form.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def told(data: object) -> str:
    """Return plain data as a message shows it, short.

    Example:
        >>> told({"a": 1}), told([]), told(None), told("9.90"), told(True)
        ('an object', 'a list', 'null', "'9.90'", 'true')
    """
    if isinstance(data, dict):
        return "an object"
    if isinstance(data, list):
        return "a list"
    if data is None or isinstance(data, bool):
        return {None: "null", True: "true", False: "false"}[data]
    text = repr(data)
    return text if len(text) <= 40 else f"{text[:37]}..."


def expected(data: object, rule: str, remedy: str) -> InvalidTypeError:
    """Return the error that plain data is of another kind than it must be."""
    return InvalidTypeError(told(data), rule, remedy)


def text_of(data: object, what: str = "this") -> str:
    """Return plain data that must be a text."""
    if not isinstance(data, str):
        raise expected(data, f"{what} is text", "write it in quotes")
    return data


def whole(data: object) -> int:
    """Return plain data that must be a whole number; true and false are none."""
    if isinstance(data, bool) or not isinstance(data, int):
        raise expected(data, "this is a whole number", "write it without quotes and without a point")
    return data


def flag(data: object) -> bool:
    """Return plain data that must be true or false."""
    if not isinstance(data, bool):
        raise expected(data, "this is true or false", "write true or false")
    return data


def number(data: object) -> Decimal:
    """Return an exact number that is written as text, digit by digit.

    Example:
        >>> number("9.90"), number("1E+2")
        (Decimal('9.90'), Decimal('1E+2'))
    """
    written = text_of(data, "an exact number")
    if not _NUMBER.fullmatch(written):
        raise InvalidValueError(repr(written), "an exact number is written in digits", 'write it as "9.90"')
    return Decimal(written)


def day(data: object) -> date:
    """Return a day that is written as `2026-03-01`."""
    written = text_of(data, "a day")
    try:
        found = date.fromisoformat(written)
    except ValueError:
        found = None
    if found is None or found.isoformat() != written:
        raise InvalidValueError(repr(written), "a day is written as in ISO 8601", 'write it as "2026-03-01"')
    return found


def raw(data: object) -> bytes:
    r"""Return bytes that are written as pairs of hexadecimal digits.

    Example:
        >>> raw("00ff")
        b'\x00\xff'
    """
    written = text_of(data, "a row of bytes")
    if not _HEX.fullmatch(written):
        raise InvalidValueError(repr(written), "bytes are written as hexadecimal digits in lower case", 'write them as "00ff"')
    return bytes.fromhex(written)


def zone(data: object) -> ZoneInfo:
    """Return a zone by its name in the time zone database."""
    name = text_of(data, "a zone")
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise UnknownReferenceError(repr(name), "a zone is in the time zone database", 'write its name, such as "Europe/Vilnius"') from None


def instant(data: object) -> datetime:
    """Return an instant with its offset, and the name of its zone where it has one.

    Where the rules of the zone have changed since, the instant stays and its clock time follows the new rules.

    Example:
        >>> instant("2026-03-12T18:00:00+02:00[Europe/Vilnius]").tzinfo
        zoneinfo.ZoneInfo(key='Europe/Vilnius')
    """
    written = text_of(data, "an instant")
    parts = _ZONED.fullmatch(written)
    try:
        found = datetime.fromisoformat(parts[1]) if parts else None
    except ValueError:
        found = None
    if parts is None or found is None or found.tzinfo is None or found.isoformat() != parts[1]:
        remedy = 'write it as "2026-03-12T18:00:00+02:00[Europe/Vilnius]"'
        raise InvalidValueError(repr(written), "an instant is written as in ISO 8601, with its offset", remedy)
    return _in_zone(found, zone(parts[2])) if parts[2] else found


def _in_zone(found: datetime, place: ZoneInfo) -> datetime:
    for fold in (0, 1):
        local = found.replace(tzinfo=place, fold=fold)
        if local.utcoffset() == found.utcoffset():
            return local
    return found.astimezone(place)


def length(data: object) -> timedelta:
    """Return a length of time that is written in days and seconds.

    Example:
        >>> length("P1DT30S")
        datetime.timedelta(days=1, seconds=30)
    """
    written = text_of(data, "a length of time")
    parts = _LENGTH.fullmatch(written)
    if not parts:
        raise InvalidValueError(repr(written), "a length of time is written in days and seconds", 'write it as "P1DT30S"')
    found = timedelta(days=int(parts[2]), seconds=int(parts[3]), microseconds=int(parts[4] or 0))
    return -found if parts[1] else found


def statistic(data: object) -> float:
    """Return a number of statistics, which is no exact amount."""
    if isinstance(data, str) and data in _ODD:
        return _ODD[data]
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise expected(data, "this is a number", "write it without quotes")
    return data / 1


def amount(data: object) -> Money:
    """Return an amount with its currency."""
    if not isinstance(data, dict) or data.keys() != {"amount", "currency"}:
        raise expected(data, "an amount of money has amount and currency", 'write {"amount": "3.00", "currency": "EUR"}')
    return Amount(number(data["amount"]), text_of(data["currency"], "a currency")).money


def member(data: object, kind: type[E]) -> E:
    """Return the member of an enumeration that has this value.

    Example:
        >>> from billing_domain.catalog import Timing
        >>> member("in-arrears", Timing).name
        'IN_ARREARS'
    """
    for found in kind:
        if type(data) is type(found.value) and data == found.value:
            return found
    known = ", ".join(str(found.value) for found in kind)
    raise InvalidValueError(told(data), f"a {kind.__name__} is one of {known}", "write one of these")


def wrong(value: object, wanted: str) -> InvalidTypeError:
    """Return the error that a model holds something else than its annotation says."""
    return InvalidTypeError(
        value, f"what is stored here is {wanted}, never {type(value).__name__}", "convert it before it enters the model"
    )


def write_text(value: object) -> str:
    """Return a text as it is."""
    if not isinstance(value, str):
        raise wrong(value, "text")
    return str.__str__(value)


def write_whole(value: object) -> int:
    """Return a whole number as it is."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(value, "a whole number")
    return int(value)


def write_flag(value: object) -> bool:
    """Return True or False as it is."""
    if not isinstance(value, bool):
        raise wrong(value, "True or False")
    return value


def write_number(value: object) -> str:
    """Return an exact number as text, digit by digit.

    Example:
        >>> write_number(Decimal("9.90"))
        '9.90'
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        raise wrong(value, "a finite Decimal")
    return str(value)


def write_day(value: object) -> str:
    """Return a day in ISO 8601."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise wrong(value, "a day")
    return value.isoformat()


def write_raw(value: object) -> str:
    """Return bytes as hexadecimal digits."""
    if not isinstance(value, bytes):
        raise wrong(value, "bytes")
    return value.hex()


def write_zone(value: object) -> str:
    """Return the name of a zone."""
    if not isinstance(value, ZoneInfo) or not value.key:
        raise wrong(value, "a ZoneInfo with a name")
    return value.key


def write_instant(value: object) -> str:
    """Return an instant in ISO 8601, with the name of its zone in brackets as in RFC 9557.

    Example:
        >>> write_instant(datetime(2026, 3, 12, 18, tzinfo=ZoneInfo("Europe/Vilnius")))
        '2026-03-12T18:00:00+02:00[Europe/Vilnius]'
    """
    if not isinstance(value, datetime):
        raise wrong(value, "an instant")
    if value.utcoffset() is None:
        raise NaiveInstantError(value, "an instant has a time zone", "give tzinfo")
    if isinstance(value.tzinfo, timezone):
        return value.isoformat()
    return f"{value.isoformat()}[{write_zone(value.tzinfo)}]"


def write_length(value: object) -> str:
    """Return a length of time in days and seconds.

    Example:
        >>> write_length(timedelta(hours=-1, microseconds=5))
        '-P0DT3599.999995S'
    """
    if not isinstance(value, timedelta):
        raise wrong(value, "a timedelta")
    size = abs(value)
    part = f".{size.microseconds:06}" if size.microseconds else ""
    return f"{'-' if value < timedelta(0) else ''}P{size.days}DT{size.seconds}{part}S"


def write_statistic(value: object) -> Any:
    """Return a number of statistics; what JSON has no number for is a word.

    Example:
        >>> write_statistic(inf)
        'infinity'
    """
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise wrong(value, "a number")
    if isfinite(value):
        return value
    return "not a number" if isnan(value) else "infinity" if value > 0 else "-infinity"


def write_amount(value: object) -> dict[str, str]:
    """Return an amount with its currency."""
    if not isinstance(value, Money):
        raise wrong(value, "a Money")
    held = frozen_amount(value)
    return {"amount": str(held.amount), "currency": held.currency}


def write_member(value: object, kind: type[Enum]) -> Any:
    """Return the value of a member of an enumeration."""
    if type(value) is not kind:
        raise wrong(value, f"a {kind.__name__}")
    return value.value


SCALARS: dict[type, Scalar] = {
    str: Scalar(write_text, text_of),
    int: Scalar(write_whole, whole),
    bool: Scalar(write_flag, flag),
    Decimal: Scalar(write_number, number),
    date: Scalar(write_day, day),
    datetime: Scalar(write_instant, instant),
    timedelta: Scalar(write_length, length),
    ZoneInfo: Scalar(write_zone, zone),
    float: Scalar(write_statistic, statistic),
    Money: Scalar(write_amount, amount),
    bytes: Scalar(write_raw, raw),
}
"""How values that hold no others are written and read, by their type."""
