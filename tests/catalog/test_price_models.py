"""Price models: what a quantity costs, and how one sees it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.catalog import (
    Bounded,
    Capacity,
    Event,
    Flat,
    Graduated,
    GraduatedPercentage,
    Level,
    Matrix,
    Measured,
    Package,
    Percentage,
    PercentTier,
    PerUnit,
    Stairstep,
    Step,
    Tier,
    Volume,
)
from billing_domain.catalog.working import summed
from billing_domain.errors import InvalidAmountError, InvalidTiersError, InvalidTypeError, InvalidValueError, MissingRateError
from billing_domain.money import add_up

TIERS = [Tier(5, 7), Tier(10, "6.5", flat=2), Tier(None, 6)]
quantities = st.decimals(0, 1000, places=3, allow_nan=False, allow_infinity=False)


def events(*pairs, name="zone"):
    """Return events of quantity and property."""
    return tuple(Event(Decimal(quantity), ((name, value),)) for quantity, value in pairs)


@given(quantity=quantities)
def test_graduated_tiers_hold_the_whole_quantity(quantity):
    """The quantities of the tiers that are reached sum to the quantity, and more never costs less."""
    working = Graduated(TIERS).work_out(Measured(quantity))
    assert add_up(step.quantity for step in working.steps if not step.code.endswith("flat")) == quantity
    assert Graduated(TIERS).work_out(Measured(quantity + 1)).total >= working.total


@given(quantity=quantities)
def test_volume_prices_all_by_one_tier(quantity):
    """Volume has one price for everything, that of the tier in which the quantity lies."""
    tier = next(tier for tier in TIERS if tier.up_to is None or quantity <= tier.up_to)
    assert Volume(TIERS).work_out(Measured(quantity)).total == quantity * tier.price + tier.flat


@given(quantity=quantities, size=st.integers(1, 50), included=st.integers(0, 50))
def test_packages_hold_what_is_not_included(quantity, size, included):
    """Packages are as few as hold the rest: one less would not."""
    count = Package(1, size=size, included=included).work_out(Measured(quantity)).total
    rest = max(quantity - included, Decimal(0))
    assert count * size >= rest
    assert count == 0 or (count - 1) * size < rest


@given(quantity=quantities, low=st.integers(0, 100), more=st.integers(0, 1000))
def test_bounds_hold(quantity, low, more):
    """A bounded price lies between its bounds, and is the price itself where that does."""
    total = Bounded("1.5", low, low + more).work_out(Measured(quantity)).total
    assert low <= total <= low + more
    assert total == min(max(quantity * Decimal("1.5"), low), low + more)


def test_the_size_of_a_package_is_named():
    """Price and size are both numbers, so the size is given by its name and nobody swaps the two."""
    with pytest.raises(TypeError):
        Package("2.50", 50)
    assert Package("2.50", size=50).work_out(Measured(51)).total == 5


def test_bounds_go_by_the_part_that_was_measured():
    """Half a period has half the minimum and half the maximum."""
    assert Bounded(1, minimum=100).work_out(Measured(10, (), 1, 2)).total == 50
    assert Bounded(1, minimum=0, maximum=100).work_out(Measured(80, (), 1, 2)).total == 50


def test_a_tier_has_bounds_of_its_own():
    """The minimum of a tier holds once it is reached; its maximum always."""
    model = Graduated([Tier(10, 1, minimum=20), Tier(None, 5, maximum=30)])
    assert [model.work_out(Measured(quantity)).total for quantity in (0, 1, 10, 12, 100)] == [0, 20, 20, 30, 50]
    assert model.work_out(Measured(100)).text == "10 × 1 + 1 × 10 + 90 × 5 + 1 × -420"


def test_a_tier_prices_packages():
    """A started package of a tier is a whole one."""
    assert Graduated([Tier(1000, 1, package=100), Tier(None, 1, package=1000)]).work_out(Measured(5325)).total == 15


def test_included_units_cost_nothing():
    """Included units stand on the working at a price of zero."""
    assert PerUnit("1.50", included=10).work_out(Measured("14.2")).text == "10.0 × 0 + 4.2 × 1.50"
    assert PerUnit("1.50", included=10).work_out(Measured(4)).total == 0
    assert PerUnit("1.50").work_out(Measured(4)).text == "4 × 1.50"


def test_stairs_have_flat_prices():
    """A stair costs the same at both of its ends."""
    stairs = Stairstep([Tier(50, flat=10), Tier(None, flat=49)])
    assert [stairs.work_out(Measured(quantity)).total for quantity in (0, 50, 51)] == [10, 10, 49]
    assert Flat(3).work_out(Measured(9)).total == 3


@given(st.lists(st.integers(0, 500), max_size=8), st.none() | st.integers(0, 5), st.none() | st.integers(0, 800))
def test_what_is_free_and_paid_of_a_percentage_is_everything(quantities, free_events, free_amount):
    """Free and paid amounts sum to the quantity, and no allowance gives more than it says."""
    total = sum(quantities)
    working = Percentage(10, free_events=free_events, free_amount=free_amount).work_out(
        Measured(total, tuple(Event(Decimal(quantity)) for quantity in quantities))
    )
    free = add_up(step.quantity for step in working.steps if step.code == "free")
    assert free + add_up(step.quantity for step in working.steps if step.code == "percentage") == total
    assert free_amount is None or free <= free_amount
    assert (free_events, free_amount) != (None, None) or free == 0


def test_each_event_of_a_percentage_has_a_minimum_and_a_maximum():
    """The fixed fee is part of what is bounded, and a wholly free event has none of it."""
    each = tuple(Event(Decimal(amount)) for amount in (10, 80, 10000))
    assert Percentage("2.99", minimum="1.75", maximum=12).work_out(Measured(10090, each)).total == Decimal("16.142")
    assert Percentage(1, 1, free_events=2, maximum=5).work_out(Measured(10090, each)).total == 5
    assert Percentage(1, free_events=3, maximum=5).work_out(Measured(10090, each)).text == "10090 × 0"
    assert Percentage(1, minimum=5).work_out(Measured(100)).total == 5
    assert Percentage(1, minimum=5, free_events=1).work_out(Measured(0)).total == 0


def test_a_graduated_percentage_takes_each_tier_alone():
    """Each tier takes its percentage of what lies within it, and its flat fee."""
    model = GraduatedPercentage([PercentTier(100, 3, flat=1), PercentTier(None, "2.5")])
    assert model.work_out(Measured(150)).total == Decimal("5.25")


def test_a_matrix_prices_by_properties():
    """Each combination has its price, and the others one together, or none."""
    model = Matrix(["zone"], {"eu": "0.10", ("world",): Graduated([Tier(1, 0), Tier(None, 2)])}, otherwise=5)
    working = model.work_out(Measured(8, events((4, "eu"), (3, "world"), (1, "moon"))))
    assert working.total == Decimal("0.40") + 4 + 5
    assert [step.code for step in working.steps] == ["eu/units", "world/tier-1", "world/tier-2", "otherwise/units"]
    assert Matrix("zone", {"eu": 1}).work_out(Measured(0)).total == 0
    with pytest.raises(MissingRateError, match="moon: the matrix by zone has a cell for usage"):
        Matrix("zone", {"eu": 1}).work_out(Measured(1, events((1, "moon"))))


def test_records_are_summed_by_a_property():
    """Who lacks the property is under an empty text."""
    measured = Measured(6, (*events((1, "eu"), (2, "eu")), Event(Decimal(3))))
    assert measured.by("zone") == {"eu": 3, "": 3}
    assert measured.where(zone="eu") == 3


def test_a_capacity_is_the_first_level_that_holds_every_peak():
    """One price for the smallest level that is large enough for each unit."""
    model = Capacity([Level(10, {"seats": 5, "disk": 100}), Level(20, {"seats": 50}), Level(30)], by="unit")
    peaks = [((5, "seats"), (100, "disk")), ((5, "seats"), (101, "disk")), ((51, "seats"),), ()]
    assert [model.work_out(Measured(0, events(*each, name="unit"))).total for each in peaks] == [10, 20, 30, 10]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: Stairstep([Tier(None, 1)]), InvalidTiersError),
        (lambda: Volume([Tier(10, 1)]), InvalidTiersError),
        (lambda: Volume([]), InvalidTiersError),
        (lambda: Graduated([Tier(None, 1), Tier(None, 1)]), InvalidTiersError),
        (lambda: Graduated([Tier(10, 1), Tier(5, 1), Tier(None, 1)]), InvalidTiersError),
        (lambda: Graduated([PercentTier(None, 1)]), InvalidTypeError),
        (lambda: Tier(1, 1, minimum=2, maximum=1), InvalidAmountError),
        (lambda: Tier(1, 1, package=0), InvalidAmountError),
        (lambda: Package(1, size=0), InvalidAmountError),
        (lambda: PerUnit(-1), InvalidAmountError),
        (lambda: PerUnit(1, included=-1), InvalidAmountError),
        (lambda: Bounded(1, 5, 4), InvalidAmountError),
        (lambda: Bounded(object()), InvalidTypeError),
        (lambda: Percentage(1, free_events=-1), InvalidValueError),
        (lambda: Percentage(1, free_events=True), InvalidTypeError),
        (lambda: Percentage(1, free_amount=-1), InvalidAmountError),
        (lambda: Percentage(1, minimum=5, maximum=1), InvalidAmountError),
        (lambda: Matrix(["a", "b"], {"x": 1}), InvalidValueError),
        (lambda: Matrix([], {}), InvalidValueError),
        (lambda: Matrix("a", [(("x",), 1), ("x", 2)]), InvalidValueError),
        (lambda: Capacity([]), InvalidTiersError),
        (lambda: Capacity([Level(1, {"a": 1})]), InvalidTiersError),
        (lambda: Level(1, {"a": -1}), InvalidAmountError),
    ],
)
def test_what_makes_no_price_is_refused(make, error):
    """A price model that has a hole, a double or a negative figure is not made."""
    with pytest.raises(error):
        make()


@pytest.mark.parametrize("total", ["-3", "NaN", "Infinity"])
def test_a_working_whose_sum_is_known_is_checked_too(total):
    """A price that adds up for itself can not come to less than nothing, nor to no number."""
    with pytest.raises(InvalidAmountError, match="finite sum"):
        summed((Step("units", Decimal(total), Decimal(1)),), Decimal(total))
