"""Errors that a result carries as its evidence."""

from typing import Any

from billing_domain import errors
from billing_domain.errors import BillingError
from billing_domain.serialization.scalars import expected, text_of, wrong

KIND = "kind"
_STATED = {"value", "rule", "remedy"}


def write_error(value: object) -> dict[str, Any]:
    """Return an error as texts: its class, what was refused, the rule and the remedy; of a foreign one its name and message.

    Example:
        >>> from billing_domain.errors import InvalidValueError
        >>> write_error(InvalidValueError(32, "an anchor day is 1 to 31", "give the day"))
        {'kind': 'InvalidValueError', 'value': '32', 'rule': 'an anchor day is 1 to 31', 'remedy': 'give the day'}
    """
    if not isinstance(value, Exception):
        raise wrong(value, "an error")
    name = type(value).__name__
    if isinstance(value, BillingError):
        return {KIND: name} | {key: _plain(held) for key, held in vars(value).items() if key != "__notes__"}
    return {KIND: Exception.__name__, "value": str(value) if type(value) is Exception else f"{name}: {value}"}


def _plain(held: object) -> Any:
    if isinstance(held, tuple):
        return [_plain(each) for each in held]
    return held if isinstance(held, str) else repr(held)


def read_error(data: object, _: Any) -> Exception:
    """Return an error that shows the same; one that is not of this library as a plain exception."""
    if not isinstance(data, dict) or "value" not in data:
        raise expected(data, "an error has a kind and a value", "write both")
    kind = getattr(errors, text_of(data.get(KIND)), None)
    given = {key: _frozen(held) for key, held in data.items() if key != KIND}
    if not isinstance(kind, type) or not issubclass(kind, BillingError):
        return Exception(text_of(data["value"]))
    if not given.keys() >= _STATED:
        raise expected(data, f"an error has {', '.join(sorted(_STATED))}", "write all of them")
    return kind(**given)


def _frozen(data: object) -> Any:
    return tuple([_frozen(each) for each in data]) if isinstance(data, list) else text_of(data)
