"""The logic of Kleene, the full trace, and conditions that others wrote."""

# ruff: noqa: SIM300 - a fact stands on the left of its comparison, although its name is written like a constant

import copy
import itertools
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any

import pytest
from acme_conditions import SCORE, Answers, Since, either, loyal
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import (
    ARREARS,
    CUSTOMER_SINCE,
    SEGMENT,
    TENURE_MONTHS,
    Combination,
    Condition,
    Facts,
    Finding,
    Join,
    Outcome,
    all_of,
    any_of,
    at_least,
    condition,
    is_condition,
    not_,
    observe,
)
from billing_domain.conditions.functions import asked
from billing_domain.errors import InvalidTypeError, InvalidValueError, PluginError, RefusedError
from billing_domain.money import Money

MET, UNMET, UNKNOWN = Outcome.MET, Outcome.UNMET, Outcome.UNKNOWN
ORDER = {UNMET: 0, UNKNOWN: 1, MET: 2}
BACK = {rank: outcome for outcome, rank in ORDER.items()}


def said(outcome: Outcome) -> Condition:
    return Answers(outcome)


def kleene_all(outcomes: Sequence[Outcome]) -> Outcome:
    return BACK[min(ORDER[each] for each in outcomes)]


def kleene_any(outcomes: Sequence[Outcome]) -> Outcome:
    return BACK[max(ORDER[each] for each in outcomes)]


def kleene_not(outcome: Outcome) -> Outcome:
    return BACK[2 - ORDER[outcome]]


def kleene_at_least(number: int, outcomes: Sequence[Outcome]) -> Outcome:
    return kleene_any([kleene_all(chosen) for chosen in itertools.combinations(outcomes, number)])


def comparison_that_is(outcome: Outcome) -> Condition:
    return {MET: TENURE_MONTHS >= 1, UNMET: TENURE_MONTHS >= 9, UNKNOWN: SEGMENT.is_("x")}[outcome]


FACTS = Facts({TENURE_MONTHS: 5})
some = st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=5)


@given(some, st.data())
def test_the_joins_follow_kleene(outcomes: list[Outcome], data: st.DataObject) -> None:
    """All is the least, any the greatest, at least n of them any n that are all; over comparisons and over foreign conditions."""
    number = data.draw(st.integers(1, len(outcomes)))
    for make in (said, comparison_that_is, lambda each: any_of(comparison_that_is(each))):
        parts = [make(each) for each in outcomes]
        assert all_of(*parts).outcome(FACTS) is kleene_all(outcomes)
        assert any_of(*parts).outcome(FACTS) is kleene_any(outcomes)
        assert at_least(number, *parts).outcome(FACTS) is kleene_at_least(number, outcomes)
        assert not_(parts[0]).outcome(FACTS) is kleene_not(outcomes[0])


leaves = st.one_of(
    st.integers(0, 8).map(lambda wanted: TENURE_MONTHS >= wanted),
    st.integers(-2, 2).map(lambda wanted: ARREARS <= Money(wanted, "EUR")),
    st.sampled_from([SEGMENT.one_of("gold", "basic"), SEGMENT.is_not("gold"), SCORE.between(2, 4), loyal, Since(date(2025, 1, 1))]),
)
trees: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda each: all_of(*each)),
        st.lists(parts, min_size=1, max_size=3).map(lambda each: any_of(*each)),
        st.lists(parts, min_size=2, max_size=3).map(lambda each: at_least(2, *each)),
        parts.map(not_),
    ),
    max_leaves=8,
)
known = st.fixed_dictionaries(
    {},
    optional={
        TENURE_MONTHS: st.integers(0, 30),
        ARREARS: st.builds(Money, st.integers(-2, 2), st.sampled_from(["EUR", "USD"])),
        SEGMENT: st.sampled_from(["gold", "basic", "other"]),
        SCORE: st.integers(0, 5),
        CUSTOMER_SINCE: st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    },
).map(Facts)


def leaves_of(finding: Finding) -> list[Finding]:
    return [leaf for part in finding.parts for leaf in leaves_of(part)] if finding.parts else [finding]


def folded(finding: Finding) -> Outcome:
    match finding.condition:
        case Combination(join=Join.ALL):
            return kleene_all([folded(part) for part in finding.parts])
        case Combination(join=Join.ANY):
            return kleene_any([folded(part) for part in finding.parts])
        case Combination(join=Join.NOT):
            return kleene_not(folded(finding.parts[0]))
        case Combination(join=Join.AT_LEAST, number=number):
            return kleene_at_least(number, [folded(part) for part in finding.parts])
        case _:
            return finding.outcome


