"""Policies as plain data: read strictly, with every fault at once, each with its path.

The keys are the names of the attributes of `DiscountPolicy`; amounts and decimals are text, days are ISO, and what is left out is as by
default. A benefit is one of these, and nothing else::

    {"percent": "10", "of": ["base"]}           {"amount": {"amount": "5.00", "currency": "EUR"}}
    {"free_units": "5", "of": ["data"]}         {"price": {"amount": "5.00", "currency": "EUR"}}
    {"free_periods": 2}    {"waive": ["setup"]}    {"tiers": [{"up_to": "100", "percent": "5"}, {"up_to": null, "percent": "10"}]}
    {"benefit": "acme:half-of", "charge": "base"}
"""

import reprlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import attrs

from billing_domain.conditions import Vocabulary, read_condition
from billing_domain.conditions.kinds import DAY, DECIMAL, FLAG, INSTANT, MONEY, TEXT, WHOLE, Kind
from billing_domain.discounts.benefits import (
    FixedAmount,
    FixedPrice,
    FreePeriods,
    FreeUnits,
    Percent,
    PercentTier,
    TieredPercent,
    WaivedFee,
)
from billing_domain.discounts.choosing import DOCUMENT_TOTAL
from billing_domain.discounts.dumping import REASONS
from billing_domain.discounts.duration import Duration, Window
from billing_domain.discounts.own_benefits import read_own
from billing_domain.discounts.policy import DiscountPolicy
from billing_domain.discounts.protocols import Benefit, Codes
from billing_domain.discounts.scope import Scope, ScopeKind
from billing_domain.discounts.terms import Basis, Caps, Exclusive, Surplus
from billing_domain.errors import BillingError, InvalidTypeError, LoadError, UnknownReferenceError
from billing_domain.invoicing.allowances import AllowanceReason
from billing_domain.money import Money
from billing_domain.periods import start_of_day

T = TypeVar("T")
Read = Callable[["_Reader", Any, str], Any]


def _classes(values: Iterable[type[Any]]) -> tuple[type[Any], ...]:
    listed = tuple(values)
    for value in listed:
        if (
            not isinstance(value, type)
            or not isinstance(getattr(value, "code", None), str)
            or not callable(getattr(value, "propose", None))
        ):
            raise InvalidTypeError(value, "a benefit is a class with a code and propose", "give the class itself")
    return listed


@attrs.frozen
class PolicyCodes:
    """What plain data may name, where there is no registry of plugins.

    Args:
        vocabulary: Facts and conditions.
        benefits: Classes of benefits that were written as code.

    Example:
        >>> PolicyCodes().vocabulary.fact("tenure_months").title
        'tenure'
    """

    vocabulary: Vocabulary = Vocabulary()
    benefits: tuple[type[Any], ...] = attrs.field(converter=_classes, default=())

    def plugin(self, kind: type[Any], code: str) -> type[Any]:
        """Return the class of a benefit by its code.

        Raises:
            UnknownReferenceError: It is not here.
        """
        for benefit in self.benefits:
            if benefit.code == code:
                return benefit
        raise UnknownReferenceError(code, f"no {kind.__name__} has this code", "add its class")


NO_CODES = PolicyCodes()


def load_policies(data: object, *, codes: Codes = NO_CODES) -> tuple[DiscountPolicy, ...]:
    """Return the policies that plain data describes.

    Args:
        data: A list, as `json.loads` gives it.
        codes: What the codes of conditions and benefits in it lead to: a `PolicyCodes`, or a registry of plugins.

    Returns:
        The policies in the order of the data.

    Raises:
        LoadError: Something is wrong; `faults` holds everything that is, each with its path.

    Example:
        >>> spring = [{"code": "acme:spring", "version": 1, "name": "Spring offer", "benefit": {"percent": "10", "of": ["base"]},
        ...            "condition": {"fact": "tenure_months", "op": ">=", "value": 12}, "duration": {"periods": 3}}]
        >>> load_policies(spring)[0].id
        'acme:spring@1'
        >>> load_policies([{"code": "acme:spring", "version": 1, "name": "Spring offer", "benefit": {"percent": 10.0}}])
        Traceback (most recent call last):
            ...
        billing_domain.errors.LoadError: 1 fault: policies in plain data follow the schema; mend each of these
          $[0].benefit.percent: 10.0: the value is a number written as text, never float; write it as text, such as "12.5"
    """
    vocabulary = codes.vocabulary
    if vocabulary.fact(DOCUMENT_TOTAL.code) is None:
        vocabulary = vocabulary.add(DOCUMENT_TOTAL)
    reader = _Reader(vocabulary, codes, [])
    found = reader.each(data, "$", _policy)
    ids = [policy.id for policy in found if policy is not None]
    for place, policy in enumerate(found):
        if policy is not None and ids.count(policy.id) > 1:
            reader.fault(f"$[{place}].code", f"{policy.id} is there twice; a change makes the next version")
    if reader.faults:
        told = "1 fault" if len(reader.faults) == 1 else f"{len(reader.faults)} faults"
        raise LoadError(told, "policies in plain data follow the schema", "mend each of these", tuple(reader.faults))
    return tuple([policy for policy in found if policy is not None])


