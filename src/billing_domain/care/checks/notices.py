"""Checks of what the customer had to be told; for hosts that keep their notices, since without them nothing was told."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import attrs

from billing_domain.care.checks.finding import days_within, on_line, open_lines, whole
from billing_domain.care.driver_tariffs import share
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.care.review_records import Notice
from billing_domain.catalog import Measured, PriceModel, RecurringCharge
from billing_domain.discounts import Grant
from billing_domain.invoicing import BilledLine, Piece
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO, add_up
from billing_domain.subscriptions import Subscription
from billing_domain.subscriptions.timeline import Terms

PRICE_RISE, END_OF_DISCOUNT, END_OF_CONTRACT, BEST_TARIFF = "price-rise", "end-of-discount", "end-of-contract", "best-tariff"
"""The kinds of `Notice` that these checks look for."""


def _told(case: ReviewCase, kind: str, about: str, effective: date | None = None) -> date | None:
    """Return the first day on which the customer was told; None where nobody did by the day of the review."""
    days = [
        record.sent
        for record in case.records
        if isinstance(record, Notice)
        and record.kind == kind
        and record.about in {"", about}
        and record.sent <= case.as_of
        and (effective is None or record.effective in {None, effective})
    ]
    return min(days, default=None)


def _free_until(told: date | None, day: date, days: int) -> date:
    """Return the day before which a change does not hold: so many days after it was told, for ever where it never was."""
    return date.max if told is None else max(told + timedelta(days=days), day)


class _PriceChange(NamedTuple):
    """What happened to the price of a charge.

    Args:
        on: The first day.
        before: The price until then.
        after: The price from then.
        agreed: Whether the customer agreed to it, as to another plan or to a step of a ramp.
        free: The day before which a rise does not hold.
    """

    on: date
    before: PriceModel
    after: PriceModel
    agreed: bool
    free: date


@attrs.frozen
class PriceRiseWithoutNotice:
    """F2: a recurring price rose within the same plan, and the customer was not told in time.

    The rise is not owed before the term of notice is over, and not at all where nobody told. A price of one's own, and a newer version of
    the same plan, count as a rise; a change to another plan, or a step of a ramp that was agreed, does not.

    Args:
        days: How long before it holds a rise is told; a month is the rule of Directive (EU) 2018/1972, Article 105(4).
    """

    code = "price-rise-without-notice"
    days: int = 30

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look at the lines of each recurring charge whose price rose."""
        for subscription in case.snapshot.subscriptions:
            changes = self._changes(case, subscription)
            for line in open_lines(case):
                facts = line.line.facts
                if facts.subscription_id == subscription.id and facts.charge in changes:
                    yield from self._found(case, line, changes[facts.charge])

    def _changes(self, case: ReviewCase, subscription: Subscription) -> dict[str, list[_PriceChange]]:
        found: dict[str, list[_PriceChange]] = {}
        for before, after in pairwise(subscription.terms):
            agreed = before.plan.code != after.plan.code or before.phase != after.phase
            free = _free_until(_told(case, PRICE_RISE, subscription.id, after.start), after.start, self.days)
            old = _recurring(before)
            for code, price in _recurring(after).items():
                if code in old and price != old[code]:
                    found.setdefault(code, []).append(_PriceChange(after.start, old[code], price, agreed, free))
        return found

    def _found(self, case: ReviewCase, line: BilledLine, changes: list[_PriceChange]) -> Iterator[ReviewFinding]:
        facts = line.line.facts
        amount = min(whole(add_up(_not_owed(piece, changes) for piece in facts.pieces), minor_unit(case.currency)), case.left(line))
        if amount > 0:
            yield on_line(
                case, line, self.code, f"a price that rises is told {self.days} days before", amount,
                evidence=(f"subscription:{facts.subscription_id}",), days=self.days,
                since=next(change.on for change in changes if change.free > change.on),
            )  # fmt: skip


def _recurring(terms: Terms) -> dict[str, PriceModel]:
    return {charge.code: charge.price for charge in terms.charges if isinstance(charge, RecurringCharge)}


def _not_owed(piece: Piece, changes: list[_PriceChange]) -> Decimal:
    """Return how much of a piece charges rises that did not hold yet, exact."""
    bounds = {day for change in changes for day in (change.on, change.free) if piece.start < day < piece.end}
    days = sorted({piece.start, piece.end, *bounds})
    units, length = Measured(piece.quantity), (piece.end - piece.start).days
    return add_up(
        share(piece) * (last - first).days / length * _excess(units, piece.working.total, changes, first) for first, last in pairwise(days)
    )


def _excess(units: Measured, billed: Decimal, changes: list[_PriceChange], day: date) -> Decimal:
    """Return how much the billed price of a period lies above the one that held on a day."""
    excess = price = ZERO
    for change in changes:
        if change.on > day:
            break
        price = change.after.work_out(units).total
        risen = price - change.before.work_out(units).total
        if change.agreed:
            excess = ZERO
        elif risen < 0 or day < change.free:
            excess = max(excess + risen, ZERO)
    return min(max(billed - (price - excess), ZERO), excess)


