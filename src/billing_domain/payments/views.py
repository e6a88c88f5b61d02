"""A ledger as a plain value: to ask what would be if some facts were others."""

from collections.abc import Iterable, Sequence

import attrs

from billing_domain.accounts import Account
from billing_domain.invoicing import CreditNote, Invoice, Reinstatement, Void
from billing_domain.payments.facts import LedgerFact
from billing_domain.payments.protocols import Hold, Ledger


@attrs.frozen
class LedgerView:
    """The facts of a ledger, some of them changed; nothing of it is checked or kept.

    Args:
        account: Whose they are.
        invoices: The invoices.
        credit_notes: The credit notes.
        voids: The voids.
        reinstatements: Credit entries that were taken back.
        ledger: The facts about money.
        holds: What is held.
    """

    account: Account
    invoices: Sequence[Invoice]
    credit_notes: Sequence[CreditNote]
    voids: Sequence[Void]
    reinstatements: Sequence[Reinstatement]
    ledger: Sequence[LedgerFact]
    holds: Sequence[Hold]


def view(ledger: Ledger) -> LedgerView:
    """Return the facts of a ledger as a plain value."""
    return LedgerView(
        ledger.account, ledger.invoices, ledger.credit_notes, ledger.voids, ledger.reinstatements, ledger.ledger, ledger.holds
    )


def with_facts(ledger: Ledger, facts: Iterable[LedgerFact]) -> LedgerView:
    """Return the ledger in which these facts are known too."""
    known = view(ledger)
    return attrs.evolve(known, ledger=(*known.ledger, *facts))


def without_void(ledger: Ledger, number: str) -> LedgerView:
    """Return the ledger as it would be if an invoice had not been voided."""
    known = view(ledger)
    return attrs.evolve(known, voids=tuple(void for void in known.voids if void.invoice != number))
