"""Rules as sentences, and what is nearest, in English and Lithuanian."""

# ruff: noqa: SIM300 - a fact stands on the left of its comparison, although its name is written like a constant

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from acme_conditions import SCORE, Since, loyal, scored
from hypothesis import given
from hypothesis import strategies as st

from billing_domain.conditions import (
    ARREARS,
    AT,
    AUTOPAY,
    CONTRACT_END,
    CUSTOMER_SINCE,
    OUTAGE_HOURS,
    SEGMENT,
    TAGS,
    TENURE_MONTHS,
    USAGE,
    USAGE_PERCENT,
    Condition,
    Fact,
    Facts,
    Outcome,
    all_of,
    any_of,
    at_least,
    nearest_misses,
    not_,
    sentence,
)
from billing_domain.conditions.phrases import ENGLISH, LITHUANIAN
from billing_domain.errors import InvalidValueError
from billing_domain.money import Money

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def eur(text: str) -> Money:
    return Money(text, "EUR")


@pytest.mark.parametrize(
    ("condition", "english", "lithuanian"),
    [
        (TENURE_MONTHS >= 1, "Tenure is at least 1 month.", "Kliento stažas – ne mažiau kaip 1 mėn."),
        (TENURE_MONTHS < 12, "Tenure is less than 12 months.", "Kliento stažas – mažiau kaip 12 mėn."),
        (TENURE_MONTHS.between(3, 5), "Tenure is from 3 months to 5 months.", "Kliento stažas – nuo 3 mėn. iki 5 mėn."),
        (TENURE_MONTHS.one_of(3, 5), "Tenure is 3 months or 5 months.", "Kliento stažas – 3 mėn. arba 5 mėn."),
        (ARREARS <= eur("0.00"), "Overdue amount is at most €0.00.", "Pradelsta suma – ne daugiau kaip 0,00 €."),
        (ARREARS > eur("5"), "Overdue amount is more than €5.00.", "Pradelsta suma – daugiau kaip 5,00 €."),
        (USAGE >= Decimal("1.50"), "Usage of the period is at least 1.5.", "Laikotarpio sunaudojimas – ne mažiau kaip 1,5."),
        (USAGE_PERCENT >= Decimal(80), "Used part of the allowance is at least 80%.", "Panaudota limito dalis – ne mažiau kaip 80 %."),
        (CONTRACT_END < date(2026, 3, 1), "End of the contract is before 1 Mar 2026.", "Sutarties pabaiga – anksčiau kaip 2026-03-01."),
        (
            CONTRACT_END >= date(2026, 3, 1),
            "End of the contract is 1 Mar 2026 or later.",
            "Sutarties pabaiga – ne anksčiau kaip 2026-03-01.",
        ),
        (
            AT <= NOON,
            "Moment of the decision is 1 Mar 2026 12:00:00 UTC or earlier.",
            "Sprendimo laikas – ne vėliau kaip 2026-03-01 12:00:00 UTC.",
        ),
        (SEGMENT.is_("gold"), "Customer segment is “gold”.", "Klientų segmentas – „gold“."),
        (SEGMENT.is_not("gold"), "Customer segment is not “gold”.", "Klientų segmentas – ne „gold“."),
        (SEGMENT.none_of("a", "b"), "Customer segment is neither “a” nor “b”.", "Klientų segmentas – nei „a“ nei „b“."),
        (AUTOPAY.is_false(), "Automatic payment: no.", "Automatinis mokėjimas: ne."),
        (AUTOPAY.is_not(True), "Automatic payment is not yes.", "Automatinis mokėjimas – ne taip."),
        (TAGS.contains("vip"), "Set of labels includes “vip”.", "Žymų sąrašas – tarp jų „vip“."),
        (TAGS.lacks("vip"), "Set of labels does not include “vip”.", "Žymų sąrašas – tarp jų nėra „vip“."),
        (loyal, "“two years with us” holds.", "Tenkinama sąlyga „dveji metai su mumis“."),
        (Since(date(2026, 1, 1)), "“acme:since” holds.", "Tenkinama sąlyga „acme:since“."),
        (SCORE >= 5, "Score is at least 5.", "Balas – ne mažiau kaip 5."),
        (all_of(SCORE >= 5), "Score is at least 5.", "Balas – ne mažiau kaip 5."),
        (
            all_of(SCORE >= 5, any_of(loyal, SEGMENT.is_("a"))),
            "Score is at least 5 and (“two years with us” holds or customer segment is “a”).",
            "Balas – ne mažiau kaip 5 ir (tenkinama sąlyga „dveji metai su mumis“ arba klientų segmentas – „a“).",
        ),
        (not_(SCORE >= 5), "It is not so that score is at least 5.", "Netiesa, kad balas – ne mažiau kaip 5."),
        (
            at_least(1, SCORE >= 5, AUTOPAY.is_true()),
            "At least 1 of these 2 hold: score is at least 5; automatic payment: yes.",
            "Tenkinamos bent 1 iš 2 sąlygų: balas – ne mažiau kaip 5; automatinis mokėjimas: taip.",
        ),
        (Fact("acme:gb", int, title="data", unit="GB") > 3, "Data is more than 3 GB.", "Data – daugiau kaip 3 GB."),
    ],
)
def test_a_rule_reads_as_a_sentence(condition: Condition, english: str, lithuanian: str) -> None:
    """In two languages, from the same rule, with values as the locale writes them."""
    assert sentence(condition, locale="en_GB").replace("\N{NO-BREAK SPACE}", " ") == english
    assert sentence(condition, locale="lt_LT").replace("\N{NO-BREAK SPACE}", " ") == lithuanian


