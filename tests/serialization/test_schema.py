"""What an older schema wrote is read by a newer one."""

import json
from datetime import date
from decimal import Decimal

import pytest
from stored_shapes import CATALOG, LIFE

from billing_domain.billing import AccountSnapshot
from billing_domain.errors import InvalidValueError, LoadError
from billing_domain.serialization import rows
from billing_domain.serialization.converter import converter_for
from billing_domain.serialization.schema import CURRENT, Schema, Upgrade
from billing_domain.tax import TaxClass, TaxRate, TaxTable, TaxTreatment

TABLE = TaxTable("LT", [(TaxClass.STANDARD, TaxRate("21", date(2009, 9, 1)))])


def percent_was_rate(data):
    """Read a rate that was written as a share of one."""
    kept = {key: value for key, value in data.items() if key != "share"}
    return kept | {"percent": str(Decimal(data["share"]) * 100)}


def share_was_rate(data):
    """Read a rate that was called so at first."""
    return {"share" if key == "rate" else key: value for key, value in data.items()}


THIRD = Schema(3, [Upgrade(3, TaxRate, percent_was_rate), Upgrade(2, TaxRate, share_was_rate)])
CONVERT = converter_for(CATALOG, None, THIRD)


def old(number, key, value):
    """Return the table as an invented older schema wrote it."""
    return {"schema": number, "country": "LT", "rates": [[{"code": "standard"}, {key: value, "start": "2009-09-01"}]]}


@pytest.mark.parametrize("data", [old(1, "rate", "0.21"), old(2, "share", "0.21"), old(3, "percent", "21.00")])
def test_each_older_schema_is_read(data):
    """Upgrades are applied in order, to the model wherever it stands, from the schema that the document names."""
    assert CONVERT.structure(data, TaxTable) == TABLE
    assert CONVERT.unstructure(CONVERT.structure(data, TaxTable))["schema"] == 3


@pytest.mark.parametrize("data", [old(3, "rate", "0.21"), old(3, "share", "0.21"), old(2, "rate", "0.21"), old(4, "percent", "21")])
def test_a_document_is_read_by_its_own_schema_alone(data):
    """What another schema wrote is not guessed from its keys."""
    with pytest.raises(LoadError):
        CONVERT.structure(data, TaxTable)


def test_upgrades_do_not_change_the_stored_document():
    """What was handed in stays as it was."""
    data = old(1, "rate", "0.21")
    before = json.dumps(data)
    CONVERT.structure(data, TaxTable)
    assert json.dumps(data) == before


def test_other_models_are_read_as_they_are():
    """An upgrade of one model leaves all others alone."""
    data = {"schema": 1, "category": "S", "rate": "21"}
    assert CONVERT.structure(data, TaxTreatment).rate == 21


def test_a_copy_of_the_converter_keeps_the_schema():
    """A copy reads and writes the same schema."""
    copied = CONVERT.copy()
    assert copied.structure(old(1, "rate", "0.21"), TaxTable) == TABLE
    assert copied.unstructure(TABLE)["schema"] == 3


def test_the_schema_that_this_version_writes():
    """Stored documents have the number of the schema at their top, models inside them have none."""
    data = rows(catalog=CATALOG).unstructure(LIFE)
    assert (next(iter(data)), data["schema"], CURRENT.number) == ("schema", 1, 1)
    assert "schema" not in json.dumps(data["invoices"])


def test_what_does_not_stand_on_its_own_has_no_number():
    """A single value, or a list, is written without the number of a schema."""
    convert = rows(catalog=CATALOG)
    assert convert.unstructure(date(2026, 3, 1)) == "2026-03-01"
    listed = convert.unstructure(LIFE.invoices, tuple[type(LIFE.invoices[0]), ...])
    assert "schema" not in listed[0]
    assert convert.structure(listed, tuple[type(LIFE.invoices[0]), ...]) == LIFE.invoices


def test_an_upgrade_leads_to_a_schema_that_is_known():
    """An upgrade to a schema that is not written yet is refused."""
    with pytest.raises(InvalidValueError, match="an upgrade leads to a schema from 2 on"):
        Schema(2, [Upgrade(3, TaxRate, dict)])
    with pytest.raises(InvalidValueError, match="an upgrade leads to a schema from 2 on"):
        Schema(2, [Upgrade(1, TaxRate, dict)])


def test_the_snapshot_of_a_whole_life_is_read():
    """A snapshot with documents, corrections and credits comes back equal."""
    convert = rows(catalog=CATALOG)
    assert convert.structure(json.loads(json.dumps(convert.unstructure(LIFE))), AccountSnapshot) == LIFE
