"""Prices with tax and without agree where both exist, and do not depend on who computes."""

from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from billing_domain.money import minor_unit
from billing_domain.tax import TaxRounding, tax_on, tax_on_all

rates = st.sampled_from([Decimal(rate) for rate in ("21", "12", "9", "5", "5.5", "0")])
currencies = st.sampled_from(["EUR", "JPY", "BHD"])
units = st.integers(-1_000_000, 1_000_000)


@given(units=units, rate=rates, currency=currencies)
def test_a_net_price_and_its_gross_bear_the_same_tax(units, rate, currency):
    """Where a gross is the net with its tax, the tax taken out of the gross is the tax put on the net."""
    step = minor_unit(currency)
    net = units * step
    tax = tax_on(net, rate, step)
    assert tax_on(net + tax, rate, step, inclusive=True) == tax


@given(
    amounts=st.lists(units, max_size=8),
    rate=rates,
    inclusive=st.booleans(),
    rounding=st.sampled_from(TaxRounding),
    order=st.randoms(use_true_random=False),
)
def test_tax_depends_neither_on_order_nor_on_context(amounts, rate, inclusive, rounding, order):
    """The tax of a group is the same in any order of its lines and in any decimal context of the caller."""
    cent = minor_unit("EUR")
    exact = [each * cent for each in amounts]
    tax = tax_on_all(exact, rate, cent, inclusive=inclusive, rounding=rounding)
    order.shuffle(exact)
    with localcontext(prec=2, rounding="ROUND_CEILING"):
        assert tax_on_all(exact, rate, cent, inclusive=inclusive, rounding=rounding) == tax


def test_ties_go_away_from_zero():
    """72.50 at 19 percent is 13.775: 13.78, and -13.78 for what is negative; half a yen is one."""
    cent = Decimal("0.01")
    assert (tax_on(Decimal("72.50"), Decimal(19), cent), tax_on(Decimal("-72.50"), Decimal(19), cent)) == (
        Decimal("13.78"),
        Decimal("-13.78"),
    )
    assert tax_on(Decimal(5), Decimal(10), Decimal(1)) == 1
    assert tax_on(Decimal("0.010"), Decimal(5), Decimal("0.001")) == Decimal("0.001")


def test_four_times_twenty_five_is_a_hundred():
    """Tax is taken out of 100.00 once: 17.36, never four times 4.34 from pieces that then miss a cent."""
    cent = Decimal("0.01")
    assert tax_on_all([Decimal("25.00")] * 4, Decimal(21), cent, inclusive=True, rounding=TaxRounding.PER_GROUP) == Decimal("17.36")
