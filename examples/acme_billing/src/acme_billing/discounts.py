"""A condition, a benefit, and the policy that joins them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from attrs import frozen

from billing_domain import Money
from billing_domain.discounts import (
    ARREARS,
    SEGMENT,
    TENURE_MONTHS,
    AllowanceReason,
    Base,
    Caps,
    DiscountPolicy,
    Duration,
    Facts,
    Proposal,
    Window,
    all_of,
    condition,
)


@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    """Say whether the customer has been here for two years; a missing fact makes the outcome UNKNOWN, and names it."""
    return facts[TENURE_MONTHS] >= 24


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Return half of what the charge stands at."""
        return Proposal(base.charge(self.charge) * Decimal("0.5"))


loyalty = DiscountPolicy(
    code="acme:loyalty",
    version=1,
    name="Two years with us",
    lane="loyalty",
    reason=AllowanceReason.SPECIAL_AGREEMENT,
    window=Window(datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/Vilnius"))),
    duration=Duration.periods(3),
    condition=all_of(loyal, ARREARS <= Money("0.00", "EUR"), SEGMENT.one_of("household", "student")),  # noqa: SIM300
    benefit=HalfOf("base"),
    caps=Caps(document=Money("5.00", "EUR")),
)
