"""Checks of documents as a whole: tax, sums, and what must stand on a bill."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import attrs

from billing_domain.billing.rulebook import Served
from billing_domain.care.checks.finding import on_line, open_lines
from billing_domain.care.review_model import Concern, Direction, Remedy, ReviewFinding
from billing_domain.care.review_protocols import ReviewCase
from billing_domain.invoicing import BilledLine, Invoice
from billing_domain.invoicing.totals import tax_rows
from billing_domain.money import minor_unit
from billing_domain.money.amounts import ZERO, add_up, exact
from billing_domain.tax import TaxRounding, tax_on


@attrs.frozen
class TaxError:
    """F16: a line is taxed at another rate than the one of its tax point."""

    code = "tax-error"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Ask the tax policy again for each line whose class is known."""
        for line in open_lines(case):
            owed = case.owed.get(line.line.key)
            if owed is None:
                continue
            facts, billed = line.line.facts, line.line.treatment
            tax_point = case.rules.tax_point.tax_point(Served(facts.start, facts.end, line.line.tax_point))
            right = case.treatments.treatment(owed.sold, tax_point)
            if (billed.category, billed.rate or ZERO) == (right.category, right.rate or ZERO):
                continue
            step = minor_unit(case.currency)
            charged, inclusive = self._left(case, line, step), line.line.prices_include_tax
            difference = tax_on(charged, billed.rate, step, inclusive=inclusive) - tax_on(charged, right.rate, step, inclusive=inclusive)
            direction = Direction.CUSTOMER_HARMED if difference > 0 else Direction.COMPANY_HARMED if difference < 0 else Direction.BREACH
            yield on_line(
                case, line, self.code, "a supply bears the tax of its tax point", abs(difference), concern=Concern.TAX, direction=direction,
                remedy=Remedy.REISSUE, evidence=(f"tax:{case.rules.tax.code}",), rate=billed.rate or ZERO, right_rate=right.rate or ZERO,
                category=billed.category.value, right_category=right.category.value, tax_point=tax_point,
            )  # fmt: skip

    def _left(self, case: ReviewCase, line: BilledLine, step: Decimal) -> Decimal:
        """Return what the line still charges: a credit gave the tax of what it credited back."""
        charged = line.line.charged_amount
        return (charged * case.left(line) / line.line.facts.amount).quantize(step, ROUND_HALF_UP)


@attrs.frozen
class SumError:
    """F29: the total of a document is not what its lines, credits and tax make."""

    code = "sum-error"

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Add each document up again; either way of rounding tax is accepted."""
        for invoice in case.invoices:
            stated = invoice.totals.payable_amount
            sums = [_sum(invoice, rounding) for rounding in TaxRounding]
            if stated in sums:
                continue
            right = sums[list(TaxRounding).index(invoice.draft.tax_rounding)]
            difference = stated - right
            yield ReviewFinding(
                code=self.code,
                direction=Direction.CUSTOMER_HARMED if difference > 0 else Direction.COMPANY_HARMED,
                concern=Concern.DOCUMENT,
                found_amount=abs(difference),
                currency=case.currency,
                remedy=Remedy.REISSUE,
                rule="a total is the sum of lines, credits and tax (EN 16931 BR-CO-10 to BR-CO-16)",
                name=invoice.number,
                items={"stated": stated, "right": right},
                evidence=(f"invoice:{invoice.number}",),
            )


def _sum(invoice: Invoice, rounding: TaxRounding) -> Decimal:
    """Return what a document comes to by its lines, entries, what was prepaid and the payable step."""
    draft, totals = invoice.draft, invoice.totals
    treatments, charged = [line.treatment for line in draft.lines], [line.charged_amount for line in draft.lines]
    with exact():
        taxed = tax_rows(treatments, charged, minor_unit(draft.currency), inclusive=draft.prices_include_tax, rounding=rounding)
    entries = add_up(entry.total_amount for entry in draft.entries)
    return taxed.gross - entries - totals.prepaid_amount + totals.rounding_amount


@attrs.frozen
class BillIncomplete:
    """F30: a bill lacks something that a bill must say.

    Args:
        address: Whether the buyer's address must stand on it, as for a business.
    """

    code = "bill-incomplete"
    address: bool = False

    def check(self, case: ReviewCase) -> Iterator[ReviewFinding]:
        """Look for what is missing on each document."""
        for invoice in case.invoices:
            missing = list(self._missing(invoice))
            if missing:
                yield ReviewFinding(
                    code=self.code,
                    direction=Direction.BREACH,
                    concern=Concern.DOCUMENT,
                    currency=case.currency,
                    remedy=Remedy.REISSUE,
                    rule="a bill names seller and tax identity, and says what each line is for (EN 16931 BR-06, BR-25, BR-S-02)",
                    name=invoice.number,
                    items={"missing": ", ".join(missing)},
                    evidence=(f"invoice:{invoice.number}",),
                )

    def _missing(self, invoice: Invoice) -> Iterator[str]:
        draft = invoice.draft
        taxed = any(group.rate for group in draft.totals.groups)
        if taxed and not (draft.seller.vat_id or draft.seller.tax_registration):
            yield "seller-tax-identity"
        if any(not line.name.strip() for line in draft.lines):
            yield "line-name"
        if not draft.totals.groups and draft.lines:
            yield "tax-breakdown"
        if self.address and draft.buyer.address is None:
            yield "buyer-address"
