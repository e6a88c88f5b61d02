"""Cut a long history: the snapshot that goes on from a day as if the whole history were there."""

from datetime import date

import attrs

from billing_domain.billing.opening import close
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.doors import door
from billing_domain.invoicing import EntryRef
from billing_domain.payments import STANDARD, Allocation, open_facts, open_numbers


@door
def reopen(snapshot: AccountSnapshot, *, through: date, as_of: date | None = None, allocation: Allocation = STANDARD) -> AccountSnapshot:
    """Return the snapshot that stands for the whole history: settled documents and money up to a day are left out.

    What is owed, what is billed next, what is open and what money waits are the same. Kept are documents with a line that
    reaches beyond the day, documents that are open or in dispute, and everything that money ties to them.

    Args:
        snapshot: The account with its whole history.
        through: The last day of what is closed; everything up to it must be billed.
        as_of: The day whose balances count; `through` where None.
        allocation: Where money goes that names no document.

    Raises:
        RefusedError: Nothing says that the account was billed up to that day.
    """
    day = through if as_of is None else as_of
    disputed = {line.ref.invoice for dispute in snapshot.disputes if dispute.ended_on is None for line in dispute.lines}
    opening = close(snapshot, through=through, keep=disputed)
    while True:
        kept = {invoice.number for invoice in opening.documents}
        needed = open_numbers(snapshot, as_of=day, documents=kept, allocation=allocation)
        if kept.issuperset(needed):
            break
        opening = close(snapshot, through=through, keep=kept.union(needed))
    entries = {EntryRef(invoice.number, entry.number) for invoice in opening.documents for entry in invoice.entries}
    entries |= {EntryRef(note.number, entry.number) for note in opening.credit_notes for entry in note.entries}
    return attrs.evolve(
        snapshot,
        invoices=(),
        credit_notes=(),
        voids=[void for void in snapshot.voids if void.invoice in kept],
        reinstatements=[wish for wish in snapshot.reinstatements if wish.entry in entries],
        opening=opening,
        ledger=open_facts(snapshot, as_of=day, documents=kept, allocation=allocation),
        held=[hold for hold in snapshot.held if hold.invoice in kept],
        disputes=[dispute for dispute in snapshot.disputes if kept.issuperset(line.ref.invoice for line in dispute.lines)],
    )
