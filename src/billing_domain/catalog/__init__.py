"""What is sold and how it is priced."""

from billing_domain.catalog.charges import (
    Aggregation,
    Charge,
    CommitmentCharge,
    Meter,
    OneOffCharge,
    Product,
    RecurringCharge,
    Timing,
    UsageCharge,
)
from billing_domain.catalog.combined import Bounded, Capacity, Level, Matrix
from billing_domain.catalog.model import Catalog, Plan
from billing_domain.catalog.percentages import GraduatedPercentage, Percentage
from billing_domain.catalog.phases import Moves, Phase, PhaseKind, PriceList, Release
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
    "CommitmentCharge",
    "Event",
    "Flat",
    "Graduated",
    "GraduatedPercentage",
    "Level",
    "Matrix",
    "Measured",
    "Meter",
    "Moves",
    "OneOffCharge",
    "Package",
    "PerUnit",
    "PercentTier",
    "Percentage",
    "Phase",
    "PhaseKind",
    "Plan",
    "PriceList",
    "PriceModel",
    "Product",
    "RecurringCharge",
    "Release",
    "Stairstep",
    "Step",
    "Tier",
    "Timing",
    "UsageCharge",
    "Volume",
    "Working",
]
