"""Policies as plain data: read strictly, written back exactly, described by a schema, and read back in words."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from made import eur, offer

from billing_domain.conditions import ARREARS, SEGMENT, TENURE_MONTHS, Vocabulary, all_of, condition
from billing_domain.discounts import (
    DOCUMENT_TOTAL,
    AllowanceReason,
    Basis,
    Caps,
    Duration,
    Exclusive,
    FixedAmount,
    FixedPrice,
    FreePeriods,
    FreeUnits,
    Percent,
    PercentTier,
    PolicyCodes,
    Proposal,
    Scope,
    ScopeKind,
    Surplus,
    TieredPercent,
    WaivedFee,
    Window,
    dump_policy,
    load_policies,
    policies_schema,
    policy_sentence,
)
from billing_domain.discounts.loading import KEYS
from billing_domain.errors import InvalidTypeError, LoadError, UnknownReferenceError
from billing_domain.money import Money
from json_schema import fits

VILNIUS = ZoneInfo("Europe/Vilnius")


@condition("acme:loyal")
def loyal(facts):
    """Two years."""
    return facts[TENURE_MONTHS] >= 24


class Side(Enum):
    """Which side."""

    LEFT = "left"


@frozen
class HalfOf:
    """Half of one charge."""

    code = "acme:half-of"
    charge: str
    share: Decimal = Decimal("0.5")
    least: Money | None = None
    side: Side = Side.LEFT
    tags: tuple[str, ...] = ()

    def propose(self, base):
        """Return a part of the charge."""
        if self.share > 1:
            raise ValueError(self.share)
        return Proposal(base.charge(self.charge) * self.share)


class Plain:
    """A benefit without attrs."""

    code = "acme:plain"

    def __init__(self, percent=1):
        """Keep the percentage."""
        if percent == 13:
            raise RuntimeError
        self.percent = percent

    def propose(self, base):
        """Return nothing."""
        return Proposal(Decimal(0))

    def __eq__(self, other):
        """Compare the percentage."""
        return isinstance(other, Plain) and self.percent == other.percent

    __hash__ = None


CODES = PolicyCodes(Vocabulary().add(loyal), [HalfOf, Plain])

money = st.integers(1, 99_999).map(lambda cents: Money(Decimal(cents) / 100, "EUR"))
texts = st.frozensets(st.sampled_from(["base", "data", "seats"]), max_size=2)
benefits = st.one_of(
    st.builds(Percent, st.integers(1, 100), texts),
    money.map(FixedAmount),
    money.map(FixedPrice),
    st.builds(FreeUnits, st.integers(1, 9), texts),
    st.integers(1, 12).map(FreePeriods),
    texts.map(WaivedFee),
    st.builds(TieredPercent, st.just([PercentTier("99.50", 0), PercentTier(None, 10)]), st.sampled_from(["", "EUR"])),
    st.builds(HalfOf, st.sampled_from(["base", "data"]), tags=st.just(("x",))),
    st.builds(Plain, st.integers(1, 9)),
)
durations = st.sampled_from(
    [Duration.once(), Duration.periods(3), Duration.until(date(2026, 12, 31)), Duration.for_contract(), Duration.forever()]
)
windows = st.sampled_from(
    [
        Window(),
        Window.days(date(2026, 3, 1), date(2026, 11, 1), VILNIUS),
        Window.days(None, date(2026, 11, 1), ZoneInfo("America/New_York")),
        Window(datetime(2026, 3, 1, 9, 30, tzinfo=VILNIUS)),
        Window(datetime(2026, 10, 25, 3, 30, fold=1, tzinfo=VILNIUS), datetime(2026, 10, 26, tzinfo=VILNIUS)),
        Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=VILNIUS)),
    ]
)
conditions = st.sampled_from(
    [None, loyal, all_of(loyal, TENURE_MONTHS >= 12, ARREARS <= Money("0.00", "EUR")), DOCUMENT_TOTAL >= Money("50.00", "EUR")]  # noqa: SIM300  a fact is no constant
)


@st.composite
def policies(draw):
    """Return a policy with anything in it."""
    benefit = draw(benefits)
    return offer(
        draw(st.sampled_from(["acme:a", "acme:b"])),
        benefit,
        draw(st.integers(1, 3)),
        duration=Duration.periods(benefit.periods) if isinstance(benefit, FreePeriods) else draw(durations),
        window=draw(windows),
        condition=draw(conditions),
        lane=draw(st.sampled_from(["", "one"])),
        reason=draw(st.sampled_from([AllowanceReason.DISCOUNT, AllowanceReason.TEMPORARY, AllowanceReason("41", "Bonus")])),
        scope=draw(st.sampled_from([Scope(), Scope.recurring(), Scope(ScopeKind.USAGE, ["data"], ["S-1"], ["s"])])),
        caps=draw(st.sampled_from([Caps(), Caps(document=eur(5)), Caps(line=eur(1), period=eur(2), total=eur(3), net_price=eur(4))])),
        surplus=draw(st.sampled_from(Surplus)),
        base=draw(st.sampled_from(Basis)),
        exclusive=draw(st.sampled_from(Exclusive)),
        priority=draw(st.integers(-1, 1)),
        repeatable=draw(st.booleans()),
        wording=draw(st.sampled_from(["", "as told"])),
        end_notice=draw(st.sampled_from([None, 14])),
        budget=draw(st.sampled_from([None, eur(100)])),
        uses=draw(st.sampled_from([None, 5])),
        names=draw(st.sampled_from([{}, {"lt": "Pasiūlymas"}])),
    )


@given(policies())
def test_what_is_written_is_read_to_an_equal_policy(policy):
    """A policy survives JSON exactly, hash and all."""
    (again,) = load_policies(json.loads(json.dumps([dump_policy(policy)])), codes=CODES)
    assert again == policy
    assert again.content_hash == policy.content_hash
    assert set(dump_policy(policy)) <= KEYS


@given(policies(), st.sampled_from(["en_GB", "lt_LT", "de_DE"]))
def test_every_policy_reads_as_a_sentence(policy, locale):
    """Every policy can be read in words, with its name and without gaps."""
    said = policy_sentence(policy, locale=locale)
    assert said.endswith(".")
    assert "{" not in said
    assert said.startswith("Pasiūlymas" if policy.names and locale == "lt_LT" else policy.name)


@pytest.mark.parametrize(
    ("benefit", "said"),
    [
        (FixedPrice(eur("5.00")), "at a price of €5.00"),
        (FreeUnits(2, ["data"]), "2 units free (data)"),
        (FreePeriods(2), "free for 2 periods"),
        (WaivedFee(), "fee waived"),
        (HalfOf("base"), "“acme:half-of”"),
        (FixedAmount(eur("5.00")), "€5.00 off each document"),
    ],
)
def test_each_benefit_in_words(benefit, said):
    """Each benefit has its words; a plugin is named by its code."""
    assert said in policy_sentence(offer(benefit=benefit), locale="en_GB")


def test_a_whole_policy_in_words():
    """The sentence says what, on what, how long, how much at most, when and to whom."""
    policy = offer(
        benefit=TieredPercent([PercentTier(100, 5), PercentTier(None, 10)]), scope=Scope(charges=["base"]), caps=Caps(document=eur("5.00")),
        window=Window(datetime(2026, 3, 1, 9, 30, tzinfo=VILNIUS)), condition=SEGMENT.is_("student"), exclusive=Exclusive.BY_PRIORITY,
    )  # fmt: skip
    assert policy_sentence(policy, locale="en_GB") == (
        "Acme:P: 5% up to 100; 10% above, on charges base, for one document, at most €5.00 a document, alone, if it comes first, "
        "granted from 1 Mar 2026 09:30 EET. Condition: Customer segment is “student”."
    )


def test_a_window_in_the_zone_of_the_account():
    """Days and times of a window are told in the zone that is asked for, else in the one in which they were written."""
    policy = offer(window=Window.days(date(2026, 3, 1), date(2026, 6, 1), VILNIUS))
    assert "granted from 1 Mar 2026 to before 1 Jun 2026" in policy_sentence(policy, locale="en_GB")
    written = offer(window=Window(datetime(2026, 2, 28, 22, tzinfo=UTC), datetime(2026, 5, 31, 21, tzinfo=UTC)))
    assert "granted from 28 Feb 2026 22:00 UTC to before 31 May 2026 21:00 UTC" in policy_sentence(written, locale="en_GB")
    assert policy_sentence(written, locale="en_GB", zone=VILNIUS) == policy_sentence(policy, locale="en_GB")


def test_the_example_of_the_front_page():
    """The table of the API is read as it stands."""
    table = """[{"code": "acme:spring", "version": 1, "name": "Spring offer", "lane": "campaign", "reason": "95",
      "window": {"start": "2026-03-01", "end": "2026-06-01", "zone": "Europe/Vilnius"},
      "condition": {"all": [{"fact": "tenure_months", "op": ">=", "value": 12}, {"condition": "acme:loyal"}]},
      "benefit": {"percent": "10", "of": ["base"]}, "duration": {"periods": 3}}]"""
    (spring,) = load_policies(json.loads(table), codes=CODES)
    assert spring.window == Window.days(date(2026, 3, 1), date(2026, 6, 1), VILNIUS)
    assert (spring.benefit, spring.duration, spring.lane) == (Percent(10, ["base"]), Duration.periods(3), "campaign")


BASE = {"code": "acme:p", "version": 1, "name": "P", "benefit": {"percent": "10"}}


@pytest.mark.parametrize(
    ("change", "path", "told"),
    [
        ({"benefit": {"percent": 10.0}}, "$[0].benefit.percent", "never float"),
        ({"benefit": {"percent": "110"}}, "$[0].benefit", "at most 100"),
        ({"benefit": {"percent": "10", "price": {}}}, "$[0].benefit", "percent and price"),
        ({"benefit": {}}, "$[0].benefit", "found none"),
        ({"benefit": "half"}, "$[0].benefit", "found none"),
        ({"benefit": {"percent": "10", "off": 1}}, "$[0].benefit.off", "unknown key"),
        ({"benefit": {"amount": {"amount": "5.00"}}}, "$[0].benefit.amount", "amount with its currency"),
        ({"benefit": {"amount": {"amount": "0", "currency": "EUR"}}}, "$[0].benefit", "above zero"),
        ({"benefit": {"free_periods": "2"}}, "$[0].benefit.free_periods", "whole number"),
        ({"benefit": {"tiers": [{"up_to": "5"}]}}, "$[0].benefit.tiers[0]", "'percent' is missing"),
        ({"benefit": {"tiers": [{"up_to": "5", "percent": "101"}]}}, "$[0].benefit.tiers[0]", "at most 100"),
        ({"benefit": {"benefit": "acme:none"}}, "$[0].benefit.benefit", "has this code"),
        ({"benefit": {"benefit": "acme:half-of"}}, "$[0].benefit", "'charge' is missing"),
        ({"benefit": {"benefit": "acme:half-of", "charge": "base", "chrage": 1}}, "$[0].benefit.chrage", "did you mean 'charge'?"),
        ({"benefit": {"benefit": "acme:plain", "percent": 13}}, "$[0].benefit", "refuses this"),
        ({"benefit": {"percent": "1E+1"}}, "$[0].benefit.percent", "in digits"),
        ({"benefit": {"percent": " 10"}}, "$[0].benefit.percent", "in digits"),
        ({"window": {"start": "2026-02-30", "zone": "Europe/Vilnius"}}, "$[0].window.start", "is a day"),
        ({"window": {"start": "20260301T100000Z"}}, "$[0].window.start", "is an instant"),
        ({"window": {"zone": None}}, "$[0].window.zone", "IANA"),
        ({"benefit": {"benefit": "acme:half-of", "charge": "base", "share": 0.5}}, "$[0].benefit.share", "never float"),
        ({"benefit": {"benefit": "acme:half-of", "charge": "base", "side": "up"}}, "$[0].benefit.side", "none of left"),
        ({"nmae": "P"}, "$[0].nmae", "did you mean 'name'"),
        ({"version": "1"}, "$[0].version", "whole number"),
        ({"version": 0}, "$[0]", "versions count from 1"),
        ({"lane": 3}, "$[0].lane", "a text"),
        ({"reason": "999"}, "$[0].reason", "none of 95"),
        ({"reason": {"code": "41"}}, "$[0].reason", "'text' is missing"),
        ({"reason": {"code": "", "text": ""}}, "$[0].reason", "has a reason"),
        ({"window": "2026"}, "$[0].window", "an object is wanted"),
        ({"window": {"start": "2026-03-01"}}, "$[0].window.start", "time zone"),
        ({"window": {"start": "2026-13-01", "zone": "Europe/Vilnius"}}, "$[0].window.start", "is a day"),
        ({"window": {"start": "2026-03-01", "zone": "Europe/Atlantis"}}, "$[0].window.zone", "IANA"),
        ({"window": {"start": "2026-03-02", "end": "2026-03-01", "zone": "Europe/Vilnius"}}, "$[0].window", "ends after it starts"),
        ({"scope": {"kind": "recuring"}}, "$[0].scope.kind", "did you mean 'recurring'"),
        ({"scope": {"charges": "base"}}, "$[0].scope.charges", "a list is wanted"),
        ({"scope": {"charges": [1]}}, "$[0].scope.charges[0]", "a text"),
        ({"condition": {"fact": "tenure", "op": ">=", "value": 1}}, "$[0].condition.fact", "unknown fact"),
        ({"duration": "ever"}, "$[0].duration", "none of once"),
        ({"duration": {"periods": 0}}, "$[0].duration", "counts one or more"),
        ({"duration": {"weeks": 2}}, "$[0].duration.weeks", "unknown key"),
        ({"duration": {"until": "soon"}}, "$[0].duration.until", "is a day"),
        ({"caps": {"line": {"amount": "-1", "currency": "EUR"}}}, "$[0].caps", "not negative"),
        ({"caps": {"line": "5.00"}}, "$[0].caps.line", "amount with its currency"),
        ({"surplus": "kept"}, "$[0].surplus", "none of lost, carried"),
        ({"repeatable": 1}, "$[0].repeatable", "True or False"),
        ({"names": ["lt"]}, "$[0].names", "an object is wanted"),
        ({"names": {"lt": 1}}, "$[0].names.lt", "a text"),
    ],
)
def test_each_fault_names_its_path(change, path, told):
    """What is wrong is told where it stands, and what would be right."""
    with pytest.raises(LoadError) as caught:
        load_policies([{**BASE, **change}], codes=CODES)
    assert [found for found in caught.value.faults if found[0] == path and told in found[1]], caught.value.faults


def test_all_faults_are_told_at_once():
    """Two policies with three faults make one error with three paths."""
    with pytest.raises(LoadError, match="3 faults") as caught:
        load_policies([{**BASE, "version": "1", "lane": 2}, {"code": "acme:q", "version": 1, "benefit": {"percent": "1"}}])
    assert [path for path, _ in caught.value.faults] == ["$[0].version", "$[0].lane", "$[1]"]


def test_lists_and_versions():
    """Policies stand in a list, each version once."""
    with pytest.raises(LoadError, match="a list is wanted"):
        load_policies(BASE)
    with pytest.raises(LoadError, match="twice"):
        load_policies([BASE, BASE])
    assert len(load_policies([BASE, {**BASE, "version": 2}])) == 2
    with pytest.raises(LoadError, match="an object is wanted"):
        load_policies([3])


def test_a_condition_and_a_reason_of_ones_own():
    """An instant with a zone, a reason with a text, and the total of a document are read as well."""
    more = {
        "reason": {"code": "41", "text": "Bonus"},
        "condition": {"fact": "document_total", "op": ">=", "value": {"amount": "50.00", "currency": "EUR"}},
    }
    (policy,) = load_policies([{**BASE, **more}], codes=PolicyCodes(Vocabulary().add(DOCUMENT_TOTAL)))
    assert policy.reason == AllowanceReason("41", "Bonus")


def test_codes_are_classes_of_benefits():
    """What is no class of a benefit is refused, and an unknown code names itself."""
    with pytest.raises(InvalidTypeError):
        PolicyCodes(benefits=[HalfOf("base")])
    with pytest.raises(UnknownReferenceError):
        CODES.plugin(HalfOf, "acme:none")


def test_the_schema_knows_every_key():
    """The JSON Schema has the keys that are read, the conditions of the vocabulary, and the benefits with their fields."""
    schema = policies_schema(CODES)
    assert set(schema["$defs"]["policy"]["properties"]) == KEYS
    assert "acme:loyal" in json.dumps(schema["$defs"]["condition"])
    bare = policies_schema(PolicyCodes(Vocabulary().add(DOCUMENT_TOTAL)))
    assert bare == policies_schema()
    assert "acme:half-of" in json.dumps(schema)
    assert "acme:half-of" not in json.dumps(bare)


JUNK = [
    None, True, 1.5, 0, -1, 7, "", " x", "x", "10", "1e2", " 5", "+5", "-3", "-0", "0", "100.0", "101", [], {}, ["x"], ["x", 3],
    {"amount": "5.00", "currency": "EUR"}, {"amount": "-5.00", "currency": "EUR"}, {"amount": 5, "currency": "EUR"},
    "2026-03-01", "2026-02-30", "2026-03-01T10:00:00+02:00", "2026-03-01T10:00", "once", "original", "by-priority", "95",
    {"periods": 2}, {"until": "2026-12-31"}, {"percent": "5"}, {"waive": []}, {"benefit": "acme:plain", "units": 3}, {"benefit": "acme:x"},
    {"all": []}, {"fact": "tenure_months", "op": ">=", "value": "1"}, {"fact": "tenure_months", "op": "in", "value": [1, 2]},
    {"condition": "acme:loyal"}, {"not": {"condition": "acme:other"}}, {"at_least": 1, "of": [{"condition": "acme:loyal"}]},
    {"fact": "day", "op": "<", "value": "2026-03-01"}, {"fact": "arrears", "op": "contains", "value": "x"},
]  # fmt: skip
BEYOND_A_SCHEMA = [
    "bands go up", "ends after it starts", "free periods tell", "no such zone", "IANA", "one currency", "refuses this", "currency is known",
    "is there twice", "asks for 1 to",
]  # fmt: skip
"""What has to be counted or compared, or looked up in a table of the world: the docstring of `policies_schema` names it."""


def places_in(data, path=()):
    """Yield the path of everything inside plain data."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places_in(value, (*path, key))


