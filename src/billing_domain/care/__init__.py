"""Answer the call: who is calling, is the customer treated fairly, what does the bill say, and what may be done."""

from billing_domain.care.cases import open_dispute
from billing_domain.care.concession import Concession, concede, overdue_promises
from billing_domain.care.identity import Action, Authorisation, VerificationPolicy, VerifiedCaller
from billing_domain.care.options import Offer, approve, grant, options
from billing_domain.care.redaction import redact
from billing_domain.care.secrets import Attempt, Enrolment, FactorCategory, FactorKind, Scrypt, SecretVerifier, attempt, enrol
from billing_domain.care.verification import LockedOut, MoreNeeded, Verification, Verified, verify
from billing_domain.discounts import Granted, GrantReason, NeedsApproval, Refused
from billing_domain.disputes import Claim, DisputeReason, Ruling

__all__ = [
    "Action",
    "Attempt",
    "Authorisation",
    "Claim",
    "Concession",
    "DisputeReason",
    "Enrolment",
    "FactorCategory",
    "FactorKind",
    "GrantReason",
    "Granted",
    "LockedOut",
    "MoreNeeded",
    "NeedsApproval",
    "Offer",
    "Refused",
    "Ruling",
    "Scrypt",
    "SecretVerifier",
    "Verification",
    "VerificationPolicy",
    "Verified",
    "VerifiedCaller",
    "approve",
    "attempt",
    "concede",
    "enrol",
    "grant",
    "open_dispute",
    "options",
    "overdue_promises",
    "redact",
    "verify",
]
