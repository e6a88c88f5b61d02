"""Contracts: terms, notice, guarantees, and what leaving costs."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import Flat, Meter, PerUnit, Plan, RecurringCharge, UsageCharge
from billing_domain.errors import (
    CurrencyMismatchError,
    InvalidAmountError,
    InvalidPeriodError,
    InvalidTypeError,
    InvalidValueError,
    RefusedError,
)
from billing_domain.money import Money
from billing_domain.periods import Frequency, FrequencyUnit
from billing_domain.subscriptions import (
    Contract,
    DecliningFee,
    FlatFee,
    LeavingReason,
    RemainingShare,
    Renewal,
    Subscription,
    Waiver,
    terminate,
)
from billing_domain.tax import TaxClass

START = date(2026, 1, 31)
YEAR, MONTH, WEEK = Frequency.yearly(), Frequency.monthly(), Frequency.weekly()
FIFTY = FlatFee(Money("50.00", "EUR"), tax=TaxClass.STANDARD)
PLAN = Plan(
    "s", 1, "S", "EUR",
    [
        RecurringCharge("base", "Fee", PerUnit("10")),
        RecurringCharge("yearly", "Support", Flat("120"), frequency=YEAR),
        RecurringCharge("weekly", "News", Flat("1"), frequency=WEEK),
        UsageCharge("data", "Data", Meter("data"), "1"),
    ],
)  # fmt: skip


def subscription(**terms):
    """Return a subscription of two units under a contract."""
    return Subscription.start(PLAN, id="S-1", on=START, quantity=2, contract=Contract(START, **terms))


def left(found, on, given=date(2026, 5, 1), **more):
    """Leave on a day."""
    return terminate(found, on=on, given=given, order_id="O-1", **more)


@pytest.mark.parametrize(
    ("renewal", "given_on", "expected"),
    [
        (Renewal.OPEN_ENDED, date(2026, 5, 1), date(2027, 1, 31)),
        (Renewal.OPEN_ENDED, date(2027, 1, 10), date(2027, 2, 10)),
        (Renewal.OPEN_ENDED, date(2027, 5, 1), date(2027, 6, 1)),
        (Renewal.SAME_TERM, date(2027, 1, 10), date(2028, 1, 31)),
        (Renewal.SAME_TERM, date(2027, 5, 1), date(2028, 1, 31)),
        (Renewal.ENDS, date(2027, 1, 30), date(2027, 1, 31)),
        (Renewal.ENDS, date(2027, 5, 1), date(2027, 6, 1)),
    ],
)
def test_notice_is_kept_or_the_term_runs_on(renewal, given_on, expected):
    """One leaves at the end of the term if notice is kept, else after the next one, or after the notice where nobody is bound."""
    assert Contract(START, YEAR, renewal, notice=MONTH).may_leave_on(given=given_on) == expected


@given(st.sampled_from(Renewal), st.dates(START, date(2032, 1, 1)), st.sampled_from([None, WEEK, MONTH]))
def test_one_never_waits_longer_than_a_term_and_the_notice(renewal, given_on, notice):
    """The first day on which leaving is free lies on or after the notice, and at most two terms away."""
    found = Contract(START, YEAR, renewal, notice=notice).may_leave_on(given=given_on)
    assert given_on <= found or renewal is not Renewal.SAME_TERM
    assert (found - given_on).days <= 2 * 366


def test_terms_follow_each_other():
    """A renewed contract has a term on every day; one that is over, and one that has not begun, has none."""
    renewed = Contract(START, YEAR, Renewal.SAME_TERM)
    assert str(renewed.term_at(date(2028, 5, 1))) == "[2028-01-31, 2029-01-31)"
    assert Contract(START, YEAR).term_at(date(2028, 5, 1)) is None
    assert renewed.term_at(date(2025, 1, 1)) is None
    assert renewed.renews_after(date(2025, 1, 1)) == date(2027, 1, 31)
    assert Contract(START, YEAR).renews_after(date(2028, 5, 1)) == date(2028, 5, 1)
    assert Contract(START, YEAR, price_until=date(2026, 7, 1)).holds_price_on(date(2026, 6, 30))
    assert not Contract(START, YEAR).holds_price_on(START)


def test_a_contract_may_end_the_subscription():
    """Where it ends, nothing is served after its term."""
    found = subscription(term=YEAR, renewal=Renewal.ENDS)
    assert found.ends_on == found.terms[-1].end == date(2027, 1, 31)
    assert subscription(term=YEAR).ends_on is None


def test_leaving_early_costs_what_the_contract_says():
    """The fee is a sale on the first day not served; with notice kept there is none."""
    early = left(subscription(term=YEAR, fee=FIFTY), date(2026, 6, 1))
    assert (early.reason, early.fee.items[0].price, early.fee.on) == (LeavingReason.EARLY, 50, date(2026, 6, 1))
    assert early.subscription.ends_on == date(2026, 6, 1)
    assert left(subscription(term=YEAR, fee=FIFTY), date(2027, 1, 31)).reason is LeavingReason.IN_TIME
    free = left(subscription(term=YEAR), date(2026, 6, 1))
    assert (free.reason, free.fee, free.earliest) == (LeavingReason.EARLY, None, date(2027, 1, 31))
    assert left(Subscription.start(PLAN, id="S-1", on=START), date(2026, 6, 1)).reason is LeavingReason.NO_CONTRACT
    late = left(subscription(term=YEAR, notice=MONTH, fee=FIFTY), date(2027, 2, 5), given=date(2027, 2, 5))
    assert (late.reason, late.fee) == (LeavingReason.EARLY, None)


def test_a_fee_goes_by_what_remains():
    """A share of the remaining months, or what is left of an amount that falls day by day; of two units, 20 a month and 10 of support."""
    share = RemainingShare("50", tax=TaxClass.STANDARD)
    assert left(subscription(term=YEAR, fee=share), date(2026, 11, 1)).fee.items[0].price == Decimal("45.00")
    falling = DecliningFee(Money("365.00", "EUR"), tax=TaxClass.OUT_OF_SCOPE)
    found = left(subscription(term=YEAR, fee=falling), date(2026, 12, 31)).fee
    assert (found.items[0].price, found.items[0].product.tax) == (31, TaxClass.OUT_OF_SCOPE)
    assert (falling.amount, FIFTY.amount) == (Money("365.00", "EUR"), Money("50.00", "EUR"))
    nothing = left(subscription(term=YEAR, fee=RemainingShare("0", tax=TaxClass.STANDARD)), date(2026, 6, 1))
    assert nothing.fee is None


def test_a_fee_can_be_waived_by_name():
    """A waiver says who and why, and stands on the result."""
    waived = left(subscription(term=YEAR, fee=FIFTY), date(2026, 6, 1), waiver=Waiver("rasa", "moved abroad"))
    assert (waived.reason, waived.fee, waived.waived.by) == (LeavingReason.WAIVED, None, "rasa")
    with pytest.raises(InvalidValueError):
        Waiver("rasa", " ")


def test_in_the_cool_off_everything_comes_back():
    """Within the days nothing was ever agreed: no term is in force, and there is no fee."""
    found = subscription(term=YEAR, fee=FIFTY, cool_off_days=14)
    gone = left(found, date(2026, 2, 10), given=date(2026, 2, 10))
    assert (gone.reason, gone.fee, gone.subscription.terms) == (LeavingReason.COOL_OFF, None, ())
    assert left(found, date(2026, 2, 20), given=date(2026, 2, 14)).reason is LeavingReason.EARLY


def test_the_cool_off_of_a_later_contract_leaves_what_came_before():
    """A contract that was agreed in the midst of a subscription is taken back from its own first day."""
    bound = attrs.evolve(subscription(term=YEAR), contract=Contract(date(2026, 7, 1), YEAR, cool_off_days=14))
    assert left(bound, date(2026, 7, 20), given=date(2026, 7, 14)).subscription.ends_on == date(2026, 7, 1)
    signed = attrs.evolve(subscription(term=YEAR), contract=Contract(date(2026, 1, 20), YEAR, cool_off_days=14))
    assert left(signed, START, given=date(2026, 1, 25)).subscription.ends_on == START


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Contract(START, YEAR, cool_off_days=-1), InvalidPeriodError),
        (lambda: Contract(START, YEAR, cool_off_days="3"), InvalidTypeError),
        (lambda: Contract(START, YEAR, price_until=date(2025, 1, 1)), InvalidPeriodError),
        (lambda: Contract(START, YEAR, fee="50"), InvalidTypeError),
        (lambda: RemainingShare("101", tax=TaxClass.STANDARD), InvalidAmountError),
        (lambda: left(subscription(term=YEAR), date(2026, 4, 1)), RefusedError),
        (
            lambda: left(subscription(term=YEAR, fee=FlatFee(Money(5, "USD"), tax=TaxClass.STANDARD)), date(2026, 6, 1)),
            CurrencyMismatchError,
        ),
    ],
)
def test_what_makes_no_contract_is_refused(make, error):
    """Backwards days, fees of no kind and fees in another currency are refused."""
    with pytest.raises(error):
        make()


def test_in_the_cool_off_one_may_leave_at_once():
    """The first day that costs nothing is the day itself."""
    assert Contract(START, YEAR, cool_off_days=3).may_leave_on(given=date(2026, 2, 1)) == date(2026, 2, 1)


def test_prices_of_the_day_count_for_a_fee():
    """An older price, and one that is to come, do not; a paused subscription has none."""
    fee = RemainingShare("100", tax=TaxClass.STANDARD)
    found = (
        subscription(term=YEAR, fee=fee)
        .override_price("base", "50", on=date(2026, 3, 1))
        .override_price("yearly", "0", on=date(2026, 3, 1))
    )
    assert left(found, date(2027, 1, 1)).fee.items[0].price == 50
    assert left(found.pause(on=date(2026, 4, 1)), date(2027, 1, 1)).fee is None


def test_a_term_counts_in_any_unit():
    """A term of so many months or weeks is as good as a year."""
    assert Contract(START, Frequency(FrequencyUnit.MONTH, 24)).term_at(START).end == date(2028, 1, 31)
