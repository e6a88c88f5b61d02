"""Conditions as plain data: strict loading, every fault at once, exact round trip, the schema."""

# ruff: noqa: SIM300 - a fact stands on the left of its comparison, although its name is written like a constant

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from acme_conditions import SCORE, Since, either, loyal
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import (
    ARREARS,
    AT,
    AUTOPAY,
    CATALOGUE,
    CONTRACT_END,
    SEGMENT,
    TAGS,
    TENURE_MONTHS,
    USAGE,
    Condition,
    Fact,
    Operator,
    Vocabulary,
    all_of,
    any_of,
    at_least,
    dump_condition,
    load_condition,
    not_,
    read_condition,
)
from billing_domain.errors import DuplicateIdError, InvalidTypeError, InvalidValueError, LoadError
from billing_domain.money import Money
from json_schema import fits

COLOUR = Fact("acme:colour", str, title="colour", choices=("red", "blue"))
WORDS = Vocabulary().add(SCORE, COLOUR, loyal, either)

decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3)
amounts = st.builds(Money, decimals, st.just("EUR"))
leaves: st.SearchStrategy[Condition] = st.one_of(
    st.integers().map(lambda wanted: TENURE_MONTHS >= wanted),
    st.lists(st.integers(), min_size=1, max_size=3).map(lambda wanted: SCORE.one_of(*wanted)),
    st.tuples(amounts, amounts).map(lambda ends: ARREARS.between(min(ends), max(ends))),
    amounts.map(lambda wanted: ARREARS <= wanted),
    decimals.map(USAGE.is_not),
    st.dates().map(lambda wanted: CONTRACT_END > wanted),
    st.lists(st.dates(), min_size=1, max_size=3).map(lambda wanted: CONTRACT_END.none_of(*wanted)),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(lambda wanted: AT < wanted),  # noqa: DTZ001
    st.text().map(SEGMENT.is_),
    st.text().map(TAGS.contains),
    st.text().map(TAGS.lacks),
    st.sampled_from([AUTOPAY.is_true(), AUTOPAY.is_false(), COLOUR.one_of("red"), loyal, either]),
)
trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda each: all_of(*each)),
        st.lists(parts, min_size=1, max_size=3).map(lambda each: any_of(*each)),
        st.lists(parts, min_size=2, max_size=3).map(lambda each: at_least(2, *each)),
        parts.map(not_),
    ),
    max_leaves=6,
)


@given(trees)
def test_the_round_trip_is_exact(tree: Condition) -> None:
    """Through JSON text and back the condition is equal, and written again it is the same data, which fits the schema."""
    data = dump_condition(tree)
    again = load_condition(json.loads(json.dumps(data)), vocabulary=WORDS)
    assert again == tree
    assert dump_condition(again) == data
    assert fits(WORDS.schema(), data)


def test_the_rule_of_the_field_reads_as_written() -> None:
    """Every form of plain data, in one rule."""
    data = {
        "all": [
            {"fact": "tenure_months", "op": ">=", "value": 12},
            {"condition": "acme:loyal"},
            {
                "any": [
                    {"fact": "segment", "op": "in", "value": ["household", "student"]},
                    {"not": {"fact": "autopay", "op": "==", "value": True}},
                ]
            },
            {"at_least": 1, "of": [{"fact": "arrears", "op": "<=", "value": {"amount": "0.00", "currency": "EUR"}}]},
        ]
    }
    wanted = all_of(
        TENURE_MONTHS >= 12,
        loyal,
        any_of(SEGMENT.one_of("household", "student"), not_(AUTOPAY.is_true())),
        at_least(1, ARREARS <= Money("0.00", "EUR")),
    )
    assert load_condition(data, vocabulary=WORDS) == wanted
    assert dump_condition(wanted) == data


