"""From grants to shares: what each line bears of each discount, to the cent.

A discount is decided once, when a line is first billed, and stays on the line as a share for each grant.
Stages: exclusive ones, lanes in order, in each lane proposals, stacking, caps and the split.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from billing_domain.conditions import Facts
from billing_domain.discounts.capping import Site, Split, split
from billing_domain.discounts.given import NOTHING_GIVEN, OnlyTotals
from billing_domain.discounts.lanes import Lane, Stack
from billing_domain.discounts.model import Grant
from billing_domain.discounts.plain import apply_plain
from billing_domain.discounts.protocols import Bid, Given, Stacking
from billing_domain.discounts.records import Amounts, Discounted, DiscountRecord, Stage, aside
from billing_domain.discounts.scope import Coverage
from billing_domain.discounts.terms import Basis, Exclusive
from billing_domain.errors import DuplicateIdError, PluginError
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money.amounts import CONTEXT, exact, places_of, units_of

_multiply = CONTEXT.multiply
_RUNNING, _ORIGINAL = Basis.RUNNING, Basis.ORIGINAL
_NO, _ABOVE_ALL, _BY_PRIORITY = Exclusive.NO, Exclusive.ABOVE_ALL, Exclusive.BY_PRIORITY
_APPLIED, _PROPOSAL, _CAPS, _STACK = Stage.APPLIED, Stage.PROPOSAL, Stage.CAPS, Stage.STACK
_SEQUENTIAL, _ADDITIVE = Stack.SEQUENTIAL, Stack.ADDITIVE
_new = tuple.__new__
_plain = attrgetter("plain")
NO_FACTS = Facts()


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
        DuplicateIdError: A grant is there twice.
    """
    listed = list(grants)
    with exact():
        return applied(lines, listed, step, currency, lanes, given, facts)


def applied(
    lines: Sequence[LineFacts], grants: Sequence[Grant], step: Decimal, currency: str, lanes: Sequence[Lane], given: Given, facts: Facts
) -> Discounted:
    """Do what `apply` does, inside `money.exact()`."""
    if len(grants) > 1:
        grants = _in_order(grants)
    if all(map(_plain, grants)):
        return apply_plain(lines, grants, step, currency, given)
    run = _Run(lines, step, currency, given, facts)
    entries = run.entries(grants)
    if any([entry.grant.exclusive is not _NO for entry in entries]):
        entries = run.alone(entries)
    for stack, members in _by_lane(entries, lanes):
        run.play(stack, members)
    return Discounted([tuple(borne) for borne in run.borne], run.applications)


def _in_order(grants: Sequence[Grant]) -> list[Grant]:
    """Return grants as their turns come, each there once."""
    ids = [grant.id for grant in grants]
    if len(set(ids)) < len(ids):
        again = min([grant_id for grant_id in ids if ids.count(grant_id) > 1])
        raise DuplicateIdError(again, "a grant is there once", "leave one of the two out")
    return sorted(grants, key=_rank)


def _rank(grant: Grant) -> tuple[tuple[int, str, str], str]:
    return (grant.order, grant.id)


class Entry(NamedTuple):
    """A grant and the places of the lines that it covers."""

    grant: Grant
    covered: list[int]


def _by_lane(entries: Iterable[Entry], lanes: Sequence[Lane]) -> list[tuple[Stacking, list[Entry]]]:
    """Return the entries by lane, in the order of the lanes; those of unknown lanes follow, one after the other."""
    places: dict[str, int] = {lane.code: place for place, lane in enumerate(lanes)}
    members: list[list[Entry]] = [[] for _ in range(len(lanes) + 1)]
    for entry in entries:
        members[places.get(entry.grant.lane, -1)].append(entry)
    stacks: list[Stacking] = [*[lane.stack for lane in lanes], _SEQUENTIAL]
    return [(stack, listed) for stack, listed in zip(stacks, members, strict=True) if listed]


