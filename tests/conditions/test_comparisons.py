"""Every operator on every kind of value, missing facts, foreign currencies and bad values."""

# ruff: noqa: SIM300 - a fact stands on the left of its comparison, although its name is written like a constant

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import (
    ARREARS,
    AT,
    AUTOPAY,
    CATALOGUE,
    CONTRACT_END,
    PLAN,
    SEGMENT,
    TAGS,
    TENURE_MONTHS,
    USAGE,
    Comparison,
    Fact,
    Facts,
    Operator,
    Outcome,
)
from billing_domain.errors import (
    BillingError,
    CurrencyMismatchError,
    DuplicateIdError,
    InvalidAmountError,
    InvalidTypeError,
    InvalidValueError,
    MissingFactError,
    NaiveInstantError,
)
from billing_domain.money import Money

MET, UNMET, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def eur(text: str) -> Money:
    return Money(text, "EUR")


CASES: list[tuple[Comparison, Any, Outcome]] = [
    (TENURE_MONTHS < 12, 11, MET), (TENURE_MONTHS < 12, 12, UNMET),
    (TENURE_MONTHS <= 12, 12, MET), (TENURE_MONTHS <= 12, 13, UNMET),
    (TENURE_MONTHS > 12, 13, MET), (TENURE_MONTHS > 12, 12, UNMET),
    (TENURE_MONTHS >= 12, 12, MET), (TENURE_MONTHS >= 12, 11, UNMET),
    (TENURE_MONTHS.is_(12), 12, MET), (TENURE_MONTHS.is_(12), 13, UNMET),
    (TENURE_MONTHS.is_not(12), 13, MET), (TENURE_MONTHS.is_not(12), 12, UNMET),
    (TENURE_MONTHS.between(3, 5), 3, MET), (TENURE_MONTHS.between(3, 5), 5, MET), (TENURE_MONTHS.between(3, 5), 6, UNMET),
    (TENURE_MONTHS.between(3, 5), 2, UNMET),
    (TENURE_MONTHS.one_of(1, 2), 2, MET), (TENURE_MONTHS.one_of(1, 2), 3, UNMET),
    (TENURE_MONTHS.none_of(1, 2), 3, MET), (TENURE_MONTHS.none_of(1, 2), 2, UNMET),
    (USAGE >= Decimal("1.5"), Decimal("1.50"), MET), (USAGE > Decimal("1.5"), Decimal("1.50"), UNMET),
    (USAGE.between(Decimal(1), Decimal(2)), Decimal("2.01"), UNMET),
    (ARREARS <= eur("0.00"), eur("0"), MET), (ARREARS <= eur("0.00"), eur("0.01"), UNMET),
    (ARREARS.between(eur("1"), eur("2")), eur("1.50"), MET), (ARREARS.between(eur("1"), eur("2")), eur("3"), UNMET),
    (ARREARS.is_(eur("1.0")), eur("1.00"), MET), (ARREARS.is_not(eur("1.0")), eur("1.00"), UNMET),
    (CONTRACT_END < date(2026, 3, 1), date(2026, 2, 28), MET), (CONTRACT_END < date(2026, 3, 1), date(2026, 3, 1), UNMET),
    (CONTRACT_END.one_of(date(2026, 3, 1)), date(2026, 3, 1), MET),
    (AT >= NOON, NOON.astimezone(timezone(timedelta(hours=2))), MET), (AT > NOON, NOON, UNMET),
    (SEGMENT.is_("gold"), "gold", MET), (SEGMENT.is_("gold"), "Gold", UNMET), (SEGMENT.is_not("gold"), "basic", MET),
    (SEGMENT.one_of("gold", "basic"), "basic", MET), (SEGMENT.none_of("gold"), "gold", UNMET),
    (AUTOPAY.is_true(), True, MET), (AUTOPAY.is_true(), False, UNMET), (AUTOPAY.is_false(), False, MET),
    (TAGS.contains("vip"), frozenset({"vip", "x"}), MET), (TAGS.contains("vip"), frozenset({"x"}), UNMET),
    (TAGS.lacks("vip"), frozenset(), MET), (TAGS.lacks("vip"), {"vip"}, UNMET),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "value", "wanted"), CASES)
def test_every_operator_compares_the_fact_with_the_value(comparison: Comparison, value: Any, wanted: Outcome) -> None:
    """Each operator is read from the fact to the value wanted, and the finding agrees with the outcome."""
    facts = Facts({comparison.fact: value})
    finding = comparison.finding(facts)
    assert comparison.outcome(facts) is wanted
    assert (finding.outcome, finding.missing, finding.parts) == (wanted, (), ())
    assert finding.observed == {comparison.fact.code: facts[comparison.fact]}


