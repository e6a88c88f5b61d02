"""Checks of what was promised: discounts, credits and other things with a day."""

from collections.abc import Iterator
from decimal import Decimal

import attrs

from billing_domain.care.checks.finding import on_line
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.care.review_records import AgentPromise
from billing_domain.discounts import Grant, share_out
from billing_domain.invoicing import BilledLine, Invoice, Share
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO


def _missing(case: ReviewCase) -> Iterator[tuple[BilledLine, Grant, Decimal, bool]]:
    """Yield for each line and grant what was promised and not given, and whether the grant was applied to the charge before."""
    grants = {grant.id: grant for grant in case.snapshot.grants}
    applied: set[tuple[str, str, str]] = set()
    for invoice in case.invoices:
        lines = [BilledLine(invoice, line) for line in invoice.lines if line.facts.reinstates is None]
        for line, shares in zip(lines, _promised(case, invoice), strict=True):
            facts = line.line.facts
            for share in shares:
                grant = grants[share.grant_id]
                name = (grant.id, facts.subscription_id, facts.charge)
                if _given(line, grant):
                    applied.add(name)
                elif share.amount > minor_unit(case.currency) and case.left(line) > 0:
                    yield line, grant, share.amount, name in applied


def _promised(case: ReviewCase, invoice: Invoice) -> list[tuple[Share, ...]]:
    facts = [line.facts for line in invoice.lines if line.facts.reinstates is None]
    return share_out(facts, case.snapshot.grants, minor_unit(case.currency), case.history.used)


def _given(line: BilledLine, grant: Grant) -> bool:
    """Say whether a line has the discount, by its id or, on a document of another system, by its name."""
    return any(grant.id == share.grant_id or grant.name == share.name for share in line.line.shares)


def _finding(case: ReviewCase, line: BilledLine, grant: Grant, amount: Decimal, code: str, rule: str) -> ReviewFinding:
    return on_line(
        case, line, code, rule, min(amount, case.left(line)), concern=Concern.DISCOUNT, evidence=(f"grant:{grant.id}",),
        grant=grant.name, wording=grant.wording,
    )  # fmt: skip


@attrs.frozen
class MissingPromisedDiscount:
    """F9: a discount that was promised for the days of a line is not on it."""

    code = "missing-promised-discount"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Decide the grants of the account again for each document and compare with what it gives."""
        for line, grant, amount, applied_before in _missing(case):
            if not applied_before:
                yield _finding(case, line, grant, amount, self.code, "what was promised is given while the promise holds")


@attrs.frozen
class DiscountEndedEarly:
    """F10: a discount that was given before is missing although its window is not over."""

    code = "discount-ended-early"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look for lines without a discount that earlier lines of the same charge had."""
        for line, grant, amount, applied_before in _missing(case):
            if applied_before:
                yield _finding(case, line, grant, amount, self.code, "a discount is given to the end of its window")


@attrs.frozen
class CreditPromisedNotPosted:
    """F25: a credit or another thing was promised by a day that has passed, and nothing shows that it was kept."""

    code = "credit-promised-not-posted"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look at each promise that is overdue."""
        known = _documents(case)
        for promise in case.records:
            if not isinstance(promise, AgentPromise) or promise.due >= case.as_of or promise.kept_by in known:
                continue
            amount = ZERO if promise.amount is None else promise.amount.amount
            money = amount > 0
            yield ReviewFinding(
                code=self.code if money else "promise-overdue",
                direction=Direction.CUSTOMER_HARMED if money else Direction.BREACH,
                concern=Concern.PROMISE,
                found_amount=amount,
                currency=case.currency,
                remedy=Remedy.POST_CREDIT if money else Remedy.KEEP_PROMISE,
                rule="what was promised is kept by the day that was named",
                name=promise.wording,
                items={"made": promise.on, "due": promise.due, "agent": promise.agent},
                evidence=(f"promise:{promise.id}",),
            )


def _documents(case: ReviewCase) -> set[str]:
    snapshot = case.snapshot
    known = {invoice.number for invoice in case.invoices} | {note.number for note in snapshot.credit_notes if note.on <= case.as_of}
    return known | {fact.id for fact in snapshot.ledger}
