"""Bill an account: what is owed minus what is billed, with drafts as the answer."""

from billing_domain.billing.batch import Progress, bill_many
from billing_domain.billing.difference import Difference, Pending, Settings
from billing_domain.billing.facts import facts
from billing_domain.billing.family import Section, sections
from billing_domain.billing.loading import Loading
from billing_domain.billing.opening import Closable, Opening, close
from billing_domain.billing.outlook import FinalBill, Forecast, final_bill, forecast
from billing_domain.billing.rating import Owed, rate
from billing_domain.billing.reconciliation import reconcile
from billing_domain.billing.reopening import reopen
from billing_domain.billing.result import Billed, BillingResult, Halted, NoBillReason, NothingDue, Problem
from billing_domain.billing.rulebook import (
    AtIssue,
    AtPayment,
    AtPeriodEnd,
    Bounds,
    CatchUp,
    DayOfSupply,
    HoldRule,
    MinimumAmount,
    Rulebook,
    Served,
    TaxPointEvent,
    TaxPointRule,
)
from billing_domain.billing.run import bill
from billing_domain.billing.schedule import next_billing_date
from billing_domain.billing.snapshot import AccountSnapshot
from billing_domain.billing.uncounted import Uncounted, UncountedReason

__all__ = [
    "AccountSnapshot",
    "AtIssue",
    "AtPayment",
    "AtPeriodEnd",
    "Billed",
    "BillingResult",
    "Bounds",
    "CatchUp",
    "Closable",
    "DayOfSupply",
    "Difference",
    "FinalBill",
    "Forecast",
    "Halted",
    "HoldRule",
    "Loading",
    "MinimumAmount",
    "NoBillReason",
    "NothingDue",
    "Opening",
    "Owed",
    "Pending",
    "Problem",
    "Progress",
    "Rulebook",
    "Section",
    "Served",
    "Settings",
    "TaxPointEvent",
    "TaxPointRule",
    "Uncounted",
    "UncountedReason",
    "bill",
    "bill_many",
    "close",
    "facts",
    "final_bill",
    "forecast",
    "next_billing_date",
    "rate",
    "reconcile",
    "reopen",
    "sections",
]