@attrs.frozen
class ExpiredPromoUnannounced:
    """F11: a discount ended as agreed, and the customer was not told in time that it would.

    What it would have given until the term of notice is over is owed; where nobody told, on every line since.

    Args:
        days: How long before its end it is told.
    """

    code = "expired-promo-unannounced"
    days: int = 30

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look at each discount that has ended, and at the lines that lack it."""
        for grant in case.snapshot.grants:
            if grant.end is not None and grant.end <= case.as_of and not grant.once:
                yield from self._ended(case, grant, grant.end)

    def _ended(self, case: ReviewCase, grant: Grant, end: date) -> Iterator[ReviewFinding]:
        free = _free_until(_told(case, END_OF_DISCOUNT, grant.id, end), end, self.days)
        shares = _last_shares(case, grant)
        since = {newer.id for newer in case.snapshot.grants if newer.start >= end}
        for line in open_lines(case):
            facts = line.line.facts
            ratio = shares.get((facts.subscription_id, facts.charge))
            if ratio is None:
                continue
            part = days_within(facts.start, facts.end, max(end, facts.start), free)
            newer = add_up(given.amount for given in line.line.shares if given.grant_id in since)
            amount = min(whole(facts.amount * ratio * part, minor_unit(case.currency)) - newer, case.left(line))
            if amount > 0:
                rule = f"the end of a discount is told {self.days} days before"
                yield on_line(
                    case, line, self.code, rule, amount, concern=Concern.DISCOUNT, evidence=(f"grant:{grant.id}",), days=self.days,
                    grant=grant.name, ended=end,
                )  # fmt: skip


def _last_shares(case: ReviewCase, grant: Grant) -> dict[tuple[str, str], Decimal]:
    """Return for each charge which share of it the grant took last."""
    found: dict[tuple[str, str], Decimal] = {}
    for line in case.lines:
        facts = line.line.facts
        given = add_up(share.amount for share in line.line.shares if share.grant_id == grant.id or share.name == grant.name)
        if given:
            found[(facts.subscription_id, facts.charge)] = given / facts.amount
    return found


@attrs.frozen
class BestTariffNoticeMissing:
    """F14: nobody told that the term of a contract ends, or, once nobody is bound any more, for a year what the best tariff would be.

    Args:
        earliest: A notice sent more than so many days before the end is too early.
        latest: One sent less than so many days before is too late. 40 and 10 days are the rule of Ofcom, General Condition C1.
        every: How many days may pass between two notices of the best tariff.
    """

    code = "best-tariff-notice-missing"
    earliest: int = 40
    latest: int = 10
    every: int = 366

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look at the term of each contract that has ended, or ends so soon that it is too late to tell."""
        for subscription in case.snapshot.subscriptions:
            contract = subscription.contract
            term = None if contract is None else contract.term_at(contract.start)
            ended = subscription.ends_on
            if term is None or (ended is not None and ended < term.end) or case.as_of <= term.end - timedelta(days=self.latest):
                continue
            if not self._in_time(case, subscription.id, term.end):
                yield self._found(case, subscription, term.end, "end-of-contract")
            elif ended is None and self._long_ago(case, subscription.id, term.end):
                yield self._found(case, subscription, term.end, "best-tariff")

    def _in_time(self, case: ReviewCase, about: str, end: date) -> bool:
        return any(self.latest <= (end - day).days <= self.earliest for day in _days_told(case, END_OF_CONTRACT, about))

    def _long_ago(self, case: ReviewCase, about: str, end: date) -> bool:
        return (case.as_of - max([end, *_days_told(case, BEST_TARIFF, about)])).days > self.every

    def _found(self, case: ReviewCase, subscription: Subscription, end: date, missing: str) -> ReviewFinding:
        return ReviewFinding(
            code=self.code, direction=Direction.BREACH, concern=Concern.OFFER, currency=case.currency, remedy=Remedy.SEND_NOTICE,
            rule=f"the end of a term is told {self.earliest} to {self.latest} days before, and the best tariff each year after it",
            name=subscription.plan.name, items={"ends": end, "missing": missing}, evidence=(f"subscription:{subscription.id}",),
        )  # fmt: skip


def _days_told(case: ReviewCase, kind: str, about: str) -> list[date]:
    return [
        record.sent
        for record in case.records
        if isinstance(record, Notice) and record.kind == kind and record.about in {"", about} and record.sent <= case.as_of
    ]


NOTICE_CHECKS = (PriceRiseWithoutNotice(), ExpiredPromoUnannounced(), BestTariffNoticeMissing())
"""Checks for hosts that give their notices to a review; beside `STANDARD_CHECKS`."""
