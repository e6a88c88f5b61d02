"""The JSON Schema of policies in plain data, for an editor or a form."""

from enum import Enum
from typing import Any

from billing_domain.discounts.choosing import DOCUMENT_TOTAL
from billing_domain.discounts.dumping import REASONS
from billing_domain.discounts.loading import NO_CODES
from billing_domain.discounts.protocols import Codes
from billing_domain.discounts.scope import ScopeKind
from billing_domain.discounts.terms import Basis, Exclusive, Surplus

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_WHOLE = {"type": "integer"}
_NUMBER = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}
_DAY = {"type": "string", "format": "date"}
_INSTANT = {"anyOf": [_DAY, {"type": "string", "format": "date-time"}]}


def _object(*needed: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def _enum(enum: type[Enum]) -> dict[str, Any]:
    return {"enum": [member.value for member in enum]}


_MONEY = _object("amount", "currency", amount=_NUMBER, currency={"type": "string", "pattern": "^[A-Z]{3}$"})
_TIER = _object("up_to", "percent", up_to={"anyOf": [_NUMBER, {"type": "null"}]}, percent=_NUMBER)
_BENEFITS = [
    _object("percent", percent=_NUMBER, of=_TEXTS),
    _object("amount", amount=_MONEY),
    _object("price", price=_MONEY),
    _object("free_units", free_units=_NUMBER, of=_TEXTS),
    _object("free_periods", free_periods={"type": "integer", "minimum": 1}),
    _object("waive", waive=_TEXTS),
    _object("tiers", tiers={"type": "array", "items": _TIER, "minItems": 1}, currency=_TEXT),
    {"type": "object", "properties": {"benefit": _TEXT}, "required": ["benefit"]},
]
_DURATION = {
    "anyOf": [
        {"enum": ["once", "contract", "forever"]},
        _object("periods", periods={"type": "integer", "minimum": 1}),
        _object("until", until=_DAY),
    ]
}


def policies_schema(codes: Codes = NO_CODES) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a list of policies.

    Args:
        codes: The facts and conditions that may be named.

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
        "$defs": {**conditions["$defs"], "policy": _policy()},
    }


def _policy() -> dict[str, Any]:
    reasons = [reason.code for reason in REASONS]
    return _object(
        "code", "version", "name", "benefit",
        code=_TEXT, version={"type": "integer", "minimum": 1}, name=_TEXT, benefit={"anyOf": _BENEFITS}, lane=_TEXT,
        reason={"anyOf": [{"enum": reasons}, _object("code", "text", code=_TEXT, text=_TEXT)]},
        window=_object(start=_INSTANT, end=_INSTANT, zone=_TEXT),
        scope=_object(kind=_enum(ScopeKind), charges=_TEXTS, subscriptions=_TEXTS, plans=_TEXTS),
        condition={"$ref": "#/$defs/condition"}, duration=_DURATION,
        caps=_object(line=_MONEY, document=_MONEY, period=_MONEY, total=_MONEY, net_price=_MONEY),
        surplus=_enum(Surplus), base=_enum(Basis), priority=_WHOLE, exclusive=_enum(Exclusive),
        repeatable={"type": "boolean"}, wording=_TEXT,
        end_notice={"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}, budget={"anyOf": [_MONEY, {"type": "null"}]},
        uses={"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}, names={"type": "object", "additionalProperties": _TEXT},
    )  # fmt: skip
