"""A policy as plain data, exactly; and the hash of what it says."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import attrs

from billing_domain.conditions import Condition, is_condition
from billing_domain.conditions.kinds import Digits, number_text, shortest_text
from billing_domain.conditions.loading import condition_data
from billing_domain.discounts.benefits import FixedAmount, FixedPrice, FreePeriods, FreeUnits, Percent, TieredPercent, WaivedFee
from billing_domain.discounts.duration import Duration, DurationKind, Window
from billing_domain.discounts.protocols import Benefit
from billing_domain.discounts.scope import Scope, ScopeKind
from billing_domain.discounts.terms import Basis, Caps, Exclusive, Surplus
from billing_domain.doors import door
from billing_domain.ids import content_id
from billing_domain.instants import utc
from billing_domain.invoicing.allowances import AllowanceReason
from billing_domain.money import Money


class Described(Protocol):
    """**Protocol:** what is written of a policy beside the fields that have a default; a `DiscountPolicy` fits."""

    @property
    def code(self) -> str:
        """Its name."""
        ...

    @property
    def version(self) -> int:
        """Its version."""
        ...

    @property
    def name(self) -> str:
        """What documents call it."""
        ...

    @property
    def benefit(self) -> Benefit:
        """What it takes off."""
        ...

    @property
    def condition(self) -> Condition | None:
        """To whom."""
        ...

    @property
    def window(self) -> Window:
        """When it may be granted."""
        ...


REASONS = (
    AllowanceReason.DISCOUNT,
    AllowanceReason.SPECIAL_AGREEMENT,
    AllowanceReason.SPECIAL_REBATE,
    AllowanceReason.FIXED_LONG_TERM,
    AllowanceReason.TEMPORARY,
    AllowanceReason.STANDARD,
    AllowanceReason.YEARLY_TURNOVER,
)
"""The reasons that plain data names by their code alone."""


@door
def dump_policy(policy: Described) -> dict[str, Any]:
    """Return a policy as plain data, which `load_policies` reads to an equal policy; what is as by default is left out.

    Example:
        >>> from billing_domain.discounts import DiscountPolicy, Percent
        >>> dump_policy(DiscountPolicy(code="acme:spring", version=1, name="Spring offer", benefit=Percent(10)))
        {'code': 'acme:spring', 'version': 1, 'name': 'Spring offer', 'benefit': {'percent': '10'}}
    """
    return _policy(policy, number_text)


def _policy(policy: Described, digits: Digits) -> dict[str, Any]:
    data: dict[str, Any] = {"code": policy.code, "version": policy.version, "name": policy.name}
    data["benefit"] = dump_benefit(policy.benefit, digits)
    if policy.condition is not None:
        data["condition"] = condition_data(policy.condition, digits)
    for name, default in DEFAULTS.items():
        value = getattr(policy, name)
        if value != default:
            data[name] = dict(value) if name == "names" else _plain(value, digits)
    if isinstance(policy.benefit, FreePeriods):
        del data["duration"]
    return data


DEFAULTS: dict[str, Any] = {
    "lane": "", "reason": AllowanceReason.DISCOUNT, "window": Window(), "scope": Scope(), "duration": Duration(), "caps": Caps(),
    "surplus": Surplus.LOST, "base": Basis.RUNNING, "priority": 0, "exclusive": Exclusive.NO, "repeatable": False, "wording": "",
    "end_notice": None, "budget": None, "uses": None, "names": (),
}  # fmt: skip
"""What a policy is where plain data says nothing."""


def dump_benefit(benefit: Benefit, digits: Digits) -> dict[str, Any]:  # noqa: PLR0911  one case a benefit
    """Return a benefit as plain data: its first figure under a name of its own, or the code of a plugin with its fields."""
    match benefit:
        case Percent(percent=percent, of=of):
            return {"percent": _plain(percent, digits)} | ({"of": sorted(of)} if of else {})
        case FixedAmount(amount=amount):
            return {"amount": _plain(amount, digits)}
        case FixedPrice(price=price):
            return {"price": _plain(price, digits)}
        case FreeUnits(units=units, charges=charges):
            return {"free_units": _plain(units, digits)} | ({"of": sorted(charges)} if charges else {})
        case FreePeriods(periods=periods):
            return {"free_periods": periods}
        case WaivedFee(charges=charges):
            return {"waive": sorted(charges)}
        case TieredPercent(tiers=tiers, currency=currency):
            bands = [{"up_to": _plain(tier.up_to, digits), "percent": _plain(tier.percent, digits)} for tier in tiers]
            return {"tiers": bands} | ({"currency": currency} if currency else {})
        case _:
            return {"benefit": benefit.code, **_fields(benefit, digits)}


def _fields(value: Any, digits: Digits) -> dict[str, Any]:
    """Return the fields of a plugin by the names that its constructor takes."""
    if attrs.has(type(value)):
        return {field.alias: _plain(getattr(value, field.name), digits) for field in attrs.fields(type(value)) if field.init}
    return {name: _plain(each, digits) for name, each in sorted(getattr(value, "__dict__", {}).items())}


def _plain(value: Any, digits: Digits) -> Any:  # noqa: PLR0911  one case a kind
    match value:
        case None | bool() | int() | str():
            return value
        case Money():
            return {"amount": digits(value.amount), "currency": value.currency.code}
        case Decimal():
            return digits(value)
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return {"seconds": value // timedelta(seconds=1), "microseconds": value.microseconds}
        case Mapping():
            return {str(name): _plain(each, digits) for name, each in sorted(value.items())}
        case set() | frozenset():
            return sorted(_plain(each, digits) for each in value)
        case tuple() | list():
            return [_plain(each, digits) for each in value]
        case _:
            return _composed(value, digits)


def _composed(value: Any, digits: Digits) -> Any:  # noqa: PLR0911  one case a kind
    match value:
        case AllowanceReason():
            return value.code if value in REASONS else {"code": value.code, "text": value.text}
        case Window():
            return _window(value)
        case Duration():
            return _duration(value)
        case Scope():
            return _scope(value)
        case Caps():
            names = ("line", "document", "period", "total", "net_price")
            return {name: _plain(getattr(value, name), digits) for name in names if getattr(value, name) is not None}
        case _ if is_condition(value):
            return condition_data(value, digits)
        case _ if attrs.has(type(value)):
            return _fields(value, digits)
        case _:
            return repr(value)


def _scope(scope: Scope) -> dict[str, Any]:
    named = {name: sorted(getattr(scope, name)) for name in ("charges", "subscriptions", "plans") if getattr(scope, name)}
    return ({} if scope.kind is ScopeKind.ALL else {"kind": scope.kind.value}) | named


def _duration(duration: Duration) -> Any:
    match duration.kind:
        case DurationKind.PERIODS:
            return {"periods": duration.count}
        case DurationKind.UNTIL:
            return {"until": _plain(duration.day, number_text)}
        case _:
            return duration.kind.value


def _window(window: Window) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, instant in (("start", window.start), ("end", window.end)):
        if instant is not None:
            data[name] = instant.isoformat()
    zones = {instant.tzinfo for instant in (window.start, window.end) if instant is not None}
    zone = next(iter(zones)) if len(zones) == 1 else None
    if isinstance(zone, ZoneInfo) and all(_is_midnight(instant) for instant in (window.start, window.end) if instant is not None):
        return {name: text[:10] for name, text in data.items()} | {"zone": zone.key}
    return data


def _is_midnight(instant: datetime) -> bool:
    return not (instant.hour or instant.minute or instant.second or instant.microsecond or instant.fold)


def content_hash(policy: Described) -> str:
    """Return sixteen hexadecimal digits that change with anything that the policy says; equal policies have the same."""
    data = _policy(policy, shortest_text)
    if "window" in data:
        ends = (policy.window.start, policy.window.end)
        data["window"] = [None if instant is None else utc(instant).isoformat() for instant in ends]
    return content_id(json.dumps(data, sort_keys=True, ensure_ascii=True))
