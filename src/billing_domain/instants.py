"""Instants and spans: aware, and compared on one clock.

Python compares and subtracts two datetimes of one zone by what the clock on the wall shows, so an hour is lost or doubled
where clocks change. Order and distance of instants are asked here, not by operators.
"""

from datetime import UTC, datetime, timedelta

from billing_domain.errors import ExceedsLimitError, InvalidTypeError, InvalidValueError, NaiveInstantError

ZERO = timedelta(0)


def checked_instant(value: object, what: str) -> datetime:
    """Return the value if it is an instant with a time zone.

    Raises:
        InvalidTypeError: It is not a `datetime`.
        NaiveInstantError: It has no time zone.

    Example:
        >>> from datetime import UTC, datetime
        >>> from billing_domain.periods import checked_instant
        >>> checked_instant(datetime(2026, 3, 1, tzinfo=UTC), "the instant").day
        1
    """
    if not isinstance(value, datetime):
        raise InvalidTypeError(value, f"{what} is an instant", "give a datetime with a zone")
    if value.utcoffset() is None:
        raise NaiveInstantError(value.isoformat(), f"{what} has a time zone", "add tzinfo=ZoneInfo(...) of the account")
    return value


def span(value: timedelta, what: str, *, least: timedelta = ZERO, above: bool = False) -> timedelta:
    """Return the span if it is not below the least one, or above it where `above` is set.

    Raises:
        InvalidTypeError: It is not a `timedelta`.
        InvalidValueError: It is too short.

    Example:
        >>> from datetime import timedelta
        >>> from billing_domain.instants import span
        >>> span(timedelta(seconds=20), "threshold").seconds
        20
    """
    if not isinstance(value, timedelta):
        raise InvalidTypeError(value, f"{what} is a timedelta", "give timedelta(seconds=...)")
    if value < least or (above and value == least):
        raise InvalidValueError(str(value), f"{what} is {'longer than' if above else 'at least'} {least}", "give a longer span")
    return value


def utc(instant: datetime) -> datetime:
    """Return the instant in UTC, where differences and order are those of real time.

    Raises:
        ExceedsLimitError: It lies outside the years 1 to 9999 there.

    Example:
        >>> from datetime import datetime
        >>> from zoneinfo import ZoneInfo
        >>> from billing_domain.instants import utc
        >>> utc(datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Vilnius"))).hour
        7
    """
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise _outside(instant) from None


def elapsed(since: datetime, until: datetime) -> timedelta:
    """Return the real time between two instants, whatever clocks were changed between them.

    Example:
        >>> from datetime import datetime
        >>> from zoneinfo import ZoneInfo
        >>> from billing_domain.instants import elapsed
        >>> riga = ZoneInfo("Europe/Riga")
        >>> str(elapsed(datetime(2026, 3, 29, 2, 30, tzinfo=riga), datetime(2026, 3, 29, 4, 30, tzinfo=riga)))
        '1:00:00'
    """
    return utc(until) - utc(since)


def later(instant: datetime, wait: timedelta) -> datetime:
    """Return the instant that lies so much real time later, in the same zone.

    Raises:
        ExceedsLimitError: It lies after the year 9999.

    Example:
        >>> from datetime import datetime, timedelta
        >>> from zoneinfo import ZoneInfo
        >>> from billing_domain.instants import later
        >>> later(datetime(2026, 3, 29, 2, 30, tzinfo=ZoneInfo("Europe/Riga")), timedelta(hours=1)).hour
        4
    """
    try:
        return (utc(instant) + wait).astimezone(instant.tzinfo)
    except OverflowError:
        raise _outside(instant) from None


def _outside(instant: datetime) -> ExceedsLimitError:
    return ExceedsLimitError(instant.isoformat(), "an instant lies in the years 1 to 9999", "give a day of these times, and a shorter span")


def seconds(wait: float) -> timedelta:
    """Return a wait of so many seconds.

    Raises:
        ExceedsLimitError: It is longer than a `timedelta` holds, some 2.7 million years.

    Example:
        >>> from billing_domain.instants import seconds
        >>> seconds(7.5)
        datetime.timedelta(seconds=7, microseconds=500000)
    """
    try:
        return timedelta(seconds=wait)
    except OverflowError:
        raise ExceedsLimitError(wait, "a wait fits into a timedelta", "give a load that is not within a hair of the agents") from None
