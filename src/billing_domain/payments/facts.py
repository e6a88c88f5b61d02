"""The closed union of what a ledger holds."""

from billing_domain.payments.arrangements import Delivery, DueDateChange, HoldFlag, InstalmentPlan, PromiseToPay
from billing_domain.payments.fees import LateFee
from billing_domain.payments.model import (
    AccountCredit,
    Application,
    FailedPayment,
    Payment,
    Recovery,
    Refund,
    Reversal,
    SettledOutside,
    WriteOff,
)
from billing_domain.payments.policy import DunningRecord

LedgerFact = (
    Payment
    | FailedPayment
    | Reversal
    | Refund
    | AccountCredit
    | Application
    | SettledOutside
    | WriteOff
    | Recovery
    | InstalmentPlan
    | PromiseToPay
    | DueDateChange
    | Delivery
    | HoldFlag
    | DunningRecord
    | LateFee
)
"""What a ledger holds; a snapshot takes each of them by `add`."""

LEDGER_FACTS: tuple[type, ...] = (
    Payment, FailedPayment, Reversal, Refund, AccountCredit, Application, SettledOutside, WriteOff, Recovery,
    InstalmentPlan, PromiseToPay, DueDateChange, Delivery, HoldFlag, DunningRecord, LateFee,
)  # fmt: skip
"""The members of the union."""
