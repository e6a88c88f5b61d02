"""Standards for waiting as dated data, each with its source; rules of law are for software here, they are not legal advice."""

from datetime import date, timedelta

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError
from billing_domain.waiting.targets import ServiceLevel


@guarded
@attrs.frozen
class WaitingStandard:
    """What a rule or a custom asks of those who answer calls.

    Args:
        code: A short code that never changes its meaning.
        title: Its name.
        jurisdiction: Where it holds, as an ISO 3166 code; empty where it is a custom of the trade.
        level: The service level; where the source does not say which calls count, all do, the strictest reading.
        source: Where the rule stands.
        checked_on: The day it was last compared with a source.
        valid_from: The first day it holds; none where no day is known.
        valid_to: The last day it holds; none while it does.
        comply_by: The last day by which companies must have adapted; none where they had to at once.
        measured_over: Over what the level is taken, such as a quarter; empty where the source does not say.
        transfer_within: The longest transfer; none where the source says nothing.
        busy_below_percent: Busy signals are fewer than that; none where the source says nothing.
        duties: What else it asks for and this library does not measure.

    Raises:
        InvalidPeriodError: It ends before it begins.
    """

    code: str
    title: str
    jurisdiction: str
    level: ServiceLevel
    source: str
    checked_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    comply_by: date | None = None
    measured_over: str = ""
    transfer_within: timedelta | None = None
    busy_below_percent: int | None = None
    duties: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise InvalidPeriodError(f"{self.valid_from} to {self.valid_to}", "a standard does not end before it begins", "swap the two")

    def holds(self, on: date) -> bool:
        """Return whether it is in force on the day.

        Example:
            >>> from datetime import date
            >>> from billing_domain.waiting import ES_LEY_10_2025
            >>> ES_LEY_10_2025.holds(date(2025, 12, 27)), ES_LEY_10_2025.holds(date(2025, 12, 28))
            (False, True)
        """
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


INDUSTRY_80_20 = WaitingStandard(
    code="industry-80-20",
    title="Eighty percent in twenty seconds",
    jurisdiction="",
    level=ServiceLevel(percent=80, within=timedelta(seconds=20)),
    source="custom of call centres, no rule of law",
    checked_on=date(2026, 11, 23),
)
"""80 percent within 20 seconds: the usual target of the trade, which no law asks for."""

US_CABLE_76_309 = WaitingStandard(
    code="us-cable-76.309",
    title="Customer service obligations of cable operators",
    jurisdiction="US",
    level=ServiceLevel(percent=90, within=timedelta(seconds=30)),
    source="47 CFR 76.309(c)(1)",
    checked_on=date(2026, 11, 23),
    valid_from=date(1993, 7, 1),
    measured_over="quarter, under normal operating conditions",
    transfer_within=timedelta(seconds=30),
    busy_below_percent=3,
)
"""90 percent within 30 seconds, wait included, transfer within 30 more, busy signals below 3 percent."""

ES_LEY_10_2025 = WaitingStandard(
    code="es-ley-10-2025",
    title="Ley 10/2025, de 26 de diciembre, por la que se regulan los servicios de atención a la clientela",
    jurisdiction="ES",
    level=ServiceLevel(percent=95, within=timedelta(minutes=3)),
    source="Ley 10/2025, BOE of 27 December 2025",
    checked_on=date(2026, 11, 23),
    valid_from=date(2025, 12, 28),
    comply_by=date(2026, 12, 28),
    measured_over="mean; the law does not say over what",
    duties=("a human answers on request", "an answering machine is not the only way to be served"),
)
"""95 percent of the calls received within three minutes on average; companies have until 28 December 2026 to adapt."""

STANDARDS = (INDUSTRY_80_20, US_CABLE_76_309, ES_LEY_10_2025)
"""All standards that come with the library."""