@pytest.mark.parametrize("comparison", [case[0] for case in CASES])
def test_what_is_not_known_is_unknown_and_named(comparison: Comparison) -> None:
    """No operator, `is_not` and `none_of` included, answers without its fact."""
    finding = comparison.finding(Facts())
    assert comparison.outcome(Facts()) is UNKNOWN
    assert (finding.outcome, finding.missing) == (UNKNOWN, (comparison.fact.code,))
    assert finding.observed == {comparison.fact.code: None}


@pytest.mark.parametrize("comparison", [case[0] for case in CASES])
def test_a_comparison_is_a_value_that_travels(comparison: Comparison) -> None:
    """It equals its pickled and its deep copy, hashes alike and can be made again from what it says."""
    for other in (pickle.loads(pickle.dumps(comparison)), copy.deepcopy(comparison)):
        assert other == comparison
        assert hash(other) == hash(comparison)
        assert other.outcome(Facts()) is UNKNOWN
    assert Comparison(comparison.fact, comparison.operator, comparison.wanted) == comparison


def test_an_amount_in_another_currency_decides_nothing() -> None:
    """Dollars owed are neither more nor less than euros; the fact is named, with what was observed."""
    for comparison in (ARREARS <= eur("5"), ARREARS.is_not(eur("5")), ARREARS.between(eur("1"), eur("5"))):
        finding = comparison.finding(Facts({ARREARS: Money("5.00", "USD")}))
        assert comparison.outcome(Facts({ARREARS: Money("5.00", "USD")})) is UNKNOWN
        assert (finding.outcome, finding.missing, finding.observed) == (UNKNOWN, ("arrears",), {"arrears": Money("5.00", "USD")})


@given(st.integers(), st.integers())
def test_opposite_operators_never_agree_on_a_known_fact(value: int, wanted: int) -> None:
    """Less is not at least, at most is not more, and being is not being otherwise."""
    facts = Facts({TENURE_MONTHS: value})
    pairs = (
        (TENURE_MONTHS < wanted, TENURE_MONTHS >= wanted),
        (TENURE_MONTHS <= wanted, TENURE_MONTHS > wanted),
        (TENURE_MONTHS.is_(wanted), TENURE_MONTHS.is_not(wanted)),
        (TENURE_MONTHS.one_of(wanted), TENURE_MONTHS.none_of(wanted)),
    )
    assert all({one.outcome(facts), two.outcome(facts)} == {MET, UNMET} for one, two in pairs)


def test_a_list_forgets_order_and_repetition() -> None:
    """The same choice written otherwise is the same condition."""
    assert SEGMENT.one_of("b", "a", "b") == SEGMENT.one_of("a", "b")
    assert SEGMENT.one_of("b", "a").wanted == ("a", "b")


def test_reflected_operators_read_the_same() -> None:
    """A number may stand on the left."""
    assert (12 <= TENURE_MONTHS) == (TENURE_MONTHS >= 12)


def test_a_chain_of_comparisons_is_refused() -> None:
    """`3 <= TENURE_MONTHS <= 5` would silently drop its first half."""
    with pytest.raises(InvalidTypeError, match="between"):
        assert 3 <= TENURE_MONTHS <= 5


@pytest.mark.parametrize(
    "make",
    [
        lambda: TENURE_MONTHS >= True,
        lambda: TENURE_MONTHS >= 1.5,  # type: ignore[operator]
        lambda: ARREARS >= 5,  # type: ignore[operator]
        lambda: USAGE >= 1.5,  # type: ignore[operator]
        lambda: SEGMENT >= "gold",  # type: ignore[operator]
        lambda: SEGMENT.is_(3),  # type: ignore[arg-type]
        lambda: AUTOPAY.is_(1),  # type: ignore[arg-type]
        lambda: AUTOPAY > False,
        lambda: TAGS.contains(3),  # type: ignore[arg-type]
        lambda: TAGS.contains(["vip"]),  # type: ignore[arg-type]
        lambda: TAGS.is_(frozenset({"a"})),
        lambda: CONTRACT_END < NOON,
        lambda: AT < date(2026, 1, 1),  # type: ignore[operator]
        lambda: SEGMENT.contains("gold"),  # type: ignore[misc]
        lambda: Comparison(SEGMENT, Operator.ONE_OF, "gold"),
        lambda: Facts({TAGS: "vip"}),
        lambda: Fact("x", list, title="x"),
        lambda: Fact("x", frozenset[str], title="x"),  # type: ignore[arg-type]
        lambda: Fact("x", int, title="x", choices=("a",)),
    ],
)
def test_values_and_operators_of_the_wrong_kind_are_refused(make: Any) -> None:
    """Nothing is converted silently, and an operator that does not fit is no comparison."""
    with pytest.raises(InvalidTypeError):
        make()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: AT < datetime(2026, 1, 1), NaiveInstantError),  # noqa: DTZ001
        (lambda: USAGE >= Decimal("NaN"), InvalidAmountError),
        (lambda: ARREARS.between(eur("1"), Money("2", "USD")), CurrencyMismatchError),
        (lambda: TENURE_MONTHS.between(5, 3), InvalidValueError),
        (lambda: ARREARS.between(eur("2"), eur("1")), InvalidValueError),
        (lambda: Comparison(TENURE_MONTHS, Operator.BETWEEN, (1,)), InvalidValueError),
        (lambda: Comparison(TENURE_MONTHS, Operator.BETWEEN, ()), InvalidValueError),
        (SEGMENT.one_of, InvalidValueError),
        (lambda: Fact("Score", int, title="x"), InvalidValueError),
        (lambda: Fact("acme:", int, title="x"), InvalidValueError),
        (lambda: Fact(3, int, title="x"), InvalidValueError),  # type: ignore[arg-type]
        (lambda: Facts({TENURE_MONTHS: 1, Fact("tenure_months", str, title="x"): "y"}), DuplicateIdError),
        (lambda: Fact("x", str, title="x", choices=("a", "b")).is_("c"), InvalidValueError),
        (lambda: Facts({Fact("x", frozenset, title="x", choices=("a",)): {"c"}}), InvalidValueError),
    ],
)
def test_values_that_break_a_rule_are_refused(make: Any, error: type[BillingError]) -> None:
    """A bad value is an error where it enters, never a strange outcome later."""
    with pytest.raises(error):
        make()


