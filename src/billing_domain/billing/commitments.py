"""What is missing to a minimum commitment, once its period is over."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from billing_domain.catalog import Step, Working
from billing_domain.invoicing import ChargeKind, LineFacts, Piece
from billing_domain.money.amounts import CONTEXT, ONE, add_up

_COUNTED = (ChargeKind.RECURRING, ChargeKind.USAGE)


def spent_within(facts: Iterable[LineFacts], whole: tuple[date, date], counted: Collection[str]) -> Decimal:
    """Return what was spent before discount on charges whose periods begin in the commitment's.

    Args:
        facts: What was owed for the charges of the subscription.
        whole: Start and end of the commitment's period.
        counted: The codes of the charges that count; all recurring and usage charges where empty.
    """
    start, end = whole
    return add_up(
        found.amount for found in facts if start <= found.slot < end and (found.charge in counted if counted else found.kind in _COUNTED)
    )


def missing(start: date, end: date, committed: Decimal, spent: Decimal) -> Piece:
    """Return the piece that lifts what was spent to the commitment.

    Example:
        >>> missing(date(2026, 3, 1), date(2026, 4, 1), Decimal(100), Decimal(30)).text
        '1 × 100 + 1 × -30'
    """
    return Piece(start, end, ONE, Working((Step("commitment", ONE, committed), Step("spent", ONE, CONTEXT.minus(spent)))))