class _Run:
    """The discounts of one document, while they are worked out."""

    __slots__ = ("_amounts", "applications", "borne", "coverage", "remaining", "site")

    def __init__(self, lines: Sequence[LineFacts], step: Decimal, currency: str, given: Given, facts: Facts) -> None:
        places = places_of(step)
        units, _ = units_of(step)
        self.remaining = [int(_multiply(line.amount, units)) for line in lines]
        self.site = Site(lines, self.remaining[:], places, currency, facts, given)
        self.borne: list[list[Share]] = [[] for _ in lines]
        self.coverage = Coverage(lines)
        self.applications: list[DiscountRecord] = []
        self._amounts = Amounts(places)

    def entries(self, grants: Iterable[Grant]) -> list[Entry]:
        """Return the grants that cover lines, and record the others."""
        found: list[Entry] = []
        for grant in grants:
            scope = self.coverage[grant.scope]
            covered = scope.places if grant.holds_from_to(scope.first, scope.last) else self._held(grant, scope.places)
            if covered and not (grant.once and self.site.given.times(grant.id)):
                found.append(_new(Entry, (grant, covered)))
            else:
                self.applications.append(aside(grant, scope, used=bool(covered)))
        return found

    def _held(self, grant: Grant, places: Iterable[int]) -> list[int]:
        return [place for place in places if grant.holds_on(self.site.lines[place].start)]

    def alone(self, entries: list[Entry]) -> list[Entry]:
        """Return those that exclusive ones leave, and record the others."""
        tried = [(entry, self._asked(entry, self.site.original)) for entry in entries]
        giving = [entry for entry, found in tried if any(found.parts)]
        winner = next((entry for entry in giving if entry.grant.exclusive is _ABOVE_ALL), giving[0] if giving else None)
        if winner is None:
            return entries
        if winner.grant.exclusive is _NO:
            out = {entry.grant.id for entry in giving if entry.grant.exclusive is _BY_PRIORITY}
        else:
            out = {entry.grant.id for entry in entries if entry is not winner}
        for entry, found in tried:
            if entry.grant.id in out:
                self._kept_out(entry, found, "exclusive", (winner.grant.id,))
        return [entry for entry in entries if entry.grant.id not in out]

    def play(self, stack: Stacking, members: list[Entry]) -> None:
        """Apply the discounts of one lane."""
        start = self.remaining[:]
        chosen = members if stack is _SEQUENTIAL or stack is _ADDITIVE else self._chosen(stack, members, start)
        turn = self.remaining if stack.running else start
        for entry in chosen:
            self._take(entry, self._split(entry, start, turn))

    def _chosen(self, stack: Stacking, members: list[Entry], start: list[int]) -> list[Entry]:
        splits = [self._split(entry, start, start) for entry in members]
        bids = [self._bid(entry, found) for entry, found in zip(members, splits, strict=True)]
        wanted = _choose(stack, bids)
        chosen = {bid.id for bid in wanted}
        for entry, found, bid in zip(members, splits, bids, strict=True):
            if bid.id not in chosen:
                self._kept_out(entry, found, "outbid", _rivals(bid, wanted))
        by_id = {entry.grant.id: entry for entry in members}
        return [by_id[bid.id] for bid in wanted]

    def _bid(self, entry: Entry, found: Split) -> Bid:
        grant = entry.grant
        touched = frozenset([place for place, part in zip(entry.covered, found.parts, strict=True) if part])
        return Bid(grant.id, grant.policy, grant.priority, self._amounts[sum(found.parts)], touched)

    def _kept_out(self, entry: Entry, found: Split, reason: str, by: tuple[str, ...]) -> None:
        """Record a discount that others keep out; one that would give nothing anyway says why itself."""
        if not any(found.parts):
            self._take(entry, found)
            return
        grant, amounts = entry.grant, self._amounts
        self.applications.append(
            DiscountRecord(grant.policy, grant.id, grant.lane, _STACK, amounts[found.requested], amounts[0], found.capped_by, reason, by)
        )

    def _split(self, entry: Entry, start: list[int], turn: list[int]) -> Split:
        basis = entry.grant.base
        if basis is _RUNNING:
            return self._asked(entry, turn)
        return self._asked(entry, self.site.original if basis is _ORIGINAL else start)

    def _asked(self, entry: Entry, basis: list[int]) -> Split:
        return split(entry.grant, entry.covered, basis, self.remaining, self.site)

    def _take(self, entry: Entry, found: Split) -> None:
        grant, remaining, borne, amounts = entry.grant, self.remaining, self.borne, self._amounts
        grant_id, name, code, total = grant.id, grant.name, grant.reason.code, 0
        for place, part in zip(entry.covered, found.parts, strict=True):
            if part:
                total += part
                remaining[place] -= part
                borne[place].append(_new(Share, (grant_id, amounts[part], name, code, False)))
        stage = _APPLIED if total else _CAPS if found.requested else _PROPOSAL
        reason = found.reason or ("" if total else "capped")
        record = (
            grant.policy,
            grant_id,
            grant.lane,
            stage,
            amounts[found.requested],
            amounts[total],
            found.capped_by,
            reason,
            (),
            (),
            None,
        )
        self.applications.append(_new(DiscountRecord, record))


def _rivals(bid: Bid, wanted: Sequence[Bid]) -> tuple[str, ...]:
    """Return the winners that touch lines of a bid; all where none does."""
    return tuple([other.id for other in wanted if not bid.lines.isdisjoint(other.lines)]) or tuple([other.id for other in wanted])


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
