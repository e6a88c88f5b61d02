"""What the author of a plugin imports in tests: builders, Hypothesis strategies and contract classes.

Needs the extra `testing` (hypothesis, pytest); nothing else of the library imports it.
"""

from billing_domain.testing.benefit_contract import BenefitContract
from billing_domain.testing.builders import a_plan, a_snapshot, an_account, an_invoice, billed_months, rules
from billing_domain.testing.care_contracts import PhrasebookContract, ReviewCheckContract, Reviewed, Secret, SecretVerifierContract
from billing_domain.testing.condition_contract import ConditionContract
from billing_domain.testing.document_contracts import AllocationContract, HoldContract, StackingContract
from billing_domain.testing.document_strategies import attachments, details, line_charges, line_details, parties
from billing_domain.testing.models import public_classes, values
from billing_domain.testing.plugin_contract import PluginContract
from billing_domain.testing.policy_cases import PolicyCase, policy_cases
from billing_domain.testing.policy_contract import DiscountPolicyContract
from billing_domain.testing.pricing_contracts import EarlyFeeContract, PriceModelContract, ProrationContract
from billing_domain.testing.store_contract import ClaimStoreContract, ThreadedClaims
from billing_domain.testing.strategies import (
    accounts,
    allotments,
    amounts,
    bases,
    bids,
    currencies,
    days,
    demands,
    drafts,
    leavings,
    lines,
    measured,
    quantities,
    schedules,
    served,
    snapshots,
    stretches,
    supplies,
    tilings,
    units,
)
from billing_domain.testing.study_contracts import Moment, PropensityModelContract, ReplayedPolicyContract, TargetContract
from billing_domain.testing.switching_contract import SwitchingContract, switches
from billing_domain.testing.tax_contract import TaxPointContract, TaxPolicyContract

__all__ = [
    "AllocationContract",
    "BenefitContract",
    "ClaimStoreContract",
    "ConditionContract",
    "DiscountPolicyContract",
    "EarlyFeeContract",
    "HoldContract",
    "Moment",
    "PhrasebookContract",
    "PluginContract",
    "PolicyCase",
    "PriceModelContract",
    "PropensityModelContract",
    "ProrationContract",
    "ReplayedPolicyContract",
    "ReviewCheckContract",
    "Reviewed",
    "Secret",
    "SecretVerifierContract",
    "StackingContract",
    "SwitchingContract",
    "TargetContract",
    "TaxPointContract",
    "TaxPolicyContract",
    "ThreadedClaims",
    "a_plan",
    "a_snapshot",
    "accounts",
    "allotments",
    "amounts",
    "an_account",
    "an_invoice",
    "attachments",
    "bases",
    "bids",
    "billed_months",
    "currencies",
    "days",
    "demands",
    "details",
    "drafts",
    "leavings",
    "line_charges",
    "line_details",
    "lines",
    "measured",
    "parties",
    "policy_cases",
    "public_classes",
    "quantities",
    "rules",
    "schedules",
    "served",
    "snapshots",
    "stretches",
    "supplies",
    "switches",
    "tilings",
    "units",
    "values",
]
