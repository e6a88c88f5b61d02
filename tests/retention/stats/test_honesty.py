"""Intervals hold the truth as often as they say, and tests raise no more false alarms than they say.

By default each scenario runs a hundred times with a fixed seed; `RETENTION_RUNS=10000` runs it that often.
"""

import math
import os
import random

import pytest

from billing_domain.retention import stats
from billing_domain.retention.stats import Logged, Target

RUNS = int(os.environ.get("RETENTION_RUNS", "100"))
LEVELS = (0.01, 0.05, 0.1)


def binomial(draw: random.Random, size: int, share: float) -> int:
    """Return how many of a number of units have something."""
    return sum(draw.random() < share for _ in range(size))


def shares_differ(size: int, other: int, share: float, rest: float):
    """Return a scenario of two arms with these shares, answered by Newcombe's interval."""

    def run(draw: random.Random):
        found = stats.newcombe(binomial(draw, size, share), size, binomial(draw, other, rest), other)
        return found.interval, share - rest, found.significance.p

    return run


def score_differs(size: int, other: int, share: float, rest: float):
    """Return the same, answered by the score interval."""

    def run(draw: random.Random):
        found = stats.score_difference(binomial(draw, size, share), size, binomial(draw, other, rest), other)
        return found.interval, share - rest, found.significance.p

    return run


def revenue_differs(size: int, other: int, gap: float):
    """Return a scenario of skewed revenue with unequal spread, answered by Welch."""

    def run(draw: random.Random):
        one = stats.moments(gap + draw.expovariate(1 / 20) for _ in range(size))
        found = stats.welch(one, stats.moments(10 + draw.expovariate(1 / 10) for _ in range(other)))
        return found.interval, gap, found.significance.p

    return run


def agents_differ(agents: int, calls: int, effect: float):
    """Return a scenario of customers who share an agent, answered with cluster-robust error."""

    def run(draw: random.Random):
        values, first, clusters = [], [], []
        for agent in range(agents):
            skill, offers = draw.gauss(0, 1), agent % 2 == 0
            for _ in range(calls):
                values.append(skill + (effect if offers else 0.0) + draw.gauss(0, 1))
                first.append(offers)
                clusters.append(agent)
        found = stats.clustered_difference(values, first, clusters)
        return found.interval, effect, found.significance.p

    return run


def stays(draw: random.Random, size: int, rate: float, censoring: float):
    """Return exponential stays, censored at random and at 12 months."""
    durations, events = [], []
    for _ in range(size):
        leave, lost = draw.expovariate(rate), draw.expovariate(censoring) if censoring else math.inf
        durations.append(min(leave, lost, 12.0))
        events.append(leave <= min(lost, 12.0))
    return durations, events


def curve_at(size: int, rate: float, censoring: float):
    """Return a scenario of one curve read at month 6."""

    def run(draw: random.Random):
        curve = stats.kaplan_meier(*stays(draw, size, rate, censoring))
        return stats.survival_interval(curve, 6.0), math.exp(-6.0 * rate), None

    return run


def means_differ(size: int, rate: float, other: float, censoring: float):
    """Return a scenario of two restricted means to month 10."""

    def run(draw: random.Random):
        one, two = (stats.kaplan_meier(*stays(draw, size, each, censoring)) for each in (rate, other))
        found = stats.restricted_mean_difference(one, two, 10.0)
        truth = (1 - math.exp(-10 * rate)) / rate - (1 - math.exp(-10 * other)) / other
        return found.interval, truth, found.significance.p if rate == other else None

    return run


def curves_alike(size: int, rate: float, censoring: float):
    """Return a scenario of two equal curves under the log-rank test."""

    def run(draw: random.Random):
        one, two = stays(draw, size, rate, censoring), stays(draw, size, rate, censoring / 2)
        return None, 0.0, stats.log_rank(one[0] + two[0], one[1] + two[1], [0] * size + [1] * size).significance.p

    return run


def offers_to_leavers(size: int, effect: float, method: str, target: Target):
    """Return a scenario in which those about to leave get the offer, answered with a fitted probability."""

    def run(draw: random.Random):
        calls = [draw.gauss(0, 1) for _ in range(size)]
        treated = [draw.random() < 1 / (1 + math.exp(-0.7 * value)) for value in calls]
        worth = [2 - value + effect * offered + draw.gauss(0, 1) for value, offered in zip(calls, treated, strict=True)]
        shares = stats.fit_logistic([calls], treated).probabilities([calls])
        if method == "weighted":
            found = stats.weighted_difference(worth, treated, shares, target, [calls])
        else:
            found = stats.doubly_robust(worth, treated, shares, [calls], target, stats.mean_model)
        return found.interval, effect, found.significance.p

    return run


