"""What was agreed, with its whole history; and sales outside any plan."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.catalog import Plan, PriceModel, Product, UsageCharge
from billing_domain.catalog.charges import as_model
from billing_domain.catalog.combined import per_unit
from billing_domain.catalog.tiers import as_price
from billing_domain.doors import guarded
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, OutOfOrderError
from billing_domain.ids import checked_group, checked_id
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import LOWERS, ONE
from billing_domain.periods import BillingCycle, checked_day
from billing_domain.periods.period import FOREVER
from billing_domain.subscriptions.contract import Contract
from billing_domain.subscriptions.events import (
    Cancelled,
    Change,
    CycleChanged,
    Paused,
    PlanChanged,
    PriceOverridden,
    QuantityChanged,
    Resumed,
)
from billing_domain.subscriptions.runs import ChargeRuns, charge_runs, counted_days
from billing_domain.subscriptions.timeline import Terms, end_of, is_paused, timeline


def _quantity(value: Number) -> Decimal:
    return not_negative(value, "a quantity", LOWERS)


def _changes(values: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class Subscription:
    """One plan for one account from a day on, and everything that happened to it since.

    `start` makes one; each change returns a new one.

    Args:
        id: The host's id.
        plan: The plan version at the start.
        start_on: The first day.
        quantity: The number of units at the start.
        changes: What happened since, in the order in which it was entered.
        cycle: From which day its periods count; the account's own cycle where None.
        base: The id of the subscription that this one is an add-on to; None where it stands alone.
        contract: How long both sides are bound; None where nobody is.
        currency: The currency of its prices, one that its plans are sold in; the account's own, or else the plan's, where empty.
        invoice_group: On whose documents it is billed: what has another group, or none, is billed on others, such as one for each branch.
        terms: The terms in force, in order of days; derived.
        runs: The charges of the terms, those with the same periods together; derived.
        counted: By meter, the days on which a charge counts every record of it; derived.

    Example:
        >>> from datetime import date
        >>> from billing_domain.catalog import Plan, RecurringCharge
        >>> plan = Plan("s", 1, "S", "EUR", [RecurringCharge("base", "Monthly fee", "9.90")])
        >>> subscription = Subscription.start(plan, id="S-1", on=date(2026, 3, 1)).change_quantity(5, on=date(2026, 4, 11))
        >>> [(str(terms.start), str(terms.quantity)) for terms in subscription.terms]
        [('2026-03-01', '1'), ('2026-04-11', '5')]
    """

    id: str
    plan: Plan
    start_on: date
    quantity: Decimal = attrs.field(converter=_quantity, default=ONE)
    changes: tuple[Change, ...] = attrs.field(converter=_changes, default=())
    cycle: BillingCycle | None = None
    base: str | None = None
    contract: Contract | None = None
    currency: str = ""
    invoice_group: str = ""
    terms: tuple[Terms, ...] = attrs.field(init=False, eq=False, repr=False)
    runs: tuple[ChargeRuns, ...] = attrs.field(init=False, eq=False, repr=False)
    counted: Mapping[str, Sequence[tuple[date, date]]] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a subscription")
        checked_day(self.start_on, "the start of a subscription")
        checked_group(self.invoice_group)
        if not isinstance(self.plan, Plan):
            raise InvalidTypeError(self.plan, "a subscription is to a Plan", "give the plan version")
        for index, change in enumerate(self.changes):
            self._check(change, self.changes[:index])
        if self.base is not None and checked_id(self.base, "a subscription") == self.id:
            raise InvalidValueError(self.id, "an add-on hangs on another subscription, so it has another id", "give it an id of its own")
        end = FOREVER if self.contract is None else self.contract.ends_on or FOREVER
        terms = timeline(self.plan, self.start_on, self.quantity, self.changes, self.cycle, end=end, currency=self.currency)
        object.__setattr__(self, "terms", terms)
        object.__setattr__(self, "runs", charge_runs(terms))
        object.__setattr__(self, "counted", counted_days(terms))

    @classmethod
    def start(
        cls,
        plan: Plan,
        *,
        id: str,  # noqa: A002  the public name
        on: date,
        quantity: Number = 1,
        cycle: BillingCycle | None = None,
        contract: Contract | None = None,
        currency: str = "",
        invoice_group: str = "",
    ) -> "Subscription":
        """Return a subscription that starts on a day.

        Args:
            plan: The plan version.
            id: The host's id.
            on: The first day.
            quantity: The number of units.
            cycle: From which day its periods count; the account's own cycle where None.
            contract: How long both sides are bound; None where nobody is.
            currency: The currency of its prices; the account's own, or else the plan's, where empty.
            invoice_group: On whose documents it is billed; see `Subscription`.
        """
        return cls(id, plan, on, _quantity(quantity), (), cycle, None, contract, currency, invoice_group)

    def add_on(self, plan: Plan, *, id: str, on: date, quantity: Number = 1) -> "Subscription":  # noqa: A002  the public name
        """Return a subscription that hangs on this one: served only while this one is, in its periods, and billed on its documents.

        Args:
            plan: The plan version of the add-on.
            id: The host's id of the add-on.
            on: Its first day.
            quantity: Its number of units.
        """
        return Subscription(id, plan, on, _quantity(quantity), (), None, self.id, None, self.currency, self.invoice_group)

    @property
    def priced_in(self) -> str:
        """The currency of its prices, ISO 4217."""
        return self.currency or self.plan.currency

    @property
    def ends_on(self) -> date | None:
        """The first day that is no longer served; None where no end is known."""
        end = end_of(self.changes)
        if self.contract is not None and self.contract.ends_on is not None:
            end = min(end, self.contract.ends_on)
        last = self.terms[-1] if self.terms else None
        if last is not None and last.plan.phases and last.plan.phases[-1].code == last.phase:
            end = min(end, last.end)
        return None if end == FOREVER else end

    def change_plan(self, plan: Plan, *, on: date, recorded: date | None = None, restarts_phases: bool = False) -> "Subscription":
        """Return it with another plan from a day on; the change day belongs to the new plan.

        Args:
            plan: The new plan version, in the same currency.
            on: The first day of the new plan.
            recorded: The day on which a late change became known.
            restarts_phases: Whether the phases of the new plan count from `on`; else no trial or ramp begins anew.

        Raises:
            OutOfOrderError: The day lies before an earlier change and `recorded` is not given, or outside start and end.
        """
        return self._with(PlanChanged(on, plan, recorded, restarts_phases))

    def change_quantity(self, quantity: Number, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it with another number of units from a day on."""
        return self._with(QuantityChanged(on, _quantity(quantity), recorded))

    def override_price(
        self, charge: str, price: PriceModel | Number, *, on: date | None = None, recorded: date | None = None
    ) -> "Subscription":
        """Return it with a price of its own for one charge, from a day on or from the start.

        Args:
            charge: The code of the charge.
            price: The price model; a bare number is flat for a period, and for usage a price for each unit.
            on: The first day of the price; the start where None.
            recorded: The day on which a late change became known.
        """
        usage = any(isinstance(found, UsageCharge) and found.code == charge for plan in self.plans for found in plan.charges)
        model = per_unit(price) if usage else as_model(price)
        return self._with(PriceOverridden(on or self.start_on, charge, model, recorded))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Every plan that it has or will have, in the order in which the changes were entered; one that it returns to stands twice."""
        return (self.plan, *(change.plan for change in self.changes if isinstance(change, PlanChanged)))

    def plan_price(self, charge: str, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it with the plan's own price for one charge again, from a day on."""
        return self._with(PriceOverridden(on, charge, None, recorded))

    def change_cycle(self, cycle: BillingCycle, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it with periods that count from another day, from a day on."""
        return self._with(CycleChanged(on, cycle, recorded))

    def pause(self, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it paused: paid days of the pause come back as a credit, and the anchor stays.

        Args:
            on: The first day of the pause.
            recorded: The day on which a late change became known. A pause that began earlier than was known is entered so;
                the pause that was known then changes nothing any more, and the resuming still ends it.

        Raises:
            OutOfOrderError: It is paused on the day already, or as for `change_plan`.
        """
        return self._with(Paused(on, recorded))

    def resume(self, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it resumed from a day on.

        Args:
            on: The first day after the pause; on the first day of a pause it takes the pause back.
            recorded: The day on which a late change became known.

        Raises:
            OutOfOrderError: It is not paused on the day, or as for `change_plan`.

        Example:
            >>> from datetime import date
            >>> from billing_domain.catalog import Plan
            >>> Subscription.start(Plan("s", 1, "S", "EUR", []), id="S-1", on=date(2026, 3, 1)).resume(on=date(2026, 4, 1))
            Traceback (most recent call last):
            billing_domain.errors.OutOfOrderError: Resumed on 2026-04-01: subscription S-1 is not paused on that day; enter the pause first
        """
        return self._with(Resumed(on, recorded))

    def cancel(self, *, on: date, recorded: date | None = None) -> "Subscription":
        """Return it cancelled: `on` is the first day that is no longer served."""
        return self._with(Cancelled(on, recorded))

    def keep(self, *, recorded: date | None = None) -> "Subscription":
        """Return it without its cancellation."""
        return self._with(Cancelled(None, recorded))

    def _with(self, change: Change) -> "Subscription":
        return attrs.evolve(self, changes=(*self.changes, change))

    def _check(self, change: Change, earlier: tuple[Change, ...]) -> None:
        on = change.on
        if on is None:
            return
        checked_day(on, "the day of a change")
        name = type(change).__name__
        if isinstance(change, PlanChanged) and not isinstance(change.plan, Plan):
            raise InvalidTypeError(change.plan, "a subscription is to a Plan", "give the plan version")
        if isinstance(change, CycleChanged) and not isinstance(change.cycle, BillingCycle):
            raise InvalidTypeError(change.cycle, "periods are counted by a BillingCycle", "give BillingCycle.on_day(...)")
        if on < self.start_on:
            raise OutOfOrderError(f"{name} on {on}", f"subscription {self.id} starts on {self.start_on}", "change it on or after that day")
        end = end_of(earlier)
        if on >= end and not isinstance(change, Cancelled):
            raise OutOfOrderError(
                f"{name} on {on}", f"subscription {self.id} ends on {end}", "change it before that day, or keep() it first"
            )
        self._check_order(change, on, earlier)
        self._check_pause(change, earlier)
        if isinstance(change, PlanChanged) and self.priced_in not in change.plan.currencies:
            raise InvalidValueError(
                change.plan.key, f"subscription {self.id} is in {self.priced_in}", "start a new subscription for another currency"
            )

    def _check_order(self, change: Change, on: date, earlier: tuple[Change, ...]) -> None:
        latest = max((known.on for known in earlier if known.on is not None and not isinstance(known, Cancelled)), default=self.start_on)
        if change.recorded is None:
            if on < latest:
                raise OutOfOrderError(
                    f"{type(change).__name__} on {on}",
                    f"a change on {latest} is known already",
                    "give recorded=, the day on which it became known, if it is a correction",
                )
        elif checked_day(change.recorded, "recorded") < on:
            raise OutOfOrderError(
                f"recorded {change.recorded}", f"a change that came late was recorded after {on}", "leave recorded out if it came in time"
            )

    def _check_pause(self, change: Change, earlier: tuple[Change, ...]) -> None:
        """Refuse what changes nothing on its day, whatever is known of later days."""
        if isinstance(change, Paused) and is_paused(earlier, change.on):
            raise OutOfOrderError(f"Paused on {change.on}", f"subscription {self.id} is paused on that day already", "resume it first")
        if isinstance(change, Resumed) and not is_paused(earlier, change.on):
            raise OutOfOrderError(f"Resumed on {change.on}", f"subscription {self.id} is not paused on that day", "enter the pause first")


@guarded
@attrs.frozen
class Item:
    """One thing on an order.

    Args:
        product: What is sold.
        price: Of one unit, exact; with tax where the order says so.
        quantity: How many, above zero.

    Example:
        >>> Item(Product("router", "Wi-Fi router"), "89.00").quantity
        Decimal('1')
    """

    product: Product
    price: Decimal = attrs.field(converter=as_price)
    quantity: Decimal = attrs.field(converter=_quantity, default=ONE)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.product, Product):
            raise InvalidTypeError(self.product, "an item is of a Product", "give the product")
        if not self.quantity:
            raise InvalidValueError(self.quantity, "an item has a quantity above zero", "leave the item out")


def _items(values: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class Order:
    """A sale outside any plan: goods, a service, or a fee that was decided.

    Args:
        id: The host's id.
        on: The day of the sale, on which it falls due for billing.
        items: What is sold, at least one.
        currency: ISO 4217 code; the account's own where empty.
        prices_include_tax: Whether the prices contain the tax.
        invoice_group: On whose documents it is billed; see `Subscription`.

    Raises:
        InvalidValueError: There is no item.
        DuplicateIdError: One product stands in two items at one price; give the sum of their quantities.

    Example:
        >>> from datetime import date
        >>> Order("O-77", date(2026, 5, 5), [Item(Product("visit", "Installation at home"), "30.00")]).items[0].price
        Decimal('30.00')
    """

    id: str
    on: date
    items: tuple[Item, ...] = attrs.field(converter=_items)
    currency: str = ""
    prices_include_tax: bool = False
    invoice_group: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "an order")
        checked_group(self.invoice_group)
        checked_day(self.on, "the day of an order")
        if not self.items:
            raise InvalidValueError(self.id, "an order has at least one item", "leave the order out")
        for item in self.items:
            if not isinstance(item, Item):
                raise InvalidTypeError(item, f"what is on order {self.id} is an Item", 'give Item(product, price="...")')
        codes = [(item.product.code, item.price) for item in self.items]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise DuplicateIdError(doubled[0][0], f"a product stands once at one price in order {self.id}", "add the quantities up")
