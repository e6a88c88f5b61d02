"""Secrets of customers: stored only as salted hashes, compared in constant time, never shown.

A secret that was spoken or typed lives only as long as one call of `attempt`; what comes out of it says whether it was right.
"""

import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from billing_domain.accounts import Account
from billing_domain.care.factors import FactorKind
from billing_domain.care.hashing import Scrypt, SecretVerifier, derived, normal, refuse_pickle
from billing_domain.doors import door, guarded
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.instants import utc
from billing_domain.periods import checked_day, checked_instant, local_day

SALT_BYTES = 16
CODE_LIFETIME = timedelta(minutes=10)
"""How long a one-time code is good for (NIST SP 800-63B); a code by letter takes longer."""


@guarded
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
        used: When a one-time code was used; it is wrong from then on.

    Raises:
        InvalidTypeError: The factor is not a FactorKind.
        InvalidValueError: The salt is too short, the factor is a mere record, or a contact or the end of a one-time code is missing.
    """

    account_id: str
    factor: FactorKind
    salt: bytes = attrs.field(repr=False, metadata={"secret": True})
    digest: bytes = attrs.field(repr=False, metadata={"secret": True})
    since: date
    verifier: str = Scrypt().code
    contact: str = attrs.field(default="", repr=False)
    expires: datetime | None = None
    holder: str = ""
    used: datetime | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.account_id, "an account")
        _checked_factor(self.factor)
        if not self.factor.category.proves:
            raise InvalidValueError(self.factor.code, "what stands on a bill is no secret", "enrol a factor that only the customer has")
        checked_day(self.since, "the day of an enrolment")
        if len(self.salt) < SALT_BYTES:
            raise InvalidValueError(
                f"{len(self.salt)} bytes", f"a salt has at least {SALT_BYTES} random bytes", "draw them with secrets.token_bytes(16)"
            )
        if self.factor.needs_contact and not self.contact:
            raise InvalidValueError(self.factor.code, "this factor goes to a contact on file", "say which contact")
        if self.factor.one_time and self.expires is None:
            raise InvalidValueError(self.factor.code, "a one-time code runs out", "give expires=at + CODE_LIFETIME")
        for instant in (self.expires, self.used):
            if instant is not None:
                checked_instant(instant, "an instant of an enrolment")

    def spend(self, at: datetime) -> "Enrolment":
        """Return it as used: a one-time code that was right is stored so, and never right again."""
        return attrs.evolve(self, used=at)

    def good(self, at: datetime) -> bool:
        """Say whether it may still be used: neither run out nor, for a one-time code, used."""
        spent = self.factor.one_time and self.used is not None
        return not spent and (self.expires is None or utc(at) <= utc(self.expires))

    def __reduce__(self) -> tuple[Any, ...]:
        refuse_pickle(self)


def _checked_factor(factor: FactorKind) -> None:
    if not isinstance(factor, FactorKind):
        raise InvalidTypeError(factor, "a factor is a FactorKind", "give FactorKind.PIN, another constant, or your own")


@door
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
    if not normal(secret).strip():
        raise InvalidValueError("an empty secret", "a secret is not empty", "let the customer choose one")
    used = verifier or Scrypt()
    return Enrolment(account_id, factor, salt, derived(used, secret, salt), since, used.code, contact, expires, holder)


@guarded
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
        call: The host's id of the call or visit; only what is passed in the call itself counts for it, failures count in all.
    """

    account_id: str
    factor: FactorKind
    passed: bool
    at: datetime
    contact: str = attrs.field(default="", repr=False)
    holder: str = ""
    agent: str = ""
    call: str = ""

    def __attrs_post_init__(self) -> None:
        _checked_factor(self.factor)
        if not isinstance(self.passed, bool):
            raise InvalidTypeError(self.passed, "an attempt was right or wrong", "give True or False")
        checked_instant(self.at, "the instant of an attempt")

    def rests_on(self, account: Account, days: int) -> bool:
        """Say whether the contact it went to is on the account, is of the one who tried, and has been there for so many days."""
        if not self.factor.needs_contact:
            return True
        today = local_day(self.at, account.zone)
        return any(
            contact.value == self.contact
            and contact.name == self.holder
            and contact.since is not None
            and contact.since + timedelta(days=days) <= today
            for contact in account.contacts
        )


@door
def attempt(
    enrolment: Enrolment | None,
    secret: str,
    *,
    account_id: str,
    factor: FactorKind,
    at: datetime,
    verifier: SecretVerifier | None = None,
    older: Iterable[SecretVerifier] = (),
    agent: str = "",
    call: str = "",
) -> Attempt:
    """Return whether a secret is right; unknown accounts and factors cost the same work and look the same.

    Ask `verify` before taking one: an attempt that is made while a wait or a lock runs never counts as passed.
    Where a one-time code was right, store `enrolment.spend(at)`.

    Args:
        enrolment: What is stored; None where nothing is, or the account is not known.
        secret: What was spoken or typed; it is not kept.
        account_id: The account that was named.
        factor: Which factor was tried.
        at: When.
        verifier: How secrets are hashed now.
        older: How they were hashed before; what is stored says by which. Enrol anew once such a secret was right.
        agent: Who took the call.
        call: The host's id of the call or visit.

    Raises:
        PluginError: The verifier raised.
    """
    known = {found.code: found for found in (*older, verifier or Scrypt())}
    used = known.get(enrolment.verifier if enrolment is not None else "", verifier or Scrypt())
    salt, digest = (enrolment.salt, enrolment.digest) if enrolment is not None else (b"\0" * SALT_BYTES, b"\0" * SALT_BYTES)
    same = hmac.compare_digest(derived(used, secret, salt), digest)
    checked_instant(at, "the instant of an attempt")
    meant = enrolment is not None and (enrolment.account_id, enrolment.factor, enrolment.verifier) == (account_id, factor, used.code)
    good = enrolment is not None and enrolment.good(at)
    contact, holder = ("", "") if enrolment is None else (enrolment.contact, enrolment.holder)
    return Attempt(account_id, factor, same and meant and good, at, contact, holder, agent, call)
