"""How the types of retention read to a checker: what users write, and what they must be told."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_type

from billing_domain import Account, AccountSnapshot, compare_practices
from billing_domain.discounts import DiscountPolicy
from billing_domain.retention import (
    Arm,
    CannotEvaluate,
    Evaluated,
    Experiment,
    OfferRecord,
    Response,
    Standing,
    Study,
    Unanswered,
    observe,
    replay,
)
from billing_domain.retention.stats import Interval

trial = Experiment(code="loyalty-2026", seed="7f3a", arms=[Arm("offer", share="0.8"), Arm("hold-out", share="0.2")])


def kept(ona: Account, loyalty: DiscountPolicy, now: datetime, history: Sequence[tuple[OfferRecord, AccountSnapshot]], today: date) -> None:
    """A draw, a record, a study and a replay, as in the tutorial."""
    record = OfferRecord(assignment=trial.assign(ona), policy=loyalty, response=Response.ACCEPTED, at=now)
    assert_type(record.exposure.practice, str)
    outcomes = (observe(known, snapshot, through=today) for known, snapshot in history)
    study = compare_practices(outcomes, arm="offer", against="hold-out", horizon=timedelta(days=180))
    assert_type(study, Study)
    assert_type(study.estimate.difference, float)
    assert_type(study.estimate.interval, Interval)
    assert_type(study.estimate.standing, Standing)
    assert_type(study.text(locale="lt_LT"), str)
    match replay(loyalty, history, through=today, horizon=timedelta(days=180)):
        case Evaluated(value=value, cost=cost):
            assert_type(value.interval, Interval)
            assert_type(cost.changed, int)
        case CannotEvaluate(reason=reason, cost=cost):
            assert_type(reason, Unanswered)
