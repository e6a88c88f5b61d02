"""Contracts of review checks, phrasebooks and verifiers of secrets."""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any, ClassVar, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.billing import AccountSnapshot
from billing_domain.care import Phrasebook, ReviewCheck, ReviewFinding, SecretVerifier
from billing_domain.care.phrases import ENGLISH, Phrase
from billing_domain.care.reviewing import case_of
from billing_domain.errors import RefusedError
from billing_domain.money import exact, parse_locale
from billing_domain.testing.builders import rules
from billing_domain.testing.plugin_contract import PluginContract, copied, shared
from billing_domain.testing.strategies import snapshots

SAID: Mapping[str, Phrase] = {code: ENGLISH.phrase(code) or "" for code, _ in ENGLISH.entries}
"""What the library says, by code."""

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})


class Reviewed(NamedTuple):
    """What a review check is asked about.

    Args:
        snapshot: The account with its documents.
        as_of: The day of the review.
    """

    snapshot: AccountSnapshot
    as_of: date


class ReviewCheckContract(PluginContract):
    """What a review check promises: findings and nothing else, with amounts that are not negative, for every account.

    Set `asked` to a strategy of `Reviewed` accounts with what the check looks for.

    Example:
        >>> from billing_domain.care.checks import STANDARD_CHECKS
        >>> class TestFirst(ReviewCheckContract):
        ...     plugin = STANDARD_CHECKS[0]
        >>> TestFirst().test_it_finds_amounts_that_are_not_negative()
    """

    plugin: ClassVar[ReviewCheck]
    asked: ClassVar[st.SearchStrategy[Reviewed]] = st.builds(Reviewed, snapshots(), st.dates(date(2026, 3, 1), date(2026, 9, 1)))

    @staticmethod
    def ask(plugin: ReviewCheck, question: Reviewed) -> list[ReviewFinding]:
        """Ask what is found."""
        return list(plugin.check(case_of(question.snapshot, question.as_of, rules())))

    @shared
    @given(st.data())
    def test_it_yields_findings(self, data: st.DataObject) -> None:
        """Whatever the account: findings, none among them, and nothing raised."""
        with exact():
            for finding in self.ask(self.plugin, self.draw(data)):
                assert isinstance(finding, ReviewFinding), "yield ReviewFinding(...)"

    @shared
    @given(st.data())
    def test_it_finds_amounts_that_are_not_negative(self, data: st.DataObject) -> None:
        """Who is harmed is said by the direction."""
        for finding in self.sound(self.draw(data)) or ():
            if isinstance(finding, ReviewFinding):
                assert finding.found_amount >= 0, "an amount is not negative; say by the direction who is harmed"


class PhrasebookContract(PluginContract):
    """What a phrasebook promises: sentences with named places in one language, and silence about codes that it does not know.

    Set `codes` to the codes that it has beside those of the library.

    Example:
        >>> from billing_domain.care import PhraseTable
        >>> class TestGerman(PhrasebookContract):
        ...     plugin = PhraseTable("de", {"change.same": "Die Rechnung ist so hoch wie die letzte"})
        >>> TestGerman().test_its_sentences_have_named_places()
    """

    plugin: ClassVar[Phrasebook]
    codes: ClassVar[tuple[str, ...]] = ()

    @staticmethod
    def ask(plugin: Phrasebook, question: str) -> Any:
        """Ask for the sentence of a code."""
        return plugin.phrase(question)

    @classmethod
    def questions(cls) -> st.SearchStrategy[str]:
        """Return codes: its own, those of the library, and some that nobody knows."""
        return st.sampled_from([*cls.codes, *sorted(SAID), "kit:unknown", ""])

    def test_its_code_has_a_namespace(self) -> None:
        """A book is found by its language, which a locale begins with."""
        assert parse_locale(self.plugin.language).language == self.plugin.language, "a language is told as in a locale, such as 'lt'"

    def test_it_is_silent_where_it_knows_nothing(self) -> None:
        """For a code of others it returns None, so that the next book is asked."""
        assert self.plugin.phrase("kit:unknown") is None, "return None for a code that the book does not have"

    def test_its_sentences_have_named_places(self) -> None:
        """A sentence, or its forms by plural category with `other` among them; every place in it has the name of a fact."""
        for code in (*self.codes, *SAID):
            _check_phrase(code, self.sound(code))

    def test_it_asks_for_no_fact_that_is_not_there(self) -> None:
        """A sentence of the library is told with the facts of the library."""
        for code, said in SAID.items():
            phrase = self.sound(code)
            known = _names(said) | {"count"}
            assert phrase is None or _names(phrase) <= known, f"{code} has only the facts {', '.join(sorted(known))}"


