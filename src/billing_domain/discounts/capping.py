"""From a proposal to what each line bears: checked, rounded once, capped and split, all in whole minor units."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from billing_domain.conditions import Facts
from billing_domain.discounts.benefits import OTHER_CURRENCY, FixedAmount, Percent
from billing_domain.discounts.model import Grant
from billing_domain.discounts.proposing import checked, propose
from billing_domain.discounts.protocols import Base, BaseLine, Given, Proposal
from billing_domain.discounts.terms import NO_CAPS, Surplus
from billing_domain.invoicing import LineFacts
from billing_domain.money import Amount, allocate_units
from billing_domain.money.amounts import CONTEXT, ONE, ZERO

_multiply = CONTEXT.multiply
_LOST, _CARRIED = Surplus.LOST, Surplus.CARRIED
_new = tuple.__new__


class Site(NamedTuple):
    """One document, as all its discounts see it.

    Args:
        lines: The facts of its lines.
        original: Their amounts before discount, in minor units.
        places: How many decimals the currency has.
        currency: The currency; empty where it is not known.
        facts: What is known of the account.
        given: What grants gave on earlier documents.
    """

    lines: Sequence[LineFacts]
    original: list[int]
    places: int
    currency: str
    facts: Facts
    given: Given


class Split(NamedTuple):
    """What one discount takes off, line by line.

    Args:
        requested: What it proposed, in minor units.
        parts: What each line that it covers bears, in minor units.
        capped_by: What lowered it.
        reason: Why it is nothing.
    """

    requested: int
    parts: Sequence[int]
    capped_by: tuple[str, ...] = ()
    reason: str = ""


def split(grant: Grant, covered: Sequence[int], basis: Sequence[int], remaining: Sequence[int], site: Site) -> Split:
    """Return what a grant takes off the lines that it covers.

    Args:
        grant: The grant.
        covered: The places of the lines.
        basis: What each line of the document stands at for this grant, in minor units.
        remaining: What is left of each line of the document, in minor units.
        site: The document.

    Raises:
        PluginError: Its benefit raised, or proposed what is not an amount of this currency, zero or more.
    """
    base = [basis[index] for index in covered]
    benefit, reason = grant.benefit, ""
    weights: Sequence[int] = base
    if type(benefit) is Percent and not benefit.of:
        requested = benefit.units(sum(base))
        if basis is remaining and grant.uncapped and requested:
            return _new(Split, (requested, allocate_units(requested, base), (), ""))
    elif type(benefit) is FixedAmount and grant.surplus is _LOST:
        off = benefit.off(site.currency)
        requested, reason = _rounded(off, site), "" if off else OTHER_CURRENCY
    else:
        requested, weights, reason = _proposed(grant, covered, base, site)
    if not requested:
        return _new(Split, (0, [0] * len(covered), (), reason or "nothing"))
    room = base if basis is remaining else [remaining[index] for index in covered]
    return _capped(grant, covered, requested, weights, room, site)


def _capped(grant: Grant, covered: Sequence[int], requested: int, weights: Sequence[int], room: list[int], site: Site) -> Split:
    capped: list[str] = []
    whole = sum([most for most, weight in zip(room, weights, strict=True) if weight]) if weights is not room else sum(room)
    total = requested
    if total > whole:
        total = whole
        capped.append("base")
    parts = _over(total, weights, room)
    if grant.caps is not NO_CAPS:
        lowered = _line_caps(grant, covered, parts, room, site, capped)
        if lowered != parts:  # what a line may not bear, it bears under no lower amount either
            parts = weights = room = lowered
    for name, most in _amount_caps(grant, site):
        if sum(parts) > most:
            capped.append(name)
            parts = _over(most, weights, room)
    return Split(requested, parts, tuple(capped), OTHER_CURRENCY if CURRENCY in capped else "")


def _over(total: int, weights: Sequence[int], room: list[int]) -> list[int]:
    """Split an amount over lines by weight; what one line cannot take moves to the others."""
    if not total:
        return [0] * len(weights)
    parts = allocate_units(total, weights)
    if weights is not room and any([part > most for part, most in zip(parts, room, strict=True)]):
        return allocate_units(total, weights, room)
    return parts


def _amount_caps(grant: Grant, site: Site) -> Iterator[tuple[str, int]]:
    """Return the caps of the whole: of the document, then what is left in all."""
    document = grant.caps.figures()[1]
    if document is not None:
        yield "document", _units(document, site)
    limit = grant.limit_amount
    if limit is not None:
        yield left_of(grant.id, limit, site.currency, site.places, site.given)


def left_of(grant_id: str, limit: Amount, currency: str, places: int, given: Given) -> tuple[str, int]:
    """Return what a limit leaves of a grant in minor units, with what it is called; nothing in another currency."""
    if currency and limit.currency != currency:
        return CURRENCY, 0
    left = max(ZERO, CONTEXT.subtract(limit.amount, given.total(grant_id)))
    return "total", int(left.scaleb(places, CONTEXT))


CURRENCY = "currency"
"""What a cap in another currency than the document's is called; it leaves nothing."""


