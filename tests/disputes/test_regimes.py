"""Clocks: days, business days, weeks, months and billing cycles, with rolls and pauses."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain import presets
from billing_domain.disputes import Calendar, Clock, ClockKind, ClockUnit, DisputeRegime, Roll, claim_until, deadlines
from billing_domain.errors import InvalidPeriodError, InvalidValueError
from billing_domain.periods import BusinessDays, Frequency, Schedule

US_HOLIDAYS = BusinessDays(holidays=[date(2014, 11, 11), date(2014, 11, 27), date(2014, 12, 25), date(2015, 1, 1)])
CYCLES = Schedule(Frequency.monthly(), date(2026, 1, 15))


class TestClock:
    """One clock at a time."""

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            (date(2014, 11, 3), date(2014, 11, 18)),
            (date(2014, 11, 7), date(2014, 11, 24)),
            (date(2014, 11, 10), date(2014, 11, 25)),
            (date(2014, 11, 12), date(2014, 11, 26)),
            (date(2014, 11, 13), date(2014, 11, 28)),
            (date(2014, 12, 31), date(2015, 1, 15)),
        ],
    )
    def test_ten_business_days(self, start: date, end: date) -> None:
        """A printed table of ten-business-day deadlines under Regulation E, with its holidays."""
        assert Clock(ClockKind.RESOLVE, 10, ClockUnit.BUSINESS_DAY).last_day(start, Calendar(US_HOLIDAYS)) == end

    def test_weeks_and_months(self) -> None:
        """Eight weeks are 56 days, and a month from the 31st ends on the last day."""
        assert Clock(ClockKind.ESCALATE, 8, ClockUnit.WEEK).last_day(date(2026, 1, 1), Calendar()) == date(2026, 2, 26)
        assert Clock(ClockKind.CLAIM, 1, ClockUnit.MONTH).last_day(date(2026, 1, 31), Calendar()) == date(2026, 2, 28)

    def test_whole_billing_cycles(self) -> None:
        """A cycle that has begun does not count; one that begins on the day does."""
        clock = Clock(ClockKind.RESOLVE, 2, ClockUnit.BILLING_CYCLE)
        assert clock.last_day(date(2026, 3, 20), Calendar(cycles=CYCLES)) == date(2026, 6, 15)
        assert clock.last_day(date(2026, 3, 15), Calendar(cycles=CYCLES)) == date(2026, 5, 15)
        with pytest.raises(InvalidValueError, match="needs the account's cycles"):
            clock.last_day(date(2026, 3, 15), Calendar())

    def test_rolls_to_a_business_day(self) -> None:
        """A last day on a Saturday moves to Monday where the clock says so."""
        assert Clock(ClockKind.RESOLVE, 1, roll=Roll.NEXT_BUSINESS_DAY).last_day(date(2026, 3, 13), Calendar()) == date(2026, 3, 16)
        assert Clock(ClockKind.RESOLVE, 1).last_day(date(2026, 3, 13), Calendar()) == date(2026, 3, 14)

    def test_pauses_only_where_it_may(self) -> None:
        """A statutory clock runs while one waits for the customer; a house clock stands still."""
        assert Clock(ClockKind.RESOLVE, 5).last_day(date(2026, 3, 2), Calendar(), 3) == date(2026, 3, 7)
        assert Clock(ClockKind.RESOLVE, 5, pauses=True).last_day(date(2026, 3, 2), Calendar(), 3) == date(2026, 3, 10)

    def test_runs_at_least_one_unit(self) -> None:
        """A clock of nothing is refused."""
        with pytest.raises(InvalidPeriodError):
            Clock(ClockKind.RESOLVE, 0)

    @given(st.sampled_from(list(ClockUnit)), st.integers(1, 30), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
    def test_deadlines_are_monotone(self, unit: ClockUnit, count: int, start: date, later: int) -> None:
        """What starts later ends no earlier, and more units end no earlier."""
        calendar = Calendar(US_HOLIDAYS, CYCLES)
        day = Clock(ClockKind.RESOLVE, count, unit).last_day(start, calendar)
        assert day > start
        assert Clock(ClockKind.RESOLVE, count, unit).last_day(date.fromordinal(start.toordinal() + later), calendar) >= day
        assert Clock(ClockKind.RESOLVE, count + 1, unit).last_day(start, calendar) >= day


class TestRegime:
    """Clocks together."""

    def test_the_first_to_run_out_counts(self) -> None:
        """Two cycles or ninety days, whichever is first."""
        found = deadlines(presets.US_REG_Z, date(2026, 3, 20), Calendar(cycles=CYCLES))
        assert [(deadline.kind.value, deadline.day) for deadline in found] == [
            ("acknowledge", date(2026, 4, 19)),
            ("resolve", date(2026, 6, 15)),
        ]
        yearly = Calendar(cycles=Schedule(Frequency.yearly(), date(2026, 1, 15)))
        assert deadlines(presets.US_REG_Z, date(2026, 3, 20), yearly)[1].day == date(2026, 6, 18)

    def test_the_customer_has_a_time_too(self) -> None:
        """Three months for a Lithuanian consumer, no limit where none is stated."""
        assert claim_until(presets.LT_CONSUMER, date(2026, 1, 31), Calendar()) == date(2026, 4, 30)
        assert claim_until(presets.LT_ENERGY, date(2026, 1, 31), Calendar()) is None

    def test_a_change_of_the_rule_is_two_regimes(self) -> None:
        """Eight weeks before 8 April 2026, six from then."""
        assert [regime.holds(date(2026, 4, 7)) for regime in (presets.UK_OFCOM, presets.UK_OFCOM_2026)] == [True, False]
        assert [regime.holds(date(2026, 4, 8)) for regime in (presets.UK_OFCOM, presets.UK_OFCOM_2026)] == [False, True]

    def test_every_preset_states_its_source(self) -> None:
        """Source and day of the check stand on each."""
        assert all(regime.source and regime.checked_on for regime in presets.REGIMES)
        assert len({regime.code for regime in presets.REGIMES}) == len(presets.REGIMES)

    def test_bad_regimes_are_refused(self) -> None:
        """An end before the start, negative grace."""
        with pytest.raises(InvalidPeriodError, match="ends after"):
            DisputeRegime("x", "X", "LT", [], "s", date(2026, 1, 1), start=date(2026, 1, 1), end=date(2026, 1, 1))
        with pytest.raises(InvalidPeriodError, match="grace"):
            DisputeRegime("x", "X", "LT", [], "s", date(2026, 1, 1), grace_days=-1)
