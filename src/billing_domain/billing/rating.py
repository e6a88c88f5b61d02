"""What an account owes up to a day: one amount for each key, with the pieces that make it.

The first half of `bill`. A key is a subscription, a charge and the start of the aligned service period;
price, quantity and plan version are facts of its pieces, never part of the key.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.billing.arithmetic import rounded_sum
from billing_domain.billing.asking import Priced, Workings, share_of_period, work_out
from billing_domain.billing.commitments import missing, spent_within
from billing_domain.billing.measuring import Days, piece_of_sum, used_piece
from billing_domain.billing.rulebook import Rulebook
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.uncounted import Uncounted, note_uncounted
from billing_domain.catalog import Charge, Measured, OneOffCharge, Product, UsageCharge, Working
from billing_domain.catalog.working import flat, single
from billing_domain.errors import InvalidTypeError
from billing_domain.invoicing import ChargeKind, LineFacts, LineKey, Piece
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO, exact
from billing_domain.periods import ActualDays, BillingCycle, Proration, Schedule
from billing_domain.periods.period import ONE_DAY
from billing_domain.subscriptions import Order
from billing_domain.subscriptions.add_ons import bound_terms
from billing_domain.subscriptions.runs import (
    AgreedRun,
    AgreedTerm,
    ChargeRuns,
    CommittedRun,
    Grid,
    OnceRun,
    Stay,
    UsedRun,
    charge_runs,
    counted_days,
)
from billing_domain.subscriptions.timeline import Terms
from billing_domain.usage.rollup import DatedUsage, by_subscription

_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class
_RECURRING = ChargeKind.RECURRING  # members that every line asks for; by way of its class one costs ten times a plain name
_USAGE = ChargeKind.USAGE
_NO_METERS: Mapping[str, DatedUsage] = {}
_NO_USAGE: Mapping[str, Mapping[str, DatedUsage]] = {}
_NO_PRICE = flat(ZERO)


Owing = tuple[LineFacts, Charge | Product, bool, date, date]
"""What is owed for one key, as an `Owed` says it; a plain tuple, which is made and taken apart several times as quickly."""


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
        found = owed_for(snapshot, through, rules, billed, workings, [] if outside is None else outside)
    return {key: Owed(*item) for key, item in found.items()}


def owed_for(
    snapshot: AccountSnapshot,
    through: date,
    rules: Rulebook,
    billed: Container[LineKey],
    workings: Workings | None,
    outside: list[Uncounted],
) -> dict[LineKey, Owing]:
    """Do what `rate` does, inside `money.exact()`."""
    owed: dict[LineKey, Owing] = {}
    account, opening = snapshot.account, snapshot.opening
    settled = date.min if opening is None else opening.through
    if workings is None:
        workings = Workings(minor_unit(account.currency), rules.rounding)
    asked = (through, settled, rules.proration, billed, account.cycle, workings)
    usage = by_subscription(snapshot.usage, account.zone) if snapshot.usage else _NO_USAGE
    for subscription in snapshot.subscriptions:
        terms, runs, counted = subscription.terms, subscription.runs, subscription.counted
        if subscription.base is not None:
            terms = bound_terms(subscription, snapshot.subscription(subscription.base))
            runs, counted = charge_runs(terms), counted_days(terms)
        meters = usage.get(subscription.id)
        _rate_subscription(owed, subscription.id, runs, meters or _NO_METERS, asked)
        if meters is not None:
            note_uncounted(subscription, terms, counted, meters, outside)
    for order in snapshot.orders:
        if settled <= order.on <= through:
            _rate_order(owed, order, asked)
    return owed


Asked = tuple[date, date, Proration, Container[LineKey], BillingCycle, Workings]
"""What one run asks of every subscription; a plain tuple, since it is taken apart for each charge.

It is the last day, the day before which periods that ended are left out, how a part of a period is charged where a charge does not say
otherwise, the keys that were billed before, the account's own cycle, and what price models answered and how amounts are rounded.
"""
Slot = tuple[date, date, date, date, date, bool, int, int, Sequence[Stay]]
"""An aligned period: the day that names it, its start and end, the first of its days on which terms hold, the day after the last,
whether they hold on all of them, which of the terms is the first, which the last, and the days of each where there are several.

