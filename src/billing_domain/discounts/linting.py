"""Check a matrix before it is used: inversions, gaps, cliffs, and bands that nobody can reach."""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from itertools import pairwise

import attrs

from billing_domain.discounts.authority import AuthorityMatrix, Budget, GrantKind, Limit
from billing_domain.doors import door
from billing_domain.money import Number, not_negative
from billing_domain.money.amounts import CONTEXT


class MatrixFault(Enum):
    """What may be wrong with a matrix."""

    INVERSION = "inversion"
    """A role may grant less than one below it."""
    APPROVER_INVERSION = "approver-inversion"
    """Who approves may grant no more than who asks."""
    GAP = "gap"
    """A role above one that may grant something may not grant it at all, or nobody who is asked may approve what a higher role may."""
    NO_APPROVER = "no-approver"
    """What is above the limit needs approval, and nobody may give it."""
    CLIFF = "cliff"
    """The next role may grant many times as much, so that everything between lands on it."""
    UNREACHABLE = "unreachable"
    """A single grant may be larger than a window that it has to fit into, or a role may grant no more than the one below it."""
    NOTHING = "nothing"
    """A limit lets nothing through."""


@attrs.frozen
class MatrixFinding:
    """One thing that may be wrong.

    Args:
        fault: What.
        role: Whose limit.
        kind: Of which sort of grant.
        currency: In which currency.
        text: The figures, in English.
    """

    fault: MatrixFault
    role: str
    kind: GrantKind
    currency: str
    text: str


@door
def check_matrix(matrix: AuthorityMatrix, *, cliff: Number = 10) -> tuple[MatrixFinding, ...]:
    """Return what may be wrong with a matrix, in the order of kind, currency and role; nothing for a sound one.

    Args:
        matrix: The matrix.
        cliff: How many times as much the next role may grant before that is a cliff.

    Example:
        >>> from billing_domain.money import Money
        >>> limits = [Limit(role=role, kind=GrantKind.CREDIT, currency="EUR", amount=Money(amount, "EUR"))
        ...           for role, amount in (("agent", 50), ("senior", 25))]
        >>> [(found.fault.value, found.role) for found in check_matrix(AuthorityMatrix("acme", 1, ["agent", "senior"], limits))]
        [('no-approver', 'agent'), ('inversion', 'senior')]
    """
    steep = not_negative(cliff, "a cliff")
    found: list[MatrixFinding] = []
    for kind in GrantKind:
        for currency in sorted({limit.currency for limit in matrix.limits}):
            ladder = [limit for role in matrix.roles if (limit := matrix.limit(role, kind, currency)) is not None]
            for limit in ladder:
                found.extend(_alone(limit, matrix))
            for lower, upper in pairwise(ladder):
                found.extend(_between(lower, upper, steep))
            found.extend(_gaps(ladder, matrix))
    return tuple(found)


def _finding(fault: MatrixFault, limit: Limit, text: str) -> MatrixFinding:
    return MatrixFinding(fault, limit.role, limit.kind, limit.currency, text)


def _alone(limit: Limit, matrix: AuthorityMatrix) -> Iterator[MatrixFinding]:
    single = _amount(limit)
    if single == 0 or limit.periods == 0 or limit.percent == 0 or any(budget.count == 0 for _, budget in limit.budgets):
        yield _finding(MatrixFault.NOTHING, limit, "a limit of zero lets nothing through; leave the limit out instead")
    for name, budget in limit.budgets:
        if budget.amount is not None and (single is None or single > budget.amount.amount):
            shown = "without limit" if single is None else f"of {single:f}"
            yield _finding(
                MatrixFault.UNREACHABLE, limit, f"a single grant {shown} never fits the {name} window of {budget.amount.amount:f}"
            )
    if (_bounded(limit) or limit.four_eyes) and not limit.approvers and matrix.rank(limit.role) < len(matrix.roles) - 1:
        yield _finding(MatrixFault.NO_APPROVER, limit, "nobody may approve what is above the limit")
    for role in limit.approvers:
        yield from _approver(limit, role, matrix)
    yield from _beyond(limit, matrix)


