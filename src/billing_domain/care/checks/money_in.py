"""Checks of money that came in, and of fees for its coming late."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs

from billing_domain.care.checks.finding import on_line, open_lines
from billing_domain.care.driver_sides import is_late_fee
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.invoicing import Invoice
from billing_domain.money.amounts import add_up
from billing_domain.payments import STANDARD, Allocation, Delivery, LateFee, LateFeePolicy, MoneyKind, Payment, balances

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
            facts = line.line.facts
            fee = fees.get(facts.subscription_id)
            if not is_late_fee(facts) or fee is None:
                continue
            why = self._why_not(case, fee, case.history.by_number[fee.invoice])
            amount = case.left(line)
            if not why and self.policy is not None and self.policy.cap_amount is not None:
                amount = min(amount, fee.before + fee.decimal_amount - self.policy.cap_amount)
                why = "above-cap" if amount > 0 else ""
            if why:
                yield on_line(
                    case, line, self.code, "a late fee is for what was due, undisputed and paid late", amount, concern=Concern.FEE,
                    remedy=Remedy.REVERSE_FEE, evidence=(f"late-fee:{fee.id}", f"invoice:{fee.invoice}"), why=why, for_invoice=fee.invoice,
                )  # fmt: skip

    def _why_not(self, case: ReviewCase, fee: LateFee, invoice: Invoice) -> str:
        if any(hold.invoice == fee.invoice and hold.stands(fee.on) for hold in case.snapshot.holds):
            return "disputed"
        if _open_on(case, fee.invoice, invoice.due) <= 0:
            return "paid-in-time"
        delivered = [fact.on for fact in case.snapshot.ledger if isinstance(fact, Delivery) and fact.invoice == fee.invoice]
        return "came-too-late" if delivered and min(delivered) > invoice.due else ""


def _open_on(case: ReviewCase, number: str, day: date) -> Decimal:
    """Return what was open of a document at the end of a day, less what the bank received by then and the ledger does not know."""
    standing = balances(case.snapshot, as_of=day)
    found = add_up(item.open for item in standing.items if item.number == number)
    return found - add_up(payment.decimal_amount for payment in lost_payments(case) if payment.received <= day)