It is a plain tuple, since a run makes more of them than of anything else.
"""


def _rate_subscription(
    owed: dict[LineKey, Owing], name: str, all_runs: Sequence[ChargeRuns], meters: Mapping[str, DatedUsage], asked: Asked
) -> None:
    for runs in all_runs:
        slots = _slots(runs.grids, asked)
        for run in runs.charges:
            if isinstance(run, AgreedRun):
                _rate_agreed(owed, name, run, slots, asked)
            elif isinstance(run, UsedRun):
                _rate_usage(owed, name, run, slots, meters, asked)
            elif isinstance(run, OnceRun):
                _rate_once(owed, name, runs.terms, run.charges, asked)
            else:
                committed: dict[LineKey, Owing] = {}
                _rate_agreed(committed, name, run.agreed, slots, asked)
                for key, found in committed.items():
                    short = _fallen_short(found, run.counted, all_runs, meters, asked)
                    if short is not None:
                        owed[key] = short


def _fallen_short(
    found: Owing, counted: Sequence[str], all_runs: Sequence[ChargeRuns], meters: Mapping[str, DatedUsage], asked: Asked
) -> Owing | None:
    """Return what other charges of the period fall short of a commitment; None where they do not."""
    facts = found[0]
    others = [attrs.evolve(runs, charges=tuple(run for run in runs.charges if not isinstance(run, CommittedRun))) for runs in all_runs]
    spent: dict[LineKey, Owing] = {}
    _, _, proration, _, cycle, workings = asked
    within = (facts.slot_end, facts.slot, proration, frozenset[LineKey](), cycle, workings)
    _rate_subscription(spent, facts.subscription_id, others, meters, within)
    amount = spent_within([owing[0] for owing in spent.values()], (facts.slot, facts.slot_end), counted)
    if amount >= facts.amount:
        return None
    piece = missing(facts.start, facts.end, facts.amount, amount)
    return (facts._replace(pieces=(piece,), amount=piece.working.total), *found[1:])


def _slots(grids: Iterable[Grid], asked: Asked) -> list[Slot]:
    """Return the days of the terms by aligned period, for periods that have begun and are not settled by an opening.

    A period is named by its start; one that a change of its length or anchor cut into is named by the day of the change,
    since a period of the old kind may have begun on the same day.
    """
    slots: list[Slot] = []
    through, settled, _, _, cycle, workings = asked
    before: Schedule | None = None
    named = joined = date.min
    for grid in grids:
        schedule = grid.schedule or cycle.schedule(grid.frequency, start=grid.origin)
        coming = iter(grid.days)
        place, since, until = next(coming)
        if before is not None and before.period_at(since) != schedule.period_at(since):
            joined = since
        before = schedule
        first = since if since > settled else settled  # noqa: FURB136  a call costs five times as much
        for start, end in workings.periods(schedule, first, grid.end, through):  # the first ends after the first day and what is settled
            while until <= start:
                place, since, until = next(coming)
            if since <= start and end <= until:  # one of the terms holds for the whole period: most of them
                slots.append((start, start, end, start, end, True, place, place, ()))
                continue
            stays: list[Stay] = []
            since = start if since < start else since  # noqa: FURB136  likewise
            while since < end:
                if end <= until:
                    stays.append((place, since, end))
                    break
                stays.append((place, since, until))
                place, since, until = next(coming)
            if stays:
                name = start if start > joined else joined  # noqa: FURB136  likewise
                if name == named:  # the schedule before has the same period, cut by the change, so that its slot has stays too
                    stays = [*slots.pop()[8], *stays]
                named = name
                (place_of_first, began, _), (place_of_last, _, ended) = stays[0], stays[-1]
                slots.append((name, start, end, began, ended, _tile(stays, start, end), place_of_first, place_of_last, stays))
    return slots


def _tile(stays: Iterable[Stay], start: date, end: date) -> bool:
    """Say whether days follow each other from the start of a period to its end."""
    for _, since, until in stays:
        if since != start:
            return False
        start = until
    return start == end


def _rate_agreed(owed: dict[LineKey, Owing], name: str, run: AgreedRun, slots: Iterable[Slot], asked: Asked) -> None:
    """Rate what was agreed for each period, whatever was consumed in it."""
    through, _, _, billed, _, workings = asked
    code, terms = run.code, run.terms
    known, working, price = -1, _NO_PRICE, ZERO
    for slot, whole_start, whole_end, start, end, tiled, place, last, stays in slots:
        number, charge, quantity, in_advance, title, plan, inclusive = terms[place]
        due = start if in_advance else end
        key = (name, code, slot)
        if due > through and key not in billed:
            continue
        if tiled and (place == last or number == terms[last][0]):  # one price for the whole period: most of them
            if number != known:
                known, (_, _, working, price) = number, workings.of(charge, quantity)
            amount = price
            pieces: tuple[Piece, ...] = (_new(Piece, (start, end, quantity, working, 1, 1, None)),)
        else:
            pieces, amount, coming = _agreed(terms, stays, (whole_start, whole_end), asked)
            known, (_, _, working, price) = terms[last][0], coming  # the next period begins with it
        if place != last:
            _, charge, _, _, title, plan, inclusive = terms[last]
        facts = (name, code, slot, whole_end, start, end, title, _RECURRING, plan, "", pieces, amount, None)
        owed[key] = (_new(LineFacts, facts), charge, inclusive, due, whole_start)


def _agreed(terms: Sequence[AgreedTerm], stays: Sequence[Stay], whole: Days, asked: Asked) -> tuple[tuple[Piece, ...], Decimal, Priced]:
    """Return the pieces of a period that changes in it, what they come to, and its last price; neighbours with one working are one."""
    _, _, proration, _, _, workings = asked
    place, start, end = stays[0]
    served = (start, stays[-1][2])
    price = coming = workings.of(terms[place][1], terms[place][2])
    pieces: list[Piece] = []
    for place, since, until in stays[1:]:
        coming = workings.of(terms[place][1], terms[place][2])
        if end == since and _same(coming[2], price[2]):
            end = until
        else:
            pieces.append(_piece(start, end, price, whole, served, proration))
            start, end, price = since, until, coming
    piece = _piece(start, end, price, whole, served, proration)
    if not pieces and piece[4] == piece[5]:
        return (piece,), price[3], coming
    pieces.append(piece)
    return tuple(pieces), rounded_sum(pieces, workings.step, workings.rounding), coming


def _same(one: Working, other: Working) -> bool:
    return one is other or (one.total == other.total and one == other)


def _piece(start: date, end: date, price: Priced, whole: Days, served: Days, default: Proration) -> Piece:
    charge, quantity, working, _ = price
    if start == whole[0] and end == whole[1]:
        return _new(Piece, (start, end, quantity, working, 1, 1, None))
    proration = charge.proration or default
    if proration.__class__ is ActualDays:  # as `share_of_period` answers, without the call
        part, of = (end - start).days, (whole[1] - whole[0]).days
    else:
        part, of = share_of_period(proration, start, end, whole, served)
    return _new(Piece, (start, end, quantity, working, part, of, None))


def _rate_usage(
    owed: dict[LineKey, Owing], name: str, run: UsedRun, slots: Iterable[Slot], meters: Mapping[str, DatedUsage], asked: Asked
) -> None:
    """Rate what was consumed in each period."""
    through, _, proration, billed, _, workings = asked
    code, terms = run.code, run.terms
    for slot, whole_start, whole_end, start, due, tiled, place, last, stays in slots:
        key = (name, code, slot)
        if due > through and key not in billed:
            continue
        number, charge, price, meter, title, _, _ = terms[place]
        final, _, _, _, _, plan, inclusive = terms[last]
        if price is not None and tiled and number == final:  # one sum at one price for the whole period: most of them
            piece = piece_of_sum(price, start, due, meters.get(meter))
            pieces: tuple[Piece, ...] = (piece,)
            amount = workings.rounded(piece[3])
        else:
            found = _used(run, stays or [(place, start, due)], (whole_start, whole_end), meters, proration)
            pieces, charge = tuple([piece for piece, _ in found]), found[-1][1]
            title = charge.name
            amount = rounded_sum(pieces, workings.step, workings.rounding)
        facts = (name, code, slot, whole_end, start, due, title, _USAGE, plan, charge.meter.unit, pieces, amount, None)
        owed[key] = (_new(LineFacts, facts), charge, inclusive, due, whole_start)


def _used(
    run: UsedRun, stays: Iterable[Stay], whole: Days, meters: Mapping[str, DatedUsage], default: Proration
) -> list[tuple[Piece, UsageCharge]]:
    """Return a piece for the days at each price, with the charge that has it."""
    found = measured_together(stays, run.charges)
    return [(used_piece(charge, days, whole, meters.get(charge.meter.code), default), charge) for charge, days in found]


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


def _rate_once(
    owed: dict[LineKey, Owing], subscription_id: str, runs: Sequence[Terms], charges: Sequence[OneOffCharge], asked: Asked
) -> None:
    """One-off charges are due on the day on which their plan begins; a later quantity, pause or version does not charge them again."""
    plan = ""
    through, settled, _, billed, _, _ = asked
    for terms, charge in zip(runs, charges, strict=True):
        if terms.plan.code == plan:
            continue
        plan = terms.plan.code
        key = (subscription_id, charge.code, terms.start)
        if terms.start < settled or (terms.start > through and key not in billed):
            continue
        piece = Piece(terms.start, terms.start + ONE_DAY, terms.quantity, work_out(charge.price, Measured(terms.quantity)))
        facts = _on_one_day(key, charge.name, ChargeKind.ONE_OFF, terms.plan.key, piece, asked)
        owed[key] = (facts, charge, terms.plan.prices_include_tax, terms.start, terms.start)


def _rate_order(owed: dict[LineKey, Owing], order: Order, asked: Asked) -> None:
    codes = [item.product.code for item in order.items]
    for item in order.items:
        product = item.product
        key = (order.id, product.code if codes.count(product.code) == 1 else f"{product.code}@{item.price}", order.on)
        piece = Piece(order.on, order.on + ONE_DAY, item.quantity, single("units", item.quantity, item.price))
        facts = _on_one_day(key, product.name, ChargeKind.ORDER, "", piece, asked)
        owed[key] = (facts, product, order.prices_include_tax, order.on, order.on)


def _on_one_day(key: LineKey, name: str, kind: ChargeKind, plan: str, piece: Piece, asked: Asked) -> LineFacts:
    workings = asked[5]
    amount = rounded_sum((piece,), workings.step, workings.rounding)
    return LineFacts(*key, piece.end, piece.start, piece.end, name, kind, plan, "", (piece,), amount)