@given(trees, known)
def test_the_trace_agrees_with_the_outcome(tree: Condition, facts: Facts) -> None:
    """Folding the leaves of the trace gives the outcome, and it names missing facts only while it is open."""
    finding = tree.finding(facts)
    assert finding.outcome is asked(tree)(facts) is folded(finding)  # a host's own condition may raise where a fact is missing
    assert bool(finding.missing) == (finding.outcome is UNKNOWN)


@given(trees, known, st.data())
def test_knowing_less_never_grants(tree: Condition, facts: Facts, data: st.DataObject) -> None:
    """Without one fact a decided outcome stays as it is or becomes unknown; it never turns round."""
    gone = data.draw(st.sampled_from([TENURE_MONTHS, ARREARS, SEGMENT, SCORE, CUSTOMER_SINCE]))
    assert asked(tree)(facts.without(gone)) in {asked(tree)(facts), UNKNOWN}


@given(st.lists(leaves, min_size=2, max_size=4), known, st.randoms(use_true_random=False))
def test_order_changes_no_outcome_and_no_missing_fact(parts: list[Condition], facts: Facts, random: Any) -> None:
    """The parts may be shuffled freely."""
    shuffled = random.sample(parts, len(parts))
    for join in (all_of, any_of, lambda *each: at_least(2, *each)):
        one, two = join(*parts).finding(facts), join(*shuffled).finding(facts)
        assert (one.outcome, one.missing) == (two.outcome, two.missing)


@given(trees, known)
def test_conditions_travel(tree: Condition, facts: Facts) -> None:
    """A pickled or copied tree is equal, and so is what it finds."""
    for other in (pickle.loads(pickle.dumps(tree)), copy.deepcopy(tree), copy.copy(tree)):
        assert other == tree
        assert hash(other) == hash(tree)
        assert other.finding(facts) == tree.finding(facts)


def test_a_decorated_function_goes_into_a_process_pool() -> None:
    """It is found there by the name of its function, inside a tree as well."""
    rule = all_of(loyal, TENURE_MONTHS >= 3)
    with ProcessPoolExecutor(max_workers=1) as pool:
        assert list(pool.map(rule.outcome, [Facts({TENURE_MONTHS: 30}), Facts()])) == [MET, UNKNOWN]


