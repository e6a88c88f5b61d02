"""Checks of money that came in, and of fees for its coming late."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.care.checks.finding import on_line, open_lines
from billing_domain.care.driver_sides import is_late_fee
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.invoicing import BilledLine, Invoice
from billing_domain.money.amounts import add_up
from billing_domain.payments import (
    STANDARD,
    Allocation,
    Delivery,
    DunningAction,
    DunningRecord,
    HoldFlag,
    LateFee,
    LateFeePolicy,
    MoneyKind,
    Payment,
    balances,
)

_WAITING = (MoneyKind.PAYMENT, MoneyKind.CREDIT)


def lost_payments(case: ReviewCase) -> list[Payment]:
    """Return the payments that the bank knows of by the day and the ledger does not."""
    known = {fact.id for fact in case.snapshot.ledger}
    return [record for record in case.records if isinstance(record, Payment) and record.id not in known and record.received <= case.as_of]


@attrs.frozen
class PaymentNotCredited:
    """F17: money arrived that does not count, or waits although something is due.

    Args:
        allocation: Where money goes that names no document.
    """

    code = "payment-not-credited"
    allocation: Allocation = STANDARD

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare the bank's word with the ledger, and look for money that waits beside due documents."""
        for payment in lost_payments(case):
            yield self._found(case, payment.id, payment.decimal_amount, payment.received, "unknown")
        standing = balances(case.snapshot, as_of=case.as_of, allocation=self.allocation)
        due = add_up(item.collectable for item in standing.items if item.due <= case.as_of)
        for item in standing.money:
            amount = min(item.unapplied, due)
            if amount > 0 and item.kind in _WAITING:
                due -= amount
                yield self._found(case, item.id, amount, item.on, "unapplied")

    def _found(self, case: ReviewCase, payment: str, amount: Decimal, received: date, state: str) -> ReviewFinding:
        return ReviewFinding(
            code=self.code, direction=Direction.CUSTOMER_HARMED, concern=Concern.PAYMENT, found_amount=amount, currency=case.currency,
            remedy=Remedy.APPLY_PAYMENT, rule="money that was received counts from the day on which it came", name=payment,
            items={"received": received, "state": state}, evidence=(f"payment:{payment}",),
        )  # fmt: skip


@attrs.frozen
class LateFeeImproper:
    """F18: a late fee although the bill was paid in time, was disputed, or came too late; or above the policy's cap.

    Args:
        policy: What late payment may cost; without it caps are not looked at.
    """

    code = "late-fee-improper"
    policy: LateFeePolicy | None = None

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look at each late fee that was billed, with the document it was for."""
        fees = {fact.order().id: fact for fact in case.snapshot.ledger if isinstance(fact, LateFee) and not fact.waived}
        for line in open_lines(case):
            if is_late_fee(line.line.facts):
                yield from self._judged(case, line, fees.get(line.line.facts.subscription_id))

    def _judged(self, case: ReviewCase, line: BilledLine, fee: LateFee | None) -> Iterator[ReviewFinding]:
        why, late = _why_not(case, line, fee)
        amount = case.left(line)
        if not why and fee is not None and self.policy is not None and self.policy.cap_amount is not None:
            amount = min(amount, fee.before + fee.decimal_amount - self.policy.cap_amount)
            why = "above-cap" if amount > 0 else ""
        if why:
            evidence = (*((f"late-fee:{fee.id}",) if fee else ()), *((f"invoice:{late}",) if late else ()))
            yield on_line(
                case, line, self.code, "a late fee is for what was due, undisputed and paid late", amount, concern=Concern.FEE,
                remedy=Remedy.REVERSE_FEE, evidence=evidence, why=why, for_invoice=late,
            )  # fmt: skip


def _why_not(case: ReviewCase, line: BilledLine, fee: LateFee | None) -> tuple[str, str]:
    """Return why a fee is not due and for which invoice it was; an empty text where some invoice bears it.

    A line of another system that no fee of the ledger explains may be for any invoice that fell due before it.
    """
    on = line.line.facts.start if fee is None else fee.on
    invoices = [invoice for invoice in case.invoices if invoice.due < on] if fee is None else [case.history.by_number.get(fee.invoice)]
    reasons = [(_reason(case, invoice, on), invoice.number) for invoice in invoices if invoice is not None]
    if not reasons:
        return "nothing-late", ""
    return next((found for found in reasons if not found[0]), reasons[-1])


def _reason(case: ReviewCase, invoice: Invoice, on: date) -> str:
    if _flags(case, on):
        return "under-flag"
    if any(hold.invoice == invoice.number and hold.stands(on) for hold in case.snapshot.holds):
        return "disputed"
    if _open_on(case, invoice.number, invoice.due) <= 0:
        return "paid-in-time"
    delivered = [fact.on for fact in case.snapshot.ledger if isinstance(fact, Delivery) and fact.invoice == invoice.number]
    return "came-too-late" if delivered and min(delivered) > invoice.due else ""


def _flags(case: ReviewCase, day: date) -> list[HoldFlag]:
    return [fact for fact in case.snapshot.ledger if isinstance(fact, HoldFlag) and fact.stands(day)]


_HARSH = frozenset(DunningAction) - {DunningAction.REMIND}


@attrs.frozen
class SafeguardMissing:
    """F26: somebody who is not to be chased, such as one who is vulnerable, was restricted, suspended, handed over, or asked for a fee."""

    code = "safeguard-missing"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Compare the steps of dunning that were done with the flags of their days; a fee is looked at where it is billed."""
        for record in case.snapshot.ledger:
            if not isinstance(record, DunningRecord) or record.action not in _HARSH or record.on > case.as_of:
                continue
            for flag in _flags(case, record.on)[:1]:
                yield ReviewFinding(
                    code=self.code, direction=Direction.BREACH, concern=Concern.PROMISE, currency=case.currency,
                    remedy=Remedy.KEEP_PROMISE, rule="who is under a flag is not chased", name=record.policy,
                    items={"action": record.action.value, "flag": flag.kind.value, "on": record.on},
                    evidence=(f"dunning:{record.id}", f"flag:{flag.id}"),
                )  # fmt: skip


def _open_on(case: ReviewCase, number: str, day: date) -> Decimal:
    """Return what was open of a document at the end of a day, less what the bank received by then and the ledger does not know."""
    standing = balances(case.snapshot, as_of=day)
    found = add_up(item.open for item in standing.items if item.number == number)
    return found - add_up(payment.decimal_amount for payment in lost_payments(case) if payment.received <= day)
