"""Values of any model of the library, drawn by the types of its fields; what a model refuses is drawn again."""

import enum
import importlib
import pkgutil
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import attrs
from hypothesis import reject
from hypothesis import strategies as st

import billing_domain
from billing_domain.accounts import Party
from billing_domain.billing import AccountSnapshot
from billing_domain.care import PhraseTable, ReviewCase
from billing_domain.care.reviewing import case_of
from billing_domain.catalog import Catalog, Plan
from billing_domain.conditions import (
    ARREARS,
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
    condition,
)  # fmt: skip
from billing_domain.errors import BillingError, InvalidTypeError, InvalidValueError, PluginError
from billing_domain.invoicing import (
    Attachment,
    CreditNote,
    DraftCreditNote,
    DraftInvoice,
    EntryKind,
    History,
    Invoice,
    LineDetails,
    Part,
    credit,
)
from billing_domain.money import Amount, Money
from billing_domain.testing.builders import ZONE, a_plan, a_snapshot, an_invoice, billed_months, rules
from billing_domain.testing.document_strategies import attachments, line_details, parties
from billing_domain.testing.strategies import days, drafts, snapshots

M = TypeVar("M")

DEEPEST = 3
"""How many models may stand inside each other before optional parts are left out."""


@condition("kit:loyal", title="two years with us")
def loyal(facts: Facts) -> bool:
    """Say whether the customer has been here for two years."""
    return facts[TENURE_MONTHS] >= 24


CONDITIONS: tuple[Condition, ...] = (TENURE_MONTHS >= 12, SEGMENT.one_of("student", "household"), ARREARS.is_(Money("5.00", "EUR")), loyal)
"""Conditions that models hold."""


def _texts() -> st.SearchStrategy[str]:
    return st.sampled_from(["x-1", "A-7", "b2", "loyal", "Ona Kazlauskienė", "acme:x", "a b", 'quo"te'])


def _monies() -> st.SearchStrategy[Money]:
    return st.sampled_from(["0.01", "3.00", "150.25"]).map(lambda amount: Money(amount, "EUR"))


def _instants() -> st.SearchStrategy[datetime]:
    zones = st.sampled_from([UTC, ZONE])
    return st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=zones)  # noqa: DTZ001  the zone stands beside


def _combinations() -> st.SearchStrategy[Combination]:
    parts = st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3)
    return parts.map(lambda found: Combination(Join.ANY, tuple(found)))


def _amounts_of() -> st.SearchStrategy[Amount]:
    return _monies().map(lambda money: Amount(money.amount, "EUR"))


_SCALARS: dict[Any, Callable[[], st.SearchStrategy[Any]]] = {
    str: _texts,
    bytes: lambda: st.binary(min_size=16, max_size=32),
    int: lambda: st.integers(1, 28),
    bool: st.booleans,
    float: lambda: st.floats(0, 1),
    Decimal: lambda: st.one_of(st.integers(1, 40).map(Decimal), st.sampled_from(["0.01", "9.90", "0.5", "33.3"]).map(Decimal)),
    date: days,
    datetime: _instants,
    timedelta: lambda: st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes)),
    ZoneInfo: lambda: st.sampled_from([ZONE, ZoneInfo("UTC")]),
    Money: _monies,
    Amount: _amounts_of,
    Exception: lambda: st.sampled_from([InvalidValueError("x", "rule", "remedy"), PluginError(7, "rule", "remedy", "acme:x", "share")]),
    Hashable: lambda: st.sampled_from(["offer", 7, True]),
    object: lambda: st.sampled_from(["text", 7, True, None]),
    Any: lambda: st.sampled_from(["text", 7, True, None, Decimal("1.50"), date(2026, 3, 1), ("a", 2)]),
    Fact: lambda: st.sampled_from([TENURE_MONTHS, ARREARS, SEGMENT]),
    Facts: lambda: st.sampled_from([Facts(), Facts({TENURE_MONTHS: 30, SEGMENT: "student"})]),
    Vocabulary: lambda: st.just(Vocabulary().add(loyal)),
    Condition: lambda: st.sampled_from(CONDITIONS),
    FunctionCondition: lambda: st.just(loyal),
    Comparison: lambda: st.sampled_from([each for each in CONDITIONS if isinstance(each, Comparison)]),
    Combination: _combinations,
    Plan: lambda: st.sampled_from([a_plan(), a_plan([], code="empty")]),
    Catalog: lambda: st.sampled_from([Catalog([a_plan()]), Catalog([])]),
    DraftInvoice: drafts,
    Invoice: lambda: drafts().map(lambda draft: draft.issue(number="I-1", on=date(2026, 3, 1))),
    History: lambda: snapshots().map(History),
}
_BY_NAME: dict[str, tuple[str, ...]] = {
    "currency": ("EUR",), "tax_currency": ("EUR", "JPY"), "country": ("LT", "LV"), "locale": ("lt_LT", "en"), "language": ("lt", "en"),
}  # fmt: skip
"""What the name of a field says beside its type."""


class _Field(NamedTuple):
    """One field of a model, as its constructor takes it."""

    key: str
    hint: Any
    required: bool


