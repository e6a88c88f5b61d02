"""The short way for what most accounts have: percentages one after the other, without lanes or caps. It gives what the engine gives."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from operator import attrgetter

from billing_domain.discounts.benefits import Percent
from billing_domain.discounts.model import Grant
from billing_domain.discounts.protocols import Given
from billing_domain.discounts.records import Discounted, DiscountRecord, Stage
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money import allocate_units
from billing_domain.money.amounts import CONTEXT, HUNDRED, ONE, ZERO, places_of

_divide = CONTEXT.divide
_multiply = CONTEXT.multiply
_by_id = attrgetter("id")
_NONE: tuple[Share, ...] = ()


def apply_plain(lines: Sequence[LineFacts], grants: Iterable[Grant], step: Decimal, currency: str, given: Given) -> Discounted:
    """Return what plain percentages do to the lines of one document, each on what the ones before it left.

    Args:
        lines: The facts of lines that are billed for the first time.
        grants: Grants that are plain, in any order.
        step: The currency's smallest amount.
        currency: The currency; empty where it is not known.
        given: What grants gave on earlier documents; asked only where one has a limit.
    """
    places = places_of(step)
    units = ONE.scaleb(places, CONTEXT)
    remaining = [int(_multiply(line.amount, units)) for line in lines]
    found = Discounted([_NONE] * len(lines), [])
    for grant in sorted(grants, key=_by_id):
        covers, start, end = grant.scope.covers, grant.start, grant.end
        covered = [
            place
            for place, line in enumerate(lines)
            if line.amount and start <= line.start and (end is None or line.start < end) and covers(line)
        ]
        if covered:
            _take(grant, covered, remaining, places, currency, given, found)
    return found


def _take(grant: Grant, covered: list[int], remaining: list[int], places: int, currency: str, given: Given, found: Discounted) -> None:
    base = [remaining[place] for place in covered]
    percent = grant.benefit.percent if isinstance(grant.benefit, Percent) else ZERO
    asked = total = int(_divide(_multiply(Decimal(sum(base)), percent), HUNDRED).quantize(ONE, context=CONTEXT))
    capped: tuple[str, ...] = ()
    limit = grant.limit_amount
    if limit is not None and total:
        left = ZERO if currency and limit.currency != currency else CONTEXT.subtract(limit.amount, given.total(grant.id))
        total = min(total, int(max(left, ZERO).scaleb(places, CONTEXT)))
        capped = ("total",) if total < asked else ()
    if total:
        shares = found.shares
        for place, part in zip(covered, [total] if len(base) == 1 else allocate_units(total, base), strict=True):
            if part:
                remaining[place] -= part
                shares[place] += (Share(grant.id, Decimal(part).scaleb(-places, CONTEXT), grant.name, grant.reason.code),)
    requested, amount = Decimal(asked).scaleb(-places, CONTEXT), Decimal(total).scaleb(-places, CONTEXT)
    stage = Stage.APPLIED if total else Stage.CAPS if asked else Stage.PROPOSAL
    reason = "" if total else "capped" if asked else "nothing"
    found.applications.append(DiscountRecord(grant.policy, grant.id, "", stage, requested, amount, capped, reason))
