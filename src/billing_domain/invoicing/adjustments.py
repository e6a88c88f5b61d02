"""What is asked of a draft: allowances and charges of the document as a whole, and charges of single lines."""

from decimal import Decimal
from typing import ClassVar

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError, InvalidAmountError, InvalidValueError
from billing_domain.money import Amount, Money, Number, frozen_amount_or_none, minor_unit, not_negative, require_whole
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO
from billing_domain.tax import TaxTreatment
from billing_domain.whole import checked_whole


def _percent(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a percentage")


@attrs.frozen(kw_only=True)
class _Adjustment:
    """How much is asked for, as an amount or a percentage, and why."""

    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    percent: Decimal | None = attrs.field(converter=_percent, default=None)
    reason: str = ""
    code: str = ""

    _what: ClassVar[str] = "a charge"

    def __attrs_post_init__(self) -> None:
        what, amount = self._what, self._amount
        if (amount is None) is (self.percent is None):
            raise InvalidValueError(what, f"{what} is an amount or a percentage", "give one of the two")
        if amount is not None and amount.amount <= 0:
            raise InvalidAmountError(amount.amount, f"{what} is above zero", "what lowers is an allowance, what raises a charge")
        if not self.reason and not self.code:
            raise InvalidValueError("", f"{what} has a reason (BR-33, BR-38, BR-44)", "give a text or a code")
        if self.percent is not None:
            self._check_percent(self.percent)

    def _check_percent(self, percent: Decimal) -> None:
        if not percent:
            raise InvalidAmountError(percent, "a charge is above zero", "leave it out")

    @property
    def amount(self) -> Money | None:
        """How much; None where it is a percentage."""
        return None if self._amount is None else self._amount.money

    def of(self, base: Decimal, currency: str) -> Decimal:
        """Return the amount on a base, in whole minor units."""
        amount = self._amount
        if amount is None:
            share = CONTEXT.divide(CONTEXT.multiply(base, self.percent or ZERO), HUNDRED)
            return share.quantize(minor_unit(currency), context=CONTEXT)
        if amount.currency != currency:
            raise CurrencyMismatchError(f"{amount.amount} {amount.currency}", f"{self._what} is in {currency} here", "convert it first")
        return require_whole(amount.amount, currency, self._what)


@guarded
@attrs.frozen(kw_only=True)
class DocumentAllowance(_Adjustment):
    """What lowers a document as a whole (`EN 16931` BG-20).

    Args:
        amount: How much, in the terms of the document's prices; or
        percent: so many percent of what the lines charge, up to 100.
        reason: Why.
        code: Why, as a code of UNCL5189; 95 is a discount.
        treatment: The group that it lowers; all of them in proportion where None.

    Raises:
        InvalidValueError: Amount and percentage, or neither; or no reason.
        InvalidAmountError: It is not above zero, or above 100 percent.

    Example:
        >>> DocumentAllowance(percent=10, reason="Framework agreement").code
        '95'
    """

    code: str = "95"
    treatment: TaxTreatment | None = None

    _what: ClassVar[str] = "an allowance"

    def _check_percent(self, percent: Decimal) -> None:
        if not 0 < percent <= HUNDRED:
            raise InvalidAmountError(percent, "an allowance is above 0 and at most 100 percent", "give the percentage, such as 10")


@guarded
@attrs.frozen(kw_only=True)
class DocumentCharge(_Adjustment):
    """What raises a document as a whole, such as freight (`EN 16931` BG-21).

    Args:
        treatment: How it is taxed.
        amount: How much, in the terms of the document's prices; or
        percent: so many percent of what the lines charge.
        reason: Why; it names the charge.
        code: Why, as a code of UNCL7161; FC is freight.

    Raises:
        InvalidValueError: Amount and percentage, or neither; or no reason.
        InvalidAmountError: It is not above zero.

    Example:
        >>> from billing_domain.tax import TaxCategory
        >>> standard = TaxTreatment(TaxCategory.STANDARD, 21)
        >>> DocumentCharge(treatment=standard, amount=Money("4.90", "EUR"), reason="Freight", code="FC").reason
        'Freight'
    """

    treatment: TaxTreatment


@guarded
@attrs.frozen(kw_only=True)
class LineCharge(_Adjustment):
    """What raises one line beside its price, such as handling (`EN 16931` BG-28); it is taxed like the line.

    Args:
        line: The number of the line.
        amount: How much, in the terms of the document's prices; or
        percent: so many percent of what the line charges after its own discount.
        reason: Why; it names the charge.
        code: Why, as a code of UNCL7161; HD is handling.

    Raises:
        InvalidValueError: Amount and percentage, or neither; or no reason; or the line does not count from 1.
        InvalidTypeError: The line is no whole number.
        InvalidAmountError: It is not above zero.

    Example:
        >>> LineCharge(line=1, amount=Money("1.50", "EUR"), reason="Handling", code="HD").reason
        'Handling'
    """

    line: int

    def __attrs_post_init__(self) -> None:
        if checked_whole(self.line, "a line is named by its number", "give line.number") < 1:
            raise InvalidValueError(self.line, "lines count from 1", "give line.number")
        super().__attrs_post_init__()
