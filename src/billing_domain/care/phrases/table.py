"""A phrasebook as a table in a Python module."""

from collections.abc import Mapping

import attrs

from billing_domain.care.phrases.protocols import Phrase
from billing_domain.errors import InvalidTypeError, InvalidValueError

Forms = tuple[tuple[str, str], ...]


def _entries(values: Mapping[str, Phrase]) -> tuple[tuple[str, str | Forms], ...]:
    if not isinstance(values, Mapping):
        raise InvalidTypeError(values, "a phrasebook is a mapping from codes to sentences", 'give {"code": "sentence"}')
    found: list[tuple[str, str | Forms]] = []
    for code, phrase in values.items():
        if isinstance(phrase, str):
            found.append((code, phrase))
            continue
        if "other" not in phrase:
            raise InvalidValueError(code, "a phrase with plural forms has the form other", "add it; it serves numbers with decimals too")
        found.append((code, tuple(sorted(phrase.items()))))
    return tuple(sorted(found))


@attrs.frozen
class PhraseTable:
    """The words of one language as a table.

    Args:
        language: The language as in a locale, such as `lt`.
        phrases: Sentences by code, with facts in braces; forms by CLDR plural category where the fact `count` decides.

    Raises:
        InvalidValueError: A phrase with forms lacks the form `other`.

    Example:
        >>> book = PhraseTable("de", {"change.same": "Die Rechnung ist so hoch wie die letzte"})
        >>> book.phrase("change.same")
        'Die Rechnung ist so hoch wie die letzte'
    """

    language: str
    entries: tuple[tuple[str, str | Forms], ...] = attrs.field(converter=_entries, alias="phrases")
    _by_code: dict[str, Phrase] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        by_code: dict[str, Phrase] = {code: phrase if isinstance(phrase, str) else dict(phrase) for code, phrase in self.entries}
        object.__setattr__(self, "_by_code", by_code)

    def phrase(self, code: str) -> Phrase | None:
        """Return the sentence for a code, or None."""
        return self._by_code.get(code)
