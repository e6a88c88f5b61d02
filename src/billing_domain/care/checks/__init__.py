"""What a review looks for: each check finds one sort of unfairness and fits the protocol `ReviewCheck`."""

from billing_domain.care.checks.charges import (
    BackBillTooOld,
    ChargedAfterCancellation,
    ChargedBeforeActivation,
    DuplicateCharge,
    EarlyExitFeeWrong,
    OverlappingRecurring,
    PriceAboveContract,
    ProrationError,
    RerateMismatch,
    Undercharged,
)
from billing_domain.care.checks.documents import BillIncomplete, SumError, TaxError
from billing_domain.care.checks.money_in import LateFeeImproper, PaymentNotCredited, SafeguardMissing
from billing_domain.care.checks.notices import NOTICE_CHECKS, BestTariffNoticeMissing, ExpiredPromoUnannounced, PriceRiseWithoutNotice
from billing_domain.care.checks.offers import BetterTariffAvailable, LoyaltyPenalty, UnusedService
from billing_domain.care.checks.promises import CreditPromisedNotPosted, DiscountEndedEarly, MissingPromisedDiscount
from billing_domain.care.review_protocols import ReviewCheck

STANDARD_CHECKS: tuple[ReviewCheck, ...] = (
    PriceAboveContract(),
    DuplicateCharge(),
    ChargedAfterCancellation(),
    ChargedBeforeActivation(),
    ProrationError(),
    OverlappingRecurring(),
    BackBillTooOld(),
    RerateMismatch(),
    MissingPromisedDiscount(),
    DiscountEndedEarly(),
    TaxError(),
    EarlyExitFeeWrong(),
    LateFeeImproper(),
    PaymentNotCredited(),
    SafeguardMissing(),
    CreditPromisedNotPosted(),
    SumError(),
    BillIncomplete(),
    Undercharged(),
    LoyaltyPenalty(),
    BetterTariffAvailable(),
    UnusedService(),
)
"""All checks of this package, the particular before the general."""

__all__ = [
    "NOTICE_CHECKS",
    "STANDARD_CHECKS",
    "BackBillTooOld",
    "BestTariffNoticeMissing",
    "BetterTariffAvailable",
    "BillIncomplete",
    "ChargedAfterCancellation",
    "ChargedBeforeActivation",
    "CreditPromisedNotPosted",
    "DiscountEndedEarly",
    "DuplicateCharge",
    "EarlyExitFeeWrong",
    "ExpiredPromoUnannounced",
    "LateFeeImproper",
    "LoyaltyPenalty",
    "MissingPromisedDiscount",
    "OverlappingRecurring",
    "PaymentNotCredited",
    "PriceAboveContract",
    "PriceRiseWithoutNotice",
    "ProrationError",
    "RerateMismatch",
    "SafeguardMissing",
    "SumError",
    "TaxError",
    "Undercharged",
    "UnusedService",
]
