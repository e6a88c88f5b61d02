"""Deciding a case: approved amounts become credit notes, and the outcome follows from the amounts."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from billing_domain.disputes.claims import DisputedLine
from billing_domain.disputes.lifecycle import with_step
from billing_domain.disputes.model import Dispute, DisputeOutcome, DisputeState, RuledLine, Ruling, Step
from billing_domain.disputes.protocols import Cases
from billing_domain.errors import ExceedsLimitError, NoSuchResultError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import CreditEntry, DraftCreditNote, EntryKind, History, LineRef, make_entry, note_for
from billing_domain.invoicing.credits import largest_credit
from billing_domain.money import amount_of, require_whole
from billing_domain.money.amounts import ZERO, exact
from billing_domain.periods import checked_instant
from billing_domain.reasons import Reason


def _notes(values: Sequence[DraftCreditNote]) -> tuple[DraftCreditNote, ...]:
    return tuple(values)


@attrs.frozen
class Settlement:
    """A decided case and the credit notes that carry the decision out.

    Args:
        dispute: The case, resolved.
        credit_notes: Drafts, one for each invoice on which something was approved or given.
    """

    dispute: Dispute
    credit_notes: tuple[DraftCreditNote, ...] = attrs.field(converter=_notes, default=())

    @property
    def credit_note(self) -> DraftCreditNote | None:
        """The credit note, or None where nothing was approved.

        Raises:
            NoSuchResultError: There are several; use `credit_notes`.
        """
        if len(self.credit_notes) > 1:
            raise NoSuchResultError(self, f"the case is about {len(self.credit_notes)} invoices", "use .credit_notes")
        return self.credit_notes[0] if self.credit_notes else None

    @property
    def outcome(self) -> DisputeOutcome:
        """What came of the case."""
        return self.dispute.outcome


def settle(cases: Cases, dispute: Dispute, *, rulings: Sequence[Ruling], at: datetime, actor: str = "", note: str = "") -> Settlement:
    """Return the decided case with its credit notes; correcting an error uses no goodwill, goodwill stands as its own entry.

    Args:
        cases: The account's documents, which bound what is left.
        dispute: An open case.
        rulings: One for each claim.
        at: When it was decided.
        actor: Who decided.
        note: Why, in words.

    Returns:
        The case, resolved, its outcome derived from the amounts, and drafts of the credit notes.

    Raises:
        RefusedError: The case is not open.
        UnknownReferenceError: A ruling is about a line that the case does not claim, or a claim has no ruling.
        ExceedsLimitError: More is approved than was claimed, or than what is left of the line.

    Source: design of documents, rule 9.
    """
    checked_instant(at, "the instant of a settlement")
    if not dispute.is_open:
        raise RefusedError(dispute.id, f"a case that is {dispute.state.value} is not settled", "reopen it first")
    ruled = _matched(dispute, rulings)
    with exact():
        history = History(cases)
        entries = [entry for line, decided in ruled for entry in _entries(dispute, line, decided, history)]
        notes = _credit_notes(cases, entries, history)
    resolved = with_step(dispute, Step(at, actor, DisputeState.RESOLVED, note, dispute.escalation))
    return Settlement(attrs.evolve(resolved, rulings=[decided for _, decided in ruled]), notes)


def _matched(dispute: Dispute, rulings: Sequence[Ruling]) -> list[tuple[DisputedLine, RuledLine]]:
    by_line: dict[LineRef, Ruling] = {ruling.ref: ruling for ruling in rulings}
    claimed = {line.ref for line in dispute.lines}
    for ref in (*by_line.keys() - claimed, *claimed - by_line.keys()):
        raise UnknownReferenceError(
            f"line {ref.line} of {ref.invoice}",
            f"each claim of {dispute.id} has one ruling",
            "rule on the lines that are claimed, all of them",
        )
    return [(line, _checked(line, by_line[line.ref])) for line in dispute.lines]


def _checked(line: DisputedLine, ruling: Ruling) -> RuledLine:
    approved = require_whole(amount_of(ruling.approved, line.currency, "what is approved"), line.currency, "what is approved")
    goodwill = (
        ZERO if ruling.goodwill is None else require_whole(amount_of(ruling.goodwill, line.currency, "goodwill"), line.currency, "goodwill")
    )
    if approved > line.net_amount:
        raise ExceedsLimitError(
            approved,
            f"{line.net_amount} net were claimed of line {line.ref.line} of {line.ref.invoice}",
            "approve no more; another error is another dispute",
        )
    return RuledLine(line.ref, approved, goodwill, ruling.evidence, ruling.note)


def _entries(dispute: Dispute, line: DisputedLine, decided: RuledLine, history: History) -> list[CreditEntry]:
    made = []
    for kind, amount in ((EntryKind.CORRECTION, decided.approved_amount), (EntryKind.GOODWILL, decided.goodwill_amount)):
        if amount:
            made.append(_entry(dispute, line, kind, amount, history))
    return made


def _entry(dispute: Dispute, line: DisputedLine, kind: EntryKind, amount: Decimal, history: History) -> CreditEntry:
    billed = history.line(line.ref)
    reason = Reason.of("dispute", dispute=dispute.id, reason=line.reason.value)
    entry = make_entry(billed, largest_credit(billed, amount, history, gross=False), kind, reason, history)
    history.entries_by_line.setdefault(entry.ref, []).append(entry)
    return entry


def _credit_notes(cases: Cases, entries: Sequence[CreditEntry], history: History) -> list[DraftCreditNote]:
    by_invoice: dict[str, list[CreditEntry]] = {}
    for entry in entries:
        by_invoice.setdefault(entry.ref.invoice, []).append(entry)
    return [note_for(cases.account, history.by_number[number], by_invoice[number]) for number in sorted(by_invoice)]
