"""Plugins, conditions and facts: stored by codes that lead back to them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import pytest
from stored_shapes import CATALOG, SCORE, VOCABULARY, Shelf, loyal

from billing_domain.catalog import Flat, Measured, Plan, PriceModel, RecurringCharge
from billing_domain.catalog.phases import Price
from billing_domain.catalog.working import single
from billing_domain.conditions import (
    ARREARS,
    SEGMENT,
    TENURE_MONTHS,
    Combination,
    Comparison,
    Condition,
    Fact,
    Facts,
    Vocabulary,
    all_of,
    condition,
)
from billing_domain.discounts import Lane, Stack
from billing_domain.errors import InvalidTypeError, LoadError, RefusedError, UnknownReferenceError
from billing_domain.money import Money
from billing_domain.periods import ActualDays, Proration
from billing_domain.serialization import rows
from billing_domain.tax import DomesticTax, NoTax, TaxPolicy, TaxTable


@attrs.frozen
class DayAndNight:
    """One price by day, another by night."""

    code = "acme:day-night"
    day: Decimal
    night: Decimal

    def work_out(self, measured: Measured):
        """Return the day's price."""
        return single("day", measured.quantity, self.day)


@attrs.frozen
class Steep:
    """A price model with fields that are called as the tags are."""

    code = "acme:steep"
    kind: str
    value: int

    def work_out(self, measured: Measured):
        """Return nothing of interest."""
        return single(self.kind, measured.quantity, Decimal(self.value))


class Loose:
    """A price model that is no attrs class."""

    code = "acme:loose"

    def work_out(self, measured):
        """Return nothing of interest."""
        return single("loose", measured.quantity, Decimal(1))


@attrs.frozen
class Various:
    """A price model whose every value has a code of its own, which the registry can not find."""

    code: str

    def work_out(self, measured):
        """Return nothing of interest."""
        return single(self.code, measured.quantity, Decimal(1))


CONVERT = rows(catalog=CATALOG, codes=Shelf(DayAndNight, Steep, Loose))
PLAIN = rows(catalog=CATALOG)
NIGHT = DayAndNight(Decimal("0.20"), Decimal("0.10"))


def there_and_back(value, hint, convert=CONVERT):
    """Return the plain data of a value, and what is read from it."""
    data = convert.unstructure(value, hint)
    return data, convert.structure(data, hint)


def test_a_plugin_of_the_host_is_stored_by_its_code_and_fields():
    """A class of the registry is written with its code beside its fields, and read through the registry."""
    plan = Plan("night", 1, "Night", "EUR", [RecurringCharge("base", "Fee", NIGHT)])
    data, read = there_and_back(plan, Plan)
    assert data["charges"][0]["price"] == {"code": "acme:day-night", "day": "0.20", "night": "0.10"}
    assert read == plan


@pytest.mark.parametrize("value", [Flat("9.90"), NIGHT, Steep("x", 3)])
def test_plugins_in_a_union_with_numbers(value):
    """Where a price is a price model or a number, both come back as what they were."""
    assert there_and_back(value, Price)[1] == value
    assert there_and_back(Decimal("9.90"), Price) == ({"kind": "decimal", "value": "9.90"}, Decimal("9.90"))


def test_fields_that_are_called_as_the_tags_stand_inside():
    """A plugin with a field `kind` or `value` stands under `value`."""
    data, read = there_and_back(Steep("x", 3), PriceModel)
    assert data == {"schema": 1, "code": "acme:steep", "value": {"kind": "x", "value": 3}}
    assert read == Steep("x", 3)
    with pytest.raises(LoadError, match="a value of this kind has code and value"):
        CONVERT.structure(data | {"more": 1}, PriceModel)


