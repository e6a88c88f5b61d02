"""What every estimator refuses before it computes."""

from collections.abc import Sequence
from math import isfinite

from billing_domain.errors import InvalidValueError
from billing_domain.whole import checked_whole


def open_share(value: float, what: str = "a probability") -> float:
    """Return the value if it lies strictly between 0 and 1.

    Raises:
        InvalidValueError: It is 0, 1, outside, or not a number.

    Example:
        >>> from billing_domain.retention.stats.checks import open_share
        >>> open_share(0.95, "a confidence level")
        0.95
    """
    if not 0.0 < value < 1.0:
        raise InvalidValueError(value, f"{what} lies strictly between 0 and 1", "give a share such as 0.95")
    return value


def finite(values: Sequence[float], what: str) -> Sequence[float]:
    """Return the values if each of them is a finite number.

    Raises:
        InvalidValueError: One of them is NaN or infinite.

    Example:
        >>> from billing_domain.retention.stats.checks import finite
        >>> finite([1.0, 2.0], "revenue")
        [1.0, 2.0]
    """
    if not isfinite(sum(values)):
        for index, value in enumerate(values):
            if not isfinite(value):
                raise InvalidValueError(value, f"{what} is a finite number (row {index})", "leave out or repair the row")
    return values


def same_length(what: str, first: Sequence[object], *others: Sequence[object]) -> int:
    """Return the common length of the columns.

    Raises:
        InvalidValueError: They differ, or there are no rows.

    Example:
        >>> from billing_domain.retention.stats.checks import same_length
        >>> same_length("rows", [1, 2], [3, 4])
        2
    """
    if not first:
        raise InvalidValueError(0, f"{what} has at least one row", "give the rows")
    lengths = tuple(len(column) for column in (first, *others))
    if len(set(lengths)) > 1:
        raise InvalidValueError(lengths, f"the columns of {what} have one length", "give one value per row and column")
    return lengths[0]


def counts(part: int, whole: int, what: str = "arm") -> None:
    """Refuse a count that is not between nothing and the whole.

    Raises:
        InvalidTypeError: A count is not a whole number.
        InvalidValueError: The arm is empty, or the part is negative or above the whole.

    Example:
        >>> from billing_domain.retention.stats.checks import counts
        >>> counts(3, 10)
    """
    for number in (part, whole):
        checked_whole(number, f"a count of the {what} is a whole number", "give an int")
    if whole < 1:
        raise InvalidValueError(whole, f"the {what} holds at least one unit", "leave out empty arms")
    if not 0 <= part <= whole:
        raise InvalidValueError(part, f"a count lies between 0 and the size of the {what}, {whole}", "count each unit once")
