"""A hundred rules of three comparisons, and the facts of ten thousand accounts, of which one in twenty is missing.

Written anew after the usual comparison of rule engines (tenure at least so long, arrears exactly so many, segment this one),
with facts left out so that every answer has three values.
"""

# ruff: noqa: S311 - the same draw every time is what is wanted

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

SEGMENTS = ("gold", "silver", "bronze", "basic")


class Rule(NamedTuple):
    tenure: int
    arrears: int
    segment: str


class Account(NamedTuple):
    tenure: int | None
    arrears: int | None
    segment: str | None


def rules(number: int = 100, seed: int = 7) -> list[Rule]:
    draw = Random(seed)
    return [Rule(draw.randrange(60), draw.randrange(3), draw.choice(SEGMENTS)) for _ in range(number)]


def accounts(number: int = 10_000, missing: float = 0.05, seed: int = 11) -> Iterator[Account]:
    draw = Random(seed)
    for _ in range(number):
        drawn = (draw.randrange(72), draw.randrange(4), draw.choice(SEGMENTS))
        yield Account(*(None if draw.random() < missing else value for value in drawn))


def answer(rule: Rule, account: Account) -> bool | None:
    """Return the reference: False if one comparison fails, else None if one fact is missing, else True."""
    tenure, arrears, segment = account
    told = (
        None if tenure is None else tenure >= rule.tenure,
        None if arrears is None else arrears == rule.arrears,
        None if segment is None else segment == rule.segment,
    )
    return False if False in told else None if None in told else True
