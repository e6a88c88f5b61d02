"""What a practice was worth in money, those who would have stayed anyway among its cost."""

from collections.abc import Sequence
from datetime import timedelta

from billing_domain.errors import RefusedError
from billing_domain.money.amounts import add_up
from billing_domain.retention import stats
from billing_domain.retention.columns import Columns
from billing_domain.retention.estimating import Chances, Method, is_drawn, robust, weighted
from billing_domain.retention.results import Estimate, Worth


def worth_of(units: Columns, horizon: timedelta, estimate: Estimate, chances: Chances | None, method: Method) -> Worth | None:
    """Return what the practice was worth; none where nothing was billed, no revenue differs, or some of it is not known yet.

    Revenue is compared in the same way as the customers who stayed.
    """
    if not units.complete or not any(row.flows for row in units.rows):
        return None
    revenue = [float(row.revenue(horizon)) for row in units.rows]
    try:
        difference = _revenue(units, revenue, chances, method)
    except RefusedError:
        return None
    offered = units.of_arm(first=True).rows
    cost = float(add_up(row.cost(horizon) for row in offered)) / len(offered)
    per_retained = cost / estimate.difference if estimate.interval.low > 0.0 else None
    return Worth(units.rows[0].currency, difference, cost, per_retained)


def _revenue(units: Columns, revenue: Sequence[float], chances: Chances | None, method: Method) -> stats.Difference:
    """Return the difference in revenue, by the method of the estimate."""
    if chances is not None and is_drawn(units):
        return weighted(units, revenue, chances, method)
    if chances is not None:
        return robust(units, revenue, chances, method, stats.mean_model)
    if units.clusters is not None:
        return stats.clustered_difference(revenue, units.first, units.clusters, method.confidence)
    one = stats.moments(value for value, first in zip(revenue, units.first, strict=True) if first)
    other = stats.moments(value for value, first in zip(revenue, units.first, strict=True) if not first)
    return stats.welch(one, other, method.confidence)
