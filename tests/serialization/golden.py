# ruff: noqa: E402  its neighbours are found first
"""The golden files: what a release wrote. Run this file to write those of the version at hand.

A file of a released version is never written again: what it holds must be read for ever.
"""

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from golden_values import CATALOG, VALUES
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from stored_shapes import CATALOG as DRAWN_CATALOG
from stored_shapes import Shelf, public_name, stored_classes, strategy

from billing_domain.serialization import rows

FOLDER = Path(__file__).parent.parent / "data" / "golden"
VERSION = ".".join(version("billing_domain").split(".")[:2])
LONGEST = 3_000
BY_HAND = rows(catalog=CATALOG)
DRAWN = rows(catalog=DRAWN_CATALOG, codes=Shelf())


def text(data):
    """Return plain data as the files hold it."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def model(name):
    """Return the class of a stored document."""
    module, _, qualified = name.rpartition(".")
    return getattr(importlib.import_module(f"billing_domain.{module}"), qualified)


def by_hand():
    """Return the documents of the values made by hand, by package."""
    return {
        package: [{"model": public_name(type(value)), "data": BY_HAND.unstructure(value)} for value in values]
        for package, values in VALUES.items()
    }


def drawn(kind):
    """Return the longest document of a class among a few, always the same ones."""
    found = []

    @settings(
        max_examples=12, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(strategy(kind))
    def collect(value):
        found.append(DRAWN.unstructure(value))

    try:
        collect()
    except Unsatisfiable:
        return None  # the test of every model tells it
    short = [data for data in found if len(json.dumps(data)) <= LONGEST]
    return max(short or found, key=lambda data: len(json.dumps(data)))


def still_right(entry):
    """Tell whether a document is read, and written as it was."""
    try:
        return DRAWN.unstructure(DRAWN.structure(entry["data"], model(entry["model"]))) == entry["data"]
    except Exception:  # noqa: BLE001  whatever it is, the document is written anew
        return False


def write():
    """Write the files of this version; drawn documents that are still right stay as they are."""
    folder = FOLDER / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    for package, entries in by_hand().items():
        (folder / f"{package}.json").write_text(text(entries) + "\n", "utf-8")
    path = folder / "every-model.json"
    before = {entry["model"]: entry for entry in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    entries = []
    for kind in sorted(stored_classes(), key=public_name):
        kept = before.get(public_name(kind))
        entry = kept if kept and still_right(kept) else {"model": public_name(kind), "data": drawn(kind)}
        if entry["data"] is not None:
            entries.append(entry)
    path.write_text("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n", "utf-8")


if __name__ == "__main__":
    write()
