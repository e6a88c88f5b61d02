"""What is owed minus what is billed: the second half of `bill`.

For each key: `raw = owed − billed`. Where `raw` is positive, a new line of what corrections do not hold back;
where it is negative, a reversal of at most what is left, newest lines first.
"""

from collections.abc import Sequence
from decimal import Decimal

from billing_domain.billing.arithmetic import cumulative_shares
from billing_domain.billing.coverage import change_of
from billing_domain.billing.difference import Difference, NewRow, Pending, Settings
from billing_domain.billing.pieces import NOTHING
from billing_domain.billing.rates import parts_by_rate, place_of
from billing_domain.billing.rating import Owed
from billing_domain.billing.rulebook import DayOfSupply
from billing_domain.billing.treatments import tax_point_of
from billing_domain.invoicing import BilledLine, ChargeKind, EntryKind, History, LineFacts, LineKey, Piece, make_entry
from billing_domain.money.amounts import ZERO, exact
from billing_domain.reasons import Reason

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class


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
        placed = [(found, place_of(found.line, parts)) for found in lines]
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
