"""Loading refuses whatever is not exactly of the form, and tells all of it at once."""

import json
from datetime import date
from decimal import Decimal

import attrs
import pytest
from stored_shapes import CATALOG, LIFE, PLAN, RULES

from billing_domain import Account, AccountSnapshot, Money, Plan, Rulebook, Subscription
from billing_domain.catalog import Catalog, PriceModel, Tier
from billing_domain.discounts import Grant
from billing_domain.errors import InvalidTypeError, LoadError, PluginError, RefusedError
from billing_domain.invoicing import Invoice
from billing_domain.periods import BusinessDays, Period, Proration
from billing_domain.retention.stats.counting import Tallies
from billing_domain.serialization import rows
from billing_domain.subscriptions import PlanChanged

CONVERT = rows(catalog=CATALOG)


def faults(data, kind):
    """Return what loading tells, as pairs of path and text."""
    with pytest.raises(LoadError) as caught:
        CONVERT.structure(data, kind)
    return caught.value.faults


def stored(value):
    """Return the plain data of a value, fresh."""
    return json.loads(json.dumps(CONVERT.unstructure(value)))


def test_all_faults_are_told_at_once_with_their_paths():
    """Unknown keys, missing keys and wrong types in all corners of a document come in one error."""
    data = stored(LIFE)
    data["extra"] = 1
    data["account"]["holder"]["name"] = 7
    data["account"]["zone"] = "Europe/Nowhere"
    del data["subscriptions"][0]["id"]
    data["subscriptions"][0]["changes"][0]["on"] = "yesterday"
    data["invoices"][0]["draft"]["lines"][0]["facts"]["amount"] = 9.9
    data["invoices"][0]["draft"]["lines"][0]["number"] = True
    data["usage"] = {}
    data["grants"][0] = "G-1"
    assert {path for path, _ in faults(data, AccountSnapshot)} == {
        "$.extra",
        "$.account.holder.name",
        "$.account.zone",
        "$.subscriptions[0]",
        "$.subscriptions[0].changes[0].on",
        "$.invoices[0].draft.lines[0].facts.amount",
        "$.invoices[0].draft.lines[0].number",
        "$.usage",
        "$.grants[0]",
    }


def test_an_error_tells_how_many_faults_there_are_and_each():
    """The message counts the faults and lists them, one a line."""
    data = stored(Period(date(2026, 3, 1), date(2026, 4, 1)))
    data["end"], data["begin"] = "soon", "now"
    with pytest.raises(LoadError, match="2 faults: plain data has exactly the form of its model") as caught:
        CONVERT.structure(data, Period)
    assert str(caught.value).splitlines()[1:] == [
        "  $.end: 'soon': a day is written as in ISO 8601; write it as \"2026-03-01\"",
        "  $.begin: 'begin': Period has only the keys start, end; leave it out, or mend its name",
    ]


def test_rules_of_the_model_are_faults_at_its_place():
    """What a model refuses is told where the model stands."""
    data = stored(LIFE.account)
    data["cycle"] = {"alignment": "anniversary", "anchor_day": 32}
    assert faults(data, Account) == (
        ("$.cycle", "32: an anchor day is 1 to 31; give the day of the month; 31 is the last day of every month"),
    )


@pytest.mark.parametrize("data", [None, [], "text", 1, {}, {"schema": True}, {"schema": "1"}, {"schema": 0}, {"schema": 2}, {"schema": 1}])
def test_what_is_no_document_is_refused(data):
    """A document is an object with the number of a schema that is known, and its fields."""
    assert faults(data, Period)


def test_a_later_schema_asks_for_a_newer_library():
    """A document of a later version is not guessed at."""
    assert faults({"schema": 7, "start": "2026-03-01"}, Period) == (
        ("$", "7: this version reads the schemas 1 to 1; update the library, or check where the data come from"),
    )


@pytest.mark.parametrize(("hint", "data"), [
    (tuple[int, ...], {}), (tuple[int, ...], "12"), (tuple[int, str], [1]), (tuple[int, str], [1, "a", 2]), (frozenset[int], [1, 1]),
    (list[int], [1, "2"]), (dict[str, int], []), (dict[str, int], {"a": "1"}), (dict[int, str], [[1]]), (dict[int, str], {"1": "a"}),
    (int | str, 1.5), (int | None, "1"), (object, {"kind": "float", "value": 1.0}), (object, {"kind": "decimal"}),
    (object, {"kind": "decimal", "value": "1", "unit": "EUR"}), (object, {"kind": ["decimal"]}), (object, 1.5), (type[object], "complex"),
    (Exception, "gone"), (Exception, {"kind": "InvalidValueError", "value": "x"}), (Exception, {"kind": 1, "value": "x"}),
])  # fmt: skip
def test_containers_and_unions_are_strict(hint, data):
    """Lists have their length, sets no doubles, and a value one of the kinds that are asked for."""
    assert faults(data, hint)


