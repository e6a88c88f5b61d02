"""What an account owes up to a day: one amount for each key, with the pieces that make it.

The first half of `bill`. A key is a subscription, a charge and the start of the aligned service period;
price, quantity and plan version are facts of its pieces, never part of the key.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.billing.arithmetic import rounded_sum
from billing_domain.billing.asking import Priced, Workings, share_of_period, work_out
from billing_domain.billing.commitments import missing, spent_within
from billing_domain.billing.measuring import Days, used_piece
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.uncounted import Uncounted, note_uncounted
from billing_domain.catalog import Charge, CommitmentCharge, Measured, OneOffCharge, Product, RecurringCharge, Timing, UsageCharge
from billing_domain.catalog.working import single
from billing_domain.errors import InvalidTypeError
from billing_domain.invoicing import ChargeKind, LineFacts, LineKey, Piece
from billing_domain.money import Rounding, minor_unit
from billing_domain.money.amounts import exact
from billing_domain.periods import BillingCycle, Proration, Schedule
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions import Order
from billing_domain.subscriptions.add_ons import bound_terms
from billing_domain.subscriptions.timeline import ChargeRuns, Terms, charge_runs
from billing_domain.usage.rollup import DatedUsage, by_subscription

# members that every line asks for; by way of its class one costs ten times a plain name
_IN_ADVANCE = Timing.IN_ADVANCE
_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class
_RECURRING = ChargeKind.RECURRING
_USAGE = ChargeKind.USAGE


class Owed(NamedTuple):
    """What is owed for one key.

    Args:
        facts: What makes it; `facts.amount` is the exact sum of its pieces, rounded once.
        sold: The charge or product; says how it is taxed, and how a part of its period is charged.
        inclusive: Whether the price contains the tax.
        due: The day on which it falls due.
        whole_start: Start of the aligned period; before the key's day where a change cut into it.
    """

    facts: LineFacts
    sold: Charge | Product
    inclusive: bool
    due: date
    whole_start: date

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


def rate(
    snapshot: AccountSnapshot,
    *,
    through: date,
    rules: Rulebook,
    billed: Container[LineKey] = frozenset(),
    workings: Workings | None = None,
    outside: list[Uncounted] | None = None,
) -> dict[LineKey, Owed]:
    """Return what the account owes up to and including a day, by key.

    Args:
        snapshot: What is known.
        through: The last day; what falls due on it is owed.
        rules: The seller's strategies.
        billed: Keys that were billed before; they are rated even if they are not due, so that nothing is credited only because it is early.
        workings: What price models answered before in the batch.
        outside: Where the usage records are put that no charge counts.

    Returns:
        One entry a key, in order of subscription, charge and period, then orders.

    Raises:
        UnknownReferenceError: Usage is of a meter that no charge of the subscription counts, or the base of an add-on is not here.
        MissingRateError: Usage lies outside a matrix of prices.
        PluginError: A price model or a proration raised, or answered what the rules refuse.
    """
    with exact():
        return owed_for(snapshot, through, rules, billed, workings, [] if outside is None else outside)


def owed_for(
    snapshot: AccountSnapshot,
    through: date,
    rules: Rulebook,
    billed: Container[LineKey],
    workings: Workings | None,
    outside: list[Uncounted],
) -> dict[LineKey, Owed]:
    """Do what `rate` does, inside `money.exact()`."""
    owed: dict[LineKey, Owed] = {}
    account, opening = snapshot.account, snapshot.opening
    settled = date.min if opening is None else opening.through
    usage = by_subscription(snapshot.usage, account.zone) if snapshot.usage else {}
    step = minor_unit(account.currency)
    asked = Asked(through, settled, rules.proration, billed, usage, step, rules.rounding, workings or Workings(step, rules.rounding))
    for subscription in snapshot.subscriptions:
        terms, runs = subscription.terms, subscription.runs
        if subscription.base is not None:
            terms = bound_terms(subscription, snapshot.subscription(subscription.base))
            runs = charge_runs(terms)
        _rate_subscription(owed, subscription.id, runs, account.cycle, asked)
        if usage:
            note_uncounted(subscription, terms, usage, outside)
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
        workings: What price models answered.
    """

    through: date
    settled: date
    proration: Proration
    billed: Container[LineKey]
    usage: dict[str, dict[str, DatedUsage]]
    step: Decimal
    rounding: Rounding
    workings: Workings


Stay = tuple[int, date, date]
"""The days of one of the terms that lie in one aligned period: which of the terms, first day, day after the last."""
Slot = tuple[date, date, date, list[Stay]]
"""An aligned period: the day that names it, its start, its end, and the days of the terms in it, in order.

Both are plain tuples, since a run makes more of them than of anything else.
"""


