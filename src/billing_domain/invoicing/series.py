"""Document numbers: a series that the host keeps and advances, a second pass over drafts, blocks for workers.

The library hands out no number by itself: each call returns the series as it stands afterwards, and the host stores it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import attrs

from billing_domain.doors import checked_kind
from billing_domain.errors import DuplicateIdError, ExceedsLimitError, InvalidValueError, OutOfOrderError
from billing_domain.invoicing.documents import CreditNote, DraftCreditNote, DraftInvoice, Invoice
from billing_domain.periods import checked_day
from billing_domain.whole import checked_whole

Draft = DraftInvoice | DraftCreditNote
Issued = Invoice | CreditNote


class Numbered(NamedTuple):
    """What numbering gives.

    Args:
        documents: The issued documents, in the order of their numbers.
        series: The series as it stands afterwards; the host stores it.
    """

    documents: tuple[Issued, ...]
    series: "Series"


@attrs.frozen
class Series:
    """A series of document numbers: a prefix, and the next number.

    Args:
        prefix: What stands before the number; `{year}` in it is the year of issue.
        next: The next number to be used, from 1.
        width: How many digits a number is filled to.
        yearly: Whether numbers begin at 1 in each year.
        year: The year that `next` belongs to, where numbers begin anew each year.
        end: The last number of a block; None for a series without end.

    Raises:
        InvalidValueError: Numbers begin anew each year and the prefix does not show the year, or the numbers are not from 1.

    Example:
        >>> series = Series("MB-", next=123)
        >>> series.format(123), Series("MB-{year}-", yearly=True, year=2026, width=4).format(7, year=2026)
        ('MB-000123', 'MB-2026-0007')
    """

    prefix: str = ""
    next: int = 1
    width: int = 6
    yearly: bool = False
    year: int | None = None
    end: int | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("next", "width"):
            value = getattr(self, name)
            checked_whole(value, f"{name} of a series is a whole number", "give a whole number")
        if self.next < 1 or self.width < 1:
            raise InvalidValueError(min(self.next, self.width), "numbers and digits of a series count from 1", "give 1 or more")
        if self.yearly and "{year}" not in self.prefix:
            raise InvalidValueError(self.prefix, "numbers that begin anew each year show the year", "write {year} in the prefix")
        if self.prefix != self.prefix.lstrip() or "{" in self.prefix.replace("{year}", ""):
            raise InvalidValueError(self.prefix, "a prefix is plain text with perhaps {year}", "leave blanks and other braces out")

    def format(self, number: int, *, year: int | None = None) -> str:
        """Return a number as documents bear it."""
        return f"{self.prefix.replace('{year}', '' if year is None else str(year))}{number:0{self.width}d}"

    def number(self, drafts: Iterable[Draft], *, on: date | Callable[[Draft], date]) -> Numbered:
        """Issue drafts in the order of day, account and key, with the next numbers of the series.

        Args:
            drafts: Drafts in any order, of any accounts.
            on: The day of issue, or what tells it for each draft.

        Returns:
            The documents and the series as it stands afterwards; the same drafts always get the same numbers.

        Raises:
            ExceedsLimitError: A block has fewer numbers left than there are drafts.
            OutOfOrderError: A document would be issued in a year that the series has left.
            DuplicateIdError: The same draft stands twice.
            InvalidTypeError: Something is no draft; what was issued has its number.

        Example:
            See the how-to on numbers.
        """
        dated = sorted(
            ((_day(on, checked_kind(draft, Draft, "what a series numbers")), draft) for draft in drafts),
            key=lambda pair: (pair[0], *draft_order(pair[1])),
        )
        ids = [draft.id for _, draft in dated]
        if len(set(ids)) != len(ids):
            raise DuplicateIdError(next(name for name in ids if ids.count(name) > 1), "a draft is issued once", "leave the second one out")
        series = self
        documents: list[Issued] = []
        for day, draft in dated:
            number, series = series.take(day)
            documents.append(draft.issue(number=number, on=day))
        return Numbered(tuple(documents), series)

    def take(self, on: date) -> tuple[str, "Series"]:
        """Return the next number for a document of a day, and the series as it stands afterwards.

        Raises:
            ExceedsLimitError: The block is used up.
            OutOfOrderError: The day lies in a year that the series has left.

        Example:
            >>> number, series = Series("MB-", next=9, width=3).take(date(2026, 3, 1))
            >>> number, series.next
            ('MB-009', 10)
        """
        following, year = self._in_year(checked_day(on, "the day of issue"))
        if self.end is not None and following > self.end:
            raise ExceedsLimitError(following, f"the block ends at {self.end}", "take another block of the series")
        return self.format(following, year=on.year), attrs.evolve(self, next=following + 1, year=year)

    def _in_year(self, on: date) -> tuple[int, int | None]:
        if not self.yearly or self.year == on.year:
            return self.next, self.year
        if self.year is not None and on.year < self.year:
            raise OutOfOrderError(on, f"the series has reached {self.year}", "issue documents of a year before the next one begins")
        if self.end is not None and self.year is not None:
            raise ExceedsLimitError(on, f"the block holds numbers of {self.year}", "take a block of the new year")
        return (self.next if self.year is None else 1), on.year

    def block(self, size: int) -> tuple["Series", "Series"]:
        """Return a block of the next numbers for one worker, and the series after it.

        What a worker leaves unused, `unused` tells; a host that must not have gaps numbers in a second pass instead.

        Raises:
            InvalidValueError: The size is below one.
            ExceedsLimitError: The block would reach beyond the end of this one.

        Example:
            >>> block, series = Series("MB-").block(100)
            >>> block.next, block.end, series.next
            (1, 100, 101)
        """
        if size < 1:
            raise InvalidValueError(size, "a block holds one number or more", "give the size of a chunk")
        last = self.next + size - 1
        if self.end is not None and last > self.end:
            raise ExceedsLimitError(size, f"the block ends at {self.end}", "take a smaller part of it")
        return attrs.evolve(self, end=last), attrs.evolve(self, next=last + 1)

    @property
    def unused(self) -> int | None:
        """How many numbers a block has left; None for a series without end."""
        return None if self.end is None else self.end - self.next + 1

    def check(self, numbers: Iterable[str], *, since: int = 1) -> None:
        """Check that the numbers in use run without gaps up to the next one, and that none is used twice.

        Numbers that do not look like this series are left alone. Where numbers begin anew each year, each year is checked by itself,
        and a year before the last one only for gaps and reuse inside it.

        Args:
            numbers: All numbers in use, voided ones too, in any order.
            since: The first number that was ever used, for a series that another system began.

        Raises:
            DuplicateIdError: A number is used twice.
            InvalidValueError: A number is missing, or one in use is not before the next one.

        Example:
            >>> Series("MB-", next=3, width=3).check(["MB-002", "MB-001", "KS-7"])
        """
        by_year: dict[int | None, list[int]] = {}
        for text in numbers:
            found = self._parse(text)
            if found is not None:
                by_year.setdefault(found[0], []).append(found[1])
        for year in sorted(by_year, key=str):
            self._check_year(year, sorted(by_year[year]), since)

    def _check_year(self, year: int | None, used: Sequence[int], since: int) -> None:
        for before, after in pairwise(used):
            if before == after:
                raise DuplicateIdError(
                    self.format(after, year=year), "a number is used once", "issue the second document anew, with the next number"
                )
        open_year = not self.yearly or self.year in {None, year}
        wanted = range(since, self.next if open_year else used[-1] + 1)
        if used[-1] >= wanted.stop:
            raise InvalidValueError(
                self.format(used[-1], year=year), f"the series stands at {self.next}", "store the series after each use"
            )
        missing = sorted(set(wanted) - set(used))
        if missing:
            raise InvalidValueError(self.format(missing[0], year=year), "a series has no gaps", "keep voided documents in the list")

    def _parse(self, text: str) -> tuple[int | None, int] | None:
        head, mark, tail = self.prefix.partition("{year}")
        if not text.startswith(head):
            return None
        rest, year = text[len(head) :], None
        if mark:
            if not _digits(rest[:4]) or not rest[4:].startswith(tail):
                return None
            year, rest = int(rest[:4]), rest[4 + len(tail) :]
        if not _digits(rest) or len(rest) < self.width:
            return None
        return (year if self.yearly else None), int(rest)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _day(on: date | Callable[[Draft], date], draft: Draft) -> date:
    return checked_day(on if isinstance(on, date) else on(draft), "the day of issue")


def draft_order(draft: Draft) -> tuple[str, str, str, str]:
    """Return what orders the drafts of one day: account, first key, kind, and the id that derives from the content."""
    if isinstance(draft, DraftCreditNote):
        return (draft.account_id, "", draft.invoice, draft.id)
    first = "/".join(str(part) for part in draft.lines[0].key) if draft.lines else ""
    return (draft.account_id, first, "", draft.id)
