"""The JSON Schema of policies in plain data, for an editor or a form."""

from enum import Enum
from typing import Any

from billing_domain.conditions.kinds import (
    DAY,
    DAY_PATTERN,
    DECIMAL,
    FLAG,
    INSTANT,
    INSTANT_PATTERN,
    MONEY,
    NUMBER_PATTERN,
    TEXT,
    WHOLE,
    Kind,
)
from billing_domain.discounts.choosing import DOCUMENT_TOTAL
from billing_domain.discounts.dumping import REASONS
from billing_domain.discounts.loading import NO_CODES
from billing_domain.discounts.own_benefits import own_schema
from billing_domain.discounts.protocols import Codes
from billing_domain.discounts.scope import ScopeKind
from billing_domain.discounts.terms import Basis, Exclusive, Surplus

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_WHOLE = {"type": "integer"}
_ID = {"type": "string", "pattern": r"^[^@\s]([^@]*[^@\s])?$"}
_NUMBER = {"type": "string", "pattern": f"^{NUMBER_PATTERN}$"}
_NOT_NEGATIVE = {"type": "string", "pattern": r"^(-0+(\.0+)?|[0-9]+(\.[0-9]+)?)$"}
_POSITIVE = {"type": "string", "pattern": r"^(?=.*[1-9])[0-9]+(\.[0-9]+)?$"}
_PERCENT = {"type": "string", "pattern": r"^(?=.*[1-9])0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?)$"}
_DAY = {"type": "string", "format": "date", "pattern": f"^{DAY_PATTERN}$"}
_INSTANT = {"type": "string", "pattern": f"^{INSTANT_PATTERN}$"}
_CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$"}
_NOTHING = {"type": "null"}


def _object(*needed: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def _enum(enum: type[Enum]) -> dict[str, Any]:
    return {"enum": [member.value for member in enum]}


def _money(amount: dict[str, Any]) -> dict[str, Any]:
    return _object("amount", "currency", amount=amount, currency=_CURRENCY)


_MONEY = _money(_NOT_NEGATIVE)
_NO_PERCENT = {"type": "string", "pattern": r"^-?0+(\.0+)?$"}
_TIER = _object("up_to", "percent", up_to={"anyOf": [_NOT_NEGATIVE, _NOTHING]}, percent={"anyOf": [_PERCENT, _NO_PERCENT]})
_BENEFITS = [
    _object("percent", percent=_PERCENT, of=_TEXTS),
    _object("amount", amount=_money(_POSITIVE)),
    _object("price", price=_MONEY),
    _object("free_units", free_units=_POSITIVE, of=_TEXTS),
    _object("free_periods", free_periods={"type": "integer", "minimum": 1}),
    _object("waive", waive=_TEXTS),
    _object("tiers", tiers={"type": "array", "items": _TIER, "minItems": 1}, currency=_TEXT),
]
_DURATION = {
    "anyOf": [
        {"enum": ["once", "contract", "forever"]},
        _object("periods", periods={"type": "integer", "minimum": 1}),
        _object("until", until=_DAY),
    ]
}
_WINDOW = {
    "anyOf": [
        _object(start=_INSTANT, end=_INSTANT),
        _object("zone", start={"anyOf": [_DAY, _INSTANT]}, end={"anyOf": [_DAY, _INSTANT]}, zone=_TEXT),
    ]
}
_SOME_TEXT = {"type": "string", "minLength": 1}
_REASON = {"anyOf": [_object("code", "text", code=_SOME_TEXT, text=_TEXT), _object("code", "text", code=_TEXT, text=_SOME_TEXT)]}
_OWN: dict[Kind, dict[str, Any]] = {
    DECIMAL: _NUMBER, MONEY: _money(_NUMBER), INSTANT: _INSTANT, DAY: _DAY, WHOLE: _WHOLE, FLAG: {"type": "boolean"}, TEXT: _TEXT,
}  # fmt: skip
"""What a field of a host's own benefit may hold, by its kind."""


def policies_schema(codes: Codes = NO_CODES) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a list of policies, for an editor or a form.

    What `load_policies` reads fits it. A schema can not count or compare, so `load_policies` alone refuses what stands in the wrong
    order (a window, a range, bands), what is there twice or too often, amounts in several currencies, currencies and zones that do not
    exist, free periods beside another duration, rules that nest too deep, and what a benefit of the host refuses.

    Args:
        codes: The facts, conditions and benefits that may be named: a `PolicyCodes`, or a registry of plugins.

    Example:
        >>> schema = policies_schema()
        >>> schema["items"]["$ref"], sorted(schema["$defs"])
        ('#/$defs/policy', ['condition', 'policy'])
    """
    vocabulary = codes.vocabulary
    if vocabulary.fact(DOCUMENT_TOTAL.code) is None:
        vocabulary = vocabulary.add(DOCUMENT_TOTAL)
    conditions = vocabulary.schema()
    return {
        "$schema": conditions["$schema"],
        "type": "array",
        "items": {"$ref": "#/$defs/policy"},
        "$defs": {**conditions["$defs"], "policy": _policy([own_schema(each, _OWN) for each in getattr(codes, "benefits", ())])},
    }


def _policy(own: list[dict[str, Any]]) -> dict[str, Any]:
    reasons = [reason.code for reason in REASONS]
    return _object(
        "code", "version", "name", "benefit",
        code=_ID, version={"type": "integer", "minimum": 1}, name=_TEXT, benefit={"anyOf": [*_BENEFITS, *own]}, lane=_TEXT,
        reason={"anyOf": [{"enum": reasons}, _REASON]}, window=_WINDOW,
        scope=_object(kind=_enum(ScopeKind), charges=_TEXTS, subscriptions=_TEXTS, plans=_TEXTS),
        condition={"$ref": "#/$defs/condition"}, duration=_DURATION,
        caps=_object(line=_MONEY, document=_MONEY, period=_MONEY, total=_MONEY, net_price=_MONEY),
        surplus=_enum(Surplus), base=_enum(Basis), priority=_WHOLE, exclusive=_enum(Exclusive),
        repeatable={"type": "boolean"}, wording=_TEXT,
        end_notice={"anyOf": [{"type": "integer", "minimum": 0}, _NOTHING]}, budget={"anyOf": [_MONEY, _NOTHING]},
        uses={"anyOf": [{"type": "integer", "minimum": 1}, _NOTHING]}, names={"type": "object", "additionalProperties": _TEXT},
    )  # fmt: skip
