"""Statistics in plain Python: survival, shares, means, weights, policies, tables; no dependency, every method named."""

from billing_domain.retention.stats.balance import UNBALANCED, Balance, balance, effective_size
from billing_domain.retention.stats.clusters import clustered_difference
from billing_domain.retention.stats.counting import Tallies, Tally, tally
from billing_domain.retention.stats.doubly_robust import doubly_robust, mean_model, share_model
from billing_domain.retention.stats.incidence import Incidence, cumulative_incidence, incidence_interval
from billing_domain.retention.stats.least_squares import Line, fit_line
from billing_domain.retention.stats.log_rank import LogRank, log_rank
from billing_domain.retention.stats.logistic import Logistic, fit_logistic, standard_errors
from billing_domain.retention.stats.means import Moments, moments, welch
from billing_domain.retention.stats.median import LeavingTime, leaving_time
from billing_domain.retention.stats.model import Difference, Interval, Significance
from billing_domain.retention.stats.multiplicity import Adjusted, Purpose, adjust
from billing_domain.retention.stats.policy_value import (
    Logged,
    PolicyValue,
    doubly_robust_value,
    inverse_propensity_value,
    self_normalised_value,
)
from billing_domain.retention.stats.power import cohen_h, detectable, power_of, sample_size, sample_size_h
from billing_domain.retention.stats.propensity import EDGE, Overlap, Target, inverse_weights, overlap, trimmed
from billing_domain.retention.stats.proportions import newcombe, pooled_z, risk_ratio, wilson
from billing_domain.retention.stats.restricted_mean import RestrictedMean, restricted_mean, restricted_mean_difference
from billing_domain.retention.stats.sample_ratio import MISMATCH, sample_ratio
from billing_domain.retention.stats.score import score_difference, score_ratio
from billing_domain.retention.stats.sequential import Looks, looks, spent_by
from billing_domain.retention.stats.shrinkage import Agents, Shrunk, shrink
from billing_domain.retention.stats.survival import SurvivalCurve, Transform, kaplan_meier, survival_interval
from billing_domain.retention.stats.tables import Pooled, Table, fisher, mantel_haenszel
from billing_domain.retention.stats.weighting import weighted_difference

__all__ = [
    "EDGE",
    "MISMATCH",
    "UNBALANCED",
    "Adjusted",
    "Agents",
    "Balance",
    "Difference",
    "Incidence",
    "Interval",
    "LeavingTime",
    "Line",
    "LogRank",
    "Logged",
    "Logistic",
    "Looks",
    "Moments",
    "Overlap",
    "PolicyValue",
    "Pooled",
    "Purpose",
    "RestrictedMean",
    "Shrunk",
    "Significance",
    "SurvivalCurve",
    "Table",
    "Tallies",
    "Tally",
    "Target",
    "Transform",
    "adjust",
    "balance",
    "clustered_difference",
    "cohen_h",
    "cumulative_incidence",
    "detectable",
    "doubly_robust",
    "doubly_robust_value",
    "effective_size",
    "fisher",
    "fit_line",
    "fit_logistic",
    "incidence_interval",
    "inverse_propensity_value",
    "inverse_weights",
    "kaplan_meier",
    "leaving_time",
    "log_rank",
    "looks",
    "mantel_haenszel",
    "mean_model",
    "moments",
    "newcombe",
    "overlap",
    "pooled_z",
    "power_of",
    "restricted_mean",
    "restricted_mean_difference",
    "risk_ratio",
    "sample_ratio",
    "sample_size",
    "sample_size_h",
    "score_difference",
    "score_ratio",
    "self_normalised_value",
    "share_model",
    "shrink",
    "spent_by",
    "standard_errors",
    "survival_interval",
    "tally",
    "trimmed",
    "weighted_difference",
    "welch",
    "wilson",
]
