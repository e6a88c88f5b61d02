"""Which discounts and practices keep customers, with statistics that a statistician would sign."""

from billing_domain.retention.calls import dispute_outcome, exposure_of_call, what_was_given
from billing_domain.retention.compare import compare_practices
from billing_domain.retention.experiment import Arm, Assignment, Experiment
from billing_domain.retention.model import Decider, Exposure, Flow, Leaving, Outcome, Response
from billing_domain.retention.observing import observe
from billing_domain.retention.offers import OfferRecord, PolicyVersion
from billing_domain.retention.practices import Disparity, Goodwill, Screened, compare_agents, disparity, screen_practices
from billing_domain.retention.propensity import LogisticPropensity
from billing_domain.retention.protocols import Identified, PolicyReference, PropensityModel, ReplayedPolicy, Units
from billing_domain.retention.replaying import CannotEvaluate, Evaluated, ReplayCost, Unanswered, replay
from billing_domain.retention.results import Adjustment, ArmResult, Estimate, Findings, PlannedLook, SegmentResult, Standing, Worth
from billing_domain.retention.rows import as_rows, first_eligible, landmark, tally_outcomes
from billing_domain.retention.stats import Looks, Purpose, Tallies, Target
from billing_domain.retention.study import Study

__all__ = [
    "Adjustment",
    "Arm",
    "ArmResult",
    "Assignment",
    "CannotEvaluate",
    "Decider",
    "Disparity",
    "Estimate",
    "Evaluated",
    "Experiment",
    "Exposure",
    "Findings",
    "Flow",
    "Goodwill",
    "Identified",
    "Leaving",
    "LogisticPropensity",
    "Looks",
    "OfferRecord",
    "Outcome",
    "PlannedLook",
    "PolicyReference",
    "PolicyVersion",
    "PropensityModel",
    "Purpose",
    "ReplayCost",
    "ReplayedPolicy",
    "Response",
    "Screened",
    "SegmentResult",
    "Standing",
    "Study",
    "Tallies",
    "Target",
    "Unanswered",
    "Units",
    "Worth",
    "as_rows",
    "compare_agents",
    "compare_practices",
    "disparity",
    "dispute_outcome",
    "exposure_of_call",
    "first_eligible",
    "landmark",
    "observe",
    "replay",
    "screen_practices",
    "tally_outcomes",
    "what_was_given",
]
