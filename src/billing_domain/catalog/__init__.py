"""What is sold and how it is priced."""

from billing_domain.catalog.combined import Bounded, Capacity, Level, Matrix
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
from billing_domain.catalog.percentages import GraduatedPercentage, Percentage
from billing_domain.catalog.prices import Flat, Graduated, Package, PerUnit, Stairstep, Volume
from billing_domain.catalog.protocols import PriceModel
from billing_domain.catalog.tiers import PercentTier, Tier
from billing_domain.catalog.working import Event, Measured, Step, Working

__all__ = [
    "Aggregation",
    "Bounded",
    "Capacity",
    "Catalog",
    "Charge",
    "Event",
    "Flat",
    "Graduated",
    "GraduatedPercentage",
    "Level",
    "Matrix",
    "Measured",
    "Meter",
    "OneOffCharge",
    "Package",
    "PerUnit",
    "PercentTier",
    "Percentage",
    "Plan",
    "PriceModel",
    "Product",
    "RecurringCharge",
    "Stairstep",
    "Step",
    "Tier",
    "Timing",
    "UsageCharge",
    "Volume",
    "Working",
]
