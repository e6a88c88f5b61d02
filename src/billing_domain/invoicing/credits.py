"""Credit entries and credit notes: how much may be lowered, what comes back, and with which tax.

No entry exceeds what is left of its line, whoever makes it. Shares, surcharges and tax come back as differences of cumulative values,
so that all credits of a fully credited document return them to the cent, in any order.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from billing_domain.accounts import Account
from billing_domain.doors import checked_kind, door
from billing_domain.errors import ExceedsLimitError, InvalidTypeError, InvalidValueError, RefusedError
from billing_domain.invoicing.details import NO_CREDIT_DETAILS, NO_DETAILS
from billing_domain.invoicing.documents import DraftCreditNote, Invoice, Part
from billing_domain.invoicing.history import BilledLine, History
from billing_domain.invoicing.lines import CreditEntry, EntryKind, Line, LineFacts, LineRef, Piece
from billing_domain.invoicing.lowering import (
    Lowering,
    charged_back,
    closest,
    comes_to,
    largest_credit,
    shares_back,
    surcharges_back,
    tax_back,
)
from billing_domain.invoicing.protocols import Documents
from billing_domain.invoicing.totals import credit_totals
from billing_domain.money import add_up, share_of
from billing_domain.money.amounts import CONTEXT, ZERO, exact, minor_unit
from billing_domain.periods import Period
from billing_domain.reasons import Reason
from billing_domain.unchecked import unchecked

_subtract = CONTEXT.subtract
_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class
_entry = unchecked(CreditEntry)


def make_entry(
    billed: BilledLine,
    amount: Decimal,
    kind: EntryKind,
    reason: Reason,
    history: History,
    *,
    facts: LineFacts | None = None,
    number: int = 1,
) -> CreditEntry:
    """Return the entry that lowers a line by an amount before discount, with the shares, surcharges and tax that come back.

    Args:
        billed: The line.
        amount: What is lowered before discount and without surcharges, above zero, in whole minor units.
        kind: Why.
        reason: Why, for people.
        history: What was credited before.
        facts: What is taken back; the line's own facts where None.
        number: Its place on the document that will carry it.

    Raises:
        ExceedsLimitError: The amount is above what is left of the line.
    """
    return entry_of(billed, Lowering(amount), kind, reason, history, facts=facts, number=number)


def entry_of(
    billed: BilledLine,
    lowering: Lowering,
    kind: EntryKind,
    reason: Reason,
    history: History,
    *,
    facts: LineFacts | None = None,
    number: int = 1,
) -> CreditEntry:
    """Do what `make_entry` does, where what comes back of surcharges may go beyond their part."""
    amount, left = lowering.amount, history.left(billed)
    if amount > left or amount <= 0:
        raise ExceedsLimitError(
            amount,
            f"line {billed.line.number} of {billed.invoice.number} has {left} left before discount",
            "credit more than zero and no more than that",
        )
    return lowered(billed, amount, lowering.beyond, kind, reason, history, facts or billed.line.facts, number)


def lowered(
    billed: BilledLine,
    amount: Decimal,
    beyond: Decimal,
    kind: EntryKind,
    reason: Reason,
    history: History,
    facts: LineFacts,
    number: int,
) -> CreditEntry:
    """Do what `entry_of` does, where it is known that no more is lowered than what is left; see `Lowering`."""
    invoice, line = billed
    shares = shares_back(billed, amount, history) if line.shares else ()
    surcharges = surcharges_back(billed, Lowering(amount, beyond), history) if line.surcharges else ()
    charged = charged_back(shares, surcharges, amount) if shares or surcharges else amount
    tax = tax_back(billed, charged, history)
    net = _subtract(charged, tax) if line.prices_include_tax else charged
    if facts[11] != amount:
        facts = facts._replace(amount=amount)
    ref = _new(LineRef, (invoice.number, line.number))
    return _entry(number, ref, kind, amount, shares, net, tax, line.treatment, line.currency, reason, facts, surcharges)


def credit(documents: Documents, what: Part | Invoice | Iterable[Part], *, kind: EntryKind, reason: str | Reason) -> DraftCreditNote:
    """Return a credit note over a part of an invoice, over several, or over all that is left of it.

    Args:
        documents: The account's documents, for example a snapshot: earlier credits bound what is left.
        what: A part, several parts of one invoice, or the invoice itself.
        kind: `CORRECTION` for an error, `GOODWILL` where nothing was wrong; a reversal is made by billing alone.
        reason: Why, in words or as a code.

    Returns:
        A draft; `issue` makes it a credit note.

    Raises:
        ExceedsLimitError: More is credited than what is left of a line.
        InvalidAmountError: A part is smaller than the smallest credit of its line.
        InvalidValueError: The parts are of several invoices, or there is none.
        RefusedError: A person asks for a reversal, or the invoice is void or not of this account.

    Source: design of documents, rules 2 to 5; `EN 16931` BG-3 names the invoice.

    Example:
        See the tutorial: a part of a line is credited with the line's own tax.
    """
    checked_kind(documents, Documents, "what bounds a credit")
    if not isinstance(kind, EntryKind):
        raise InvalidTypeError(kind, "the kind of a credit is an EntryKind", "give EntryKind.CORRECTION or EntryKind.GOODWILL")
    if kind is EntryKind.REVERSAL:
        raise RefusedError(kind.value, "a reversal is made by billing alone", "use EntryKind.CORRECTION for an error")
    with exact():
        history = History(documents)
        parts = _parts(what, history)
        invoice = history.by_number.get(parts[0].invoice.number)
        if invoice is None or invoice != parts[0].invoice:
            raise RefusedError(
                parts[0].invoice.number,
                "a credit lowers an invoice of this account that is not void",
                "add the invoice to the snapshot first",
            )
        entries = _entries(parts, kind, _reason(reason), history)
        return note_for(documents.account, invoice, entries)


def _reason(reason: str | Reason) -> Reason:
    if isinstance(reason, Reason):
        return reason
    if not isinstance(reason, str):
        raise InvalidTypeError(reason, "the reason of a credit is a text or a Reason", "write it in words")
    if not reason.strip():
        raise InvalidValueError(reason, "a credit says why", "give the reason")
    return Reason.of("stated", text=reason)


def _parts(what: Part | Invoice | Iterable[Part], history: History) -> list[Part]:
    if isinstance(what, Invoice):
        parts = [Part(what, line) for line in what.lines if history.left(BilledLine(what, line)) > 0]
        if not parts:
            raise ExceedsLimitError(what.number, "nothing is left of the invoice", "it is credited already")
        return parts
    given: list[object] = list(what) if isinstance(what, Iterable) and not isinstance(what, str) else [what]
    if not given:
        raise InvalidValueError("no parts", "a credit lowers at least one line", "name a part")
    parts = []
    for part in given:
        if not isinstance(part, Part):
            raise InvalidTypeError(part, "a credit is over an invoice or parts of it", "give the invoice, or invoice.part(line, ...)")
        parts.append(part)
    if len({part.invoice.number for part in parts}) > 1:
        raise InvalidValueError(parts[1].invoice.number, "a credit note lowers one invoice", "make a credit note for each invoice")
    return parts


def _entries(parts: Sequence[Part], kind: EntryKind, reason: Reason, history: History) -> list[CreditEntry]:
    entries: list[CreditEntry] = []
    for number, part in enumerate(parts, 1):
        billed = BilledLine(part.invoice, part.line)
        lowering = _asked(part, billed, history)
        facts = None if part.days is None else part.line.facts._replace(start=part.days.start, end=part.days.end)
        entry = entry_of(billed, lowering, kind, reason, history, facts=facts, number=number)
        history.entries_by_line.setdefault(entry.ref, []).append(entry)
        entries.append(entry)
    return entries


def _asked(part: Part, billed: BilledLine, history: History) -> Lowering:
    if part.net_amount is not None:
        return largest_credit(billed, part.net_amount, history, gross=False)
    if part.gross_amount is not None:
        return largest_credit(billed, part.gross_amount, history, gross=True)
    if part.days is not None:
        return Lowering(amount_of_days(part.line, part.days))
    return Lowering(history.left(billed))


def amount_of_days(line: Line, days: Period) -> Decimal:
    """Return what a line charges before discount and without surcharges for some days of its service.

    Each day bears its part of the piece that it lies in; the amount is the difference of two cumulative values, rounded half up,
    so that the amounts of days that tile the line add up to it exactly.
    """
    step = minor_unit(line.currency)
    whole = _worth(line, line.facts.end)
    after, before = (share_of(line.facts.amount, _worth(line, day), whole, step) for day in (days.end, days.start))
    return _subtract(after, before)


def _worth(line: Line, until: date) -> Decimal:
    """Return how much of a line's working lies before a day; plain days where a piece is not above zero."""
    pieces = line.facts.pieces
    if any(piece.exact <= 0 for piece in pieces):
        return Decimal((until - line.facts.start).days)
    return add_up(_before(piece, until) for piece in pieces)


