"""What a host plugs in for another language: the words, and nothing else."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

Phrase = str | Mapping[str, str]
"""A sentence with places for facts in braces; or its forms by the CLDR plural category of the fact `count`."""


@runtime_checkable
class Phrasebook(Protocol):
    """**Protocol:** the words of one language, or the words that a plugin adds to it.

    Called for each sentence that is said in its language, with a code such as `driver.overage.new`; a code that it does not know is looked
    up in the next book, then in English, and is shown with its facts where nobody knows it.
    """

    @property
    def language(self) -> str:
        """The language as in a locale, such as `lt`."""
        ...

    def phrase(self, code: str) -> Phrase | None:
        """Return the sentence for a code, or None where the book does not have it."""
        ...
