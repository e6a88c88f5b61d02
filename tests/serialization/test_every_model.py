"""Every public model goes to plain data and back; a model that does not is found here."""

import json
from datetime import date

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stored_shapes import CATALOG, Shelf, has_secrets, public_models, public_name, stored_classes, strategy

from billing_domain.care import FactorKind, Scrypt, enrol
from billing_domain.errors import LoadError, RefusedError
from billing_domain.serialization import rows
from billing_domain.serialization.entries import entries_of, is_protocol
from billing_domain.serialization.plugins import can_be_plugin, fits, public_classes, shipped, tag_of
from billing_domain.serialization.schema import KEY

CONVERT = rows(catalog=CATALOG, codes=Shelf())
FEW = settings(
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
    max_examples=max(4, settings.default.max_examples // 6),
)


@pytest.mark.parametrize("kind", stored_classes(), ids=public_name)
@given(data=st.data())
@FEW
def test_every_model_goes_to_plain_data_and_back(kind, data):
    """What JSON text brings back is equal to what was stored, and is written to the same text."""
    value = data.draw(strategy(kind))
    written = json.dumps(CONVERT.unstructure(value), allow_nan=False)
    read = CONVERT.structure(json.loads(written), kind)
    assert read == value
    assert type(read) is type(value)
    assert json.dumps(CONVERT.unstructure(read)) == written


@pytest.mark.parametrize("kind", [kind for kind in public_models() if has_secrets(kind)], ids=public_name)
def test_models_with_secrets_are_never_written(kind):
    """A model with a field that is marked as secret, or one that must hold such a model, is neither written nor read."""
    with pytest.raises(LoadError, match="a secret is never written"):
        CONVERT.structure({"schema": 1, **dict.fromkeys(field.alias for field in attrs.fields(kind))}, kind)


def test_a_secret_is_not_written():
    """Writing a model with a secret is refused, and the message does not show it."""
    enrolled = enrol("4711", account_id="A-1", factor=FactorKind.PIN, salt=bytes(16), since=date(2026, 3, 1), verifier=Scrypt(cost=2))
    with pytest.raises(RefusedError, match=r"Enrolment\.salt: a secret is never written"):
        CONVERT.unstructure(enrolled)


@pytest.mark.parametrize("kind", stored_classes(), ids=public_name)
def test_no_field_hides_the_number_of_the_schema(kind):
    """No model has a field that is called as the number of the schema is."""
    assert KEY not in [entry.key for entry in entries_of(kind)]


@pytest.mark.parametrize("protocol", [kind for kind in public_classes() if is_protocol(kind)], ids=public_name)
def test_a_code_names_one_class(protocol):
    """Public classes that fit one protocol have different codes."""
    found = [tag_of(kind) for kind in public_classes() if can_be_plugin(kind) and fits(kind, protocol)]
    assert sorted(found) == sorted(set(found))
    assert set(found) == shipped(protocol).keys()