@st.composite
def nearly(draw):
    """Return a policy in plain data with one thing changed, added or left out."""
    data = json.loads(json.dumps(dump_policy(draw(policies()))))
    path = draw(st.sampled_from(list(places_in(data))))
    inside = data
    for key in path[:-1]:
        inside = inside[key]
    how = draw(st.sampled_from(["other", "other", "other", "gone", "more"]))
    if how == "gone":
        del inside[path[-1]]
    elif how == "more" and isinstance(inside, dict):
        inside["unknown"] = draw(st.sampled_from(JUNK))
    else:
        inside[path[-1]] = draw(st.sampled_from(JUNK))
    return data


@given(policies())
def test_the_schema_accepts_what_is_written(policy):
    """Whatever policy is written as plain data fits the schema."""
    assert fits(policies_schema(CODES), json.loads(json.dumps([dump_policy(policy)])))


@given(st.lists(nearly(), min_size=1, max_size=2))
@settings(max_examples=settings.default.max_examples * 5)
def test_the_schema_refuses_what_is_refused(data):
    """What is read fits the schema; what is refused does not, unless something has to be counted or compared."""
    faults = []
    try:
        load_policies(data, codes=CODES)
    except LoadError as error:
        faults = [text for _, text in error.faults]
    beyond = all(any(told in text for told in BEYOND_A_SCHEMA) for text in faults)  # nothing is wrong, or nothing that a schema could tell
    assert fits(policies_schema(CODES), data) is beyond, faults


