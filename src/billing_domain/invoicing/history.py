"""What the issued documents of an account say together: what was billed, credited and given, line by line."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, cast

import attrs

from billing_domain.errors import UnknownReferenceError
from billing_domain.invoicing.documents import Invoice
from billing_domain.invoicing.lines import CreditEntry, EntryKind, EntryRef, Line, LineKey, LineRef, shared
from billing_domain.invoicing.protocols import Documents
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.tax import TaxRounding, TaxTreatment
from billing_domain.unchecked import unchecked

_add = CONTEXT.add
_subtract = CONTEXT.subtract
_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class


class BilledLine(NamedTuple):
    """An issued line with its invoice.

    Args:
        invoice: The invoice.
        line: One of its lines.
    """

    invoice: Invoice
    line: Line

    @property
    def ref(self) -> LineRef:
        """The line by invoice and number."""
        invoice, line = self
        return _new(LineRef, (invoice.number, line.number))


class _Credits:
    """What documents say of credit entries, beside the lines that they are on."""

    __slots__ = ("by_ref", "coming", "documents", "reinstated")

    def __init__(self) -> None:
        self.by_ref: dict[EntryRef, CreditEntry] = {}
        self.documents: dict[int, tuple[str, date]] = {}
        self.reinstated: set[EntryRef] = set()
        self.coming: list[CreditEntry] = []


_NO_CREDITS = _Credits()
"""What documents without credits say of them; all share it, so nothing can be added to it."""
_NO_CREDITS.by_ref = cast("dict[EntryRef, CreditEntry]", MappingProxyType({}))
_NO_CREDITS.documents = cast("dict[int, tuple[str, date]]", MappingProxyType({}))
_NO_CREDITS.reinstated = cast("set[EntryRef]", frozenset())
_NO_CREDITS.coming = cast("list[CreditEntry]", ())


def _no_credits() -> _Credits:
    return _NO_CREDITS


@attrs.frozen(eq=False)
class History:
    """An index over the documents of one account; made anew for each run and never stored.

    Voided invoices are left out: their keys count as unbilled.

    Args:
        documents: The issued documents.
        billed: The lines of each key, in the order of their invoices.
        entries_by_line: The credit entries on each line.
        by_number: The invoices that are not void.
    """

    documents: Documents = attrs.field(repr=False)
    billed: dict[LineKey, list[BilledLine]] = attrs.field(init=False, factory=dict, repr=False)
    entries_by_line: dict[LineRef, list[CreditEntry]] = attrs.field(init=False, factory=dict, repr=False)
    by_number: dict[str, Invoice] = attrs.field(init=False, factory=dict, repr=False)
    _credits: _Credits = attrs.field(init=False, factory=_no_credits, repr=False)

    def __attrs_post_init__(self) -> None:
        self._read()

    @staticmethod
    def of(documents: Documents) -> "History":
        """Return the index over documents that are known to be sound, at less cost; for engines that make one for each account."""
        history = _unread(documents)
        history._read()  # noqa: SLF001  its own
        return history

    def _read(self) -> None:
        documents, billed, by_number = self.documents, self.billed, self.by_number
        voided = {void.invoice for void in documents.voids} if documents.voids else ()
        for invoice in documents.invoices:
            number, draft = invoice.number, invoice.draft
            if number in voided:
                continue
            by_number[number] = invoice
            for line in draft.lines:
                facts = line.facts
                key = facts[:3]
                known = _new(BilledLine, (invoice, line))
                if key in billed:
                    billed[key].append(known)
                else:
                    billed[key] = [known]
                reinstates = facts[12]
                if reinstates is not None:
                    self._own_credits().reinstated.add(reinstates)
            if draft.entries:
                self._index_entries(number, invoice.on, draft.entries)
        for note in documents.credit_notes:
            self._index_entries(note.number, note.on, note.entries)

    def _index_entries(self, document: str, on: date, entries: Iterable[CreditEntry]) -> None:
        credits_ = self._own_credits()
        for entry in entries:
            credits_.documents[id(entry)] = (document, on)
            self.entries_by_line.setdefault(entry.ref, []).append(entry)
            credits_.by_ref[EntryRef(document, entry.number)] = entry

    def _own_credits(self) -> _Credits:
        """Return what is known of credits, to be added to."""
        if self._credits is _NO_CREDITS:
            object.__setattr__(self, "_credits", _Credits())
        return self._credits

    @property
    def reinstated(self) -> set[EntryRef]:
        """Entries that a line of these documents has taken back."""
        return self._credits.reinstated

    def entry(self, ref: EntryRef) -> CreditEntry:
        """Return an issued entry.

        Raises:
            UnknownReferenceError: No document that is not void carries it.
        """
        found = self._credits.by_ref.get(ref)
        if found is None:
            raise UnknownReferenceError(
                f"entry {ref.entry} of {ref.document}", "no issued document that is not void has such an entry", "check number and entry"
            )
        return found

    def entries(self) -> Iterator[CreditEntry]:
        """Return every issued entry."""
        return iter(self._credits.by_ref.values())

    def entries_on(self, ref: LineRef) -> Iterator[tuple[str, date, CreditEntry]]:
        """Return the entries on a line with number and day of the document that carries each; one that is not issued yet comes last."""
        for entry in self.entries_by_line.get(ref, ()):
            document, on = self._credits.documents.get(id(entry), ("", date.max))
            yield document, on, entry

    def line(self, ref: LineRef) -> BilledLine:
        """Return an issued line.

        Raises:
            UnknownReferenceError: No invoice that is not void carries it.
        """
        invoice = self.by_number.get(ref.invoice)
        for line in invoice.lines if invoice else ():
            if line.number == ref.line:
                return BilledLine(self.by_number[ref.invoice], line)
        raise UnknownReferenceError(
            f"line {ref.line} of {ref.invoice}", "no issued invoice that is not void has such a line", "check number and line"
        )

    def credited(self, ref: LineRef) -> Decimal:
        """Return what all entries have lowered the line by, before discount."""
        return add_up(entry.list_amount for entry in self.entries_by_line.get(ref, ()))

    def left(self, billed: BilledLine) -> Decimal:
        """Return what is left of a line before discount and without surcharges: its amount less all entries on it.

        A reinstating line is a line of its own, with its own amount left.
        """
        return _subtract(billed.line.facts.amount, self.credited(billed.ref)) if self.entries_by_line else billed.line.facts.amount

    def shares_back(self, ref: LineRef, grant_id: str) -> Decimal:
        """Return what entries on the line have given back to a grant."""
        given = (share.amount for entry in self.entries_by_line.get(ref, ()) for share in entry.shares if share.grant_id == grant_id)
        return add_up(given)

    def surcharge_back(self, ref: LineRef, number: int) -> Decimal:
        """Return what entries on the line have given back of one of its surcharges."""
        given = (each.amount for entry in self.entries_by_line.get(ref, ()) for each in entry.surcharges if each.number == number)
        return add_up(given)

    def credited_charge(self, billed: BilledLine) -> Decimal:
        """Return what was credited so far in the tax function that covers the line: its group's, or its own where tax is per line."""
        if billed.invoice.draft.tax_rounding is TaxRounding.PER_LINE:
            refs = [billed.ref]
        else:
            refs = [LineRef(billed.invoice.number, line.number) for line in group_of(billed.invoice, billed.line.treatment)]
        return add_up(entry.charged_amount for ref in refs for entry in self.entries_by_line.get(ref, ()))

    def reinstate(self, ref: EntryRef) -> None:
        """Count an entry as taken back from now on, by a line that is about to be issued."""
        self._own_credits().coming.append(self._credits.by_ref[ref])

    def net_billed(self, key: LineKey) -> tuple[Decimal, Decimal]:
        """Return what is billed for a key, and the corrections that hold it down, both before discount: see `net_of`."""
        return self.net_of(self.billed.get(key, ()))

    def net_of(self, lines: Sequence[BilledLine]) -> tuple[Decimal, Decimal]:
        """Return what is billed on lines of one key, all or those of one tax rate, and the corrections that hold it down.

        Both are before discount. Billed is the lines less reversals and corrections; goodwill does not count, so that no later run takes
        it back. A line that reinstates a correction counts, and the correction holds nothing down any more, whichever line bears it.
        One that reinstates a goodwill counts with what it falls short of it, since no more than is owed was reinstated.
        """
        if len(lines) == 1 and not self.entries_by_line:
            return lines[0].line.facts.amount, ZERO
        reinstated = {id(self._credits.by_ref.get(ref)) for ref in self.reinstated}
        billed = corrections = ZERO
        for found in lines:
            facts = found.line.facts
            taken_back = None if facts.reinstates is None else self._credits.by_ref.get(facts.reinstates)
            billed = _add(billed, facts.amount)
            if taken_back is not None and taken_back.kind is EntryKind.GOODWILL:
                billed = _subtract(billed, taken_back.list_amount)
            for entry in self.entries_by_line.get(found.ref, ()):
                if entry.kind is not EntryKind.GOODWILL:
                    billed = _subtract(billed, entry.list_amount)
                if entry.kind is EntryKind.CORRECTION and id(entry) not in reinstated:
                    corrections = _add(corrections, entry.list_amount)
        held = self._held_again(lines) if self._credits.coming else ZERO
        return _add(billed, held), _subtract(corrections, held)

    def _held_again(self, lines: Sequence[BilledLine]) -> Decimal:
        """Return the corrections of these lines that are about to be taken back."""
        refs = {found.ref for found in lines}
        return add_up(entry.list_amount for entry in self._credits.coming if entry.kind is EntryKind.CORRECTION and entry.ref in refs)

    def used(self, grant_id: str) -> Decimal:
        """Return what a grant has given less what came back to it."""
        given = ZERO
        for lines in self.billed.values():
            for found in lines:
                given = _add(given, add_up(share.amount for share in found.line.shares if share.grant_id == grant_id))
        back = (share.amount for entry in self.entries() for share in entry.shares if share.grant_id == grant_id)
        return _subtract(given, add_up(back))


_unread = unchecked(History)


def group_of(invoice: Invoice, treatment: TaxTreatment) -> list[Line]:
    """Return the lines of an invoice that are taxed together."""
    return [line for line in invoice.lines if line.treatment == treatment]


def discount_left(billed: BilledLine, history: History) -> Decimal:
    """Return the shares of a line that have not come back."""
    back = add_up(shared(entry.shares) for entry in history.entries_by_line.get(billed.ref, ()))
    return _subtract(shared(billed.line.shares), back)
