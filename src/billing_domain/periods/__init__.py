"""Half-open dates, billing cycles, schedules and the shares of a period."""

from billing_domain.instants import checked_instant
from billing_domain.periods.business import BusinessDays
from billing_domain.periods.conventions import FixedDays, MonthsFirst, NoProration, OverDays, Thirty360, WholePeriods, WorkingDays
from billing_domain.periods.cycle import Alignment, BillingCycle, Frequency, FrequencyUnit, Schedule
from billing_domain.periods.period import Period, checked_day, local_day, start_of_day, tiles
from billing_domain.periods.proration import ActualDays, Days, Proration, Share, Stretch

__all__ = [
    "ActualDays",
    "Alignment",
    "BillingCycle",
    "BusinessDays",
    "Days",
    "FixedDays",
    "Frequency",
    "FrequencyUnit",
    "MonthsFirst",
    "NoProration",
    "OverDays",
    "Period",
    "Proration",
    "Schedule",
    "Share",
    "Stretch",
    "Thirty360",
    "WholePeriods",
    "WorkingDays",
    "checked_day",
    "checked_instant",
    "local_day",
    "start_of_day",
    "tiles",
]
