"""The standards say what their sources say, from when on, and can be staffed for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import attrs
import pytest

from billing_domain.errors import InvalidPeriodError
from billing_domain.waiting import ES_LEY_10_2025, INDUSTRY_80_20, STANDARDS, US_CABLE_76_309, Demand, required_agents


@pytest.mark.parametrize(
    ("standard", "percent", "seconds", "jurisdiction"),
    [(INDUSTRY_80_20, 80, 20, ""), (US_CABLE_76_309, 90, 30, "US"), (ES_LEY_10_2025, 95, 180, "ES")],
)
def test_levels(standard, percent, seconds, jurisdiction):
    """Each standard has its level, its place, its source and the day it was checked."""
    assert (standard.level.percent, standard.level.within) == (Decimal(percent), timedelta(seconds=seconds))
    assert standard.jurisdiction == jurisdiction
    assert standard.source
    assert standard.checked_on > date(2026, 1, 1)


def test_codes_are_unique():
    """No two standards share a code."""
    assert len({standard.code for standard in STANDARDS}) == len(STANDARDS) == 3


def test_dates():
    """A law holds from its first day on, a custom always, and what has ended no more."""
    assert not ES_LEY_10_2025.holds(date(2025, 12, 27))
    assert ES_LEY_10_2025.holds(date(2025, 12, 28))
    assert ES_LEY_10_2025.comply_by == date(2026, 12, 28)
    assert INDUSTRY_80_20.holds(date(1990, 1, 1))
    ended = attrs.evolve(US_CABLE_76_309, valid_to=date(2030, 1, 1))
    assert ended.holds(date(2030, 1, 1))
    assert not ended.holds(date(2030, 1, 2))
    with pytest.raises(InvalidPeriodError, match="does not end before"):
        attrs.evolve(US_CABLE_76_309, valid_to=date(1990, 1, 1))


def test_us_cable_has_its_other_limits():
    """Transfers within thirty seconds and fewer than three percent busy signals belong to the American rule."""
    assert US_CABLE_76_309.transfer_within == timedelta(seconds=30)
    assert US_CABLE_76_309.busy_below_percent == 3


def test_standards_can_be_staffed_for():
    """Ten erlangs in calls of three minutes need so many agents by each standard."""
    demand = Demand(datetime(2026, 3, 2, 9, tzinfo=UTC), calls=100, handling_time=timedelta(minutes=3))
    assert [required_agents(demand, standard.level) for standard in STANDARDS] == [14, 14, 13]
