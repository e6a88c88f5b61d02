"""One class for each protocol; the author of a plugin inherits from it in a test module."""

from billing_domain.testing.contracts.common import PluginContract
from billing_domain.testing.contracts.conditions import ConditionContract
from billing_domain.testing.contracts.discounts import BenefitContract
from billing_domain.testing.contracts.pricing import PriceModelContract, ProrationContract
from billing_domain.testing.contracts.taxing import TaxPolicyContract

__all__ = ["BenefitContract", "ConditionContract", "PluginContract", "PriceModelContract", "ProrationContract", "TaxPolicyContract"]
