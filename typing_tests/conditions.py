"""What type checkers must accept and refuse of `billing_domain.conditions`; checked, never run."""

# ruff: noqa: B015, SIM300 - what is refused is a comparison nobody uses, and a fact stands on the left of its comparison, although its name is written like a constant

from datetime import date, datetime
from decimal import Decimal
from typing import Any, assert_type

import attrs

from billing_domain.conditions import (
    ARREARS,
    AT,
    AUTOPAY,
    CONTRACT_END,
    SEGMENT,
    TAGS,
    TENURE_MONTHS,
    USAGE,
    Combination,
    Comparison,
    Condition,
    Fact,
    Facts,
    Finding,
    FunctionCondition,
    Miss,
    Outcome,
    Vocabulary,
    all_of,
    any_of,
    at_least,
    condition,
    dump_condition,
    load_condition,
    nearest_misses,
    not_,
    observe,
    sentence,
)
from billing_domain.money import Money

# A fact is read with its own type, a host's fact like one of the field.
SCORE = Fact("acme:score", int, title="score", titles={"lt": "balas"})
facts = Facts({TENURE_MONTHS: 24, SEGMENT: "gold", ARREARS: Money("0.00", "EUR"), SCORE: 3})
assert_type(SCORE, Fact[int])
assert_type(facts[TENURE_MONTHS], int)
assert_type(facts[SCORE], int)
assert_type(facts[ARREARS], Money)
assert_type(facts[SEGMENT], str)
assert_type(facts[USAGE], Decimal)
assert_type(facts[CONTRACT_END], date)
assert_type(facts[AT], datetime)
assert_type(facts[AUTOPAY], bool)
assert_type(facts[TAGS], frozenset[str])
assert_type(facts.get(TENURE_MONTHS), int | None)
assert_type(facts.get(TENURE_MONTHS, 0), int)
assert_type(facts.add({SCORE: 4}), Facts)
facts["tenure_months"]  # type: ignore[index]  # pyright: ignore[reportArgumentType]

# A comparison takes the type of its fact.
assert_type(TENURE_MONTHS >= 12, Comparison)
assert_type(12 <= TENURE_MONTHS, Comparison)
assert_type(ARREARS <= Money("0.00", "EUR"), Comparison)
assert_type(USAGE.between(Decimal(1), Decimal(2)), Comparison)
assert_type(SEGMENT.one_of("household", "student"), Comparison)
assert_type(SEGMENT.is_("student"), Comparison)
assert_type(CONTRACT_END < date(2026, 3, 1), Comparison)
assert_type(AUTOPAY.is_true(), Comparison)
assert_type(TAGS.contains("vip"), Comparison)
# (mypy does not look at the bound of a self type, so only pyright refuses an order among texts; at run time it is an error.)
TENURE_MONTHS >= "12"  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
TENURE_MONTHS >= 1.5  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
ARREARS <= 5  # type: ignore[operator]  # pyright: ignore[reportOperatorIssue]
SEGMENT >= "gold"  # pyright: ignore[reportOperatorIssue]
SEGMENT.is_(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
SEGMENT.is_true()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
SEGMENT.contains("x")  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
TENURE_MONTHS.between("1", "2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# A function becomes a condition, and a class is one without inheriting.
@condition("acme:loyal")
def loyal(facts: Facts) -> bool:
    return facts[TENURE_MONTHS] >= 24


@attrs.frozen
class Since:
    day: date
    code = "acme:since"

    def outcome(self, facts: Facts) -> Outcome:
        return Outcome.MET if facts[CONTRACT_END] < self.day else Outcome.UNMET

    def finding(self, facts: Facts) -> Finding:
        return observe(self, facts)


assert_type(loyal, FunctionCondition)
since: Condition = Since(date(2026, 1, 1))
function: Condition = loyal
comparison: Condition = TENURE_MONTHS >= 12
joined: Condition = all_of(loyal, since, comparison)


@condition("acme:wrong")  # type: ignore[arg-type]
def wrong(facts: Facts) -> str:  # pyright: ignore[reportArgumentType]
    return facts[SEGMENT]


# Conditions join into conditions; a bool or a fact is none.
assert_type(all_of(loyal, TENURE_MONTHS >= 12, since), Combination)
assert_type(any_of(not_(loyal), at_least(2, loyal, since)), Combination)
all_of(True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
all_of(SEGMENT)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
all_of(SEGMENT == "gold")  # type: ignore[arg-type,comparison-overlap]  # pyright: ignore[reportArgumentType]

# What comes out.
finding = joined.finding(facts)
assert_type(joined.outcome(facts), Outcome)
assert_type(finding, Finding)
assert_type(finding.missing, tuple[str, ...])
assert_type(finding.observed, dict[str, Any])
assert_type(finding.parts, tuple[Finding, ...])
assert_type(nearest_misses(finding), tuple[Miss, ...])
assert_type(load_condition({}, vocabulary=Vocabulary().add(SCORE, loyal)), Condition)
assert_type(dump_condition(joined), dict[str, Any])
assert_type(sentence(joined, locale="lt_LT"), str)
