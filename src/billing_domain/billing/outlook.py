"""What comes: the next bills as things stand, and the last one."""

from datetime import date
from typing import NamedTuple

from billing_domain.billing.result import Billed, BillingResult, Halted
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.run import bill
from billing_domain.billing.schedule import next_billing_date
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.doors import door
from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.ids import content_id
from billing_domain.invoicing import CreditNote, Invoice
from billing_domain.periods import checked_day


class Forecast(NamedTuple):
    """One bill to come.

    Args:
        on: The day.
        result: What the run of that day answers as things stand.
    """

    on: date
    result: BillingResult


@door
def forecast(snapshot: AccountSnapshot, *, bills: int, after: date, rules: Rulebook) -> tuple[Forecast, ...]:
    """Return the next bills as things stand: usage that is not recorded yet is not on them.

    Args:
        snapshot: What is known; add expected usage, and an expected change, to see what they do.
        bills: How many bills, one or more; fewer come back where nothing follows, and the last may be a `Halted`.
        after: The day up to which everything is billed.
        rules: The seller's strategies.

    Returns:
        The bills in order of days; runs that make no document are left out.

    Raises:
        InvalidValueError: Fewer than one bill is asked for.
        RefusedError: Another account pays for this one; ask for the bills of that one.

    Example:
        See the how-to on many accounts.
    """
    if bills < 1:
        raise InvalidValueError(bills, "a forecast has one bill or more", "give 1 or more")
    _check_pays(snapshot)
    found: list[Forecast] = []
    day = next_billing_date(snapshot, after=checked_day(after, "after"))
    while day is not None and len(found) < bills:
        result = bill(snapshot, through=day, rules=rules)
        if isinstance(result, Billed):
            found.append(Forecast(day, result))
            snapshot = _issued(snapshot, result, day)
        elif isinstance(result, Halted):
            return (*found, Forecast(day, result))
        day = next_billing_date(snapshot, after=day)
    return tuple(found)


def _check_pays(snapshot: AccountSnapshot) -> None:
    account = snapshot.account
    if account.payer is not None:
        raise RefusedError(
            account.id, f"its bills are those of its payer {account.payer}", f"ask about {account.payer}, with it as a child"
        )


def _issued(snapshot: AccountSnapshot, result: Billed, on: date) -> AccountSnapshot:
    """Return the snapshot as if the drafts were issued, under numbers that no document has."""
    documents: list[Invoice | CreditNote] = [draft.issue(number=content_id("forecast", on, draft.id), on=on) for draft in result.invoices]
    documents += [note.issue(number=content_id("forecast", on, note.id), on=max(on, note.invoice_on)) for note in result.credit_notes]
    for member in snapshot.children:
        its = [document for document in documents if document.account_id == member.id]
        snapshot = snapshot.add(member.add(*its)) if its else snapshot
    return snapshot.add(*[document for document in documents if document.account_id == snapshot.id])


class FinalBill(NamedTuple):
    """The last bill of an account.

    Args:
        snapshot: With the end of every subscription entered; keep it.
        result: The documents: what is still owed, and what comes back.
    """

    snapshot: AccountSnapshot
    result: BillingResult


@door
def final_bill(snapshot: AccountSnapshot, *, on: date, rules: Rulebook) -> FinalBill:
    """End every subscription of an account on a day and bill what is left; nothing is held back, since nothing follows.

    Args:
        snapshot: What is known.
        on: The first day that is no longer served.
        rules: The seller's strategies.

    Returns:
        The account with its ends entered, and its last documents.

    Raises:
        OutOfOrderError: A change is known after the day.
        RefusedError: Another account pays for this one; cancel its subscriptions and bill that one.

    Example:
        See the how-to on contracts.
    """
    checked_day(on, "the last day")
    _check_pays(snapshot)
    live = [found for found in snapshot.subscriptions if found.ends_on is None or found.ends_on > on]
    ended = [found.cancel(on=max(on, found.start_on)) for found in live]
    known = snapshot.add(*ended)
    return FinalBill(known, bill(known, through=on, rules=rules))
