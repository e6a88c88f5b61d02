"""Many practices, agents, and who is granted goodwill."""

import pytest

from billing_domain.errors import BillingError, RefusedError
from billing_domain.retention import Goodwill, Purpose, compare_agents, disparity, screen_practices
from retention_helpers import HORIZON, exposure, outcome


def test_screening_tells_how_many_were_looked_at() -> None:
    """Three practices against one: every study says three, and the p-values are adjusted for three."""
    rows = [outcome(exposure(n, "abcd"[n % 4]), kept=n % 10 < 6 + n % 4) for n in range(800)]
    for purpose in Purpose:
        found = screen_practices(rows, arms=["a", "b", "c"], against="d", horizon=HORIZON, purpose=purpose)
        assert [study.looked_at for study in found.studies] == [3, 3, 3]
        assert all(study.warned("several-looked-at") for study in found.studies)
        assert all(p >= study.estimate.significance.p for p, study in zip(found.adjusted_p, found.studies, strict=True))
    with pytest.raises(BillingError, match="at least one practice"):
        screen_practices(rows, arms=[], against="d", horizon=HORIZON)


def test_agents_are_compared_with_shrinkage() -> None:
    """The agent who keeps most stands out; rows without an agent are passed over."""
    shares = {"E-1": 9, "E-2": 6, "E-3": 6, "E-4": 6}
    rows = [outcome(exposure(f"{agent}-{n}", agent=agent), kept=n % 10 < share) for agent, share in shares.items() for n in range(200)]
    found = compare_agents([*rows, outcome(exposure("x"))], horizon=HORIZON)
    assert found.agents[0].differs
    assert [agent.size for agent in found.agents] == [200] * 4
    with pytest.raises(RefusedError, match="not followed"):
        compare_agents([outcome(exposure(1, agent="E-1"), days=5)], horizon=HORIZON)


def test_goodwill_is_compared_over_and_within_strata() -> None:
    """Within strata of different generosity two groups are treated alike, although over all they are not."""
    rows = []
    for stratum, share, sizes in (("small", 80, (100, 25)), ("large", 20, (25, 100))):
        for group, size in zip(("town", "country"), sizes, strict=True):
            rows += [Goodwill(group, n * 100 < share * size, stratum) for n in range(size)]
    found = disparity(rows, "town", "country")
    assert found.exact.p < 0.001
    assert found.stratified.significance.p > 0.9
    assert found.stratified.odds_ratio == pytest.approx(1.0)
    assert found.shares == (0.68, 0.32)
    assert disparity([row for row in rows if row.stratum == "small"], "town", "country").stratified is None


def test_small_groups_are_not_shown() -> None:
    """A group below the smallest cell is refused, so that nobody can be picked out."""
    rows = [Goodwill("town", n % 2 == 0) for n in range(50)] + [Goodwill("country", n % 2 == 0) for n in range(5)]
    with pytest.raises(RefusedError, match="fewer than 20"):
        disparity(rows, "town", "country")
    assert disparity(rows, "town", "country", least=5).shares == (0.5, 0.6)


def test_shares_alike_have_no_disparity() -> None:
    """Equal shares have an exact p-value of one."""
    rows = [Goodwill(group, n % 2 == 0) for group in ("a", "b") for n in range(40)]
    assert disparity(rows, "a", "b").exact.p == pytest.approx(1.0)
