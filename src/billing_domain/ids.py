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


def checked_id(value: object, what: str, *, name: str = "id") -> str:
    """Return the id if it is a text that is not blank.

    Args:
        value: What came in.
        what: What it identifies, for the message.
        name: What it is called there: `number` for documents.

    Raises:
        InvalidTypeError: It is not a text.
        InvalidValueError: It is blank or has blanks around it.

    Example:
        >>> checked_id("A-1", "account")
        'A-1'
    """
    if not isinstance(value, str):
        raise InvalidTypeError(value, f"the {name} of {what} is a text", f"give the {name} as str")
    if not value or value != value.strip():
        raise InvalidValueError(repr(value), f"the {name} of {what} is not blank and has no blanks around it", f"give a real {name}")
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


def checked_scheme(scheme: str, number: str, what: str) -> str:
    """Return what sort of number an identifier is, if it is one word and stands beside a number; empty for none.

    Which codes there are, the lists of the document standard say; they change without the library.

    Args:
        scheme: The code of a list, such as `0088` for a GLN.
        number: The identifier itself.
        what: What it identifies, for the message.

    Raises:
        InvalidValueError: There is a scheme and no number, or blanks are in the scheme.

    Example:
        >>> checked_scheme("0088", "4012345000009", "a party")
        '0088'
    """
    if scheme and not number:
        raise InvalidValueError(scheme, f"the scheme of {what} says what sort of number it is", "give the number too, or leave both out")
    if "".join(scheme.split()) != scheme:
        raise InvalidValueError(repr(scheme), f"the scheme of {what} is a code without blanks", 'give one such as "0088"')
    return scheme


def coded_id(value: tuple[str, str] | None, what: str) -> tuple[str, str] | None:
    """Return scheme and number if both are stated, each a text; None for none.

    Args:
        value: What came in.
        what: What the two identify, for the message.

    Raises:
        InvalidTypeError: It is no pair of texts.
        InvalidValueError: One of the two is blank, or there are blanks in the scheme.

    Example:
        >>> coded_id(("0088", "4012345000009"), "an electronic address")
        ('0088', '4012345000009')
    """
    if value is None:
        return None
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise InvalidTypeError(value, f"{what} is a scheme and a number", 'give a pair such as ("0088", "4012345000009")')
    scheme, number = value
    for part in (scheme, number):
        checked_id(part, what)
    return checked_scheme(scheme, number, what), number
