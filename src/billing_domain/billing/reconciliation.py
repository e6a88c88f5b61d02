"""What is owed minus what is billed: the second half of `bill`.

For each key: `raw = owed − billed`. Where `raw` is positive, a new line of what corrections do not hold back;
where it is negative, a reversal of at most what is left, newest lines first.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billing_domain.billing.arithmetic import cumulative_shares
from billing_domain.billing.coverage import change_of, comes_to
from billing_domain.billing.difference import Difference, NewRow, Pending, Settings
from billing_domain.billing.pieces import NOTHING
from billing_domain.billing.rates import parts_by_rate, place_of
from billing_domain.billing.rating import Owed, Owing
from billing_domain.billing.rulebook import DayOfSupply
from billing_domain.billing.treatments import Known, tax_point_of
from billing_domain.invoicing import BilledLine, ChargeKind, EntryKind, History, Line, LineFacts, LineKey, Piece
from billing_domain.invoicing.credits import lowered
from billing_domain.money.amounts import ZERO, exact
from billing_domain.reasons import Reason

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class
_REVERSAL = EntryKind.REVERSAL


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


def difference_of(owed: Mapping[LineKey, Owing], history: History, using: Settings) -> Difference:
    """Do what `reconcile` does, inside `money.exact()`."""
    rows: list[NewRow] = []
    result = _new(Difference, (rows, [], [], {}))
    billed, credited = history.billed, history.entries_by_line
    one_rate, known, on = owed, NOTHING_KNOWN, using.on
    if using.at_issue:
        known = using.treatments.known(on)
    else:
        one_rate = _by_rate(owed, history, result, using)
    unseen = len(billed)
    for key, item in one_rate.items():
        facts, lines = item[0], billed.get(key)
        if lines is None:
            _, sold, inclusive, due, _ = item
            kept, pieces = known.get(id(sold)), facts[10]
            if kept is None or len(pieces) > 1:
                _add_rows(item, pieces, facts[11], result, using)
            else:  # how it is taxed was asked before: what most lines come upon
                rows.append((facts, kept[1], on, inclusive, due, None, ()))
            continue
        unseen -= 1
        line = lines[0][1]
        stated = line.facts
        if credited or len(lines) > 1 or stated[3] != facts[3] or _retaxed(item, line, using):
            _bill_again(item, lines, history, result, using)
        elif stated[11] != facts[11]:
            _bill_rest(item, lines, stated[11], ZERO, history, result, using)
    if unseen:
        _take_back(billed, owed, history, result, using)
    return result


def _take_back(
    billed: dict[LineKey, list[BilledLine]], owed: Mapping[LineKey, Owing], history: History, result: Difference, using: Settings
) -> None:
    """Take back what is billed and not owed any more, in the order of keys."""
    for key in sorted(billed.keys() - owed.keys()):
        lines = billed[key]
        if max(found.line.facts.slot_end for found in lines) > using.settled and lines[0].line.facts.kind not in UNRECONCILED:
            amount, _ = history.net_billed(key)
            if amount > 0:
                facts = lines[0].line.facts._replace(pieces=())
                pieces = change_of(facts, lines, history, using.rules.proration, -amount, using.step, facts.slot)
                _reverse(lines, amount, pieces, history, result)


def _by_rate(owed: Mapping[LineKey, Owing], history: History, result: Difference, using: Settings) -> Mapping[LineKey, Owing]:
    """Reconcile what crosses a change of rate part by part, and return the rest, which bears one rate.

    The parts of a key share its amount by cumulative rounding. Lines that bear none of its rates are reversed whole: with the part
    in which they begin, so that what people credited on them counts there, or by themselves where nothing is owed for that day.
    """
    if not isinstance(using.rules.tax_point, DayOfSupply):
        return owed
    rest: dict[LineKey, Owing] = {}
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
                _add_rows(part.owed, part.owed[0].pieces, part.owed[0].amount, result, using)
    return rest


def _bill_again(owed: Owing, lines: list[BilledLine], history: History, result: Difference, using: Settings) -> None:
    """Take back whole what was billed for another period or is taxed otherwise now, and bill the rest."""
    slot_end = owed[0].slot_end
    for found in reversed(lines):
        if found.line.facts.slot_end != slot_end or _retaxed(owed, found.line, using):
            _reverse_line(found, history.left(found), _pieces_of(found), history, result)
    billed, held = history.net_of(lines)
    _bill_rest(owed, lines, billed, held, history, result, using)


def _bill_rest(
    owed: Owing, lines: list[BilledLine], billed: Decimal, held: Decimal, history: History, result: Difference, using: Settings
) -> None:
    """Bill or take back what is owed for a key beside what is billed, less the corrections that hold it down."""
    facts, sold, _, due, whole_start = owed
    amount = facts[11] - billed
    if not amount or (amount > ZERO and due > using.through):
        return
    proration, step = sold.proration or using.rules.proration, using.step
    if amount < ZERO:
        _reverse(lines, -amount, change_of(facts, lines, history, proration, amount, step, whole_start), history, result)
        return
    if held:
        wanted, amount = amount, max(ZERO, amount - held)
        result.pending.append(Pending(facts.key, wanted - amount, using.currency))
        if not amount:
            return
    pieces = change_of(facts, lines, history, proration, amount, step, whole_start)
    if comes_to(pieces, amount, step):
        _add_rows(owed, pieces, amount, result, using)
    else:  # corrections or other people's lines lie between
        result.rows.append(_row(owed, facts[10], amount, using))


def _retaxed(owed: Owing, line: Line, using: Settings) -> bool:
    """Say whether category, rate or inclusiveness of a billed line are not what they should have been."""
    tax_point, billed = line.tax_point, line.treatment
    if not using.at_issue:
        tax_point = tax_point_of(using.rules.tax_point, line.facts.start, line.facts.end, tax_point)
    treatment = using.treatments.treatment(owed[1], tax_point)
    return line.prices_include_tax is not owed[2] or not (billed is treatment or billed == treatment)


def _pieces_of(found: BilledLine) -> list[Piece]:
    return [piece._replace(working=NOTHING, instead_of=piece.working) for piece in found.line.facts.pieces]


def _reverse(lines: list[BilledLine], amount: Decimal, pieces: list[Piece], history: History, result: Difference) -> None:
    """Take an amount back, newest lines first, from each at most what is left of it."""
    for found in reversed(lines):
        left = history.left(found)
        taken = left if left < amount else amount  # noqa: FURB136  `min` is a call, and most often nothing is lowered
        _reverse_line(found, taken, pieces, history, result)
        amount -= taken
    if amount > ZERO:
        result.beyond[lines[0].line.key] = amount


def _reverse_line(found: BilledLine, amount: Decimal, pieces: Sequence[Piece], history: History, result: Difference) -> None:
    """Take back an amount of a line, at most what is left of it."""
    if amount <= ZERO:
        return
    facts = found[1].facts
    if pieces:
        facts = facts.of(tuple(pieces), amount)
    reversals = result[1]
    entry = lowered(found, amount, ZERO, _REVERSAL, OWED_LESS, history, facts, len(reversals) + 1)
    history.entries_by_line.setdefault(entry.ref, []).append(entry)
    reversals.append(entry)


NOTHING_KNOWN: Known = {}
"""What is known of how things are taxed where each line has its own tax point."""

UNRECONCILED = frozenset({ChargeKind.DOCUMENT, ChargeKind.FOREIGN})
"""Lines that no plan and no order owes: a charge of a document as a whole, and lines that were made elsewhere."""

OWED_LESS = Reason("owed-less")
"""The reason of every reversal: less is owed now than was billed."""


def _add_rows(owed: Owing, pieces: Sequence[Piece], amount: Decimal, result: Difference, using: Settings) -> None:
    if len(pieces) == 1 or any(piece.instead_of is not None and piece.exact < 0 for piece in pieces):
        facts = owed[0]
        result[0].append(_taxed(facts if pieces is facts[10] else facts.of(tuple(pieces), amount), owed, using))
        return
    for piece, share in zip(pieces, cumulative_shares(pieces, amount, using.step, using.rules.rounding), strict=True):
        result.rows.append(_row(owed, (piece,), share, using))


def _row(owed: Owing, pieces: tuple[Piece, ...], amount: Decimal, using: Settings) -> NewRow:
    return _taxed(owed[0].of(pieces, amount), owed, using)


def _taxed(facts: LineFacts, owed: Owing, using: Settings) -> NewRow:
    _, sold, inclusive, due, _ = owed
    tax_point = using.on
    if not using.at_issue:
        tax_point = tax_point_of(using.rules.tax_point, facts[4], facts[5], tax_point)
    return facts, using.treatments.treatment(sold, tax_point), tax_point, inclusive, due, None, ()
