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
from billing_domain.money.amounts import places_of, units_of

_APPLIED, _CAPS, _PROPOSAL = Stage.APPLIED, Stage.CAPS, Stage.PROPOSAL
_new = tuple.__new__
_NONE: tuple[Share, ...] = ()


def apply_plain(lines: Sequence[LineFacts], grants: Iterable[Grant], step: Decimal, currency: str, given: Given) -> Discounted:
    """Return what plain percentages do to the lines of one document, each on what the ones before it left; inside `money.exact()`.

    Args:
        lines: The facts of lines that are billed for the first time.
        grants: Grants that are plain, in order.
        step: The currency's smallest amount.
        currency: The currency; empty where it is not known.
        given: What grants gave on earlier documents; asked only where one has a limit.
    """
    units, unit = units_of(step)
    shares = [_NONE] * len(lines)
    applications: list[DiscountRecord] = []
    remaining: dict[int, int] = {}
    for grant in grants:
        covered, base = grant.scope.units(lines, grant.start, grant.end, units, remaining)
        if not covered:
            applications.append(aside(grant, Coverage(lines)[grant.scope], used=False))
            continue
        asked = total = grant.benefit.units(sum(base)) if isinstance(grant.benefit, Percent) else 0
        capped: tuple[str, ...] = ()
        limit = None if grant.uncapped else grant.limit_amount
        if limit is not None and asked:
            name, most = left_of(grant.id, limit, currency, places_of(step), given)
            total, capped = (most, (name,)) if most < asked else (asked, ())
        if total:
            grant_id, title, code = grant.id, grant.name, grant.reason.code
            parts = allocate_units(total, base)
            for index, place in enumerate(covered):
                part = parts[index]
                if part:
                    remaining[place] = base[index] - part
                    shares[place] += (_new(Share, (grant_id, part * unit, title, code, False)),)
        requested = asked * unit
        amount = requested if total == asked else total * unit
        stage, reason = (_APPLIED, "") if total else _nothing(asked, capped)
        applications.append(_new(DiscountRecord, (grant.policy, grant.id, "", stage, requested, amount, capped, reason, (), (), None)))
    return _new(Discounted, (shares, applications))


def _nothing(asked: int, capped: tuple[str, ...]) -> tuple[Stage, str]:
    """Return how far a grant came that takes nothing off, and why."""
    if not asked:
        return _PROPOSAL, "nothing"
    return _CAPS, OTHER_CURRENCY if CURRENCY in capped else "capped"
