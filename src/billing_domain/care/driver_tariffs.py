"""What changed the amount of one charge before discount: days, units or price, read off the steps that were stored."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from billing_domain.care.driver_model import DriverKind
from billing_domain.care.driver_sides import plan_of
from billing_domain.care.step_kinds import kind_of, together
from billing_domain.catalog import Step
from billing_domain.invoicing import ChargeKind, Line, Piece
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ONE, ZERO, add_up
from billing_domain.reasons import Fact


class Change(NamedTuple):
    """One change of the amount before discount.

    Args:
        kind: What changed.
        amount: By how much, exact.
        facts: The figures before and after.
    """

    kind: DriverKind
    amount: Decimal
    facts: dict[str, Fact]


class Charge(NamedTuple):
    """The lines of one charge in one period, on one bill.

    Args:
        lines: The lines; none where the bill does not charge it.
    """

    lines: Sequence[Line]

    @property
    def pieces(self) -> list[Piece]:
        """The days and workings of all lines."""
        return [piece for line in self.lines for piece in line.facts.pieces]

    @property
    def amount(self) -> Decimal:
        """The sum before discount."""
        return add_up(line.facts.amount for line in self.lines)

    @property
    def exact(self) -> Decimal:
        """The sum before rounding."""
        return add_up(piece.exact for piece in self.pieces)

    @property
    def plans(self) -> set[str]:
        """The codes of the plans."""
        return {plan_of(line.facts) for line in self.lines}

    @property
    def quantity(self) -> Decimal:
        """The units agreed last, or all that was measured."""
        pieces = self.pieces
        if not pieces:
            return ZERO
        return add_up(piece.quantity for piece in pieces) if self.is_usage else pieces[-1].quantity

    @property
    def is_usage(self) -> bool:
        """Whether it was consumed."""
        return any(line.facts.kind is ChargeKind.USAGE for line in self.lines)

    @property
    def steps(self) -> dict[str, Step]:
        """The steps of its only piece by code; steps that share a code and a price are one."""
        found: dict[str, Step] = {}
        for step in together(self.pieces[0].working.steps):
            name = step.code
            while name in found:
                name += "'"
            found[name] = step
        return found

    @property
    def is_simple(self) -> bool:
        """Whether one working tells all."""
        return len(self.pieces) == 1 and self.pieces[0].instead_of is None


def is_commitment(charge: Charge) -> bool:
    """Say whether a charge lifts what was spent to an agreed minimum."""
    return any(step.code == "spent" for piece in charge.pieces for step in piece.working.steps)


def changes(old: Charge, new: Charge) -> list[Change]:
    """Return what changed the amount before discount; the amounts sum to the difference exactly.

    Args:
        old: The charge on the earlier bill.
        new: The same charge on this bill.
    """
    total = new.amount - old.amount
    if is_commitment(old) or is_commitment(new):
        return _one(DriverKind.COMMITMENT, total, {})
    if old.plans != new.plans and not _usage_alone(old, new):
        facts = {"before": ", ".join(sorted(old.plans)), "after": ", ".join(sorted(new.plans))}
        return _one(DriverKind.PLAN_CHANGE, total, dict(facts))
    found = _simple(old, new) if old.is_simple and new.is_simple else _several(old, new)
    return _settled([change for change in found if change.amount], total, _tolerance(old, new))


def _one(kind: DriverKind, amount: Decimal, facts: dict[str, Fact]) -> list[Change]:
    return [Change(kind, amount, facts)] if amount else []


def _tolerance(old: Charge, new: Charge) -> Decimal:
    return minor_unit(new.lines[0].currency) * (len(old.pieces) + len(new.pieces))


def _settled(found: list[Change], total: Decimal, tolerance: Decimal) -> list[Change]:
    """Let the largest change bear what rounding the lines did; more than that is not explained."""
    rest = total - add_up(change.amount for change in found)
    if not rest:
        return found
    if abs(rest) > tolerance:
        return [*found, Change(DriverKind.UNEXPLAINED, rest, {})]
    if not found:
        return [Change(DriverKind.ROUNDING, rest, {})]
    place = max(range(len(found)), key=lambda index: abs(found[index].amount))
    found[place] = found[place]._replace(amount=found[place].amount + rest)
    return [change for change in found if change.amount]


def _usage_alone(old: Charge, new: Charge) -> bool:
    """Say whether two plans price the same usage in the same way, so that only the quantity can matter."""
    if not (old.is_usage and new.is_usage and old.is_simple and new.is_simple):
        return False
    before, after = old.steps, new.steps
    common = before.keys() & after.keys()
    return bool(common) and all(before[code].price == after[code].price for code in common)


def share(piece: Piece) -> Decimal:
    """Return the share of a period that a piece covers."""
    return ONE if piece.part == piece.of else Decimal(piece.part) / Decimal(piece.of)


def _simple(old: Charge, new: Charge) -> list[Change]:
    before, after = old.pieces[0], new.pieces[0]
    part0, part1 = share(before), share(after)
    days = {"part": after.part, "of": after.of, "part_before": before.part, "of_before": before.of}
    period = Change(DriverKind.PERIOD_LENGTH, (part1 - part0) * before.working.total, dict(days))
    same_units = before.quantity == after.quantity and not _steps_moved(old, new)
    if same_units:
        return [period, Change(DriverKind.PRICE, part1 * (after.working.total - before.working.total), _prices(old, new))]
    by_units, by_price = _by_ladder(old, new) or _by_steps(old.steps, new.steps)
    units = Change(_units_kind(old, new), part1 * by_units, units_facts(old, new))
    return [period, units, Change(DriverKind.PRICE, part1 * by_price, _prices(old, new))]


def _steps_moved(old: Charge, new: Charge) -> bool:
    """Say whether the quantities of steps moved although the charge's quantity did not, as for a line that states only a price."""
    before, after = old.steps, new.steps
    return before.keys() == after.keys() and any(before[code].quantity != after[code].quantity for code in before)