def test_all_faults_are_told_at_once_with_their_path() -> None:
    """Unknown facts, operators that do not fit, floats in money and unknown keys, in the order of the data."""
    data = {
        "all": [
            {"fact": "tenure_month", "op": ">=", "value": 12},
            {"fact": "segment", "op": ">=", "value": "gold"},
            {"fact": "arrears", "op": "<=", "value": {"amount": 0.5, "currency": "EUR"}},
            {"fact": "tenure_months", "op": ">=", "value": 12, "unit": "month"},
            {"any": [{"not": {"fact": "tenure_months", "op": "in", "value": [1, "two", 3.5]}}]},
        ],
        "als": 1,
    }
    with pytest.raises(LoadError) as caught:
        load_condition(data)
    assert [path for path, _ in caught.value.faults] == [
        "$.als",
        "$.all[0].fact",
        "$.all[1].op",
        "$.all[2].value",
        "$.all[3].unit",
        "$.all[4].any[0].not.value[1]",
        "$.all[4].any[0].not.value[2]",
    ]
    text = str(caught.value)
    assert "did you mean 'tenure_months'?" in text
    assert "use one of ==, !=, in, not in" in text
    assert "0.5: the amount of the value is a number written as text" in text


def leaf(fact: str, op: Any, value: Any) -> dict[str, Any]:
    return {"fact": fact, "op": op, "value": value}


FINE = leaf("tenure_months", ">=", 1)


@pytest.mark.parametrize(
    ("data", "path", "text"),
    [
        ([], "$", "a condition is an object"),
        (None, "$", "not null"),
        ({}, "$", "found none"),
        ({"all": [FINE], "any": [FINE]}, "$", "found all and any"),
        ({"fact": "tenure_months", "op": ">="}, "$", "key 'value' is missing"),
        ({"fact": "tenure_months", "value": 3}, "$", "key 'op' is missing"),
        ({"at_least": 1}, "$", "key 'of' is missing"),
        ({**FINE, "x": 1}, "$.x", "unknown key"),
        ({**FINE, 3: 1}, "$.3", "unknown key"),
        (leaf("nothing", ">=", 1), "$.fact", "unknown fact 'nothing'"),
        ({"fact": ["x" * 60], "op": ">=", "value": 1}, "$.fact", "..."),
        (leaf("tenure_months", "=>", 1), "$.op", "unknown operator '=>'"),
        (leaf("tenure_months", 1, 1), "$.op", "unknown operator 1"),
        (leaf("tenure_months", "contains", 1), "$.op", "does not fit 'tenure_months', a whole number"),
        (leaf("tenure_months", ">=", "12"), "$.value", "whole number"),
        (leaf("tenure_months", ">=", True), "$.value", "whole number"),
        (leaf("tenure_months", ">=", 12.0), "$.value", "whole number"),
        (leaf("tenure_months", ">=", None), "$.value", "whole number"),
        (leaf("tenure_months", "between", 12), "$.value", "takes a list"),
        (leaf("tenure_months", "between", [12]), "$.value", "a lowest and a highest"),
        (leaf("tenure_months", "between", [3, 1]), "$.value", "swap the ends"),
        (leaf("tenure_months", "in", []), "$.value", "not empty"),
        (leaf("usage", ">=", 1), "$.value", "written as text"),
        (leaf("usage", ">=", "1,5"), "$.value", "in digits"),
        (leaf("usage", ">=", "NaN"), "$.value", "in digits"),
        (leaf("arrears", ">=", "5"), "$.value", "an amount with its currency"),
        (leaf("arrears", ">=", {"amount": "5"}), "$.value", "an amount with its currency"),
        (leaf("arrears", ">=", {"amount": "5", "currency": "EURO"}), "$.value", "ISO 4217"),
        (leaf("arrears", ">=", {"amount": "5", "currency": 3}), "$.value", "a text"),
        (leaf("contract_end", ">=", "1.3.2026"), "$.value", "is a day"),
        (leaf("contract_end", ">=", 3), "$.value", "a text"),
        (leaf("at", ">=", "noon"), "$.value", "is an instant"),
        (leaf("at", ">=", "2026-03-01T12:00:00"), "$.value", "time zone"),
        (leaf("autopay", "==", 1), "$.value", "True or False"),
        (leaf("tags", "contains", ["x"]), "$.value", "a text"),
        (leaf("tags", "contains", 1), "$.value", "a text"),
        (leaf("acme:colour", "==", "green"), "$.value", "one of red, blue"),
        (leaf("acme:colour", "in", ["green"]), "$.value[0]", "one of red, blue"),
        ({"condition": "acme:loya"}, "$.condition", "did you mean 'acme:loyal'?"),
        ({"condition": 1}, "$.condition", "unknown condition 1"),
        ({"all": FINE}, "$.all", "takes a list"),
        ({"all": []}, "$", "at least one part"),
        ({"not": [FINE]}, "$.not", "a condition is an object"),
        ({"at_least": 2, "of": [FINE]}, "$", "asks for 1 to 1"),
        ({"at_least": "1", "of": [FINE]}, "$", "whole number"),
        ({"at_least": True, "of": [FINE]}, "$", "whole number"),
    ],
)
def test_each_fault_has_its_path_and_its_remedy(data: Any, path: str, text: str) -> None:
    """What breaks one rule is one fault, and the schema refuses it too where a schema can."""
    with pytest.raises(LoadError) as caught:
        load_condition(data, vocabulary=WORDS)
    assert [where for where, _ in caught.value.faults] == [path]
    assert text in caught.value.faults[0][1]


