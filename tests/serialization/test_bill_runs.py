"""A bill run on what was stored equals the run on what was in memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

from golden import BY_HAND, text
from golden_values import VALUES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_domain.billing import AccountSnapshot, Billed, BillingResult, bill
from billing_domain.catalog import Catalog
from billing_domain.serialization import rows
from life import Life
from strategies import accounts, grants, plan_families, rulebooks, steps

HERE = Path(__file__).parent


@st.composite
def lives(draw):
    """Return an account with two subscriptions and what happened to it."""
    account = draw(accounts())
    plans = draw(plan_families(account.currency))
    given_ = [draw(grants(1, account.currency))] if draw(st.booleans()) else []
    life = Life(account, plans, draw(rulebooks), offset=draw(st.integers(0, 40)), grants=given_)
    for step in draw(st.lists(steps, max_size=8)):
        life.do(step)
    life.wait(31)
    return life


@given(lives())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=max(5, settings.default.max_examples // 3))
def test_a_run_on_a_stored_snapshot_equals_the_run_on_the_snapshot(life):
    """Snapshot, rulebook and result survive JSON text, and the run on what was read gives the same drafts with the same ids."""
    convert = rows(catalog=Catalog(life.plans))
    snapshot = convert.structure(json.loads(json.dumps(convert.unstructure(life.snapshot))), AccountSnapshot)
    rules = convert.structure(json.loads(json.dumps(convert.unstructure(life.rules))), type(life.rules))
    assert (snapshot, rules) == (life.snapshot, life.rules)
    before, after = bill(life.snapshot, through=life.clock, rules=life.rules), bill(snapshot, through=life.clock, rules=rules)
    assert after == before
    assert [draft.id for draft in (*after.invoices, *after.credit_notes)] == [
        draft.id for draft in (*before.invoices, *before.credit_notes)
    ]
    stored = convert.unstructure(before, BillingResult)
    assert (stored["kind"] == "billed") is isinstance(before, Billed)
    assert convert.structure(json.loads(json.dumps(stored)), BillingResult) == before


def written():
    """Return the text of all values made by hand."""
    return text([BY_HAND.unstructure(value) for values in VALUES.values() for value in values])


def test_the_text_is_the_same_under_other_hash_seeds():
    """Another process with other hashes writes the same text."""
    paths = os.pathsep.join([str(HERE), str(HERE.parent), *sys.path])
    script = "import sys; from test_bill_runs import written; sys.stdout.buffer.write(written().encode())"
    for seed in ("1", "77"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment)
        assert answer.stdout.decode() == written()
