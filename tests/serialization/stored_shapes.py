"""Values of any model, drawn by the types of its fields; what a model refuses is drawn again."""

import enum
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import NoneType
from typing import Any, ForwardRef, get_args
from zoneinfo import ZoneInfo

import attrs
from hypothesis import reject
from hypothesis import strategies as st

import strategies as core
from billing_domain import Account, AccountSnapshot, Party, Rulebook, Subscription, UsageRecord, bill, credit, presets
from billing_domain.catalog import Catalog, Plan, RecurringCharge, UsageCharge
from billing_domain.conditions import (
    ARREARS,
    CATALOGUE,
    SEGMENT,
    TENURE_MONTHS,
    Combination,
    Comparison,
    Condition,
    Fact,
    Facts,
    FunctionCondition,
    Join,
    Vocabulary,
    all_of,
    condition,
)
from billing_domain.discounts import Grant, Percent, Scope
from billing_domain.errors import BillingError, InvalidValueError, LoadError, PluginError, UnknownReferenceError
from billing_domain.invoicing import Attachment, CreditNote, DraftCreditNote, EntryKind, LineDetails, Part
from billing_domain.money import Amount, Money, to_decimal
from billing_domain.serialization.entries import class_of, entries_of, is_model, is_protocol
from billing_domain.serialization.plugins import public_classes, shipped
from billing_domain.serialization.unions import is_union, members_of
from billing_domain.testing import attachments, line_details, parties

PLAN = Plan(
    "mobile-s",
    1,
    "Mobile S",
    "EUR",
    [RecurringCharge("base", "Monthly fee", "9.90"), UsageCharge("data", "Mobile data", core.DATA, "1.50")],
)
TEAM = Plan("team", 2, "Team", "EUR", [RecurringCharge("base", "Monthly fee", "12.50")], prices_include_tax=True)
CATALOG = Catalog([PLAN, TEAM])


@condition("acme:loyal", title="is loyal")
def loyal(facts):
    """Say whether it is two years or more."""
    return facts[TENURE_MONTHS] >= 24


SCORE = Fact("acme:score", int, title="score")
VOCABULARY = Vocabulary([*CATALOGUE, SCORE], [loyal])
CONDITIONS = [
    TENURE_MONTHS >= 12,
    SEGMENT.one_of("student", "household"),
    ARREARS.is_not(Money("5.00", "EUR")),
    loyal,
    all_of(SCORE >= 7, loyal),
]


class Shelf:
    """Codes of a host, as a registry of plugins has them."""

    def __init__(self, *plugins, vocabulary=VOCABULARY):
        """Keep the classes by their codes."""
        self.vocabulary = vocabulary
        self.plugins = {plugin.code: plugin for plugin in plugins}

    def plugin(self, kind, code):
        """Return the class with this code."""
        if code not in self.plugins:
            raise UnknownReferenceError(code, f"a {kind.__name__} is registered", "register it")
        return self.plugins[code]


words = st.sampled_from(["x-1", "A-7", "b2", "loyal", "Ona Kazlauskienė", "acme:x", "a b", 'quo"te'])
days = st.integers(0, 800).map(lambda count: date(2026, 1, 31) + timedelta(days=count))
zones = st.sampled_from([core.VILNIUS, ZoneInfo("UTC"), ZoneInfo("America/New_York")])
instants = st.builds(
    lambda seconds, micro, place: datetime(2026, 1, 1, tzinfo=UTC).astimezone(place) + timedelta(seconds=seconds, microseconds=micro),
    st.integers(0, 60_000_000), st.sampled_from([0, 0, 1, 250_000]),
    st.one_of(zones, st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])),
)  # fmt: skip
exact = st.one_of(st.integers(1, 40).map(Decimal), st.sampled_from(["0.01", "9.90", "12.500", "0.5", "1E+2", "33.3"]).map(Decimal))
lengths = st.one_of(st.integers(1, 10).map(lambda count: timedelta(minutes=count)), st.just(timedelta(days=31, microseconds=7)))

BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(1, 28),
    bool: st.booleans(),
    float: st.one_of(st.floats(0, 1), st.sampled_from([0.25, 3.5, float("inf")])),
    Decimal: exact,
    date: days,
    datetime: instants,
    timedelta: lengths,
    ZoneInfo: zones,
    Money: st.sampled_from(["0.01", "3.00", "150.25"]).map(lambda amount: Money(amount, "EUR")),
    Amount: st.sampled_from(["0.01", "3.00", "150.25"]).map(lambda amount: Amount(to_decimal(amount), "EUR")),
    Plan: st.sampled_from([PLAN, TEAM]),
    Exception: st.sampled_from(
        [
            InvalidValueError("x", "rule", "remedy"),
            PluginError(7, "rule", "remedy", "acme:x", "share"),
            LoadError("1 fault", "rule", "remedy", (("$.a", "b"),)),
            KeyError("gone"),
        ]
    ),
    Hashable: st.sampled_from(["offer", 7, True, ("LT", 2)]),
    Any: st.sampled_from(
        ["text", 7, True, None, Decimal("1.50"), date(2026, 3, 1), timedelta(hours=1), ("a", 2, (Decimal(3),)), Amount(Decimal(1), "EUR")]
    ),
    Fact: st.sampled_from([SCORE, TENURE_MONTHS, ARREARS]),
    Facts: st.sampled_from([Facts(), Facts({SCORE: 7, SEGMENT: "student", ARREARS: Money("5.00", "EUR")})]),
    Vocabulary: st.just(VOCABULARY),
    Condition: st.sampled_from(CONDITIONS),
    FunctionCondition: st.just(loyal),
    Comparison: st.sampled_from([each for each in CONDITIONS if isinstance(each, Comparison)]),
    Combination: st.builds(
        lambda parts: Combination(Join.ANY, tuple(parts)), st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3)
    ),
}
BY_NAME = {
    "currency": st.sampled_from(["EUR"]),
    "tax_currency": st.sampled_from(["EUR", "JPY"]),
    "country": st.sampled_from(["LT", "LV"]),
    "locale": st.sampled_from(["lt_LT", "en"]),
}
RULES = Rulebook(seller=core.SELLER, tax=presets.LT_VAT)
GRANT = Grant("G-1", "acme:spring@1", Percent(10), date(2026, 3, 1), scope=Scope.recurring(), name="Spring", limit=Money("50.00", "EUR"))


def a_life():
    """Return a snapshot with two invoices, a credit note over some of a line, a correction that rides along, and a part of a line."""
    account = Account(id="A-1", currency="EUR", zone=core.VILNIUS, locale="lt_LT", holder=core.BUYER, traits={"segment": "household"})
    subscription = Subscription.start(PLAN, id="S-1", on=date(2026, 3, 1))
    usage = UsageRecord("U-1", "S-1", core.DATA, "14.2", datetime(2026, 3, 12, 18, tzinfo=core.VILNIUS), {"tariff": "day"})
    snapshot = AccountSnapshot(account, [subscription], [usage], grants=[GRANT])
    march = bill(snapshot, through=date(2026, 3, 1), rules=RULES).invoice.issue(number="MB-1", on=date(2026, 3, 1))
    snapshot = snapshot.add(march, subscription.override_price("base", "5.00", on=date(2026, 3, 11), recorded=date(2026, 3, 20)))
    april = bill(snapshot, through=date(2026, 4, 1), rules=RULES).invoice.issue(number="MB-2", on=date(2026, 4, 1))
    snapshot = snapshot.add(april)
    part = april.part(april.line("data"), net=Money("1.00", "EUR"))
    note = credit(snapshot, part, kind=EntryKind.GOODWILL, reason="a long wait").issue(number="CN-1", on=date(2026, 4, 2))
    return snapshot.add(note), part


LIFE, PART = a_life()
SAMPLES: dict[type, st.SearchStrategy[Any]] = {
    Catalog: st.sampled_from([CATALOG, Catalog([])]),
    Part: st.sampled_from([PART, PART.invoice.part(PART.line)]),
    DraftCreditNote: st.just(LIFE.credit_notes[0].draft),
    CreditNote: st.just(LIFE.credit_notes[0]),
    AccountSnapshot: st.sampled_from([LIFE, AccountSnapshot(LIFE.account)]),
    Attachment: attachments(),
    LineDetails: line_details(),
    Party: parties(),
}
"""What the types of the fields do not tell, by class."""