@pytest.mark.parametrize(("value", "hint"), [
    ([1], frozenset[int]), ({1}, tuple[int, ...]), ((1, 2), tuple[int, int, int]), ([("a", 1)], dict[str, int]), ((), dict[int, int]),
    (1.5, int | str), (None, int | str), (int, type[object]), ("gone", Exception), (complex, type[object]), (1.5, object),
])  # fmt: skip
def test_what_is_of_another_type_is_not_written(value, hint):
    """A container of another kind, or a value outside a union, is refused where it would be written."""
    if hint == type[object] and value is int:
        assert CONVERT.unstructure(value, hint) == "whole number"
        return
    with pytest.raises(InvalidTypeError):
        CONVERT.unstructure(value, hint)


def test_a_refused_value_says_where_it_stands():
    """An error in writing notes the way to the value, from the inside out."""
    wrong = attrs.evolve(
        LIFE.invoices[0], draft=attrs.evolve(LIFE.invoices[0].draft, lines=[attrs.evolve(LIFE.invoices[0].lines[0], number="1")])
    )
    with pytest.raises(InvalidTypeError) as caught:
        CONVERT.unstructure(wrong)
    assert caught.value.__notes__ == ["in number", "at 0", "in lines", "in draft"]


def test_sets_are_written_in_one_order():
    """A set has the same text in every process, whatever its hashes are."""
    days = BusinessDays(holidays=[date(2026, 3, day) for day in (11, 2, 30, 7)])
    assert CONVERT.unstructure(days)["holidays"] == ["2026-03-02", "2026-03-07", "2026-03-11", "2026-03-30"]


def test_mappings_by_other_keys_are_pairs():
    """A mapping whose keys are no texts is a list of pairs, and comes back as a mapping."""
    assert CONVERT.unstructure({2: "b", 1: "a"}, dict[int, str]) == [[2, "b"], [1, "a"]]
    assert CONVERT.structure([[2, "b"], [1, "a"]], dict[int, str]) == {2: "b", 1: "a"}
    assert CONVERT.unstructure({"b": 2}, dict[str, int]) == {"b": 2}
    assert CONVERT.unstructure(Tallies({}))["arms"] == []


def test_a_model_is_not_written_as_another():
    """Where one model is asked for, another one is refused, also one of a narrower class."""
    with pytest.raises(InvalidTypeError, match="a Period"):
        CONVERT.unstructure(LIFE.account, Period)


def test_plans_are_keys_except_in_a_catalog():
    """A subscription names its plan by code and version; a catalog, and a plan on its own, are whole."""
    assert stored(LIFE)["subscriptions"][0]["plan"] == "mobile-s@1"
    assert stored(CATALOG)["plans"][0]["name"] == "Mobile S"
    assert CONVERT.structure(stored(PLAN), Plan) == PLAN
    assert CONVERT.structure(stored(CATALOG), Catalog) == CATALOG


def test_a_plan_that_the_catalog_does_not_have_is_refused():
    """A plan is neither written nor read by a key that leads nowhere, or to other content."""
    other = Subscription.start(Plan("mobile-s", 1, "Another", "EUR", []), id="S-1", on=date(2026, 3, 1))
    with pytest.raises(RefusedError, match="found in the catalog"):
        CONVERT.unstructure(other)
    with pytest.raises(InvalidTypeError, match="a Plan"):
        CONVERT.unstructure(PlanChanged(date(2026, 3, 1), "mobile-s@1"))
    data = stored(LIFE.subscriptions[0]) | {"plan": "mobile-s@9"}
    assert faults(data, Subscription) == (("$.plan", "mobile-s@9: a plan is in the catalog; add the version, or name another"),)
    assert faults(data | {"plan": 1}, Subscription)[0][0] == "$.plan"


def test_what_is_derived_is_left_out_and_worked_out_anew():
    """Fields that are made from others are not stored."""
    subscription = LIFE.subscriptions[0]
    assert not {"terms", "runs"} & stored(subscription).keys()
    assert CONVERT.structure(stored(subscription), Subscription).terms == subscription.terms


