"""What is decided about a claim: what was asked of a decision, and what a case keeps of it."""

from decimal import Decimal

import attrs

from billing_domain.disputes.claims import Claim, Evidence, pieces_of_evidence
from billing_domain.doors import guarded
from billing_domain.errors import InvalidValueError
from billing_domain.invoicing import LineRef
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, not_negative
from billing_domain.money.amounts import CONTEXT, ZERO


@guarded
@attrs.frozen
class Ruling:
    """What was decided about a claim.

    Args:
        claim: The claim, as it was opened.
        approved: What is given back without tax, at most what was claimed; zero rejects it.
        evidence: What the decision rests on; a rejection cites at least one.
        note: Why, in words.
        goodwill: What is given besides, although nothing was wrong, without tax.

    Raises:
        InvalidValueError: A rejection cites no evidence.
        InvalidAmountError: An amount is negative.
    """

    claim: Claim
    _approved: Amount = attrs.field(converter=frozen_amount, alias="approved")
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())
    note: str = ""
    _goodwill: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="goodwill")

    def __attrs_post_init__(self) -> None:
        not_negative(self._approved.amount, "an approved amount")
        if self._goodwill is not None:
            not_negative(self._goodwill.amount, "goodwill")
        if not self._approved.amount and not self.evidence:
            raise InvalidValueError(
                str(self.claim.part.ref), "a claim that is rejected needs evidence", "cite at least one piece, or approve an amount"
            )

    @property
    def approved(self) -> Money:
        """What is given back without tax."""
        return self._approved.money

    @property
    def goodwill(self) -> Money | None:
        """What is given besides."""
        return None if self._goodwill is None else self._goodwill.money

    @property
    def ref(self) -> LineRef:
        """The line that it decides about."""
        return self.claim.part.ref


@attrs.frozen
class RuledLine:
    """What was decided about one disputed line, kept on the case.

    Args:
        ref: The line.
        approved_amount: What is given back without tax.
        goodwill_amount: What is given besides.
        evidence: What the decision rests on.
        note: Why.
    """

    ref: LineRef
    approved_amount: Decimal
    goodwill_amount: Decimal = ZERO
    evidence: tuple[Evidence, ...] = attrs.field(converter=pieces_of_evidence, default=())
    note: str = ""

    @property
    def given_amount(self) -> Decimal:
        """What the customer gets in all, without tax."""
        return CONTEXT.add(self.approved_amount, self.goodwill_amount)
