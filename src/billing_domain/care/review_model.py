"""Findings of a review, and the verdict that follows from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from types import MappingProxyType

import attrs

from billing_domain.invoicing import LineRef
from billing_domain.money import Money, money
from billing_domain.money.amounts import ZERO, add_up
from billing_domain.reasons import Fact


class Direction(Enum):
    """Whom a finding is to the disadvantage of."""

    CUSTOMER_HARMED = "customer-harmed"
    """The amount is owed to the customer."""
    COMPANY_HARMED = "company-harmed"
    """The amount was not billed; a policy decides whether it is."""
    ADVICE = "advice"
    """Nothing is owed; the customer could do better."""
    BREACH = "breach"
    """A duty was missed that has no amount."""


class Concern(Enum):
    """What of a line a finding is about: of several findings on the same concern of a line only the largest counts."""

    CHARGE = "charge"
    DISCOUNT = "discount"
    TAX = "tax"
    FEE = "fee"
    PAYMENT = "payment"
    PROMISE = "promise"
    DOCUMENT = "document"
    OFFER = "offer"


class Remedy(Enum):
    """What puts it right."""

    CREDIT = "credit"
    """A credit note of kind correction on the line."""
    REVERSE_FEE = "reverse-fee"
    APPLY_PAYMENT = "apply-payment"
    POST_CREDIT = "post-credit"
    KEEP_PROMISE = "keep-promise"
    REISSUE = "reissue"
    """Credit the document whole and issue it anew."""
    WAIVE_OR_BILL = "waive-or-bill"
    OFFER_CHANGE = "offer-change"
    SEND_NOTICE = "send-notice"


def _pairs(values: Mapping[str, Fact] | Iterable[tuple[str, Fact]]) -> tuple[tuple[str, Fact], ...]:
    found: Iterable[tuple[str, Fact]] = values.items() if isinstance(values, Mapping) else values  # pyright: ignore[reportAssignmentType]
    return tuple(sorted(found))


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen(kw_only=True)
class ReviewFinding:
    """Something that a review found.

    Args:
        code: What sort of finding, such as `duplicate-charge`; a host's own carries its namespace.
        direction: Whom it is to the disadvantage of.
        concern: What of a line it is about.
        found_amount: How much, before tax in the terms of the line's price; for tax the tax, for payments the money. Zero where another
            finding on the same line already has it.
        currency: ISO 4217 code.
        remedy: What puts it right.
        rule: The rule that was broken, in lower case.
        ref: The line, where it is about one.
        name: What people call what it is about.
        items: What went in, as pairs of name and value, sorted by name.
        evidence: What it was seen on: documents, subscriptions, grants, payments, by kind and id.
        part_of: The code of the finding that has the amount already; empty where this one has it.
        related: Codes of findings whose amount is within this one.
        text: The finding in words; two findings are equal whatever the language.
    """

    code: str
    direction: Direction
    concern: Concern
    found_amount: Decimal = ZERO
    currency: str
    remedy: Remedy
    rule: str
    ref: LineRef | None = None
    name: str = ""
    items: tuple[tuple[str, Fact], ...] = attrs.field(converter=_pairs, default=())
    evidence: tuple[str, ...] = attrs.field(converter=_texts, default=())
    part_of: str = ""
    related: tuple[str, ...] = attrs.field(converter=_texts, default=())
    text: str = attrs.field(default="", eq=False)

    @property
    def amount(self) -> Money:
        """How much; see `found_amount`."""
        return money(self.found_amount, self.currency)

    @property
    def inputs(self) -> Mapping[str, Fact]:
        """What went in by name, read only."""
        return MappingProxyType(dict(self.items))

    @property
    def is_owed(self) -> bool:
        """Whether the company owes the customer something."""
        return self.direction is Direction.CUSTOMER_HARMED


class Verdict(Enum):
    """Whether the customer is treated fairly."""

    FAIR = "fair"
    """Nothing was found."""
    FAIR_WITH_ADVICE = "fair-with-advice"
    """Nothing is owed to the customer, but something can be told or mended."""
    UNFAIR = "unfair"
    """Something is owed to the customer."""


def _findings(values: Iterable[ReviewFinding]) -> tuple[ReviewFinding, ...]:
    return tuple(values)


@attrs.frozen
class Review:
    """What a review found, debt first, the largest first.

    Args:
        account_id: Whose bills were reviewed.
        as_of: The day.
        currency: ISO 4217 code.
        findings: What was found.
    """

    account_id: str
    as_of: date
    currency: str
    findings: tuple[ReviewFinding, ...] = attrs.field(converter=_findings, default=())

    @property
    def verdict(self) -> Verdict:
        """Whether the customer is treated fairly; it follows from the findings alone."""
        if any(finding.is_owed for finding in self.findings):
            return Verdict.UNFAIR
        return Verdict.FAIR_WITH_ADVICE if self.findings else Verdict.FAIR

    @property
    def debts(self) -> tuple[ReviewFinding, ...]:
        """What the company owes the customer."""
        return tuple(finding for finding in self.findings if finding.is_owed)

    @property
    def advice(self) -> tuple[ReviewFinding, ...]:
        """What the customer could do better; nothing of it is owed."""
        return tuple(finding for finding in self.findings if finding.direction is Direction.ADVICE)

    @property
    def undercharges(self) -> tuple[ReviewFinding, ...]:
        """What was not billed."""
        return tuple(finding for finding in self.findings if finding.direction is Direction.COMPANY_HARMED)

    @property
    def owed(self) -> Money:
        """What the company owes the customer: charges and discounts before tax, with wrong tax, fees and payments as they are."""
        return money(add_up(finding.found_amount for finding in self.debts), self.currency)