def _before(piece: Piece, until: date) -> Decimal:
    days, served = (piece.end - piece.start).days, (min(until, piece.end) - piece.start).days
    if served <= 0:
        return ZERO
    return piece.exact if served >= days else CONTEXT.divide(CONTEXT.multiply(piece.exact, Decimal(served)), Decimal(days))


def note_for(
    account: Account, invoice: Invoice, entries: Sequence[CreditEntry], *, reason: Reason | None = None, through: date | None = None
) -> DraftCreditNote:
    """Return the credit note that carries these entries on one invoice.

    Args:
        account: Whose invoice it is.
        invoice: The invoice.
        entries: What is lowered; they are numbered anew.
        reason: Why; the reason of the first entry where None.
        through: The last day up to which the account was billed, where reconciling made it.
    """
    numbered = [entry.at(number) for number, entry in enumerate(entries, 1)]
    draft = invoice.draft
    return DraftCreditNote(
        account_id=account.id,
        currency=draft.currency,
        seller=draft.seller,
        buyer=draft.buyer,
        invoice=invoice.number,
        invoice_on=invoice.on,
        entries=numbered,
        totals=credit_totals(numbered, draft.currency),
        through=through,
        reason=reason or (numbered[0].reason if numbered else None),
        details=NO_CREDIT_DETAILS if draft.details is NO_DETAILS else draft.details.of_credit(entry.ref.line for entry in numbered),
        references=draft.references,
    )


