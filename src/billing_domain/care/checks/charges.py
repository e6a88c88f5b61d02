"""Checks of what lines charge: price, quantity, days, doubles, before the start and after the end."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.care.checks.finding import days_within, is_exit_fee, on_line, open_charges, open_lines, too_much, whole
from billing_domain.care.driver_tariffs import share
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.care.switching import exit_fee
from billing_domain.errors import UnknownReferenceError
from billing_domain.invoicing import BilledLine, ChargeKind, Piece
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO
from billing_domain.subscriptions import Subscription

_DATED = (ChargeKind.RECURRING, ChargeKind.FOREIGN)


def _only_piece(pieces: Sequence[Piece]) -> Piece | None:
    return pieces[0] if len(pieces) == 1 and pieces[0].instead_of is None else None


def _price(piece: Piece) -> Decimal | None:
    paid = [step.price for step in piece.working.steps if step.price]
    return paid[0] if len(paid) == 1 else None


@attrs.frozen
class PriceAboveContract:
    """F1: the price of a unit is above the one that was agreed for the day."""

    code = "price-above-contract"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare each line that has one price with what is owed for its period."""
        for line in open_lines(case):
            owed = case.owed.get(line.line.key)
            billed, agreed = _only_piece(line.line.facts.pieces), None if owed is None else _only_piece(owed.pieces)
            if billed is None or agreed is None:
                continue
            price, right = _price(billed), _price(agreed)
            if price is None or right is None or price <= right:
                continue
            units = sum((step.quantity for step in billed.working.steps if step.price), ZERO) * share(billed)
            amount = min(whole((price - right) * units, minor_unit(case.currency)), too_much(case, line))
            if amount > 0:
                rule = "a unit costs what was agreed for the day of the service"
                yield on_line(
                    case, line, self.code, rule, amount, evidence=(f"subscription:{line.line.key[0]}",), price=price, agreed=right
                )


@attrs.frozen
class ProrationError:
    """F15: the price is right, but the share of the period is not the one that the rules give."""

    code = "proration-error"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare the share of each line with the share that is owed."""
        for line in open_lines(case):
            owed = case.owed.get(line.line.key)
            billed, right = _only_piece(line.line.facts.pieces), None if owed is None else _only_piece(owed.pieces)
            if billed is None or right is None or line.line.facts.kind is ChargeKind.USAGE:
                continue
            if share(billed) == share(right) or billed.working.total != right.working.total:
                continue
            amount = too_much(case, line)
            if amount > 0:
                rule = "a part of a period is charged by the seller's own rule of proration"
                yield on_line(case, line, self.code, rule, amount, part=billed.part, of=billed.of, right_part=right.part, right_of=right.of)


@attrs.frozen
class RerateMismatch:
    """F4: what was billed for a period is more than its facts make; the net for whatever no other check names.

    Args:
        tolerance: Differences up to so many minor units are passed over.
    """

    code = "rerate-mismatch"
    tolerance: int = 0

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Rate every period again and compare."""
        seen = set()
        for line in reversed(list(open_charges(case))):
            key = line.line.key
            if key in seen or not case.belongs(line):
                continue
            seen.add(key)
            amount = case.excess(key)
            if amount > self.tolerance * minor_unit(case.currency):
                owed = case.owed.get(key)
                rule = "a period costs what usage, quantity, price and days make"
                yield on_line(
                    case, line, self.code, rule, amount, evidence=(f"subscription:{key[0]}",), owed=ZERO if owed is None else owed.amount
                )


@attrs.frozen
class Undercharged:
    """F28: less was billed for a period than its facts make; reported, and left to a policy."""

    code = "undercharged"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Rate every period that was billed again and compare; what corrections hold back is not missing."""
        seen = set()
        for line in reversed(case.lines):
            key = line.line.key
            if key in seen or key not in case.owed:
                continue
            seen.add(key)
            billed, corrections = case.history.net_billed(key)
            missing = case.owed[key].amount - billed - corrections
            if missing > 0:
                rule = "a period costs what usage, quantity, price and days make"
                yield on_line(
                    case,
                    line,
                    self.code,
                    rule,
                    missing,
                    direction=Direction.COMPANY_HARMED,
                    remedy=Remedy.WAIVE_OR_BILL,
                    owed=case.owed[key].amount,
                )


@attrs.frozen
class DuplicateCharge:
    """F5: the same thing for the same days at the same amount stands twice."""

    code = "duplicate-charge"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare each line with the ones before it."""
        first: dict[tuple[object, ...], BilledLine] = {}
        for line in open_lines(case):
            facts = line.line.facts
            source = facts.key if case.belongs(line) else (facts.name, "", facts.slot)
            name = (*source, facts.start, facts.end, facts.amount, facts.pieces)
            before = first.setdefault(name, line)
            amount = min(facts.amount, too_much(case, line))
            if before is not line and amount > 0:
                evidence = (f"invoice:{before.invoice.number}/{before.line.number}",)
                yield on_line(case, line, self.code, "the same is charged once", amount, evidence=evidence, other=before.invoice.number)


