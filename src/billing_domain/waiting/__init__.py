"""Nobody waits for hours: how many agents it takes, and whose turn it is."""

from billing_domain.waiting.call_back import Pace
from billing_domain.waiting.erlang import erlang_b, erlang_c
from billing_domain.waiting.metrics import Contact, Ending, Level, Metrics, measure
from billing_domain.waiting.model import CallBack, Demand, LevelDefinition, Overloaded, Waiting
from billing_domain.waiting.outlook import Outlook, predict
from billing_domain.waiting.policy import QueuePolicy
from billing_domain.waiting.protocols import Target
from billing_domain.waiting.queue import CallQueue, Idle, Left, OfferCallBack, Serve
from billing_domain.waiting.staffing import Shift, required_agents, staff
from billing_domain.waiting.standards import ES_LEY_10_2025, INDUSTRY_80_20, STANDARDS, US_CABLE_76_309, WaitingStandard
from billing_domain.waiting.targets import Abandonment, AverageWait, Every, Occupancy, ServiceLevel

__all__ = [
    "ES_LEY_10_2025",
    "INDUSTRY_80_20",
    "STANDARDS",
    "US_CABLE_76_309",
    "Abandonment",
    "AverageWait",
    "CallBack",
    "CallQueue",
    "Contact",
    "Demand",
    "Ending",
    "Every",
    "Idle",
    "Left",
    "Level",
    "LevelDefinition",
    "Metrics",
    "Occupancy",
    "OfferCallBack",
    "Outlook",
    "Overloaded",
    "Pace",
    "QueuePolicy",
    "Serve",
    "ServiceLevel",
    "Shift",
    "Target",
    "Waiting",
    "WaitingStandard",
    "erlang_b",
    "erlang_c",
    "measure",
    "predict",
    "required_agents",
    "staff",
]
