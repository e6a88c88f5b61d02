"""A price model and a proration."""

from decimal import Decimal

from attrs import frozen

from billing_domain.plugins import Measured, Share, Step, Stretch, Working

SATURDAY = 5


@frozen
class DayAndNight:
    """One price by day, another by night; both stay visible on the line."""

    code = "acme:day-night"
    day: Decimal
    night: Decimal

    def work_out(self, measured: Measured) -> Working:
        """Return a step for each tariff."""
        return Working(
            [
                Step("day", quantity=measured.where(tariff="day"), price=self.day),
                Step("night", quantity=measured.where(tariff="night"), price=self.night),
            ]
        )


@frozen
class WorkingDays:
    """Only Monday to Friday count; a period without any is charged by its days."""

    code = "acme:working-days"

    def share(self, stretch: Stretch) -> Share:
        """Return working days over working days."""
        whole = sum(day.weekday() < SATURDAY for day in stretch.whole)
        if not whole:
            return Share(stretch.part.days, of=stretch.whole.days)
        return Share(sum(day.weekday() < SATURDAY for day in stretch.part), of=whole)