def test_other_languages_read_english_and_other_locales_are_refused() -> None:
    """Without words for German the sentence is English; without a locale there is none."""
    assert sentence(SCORE >= 5, locale="de_DE") == "Score is at least 5."
    with pytest.raises(InvalidValueError):
        sentence(SCORE >= 5, locale="xx")


def test_both_languages_have_the_same_phrases() -> None:
    """No phrase is missing in one language, and each takes the same values."""
    assert ENGLISH.keys() == LITHUANIAN.keys()
    for name, phrase in ENGLISH.items():
        assert {word for word in ("fact", "value", "low", "high", "title", "part", "distance", "rule") if f"{{{word}}}" in phrase} == {
            word for word in ("fact", "value", "low", "high", "title", "part", "distance", "rule") if f"{{{word}}}" in LITHUANIAN[name]
        }


def told(condition: Condition, facts: dict[Any, Any], locale: str = "en_GB") -> list[str]:
    misses = nearest_misses(condition.finding(Facts(facts)))
    return [miss.text(locale=locale).replace("\N{NO-BREAK SPACE}", " ") for miss in misses]


@pytest.mark.parametrize(
    ("condition", "facts", "english", "lithuanian"),
    [
        (TENURE_MONTHS >= 12, {TENURE_MONTHS: 10}, "tenure: 10 months, short by 2 months", "kliento stažas: 10 mėn., trūksta 2 mėn."),
        (ARREARS <= eur("0"), {ARREARS: eur("1.5")}, "overdue amount: €1.50, over by €1.50", "pradelsta suma: 1,50 €, viršyta 1,50 €"),
        (TENURE_MONTHS.between(3, 5), {TENURE_MONTHS: 2}, "tenure: 2 months, short by 1 month", "kliento stažas: 2 mėn., trūksta 1 mėn."),
        (TENURE_MONTHS.between(3, 5), {TENURE_MONTHS: 7}, "tenure: 7 months, over by 2 months", "kliento stažas: 7 mėn., viršyta 2 mėn."),
        (OUTAGE_HOURS >= Decimal(2), {OUTAGE_HOURS: Decimal("1.5")}, "outage in the period: 1.5 hours, short by 0.5 hours",
         "paslaugos neveikimas: 1,5 val., trūksta 0,5 val."),
        (CONTRACT_END < date(2026, 3, 1), {CONTRACT_END: date(2026, 3, 3)}, "end of the contract: 3 Mar 2026, over by 2 days",
         "sutarties pabaiga: 2026-03-03, viršyta 2 d."),
        (AT >= NOON, {AT: NOON - timedelta(minutes=90)}, "moment of the decision: 1 Mar 2026 10:30:00 UTC, short by 1.5 hours",
         "sprendimo laikas: 2026-03-01 10:30:00 UTC, trūksta 1,5 val."),
        (SEGMENT.is_("a"), {SEGMENT: "b"}, "customer segment: “b”; wanted: customer segment is “a”",
         "klientų segmentas: „b“; reikia: klientų segmentas – „a“"),
        (TAGS.contains("a"), {TAGS: set()}, "set of labels: –; wanted: set of labels includes “a”",
         "žymų sąrašas: –; reikia: žymų sąrašas – tarp jų „a“"),
        (TAGS.contains("a"), {TAGS: {"c", "b"}}, "set of labels: “b”, “c”; wanted: set of labels includes “a”",
         "žymų sąrašas: „b“, „c“; reikia: žymų sąrašas – tarp jų „a“"),
        (SEGMENT.is_("a"), {}, "customer segment is not known", "nežinoma: klientų segmentas"),
        (ARREARS <= eur("0"), {ARREARS: Money("1", "USD")},
         "overdue amount: US$1.00 is in another currency; wanted: overdue amount is at most €0.00",
         "pradelsta suma: 1,00 USD – kita valiuta; reikia: pradelsta suma – ne daugiau kaip 0,00 €"),
        (not_(SEGMENT.is_("a")), {SEGMENT: "a"}, "customer segment: “a”; wanted: it is not so that customer segment is “a”",
         "klientų segmentas: „a“; reikia: netiesa, kad klientų segmentas – „a“"),
        (not_(TENURE_MONTHS < 12), {TENURE_MONTHS: 10}, "tenure: 10 months, short by 2 months", "kliento stažas: 10 mėn., trūksta 2 mėn."),
        (not_(TENURE_MONTHS.between(3, 5)), {TENURE_MONTHS: 4},
         "tenure: 4 months; wanted: it is not so that tenure is from 3 months to 5 months",
         "kliento stažas: 4 mėn.; reikia: netiesa, kad kliento stažas – nuo 3 mėn. iki 5 mėn."),
        (loyal, {TENURE_MONTHS: 3}, "“two years with us” does not hold", "netenkinama sąlyga „dveji metai su mumis“"),
        (not_(loyal), {TENURE_MONTHS: 30}, "“two years with us” holds, and should not",
         "tenkinama sąlyga „dveji metai su mumis“, o neturi būti tenkinama"),
        (scored, {}, "acme:score is not known", "nežinoma: acme:score"),
        (loyal, {}, "tenure is not known", "nežinoma: kliento stažas"),
        (Since(date(2020, 1, 1)), {CUSTOMER_SINCE: date(2021, 1, 1)}, "“acme:since” does not hold", "netenkinama sąlyga „acme:since“"),
    ],
)  # fmt: skip
def test_a_miss_is_told_with_its_distance(condition: Condition, facts: dict[Any, Any], english: str, lithuanian: str) -> None:
    """How far it is where that can be measured, else what was seen and what was wanted."""
    assert told(condition, facts) == [english]
    assert told(condition, facts, "lt_LT") == [lithuanian]


