"""Other systems' worked figures, on the public API."""

from collections import Counter

import pytest

from agreement.report import PAGE, SYSTEMS, page, verdicts
from agreement.world import cases, judge


@pytest.mark.parametrize(
    ("system", "case"),
    [(system, case) for system in SYSTEMS for case in cases(system)],
    ids=lambda value: value if isinstance(value, str) else value["id"],
)
def test_case_agrees_or_is_refused_with_a_reason(system, case):
    """A case agrees to the last digit, is refused with a reason, or is about another part of the library."""
    verdict = judge(system, case, SYSTEMS[system][1])
    assert verdict.state in {"agrees", "refused", "elsewhere"}, verdict.text
    assert verdict.state == "agrees" or verdict.text


def test_at_most_a_twentieth_is_refused():
    """Refusing is the exception: at most five in a hundred of the cases that are about billing."""
    states = Counter(verdict.state for verdict in verdicts())
    assert states["refused"] * 20 <= states["agrees"] + states["refused"]


def test_the_page_says_what_a_run_says():
    """The page of the documentation is that of a fresh run: `python tests/agreement/report.py` writes it."""
    assert PAGE.read_text("utf-8") == page(verdicts())