def test_classes_without_a_code_are_stored_by_their_kind():
    """Where each value has a code of its own, the class is named by its kind; an enumeration by kind and value."""
    data, read = there_and_back(DomesticTax(TaxTable("LT", []), code="no-tax"), TaxPolicy)
    assert data == {"schema": 1, "kind": "domestic-tax", "table": {"country": "LT", "rates": []}, "code": "no-tax"}
    assert (read, there_and_back(NoTax(), TaxPolicy)[0]["code"]) == (DomesticTax(TaxTable("LT", []), code="no-tax"), "no-tax")
    data, read = there_and_back(Lane("a", Stack.FIRST), Lane)
    assert data["stack"] == {"kind": "stack", "value": "first"}
    assert read == Lane("a", Stack.FIRST)


@pytest.mark.parametrize(
    ("value", "convert"), [(NIGHT, PLAIN), (Loose(), CONVERT), (Various("acme:day-night"), CONVERT), (ActualDays(), CONVERT)]
)
def test_a_plugin_that_could_not_be_read_is_not_written(value, convert):
    """A plugin whose code does not lead back to its class is refused where it would be written."""
    with pytest.raises(RefusedError, match="leads back to its class"):
        convert.unstructure(value, PriceModel)


@pytest.mark.parametrize(("data", "told"), [
    ({"code": "acme:gone"}, "a PriceModel is registered"),
    ({"code": 7}, "a PriceModel has a code, which is text"),
    ({"kind": "gone"}, "a PriceModel has a code, which is text"),
    ({"code": "flat", "price": 9.9}, "an exact number is text"),
    ({"code": "flat"}, "Flat has this key"),
])  # fmt: skip
def test_a_stored_plugin_is_read_strictly(data, told):
    """Codes that lead nowhere, missing codes and wrong fields are refused."""
    with pytest.raises(LoadError, match=told):
        CONVERT.structure({"schema": 1, **data}, PriceModel)
    with pytest.raises(LoadError):
        PLAIN.structure({"schema": 1, **data}, PriceModel)


def test_without_a_registry_the_shipped_plugins_are_named():
    """The message names what is known."""
    with pytest.raises(LoadError, match=r"a stored Proration is one of .*actual-days"):
        PLAIN.structure({"schema": 1, "code": "acme:gone"}, Proration)
    with pytest.raises(LoadError, match=r"\$: 'text': a stored document is an object"):
        PLAIN.structure("text", Proration)
    with pytest.raises(LoadError, match=r"\$\.proration: 1: a Proration is an object"):
        PLAIN.structure({"schema": 1, "code": "a", "name": "A", "price": {"code": "flat", "price": "1"}, "proration": 1}, RecurringCharge)


def test_conditions_are_stored_as_policies_write_them():
    """A condition has the one form that plain data has for it."""
    rule = all_of(SCORE >= 7, loyal)
    data, read = there_and_back(rule, Condition)
    assert data == {"schema": 1, "all": [{"fact": "acme:score", "op": ">=", "value": 7}, {"condition": "acme:loyal"}]}
    assert read == rule
    assert there_and_back(rule, Combination)[1] == rule
    with pytest.raises(LoadError, match="this is a Comparison"):
        CONVERT.structure(data, Comparison)


def test_faults_of_a_condition_have_their_paths():
    """What the loader of conditions finds wrong is told where it stands in the document."""
    data = {"schema": 1, "facts": [], "conditions": [{"all": [{"fact": "gone", "op": ">=", "value": 7}]}]}
    with pytest.raises(LoadError) as caught:
        CONVERT.structure(data, Vocabulary)
    assert [path for path, _ in caught.value.faults] == ["$.conditions[0].all[0].fact"]


def test_a_condition_outside_the_vocabulary_is_not_written():
    """A condition that could not be read to an equal one is refused where it would be written."""

    @condition("acme:other")
    def other(facts):
        return True

    with pytest.raises(RefusedError, match="facts and conditions of the vocabulary"):
        CONVERT.unstructure(other, Condition)
    with pytest.raises(RefusedError, match="facts and conditions of the vocabulary"):
        PLAIN.unstructure(SCORE >= 7, Condition)
    with pytest.raises(RefusedError, match="facts and conditions of the vocabulary"):
        CONVERT.unstructure(Fact("acme:score", int, title="another title") >= 7, Condition)


