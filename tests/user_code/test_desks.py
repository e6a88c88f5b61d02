"""The code of planners, as users write it: enough agents, a fair queue, and an honest answer to what keeps customers."""

from datetime import datetime, timedelta
from typing import assert_never

from billing_domain import compare_practices
from billing_domain.retention import (
    Arm,
    CannotEvaluate,
    Evaluated,
    Experiment,
    OfferRecord,
    Response,
    Standing,
    observe,
    replay,
)
from billing_domain.waiting import CallQueue, Demand, Idle, OfferCallBack, QueuePolicy, Serve, ServiceLevel, Waiting, staff
from user_code.acme import RIGA, thanks
from user_code.host import later, many, maris, now

NINE = datetime(2026, 4, 20, 9, tzinfo=RIGA)


def test_a_shift_for_each_half_hour() -> None:
    """Ten calls of three minutes in half an hour need one agent at work all the time, and more so that few wait."""
    day = [Demand(NINE + timedelta(minutes=30 * number), calls=10, handling_time=timedelta(minutes=3)) for number in range(3)]
    shifts = staff(day, target=ServiceLevel(percent=80, within=timedelta(seconds=20)), shrinkage="0.30")
    assert [shift.start for shift in shifts] == [demand.start for demand in day]
    assert all(1 < shift.agents <= shift.rostered for shift in shifts)
    assert all(shift.average_wait is not None for shift in shifts)


def test_the_queue_gives_the_call_and_itself() -> None:
    """Who is more urgent comes first; who has waited long is offered a call back; nothing is forgotten."""
    queue = CallQueue(QueuePolicy(ageing=timedelta(minutes=2), call_back_after=timedelta(minutes=5)))
    queue = queue.join(Waiting(id="C-1", priority=2, arrived=now)).join(Waiting(id="C-2", priority=1, arrived=now))
    told: list[str] = []
    for _ in range(3):
        match queue.next(skills={"billing"}, at=now + timedelta(seconds=30)):
            case Serve(call=call, queue=queue):
                told.append(f"connect {call.id}")
            case OfferCallBack(call=call, earliest=earliest, latest=latest, queue=queue):
                assert earliest <= latest
                told.append(f"offer {call.id}")
            case Idle():
                told.append("idle")
            case other:
                assert_never(other)
    assert told == ["connect C-2", "connect C-1", "idle"]


def test_a_study_says_how_firm_it_is() -> None:
    """Because a seeded draw decided, with those held out on record too, the answer may be called causal."""
    trial = Experiment(code="thanks-2026", seed="41c0", arms=[Arm("offer", share="0.5"), Arm("hold-out", share="0.5")])
    history = []
    for known in many(60):
        drawn = trial.assign(known.account)
        response = Response.ACCEPTED if drawn.arm == "offer" else Response.NOT_OFFERED
        history.append((OfferRecord(assignment=drawn, policy=thanks, response=response, at=now), known))
    assert trial.assign(maris) == trial.assign_id("A-7")
    day = (later + timedelta(days=200)).date()
    outcomes = (observe(record, known, through=day) for record, known in history)
    study = compare_practices(outcomes, arm="offer", against="hold-out", horizon=timedelta(days=180))
    assert study.estimate.standing is Standing.CAUSAL
    assert study.estimate.difference == 0
    assert study.text(locale="lt_LT")
    assert isinstance(study.warnings, tuple)
    match replay(thanks, history, through=day, horizon=timedelta(days=180)):
        case Evaluated(value=value, cost=cost):
            assert value.interval
            assert cost.decisions == len(history)
        case CannotEvaluate(reason=reason, cost=cost):
            assert reason.value
            assert cost.decisions == len(history)
