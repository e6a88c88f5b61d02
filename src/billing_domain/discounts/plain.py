"""The short way for what most accounts have: percentages one after the other, without lanes or caps. It gives what the engine gives."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from billing_domain.discounts.benefits import OTHER_CURRENCY, Percent
from billing_domain.discounts.capping import CURRENCY, left_of
from billing_domain.discounts.model import Grant
from billing_domain.discounts.protocols import Given
from billing_domain.discounts.records import Discounted, DiscountRecord, Stage, aside
from billing_domain.discounts.scope import Coverage
from billing_domain.invoicing import LineFacts, Share
from billing_domain.money import allocate_units
from billing_domain.money.amounts import CONTEXT, ONE, places_of

_multiply = CONTEXT.multiply
_APPLIED, _CAPS, _PROPOSAL = Stage.APPLIED, Stage.CAPS, Stage.PROPOSAL
_new = tuple.__new__
_NONE: tuple[Share, ...] = ()


def apply_plain(lines: Sequence[LineFacts], grants: Iterable[Grant], step: Decimal, currency: str, given: Given) -> Discounted:
    """Return what plain percentages do to the lines of one document, each on what the ones before it left.

    Args:
        lines: The facts of lines that are billed for the first time.
        grants: Grants that are plain, in order.
        step: The currency's smallest amount.
        currency: The currency; empty where it is not known.
        given: What grants gave on earlier documents; asked only where one has a limit.
    """
    places = places_of(step)
    units = ONE.scaleb(places, CONTEXT)
    remaining = [int(_multiply(line.amount, units)) for line in lines]
    found = Discounted([_NONE] * len(lines), [])
    coverage = Coverage(lines)
    for grant in grants:
        scope = coverage[grant.scope]
        covered = scope.places
        if not grant.holds_from_to(scope.first, scope.last):
            covered = [place for place in covered if grant.holds_on(lines[place].start)]
        if covered:
            _take(grant, covered, remaining, places, currency, given, found)
        else:
            found.applications.append(aside(grant, scope, used=False))
    return found


def _take(grant: Grant, covered: list[int], remaining: list[int], places: int, currency: str, given: Given, found: Discounted) -> None:
    base = [remaining[place] for place in covered]
    asked = total = grant.benefit.units(sum(base)) if isinstance(grant.benefit, Percent) else 0
    capped: tuple[str, ...] = ()
    limit = grant.limit_amount
    if limit is not None and total:
        name, left = left_of(grant.id, limit, currency, places, given)
        total = min(total, left)
        capped = (name,) if total < asked else ()
    if total:
        shares = found.shares
        for place, part in zip(covered, [total] if len(base) == 1 else allocate_units(total, base), strict=True):
            if part:
                remaining[place] -= part
                shares[place] += (_new(Share, (grant.id, Decimal(part).scaleb(-places, CONTEXT), grant.name, grant.reason.code, False)),)
    requested, amount = Decimal(asked).scaleb(-places, CONTEXT), Decimal(total).scaleb(-places, CONTEXT)
    stage = _APPLIED if total else _CAPS if asked else _PROPOSAL
    reason = "" if total else OTHER_CURRENCY if CURRENCY in capped else "capped" if asked else "nothing"
    found.applications.append(DiscountRecord(grant.policy, grant.id, "", stage, requested, amount, capped, reason))
