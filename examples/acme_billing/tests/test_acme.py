"""The plugins keep the contracts of their protocols, and are found once the package is installed."""

from datetime import date
from decimal import Decimal

from acme_billing import DayAndNight, HalfOf, OneStopShop, WorkingDays, loyal, loyalty
from hypothesis import strategies as st

from billing_domain.conditions import TENURE_MONTHS
from billing_domain.plugins import PriceModel, Registry, TaxClass, TaxRate, TaxTable
from billing_domain.testing import (
    BenefitContract,
    ConditionContract,
    DiscountPolicyContract,
    PriceModelContract,
    ProrationContract,
    TaxPolicyContract,
)

CLASSES = (TaxClass.STANDARD, TaxClass.BOOKS, TaxClass.MEDICINES)
TABLES = [
    TaxTable(country, [(kind, TaxRate(rate, date(2009, 1, 1))) for kind in CLASSES])
    for country, rate in (("LT", "21"), ("LV", "21"), ("DE", "19"))
]


class TestDayAndNight(PriceModelContract):
    """The price model."""

    plugin = DayAndNight(Decimal("0.24"), Decimal("0.16"))
    properties = {"tariff": ["day", "night"]}  # noqa: RUF012


class TestWorkingDays(ProrationContract):
    """The proration."""

    plugin = WorkingDays()


class TestOneStopShop(TaxPolicyContract):
    """The tax policy."""

    plugin = OneStopShop(TABLES)


class TestLoyal(ConditionContract):
    """The condition."""

    plugin = loyal
    facts = {TENURE_MONTHS: st.integers(0, 600)}  # noqa: RUF012


class TestHalfOf(BenefitContract):
    """The benefit."""

    plugin = HalfOf("base")


class TestLoyalty(DiscountPolicyContract):
    """The policy that joins them: naming it is enough."""

    policy = loyalty


def test_is_discovered() -> None:
    """The entry points lead to the plugins."""
    registry = Registry.discover()
    assert registry.plugin(PriceModel, "acme:day-night") is DayAndNight
    assert {entry.code for entry in registry.entries} >= {"acme:day-night", "acme:working-days", "acme:oss", "acme:loyal", "acme:half-of"}


def test_the_policy_is_made() -> None:
    """Its content has a hash that says which version was granted."""
    assert loyalty.id == "acme:loyalty@1"
    assert len(loyalty.content_hash) == 16
