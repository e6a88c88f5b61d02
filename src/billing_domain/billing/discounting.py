"""The discounts of one run: grants and policies on each document, decided once for lines that are billed for the first time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import attrs

from billing_domain.billing.difference import NewRow, Settings
from billing_domain.billing.facts import facts_of
from billing_domain.billing.family import owned_by
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.conditions import Facts
from billing_domain.discounts import DOCUMENT_TOTAL, Asked, Covering, DiscountRecord, Discounts, Grant, granted
from billing_domain.discounts.engine import applied
from billing_domain.invoicing import History, LineFacts, Share
from billing_domain.money import money
from billing_domain.money.amounts import CONTEXT, ZERO, add_up
from billing_domain.periods import start_of_day

_add = CONTEXT.add
_new = tuple.__new__
NO_FACTS = Facts()
Shares = list[tuple[Share, ...]]


class Decided(NamedTuple):
    """What discounts do in one run.

    Args:
        shares: For each document the shares of each of its rows.
        grants: What policies granted in this run; the host stores it with the documents.
        applications: A record of each discount that was looked at on a document.
    """

    shares: list[Shares]
    grants: list[Grant]
    applications: list[DiscountRecord]


def decide(snapshot: AccountSnapshot, documents: Sequence[Sequence[NewRow]], history: History, using: Settings) -> Decided:
    """Decide the discount of each line that is billed for the first time; a reinstated one keeps what it had.

    Args:
        snapshot: The account.
        documents: The rows of each document, in order.
        history: What its documents say.
        using: The settings of the run.
    """
    discounts = using.rules.discounts
    if not (snapshot.grants or discounts.policies or snapshot.children):
        return Decided([[row[5] or () for row in rows] for rows in documents], [], [])
    if snapshot.children:
        return _of_family(snapshot, documents, history, using)
    if len(documents) == 1 and not discounts.policies:
        lines = [row[0] for row in documents[0] if row[5] is None]
        if len(lines) == len(documents[0]):  # what most accounts have: grants on one document, of which nothing is reinstated
            given = GivenSoFar(history, snapshot)
            shares, records = applied(lines, snapshot.grants, using.step, using.currency, discounts.lanes, given, NO_FACTS)
            return _new(Decided, ([shares], [], records))
    return _Account(snapshot, history, using).decide(documents)


def _of_family(snapshot: AccountSnapshot, documents: Sequence[Sequence[NewRow]], history: History, using: Settings) -> Decided:
    """Decide the discounts of each account by its own grants and facts alone."""
    found = Decided([[row[5] or () for row in rows] for rows in documents], [], [])
    names = [[row[0].subscription_id for row in rows] for rows in documents]
    for member in (attrs.evolve(snapshot, children=()), *snapshot.children):
        places = [owned_by(member, listed) for listed in names]
        own = decide(member, [[rows[place] for place in mine] for rows, mine in zip(documents, places, strict=True)], history, using)
        for shares, mine, decided in zip(found.shares, places, own.shares, strict=True):
            for place, share in zip(mine, decided, strict=True):
                shares[place] = share
        found.grants.extend(own.grants)
        found.applications.extend(own.applications)
    return found


class _Account:
    """The discounts of one account in one run."""

    __slots__ = ("at", "discounts", "facts", "given", "grants", "history", "snapshot", "using")

    def __init__(self, snapshot: AccountSnapshot, history: History, using: Settings) -> None:
        self.snapshot = snapshot
        self.history = history
        self.using = using
        self.discounts: Discounts = using.rules.discounts
        self.given = GivenSoFar(history, snapshot)
        self.grants: Sequence[Grant] = snapshot.grants
        self.at: datetime | None = None
        self.facts = NO_FACTS
        if self.discounts.policies:
            self.at = start_of_day(using.on, snapshot.account.zone)
            self.facts = facts_of(snapshot, self.at, history)

    def decide(self, documents: Sequence[Sequence[NewRow]]) -> Decided:
        """Return the shares of each document, in order; what one document uses up is gone for the next."""
        shares: list[Shares] = []
        found = _new(Decided, (shares, [], []))
        again: list[list[tuple[Share, ...] | None]] | None = None
        fresh: list[list[LineFacts]] = []
        for rows in documents:
            lines = [row[0] for row in rows if row[5] is None]
            fresh.append(lines)
            if again is None and len(lines) < len(rows):
                again = self._reinstated(documents)
        for number, lines in enumerate(fresh):
            decided = self._document(lines, number, found)
            shares.append(decided if again is None else _in_place(again[number], decided))
        return found

    def _document(self, lines: list[LineFacts], number: int, found: Decided) -> Shares:
        facts, given, using, grants = self.facts, self.given, self.using, self.grants
        proposed: list[Grant] = []
        if self.at is not None:
            total = add_up([line.amount for line in lines])
            facts = facts.add({DOCUMENT_TOTAL: money(total, self.snapshot.account.currency)})
            asked = Asked(self.snapshot.account.id, self.at, lines, facts, grants, given, given.seen)
            proposed, refused = granted(self.discounts.policies, asked)
            found.applications.extend([record for record in refused if record.missing])
            grants = (*grants, *proposed)
        shares, records = applied(lines, grants, using.step, using.currency, self.discounts.lanes, given, facts)
        found.applications.extend(records)
        given.note(lines, shares, number)
        if proposed:
            giving = {share.grant_id for borne in shares for share in borne}
            new = [grant for grant in proposed if grant.id in giving]
            self.grants = (*self.grants, *new)
            found.grants.extend(new)
        return shares

    def _reinstated(self, documents: Sequence[Sequence[NewRow]]) -> list[list[tuple[Share, ...] | None]]:
        """Return the shares that reinstated lines bear again, within what the limits of their grants have left."""
        limits = {grant.id: grant.limit.amount for grant in self.snapshot.grants if grant.limit is not None}
        return [[None if row[5] is None else self._within(row[0], row[5], limits) for row in rows] for rows in documents]

    def _within(self, facts: LineFacts, shares: Iterable[Share], limits: dict[str, Decimal]) -> tuple[Share, ...]:
        found = []
        for share in shares:
            limit, amount = limits.get(share.grant_id), share.amount
            if limit is not None:
                amount = max(ZERO, min(amount, CONTEXT.subtract(limit, self.given.total(share.grant_id))))
            if amount:
                found.append(share._replace(amount=amount))
        self.given.note([facts], [tuple(found)], -1)
        return tuple(found)


def _in_place(again: Iterable[tuple[Share, ...] | None], decided: Iterable[tuple[Share, ...]]) -> Shares:
    """Return the shares of all lines of a document: those of reinstated lines, and between them those that were decided now."""
    fresh = iter(decided)
    return [next(fresh) if shares is None else shares for shares in again]


class GivenSoFar:
    """What grants gave on issued documents and on those of this run; the documents are read once, when it is first asked.

    Args:
        history: What the documents say.
        snapshot: The account, for its opening.
    """

    __slots__ = ("_history", "_now", "_opening", "_slots", "_times", "_totals")

    def __init__(self, history: History, snapshot: AccountSnapshot) -> None:
        self._history = history
        self._opening = snapshot.opening
        self._totals: dict[str, Decimal] | None = None
        self._now: list[tuple[Sequence[LineFacts], Sequence[tuple[Share, ...]], int]] = []

    def note(self, lines: Sequence[LineFacts], shares: Sequence[tuple[Share, ...]], number: int) -> None:
        """Count a document of this run."""
        self._now.append((lines, shares, number))
        if self._totals is not None:
            self._count(self._totals, lines, shares, number)

    def _read(self) -> dict[str, Decimal]:
        totals = self._totals
        if totals is None:
            totals = self._totals = {} if self._opening is None else dict(self._opening.used)
            self._slots: dict[tuple[str, date], Decimal] = {}
            self._times: dict[str, set[object]] = {grant_id: {"opening"} for grant_id, amount in totals.items() if amount > 0}
            for invoice in self._history.by_number.values():
                self._count(totals, [line.facts for line in invoice.lines], [line.shares for line in invoice.lines], invoice.number)
            for entry in self._history.entries():
                for share in entry.shares:
                    self._add(totals, share.grant_id, entry.facts.slot, CONTEXT.minus(share.amount))
            for lines, shares, number in self._now:
                self._count(totals, lines, shares, number)
        return totals

    def _count(self, totals: dict[str, Decimal], lines: Sequence[LineFacts], shares: Sequence[tuple[Share, ...]], document: object) -> None:
        for line, borne in zip(lines, shares, strict=True):
            for share in borne:
                self._add(totals, share.grant_id, line.slot, share.amount)
                self._times.setdefault(share.grant_id, set()).add(document)

    def _add(self, totals: dict[str, Decimal], grant_id: str, slot: date, amount: Decimal) -> None:
        totals[grant_id] = _add(totals.get(grant_id, ZERO), amount)
        self._slots[grant_id, slot] = _add(self._slots.get((grant_id, slot), ZERO), amount)

    def total(self, grant_id: str) -> Decimal:
        """Return what the grant gave, less what came back."""
        return self._read().get(grant_id, ZERO)

    def in_period(self, grant_id: str, slot: date) -> Decimal:
        """Return what it gave on lines whose aligned period starts on the day, less what came back."""
        self._read()
        return self._slots.get((grant_id, slot), ZERO)

    def times(self, grant_id: str) -> int:
        """Return how many documents bear a share of it."""
        self._read()
        return len(self._times.get(grant_id, ()))

    def documents(self, covers: Covering) -> int:
        """Return how many documents bear a line that it covers, those of this run included."""
        issued = [[line.facts for line in invoice.lines] for invoice in self._history.by_number.values()]
        return sum(
            any(covers.covers(line) for line in lines) for lines in (*issued, *(lines for lines, _, number in self._now if number >= 0))
        )

    @property
    def seen(self) -> frozenset[str]:
        """The ids of all grants that documents bear shares of."""
        return frozenset(self._read())