def test_rules_nest_only_so_deep() -> None:
    """A rule nested without end is a fault, not a crash."""
    data: dict[str, Any] = FINE
    for _ in range(5_000):
        data = {"not": data}
    with pytest.raises(LoadError, match="nest at most 32"):
        load_condition(data)
    with pytest.raises(LoadError, match="unknown fact"):
        load_condition({"fact": data, "op": "==", "value": data})


def test_larger_data_collects_its_own_faults() -> None:
    """A loader of policies passes path and faults, and gets None for what could not be read."""
    faults: list[tuple[str, str]] = [("$[0].code", "is missing")]
    assert read_condition({"all": [3]}, vocabulary=WORDS, path="$[0].condition", faults=faults) is None
    assert [path for path, _ in faults] == ["$[0].code", "$[0].condition.all[0]"]
    assert read_condition(FINE, vocabulary=WORDS, path="$", faults=faults) == (TENURE_MONTHS >= 1)


def test_a_condition_written_as_code_is_named() -> None:
    """A class is written by its code, like a function."""
    assert dump_condition(Since(date(2026, 1, 1))) == {"condition": "acme:since"}


def test_the_vocabulary_knows_its_words() -> None:
    """Facts and conditions by code; nothing twice, and nothing that is neither."""
    assert WORDS.fact("acme:score") is SCORE
    assert WORDS.condition("acme:loyal") is loyal
    assert (WORDS.fact("x"), WORDS.condition("x")) == (None, None)
    assert Vocabulary().facts == CATALOGUE
    assert WORDS == Vocabulary().add(SCORE, COLOUR).add(loyal, either)
    with pytest.raises(DuplicateIdError):
        WORDS.add(SCORE)
    with pytest.raises(DuplicateIdError):
        WORDS.add(loyal)
    with pytest.raises(InvalidTypeError):
        Vocabulary().add("score")  # type: ignore[arg-type]
    with pytest.raises(InvalidTypeError):
        Vocabulary(facts=[loyal])  # type: ignore[list-item]
    with pytest.raises(InvalidValueError):
        Vocabulary().add(TENURE_MONTHS >= 3)


def test_the_schema_names_every_fact_and_operator() -> None:
    """It is JSON, and each fact takes exactly the operators of its kind."""
    schema = json.loads(json.dumps(WORDS.schema()))
    forms = [form["properties"] for form in schema["$defs"]["condition"]["anyOf"] if "fact" in form["properties"]]
    for fact in WORDS.facts:
        listed = [op for form in forms if form["fact"]["const"] == fact.code for op in form["op"]["enum"]]
        assert sorted(listed) == sorted(fact.kind.operators)
    assert {op for form in forms for op in form["op"]["enum"]} == set(Operator)
    assert not fits(schema, leaf("acme:colour", "==", "green"))
    assert not fits(schema, {"condition": "acme:other"})
    assert not fits(Vocabulary().schema(), {"condition": "acme:loyal"})


def test_amounts_keep_their_digits() -> None:
    """What was written as 0.00 is written as 0.00 again."""
    assert dump_condition(USAGE >= Decimal("1.50"))["value"] == "1.50"
    assert dump_condition(ARREARS <= Money("0.00", "EUR"))["value"] == {"amount": "0.00", "currency": "EUR"}
