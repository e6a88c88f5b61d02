"""Hypothesis strategies for the values that plugins are asked about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from billing_domain.accounts import Account
from billing_domain.billing import AccountSnapshot, Served, bill
from billing_domain.catalog import Event, Flat, Measured, PerUnit, RecurringCharge, Step, UsageCharge, Working
from billing_domain.conditions import Facts
from billing_domain.discounts import Base, BaseLine, Bid
from billing_domain.invoicing import ChargeKind, DraftInvoice, LineFacts, Piece, adjust
from billing_domain.money.amounts import minor_unit
from billing_domain.payments import Allotment, Debt
from billing_domain.periods import Frequency, FrequencyUnit, Period, Schedule, Stretch
from billing_domain.retention import Units
from billing_domain.subscriptions import Leaving
from billing_domain.tax import Supply, TaxClass
from billing_domain.testing.builders import DATA, START, ZONE, a_plan, a_snapshot, an_account, billed_months, rules
from billing_domain.testing.document_strategies import line_charges
from billing_domain.usage import UsageRecord
from billing_domain.waiting import Demand

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
CURRENCIES = ("EUR", "JPY", "BHD")


def currencies() -> st.SearchStrategy[str]:
    """Return currencies with no, two and three decimals."""
    return st.sampled_from(CURRENCIES)


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


def lines(
    *,
    currency: str = "EUR",
    charges: Sequence[str] = ("base", "fee", "data"),
    kinds: Sequence[ChargeKind] = (ChargeKind.RECURRING, ChargeKind.USAGE, ChargeKind.ONE_OFF),
    plans: Sequence[str] = ("basic",),
    subscriptions: Sequence[str] = ("S-1", "S-2"),
    starts: st.SearchStrategy[date] | None = None,
    most: int = 5,
) -> st.SearchStrategy[tuple[LineFacts, ...]]:
    """Return the facts of the lines of one document, none among them; no two lines have the same key.

    Args:
        currency: The currency of the document.
        charges: Codes of charges.
        kinds: Sorts of charges; a charge is of one sort.
        plans: Codes of plans.
        subscriptions: Ids of subscriptions.
        starts: The first day served; 1 March 2026 where it is not given.
        most: The largest number of lines.
    """
    keys = st.tuples(st.sampled_from(list(subscriptions)), st.sampled_from(list(charges)))
    prices = st.one_of(amounts(currency, most=1_000), amounts(currency, most=1))
    rows = st.lists(st.tuples(keys, st.integers(1, 20), prices), max_size=most, unique_by=lambda row: row[0])
    kind_of = {charge: kinds[place % len(kinds)] for place, charge in enumerate(sorted(charges))}
    plan_of = {each: f"{plans[place % len(plans)]}@1" for place, each in enumerate(sorted(subscriptions))}

    def made(drawn: list[tuple[tuple[str, str], int, Decimal]], start: date) -> tuple[LineFacts, ...]:
        found = []
        for (subscription, charge), units, price in drawn:
            kind = kind_of[charge]
            step = Step("used", Decimal(units if kind is ChargeKind.USAGE else 1), price)
            found.append(_line(subscription, charge, kind, plan_of[subscription], start, step))
        return tuple(found)

    return st.builds(made, rows, st.just(START) if starts is None else starts)


def _line(subscription: str, charge: str, kind: ChargeKind, plan: str, start: date, step: Step) -> LineFacts:
    end = Schedule(Frequency.monthly(), start).boundary(1)
    working = Working([step])
    piece = Piece(start, end, step.quantity, working)
    return LineFacts(subscription, charge, start, end, start, end, charge.title(), kind, plan, "", (piece,), working.total)


def bases(*, charges: Sequence[str] = ("base", "fee", "data"), facts: st.SearchStrategy[Facts] | None = None) -> st.SearchStrategy[Base]:
    """Return what a benefit is asked about: lines of one document, none among them, in several currencies.

    Args:
        charges: Codes of charges.
        facts: What is known of the account; nothing where it is not given.
    """

    def made(currency: str) -> st.SearchStrategy[Base]:
        stated = lines(currency=currency, charges=charges)
        return st.builds(Base, stated.map(_base_lines), st.just(currency), st.just(Facts()) if facts is None else facts)

    return st.one_of([made(currency) for currency in CURRENCIES])


def _base_lines(stated: tuple[LineFacts, ...]) -> tuple[BaseLine, ...]:
    return tuple(BaseLine(line, line.amount) for line in stated)


def stretches() -> st.SearchStrategy[Stretch]:
    """Return parts of periods."""
    return tilings().flatmap(st.sampled_from)


@st.composite
def served(draw: st.DrawFn) -> Served:
    """Return what a rule for the tax point is asked about: days served, issued before, within or after them."""
    start, length = draw(days()), draw(st.integers(1, 400))
    return Served(start, start + timedelta(days=length), start + timedelta(days=draw(st.integers(-60, 460))))


@st.composite
def leavings(draw: st.DrawFn) -> Leaving:
    """Return terms that are cut short, in several currencies."""
    start, length = draw(days()), draw(st.integers(2, 800))
    on = start + timedelta(days=draw(st.integers(0, length - 1)))
    currency = draw(currencies())
    return Leaving(on, Period(start, start + timedelta(days=length)), currency, draw(amounts(currency, most=200)))


@st.composite
def bids(draw: st.DrawFn, *, most: int = 5) -> tuple[Bid, ...]:
    """Return discounts that compete in a lane, none among them; amounts and priorities are often equal."""
    found = []
    for number in range(draw(st.integers(0, most))):
        amount = draw(st.sampled_from([Decimal("0.00"), Decimal("5.00"), Decimal("9.99")]))
        places = draw(st.frozensets(st.integers(0, 3), max_size=4))
        policy = f"acme:{draw(st.sampled_from('ab'))}@1"
        found.append(Bid(f"G-{number}", policy, draw(st.integers(0, 2)), amount, places if amount else frozenset()))
    return tuple(found)


def _by_due(debt: Debt) -> tuple[date, date, str]:
    return debt.due, debt.on, debt.number


@st.composite
def allotments(draw: st.DrawFn, *, most: int = 5) -> Allotment:
    """Return an amount of money with the debts that it may go to, some of them held, in several currencies."""
    currency = draw(currencies())
    step = minor_unit(currency)
    found: list[Debt] = []
    for number in range(draw(st.integers(0, most))):
        units = draw(st.integers(1, 50_000))
        held, paid = draw(st.integers(0, units)), draw(st.integers(0, 500))
        due = START + timedelta(days=draw(st.integers(0, 60)))
        found.append(Debt(f"I-{number}", due - timedelta(days=14), due, (units + paid) * step, units * step, held * step))
    debts = tuple(sorted(found, key=_by_due))
    return Allotment(draw(st.integers(1, 100_000)) * step, currency, debts, START + timedelta(days=30))


@st.composite
def snapshots(draw: st.DrawFn) -> AccountSnapshot:
    """Return accounts with a subscription, usage, and some months that are billed."""
    fee, price = draw(amounts(most=100)), draw(amounts(most=5))
    plan = a_plan([RecurringCharge("fee", "Monthly fee", Flat(fee)), UsageCharge("data", "Data", DATA, PerUnit(price))])
    snapshot = a_snapshot(plan)
    for number in range(draw(st.integers(0, 3))):
        at = datetime(2026, 3 + number, draw(st.integers(1, 28)), 12, tzinfo=ZONE)
        snapshot = snapshot.add(UsageRecord(f"U-{number}", "S-1", DATA, draw(quantities(most=50)), at))
    return billed_months(snapshot, draw(st.integers(0, 4)))


@st.composite
def drafts(draw: st.DrawFn) -> DraftInvoice:
    """Return drafts of invoices, small ones too, some with a charge on their line."""
    cents = st.integers(1, 10_000).map(lambda number: Decimal(number).scaleb(-2))
    plan = a_plan([RecurringCharge("fee", "Monthly fee", Flat(draw(cents)))])
    draft = bill(a_snapshot(plan), through=START, rules=rules()).invoice
    return adjust(draft, line_charges=draw(line_charges(draft, most=1)))


def demands() -> st.SearchStrategy[Demand]:
    """Return calls that are expected in half an hour, with and without callers who hang up."""
    spans = st.integers(30, 900).map(lambda seconds: timedelta(seconds=seconds))
    return st.builds(Demand, st.just(datetime(2026, 3, 2, 9, tzinfo=UTC)), st.integers(1, 200), spans, patience=st.none() | spans)


@st.composite
def units(draw: st.DrawFn) -> Units:
    """Return the units of a comparison: two things known of each, and both arms filled."""
    size = draw(st.integers(8, 40))
    numbers = st.lists(st.floats(-10, 10), min_size=size, max_size=size)
    treated = draw(st.lists(st.booleans(), min_size=size - 4, max_size=size - 4))
    return Units({"calls": tuple(draw(numbers)), "spend": tuple(draw(numbers))}, (True, False, True, False, *treated))
