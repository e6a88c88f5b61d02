"""Rows for the tests of retention: drawn, ruled or chosen by agents."""

import math
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billing_domain.retention import Decider, Exposure, Flow, Leaving, Outcome, Response

ZERO = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = timedelta(days=1)
HORIZON = 180 * DAYS


def exposure(unit: int | str, practice: str = "offer", **fields: object) -> Exposure:
    """Return an exposure of the study of these tests."""
    return Exposure("loyalty-2026", f"A-{unit}", practice, ZERO, **fields)


def drawn(unit: int | str, practice: str = "offer", share: str = "0.5", **fields: object) -> Exposure:
    """Return an exposure that a draw decided."""
    response = Response.ACCEPTED if practice == "offer" else Response.NOT_OFFERED
    return exposure(unit, practice, **{"decider": Decider.DRAW, "probability": Decimal(share), "response": response} | fields)


def outcome(done: Exposure, *, kept: bool = True, days: int = 200, **fields: object) -> Outcome:
    """Return an outcome that stayed for 200 days, or left after 100."""
    if kept:
        return Outcome(done, days * DAYS, **fields)
    return Outcome(done, **({"followed": 100 * DAYS, "left": Leaving.VOLUNTARY} | fields))


def trial(kept: int, size: int, other_kept: int, other_size: int, **fields: object) -> list[Outcome]:
    """Return the rows of a drawn trial with these counts."""
    arms = [("offer", number < kept) for number in range(size)] + [("hold-out", number < other_kept) for number in range(other_size)]
    return [outcome(drawn(index, arm), kept=stays, **fields) for index, (arm, stays) in enumerate(arms)]


def confounded(size: int, effect: float, seed: int, *, decider: Decider = Decider.RULE, agents: int = 0) -> list[Outcome]:
    """Return rows in which those about to leave get the offer more often; the true effect is planted."""
    draw, rows = random.Random(seed), []
    for unit in range(size):
        calls = draw.gauss(0.0, 1.0)
        offered = draw.random() < 1 / (1 + math.exp(-1.2 * calls))
        stays = draw.random() < min(0.98, max(0.02, 0.6 - 0.15 * calls + (effect if offered else 0.0)))
        agent = f"agent-{unit % agents}" if agents else None
        done = exposure(unit, "offer" if offered else "none", decider=decider, agent=agent, covariates={"calls": calls})
        flows = [Flow(30 * DAYS, Decimal(27 if offered else 30), Decimal(3 if offered else 0))]
        rows.append(outcome(done, kept=stays, flows=flows))
    return rows
