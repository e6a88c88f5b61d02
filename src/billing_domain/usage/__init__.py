"""What was consumed, and how records become one quantity."""

from billing_domain.catalog import Aggregation, Measured, Meter
from billing_domain.usage.model import UsageRecord
from billing_domain.usage.rollup import Window, rollup, rollup_groups

__all__ = ["Aggregation", "Measured", "Meter", "UsageRecord", "Window", "rollup", "rollup_groups"]
