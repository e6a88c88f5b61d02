"""Late fees on what turned out not to be owed: how much goes back, on which line, and the credit notes that give it back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing_domain.disputes.settlement import FEE_RETURNED
from billing_domain.doors import door
from billing_domain.invoicing import BilledLine, DraftCreditNote, EntryKind, EntryRef, History, LineRef, correct_up_to, notes_for
from billing_domain.money import Money, amount_of, minor_unit, share_of
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, exact
from billing_domain.payments.corrections import corrected_by_invoice
from billing_domain.payments.fees import FeeSegment, LateFee
from billing_domain.payments.protocols import Ledger
from billing_domain.reasons import Reason

_RETURNED = Reason(FEE_RETURNED)


@door
def fee_on(fee: LateFee, part: Money) -> Money:
    """Return how much of a late fee was charged on a part of its document: what goes back where that part was not owed.

    Interest and percentages go back in proportion; a flat fee goes back only where nothing of what was late was owed.
    Nothing goes back of a fee that does not say on which amounts it was computed; credit such a one by hand.
    Settling a dispute and `return_fees` ask it by themselves.

    Args:
        fee: A fee that was charged.
        part: What was not owed, with tax, such as the approved amount of a dispute.

    Raises:
        CurrencyMismatchError: The part is in another currency.

    Source: 12 CFR 1026.13 (e): an error is corrected with the charges that came of it.
    """
    with exact():
        return Money(_back(fee, amount_of(part, fee.currency, "a part")), fee.currency)


def _back(fee: LateFee, wrong: Decimal) -> Decimal:
    whole = add_up(segment.exact for segment in fee.segments)
    if not whole:  # a fee that says not what it was computed on: nobody can say what of it was wrong
        return ZERO
    share = add_up(_unearned(segment, wrong) for segment in fee.segments)
    return share_of(fee.decimal_amount, share, whole, minor_unit(fee.currency))


def _unearned(segment: FeeSegment, wrong: Decimal) -> Decimal:
    if wrong >= segment.base:
        return segment.exact
    return ZERO if segment.kind == "flat" else CONTEXT.divide(CONTEXT.multiply(segment.exact, wrong), segment.base)


@door
def fees_on_corrections(ledger: Ledger, more: Mapping[str, Decimal]) -> dict[LineRef, Decimal]:
    """Return what goes back of billed late fees, without tax and with what went back before, by the line on which each was billed.

    A fee that stands on several lines, such as one of which a part was credited and billed again, goes back once over all of them.

    Args:
        ledger: The account.
        more: What is corrected beside what the documents correct already, with tax, by invoice number.
    """
    with exact():
        history = History(ledger)
        corrected = corrected_by_invoice(history, more)
        found: dict[LineRef, Decimal] = {}
        for fee, lines in _lines_by_fee(ledger, history):
            wrong = CONTEXT.subtract(corrected.get(fee.invoice, ZERO), fee.corrected or ZERO)
            if wrong > 0:
                found.update(_over_lines(_back(fee, wrong), lines, history))
        return found


def _over_lines(back: Decimal, lines: Sequence[BilledLine], history: History) -> Iterator[tuple[LineRef, Decimal]]:
    """Say up to what each line of one fee is corrected: what was corrected before counts, and the rest goes back newest lines first."""
    known = [(billed, *_corrected(billed, history)) for billed in reversed(lines)]
    rest = CONTEXT.subtract(back, add_up(standing for _, standing, _ in known))
    for billed, standing, taken_back in known:
        more = max(ZERO, min(rest, _net_left(billed, history)))
        rest = CONTEXT.subtract(rest, more)
        yield billed.ref, add_up((standing, taken_back, more))


def _corrected(billed: BilledLine, history: History) -> tuple[Decimal, Decimal]:
    """Return what corrections of a line stand, and what of them was taken back, on a line of its own."""
    standing = taken_back = ZERO
    for document, _, entry in history.entries_on(billed.ref):
        if entry.kind is not EntryKind.CORRECTION:
            continue
        if EntryRef(document, entry.number) in history.reinstated:
            taken_back = CONTEXT.add(taken_back, entry.net_amount)
        else:
            standing = CONTEXT.add(standing, entry.net_amount)
    return standing, taken_back


def _net_left(billed: BilledLine, history: History) -> Decimal:
    return CONTEXT.subtract(billed.line.net_amount, add_up(entry.net_amount for _, _, entry in history.entries_on(billed.ref)))


def _lines_by_fee(ledger: Ledger, history: History) -> Iterator[tuple[LateFee, list[BilledLine]]]:
    fees = {fee.order_id: fee for fee in ledger.ledger if isinstance(fee, LateFee) and not fee.waived}
    for key, lines in history.billed.items():
        fee = fees.get(key[0])
        if fee is not None:
            yield fee, lines


def billed_fees(ledger: Ledger, history: History) -> Iterator[tuple[LateFee, BilledLine]]:
    """Return the late fees that were billed, each with its line."""
    for fee, lines in _lines_by_fee(ledger, history):
        yield from ((fee, billed) for billed in lines)


def returned_on(ledger: Ledger, history: History, through: date) -> dict[str, Decimal]:
    """Return what went back of late fees up to a day, without tax, by the id of the fee."""
    found: dict[str, Decimal] = {}
    for fee, billed in billed_fees(ledger, history):
        for _, on, entry in history.entries_on(billed.ref):
            if entry.reason.code == FEE_RETURNED and on <= through:
                found[fee.id] = CONTEXT.add(found.get(fee.id, ZERO), entry.net_amount)
    return found


@door
def return_fees(ledger: Ledger) -> tuple[DraftCreditNote, ...]:
    """Return the credit notes for late fees that were charged on what was corrected since, where they did not go back yet.

    Settling a dispute does this for what it approves. Ask it after a correction by another way, and after billing a fee
    that was decided before its document was corrected; asked again once the notes are known, it returns none.

    Args:
        ledger: The account with its documents and facts about money, for example a snapshot.

    Returns:
        One draft for each invoice that bears such a fee.
    """
    with exact():
        history = History(ledger)
        due = sorted(fees_on_corrections(ledger, {}).items())
        found = [entry for ref, amount in due if (entry := correct_up_to(ref, amount, _RETURNED, history)) is not None]
        return notes_for(ledger.account, found, history)
