"""Plugins for `billing_domain`: prices by day and night, working days, taxes of the buyer's country, and a loyalty discount."""

from acme_billing.discounts import HalfOf, loyal, loyalty
from acme_billing.prices import DayAndNight, WorkingDays
from acme_billing.taxes import OneStopShop

__all__ = ["DayAndNight", "HalfOf", "OneStopShop", "WorkingDays", "loyal", "loyalty"]
