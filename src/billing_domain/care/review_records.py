"""What people did beside the bills: notices that were sent, contacts, and promises with a day."""

from datetime import date, datetime

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Amount, Money, frozen_amount_or_none, not_negative
from billing_domain.periods import checked_day, checked_instant


@guarded
@attrs.frozen
class Notice:
    """Something that the customer was told.

    Args:
        id: The host's id.
        kind: What about, such as `price-rise`, `end-of-contract`, `end-of-discount`.
        sent: The day on which it was sent.
        about: What it concerns: a subscription, a grant, or an empty text for the account.
        effective: The day from which it counts; None where it names none.
        channel: How it was sent, such as `email`.
    """

    id: str
    kind: str
    sent: date
    about: str = ""
    effective: date | None = None
    channel: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a notice")
        checked_day(self.sent, "the day of a notice")
        if not self.kind.strip():
            raise InvalidValueError(repr(self.kind), "a notice says what it is about", "give its kind, such as price-rise")


@guarded
@attrs.frozen
class Interaction:
    """A contact with the customer.

    Args:
        id: The host's id.
        channel: How, such as `phone`.
        agent: Who spoke for the company; empty where nobody did.
        purpose: What it was about, such as `billing`.
        start: When it began, an aware instant.
        end: When it ended; None while it lasts.
        resolved: Whether the matter was settled.

    Raises:
        InvalidPeriodError: It ends before it starts.
    """

    id: str
    channel: str
    agent: str
    purpose: str
    start: datetime
    end: datetime | None = None
    resolved: bool = False

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "an interaction")
        checked_instant(self.start, "the start of an interaction")
        if self.end is not None and checked_instant(self.end, "the end of an interaction") < self.start:
            raise InvalidPeriodError(f"{self.start} to {self.end}", "an interaction ends after it starts", "swap the instants")


@guarded
@attrs.frozen
class AgentPromise:
    """Something that was promised to the customer by a day.

    Args:
        id: The host's id.
        on: The day of the promise.
        due: The last day on which it can be kept.
        wording: What was promised, in the words that were used.
        amount: The credit that was promised, without tax; None where it is not about money.
        agent: Who promised.
        kept_by: What kept it: the number of a credit note or invoice, or the id of a fact of the ledger; empty while nothing did.

    Raises:
        InvalidPeriodError: It is due before it was made.
    """

    id: str
    on: date
    due: date
    wording: str
    _amount: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="amount")
    agent: str = ""
    kept_by: str = ""

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a promise")
        if checked_day(self.due, "the due day of a promise") < checked_day(self.on, "the day of a promise"):
            raise InvalidPeriodError(f"{self.on} to {self.due}", "a promise is due on or after the day it was made", "swap the days")
        if not self.wording.strip():
            raise InvalidValueError(repr(self.wording), "a promise says what was promised", "give the words")
        if self._amount is not None:
            not_negative(self._amount.amount, "a promised credit")

    @property
    def amount(self) -> Money | None:
        """The credit that was promised."""
        return None if self._amount is None else self._amount.money

    def keep(self, by: str) -> "AgentPromise":
        """Return it as kept by a document or a fact of the ledger."""
        return attrs.evolve(self, kept_by=checked_id(by, "what kept a promise"))
