"""Bill one account: owed minus billed becomes drafts. A preview is a bill that the host does not keep."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

import attrs

from billing_domain.accounts import Account
from billing_domain.billing.assembling import assemble
from billing_domain.billing.difference import Difference, NewRow, Settings, settings
from billing_domain.billing.family import family
from billing_domain.billing.rating import Owed, owed_for
from billing_domain.billing.reconciliation import difference_of
from billing_domain.billing.reinstating import as_far_as_owed, reinstated
from billing_domain.billing.result import Billed, BillingResult, Halted, NoBillReason, NothingDue, Problem
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.treatments import Treatments
from billing_domain.billing.uncounted import Uncounted
from billing_domain.errors import BillingError, InvalidTypeError, RefusedError, UnknownReferenceError
from billing_domain.invoicing import CreditEntry, History, LineKey
from billing_domain.money.amounts import exact, is_exact
from billing_domain.periods import checked_day

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class


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
    return bill_with(snapshot, through, through if on is None else checked_day(on, "on"), rules, Treatments(rules))


def bill_with(snapshot: AccountSnapshot, through: date, on: date, rules: Rulebook, treatments: Treatments) -> BillingResult:
    """Bill one account with the answers of policies and price models that a run keeps; a child waits for its payer."""
    try:
        with undisturbed():
            begun = begin(snapshot, through, on, rules, treatments)
            return conclude(compare(begun)) if isinstance(begun, Begun) else begun
    except BillingError as error:
        return Halted(snapshot.account, (Problem.of(error),))


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


class Begun(NamedTuple):
    """An account of which it is known what it owes and what its documents say: the first of three steps.

    Args:
        snapshot: The account.
        using: The settings of the run.
        history: What its documents say.
        owed: What it owes, with the children that are billed on its invoice.
        coming: Lines that take back credit entries.
        apart: The children that get invoices of their own.
        outside: Usage that no charge counts.
        treatments: What policies and price models answered.
    """

    snapshot: AccountSnapshot
    using: Settings
    history: History
    owed: dict[LineKey, Owed]
    coming: list[NewRow]
    apart: list[AccountSnapshot]
    outside: list[Uncounted]
    treatments: Treatments

    @property
    def account(self) -> Account:
        """Who is billed."""
        return self.snapshot.account


class Compared(NamedTuple):
    """An account of which it is known what its documents lack: the second step.

    Args:
        begun: The first step.
        found: The difference.
    """

    begun: Begun
    found: Difference

    @property
    def account(self) -> Account:
        """Who is billed."""
        return self.begun.snapshot.account


def begin(snapshot: AccountSnapshot, through: date, on: date, rules: Rulebook, treatments: Treatments) -> Begun | NothingDue:
    """Read the documents of an account and rate what it owes, inside `money.exact()`; a child waits for its payer."""
    if snapshot.account.payer is not None:
        return NothingDue(snapshot.account, NoBillReason.WITH_PAYER)
    return _rated(snapshot, through, on, rules, treatments)


def _rated(snapshot: AccountSnapshot, through: date, on: date, rules: Rulebook, treatments: Treatments) -> Begun:
    account, opening = snapshot.account, snapshot.opening
    billed_through = snapshot.billed_through
    if billed_through is not None and billed_through > through:
        through = billed_through
    rules.bounds.check_days(since=billed_through or _begins(snapshot), on=on, through=through)
    history = History(snapshot)
    using = settings(account.currency, on, through, date.min if opening is None else opening.through, rules, treatments.of(account))
    coming = _coming_back(snapshot, history) if snapshot.reinstatements else []
    outside: list[Uncounted] = []
    workings = treatments.workings(account.currency)
    owed = owed_for(snapshot, through, rules, history.billed, workings, outside)
    apart: list[AccountSnapshot] = []
    if snapshot.children:
        joined, apart = family(snapshot, history.billed, on)
        for child in joined:
            owed.update(owed_for(child, through, rules, history.billed, workings, outside))
    return _new(Begun, (snapshot, using, history, owed, coming, apart, outside, treatments))


def _coming_back(snapshot: AccountSnapshot, history: History) -> list[NewRow]:
    """Return lines that take back credit entries; from now on the entries count as taken back."""
    coming = reinstated(snapshot.reinstatements, history)
    for row in coming:
        if row[0].reinstates is not None:
            history.reinstate(row[0].reinstates)
    return coming


def compare(begun: Begun) -> Compared:
    """Compare what an account owes with what its documents say, inside `money.exact()`."""
    snapshot, using, history, owed, coming, _, _, _ = begun
    found = difference_of(owed, history, using)
    if found.reversals:
        gone = [entry for entry in found.reversals if entry.facts[:3] not in owed]
        if gone:
            _check_known(snapshot, gone)
    if coming:
        found.rows.extend(as_far_as_owed(coming, owed, found, using))
    using.rules.bounds.check_lines(len(found.rows))
    return _new(Compared, (begun, found))


def conclude(compared: Compared) -> BillingResult:
    """Make the documents of an account, inside `money.exact()`."""
    begun, found = compared
    snapshot, using, history, _, _, apart, outside, _ = begun
    result = assemble(snapshot, found, history, using)
    if outside:
        result = attrs.evolve(result, uncounted=outside)
    if not apart:
        return result
    return _with_children(result, [_bill_apart(child, begun) for child in apart])


def _bill_apart(child: AccountSnapshot, begun: Begun) -> BillingResult:
    """Bill a child that gets an invoice of its own."""
    using = begun.using
    try:
        with undisturbed():
            return conclude(compare(_rated(child, using.through, using.on, using.rules, begun.treatments)))
    except BillingError as error:
        return Halted(child.account, (Problem.of(error),))


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
