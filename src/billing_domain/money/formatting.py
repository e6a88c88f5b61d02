"""Amounts, numbers, shares and days as people read them, by Babel with an explicit locale."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date
from babel.dates import format_interval
from babel.numbers import format_currency, format_decimal
from babel.numbers import format_percent as babel_percent
from moneyed import Money

from billing_domain.errors import InvalidValueError
from billing_domain.money.amounts import CONTEXT, HUNDRED, Number, decimals, exact, exponent, to_decimal
from billing_domain.money.rounding import round_money

_T = TypeVar("_T")


@lru_cache(maxsize=256)
def parse_locale(locale: str) -> Locale:
    """Return the Babel locale of a name such as `lt_LT` or `en-GB`.

    Raises:
        InvalidValueError: Babel does not know it.

    Example:
        >>> parse_locale("lt_LT").language
        'lt'
    """
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError, AttributeError):
        raise InvalidValueError(locale, "a locale is one that Babel knows", 'give a name such as "lt_LT"') from None


def _exactly(make: Callable[[], _T]) -> _T:
    with exact():
        return make()


def format_money(value: Money, *, locale: str) -> str:
    """Return the amount as the locale writes it, rounded half up to the currency's decimals first.

    Args:
        value: The amount.
        locale: Where it is read, such as `lt_LT`.

    Example:
        >>> format_money(Money("1234.565", "EUR"), locale="en_IE")
        '€1,234.57'
    """
    rounded = round_money(value)
    return _exactly(lambda: str(format_currency(rounded.amount, rounded.currency.code, locale=parse_locale(locale))))


def format_price(value: Money, *, locale: str) -> str:
    """Return a unit price with all its decimals, at least those of the currency.

    Example:
        >>> format_price(Money("0.0125", "EUR"), locale="en_IE")
        '€0.0125'
    """
    places = max(decimals(value.amount.normalize(CONTEXT)), exponent(value.currency.code))
    pattern = parse_locale(locale).currency_formats["standard"].pattern  # of negative amounts too, where the locale has one for them
    shown = pattern.replace("0.00", "0." + "0" * places if places else "0")
    return _exactly(
        lambda: str(format_currency(value.amount, value.currency.code, shown, locale=parse_locale(locale), currency_digits=False))
    )


def format_number(value: Number, *, locale: str) -> str:
    """Return a quantity with all its decimals and none more.

    Example:
        >>> format_number("4.20", locale="lt_LT")
        '4,2'
    """
    number = to_decimal(value)
    return _exactly(lambda: str(format_decimal(number.normalize(), locale=parse_locale(locale), decimal_quantization=False)))


def format_percent(value: Number, *, locale: str) -> str:
    """Return a percentage with all its decimals.

    Args:
        value: The percentage itself: 21 is shown as 21 %.
        locale: Where it is read.

    Example:
        >>> format_percent("5.5", locale="en_IE")
        '5.5%'
    """
    number = to_decimal(value, "percentage")
    return _exactly(lambda: str(babel_percent((number / HUNDRED).normalize(), locale=parse_locale(locale), decimal_quantization=False)))


def format_day(value: date, *, locale: str) -> str:
    """Return the day in the locale's medium form.

    Example:
        >>> format_day(date(2026, 3, 5), locale="lt_LT")
        '2026-03-05'
    """
    return str(babel_date(value, format="medium", locale=parse_locale(locale)))


_THIN_SPACE = "\u2009"


def format_days(first: date, last: date, *, locale: str) -> str:
    """Return the stretch of days in the locale's form, both ends included.

    Example:
        >>> format_days(date(2026, 3, 5), date(2026, 3, 19), locale="en_GB")
        '5–19 Mar 2026'
    """
    shown = str(format_interval(first, last, skeleton="yMMMd", locale=parse_locale(locale)))
    return shown.replace(_THIN_SPACE, "")  # newer locale data sets some dashes in thin spaces


def plural(number: Decimal | int, forms: dict[str, str], *, locale: str) -> str:
    """Return the form of a word that goes with the number, by the locale's CLDR plural rule.

    Args:
        number: How many.
        forms: The words by CLDR category: `one`, `few`, `many`, `other`; `other` is always there.
        locale: Whose plural rule holds.

    Example:
        >>> plural(21, {"one": "diena", "few": "dienos", "many": "dienos", "other": "dienų"}, locale="lt_LT")
        'diena'
    """
    return forms.get(parse_locale(locale).plural_form(number), forms["other"])
