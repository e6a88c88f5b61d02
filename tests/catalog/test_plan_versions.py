"""Plans: phases, prices in other currencies, commitments, and versions on sale."""

from datetime import date
from decimal import Decimal

import pytest

from billing_domain.catalog import (
    Catalog,
    CommitmentCharge,
    Flat,
    Graduated,
    Meter,
    Moves,
    Phase,
    PhaseKind,
    Plan,
    PriceList,
    RecurringCharge,
    Release,
    Tier,
    UsageCharge,
)
from billing_domain.catalog.phases import phase_days
from billing_domain.errors import (
    BillingError,
    DuplicateIdError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    MissingRateError,
    OutOfOrderError,
    UnknownReferenceError,
)
from billing_domain.periods import Frequency, FrequencyUnit

BASE = RecurringCharge("base", "Fee", "10")
USED = UsageCharge("data", "Data", Meter("data"), "1")
LEAST = CommitmentCharge("least", "Least", "100", charges="data")
MONTH = Frequency.monthly()
RAMP = Phase.ramp("ramp", Frequency(FrequencyUnit.MONTH, 2), {"base": 5})


def plan(*charges, **changes):
    """Return a plan."""
    return Plan("s", changes.pop("version", 1), "S", "EUR", charges, **changes)


def test_phases_follow_each_other_without_drift():
    """Months keep the day on which they began, after a trial in days that of its end."""
    phases = [RAMP, Phase.ramp("next", MONTH, {}), Phase.fixed_term(MONTH)]
    ends = [str(end) for _, end, _ in phase_days(phases, date(2025, 12, 31))]
    assert ends == ["2026-02-28", "2026-03-31", "2026-04-30"]
    found = [(str(start), phase.code if phase else "") for start, _, phase in phase_days([Phase.trial(days=14), RAMP], date(2026, 1, 31))]
    assert found == [("2026-01-31", "trial"), ("2026-02-14", "ramp"), ("2026-04-14", "")]
    assert [phase.code for *_, phase in phase_days([Phase("for-ever", PhaseKind.EVERGREEN)], date(2026, 1, 1))] == ["for-ever"]


def test_a_price_list_prices_everything():
    """In another currency every charge, commitment and phase has another price, and the version is the same."""
    dollars = PriceList("USD", {"base": "11", "data": Flat("9"), "least": "120", "ramp/base": "6"})
    found = plan(BASE, USED, LEAST, phases=[RAMP], price_lists=[dollars]).in_currency("USD")
    assert (found.currency, found.key, found.currencies) == ("USD", "s@1", ("USD",))
    assert [found.charges[0].price.price, found.charges[1].price.price, found.charges[2].amount] == [11, 9, 120]
    assert dict(found.phases[0].prices) == {"base": Decimal(6)}
    assert found.in_currency("USD") is found


def test_currencies_without_a_price_are_refused():
    """A list that leaves a charge out is not made, and a currency that no list has is not sold."""
    with pytest.raises(MissingRateError, match="data: the price list in USD"):
        plan(BASE, USED, price_lists=[PriceList("USD", {"base": "11"})])
    with pytest.raises(MissingRateError, match="JPY: plan s@1 is priced in EUR"):
        plan(BASE).in_currency("JPY")
    with pytest.raises(InvalidTypeError, match="commitment least is a number"):
        plan(LEAST, USED, price_lists=[PriceList("USD", {"data": 1, "least": Graduated([Tier(None, 1)])})])


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: plan(BASE, phases=[Phase("x", PhaseKind.EVERGREEN), RAMP]), InvalidPeriodError),
        (lambda: plan(BASE, phases=[Phase.fixed_term(MONTH), RAMP]), InvalidPeriodError),
        (lambda: plan(BASE, phases=[RAMP, RAMP]), InvalidPeriodError),
        (lambda: plan(BASE, phases=["trial"]), InvalidTypeError),
        (lambda: plan(USED, phases=[RAMP]), UnknownReferenceError),
        (lambda: plan(BASE, LEAST), UnknownReferenceError),
        (lambda: plan(BASE, BASE), DuplicateIdError),
        (lambda: plan(BASE, price_lists=[PriceList("EUR", {"base": 1})]), DuplicateIdError),
        (lambda: Phase("x", PhaseKind.RAMP), InvalidPeriodError),
        (lambda: Phase("x", PhaseKind.EVERGREEN, MONTH), InvalidPeriodError),
        (lambda: Phase("x", "ramp", MONTH), InvalidTypeError),
        (lambda: Phase("x", PhaseKind.TRIAL, MONTH, {"base": 1}), InvalidValueError),
        (lambda: PriceList("XXX1", {}), BillingError),
        (lambda: Release("s@1", date(2026, 4, 1), on=date(2026, 3, 1)), InvalidPeriodError),
    ],
)
def test_what_makes_no_plan_is_refused(make, error):
    """Overlapping phases, unknown charges and doubles are refused where they enter."""
    with pytest.raises(error):
        make()


def test_versions_are_sold_in_order():
    """New subscriptions get the version that is on sale on the day."""
    versions = [plan(version=1), plan(version=2), Plan("other", 1, "O", "EUR", [])]
    releases = [Release("s@1", date(2026, 1, 1)), Release("other@1", date(2026, 1, 1)), Release("s@2", date(2026, 4, 1), Moves.ON_THE_DAY)]
    catalog = Catalog(versions, releases)
    assert [catalog.on_sale("s", on=date(2026, month, 1)).version for month in (1, 3, 4)] == [1, 1, 2]
    assert releases[2].moves_on == date(2026, 4, 1)
    with pytest.raises(UnknownReferenceError):
        catalog.on_sale("s", on=date(2025, 12, 31))


def test_versions_out_of_order_are_refused():
    """A higher version is sold from a later day, each once, and each is in the catalog."""
    versions = [plan(version=1), plan(version=2)]
    for days in ((date(2026, 4, 1), date(2026, 3, 1)), (date(2026, 4, 1), date(2026, 4, 1))):
        with pytest.raises(OutOfOrderError):
            Catalog(versions, [Release("s@1", days[0]), Release("s@2", days[1])])
    with pytest.raises(OutOfOrderError):
        Catalog(versions, [Release("s@1", date(2026, 4, 1)), Release("s@1", date(2026, 5, 1))])
    with pytest.raises(UnknownReferenceError):
        Catalog(versions, [Release("s@3", date(2026, 4, 1))])


def test_what_a_catalog_does_not_have_is_refused():
    """A version stands once, and a plan that is not there is named."""
    with pytest.raises(DuplicateIdError):
        Catalog([plan(), plan()])
    with pytest.raises(UnknownReferenceError):
        Catalog([plan()]).latest("t")
    with pytest.raises(InvalidTypeError):
        RecurringCharge("base", "Fee", object())
    with pytest.raises(InvalidValueError):
        Meter("calls", distinct="number")
