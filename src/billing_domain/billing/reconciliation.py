"""What is owed minus what is billed: the second half of `bill`.

For each key: `raw = owed − billed`. Where `raw` is positive, a new line of what corrections do not hold back;
where it is negative, a reversal of at most what is left, newest lines first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

import attrs

from billing_domain.billing.arithmetic import cumulative_shares
from billing_domain.billing.coverage import change_of
from billing_domain.billing.pieces import NOTHING
from billing_domain.billing.rating import Owed
from billing_domain.billing.rulebook import AtIssue, DayOfSupply, Rulebook
from billing_domain.billing.treatments import BuyerTreatments, tax_point_of
from billing_domain.errors import RefusedError
from billing_domain.invoicing import (
    BilledLine,
    ChargeKind,
    CreditEntry,
    EntryKind,
    History,
    Line,
    LineFacts,
    LineKey,
    Piece,
    Reinstatement,
    Share,
    Surcharge,
    make_entry,
)
from billing_domain.money import Money, money, share_of
from billing_domain.money.amounts import ZERO, add_up, exact, minor_unit
from billing_domain.reasons import Reason
from billing_domain.tax import TaxTreatment

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class
_Borne = TypeVar("_Borne", Share, Surcharge)


class NewRow(NamedTuple):
    """A line to be, before discount.

    Args:
        facts: What makes it.
        treatment: How it is taxed.
        tax_point: The day whose rates hold.
        inclusive: Whether its price contains the tax.
        due: The day on which it fell due.
        shares: What grants take off it, where that was decided before; None where it is decided now.
        surcharges: What a credit brought back of surcharges that are charged again.
    """

    facts: LineFacts
    treatment: TaxTreatment
    tax_point: date
    inclusive: bool
    due: date
    shares: tuple[Share, ...] | None = None
    surcharges: tuple[Surcharge, ...] = ()


@attrs.frozen
class Pending:
    """What is owed for a key but held back by corrections that people made.

    Args:
        key: Subscription, charge and start of the period.
        amount_held: How much, before discount.
        currency: ISO 4217 code.
    """

    key: LineKey
    amount_held: Decimal
    currency: str

    @property
    def amount(self) -> Money:
        """How much, before discount."""
        return money(self.amount_held, self.currency)


class Difference(NamedTuple):
    """What one run adds to the documents of an account.

    Args:
        rows: Lines to be, before discount.
        reversals: Credit entries.
        pending: What corrections hold back.
        beyond: By key, what would be reversed too if more of its lines were left.
    """

    rows: list[NewRow]
    reversals: list[CreditEntry]
    pending: list[Pending]
    beyond: dict[LineKey, Decimal]


class Settings(NamedTuple):
    """What reconciling needs beside owed and billed.

    Args:
        currency: ISO 4217 code.
        step: Its smallest amount.
        on: The day that new documents bear.
        at_issue: Whether that day is the tax point of all new lines, the ordinary case.
        through: The last day.
        settled: Periods that ended by this day are left alone.
        rules: The seller's strategies.
        treatments: How things are taxed.
    """

    currency: str
    step: Decimal
    on: date
    at_issue: bool
    through: date
    settled: date
    rules: Rulebook
    treatments: BuyerTreatments


def settings(currency: str, on: date, through: date, settled: date, rules: Rulebook, treatments: BuyerTreatments) -> Settings:
    """Return the settings of one run."""
    return Settings(currency, minor_unit(currency), on, rules.tax_point.__class__ is AtIssue, through, settled, rules, treatments)


def reinstated(wanted: Iterable[Reinstatement], history: History) -> list[NewRow]:
    """Return the lines that take back credit entries which no line has taken back yet.

    Raises:
        RefusedError: The entry is a reversal: only billing makes those, and only billing takes them back.
    """
    rows = []
    for ref in sorted({wish.entry for wish in wanted} - history.reinstated):
        entry = history.entry(ref)
        if entry.kind is EntryKind.REVERSAL:
            raise RefusedError(
                f"entry {ref.entry} of {ref.document}", "a reversal is not reinstated", "correct the subscription; the next run bills again"
            )
        line = history.line(entry.ref).line
        facts = entry.facts._replace(reinstates=ref)
        shares = tuple([share._replace(on_document=False) for share in entry.shares])  # an allowance of another document
        rows.append(NewRow(facts, entry.treatment, line.tax_point, line.prices_include_tax, facts.start, shares, entry.surcharges))
    return rows


def as_far_as_owed(coming: Iterable[NewRow], owed: dict[LineKey, Owed], found: Difference, using: Settings) -> Iterator[NewRow]:
    """Return the reinstating lines, each with what is owed of it at most, taxed and in the period as the key is now."""
    for row in coming:
        facts, over = row.facts, min(row.facts.amount, found.beyond.get(row.facts.key, ZERO))
        if over:
            found.beyond[facts.key] -= over
            amount = facts.amount - over
            shares = _in_part(row.shares or (), amount, facts.amount, using.step)
            surcharges = _in_part(row.surcharges, amount, facts.amount, using.step)
            row = row._replace(facts=facts._replace(amount=amount), shares=shares, surcharges=surcharges)  # noqa: PLW2901
        item = owed.get(facts.key)
        if item is not None:
            tax_point = tax_point_of(using.rules.tax_point, facts.start, facts.end, row.tax_point)
            treatment = using.treatments.treatment(item.sold, tax_point)
            facts = row.facts._replace(slot_end=item.facts.slot_end)  # it stands in the period as that is now
            row = row._replace(facts=facts, treatment=treatment, tax_point=tax_point, inclusive=item.inclusive)  # noqa: PLW2901
        yield row  # also one that comes to nothing: its line says that the credit is taken back


def _in_part(given: tuple[_Borne, ...], part: Decimal, of: Decimal, step: Decimal) -> tuple[_Borne, ...]:
    """Return shares or surcharges of a part of an amount, without those of nothing."""
    found = [each._replace(amount=share_of(each.amount, part, of, step)) for each in given]
    return tuple([each for each in found if each.amount])


def reconcile(owed: dict[LineKey, Owed], history: History, using: Settings) -> Difference:
    """Return the difference between what is owed and what the documents say.

    Args:
        owed: What is owed, by key.
        history: What the documents say.
        using: The settings of the run.

    Returns:
        New lines in the order of `owed`, reversals in the order of keys, and what is pending.
    """
    with exact():
        return difference_of(owed, history, using)


def difference_of(owed: dict[LineKey, Owed], history: History, using: Settings) -> Difference:
    """Do what `reconcile` does, inside `money.exact()`."""
    rows: list[NewRow] = []
    result = Difference(rows, [], [], {})
    billed = history.billed
    one_rate = _by_rate(owed, history, result, using) if isinstance(using.rules.tax_point, DayOfSupply) else owed
    credited = history.entries_by_line
    for key, item in one_rate.items():
        lines = billed.get(key)
        if lines is None:
            facts = item[0]
            if len(facts[10]) == 1:
                rows.append(_taxed(facts, item, using))
            else:
                _add_rows(item, facts[10], facts[11], result, using)
        elif credited or len(lines) > 1 or not _stands(item, lines[0], using):
            _bill_again(item, lines, history, result, using)
    if not billed.keys() <= owed.keys():
        for key in sorted(billed.keys() - owed.keys()):
            lines = billed[key]
            if max(found.line.facts.slot_end for found in lines) > using.settled and lines[0].line.facts.kind not in UNRECONCILED:
                amount, _ = history.net_billed(key)
                if amount > 0:
                    facts = lines[0].line.facts._replace(pieces=())
                    pieces, _ = change_of(facts, lines, history, using.rules.proration, -amount, using.step)
                    _reverse(lines, amount, pieces, history, result)
    return result


def _by_rate(owed: dict[LineKey, Owed], history: History, result: Difference, using: Settings) -> dict[LineKey, Owed]:
    """Reconcile what crosses a change of rate part by part, and return the rest, which bears one rate.

    The parts of a key share its amount by cumulative rounding. Lines that bear none of its rates are reversed whole: with the part
    in which they begin, so that what people credited on them counts there, or by themselves where nothing is owed for that day.
    """
    rest: dict[LineKey, Owed] = {}
    for key, item in owed.items():
        lines = history.billed.get(key, [])
        parts = parts_by_rate(item, using)
        if len(parts) == 1 and all(found.line.treatment == parts[0].treatment for found in lines):
            rest[key] = item
            continue
        placed = [(found, _place_of(found.line, parts)) for found in lines]
        for found, place in reversed(placed):
            if place is None:
                _reverse_line(found, history.left(found), _pieces_of(found), history, result)
        for part in parts:
            own = [found for found, place in placed if place is part]
            if own:
                _bill_again(part.owed, own, history, result, using)
            else:
                _add_rows(part.owed, part.owed.pieces, part.owed.amount, result, using)
    return rest


def _place_of(line: Line, parts: Sequence["RatedPart"]) -> "RatedPart | None":
    """Return the part whose rate a line bears, else the one in which it begins; None where nothing is owed for that day."""
    for part in parts:
        if part.treatment == line.treatment:
            return part
    for part in parts:
        if any(piece.start <= line.facts.start < piece.end for piece in part.owed.pieces):
            return part
    return None


class RatedPart(NamedTuple):
    """The days of a key that bear one rate.

    Args:
        treatment: How they are taxed.
        owed: What is owed for them.
    """

    treatment: TaxTreatment
    owed: Owed


def parts_by_rate(owed: Owed, using: Settings) -> list[RatedPart]:
    """Split what is owed for a key at each day on which its tax treatment changes, in order of days."""
    pieces: list[Piece] = []
    treatments: list[TaxTreatment] = []
    for piece in owed.facts.pieces:
        for treatment, part in _split_piece(piece, owed, using):
            pieces.append(part)
            treatments.append(treatment)
    shares = cumulative_shares(pieces, owed.facts.amount, using.step, using.rules.rounding)
    found: dict[TaxTreatment, tuple[list[Piece], list[Decimal]]] = {}
    for piece, treatment, share in zip(pieces, treatments, shares, strict=True):
        members, amounts = found.setdefault(treatment, ([], []))
        members.append(piece)
        amounts.append(share)
    return [RatedPart(treatment, _part_of(owed, tuple(members), add_up(amounts))) for treatment, (members, amounts) in found.items()]


def _part_of(owed: Owed, pieces: tuple[Piece, ...], amount: Decimal) -> Owed:
    return owed._replace(facts=owed.facts.of(pieces, amount))


def _split_piece(piece: Piece, owed: Owed, using: Settings) -> list[tuple[TaxTreatment, Piece]]:
    days = (piece.end - piece.start).days
    found: list[tuple[TaxTreatment, int, int]] = []
    for number in range(days):
        treatment = using.treatments.treatment(owed.sold, piece.start + timedelta(days=number))
        if found and found[-1][0] == treatment:
            found[-1] = (treatment, found[-1][1], number + 1)
        else:
            found.append((treatment, number, number + 1))
    if len(found) == 1:
        return [(found[0][0], piece)]
    return [
        (
            treatment,
            piece._replace(
                start=piece.start + timedelta(days=first),
                end=piece.start + timedelta(days=last),
                part=piece.part * (last - first),
                of=piece.of * days,
            ),
        )
        for treatment, first, last in found
    ]


def _stands(owed: Owed, found: BilledLine, using: Settings) -> bool:
    """Say whether the only line of a key bills what is owed, for the same period and as it is taxed now."""
    facts, wanted = found[1].facts, owed[0]
    return facts[11] == wanted[11] and facts[3] == wanted[3] and not _retaxed(owed, found, using)


def _bill_again(owed: Owed, lines: list[BilledLine], history: History, result: Difference, using: Settings) -> None:
    facts = owed.facts
    slot_end = facts.slot_end
    for found in reversed(lines):
        if found.line.facts.slot_end != slot_end or _retaxed(owed, found, using):
            _reverse_line(found, history.left(found), _pieces_of(found), history, result)
    billed, corrections = history.net_of(lines)
    if facts.amount == billed:
        return
    raw, proration = facts.amount - billed, owed.sold.proration or using.rules.proration
    if raw < 0:
        pieces, _ = change_of(facts, lines, history, proration, raw, using.step, whole_start=owed.whole_start)
        _reverse(lines, -raw, pieces, history, result)
    elif owed.due <= using.through:
        amount = max(ZERO, raw - corrections)
        if amount < raw:
            result.pending.append(Pending(owed.key, raw - amount, using.currency))
        if amount:
            pieces, explained = change_of(facts, lines, history, proration, amount, using.step, whole_start=owed.whole_start)
            if explained:
                _add_rows(owed, pieces, amount, result, using)
            else:  # corrections or other people's lines lie between
                result.rows.append(_row(owed, facts.pieces, amount, using))


def _retaxed(owed: Owed, found: BilledLine, using: Settings) -> bool:
    """Say whether category, rate or inclusiveness of a billed line are not what they should have been."""
    line = found[1]
    tax_point = line.tax_point
    if not using.at_issue:
        tax_point = tax_point_of(using.rules.tax_point, line.facts.start, line.facts.end, tax_point)
    treatment = using.treatments.treatment(owed.sold, tax_point)
    return line.prices_include_tax is not owed.inclusive or (line.treatment is not treatment and line.treatment != treatment)


def _pieces_of(found: BilledLine) -> list[Piece]:
    return [piece._replace(working=NOTHING, instead_of=piece.working) for piece in found.line.facts.pieces]


def _reverse(lines: list[BilledLine], amount: Decimal, pieces: list[Piece], history: History, result: Difference) -> None:
    """Take an amount back, newest lines first, from each at most what is left of it."""
    for found in reversed(lines):
        taken = min(amount, history.left(found))
        _reverse_line(found, taken, pieces, history, result)
        amount -= taken
    if amount > 0:
        result.beyond[lines[0].line.key] = amount


def _reverse_line(found: BilledLine, amount: Decimal, pieces: Sequence[Piece], history: History, result: Difference) -> None:
    if amount <= 0:
        return
    facts = found.line.facts
    if pieces:
        facts = facts.of(tuple(pieces), amount)
    entry = make_entry(found, amount, EntryKind.REVERSAL, OWED_LESS, history, facts=facts, number=len(result.reversals) + 1)
    history.entries_by_line.setdefault(entry.ref, []).append(entry)
    result.reversals.append(entry)


UNRECONCILED = frozenset({ChargeKind.DOCUMENT, ChargeKind.FOREIGN})
"""Lines that no plan and no order owes: a charge of a document as a whole, and lines that were made elsewhere."""

OWED_LESS = Reason("owed-less")
"""The reason of every reversal: less is owed now than was billed."""


def _add_rows(owed: Owed, pieces: Sequence[Piece], amount: Decimal, result: Difference, using: Settings) -> None:
    if len(pieces) == 1 or any(piece.instead_of is not None and piece.exact < 0 for piece in pieces):
        result.rows.append(_row(owed, tuple(pieces), amount, using))
        return
    for piece, share in zip(pieces, cumulative_shares(pieces, amount, using.step, using.rules.rounding), strict=True):
        result.rows.append(_row(owed, (piece,), share, using))


def _row(owed: Owed, pieces: tuple[Piece, ...], amount: Decimal, using: Settings) -> NewRow:
    return _taxed(owed.facts.of(pieces, amount), owed, using)


def _taxed(facts: LineFacts, owed: Owed, using: Settings) -> NewRow:
    _, sold, inclusive, due, _ = owed
    tax_point = using.on
    if not using.at_issue:
        tax_point = tax_point_of(using.rules.tax_point, facts.start, facts.end, tax_point)
    return _new(NewRow, (facts, using.treatments.treatment(sold, tax_point), tax_point, inclusive, due, None, ()))
