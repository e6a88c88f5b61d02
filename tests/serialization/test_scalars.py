"""Single values: exact forms, and everything else refused."""

import json
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored_shapes import CATALOG

from billing_domain.errors import BillingError, InvalidTypeError, LoadError, NaiveInstantError
from billing_domain.money import Money
from billing_domain.serialization import rows
from billing_domain.serialization.scalars import instant, write_instant, write_statistic

CONVERT = rows(catalog=CATALOG)
VILNIUS = ZoneInfo("Europe/Vilnius")
ZONES = ["Europe/Vilnius", "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


class Size(IntEnum):
    """Whole numbers with names."""

    SMALL = 1


class Word(StrEnum):
    """Texts with names."""

    YES = "yes"


class Colour(Enum):
    """Neither."""

    RED = "red"


def there_and_back(value, hint):
    """Return what JSON text brings back."""
    return CONVERT.structure(json.loads(json.dumps(CONVERT.unstructure(value, hint), allow_nan=False)), hint)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None))
def test_decimals_keep_every_digit(value):
    """A Decimal comes back with the digits, the sign and the exponent that it had."""
    assert there_and_back(value, Decimal).as_tuple() == value.as_tuple()


@given(st.datetimes(timezones=st.sampled_from(ZONES).map(ZoneInfo), allow_imaginary=True))
def test_instants_keep_zone_clock_and_fold(value):
    """An instant comes back with its clock time, the name of its zone and the same offset, also around changes of the clock."""
    read = there_and_back(value, datetime)
    assert (read.replace(tzinfo=None), read.tzinfo, read.utcoffset()) == (
        value.replace(tzinfo=None, fold=read.fold),
        value.tzinfo,
        value.utcoffset(),
    )


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))))
def test_instants_with_a_fixed_offset_keep_it(value):
    """An instant without a named zone keeps its offset."""
    read = there_and_back(value, datetime)
    assert read == value
    assert read.utcoffset() == value.utcoffset()


@given(st.timedeltas())
def test_lengths_are_exact(value):
    """A length of time comes back to the microsecond, negative or not."""
    assert there_and_back(value, timedelta) == value


@given(st.floats())
def test_statistics_are_exact(value):
    """A number of statistics comes back bit by bit, infinities and "not a number" too."""
    read = there_and_back(value, float)
    assert repr(read) == repr(value)


@given(st.dates())
def test_days_are_iso(value):
    """A day is its ISO 8601 text."""
    assert CONVERT.unstructure(value) == value.isoformat()
    assert there_and_back(value, date) == value


def test_a_whole_number_of_statistics_is_a_float():
    """A number that another program wrote without a point is read as a float."""
    assert repr(CONVERT.structure(1, float)) == "1.0"


def test_an_instant_survives_new_rules_of_its_zone():
    """Where the stored offset is no longer that of the zone, the instant stays and the clock time moves."""
    read = instant("2026-07-01T12:00:00+02:00[Europe/Vilnius]")
    assert read == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert (read.hour, read.tzinfo) == (13, VILNIUS)


@pytest.mark.parametrize(("value", "hint", "plain"), [
    (Money("3.00", "EUR"), Money, {"amount": "3.00", "currency": "EUR"}),
    (VILNIUS, ZoneInfo, "Europe/Vilnius"),
    (datetime(2026, 3, 12, 18, tzinfo=UTC), datetime, "2026-03-12T18:00:00+00:00"),
    (datetime(2026, 10, 25, 3, 30, tzinfo=VILNIUS, fold=1), datetime, "2026-10-25T03:30:00+02:00[Europe/Vilnius]"),
    (Size.SMALL, Size, 1),
    (Word.YES, Word, "yes"),
    (Colour.RED, Colour, "red"),
    (True, bool, True),
    (7, int, 7),
    ("seven", str, "seven"),
    (timedelta(days=1, seconds=30), timedelta, "P1DT30S"),
    (float("-inf"), float, "-infinity"),
    (b"\x00\xff", bytes, "00ff"),
])  # fmt: skip
def test_each_type_has_one_form(value, hint, plain):
    """A value is written in one way, and that way is read."""
    assert CONVERT.unstructure(value, hint) == plain
    assert there_and_back(value, hint) == value