def test_the_schema_is_read_alike_by_others():
    """A validator of the standard agrees with ours, where it is installed."""
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(policies_schema(CODES), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

    @given(nearly())
    @settings(deadline=None)
    def agree(data):
        assert validator.is_valid([data]) is fits(policies_schema(CODES), [data])

    validator.check_schema(policies_schema(CODES))
    agree()


@frozen
class Rich:
    """A benefit with every kind of field that plain data brings back."""

    code = "acme:rich"
    amounts: tuple[Decimal, ...]
    charges: frozenset[str] = frozenset()
    side: Side = Side.LEFT
    floor: Money | None = None
    since: date | None = None
    pair: tuple[int, int] = (1, 2)

    def propose(self, base):
        return Proposal(Decimal(0))


def test_fields_of_own_benefits_come_back_as_their_types_say():
    """Decimals in a tuple, a frozenset, an enumeration, an amount or none: all come back equal, and fit the schema."""
    codes = PolicyCodes(benefits=[Rich])
    for benefit in (
        Rich((Decimal("1.50"), Decimal("1E+2")), frozenset({"a", "b"}), Side.LEFT, Money("5.00", "EUR"), date(2026, 3, 1), (3, 4)),
        Rich(()),
    ):
        policy = offer(benefit=benefit)
        data = json.loads(json.dumps([dump_policy(policy)]))
        assert load_policies(data, codes=codes) == (policy,)
        assert fits(policies_schema(codes), data)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"amounts": "1.50"}, "amounts"),
        ({"amounts": ["1.50", 2]}, "amounts[1]"),
        ({"charges": [3]}, "charges[0]"),
        ({"side": "right"}, "side"),
        ({"floor": {"amount": "5.00"}}, "floor"),
        ({"since": "2026-02-30"}, "since"),
        ({"more": 1}, "more"),
    ],
)
def test_fields_of_own_benefits_are_read_strictly(change, path):
    """A field of another type is told by its path, and the schema refuses it too."""
    codes = PolicyCodes(benefits=[Rich])
    data = [{**BASE, "benefit": {"benefit": "acme:rich", "amounts": [], **change}}]
    with pytest.raises(LoadError) as caught:
        load_policies(data, codes=codes)
    assert [where for where, _ in caught.value.faults] == [f"$[0].benefit.{path}"]
    assert not fits(policies_schema(codes), data)


