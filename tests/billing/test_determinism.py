"""The same inputs give equal results in any process, hash seed, zone, locale and decimal context."""

import decimal
import os
import pickle
import subprocess
import sys
from decimal import Context, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batch import MARCH, RULES, accounts
from billing_domain.billing import bill, bill_many
from life import Life
from strategies import accounts as any_account
from strategies import grants, plan_families, rulebooks, steps

SCRIPT = """
from batch import MARCH, RULES, accounts
from billing_domain.billing import bill_many
for result in bill_many(accounts(3), through=MARCH, rules=RULES):
    for draft in result.invoices:
        print(draft.id, [line.id for line in draft.lines], draft)
"""
CONTEXTS = [
    Context(prec=5),
    Context(prec=1, rounding=decimal.ROUND_DOWN),
    Context(rounding=decimal.ROUND_CEILING, Emax=1, Emin=-1),
    Context(prec=3, traps=[decimal.Inexact, decimal.Rounded, decimal.FloatOperation, decimal.Subnormal]),
    Context(traps=[]),
]


def printed(**environment):
    """Return what another process makes of three accounts."""
    known = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **environment}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=known, cwd=Path(__file__).parent
    ).stdout


def test_other_processes_say_the_same():
    """Hash seed, time zone and locale of a process change no id and no figure."""
    here = printed(PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    assert here.count("account_id=") == 3
    assert printed(PYTHONHASHSEED="4711", TZ="Pacific/Kiritimati", LC_ALL="de_DE.UTF-8", LANG="de_DE.UTF-8") == here
    assert printed(PYTHONHASHSEED="random", TZ="America/St_Johns", LC_ALL="C.UTF-8") == here


@pytest.mark.parametrize("context", CONTEXTS, ids=str)
def test_the_decimal_context_of_the_caller_changes_nothing(context):
    """Precision, rounding, range and traps of the caller reach neither the figures nor what is shown of them, and stay as they were."""
    expected = [shown(result) for result in bill_many(accounts(2), through=MARCH, rules=RULES)]
    known = list(accounts(2))
    with localcontext(context) as mine:
        before = (mine.prec, mine.rounding, mine.Emax, mine.flags.copy())
        found = [shown(result) for result in bill_many(known, through=MARCH, rules=RULES)]
        after = (mine.prec, mine.rounding, mine.Emax, mine.flags.copy())
    assert found == expected
    assert before == after


def shown(result):
    """Return every figure of a result as text."""
    return [
        (draft.id, *map(_line, draft.lines), *map(_entry, draft.entries), str(draft.totals.payable_amount), str(draft.totals.net.amount))
        for draft in result.invoices
    ]


def _line(line):
    facts = line.facts
    return (
        line.id,
        line.working.text,
        facts.text,
        str(facts.exact),
        str(line.list_amount),
        str(line.net_amount),
        str(line.unit_price),
        str(line.quantity),
    )


def _entry(entry):
    return (str(entry.list_amount), str(entry.net_amount), str(entry.total_amount))


@given(any_account(), st.data(), rulebooks, st.lists(steps, max_size=8))
def test_pickled_snapshots_and_rules_bill_the_same(account, data, rules, played):
    """What crosses a process border is equal to what stayed, also with its hash, and bills the same."""
    plans = data.draw(plan_families(account.currency))
    life = Life(account, plans, rules, grants=[data.draw(grants(1, account.currency))])
    for step in [*played, ("run", 0), ("wait", 31)]:
        life.do(step)
    known = pickle.loads(pickle.dumps((life.snapshot, rules)))
    assert known == (life.snapshot, rules)
    result = bill(life.snapshot, through=life.clock, rules=rules)
    again = bill(known[0], through=life.clock, rules=known[1])
    assert again == result
    assert pickle.loads(pickle.dumps(result)) == result
    with localcontext(prec=4, rounding=decimal.ROUND_UP):
        assert bill(life.snapshot, through=life.clock, rules=rules) == result
    assert Decimal("0.1") + Decimal("0.2") == Decimal("0.3")
