"""Checks that end in advice: a better plan, what new customers pay, and services that nobody uses. Nothing of it is owed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.care.compare import compare_plans
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.care.switching import recurring
from billing_domain.catalog import UsageCharge
from billing_domain.errors import UnknownReferenceError
from billing_domain.invoicing import BilledLine, ChargeKind
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO
from billing_domain.periods import local_day
from billing_domain.reasons import Fact
from billing_domain.subscriptions import Subscription, terms_on
from billing_domain.subscriptions.timeline import Terms


def _served(case: ReviewCase) -> Iterator[tuple[Subscription, Terms]]:
    """Yield the subscriptions that are in force on the day, with their terms."""
    for subscription in case.snapshot.subscriptions:
        try:
            yield subscription, terms_on(subscription.terms, case.as_of)
        except UnknownReferenceError:
            continue


def _advice(case: ReviewCase, code: str, rule: str, name: str, amount: Decimal, evidence: str, **inputs: Fact) -> ReviewFinding:
    return ReviewFinding(
        code=code, direction=Direction.ADVICE, concern=Concern.OFFER, found_amount=amount, currency=case.currency,
        remedy=Remedy.OFFER_CHANGE, rule=rule, name=name, items=inputs, evidence=(evidence,),
    )  # fmt: skip


@attrs.frozen
class LoyaltyPenalty:
    """F12: the customer pays more for a period than a new customer would for the same plan; needs the catalog.

    The amount is that of one period. Whether it is owed is a matter of the law of the trade, so it is advice here.
    """

    code = "loyalty-penalty"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare the recurring prices in force with those of the version on sale."""
        if case.catalog is None:
            return
        for subscription, terms in _served(case):
            try:
                offered = case.catalog.on_sale(terms.plan.code, on=case.as_of)
            except UnknownReferenceError:
                continue
            own = recurring(terms.charges, terms.quantity)
            new = recurring(offered.in_currency(subscription.priced_in).charges, terms.quantity)
            amount = (own - new).quantize(minor_unit(case.currency))
            if amount > 0:
                rule = "who stays does not pay more than who comes"
                yield _advice(
                    case, self.code, rule, terms.plan.name, amount, f"subscription:{subscription.id}", own=own, new=new, sold=offered.key
                )


@attrs.frozen
class BetterTariffAvailable:
    """F13: another plan that the customer may have would have cost less; needs plans.

    Args:
        months: How many months of usage are billed again.
        least_percent: A saving of less than so many percent of the yearly cost is passed over.
    """

    code = "better-tariff-available"
    months: int = 12
    least_percent: Decimal = Decimal(5)

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Bill past usage again on each plan."""
        if not case.plans:
            return
        for subscription, _ in _served(case):
            if subscription.base is not None:
                continue
            choices = compare_plans(
                case.snapshot, case.plans, months=self.months, as_of=case.as_of, rules=case.rules, subscription=subscription
            )
            best = choices[0] if choices else None
            if best is not None and best.saving_amount * 100 > best.yearly_cost_amount * self.least_percent:
                rule = "the customer is told of a plan that costs less for the same usage"
                yield _advice(
                    case,
                    self.code,
                    rule,
                    best.plan.name,
                    best.saving_amount,
                    f"subscription:{subscription.id}",
                    plan=best.plan.key,
                    months=best.months,
                )


@attrs.frozen
class UnusedService:
    """F22: a service with usage was paid for over several periods in which nothing was used, or is paid for twice as an add-on of its plan.

    Args:
        periods: How many periods in a row must be empty.
    """

    code = "unused-service"
    periods: int = 3

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look for usage in the days of the last paid periods; a service without meter can not tell."""
        for subscription, terms in _served(case):
            meters = {charge.meter.code for charge in terms.charges if isinstance(charge, UsageCharge)}
            paid = [line for line in case.lines if _paid(line, subscription.id, case)]
            slots = sorted({line.line.facts.slot for line in paid})[-self.periods :]
            if meters and len(slots) == self.periods and not self._used(case, subscription.id, paid, slots[0]):
                last = max(paid, key=lambda line: line.line.facts.slot).line
                yield _advice(
                    case, self.code, "who pays for a service and does not use it is told", last.name, last.net_amount,
                    f"subscription:{subscription.id}", periods=self.periods,
                )  # fmt: skip
        yield from self._twice(case)

    def _used(self, case: ReviewCase, subscription_id: str, paid: list[BilledLine], since: date) -> bool:
        first = min(line.line.facts.start for line in paid if line.line.facts.slot >= since)
        zone = case.snapshot.account.zone
        return any(
            record.subscription_id == subscription_id and record.quantity and local_day(record.at, zone) >= first
            for record in case.snapshot.usage
        )

    def _twice(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        served = {subscription.id: terms for subscription, terms in _served(case)}
        for subscription, terms in _served(case):
            base = served.get(subscription.base or "")
            included = {charge.code for charge in base.charges} if base is not None else set()
            if base is not None and terms.charges and all(charge.code in included for charge in terms.charges):
                amount = recurring(terms.charges, terms.quantity).quantize(minor_unit(case.currency))
                rule = "what a plan includes is not sold again beside it"
                yield _advice(
                    case, "overlapping-service", rule, terms.plan.name, amount, f"subscription:{subscription.id}", base=base.plan.key
                )


def _paid(line: BilledLine, subscription_id: str, case: ReviewCase) -> bool:
    facts = line.line.facts
    return (
        facts.subscription_id == subscription_id
        and facts.kind is ChargeKind.RECURRING
        and case.left(line) > ZERO
        and facts.end <= case.as_of
    )
