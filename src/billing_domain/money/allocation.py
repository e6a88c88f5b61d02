"""Splitting an amount so that the parts sum to it exactly."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from billing_domain.errors import ExceedsLimitError, InvalidAmountError
from billing_domain.money.amounts import CONTEXT, Number, decimals, to_decimal

_divide = CONTEXT.divide
_multiply = CONTEXT.multiply


def allocate_units(total: int, weights: Sequence[int], capacities: Sequence[int] | None = None) -> list[int]:
    """Split whole units in proportion to whole weights by the largest remainder.

    Args:
        total: Units to split; a negative total mirrors the split of its opposite.
        weights: One weight a part, zero or more; a weight of zero gets nothing.
        capacities: The most that each part can take, zero or more; what does not fit moves on to the others.

    Returns:
        One whole number a part, in order, that sum to `total`; equal remainders go to the earlier part.

    Raises:
        InvalidAmountError: A weight or capacity is negative, or there is something to split and no weight above zero.
        ExceedsLimitError: The capacities of the parts with a weight hold less than the total.

    Example:
        >>> allocate_units(100, [1, 1, 1])
        [34, 33, 33]
        >>> allocate_units(100, [1, 1, 1], capacities=[10, 100, 100])
        [10, 45, 45]
    """
    if total < 0:
        return [-part for part in allocate_units(-total, weights, capacities)]
    if weights and min(weights) < 0:
        raise InvalidAmountError(tuple(weights), "a weight is not negative", "give zero to leave a part out")
    if capacities is not None:
        return _within(total, list(weights), list(capacities))
    return _largest_remainder(total, weights)


def _largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    if not total:
        return [0] * len(weights)
    if not whole:
        raise InvalidAmountError(total, "an amount is split over at least one weight above zero", "name who takes it")
    parts: list[int] = []
    remainders: list[int] = []
    rest = total
    for weight in weights:
        product = total * weight
        part = product // whole
        rest -= part
        parts.append(part)
        remainders.append(product - part * whole)
    if rest == 1:
        parts[remainders.index(max(remainders))] += 1  # the first of equal ones
    elif rest:
        order = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)  # equal ones stay in order
        for i in order[:rest]:
            parts[i] += 1
    return parts


def _within(total: int, weights: list[int], capacities: list[int]) -> list[int]:
    """Fill the parts that overflow to their capacity and split the rest over the others, until it fits."""
    if len(capacities) != len(weights):
        raise InvalidAmountError(tuple(capacities), "there is one capacity a weight", "give as many of one as of the other")
    if any(capacity < 0 for capacity in capacities):
        raise InvalidAmountError(tuple(capacities), "a capacity is not negative", "give zero to leave a part out")
    room = sum(capacity for capacity, weight in zip(capacities, weights, strict=True) if weight)
    if total > room:
        raise ExceedsLimitError(total, f"the parts hold {room} together", "split no more than that")
    parts = [0] * len(weights)
    open_weights = weights[:]
    rest = total
    while rest:
        proposal = _largest_remainder(rest, open_weights)
        over = [i for i, part in enumerate(proposal) if part > capacities[i]]
        for i in over or range(len(parts)):
            parts[i] = min(proposal[i], capacities[i]) if over else parts[i] + proposal[i]
            open_weights[i] = 0 if over else open_weights[i]
        rest = total - sum(parts) if over else 0
    return parts


def allocate(total: Number, weights: Sequence[Number], step: Decimal, capacities: Sequence[Number] | None = None) -> list[Decimal]:
    """Split an amount in proportion to weights so that the parts sum to it exactly.

    Args:
        total: The amount, in whole steps.
        weights: One weight a part, zero or more, exact.
        step: The smallest amount, such as `minor_unit("EUR")`.
        capacities: The most that each part can take, in whole steps.

    Returns:
        One amount a part, in order; equal remainders go to the earlier part.

    Raises:
        InvalidAmountError: The total or a capacity is not in whole steps, or a weight is negative.
        ExceedsLimitError: The capacities hold less than the total.

    Example:
        >>> [str(part) for part in allocate("1.00", [2, 3, 1], Decimal("0.01"))]
        ['0.33', '0.50', '0.17']
    """
    units = _in_steps(to_decimal(total), step)
    room = None if capacities is None else [_in_steps(to_decimal(capacity), step) for capacity in capacities]
    parts = allocate_units(units, _whole_weights(weights), room)
    return [CONTEXT.multiply(part, step) for part in parts]


def _in_steps(value: Decimal, step: Decimal) -> int:
    steps = CONTEXT.divide(value, step)
    if steps != steps.to_integral_value():
        raise InvalidAmountError(value, f"an amount that is split is in whole steps of {step}", "round it first")
    return int(steps)


def _whole_weights(weights: Sequence[Number]) -> list[int]:
    exact = [to_decimal(weight, "weight") for weight in weights]
    places = max((decimals(weight) for weight in exact), default=0)
    return [int(weight.scaleb(places, CONTEXT)) for weight in exact]


def share_of(whole: Decimal, part: Decimal, of: Decimal, step: Decimal) -> Decimal:
    """Return `whole × part ÷ of`, half up in whole steps: how much of it belongs to a part.

    Taken of growing parts it gives cumulative shares: at `part == of` it is the whole, to the cent.

    Example:
        >>> share_of(Decimal("3.00"), Decimal("14.52"), Decimal("30.00"), Decimal("0.01"))
        Decimal('1.45')
    """
    if part == of:
        return whole
    return _divide(_multiply(whole, part), of).quantize(step, ROUND_HALF_UP, CONTEXT)
