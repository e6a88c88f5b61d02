"""Secrets of customers: stored only as salted hashes, compared in constant time, never shown.

A secret that was spoken or typed lives only as long as one call of `attempt`; what comes out of it says whether it was right.
"""

import hashlib
import hmac
import unicodedata
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol, runtime_checkable

import attrs

from billing_domain.accounts import Account
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.periods import checked_day, checked_instant, local_day

SALT_BYTES = 16
CODE_LIFETIME = timedelta(minutes=10)
"""How long a one-time code is good for (NIST SP 800-63B)."""


class FactorCategory(Enum):
    """What sort of proof a factor is; levels count distinct sorts, not the number of questions."""

    KNOWLEDGE = "knowledge"
    """Something that only the customer knows; facts from the bill never count."""
    POSSESSION = "possession"
    """Something that only the customer holds, such as a phone on file."""
    SESSION = "session"
    """A place where the customer has proved it already, such as the logged-in application."""


class FactorKind(Enum):
    """The factors that ship; a host adds its own by the category that they belong to."""

    PIN = "pin"
    ONE_TIME_CODE = "one-time-code"
    CALL_BACK = "call-back"
    APP_SESSION = "app-session"
    OTHER_KNOWLEDGE = "other-knowledge"
    OTHER_POSSESSION = "other-possession"

    @property
    def category(self) -> FactorCategory:
        """What sort of proof it is."""
        return _CATEGORIES[self]

    @property
    def needs_contact(self) -> bool:
        """Whether it rests on a contact on file."""
        return self in {FactorKind.ONE_TIME_CODE, FactorKind.CALL_BACK}


_CATEGORIES = {
    FactorKind.PIN: FactorCategory.KNOWLEDGE,
    FactorKind.OTHER_KNOWLEDGE: FactorCategory.KNOWLEDGE,
    FactorKind.ONE_TIME_CODE: FactorCategory.POSSESSION,
    FactorKind.CALL_BACK: FactorCategory.POSSESSION,
    FactorKind.OTHER_POSSESSION: FactorCategory.POSSESSION,
    FactorKind.APP_SESSION: FactorCategory.SESSION,
}


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


@attrs.frozen
class Scrypt:
    """The standard library's scrypt.

    Args:
        cost: The factor of work, a power of two.
        pepper: A secret of the host that is not stored beside the digests; empty for none.

    Example:
        >>> len(Scrypt(cost=2**4).derive(b"1234", b"0123456789abcdef"))
        32
    """

    code = "scrypt"
    cost: int = 2**14
    pepper: bytes = attrs.field(default=b"", repr=False, metadata={"secret": True})

    def derive(self, secret: bytes, salt: bytes) -> bytes:
        """Return 32 bytes."""
        return hashlib.scrypt(secret + self.pepper, salt=salt, n=self.cost, r=8, p=1, dklen=32, maxmem=2048 * (self.cost + 4))


def _normal(secret: str) -> bytes:
    if not isinstance(secret, str):
        raise InvalidTypeError(type(secret).__name__, "a secret is text", "give what was spoken or typed")
    return unicodedata.normalize("NFKC", secret).encode()


@attrs.frozen
class Enrolment:
    """A factor that a customer has set up: a salted hash and nothing else of the secret.

    Args:
        account_id: Whose it is.
        factor: Which factor.
        salt: Random bytes from the host, at least 16.
        digest: What the verifier made of the secret.
        since: The day from which it is on file.
        verifier: The code of the verifier.
        contact: For a one-time code or a call-back: the contact that it went to.
        expires: For a one-time code: the last instant at which it is good; None for a lasting secret.
        holder: Who proves himself with it: the account's holder where empty, else a representative.
    """

    account_id: str
    factor: FactorKind
    salt: bytes = attrs.field(repr=False, metadata={"secret": True})
    digest: bytes = attrs.field(repr=False, metadata={"secret": True})
    since: date
    verifier: str = "scrypt"
    contact: str = attrs.field(default="", repr=False)
    expires: datetime | None = None
    holder: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.account_id, "an account")
        checked_day(self.since, "the day of an enrolment")
        if len(self.salt) < SALT_BYTES:
            raise InvalidValueError(
                f"{len(self.salt)} bytes", f"a salt has at least {SALT_BYTES} random bytes", "draw them with secrets.token_bytes(16)"
            )
        if self.factor.needs_contact and not self.contact:
            raise InvalidValueError(self.factor.value, "this factor goes to a contact on file", "say which contact")