def _by_ladder(old: Charge, new: Charge) -> tuple[Decimal, Decimal] | None:
    """Return what quantity and price changed where both climb the same tiers to the last one; None where they do not.

    Every tier below the last is full, so the earlier tiers tell what the quantity of now would have cost then.
    """
    before, after = list(old.steps.values()), list(new.steps.values())
    codes = [step.code for step in before]
    if len(codes) < 2 or codes != [step.code for step in after] or not all(kind_of(code).is_rung for code in codes):
        return None
    if not (before[-1].quantity and after[-1].quantity):
        return None
    now = _climbed(before, add_up(step.quantity for step in after))
    return now - add_up(step.amount for step in before), add_up(step.amount for step in after) - now


def _climbed(tiers: Sequence[Step], quantity: Decimal) -> Decimal:
    """Return what a quantity costs on tiers, the last of them without end."""
    cost, left = ZERO, quantity
    for tier in tiers[:-1]:
        taken = min(left, tier.quantity)
        cost, left = cost + taken * tier.price, left - taken
    return cost + left * tiers[-1].price


def _by_steps(before: dict[str, Step], after: dict[str, Step]) -> tuple[Decimal, Decimal]:
    """Return what quantities changed at old prices, minimum and maximum with them, and what prices changed at new quantities."""
    units = price = ZERO
    for code in {**before, **after}:
        first, second = before.get(code), after.get(code)
        if first is None:
            units += after[code].amount
        elif second is None:
            units -= first.amount
        elif kind_of(code).is_clip:
            units += second.amount - first.amount
        else:
            units += first.price * (second.quantity - first.quantity)
            price += second.quantity * (second.price - first.price)
    return units, price


def _units_kind(old: Charge, new: Charge) -> DriverKind:
    if not (old.is_usage or new.is_usage):
        return DriverKind.QUANTITY
    return usage_kind(old, new)


def usage_kind(old: Charge, new: Charge) -> DriverKind:
    """Say whether usage counts beyond an allowance or from the first unit."""
    return DriverKind.OVERAGE if _included(old) or _included(new) else DriverKind.USAGE


def units_facts(old: Charge, new: Charge) -> dict[str, Fact]:
    """Return quantities before and after, with what was included and what lay beyond."""
    return {
        "before": old.quantity,
        "after": new.quantity,
        "unit": _unit(old, new),
        "included": _included(new),
        "over": new.quantity - _included(new),
        "over_before": old.quantity - _included(old),
    }


def _unit(old: Charge, new: Charge) -> str:
    return next((line.facts.unit for line in (*new.lines, *old.lines) if line.facts.unit), "")


def _included(charge: Charge) -> Decimal:
    return add_up(step.quantity for piece in charge.pieces for step in piece.working.steps if kind_of(step.code).is_free(step))


def _prices(old: Charge, new: Charge) -> dict[str, Fact]:
    """Return the price before and after, where there is one of each; or what is included before and after, where that is what changed."""
    before, after = _price(old), _price(new)
    if before is None or after is None:
        return {}
    if before != after:
        return {"before": before, "after": after}
    free0, free1 = _included(old), _included(new)
    return {"included_before": free0, "included": free1, "unit": _unit(old, new)} if free0 and free1 and free0 != free1 else {}


def _price(charge: Charge) -> Decimal | None:
    paid = [step for piece in charge.pieces for step in piece.working.steps if step.price]
    return paid[0].price if len(paid) == 1 else None


def _several(old: Charge, new: Charge) -> list[Change]:
    """Return the changes where several workings make the charge: days by their sum, the rest by what differs."""
    rest = new.exact - old.exact
    if old.is_usage or new.is_usage:
        return _one(usage_kind(old, new), rest, units_facts(old, new))
    days0, days1 = add_up(share(piece) for piece in old.pieces), add_up(share(piece) for piece in new.pieces)
    period = (days1 - days0) * old.exact / days0 if days0 else ZERO
    units0, units1 = {piece.quantity for piece in old.pieces}, {piece.quantity for piece in new.pieces}
    facts: dict[str, Fact] = {"before": old.quantity, "after": new.quantity, "unit": ""}
    last = Change(DriverKind.PRICE, rest - period, {}) if units0 == units1 else Change(DriverKind.QUANTITY, rest - period, facts)
    return [Change(DriverKind.PERIOD_LENGTH, period, {}), last]
