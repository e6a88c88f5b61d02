"""The words in which the library speaks to people, and how another language is plugged in."""

from billing_domain.care.phrases.english import ENGLISH
from billing_domain.care.phrases.lithuanian import LITHUANIAN
from billing_domain.care.phrases.protocols import Phrase, Phrasebook
from billing_domain.care.phrases.table import PhraseTable
from billing_domain.care.phrases.words import Percentage, Sayable, UnitPrice, Words

__all__ = ["ENGLISH", "LITHUANIAN", "Percentage", "Phrase", "PhraseTable", "Phrasebook", "Sayable", "UnitPrice", "Words"]
