"""An account on its way through the steps of billing, and what is the same for all accounts of a run."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import attrs

from billing_domain.billing.difference import Difference, NewRow, Settings
from billing_domain.billing.discounting import Decided
from billing_domain.billing.rating import Owing
from billing_domain.billing.result import BillingResult
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.treatments import Treatments
from billing_domain.billing.uncounted import Uncounted
from billing_domain.errors import RefusedError
from billing_domain.invoicing import History, LineKey
from billing_domain.money.amounts import exact, is_exact


@attrs.frozen
class Run:
    """What is the same for every account of a run.

    Args:
        through: The last day.
        on: The day that new documents will bear.
        rules: The seller's strategies.
        treatments: What policies and price models answered so far.
    """

    through: date
    on: date
    rules: Rulebook
    treatments: Treatments


class Underway:
    """An account that is being billed: each step reads what those before it found, and notes what it finds itself.

    A step that comes to a result is the last one.

    Args:
        snapshot: The account.
        run: What is the same for all accounts.

    Attributes:
        result: What comes out; the account is done then.
        using: The settings of the run for this account.
        history: What its documents say.
        coming: Lines that take back credit entries.
        owed: What it owes, with the children that are billed on its invoice.
        apart: The children that get invoices of their own.
        outside: Usage that no charge counts.
        found: What its documents lack.
        groups: The invoice group of each subscription and order that has one.
        documents: The lines of each document to be.
        decided: What discounts take off them.
    """

    __slots__ = (
        "apart",
        "coming",
        "decided",
        "documents",
        "found",
        "groups",
        "history",
        "outside",
        "owed",
        "result",
        "run",
        "snapshot",
        "using",
    )

    using: Settings
    history: History
    coming: Sequence[NewRow]
    owed: dict[LineKey, Owing]
    apart: Sequence[AccountSnapshot]
    outside: Sequence[Uncounted]
    found: Difference
    groups: Mapping[str, str]
    documents: Sequence[Sequence[NewRow]]
    decided: Decided

    def __init__(self, snapshot: AccountSnapshot, run: Run) -> None:
        self.snapshot = snapshot
        self.run = run
        self.result: BillingResult | None = None


@contextmanager
def undisturbed() -> Generator[None, None, None]:
    """Work in `money.exact()`, and refuse what comes out where a plugin left that context changed: its figures can not be trusted.

    Raises:
        RefusedError: The context of decimals is not as it was.
    """
    with exact() as context:
        failed: Exception | None = None
        try:
            yield
        except Exception as error:  # noqa: BLE001  raised again below, unless the context explains it
            failed = error
        if not is_exact(context):
            raise RefusedError(
                "decimal context",
                "a plugin leaves the context of decimals as it finds it, since all amounts are worked out in it",
                "let the plugin calculate within decimal.localcontext()",
            ) from failed
        if failed is not None:
            raise failed
