"""What an account owes up to a day: one amount for each key, with the pieces that make it.

The first half of `bill`. A key is a subscription, a charge and the start of the aligned service period;
price, quantity and plan version are facts of its pieces, never part of the key.
"""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.billing.arithmetic import rounded_sum
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.catalog import Charge, Measured, OneOffCharge, PriceModel, RecurringCharge, Timing, UsageCharge, Working
from billing_domain.catalog.working import single
from billing_domain.errors import InvalidTypeError, PluginError, UnknownReferenceError
from billing_domain.invoicing import ChargeKind, LineFacts, LineKey, Piece
from billing_domain.money import Rounding, minor_unit
from billing_domain.periods import BillingCycle, Proration, Stretch
from billing_domain.periods import Share as PeriodShare
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions import Order, PlanChanged, Subscription
from billing_domain.subscriptions.timeline import ChargeRuns, Terms
from billing_domain.tax import TaxClass
from billing_domain.usage import rollup
from billing_domain.usage.rollup import DatedUsage, by_subscription

_NO_USAGE = DatedUsage([], [])


class Owed(NamedTuple):
    """What is owed for one key.

    Args:
        facts: What makes it; `facts.amount` is the exact sum of its pieces, rounded once.
        tax: The tax class.
        goods: Whether goods are sold.
        inclusive: Whether the price contains the tax.
        due: The day on which it falls due.
    """

    facts: LineFacts
    tax: TaxClass
    goods: bool
    inclusive: bool
    due: date

    @property
    def key(self) -> LineKey:
        """What is billed once."""
        return self.facts.key

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Days and workings, in order of days."""
        return self.facts.pieces

    @property
    def amount(self) -> Decimal:
        """What is owed before discount."""
        return self.facts.amount


def rate(snapshot: AccountSnapshot, *, through: date, rules: Rulebook, billed: Container[LineKey] = frozenset()) -> dict[LineKey, Owed]:
    """Return what the account owes up to and including a day, by key.

    Args:
        snapshot: What is known.
        through: The last day; what falls due on it is owed.
        rules: The seller's strategies.
        billed: Keys that were billed before; they are rated even if they are not due, so that nothing is credited only because it is early.

    Returns:
        One entry a key, in order of subscription, charge and period, then orders.

    Raises:
        UnknownReferenceError: Usage is of a meter that no charge of the subscription counts.
        PluginError: A price model or a proration raised, or answered what the rules refuse.
    """
    owed: dict[LineKey, Owed] = {}
    settled = date.min if snapshot.opening is None else snapshot.opening.through
    usage = by_subscription(snapshot.usage, snapshot.account.zone) if snapshot.usage else {}
    step = minor_unit(snapshot.account.currency)
    asked = Asked(through, settled, rules.proration, billed, usage, step, rules.rounding)
    for subscription in snapshot.subscriptions:
        _rate_subscription(owed, subscription, snapshot.account.cycle, asked)
        if usage:
            _check_meters(subscription, usage)
    for order in snapshot.orders:
        if settled <= order.on <= through:
            _rate_order(owed, order, asked)
    return owed


class Asked(NamedTuple):
    """What one run asks of every subscription.

    Args:
        through: The last day.
        settled: Periods that ended by this day are left out.
        proration: How a part of a period is charged, where a charge does not say otherwise.
        billed: Keys that were billed before.
        usage: The records by subscription and meter.
        step: The currency's smallest amount.
        rounding: How amounts are rounded.
    """

    through: date
    settled: date
    proration: Proration
    billed: Container[LineKey]
    usage: dict[tuple[str, str], DatedUsage]
    step: Decimal
    rounding: Rounding


class Stay(NamedTuple):
    """The days of one of the terms that lie in one aligned period.

    Args:
        place: Which of the terms.
        start: The first day.
        end: The day after the last.
        whole_end: End of the aligned period.
    """

    place: int
    start: date
    end: date
    whole_end: date


def _check_meters(subscription: Subscription, usage: Iterable[tuple[str, str]]) -> None:
    plans = [subscription.plan, *(change.plan for change in subscription.changes if isinstance(change, PlanChanged))]
    known = {charge.meter.code for plan in plans for charge in plan.charges if isinstance(charge, UsageCharge)}
    for subscription_id, meter in usage:
        if subscription_id == subscription.id and meter not in known:
            raise UnknownReferenceError(meter, f"no charge of subscription {subscription.id} counts this meter", "add a usage charge to the plan, or correct the record")


def _rate_subscription(owed: dict[LineKey, Owed], subscription: Subscription, cycle: BillingCycle, asked: Asked) -> None:
    through, billed, name = asked.through, asked.billed, subscription.id
    for runs in subscription.runs:
        periods = _periods(runs, cycle, asked)
        for charges in runs.charges:
            charge = charges[0]
            if isinstance(charge, OneOffCharge):
                _rate_once(owed, name, runs.terms, charges, asked)
                continue
            code = charge.code
            in_advance = isinstance(charge, RecurringCharge) and charge.timing is Timing.IN_ADVANCE
            workings: dict[int, Working] = {}
            for start, stays in periods.items():
                due = stays[0][1] if in_advance else stays[-1][2]
                key = (name, code, start)
                if due <= through or key in billed:
                    owed[key] = _owed(key, runs.terms, charges, stays, due, workings, asked)


def _periods(runs: ChargeRuns, cycle: BillingCycle, asked: Asked) -> dict[date, list[Stay]]:
    """Return the days of the terms by aligned period, for periods that have begun and are not settled by an opening."""
    found: dict[date, list[Stay]] = {}
    through, settled = asked.through, asked.settled
    frequency = schedule = grid = None
    for index, terms in enumerate(runs.terms):
        run_start, run_end = terms.start, terms.end
        if schedule is None or frequency is not runs.frequencies[index] or grid != terms.grid:
            frequency, grid = runs.frequencies[index], terms.grid
            schedule = (terms.cycle or cycle).schedule(frequency, start=grid)
        number = schedule.number_at(run_start if run_start > settled else settled)
        start = schedule.boundary(number)
        while start < run_end and start <= through:
            number += 1
            end = schedule.boundary(number)
            if end > settled:
                stay = Stay(index, start if start > run_start else run_start, end if end < run_end else run_end, end)
                known = found.get(start)
                if known is None:
                    found[start] = [stay]
                else:
                    known.append(stay)
            start = end
    return found


def _owed(
    key: LineKey, terms: Sequence[Terms], charges: Sequence[Charge], stays: Sequence[Stay], due: date, workings: dict[int, Working], asked: Asked
) -> Owed:
    place, _, _, whole_end = stays[-1]
    charge, plan = charges[place], terms[place].plan
    if isinstance(charge, UsageCharge):
        pieces = tuple([_used(charges[stay.place], stay, key[0], asked) for stay in _joined(stays, charges)])
        kind, unit = ChargeKind.USAGE, charge.meter.unit
    else:
        pieces = _agreed(terms, charges, stays, key[2], workings, asked)
        kind, unit = ChargeKind.RECURRING, ""
    amount = rounded_sum(pieces, asked.step, asked.rounding)
    facts = LineFacts(key[0], key[1], key[2], whole_end, pieces[0][0], pieces[-1][1], charge.name, kind, plan.key, unit, pieces, amount)
    return Owed(facts, charge.tax, False, plan.prices_include_tax, due)


def _joined(stays: Sequence[Stay], charges: Sequence[Charge]) -> Sequence[Stay]:
    """Return the stays of a usage charge with neighbours at the same price as one, so that a change of quantity does not restart its tiers."""
    if len(stays) == 1:
        return stays
    joined: list[Stay] = []
    for stay in stays:
        before = joined[-1] if joined else None
        if before is not None and before.end == stay.start and charges[before.place] == charges[stay.place]:
            joined[-1] = stay._replace(start=before.start)
        else:
            joined.append(stay)
    return joined


def _used(charge: Charge, stay: Stay, subscription_id: str, asked: Asked) -> Piece:
    if not isinstance(charge, UsageCharge):
        raise InvalidTypeError(charge.code, "a charge code keeps its kind from plan to plan", "give the usage charge another code")
    records = asked.usage.get((subscription_id, charge.meter.code), _NO_USAGE).within(stay.start, stay.end)
    measured = rollup(records, charge.meter, charge.where)
    return Piece(stay.start, stay.end, measured.quantity, work_out(charge.price, measured))


def _agreed(
    terms: Sequence[Terms], charges: Sequence[Charge], stays: Sequence[Stay], whole_start: date, workings: dict[int, Working], asked: Asked
) -> tuple[Piece, ...]:
    """Return the pieces of a recurring charge; neighbours with the same working are one."""
    for stay in stays:
        if stay[0] not in workings:
            workings[stay[0]] = work_out(charges[stay[0]].price, Measured(terms[stay[0]].quantity))
    if len(stays) == 1:
        stay = stays[0]
        return (_piece(stay, terms[stay[0]].quantity, charges[stay[0]], workings[stay[0]], whole_start, asked.proration),)
    merged: list[tuple[Stay, Working]] = []
    for stay in stays:
        working = workings[stay[0]]
        if merged:
            before, known = merged[-1]
            if before.end == stay.start and before.whole_end == stay.whole_end and (known is working or known == working):
                merged[-1] = (stay._replace(start=before.start), working)
                continue
        merged.append((stay, working))
    return tuple([_piece(stay, terms[stay.place].quantity, charges[stay.place], working, whole_start, asked.proration) for stay, working in merged])


def _piece(stay: Stay, quantity: Decimal, charge: Charge, working: Working, whole_start: date, default: Proration) -> Piece:
    _, start, end, whole_end = stay
    if start == whole_start and end == whole_end:
        return Piece(start, end, quantity, working)
    proration = (charge.proration if isinstance(charge, RecurringCharge) else None) or default
    part, of = share_of_period(proration, Stretch(start, end, whole_start, whole_end))
    return Piece(start, end, quantity, working, part, of)


def _rate_once(owed: dict[LineKey, Owed], subscription_id: str, runs: Sequence[Terms], charges: Sequence[Charge], asked: Asked) -> None:
    """One-off charges are due on the day on which their plan begins; a later quantity, pause or version does not charge them again."""
    plan = ""
    for terms, charge in zip(runs, charges, strict=True):
        if terms.plan.code == plan:
            continue
        plan = terms.plan.code
        key = (subscription_id, charge.code, terms.start)
        if terms.start < asked.settled or (terms.start > asked.through and key not in asked.billed):
            continue
        piece = Piece(terms.start, terms.start + ONE_DAY, terms.quantity, work_out(charge.price, Measured(terms.quantity)))
        facts = _on_one_day(key, charge.name, ChargeKind.ONE_OFF, terms.plan.key, piece, asked)
        owed[key] = Owed(facts, charge.tax, False, terms.plan.prices_include_tax, terms.start)


def _rate_order(owed: dict[LineKey, Owed], order: Order, asked: Asked) -> None:
    codes = [item.product.code for item in order.items]
    for item in order.items:
        product = item.product
        key = (order.id, product.code if codes.count(product.code) == 1 else f"{product.code}@{item.price}", order.on)
        piece = Piece(order.on, order.on + ONE_DAY, item.quantity, single("units", item.quantity, item.price))
        facts = _on_one_day(key, product.name, ChargeKind.ORDER, "", piece, asked)
        owed[key] = Owed(facts, product.tax, product.goods, order.prices_include_tax, order.on)


def _on_one_day(key: LineKey, name: str, kind: ChargeKind, plan: str, piece: Piece, asked: Asked) -> LineFacts:
    amount = rounded_sum((piece,), asked.step, asked.rounding)
    return LineFacts(*key, piece.end, piece.start, piece.end, name, kind, plan, "", (piece,), amount)


def work_out(model: PriceModel, measured: Measured) -> Working:
    """Ask a price model for its working and check the answer.

    Raises:
        PluginError: It raised, or returned something else than a `Working`.
    """
    try:
        working = model.work_out(measured)
    except Exception as error:
        raise PluginError(error, "a price model does not raise", "handle the quantity, or refuse it when the plan is made", _code(model), "work_out") from error
    if not isinstance(working, Working):
        raise PluginError(working, "a price model returns a Working", "return Working([Step(...)])", _code(model), "work_out")
    return working


def share_of_period(proration: Proration, stretch: Stretch) -> PeriodShare:
    """Ask a proration for its share and check the answer.

    Raises:
        PluginError: It raised, or returned something else than a share between 0 and 1.
    """
    try:
        share = proration.share(stretch)
        part, of = share
        sound = type(part) is int and type(of) is int and 0 <= part <= of and of > 0
    except Exception as error:
        raise PluginError(error, "a proration returns a Share and does not raise", "return Share(part, of=whole)", _code(proration), "share") from error
    if not sound:
        raise PluginError(share, "a share is two whole numbers, 0 <= part <= of", "return Share(part, of=whole)", _code(proration), "share")
    return share


def _code(plugin: PriceModel | Proration) -> str:
    return str(getattr(plugin, "code", type(plugin).__name__))
