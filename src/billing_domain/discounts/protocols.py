"""What a host plugs in here: a benefit, a way of stacking, the codes of plugins; and the values that they speak."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeGuard, runtime_checkable

import attrs

from billing_domain.conditions import Facts, Vocabulary
from billing_domain.invoicing import ChargeKind, LineFacts
from billing_domain.money import Money, add_up
from billing_domain.money.amounts import ZERO


class BaseLine(NamedTuple):
    """A line as a benefit sees it.

    Args:
        facts: What made the line.
        amount: What it stands at, before tax as its price is stated; its list amount or what other discounts left of it.
    """

    facts: LineFacts
    amount: Decimal


@attrs.frozen
class Base:
    """What a benefit works on: the lines of one document that it may touch, and what is known of the account.

    Args:
        lines: The lines that its scope and window cover.
        currency: The document's currency; empty where it is not known.
        facts: What is known of the account.
        given: What the grant has given so far, less what came back.
        documents: How many earlier documents bear lines that it covers.

    Example:
        >>> Base().total
        Decimal('0')
    """

    lines: tuple[BaseLine, ...] = ()
    currency: str = ""
    facts: Facts = Facts()
    given: Decimal = ZERO
    documents: int = 0

    @property
    def total(self) -> Decimal:
        """The amount of all its lines."""
        return add_up([line.amount for line in self.lines])

    def charge(self, *codes: str) -> Decimal:
        """Return the amount of the lines of these charges; zero where there are none."""
        return add_up([line.amount for line in self.lines if line.facts.charge in codes])

    def kind(self, *kinds: ChargeKind) -> Decimal:
        """Return the amount of the lines of these sorts of charge."""
        return add_up([line.amount for line in self.lines if line.facts.kind in kinds])


class Proposal(NamedTuple):
    """What a benefit would take off; the core checks, rounds once, caps and splits it.

    Args:
        amount: How much in all, zero or more: a Decimal in the document's currency, or a `Money`. Above the base counts as all of it.
        lines: How much of it each line of the base is meant to bear, in their order; in proportion to their amounts where empty.
        reason: Why it is nothing, as a code, where it is.
    """

    amount: Decimal | Money
    lines: Sequence[Decimal] = ()
    reason: str = ""


@runtime_checkable
class Benefit(Protocol):
    """**Protocol:** proposes what a discount takes off the lines of one document.

    Called once for each document and grant, more often where grants compete; must be pure. A frozen class with a `code` fits.
    """

    @property
    def code(self) -> str:
        """A stable name, with a namespace unless it ships with the library; it is stored, so its meaning never changes."""
        ...

    def propose(self, base: Base) -> Proposal:
        """Return what it would take off the base; never more than it means, and nothing rounded."""
        ...


def is_benefit(value: object) -> TypeGuard[Benefit]:
    """Whether the value has a code and proposes, as a benefit does; a class is not a benefit yet.

    Example:
        >>> from billing_domain.discounts import Percent
        >>> is_benefit(Percent(10)), is_benefit(Percent), is_benefit(10)
        (True, False, False)
    """
    return not isinstance(value, type) and isinstance(getattr(value, "code", None), str) and callable(getattr(value, "propose", None))


class Bid(NamedTuple):
    """A discount that competes in a lane.

    Args:
        id: The grant.
        policy: Code and version of its policy.
        priority: The higher, the earlier.
        amount: What it would take off if it were alone in the lane, after its caps.
        lines: The places of the lines that it would touch.
    """

    id: str
    policy: str
    priority: int
    amount: Decimal
    lines: frozenset[int]


@runtime_checkable
class Stacking(Protocol):
    """**Protocol:** says which of the discounts that compete in a lane apply, and in which order.

    Called once for each lane and document; must be pure and not depend on the order of the bids. `Stack` has the usual ones.
    """

    @property
    def code(self) -> str:
        """A stable name."""
        ...

    @property
    def running(self) -> bool:
        """Whether each works on what the ones before it left; else all work on what the lane began with."""
        ...

    def choose(self, bids: Sequence[Bid]) -> Sequence[Bid]:
        """Return those that apply, in order; the others are recorded as outbid."""
        ...


class Given(Protocol):
    """**Protocol:** what grants have given on earlier documents; billing reads it off the account's history."""

    def total(self, grant_id: str) -> Decimal:
        """Return what the grant gave, less what came back."""
        ...

    def in_period(self, grant_id: str, slot: date) -> Decimal:
        """Return what it gave on lines whose aligned period starts on the day, less what came back."""
        ...

    def times(self, grant_id: str) -> int:
        """Return how many documents bear a share of it."""
        ...

    def documents(self, covers: "Covering") -> int:
        """Return how many documents bear a line that it covers."""
        ...


class Covering(Protocol):
    """**Protocol:** anything that covers lines; a `Grant` fits."""

    def covers(self, facts: LineFacts) -> bool:
        """Say whether the line may be touched."""
        ...


class Codes(Protocol):
    """**Protocol:** what the codes in plain data lead to; the registry of plugins fits."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts and conditions that plain data may name."""
        ...

    def plugin(self, kind: type[Any], code: str) -> Any:
        """Return the class with this code that fits a protocol, such as `Benefit`, or raise `UnknownReferenceError`."""
        ...
