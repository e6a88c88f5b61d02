"""What the customer owes, payments, statements, and how debt is collected."""

from billing_domain.invoicing import EntryKind
from billing_domain.payments.allocation import (
    STANDARD,
    NamedOnly,
    OldestDueFirst,
    Proportional,
    SmallestFirst,
    UndisputedFirst,
    over_lines,
)
from billing_domain.payments.arrangements import (
    Delivery,
    DueDateChange,
    FlagKind,
    HoldFlag,
    Instalment,
    InstalmentPlan,
    PromiseToPay,
)
from billing_domain.payments.balances import Applied, Balances, MoneyItem, OpenItem, balances
from billing_domain.payments.books import Firmness, MoneyKind
from billing_domain.payments.checking import check_ledger, check_void
from billing_domain.payments.closing import open_facts, open_numbers
from billing_domain.payments.dunning import Act, Clear, DunningResult, Paused, PauseReason, Wait, dun, forecast_dunning
from billing_domain.payments.entries import Entry, StatementKind
from billing_domain.payments.facts import LEDGER_FACTS, LedgerFact
from billing_domain.payments.fees import LATE_FEE, DayCount, FeeSegment, LateFee, LateFeePolicy
from billing_domain.payments.instalments import PlanStanding, PlanState, charge_order, instalments, plan_standing
from billing_domain.payments.late_fees import late_fees
from billing_domain.payments.model import (
    AccountCredit,
    Application,
    CreditKind,
    FailedPayment,
    Payment,
    Recovery,
    Refund,
    Reversal,
    SettledOutside,
    WriteOff,
)
from billing_domain.payments.policy import DunningAction, DunningPolicy, DunningRecord, DunningStep
from billing_domain.payments.protocols import Allocation, Allotment, Debt, Hold, Ledger
from billing_domain.payments.remainder import place_remainder, remainder
from billing_domain.payments.returned_fees import fee_on, fees_on_corrections, return_fees
from billing_domain.payments.statement import Aging, AgingBucket, Statement, statement

__all__ = [
    "LATE_FEE",
    "LEDGER_FACTS",
    "STANDARD",
    "AccountCredit",
    "Act",
    "Aging",
    "AgingBucket",
    "Allocation",
    "Allotment",
    "Application",
    "Applied",
    "Balances",
    "Clear",
    "CreditKind",
    "DayCount",
    "Debt",
    "Delivery",
    "DueDateChange",
    "DunningAction",
    "DunningPolicy",
    "DunningRecord",
    "DunningResult",
    "DunningStep",
    "Entry",
    "EntryKind",
    "FailedPayment",
    "FeeSegment",
    "Firmness",
    "FlagKind",
    "Hold",
    "HoldFlag",
    "Instalment",
    "InstalmentPlan",
    "LateFee",
    "LateFeePolicy",
    "Ledger",
    "LedgerFact",
    "MoneyItem",
    "MoneyKind",
    "NamedOnly",
    "OldestDueFirst",
    "OpenItem",
    "PauseReason",
    "Paused",
    "Payment",
    "PlanStanding",
    "PlanState",
    "PromiseToPay",
    "Proportional",
    "Recovery",
    "Refund",
    "Reversal",
    "SettledOutside",
    "SmallestFirst",
    "Statement",
    "StatementKind",
    "UndisputedFirst",
    "Wait",
    "WriteOff",
    "balances",
    "charge_order",
    "check_ledger",
    "check_void",
    "dun",
    "fee_on",
    "fees_on_corrections",
    "forecast_dunning",
    "instalments",
    "late_fees",
    "open_facts",
    "open_numbers",
    "over_lines",
    "place_remainder",
    "plan_standing",
    "remainder",
    "return_fees",
    "statement",
]