@attrs.frozen
class OverlappingRecurring:
    """F6: two lines of one charge serve some of the same days."""

    code = "overlapping-recurring"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Measure the days that each line shares with lines before it; lines for the very same days are left to duplicates."""
        served: dict[tuple[str, str], list[BilledLine]] = {}
        for line in open_charges(case):
            facts = line.line.facts
            if facts.kind not in _DATED or any(piece.instead_of is not None for piece in facts.pieces):
                continue
            name = (facts.subscription_id, facts.charge) if case.belongs(line) else ("", facts.name)
            earlier = served.setdefault(name, [])
            yield from self._shared(case, line, earlier)
            earlier.append(line)

    def _shared(self, case: ReviewCase, line: BilledLine, earlier: Sequence[BilledLine]) -> Iterator[ReviewFinding]:
        facts = line.line.facts
        for other in earlier:
            before = other.line.facts
            if (before.start, before.end) == (facts.start, facts.end):
                continue
            part = days_within(facts.start, facts.end, before.start, before.end)
            amount = min(whole(facts.amount * part, minor_unit(case.currency)), too_much(case, line))
            if amount > 0:
                evidence = (f"invoice:{other.invoice.number}/{other.line.number}",)
                yield on_line(case, line, self.code, "a day is charged once", amount, evidence=evidence, other=other.invoice.number)


def _subscription(case: ReviewCase, line: BilledLine) -> Subscription | None:
    try:
        return case.snapshot.subscription(line.line.facts.subscription_id)
    except UnknownReferenceError:
        return None


@attrs.frozen
class ChargedAfterCancellation:
    """F7: days are charged on or after the day on which the service ended."""

    code = "charged-after-cancellation"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Measure the days of each line after the end of its subscription."""
        for line in open_charges(case):
            subscription, facts = _subscription(case, line), line.line.facts
            end = None if subscription is None else subscription.ends_on
            if end is None or facts.end <= end or facts.kind is not ChargeKind.RECURRING:
                continue
            part = days_within(facts.start, facts.end, end, date.max)
            amount = min(whole(facts.amount * part, minor_unit(case.currency)), too_much(case, line))
            if amount > 0:
                rule = "nothing is charged from the day on which the service has ended"
                yield on_line(case, line, self.code, rule, amount, evidence=(f"subscription:{facts.subscription_id}",), ended=end)


@attrs.frozen
class ChargedBeforeActivation:
    """F8: days are charged before the day on which the service began."""

    code = "charged-before-activation"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Measure the days of each line before the start of its subscription."""
        for line in open_charges(case):
            subscription, facts = _subscription(case, line), line.line.facts
            if subscription is None or facts.start >= subscription.start_on or facts.kind is not ChargeKind.RECURRING:
                continue
            part = days_within(facts.start, facts.end, date.min, subscription.start_on)
            amount = min(whole(facts.amount * part, minor_unit(case.currency)), too_much(case, line))
            if amount > 0:
                rule = "nothing is charged before the day on which the service begins"
                evidence = (f"subscription:{facts.subscription_id}",)
                yield on_line(case, line, self.code, rule, amount, evidence=evidence, started=subscription.start_on)


@attrs.frozen
class BackBillTooOld:
    """F19: a service is billed for the first time long after it was served.

    Where the supplier is at fault, the days before the limit are not owed.

    Args:
        months: How old a service may be when it is first billed; 12 is the rule of the energy regulator of Great Britain.
    """

    code = "back-bill-too-old"
    months: int = 12

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Measure the days of each first bill before the limit."""
        seen = set()
        for line in case.lines:
            facts = line.line.facts
            if facts.key in seen:
                continue
            seen.add(facts.key)
            limit = months_before(line.invoice.on, self.months)
            left = case.left(line)
            part = days_within(facts.start, facts.end, date.min, limit)
            amount = min(whole(facts.amount * part, minor_unit(case.currency)), left)
            if amount > 0:
                rule = f"what was served more than {self.months} months before its first bill is not billed where the seller is at fault"
                yield on_line(case, line, self.code, rule, amount, months=self.months, limit=limit)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month where it is shorter.

    Example:
        >>> months_before(date(2026, 3, 31), 1)
        datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


@attrs.frozen
class EarlyExitFeeWrong:
    """F23: the fee for leaving early is above what the contract says, or is charged where nothing is due."""

    code = "early-exit-fee-wrong"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Work the fee of each ended contract out again and compare with the fees that were billed."""
        for line in open_lines(case):
            facts = line.line.facts
            if not is_exit_fee(line):
                continue
            right = self._right_fee(case, line)
            amount = min(facts.amount - right, case.left(line)) if right is not None else ZERO
            if right is not None and amount > 0:
                rule = "leaving early costs what the contract says for what remains of the term"
                yield on_line(case, line, self.code, rule, amount, concern=Concern.FEE, remedy=Remedy.REVERSE_FEE, right_fee=right)

    def _right_fee(self, case: ReviewCase, line: BilledLine) -> Decimal | None:
        """Return the fee of the contract that the line names, or of the only one that was left on its day."""
        named, left_on = _subscription(case, line), line.line.facts.start
        ended = [named] if named else [found for found in case.snapshot.subscriptions if found.ends_on == left_on]
        return exit_fee(ended[0], ended[0].ends_on or left_on) if len(ended) == 1 else None
