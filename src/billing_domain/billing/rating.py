"""What an account owes up to a day: one amount for each key, with the pieces that make it.

The first half of `bill`. A key is a subscription, a charge and the start of the aligned service period;
price, quantity and plan version are facts of its pieces, never part of the key.
"""

from collections.abc import Container, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.billing.arithmetic import rounded_sum
from billing_domain.billing.asking import Workings, share_of_period, work_out
from billing_domain.billing.commitments import missing, spent_within
from billing_domain.billing.measuring import Days, Whole, used_piece
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.uncounted import Uncounted, uncounted
from billing_domain.catalog import Charge, CommitmentCharge, Measured, OneOffCharge, RecurringCharge, Timing, UsageCharge, Working
from billing_domain.catalog.working import single
from billing_domain.invoicing import ChargeKind, LineFacts, LineKey, Piece
from billing_domain.money import Rounding, minor_unit
from billing_domain.periods import BillingCycle, Proration, Schedule, Stretch
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions import Order
from billing_domain.subscriptions.add_ons import bound_terms
from billing_domain.subscriptions.timeline import ChargeRuns, Terms, charge_runs
from billing_domain.tax import TaxClass
from billing_domain.usage.rollup import DatedUsage, by_subscription

# members that every line asks for; by way of its class one costs ten times a plain name
_IN_ADVANCE = Timing.IN_ADVANCE
_RECURRING = ChargeKind.RECURRING
_USAGE = ChargeKind.USAGE


class Owed(NamedTuple):
    """What is owed for one key.

    Args:
        facts: What makes it; `facts.amount` is the exact sum of its pieces, rounded once.
        tax: The tax class.
        goods: Whether goods are sold.
        inclusive: Whether the price contains the tax.
        due: The day on which it falls due.
        proration: How a part of its period is charged; the rulebook's own where None.
        whole_start: Start of the aligned period where that lies before the key's day, since a change cut into it; the key's day where None.
    """

    facts: LineFacts
    tax: TaxClass
    goods: bool
    inclusive: bool
    due: date
    proration: Proration | None = None
    whole_start: date | None = None

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
    owed: dict[LineKey, Owed] = {}
    settled = date.min if snapshot.opening is None else snapshot.opening.through
    usage = by_subscription(snapshot.usage, snapshot.account.zone) if snapshot.usage else {}
    step = minor_unit(snapshot.account.currency)
    asked = Asked(through, settled, rules.proration, billed, usage, step, rules.rounding, workings or Workings())
    meters: dict[str, list[tuple[str, DatedUsage]]] = {}
    for (name, meter), dated in usage.items():
        meters.setdefault(name, []).append((meter, dated))
    for subscription in snapshot.subscriptions:
        terms, runs = subscription.terms, subscription.runs
        if subscription.base is not None:
            terms = bound_terms(subscription, snapshot.subscription(subscription.base))
            runs = charge_runs(terms)
        _rate_subscription(owed, subscription.id, runs, snapshot.account.cycle, asked)
        if subscription.id in meters:
            (outside if outside is not None else []).extend(uncounted(subscription, terms, meters[subscription.id]))
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
    usage: dict[tuple[str, str], DatedUsage]
    step: Decimal
    rounding: Rounding
    workings: Workings


Stay = tuple[int, date, date, date, date]
"""The days of one of the terms that lie in one aligned period: which terms, first day, day after the last, end and start of the period.

A plain tuple, since a run makes more of them than of anything else.
"""


def _rate_subscription(owed: dict[LineKey, Owed], name: str, all_runs: Sequence[ChargeRuns], cycle: BillingCycle, asked: Asked) -> None:
    through, billed = asked.through, asked.billed
    for runs in all_runs:
        periods = _periods(runs, cycle, asked)
        for charges in runs.charges:
            charge = charges[0]
            if isinstance(charge, OneOffCharge):
                _rate_once(owed, name, runs.terms, charges, asked)
                continue
            code = charge.code
            commits = isinstance(charge, CommitmentCharge)
            for start, stays in periods.items():
                first = charges[stays[0][0]]
                due = stays[0][1] if isinstance(first, RecurringCharge) and first.timing is _IN_ADVANCE else stays[-1][2]
                key = (name, code, start)
                if due <= through or key in billed:
                    found = _owed(key, runs.terms, charges, stays, due, asked)
                    if not commits:
                        owed[key] = found
                    elif (short := _fallen_short(found, charges, stays, all_runs, cycle, asked)) is not None:
                        owed[key] = short


def _fallen_short(
    found: Owed, charges: Sequence[Charge], stays: Sequence[Stay], all_runs: Sequence[ChargeRuns], cycle: BillingCycle, asked: Asked
) -> Owed | None:
    """Return what other charges of the period fall short of a commitment; None where they do not."""
    facts = found.facts
    others = [runs._replace(charges=tuple(same for same in runs.charges if not isinstance(same[0], CommitmentCharge))) for runs in all_runs]
    spent: dict[LineKey, Owed] = {}
    _rate_subscription(
        spent, facts.subscription_id, others, cycle, asked._replace(through=facts.slot_end, settled=facts.slot, billed=frozenset())
    )
    charge = charges[stays[-1][0]]
    counted = charge.charges if isinstance(charge, CommitmentCharge) else ()
    amount = spent_within([owed.facts for owed in spent.values()], (facts.slot, facts.slot_end), counted)
    if amount >= facts.amount:
        return None
    piece = missing(facts.start, facts.end, facts.amount, amount)
    return found._replace(facts=facts._replace(pieces=(piece,), amount=piece.working.total))


