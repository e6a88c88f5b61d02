"""What Hypothesis draws for the tests of the core: money, cycles, plans, accounts, and what happens in their lives."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.accounts import Account, Party
from billing_domain.billing import AtPeriodEnd, CatchUp, Rulebook
from billing_domain.billing.rulebook import AtIssue
from billing_domain.catalog import (
    Aggregation,
    Flat,
    Graduated,
    Meter,
    OneOffCharge,
    PerUnit,
    Plan,
    Product,
    RecurringCharge,
    Tier,
    Timing,
    UsageCharge,
)
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.money import Money, Rounding, minor_unit
from billing_domain.periods import BillingCycle, Frequency, FrequencyUnit, Period
from billing_domain.subscriptions import Item, Order
from billing_domain.tax import TaxClass, TaxRounding

VILNIUS = ZoneInfo("Europe/Vilnius")
SELLER = Party("Mobilis, UAB", "LT", vat_id="LT100000000001")
BUYER = Party("Ona Kazlauskienė", "LT")
DATA = Meter("data", "GB")
PEAK = Meter("peak", "Mbit/s", Aggregation.MAX)
START = date(2026, 1, 1)

currencies = st.sampled_from(["EUR", "JPY", "BHD"])
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
anchor_days = st.integers(1, 31)
roundings = st.sampled_from(Rounding)


def decimals(low=0, high=10_000, places=4):
    """Return exact numbers with up to so many decimals."""
    return st.builds(
        lambda whole, digits, part: Decimal(whole) + Decimal(part % 10**digits).scaleb(-digits),
        st.integers(low, high),
        st.integers(0, places),
        st.integers(0, 10**places),
    )


def amounts(currency="EUR", low=0, high=100_000):
    """Return amounts in whole minor units."""
    step = minor_unit(currency)
    return st.integers(low, high).map(lambda units: units * step)


prices = st.one_of(decimals(high=60, places=2), decimals(high=60, places=4), st.just(Decimal(0)), st.just(Decimal("29.99")))
quantities = st.integers(0, 6).map(Decimal) | st.sampled_from([Decimal("0.5"), Decimal("2.75")])


@st.composite
def periods(draw):
    """Return a period of 1 to 400 days."""
    start = draw(days)
    return Period(start, date.fromordinal(start.toordinal() + draw(st.integers(1, 400))))


frequencies = st.builds(Frequency, st.sampled_from(FrequencyUnit), st.integers(1, 3))
billing_frequencies = st.sampled_from(
    [Frequency.weekly(), Frequency.monthly(), Frequency.monthly(), Frequency.quarterly(), Frequency.yearly()]
)
cycles = st.one_of(st.just(BillingCycle.anniversary()), st.just(BillingCycle.calendar()), anchor_days.map(BillingCycle.on_day))


@st.composite
def tiers(draw):
    """Return one to four tiers in order."""
    bounds = sorted(draw(st.sets(st.integers(1, 40), max_size=3)))
    with_fee = prices if draw(st.booleans()) else st.just(Decimal(0))
    return [Tier(bound, draw(prices), draw(with_fee)) for bound in [*bounds, None]]


price_models = st.one_of(prices.map(Flat), prices.map(PerUnit), tiers().map(Graduated))
usage_prices = st.one_of(prices.map(PerUnit), tiers().map(Graduated))


@st.composite
def plan_families(draw, currency="EUR", frequency=billing_frequencies, one_frequency=True):
    """Return three plans whose charges share their codes, as the plans of one seller do."""
    inclusive = draw(st.booleans())
    timings = st.sampled_from(Timing) if draw(st.booleans()) else st.just(draw(st.sampled_from(Timing)))
    common = draw(frequency)
    plans = []
    for number in range(1, 4):
        charges = [RecurringCharge("base", "Monthly fee", draw(price_models), draw(timings))]
        if draw(st.booleans()):
            charges.append(
                RecurringCharge(
                    "seats",
                    "Seats",
                    PerUnit(draw(prices)),
                    draw(timings),
                    tax=draw(st.sampled_from([TaxClass.STANDARD, TaxClass.BOOKS])),
                )
            )
        if draw(st.booleans()):
            charges.append(OneOffCharge("setup", "Setup", draw(prices)))
        charges.append(UsageCharge("data", "Mobile data", DATA, draw(usage_prices)))
        charges.append(UsageCharge("peak", "Peak", PEAK, draw(usage_prices), frequency=Frequency.monthly()))
        plans.append(
            Plan(f"plan-{number}", 1, f"Plan {number}", currency, charges, common if one_frequency else draw(frequency), inclusive)
        )
    return plans


@st.composite
def grants(draw, number=1, currency="EUR"):
    """Return a percent grant with a window, a scope and perhaps a limit."""
    start = date.fromordinal(START.toordinal() + draw(st.integers(0, 120)))
    end = draw(st.none() | st.integers(1, 200).map(lambda length: date.fromordinal(start.toordinal() + length)))
    scope = draw(st.sampled_from([Scope(), Scope.recurring(), Scope(charges=["data"]), Scope(plans=["plan-1"])]))
    limit = draw(st.none() | amounts(currency, 0, 3_000).map(lambda amount: Money(amount, currency)))
    percent = draw(st.sampled_from([Decimal(10), Decimal("33.3"), Decimal(50), Decimal(100)]))
    return Grant(f"G-{number}", "acme:spring@1", Percent(percent), start, end, scope, "Spring", limit=limit)


@st.composite
def orders(draw, number=1, on=days):
    """Return a sale of one to three products."""
    products = [
        Product("router", "Wi-Fi router", goods=True),
        Product("book", "Handbook", TaxClass.BOOKS),
        Product("visit", "Installation"),
    ]
    chosen = draw(st.lists(st.sampled_from(products), min_size=1, unique_by=lambda product: product.code))
    items = [Item(product, draw(prices), draw(st.sampled_from([1, 2, "0.5"]))) for product in chosen]
    return Order(f"O-{number}", draw(on), items, prices_include_tax=draw(st.booleans()))


@st.composite
def accounts(draw, currency=currencies):
    """Return an account with a cycle of its own."""
    return Account(id="A-1", currency=draw(currency), zone=VILNIUS, locale="lt_LT", holder=BUYER, cycle=draw(cycles))


rulebooks = st.builds(
    Rulebook,
    seller=st.just(SELLER),
    tax=st.just(presets.LT_VAT),
    tax_point=st.sampled_from([AtIssue(), AtIssue(), AtPeriodEnd()]),
    tax_rounding=st.sampled_from(TaxRounding),
    rounding=st.sampled_from([Rounding.HALF_UP, Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN]),
    catch_up=st.sampled_from(CatchUp),
)

# What happens in a life, as plain tuples: small numbers that shrink well and are read against the state they meet.

_sub = st.integers(0, 1)
_near = st.integers(-45, 30)
changes = st.one_of(
    st.tuples(st.just("quantity"), _sub, _near, quantities),
    st.tuples(st.just("plan"), _sub, _near, st.integers(0, 2)),
    st.tuples(st.just("override"), _sub, _near, price_models),
    st.tuples(st.just("plan_price"), _sub, _near),
    st.tuples(st.just("pause"), _sub, _near),
    st.tuples(st.just("resume"), _sub, _near),
    st.tuples(st.just("cancel"), _sub, _near),
    st.tuples(st.just("keep"), _sub),
)
cycle_changes = st.tuples(st.just("cycle"), _sub, _near, cycles)
consumption = st.one_of(
    st.tuples(st.just("use"), _sub, st.sampled_from([DATA, PEAK]), st.integers(-40, 0), decimals(high=50, places=2)),
    st.tuples(st.just("correct_use"), st.integers(0, 20), decimals(high=50, places=2)),
)
passing = st.tuples(st.just("wait"), st.sampled_from([0, 1, 7, 15, 28, 31, 100]))
running = st.tuples(st.just("run"), st.sampled_from([0, 0, 0, -5, -40, 3]))
selling = st.tuples(st.just("sell"), st.integers(-3, 10), st.booleans(), prices)
steps = st.one_of(changes, consumption, passing, running, selling, passing, running)