@attrs.frozen
class _Reader:
    vocabulary: Vocabulary
    codes: Codes
    faults: list[tuple[str, str]]

    def fault(self, path: str, text: str) -> None:
        self.faults.append((path, text))

    def attempt(self, path: str, make: Callable[[], T]) -> T | None:
        """Return what is made, or note what is wrong and return None."""
        try:
            return make()
        except BillingError as error:
            self.fault(path, f"{_shown(error.value)}: {error.rule}; {error.remedy}")
            return None

    def value(self, kind: Kind, data: object, path: str) -> Any:
        """Return one value of a kind."""

        def read() -> Any:
            parsed = kind.parse(data, "the value")
            frozen = kind.freeze(parsed, "the value")
            return parsed if isinstance(parsed, Money) else frozen

        return self.attempt(path, read)

    def choice(self, enum: type[Enum], data: object, path: str) -> Any:
        """Return a member of an enumeration by its value."""
        for member in enum:
            if member.value == data:
                return member
        choices = [str(member.value) for member in enum]
        self.fault(path, f"{_shown(data)} is none of {', '.join(choices)}{_near(data, choices)}")
        return None

    def each(self, data: object, path: str, read: Callable[["_Reader", Any, str], T | None]) -> list[T | None]:
        """Return what a list holds."""
        if not isinstance(data, list):
            self.fault(path, f"a list is wanted, not {_shown(data)}")
            return []
        return [read(self, item, f"{path}[{place}]") for place, item in enumerate(data)]

    def texts(self, data: object, path: str) -> list[str]:
        """Return a list of texts."""
        return [text for text in self.each(data, path, _text) if text is not None]

    def keys(self, data: object, path: str, wanted: Mapping[str, Read], needed: Iterable[str] = ()) -> dict[str, Any] | None:
        """Return the values of an object by key; None where it is none, lacks something, or anything in it is wrong."""
        before = len(self.faults)
        if not isinstance(data, dict):
            self.fault(path, f"an object is wanted, not {_shown(data)}")
            return None
        for key in data:
            if key not in wanted:
                self.fault(f"{path}.{key}", f"unknown key{_near(key, wanted)}; it has only {', '.join(sorted(wanted))}")
        for key in needed:
            if key not in data:
                self.fault(path, f"key {key!r} is missing")
        found = {key: wanted[key](self, item, f"{path}.{key}") for key, item in data.items() if key in wanted}
        return found if len(self.faults) == before else None


def _shown(data: object) -> str:
    return "null" if data is None else reprlib.repr(data)


def _near(text: object, known: Iterable[str]) -> str:
    close = get_close_matches(text, sorted(known), n=1) if isinstance(text, str) else []
    return f" (did you mean {close[0]!r}?)" if close else ""


def _of(kind: Kind) -> Read:
    return lambda reader, data, path: reader.value(kind, data, path)


def _maybe(read: Read) -> Read:
    return lambda reader, data, path: None if data is None else read(reader, data, path)


def _one_of(enum: type[Enum]) -> Read:
    return lambda reader, data, path: reader.choice(enum, data, path)


def _texts(reader: _Reader, data: Any, path: str) -> list[str]:
    return reader.texts(data, path)


_text, _whole, _money = _of(TEXT), _of(WHOLE), _of(MONEY)
_decimal, _day, _flag = _of(DECIMAL), _of(DAY), _of(FLAG)


def _policy(reader: _Reader, data: Any, path: str) -> DiscountPolicy | None:
    found = reader.keys(data, path, _POLICY, ("code", "version", "name", "benefit"))
    return None if found is None else reader.attempt(path, lambda: DiscountPolicy(**found))


def _condition(reader: _Reader, data: Any, path: str) -> Any:
    return read_condition(data, vocabulary=reader.vocabulary, path=path, faults=reader.faults)


def _reason(reader: _Reader, data: Any, path: str) -> AllowanceReason | None:
    if isinstance(data, str):
        for reason in REASONS:
            if reason.code == data:
                return reason
        reader.fault(path, f"{data!r} is none of {', '.join(reason.code for reason in REASONS)}; write another one with code and text")
        return None
    found = reader.keys(data, path, {"code": _text, "text": _text}, ("code", "text"))
    return None if found is None else reader.attempt(path, lambda: AllowanceReason(**found))


def _scope(reader: _Reader, data: Any, path: str) -> Scope | None:
    found = reader.keys(data, path, {"kind": _one_of(ScopeKind), "charges": _texts, "subscriptions": _texts, "plans": _texts})
    return None if found is None else Scope(**found)


def _caps(reader: _Reader, data: Any, path: str) -> Caps | None:
    found = reader.keys(data, path, dict.fromkeys(("line", "document", "period", "total", "net_price"), _money))
    return None if found is None else reader.attempt(path, lambda: Caps(**found))


