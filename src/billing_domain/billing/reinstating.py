"""Lines that take credit entries back: what each bears, and how it is taxed as things stand now."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeVar

from billing_domain.billing.difference import Difference, NewRow, Settings
from billing_domain.billing.rating import Owing
from billing_domain.billing.treatments import tax_point_of
from billing_domain.errors import RefusedError
from billing_domain.invoicing import EntryKind, History, LineKey, Reinstatement, Share, Surcharge
from billing_domain.money import share_of
from billing_domain.money.amounts import ZERO

_Borne = TypeVar("_Borne", Share, Surcharge)


def reinstated(wanted: Iterable[Reinstatement], history: History) -> list[NewRow]:
    """Return the lines that take back credit entries which no line has taken back yet.

    Raises:
        RefusedError: The entry is a reversal: only billing makes those, and only billing takes them back.
    """
    rows: list[NewRow] = []
    for ref in sorted({wish.entry for wish in wanted} - history.reinstated):
        entry = history.entry(ref)
        if entry.kind is EntryKind.REVERSAL:
            raise RefusedError(
                f"entry {ref.entry} of {ref.document}", "a reversal is not reinstated", "correct the subscription; the next run bills again"
            )
        line = history.line(entry.ref).line
        facts = entry.facts._replace(reinstates=ref)
        shares = tuple([share._replace(on_document=False) for share in entry.shares])  # an allowance of another document
        rows.append((facts, entry.treatment, line.tax_point, line.prices_include_tax, facts.start, shares, entry.surcharges))
    return rows


def as_far_as_owed(coming: Iterable[NewRow], owed: dict[LineKey, Owing], found: Difference, using: Settings) -> Iterator[NewRow]:
    """Return the reinstating lines, each with what is owed of it at most, taxed and in the period as the key is now."""
    for facts, treatment, tax_point, inclusive, due, shares, surcharges in coming:
        key, amount, item = facts.key, facts.amount, owed.get(facts.key)
        over = min(amount, found.beyond.get(key, ZERO))
        if over:
            found.beyond[key] -= over
            left = amount - over
            shares = _in_part(shares or (), left, amount, using.step)  # noqa: PLW2901
            surcharges = _in_part(surcharges, left, amount, using.step)  # noqa: PLW2901
            facts = facts._replace(amount=left)  # noqa: PLW2901
        if item is not None:
            tax_point = tax_point_of(using.rules.tax_point, facts.start, facts.end, tax_point)  # noqa: PLW2901
            owing, sold, inclusive, _, _ = item  # noqa: PLW2901
            treatment = using.treatments.treatment(sold, tax_point)  # noqa: PLW2901
            facts = facts._replace(slot_end=owing.slot_end)  # noqa: PLW2901  it stands in the period as that is now
        yield facts, treatment, tax_point, inclusive, due, shares, surcharges  # also one of nothing: it says that the credit is taken back


def _in_part(given: tuple[_Borne, ...], part: Decimal, of: Decimal, step: Decimal) -> tuple[_Borne, ...]:
    """Return shares or surcharges of a part of an amount, without those of nothing."""
    found = [each._replace(amount=share_of(each.amount, part, of, step)) for each in given]
    return tuple([each for each in found if each.amount])
