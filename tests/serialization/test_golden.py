"""What a release wrote is read to equal values, and written to the same text."""

import json

import pytest
from golden import BY_HAND, DRAWN, FOLDER, VERSION, model
from golden_values import VALUES
from stored_shapes import public_name, stored_classes

MEND = "what was written is not read any more; before the release of a version run tests/serialization/golden.py, after it mend the library"
FILES = sorted(FOLDER.glob("*/*.json"))


def entries(path):
    """Return the documents of a file."""
    return json.loads(path.read_text("utf-8"))


def identified(path):
    """Return version and name of a file."""
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", FILES, ids=identified)
def test_what_was_written_is_written_again(path):
    """Every document of every release is read, and written to the same text."""
    convert = DRAWN if path.stem == "every-model" else BY_HAND
    for entry in entries(path):
        read = convert.structure(entry["data"], model(entry["model"]))
        assert json.dumps(convert.unstructure(read)) == json.dumps(entry["data"]), f"{entry['model']}: {MEND}"


@pytest.mark.parametrize("package", VALUES)
def test_what_was_written_is_read_to_equal_values(package):
    """The documents made by hand are read to exactly the values that they were made of."""
    stored = entries(FOLDER / VERSION / f"{package}.json")
    assert [entry["model"] for entry in stored] == [public_name(type(value)) for value in VALUES[package]], MEND
    for entry, value in zip(stored, VALUES[package], strict=True):
        assert BY_HAND.structure(entry["data"], type(value)) == value, MEND


@pytest.mark.skipif(VERSION.startswith("0."), reason="before 1.0 the files are completed when a version is released")
def test_every_model_has_a_golden_document():
    """The files of this version hold a document of every public model."""
    known = {entry["model"] for entry in entries(FOLDER / VERSION / "every-model.json")}
    assert {public_name(kind) for kind in stored_classes()} - known == set(), "run tests/serialization/golden.py"
