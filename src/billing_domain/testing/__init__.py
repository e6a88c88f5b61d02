"""What the author of a plugin imports in tests: builders, Hypothesis strategies and contract classes.

Needs the extra `testing` (hypothesis, pytest); nothing else of the library imports it.
"""

from billing_domain.testing.benefit_contract import BenefitContract
from billing_domain.testing.builders import a_plan, a_snapshot, an_account, an_invoice, billed_months, rules
from billing_domain.testing.condition_contract import ConditionContract
from billing_domain.testing.plugin_contract import PluginContract
from billing_domain.testing.pricing_contracts import PriceModelContract, ProrationContract
from billing_domain.testing.strategies import (
    accounts,
    amounts,
    bases,
    currencies,
    days,
    measured,
    quantities,
    schedules,
    supplies,
    tilings,
)
from billing_domain.testing.tax_contract import TaxPolicyContract

__all__ = [
    "BenefitContract",
    "ConditionContract",
    "PluginContract",
    "PriceModelContract",
    "ProrationContract",
    "TaxPolicyContract",
    "a_plan",
    "a_snapshot",
    "accounts",
    "amounts",
    "an_account",
    "an_invoice",
    "bases",
    "billed_months",
    "currencies",
    "days",
    "measured",
    "quantities",
    "rules",
    "schedules",
    "supplies",
    "tilings",
]