def test_private_fields_are_stored_by_the_name_that_users_give():
    """`Account.traits` and `Grant.limit` are stored under these names."""
    assert stored(LIFE.account)["traits"] == [["segment", "household"]]
    assert stored(LIFE.grants[0])["limit"] == {"amount": "50.00", "currency": "EUR"}
    assert CONVERT.structure(stored(LIFE.grants[0]), Grant) == LIFE.grants[0]


def test_empty_fields_are_left_out():
    """A field that says nothing, and says so by default, is not written."""
    assert "address" not in stored(LIFE.account)["holder"]
    assert stored(Tier(None)) == {"schema": 1, "up_to": None, "price": "0", "flat": "0", "minimum": "0"}


def test_documents_in_a_union_say_their_kind():
    """What may be one of several models is stored with its kind and read to the right one."""
    union = Invoice | Period
    march = Period(date(2026, 3, 1), date(2026, 4, 1))
    data = CONVERT.unstructure(march, union)
    assert data == {"schema": 1, "kind": "period", "start": "2026-03-01", "end": "2026-04-01"}
    assert CONVERT.structure(data, union) == march
    assert faults({**data, "kind": "month"}, union) == (
        ("$", "'month': this is an object whose kind is one of invoice, period; write \"kind\" with one of these"),
    )
    assert faults({"schema": 1}, union)


def test_none_is_one_of_several():
    """None in a union stands as null."""
    assert CONVERT.unstructure(None, int | str | None) is None
    assert CONVERT.structure(None, int | str | None) is None
    assert CONVERT.unstructure(Decimal(1), int | Decimal | None) == {"kind": "decimal", "value": "1"}


def test_a_rulebook_is_stored_whole():
    """Strategies are stored by their codes with their fields."""
    data = stored(RULES)
    assert data["proration"] == {"code": "actual-days"}
    assert (data["tax"]["kind"], data["tax"]["code"]) == ("domestic-tax", "lt-vat")
    assert CONVERT.structure(data, Rulebook) == RULES


def test_errors_are_kept_as_texts():
    """The evidence of a halted run shows the same after it was stored; a foreign error becomes a plain one of the same words."""
    error = PluginError(Money("3.00", "EUR"), "a share is two whole numbers", "return Share(17, 31)", "acme:x", "share", "of")
    data = CONVERT.unstructure(error, Exception)
    assert (data["kind"], data["plugin"]) == ("PluginError", "acme:x")
    assert str(CONVERT.structure(data, Exception)) == str(error)
    listed = LoadError("1 fault", "rule", "remedy", (("$.on", "not a day"),))
    assert CONVERT.structure(CONVERT.unstructure(listed, Exception), Exception).faults == listed.faults
    foreign = CONVERT.structure(CONVERT.unstructure(KeyError("gone"), Exception), Exception)
    assert (type(foreign), str(foreign)) == (Exception, "KeyError: 'gone'")
    with pytest.raises(LoadError, match="an error has a kind and a value"):
        CONVERT.structure({"kind": "InvalidValueError"}, Exception)


def test_a_note_of_somebody_else_is_no_part_of_the_path():
    """Notes that a hook of the host adds leave the path as it is."""
    convert = rows(catalog=CATALOG)

    def noted(data, _):
        error = InvalidTypeError(data, "a day is a day", "write one")
        error.add_note("seen by the host")
        raise error

    convert.register_structure_hook(date, noted)
    with pytest.raises(LoadError) as caught:
        convert.structure({"schema": 1, "start": "x", "end": "y"}, Period)
    assert [path for path, _ in caught.value.faults] == ["$.start", "$.end"]


def test_types_without_a_plain_form_are_refused():
    """What has no plain form is told with the type, and that a hook can be registered."""
    with pytest.raises(InvalidTypeError, match="register a hook"):
        CONVERT.unstructure(1 + 2j)
    with pytest.raises(InvalidTypeError, match="told apart"):
        CONVERT.unstructure(1, int | Tier | attrs.make_class("Tier", []))
    with pytest.raises(InvalidTypeError, match="told apart"):
        CONVERT.unstructure(1, PriceModel | Proration)


def test_a_copy_writes_and_reads_the_same():
    """A copy of the converter keeps hooks and schema."""
    copied = CONVERT.copy()
    assert copied.structure(copied.unstructure(LIFE), AccountSnapshot) == LIFE
