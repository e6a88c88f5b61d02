"""What another policy would have been worth, from decisions whose probability was logged."""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import NamedTuple

import attrs

from billing_domain.errors import InvalidValueError, RefusedError
from billing_domain.retention.stats.balance import effective_size
from billing_domain.retention.stats.checks import finite
from billing_domain.retention.stats.distributions import two_sided_z
from billing_domain.retention.stats.model import Interval


class Logged(NamedTuple):
    """One past decision, and what the other policy would have done in its place.

    `probability` is the one with which the logged action was chosen; `target` the one with which the other policy chooses it.
    `expected` is what a model expects of the logged action, `expected_target` of the other policy's choice; none without a model.
    """

    reward: float
    probability: float | None
    target: float
    expected: float = 0.0
    expected_target: float = 0.0


@attrs.frozen
class PolicyValue:
    """The mean reward under the other policy.

    Args:
        value: The estimate.
        standard_error: Its standard error.
        interval: The confidence interval.
        logged: The mean reward under the policy that was followed.
        effective_size: How many decisions the weights are worth.
        largest_weight: The largest weight.
        size: How many decisions were read.
        method: The name of the method.
    """

    value: float
    standard_error: float
    interval: Interval
    logged: float
    effective_size: float
    largest_weight: float
    size: int
    method: str


def _weights(decisions: Sequence[Logged]) -> list[float]:
    """Return how much more often the other policy does what was done."""
    if len(decisions) < 2:
        raise RefusedError(len(decisions), "the value of a policy needs at least two decisions", "give more of the history")
    finite([decision.reward for decision in decisions], "a reward")
    weights = [_weight(decision) for decision in decisions]
    if not fsum(weights) > 0.0:
        raise RefusedError(
            0.0, "the other policy never does what was done, so the history does not support it", "try it on a share of the customers"
        )
    return weights


def _weight(decision: Logged) -> float:
    if decision.probability is None:
        raise RefusedError(decision, "cannot be evaluated: no probability was logged", "log the probability of each decision")
    if not 0.0 < decision.probability <= 1.0:
        raise InvalidValueError(
            decision.probability, "what was done had a probability above 0, at most 1", "log the probability of the action taken"
        )
    if not 0.0 <= decision.target <= 1.0:
        raise InvalidValueError(
            decision.target, "the other policy acts with a probability between 0 and 1", "give the probability of the logged action"
        )
    return decision.target / decision.probability


def inverse_propensity_value(decisions: Sequence[Logged], confidence: float = 0.95) -> PolicyValue:
    """Return the inverse propensity score estimate (Horvitz and Thompson 1952).

    Raises:
        InvalidValueError: A probability is impossible.
        RefusedError: No probability was logged, or the other policy never does what was done.

    Example:
        >>> from billing_domain.retention.stats.policy_value import Logged, inverse_propensity_value
        >>> log = [Logged(1.0, 0.5, 1.0), Logged(0.0, 0.5, 1.0), Logged(1.0, 0.5, 0.0), Logged(1.0, 0.5, 1.0)]
        >>> inverse_propensity_value(log).value
        1.0
    """
    weights = _weights(decisions)
    values = [weight * decision.reward for weight, decision in zip(weights, decisions, strict=True)]
    mean = fsum(values) / len(values)
    return _value(mean, [value - mean for value in values], weights, decisions, confidence, "inverse propensity")


def self_normalised_value(decisions: Sequence[Logged], confidence: float = 0.95) -> PolicyValue:
    """Return the self-normalised estimate (Swaminathan and Joachims 2015): steadier, and never outside the rewards.

    Raises:
        InvalidValueError: A probability is impossible.
        RefusedError: No probability was logged, or the other policy never does what was done.

    Example:
        >>> from billing_domain.retention.stats.policy_value import Logged, self_normalised_value
        >>> log = [Logged(1.0, 0.5, 1.0), Logged(0.0, 0.5, 1.0), Logged(1.0, 0.5, 0.0), Logged(1.0, 0.5, 1.0)]
        >>> round(self_normalised_value(log).value, 4)
        0.6667
    """
    weights = _weights(decisions)
    total = fsum(weights)
    mean = fsum(weight * decision.reward for weight, decision in zip(weights, decisions, strict=True)) / total
    scale = len(decisions) / total
    parts = [scale * weight * (decision.reward - mean) for weight, decision in zip(weights, decisions, strict=True)]
    return _value(mean, parts, weights, decisions, confidence, "self-normalised")


def doubly_robust_value(decisions: Sequence[Logged], confidence: float = 0.95) -> PolicyValue:
    """Return the doubly robust estimate (Dudik, Langford and Li 2011), with the expectations that the decisions carry.

    Raises:
        InvalidValueError: A probability is impossible.
        RefusedError: No probability was logged, or the other policy never does what was done.

    Example:
        >>> from billing_domain.retention.stats.policy_value import Logged, doubly_robust_value
        >>> log = [Logged(1.0, 0.5, 1.0, 0.75, 0.75), Logged(0.0, 0.5, 1.0, 0.75, 0.75), Logged(1.0, 0.5, 0.0, 0.5, 0.75)]
        >>> round(doubly_robust_value(log).value, 4)
        0.4167
    """
    weights = _weights(decisions)
    values = [
        decision.expected_target + weight * (decision.reward - decision.expected)
        for weight, decision in zip(weights, decisions, strict=True)
    ]
    mean = fsum(values) / len(values)
    return _value(mean, [value - mean for value in values], weights, decisions, confidence, "doubly robust")


def _value(
    mean: float, parts: Sequence[float], weights: Sequence[float], decisions: Sequence[Logged], confidence: float, method: str
) -> PolicyValue:
    size = len(decisions)
    error = sqrt(fsum(part * part for part in parts) / (size - 1) / size)
    reach = two_sided_z(confidence) * error
    logged = fsum(decision.reward for decision in decisions) / size
    interval = Interval(mean - reach, mean + reach)
    return PolicyValue(mean, error, interval, logged, effective_size(weights), max(weights), size, method)
