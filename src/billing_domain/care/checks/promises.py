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
from billing_domain.money.amounts import ZERO, add_up


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
        given = _given_by(case)
        for promise in case.records:
            if not isinstance(promise, AgentPromise) or promise.due >= case.as_of:
                continue
            promised = ZERO if promise.amount is None else promise.amount.amount
            amount = max(promised - given.get(promise.kept_by, ZERO), ZERO)
            if promise.kept_by in given and not amount:
                continue
            yield ReviewFinding(
                code=self.code if amount else "promise-overdue",
                direction=Direction.CUSTOMER_HARMED if amount else Direction.BREACH,
                concern=Concern.PROMISE,
                found_amount=amount,
                currency=case.currency,
                remedy=Remedy.POST_CREDIT if amount else Remedy.KEEP_PROMISE,
                rule="what was promised is kept by the day that was named",
                name=promise.wording,
                items={"made": promise.on, "due": promise.due, "agent": promise.agent},
                evidence=(f"promise:{promise.id}",),
            )


def _given_by(case: ReviewCase) -> dict[str, Decimal]:
    """Return what each document and fact of the ledger gave to the customer, without tax."""
    given = {
        note.number: add_up(entry.net_amount for entry in note.entries) for note in case.snapshot.credit_notes if note.on <= case.as_of
    }
    for invoice in case.invoices:
        shares = add_up(share.amount for line in invoice.lines for share in line.shares)
        given[invoice.number] = shares + add_up(entry.net_amount for entry in invoice.entries)
    return given | {fact.id: getattr(fact, "decimal_amount", ZERO) for fact in case.snapshot.ledger}