def _periods(runs: ChargeRuns, cycle: BillingCycle, asked: Asked) -> dict[date, list[Stay]]:
    """Return the days of the terms by aligned period, for periods that have begun and are not settled by an opening.

    A period is named by its start; one that a change of its length or anchor cut into is named by the day of the change,
    since a period of the old kind may have begun on the same day.
    """
    found: dict[date, list[Stay]] = {}
    through, settled = asked.through, asked.settled
    frequency = grid = None
    schedule: Schedule | None = None
    joined = date.min
    for index, terms in enumerate(runs.terms):
        run_start, run_end = terms.start, terms.end
        if schedule is None or frequency is not runs.frequencies[index] or grid != terms.grid:
            frequency, grid = runs.frequencies[index], terms.grid
            before, schedule = schedule, (terms.cycle or cycle).schedule(frequency, start=grid)
            if before is not None and before.period_at(run_start) != schedule.period_at(run_start):
                joined = run_start
        number = schedule.number_at(max(settled, run_start))
        start = schedule.boundary(number)
        while start < run_end and start <= through:
            number += 1
            end = schedule.boundary(number)
            if end > settled:
                name = max(start, joined)
                stay = (index, max(run_start, start), min(run_end, end), end, start)
                known = found.get(name)
                if known is None:
                    found[name] = [stay]
                else:
                    known.append(stay)
            start = end
    return found


def _owed(
    key: LineKey,
    terms: Sequence[Terms],
    charges: Sequence[Charge],
    stays: Sequence[Stay],
    due: date,
    asked: Asked,
) -> Owed:
    place, _, _, whole_end, whole_start = stays[-1]
    charge, plan = charges[place], terms[place].plan
    if isinstance(charge, UsageCharge):
        whole = Whole(whole_start, whole_end)
        pieces = tuple([_used(charges[group[0][0]], group, whole, key[0], asked) for group in _measured_together(stays, charges)])
        kind, unit, proration = _USAGE, charge.meter.unit, charge.proration
    else:
        pieces = _agreed(terms, charges, stays, asked)
        kind, unit, proration = _RECURRING, "", None if isinstance(charge, OneOffCharge) else charge.proration
    amount = rounded_sum(pieces, asked.step, asked.rounding)
    facts = LineFacts(key[0], key[1], key[2], whole_end, pieces[0][0], pieces[-1][1], charge.name, kind, plan.key, unit, pieces, amount)
    return Owed(facts, charge.tax, False, plan.prices_include_tax, due, proration, whole_start)


def _measured_together(stays: Sequence[Stay], charges: Sequence[Charge]) -> list[list[Stay]]:
    """Return the stays of a usage charge, those at one price together: a change of quantity or a pause does not restart its tiers."""
    groups = [[stays[0]]]
    for stay in stays[1:]:
        before, charge = charges[groups[-1][0][0]], charges[stay[0]]
        if charge is before or charge == before:
            groups[-1].append(stay)
        else:
            groups.append([stay])
    return groups


def _used(charge: Charge, stays: Sequence[Stay], whole: Whole, subscription_id: str, asked: Asked) -> Piece:
    days: list[Days] = []
    for _, start, end, _, _ in stays:
        if days and days[-1].end == start:
            days[-1] = Days(days[-1].start, end)
        else:
            days.append(Days(start, end))
    usage = asked.usage.get((subscription_id, charge.meter.code)) if isinstance(charge, UsageCharge) else None
    return used_piece(charge, days, whole, usage, asked.proration)


def _agreed(terms: Sequence[Terms], charges: Sequence[Charge], stays: Sequence[Stay], asked: Asked) -> tuple[Piece, ...]:
    """Return the pieces of a recurring charge; neighbours with the same working are one."""
    working_of = asked.workings.of
    kept = stays[0]
    whole_start = kept[4]
    served = (whole_start, kept[1], stays[-1][2])
    working = working_of(charges[kept[0]], terms[kept[0]].quantity)
    if kept[1] == whole_start and kept[2] == kept[3] and len(stays) == 1:  # one price for the whole period: most of them
        return (Piece(kept[1], kept[2], terms[kept[0]].quantity, working),)
    pieces: list[Piece] = []
    for stay in stays[1:]:
        coming = working_of(charges[stay[0]], terms[stay[0]].quantity)
        if kept[2] == stay[1] and (coming is working or coming == working):
            kept = (stay[0], kept[1], stay[2], stay[3], stay[4])
        else:
            pieces.append(_piece(kept, terms[kept[0]].quantity, charges[kept[0]], working, served, asked.proration))
            kept = stay
        working = coming
    pieces.append(_piece(kept, terms[kept[0]].quantity, charges[kept[0]], working, served, asked.proration))
    return tuple(pieces)


def _piece(stay: Stay, quantity: Decimal, charge: Charge, working: Working, served: tuple[date, date, date], default: Proration) -> Piece:
    """Return the piece of a stay; `served` is the start of the aligned period, and the first and last day of the charge in it."""
    _, start, end, whole_end, _ = stay
    if start == served[0] and end == whole_end:
        return Piece(start, end, quantity, working)
    proration = (None if isinstance(charge, OneOffCharge) else charge.proration) or default
    part, of = share_of_period(proration, Stretch(start, end, served[0], whole_end, served[1], served[2]))
    return Piece(start, end, quantity, working, part, of)


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
