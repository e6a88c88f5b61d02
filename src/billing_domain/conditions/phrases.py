"""The words for conditions in English and Lithuanian; a value stands in the nominative or as a figure, so no word is inflected."""

from collections.abc import Mapping
from types import MappingProxyType

from billing_domain.money import parse_locale

ENGLISH = {
    "==": "{fact} is {value}",
    "!=": "{fact} is not {value}",
    "<": "{fact} is less than {value}",
    "<=": "{fact} is at most {value}",
    ">": "{fact} is more than {value}",
    ">=": "{fact} is at least {value}",
    "between": "{fact} is from {low} to {high}",
    "in": "{fact} is {value}",
    "not in": "{fact} is neither {value}",
    "contains": "{fact} includes {value}",
    "lacks": "{fact} does not include {value}",
    "< day": "{fact} is before {value}",
    "<= day": "{fact} is {value} or earlier",
    "> day": "{fact} is after {value}",
    ">= day": "{fact} is {value} or later",
    "flag": "{fact}: {value}",
    "condition": "“{title}” holds",
    "all": " and ",
    "any": " or ",
    "nor": " nor ",
    "not": "it is not so that {part}",
    "at_least": "at least {number} of these {count} hold: {parts}",
    "quoted": "“{text}”",
    "yes": "yes",
    "no": "no",
    "short": "{fact}: {observed}, short by {distance}",
    "over": "{fact}: {observed}, over by {distance}",
    "miss": "{fact}: {observed}; wanted: {rule}",
    "unknown": "{fact} is not known",
    "unmet": "“{title}” does not hold",
    "met": "“{title}” holds, and should not",
    "foreign": "{fact}: {observed} is in another currency; wanted: {rule}",
}

LITHUANIAN = {
    "==": "{fact} – {value}",
    "!=": "{fact} – ne {value}",
    "<": "{fact} – mažiau kaip {value}",
    "<=": "{fact} – ne daugiau kaip {value}",
    ">": "{fact} – daugiau kaip {value}",
    ">=": "{fact} – ne mažiau kaip {value}",
    "between": "{fact} – nuo {low} iki {high}",
    "in": "{fact} – {value}",
    "not in": "{fact} – nei {value}",
    "contains": "{fact} – tarp jų {value}",
    "lacks": "{fact} – tarp jų nėra {value}",
    "< day": "{fact} – anksčiau kaip {value}",
    "<= day": "{fact} – ne vėliau kaip {value}",
    "> day": "{fact} – vėliau kaip {value}",
    ">= day": "{fact} – ne anksčiau kaip {value}",
    "flag": "{fact}: {value}",
    "condition": "tenkinama sąlyga „{title}“",
    "all": " ir ",
    "any": " arba ",
    "nor": " nei ",
    "not": "netiesa, kad {part}",
    "at_least": "tenkinamos bent {number} iš {count} sąlygų: {parts}",
    "quoted": "„{text}“",
    "yes": "taip",
    "no": "ne",
    "short": "{fact}: {observed}, trūksta {distance}",
    "over": "{fact}: {observed}, viršyta {distance}",
    "miss": "{fact}: {observed}; reikia: {rule}",
    "unknown": "nežinoma: {fact}",
    "unmet": "netenkinama sąlyga „{title}“",
    "met": "tenkinama sąlyga „{title}“, o neturi būti tenkinama",
    "foreign": "{fact}: {observed} – kita valiuta; reikia: {rule}",
}

UNITS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "en": {
        "month": {"one": "month", "other": "months"},
        "day": {"one": "day", "other": "days"},
        "hour": {"one": "hour", "other": "hours"},
    },
    "lt": {"month": {"other": "mėn."}, "day": {"other": "d."}, "hour": {"other": "val."}},
}

_PHRASES = {"en": MappingProxyType(ENGLISH), "lt": MappingProxyType(LITHUANIAN)}


def language_of(locale: str) -> str:
    """Return the language to write in: that of the locale where there are words for it, else English.

    Example:
        >>> language_of("lt_LT"), language_of("de_DE")
        ('lt', 'en')
    """
    language = parse_locale(locale).language
    return language if language in _PHRASES else "en"


def phrases(locale: str) -> Mapping[str, str]:
    """Return the phrases for a locale.

    Example:
        >>> phrases("lt_LT")["yes"]
        'taip'
    """
    return _PHRASES[language_of(locale)]
