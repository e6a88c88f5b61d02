"""Errors that a result carries as its evidence."""

from typing import Any

from billing_domain import errors
from billing_domain.errors import BillingError
from billing_domain.serialization.scalars import expected, text_of, wrong

_KEYS = ("kind", "value", "rule", "remedy")


def write_error(value: object) -> dict[str, str]:
    """Return an error as texts: what was refused, the rule and the remedy; of a foreign error its name and message.

    Example:
        >>> from billing_domain.errors import InvalidValueError
        >>> write_error(InvalidValueError(32, "an anchor day is 1 to 31", "give the day"))
        {'kind': 'InvalidValueError', 'value': '32', 'rule': 'an anchor day is 1 to 31', 'remedy': 'give the day'}
    """
    if not isinstance(value, Exception):
        raise wrong(value, "an error")
    name = type(value).__name__
    if isinstance(value, BillingError):
        shown = value.value if isinstance(value.value, str) else repr(value.value)
        return dict(zip(_KEYS, (name, shown, value.rule, value.remedy), strict=True))
    return {"kind": name, "value": str(value), "rule": "", "remedy": ""}


def read_error(data: object, _: Any) -> Exception:
    """Return an error that shows the same; one that is not of this library as a plain exception."""
    if not isinstance(data, dict) or data.keys() != set(_KEYS):
        raise expected(data, f"an error has {', '.join(_KEYS)}", "write all of them")
    name, value, rule, remedy = (text_of(data[key]) for key in _KEYS)
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, BillingError):
        return kind(value, rule, remedy)
    return Exception(f"{name}: {value}")
