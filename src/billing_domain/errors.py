"""Every error that the library raises, as one tree.

::

    BillingError
    ├── InvalidValueError (ValueError)            a value breaks a rule where it enters
    │   ├── InvalidAmountError                    NaN, infinity, too many decimals, a sign that is not allowed
    │   ├── UnknownCurrencyError                  not an ISO 4217 code
    │   ├── CurrencyMismatchError                 two currencies where one is needed
    │   ├── InvalidPeriodError                    reversed, empty, or not made of days
    │   ├── NaiveInstantError                     an instant without a time zone
    │   ├── InvalidTiersError                     tiers that overlap, leave gaps or go backwards
    │   ├── OutOfOrderError                       an event before the start, after the end, late and silent, or that ends nothing
    │   ├── DuplicateIdError                      two different things under one id
    │   ├── UnknownReferenceError (LookupError)   an id, code, meter or line that is not there
    │   │   └── MissingFactError                  a fact that a condition reads and nobody knows
    │   ├── MissingRateError (LookupError)        no tax rate, or no price, for what is sold on that day
    │   └── ExceedsLimitError                     more than what is left, open, owed or allowed
    ├── InvalidTypeError (TypeError)              a float for money, text for a day, an enum of another kind
    ├── RefusedError (RuntimeError)               an action that the state of things does not allow
    │   └── NoSuchResultError                     the hoped-for member of a result that is not there
    ├── PluginError (RuntimeError)                a plugin raised, or proposed what the rules refuse
    ├── LoadError (ValueError)                    plain data with faults, all of them at once, each with its path
    └── AccessError (PermissionError)             a caller who may not do this now

A message is lower case, names the value and the rule, and says what to do.
The three stand on the error as well: `value`, `rule` and `remedy`; a long value is cut in the message, and whole on the error.
Days and instants are shown as in ISO 8601, and as what they are where their kind is wrong.
"""

from datetime import date
from decimal import Decimal
from typing import Any


class BillingError(Exception):
    """The root of every error that the library raises on purpose.

    Args:
        value: What was refused, as it came in.
        rule: The rule that it breaks, in lower case.
        remedy: What to do instead.

    Example:
        >>> from billing_domain.errors import InvalidValueError
        >>> print(InvalidValueError(32, "an anchor day is 1 to 31", "give the day of the month"))
        32: an anchor day is 1 to 31; give the day of the month
    """

    def __init__(self, value: Any, rule: str, remedy: str) -> None:
        super().__init__(value, rule, remedy)
        self.args = (value, rule, remedy)  # an error that is an OSError too would drop the third
        self.value = value
        self.rule = rule
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self._shown()}: {self.rule}; {self.remedy}"

    def _shown(self) -> str:
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, date):
            return self.value.isoformat()
        return _short(str(self.value) if isinstance(self.value, Decimal) else repr(self.value))


def _short(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


_LONGEST = 160  # a document or an account in full would hide the rule and the remedy


class InvalidValueError(BillingError, ValueError):
    """A value breaks a rule where it enters."""


class InvalidAmountError(InvalidValueError):
    """An amount, price, quantity or rate is not finite, or has a sign that is not allowed."""


class UnknownCurrencyError(InvalidValueError):
    """A currency is not a code of ISO 4217."""


class CurrencyMismatchError(InvalidValueError):
    """Two currencies meet where there must be one."""


class InvalidPeriodError(InvalidValueError):
    """A period is reversed, empty, or not made of days."""


class NaiveInstantError(InvalidValueError):
    """An instant has no time zone."""


class InvalidTiersError(InvalidValueError):
    """Tiers overlap, leave gaps or go backwards."""


class OutOfOrderError(InvalidValueError):
    """An event lies before the start, after the end, is late without saying so, or ends what had not begun."""


class DuplicateIdError(InvalidValueError):
    """Two different things carry one id."""


class UnknownReferenceError(InvalidValueError, LookupError):
    """An id, code, meter or line is not known here."""


class MissingFactError(UnknownReferenceError):
    """A fact that a condition reads is not known; `value` is its code, and the outcome is UNKNOWN."""


class MissingRateError(InvalidValueError, LookupError):
    """No tax rate, or no price, exists for what is sold on that day."""


class ExceedsLimitError(InvalidValueError):
    """More is asked for than what is left, open, owed or allowed."""


class InvalidTypeError(BillingError, TypeError):
    """A value is of a kind that is never converted silently, such as a float for money; a text is shown in quotes."""

    def _shown(self) -> str:
        return _short(repr(self.value))


class RefusedError(BillingError, RuntimeError):
    """The state of things does not allow the action."""


class NoSuchResultError(RefusedError):
    """The hoped-for member of a result is not there; `value` holds the result itself."""


class PluginError(BillingError, RuntimeError):
    """A plugin raised, or proposed what the rules refuse.

    Args:
        value: What the plugin returned or raised.
        rule: The rule that it breaks.
        remedy: What the author of the plugin can do.
        plugin: The code of the plugin.
        hook: The method that was called.
        field: The field of the answer that is wrong, or an empty text.
    """

    def __init__(self, value: Any, rule: str, remedy: str, plugin: str = "", hook: str = "", field: str = "") -> None:
        super().__init__(value, rule, remedy)
        self.args = (value, rule, remedy, plugin, hook, field)
        self.plugin = plugin
        self.hook = hook
        self.field = field

    def __str__(self) -> str:
        place = ".".join(part for part in (self.hook, self.field) if part)
        return f"plugin {self.plugin!r}, {place}: {super().__str__()}"


class LoadError(BillingError, ValueError):
    """Plain data has faults; `faults` holds all of them as (path, text)."""

    def __init__(self, value: Any, rule: str, remedy: str, faults: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(value, rule, remedy)
        self.args = (value, rule, remedy, faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {path}: {text}" for path, text in self.faults)])


class AccessError(BillingError, PermissionError):
    """The caller may not do this now: another account, a level too low, or expired."""
