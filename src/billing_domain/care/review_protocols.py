"""What a host plugs in: a check of its own, and the case that it reads."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

from billing_domain.billing import AccountSnapshot, Owed, Rulebook
from billing_domain.billing.treatments import BuyerTreatments
from billing_domain.care.review_model import ReviewFinding
from billing_domain.care.review_records import AgentPromise, Interaction, Notice
from billing_domain.catalog import Catalog, Plan
from billing_domain.invoicing import BilledLine, History, Invoice, LineKey
from billing_domain.money.amounts import CONTEXT, ZERO
from billing_domain.payments import Payment

Record = Notice | Interaction | AgentPromise | Payment
"""What a review can be told beside the snapshot; a payment is the bank's word that money arrived."""


class ReviewCase(NamedTuple):
    """What a check reads: documents as they are, and what is owed by the facts as they are known now.

    Args:
        snapshot: All that is known of the account.
        as_of: The day of the review.
        rules: The seller's strategies.
        history: What the documents say together.
        lines: The lines of every invoice issued by the day that is not void, in order of issue.
        invoices: Those invoices.
        owed: What is owed, by key; reinstated and foreign lines have no key here.
        treatments: How things are taxed for this customer.
        records: Notices, contacts, promises, and the bank's word on payments.
        plans: Plans that the customer may have.
        catalog: What is on sale; None where it is not known.
    """

    snapshot: AccountSnapshot
    as_of: date
    rules: Rulebook
    history: History
    lines: tuple[BilledLine, ...]
    invoices: tuple[Invoice, ...]
    owed: dict[LineKey, Owed]
    treatments: BuyerTreatments
    records: tuple[Record, ...] = ()
    plans: tuple[Plan, ...] = ()
    catalog: Catalog | None = None

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.snapshot.account.currency

    def belongs(self, line: BilledLine) -> bool:
        """Say whether a line belongs to a subscription or order of the account, so that it can be rated again."""
        key = line.line.key
        known = {subscription.id for subscription in self.snapshot.subscriptions} | {order.id for order in self.snapshot.orders}
        return key in self.owed or key[0] in known

    def excess(self, key: LineKey) -> Decimal:
        """Return what was billed for a key beyond what is owed, before discount; below zero where less was billed."""
        billed, _ = self.history.net_billed(key)
        owed = self.owed.get(key)
        return CONTEXT.subtract(billed, ZERO if owed is None else owed.amount)

    def left(self, line: BilledLine) -> Decimal:
        """Return what is left of a line before discount, so that nothing is found that was credited."""
        return self.history.left(line)


@runtime_checkable
class ReviewCheck(Protocol):
    """**Protocol:** looks for one sort of unfairness.

    Called once for each review; yields nothing for an account that is in order. What it yields is compared with what other checks found on
    the same line, so that nothing is refunded twice.
    """

    @property
    def code(self) -> str:
        """What it finds; one of a host carries its namespace."""
        ...

    def check(self, case: ReviewCase) -> Iterable[ReviewFinding]:
        """Return what is found."""
        ...
