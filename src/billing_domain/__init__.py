"""A pure-Python billing domain library: bill, collect, answer the call, learn."""

from typing import TYPE_CHECKING

from billing_domain.rooms import opened_late

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
else:
    __getattr__, __dir__ = opened_late(__name__, {
        "billing_domain.accounts": "Account Party",
        "billing_domain.billing": "AccountSnapshot Rulebook bill bill_many",
        "billing_domain.care": "approve compare_plans explain grant open_dispute options review verify what_if",
        "billing_domain.catalog": "Plan",
        "billing_domain.disputes": "settle",
        "billing_domain.errors": "BillingError",
        "billing_domain.invoicing": "credit",
        "billing_domain.money": "Money",
        "billing_domain.payments": "statement",
        "billing_domain.presets": "presets",
        "billing_domain.retention": "compare_practices",
        "billing_domain.subscriptions": "Subscription",
        "billing_domain.usage": "UsageRecord",
    })  # fmt: skip

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
