"""Answer the call: who is calling, is the customer treated fairly, what does the bill say, and what may be done."""

from billing_domain.care.cases import open_dispute, reopen_dispute, withdraw_dispute
from billing_domain.care.compare import compare_plans
from billing_domain.care.concession import Concession, concede, overdue_promises
from billing_domain.care.driver_model import Driver, DriverKind, Responsible
from billing_domain.care.drivers import drivers_between, first_bill
from billing_domain.care.explanation import explain
from billing_domain.care.explanation_model import Detail, Explanation, LineExplanation
from billing_domain.care.factors import FactorCategory, FactorKind
from billing_domain.care.hashing import Scrypt, SecretVerifier
from billing_domain.care.identity import Action, Authorisation, VerificationPolicy, VerifiedCaller
from billing_domain.care.options import Offer, approve, grant, options
from billing_domain.care.phrases import Phrase, Phrasebook, PhraseTable
from billing_domain.care.plan_choice import PlanChoice
from billing_domain.care.redaction import redact
from billing_domain.care.review_model import Concern, Direction, Remedy, Review, ReviewFinding, Verdict
from billing_domain.care.review_protocols import ReviewCase, ReviewCheck
from billing_domain.care.review_records import AgentPromise, Interaction, Notice
from billing_domain.care.reviewing import review
from billing_domain.care.secrets import CODE_LIFETIME, Attempt, Enrolment, attempt, enrol
from billing_domain.care.switching import AnyTime, Switch, Switching, SwitchRules
from billing_domain.care.verification import LockedOut, MoreNeeded, Verification, Verified, verify
from billing_domain.care.what_if import WhatIf, next_bill, what_if
from billing_domain.discounts import Granted, GrantReason, NeedsApproval, Refused
from billing_domain.disputes import Claim, DisputeReason, Ruling

__all__ = [
    "CODE_LIFETIME",
    "Action",
    "AgentPromise",
    "AnyTime",
    "Attempt",
    "Authorisation",
    "Claim",
    "Concern",
    "Concession",
    "Detail",
    "Direction",
    "DisputeReason",
    "Driver",
    "DriverKind",
    "Enrolment",
    "Explanation",
    "FactorCategory",
    "FactorKind",
    "GrantReason",
    "Granted",
    "Interaction",
    "LineExplanation",
    "LockedOut",
    "MoreNeeded",
    "NeedsApproval",
    "Notice",
    "Offer",
    "Phrase",
    "PhraseTable",
    "Phrasebook",
    "PlanChoice",
    "Refused",
    "Remedy",
    "Responsible",
    "Review",
    "ReviewCase",
    "ReviewCheck",
    "ReviewFinding",
    "Ruling",
    "Scrypt",
    "SecretVerifier",
    "Switch",
    "SwitchRules",
    "Switching",
    "Verdict",
    "Verification",
    "VerificationPolicy",
    "Verified",
    "VerifiedCaller",
    "WhatIf",
    "approve",
    "attempt",
    "compare_plans",
    "concede",
    "drivers_between",
    "enrol",
    "explain",
    "first_bill",
    "grant",
    "next_bill",
    "open_dispute",
    "options",
    "overdue_promises",
    "redact",
    "reopen_dispute",
    "review",
    "verify",
    "what_if",
    "withdraw_dispute",
]
