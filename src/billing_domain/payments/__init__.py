"""What the customer owes, payments, statements, and how debt is collected."""

from typing import TYPE_CHECKING

from billing_domain.rooms import opened_late

if TYPE_CHECKING:
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
    from billing_domain.payments.balance import Applied, Balances, MoneyItem, OpenItem, balances
    from billing_domain.payments.books import Firmness, MoneyKind
    from billing_domain.payments.checking import check_ledger, check_void
    from billing_domain.payments.closing import open_facts, open_numbers
    from billing_domain.payments.dunning import Act, Clear, DunningResult, Paused, PauseReason, Wait, dun, forecast_dunning
    from billing_domain.payments.entries import Entry, StatementKind
    from billing_domain.payments.facts import LEDGER_FACTS, LedgerFact
    from billing_domain.payments.fees import LATE_FEE, DayCount, FeeSegment, LateFee, LateFeePolicy
    from billing_domain.payments.instalment_plans import PlanStanding, PlanState, charge_order, instalments, plan_standing
    from billing_domain.payments.lateness import late_fees
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
    from billing_domain.payments.remaining import place_remainder, remainder
    from billing_domain.payments.returned_fees import fee_on, fees_on_corrections, return_fees
    from billing_domain.payments.statements import Aging, AgingBucket, Statement, statement
else:
    __getattr__, __dir__ = opened_late(__name__, {
        "billing_domain.invoicing": "EntryKind",
        "billing_domain.payments.allocation": "STANDARD NamedOnly OldestDueFirst Proportional SmallestFirst UndisputedFirst over_lines",
        "billing_domain.payments.arrangements": "Delivery DueDateChange FlagKind HoldFlag Instalment InstalmentPlan PromiseToPay",
        "billing_domain.payments.balance": "Applied Balances MoneyItem OpenItem balances",
        "billing_domain.payments.books": "Firmness MoneyKind",
        "billing_domain.payments.checking": "check_ledger check_void",
        "billing_domain.payments.closing": "open_facts open_numbers",
        "billing_domain.payments.dunning": "Act Clear DunningResult Paused PauseReason Wait dun forecast_dunning",
        "billing_domain.payments.entries": "Entry StatementKind",
        "billing_domain.payments.facts": "LEDGER_FACTS LedgerFact",
        "billing_domain.payments.fees": "LATE_FEE DayCount FeeSegment LateFee LateFeePolicy",
        "billing_domain.payments.instalment_plans": "PlanStanding PlanState charge_order instalments plan_standing",
        "billing_domain.payments.lateness": "late_fees",
        "billing_domain.payments.model":
            "AccountCredit Application CreditKind FailedPayment Payment Recovery Refund Reversal SettledOutside WriteOff",
        "billing_domain.payments.policy": "DunningAction DunningPolicy DunningRecord DunningStep",
        "billing_domain.payments.protocols": "Allocation Allotment Debt Hold Ledger",
        "billing_domain.payments.remaining": "place_remainder remainder",
        "billing_domain.payments.returned_fees": "fee_on fees_on_corrections return_fees",
        "billing_domain.payments.statements": "Aging AgingBucket Statement statement",
    })  # fmt: skip

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
