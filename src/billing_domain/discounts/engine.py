"""From grants to shares: what each line bears of each discount, to the cent.

A discount is decided once, when a line is first billed, and stays on the line as a share for each grant.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from billing_domain.discounts.model import Grant
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money import allocate_units
from billing_domain.money.amounts import CONTEXT, HUNDRED, ONE, ZERO, places_of

_divide = CONTEXT.divide
_multiply = CONTEXT.multiply


def share_out(lines: Sequence[LineFacts], grants: Iterable[Grant], step: Decimal, used: Callable[[str], Decimal]) -> list[tuple[Share, ...]]:
    """Return the shares of each line: what the grants take off it, in order of their ids.

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
    places = places_of(step)
    units = ONE.scaleb(places, CONTEXT)
    remaining = [int(_multiply(line.amount, units)) for line in lines]
    shares: list[tuple[Share, ...]] = [()] * len(lines)
    for grant in sorted(grants, key=_by_id):
        covered = [index for index, line in enumerate(lines) if remaining[index] and grant.holds_on(line.start) and grant.scope.covers(line)]
        if not covered:
            continue
        base = [remaining[index] for index in covered]
        total = _given(grant, sum(base), places, used)
        for index, part in zip(covered, allocate_units(total, base), strict=True):
            if part:
                remaining[index] -= part
                amount = Decimal(part).scaleb(-places, CONTEXT)
                shares[index] += (Share(grant.id, amount, grant.name, grant.reason.code),)
    return shares


def _by_id(grant: Grant) -> str:
    return grant.id


def _given(grant: Grant, base: int, places: int, used: Callable[[str], Decimal]) -> int:
    exact = _divide(_multiply(Decimal(base), grant.benefit.percent), HUNDRED)
    total = int(exact.quantize(Decimal(1), context=CONTEXT))
    if grant.limit is None:
        return total
    left = CONTEXT.subtract(grant.limit.amount, used(grant.id))
    return max(0, min(total, int(max(left, ZERO).scaleb(places, CONTEXT))))