def _duration(reader: _Reader, data: Any, path: str) -> Duration | None:
    named = {"once": Duration.once(), "contract": Duration.for_contract(), "forever": Duration.forever()}
    if isinstance(data, str) and data in named:
        return named[data]
    if not isinstance(data, dict) or len(data) != 1:
        reader.fault(path, f'{_shown(data)} is none of {", ".join(named)}, {{"periods": 3}}, {{"until": "2026-12-31"}}')
        return None
    found = reader.keys(data, path, {"periods": _whole, "until": _day})
    if found is None:
        return None
    return reader.attempt(path, lambda: Duration.periods(found["periods"]) if "periods" in found else Duration.until(found["until"]))


def _window(reader: _Reader, data: Any, path: str) -> Window | None:
    zoned = isinstance(data, dict) and "zone" in data
    zone = reader.attempt(f"{path}.zone", lambda: _zone_of(data["zone"])) if zoned else None

    def instant(reader: _Reader, text: Any, at: str) -> datetime | None:
        is_day = isinstance(text, str) and len(text) == len("2026-03-01")
        if is_day and not zoned:
            reader.fault(at, f'{_shown(text)}: a day begins at another instant in each time zone; add "zone": "Europe/Vilnius"')
        if zone is not None and is_day:
            day: date | None = reader.value(DAY, text, at)
            return None if day is None else start_of_day(day, zone).astimezone(zone)
        found: datetime | None = None if is_day else reader.value(INSTANT, text, at)
        return found

    before = len(reader.faults)
    found = reader.keys(data, path, {"start": instant, "end": instant, "zone": _ignored})
    if found is None or len(reader.faults) > before:
        return None
    return reader.attempt(path, lambda: Window(found.get("start"), found.get("end")))


def _ignored(_reader: _Reader, _data: Any, _path: str) -> None:
    """Take what was read before."""


def _zone_of(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(name if isinstance(name, str) else "")
    except (KeyError, ValueError, OSError):
        raise UnknownReferenceError(name, "a zone is a name of the IANA database", 'write "Europe/Vilnius"') from None


def _names(reader: _Reader, data: Any, path: str) -> dict[str, str] | None:
    return reader.keys(data, path, dict.fromkeys(data, _text)) if isinstance(data, dict) else reader.keys(data, path, {})


def _tier(reader: _Reader, data: Any, path: str) -> PercentTier | None:
    found = reader.keys(data, path, {"up_to": _maybe(_decimal), "percent": _decimal}, ("up_to", "percent"))
    return None if found is None else reader.attempt(path, lambda: PercentTier(**found))


def _tiers(reader: _Reader, data: Any, path: str) -> list[PercentTier | None]:
    return reader.each(data, path, _tier)


_BENEFITS: dict[str, tuple[dict[str, Read], Callable[[dict[str, Any]], Benefit]]] = {
    "percent": ({"percent": _decimal, "of": _texts}, lambda found: Percent(found["percent"], found.get("of", ()))),
    "amount": ({"amount": _money}, lambda found: FixedAmount(found["amount"])),
    "price": ({"price": _money}, lambda found: FixedPrice(found["price"])),
    "free_units": ({"free_units": _decimal, "of": _texts}, lambda found: FreeUnits(found["free_units"], found.get("of", ()))),
    "free_periods": ({"free_periods": _whole}, lambda found: FreePeriods(found["free_periods"])),
    "waive": ({"waive": _texts}, lambda found: WaivedFee(found["waive"])),
    "tiers": ({"tiers": _tiers, "currency": _text}, lambda found: TieredPercent(found["tiers"], found.get("currency", ""))),
}


def _benefit(reader: _Reader, data: Any, path: str) -> Benefit | None:
    if isinstance(data, dict) and "benefit" in data:
        return _plugin(reader, data, path)
    heads = [head for head in _BENEFITS if isinstance(data, dict) and head in data]
    if len(heads) != 1:
        found = " and ".join(heads) if heads else "none"
        reader.fault(path, f"a benefit has exactly one of {', '.join([*_BENEFITS, 'benefit'])}; found {found}")
        return None
    keys, make = _BENEFITS[heads[0]]
    values = reader.keys(data, path, keys)
    return None if values is None else reader.attempt(path, lambda: make(values))


def _plugin(reader: _Reader, data: dict[str, Any], path: str) -> Benefit | None:
    found: Any = reader.attempt(f"{path}.benefit", lambda: reader.codes.plugin(Benefit, data["benefit"]))
    return None if found is None else read_own(reader, found, data, path)


_POLICY: dict[str, Read] = {
    "code": _text, "version": _whole, "name": _text, "benefit": _benefit, "lane": _text, "reason": _reason, "window": _window,
    "scope": _scope, "condition": _condition, "duration": _duration, "caps": _caps, "surplus": _one_of(Surplus), "base": _one_of(Basis),
    "priority": _whole, "exclusive": _one_of(Exclusive), "repeatable": _flag, "wording": _text, "end_notice": _maybe(_whole),
    "budget": _maybe(_money), "uses": _maybe(_whole), "names": _names,
}  # fmt: skip
KEYS = frozenset(_POLICY)
"""The keys of a policy in plain data: the names of its attributes."""
