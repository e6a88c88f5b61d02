"""Making findings: what every check says in the same way."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from billing_domain.care.driver_sides import is_late_fee
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.invoicing import BilledLine
from billing_domain.money.amounts import ONE, ZERO
from billing_domain.reasons import Fact

_EXIT_FEE = "early-termination"


def on_line(
    case: ReviewCase,
    line: BilledLine,
    code: str,
    rule: str,
    amount: Decimal,
    *,
    concern: Concern = Concern.CHARGE,
    direction: Direction = Direction.CUSTOMER_HARMED,
    remedy: Remedy = Remedy.CREDIT,
    evidence: tuple[str, ...] = (),
    **inputs: Fact,
) -> ReviewFinding:
    """Return a finding about a line; its own invoice is always evidence."""
    facts = line.line.facts
    seen = (f"invoice:{line.invoice.number}/{line.line.number}", *evidence)
    return ReviewFinding(
        code=code, direction=direction, concern=concern, found_amount=amount, currency=case.currency, remedy=remedy, rule=rule,
        ref=line.ref, name=facts.name, items={"period_start": facts.start, "period_end": facts.end, **inputs}, evidence=seen,
    )  # fmt: skip


def open_lines(case: ReviewCase) -> Iterator[BilledLine]:
    """Yield the lines of which something is left, without those that only take a credit back."""
    for line in case.lines:
        if line.line.facts.reinstates is None and case.left(line) > 0:
            yield line


def is_exit_fee(line: BilledLine) -> bool:
    """Say whether a line charges for leaving a contract early, whoever billed it."""
    return line.line.facts.charge.partition("@")[0] == _EXIT_FEE


def open_charges(case: ReviewCase) -> Iterator[BilledLine]:
    """Yield the open lines that charge for a service; what leaving early or paying late costs has checks of its own."""
    for line in open_lines(case):
        if line.line.key in case.owed or not (is_exit_fee(line) or is_late_fee(line.line.facts)):
            yield line


def too_much(case: ReviewCase, line: BilledLine) -> Decimal:
    """Return how much of a line may be too much: all that is left, or for a line that can be rated what its key has beyond what is owed."""
    left = case.left(line)
    if not case.belongs(line):
        return left
    return min(left, max(case.excess(line.line.key), ZERO))


def whole(amount: Decimal, step: Decimal) -> Decimal:
    """Return an amount in whole minor units, half up."""
    return amount.quantize(step, ROUND_HALF_UP)


def days_within(start: date, end: date, first: date, last: date) -> Decimal:
    """Return which share of the days from `start` to `end` lies from `first` to `last`, half-open."""
    days = max((min(end, last) - max(start, first)).days, 0)
    return ONE * days / (end - start).days