def _check_phrase(code: str, phrase: Any) -> None:
    if isinstance(phrase, Mapping):
        assert "other" in phrase, f"the forms of {code} have the form other"
        assert phrase.keys() <= PLURALS, f"the forms of {code} are named by the CLDR plural categories"
    for sentence in phrase.values() if isinstance(phrase, Mapping) else [phrase or ""]:
        assert isinstance(sentence, str), "return a sentence, its forms, or None"
        places = [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]
        assert all([name.isidentifier() for name in places]), f"places of {code} are named after facts, as in {{amount}}"


def _names(phrase: Any) -> set[str]:
    sentences = phrase.values() if isinstance(phrase, Mapping) else [phrase]
    return {name for sentence in sentences for _, name, _, _ in Formatter().parse(str(sentence)) if name and name.isidentifier()}


class Secret(NamedTuple):
    """What a verifier is asked about.

    Args:
        secret: The secret.
        salt: The salt.
    """

    secret: bytes
    salt: bytes


class SecretVerifierContract(PluginContract):
    """What a verifier of secrets promises: a digest that depends on all of the secret and the salt, and shows neither.

    Example:
        >>> from billing_domain.care import Scrypt
        >>> class TestScrypt(SecretVerifierContract):
        ...     plugin = Scrypt(cost=2)
        >>> TestScrypt().test_another_salt_gives_another_digest()
    """

    plugin: ClassVar[SecretVerifier]
    asked: ClassVar[st.SearchStrategy[Secret]] = st.builds(
        Secret, st.binary(min_size=4, max_size=64), st.binary(min_size=16, max_size=32)
    )  # fmt: skip

    @staticmethod
    def ask(plugin: SecretVerifier, question: Secret) -> bytes:
        """Ask for the digest."""
        return plugin.derive(question.secret, question.salt)

    def test_it_travels_to_another_process(self) -> None:
        """It pickles to an equal one, or refuses to: what holds a secret of the host is never pickled."""
        try:
            assert copied(self.plugin) == self.plugin, "make it a frozen class at the top of a module"
        except RefusedError:
            return

    @shared
    @given(st.data())
    def test_it_answers_with_a_digest(self, data: st.DataObject) -> None:
        """At least 16 bytes, in which the secret does not stand."""
        asked = self.draw(data)
        digest = self.ask(self.plugin, asked)
        assert isinstance(digest, bytes), "return bytes"
        assert len(digest) >= 16, "a digest has 16 bytes or more"
        assert asked.secret not in digest, "a digest does not show the secret"

    @shared
    @given(st.data())
    def test_another_secret_gives_another_digest(self, data: st.DataObject) -> None:
        """Every byte of the secret counts, the last too."""
        asked = self.draw(data)
        other = asked.secret[:-1] + bytes([asked.secret[-1] ^ 1])
        assert self.ask(self.plugin, asked) != self.ask(self.plugin, asked._replace(secret=other)), "every byte of the secret counts"

    @shared
    @given(st.data())
    def test_another_salt_gives_another_digest(self, data: st.DataObject) -> None:
        """Two customers with one PIN have two digests."""
        asked = self.draw(data)
        other = asked.salt[:-1] + bytes([asked.salt[-1] ^ 1])
        assert self.ask(self.plugin, asked) != self.ask(self.plugin, asked._replace(salt=other)), "the salt counts"
