"""From two bills to exact parts of their difference, charge by charge."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from billing_domain.care.driver_model import DriverKind
from billing_domain.care.driver_sides import (
    ChargeName,
    Side,
    by_slot,
    charge_name,
    factor,
    gross_of,
    is_late_fee,
    plan_of,
)
from billing_domain.care.driver_tariffs import Charge, changes, is_commitment, units_facts, usage_kind
from billing_domain.invoicing import ChargeKind, CreditEntry, EntryKind, Line, Piece
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ONE, ZERO, add_up
from billing_domain.reasons import Fact
from billing_domain.tax import TaxCategory


class Part(NamedTuple):
    """A part of a difference, exact and with tax.

    Args:
        kind: Why.
        subject: What it is about.
        name: What people call it.
        amount: How much, exact.
        facts: The figures behind it.
        lines: Numbers of lines of this bill.
        earlier: Numbers of lines of the earlier bill.
    """

    kind: DriverKind
    subject: str
    name: str
    amount: Decimal
    facts: dict[str, Fact]
    lines: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()


class Bills(NamedTuple):
    """The two bills that are compared.

    Args:
        old: The earlier one.
        new: This one.
    """

    old: Side
    new: Side


def parts_between(old: Side, new: Side) -> list[Part]:
    """Return the parts of the difference between two bills, before anything is rounded to minor units."""
    bills = Bills(old, new)
    before, after = old.charges(), new.charges()
    found: list[Part] = []
    for name in {**before, **after}:
        found += _charge_parts(name, before.get(name, []), after.get(name, []), bills)
    for side, sign in ((old, -ONE), (new, ONE)):
        found += _fee_parts(side, sign)
        found += [_entry_part(entry, side, sign) for entry in side.entries]
    found += _document_parts(old, new)
    return [part for part in found if part.amount]


def _charge_parts(name: ChargeName, before: Sequence[Line], after: Sequence[Line], bills: Bills) -> Iterator[Part]:
    """Compare the latest period of a charge on one bill with the latest on the other, then the ones before."""
    for place, (old, new) in enumerate(zip_longest(by_slot(before), by_slot(after), fillvalue=())):
        if old and new:
            yield from _compared("/".join(name), old, new, bills)
            continue
        alone, other, sign = (new, bills.old, ONE) if new else (old, bills.new, -ONE)
        for line in alone:
            yield from _alone("/".join(name), line, other, sign, first=place == 0)


def _numbers(lines: Iterable[Line]) -> tuple[int, ...]:
    return tuple(line.number for line in lines)


def _compared(subject: str, old: Sequence[Line], new: Sequence[Line], bills: Bills) -> Iterator[Part]:
    name = new[-1].name
    lines, earlier = _numbers(new), _numbers(old)
    charged0, charged1 = _charged(old), _charged(new)
    factor0, factor1 = _factor(old, charged0), _factor(new, charged1)
    found = changes(Charge(old), Charge(new))
    rates = _rates(old, new, bills)
    kept = ONE - add_up(rates.values())
    noise = ZERO
    for grant, amount in _steps_of_discount(old, new, rates):
        if grant in bills.old.grants and grant in bills.new.grants and abs(amount) <= _noise(old, new):
            noise += amount
        else:
            kind = _discount_kind(grant, old, new)
            yield Part(kind, grant, _grant_name(grant, (*new, *old)), amount * factor0, {}, lines, earlier)
    for surcharge, amount in _steps_of_surcharge(old, new):
        yield Part(DriverKind.SURCHARGE, subject, surcharge, amount * factor0, {}, lines, earlier)
    largest = max(found, key=lambda change: abs(change.amount), default=None)
    for change in found:
        amount = change.amount * kept + (noise if change is largest else ZERO)
        yield Part(change.kind, subject, name, amount * factor0, change.facts, lines, earlier)
    if largest is None:
        yield Part(DriverKind.ROUNDING, "", "", noise * factor0, {})
    yield Part(_tax_kind(old, new), "", "", (factor1 - factor0) * charged1, _rate_facts(old, new), lines, earlier)


def _charged(lines: Iterable[Line]) -> Decimal:
    return add_up(line.charged_amount for line in lines)


def _factor(lines: Sequence[Line], charged: Decimal) -> Decimal:
    """Return what one unit of the lines' price becomes with tax; their mean where rates differ."""
    if not charged:
        return factor(lines[-1])
    return add_up(gross_of(line) for line in lines) / charged


