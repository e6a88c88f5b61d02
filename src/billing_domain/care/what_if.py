"""What if: the bill as it will be, and as it would be after a change."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.billing import AccountSnapshot, BillingResult, Rulebook, bill, next_billing_date
from billing_domain.billing.snapshot import Known
from billing_domain.care.driver_sides import Document
from billing_domain.care.explanation import explain
from billing_domain.care.explanation_model import Detail, Explanation
from billing_domain.care.phrases import Phrasebook, Words
from billing_domain.conditions import Facts
from billing_domain.money import Money, money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up


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
    """

    before: BillingResult
    after: BillingResult
    locale: str
    detail: Detail = Detail.CUSTOMER
    phrasebooks: tuple[Phrasebook, ...] = ()

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
        if before and after:
            return explain(after, before, locale=self.locale, detail=self.detail, phrasebooks=self.phrasebooks)
        if after:
            return explain(after, locale=self.locale, detail=self.detail, first=True, phrasebooks=self.phrasebooks)
        words = Words.of(self.locale, self.phrasebooks)
        said = words.say("bill.nothing-next").rstrip(".")
        return Explanation(
            title=said,
            summary=said,
            words=words,
            detail=self.detail,
            currency=self.after.account.currency,
            before_amount=_payable(self.before),
            after_amount=ZERO,
        )


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
    return WhatIf(
        before=bill(snapshot, through=through, rules=rules),
        after=bill(snapshot.add(*news), through=through, rules=rules),
        locale=locale or snapshot.account.locale,
        detail=detail,
        phrasebooks=tuple(phrasebooks),
    )


def next_bill(snapshot: AccountSnapshot, *, as_of: date, rules: Rulebook) -> BillingResult:
    """Return the next bill after a day as it will be if nothing changes; usage counts as far as it is known.

    Args:
        snapshot: All that is known of the account, the bill of the day included.
        as_of: The day.
        rules: The seller's strategies.

    Returns:
        What `bill` answers on the next day on which something falls due; `NothingDue` where nothing will.

    Example:
        See the explanation of drivers.
    """
    day = next_billing_date(snapshot, after=as_of)
    return bill(snapshot, through=as_of if day is None else day, rules=rules)
