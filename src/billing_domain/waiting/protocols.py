"""What a host may plug in: a target for staffing."""

from typing import Protocol

from billing_domain.waiting.outlook import Outlook


class Target(Protocol):
    """**Protocol:** what is good enough for the callers; `staff` and `required_agents` ask it.

    An overloaded stretch meets no target and is never shown to it.
    More agents must never turn a met target into an unmet one, for the fewest agents are found by halving.
    """

    def met(self, outlook: Outlook) -> bool:
        """Return whether the outlook is good enough."""
        ...