def values(kind: type[M]) -> st.SearchStrategy[M]:
    """Return values of any public class of the library that holds fields: attrs classes and named tuples.

    Each field is drawn by its type and name, or left at its default; what the model refuses is drawn again. For values that belong
    together, such as an account with its documents, take `snapshots()` and the builders.

    Args:
        kind: The class.

    Raises:
        InvalidTypeError: It is no such class.

    Example:
        >>> from billing_domain.accounts import Party
        >>> from hypothesis import find
        >>> find(values(Party), lambda party: True).country
        'LT'
    """
    if kind not in _samples() and not _is_model(kind):
        raise InvalidTypeError(kind, "a model is an attrs class or a named tuple of the library", "give its class")
    return _values(kind, "", DEEPEST)


def _values(hint: Any, name: str, depth: int) -> st.SearchStrategy[Any]:  # noqa: PLR0911  one case a sort of type
    kind = get_origin(hint) or hint
    if hint is str and name in _BY_NAME:
        return st.sampled_from(_BY_NAME[name])
    samples = _samples()
    if hint in samples or kind in samples:
        return samples[hint if hint in samples else kind]()
    if kind in {Union, UnionType}:
        return _of_union(hint, name, depth)
    if kind in {tuple, Sequence, list, frozenset}:
        return _of_items(hint, kind, depth)
    if kind in {Mapping, dict}:
        return st.dictionaries(*[_values(each, "", depth - 1) for each in get_args(hint)], max_size=2)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return st.sampled_from(list(kind))
    if getattr(kind, "_is_protocol", False):
        return st.one_of([_values(each, "", depth - 1) for each in _fitting(kind)])
    return st.deferred(lambda: _models(kind, depth)) if _is_model(kind) else st.nothing()


def _of_union(hint: Any, name: str, depth: int) -> st.SearchStrategy[Any]:
    members = [_values(each, name, depth) for each in get_args(hint) if each is not NoneType]
    if NoneType not in get_args(hint):
        return st.one_of(members)
    return st.one_of([st.none(), *members]) if depth > 0 else st.none()


def _of_items(hint: Any, kind: Any, depth: int) -> st.SearchStrategy[Any]:
    types = get_args(hint)
    if kind is tuple and types[-1] is not Ellipsis:
        return st.tuples(*[_values(each, "", depth - 1) for each in types])
    item = _values(types[0], "", depth - 1)
    items = st.lists(item, max_size=2) if depth > 0 and not item.is_empty else st.just([])
    made: Callable[[list[Any]], Any] = frozenset if kind is frozenset else list if kind is list else tuple
    return items.map(made)


@st.composite
def _models(draw: st.DrawFn, kind: Any, depth: int) -> Any:
    given = {}
    for field in _fields(kind):
        if field.required or (depth > 0 and draw(st.booleans())):
            given[field.key] = draw(_values(field.hint, field.key, depth - 1))
    try:
        return kind(**given)
    except (BillingError, TypeError):  # some models sort what they are given before they look at it
        reject()


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and (attrs.has(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))


@cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    hints = get_type_hints(kind)
    if attrs.has(kind):
        found = [field for field in attrs.fields(kind) if field.init]
        return tuple(_Field(field.alias, hints[field.name], field.default is attrs.NOTHING) for field in found)
    return tuple(_Field(name, hints[name], name not in kind._field_defaults) for name in kind._fields)


@cache
def public_classes() -> tuple[type, ...]:
    """Return every class that a package of the library names in public, but for those of the test kit; each once."""
    found: dict[type, None] = {}
    for each in pkgutil.walk_packages(billing_domain.__path__, "billing_domain."):
        if each.ispkg and not each.name.startswith(("billing_domain.testing", "billing_domain.serialization")):
            module = importlib.import_module(each.name)
            for value in (getattr(module, name) for name in module.__all__):
                if isinstance(value, type) and value.__module__.startswith("billing_domain."):
                    found.setdefault(value)
    return tuple(found)


def _fitting(protocol: Any) -> list[type]:
    """Return the models that have every member of a protocol."""
    bases = [base for base in protocol.__mro__ if getattr(base, "_is_protocol", False)]
    members = {name for base in bases for name in vars(base) if not name.startswith("_")}
    return [kind for kind in public_classes() if _is_model(kind) and all([hasattr(kind, name) for name in members])]


@cache
def _samples() -> dict[Any, Callable[[], st.SearchStrategy[Any]]]:
    """Return what is drawn for types whose fields do not tell what belongs together."""
    return {
        **_SCALARS,
        AccountSnapshot: snapshots,
        Attachment: attachments,
        LineDetails: line_details,
        Party: parties,
        Part: lambda: st.sampled_from([_part(), _part("0.50")]),
        DraftCreditNote: lambda: st.just(_credit()),
        CreditNote: lambda: st.just(_credit().issue(number="CN-1", on=date(2026, 4, 2))),
        PhraseTable: lambda: st.just(PhraseTable("de", {"change.same": "Die Rechnung ist so hoch wie die letzte"})),
        ReviewCase: lambda: snapshots().map(lambda snapshot: case_of(snapshot, date(2026, 9, 1), rules())),
    }


def _part(net: str | None = None) -> Part:
    invoice = an_invoice()
    return invoice.part(invoice.lines[0], net=None if net is None else Money(net, "EUR"))


def _credit() -> DraftCreditNote:
    snapshot = billed_months(a_snapshot(), 1)
    line = snapshot.invoices[0].lines[0]
    return credit(snapshot, snapshot.invoices[0].part(line, net=Money("1.00", "EUR")), kind=EntryKind.GOODWILL, reason="a long wait")
