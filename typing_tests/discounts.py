"""What checkers see of discounts: typed facts, benefits by protocol, and the three answers to a request."""

from datetime import datetime
from decimal import Decimal
from typing import assert_type
from zoneinfo import ZoneInfo

from attrs import frozen

from billing_domain.discounts import (
    ARREARS,
    SEGMENT,
    TENURE_MONTHS,
    Agent,
    Base,
    Benefit,
    Caps,
    DiscountPolicy,
    Discounts,
    Duration,
    Facts,
    Grant,
    Granted,
    GrantRequest,
    Lane,
    NeedsApproval,
    Proposal,
    Refused,
    Stack,
    Window,
    all_of,
    approve,
    condition,
    judge,
    load_policies,
)
from billing_domain.money import Money
from billing_domain.presets import AUTHORITY


@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    """Two years."""
    assert_type(facts[TENURE_MONTHS], int)
    return facts[TENURE_MONTHS] >= 24


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Propose half of it."""
        return Proposal(base.charge(self.charge) * Decimal("0.5"))


benefit: Benefit = HalfOf("base")
loyalty = DiscountPolicy(
    code="acme:loyalty",
    version=1,
    name="Two years with us",
    lane="loyalty",
    benefit=benefit,
    window=Window(datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Vilnius"))),
    duration=Duration.periods(3),
    condition=all_of(loyal, ARREARS <= Money("0.00", "EUR"), SEGMENT.one_of("household", "student")),  # noqa: SIM300
    caps=Caps(document=Money("5.00", "EUR")),
)
discounts = Discounts(policies=[loyalty, *load_policies([])], lanes=[Lane("campaign", Stack.BEST_OF), Lane("loyalty", Stack.SEQUENTIAL)])
assert_type(discounts.policy("acme:loyalty"), DiscountPolicy)


def answered(request: GrantRequest, jonas: Agent, later: datetime) -> Grant | None:
    """Judge a request, and let somebody approve it."""
    answer = judge(request, AUTHORITY)
    if isinstance(answer, NeedsApproval):
        assert_type(approve(answer, by=jonas, at=later), Granted | NeedsApproval)
    match answer:
        case Granted(grant=given):
            return given
        case Refused(failed=failed, nearest=nearest) | NeedsApproval(failed=failed, nearest=nearest):
            assert_type([rule.text for rule in failed], list[str])
            assert nearest is None or nearest.value
            return None
