"""What lowering a line by an amount before discount comes to: shares, surcharges and tax that come back, and the way back from a sum.

All three come back as differences of cumulative values, so that all credits of a line return them to the cent, in any order.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from billing_domain.errors import ExceedsLimitError, InvalidAmountError
from billing_domain.invoicing.history import BilledLine, History
from billing_domain.invoicing.lines import Share, Surcharge, shared, surcharged
from billing_domain.money import add_up, allocate, share_of
from billing_domain.money.amounts import CONTEXT, ZERO, decimals, minor_unit
from billing_domain.tax import tax_on

_add = CONTEXT.add
_subtract = CONTEXT.subtract
_new = tuple.__new__  # makes a named tuple at a third of the cost of calling its class


class Lowering(NamedTuple):
    """How much of a line is lowered.

    Args:
        amount: Before discount and without surcharges, in whole minor units.
        beyond: What comes back of the line's surcharges beyond their part, less than their part of one more minor unit;
            below zero where it is less than their part.
    """

    amount: Decimal
    beyond: Decimal = ZERO


def shares_back(billed: BilledLine, amount: Decimal, history: History) -> tuple[Share, ...]:
    """Return what comes back to grants where a line is lowered by an amount before discount."""
    line = billed[1]
    shares = line.shares
    if not shares:
        return ()
    step = minor_unit(line.currency)
    if len(shares) == 1 and not history.entries_by_line:
        grant_id, whole, name, code, on_document = shares[0]
        back = share_of(whole, amount, line.facts[11], step)
        return (_new(Share, (grant_id, back, name, code, on_document)),) if back else ()
    credited = _add(history.credited(billed.ref), amount)
    left = [_subtract(share.amount, history.shares_back(billed.ref, share.grant_id)) for share in shares]
    whole = shared(shares)
    due = _subtract(share_of(whole, credited, line.facts.amount, step), _subtract(whole, add_up(left)))
    backs = [due] if len(left) == 1 else allocate(due, left, step)
    return tuple(share._replace(amount=back) for share, back in zip(shares, backs, strict=True) if back)


def surcharges_back(billed: BilledLine, lowering: Lowering, history: History) -> tuple[Surcharge, ...]:
    """Return what comes back of a line's surcharges: their part of the amount, and what the lowering says beyond it.

    What an earlier credit brought back beyond its part, or less than it, is made up for.
    """
    line = billed.line
    if not line.surcharges:
        return ()
    step = minor_unit(line.currency)
    credited = _add(history.credited(billed.ref), lowering.amount)
    left = [_subtract(each.amount, history.surcharge_back(billed.ref, each.number)) for each in line.surcharges]
    whole = surcharged(line.surcharges)
    due = _subtract(share_of(whole, credited, line.facts.amount, step), _subtract(whole, add_up(left)))
    backs = allocate(_add(max(due, ZERO), lowering.beyond), left, step)
    return tuple(each._replace(amount=back, percent=None, base=None) for each, back in zip(line.surcharges, backs, strict=True) if back)


def tax_back(billed: BilledLine, charged: Decimal, history: History) -> Decimal:
    """Return the tax that comes back with what a line is lowered by after discount and with surcharges."""
    line = billed[1]
    rate, step, inclusive = line.treatment.rate, minor_unit(line.currency), line.prices_include_tax
    if not history.entries_by_line:
        return tax_on(charged, rate, step, inclusive=inclusive)
    before = history.credited_charge(billed)
    after = tax_on(_add(before, charged), rate, step, inclusive=inclusive)
    return _subtract(after, tax_on(before, rate, step, inclusive=inclusive)) if before else after


def largest_credit(billed: BilledLine, wanted: Decimal, history: History, *, gross: bool) -> Lowering:
    """Return the lowering whose credit comes to what is wanted, or as close below it as whole minor units allow.

    Args:
        billed: The line.
        wanted: Net or gross, above zero.
        history: What was credited before.
        gross: Whether `wanted` is with tax.

    Raises:
        ExceedsLimitError: Not even all that is left of the line comes to it.
        InvalidAmountError: The least that can be credited comes to more already.
    """
    left, sort = history.left(billed), "gross" if gross else "net"
    most = comes_to(billed, Lowering(left), history, gross=gross)
    name = f"line {billed.line.number} of {billed.invoice.number}"
    if wanted > most:
        raise ExceedsLimitError(wanted, f"{name} has {most} {sort} left", "credit no more than that")
    found = closest(billed, wanted, history, gross=gross)
    if found is None:
        raise InvalidAmountError(wanted, f"the smallest credit of {name} comes to more {sort}", "credit more, or the whole line")
    return found


def closest(billed: BilledLine, wanted: Decimal, history: History, *, gross: bool) -> Lowering | None:
    """Return what `largest_credit` does, where no more is wanted than is left; None where the least comes to more.

    Where one minor unit more before discount comes to too much, what is missing is taken from the surcharges;
    where the first one does, it brings less of them back, and the next credit the rest.
    """

    def fits(amount: Decimal, beyond: Decimal = ZERO) -> bool:
        return comes_to(billed, Lowering(amount, beyond), history, gross=gross) <= wanted

    left, step = history.left(billed), minor_unit(billed.line.currency)
    amount = _bisect(fits, left)
    if amount and (amount == left or not billed.line.surcharges):
        return Lowering(amount)
    if amount:
        room = _subtract(_surcharge_of(billed, _add(amount, step), history), _surcharge_of(billed, amount, history))
        return Lowering(amount, _bisect(lambda more: fits(amount, more), room))
    first = _surcharge_of(billed, step, history)
    if left == step or not fits(step, -first):
        return None
    return Lowering(step, _subtract(_bisect(lambda some: fits(step, _subtract(some, first)), first), first))


def _surcharge_of(billed: BilledLine, amount: Decimal, history: History) -> Decimal:
    return surcharged(surcharges_back(billed, Lowering(amount), history))


def comes_to(billed: BilledLine, lowering: Lowering, history: History, *, gross: bool) -> Decimal:
    """Return what a credit comes to, net or gross; an amount of zero or less is itself."""
    amount = lowering.amount
    if amount <= 0:
        return amount
    charged = charged_back(shares_back(billed, amount, history), surcharges_back(billed, lowering, history), amount)
    if gross is billed.line.prices_include_tax:
        return charged
    tax = tax_back(billed, charged, history)
    return _add(charged, tax) if gross else _subtract(charged, tax)


def charged_back(shares: tuple[Share, ...], surcharges: tuple[Surcharge, ...], amount: Decimal) -> Decimal:
    """Return an amount before discount less shares, with surcharges."""
    charged = _subtract(amount, shared(shares)) if shares else amount
    return _add(charged, surcharged(surcharges)) if surcharges else charged


def _bisect(fits: Callable[[Decimal], bool], most: Decimal) -> Decimal:
    """Return the largest amount in whole minor units up to `most` that fits; fitting is monotone, and zero fits."""
    places = decimals(most)
    low, high = 0, int(most.scaleb(places, CONTEXT))
    while low < high:
        middle = (low + high + 1) // 2
        if fits(Decimal(middle).scaleb(-places, CONTEXT)):
            low = middle
        else:
            high = middle - 1
    return Decimal(low).scaleb(-places, CONTEXT)
