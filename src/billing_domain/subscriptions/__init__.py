"""What was agreed, day by day, and sales outside any plan."""

from billing_domain.catalog import Product
from billing_domain.subscriptions.contract import Contract, DecliningFee, EarlyFee, FlatFee, Leaving, RemainingShare, Renewal
from billing_domain.subscriptions.effective import Effective, effective_day
from billing_domain.subscriptions.events import (
    Cancelled,
    Change,
    CycleChanged,
    Paused,
    PlanChanged,
    PriceOverridden,
    QuantityChanged,
    Resumed,
)
from billing_domain.subscriptions.leaving import LeavingReason, Termination, Waiver, terminate
from billing_domain.subscriptions.model import Item, Order, Subscription
from billing_domain.subscriptions.moving import move
from billing_domain.subscriptions.timeline import Terms, terms_on, timeline
from billing_domain.tax import TaxClass

__all__ = [
    "Cancelled",
    "Change",
    "Contract",
    "CycleChanged",
    "DecliningFee",
    "EarlyFee",
    "Effective",
    "FlatFee",
    "Item",
    "Leaving",
    "LeavingReason",
    "Order",
    "Paused",
    "PlanChanged",
    "PriceOverridden",
    "Product",
    "QuantityChanged",
    "RemainingShare",
    "Renewal",
    "Resumed",
    "Subscription",
    "TaxClass",
    "Termination",
    "Terms",
    "Waiver",
    "effective_day",
    "move",
    "terminate",
    "terms_on",
    "timeline",
]
