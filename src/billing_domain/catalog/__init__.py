"""What is sold and how it is priced."""

from billing_domain.catalog.model import (
    Aggregation,
    Catalog,
    Charge,
    Meter,
    OneOffCharge,
    Plan,
    Product,
    RecurringCharge,
    Timing,
    UsageCharge,
)
from billing_domain.catalog.prices import Flat, Graduated, PerUnit, Tier
from billing_domain.catalog.protocols import PriceModel
from billing_domain.catalog.working import Event, Measured, Step, Working

__all__ = [
    "Aggregation",
    "Catalog",
    "Charge",
    "Event",
    "Flat",
    "Graduated",
    "Measured",
    "Meter",
    "OneOffCharge",
    "PerUnit",
    "Plan",
    "PriceModel",
    "Product",
    "RecurringCharge",
    "Step",
    "Tier",
    "Timing",
    "UsageCharge",
    "Working",
]