WRONG = [
    (Decimal, 9.9), (Decimal, 9), (Decimal, True), (Decimal, None), (Decimal, "NaN"), (Decimal, "Infinity"),
    (Decimal, "1_000"), (Decimal, " 1"),
    (Decimal, "+1"), (Decimal, "1."), (Decimal, "٣"), (Decimal, "9" * 300), (Decimal, "1E+9999"),
    (int, "1"), (int, 1.0), (int, True), (bool, 1), (bool, "true"), (str, 1), (str, None), (str, ["a"]),
    (date, "20260301"), (date, "2026-W09-7"), (date, "2026-03-01T00:00:00"), (date, "2026-02-30"), (date, 20260301),
    (datetime, "2026-03-01"), (datetime, "2026-03-01T12:00:00"), (datetime, "2026-03-01T12:00:00Z"), (datetime, "noon"), (datetime, "[x]"),
    (datetime, "2026-03-01T12:00:00+02:00[Nowhere/There]"), (datetime, "2026-03-01T12:00:00+02:00[../etc]"),
    (ZoneInfo, "Nowhere/There"), (ZoneInfo, "../etc/passwd"), (ZoneInfo, ""), (ZoneInfo, 2),
    (timedelta, "1 day"), (timedelta, 60), (timedelta, "P999999999DT99999S"),
    (float, "0.5"), (float, True), (float, None),
    (Money, "3.00"), (Money, {"amount": 3.0, "currency": "EUR"}), (Money, {"amount": "3.00"}),
    (Money, {"amount": "3.00", "currency": "XXY"}),
    (Money, {"amount": "3.00", "currency": "EUR", "cents": 300}), (Money, {"amount": "3.00", "currency": 978}),
    (bytes, "0"), (bytes, "FF"), (bytes, 1), (Size, True), (Size, "1"), (Size, 2), (Word, "no"), (Word, 1), (Colour, "RED"), (Colour, None),
]  # fmt: skip


@pytest.mark.parametrize(("hint", "data"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_of_another_form_is_refused(hint, data):
    """Nothing is converted silently: no float for money, no number for text, no 1 for true."""
    with pytest.raises(LoadError) as caught:
        CONVERT.structure(data, hint)
    assert [path.partition(".")[0] for path, _ in caught.value.faults] == ["$"]


@pytest.mark.parametrize(("value", "hint"), [
    (9.9, Decimal), (Decimal("NaN"), Decimal), ("9.90", Decimal), (True, int), ("1", int), (1, bool), (1, str),
    (datetime(2026, 3, 1, tzinfo=UTC), date), ("2026-03-01", date), (date(2026, 3, 1), datetime), (UTC, ZoneInfo),
    (60, timedelta), ("0.5", float), (True, float), ("3.00 EUR", Money), ("red", Colour), ("00ff", bytes),
])  # fmt: skip
def test_what_a_model_must_not_hold_is_not_written(value, hint):
    """A value that is not of the type that is asked for is refused where it would be written."""
    with pytest.raises(InvalidTypeError):
        CONVERT.unstructure(value, hint)


def test_naive_instants_are_not_written():
    """An instant without a zone has no plain form."""
    with pytest.raises(NaiveInstantError):
        write_instant(datetime(2026, 3, 1))  # noqa: DTZ001  naive on purpose


class _Odd(tzinfo):
    """A zone of some other library."""

    def utcoffset(self, moment):
        """Return two hours."""
        return timedelta(hours=2)


def test_a_zone_of_another_library_is_not_written():
    """A zone that is neither a fixed offset nor of the time zone database has no name to be found by."""
    with pytest.raises(BillingError, match="a ZoneInfo with a name"):
        write_instant(datetime(2026, 3, 1, tzinfo=_Odd()))


def test_a_long_text_is_cut_in_messages():
    """A fault shows the beginning of what was found."""
    with pytest.raises(LoadError, match=r"'a{36}\.\.\."):
        CONVERT.structure("a" * 99, bool)


def test_statistics_without_a_number_are_words():
    """What JSON has no number for is a word."""
    assert write_statistic(float("nan")) == "not a number"
