"""What another plan would have cost, and on what terms it may be had."""

from datetime import date
from decimal import Decimal

import attrs

from billing_domain.care.switching import exit_order
from billing_domain.catalog import Plan
from billing_domain.errors import RefusedError
from billing_domain.money import Money, money
from billing_domain.periods import checked_day
from billing_domain.subscriptions import Order, Subscription


@attrs.frozen(kw_only=True)
class PlanChoice:
    """What another plan would have cost for the usage of the past.

    Args:
        subscription: What would be changed.
        plan: The other plan.
        months: How many months of the past were billed again.
        currency: ISO 4217 code.
        yearly_cost_amount: What the plan now in force costs for a year of this usage, with tax.
        saving_amount: What the other plan saves in the first year, with tax, after setup and the fee for leaving early; below zero where it
            costs more. Discounts that do not go over are lost within it.
        earliest: The first day on which the plan may begin.
        term_end: The day on which the term ends that binds the customer on that day; None where nothing does.
        exit_net: The fee for leaving the term early on that day, without tax.
        exit_amount: The same with tax.
        setup_amount: What the other plan charges once, with tax.
        discounts_lost_amount: What discounts gave on the plan now in force for a year, less what they would have given on the other.
        break_even: After how many months the saving has paid for setup and fee; 0 where there are none, None where it never does.
        worst_amount: What the other plan saved in the month in which it saved least; below zero where it cost more.
        best_amount: What it saved in the month in which it saved most.
    """

    subscription: Subscription
    plan: Plan
    months: int
    currency: str
    yearly_cost_amount: Decimal
    saving_amount: Decimal
    earliest: date
    term_end: date | None
    exit_net: Decimal
    exit_amount: Decimal
    setup_amount: Decimal
    discounts_lost_amount: Decimal
    break_even: int | None
    worst_amount: Decimal
    best_amount: Decimal

    @property
    def yearly_cost(self) -> Money:
        """What the plan now in force costs for a year of this usage."""
        return money(self.yearly_cost_amount, self.currency)

    @property
    def yearly_saving(self) -> Money:
        """What the other plan saves in the first year, after setup and the fee for leaving early."""
        return money(self.saving_amount, self.currency)

    @property
    def exit_fee(self) -> Money:
        """The fee for leaving the term early, with tax."""
        return money(self.exit_amount, self.currency)

    @property
    def remaining_days(self) -> int:
        """How many days of the term remain on the first day on which the plan may begin."""
        return 0 if self.term_end is None else (self.term_end - self.earliest).days

    @property
    def setup(self) -> Money:
        """What the other plan charges once."""
        return money(self.setup_amount, self.currency)

    @property
    def discounts_lost(self) -> Money:
        """What discounts would no longer give in a year."""
        return money(self.discounts_lost_amount, self.currency)

    @property
    def worst_month(self) -> Money:
        """What it saved in the month in which it saved least."""
        return money(self.worst_amount, self.currency)

    @property
    def best_month(self) -> Money:
        """What it saved in the month in which it saved most."""
        return money(self.best_amount, self.currency)

    def change(self, *, on: date) -> Subscription:
        """Return the subscription with this plan from a day on, for `snapshot.add` or `what_if`.

        Raises:
            RefusedError: The plan may not begin yet.
        """
        if checked_day(on, "the day of a change") < self.earliest:
            raise RefusedError(on, f"{self.plan.key} may begin on {self.earliest} or later", "name such a day")
        return self.subscription.change_plan(self.plan, on=on)

    def exit_order(self, *, on: date, id: str) -> Order | None:  # noqa: A002  the public name
        """Return the fee for leaving the term on a day as an order, for `snapshot.add` beside the change; None where nothing is due.

        Args:
            on: The first day of the other plan.
            id: The host's id of the order.
        """
        return exit_order(self.subscription, on=on, id=id)