def test_an_object_stands_for_itself():
    """A registry may hold a benefit that is made already; data names it, and gives it no fields."""

    class Shelf:
        vocabulary = Vocabulary()
        benefits = (HalfOf("base"),)

        def plugin(self, kind, code):
            return self.benefits[0]

    (policy,) = load_policies([{**BASE, "benefit": {"benefit": "acme:half-of"}}], codes=Shelf())
    assert policy.benefit == HalfOf("base")
    with pytest.raises(LoadError, match="unknown key"):
        load_policies([{**BASE, "benefit": {"benefit": "acme:half-of", "charge": "x"}}], codes=Shelf())
    assert fits(policies_schema(Shelf()), [{**BASE, "benefit": {"benefit": "acme:half-of"}}])


def test_types_that_can_not_be_looked_up():
    """A class whose types name what is not there is read by its values alone."""

    @frozen
    class Lost:
        code = "acme:lost"
        what: "Nowhere"  # noqa: F821  that is the case

        def propose(self, base):
            return Proposal(Decimal(0))

    (policy,) = load_policies([{**BASE, "benefit": {"benefit": "acme:lost", "what": [1, "x"]}}], codes=PolicyCodes(benefits=[Lost]))
    assert policy.benefit == Lost((1, "x"))


def test_strange_fields_of_plugins_are_hashed_by_what_they_show():
    """A plugin may hold anything; its hash reads mappings, days, lengths of time, conditions and what only has a repr."""
    from datetime import timedelta

    @frozen
    class Holder:
        code = "acme:holder"
        what: object

        def propose(self, base):
            return Proposal(Decimal(0))

    values = [{"b": 1, "a": date(2026, 3, 1)}, timedelta(days=1, microseconds=5), loyal, HalfOf("base"), 2j, frozenset({"x"})]
    assert len({offer(benefit=Holder(value)).content_hash for value in values}) == len(values)