@door
def notes_for(account: Account, entries: Iterable[CreditEntry], history: History) -> tuple[DraftCreditNote, ...]:
    """Return the credit notes that carry these entries: one for each invoice, by its number."""
    by_invoice: dict[str, list[CreditEntry]] = {}
    for entry in entries:
        by_invoice.setdefault(entry.ref.invoice, []).append(entry)
    return tuple(note_for(account, history.by_number[number], by_invoice[number]) for number in sorted(by_invoice))


@door
def correct_up_to(ref: LineRef, due: Decimal, reason: Reason, history: History) -> CreditEntry | None:
    """Return the entry after which a line is corrected by so much in all, without tax; None where nothing is missing or left.

    The history counts the entry from then on, so that asked again it returns none. Nor is there one for less than the smallest credit.

    Args:
        ref: The line.
        due: What goes back in all, without tax.
        reason: Why.
        history: What was credited before.
    """
    billed = history.line(ref)
    before = add_up(entry.net_amount for entry in history.entries_by_line.get(ref, ()) if entry.kind is EntryKind.CORRECTION)
    missing = min(_subtract(due, before), comes_to(billed, Lowering(history.left(billed)), history, gross=False))
    lowering = closest(billed, missing, history, gross=False) if missing > 0 else None
    if lowering is None:
        return None
    entry = entry_of(billed, lowering, EntryKind.CORRECTION, reason, history)
    history.entries_by_line.setdefault(ref, []).append(entry)
    return entry
