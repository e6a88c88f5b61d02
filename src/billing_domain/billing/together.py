"""Bill some accounts step by step together, which gains speed and changes no result."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from billing_domain.billing.portions import portions
from billing_domain.billing.result import BillingResult, Halted, Problem
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.steps import STEPS
from billing_domain.billing.treatments import Treatments
from billing_domain.billing.underway import Run, Underway, undisturbed
from billing_domain.errors import RefusedError
from billing_domain.money.amounts import exact, is_exact

TOGETHER = 16
"""How many accounts are billed step by step together: enough to gain by it, so few that they are done before Python collects garbage."""


class Work(NamedTuple):
    """What is the same for every account of a batch.

    Args:
        through: The last day.
        on: The day that new documents will bear.
        rules: The seller's strategies.
    """

    through: date
    on: date
    rules: Rulebook

    def run(self) -> Run:
        """Return a run in which nothing was asked yet."""
        return Run(self.through, self.on, self.rules, Treatments(self.rules))


def results_of(snapshots: Iterable[AccountSnapshot | Halted], work: Work) -> Iterator[BillingResult]:
    """Yield the result of each account, in order; the first one waits for no other account.

    Where a plugin changed the context of decimals and left it so, the accounts are billed again, each alone: its fault halts no other.
    """
    run = work.run()
    for some in portions(snapshots, 1, TOGETHER):
        with exact() as context:
            results = _together(some, run)
            sound = is_exact(context)
        if not sound:
            results = [_alone(each, work.run()) for each in some]
            run = work.run()
        yield from results


def _alone(snapshot: AccountSnapshot | Halted, run: Run) -> BillingResult:
    try:
        with undisturbed():
            return _together([snapshot], run)[0]
    except RefusedError as error:
        return Halted(snapshot.account, (Problem.of(error),))


def _together(snapshots: Sequence[AccountSnapshot | Halted], run: Run) -> list[BillingResult]:
    """Bill some accounts step by step: code that runs for one account after the other stays in the processor's caches."""
    underway = [Underway(snapshot, run) for snapshot in snapshots if not isinstance(snapshot, Halted)]
    for step in STEPS:
        for account in underway:
            if account.result is None:
                try:
                    step(account)
                except Exception as error:  # noqa: BLE001  whatever breaks in one is its result, never a lost run
                    account.result = Halted(account.snapshot.account, (Problem.of(error),))
    billed = (account.result for account in underway if account.result is not None)
    results = [snapshot if isinstance(snapshot, Halted) else next(billed) for snapshot in snapshots]
    underway.clear()  # an error that a result holds holds this frame, and with it all that the frame names
    del snapshots, billed
    return results