def enrol(
    secret: str,
    *,
    account_id: str,
    factor: FactorKind,
    salt: bytes,
    since: date,
    verifier: SecretVerifier | None = None,
    contact: str = "",
    expires: datetime | None = None,
    holder: str = "",
) -> Enrolment:
    """Return a factor as it is stored; the secret itself is not kept.

    Args:
        secret: What the customer chose, or the code that was sent.
        account_id: Whose it is.
        factor: Which factor.
        salt: At least 16 random bytes, drawn by the host.
        since: The day from which it is on file.
        verifier: How it is hashed; the standard library's scrypt where None.
        contact: The contact that a code was sent to.
        expires: The last instant at which a code is good.
        holder: Who proves himself with it, where not the account's holder.

    Raises:
        InvalidValueError: The secret is empty, or the salt too short.
    """
    if not _normal(secret):
        raise InvalidValueError("an empty secret", "a secret is not empty", "let the customer choose one")
    used = verifier or Scrypt()
    return Enrolment(account_id, factor, salt, used.derive(_normal(secret), salt), since, used.code, contact, expires, holder)


@attrs.frozen
class Attempt:
    """One try to prove who is calling: whether it was right, and nothing of what was said.

    Args:
        account_id: The account that was named.
        factor: Which factor.
        passed: Whether it was right.
        at: When.
        contact: The contact that the factor rests on.
        holder: Who tried, where not the account's holder.
        agent: Who took the call; empty where a machine did.
    """

    account_id: str
    factor: FactorKind
    passed: bool
    at: datetime
    contact: str = attrs.field(default="", repr=False)
    holder: str = ""
    agent: str = ""

    def __attrs_post_init__(self) -> None:
        checked_instant(self.at, "the instant of an attempt")

    def rests_on(self, account: Account, days: int) -> bool:
        """Say whether the contact it went to is on the account and has been for so many days."""
        if not self.factor.needs_contact:
            return True
        today = local_day(self.at, account.zone)
        return any(
            contact.value == self.contact and contact.since is not None and contact.since + timedelta(days=days) <= today
            for contact in account.contacts
        )


def attempt(
    enrolment: Enrolment | None,
    secret: str,
    *,
    account_id: str,
    factor: FactorKind,
    at: datetime,
    verifier: SecretVerifier | None = None,
    agent: str = "",
) -> Attempt:
    """Return whether a secret is right; unknown accounts and factors cost the same work and look the same.

    Args:
        enrolment: What is stored; None where nothing is, or the account is not known.
        secret: What was spoken or typed; it is not kept.
        account_id: The account that was named.
        factor: Which factor was tried.
        at: When.
        verifier: How secrets are hashed.
        agent: Who took the call.
    """
    used = verifier or Scrypt()
    salt, digest = (enrolment.salt, enrolment.digest) if enrolment is not None else (b"\0" * SALT_BYTES, b"")
    same = hmac.compare_digest(used.derive(_normal(secret), salt), digest)
    known = enrolment is not None and enrolment.account_id == account_id and enrolment.factor is factor and enrolment.verifier == used.code
    fresh = enrolment is None or enrolment.expires is None or checked_instant(at, "the instant of an attempt") <= enrolment.expires
    contact, holder = ("", "") if enrolment is None else (enrolment.contact, enrolment.holder)
    return Attempt(account_id, factor, same and known and fresh, at, contact, holder, agent)
