"""Factors: the ways in which somebody proves who is calling, as open values to which hosts add their own."""

from enum import Enum
from typing import ClassVar

import attrs

from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id


class FactorCategory(Enum):
    """What sort of proof a factor is; levels count distinct sorts, not the number of questions."""

    KNOWLEDGE = "knowledge"
    """Something that only the customer knows; facts from the bill are not: they are a `RECORD`."""
    POSSESSION = "possession"
    """Something that only the customer holds, such as a phone on file."""
    SESSION = "session"
    """A place where the customer has proved it already, such as the logged-in application."""
    INHERENCE = "inherence"
    """What the customer is, such as a voice that a machine of the host compares."""
    RECORD = "record"
    """What stands on a bill or in a register: it finds an account and proves nothing (47 CFR 64.2003, NIST SP 800-63B)."""

    @property
    def proves(self) -> bool:
        """Whether it raises a level."""
        return self is not FactorCategory.RECORD


PROVING = tuple(category for category in FactorCategory if category.proves)
"""The sorts of proof that raise a level."""


@attrs.frozen
class FactorKind:
    """A factor: an open value, to which hosts add their own.

    Args:
        code: A short code; a host's has a prefix, such as `acme:passkey`. Failures are counted by factor.
        category: What sort of proof it is.
        needs_contact: Whether it rests on a contact on file, which must have been there for a while.
        one_time: Whether a secret of it is good once, and for a stated time.
        releases: Whether the company reaches the customer by it, as by a call-back or a letter, so that passing it ends a lock.

    Raises:
        InvalidTypeError: The category is of another kind.
        InvalidValueError: It releases without a contact on file: whoever locked the account could then release it.

    Example:
        >>> passkey = FactorKind("acme:passkey", FactorCategory.POSSESSION)
        >>> passkey.category.proves, FactorKind.ACCOUNT_FACTS.category.proves
        (True, False)
    """

    code: str
    category: FactorCategory
    needs_contact: bool = False
    one_time: bool = False
    releases: bool = False

    PIN: ClassVar["FactorKind"]
    ONE_TIME_CODE: ClassVar["FactorKind"]
    CALL_BACK: ClassVar["FactorKind"]
    LETTER: ClassVar["FactorKind"]
    APP_SESSION: ClassVar["FactorKind"]
    ACCOUNT_FACTS: ClassVar["FactorKind"]

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a factor")
        if not isinstance(self.category, FactorCategory):
            raise InvalidTypeError(self.category, "the category of a factor is a FactorCategory", "give FactorCategory.POSSESSION")
        if self.releases and not self.needs_contact:
            raise InvalidValueError(self.code, "a factor that ends a lock goes to a contact on file", "set needs_contact")


FactorKind.PIN = FactorKind("pin", FactorCategory.KNOWLEDGE)
"""A PIN or password."""
FactorKind.ONE_TIME_CODE = FactorKind("one-time-code", FactorCategory.POSSESSION, needs_contact=True, one_time=True)
"""A code that was sent to a contact on file."""
FactorKind.CALL_BACK = FactorKind("call-back", FactorCategory.POSSESSION, needs_contact=True, releases=True)
"""The company rang a number on file, and the customer answered."""
FactorKind.LETTER = FactorKind("letter", FactorCategory.POSSESSION, needs_contact=True, one_time=True, releases=True)
"""A code that was written to a postal address on file."""
FactorKind.APP_SESSION = FactorKind("app-session", FactorCategory.SESSION)
"""The customer is logged in to the application."""
FactorKind.ACCOUNT_FACTS = FactorKind("account-facts", FactorCategory.RECORD)
"""Amounts, dates and names that stand on the bill; recorded where they are asked, and never a proof."""