def _rate_subscription(owed: dict[LineKey, Owed], name: str, all_runs: Sequence[ChargeRuns], cycle: BillingCycle, asked: Asked) -> None:
    for runs in all_runs:
        slots = _slots(runs, cycle, asked)
        for charges in runs.charges:
            charge = charges[0]
            if isinstance(charge, RecurringCharge):
                _rate_agreed(owed, name, runs.terms, charges, slots, asked)
            elif isinstance(charge, UsageCharge):
                _rate_usage(owed, name, runs.terms, charges, slots, asked)
            elif isinstance(charge, OneOffCharge):
                _rate_once(owed, name, runs.terms, charges, asked)
            else:
                committed: dict[LineKey, Owed] = {}
                _rate_agreed(committed, name, runs.terms, charges, slots, asked)
                for key, found in committed.items():
                    short = _fallen_short(found, charges[-1], all_runs, cycle, asked)
                    if short is not None:
                        owed[key] = short


def _fallen_short(found: Owed, charge: Charge, all_runs: Sequence[ChargeRuns], cycle: BillingCycle, asked: Asked) -> Owed | None:
    """Return what other charges of the period fall short of a commitment; None where they do not."""
    facts = found.facts
    others = [runs._replace(charges=tuple(same for same in runs.charges if not isinstance(same[0], CommitmentCharge))) for runs in all_runs]
    spent: dict[LineKey, Owed] = {}
    _rate_subscription(
        spent, facts.subscription_id, others, cycle, asked._replace(through=facts.slot_end, settled=facts.slot, billed=frozenset())
    )
    counted = charge.charges if isinstance(charge, CommitmentCharge) else ()
    amount = spent_within([owed.facts for owed in spent.values()], (facts.slot, facts.slot_end), counted)
    if amount >= facts.amount:
        return None
    piece = missing(facts.start, facts.end, facts.amount, amount)
    return found._replace(facts=facts._replace(pieces=(piece,), amount=piece.working.total))


def _slots(runs: ChargeRuns, cycle: BillingCycle, asked: Asked) -> list[Slot]:
    """Return the days of the terms by aligned period, for periods that have begun and are not settled by an opening.

    A period is named by its start; one that a change of its length or anchor cut into is named by the day of the change,
    since a period of the old kind may have begun on the same day.
    """
    slots: list[Slot] = []
    through, settled = asked.through, asked.settled
    before: Schedule | None = None
    named = joined = date.min
    stays: list[Stay] = []
    for frequency, own, origin, days in runs.grids:
        schedule = (own or cycle).schedule(frequency, start=origin)
        first = days[0][1]
        if before is not None and before.period_at(first) != schedule.period_at(first):
            joined = first
        before = schedule
        start = end = date.min
        boundaries: Iterator[date] = iter(())
        for index, since, until in days:
            if end <= since:
                boundaries = schedule.boundaries(max(since, settled))  # the first period ends after both
                start, end = next(boundaries), next(boundaries)
            while start < until and start <= through:
                stay = (index, max(start, since), min(end, until))
                name = max(start, joined)
                if name == named:
                    stays.append(stay)
                else:
                    named, stays = name, [stay]
                    slots.append((name, start, end, stays))
                if until <= end:
                    break
                start, end = end, next(boundaries)
    return slots


def _rate_agreed(
    owed: dict[LineKey, Owed], name: str, terms: Sequence[Terms], charges: Sequence[Charge], slots: Iterable[Slot], asked: Asked
) -> None:
    """Rate what was agreed for each period, whatever was consumed in it."""
    through, billed, price_of = asked.through, asked.billed, asked.workings.of
    code = charges[0].code
    for slot, whole_start, whole_end, stays in slots:
        place, start, end = stays[0]
        charge = charges[place]
        due = start if charge.timing is _IN_ADVANCE else stays[-1][2]
        key = (name, code, slot)
        if due > through and key not in billed:
            continue
        held = terms[place]
        if start == whole_start and end == whole_end:  # one price for the whole period: most of them
            _, quantity, working, amount = price_of(charge, held.quantity)
            pieces: tuple[Piece, ...] = (_new(Piece, (start, end, quantity, working, 1, 1, None)),)
        else:
            pieces, amount = _agreed(terms, charges, stays, (whole_start, whole_end), asked)
            place, _, end = stays[-1]
            charge, held = charges[place], terms[place]
        plan = held.plan
        facts = (name, code, slot, whole_end, pieces[0][0], end, charge.name, _RECURRING, plan.key, "", pieces, amount, None)
        owed[key] = _new(Owed, (_new(LineFacts, facts), charge, plan.prices_include_tax, due, whole_start))