def test_just_past_the_limit_is_measured_as_nothing() -> None:
    """More than twelve is missed by nothing at twelve: the limit itself has to be passed."""
    (miss,) = nearest_misses((TENURE_MONTHS > 12).finding(Facts({TENURE_MONTHS: 12})))
    assert miss.distance == 0
    assert miss.text(locale="en_GB") == "tenure: 12 months; wanted: tenure is more than 12 months"


def test_only_what_alone_stands_in_the_way_is_a_miss() -> None:
    """Two things missing under `all_of` are no near miss; under `any_of` each is one."""
    far = {TENURE_MONTHS: 1, SEGMENT: "a"}
    long, gold = TENURE_MONTHS >= 12, SEGMENT.is_("gold")
    assert told(all_of(long, gold), far) == []
    assert len(told(any_of(long, gold), far)) == 2
    assert told(all_of(long, SEGMENT.is_("a")), far) == told(long, far)
    assert told(any_of(all_of(long, gold), AUTOPAY.is_true()), far) == ["automatic payment is not known"]
    assert len(told(at_least(2, long, gold, SEGMENT.is_("a")), far)) == 2
    assert told(not_(any_of(SEGMENT.is_("a"), long)), far) == told(not_(SEGMENT.is_("a")), far)
    assert told(not_(all_of(SEGMENT.is_("a"), TENURE_MONTHS < 3)), far) == [
        "customer segment: “a”; wanted: it is not so that customer segment is “a”",
        "tenure: 1 month, short by 2 months",
    ]
    assert told(any_of(SEGMENT.is_("a"), long), far) == []


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=4), st.data())
def test_turning_a_miss_round_meets_the_rule(outcomes: list[Outcome], data: st.DataObject) -> None:
    """Each miss is right: with that one fact changed, the whole is met."""
    facts = [Fact(f"acme:fact{index}", bool, title="fact") for index in range(len(outcomes))]
    values = {fact: outcome is Outcome.MET for fact, outcome in zip(facts, outcomes, strict=True) if outcome is not Outcome.UNKNOWN}
    number = data.draw(st.integers(1, len(facts)))
    rule = data.draw(st.sampled_from([lambda parts: at_least(number, *parts), lambda parts: not_(at_least(number, *parts))]))(
        [fact.is_true() for fact in facts]
    )
    for miss in nearest_misses(rule.finding(Facts(values))):
        changed = Facts(values).add({miss.condition.fact: miss.wanted is Outcome.MET})  # type: ignore[attr-defined]
        assert rule.outcome(changed) is Outcome.MET


def test_a_miss_knows_what_it_lacks() -> None:
    """The facts that would decide it are named by code."""
    (miss,) = nearest_misses(loyal.finding(Facts()))
    assert (miss.missing, miss.wanted, miss.distance) == (("tenure_months",), Outcome.MET, None)