def test_the_hash_seed_changes_nothing() -> None:
    """Two processes with other hash seeds show the same findings."""
    code = (
        "from billing_domain.conditions import SEGMENT, TAGS, TENURE_MONTHS, Facts, any_of, dump_condition;"
        "rule = any_of(SEGMENT.one_of('c', 'a', 'b'), TAGS.contains('x'), TENURE_MONTHS >= 3);"
        "found = rule.finding(Facts({TAGS: {'p', 'q', 'r'}}));"
        "print(rule, found.missing, dump_condition(rule), found.parts[1].read)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert "'segment', 'tenure_months'" in runs[0].stdout


def test_a_function_is_met_unmet_or_unknown() -> None:
    """A bool is an outcome, an outcome is itself, and an absent fact is UNKNOWN with its name."""
    assert [loyal.outcome(Facts({TENURE_MONTHS: months})) for months in (24, 23)] == [MET, UNMET]
    assert loyal.outcome(Facts()) is UNKNOWN
    assert loyal.finding(Facts()) == (UNKNOWN, loyal, (("tenure_months", None),), ("tenure_months",), ())
    assert loyal.finding(Facts({TENURE_MONTHS: 3})).observed == {"tenure_months": 3}
    assert either.finding(Facts()).missing == ("tenure_months",)
    assert either.outcome(Facts({TENURE_MONTHS: 30})) is MET
    assert (loyal.code, loyal(Facts({TENURE_MONTHS: 30})), loyal.finding(Facts()).wanted) == ("acme:loyal", True, None)


def test_money_that_a_function_asks_for_is_observed() -> None:
    """What is recorded is the amount with its currency, also where a comparison inside looked for its own."""

    @condition("acme:paid")
    def paid(facts: Facts) -> Outcome:
        return (ARREARS <= Money("0", "EUR")).outcome(facts)

    assert paid.finding(Facts({ARREARS: Money("2", "EUR")})).observed == {"arrears": Money("2", "EUR")}


def test_a_class_is_a_condition_without_inheriting() -> None:
    """Code, outcome and finding are all that it takes."""
    old = Since(date(2025, 1, 1))
    assert all_of(old, TENURE_MONTHS >= 1).finding(Facts({TENURE_MONTHS: 3})).missing == ("customer_since",)
    assert old.finding(Facts()).code == "acme:since"
    assert old.finding(Facts({CUSTOMER_SINCE: date(2024, 5, 1)})).outcome is MET
    assert [is_condition(each) for each in (old, loyal, TENURE_MONTHS, "text")] == [True, True, False, False]


@pytest.mark.parametrize("answer", [1, None, "yes", TENURE_MONTHS >= 3, ValueError("boom"), RefusedError("x", "y", "z")])
def test_a_condition_that_answers_nonsense_is_named(answer: Any) -> None:
    """Whatever is not a bool or an outcome, and every exception, is an error that names code and method."""

    @condition("acme:odd")
    def odd(facts: Facts) -> Any:
        return Answers(answer).outcome(facts)

    for broken, code in ((odd, "acme:odd"), (all_of(odd), "acme:odd"), (all_of(Answers(answer)), "acme:answers")):
        for hook in (broken.outcome, broken.finding):
            with pytest.raises(PluginError) as caught:
                hook(FACTS)
            assert caught.value.plugin == code
            assert caught.value.hook in {"outcome", "finding"}


def test_an_error_inside_names_the_innermost_condition() -> None:
    """A condition that asks a broken one passes its error on."""

    @condition("acme:outer")
    def outer(facts: Facts) -> Outcome:
        return any_of(Answers(3)).outcome(facts)

    for broken in (outer, any_of(outer), any_of(Answers(PluginError(3, "rule", "remedy", plugin="acme:answers", hook="x")))):
        for hook in (broken.outcome, broken.finding):
            with pytest.raises(PluginError) as caught:
                hook(FACTS)
            assert caught.value.plugin == "acme:answers"


def test_a_function_cannot_change_the_facts() -> None:
    """An attempt is an error of the condition, and the facts stay as they were."""

    @condition("acme:greedy")
    def greedy(facts: Facts) -> bool:
        facts[TENURE_MONTHS] = 99  # type: ignore[index]
        return True

    with pytest.raises(PluginError, match="acme:greedy"):
        greedy.outcome(FACTS)
    with pytest.raises(PluginError, match="acme:greedy"):
        greedy.finding(FACTS)
    assert FACTS == Facts({TENURE_MONTHS: 5})


def test_a_foreign_condition_is_unknown_where_it_lacks_a_fact() -> None:
    """The absence of a fact is caught for classes as for functions."""
    assert any_of(Since(date(2025, 1, 1))).outcome(Facts()) is UNKNOWN
    assert observe(Since(date(2025, 1, 1)), Facts()).missing == ("customer_since",)


def test_what_cannot_be_decorated_is_refused() -> None:
    """A coroutine, a generator, a class or a code without a namespace is no condition."""

    async def later(facts: Facts) -> bool:
        return True

    def many(facts: Facts) -> Any:
        yield True

    for bad in (later, many, Since, 3):
        with pytest.raises(InvalidTypeError):
            condition("acme:bad")(bad)  # type: ignore[arg-type]
    for code in ("loyal", "Acme:Loyal", "acme:", 3):
        with pytest.raises(InvalidValueError):
            condition(code)(lambda facts: True)  # type: ignore[arg-type]


def test_a_condition_made_inside_a_function_stays_at_home() -> None:
    """It cannot be found by name elsewhere, so pickling it is refused and says why."""

    @condition("acme:local")
    def local(facts: Facts) -> bool:
        return True

    with pytest.raises(RefusedError, match="top of a module"):
        pickle.dumps(local)
    assert copy.deepcopy(local) is copy.copy(local) is local


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (all_of, InvalidValueError),
        (lambda: all_of(True), InvalidTypeError),
        (lambda: all_of(SEGMENT == "gold"), InvalidTypeError),
        (lambda: any_of(SEGMENT), InvalidTypeError),
        (lambda: any_of(Since), InvalidTypeError),
        (lambda: at_least(0, loyal), InvalidValueError),
        (lambda: at_least(2, loyal), InvalidValueError),
        (lambda: at_least(True, loyal), InvalidTypeError),
        (lambda: at_least("1", loyal), InvalidTypeError),
        (lambda: Combination(Join.NOT, (loyal, loyal)), InvalidValueError),
        (lambda: bool(not_(loyal)), InvalidTypeError),
        (lambda: loyal and not_(loyal), InvalidTypeError),
    ],
)
def test_what_is_not_a_condition_is_refused(make: Any, error: type[Exception]) -> None:
    """No empty join, no bool, no fact by itself, no `and` between conditions."""
    with pytest.raises(error):
        make()
