"""What changes in the life of a plan: phases of a subscription, prices in other currencies, and who moves to a new version."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

import attrs

from billing_domain.catalog.combined import per_unit
from billing_domain.catalog.protocols import PriceModel
from billing_domain.doors import guarded
from billing_domain.errors import InvalidPeriodError, InvalidTypeError, InvalidValueError
from billing_domain.ids import checked_id
from billing_domain.money import Number, exponent, to_decimal
from billing_domain.periods import Frequency, FrequencyUnit, Schedule, checked_day
from billing_domain.periods.period import FOREVER

Price = PriceModel | Decimal
"""A price model, or a bare number that the charge reads in its own way: flat for a period, or for each unit of usage."""


def as_prices(values: Mapping[str, PriceModel | Number] | Iterable[tuple[str, PriceModel | Number]]) -> tuple[tuple[str, Price], ...]:
    """Return prices by name as sorted pairs, which a frozen value can hold."""
    items = dict(values).items()
    return tuple(sorted([(name, _price(price)) for name, price in items], key=_name))


def _name(pair: tuple[str, Price]) -> str:
    return pair[0]


def _price(value: PriceModel | Number) -> Price:
    return to_decimal(value, "a price") if isinstance(value, Decimal | int | str) else per_unit(value)


class PhaseKind(Enum):
    """What a phase is."""

    TRIAL = "trial"
    """Recurring charges are free; usage and one-off charges are not."""
    FIXED_TERM = "fixed-term"
    """As the last phase, it ends the subscription."""
    RAMP = "ramp"
    """A step on the way to the plan's own prices."""
    EVERGREEN = "evergreen"
    """Without end."""


@guarded
@attrs.frozen
class Phase:
    """A stretch of a subscription's life with prices of its own; after the last one the plan's own prices hold.

    Args:
        code: Its name within the plan.
        kind: What it is.
        lasts: How long it is; None without end, which only the last one is.
        prices: Prices by charge code; charges that are not named keep the plan's own.

    Raises:
        InvalidPeriodError: A phase that is not evergreen has no length, or an evergreen one has.
        InvalidValueError: A trial has prices.

    Example:
        >>> Phase.trial(days=14).lasts.days
        14
    """

    code: str
    kind: PhaseKind
    lasts: Frequency | None = None
    prices: tuple[tuple[str, Price], ...] = attrs.field(converter=as_prices, default=())

    def __attrs_post_init__(self) -> None:
        checked_id(self.code, "a phase")
        if not isinstance(self.kind, PhaseKind):
            raise InvalidTypeError(self.kind, "the kind of a phase is a PhaseKind", "give PhaseKind.RAMP or another member")
        if (self.lasts is None) is not (self.kind is PhaseKind.EVERGREEN):
            raise InvalidPeriodError(self.code, "an evergreen phase has no length, and every other one has", "give lasts=Frequency(...)")
        if self.kind is PhaseKind.TRIAL and self.prices:
            raise InvalidValueError(self.code, "in a trial recurring charges are free", "use a ramp for a lower price")

    @classmethod
    def trial(cls, *, days: int) -> "Phase":
        """Return a trial of so many days."""
        return cls("trial", PhaseKind.TRIAL, Frequency(FrequencyUnit.DAY, days))

    @classmethod
    def ramp(cls, code: str, lasts: Frequency, prices: Mapping[str, PriceModel | Number]) -> "Phase":
        """Return a step with prices of its own."""
        return cls(code, PhaseKind.RAMP, lasts, prices)

    @classmethod
    def fixed_term(cls, lasts: Frequency) -> "Phase":
        """Return a term at the plan's prices after which the subscription ends."""
        return cls("term", PhaseKind.FIXED_TERM, lasts)


def phase_days(phases: Iterable[Phase], since: date) -> Iterator[tuple[date, date, Phase | None]]:
    """Return start, end and phase for each stretch of a life that began on a day; None stands for the plan's own prices.

    Months keep the day on which they began: 31 January, 28 February, 31 March.

    Args:
        phases: In their order.
        since: The first day of the first one.

    Example:
        >>> [(str(start), str(end)) for start, end, _ in phase_days([Phase.trial(days=14)], date(2026, 3, 1))]
        [('2026-03-01', '2026-03-15'), ('2026-03-15', '9999-12-31')]
    """
    start, anchor = since, since.day
    for phase in phases:
        if phase.lasts is None:
            yield start, FOREVER, phase
            return
        if phase.lasts.days:
            end = Schedule(phase.lasts, start).boundary(1)
            anchor = end.day
        else:
            end = Schedule(phase.lasts, start, anchor).boundary(1)
        yield start, end, phase
        start = end
        if phase.kind is PhaseKind.FIXED_TERM:
            return
    yield start, FOREVER, None


def checked_phases(values: Iterable[Phase]) -> tuple[Phase, ...]:
    """Return the phases if only the last one ends the plan's life or is without end.

    Raises:
        InvalidTypeError: One of them is not a `Phase`.
        InvalidPeriodError: A phase follows one that is without end or ends the subscription, or a code stands twice.
    """
    phases = tuple(values)
    for phase in phases:
        if not isinstance(phase, Phase):
            raise InvalidTypeError(phase, "a phase of a plan is a Phase", "write Phase.trial(days=14)")
    overlapping = [phase.code for phase in phases[:-1] if phase.kind in {PhaseKind.EVERGREEN, PhaseKind.FIXED_TERM}]
    if overlapping:
        raise InvalidPeriodError(overlapping[0], "no phase follows one that is without end or ends the subscription", "put it last")
    codes = [phase.code for phase in phases]
    if len(set(codes)) != len(codes):
        raise InvalidPeriodError(", ".join(codes), "the codes of phases are unique within a plan", "rename one of them")
    return phases


def _currency(value: str) -> str:
    exponent(value)
    return value


@guarded
@attrs.frozen
class PriceList:
    """The prices of a plan version in another currency.

    Args:
        currency: ISO 4217 code.
        prices: By charge code; a price of a phase is named `phase/charge`.

    Example:
        >>> PriceList("USD", {"base": "10.90"}).currency
        'USD'
    """

    currency: str = attrs.field(converter=_currency)
    prices: tuple[tuple[str, Price], ...] = attrs.field(converter=as_prices)


class Moves(Enum):
    """Which existing subscriptions move to a new version of their plan, and when."""

    NOBODY = "nobody"
    """Who has an older version keeps it."""
    ON_THE_DAY = "on-the-day"
    """All on the day."""
    NEXT_PERIOD = "next-period"
    """Each at the start of its first period on or after the day."""
    NEXT_TERM = "next-term"
    """Each at the first renewal of its contract on or after the day; without a contract, as `NEXT_PERIOD`."""


@guarded
@attrs.frozen
class Release:
    """From which day a plan version is sold, and which existing subscriptions move to it.

    Args:
        plan: The version, as `code@version`.
        sold_from: The first day on which new subscriptions get it.
        moves: Which existing ones move.
        on: The day from which they move; `sold_from` where None.
    """

    plan: str
    sold_from: date
    moves: Moves = Moves.NOBODY
    on: date | None = None

    def __attrs_post_init__(self) -> None:
        checked_day(self.sold_from, "the first day of a release")
        if self.on is not None and checked_day(self.on, "the day of a move") < self.sold_from:
            raise InvalidPeriodError(
                self.on, f"nobody moves to {self.plan} before it is sold on {self.sold_from}", "move them on that day or later"
            )

    @property
    def moves_on(self) -> date:
        """The first day on which an existing subscription may move."""
        return self.sold_from if self.on is None else self.on
