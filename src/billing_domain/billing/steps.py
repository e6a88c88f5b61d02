"""The steps of billing an account, each inside `money.exact()`: read, rate, compare, discount, document.

Each lets go of what no later one reads: it makes room for the next account in memory that is still in the cache, and fewer things
in the air mean less for the garbage collector.
"""

from collections.abc import Callable, Sequence
from datetime import date

import attrs

from billing_domain.billing.assembling import divided, drafted
from billing_domain.billing.difference import NewRow, settings
from billing_domain.billing.discounting import decide
from billing_domain.billing.family import family, invoice_groups
from billing_domain.billing.rating import owed_for
from billing_domain.billing.reconciliation import difference_of
from billing_domain.billing.reinstating import as_far_as_owed, reinstated
from billing_domain.billing.result import Billed, BillingResult, Halted, NoBillReason, NothingDue, Problem
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.uncounted import Uncounted
from billing_domain.billing.underway import Run, Underway, undisturbed
from billing_domain.errors import BillingError, UnknownReferenceError
from billing_domain.invoicing import CreditEntry, History

Step = Callable[[Underway], None]


def read(account: Underway) -> None:
    """Read what the documents of an account say; a child waits for its payer."""
    if account.snapshot.account.payer is not None:
        account.result = NothingDue(account.snapshot.account, NoBillReason.WITH_PAYER)
    else:
        _read(account)


def _read(account: Underway) -> None:
    snapshot, run = account.snapshot, account.run
    through, on, rules = run.through, run.on, run.rules
    opening, billed_through = snapshot.opening, snapshot.billed_through
    if billed_through is not None and billed_through > through:
        through = billed_through
    history = account.history = History.of(snapshot)
    settled = date.min if opening is None else opening.through
    treatments, currency = run.treatments, snapshot.account.currency
    account.using = settings(currency, on, through, settled, rules, treatments.of(snapshot.account), treatments.settings)
    since = billed_through or _begins(snapshot)
    if since is not None and since.year != through.year:  # what lies within a year can not be too long
        rules.bounds.check_days(since=since, on=on, through=through)
    account.coming = _coming_back(snapshot, history) if snapshot.reinstatements else ()


def rate(account: Underway) -> None:
    """Work out what an account owes, with the children that are billed on its invoice."""
    snapshot, using, billed = account.snapshot, account.using, account.history.billed
    through, rules = using.through, using.rules
    workings = account.run.treatments.workings(using.currency)
    outside: list[Uncounted] = []
    owed = account.owed = owed_for(snapshot, through, rules, billed, workings, outside)
    account.apart = ()
    if snapshot.children:
        joined, account.apart = family(snapshot, billed, using.on)
        for child in joined:
            owed.update(owed_for(child, through, rules, billed, workings, outside))
    account.outside = outside or ()


def compare(account: Underway) -> None:
    """Compare what an account owes with what its documents say."""
    owed, using, coming = account.owed, account.using, account.coming
    found = account.found = difference_of(owed, account.history, using)
    rows, reversals, _, _ = found
    if reversals:
        gone = [entry for entry in reversals if entry.facts[:3] not in owed]
        if gone:
            _check_known(account.snapshot, gone)
    if coming:
        rows.extend(as_far_as_owed(coming, owed, found, using))
    using.rules.bounds.check_lines(len(rows))
    del account.owed


def discount(account: Underway) -> None:
    """Divide what is to be billed into documents, and decide what discounts take off each line."""
    snapshot, using = account.snapshot, account.using
    groups = account.groups = invoice_groups(snapshot)
    documents = divided(snapshot, account.found, groups, using)
    if isinstance(documents, NothingDue):
        _conclude(account, documents)
    else:
        account.documents = documents
        account.decided = decide(snapshot, documents, account.history, using)


def document(account: Underway) -> None:
    """Make the documents of an account."""
    snapshot, using, found, history = account.snapshot, account.using, account.found, account.history
    _conclude(account, drafted(snapshot, found, account.documents, account.groups, account.decided, history, using))
    del account.found, account.documents, account.decided, account.history


STEPS: tuple[Step, ...] = (read, rate, compare, discount, document)


def result_of(account: Underway, steps: Sequence[Step] = STEPS) -> BillingResult:
    """Take one account through all steps, and return its result.

    Raises:
        BillingError: It can not be billed as it stands.
    """
    coming = iter(steps)
    while account.result is None:
        next(coming)(account)
    return account.result


def _conclude(account: Underway, result: Billed | NothingDue) -> None:
    """Set the result of an account, with the usage that no charge counts and with the children that get invoices of their own."""
    account.result = result
    if account.outside:
        account.result = attrs.evolve(result, uncounted=account.outside)
    if account.apart:
        run = attrs.evolve(account.run, through=account.using.through)
        account.result = _with_children(account.result, [_bill_apart(child, run) for child in account.apart])


def _bill_apart(child: AccountSnapshot, run: Run) -> BillingResult:
    """Bill a child that gets an invoice of its own."""
    try:
        with undisturbed():
            return result_of(Underway(child, run), (_read, *STEPS[1:]))
    except BillingError as error:
        return Halted(child.account, (Problem.of(error),))


def _coming_back(snapshot: AccountSnapshot, history: History) -> list[NewRow]:
    """Return lines that take back credit entries; from now on the entries count as taken back."""
    coming = reinstated(snapshot.reinstatements, history)
    for ref in filter(None, [row[0].reinstates for row in coming]):
        history.reinstate(ref)
    return coming


def _check_known(snapshot: AccountSnapshot, reversals: Sequence[CreditEntry]) -> None:
    """Check that what is credited because less is owed was not merely left out of the snapshot."""
    known = {name for member in (snapshot, *snapshot.children) for name in member.sold_ids}
    for entry in reversals:
        name = entry.facts.subscription_id
        if name not in known:
            raise UnknownReferenceError(
                name,
                f"documents of account {snapshot.id} bill it, and the snapshot does not hold it: {entry.ref.invoice} would be credited",
                "add it as it stands now; a subscription ends with cancel(on=...), an order with a credit note",
            )


def _begins(snapshot: AccountSnapshot) -> date | None:
    return min((subscription.start_on for subscription in snapshot.subscriptions), default=None)


def _with_children(result: BillingResult, others: Sequence[BillingResult]) -> BillingResult:
    """Return one result for a payer and the children that get invoices of their own."""
    results = (result, *others)
    problems = [problem for found in results if isinstance(found, Halted) for problem in found.problems]
    if problems:
        return Halted(result.account, problems)
    billed = [found for found in results if isinstance(found, Billed)]
    pending = [row for found in results if not isinstance(found, Halted) for row in found.pending]
    outside = [row for found in results if not isinstance(found, Halted) for row in found.uncounted]
    if isinstance(result, NothingDue) and not billed:
        return attrs.evolve(result, pending=pending, uncounted=outside)
    invoices = [draft for found in billed for draft in found.invoices]
    notes = [note for found in billed for note in found.credit_notes]
    grants = [grant for found in billed for grant in found.grants]
    applications = [record for found in billed for record in found.discounts]
    return Billed(result.account, invoices, notes, pending, max(found.through for found in billed), grants, applications, outside)
