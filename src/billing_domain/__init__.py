"""A pure-Python billing domain library: bill, collect, answer the call, learn."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_domain import presets
    from billing_domain.accounts import Account, Party
    from billing_domain.billing import AccountSnapshot, Rulebook, bill, bill_many
    from billing_domain.care import approve, compare_plans, explain, grant, open_dispute, options, review, verify, what_if
    from billing_domain.catalog import Plan
    from billing_domain.disputes import settle
    from billing_domain.errors import BillingError
    from billing_domain.invoicing import credit
    from billing_domain.money import Money
    from billing_domain.payments import statement
    from billing_domain.retention import compare_practices
    from billing_domain.subscriptions import Subscription
    from billing_domain.usage import UsageRecord

__all__ = [
    "Account",
    "AccountSnapshot",
    "BillingError",
    "Money",
    "Party",
    "Plan",
    "Rulebook",
    "Subscription",
    "UsageRecord",
    "approve",
    "bill",
    "bill_many",
    "compare_plans",
    "compare_practices",
    "credit",
    "explain",
    "grant",
    "open_dispute",
    "options",
    "presets",
    "review",
    "settle",
    "statement",
    "verify",
    "what_if",
]

_ROOMS = {
    "accounts": ("Account", "Party"),
    "billing": ("AccountSnapshot", "Rulebook", "bill", "bill_many"),
    "care": ("approve", "compare_plans", "explain", "grant", "open_dispute", "options", "review", "verify", "what_if"),
    "catalog": ("Plan",),
    "disputes": ("settle",),
    "errors": ("BillingError",),
    "invoicing": ("credit",),
    "money": ("Money",),
    "payments": ("statement",),
    "retention": ("compare_practices",),
    "subscriptions": ("Subscription",),
    "usage": ("UsageRecord",),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Open the room of a name when it is first wanted, so that a program loads what it uses and no more."""
    if name == "presets":
        return import_module("billing_domain.presets")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
