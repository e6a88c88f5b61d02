"""Staffing finds the fewest agents for any target, says what a cap means, and rosters exactly."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.errors import (
    BillingError,
    ExceedsLimitError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    NaiveInstantError,
    OutOfOrderError,
)
from billing_domain.waiting import (
    Abandonment,
    AverageWait,
    Demand,
    Every,
    LevelDefinition,
    Occupancy,
    Outlook,
    Overloaded,
    ServiceLevel,
    predict,
    required_agents,
    staff,
)

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
USUAL = ServiceLevel(percent=80, within=timedelta(seconds=20))
PATIENCE = st.none() | st.integers(10, 2000).map(lambda seconds: timedelta(seconds=seconds))
DEMANDS = st.builds(
    Demand,
    start=st.just(NINE),
    calls=st.integers(0, 300),
    handling_time=st.integers(10, 900).map(lambda seconds: timedelta(seconds=seconds)),
    patience=PATIENCE,
)
TARGETS = st.one_of(
    st.builds(ServiceLevel, percent=st.integers(1, 99), within=st.integers(0, 300).map(lambda seconds: timedelta(seconds=seconds))),
    st.builds(AverageWait, at_most=st.integers(1, 600).map(lambda seconds: timedelta(seconds=seconds))),
    st.builds(Occupancy, at_most=st.integers(20, 99)),
    st.builds(Abandonment, at_most=st.integers(1, 60)),
)


def demand(calls: int | str, handling: int, **more) -> Demand:
    return Demand(NINE, calls=calls, handling_time=timedelta(seconds=handling), lasts=timedelta(hours=1), **more)


@given(demand=DEMANDS, target=TARGETS)
def test_the_fewest_agents_are_found(demand, target):
    """The number found reaches the target and one agent fewer does not."""
    agents = required_agents(demand, target)
    assert target.met(predict(demand, agents=agents).outlook)
    if agents > 1:
        fewer = predict(demand, agents=agents - 1)
        assert isinstance(fewer, Overloaded) or not target.met(fewer)


@pytest.mark.parametrize(
    ("calls", "handling", "within", "percent", "agents"),
    [(20, 180, 20, 80, 3), (10, 240, 60, 50, 2), (200, 180, 20, 80, 14), (106, 360, 120, 20, 11), (90, 300, 0, 80, 11)],
)
def test_reference_cases(calls, handling, within, percent, agents):
    """The numbers of agents agree with those worked out in 50 digits; 10.6 erlangs need 11, not the 12 of a rounded start."""
    assert required_agents(demand(calls, handling), ServiceLevel(percent, timedelta(seconds=within))) == agents


def test_thousands_of_agents():
    """A centre of thousands needs hardly more agents than it has work, and never fewer."""
    large = demand(60_000, 300)
    assert 5_000 < required_agents(large, USUAL) < 5_060
    assert required_agents(attrs.evolve(large, patience=timedelta(minutes=2)), USUAL) <= required_agents(large, USUAL)


def test_a_patient_line_needs_fewer_where_some_leave():
    """With impatient callers a lax target is reached with fewer agents than there is work."""
    assert required_agents(demand(200, 180, patience=timedelta(minutes=2)), Abandonment(at_most=50)) < 10


def test_a_day_is_staffed_stretch_by_stretch():
    """Each half hour gets its own shift, an open line without calls one agent."""
    half_hours = [
        Demand(NINE + place * timedelta(minutes=30), calls=calls, handling_time=timedelta(minutes=3))
        for place, calls in enumerate((0, 40, 100))
    ]
    shifts = staff(half_hours, target=USUAL, shrinkage="0.30")
    assert [(shift.agents, shift.rostered) for shift in shifts] == [(1, 2), (7, 10), (14, 20)]
    assert [shift.start for shift in shifts] == [half_hour.start for half_hour in half_hours]
    assert all(shift.met for shift in shifts)
    assert shifts[2].average_wait == timedelta(seconds=7, microseconds=835937)
    assert shifts[2].service_level == pytest.approx(0.88835, abs=1e-5)
    assert shifts[2].occupancy == pytest.approx(10 / 14)


def test_a_cap_that_does_not_suffice_is_told():
    """Where too few agents can be had the shift has what then happens, or no figures at all in overload."""
    [short] = staff([demand(200, 180)], target=USUAL, most=13)
    assert (short.agents, short.met) == (13, False)
    assert short.service_level == pytest.approx(0.795595, abs=1e-6)
    [none] = staff([demand(200, 180)], target=USUAL, most=10)
    assert (none.met, none.average_wait, none.service_level, none.occupancy) == (False, None, None, None)
    assert none.answer == Overloaded(load=10.0, agents=10)
    [enough] = staff([demand(200, 180)], target=USUAL, most=50)
    assert (enough.agents, enough.met) == (14, True)


def test_a_shift_of_another_target_has_no_service_level():
    """A service level is shown only in the terms of a target that has them; the outlook answers any other question."""
    [shift] = staff([demand(200, 180)], target=AverageWait(at_most=timedelta(seconds=10)))
    assert shift.service_level is None
    assert isinstance(shift.answer, Outlook)
    assert shift.answer.service_level(USUAL.within) > 0.8


@given(agents=st.integers(1, 500), percent=st.integers(0, 99))
def test_the_roster_is_exact(agents, percent):
    """So many on the roster leave enough after shrinkage, and one fewer would not."""

    @attrs.frozen
    class Fixed:
        def met(self, outlook):
            return outlook.agents >= agents

    [shift] = staff([demand(1, 1)], target=Fixed(), shrinkage=Decimal(percent) / 100)
    assert shift.agents == agents
    assert shift.rostered * (100 - percent) >= agents * 100 > (shift.rostered - 1) * (100 - percent)


def test_every_target_must_be_met():
    """Several targets together need as many agents as the hardest of them."""
    both = Every([USUAL, Occupancy(at_most=60)])
    assert required_agents(demand(200, 180), both) == max(required_agents(demand(200, 180), one) for one in both.targets) == 17
    with pytest.raises(InvalidValueError, match="at least one target"):
        Every([])


def test_a_target_names_its_definition():
    """A service level of the answered is easier than one of all calls, and each says which it is."""
    flattering = ServiceLevel(80, timedelta(seconds=20), LevelDefinition.OF_ANSWERED)
    patient = demand(200, 180, patience=timedelta(minutes=1))
    assert required_agents(patient, flattering) < required_agents(patient, USUAL)
    assert str(flattering) == "80 % within 0:00:20 (of-answered)"


def test_a_target_that_nobody_reaches_is_refused():
    """A target out of reach ends in an error, not in an endless search."""

    @attrs.frozen
    class Never:
        def met(self, outlook):
            return False

    with pytest.raises(ExceedsLimitError, match="do not reach"):
        required_agents(demand(1, 60), Never())


def test_stretches_follow_each_other():
    """Overlapping or reversed stretches are refused, also across a change of the clocks."""
    with pytest.raises(OutOfOrderError, match="follow each other"):
        staff([demand(1, 60), demand(1, 60)], target=USUAL)
    riga = ZoneInfo("Europe/Riga")
    night = [
        Demand(datetime(2026, 10, 25, 3, 30, tzinfo=riga), calls=5, handling_time=timedelta(minutes=3)),
        Demand(datetime(2026, 10, 25, 3, 0, tzinfo=riga, fold=1), calls=5, handling_time=timedelta(minutes=3)),
    ]
    assert len(staff(night, target=USUAL)) == 2
    assert night[0].end.astimezone(UTC) == night[1].start.astimezone(UTC)


@pytest.mark.parametrize(
    "make",
    [
        lambda: demand(-1, 60),
        lambda: demand(1, 0),
        lambda: demand(1, 60, patience=timedelta(0)),
        lambda: Demand(NINE, calls=1, handling_time=timedelta(minutes=1), lasts=timedelta(0)),
        lambda: ServiceLevel(0, timedelta(seconds=20)),
        lambda: ServiceLevel(100, timedelta(seconds=20)),
        lambda: ServiceLevel(80, timedelta(seconds=-1)),
        lambda: AverageWait(timedelta(seconds=-1)),
        lambda: Occupancy(at_most=101),
        lambda: staff([demand(1, 60)], target=USUAL, shrinkage=1),
        lambda: staff([demand(1, 60)], target=USUAL, shrinkage="-0.1"),
        lambda: staff([demand(1, 60)], target=USUAL, most=0),
        lambda: predict(demand(10, 60), agents=2).outlook.wait_quantile(100),
    ],
)
def test_values_out_of_range_are_refused(make):
    """What breaks a rule is refused where it enters, with a value, a rule and a remedy."""
    with pytest.raises(InvalidValueError) as caught:
        make()
    assert caught.value.remedy


def test_a_share_in_place_of_a_percentage():
    """Who writes 0.8 for 80 percent is told to give percent."""
    with pytest.raises(InvalidTypeError, match=r'0\.8: target is a percentage as .*; give percent, such as 80 or "99.5"'):
        ServiceLevel(percent=0.8, within=timedelta(seconds=20))


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: demand(1.5, 60), InvalidTypeError),
        (lambda: ServiceLevel(0.8, timedelta(seconds=20)), InvalidTypeError),
        (lambda: ServiceLevel(80, 20), InvalidTypeError),
        (lambda: ServiceLevel(80, timedelta(seconds=20), "of-offered"), InvalidTypeError),
        (lambda: predict(demand(10, 60), agents=2).outlook.service_level(timedelta(0), "of-offered"), InvalidTypeError),
        (lambda: staff([demand(1, 60)], target=USUAL, shrinkage=0.3), InvalidTypeError),
        (lambda: Demand(NINE.replace(tzinfo=None), calls=1, handling_time=timedelta(minutes=1)), NaiveInstantError),
        (lambda: Demand(NINE.date(), calls=1, handling_time=timedelta(minutes=1)), InvalidTypeError),
        (lambda: ServiceLevel("NaN", timedelta(seconds=20)), InvalidAmountError),
    ],
)
def test_values_of_another_kind_are_refused(make, error):
    """Floats, days and naive instants are never taken for what they are not."""
    with pytest.raises(error) as caught:
        make()
    assert isinstance(caught.value, BillingError)
