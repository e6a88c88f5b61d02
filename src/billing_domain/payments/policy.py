"""How overdue debt is chased, as data: steps, actions, and the record of what was done."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.doors import guarded
from billing_domain.errors import InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id, content_id
from billing_domain.money import Amount, Money, frozen_amount, frozen_amount_or_none, not_negative
from billing_domain.payments.arrangements import checked_days
from billing_domain.payments.model import document_numbers
from billing_domain.periods import BusinessDays, checked_day
from billing_domain.whole import checked_whole


class DunningAction(Enum):
    """What a step does."""

    REMIND = "remind"
    FEE = "fee"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    TERMINATE = "terminate"
    HAND_OVER = "hand-over"


@guarded
@attrs.frozen
class DunningStep:
    """One step of a policy.

    Args:
        days_overdue: It may come when the oldest debt is so many days overdue, one or more.
        action: What it does.
        fee: What it costs the customer; needed where the action is a fee.
        minimum: It is passed over while less than this is overdue.
        documents: It is passed over while fewer documents are overdue.
        name: What the host calls it, such as the name of a letter.

    Raises:
        InvalidValueError: A fee step has no fee, or a day or count is below one.
    """

    days_overdue: int
    action: DunningAction
    _fee: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="fee")
    _minimum: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="minimum")
    documents: int = 1
    name: str = ""

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.action, DunningAction):
            raise InvalidTypeError(self.action, "the action of a step is a DunningAction", "give DunningAction.REMIND or another member")
        if checked_days(self.days_overdue, "days overdue") < 1 or checked_days(self.documents, "a count of documents") < 1:
            raise InvalidValueError(self.days_overdue, "a step comes after one day or more, with one document or more", "give 1 or more")
        for amount in (self._fee, self._minimum):
            if amount is not None:
                not_negative(amount.amount, "a fee or minimum")
        if self.action is DunningAction.FEE and (self._fee is None or not self._fee.amount):
            raise InvalidValueError(self.days_overdue, "a fee step has a fee above zero", "give fee=Money(...)")

    @property
    def fee(self) -> Money | None:
        """What it costs the customer."""
        return None if self._fee is None else self._fee.money

    @property
    def minimum(self) -> Money | None:
        """The least that must be overdue."""
        return None if self._minimum is None else self._minimum.money

    @property
    def minimum_amount(self) -> Decimal | None:
        """The least that must be overdue, exact."""
        return None if self._minimum is None else self._minimum.amount

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that it names."""
        return frozenset(amount.currency for amount in (self._fee, self._minimum) if amount is not None)


def _steps(values: Iterable[DunningStep]) -> tuple[DunningStep, ...]:
    return tuple(values)


@guarded
@attrs.frozen
class DunningPolicy:
    """The steps by which a company chases overdue debt.

    Args:
        code: Its name.
        version: 1, 2, 3 and so on.
        steps: In order; the days overdue rise.
        minimum: Nothing is chased while less than this is overdue.
        calendar: Steps fall on its days only, a later day where needed; every day where None.

    Raises:
        InvalidValueError: The days of the steps do not rise.

    Example:
        >>> from billing_domain import Money
        >>> policy = DunningPolicy("household", 1, [DunningStep(3, DunningAction.REMIND)], minimum=Money("5.00", "EUR"))
        >>> policy.key
        'household@1'
    """

    code: str
    version: int
    steps: tuple[DunningStep, ...] = attrs.field(converter=_steps)
    _minimum: Amount | None = attrs.field(converter=frozen_amount_or_none, default=None, alias="minimum")
    calendar: BusinessDays | None = None

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a dunning policy")
        checked_whole(self.version, "the version of a policy is a whole number from 1 on", "count versions from 1", least=1)
        days = [step.days_overdue for step in self.steps]
        if sorted(set(days)) != days:
            raise InvalidValueError(days, f"the days of the steps of {self.code} rise", "sort the steps; one step comes on a day")
        if self._minimum is not None:
            not_negative(self._minimum.amount, "a minimum")

    @property
    def key(self) -> str:
        """Code and version, as records keep it."""
        return f"{self.code}@{self.version}"

    @property
    def minimum(self) -> Money | None:
        """Nothing is chased while less than this is overdue."""
        return None if self._minimum is None else self._minimum.money

    @property
    def minimum_amount(self) -> Decimal | None:
        """The same, exact."""
        return None if self._minimum is None else self._minimum.amount

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that it names."""
        own = frozenset() if self._minimum is None else frozenset({self._minimum.currency})
        return own.union(*(step.currencies for step in self.steps))


@guarded
@attrs.frozen
class DunningRecord:
    """A step that was done; it counts as long as one of its documents is open.

    Args:
        id: The host's id, or one that derives from the content.
        policy: Code and version of the policy.
        step: The number of the step, from 1.
        action: What was done.
        on: The day on which it was done.
        amount: What was chased.
        documents: The invoices it was about.
    """

    id: str
    policy: str
    step: int
    action: DunningAction
    on: date
    _amount: Amount = attrs.field(converter=frozen_amount, alias="amount")
    documents: tuple[str, ...] = attrs.field(converter=document_numbers)

    def __attrs_post_init__(self) -> None:
        checked_id(self.id, "a dunning record")
        checked_day(self.on, "the day of a step")
        if self.step < 1:
            raise InvalidValueError(self.step, "steps are counted from 1", "give the number of the step")

    @property
    def amount(self) -> Money:
        """What was chased."""
        return self._amount.money

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        return self._amount.currency

    @property
    def policy_code(self) -> str:
        """The code of the policy, without its version."""
        return self.policy.rpartition("@")[0]


def record_id(policy: str, step: int, documents: Iterable[str], on: date) -> str:
    """Return an id that derives from what was done."""
    return content_id("dunning", policy, step, tuple(documents), on)
