"""Deciding a case: approved amounts become credit notes, and the outcome follows from the amounts."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from billing_domain.disputes.claims import DisputedLine
from billing_domain.disputes.lifecycle import with_step
from billing_domain.disputes.model import Dispute, DisputeOutcome, DisputeState, Step
from billing_domain.disputes.protocols import Cases
from billing_domain.disputes.rulings import RuledLine, Ruling
from billing_domain.doors import door
from billing_domain.errors import ExceedsLimitError, NoSuchResultError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import CreditEntry, DraftCreditNote, EntryKind, History, LineRef, correct_up_to, notes_for
from billing_domain.invoicing.credits import entry_of
from billing_domain.invoicing.lowering import largest_credit
from billing_domain.money import Money, amount_of, money, require_whole
from billing_domain.money.amounts import CONTEXT, ZERO, add_up, exact
from billing_domain.periods import checked_instant
from billing_domain.reasons import Reason

FEE_RETURNED = "late-fee-returned"
"""The code of the reason of an entry that gives back a late fee on what was not owed."""


def _notes(values: Sequence[DraftCreditNote]) -> tuple[DraftCreditNote, ...]:
    return tuple(values)


@attrs.frozen
class Settlement:
    """A decided case and the credit notes that carry the decision out.

    Args:
        dispute: The case, resolved.
        credit_notes: Drafts, one for each invoice on which something was approved or given, or a late fee goes back.
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
            raise NoSuchResultError(self, f"{len(self.credit_notes)} invoices are lowered", "use .credit_notes")
        return self.credit_notes[0] if self.credit_notes else None

    @property
    def returned_fees(self) -> Money | None:
        """What goes back of late fees, without tax; None where nothing does."""
        found = [entry for note in self.credit_notes for entry in note.entries if entry.reason.code == FEE_RETURNED]
        return money(add_up(entry.net_amount for entry in found), found[0].currency) if found else None

    @property
    def outcome(self) -> DisputeOutcome:
        """What came of the case."""
        return self.dispute.outcome


@door
def settle(cases: Cases, dispute: Dispute, *, rulings: Sequence[Ruling], at: datetime, actor: str = "", note: str = "") -> Settlement:
    """Return the decided case with its credit notes; correcting an error uses no goodwill, goodwill stands as its own entry.

    Late fees that were charged on what is approved go back as well, by entries on the documents that bear them.
    What a decision leaves owed is not chased before `dispute.pay_by`.

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
        entries += _returned(cases, dispute, entries, history)
        notes = notes_for(cases.account, entries, history)
    decided = [ruling for _, ruling in ruled]
    return Settlement(with_step(dispute, Step(at, actor, DisputeState.RESOLVED, note, dispute.escalation, decided)), notes)


def _matched(dispute: Dispute, rulings: Sequence[Ruling]) -> list[tuple[DisputedLine, RuledLine]]:
    by_line: dict[LineRef, Ruling] = {ruling.ref: ruling for ruling in rulings}
    claimed = {line.ref for line in dispute.claimed}
    for ref in (*by_line.keys() - claimed, *claimed - by_line.keys()):
        raise UnknownReferenceError(
            f"line {ref.line} of {ref.invoice}",
            f"each claim of {dispute.id} has one ruling",
            "rule on the lines that are claimed, all of them",
        )
    return [(line, _checked(line, by_line[line.ref])) for line in dispute.claimed]


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
    entry = entry_of(billed, largest_credit(billed, amount, history, gross=False), kind, reason, history)
    history.entries_by_line.setdefault(entry.ref, []).append(entry)
    return entry


def _returned(cases: Cases, dispute: Dispute, entries: Sequence[CreditEntry], history: History) -> Iterator[CreditEntry]:
    """Give back the late fees that were charged on what these entries correct, as far as they did not go back yet."""
    corrected: dict[str, Decimal] = {}
    for entry in entries:
        if entry.kind is EntryKind.CORRECTION:
            gross = CONTEXT.add(entry.net_amount, entry.tax_amount)
            corrected[entry.ref.invoice] = CONTEXT.add(corrected.get(entry.ref.invoice, ZERO), gross)
    for ref, due in sorted(cases.fees_on(corrected).items()) if corrected else ():
        returned = correct_up_to(ref, due, Reason.of(FEE_RETURNED, dispute=dispute.id), history)
        if returned is not None:
            yield returned
