"""Identifiers: which come from the host, and which derive from content.

Ids of accounts, subscriptions and documents are the host's.
Ids of lines, entries and drafts derive from what they say, so that the same run gives the same ids.
"""

from hashlib import sha256

from billing_domain.errors import InvalidTypeError, InvalidValueError


def content_id(*parts: object) -> str:
    """Return a short id that depends on nothing but the given parts and their order.

    Args:
        *parts: Values whose `str` is stable: text, whole numbers, days, Decimals.

    Returns:
        Sixteen hexadecimal digits.

    Example:
        >>> content_id("S-1", "base") == content_id("S-1", "base")
        True
        >>> content_id("S-1", "base") == content_id("S-1b", "ase")
        False
    """
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in parts)
    return sha256(text.encode()).hexdigest()[:16]


def checked_id(value: object, what: str) -> str:
    """Return the id if it is a text that is not blank.

    Args:
        value: What came in.
        what: What it identifies, for the message.

    Raises:
        InvalidTypeError: It is not a text.
        InvalidValueError: It is blank or has blanks around it.

    Example:
        >>> checked_id("A-1", "account")
        'A-1'
    """
    if not isinstance(value, str):
        raise InvalidTypeError(value, f"the id of {what} is a text", "give the id as str")
    if not value or value != value.strip():
        raise InvalidValueError(repr(value), f"the id of {what} is not blank and has no blanks around it", "give a real id")
    return value


def checked_group(value: object) -> str:
    """Return the name of an invoice group if it is a text with no blanks around it; empty for none.

    Args:
        value: What came in.

    Raises:
        InvalidTypeError: It is not a text.
        InvalidValueError: It has blanks around it.

    Example:
        >>> checked_group("branch-7"), checked_group("")
        ('branch-7', '')
    """
    return checked_id(value, "an invoice group") if value != "" else ""