NOT_STORED = {
    "billing.difference.Settings",
    "billing.loading.Loading",
    "discounts.choosing.Asked",
    "discounts.loading.PolicyCodes",
    "invoicing.history.History",
    "care.phrases.table.PhraseTable",
    "care.phrases.words.Words",
}
"""Working sets of one run, ways to load, what codes lead to, and the words of a language: none of these is data."""


def strategy(hint, name="", depth=3):
    """Return values of a type; `name` is that of the field, which often says more."""
    kind = class_of(hint)
    if hint is str and name in BY_NAME:
        return BY_NAME[name]
    if hint in SAMPLES or kind in SAMPLES:
        return SAMPLES[kind]
    if isinstance(hint, ForwardRef) or hint is object:
        return BY_TYPE[Any]
    if hint in BY_TYPE or kind in BY_TYPE:
        return BY_TYPE[hint if hint in BY_TYPE else kind]
    if is_union(hint):
        return _of_union(hint, name, depth)
    if kind in {tuple, Sequence, list, frozenset}:
        return _of_items(hint, kind, depth)
    if kind in {Mapping, dict}:
        return st.dictionaries(*[strategy(each, "", depth - 1) for each in get_args(hint)], max_size=2)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(kind)
    if is_protocol(kind):
        return st.one_of([strategy(each, "", depth - 1) for each in shipped(kind).values() if not has_secrets(each)])
    return models(kind, depth)


def _of_union(hint, name, depth):
    members = [strategy(each, name, depth) for each in members_of(hint)]
    if NoneType not in get_args(hint):
        return st.one_of(members)
    return st.one_of([st.none(), *members]) if depth > 0 else st.none()


def _of_items(hint, kind, depth):
    types = get_args(hint)
    if kind is tuple and types[-1] is not Ellipsis:
        return st.tuples(*[strategy(each, "", depth - 1) for each in types])
    item = strategy(types[0], "", depth - 1)
    items = st.lists(item, max_size=2) if depth > 0 and not item.is_empty else st.just([])
    return items.map({frozenset: frozenset, list: list}.get(kind, tuple))


def models(kind, depth=3):
    """Return values of a model: each field by its type, or left at its default."""
    return st.deferred(lambda: _models(kind, depth)) if is_model(kind) else st.nothing()


@st.composite
def _models(draw, kind, depth):
    given = {}
    for entry in entries_of(kind):
        if entry.required or (depth > 0 and draw(st.booleans())):
            given[entry.key] = draw(strategy(entry.hint, entry.name.lstrip("_"), depth - 1))
    try:
        return kind(**given)
    except (BillingError, TypeError):  # some models sort what they are given before they look at it
        reject()


def public_name(kind):
    """Return package, module and name, as tests show them."""
    return f"{kind.__module__.removeprefix('billing_domain.')}.{kind.__qualname__}"


def is_working_set(kind):
    """Tell whether a class is no data, or must hold something that is none."""
    if public_name(kind) in NOT_STORED:
        return True
    held = [class_of(entry.hint) for entry in entries_of(kind) if entry.required] if is_model(kind) and not has_secrets(kind) else []
    return any(isinstance(each, type) and each is not kind and is_working_set(each) for each in held)


def has_secrets(kind):
    """Tell whether a field is marked as secret, or must hold a model with such a field."""
    if not isinstance(kind, type) or not is_model(kind):
        return False
    if attrs.has(kind) and any(field.metadata.get("secret") for field in attrs.fields(kind)):
        return True
    return any(entry.required and has_secrets(class_of(entry.hint)) for entry in entries_of(kind))


def public_models():
    """Return every public class that holds fields and is more than a working set."""
    return [kind for kind in public_classes() if is_model(kind) and not is_protocol(kind) and not is_working_set(kind)]


def stored_classes():
    """Return every public class that is stored: models without secrets."""
    return [kind for kind in public_models() if not has_secrets(kind)]
