"""An example of who may grant how much on the phone: to be changed by whoever uses it, not a rule of any law.

The figures are illustrative: an agent 25 EUR or 10 % for three periods, a senior 75, 20 % and six, a supervisor 250, 35 % and twelve,
a manager 1,000, 50 % and twenty-four; a director without limit, with two approvals.
"""

from decimal import Decimal

from billing_domain.discounts import AuthorityMatrix, Budget, GrantKind, Limit
from billing_domain.money import Money

_ROLES = ("agent", "senior", "supervisor", "manager", "director")
_FIGURES = (("agent", 25, 10, 3), ("senior", 75, 20, 6), ("supervisor", 250, 35, 12), ("manager", 1000, 50, 24))
_CUSTOMER_TIMES, _AGENT_TIMES, _TEAM_TIMES = 3, 20, 100


def _eur(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


def _limit(kind: GrantKind, role: str, amount: int, percent: int, periods: int) -> Limit:
    return Limit(
        role=role, kind=kind, currency="EUR", amount=_eur(amount), percent=percent, periods=periods,
        customer=Budget(365, _eur(_CUSTOMER_TIMES * amount), 4), agent=Budget(30, _eur(_AGENT_TIMES * amount)),
        team=Budget(30, _eur(_TEAM_TIMES * amount)), cool_down=30, approvers=_ROLES[_ROLES.index(role) + 1 :],
    )  # fmt: skip


def _director(kind: GrantKind) -> Limit:
    return Limit(role="director", kind=kind, currency="EUR", approvers=["director"], approvals=2, four_eyes=True)


AUTHORITY = AuthorityMatrix(
    "example", 1, _ROLES, [limit for kind in GrantKind for limit in (*(_limit(kind, *row) for row in _FIGURES), _director(kind))]
)  # fmt: skip
"""Five roles, the same limits for each kind of grant, in euros."""
