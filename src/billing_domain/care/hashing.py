"""Hashing of secrets: slow, salted, and by a plugin where a host has a better one."""

import hashlib
import hmac
import unicodedata
from typing import Any, NoReturn, Protocol, runtime_checkable

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError, InvalidValueError, PluginError, RefusedError
from billing_domain.whole import checked_whole

LONGEST_SECRET = 1_000


def refuse_pickle(value: object) -> NoReturn:
    """Refuse to pickle a value that holds a secret or what is stored of one.

    Raises:
        RefusedError: Always.
    """
    raise RefusedError(type(value).__name__, "a secret is never pickled", "keep it where secrets are kept, and hand on its id")


@runtime_checkable
class SecretVerifier(Protocol):
    """**Protocol:** turns a secret and a salt into a digest that is slow to guess.

    Called once for each attempt, also for unknown accounts, so that both take the same time.
    """

    @property
    def code(self) -> str:
        """The name under which stored digests remember it."""
        ...

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return the digest."""
        ...


@guarded
@attrs.frozen
class Scrypt:
    """The standard library's scrypt.

    Args:
        cost: The factor of work, a power of two; it is part of the code, so that a dearer one does not break what is stored.
        pepper: A secret of the host that is not stored beside the digests; empty for none. Without it a PIN of four digits
            is guessed in minutes by whoever has the digest.

    Raises:
        InvalidValueError: The cost is not a power of two above one.

    Example:
        >>> verifier = Scrypt(cost=2**4)
        >>> verifier.code, len(verifier.derive(b"1234", b"0123456789abcdef"))
        ('scrypt-16', 32)

    Source: OWASP asks for 2**17 where the machine bears it; 2**14 takes about a tenth of a second.
    """

    cost: int = 2**14
    pepper: bytes = attrs.field(default=b"", repr=False, metadata={"secret": True})

    def __attrs_post_init__(self) -> None:
        checked_whole(self.cost, "the cost of scrypt is a whole number", "give 2**14")
        if self.cost < 2 or self.cost & (self.cost - 1):
            raise InvalidValueError(self.cost, "the cost of scrypt is a power of two above one", "give 2**14 or 2**17")

    @property
    def code(self) -> str:
        """The name under which stored digests remember it."""
        return f"scrypt-{self.cost}"

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        peppered = hmac.digest(self.pepper, secret, "sha256") if self.pepper else secret
        return hashlib.scrypt(peppered, salt=salt, n=self.cost, r=8, p=1, dklen=32, maxmem=2048 * (self.cost + 4))

    def __reduce__(self) -> tuple[Any, ...]:
        if self.pepper:
            refuse_pickle(self)
        return (Scrypt, (self.cost,))


def normal(secret: str) -> bytes:
    """Return a secret in the one form in which it is hashed (Unicode NFKC), however it was composed.

    Raises:
        InvalidTypeError: It is not a text; the message does not show it.
        InvalidValueError: It is longer than a thousand characters.
    """
    if not isinstance(secret, str):
        raise InvalidTypeError(type(secret).__name__, "a secret is text", "give what was spoken or typed")
    if len(secret) > LONGEST_SECRET:
        raise InvalidValueError(f"{len(secret)} characters", f"a secret has at most {LONGEST_SECRET}", "refuse it where it is typed")
    return unicodedata.normalize("NFKC", secret).encode(errors="surrogatepass")  # an error of encoding would carry the secret


def derived(verifier: SecretVerifier, secret: str, salt: bytes) -> bytes:
    """Return the digest of a secret by a verifier.

    Raises:
        PluginError: The verifier raised, or returned something else than bytes; what it raised may hold the secret and is not told.
    """
    given = normal(secret)
    try:
        digest = verifier.derive(given, salt)
    except Exception as error:  # noqa: BLE001  whatever a plugin raises
        failed = type(error).__name__
    else:
        if isinstance(digest, bytes) and digest:
            return digest
        failed = type(digest).__name__
    raise PluginError(failed, "a verifier returns bytes", "mend the verifier", verifier.code, "derive")
