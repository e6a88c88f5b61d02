"""What is asked of a draft: allowances and charges of the document as a whole, and charges of single lines."""

from decimal import Decimal

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import CurrencyMismatchError, InvalidAmountError, InvalidValueError
from billing_domain.money import Amount, Money, Number, frozen_amount_or_none, minor_unit, not_negative, require_whole
from billing_domain.money.amounts import CONTEXT, HUNDRED, ZERO
from billing_domain.tax import TaxTreatment
from billing_domain.whole import checked_whole


def _percent(value: Number | None) -> Decimal | None:
    return None if value is None else not_negative(value, "a percentage")


def _check(amount: Amount | None, percent: Decimal | None, reason: str, code: str, what: str) -> None:
    if (amount is None) is (percent is None):
        raise InvalidValueError(what, f"{what} is an amount or a percentage", "give one of the two")
    if amount is not None and amount.amount <= 0:
        raise InvalidAmountError(amount.amount, f"{what} is above zero", "what lowers is an allowance, what raises a charge")
    if not reason and not code:
        raise InvalidValueError("", f"{what} has a reason (BR-33, BR-38, BR-44)", "give a text or a code")


def _check_charge(amount: Amount | None, percent: Decimal | None, reason: str, code: str) -> None:
    _check(amount, percent, reason, code, "a charge")
    if percent is not None and not percent:
        raise InvalidAmountError(percent, "a charge is above zero", "leave it out")


@guarded
@attrs.frozen(kw_only=True)
class DocumentAllowance:
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

    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    percent: Decimal | None = attrs.field(converter=_percent, default=None)
    reason: str = ""
    code: str = "95"
    treatment: TaxTreatment | None = None

    def __attrs_post_init__(self) -> None:
        _check(self._amount, self.percent, self.reason, self.code, "an allowance")
        if self.percent is not None and not 0 < self.percent <= HUNDRED:
            raise InvalidAmountError(self.percent, "an allowance is above 0 and at most 100 percent", "give the percentage, such as 10")

    @property
    def amount(self) -> Money | None:
        """How much; None where it is a percentage."""
        return None if self._amount is None else self._amount.money

    def of(self, base: Decimal, currency: str) -> Decimal:
        """Return the amount on a base, in whole minor units."""
        return _amount_of(self._amount, self.percent, base, currency, "an allowance")


@guarded
@attrs.frozen(kw_only=True)
class DocumentCharge:
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
    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    percent: Decimal | None = attrs.field(converter=_percent, default=None)
    reason: str = ""
    code: str = ""

    def __attrs_post_init__(self) -> None:
        _check_charge(self._amount, self.percent, self.reason, self.code)

    @property
    def amount(self) -> Money | None:
        """How much; None where it is a percentage."""
        return None if self._amount is None else self._amount.money

    def of(self, base: Decimal, currency: str) -> Decimal:
        """Return the amount on a base, in whole minor units."""
        return _amount_of(self._amount, self.percent, base, currency, "a charge")


@guarded
@attrs.frozen(kw_only=True)
class LineCharge:
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
    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    percent: Decimal | None = attrs.field(converter=_percent, default=None)
    reason: str = ""
    code: str = ""

    def __attrs_post_init__(self) -> None:
        if checked_whole(self.line, "a line is named by its number", "give line.number") < 1:
            raise InvalidValueError(self.line, "lines count from 1", "give line.number")
        _check_charge(self._amount, self.percent, self.reason, self.code)

    @property
    def amount(self) -> Money | None:
        """How much; None where it is a percentage."""
        return None if self._amount is None else self._amount.money

    def of(self, base: Decimal, currency: str) -> Decimal:
        """Return the amount on a base, in whole minor units."""
        return _amount_of(self._amount, self.percent, base, currency, "a charge")


def _amount_of(amount: Amount | None, percent: Decimal | None, base: Decimal, currency: str, what: str) -> Decimal:
    if amount is None:
        share = CONTEXT.divide(CONTEXT.multiply(base, percent or ZERO), HUNDRED)
        return share.quantize(minor_unit(currency), context=CONTEXT)
    if amount.currency != currency:
        raise CurrencyMismatchError(f"{amount.amount} {amount.currency}", f"{what} is in {currency} here", "convert it first")
    return require_whole(amount.amount, currency, what)
