"""Discounts: what a company offers, what an account was promised, and what each line bears of it."""

from typing import TYPE_CHECKING

from billing_domain.rooms import opened_late

if TYPE_CHECKING:
    from billing_domain.conditions import (
        ARREARS,
        SEGMENT,
        TENURE_MONTHS,
        Facts,
        all_of,
        any_of,
        at_least,
        condition,
        not_,
    )
    from billing_domain.discounts.authority import Agent, AuthorityMatrix, Budget, GrantKind, GrantReason, Limit
    from billing_domain.discounts.benefits import (
        FixedAmount,
        FixedPrice,
        FreePeriods,
        FreeUnits,
        Percent,
        PercentTier,
        TieredPercent,
        WaivedFee,
    )
    from billing_domain.discounts.choosing import DOCUMENT_TOTAL, NO_DISCOUNTS, Asked, Discounts
    from billing_domain.discounts.claims import BudgetClaim, Claimed, ClaimStore, claims_of, commit
    from billing_domain.discounts.comparing import Compared, Evaluation, compare_discounts, evaluate, past_document, why
    from billing_domain.discounts.considering import granted
    from billing_domain.discounts.dumping import dump_policy
    from billing_domain.discounts.duration import Duration, DurationKind, Window
    from billing_domain.discounts.engine import apply, share_out
    from billing_domain.discounts.given import NOTHING_GIVEN
    from billing_domain.discounts.judging import approve, judge
    from billing_domain.discounts.lanes import Lane, Stack
    from billing_domain.discounts.linting import MatrixFault, MatrixFinding, check_matrix
    from billing_domain.discounts.loading import PolicyCodes, load_policies
    from billing_domain.discounts.model import Grant
    from billing_domain.discounts.policy import DiscountPolicy
    from billing_domain.discounts.proposing import propose
    from billing_domain.discounts.protocols import Base, BaseLine, Benefit, Bid, Codes, Covering, Given, Proposal, Stacking
    from billing_domain.discounts.records import Discounted, DiscountRecord, Stage
    from billing_domain.discounts.requests import (
        FailedRule,
        Granted,
        GrantRecord,
        GrantRequest,
        Judgement,
        Nearest,
        NeedsApproval,
        RecordState,
        Refused,
        whole_value,
    )
    from billing_domain.discounts.reserving import GrantStore, reserve
    from billing_domain.discounts.schema import policies_schema
    from billing_domain.discounts.scope import Scope, ScopeKind
    from billing_domain.discounts.terms import Basis, Caps, Exclusive, Surplus
    from billing_domain.discounts.wording import policy_sentence
    from billing_domain.invoicing.allowances import AllowanceReason
else:
    __getattr__, __dir__ = opened_late(__name__, {
        "billing_domain.conditions": "ARREARS SEGMENT TENURE_MONTHS Facts all_of any_of at_least condition not_",
        "billing_domain.discounts.authority": "Agent AuthorityMatrix Budget GrantKind GrantReason Limit",
        "billing_domain.discounts.benefits": "FixedAmount FixedPrice FreePeriods FreeUnits Percent PercentTier TieredPercent WaivedFee",
        "billing_domain.discounts.choosing": "DOCUMENT_TOTAL NO_DISCOUNTS Asked Discounts",
        "billing_domain.discounts.claims": "BudgetClaim Claimed ClaimStore claims_of commit",
        "billing_domain.discounts.comparing": "Compared Evaluation compare_discounts evaluate past_document why",
        "billing_domain.discounts.considering": "granted",
        "billing_domain.discounts.dumping": "dump_policy",
        "billing_domain.discounts.duration": "Duration DurationKind Window",
        "billing_domain.discounts.engine": "apply share_out",
        "billing_domain.discounts.given": "NOTHING_GIVEN",
        "billing_domain.discounts.judging": "approve judge",
        "billing_domain.discounts.lanes": "Lane Stack",
        "billing_domain.discounts.linting": "MatrixFault MatrixFinding check_matrix",
        "billing_domain.discounts.loading": "PolicyCodes load_policies",
        "billing_domain.discounts.model": "Grant",
        "billing_domain.discounts.policy": "DiscountPolicy",
        "billing_domain.discounts.proposing": "propose",
        "billing_domain.discounts.protocols": "Base BaseLine Benefit Bid Codes Covering Given Proposal Stacking",
        "billing_domain.discounts.records": "Discounted DiscountRecord Stage",
        "billing_domain.discounts.requests":
            "FailedRule Granted GrantRecord GrantRequest Judgement Nearest NeedsApproval RecordState Refused whole_value",
        "billing_domain.discounts.reserving": "GrantStore reserve",
        "billing_domain.discounts.schema": "policies_schema",
        "billing_domain.discounts.scope": "Scope ScopeKind",
        "billing_domain.discounts.terms": "Basis Caps Exclusive Surplus",
        "billing_domain.discounts.wording": "policy_sentence",
        "billing_domain.invoicing.allowances": "AllowanceReason",
    })  # fmt: skip

__all__ = [
    "ARREARS",
    "DOCUMENT_TOTAL",
    "NOTHING_GIVEN",
    "NO_DISCOUNTS",
    "SEGMENT",
    "TENURE_MONTHS",
    "Agent",
    "AllowanceReason",
    "Asked",
    "AuthorityMatrix",
    "Base",
    "BaseLine",
    "Basis",
    "Benefit",
    "Bid",
    "Budget",
    "BudgetClaim",
    "Caps",
    "ClaimStore",
    "Claimed",
    "Codes",
    "Compared",
    "Covering",
    "DiscountPolicy",
    "DiscountRecord",
    "Discounted",
    "Discounts",
    "Duration",
    "DurationKind",
    "Evaluation",
    "Exclusive",
    "Facts",
    "FailedRule",
    "FixedAmount",
    "FixedPrice",
    "FreePeriods",
    "FreeUnits",
    "Given",
    "Grant",
    "GrantKind",
    "GrantReason",
    "GrantRecord",
    "GrantRequest",
    "GrantStore",
    "Granted",
    "Judgement",
    "Lane",
    "Limit",
    "MatrixFault",
    "MatrixFinding",
    "Nearest",
    "NeedsApproval",
    "Percent",
    "PercentTier",
    "PolicyCodes",
    "Proposal",
    "RecordState",
    "Refused",
    "Scope",
    "ScopeKind",
    "Stack",
    "Stacking",
    "Stage",
    "Surplus",
    "TieredPercent",
    "WaivedFee",
    "Window",
    "all_of",
    "any_of",
    "apply",
    "approve",
    "at_least",
    "check_matrix",
    "claims_of",
    "commit",
    "compare_discounts",
    "condition",
    "dump_policy",
    "evaluate",
    "granted",
    "judge",
    "load_policies",
    "not_",
    "past_document",
    "policies_schema",
    "policy_sentence",
    "propose",
    "reserve",
    "share_out",
    "whole_value",
    "why",
]
