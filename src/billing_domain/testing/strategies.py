"""Hypothesis strategies for the values that plugins are asked about."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from billing_domain.accounts import Account
from billing_domain.catalog import Event, Measured
from billing_domain.discounts import Base, BaseLine
from billing_domain.money.amounts import minor_unit
from billing_domain.periods import Frequency, FrequencyUnit, Schedule, Stretch
from billing_domain.tax import Supply, TaxClass
from billing_domain.testing.builders import an_account, an_invoice

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)


def currencies() -> st.SearchStrategy[str]:
    """Return currencies with no, two and three decimals."""
    return st.sampled_from(["EUR", "JPY", "BHD"])


def amounts(currency: str = "EUR", *, most: int = 100_000) -> st.SearchStrategy[Decimal]:
    """Return amounts of zero or more in whole minor units."""
    step = minor_unit(currency)
    return st.integers(0, int(most / step)).map(lambda units: units * step)


def quantities(*, most: int = 100_000, places: int = 3) -> st.SearchStrategy[Decimal]:
    """Return quantities of zero or more, among them whole ones."""
    fine = st.integers(0, most * 10**places).map(lambda units: Decimal(units).scaleb(-places))
    return st.one_of(st.integers(0, most).map(Decimal), fine)


def days() -> st.SearchStrategy[date]:
    """Return days from 2020 to 2035, leap days among them."""
    return st.dates(FIRST, LAST)


def _event(quantity: Decimal, given: dict[str, str]) -> Event:
    return Event(quantity, tuple(sorted(given.items())))


def measured(properties: dict[str, list[str]] | None = None) -> st.SearchStrategy[Measured]:
    """Return what a price model is asked about.

    Args:
        properties: Names of properties that records have, with their possible values.
    """
    if not properties:
        return quantities().map(Measured)
    values = st.fixed_dictionaries({name: st.sampled_from(known) for name, known in properties.items()})
    events = st.lists(st.builds(_event, quantities(most=1_000), values), max_size=8)
    return events.map(lambda found: Measured(sum((event.quantity for event in found), start=Decimal(0)), tuple(found)))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Return schedules of every unit, with any anchor day."""
    frequency = Frequency(draw(st.sampled_from(list(FrequencyUnit))), draw(st.integers(1, 4)))
    anchor_day = draw(st.integers(1, 31)) if frequency.months else None
    return Schedule(frequency, draw(days()), anchor_day)


@st.composite
def tilings(draw: st.DrawFn, *, most: int = 4) -> list[Stretch]:
    """Return stretches that follow each other and together are one whole period."""
    whole = draw(schedules()).period_at(draw(days()))
    cuts = draw(st.sets(st.integers(1, whole.days - 1), max_size=most - 1)) if whole.days > 1 else set()
    ends = [*(whole.start + timedelta(days=cut) for cut in sorted(cuts)), whole.end]
    starts = [whole.start, *ends[:-1]]
    return [Stretch(start, end, whole.start, whole.end) for start, end in zip(starts, ends, strict=True)]


def supplies() -> st.SearchStrategy[Supply]:
    """Return sales of goods and services to consumers and companies here and elsewhere."""
    return st.builds(
        Supply,
        tax=st.sampled_from([TaxClass.STANDARD, TaxClass.BOOKS, TaxClass.MEDICINES]),
        tax_point=days(),
        seller_country=st.just("LT"),
        buyer_country=st.sampled_from(["LT", "LV", "DE", "NO"]),
        buyer_vat_id=st.sampled_from(["", "LV40000000000"]),
        seller_vat_id=st.just("LT100000000001"),
        goods=st.booleans(),
    )


def accounts() -> st.SearchStrategy[Account]:
    """Return accounts in several currencies."""
    return st.builds(an_account, st.from_regex(r"A-[0-9]{1,6}", fullmatch=True), currency=currencies())


@st.composite
def bases(draw: st.DrawFn, *, most: int = 5) -> Base:
    """Return what a benefit is asked about: lines of one document, none among them."""
    line = an_invoice().lines[0].facts
    found = []
    for number in range(draw(st.integers(0, most))):
        amount = draw(amounts(most=1_000))
        found.append(BaseLine(line._replace(charge=draw(st.sampled_from(["base", "fee", f"extra-{number}"])), amount=amount), amount))
    return Base(tuple(found), "EUR")
