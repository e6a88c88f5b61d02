"""As much of JSON Schema (draft 2020-12) as the library writes, so that what loads can be held against what a schema says."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,  # a whole float is one too, to a schema; to the library it is a float
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_KNOWN = {
    "$schema", "$ref", "$defs", "title", "anyOf", "enum", "const", "type", "properties", "required", "additionalProperties", "items",
    "minItems", "maxItems", "minimum", "minLength", "pattern", "format",
}  # fmt: skip


def fits(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> bool:
    """Tell whether a value fits a schema; a word that is not known here is an error."""
    root = root or schema
    assert schema.keys() <= _KNOWN, schema.keys() - _KNOWN
    if "$ref" in schema and not fits(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root):
        return False
    if "anyOf" in schema and not any(fits(each, value, root) for each in schema["anyOf"]):
        return False
    if not any(_same(value, each) for each in schema.get("enum", [value])) or not _same(value, schema.get("const", value)):
        return False
    if "type" in schema and not _TYPES[schema["type"]](value):
        return False
    return _fits_inside(schema, value, root)


def _same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _fits_inside(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    match value:
        case dict():
            known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
            forms = {key: known.get(key, more) for key in value}
            there = set(schema.get("required", ())) <= value.keys()
            return there and all(form is not False and (form is True or fits(form, value[key], root)) for key, form in forms.items())
        case list():
            sized = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
            return sized and all(fits(schema.get("items", {}), each, root) for each in value)
        case str():
            long = len(value) >= schema.get("minLength", 0)
            return long and bool(re.search(schema.get("pattern", ""), value)) and (schema.get("format") != "date" or _is_day(value))
        case bool() | None:
            return True
        case _:
            return bool(value >= schema.get("minimum", value))


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