def another_policy(size: int):
    """Return a scenario of a policy that offers to the new only, read from draws with logged probabilities."""

    def run(draw: random.Random):
        rows = []
        for _ in range(size):
            new = draw.random() < 0.5
            offered = draw.random() < 0.3
            stayed = draw.random() < 0.5 + (0.2 if new and offered else 0.0)
            rows.append(Logged(float(stayed), 0.3 if offered else 0.7, float(offered is new)))
        return stats.self_normalised_value(rows).interval, 0.5 * 0.7 + 0.5 * 0.5, None

    return run


def looks_at_nothing(size: int):
    """Return a scenario of four looks at arms that do not differ; the p-value stands for "it was stopped"."""
    plan = stats.looks([0.25, 0.5, 0.75, 1.0])

    def run(draw: random.Random):
        total, stopped = 0.0, False
        for look in range(1, 5):
            total += sum(draw.gauss(0, 1) for _ in range(size // 4))
            stopped = stopped or plan.stops(look, total / math.sqrt(size * look / 4))
        return None, 0.0, 0.05 if stopped else 1.0

    return run


SCENARIOS = {
    "shares alike, small arms": shares_differ(50, 50, 0.8, 0.8),
    "shares alike, uneven arms": shares_differ(400, 100, 0.9, 0.9),
    "shares differ": shares_differ(150, 60, 0.85, 0.7),
    "rare leaving": shares_differ(300, 300, 0.97, 0.95),
    "score interval near the edge": score_differs(40, 40, 0.95, 0.9),
    "skewed revenue": revenue_differs(120, 60, 5.0),
    "skewed revenue, alike": revenue_differs(120, 60, 0.0),
    "agents, alike": agents_differ(40, 5, 0.0),
    "agents differ": agents_differ(30, 8, 0.5),
    "curve, no censoring": curve_at(80, 0.1, 0.0),
    "curve, heavy censoring": curve_at(120, 0.1, 0.08),
    "restricted means differ": means_differ(100, 0.08, 0.12, 0.03),
    "restricted means alike": means_differ(80, 0.1, 0.1, 0.05),
    "log-rank, alike": curves_alike(60, 0.1, 0.05),
    "confounded, weighted": offers_to_leavers(300, 0.5, "weighted", Target.EVERYBODY),
    "confounded, weighted, treated": offers_to_leavers(600, 0.0, "weighted", Target.TREATED),
    "confounded, doubly robust": offers_to_leavers(300, 0.0, "robust", Target.EVERYBODY),
    "confounded, doubly robust, treated": offers_to_leavers(300, 0.5, "robust", Target.TREATED),
    "another policy": another_policy(300),
    "four looks": looks_at_nothing(40),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_intervals_and_tests_are_honest(name: str) -> None:
    """A 95 % interval holds the truth at least 94 % less three errors of the time; p-values are small no oftener than they say."""
    run, draw = SCENARIOS[name], random.Random(f"honest {name}")
    found = [run(draw) for _ in range(RUNS)]
    inside = [interval.holds(truth) for interval, truth, _ in found if interval is not None]
    if inside:
        assert sum(inside) / RUNS >= 0.94 - 3 * math.sqrt(0.94 * 0.06 / RUNS)
    for level in LEVELS:
        alarms = sum(p <= level for _, truth, p in found if p is not None and truth == 0.0)
        assert alarms / RUNS <= level + 3 * math.sqrt(level * (1 - level) / RUNS)


def test_agents_intervals_hold_on_average() -> None:
    """Over many teams of agents, 95 % intervals hold the agents' true shares at least 94 % less three errors of the time."""
    draw, inside = random.Random("agents"), []
    for _ in range(max(4, RUNS // 25)):
        truths = [draw.betavariate(30, 10) for _ in range(20)]
        team = {agent: (binomial(draw, 40, share), 40) for agent, share in enumerate(truths)}
        found = stats.shrink(team).agents
        inside += [agent.interval.holds(truth) for agent, truth in zip(found, truths, strict=True)]
    assert sum(inside) / len(inside) >= 0.94 - 3 * math.sqrt(0.94 * 0.06 / len(inside))


def test_the_naive_number_is_wrong_where_the_adjusted_one_is_right() -> None:
    """Under confounding the naive interval hardly ever holds the planted effect."""
    draw, naive = random.Random("naive"), 0
    for _ in range(50):
        calls = [draw.gauss(0, 1) for _ in range(300)]
        treated = [draw.random() < 1 / (1 + math.exp(-0.7 * value)) for value in calls]
        worth = [2 - value + 0.5 * offered + draw.gauss(0, 1) for value, offered in zip(calls, treated, strict=True)]
        arms = [stats.moments(y for y, offered in zip(worth, treated, strict=True) if offered is arm) for arm in (True, False)]
        naive += stats.welch(*arms).interval.holds(0.5)
    assert naive < 10
