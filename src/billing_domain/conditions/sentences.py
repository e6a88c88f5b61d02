"""A condition read back as a sentence, in the reader's language."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing_domain.conditions.combinators import Combination, Join
from billing_domain.conditions.facts import Comparison, Fact
from billing_domain.conditions.kinds import LISTED, Operator
from billing_domain.conditions.phrases import UNITS, language_of, phrases
from billing_domain.conditions.protocols import Condition
from billing_domain.doors import door
from billing_domain.money import Money, format_day, format_number, format_percent, format_price, plural

_ORDERING = frozenset({Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST})


@door
def sentence(condition: Condition, *, locale: str) -> str:
    """Return the condition as one sentence.

    Args:
        condition: The rule.
        locale: Where it is read, such as `lt_LT`; English where there are no words for its language.

    Example:
        >>> from billing_domain.conditions import AUTOPAY, TENURE_MONTHS, all_of
        >>> rule = all_of(TENURE_MONTHS >= 12, AUTOPAY.is_true())
        >>> sentence(rule, locale="en_GB")
        'Tenure is at least 12 months and automatic payment: yes.'
        >>> sentence(rule, locale="lt_LT")
        'Kliento stažas – ne mažiau kaip 12 mėn. ir automatinis mokėjimas: taip.'
    """
    said = clause(condition, locale)
    return f"{said[0].upper()}{said[1:]}".removesuffix(".") + "."


def clause(condition: Condition, locale: str) -> str:
    """Return the condition as a part of a sentence, without a capital and a full stop."""
    if isinstance(condition, Comparison):
        return _comparison(condition, locale)
    if isinstance(condition, Combination):
        return _combination(condition, locale)
    return phrases(locale)["condition"].format(title=title_of(condition, locale))


def title_of(named: Any, locale: str) -> str:
    """Return the title of a fact or a condition in the language of the locale, else in English, else its code.

    Example:
        >>> from billing_domain.conditions import REGION
        >>> title_of(REGION, "lt_LT")
        'regionas'
    """
    titles = dict(getattr(named, "titles", ()))
    return str(titles.get(language_of(locale)) or getattr(named, "title", "") or named.code)


def _combination(condition: Combination, locale: str) -> str:
    words = phrases(locale)
    if condition.join is Join.NOT:
        return words["not"].format(part=_inner(condition.parts[0], locale))
    if condition.join is Join.AT_LEAST:
        parts = "; ".join(_inner(part, locale) for part in condition.parts)
        return words["at_least"].format(number=condition.number, count=len(condition.parts), parts=parts)
    if len(condition.parts) == 1:
        return clause(condition.parts[0], locale)
    return words[condition.join].join(_inner(part, locale) for part in condition.parts)


def _inner(part: Condition, locale: str) -> str:
    said = clause(part, locale)
    return f"({said})" if isinstance(part, Combination) else said


def _comparison(condition: Comparison, locale: str) -> str:
    words, operator, fact = phrases(locale), condition.operator, condition.fact
    title = title_of(fact, locale)
    if operator is Operator.BETWEEN:
        low, high = condition.wanted
        return words["between"].format(fact=title, low=shown(fact, low, locale), high=shown(fact, high, locale))
    if operator in LISTED:
        joint = words["any" if operator is Operator.ONE_OF else "nor"]
        return words[operator].format(fact=title, value=_listed(fact, condition.wanted, joint, locale))
    return words[_phrase(condition)].format(fact=title, value=shown(fact, condition.wanted, locale))


def _listed(fact: Fact[Any], values: Sequence[Any], joint: str, locale: str) -> str:
    return joint.join(shown(fact, value, locale) for value in values)


def _phrase(condition: Comparison) -> str:
    if condition.operator in _ORDERING and isinstance(condition.wanted, date):
        return f"{condition.operator} day"
    if isinstance(condition.wanted, bool) and condition.operator is Operator.IS:
        return "flag"
    return condition.operator.value


def shown(fact: Fact[Any], value: Any, locale: str) -> str:
    """Return a value of a fact as the locale writes it, with its unit.

    Example:
        >>> from billing_domain.conditions import TENURE_MONTHS
        >>> shown(TENURE_MONTHS, 2, "en_GB")
        '2 months'
    """
    match value:
        case bool():
            return phrases(locale)["yes" if value else "no"]
        case int() | Decimal():
            return _quantity(value, fact.unit, locale)
        case Money():
            return format_price(value, locale=locale)
        case date() | timedelta():
            return _time(value, locale)
        case frozenset():
            return ", ".join(_quoted(each, locale) for each in sorted(value)) or "–"
        case _:
            return _quoted(value, locale)


def _quoted(text: str, locale: str) -> str:
    return phrases(locale)["quoted"].format(text=text)


def _quantity(value: Decimal | int, unit: str, locale: str) -> str:
    if unit == "percent":
        return format_percent(value, locale=locale)
    number = format_number(value, locale=locale)
    forms = UNITS[language_of(locale)].get(unit)
    word = plural(Decimal(value), dict(forms), locale=locale) if forms else unit
    return f"{number} {word}".rstrip()


def _time(value: date | timedelta, locale: str) -> str:
    if isinstance(value, timedelta):
        return _span(value, locale)
    day = format_day(value, locale=locale)
    return f"{day} {value:%H:%M:%S} UTC" if isinstance(value, datetime) else day


def _span(value: timedelta, locale: str) -> str:
    if value.seconds or value.microseconds:
        return _quantity(Decimal(value // timedelta(seconds=1)) / 3600, "hour", locale)
    return _quantity(value.days, "day", locale)