def _approver(limit: Limit, role: str, matrix: AuthorityMatrix) -> Iterator[MatrixFinding]:
    other = matrix.limit(role, limit.kind, limit.currency)
    if other is None:
        yield _finding(MatrixFault.NO_APPROVER, limit, f"{role} approves and may not grant this at all")
    elif role != limit.role and _lower(limit, other):
        yield _finding(MatrixFault.APPROVER_INVERSION, limit, f"{role} approves and may grant less")
    elif _bounded(limit) and not limit.four_eyes and not _lower(other, limit):
        yield _finding(MatrixFault.APPROVER_INVERSION, limit, f"{role} approves and may grant no more")


def _beyond(limit: Limit, matrix: AuthorityMatrix) -> Iterator[MatrixFinding]:
    """Find what a higher role may grant and nobody who is asked may approve."""
    asked = [other for role in limit.approvers if (other := matrix.limit(role, limit.kind, limit.currency)) is not None]
    above = [matrix.limit(role, limit.kind, limit.currency) for role in matrix.roles[matrix.rank(limit.role) + 1 :]]
    for other in above:
        if (
            other is not None
            and limit.amount is not None
            and asked
            and not any([_not_below(_amount(each), _amount(other)) for each in asked])
        ):
            yield _finding(MatrixFault.GAP, limit, f"what {other.role} may grant alone is refused, as nobody who is asked may approve it")


def _amount(limit: Limit) -> Decimal | None:
    return None if limit.amount is None else limit.amount.amount


def _bounded(limit: Limit) -> bool:
    return limit.amount is not None or limit.percent is not None or limit.periods is not None or bool(limit.budgets)


def _lower(lower: Limit, upper: Limit) -> list[str]:
    """Return in what the upper limit is lower than the lower one."""
    pairs: list[tuple[str, Decimal | int | None, Decimal | int | None]] = [
        ("amount", _amount(lower), _amount(upper)),
        ("percentage", lower.percent, upper.percent),
        ("number of periods", lower.periods, upper.periods),
    ]
    for name in ("customer", "agent", "team"):
        pairs.extend(_windows(name, getattr(lower, name), getattr(upper, name)))
    found = [name for name, below, above in pairs if not _not_below(above, below)]
    if upper.reasons and (not lower.reasons or lower.reasons - upper.reasons):
        found.append("choice of reasons")
    return found


def _windows(name: str, lower: Budget | None, upper: Budget | None) -> Iterator[tuple[str, Decimal | int | None, Decimal | int | None]]:
    """Return the figures of two windows of the same length; windows of different lengths do not compare."""
    if lower is not None and upper is not None and lower.days == upper.days:
        sums = [None if each.amount is None else each.amount.amount for each in (lower, upper)]
        yield f"amount of the {name} window", sums[0], sums[1]
        yield f"number of grants of the {name} window", lower.count, upper.count


def _not_below(upper: Decimal | int | None, lower: Decimal | int | None) -> bool:
    return upper is None or (lower is not None and upper >= lower)


def _between(lower: Limit, upper: Limit, steep: Decimal) -> Iterator[MatrixFinding]:
    inverted = _lower(lower, upper)
    for name in inverted:
        yield _finding(MatrixFault.INVERSION, upper, f"the {name} is lower than that of {lower.role}")
    if _bounded(lower) and not inverted and not _lower(upper, lower):
        yield _finding(MatrixFault.UNREACHABLE, upper, f"it holds no more than the limit of {lower.role}")
    before, after = _amount(lower), _amount(upper)
    if before and after is not None and after > CONTEXT.multiply(before, steep):
        yield _finding(MatrixFault.CLIFF, upper, f"{after:f} is more than {steep:f} times the {before:f} of {lower.role}")


def _gaps(ladder: list[Limit], matrix: AuthorityMatrix) -> Iterator[MatrixFinding]:
    if not ladder:
        return
    there = {limit.role for limit in ladder}
    for role in matrix.roles[matrix.rank(ladder[0].role) + 1 :]:
        if role not in there:
            text = f"{ladder[0].role} may grant it and {role} may not"
            yield MatrixFinding(MatrixFault.GAP, role, ladder[0].kind, ladder[0].currency, text)
