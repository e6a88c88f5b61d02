"""What a company that embeds the library writes once: a condition, a benefit, a price model, a proration and a tax policy of its own."""

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
from billing_domain.plugins import Measured, Share, Step, Stretch, Supply, TaxCategory, TaxTable, TaxTreatment, Working

RIGA = ZoneInfo("Europe/Riga")


@condition("acme:faithful")
def faithful(facts: Facts) -> bool:
    """Say whether the customer has stayed for three years."""
    return facts[TENURE_MONTHS] >= 36


@frozen
class HalfOf:
    """Half of what one charge costs."""

    code = "acme:half-of"
    charge: str

    def propose(self, base: Base) -> Proposal:
        """Return half of the charge, not rounded."""
        return Proposal(base.charge(self.charge) * Decimal("0.5"))


thanks = DiscountPolicy(
    code="acme:thanks",
    version=1,
    name="Three years with us",
    lane="loyalty",
    reason=AllowanceReason.SPECIAL_AGREEMENT,
    window=Window(datetime(2026, 1, 1, tzinfo=RIGA)),
    duration=Duration.periods(2),
    condition=all_of(faithful, ARREARS <= Money("0.00", "EUR"), SEGMENT.one_of("household", "student")),  # noqa: SIM300  a fact stands on the left
    benefit=HalfOf("base"),
    caps=Caps(document=Money("10.00", "EUR")),
)


@frozen
class PeakAndRest:
    """One price at peak hours, another for the rest; both stand on the line."""

    code = "acme:peak"
    peak: Decimal
    rest: Decimal

    def work_out(self, measured: Measured) -> Working:
        """Return a step for each price."""
        return Working(
            [
                Step("peak", quantity=measured.where(hours="peak"), price=self.peak),
                Step("rest", quantity=measured.where(hours="rest"), price=self.rest),
            ]
        )


@frozen
class Weekdays:
    """Saturdays and Sundays are not charged for."""

    code = "acme:weekdays"

    def share(self, stretch: Stretch) -> Share:
        """Return weekdays over weekdays; where a period has none, days over days."""
        whole = sum(day.weekday() < 5 for day in stretch.whole)
        return Share(sum(day.weekday() < 5 for day in stretch.part), of=whole) if whole else Share(stretch.part.days, of=stretch.whole.days)


@frozen
class WhereTheBuyerLives:
    """The rate of the buyer's country."""

    code = "acme:destination"
    rates: TaxTable

    def treat(self, supply: Supply) -> TaxTreatment:
        """Return the standard category at the rate of the table."""
        return TaxTreatment(TaxCategory.STANDARD, self.rates.rate(supply.tax, country=supply.buyer_country, on=supply.tax_point))
