"""What was agreed about paying: instalments, a promise, another due day; and flags that stop collecting."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidAmountError, InvalidPeriodError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Amount, Money, add_up, frozen_amount, frozen_amount_or_none, not_negative, require_whole
from billing_domain.payments.model import MoneyFact, document_numbers, said
from billing_domain.periods import checked_day
from billing_domain.whole import checked_whole


def checked_days(value: object, what: str) -> int:
    """Return a whole number of days, zero or more."""
    value = checked_whole(value, f"{what} is a whole number of days", "give zero or more")
    if value < 0:
        raise InvalidValueError(value, f"{what} is not negative", "give zero or more")
    return value


@guarded
@attrs.frozen
class Instalment:
    """One part of a debt that is paid in parts.

    Args:
        due: The day on which it is due.
        amount: How much of the debt; above zero.
        charge: What is charged beside it for paying in parts; billed as an order, never part of the debt.
    """

    due: date
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    _charge: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="charge")

    def __attrs_post_init__(self) -> None:
        checked_day(self.due, "the due day of an instalment")
        if require_whole(self._amount.amount, self._amount.currency, "an instalment") <= 0:
            raise InvalidAmountError(self._amount.amount, "an instalment is above zero", "leave it out")
        if self._charge is not None:
            require_whole(not_negative(self._charge.amount, "a charge"), self._amount.currency, "a charge")

    @property
    def amount(self) -> Money:
        """How much of the debt."""
        return self._amount.money

    @property
    def decimal_amount(self) -> Decimal:
        """How much of the debt, exact."""
        return self._amount.amount

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self._amount.currency

    @property
    def charge(self) -> Money | None:
        """What is charged beside it."""
        return None if self._charge is None else self._charge.money

    @property
    def total(self) -> Money:
        """What the customer is asked to pay that day."""
        charge = () if self._charge is None else (self._charge.amount,)
        return Amount(add_up((self._amount.amount, *charge)), self.currency).money


def _instalments(values: Iterable[Instalment]) -> tuple[Instalment, ...]:
    return tuple(sorted(values, key=lambda instalment: instalment.due))


@guarded
@attrs.frozen
class InstalmentPlan:
    """A debt that is paid in parts; while it is kept, the debt is not chased.

    It is broken while more of it is unpaid than it allows by then, and cured as soon as that is paid.
    What was disputed when it was made is no part of it.

    Args:
        id: The host's id.
        on: The day from which it holds.
        documents: The invoices it covers.
        instalments: What is due when; together the debt on that day.
        grace_days: How many days after its due day an instalment may come.

    Raises:
        InvalidValueError: There is no document or no instalment, or one is due before the plan holds.
    """

    id: str
    on: date
    documents: tuple[str, ...] = attrs.field(converter=document_numbers)
    instalments: tuple[Instalment, ...] = attrs.field(converter=_instalments)
    grace_days: int = 0

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "an instalment plan")
        checked_day(self.on, "the day of an instalment plan")
        checked_days(self.grace_days, "grace")
        if not self.documents or not self.instalments:
            raise InvalidValueError(self.id, "an instalment plan covers documents by instalments", "name at least one of each")
        if self.instalments[0].due < self.on:
            raise InvalidPeriodError(
                self.instalments[0].due, f"instalments of a plan of {self.on} are due on that day or later", "check the days"
            )
        if len({instalment.currency for instalment in self.instalments}) > 1:
            raise InvalidValueError(self.id, "instalments are in one currency", "make a plan for each currency")

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self.instalments[0].currency

    @property
    def total_amount(self) -> Decimal:
        """The whole debt, exact."""
        return add_up(instalment.decimal_amount for instalment in self.instalments)

    @property
    def total(self) -> Money:
        """The whole debt."""
        return Amount(self.total_amount, self.currency).money


@guarded
@attrs.frozen
class PromiseToPay(MoneyFact):
    """The customer promised to pay; until that day so much of the debt is not chased.

    Args:
        id: The host's id.
        amount: How much was promised.
        on: The day of the promise.
        by: The last day on which it can be kept.
        documents: The invoices it is about; all that are open where empty.
    """

    on: date
    by: date
    documents: tuple[str, ...] = attrs.field(converter=document_numbers, default=())

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        checked_day(self.on, "the day of a promise")
        if checked_day(self.by, "the last day of a promise") < self.on:
            raise InvalidPeriodError(self.by, f"a promise of {self.on} is kept on that day or later", "check the day")


@guarded
@attrs.frozen
class DueDateChange:
    """Another due day for one invoice; the document stays as it is.

    Args:
        id: The host's id.
        on: The day of the decision.
        invoice: The number of the invoice.
        due: The new due day.
        reason: Why.
    """

    id: str
    on: date
    invoice: str
    due: date
    reason: str

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a change of a due day")
        checked_id(self.invoice, "an invoice", name="number")
        checked_day(self.on, "the day of a decision")
        checked_day(self.due, "the new due day")
        said(self.reason, "a change of a due day")


@guarded
@attrs.frozen
class Delivery:
    """The day on which a bill reached the customer, where it was not the day of issue.

    Args:
        id: The host's id.
        on: The day of delivery.
        invoice: The number of the invoice.
    """

    id: str
    on: date
    invoice: str

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a delivery")
        checked_id(self.invoice, "an invoice", name="number")
        checked_day(self.on, "the day of delivery")


class FlagKind(Enum):
    """Why a customer is not chased at all."""

    VULNERABLE = "vulnerable"
    BEREAVEMENT = "bereavement"
    INSOLVENCY = "insolvency"
    LEGAL = "legal"
    OTHER = "other"


@guarded
@attrs.frozen
class HoldFlag:
    """A flag on the whole account: nothing is chased and no late fee accrues while it stands.

    Args:
        id: The host's id.
        kind: Why.
        on: The first day.
        until: The first day on which it no longer stands; None without end.
    """

    id: str
    kind: FlagKind
    on: date
    until: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a flag")
        if not isinstance(self.kind, FlagKind):
            raise InvalidTypeError(self.kind, "the kind of a flag is a FlagKind", "give FlagKind.VULNERABLE or another member")
        checked_day(self.on, "the first day of a flag")
        if self.until is not None and checked_day(self.until, "the end of a flag") <= self.on:
            raise InvalidPeriodError(f"{self.on} to {self.until}", "a flag ends after it begins", "check the days")

    def stands(self, day: date) -> bool:
        """Say whether it stands on a day."""
        return self.on <= day and (self.until is None or day < self.until)