def _rate_usage(
    owed: dict[LineKey, Owed], name: str, terms: Sequence[Terms], charges: Sequence[Charge], slots: Iterable[Slot], asked: Asked
) -> None:
    """Rate what was consumed in each period."""
    through, billed, default = asked.through, asked.billed, asked.proration
    code, usage = charges[0].code, asked.usage.get(name, {})
    for slot, whole_start, whole_end, stays in slots:
        place, _, due = stays[-1]
        key = (name, code, slot)
        if due > through and key not in billed:
            continue
        plan, whole = terms[place].plan, (whole_start, whole_end)
        measured = measured_together(stays, charges)
        pieces = tuple([used_piece(charge, days, whole, usage.get(charge.meter.code), default) for charge, days in measured])
        amount = rounded_sum(pieces, asked.step, asked.rounding)
        charge = measured[-1][0]
        start, end, unit = pieces[0][0], pieces[-1][1], charge.meter.unit
        facts = LineFacts(name, code, slot, whole_end, start, end, charge.name, _USAGE, plan.key, unit, pieces, amount)
        owed[key] = Owed(facts, charge, plan.prices_include_tax, due, whole_start)


def measured_together(stays: Iterable[Stay], charges: Sequence[Charge]) -> list[tuple[UsageCharge, list[Days]]]:
    """Return the days of a usage charge, those at one price together: a change of quantity or a pause does not restart its tiers."""
    groups: list[tuple[UsageCharge, list[Days]]] = []
    held: Charge | None = None
    days: list[Days] = []
    for place, start, end in stays:
        charge = charges[place]
        if charge is not held:
            if not isinstance(charge, UsageCharge):
                raise InvalidTypeError(charge.code, "a charge code keeps its kind from plan to plan", "give the usage charge another code")
            if held is None or charge != held:
                held, days = charge, []
                groups.append((charge, days))
        if days and days[-1][1] == start:
            days[-1] = (days[-1][0], end)
        else:
            days.append((start, end))
    return groups


def _agreed(
    terms: Sequence[Terms], charges: Sequence[Charge], stays: Sequence[Stay], whole: Days, asked: Asked
) -> tuple[tuple[Piece, ...], Decimal]:
    """Return the pieces of a period that changes in it and what they come to; neighbours with the same working are one."""
    (place, start, end), price_of = stays[0], asked.workings.of
    served = (start, stays[-1][2])
    price = price_of(charges[place], terms[place].quantity)
    pieces: list[Piece] = []
    for place, since, until in stays[1:]:
        coming = price_of(charges[place], terms[place].quantity)
        if end == since and (coming[2] is price[2] or coming[2] == price[2]):
            end = until
        else:
            pieces.append(_piece(start, end, price, whole, served, asked.proration))
            start, end, price = since, until, coming
    piece = _piece(start, end, price, whole, served, asked.proration)
    if not pieces and piece[4] == piece[5]:
        return (piece,), price[3]
    pieces.append(piece)
    return tuple(pieces), rounded_sum(pieces, asked.step, asked.rounding)


def _piece(start: date, end: date, price: Priced, whole: Days, served: Days, default: Proration) -> Piece:
    charge, quantity, working, _ = price
    if start == whole[0] and end == whole[1]:
        return _new(Piece, (start, end, quantity, working, 1, 1, None))
    part, of = share_of_period(charge.proration or default, start, end, whole, served)
    return _new(Piece, (start, end, quantity, working, part, of, None))


def _rate_once(owed: dict[LineKey, Owed], subscription_id: str, runs: Sequence[Terms], charges: Sequence[Charge], asked: Asked) -> None:
    """One-off charges are due on the day on which their plan begins; a later quantity, pause or version does not charge them again."""
    plan = ""
    for terms, charge in zip(runs, charges, strict=True):
        if terms.plan.code == plan or not isinstance(charge, OneOffCharge):
            continue
        plan = terms.plan.code
        key = (subscription_id, charge.code, terms.start)
        if terms.start < asked.settled or (terms.start > asked.through and key not in asked.billed):
            continue
        piece = Piece(terms.start, terms.start + ONE_DAY, terms.quantity, work_out(charge.price, Measured(terms.quantity)))
        facts = _on_one_day(key, charge.name, ChargeKind.ONE_OFF, terms.plan.key, piece, asked)
        owed[key] = Owed(facts, charge, terms.plan.prices_include_tax, terms.start, terms.start)


def _rate_order(owed: dict[LineKey, Owed], order: Order, asked: Asked) -> None:
    codes = [item.product.code for item in order.items]
    for item in order.items:
        product = item.product
        key = (order.id, product.code if codes.count(product.code) == 1 else f"{product.code}@{item.price}", order.on)
        piece = Piece(order.on, order.on + ONE_DAY, item.quantity, single("units", item.quantity, item.price))
        facts = _on_one_day(key, product.name, ChargeKind.ORDER, "", piece, asked)
        owed[key] = Owed(facts, product, order.prices_include_tax, order.on, order.on)


def _on_one_day(key: LineKey, name: str, kind: ChargeKind, plan: str, piece: Piece, asked: Asked) -> LineFacts:
    amount = rounded_sum((piece,), asked.step, asked.rounding)
    return LineFacts(*key, piece.end, piece.start, piece.end, name, kind, plan, "", (piece,), amount)
