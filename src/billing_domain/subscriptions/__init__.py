"""What was agreed, day by day, and sales outside any plan."""

from billing_domain.catalog import Product
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
from billing_domain.subscriptions.model import Item, Order, Subscription
from billing_domain.subscriptions.timeline import Terms, terms_on, timeline
from billing_domain.tax import TaxClass

__all__ = [
    "Cancelled",
    "Change",
    "CycleChanged",
    "Item",
    "Order",
    "Paused",
    "PlanChanged",
    "PriceOverridden",
    "Product",
    "QuantityChanged",
    "Resumed",
    "Subscription",
    "TaxClass",
    "Terms",
    "terms_on",
    "timeline",
]
