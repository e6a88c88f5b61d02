"""What the verbs of this package read, and the strategy that a host may plug in."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol, runtime_checkable

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError
from billing_domain.ids import checked_id
from billing_domain.invoicing import Documents
from billing_domain.money import Amount, Money, frozen_amount, not_negative, require_whole
from billing_domain.money.amounts import CONTEXT
from billing_domain.payments.facts import LedgerFact
from billing_domain.periods import checked_day


@guarded
@attrs.frozen
class Hold:
    """An amount of one document that is not collected for a while, because it is disputed.

    What is held is never more than what is open: it is the unpaid part of what is claimed.

    Args:
        invoice: The number of the invoice.
        line: The number of the line; None for the document as a whole.
        amount: What is claimed, with tax.
        since: The first day.
        until: The first day on which it is no longer held; None while that is not known.
        reason: Why, such as `dispute`.
        grace: Whether it is decided that the amount is owed: then it is open and collectable, and only chasing waits.
    """

    invoice: str
    line: int | None
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    since: date
    until: date | None = None
    reason: str = "dispute"
    grace: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.invoice, "an invoice", name="number")
        require_whole(not_negative(self._amount.amount, "a hold"), self._amount.currency, "a hold")
        checked_day(self.since, "the first day of a hold")
        if self.until is not None and checked_day(self.until, "the end of a hold") < self.since:
            raise InvalidPeriodError(f"{self.since} to {self.until}", "a hold ends on or after the day it begins", "check the days")

    @property
    def id(self) -> str:
        """Its name: document, line, first day and reason; a hold with the same name replaces the older one."""
        return f"{self.invoice}/{self.line}/{self.since.isoformat()}/{self.reason}"

    @property
    def amount(self) -> Money:
        """What is claimed, with tax."""
        return self._amount.money

    @property
    def decimal_amount(self) -> Decimal:
        """What is claimed, exact."""
        return self._amount.amount

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self._amount.currency

    def stands(self, day: date) -> bool:
        """Say whether it holds on a day."""
        return self.since <= day and (self.until is None or day < self.until)


class Ledger(Documents, Protocol):
    """**Protocol:** the documents of one account, the facts about their money, and what is held; a snapshot fits."""

    @property
    def ledger(self) -> Sequence[LedgerFact]:
        """Everything that is known about money, in any order."""
        ...

    @property
    def holds(self) -> Sequence[Hold]:
        """What is held, past holds too."""
        ...


class Debt(NamedTuple):
    """A document that is open, as a strategy sees it.

    Args:
        number: The invoice's number.
        on: Its day of issue.
        due: The day on which it is due, changes included.
        total: What it asked for.
        open: What is open, above zero.
        held: What of that is held.
    """

    number: str
    on: date
    due: date
    total: Decimal
    open: Decimal
    held: Decimal

    @property
    def collectable(self) -> Decimal:
        """What is open and not held."""
        return CONTEXT.subtract(self.open, self.held)


class Allotment(NamedTuple):
    """What a strategy decides about: an amount of money and the debts that it may go to.

    Args:
        amount: How much there is, above zero.
        currency: ISO 4217 code.
        debts: What is open, by due day, day of issue and number.
        on: The day.
    """

    amount: Decimal
    currency: str
    debts: Sequence[Debt]
    on: date


@runtime_checkable
class Allocation(Protocol):
    """**Protocol:** which debts money goes to that names none, or more than it names.

    What the answer gives out is checked: no more than there is, no more than a debt's open part, whole minor units.
    """

    @property
    def code(self) -> str:
        """A stable name, namespaced where it is a plugin's."""
        ...

    def allot(self, allotment: Allotment) -> Mapping[str, Decimal]:
        """Return how much goes to which debt, by number; what is not given out stays unapplied."""
        ...
