"""What the engine answers: shares for each line, and a record of each discount that was looked at."""

from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from billing_domain.conditions import Finding
from billing_domain.discounts.model import Grant
from billing_domain.discounts.scope import Covered
from billing_domain.invoicing import Share
from billing_domain.money.amounts import CONTEXT, ZERO


class Stage(Enum):
    """How far a discount came; all before APPLIED took nothing off."""

    WINDOW = "window"
    """The window of the policy is not open."""
    GIVEN = "given"
    """The account has or had it already, and it is not given again."""
    SCOPE = "scope"
    """No line of the document is covered."""
    CONDITION = "condition"
    """The condition is not MET."""
    PROMISE = "promise"
    """What it promises has ended, or cannot be worked out."""
    PROPOSAL = "proposal"
    """It proposed nothing."""
    STACK = "stack"
    """Another discount keeps it out."""
    CAPS = "caps"
    """A cap left nothing of it."""
    APPLIED = "applied"
    """It took something off."""


class DiscountRecord(NamedTuple):
    """One discount on one document: what it asked for, what it got, and why.

    Args:
        policy: Code and version of its policy.
        grant_id: The grant; empty where it came to none.
        lane: The lane in which it was stacked.
        stage: How far it came.
        requested: What it proposed, rounded once.
        granted: What it took off, the sum of its shares.
        capped_by: What lowered it, in order: `base`, `line`, `net_price`, `period`, `document`, `total`;
            `currency` where a cap is in another one than the document, which leaves nothing.
        reason: Why it ended before it applied, as a code; empty where it applied.
        by: The grants that kept it out.
        missing: The codes of the facts that would have to be known.
        finding: What the condition found; only where a trace was asked for.
    """

    policy: str
    grant_id: str
    lane: str
    stage: Stage
    requested: Decimal
    granted: Decimal
    capped_by: tuple[str, ...] = ()
    reason: str = ""
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    finding: Finding | None = None


class Discounted(NamedTuple):
    """What discounts do to the lines of one document.

    Args:
        shares: One tuple of shares a line, in the order of the lines and of the application.
        applications: One record a grant, also of those that could not apply, in the order in which they were looked at.
    """

    shares: list[tuple[Share, ...]]
    applications: list[DiscountRecord]


def aside(grant: Grant, scope: Covered, *, used: bool) -> DiscountRecord:
    """Return the record of a grant that cannot apply to a document.

    Args:
        grant: The grant.
        scope: The lines in its scope.
        used: Whether it was for one document, which had it.
    """
    if used:
        stage, reason = Stage.GIVEN, "used"
    elif not scope.places:
        stage, reason = Stage.SCOPE, "no-line"
    elif scope.last < grant.start:
        stage, reason = Stage.WINDOW, "not-begun"
    else:
        stage, reason = Stage.WINDOW, "ended" if grant.end is not None and grant.end <= scope.first else "not-open"
    return DiscountRecord(grant.policy, grant.id, grant.lane, stage, ZERO, ZERO, (), reason)


class Amounts(dict[int, Decimal]):
    """Minor units as amounts; on one document most come more than once.

    Args:
        places: How many decimals the currency has.

    Example:
        >>> Amounts(2)[1205]
        Decimal('12.05')
    """

    def __init__(self, places: int) -> None:
        super().__init__()
        self._places = -places

    def __missing__(self, units: int) -> Decimal:
        amount = self[units] = Decimal(units).scaleb(self._places, CONTEXT)
        return amount
