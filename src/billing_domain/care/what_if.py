"""What if: the bill as it will be, and as it would be after a change."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.billing import AccountSnapshot, BillingResult, Rulebook, bill, next_billing_date
from billing_domain.billing.snapshot import Known
from billing_domain.care.driver_model import Driver
from billing_domain.care.driver_sides import Document
from billing_domain.care.drivers import between
from billing_domain.care.explanation import NAMED_IN_SUMMARY, explain
from billing_domain.care.explanation_drivers import worded
from billing_domain.care.explanation_model import Detail, Explanation
from billing_domain.care.phrases import Phrasebook, Words
from billing_domain.conditions import Facts
from billing_domain.discounts import Grant
from billing_domain.doors import door
from billing_domain.money import Money, exact, money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.periods import checked_day


def _documents(result: BillingResult) -> Sequence[Document]:
    return [*result.invoices, *result.credit_notes]


def _payable(result: BillingResult) -> Decimal:
    invoiced = add_up(draft.totals.payable_amount for draft in result.invoices)
    return CONTEXT.subtract(invoiced, add_up(note.totals.payable_amount for note in result.credit_notes))


@attrs.frozen(kw_only=True)
class WhatIf:
    """Two bills of one account: as things stand, and as they would be.

    Args:
        before: The bill as things stand.
        after: The bill that comes if the change is made; equal to what `bill` then answers.
        locale: The language of the explanation.
        detail: For whom it is explained.
        phrasebooks: Words of plugins.
        grants: What would be granted, for the words of discounts.
    """

    before: BillingResult
    after: BillingResult
    locale: str
    detail: Detail = Detail.CUSTOMER
    phrasebooks: tuple[Phrasebook, ...] = ()
    grants: tuple[Grant, ...] = ()

    @property
    def difference(self) -> Money:
        """By how much more there would be to pay; credits count as less.

        Raises:
            NoSuchResultError: One of the two runs was halted.
        """
        return money(CONTEXT.subtract(_payable(self.after), _payable(self.before)), self.after.account.currency)

    @property
    def explanation(self) -> Explanation:
        """Why the bill would differ, by drivers that sum to the difference.

        Raises:
            NoSuchResultError: One of the two runs was halted.
        """
        before, after = _documents(self.before), _documents(self.after)
        words = Words.of(self.locale, self.phrasebooks)
        with exact():
            drivers = tuple(worded(driver, words, self.detail) for driver in between(before, after)) if before or after else ()
        return attrs.evolve(
            self._explained(after, words),
            summary=_summary(self.difference, drivers, words),
            before_amount=_payable(self.before),
            drivers=drivers,
            supposed=True,
        )

    def _explained(self, after: Sequence[Document], words: Words) -> Explanation:
        """Return what stands on the bill that would come."""
        if after:
            return explain(after, locale=self.locale, detail=self.detail, phrasebooks=self.phrasebooks, grants=self.grants)
        nothing = words.say("bill.nothing-next")
        return Explanation(
            title=nothing.rstrip("."),
            summary="",
            words=words,
            detail=self.detail,
            currency=self.after.account.currency,
            before_amount=None,
            after_amount=ZERO,
            closing=[nothing],
        )


def _summary(difference: Money, drivers: Sequence[Driver], words: Words) -> str:
    direction = "same" if not difference.amount else "up" if difference.amount > 0 else "down"
    said = words.say(f"suppose.{direction}", amount=money(abs(difference.amount), difference.currency.code))
    reasons = "; ".join(driver.text for driver in drivers[:NAMED_IN_SUMMARY])
    return f"{said}: {reasons}" if reasons else said


@door
def what_if(
    snapshot: AccountSnapshot,
    changed: Known | Iterable[Known],
    *,
    through: date,
    rules: Rulebook,
    locale: str | None = None,
    detail: Detail = Detail.CUSTOMER,
    phrasebooks: Iterable[Phrasebook] = (),
) -> WhatIf:
    """Return the bill as things stand and as it would be after a change, with the reasons for the difference.

    Args:
        snapshot: All that is known of the account.
        changed: What would be known too: a changed subscription, a grant, an order, usage, or several of them.
        through: The last day that is billed.
        rules: The seller's strategies.
        locale: The language of the explanation; the account's own where None.
        detail: For whom it is explained.
        phrasebooks: Words of plugins.

    Returns:
        Both bills; `after` equals what `bill` answers once the change is made.

    Raises:
        InvalidTypeError: The change is nothing that a snapshot holds.

    Example:
        See the tutorial on the call.
    """
    news = list(changed) if isinstance(changed, Iterable) and not isinstance(changed, Facts) else [changed]
    supposed = snapshot.add(*news)
    return WhatIf(
        before=bill(snapshot, through=through, rules=rules),
        after=bill(supposed, through=through, rules=rules),
        locale=locale or snapshot.account.locale,
        detail=detail,
        phrasebooks=tuple(phrasebooks),
        grants=tuple(supposed.grants),
    )


@door
def next_bill(snapshot: AccountSnapshot, *, as_of: date, rules: Rulebook) -> BillingResult:
    """Return the next bill after a day as it will be if nothing changes; usage counts as far as it is known.

    Args:
        snapshot: All that is known of the account, the bill of the day included.
        as_of: The day.
        rules: The seller's strategies.

    Returns:
        What `bill` answers on the next day on which something falls due; `NothingDue` where nothing will.

    Raises:
        InvalidTypeError: Something given is not what its name says.

    Example:
        See the explanation of drivers.
    """
    day = next_billing_date(snapshot, after=checked_day(as_of, "as_of"))
    return bill(snapshot, through=as_of if day is None else day, rules=rules)
