"""Conditions as a host writes them, at the top of a module so that they travel to another process."""

from datetime import date
from typing import Any

import attrs

from billing_domain.conditions import CUSTOMER_SINCE, TENURE_MONTHS, Fact, Facts, Finding, Outcome, condition, observe

SCORE = Fact("acme:score", int, title="score", titles={"lt": "balas"})


@condition("acme:loyal", title="two years with us", titles={"lt": "dveji metai su mumis"})
def loyal(facts: Facts) -> bool:
    """Two years or more."""
    return facts[TENURE_MONTHS] >= 24


@condition("acme:either")
def either(facts: Facts) -> Outcome:
    """A condition that asks two others."""
    return loyal.outcome(facts) if TENURE_MONTHS in facts else Outcome.UNKNOWN


@attrs.frozen
class Since:
    """A condition with a parameter, written as a class that inherits from nothing."""

    code = "acme:since"
    day: date

    def outcome(self, facts: Facts) -> Outcome:
        """Met for customers from before the day."""
        return Outcome.MET if facts[CUSTOMER_SINCE] < self.day else Outcome.UNMET

    def finding(self, facts: Facts) -> Finding:
        """Observed and wanted."""
        return observe(self, facts)


@attrs.frozen
class Answers:
    """A condition that answers whatever it is told to, or raises it."""

    answer: Any
    code = "acme:answers"

    def outcome(self, facts: Facts) -> Any:
        """Return or raise the answer."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def finding(self, facts: Facts) -> Any:
        """Return or raise the answer as well."""
        return self.outcome(facts)


@condition("acme:scored")
def scored(facts: Facts) -> bool:
    """A condition on a fact of the host's own."""
    return facts[SCORE] > 0
