"""Saying things: a code and its facts become a sentence in the language of a locale."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.care.phrases.english import ENGLISH
from billing_domain.care.phrases.lithuanian import LITHUANIAN
from billing_domain.care.phrases.protocols import Phrase, Phrasebook
from billing_domain.errors import InvalidTypeError, PluginError
from billing_domain.money import (
    Money,
    format_day,
    format_days,
    format_money,
    format_number,
    format_percent,
    format_price,
    parse_locale,
    plural,
)
from billing_domain.periods import Period

SHIPPED: tuple[Phrasebook, ...] = (LITHUANIAN, ENGLISH)
"""The phrasebooks of this package."""


class Percentage(NamedTuple):
    """A number that is shown as a percentage.

    Args:
        value: 21 for 21 %.
    """

    value: Decimal


class UnitPrice(NamedTuple):
    """An amount that is shown with all its decimals.

    Args:
        value: The price of one unit.
    """

    value: Money


Sayable = str | int | Decimal | date | Money | Period | Percentage | UnitPrice
"""What can stand in a sentence."""


@attrs.frozen
class Words:
    """The words of one locale.

    Args:
        locale: Where it is read, such as `lt_LT`.
        books: Phrasebooks in the order in which they are asked.

    Example:
        >>> Words.of("lt_LT").say("line.days", part=17, count=31)
        '17 iš 31 dienos'
    """

    locale: str
    books: tuple[Phrasebook, ...]

    @classmethod
    def of(cls, locale: str, more: Iterable[Phrasebook] = ()) -> "Words":
        """Return the words of a locale: the given books first, then the shipped ones of its language, then English.

        Raises:
            InvalidValueError: The locale is not known.
            InvalidTypeError: Something given is not a phrasebook.
        """
        language = parse_locale(locale).language
        given = list(more)
        for book in given:
            if not isinstance(book, Phrasebook):
                raise InvalidTypeError(book, "a phrasebook fits the protocol Phrasebook", "give PhraseTable(language, phrases)")
        books = [book for book in (*given, *SHIPPED) if book.language == language]
        return cls(locale, (*books, *([] if ENGLISH in books else [ENGLISH])))

    @property
    def language(self) -> str:
        """The language in which is spoken: that of the locale where a book has it, else English.

        Example:
            >>> Words.of("lt_LT").language, Words.of("de_DE").language
            ('lt', 'en')
        """
        return self.books[0].language

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of the sentences of this package that are said in English, since no book of the language of the locale has them.

        Example:
            >>> Words.of("lt_LT").lacking, len(Words.of("de_DE").lacking) > 100
            ((), True)
        """
        own = [book for book in self.books if book.language == parse_locale(self.locale).language]
        return tuple(code for code, _ in ENGLISH.entries if all(book.phrase(code) is None for book in own))

    def knows(self, code: str) -> bool:
        """Say whether some book has the phrase."""
        return self._phrase(code) is not None

    def _phrase(self, code: str) -> Phrase | None:
        found = (book.phrase(code) for book in self.books)
        return next((phrase for phrase in found if phrase is not None), None)

    def say(self, code: str, /, **facts: Sayable) -> str:
        """Return the sentence; the code with its facts where no book has it.

        Raises:
            PluginError: A phrase asks for a fact that there is not.
        """
        phrase = self._phrase(code)
        shown = {name: self.shown(value) for name, value in facts.items()}
        if phrase is None:
            listed = ", ".join(f"{name} {value}" for name, value in shown.items())
            return f"{code} ({listed})" if listed else code
        if not isinstance(phrase, str):
            count = facts.get("count", 0)
            phrase = plural(count if isinstance(count, int | Decimal) else 0, dict(phrase), locale=self.locale)
        try:
            return phrase.format_map(shown)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise PluginError(
                phrase, f"a phrase names facts that there are: {', '.join(sorted(shown))}", "correct the phrasebook", code, "phrase"
            ) from error

    def shown(self, value: Sayable) -> str:  # noqa: PLR0911  one return a kind
        """Return a fact as the locale writes it."""
        match value:
            case Money():
                return format_money(value, locale=self.locale)
            case UnitPrice():
                return format_price(value.value, locale=self.locale)
            case Percentage():
                return format_percent(value.value, locale=self.locale)
            case Period():
                return format_days(value.start, value.last, locale=self.locale)
            case date():
                return format_day(value, locale=self.locale)
            case str():
                return value
            case _:
                return format_number(value, locale=self.locale)

    def signed(self, value: Money) -> str:
        """Return an amount with its sign, also where it is above zero."""
        shown = self.shown(value)
        return f"+{shown}" if value.amount > 0 else shown
