"""Bill one account: owed minus billed becomes drafts. A preview is a bill that the host does not keep."""

from datetime import date

from billing_domain.billing.result import BillingResult, Halted, Problem
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.steps import result_of
from billing_domain.billing.treatments import Treatments
from billing_domain.billing.underway import Run, Underway, undisturbed
from billing_domain.errors import BillingError, InvalidTypeError
from billing_domain.periods import checked_day


def bill(snapshot: AccountSnapshot, *, through: date, rules: Rulebook, on: date | None = None) -> BillingResult:
    """Return the documents that an account is due, or why there are none.

    What the account owes up to a day, less what earlier documents billed, is documented as lines and credit entries.
    Running twice bills nothing twice; backdated changes, late usage and cancellations need no other path.

    Args:
        snapshot: All that is known of the account.
        through: The last day; what falls due on it is billed. A day before the latest one billed counts as that one.
        rules: The seller's strategies.
        on: The day that new documents will bear, for the tax point; `through` where None.

    Returns:
        `Billed` with drafts, `NothingDue` with the reason and the next day, or `Halted` with the problems. An account that names a
        payer is billed with it, never alone: `NoBillReason.WITH_PAYER`.

    Raises:
        InvalidTypeError: `through` or `on` is not a day, or the snapshot or the rules are something else.

    Example:
        See the tutorial.
    """
    checked_day(through, "through")
    if not isinstance(snapshot, AccountSnapshot):
        raise InvalidTypeError(snapshot, "what is billed is an AccountSnapshot", "give AccountSnapshot(account, subscriptions)")
    if not isinstance(rules, Rulebook):
        raise InvalidTypeError(rules, "rules are a Rulebook", "give Rulebook(seller=..., tax=...)")
    run = Run(through, through if on is None else checked_day(on, "on"), rules, Treatments(rules))
    try:
        with undisturbed():
            return result_of(Underway(snapshot, run))
    except BillingError as error:
        return Halted(snapshot.account, (Problem.of(error),))
