"""Whole numbers: counts, versions and days, never floats, texts or truth values."""

from billing_domain.errors import InvalidTypeError, InvalidValueError


def checked_whole(value: object, rule: str, remedy: str, *, least: int | None = None) -> int:
    """Return the value if it is a whole number.

    `True` and `False` are none, although Python counts them among the integers, and neither is 3.0.

    Args:
        value: What came in.
        rule: What is counted in whole numbers, for the message.
        remedy: What to give instead.
        least: The smallest number that is allowed; None for any.

    Raises:
        InvalidTypeError: It is no whole number.
        InvalidValueError: It is below the least.

    Example:
        >>> checked_whole(3, "free events are counted in whole numbers", "give a whole number")
        3
        >>> checked_whole(3.0, "free events are counted in whole numbers", "give a whole number")
        Traceback (most recent call last):
        billing_domain.errors.InvalidTypeError: 3.0: free events are counted in whole numbers; give a whole number
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidTypeError(value, rule, remedy)
    if least is not None and value < least:
        raise InvalidValueError(value, rule, remedy)
    return value
