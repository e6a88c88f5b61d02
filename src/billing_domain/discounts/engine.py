"""From grants to shares: what each line bears of each discount, to the cent.

A discount is decided once, when a line is first billed, and stays on the line as a share for each grant.
Stages: exclusive ones, lanes in order, in each lane proposals, stacking, caps and the split.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing_domain.conditions import Facts
from billing_domain.discounts.capping import Site, Split, split
from billing_domain.discounts.lanes import Lane, Stack
from billing_domain.discounts.model import Grant
from billing_domain.discounts.plain import apply_plain
from billing_domain.discounts.protocols import Bid, Covering, Given, Stacking
from billing_domain.discounts.records import Discounted, DiscountRecord, Stage
from billing_domain.discounts.terms import Basis, Exclusive
from billing_domain.errors import PluginError
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money.amounts import CONTEXT, ONE, ZERO, exact, places_of

_multiply = CONTEXT.multiply
NO_FACTS = Facts()


class OnlyTotals(NamedTuple):
    """What grants gave, where only their totals are known."""

    used: Callable[[str], Decimal]

    def total(self, grant_id: str) -> Decimal:
        """Return what the grant gave."""
        return self.used(grant_id)

    def in_period(self, grant_id: str, slot: date) -> Decimal:  # noqa: ARG002  the protocol names them
        """Return zero."""
        return ZERO

    def times(self, grant_id: str) -> int:
        """Return 1 where it gave something."""
        return int(self.used(grant_id) > 0)

    def documents(self, covers: Covering) -> int:  # noqa: ARG002  the protocol names it
        """Return zero."""
        return 0


def _nothing(_: str) -> Decimal:
    return ZERO


NOTHING_GIVEN: Given = OnlyTotals(_nothing)
"""Nothing was given on earlier documents."""


def share_out(
    lines: Sequence[LineFacts], grants: Iterable[Grant], step: Decimal, used: Callable[[str], Decimal]
) -> list[tuple[Share, ...]]:
    """Return the shares of each line of one document: what the grants take off it, one after the other.

    Each grant works on what the ones before it left. Its amount is rounded once over all lines that it covers, half up,
    and split over them by the largest remainder, so that the shares sum to it exactly.

    Args:
        lines: The facts of lines that are billed for the first time.
        grants: The account's grants, in any order.
        step: The currency's smallest amount.
        used: What a grant has given so far, by its id; asked only where the grant has a limit.

    Returns:
        One tuple of shares a line, in the order of the lines.
    """
    return apply(lines, grants, step=step, given=OnlyTotals(used)).shares


def apply(
    lines: Sequence[LineFacts],
    grants: Iterable[Grant],
    *,
    step: Decimal,
    currency: str = "",
    lanes: Sequence[Lane] = (),
    given: Given = NOTHING_GIVEN,
    facts: Facts = NO_FACTS,
) -> Discounted:
    """Return what grants do to the lines of one document, and a record of each.

    Args:
        lines: The facts of lines that are billed for the first time.
        grants: The account's grants, in any order.
        step: The currency's smallest amount.
        currency: The currency; where it is empty, no amount is refused for its currency.
        lanes: The lanes in order; grants of other lanes come after them, one after the other.
        given: What grants gave on earlier documents.
        facts: What is known of the account, for benefits.

    Returns:
        Shares and records; the shares of a grant sum to what its record says was granted.

    Raises:
        PluginError: A benefit or a way of stacking raised or answered with what the rules refuse.
    """
    listed = list(grants)
    if all([grant.plain for grant in listed]):
        return apply_plain(lines, listed, step, currency, given)
    with exact():
        run = _Run(lines, step, currency, given, facts)
        entries = [Entry(grant, covered) for grant in sorted(listed, key=_rank) if (covered := run.covered(grant))]
        if any([entry.grant.exclusive is not Exclusive.NO for entry in entries]):
            entries = run.alone(entries)
        for lane, members in _by_lane(entries, lanes):
            run.play(lane, members)
        return Discounted(run.shares, run.applications)


class Entry(NamedTuple):
    """A grant and the places of the lines that it covers."""

    grant: Grant
    covered: list[int]


def _rank(grant: Grant) -> tuple[int, str, str]:
    return (-grant.priority, grant.policy if grant.lane else "", grant.id)


def _by_lane(entries: Iterable[Entry], lanes: Sequence[Lane]) -> list[tuple[Stacking, list[Entry]]]:
    """Return the entries by lane, in the order of the lanes; unknown lanes follow by name, sequential."""
    order: dict[str, int] = {lane.code: place for place, lane in enumerate(lanes)}
    found: dict[tuple[int, str], list[Entry]] = {}
    for entry in entries:
        code = entry.grant.lane
        found.setdefault((order.get(code, len(order)), code if code in order else ""), []).append(entry)
    return [(lanes[place].stack if place < len(lanes) else Stack.SEQUENTIAL, found[place, code]) for place, code in sorted(found)]


class _Run:
    """The discounts of one document, while they are worked out."""

    __slots__ = ("applications", "remaining", "shares", "site")

    def __init__(self, lines: Sequence[LineFacts], step: Decimal, currency: str, given: Given, facts: Facts) -> None:
        places = places_of(step)
        units = ONE.scaleb(places, CONTEXT)
        self.remaining = [int(_multiply(line.amount, units)) for line in lines]
        self.site = Site(lines, self.remaining[:], places, currency, facts, given)
        self.shares: list[tuple[Share, ...]] = [()] * len(lines)
        self.applications: list[DiscountRecord] = []

    def covered(self, grant: Grant) -> list[int]:
        """Return the places of the lines that a grant covers, unless it was for one document that had it."""
        original, covers = self.site.original, grant.covers
        places = [place for place, line in enumerate(self.site.lines) if original[place] and covers(line)]
        return [] if places and grant.once and self.site.given.times(grant.id) else places

    def alone(self, entries: list[Entry]) -> list[Entry]:
        """Return those that exclusive ones leave, and record the others."""
        giving = [entry for entry in entries if any(self._asked(entry, self.site.original).parts)]
        above = [entry for entry in giving if entry.grant.exclusive is Exclusive.ABOVE_ALL]
        if above or (giving and giving[0].grant.exclusive is Exclusive.BY_PRIORITY):
            kept = (above or giving)[:1]
        else:
            kept = [entry for entry in entries if entry.grant.exclusive is not Exclusive.BY_PRIORITY]
        by = tuple([entry.grant.id for entry in kept[:1]])
        for entry in entries:
            if entry not in kept:
                self._note(entry.grant, Stage.STACK, 0, reason="exclusive", by=by)
        return kept

    def play(self, stack: Stacking, members: list[Entry]) -> None:
        """Apply the discounts of one lane."""
        start = self.remaining[:]
        chosen = members if stack is Stack.SEQUENTIAL or stack is Stack.ADDITIVE else self._chosen(stack, members, start)
        for entry in chosen:
            self._apply(entry, self._split(entry, start, self.remaining if stack.running else start))

    def _chosen(self, stack: Stacking, members: list[Entry], start: list[int]) -> list[Entry]:
        splits = {entry.grant.id: self._split(entry, start, start) for entry in members}
        bids = [self._bid(entry, splits[entry.grant.id]) for entry in members]
        wanted = [bid.id for bid in _choose(stack, bids)]
        for entry in members:
            if entry.grant.id not in wanted:
                self._outbid(entry, splits[entry.grant.id], wanted)
        by_id = {entry.grant.id: entry for entry in members}
        return [by_id[grant_id] for grant_id in wanted]

    def _bid(self, entry: Entry, found: Split) -> Bid:
        grant = entry.grant
        touched = frozenset([place for place, part in zip(found.places, found.parts, strict=True) if part])
        return Bid(grant.id, grant.policy, grant.priority, self._amount(sum(found.parts)), touched)

    def _outbid(self, entry: Entry, found: Split, wanted: Sequence[str]) -> None:
        if not any(found.parts):
            self._apply(entry, found)
            return
        self._note(entry.grant, Stage.STACK, found.requested, found.capped_by, "outbid", tuple(wanted))

    def _split(self, entry: Entry, start: list[int], turn: list[int]) -> Split:
        basis = entry.grant.base
        if basis is Basis.RUNNING:
            return self._asked(entry, turn)
        return self._asked(entry, self.site.original if basis is Basis.ORIGINAL else start)

    def _asked(self, entry: Entry, basis: list[int]) -> Split:
        return split(entry.grant, entry.covered, basis, self.remaining, self.site)

    def _apply(self, entry: Entry, found: Split) -> None:
        grant, total = entry.grant, 0
        for place, part in zip(found.places, found.parts, strict=True):
            if part:
                total += part
                self.remaining[place] -= part
                self.shares[place] += (Share(grant.id, self._amount(part), grant.name, grant.reason.code),)
        stage = Stage.APPLIED if total else Stage.CAPS if found.requested else Stage.PROPOSAL
        self._note(grant, stage, found.requested, found.capped_by, found.reason or ("" if total else "capped"), granted=total)

    def _amount(self, units: int) -> Decimal:
        return Decimal(units).scaleb(-self.site.places, CONTEXT)

    def _note(
        self,
        grant: Grant,
        stage: Stage,
        requested: int,
        capped: tuple[str, ...] = (),
        reason: str = "",
        by: tuple[str, ...] = (),
        *,
        granted: int = 0,
    ) -> None:
        self.applications.append(
            DiscountRecord(grant.policy, grant.id, grant.lane, stage, self._amount(requested), self._amount(granted), capped, reason, by)
        )


def _choose(stack: Stacking, bids: list[Bid]) -> Sequence[Bid]:
    """Ask a way of stacking, and refuse what is not a choice of these bids."""
    if isinstance(stack, Stack):
        return stack.choose(bids)
    try:
        chosen = list(stack.choose(tuple(bids)))
    except Exception as error:
        raise PluginError(repr(error), "a way of stacking does not raise", "return some of the bids", stack.code, "choose") from error
    known: Mapping[str, Bid] = {bid.id: bid for bid in bids}
    if len({bid.id for bid in chosen if isinstance(bid, Bid) and known.get(bid.id) == bid}) != len(chosen):
        raise PluginError(
            chosen, "a way of stacking returns bids that it was given, each once", "return some of the bids", stack.code, "choose"
        )
    return chosen