def _units(amount: Decimal, site: Site) -> int:
    """Return an amount in whole minor units, what is below one left out."""
    return int(amount.scaleb(site.places, CONTEXT))


def _at_most(parts: list[int], most: int, name: str, capped: list[str]) -> list[int]:
    if sum(parts) <= most:
        return parts
    capped.append(name)
    return allocate_units(most, parts) if most else [0] * len(parts)


def _line_caps(grant: Grant, covered: Sequence[int], parts: list[int], room: list[int], site: Site, capped: list[str]) -> list[int]:
    """Clamp what each line bears; what a cap of a line takes away does not move to another line."""
    if site.currency and grant.caps.currency not in {"", site.currency}:
        capped.append(CURRENCY)
        return [0] * len(parts)
    line, _, period, net_price = grant.caps.figures()
    if line is not None:
        parts = _clamped(parts, [_units(line, site)] * len(parts), "line", capped)
    if net_price is not None:
        least = _units(net_price, site)
        parts = _clamped(parts, [max(0, most - least) for most in room], "net_price", capped)
    return parts if period is None else _period_cap(grant.id, covered, parts, period, site, capped)


def _clamped(parts: list[int], most: list[int], name: str, capped: list[str]) -> list[int]:
    lowered = [min(part, cap) for part, cap in zip(parts, most, strict=True)]
    if lowered != parts:
        capped.append(name)
    return lowered


def _period_cap(grant_id: str, covered: Sequence[int], parts: list[int], period: Decimal, site: Site, capped: list[str]) -> list[int]:
    lowered = list(parts)
    hit: list[str] = []
    for slot in {site.lines[index].slot for index in covered}:
        members = [place for place, index in enumerate(covered) if site.lines[index].slot == slot]
        left = _units(max(ZERO, CONTEXT.subtract(period, site.given.in_period(grant_id, slot))), site)
        for place, part in zip(members, _at_most([parts[place] for place in members], left, "period", hit), strict=True):
            lowered[place] = part
    capped.extend(hit[:1])
    return lowered


def _proposed(grant: Grant, covered: Sequence[int], base: Sequence[int], site: Site) -> tuple[int, Sequence[int], str]:
    """Return what the benefit proposes in minor units, with the weights of the lines and why it is nothing."""
    lines = tuple(
        [BaseLine(site.lines[index], Decimal(units).scaleb(-site.places, CONTEXT)) for index, units in zip(covered, base, strict=True)]
    )
    carried = grant.surplus is _CARRIED
    documents = site.given.documents(grant) if carried else 0
    given = site.given.total(grant.id) if carried else ZERO
    base_of = Base(lines, site.currency, site.facts, given, documents)
    proposal = propose(grant.benefit, base_of)
    amount = checked(grant.benefit.code, proposal, base_of)
    if carried and isinstance(grant.benefit, FixedAmount) and amount:
        amount = _with_carried(amount, documents, given)
    return _rounded(amount, site), _weights(proposal, base) if proposal.lines else base, proposal.reason


def _rounded(amount: Decimal, site: Site) -> int:
    """Return an amount in whole minor units, rounded half up."""
    return int(amount.scaleb(site.places, CONTEXT).quantize(ONE, context=CONTEXT))


def _with_carried(amount: Decimal, documents: int, given: Decimal) -> Decimal:
    """Return a fixed amount with what earlier documents left of theirs; the limit bounds what is for one document in all."""
    return max(ZERO, CONTEXT.subtract(_multiply(amount, Decimal(documents + 1)), given))


def _weights(proposal: Proposal, base: Sequence[int]) -> list[int]:
    """Return whole numbers in proportion to what each line is meant to bear; none where a line has nothing left."""
    parts = [part if units else ZERO for part, units in zip(proposal.lines, base, strict=True)]
    places = max([-int(part.as_tuple().exponent) for part in parts])
    return [int(part.scaleb(max(places, 0), CONTEXT)) for part in parts]