def _given(lines: Iterable[Line]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in lines:
        for share in line.shares:
            found[share.grant_id] = found.get(share.grant_id, ZERO) + share.amount
    return found


def _rates(old: Sequence[Line], new: Sequence[Line], bills: Bills) -> dict[str, Decimal]:
    """Return which share of the amount each grant took on the earlier bill.

    Where there was nothing to take, a grant that gave on other lines is taken to have stood at the share that it takes now.
    """
    before = Charge(old).amount
    if before:
        return {grant: amount / before for grant, amount in _given(old).items()}
    after = Charge(new).amount
    return {grant: amount / after for grant, amount in _given(new).items() if grant in bills.old.grants}


def _steps_of_discount(old: Sequence[Line], new: Sequence[Line], rates: dict[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
    """Yield for each grant what it changed beyond taking the same share as before."""
    after, given = Charge(new).amount, _given(new)
    for grant in sorted({*rates, *given, *_given(old)}):
        yield grant, rates.get(grant, ZERO) * after - given.get(grant, ZERO)


def _steps_of_surcharge(old: Sequence[Line], new: Sequence[Line]) -> Iterator[tuple[str, Decimal]]:
    """Yield by what each surcharge is called how much more or less it is."""
    before, after = ({name: add_up(found) for name, found in _surcharges(lines).items()} for lines in (old, new))
    for name in sorted({*before, *after}):
        yield name, after.get(name, ZERO) - before.get(name, ZERO)


def _surcharges(lines: Iterable[Line]) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for line in lines:
        for surcharge in line.surcharges:
            found.setdefault(surcharge.name, []).append(surcharge.amount)
    return found


def _noise(old: Sequence[Line], new: Sequence[Line]) -> Decimal:
    """Return how far rounding alone can move a share: a minor unit on either bill, that of the earlier one scaled to the amount now."""
    before, after = Charge(old).amount, Charge(new).amount
    scaled = after / before if before else ZERO
    return minor_unit(new[0].currency) * (len(new) + len(old) * scaled)


def _discount_kind(grant: str, old: Sequence[Line], new: Sequence[Line]) -> DriverKind:
    if grant not in _given(old):
        return DriverKind.DISCOUNT_STARTED
    return DriverKind.DISCOUNT_STEPPED if grant in _given(new) else DriverKind.DISCOUNT_ENDED


def _grant_name(grant: str, lines: Iterable[Line]) -> str:
    return next((share.name for line in lines for share in line.shares if share.grant_id == grant), grant)


def _tax_kind(old: Sequence[Line], new: Sequence[Line]) -> DriverKind:
    if old[-1].prices_include_tax is not new[-1].prices_include_tax or _is_taxed(old) is not _is_taxed(new):
        return DriverKind.TAX_BASE
    return DriverKind.TAX_RATE


def _is_taxed(lines: Iterable[Line]) -> bool:
    """Say whether lines bear tax, be it at a rate of zero; what is exempt, reversed, exported or out of scope does not."""
    return any(line.treatment.category not in _UNTAXED for line in lines)


_UNTAXED = frozenset(
    {TaxCategory.EXEMPT, TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY, TaxCategory.EXPORT, TaxCategory.OUT_OF_SCOPE}
)


def _rate_facts(old: Sequence[Line], new: Sequence[Line]) -> dict[str, Fact]:
    """Return the rate before and after; nothing where lines within the period differ and the ends do not."""
    before, after = old[0].treatment.rate or ZERO, new[-1].treatment.rate or ZERO
    return {} if before == after else {"before": before, "after": after}


def _alone(subject: str, line: Line, other: Side, sign: Decimal, *, first: bool) -> Iterator[Part]:
    """Yield the parts of a line that only one of the bills has."""
    numbers = ((line.number,), ()) if sign > 0 else ((), (line.number,))
    kind = _kind_alone(line, other, sign, first=first)
    amount, facts = line.charged_amount, _facts_alone(line, kind, sign)
    for share in line.shares:
        if share.grant_id not in other.grants:
            amount += share.amount
            change = DriverKind.DISCOUNT_STARTED if sign > 0 else DriverKind.DISCOUNT_ENDED
            yield Part(change, share.grant_id, share.name, -sign * share.amount * factor(line), {}, *numbers)
    yield Part(kind, subject, line.name, sign * amount * factor(line), facts, *numbers)


def _kind_alone(line: Line, other: Side, sign: Decimal, *, first: bool) -> DriverKind:
    facts = line.facts
    if facts.kind is ChargeKind.USAGE:
        again = any(piece.instead_of is not None for piece in facts.pieces)
        return DriverKind.TRUE_UP if again else usage_kind(Charge([line]), Charge([]))
    if is_commitment(Charge([line])):
        return DriverKind.COMMITMENT
    if facts.kind in {ChargeKind.ONE_OFF, ChargeKind.ORDER, ChargeKind.DOCUMENT}:
        return DriverKind.ONE_OFF
    plans = other.plans_of(facts.subscription_id)
    moved = bool(facts.plan and plans and plan_of(facts) not in plans)
    if not first:
        return DriverKind.PLAN_CHANGE_IN if moved else (_instead_of(facts.pieces) or DriverKind.PERIOD_LENGTH)
    if moved:
        return DriverKind.PLAN_CHANGE
    return DriverKind.SERVICE_ADDED if sign > 0 else DriverKind.SERVICE_REMOVED


def _instead_of(pieces: Sequence[Piece]) -> DriverKind | None:
    """Say what differs from what was billed for the same days before; None where nothing was."""
    piece = next((piece for piece in pieces if piece.instead_of is not None), None)
    if piece is None or piece.instead_of is None:
        return None
    before = [step.quantity for step in piece.instead_of.steps]
    return DriverKind.PRICE if before == [step.quantity for step in piece.working.steps] else DriverKind.QUANTITY


def _facts_alone(line: Line, kind: DriverKind, sign: Decimal) -> dict[str, Fact]:
    charge, nothing = Charge([line]), Charge([])
    if kind in {DriverKind.USAGE, DriverKind.OVERAGE, DriverKind.TRUE_UP}:
        return _past(kind, sign) | (units_facts(nothing, charge) if sign > 0 else units_facts(charge, nothing))
    piece = line.facts.pieces[-1]
    if piece.part != piece.of:
        return _past(kind, sign) | {"part": piece.part, "of": piece.of}
    return _past(kind, sign)


def _past(kind: DriverKind, sign: Decimal) -> dict[str, Fact]:
    """Say that only the earlier bill settled days of before, so that nothing rose or fell since."""
    return {"past": True} if sign < 0 and kind in _SETTLED else {}


_SETTLED = frozenset({DriverKind.PRICE, DriverKind.QUANTITY, DriverKind.TRUE_UP, DriverKind.PERIOD_LENGTH})
"""What a line or entry of one bill alone says of days that were billed before, or are caught up."""


def _fee_parts(side: Side, sign: Decimal) -> Iterator[Part]:
    for line in side.lines:
        numbers = ((line.number,), ()) if sign > 0 else ((), (line.number,))
        if is_late_fee(line.facts):
            yield Part(DriverKind.LATE_FEE, "", line.name, sign * gross_of(line), {}, *numbers)
        elif line.facts.reinstates is not None:
            yield Part(DriverKind.CREDIT, "/".join(charge_name(line.facts)), line.name, sign * gross_of(line), {"again": True}, *numbers)


def _entry_part(entry: CreditEntry, side: Side, sign: Decimal) -> Part:
    kind, subject = _entry_kind(entry, side), "/".join(charge_name(entry.facts))
    return Part(kind, subject, entry.name, -sign * entry.total_amount, _past(kind, sign) | {"invoice": entry.ref.invoice})


def _entry_kind(entry: CreditEntry, side: Side) -> DriverKind:
    """Say why an entry lowers the bill: what reconciling took back is told from what people gave."""
    if entry.kind is EntryKind.GOODWILL:
        return DriverKind.GOODWILL
    if entry.kind is EntryKind.CORRECTION:
        return DriverKind.CREDIT
    facts = entry.facts
    if facts.kind is ChargeKind.USAGE:
        return DriverKind.TRUE_UP
    now = [line for line in side.lines if line.facts.subscription_id == facts.subscription_id and line.facts.kind is ChargeKind.RECURRING]
    if any(plan_of(line.facts) != plan_of(facts) for line in now):
        return DriverKind.PLAN_CHANGE_OUT
    if now:
        return _instead_of(facts.pieces) or DriverKind.CREDIT
    return DriverKind.SERVICE_REMOVED


def _document_parts(old: Side, new: Side) -> list[Part]:
    return [
        Part(DriverKind.PREPAID, "", "", old.prepaid - new.prepaid, {}),
        Part(DriverKind.CARRIED, "", "", new.carried - old.carried, {}),
        Part(DriverKind.ROUNDING, "", "", new.payable_rounding - old.payable_rounding, {}),
    ]