def test_facts_read_typed_and_know_what_they_hold() -> None:
    """Reading, asking, adding and leaving out, each on a value that never changes."""
    facts = Facts({TENURE_MONTHS: 3, ARREARS: eur("1.00"), TAGS: {"b", "a"}})
    assert (facts[TENURE_MONTHS], facts[ARREARS], facts[TAGS]) == (3, eur("1.00"), frozenset({"a", "b"}))
    assert facts.codes == tuple(facts) == ("arrears", "tags", "tenure_months")
    assert len(facts) == 3
    assert (ARREARS in facts, SEGMENT in facts) == (True, False)
    assert (facts.get(SEGMENT), facts.get(SEGMENT, "none"), facts.get(TENURE_MONTHS)) == (None, "none", 3)
    assert facts.add({TENURE_MONTHS: 4})[TENURE_MONTHS] == 4
    assert facts.add({ARREARS: Money("1", "USD")}).without(TENURE_MONTHS, TAGS) == Facts({ARREARS: Money("1", "USD")})
    assert (ARREARS >= eur("0")).outcome(facts.add({ARREARS: Money("1", "USD")})) is UNKNOWN
    assert repr(Facts({SEGMENT: "gold", TENURE_MONTHS: 1})) == "Facts({segment: 'gold', tenure_months: 1})"
    with pytest.raises(MissingFactError, match="segment"):
        facts[SEGMENT]


def test_facts_are_values() -> None:
    """Equal facts are equal and hash alike in any order, also after a journey to another process."""
    one, two = Facts({TENURE_MONTHS: 3, ARREARS: eur("1")}), Facts({ARREARS: eur("1.00"), TENURE_MONTHS: 3})
    assert one == two == pickle.loads(pickle.dumps(one)) == copy.deepcopy(one)
    assert hash(one) == hash(two)
    assert one != Facts({TENURE_MONTHS: 3})
    assert one != "facts"


def test_facts_do_not_change() -> None:
    """Neither an attribute nor an amount that was read gives a way in."""
    facts = Facts({ARREARS: eur("1")})
    facts[ARREARS].amount = Decimal(0)
    assert facts[ARREARS] == eur("1")
    with pytest.raises(AttributeError):
        facts.stored = None  # type: ignore[misc,assignment]
    with pytest.raises(TypeError):
        facts._values["arrears"] = 0  # type: ignore[index]


def test_one_code_with_two_types_is_two_facts() -> None:
    """A value of another type is not read as if it were the right one."""
    whole, text = Fact("acme:x", int, title="x"), Fact("acme:x", str, title="x")
    assert text.is_("1").outcome(Facts({whole: 1})) is UNKNOWN


def test_text_enumerations_are_their_text() -> None:
    """A member of a text enumeration is stored as the text that it stands for."""

    class Segment(str, Enum):
        GOLD = "gold"

    assert SEGMENT.is_("gold").outcome(Facts({SEGMENT: Segment.GOLD})) is MET


def test_outcomes_have_no_truth() -> None:
    """UNKNOWN in an `if` would grant or refuse by accident."""
    assert [outcome.grants for outcome in Outcome] == [True, False, False]
    with pytest.raises(InvalidTypeError):
        bool(UNKNOWN)


def test_the_catalogue_is_told_in_two_languages() -> None:
    """Every fact of the field has its own code, an English and a Lithuanian title."""
    assert len({fact.code for fact in CATALOGUE}) == len(CATALOGUE)
    assert all(fact.title and dict(fact.titles).get("lt") for fact in CATALOGUE)
    assert PLAN in CATALOGUE