def test_facts_are_stored_by_code():
    """Facts keep their kinds: money with its currency, a set of texts as a list."""
    tags = Fact("acme:tags", frozenset, title="tags")
    convert = rows(catalog=CATALOG, codes=Shelf(vocabulary=Vocabulary([*VOCABULARY.facts, tags])))
    known = Facts({TENURE_MONTHS: 24, SEGMENT: "household", ARREARS: Money("5.00", "EUR"), tags: frozenset({"tv", "phone"})})
    data, read = there_and_back(known, Facts, convert)
    assert data == {
        "schema": 1,
        "facts": {
            "acme:tags": ["phone", "tv"],
            "arrears": {"amount": "5.00", "currency": "EUR"},
            "segment": "household",
            "tenure_months": 24,
        },
    }
    assert read == known
    with pytest.raises(LoadError) as caught:
        convert.structure({"schema": 1, "facts": {"acme:tags": "tv", "tenure_months": "24", "gone": 1, "arrears": 5}}, Facts)
    assert [path for path, _ in caught.value.faults] == ["$.acme:tags", "$.tenure_months", "$.gone", "$.arrears"]


@pytest.mark.parametrize("data", [{"schema": 1}, {"schema": 1, "facts": []}, {"schema": 1, "facts": {}, "more": {}}])
def test_facts_stand_under_their_key(data):
    """Facts are an object under one key."""
    with pytest.raises(LoadError, match="facts are an object under facts"):
        CONVERT.structure(data, Facts)


def test_facts_outside_the_vocabulary_are_not_written():
    """A fact that is not known, or of another kind than the vocabulary says, is refused where it would be written."""
    with pytest.raises(UnknownReferenceError, match="a stored fact is of the vocabulary"):
        PLAIN.unstructure(Facts({SCORE: 7}))
    with pytest.raises(RefusedError, match="of the kind that the vocabulary says"):
        CONVERT.unstructure(Facts({Fact("acme:score", str, title="score"): "high"}))
    with pytest.raises(InvalidTypeError, match="Facts"):
        CONVERT.unstructure(7, Facts)


def test_hooks_of_the_host_go_first():
    """A host registers hooks as on any cattrs converter, also for types of the library."""
    convert = rows(catalog=CATALOG)
    convert.register_unstructure_hook(date, lambda day: day.strftime("%d.%m.%Y"))
    convert.register_structure_hook(date, lambda text, _: datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=UTC).date())
    assert there_and_back(date(2026, 3, 1), date, convert) == ("01.03.2026", date(2026, 3, 1))
    with pytest.raises(LoadError, match=r"\$: ValueError: time data 'soon'"):
        convert.structure("soon", date)


def test_models_of_the_host_are_stored_as_those_of_the_library():
    """An attrs class of the host that holds models is written and read by its fields."""

    @attrs.frozen
    class Row:
        number: int
        price: PriceModel
        note: str = attrs.field(factory=str)
        seen: tuple[str, ...] = attrs.field(default=attrs.Factory(lambda self: (self.note,), takes_self=True))

    data, read = there_and_back(Row(1, NIGHT), Row)
    assert data == {"schema": 1, "number": 1, "price": {"code": "acme:day-night", "day": "0.20", "night": "0.10"}, "seen": [""]}
    assert read == Row(1, NIGHT)


def test_a_secret_of_the_host_is_refused():
    """A field that the host marks as secret is neither written nor read."""

    @attrs.frozen
    class Account:
        password: str = attrs.field(default="", metadata={"secret": True})

    with pytest.raises(RefusedError, match=r"Account\.password: a secret is never written"):
        CONVERT.unstructure(Account())
    with pytest.raises(LoadError, match="a secret is never written"):
        CONVERT.structure({"schema": 1, "password": "x"}, Account)
